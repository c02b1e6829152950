"""Attributes of what argparse returns: numbers, and words out of a few."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codemods.context import Context

PARSER = "argparse.ArgumentParser"
NUMBERS = ("int", "float")
# What makes a list, a constant or a count of what is given.
OTHERWISE = ("action", "nargs", "dest", "const")


def parsed(node: ast.Attribute, context: Context) -> list[ast.expr] | None:
    """The values that an attribute may have: constants, or a name of a number's type.

    None where it is not known to be an argument's, or is set by other code.
    """
    if parser_of(node, context) is None or is_set(node.attr, context):
        return None
    found = [each for each in arguments(context) if name(each) == node.attr]
    if len(found) != 1:
        return None
    given = {each.arg: each.value for each in found[0].keywords}
    if None in given or any(key in given for key in OTHERWISE):
        return None
    default = given.get("default")
    if default is None and is_optional(found[0]) and not is_true(given.get("required")):
        return None
    values = [] if default is None else [default]
    match given.get("choices"), given.get("type"):
        case ast.List(elts=items) | ast.Tuple(elts=items), None:
            return [*values, *items]
        case None, ast.Name() as kind if context.qualified_name(kind) in NUMBERS:
            return [*values, ast.Constant(0)]
    return None


def parser_of(node: ast.Attribute, context: Context) -> ast.Name | None:
    """The parser in `args.name`, where `args` is what it returned, and only read."""
    if not isinstance(node.value, ast.Name):
        return None
    args = node.value
    match context.value_of(args):
        case ast.Call(
            func=ast.Attribute(value=ast.Name() as parser, attr="parse_args"),
            args=[] | [_],
            keywords=[],
        ):
            made = context.value_of(parser)
        case _:
            return None
    uses = [use for each in context.definitions(args) for use in context.uses(each)]
    if not all(isinstance(context.parent(use), ast.Attribute) for use in uses):
        return None
    if isinstance(made, ast.Call) and context.qualified_name(made.func) == PARSER:
        return parser
    return None


def arguments(context: Context) -> Iterator[ast.Call]:
    """Every `add_argument(...)` of the file, to whatever group it is added."""
    for node in ast.walk(context.tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="add_argument")):
                yield node


def name(call: ast.Call) -> str | None:
    """The attribute that an argument becomes: of its first long option, or itself."""
    texts = [
        each.value
        for each in call.args
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    if not texts or len(texts) != len(call.args):
        return None
    long = [text for text in texts if text.startswith("--")]
    return (long or texts)[0].lstrip("-").replace("-", "_")


def is_optional(call: ast.Call) -> bool:
    match call.args:
        case [ast.Constant(value=str() as text), *_]:
            return text.startswith("-")
    return True


def is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def is_set(attribute: str, context: Context) -> bool:
    """Whether code of the file sets an attribute of that name, or one by its text."""
    for node in ast.walk(context.tree):
        match node:
            case ast.Attribute(attr=attr, ctx=ast.Store() | ast.Del()):
                if attr == attribute:
                    return True
            case ast.Attribute(attr="set_defaults" | "__dict__" | "add_subparsers"):
                return True
            case ast.Name(id="setattr" | "vars"):
                return True
    return False
