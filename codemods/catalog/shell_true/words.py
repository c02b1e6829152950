"""One word of a shell command: its pieces and the quotes around them."""

from __future__ import annotations

from codemods.catalog.shell_true.characters import (
    check_bare,
    check_control,
    continued,
    escaped,
    expansion,
    operator_at,
)
from codemods.catalog.shell_true.tokens import (
    Atom,
    Hole,
    Piece,
    Refused,
    Slot,
    Text,
    Word,
)

ESCAPED_IN_DOUBLE = '$`"\\'


def word_at(atoms: list[Atom], start: int) -> Word:
    pieces: list[Piece] = []
    at = start
    while at < len(atoms) and atoms[at] not in (" ", "\t"):
        if operator_at(atoms, at) is not None:
            break
        if continued(atoms, at):
            at += 2
            continue
        found, at = piece_at(atoms, at, pieces)
        pieces.extend(found)
    word = Word(merged(pieces), start, at)
    if "{" in word.bare or "}" in word.bare:
        check_braces(word)
    return word


def piece_at(
    atoms: list[Atom], at: int, before: list[Piece]
) -> tuple[list[Piece], int]:
    """The next piece of a word and where it ends."""
    match atoms[at]:
        case Hole(number):
            return [Slot(number, "bare")], at + 1
        case "'":
            return single_quoted(atoms, at)
        case '"':
            return double_quoted(atoms, at)
        case "\\":
            return [Text(escaped(atoms, at), "escaped")], at + 2
        case str(character):
            check_bare(atoms, at, before)
            return [Text(character, "bare")], at + 1


def single_quoted(atoms: list[Atom], start: int) -> tuple[list[Piece], int]:
    pieces: list[Piece] = [Text("", "single")]
    for at in range(start + 1, len(atoms)):
        match atoms[at]:
            case "'":
                return pieces, at + 1
            case Hole(number):
                pieces.append(Slot(number, "single"))
            case str(character):
                check_control(character, at)
                pieces.append(Text(character, "single"))
    raise Refused("`'`", "is never closed", start)


def double_quoted(atoms: list[Atom], start: int) -> tuple[list[Piece], int]:
    pieces: list[Piece] = [Text("", "double")]
    at = start + 1
    while at < len(atoms):
        if continued(atoms, at):
            at += 2
            continue
        match atoms[at]:
            case '"':
                return pieces, at + 1
            case Hole(number):
                pieces.append(Slot(number, "double"))
            case "\\" if escaped(atoms, at) in ESCAPED_IN_DOUBLE:
                at += 1
                pieces.append(Text(str(atoms[at]), "double"))
            case ("$" | "`") as character:
                raise expansion(character, atoms, at)
            case str(character):
                check_control(character, at)
                pieces.append(Text(character, "double"))
        at += 1
    raise Refused('`"`', "is never closed", start)


def check_braces(word: Word) -> None:
    several = "," in word.bare or ".." in word.bare
    if several or any(isinstance(piece, Slot) for piece in word.pieces):
        raise Refused(
            "`{`", "needs a shell: bash makes several words of it", word.start
        )


def merged(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Neighbouring texts of one quoting as one."""
    result: list[Piece] = []
    for piece in pieces:
        match result[-1:], piece:
            case [Text(value, quoting)], Text(more, same) if quoting == same:
                result[-1] = Text(value + more, quoting)
            case _:
                result.append(piece)
    return tuple(result)
