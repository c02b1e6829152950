"""What the tokens of a command say: simple commands, joined by `|` or `&&`.

POSIX.1-2017 XCU 2.9 and 2.10 without compound commands, lists in the background,
here-documents and descriptors above 2. Every refusal names the construct.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from codemods.catalog.shell_true.lexer import lex
from codemods.catalog.shell_true.program import (
    Assignment,
    assignment,
    check_program,
    without_exec,
)
from codemods.catalog.shell_true.redirections import Redirection, redirection
from codemods.catalog.shell_true.tokens import (
    NEWLINE,
    Hole,
    Operator,
    Refused,
    Token,
    Word,
)

Join = Literal["|", "&&"]


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command: what is set, what is run, where its streams go."""

    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]
    redirections: tuple[Redirection, ...]

    @property
    def plain(self) -> bool:
        return not self.assignments and not self.redirections


@dataclass(frozen=True, slots=True)
class Script:
    """Commands in order, and what stands between each and the next.

    `directory` is the word of a leading `cd word &&`.
    """

    commands: tuple[Command, ...]
    joins: tuple[Join, ...]
    directory: Word | None = None


def read(template: tuple[str | Hole, ...]) -> Script:
    """The commands of a template. Raises Refused where only a shell knows them."""
    match template[:1]:
        case [str(first)] if first[:1] in ("-", "+"):
            raise Refused(f"`{first[0]}`", "at the start is an option of the shell", 0)
    tokens = trimmed(list(lex(template)))
    if not tokens:
        raise Refused("the command", "is empty", 0)
    parts, joins = split(tokens)
    directory = changed_directory(parts[0]) if joins[:1] == ["&&"] else None
    if directory is not None:
        parts, joins = parts[1:], joins[1:]
    end = tokens[-1].end
    commands = tuple(command(part, end, alone=not joins) for part in parts)
    return Script(commands, tuple(joins), directory)


def split(tokens: list[Token]) -> tuple[list[list[Token]], list[Join]]:
    """The tokens between `|` and `&&`; these may have a newline behind them."""
    parts: list[list[Token]] = [[]]
    joins: list[Join] = []
    for token in tokens:
        match token:
            case Operator("|" | "&&" as join):
                joins.append(join)
                parts.append([])
            case Operator(text) if text == NEWLINE and joins and not parts[-1]:
                continue
            case _:
                parts[-1].append(token)
    return parts, joins


def changed_directory(tokens: list[Token]) -> Word | None:
    """The directory of `cd DIRECTORY`."""
    match tokens:
        case [Word() as name, Word() as directory] if name.text == "cd":
            text = directory.text
            return None if text is not None and text[:1] in ("", "-") else directory
    return None


def trimmed(tokens: list[Token]) -> list[Token]:
    """Without the empty lines around a command and the `;` that ends it."""

    def is_newline(token: Token) -> bool:
        return isinstance(token, Operator) and token.text == NEWLINE

    while tokens and is_newline(tokens[0]):
        tokens = tokens[1:]
    while tokens and is_newline(tokens[-1]):
        tokens = tokens[:-1]
    match tokens:
        case [*rest, Operator(";")] if rest:
            return rest
    return tokens


def command(tokens: list[Token], position: int, *, alone: bool) -> Command:
    assignments: list[Assignment] = []
    words: list[Word] = []
    redirections: list[Redirection] = []
    rest = iter(tokens)
    for token in rest:
        match token:
            case Operator():
                redirections.append(redirection(token, rest))
            case Word() if not words and (found := assignment(token)):
                assignments.append(found)
            case Word():
                words.append(token)
    if not words:
        raise Refused("a command", "is missing here", position)
    if alone and not assignments:
        words = without_exec(words)
    check_program(words[0])
    return Command(tuple(assignments), tuple(words), tuple(redirections))
