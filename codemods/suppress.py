"""Comments that tell a codemod to leave a line alone."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from codemods.facts.lines import LINE
from codemods.model import Codemod

_WORDS = re.compile(rb"codemod:|noqa|nosec|pylint:", re.I)
_OURS = re.compile(r"#\s*codemod:\s*ignore(?:\[([^\]]*)\])?")
_NOQA = re.compile(r"#\s*(?:(?:flake8|ruff)\s*:\s*)?noqa\b(?:\s*:\s*([A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?", re.I)  # fmt: skip # noqa: E501
_NOSEC = re.compile(r"#\s*nosec\b(?:\s*:?\s*((?:B[0-9]+|[a-z_]+)(?:[,\s]+B[0-9]+)*))?")
_PYLINT = re.compile(r"#\s*pylint:\s*(disable|disable-next)\s*=([\w\-, ]+)")
_FAR = re.compile(rb"codemod:|(?:flake8|ruff)\s*:\s*noqa|pylint:", re.I)
# On a line of its own such a comment speaks for the whole file.
_WHOLE = re.compile(r"#\s*(?:flake8|ruff)\s*:\s*noqa", re.I)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
# Codes as flake8 and ruff have them, and as bandit has them.
_FLAKE8 = re.compile(r"[A-Z]+[0-9]+")
_BANDIT = re.compile(r"B[1-7][0-9]{2}")


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment of ours: the line it speaks for and the names it gives (None: all)."""

    line: int
    names: frozenset[str] | None
    comment_line: int
    column: int
    text: str


Found = tuple[tuple[Suppression, ...], Mapping[int, frozenset[str]]]


@dataclass(frozen=True)
class Suppressions:
    """The suppressions of a file; its comments are read when they may matter."""

    code: bytes

    @property
    def ours(self) -> tuple[Suppression, ...]:
        return self._found[0] if b"codemod:" in self.code else ()

    def covers(self, codemod: Codemod, lines: Iterable[int]) -> bool:
        numbers = set(lines)
        if not self._reaches_far and not any(
            _WORDS.search(self._lines[number - 1]) for number in numbers
        ):
            return False
        ours, foreign = self._found
        if any(self.names(each, codemod) and each.line in numbers for each in ours):
            return True
        codes = {code for line in (0, *numbers) for code in foreign.get(line, ())}
        return any(_is_named(code, codes) for code in codemod.ignored_by)

    @cached_property
    def _reaches_far(self) -> bool:
        """Whether a comment may speak for other lines than its own."""
        return _FAR.search(self.code) is not None

    @cached_property
    def _lines(self) -> list[bytes]:
        return LINE.findall(self.code)

    @cached_property
    def _found(self) -> Found:
        return _read(self.code)

    @staticmethod
    def names(suppression: Suppression, codemod: Codemod) -> bool:
        return suppression.names is None or codemod.name in suppression.names


def _is_named(code: str, codes: set[str]) -> bool:
    """Whether comments name a code; a bare `noqa` or `nosec` names all of theirs."""
    if code.lower() in codes:
        return True
    bare = "noqa" in codes and _FLAKE8.fullmatch(code)
    return bool(bare or ("nosec" in codes and _BANDIT.fullmatch(code)))


def _read(code: bytes) -> Found:
    """Our suppressions, and by line (0: all) the codes of other tools."""
    ours: list[Suppression] = []
    foreign: dict[int, frozenset[str]] = {}
    lines = _LINE.findall(code.decode("utf-8"))
    for token in _comments(code):
        line, column = token.start
        alone = not token.line[:column].strip()
        match = _OURS.search(token.string)
        if match:
            subject = _next_code(lines, line) if alone else line
            names = _split(match.group(1)) if match.group(1) is not None else None
            ours.append(Suppression(subject, names, line, column + 1, token.string))
        for number, codes in _foreign(token.string, line, lines if alone else None):
            foreign[number] = foreign.get(number, frozenset()) | codes
    return tuple(ours), foreign


def _comments(code: bytes) -> Sequence[tokenize.TokenInfo]:
    found: list[tokenize.TokenInfo] = []
    try:
        text = io.StringIO(code.decode("utf-8"), newline=None)
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


def _foreign(
    comment: str, line: int, lines: Sequence[str] | None
) -> Iterator[tuple[int, frozenset[str]]]:
    """The lines (0: all) that a comment speaks for, and codes in lower case.

    `lines` are the file's where the comment has a line for itself.
    """
    for pattern, bare in ((_NOQA, "noqa"), (_NOSEC, "nosec")):
        match = pattern.search(comment)
        if match:
            codes = _split(match.group(1).lower()) if match.group(1) else {bare}
            whole = lines is not None and _WHOLE.search(comment)
            yield 0 if whole else line, frozenset(codes)
    match = _PYLINT.search(comment)
    if match is None:
        return
    subjects = [line]
    if match.group(1) == "disable-next":
        subjects = [line + 1]
    elif lines is not None:
        subjects = list(_block(lines, line))
    for subject in subjects:
        yield subject, _split(match.group(2).lower())


def _block(lines: Sequence[str], line: int) -> Iterator[int]:
    """The lines from one on that are indented like it, or deeper."""
    margin = _margin(lines[line - 1])
    for number in range(line, len(lines) + 1):
        text = lines[number - 1]
        if text.strip() and _margin(text) < margin:
            return
        yield number


def _margin(text: str) -> int:
    return len(text) - len(text.lstrip())
