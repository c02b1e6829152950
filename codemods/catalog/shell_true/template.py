"""The text of a command as parts: what is written, and what placeholders put there."""

from __future__ import annotations

import ast
import string
from typing import TYPE_CHECKING

from codemods.catalog.shell_true import flow, guards, joins, percent
from codemods.catalog.shell_true.values import (
    PLAIN,
    Parts,
    Unreadable,
    Value,
    formatted,
    raw,
    source,
)
from codemods.facts.types import STR

if TYPE_CHECKING:
    from codemods.context import Context

QUOTES = ("shlex.quote", "pipes.quote")
MARKS = "'\"\\ $"
STRIPS = {"strip": str.strip, "lstrip": str.lstrip, "rstrip": str.rstrip}


def parts(node: ast.expr, context: Context, at: ast.stmt) -> Parts:
    """The parts of an expression as text, evaluated for statement `at`.

    Raises Unreadable where its words cannot be told.
    """
    match node:
        case ast.Constant(value=str() | int() | float() as value):
            return (str(value),)
        case ast.JoinedStr(values=values):
            return tuple(part for each in values for part in field(each, context, at))
        case ast.BinOp(op=ast.Add()) if is_text_sum(node, context):
            return added(node.left, context, at) + added(node.right, context, at)
        case ast.BinOp(op=ast.Mod()):
            text = constant(node.left, context)
            if text is not None:
                return substituted(text, node.right, context, at)
        case ast.Call():
            return called(node, context, at)
        case ast.IfExp():
            return chosen(node, context, at)
        case ast.Name():
            return flow.named(node, context, at, parts)
        case ast.BoolOp(values=values) if any(
            constant(v, context) == "" for v in values
        ):
            raise Unreadable(f"`{context.text(node)}` may be empty")
    return (raw(node, context),)


def called(node: ast.Call, context: Context, at: ast.stmt) -> Parts:
    """A call that makes text in a way that is known, or any other."""
    if (folded := replaced(node, context)) is not None:
        return (folded,)
    check_escaping(node, context)
    if (found := wrapped(node, context)) is not None:
        return (found,)
    match node:
        case ast.Call(func=ast.Attribute(value=base, attr="format")):
            text = constant(base, context)
            if text is not None:
                return filled(text, node, context, at)
        case ast.Call(func=ast.Attribute(value=base, attr="join"), args=[given]):
            text = constant(base, context)
            if text is not None:
                return joins.joined(text, node, given, context, at, parts)
        case ast.Call(func=ast.Attribute(value=base, attr=attr), args=[]):
            inner = parts(base, context, at) if attr in STRIPS else ()
            if inner and all(isinstance(part, str) for part in inner):
                return (STRIPS[attr]("".join(map(str, inner))),)
    return (raw(node, context),)


def replaced(node: ast.Call, context: Context) -> str | None:
    """`"a".replace("b", "c")`, of constants."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=base, attr="replace"),
            args=[ast.Constant(value=str() as old), ast.Constant(value=str() as new)],
            keywords=[],
        ):
            text = constant(base, context)
            return text.replace(old, new) if text is not None else None
    return None


def check_escaping(node: ast.Call, context: Context) -> None:
    """Refuse a text that is quoted by hand."""
    match node.func:
        case ast.Attribute(attr="replace" | "translate" | "sub"):
            for each in ast.walk(node):
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    if set(each.value) & set(MARKS):
                        raise Unreadable(f"`{context.text(node)}` quotes by hand")


def wrapped(node: ast.Call, context: Context) -> Value | None:
    """A value passed through `shlex.quote`, `shlex.join` or `str`."""
    if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
        return None
    inner = node.args[0]
    match context.qualified_name(node.func):
        case "shlex.quote" | "pipes.quote":
            known = raw(inner, context, known=True)
            return Value("quoted", inner, known.element, known.field)
        case "shlex.join":
            return joins.spread(inner, "quoted items", context)
        case "str" if raw(inner, context).kind == "plain":
            return Value("plain", node, source(node, context), source(inner, context))
    return None


def chosen(node: ast.IfExp, context: Context, at: ast.stmt) -> Parts:
    """A conditional: a word, or a choice between words."""
    if guards.is_windows(node.test, context) is not None:
        raise Unreadable("one of the texts is for Windows")
    arms = parts(node.body, context, at), parts(node.orelse, context, at)
    if all(len(arm) == 1 and isinstance(arm[0], str) for arm in arms):
        if all(PLAIN.fullmatch(str(arm[0])) for arm in arms):
            text = source(node, context)
            return (Value("plain", node, text, text),)
    if all(len(arm) == 1 and isinstance(arm[0], Value) for arm in arms):
        if all(isinstance(arm[0], Value) and arm[0].kind == "raw" for arm in arms):
            return (raw(node, context),)
    filled_arms = [arm for arm in arms if arm not in ((), ("",))]
    before = all(str(arm[0])[:1].isspace() for arm in filled_arms)
    behind = all(str(arm[-1])[-1:].isspace() for arm in filled_arms)
    choice = Value("choice", node, "", "", arms=arms)
    return (*([" "] if before else []), choice, *([" "] if behind else []))


def is_text_sum(node: ast.expr, context: Context) -> bool:
    """Whether `+` joins texts."""
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return is_text_sum(left, context) or is_text_sum(right, context)
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
    return context.type_of(node) == STR


def constant(node: ast.expr, context: Context) -> str | None:
    """The text of an expression, where it is one constant."""
    if isinstance(node, ast.Name):
        value = context.value_of(node)
        return constant(value, context) if isinstance(value, ast.Constant) else None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def added(node: ast.expr, context: Context, at: ast.stmt) -> Parts:
    """A side of a concatenation: text, for the program would have failed otherwise."""
    found = parts(node, context, at)
    match found:
        case [Value("raw", node=inner) as value] if inner is node:
            known = raw(node, context, known=True)
            return (Value("raw", node, known.element, known.field, value.caveats),)
    return found


def field(node: ast.expr, context: Context, at: ast.stmt) -> Parts:
    """A piece of an f-string."""
    match node:
        case ast.Constant(value=str() as text):
            return (text,)
        case ast.FormattedValue(value=value, conversion=conversion, format_spec=spec):
            return converted(
                value, chr(max(conversion, 0)), specified(spec), context, at
            )
    raise Unreadable(f"`{context.text(node)}` is not understood")


def specified(spec: ast.expr | None) -> str:
    match spec:
        case None:
            return ""
        case ast.JoinedStr(values=[ast.Constant(value=str() as text)]):
            return text
        case ast.JoinedStr(values=[]):
            return ""
    return "{}"


def converted(
    node: ast.expr, conversion: str, spec: str, context: Context, at: ast.stmt
) -> Parts:
    if conversion in ("r", "a"):
        shown = f"`{context.text(node)}`"
        raise Unreadable(f"{shown} is quoted by repr(), which a shell reads otherwise")
    if spec:
        return (formatted(node, spec, context),)
    return parts(node, context, at)


def substituted(text: str, right: ast.expr, context: Context, at: ast.stmt) -> Parts:
    """A command made by `%`."""
    found: list[str | Value] = []
    for each in percent.directives(text, right, context, at):
        match each:
            case str():
                found.append(each)
            case percent.Directive(node, "s", "") if node is right:
                found.extend(percent.lone(parts(node, context, at), node, context))
            case percent.Directive(node, "s", ""):
                found.extend(parts(node, context, at))
            case percent.Directive(node, "d", spec):
                found.append(percent.whole(node, spec, context))
            case percent.Directive(node, kind, spec):
                found.append(formatted(node, spec + kind, context))
    return tuple(found)


def filled(text: str, call: ast.Call, context: Context, at: ast.stmt) -> Parts:
    """A command made by `.format`."""
    if any(isinstance(each, ast.Starred) for each in call.args) or any(
        keyword.arg is None for keyword in call.keywords
    ):
        raise Unreadable("the values of .format() are not in view")
    named = {each.arg: each.value for each in call.keywords}
    given: list[ast.expr] = [*call.args, *named.values()]
    found: list[str | Value] = []
    used: list[ast.expr] = []
    for written, key, spec, conversion in string.Formatter().parse(text):
        found.append(written)
        if key is None:
            continue
        count = len(used) if key == "" else None
        index = count if count is not None else int(key) if key.isdigit() else None
        node = (
            named.get(key) if index is None else dict(enumerate(call.args)).get(index)
        )
        if node is None:
            raise Unreadable(f"`{{{key}}}` of .format() is not in view")
        used.append(node)
        found.extend(converted(node, conversion or "", spec or "", context, at))
    if used != given and not all(context.is_pure(each) for each in given):
        raise Unreadable("the values of .format() would be evaluated in another order")
    return tuple(found)
