"""Comments that tell a codemod to leave a line alone."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from codemods.model import Codemod

_WORDS = re.compile(rb"codemod:|noqa|nosec|pylint:")
_OURS = re.compile(r"#\s*codemod:\s*ignore(?:\[([^\]]*)\])?")
_NOQA = re.compile(r"#\s*(?:noqa|ruff:\s*noqa)(?:\s*:\s*([A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?", re.I)  # fmt: skip # noqa: E501
_NOSEC = re.compile(r"#\s*nosec(?:\s*:?\s*((?:B[0-9]+|[a-z_]+)(?:[,\s]+B[0-9]+)*))?")
_PYLINT = re.compile(r"#\s*pylint:\s*disable=([\w\-, ]+)")


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment of ours: the line it speaks for and the names it gives (None: all)."""

    line: int
    names: frozenset[str] | None
    comment_line: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Suppressions:
    """Ours, and by line the codes of other tools ("" for a bare `# noqa`)."""

    ours: tuple[Suppression, ...] = ()
    foreign: Mapping[int, frozenset[str]] | None = None

    def covers(self, codemod: Codemod, lines: Iterable[int]) -> bool:
        numbers = set(lines)
        if any(
            self.names(each, codemod) and each.line in numbers for each in self.ours
        ):
            return True
        codes = {
            code for line in numbers for code in (self.foreign or {}).get(line, ())
        }
        return any(code.lower() in codes for code in codemod.ignored_by)

    @staticmethod
    def names(suppression: Suppression, codemod: Codemod) -> bool:
        return suppression.names is None or codemod.name in suppression.names


def read(code: bytes) -> Suppressions:
    """The suppressions of a file, from its comments."""
    if not _WORDS.search(code):
        return Suppressions()
    ours: list[Suppression] = []
    foreign: dict[int, frozenset[str]] = {}
    lines = code.decode("utf-8").splitlines()
    for token in _comments(code):
        line, column = token.start
        alone = not token.line[:column].strip()
        subject = _next_code(lines, line) if alone else line
        match = _OURS.search(token.string)
        if match:
            names = _split(match.group(1)) if match.group(1) is not None else None
            ours.append(Suppression(subject, names, line, column + 1, token.string))
        codes = _foreign(token.string)
        if codes:
            foreign[line] = foreign.get(line, frozenset()) | codes
    return Suppressions(tuple(ours), foreign)


def _comments(code: bytes) -> Sequence[tokenize.TokenInfo]:
    found: list[tokenize.TokenInfo] = []
    try:
        text = io.StringIO(code.decode("utf-8"))
        for token in tokenize.generate_tokens(text.readline):
            if token.type == tokenize.COMMENT:
                found.append(token)
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


def _next_code(lines: Sequence[str], line: int) -> int:
    """The line that a comment on a line of its own speaks for."""
    for number in range(line, len(lines)):
        text = lines[number].strip()
        if text and not text.startswith("#"):
            return number + 1
    return line


def _split(names: str) -> frozenset[str]:
    return frozenset(part for part in re.split(r"[,\s]+", names.strip()) if part)


def _foreign(comment: str) -> frozenset[str]:
    """Codes in lower case; "noqa" and "nosec" alone stand for all of theirs."""
    found: set[str] = set()
    for pattern, bare in ((_NOQA, "noqa"), (_NOSEC, "nosec")):
        match = pattern.search(comment)
        if match:
            found |= _split(match.group(1).lower()) if match.group(1) else {bare}
    match = _PYLINT.search(comment)
    if match:
        found |= _split(match.group(1).lower())
    return frozenset(found)
