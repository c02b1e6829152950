"""A notebook's code cells, and its text with other code in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from json.decoder import JSONDecodeError

from codemods.model import SourceError
from codemods.notebooks.places import after_space, items, members

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell: its number from 1 among all cells, and its code.

    `span` is that of the JSON value of its source, `parts` are the spans of the strings
    in it: those of an array, which is how notebooks are mostly written, or one.
    """

    number: int
    code: str
    span: Span
    parts: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Notebook:
    """The text of a notebook and the cells of Python code in it."""

    text: str
    cells: tuple[Cell, ...]

    def with_code(self, changed: Mapping[int, str]) -> str:
        """The text with other code in some cells, by number; all else as it was."""
        text = self.text
        for cell in reversed(self.cells):
            if cell.number in changed:
                start, end = cell.span
                value = self._value(cell, changed[cell.number])
                text = text[:start] + value + text[end:]
        return text

    def _value(self, cell: Cell, code: str) -> str:
        """The JSON of a cell's source, each string that stays as it was written."""
        start, end = cell.span
        old = [self.text[at:to] for at, to in cell.parts]
        if self.text[start] == '"':
            return self._written(code)
        lines = code.splitlines(keepends=True)
        said = [json.loads(part) for part in old]
        new: list[str] = []
        matcher = SequenceMatcher(None, said, lines, False)
        for tag, i, j, k, n in matcher.get_opcodes():
            same = tag == "equal"
            new += old[i:j] if same else [self._written(line) for line in lines[k:n]]
        first, last = cell.parts[0][0], cell.parts[-1][1]
        opening, closing = self.text[start + 1 : first], self.text[last : end - 1]
        between = "," + (opening or " ")
        if len(old) > 1:
            between = self.text[cell.parts[0][1] : cell.parts[1][0]]
        return f"[{opening}{between.join(new)}{closing}]"

    def _written(self, code: str) -> str:
        return json.dumps(code, ensure_ascii=self.text.isascii())

    def place(self, cell: Cell, line: int, column: int) -> tuple[int, int]:
        """Line and column, from 1, in the notebook's text of a place in a cell."""
        for start, end in cell.parts:
            lines = json.loads(self.text[start:end]).splitlines(keepends=True)
            if line <= len(lines):
                said = "".join(lines[: line - 1]) + lines[line - 1][: column - 1]
                ascii_ = "\\u" in self.text[start:end]
                at = start + len(json.dumps(said, ensure_ascii=ascii_)) - 1
                return self.text.count("\n", 0, at) + 1, at - self.text.rfind(
                    "\n", 0, at
                )
            line -= len(lines)
        return self.text.count("\n", 0, cell.span[0]) + 1, 1


def read(text: str) -> Notebook:
    """The notebook that a text holds.

    Raises SourceError, with the line, for what is no notebook of format 4, and for one
    in another language.
    """
    try:
        whole = json.loads(text)
        if not isinstance(whole, dict) or whole.get("nbformat") != 4:
            raise SourceError(
                "not a notebook of format 4; `jupyter nbconvert` makes one"
            )
        check_language(whole)
        top = {key: start for key, start, _ in members(text, after_space(text, 0))}
        cells = tuple(code_cells(text, top["cells"]))
    except JSONDecodeError as error:
        raise SourceError(f"not JSON: {error.msg}", error.lineno) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise SourceError(f"not a notebook: it has no {error}") from error
    return Notebook(text, cells)


def check_language(notebook: dict[str, dict[str, dict[str, object]]]) -> None:
    about = notebook.get("metadata", {})
    spec = about.get("kernelspec", {}).get("language")
    language = spec or about.get("language_info", {}).get("name") or "python"
    if language != "python":
        raise SourceError(f"a notebook in {language}")


def code_cells(text: str, at: int) -> list[Cell]:
    found: list[Cell] = []
    for number, (start, _) in enumerate(items(text, at), 1):
        spans = {key: (begin, end) for key, begin, end in members(text, start)}
        kind = spans["cell_type"]
        if json.loads(text[kind[0] : kind[1]]) != "code":
            continue
        span = spans["source"]
        parts = tuple(items(text, span[0])) if text[span[0]] == "[" else (span,)
        code = "".join(json.loads(text[at:to]) for at, to in parts)
        found.append(Cell(number, code, span, parts))
    return found
