"""`self.logger`, where the class is sure to have made it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.catalog.bare_except.handlers import function_around
from codemods.context import Context

MAKERS = ("logging.getLogger", "structlog.get_logger", "structlog.getLogger")


def own_logger(context: Context, handler: ast.ExceptHandler) -> str | None:
    """`self.logger`, where `__init__` makes it before anything else can fail."""
    function = function_around(context, handler)
    if function is None or function.name == "__init__" or not function.args.args:
        return None
    owner = context.parent(function)
    if not isinstance(owner, ast.ClassDef) or function.decorator_list:
        return None
    if _started_otherwise(context, owner):
        return None
    first = function.args.args[0].arg
    for attribute in _made_in_init(context, owner):
        return f"{first}.{attribute}"
    return None


def _started_otherwise(context: Context, owner: ast.ClassDef) -> bool:
    """Whether a class of the file that derives from this one has its own `__init__`."""
    return any(
        any(isinstance(one, ast.Name) and one.id == owner.name for one in node.bases)
        and any(
            isinstance(one, ast.FunctionDef) and one.name in ("__init__", "__new__")
            for one in node.body
        )
        for node in context.every(ast.ClassDef)
    )


def _made_in_init(context: Context, owner: ast.ClassDef) -> Iterator[str]:
    """The loggers that `__init__` makes before it hands the instance to anyone."""
    for method in owner.body:
        if not isinstance(method, ast.FunctionDef) or method.name != "__init__":
            continue
        for statement in method.body:
            match statement:
                case ast.Assign(
                    targets=[ast.Attribute(attr=attr)], value=ast.Call(func=func)
                ) if context.qualified_name(func) in MAKERS:
                    yield attr
            if _hands_out(statement, method.args.args[0].arg):
                return


def _hands_out(statement: ast.stmt, itself: str) -> bool:
    """Whether a statement does more with the instance than set or read attributes."""
    for node in ast.walk(statement):
        match node:
            case ast.Call(func=ast.Name(id="super")):
                return True
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if (
                name == itself
            ):
                return True
            case ast.Call(args=args, keywords=keywords):
                given = [*args, *(one.value for one in keywords)]
                if any(isinstance(x, ast.Name) and x.id == itself for x in given):
                    return True
    return False
