"""Code that only runs on Windows, where cmd.exe reads what a shell is given."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codemods.context import Context

NAMES = {"os.name": ("nt",), "sys.platform": ("win", "cygwin")}
SYSTEM = ("windows", "win")
# `"win" in sys.platform` and `sys.platform in ("win32", "cygwin")` are both written.
TESTS = ast.Eq | ast.NotEq | ast.Is | ast.IsNot | ast.In | ast.NotIn
CASES = ("lower", "casefold", "upper", "strip")


def on_windows(node: ast.AST, context: Context) -> bool:
    """Whether a node only runs where the platform was tested to be Windows."""
    inner: ast.AST = node
    for up in context.ancestors(node):
        match up:
            case ast.If(test=test, body=body, orelse=orelse):
                if inner in body and is_windows(test, context) is True:
                    return True
                if inner in orelse and is_windows(test, context) is False:
                    return True
            case ast.IfExp(test=test, body=one, orelse=other):
                if inner is one and is_windows(test, context) is True:
                    return True
                if inner is other and is_windows(test, context) is False:
                    return True
            case ast.match_case(pattern=ast.MatchValue(value=value)):
                subject = context.parent(up)
                assert isinstance(subject, ast.Match)
                if names_windows(subject.subject, value, context):
                    return True
        if any(leaves_elsewhere(each, context) for each in before(inner, up)):
            return True
        inner = up
    return False


def before(node: ast.AST, up: ast.AST) -> Iterator[ast.stmt]:
    """The statements of a block that stand before one of it."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(up, name, None)
        if isinstance(block, list) and node in block:
            yield from block[: block.index(node)]


def leaves_elsewhere(statement: ast.stmt, context: Context) -> bool:
    """`if os.name != "nt": return`: what follows runs on Windows only."""
    match statement:
        case ast.If(test=test, body=[*_, last]) if is_windows(test, context) is False:
            if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
                name = context.qualified_name(last.value.func)
                return name in ("sys.exit", "exit", "quit", "os._exit")
            return isinstance(last, ast.Return | ast.Raise | ast.Continue | ast.Break)
    return False


def is_windows(test: ast.expr, context: Context) -> bool | None:
    """True for a test that is true on Windows only, False for its contrary."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            found = is_windows(inner, context)
            return None if found is None else not found
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            if not compared(left, operator, right, context):
                return None
            return not isinstance(operator, ast.NotEq | ast.NotIn | ast.IsNot)
        case ast.Call(func=ast.Attribute(value=base, attr="startswith"), args=[start]):
            return True if names_windows(base, start, context) else None
        case ast.Call(args=[_, ast.Constant(value="getwindowsversion")], func=func):
            return True if context.is_builtin(func, "hasattr") else None
        case ast.BoolOp(op=ast.And(), values=values):
            return True if any(is_windows(v, context) for v in values) else None
        case ast.BoolOp(op=ast.Or(), values=values):
            return True if all(is_windows(v, context) for v in values) else None
        case ast.Name():
            value = context.value_of(test)
            return is_windows(value, context) if value is not None else None
    return None


def compared(
    left: ast.expr, operator: ast.cmpop, right: ast.expr, context: Context
) -> bool:
    """Whether two expressions are a platform and a name of Windows."""
    if not isinstance(operator, TESTS):
        return False
    return any(
        names_windows(one, other, context)
        for one, other in ((left, right), (right, left))
    )


def names_windows(platform: ast.expr, value: ast.expr, context: Context) -> bool:
    """Whether an expression is the platform, and a constant a name of Windows."""
    known = starts(platform, context)
    match value:
        case ast.Constant(value=str() as text):
            return text.lower().startswith(known) if known else False
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return bool(items) and all(
                names_windows(platform, each, context) for each in items
            )
    return False


def starts(platform: ast.expr, context: Context) -> tuple[str, ...]:
    """How the names begin that an expression has on Windows; none if it is another."""
    match platform:
        case ast.Call(func=ast.Attribute(value=inner, attr=attr), args=[]) if (
            attr in CASES
        ):
            return starts(inner, context)
        case ast.Call(func=func, args=[]):
            return SYSTEM if context.qualified_name(func) == "platform.system" else ()
        case ast.Name() if (value := context.value_of(platform)) is not None:
            return starts(value, context)
    return NAMES.get(context.qualified_name(platform) or "", ())
