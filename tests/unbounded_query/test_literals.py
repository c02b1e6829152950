"""Text put into a literal's bytes comes out at the same place of its value."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from codemods.catalog.unbounded_query.literals import (
    Field,
    UnreadableLiteral,
    pieces,
)
from codemods.catalog.unbounded_query.template import Text

_BITS = [
    "a", " ", "SELECT", "é", "☃", "😀", r"\n", r"\t", r"\x41", r"\u2603", r"\U0001F600",
    r"\101", r"\7", r"\\", r"\'", r"\"", r"\N{BULLET}", r"\d", "%s", "--", ";", "%%",
]  # fmt: skip
_FIELDS = ["{x}", "{x!r}", "{{", "}}", "{ x }", "{w:>{w}}"]
_QUOTES = ["'", '"', "'''", '"""']
VALUES = {"x": {"k": 1}, "w": 3}


def one(chance: random.Random) -> str:
    """One literal, of any kind but bytes."""
    prefix = chance.choice(["", "", "r", "R", "u", "f", "F", "rf", "fR"])
    quote = chance.choice(_QUOTES)
    bits = [chance.choice(_BITS) for _ in range(chance.randrange(6))]
    if "f" in prefix.lower():
        bits = [bit.replace("{", "{{").replace("}", "}}") if "N{" not in bit else bit
                for bit in bits]  # fmt: skip
        bits += [chance.choice(_FIELDS)]
        chance.shuffle(bits)
    if len(quote) == 3:
        bits.insert(0, chance.choice(["\n", "\r\n", "\\\n", "  "]))
    return f"{prefix}{quote}{''.join(bits)}{quote}"


def literals(seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Sources of expressions that Python reads, with their values."""
    chance = random.Random(seed)
    while count:
        space = chance.choice([" ", "\n  ", "  # why\n", "\r\n"])
        source = space.join(one(chance) for _ in range(chance.choice([1, 1, 2, 3])))
        value = evaluated(source)
        if value is not None:
            count -= 1
            yield source, value


def evaluated(source: str) -> str | None:
    try:
        value = eval(compile(f"({source}\n)", "x", "eval"), dict(VALUES))
    except (SyntaxError, ValueError, NameError):
        return None
    return value if isinstance(value, str) else None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(6))
def test_every_character_knows_its_bytes(seed: int) -> None:
    for source, value in literals(seed, 60):
        head = "é = ("
        found = pieces(source, len(head.encode()))
        code = (head + source + ")").encode()
        for piece in found:
            if isinstance(piece, Field):
                assert code[piece.end - 1 : piece.end] == b"}"
                continue
            for index, character in enumerate(piece.value):
                if character == "\\":
                    # No word of SQL ends in one, and in source it may be half of two.
                    continue
                end = piece.ends[index]
                assert end is not None
                changed = code[:end] + b" Q" + code[end:]
                again = evaluated(changed[len(head.encode()) : -1].decode())
                assert again is not None, source
                assert again.count(" Q") == value.count(" Q") + 1, source
                assert inserted(value, again, character), (source, index)


def inserted(before: str, after: str, character: str) -> bool:
    """Whether `after` is `before` with " Q" somewhere behind that character."""
    return any(
        before[:at] + " Q" + before[at:] == after and before[at - 1] == character
        for at in range(1, len(before) + 1)
    )


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(6, 9))
def test_the_text_is_what_python_reads(seed: int) -> None:
    for source, value in literals(seed, 60):
        if "f" in source.lower():
            continue
        found = pieces(source, 0)
        text = "".join(piece.value for piece in found if isinstance(piece, Text))
        assert text == value, source


def test_bytes_are_not_text() -> None:
    with pytest.raises(UnreadableLiteral):
        pieces("b'SELECT'", 0)
