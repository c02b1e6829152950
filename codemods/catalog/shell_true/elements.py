"""The elements of the list: words of a command written as Python expressions."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codemods.catalog.shell_true.fitting import SPLICED, check
from codemods.catalog.shell_true.lexer import lex
from codemods.catalog.shell_true.strings import literal, template_string
from codemods.catalog.shell_true.tokens import Hole, Refused, Slot, Text, Word
from codemods.catalog.shell_true.values import Parts, Unreadable, Value

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Element:
    """The source of one or more elements, and what makes it differ from before."""

    source: str
    caveats: tuple[str, ...] = ()
    # Placeholders outside quotes, as the program writes them.
    split: tuple[str, ...] = ()


def numbered(parts: Parts) -> tuple[tuple[str | Hole, ...], list[Value]]:
    """A template for the lexer, and the values of its holes."""
    values: list[Value] = []
    template: list[str | Hole] = []
    for part in parts:
        if isinstance(part, Value):
            template.append(Hole(len(values)))
            values.append(part)
        else:
            template.append(part)
    return tuple(template), values


def elements(words: Sequence[Word], values: list[Value], quote: str) -> list[Element]:
    """The elements of several words. Raises Unreadable."""
    return [element(word, values, quote) for word in words]


def one_word(word: Word, values: list[Value], quote: str) -> Element:
    """A word that one expression stands for: a file, a directory, a variable."""
    for piece in word.pieces:
        if isinstance(piece, Slot) and values[piece.number].kind in SPLICED:
            shown = ast.unparse(values[piece.number].node)
            raise Unreadable(f"`{shown}` is not always one word")
    return element(word, values, quote)


def element(word: Word, values: list[Value], quote: str) -> Element:
    """One word. Raises Unreadable where it need not be one."""
    slots = [piece for piece in word.pieces if isinstance(piece, Slot)]
    if not slots:
        return Element(literal(word.text or "", quote))
    caveats = tuple(c for slot in slots for c in values[slot.number].caveats)
    rest = [p for p in word.pieces if not isinstance(p, Slot) and p.value]
    if len(slots) == 1 and not rest:
        return alone(slots[0], word, values[slots[0].number], caveats, quote)
    split: list[str] = []
    pieces: list[str | Value] = []
    for piece in word.pieces:
        if isinstance(piece, Text):
            pieces.append(piece.value)
            continue
        value = values[piece.number]
        check(piece, value)
        if piece.quoting == "bare" and value.kind == "raw":
            split.append(value.field)
        pieces.append(value)
    text = at_home(template_string(pieces, quote), word, values)
    return Element(text, caveats, tuple(split))


def at_home(text: str, word: Word, values: list[Value]) -> str:
    """A word with the `~` expanded that its first value may begin with."""
    match word.pieces[0]:
        case Slot(number, "bare") if home := values[number].home:
            return f"{home}.expanduser({text})"
    return text


def alone(
    slot: Slot, word: Word, value: Value, caveats: tuple[str, ...], quote: str
) -> Element:
    """A word that is a placeholder and nothing else."""
    if slot.quoting == "bare" and len(word.pieces) == 1:
        match value.kind:
            case "items":
                return Element(value.element, caveats, (value.field,))
            case "quoted items":
                return Element(value.element, caveats)
            case "choice":
                return choice(value, quote)
    check(slot, value)
    split = slot.quoting == "bare" and value.kind == "raw"
    text = value.element
    if slot.quoting == "bare" and value.home and word.pieces[0] == slot:
        text = f"{value.home}.expanduser({text})"
    return Element(text, caveats, (value.field,) if split else ())


def choice(value: Value, quote: str) -> Element:
    """`*(["-v"] if verbose else [])`."""
    assert isinstance(value.node, ast.IfExp)
    assert value.arms is not None
    caveats: list[str] = []
    split: list[str] = []
    lists: list[str] = []
    for arm in value.arms:
        template, values = numbered(arm)
        try:
            words = [token for token in lex(template) if isinstance(token, Word)]
            if len(words) != len(lex(template)):
                raise Unreadable(f"`{ast.unparse(value.node)}` may hold an operator")
        except Refused as refused:
            raise Unreadable(str(refused)) from refused
        made = elements(words, values, quote)
        lists.append(f"[{', '.join(each.source for each in made)}]")
        caveats += [c for each in made for c in each.caveats]
        split += [s for each in made for s in each.split]
    test = ast.unparse(value.node.test)
    source = f"*({lists[0]} if {test} else {lists[1]})"
    return Element(source, tuple(caveats), tuple(split))


def split_caveat(shown: Sequence[str]) -> str | None:
    """What an unquoted placeholder costs."""
    names = list(dict.fromkeys(f"`{each}`" for each in shown))
    if not names:
        return None
    if len(names) == 1:
        return (
            f"{names[0]} becomes one argument: spaces and special characters in it "
            "were the shell's to read"
        )
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return (
        f"{listed} become one argument each: spaces and special characters in them "
        "were the shell's to read"
    )
