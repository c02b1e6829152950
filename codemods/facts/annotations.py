"""Types as they are written: in annotations, and in returns.toml."""

from __future__ import annotations

import ast
from collections.abc import Callable

from codemods.facts.types import NONE, Type, union

_ALIASES = {
    "typing.List": "list",
    "typing.Dict": "dict",
    "typing.Set": "set",
    "typing.FrozenSet": "frozenset",
    "typing.Tuple": "tuple",
    "typing.Text": "str",
    "pandas.core.frame.DataFrame": "pandas.DataFrame",
    "pandas.core.series.Series": "pandas.Series",
}
# Any subclass is as good for these: what holds for the class holds for it.
_ITERABLES = {
    "typing.Iterable", "typing.Iterator", "typing.Sequence", "typing.Collection",
    "collections.abc.Iterable", "collections.abc.Iterator",
    "collections.abc.Sequence", "collections.abc.Collection", "Iterator",
}  # fmt: skip


def annotated(
    node: ast.expr, qualified: Callable[[ast.expr], str | None]
) -> Type | None:
    """What an annotation says; `qualified` resolves the names in it."""

    def inner(part: ast.expr) -> Type | None:
        return annotated(part, qualified)

    match node:
        case ast.Constant(value=None):
            return NONE
        case ast.Constant(value=str() as text):
            try:
                return inner(ast.parse(text, mode="eval").body)
            except (SyntaxError, KeyError):
                return None
        case ast.BinOp(op=ast.BitOr()):
            return union([inner(node.left), inner(node.right)])
        case ast.Subscript(value=base, slice=index):
            return _subscripted(qualified(base), index, inner)
        case ast.Name() | ast.Attribute():
            name = qualified(node)
            if name in (None, "typing.Any", "object", "typing.Optional"):
                return None
            return Type(_ALIASES.get(name or "", name or ""))
    return None


def _subscripted(
    base: str | None, index: ast.expr, inner: Callable[[ast.expr], Type | None]
) -> Type | None:
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    base = _ALIASES.get(base or "", base or "")
    match base:
        case "typing.Optional":
            return union([inner(index), NONE])
        case "typing.Union":
            return union(inner(part) for part in parts)
        case "typing.Annotated":
            return inner(parts[0])
        case "list" | "set" | "frozenset" | "dict":
            items = [inner(part) for part in parts]
            known = tuple(item for item in items if item is not None)
            return Type(base, known if len(known) == len(items) else ())
        case "tuple":
            element = union(
                inner(part)
                for part in parts
                if not (isinstance(part, ast.Constant) and part.value is ...)
            )
            return Type("tuple", (element,) if element else ())
        case _ if base in _ITERABLES:
            element = inner(parts[0])
            return Type("Iterator", (element,)) if element else None
    return Type(base) if base else None


def parse_type(text: str) -> Type | None:
    """A type written as in returns.toml: `list[str]`, `str | None`, `pandas.Series`."""
    return annotated(ast.parse(text, mode="eval").body, _spelled)


def _spelled(node: ast.expr) -> str | None:
    return ast.unparse(node)
