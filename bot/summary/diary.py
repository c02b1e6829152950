"""What sweeps by command leave for `--report`: a file in the cache."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.ports import Trouble
from bot.report import Looked
from bot.summary import NIGHTS, Standing, Summary, categories_of, told, worst_of
from bot.sweep import Row

FORMAT = 1
NAME = "diary.json"


@dataclass(slots=True)
class Diary:
    """`standing` by repository; the counts `before` the last sweep; the last sweep."""

    folder: str
    standing: dict[str, dict[str, Any]] = field(default_factory=dict)
    before: dict[str, dict[str, int]] = field(default_factory=dict)
    last: dict[str, Any] = field(default_factory=dict)
    nights: list[tuple[float, int]] = field(default_factory=list)
    heard: set[str] = field(default_factory=set)

    @property
    def path(self) -> str:
        return os.path.join(self.folder, NAME)

    def witness(self, repository: str) -> Callable[[Looked], None]:
        """What is to hear what a run finds in a repository."""

        def hear(looked: Looked) -> None:
            self.heard.add(repository)
            paths: dict[str, Counter[str]] = {}
            for each in looked.places:
                paths.setdefault(each.change.path, Counter())[each.state] += 1
            self.standing.setdefault(repository, {})[looked.codemod] = {
                path: dict(states) for path, states in paths.items()
            }

        return hear

    def close(self, began: float, rows: Iterable[Row]) -> None:
        """Write down a sweep that has ended, or try to."""
        rows = list(rows)
        names = {row.repository for row in rows}
        self.standing = {n: each for n, each in self.standing.items() if n in names}
        found = sum(sum(each.values()) for each in map(counts, self.standing.values()))
        self.nights = [*self.nights, (began, found)][-NIGHTS:]
        self.last = {
            "began": began,
            "rows": [asdict(row) for row in rows],
            "worked_on": len(self.heard),
        }
        content = {
            "format": FORMAT,
            "standing": self.standing,
            "before": self.before,
            "last": self.last,
            "nights": self.nights,
        }
        part = f"{self.path}.part"
        with suppress(OSError):
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            with open(part, "w", encoding="utf-8") as stream:
                json.dump(content, stream)
            os.replace(part, self.path)

    @property
    def summary(self) -> Summary:
        """Of the last sweep. Raises Trouble where there was none."""
        if not self.last:
            raise Trouble("no sweep has left anything here: see --cache and --database")
        rows = [Row(**row) for row in self.last["rows"]]
        failed = sum(bool(row.error) for row in rows)
        worked_on = self.last["worked_on"]
        return Summary(
            began=self.last["began"],
            repositories=len(rows),
            worked_on=worked_on,
            unchanged=max(0, len(rows) - worked_on - failed),
            categories=categories_of(self.standing, self.before),
            worst=worst_of(files(self.standing)),
            rows=tuple(row for row in rows if told(row)),
            trend=tuple((moment, found) for moment, found in self.nights),
        )


def opened(folder: str) -> Diary:
    """The diary in a folder; an empty one where there is none that can be read."""
    diary = Diary(folder)
    try:
        with open(diary.path, encoding="utf-8") as stream:
            found = json.load(stream)
        if found["format"] != FORMAT:
            return diary
        return Diary(
            folder, found["standing"], found["before"], found["last"], found["nights"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return diary


def begun(folder: str) -> Diary:
    """The diary for a sweep that begins: what there is now was before."""
    diary = opened(folder)
    diary.before = {name: counts(each) for name, each in diary.standing.items()}
    return diary


def counts(standing: Standing) -> dict[str, int]:
    return {
        codemod: sum(sum(states.values()) for states in paths.values())
        for codemod, paths in standing.items()
    }


def files(standing: dict[str, Any]) -> dict[tuple[str, str], dict[str, int]]:
    """Of each file how many findings there are, by codemod."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for name, codemods in standing.items():
        for codemod, paths in codemods.items():
            for path, states in paths.items():
                found.setdefault((name, path), {})[codemod] = sum(states.values())
    return found
