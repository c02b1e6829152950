"""The line a silent handler gains, in the form the module logs in."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.class_loggers import MAKERS, own_logger
from codemods.catalog.bare_except.handlers import function_around
from codemods.context import Context
from codemods.facts.scopes import Definition

LOGURU = "loguru.logger"
# Methods of handlers and streams.
CALLED_BY_LOGGING = ("emit", "write", "flush", "handleError")
METHODS = ("debug", "info", "warning", "error", "exception", "critical", "log")


def line(context: Context, handler: ast.ExceptHandler, level: str) -> str | None:
    """A statement that logs what the handler swallows; None without a logger."""
    if _serves_logging(context, handler):
        return None
    text = _message(context, handler)
    name = _module_logger(context, handler)
    if name is not None:
        target, loguru = name
        if loguru:
            safe = text.replace("{", "{{").replace("}", "}}").replace("<", r"\<")
            return f'{target}.opt(exception=True).{level}("{safe}")'
        return f'{target}.{level}("{text}", exc_info=True)'
    own = own_logger(context, handler)
    if own is not None:
        return f'{own}.{level}("{text}", exc_info=True)'
    module = _logging_module(context, handler)
    return f'{module}.{level}("{text}", exc_info=True)' if module else None


def _serves_logging(context: Context, handler: ast.ExceptHandler) -> bool:
    """Whether logging may call the method itself, and a line there would not end."""
    function = function_around(context, handler)
    if function is None:
        return False
    owner = context.parent(function)
    if not isinstance(owner, ast.ClassDef):
        return False
    names = [context.qualified_name(base) or "" for base in owner.bases]
    return function.name in CALLED_BY_LOGGING or any(
        name.startswith("logging.") for name in names
    )


def _message(context: Context, handler: ast.ExceptHandler) -> str:
    """What failed and what is done instead, in a few words."""
    function = function_around(context, handler)
    subject = function.name if function is not None else "this"
    return f"{subject} failed{_instead(context, handler.body[-1])}"


def _instead(context: Context, last: ast.stmt) -> str:
    match last:
        case ast.Return(value=ast.Constant() as value):
            text = context.text(value)
            plain = text.isascii() and '"' not in text and "\\" not in text
            return (
                f"; returning {text}"
                if plain and "\n" not in text and "%" not in text
                else ""
            )
        case ast.Continue():
            return "; going on with the next"
    return ""


def _module_logger(
    context: Context, handler: ast.ExceptHandler
) -> tuple[str, bool] | None:
    """A logger bound once at module level and visible in the handler."""
    module = context.facts.scopes.module
    found: list[tuple[str, bool]] = []
    for name, definitions in module.definitions.items():
        if len(definitions) != 1 or not _is_visible(context, name, handler):
            continue
        loguru = _is_loguru(context, definitions[0])
        if loguru or _makes_logger(context, definitions[0]):
            found.append((name, loguru))
    return found[0] if found else None


def _makes_logger(context: Context, definition: Definition) -> bool:
    match definition.value:
        case ast.Call(func=func):
            return (
                definition.kind == "assign" and context.qualified_name(func) in MAKERS
            )
    return False


def _is_loguru(context: Context, definition: Definition) -> bool:
    node = definition.node
    return isinstance(node, ast.alias) and context.facts.imported(node) == LOGURU


def _is_visible(context: Context, name: str, handler: ast.ExceptHandler) -> bool:
    """Whether a module-level name is bound wherever the handler may run."""
    scopes = context.facts.scopes
    if context.scope(handler.body[0]).owner(name) is not scopes.module:
        return False
    whole = context.parent(handler)
    assert isinstance(whole, ast.stmt)
    home = context.parent(scopes.module.definitions[name][0].node)
    statement = home if isinstance(home, ast.stmt) else None
    # A function further up may be called before the name is bound.
    return statement in context.tree.body and context.span(statement) < context.span(
        whole
    )


def _logging_module(context: Context, handler: ast.ExceptHandler) -> str | None:
    """`logging` itself, where the module already logs through it."""
    for node in context.every(ast.Call):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name() as module, attr=attr)
            ) if attr in METHODS and context.qualified_name(module) == "logging":
                if _is_visible(context, module.id, handler):
                    return module.id
    return None
