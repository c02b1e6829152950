"""What a name in a command holds, and whether that may be written at the call."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.values import (
    PLAIN,
    Kind,
    Parts,
    Unreadable,
    Value,
    raw,
    source,
)

if TYPE_CHECKING:
    from codemods.context import Context
    from codemods.facts.scopes import Definition

Reader = Callable[[ast.expr, "Context", ast.stmt], Parts]


def named(name: ast.Name, context: Context, at: ast.stmt, parts: Reader) -> Parts:
    """The parts that a name stands for: itself, or what it holds."""
    value = context.value_of(name)
    if value is None:
        return (one_of_several(name, context),)
    if any(node is name for node in ast.walk(value)):
        return (raw(name, context),)
    held = parts(value, context, at)
    match held:
        case [Value("raw")]:
            return (raw(name, context),)
        case [Value("quoted")] if not can_move(value, context, at):
            definition = context.definitions(name)[0]
            return (Value("quoted", name, name.id, name.id, unquoted=definition),)
        case [*_] if all(map(is_one_piece, held)):
            kind: Kind = "raw" if any(map(is_raw, held)) else "plain"
            return (Value(kind, name, *spelled(name, context)),)
    if not can_move(value, context, at):
        raise Unreadable(f"`{name.id}` holds several words, and is made elsewhere")
    return held


def spelled(name: ast.Name, context: Context) -> tuple[str, str]:
    known = raw(name, context)
    return known.element, known.field


def is_one_piece(part: str | Value) -> bool:
    """Whether a part cannot split the word it is in."""
    if isinstance(part, str):
        return bool(PLAIN.fullmatch(part))
    return part.kind in ("raw", "plain")


def is_raw(part: str | Value) -> bool:
    return isinstance(part, Value) and part.kind == "raw"


def one_of_several(name: ast.Name, context: Context) -> Value:
    """A name with several possible values. Raises Unreadable for several words."""
    definitions = context.definitions(name)
    words: list[bool] = []
    for each in definitions:
        if each.kind == "augment":
            raise Unreadable(f"`{name.id}` grows by `+=`")
        match each.value:
            case ast.Constant(value=str() as text) if each.kind in ("assign", "param"):
                words.append(bool(PLAIN.fullmatch(text)))
                if not words[-1]:
                    raise Unreadable(f"`{name.id}` is not always one word")
            case ast.JoinedStr(values=values) if any(map(is_spaced, values)):
                raise Unreadable(f"`{name.id}` is not always one word")
    if words and len(words) == len(definitions):
        if all(each.kind == "assign" for each in definitions):
            return Value("plain", name, name.id, name.id)
    return raw(name, context)


def is_spaced(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and " " in str(node.value)


def can_move(value: ast.expr, context: Context, at: ast.stmt) -> bool:
    """Whether evaluating `value` at a later statement gives what it gave."""
    if not context.still_holds(value, at) or not context.is_pure(value):
        return False
    home = context.statement(value)
    between = passed(home, at, context)
    for node in ast.walk(value):
        if isinstance(node, ast.Attribute | ast.Subscript) and not is_module(
            node, context
        ):
            if between is None or not all(is_quiet(each, context) for each in between):
                return False
        if isinstance(node, ast.comprehension | ast.Starred) or is_spread(node):
            if between is None or not all_only_look(node, between, context):
                return False
    return True


def is_module(node: ast.expr, context: Context) -> bool:
    """`os.sep`, `shlex.quote`: what an imported module holds."""
    name = context.qualified_name(node)
    return name is not None


def is_spread(node: ast.AST) -> bool:
    """`join(names)`, `map(quote, names)`: a call that iterates what a name holds."""
    match node:
        case ast.Call(func=ast.Attribute(attr="join") | ast.Name(id="map")):
            return True
    return False


def passed(home: ast.stmt, at: ast.stmt, context: Context) -> list[ast.stmt] | None:
    """The statements that may run between two; None where that cannot be told."""
    for block in ("body", "orelse", "finalbody"):
        siblings = getattr(context.parent(home), block, None)
        if isinstance(siblings, list) and home in siblings:
            rest = siblings[siblings.index(home) + 1 :]
            around = [at, *context.ancestors(at)]
            for index, each in enumerate(rest):
                if each in around:
                    inside = [
                        node
                        for node in ast.walk(each)
                        if isinstance(node, ast.stmt) and node is not at
                    ]
                    return [*rest[:index], *(inside if each is not at else [])]
    return None


def is_quiet(statement: ast.stmt, context: Context) -> bool:
    """Whether a statement changes no attribute or item of anything."""
    for node in ast.walk(statement):
        match node:
            case ast.Attribute(ctx=ast.Store() | ast.Del()):
                return False
            case ast.Subscript(ctx=ast.Store() | ast.Del()):
                return False
            case ast.Call():
                name = context.qualified_name(node.func) or ""
                if not name.startswith(("print", "logging.", "subprocess.", "os.")):
                    if not context.is_pure(node):
                        return False
    return True


def all_only_look(
    iterating: ast.AST, between: list[ast.stmt], context: Context
) -> bool:
    """Whether no statement between changes, or hands on, what is iterated."""
    ids = {node.id for node in ast.walk(iterating) if isinstance(node, ast.Name)}
    return all(
        context.facts.only_looks(node)
        for statement in between
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and node.id in ids
    )


def all_uses_inside(
    definition: Definition, command: ast.expr, context: Context
) -> bool:
    inside = set(ast.walk(command))
    return all(name in inside for name in context.uses(definition))


def text_of(name: ast.Name, context: Context) -> str:
    return source(name, context)
