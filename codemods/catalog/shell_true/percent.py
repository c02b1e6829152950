"""The directives of the `%` operator (library reference, "printf-style formatting")."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.values import (
    Parts,
    Unreadable,
    Value,
    formatted,
    is_number,
    raw,
    source,
)
from codemods.facts.types import INT

if TYPE_CHECKING:
    from codemods.context import Context

DIRECTIVE = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?(?P<flags>[-+ #0]*)(?P<size>(?:\d+|\*)?(?:\.(?:\d+|\*))?)"
    r"[hlL]?(?P<kind>.)",
    re.DOTALL,
)
WHOLE = {"d": "d", "i": "d", "u": "d"}


@dataclass(frozen=True, slots=True)
class Directive:
    """One value and how it is formatted; `spec` is written as format() wants it."""

    node: ast.expr
    kind: str
    spec: str


def directives(
    text: str, right: ast.expr, context: Context, at: ast.stmt
) -> Iterator[str | Directive]:
    """The text between directives and the directives. Raises Unreadable."""
    found = list(DIRECTIVE.finditer(text))
    count = sum(match["kind"] != "%" for match in found)
    values = iter(operands(right, count, context, at))
    keyed = keyed_values(right)
    used = [keyed.get(match["key"]) for match in found if match["key"] is not None]
    if used != list(keyed.values()) and not context.is_pure(right):
        raise Unreadable("the values of % would be evaluated in another order")
    end = 0
    for match in found:
        yield text[end : match.start()]
        end = match.end()
        kind, key = match["kind"], match["key"]
        if kind == "%":
            yield "%"
            continue
        flags, size = match["flags"], match["size"]
        if kind not in "srdiufFeEgGxXo" or set("-*") & set(flags + size):
            raise Unreadable(f"the directive `{match[0]}` may pad or cut the text")
        if kind in "sr" and flags + size:
            raise Unreadable(f"the directive `{match[0]}` may pad or cut the text")
        if kind in "diuoxX" and "." in size:
            raise Unreadable(f"the directive `{match[0]}` gives a whole number digits")
        node = next(values, None) if key is None else keyed.get(key)
        if node is None:
            raise Unreadable(f"the value of `{match[0]}` is not in view")
        spec = "".join(flag for flag in "+ #0" if flag in flags) + size
        yield Directive(node, WHOLE.get(kind, kind), spec)
    yield text[end:]


def operands(
    right: ast.expr, count: int, context: Context, at: ast.stmt
) -> tuple[ast.expr, ...]:
    if isinstance(right, ast.Name):
        value = context.value_of(right)
        if isinstance(value, ast.Tuple) and context.still_holds(value, at):
            right = value
    match right:
        case ast.Tuple(elts=elements):
            if any(isinstance(each, ast.Starred) for each in elements):
                raise Unreadable("the values of % are not in view")
            if len(elements) != count:
                raise Unreadable("% has another number of values than directives")
            return tuple(elements)
        case ast.Dict():
            return ()
    if count != 1:
        raise Unreadable("the values of % are not in view")
    return (right,)


def keyed_values(right: ast.expr) -> dict[str, ast.expr]:
    match right:
        case ast.Dict(keys=keys, values=values):
            return {
                key.value: value
                for key, value in zip(keys, values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
    return {}


def whole(node: ast.expr, spec: str, context: Context) -> Value:
    """`%d`, which cuts the fraction of a number off."""
    text = source(node, context)
    if context.type_of(node) == INT:
        return formatted(node, f"{spec}d", context) if spec else raw(node, context)
    cut = f"int({text})"
    if spec:
        checked = formatted(node, f"{spec}d", context)
        field = f"{cut}:{spec}d"
        return Value("plain", checked.node, f'f"{{{field}}}"', field)
    return Value("plain", node, f"str({cut})", cut)


def fraction(node: ast.expr, spec: str, context: Context) -> Value:
    """`%f` and its like, which make a float of any number first."""
    if is_number(context.type_of(node)):
        return formatted(node, spec, context)
    checked = formatted(node, spec, context)
    field = f"float({source(node, context)}):{spec}"
    return Value("plain", checked.node, f'f"{{{field}}}"', field)


def lone(parts: Parts, right: ast.expr, context: Context) -> Parts:
    """The value of `"%s" % right`, which takes a tuple apart."""
    match parts:
        case [Value("raw") as value] if context.type_of(right) is None:
            caveat = f"`{value.field}` is one value, and no tuple"
            return (replace(value, caveats=(*value.caveats, caveat)),)
    return parts
