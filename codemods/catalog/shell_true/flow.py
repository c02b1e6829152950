"""What a name in a command holds, and whether that may be written at the call."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import replace
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
    from codemods.model import Edit

SHOWS = ("debug", "info", "warning", "error", "exception", "critical", "log")
LASTING = ("list", "tuple", "set", "frozenset", "dict", "str")
QUOTES = ("shlex.quote", "pipes.quote")
Reader = Callable[[ast.expr, "Context", ast.stmt], Parts]


def named(name: ast.Name, context: Context, at: ast.stmt, parts: Reader) -> Parts:
    """The parts that a name stands for: itself, or what it holds."""
    number = raw(name, context)
    if number.kind == "plain":
        return (number,)
    value = context.value_of(name)
    if value is None:
        return (one_of_several(name, context, at, parts),)
    if mentions(value, name.id):
        return (grown(name, value, context),)
    held = parts(value, context, at)
    match held:
        case [Value("quoted")] if not can_move(value, context, at):
            return (Value("quoted", name, name.id, name.id, unquoted=value),)
        case [*_] if all(map(is_one_piece, held)):
            return (itself(name, [held], context),)
    if not can_move(value, context, at):
        raise Unreadable(f"`{name.id}` holds several words, and is made elsewhere")
    if len(context.uses(context.definitions(name)[0])) > 1 or repeats(
        value, at, context
    ):
        return tuple(read_again(part, context) for part in held)
    return held


def repeats(value: ast.expr, at: ast.stmt, context: Context) -> bool:
    """Whether a statement may run more often than the one that makes a value."""
    around = set(context.ancestors(value))
    loops = (ast.For, ast.AsyncFor, ast.While, ast.FunctionDef, ast.AsyncFunctionDef)
    ups = context.ancestors(at)
    return any(isinstance(up, loops) and up not in around for up in ups)


def read_again(part: str | Value, context: Context) -> str | Value:
    """Items that are read more than once now: an iterator would give them once."""
    match part:
        case Value("items" | "quoted items", node=node):
            names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
            again = [each for each in names if is_iterated(each, node, context)]
            if all(reads_again(each, context) for each in again):
                return part
            caveat = (
                f"`{part.element[1:]}` is read once for each call: no iterator may be"
            )
            return replace(part, caveats=(*part.caveats, caveat))
    return part


def is_iterated(name: ast.Name, node: ast.expr, context: Context) -> bool:
    up = context.parent(name)
    return name is node or isinstance(up, ast.comprehension | ast.Call | ast.Starred)


def reads_again(name: ast.Name, context: Context) -> bool:
    """Whether what a name holds can be iterated more than once."""
    if context.scope(name).is_comprehension and not context.definitions(name):
        return True
    kind = context.type_of(name)
    if kind is not None and kind.name in LASTING:
        return True
    for each in context.definitions(name):
        if isinstance(each.node, ast.alias | ast.FunctionDef):
            return True
        for use in context.uses(each):
            match context.parent(use):
                case ast.Subscript(value=value) if value is use:
                    return True
                case ast.Call(func=func) if context.is_builtin(func, "len"):
                    return True
    return not context.definitions(name)


def mentions(value: ast.expr, name: str) -> bool:
    return any(
        isinstance(each, ast.Name) and each.id == name for each in ast.walk(value)
    )


def grown(name: ast.Name, value: ast.expr, context: Context) -> Value:
    """`x = f(x)`: not followed further. Raises Unreadable where it adds words."""
    match value:
        case ast.Call(func=func, args=[_]) if context.qualified_name(func) in QUOTES:
            return Value("quoted", name, name.id, name.id, unquoted=value)
    for each in ast.walk(value):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            if not PLAIN.fullmatch(each.value):
                raise Unreadable(f"`{name.id}` is made of itself and other text")
    return raw(name, context)


def itself(name: ast.Name, held: list[Parts], context: Context) -> Value:
    """A name that holds one piece, whichever of several texts that is."""
    known = raw(name, context)
    everything = [part for each in held for part in each]
    kind: Kind = "raw" if any(map(is_raw, everything)) else "plain"
    made = " ".join(p.field for p in everything if isinstance(p, Value))
    return Value(kind, name, known.element, known.field, made=made)


def is_one_piece(part: str | Value) -> bool:
    """Whether a part cannot split the word it is in."""
    if isinstance(part, str):
        return bool(PLAIN.fullmatch(part))
    return part.kind in ("raw", "plain")


def is_raw(part: str | Value) -> bool:
    return isinstance(part, Value) and part.kind == "raw"


def one_of_several(
    name: ast.Name, context: Context, at: ast.stmt, parts: Reader
) -> Value:
    """A name with several possible values. Raises Unreadable for several words."""
    found: list[Parts] = []
    unseen = False
    for each in context.definitions(name):
        if each.kind == "augment":
            raise Unreadable(f"`{name.id}` grows by `+=`")
        if each.value is None or each.kind not in ("assign", "walrus", "param"):
            unseen = True
        elif mentions(each.value, name.id):
            found.append((grown(name, each.value, context),))
        else:
            found.append(parts(each.value, context, at))
        unseen = unseen or each.kind == "param"
    if not all(is_one_piece(part) for held in found for part in held):
        raise Unreadable(f"`{name.id}` is not always one word")
    if unseen or not found:
        found.append((raw(name, context),))
    return itself(name, found, context)


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
                shows = isinstance(node.func, ast.Attribute) and node.func.attr in SHOWS
                quiet = name.startswith(("print", "subprocess.", "os.")) or shows
                if not quiet and not context.is_pure(node):
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


def unquoting(
    values: Iterable[Value], commands: Iterable[ast.expr], context: Context
) -> list[Edit]:
    """The edits that take `shlex.quote` out of what the values were made with.

    Raises Unreadable where the quoted text is used otherwise too.
    """
    inside = {node for each in commands for node in ast.walk(each)}
    edits: dict[ast.expr, Edit] = {}
    for value in values:
        made = value.unquoted
        if made is None:
            continue
        statement = context.statement(made)
        match statement, made:
            case ast.Assign(targets=[ast.Name() as target]), ast.Call(args=[inner]):
                definition = context.facts.scopes.bound_by[target]
            case _:
                raise Unreadable(f"`{value.field}` is quoted in a larger statement")
        if any(name not in inside for name in context.uses(definition)):
            raise Unreadable(f"`{value.field}` is quoted for other uses too")
        same = isinstance(inner, ast.Name) and inner.id == target.id
        if same:
            edits[made] = context.delete(statement)
        else:
            edits[made] = context.replace(made, source(inner, context))
    return list(edits.values())
