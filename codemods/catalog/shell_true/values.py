"""What a placeholder holds, and how an element of a list writes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from codemods.catalog.shell_true.home import may_be_home
from codemods.facts.types import STR, Type

if TYPE_CHECKING:
    from codemods.context import Context

# raw: any text. quoted: passed through shlex.quote. plain: one word without special
# characters. items: several words, each of them raw, quoted or plain.
# choice: one of two texts that may be no word or several.
Kind = Literal["raw", "quoted", "plain", "items", "quoted items", "choice"]

# Text that is one word and itself, in and outside quotes.
PLAIN = re.compile(r"[\w@%+=:,./-]+")
# Characters by which a text may leave the quotes that it stands in.
MARKS = "'\"\\$`"
NUMERIC_SPEC = re.compile(r"[+\- ]?#?0?(?P<width>\d*)[,_]?(\.\d+)?[bdeEfFgGoxX%]")
NUMBERS = ("int", "float", "bool")
ODD = (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Lambda, ast.Starred, ast.Await)


class Unreadable(Exception):
    """A command that is not in view, or whose words cannot be told; says why."""


@dataclass(frozen=True, slots=True)
class Value:
    """One placeholder.

    `element` is the expression of a list element, with a star for items; `field` goes
    between the braces of an f-string. `unquoted` is a call of `shlex.quote` elsewhere
    that has to go, `made` what a name was made with. `arms` are the texts of a choice,
    whose conditional is `node`.
    """

    kind: Kind
    node: ast.expr
    element: str
    field: str
    caveats: tuple[str, ...] = ()
    unquoted: ast.expr | None = None
    arms: tuple[Parts, Parts] | None = None
    made: str = ""
    # How to spell `os.path` where a `~` that the value begins with is to be expanded.
    home: str = ""
    # Whether it is known that the text is not always one word.
    several: bool = False


Parts = tuple[str | Value, ...]


def source(node: ast.expr, context: Context) -> str:
    """The text of an expression, on one line."""
    text = context.text(node)
    if "\n" in text:
        text = ast.unparse(node)
    return f"({text})" if isinstance(node, ODD) else text


def is_text(kind: Type | None) -> bool:
    """Whether values of a type are elements that subprocess takes as they are."""
    return kind is not None and all(
        each == STR or each.name.startswith("pathlib.") for each in kind.members
    )


def is_number(kind: Type | None) -> bool:
    """Whether values of a type are written without blanks or special characters."""
    return kind is not None and all(each.name in NUMBERS for each in kind.members)


def as_text(node: ast.expr, context: Context, *, known: bool = False) -> str:
    """An expression of the text that formatting `node` gives."""
    text = source(node, context)
    if known or is_text(context.type_of(node)):
        return text
    return f"str({text})"


def raw(node: ast.expr, context: Context, *, known: bool = False) -> Value:
    """A placeholder of which only its type may be known.

    `known` says that it is text, for the program would have failed otherwise.
    """
    number = is_number(context.type_of(node))
    text = source(node, context)
    element = as_text(node, context, known=known)
    if number:
        return Value("plain", node, element, text)
    home = home_of(node, context) if may_be_home(node, context) else ""
    return Value("raw", node, element, text, home=home)


def home_of(node: ast.expr, context: Context) -> str:
    """How `os.path` is written at a node. Raises Unreadable where it has no name."""
    try:
        spelled, imports = context.spelling("os.path", context.statement(node))
    except LookupError as error:
        raise Unreadable(str(error)) from error
    if imports:
        raise Unreadable(f"`{source(node, context)}` may begin with `~`")
    return spelled


def represented(node: ast.expr, context: Context) -> Value:
    """A placeholder that `repr()` has put in quotes. Raises Unreadable for no text."""
    text = source(node, context)
    if context.type_of(node) != STR:
        why = "is quoted by repr(), which a shell reads otherwise"
        raise Unreadable(f"`{text}` {why}")
    caveat = (
        f"repr() quoted `{text}`, and a shell read what it made of quotation marks "
        "and backslashes otherwise"
    )
    return Value("quoted", node, text, text, (caveat,))


def formatted(node: ast.expr, spec: str, context: Context) -> Value:
    """A placeholder with a format specification. Raises Unreadable."""
    if not spec:
        return raw(node, context)
    text = source(node, context)
    number = NUMERIC_SPEC.fullmatch(spec)
    if "{" in spec or number is None:
        raise Unreadable(f"the format `{spec}` may pad or cut the text")
    pads = number["width"] and not spec.lstrip("+-# ").startswith("0")
    if pads or " " in spec:
        raise Unreadable(f"the format `{spec}` pads with spaces, which a shell drops")
    field = f"{text}:{spec}"
    return Value("plain", node, f'f"{{{field}}}"', field)


def everything(values: Iterable[Value]) -> Iterator[Value]:
    """The values and those in the arms of choices."""
    for value in values:
        yield value
        for arm in value.arms or ():
            yield from everything(part for part in arm if isinstance(part, Value))
