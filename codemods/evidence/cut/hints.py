"""What the place of an expression says of its value: words of kinds.py."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

# Directives of `%` that take numbers.
_NUMERIC = re.compile(r"%[-+ #0]*\d*(?:\.\d+)?[dioxXeEfFgG]")


def wanted(node: ast.expr, field_name: str, hints: Iterable[str]) -> tuple[str, ...]:
    """What the place of a part says of its value."""
    match node, field_name:
        case ast.FormattedValue(format_spec=ast.JoinedStr() as spec), "value":
            text = "".join(
                str(each.value)
                for each in spec.values
                if isinstance(each, ast.Constant)
            )
            return ("number",) if text[-1:] in tuple("dfgeE%xX,") and text else ("any",)
        case ast.IfExp(), "test":
            return ("flag",)
        case ast.IfExp(), _:
            return tuple(hints)
        case ((ast.BoolOp() | ast.NamedExpr()), _):
            return tuple(hints)
        case ast.Compare(comparators=[ast.Constant(value=None)]), "left":
            return ("none",)
        case ast.Compare(ops=[ast.In() | ast.NotIn()]), "comparators":
            return ("texts",)
        case ast.UnaryOp(op=ast.Not()), _:
            return ("flag",)
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()), "right":
            return ("number",) if _NUMERIC.search(text) else ()
        case ast.BinOp(op=ast.Add()), _:
            return tuple(hints) or ("text",)
        case ast.Starred(), _:
            return ("texts",)
    return ()


def taken(function: str) -> tuple[str, ...]:
    """What a function of a library takes."""
    if function in ("shlex.join", "os.path.commonpath", "os.path.commonprefix"):
        return ("texts",)
    textual = function.startswith(("os.path.", "shlex."))
    return ("text",) if textual else ()


def argument(method: str) -> tuple[str, ...]:
    return ("texts",) if method in ("join", "extend") else ()
