"""The tokens of a shell command, where they are the same in every POSIX shell.

POSIX.1-2017 XCU 2.2 and 2.3, checked against dash 0.5.12 and bash 5.2 by running
(`bench/shell_fuzz.py`). The facts that this lexer rests on:

- Blanks are space and tab only. A carriage return is an ordinary character, a newline
  ends a command. `shlex.split` sees both otherwise.
- Between single quotes everything is itself. Between double quotes a backslash only
  escapes `$`, backtick, `"`, backslash and newline, and else stays.
- Outside quotes a backslash makes the next character itself; before a newline both
  vanish, even inside a word or a number.
- `$`, backtick, `*`, `?` and `[` outside quotes, and `$` and backtick between double
  quotes, make a value that only the shell knows.
- `~` at a word's start is a home directory, and after `=` or `:` it may be one.
- `#` at a word's start begins a comment; inside a word it is itself.
- `{` and `}` are themselves in dash. In bash `{a,b}` and `{1..3}` are several words,
  and `{name}>` opens a descriptor; `{}` and `@{u}` are themselves.
- A single digit directly before `<` or `>` is a descriptor. `10>` is one in bash and an
  argument in dash, and a placeholder there may become one.

A template is text with placeholders. What a placeholder becomes depends on the quotes
around it, so each keeps them; a backslash or a `$` before one is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.catalog.shell_true.characters import continued, operator_at
from codemods.catalog.shell_true.tokens import (
    Atom,
    Hole,
    Operator,
    Refused,
    Text,
    Token,
    Word,
)
from codemods.catalog.shell_true.words import word_at

if TYPE_CHECKING:
    from collections.abc import Iterable


def lex(template: Iterable[str | Hole]) -> tuple[Token, ...]:
    """The words and operators of a command. Raises Refused."""
    atoms: list[Atom] = []
    for part in template:
        atoms.extend([part] if isinstance(part, Hole) else part)
    tokens: list[Token] = []
    at = 0
    while at < len(atoms):
        if continued(atoms, at):
            at += 2
        elif (blank := atoms[at]) in (" ", "\t"):
            at += len(str(blank))
        elif (text := operator_at(atoms, at)) is not None:
            tokens.append(Operator(text, at, at + len(text)))
            at += len(text)
        else:
            tokens.append(word := word_at(atoms, at))
            at = word.end
    return tuple(with_descriptors(tokens))


def with_descriptors(tokens: list[Token]) -> Iterable[Token]:
    """The tokens, a digit directly before a redirection being its descriptor."""
    waiting: Token | None = None
    for token in tokens:
        match waiting, token:
            case Word(), Operator(text, start, end) if (
                text[0] in "<>"
                and waiting.end == start
                and (digit := descriptor(waiting, text)) is not None
            ):
                waiting = Operator(text, waiting.start, end, digit)
            case _:
                if waiting is not None:
                    yield waiting
                waiting = token
    if waiting is not None:
        yield waiting


def descriptor(word: Word, operator: str) -> int | None:
    """The descriptor that a word directly before a redirection is, if it is one."""
    if "{" in word.bare:
        raise Refused("`{`", "before a redirection opens a descriptor", word.start)
    written = "".join(
        piece.value if isinstance(piece, Text) else "0"
        for piece in word.pieces
        if piece.quoting == "bare"
    )
    if any(piece.quoting != "bare" for piece in word.pieces) or not written:
        return None
    if not (written.isascii() and written.isdigit()):
        return None
    if word.text is None:
        why = f"before `{operator}` may name a descriptor"
        raise Refused("a placeholder", why, word.start)
    if len(written) > 1:
        why = f"before `{operator}` is no descriptor in sh"
        raise Refused(f"`{written}`", why, word.start)
    return int(written)
