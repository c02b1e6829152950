"""Runs a command before and after, on made-up values, and compares: a trial's program.

`recorder.py` and `made_up.py` lie beside it; nothing else of ours is there.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from pathlib import Path
from typing import Any

from made_up import chosen, simpler  # type: ignore[import-not-found]
from recorder import MISSING, World  # type: ignore[import-not-found]

MARK = "codemod-evidence: "
SECONDS = 12.0
# What a program may exit with, print, and complain.
OUTCOMES = (
    (0, "x\n", ""),
    (0, "", ""),
    (3, "", "bad\n"),
    (0, "12\n", "warned\n"),
    (1, "a b\nc d\n", ""),
    (0, '{"k": [1]}\n', ""),
    (255, "é\n", "é\n"),
    (2, "", ""),
)
# What a run is known by, and what it is called.
WORDS = {
    "ran": "it ran",
    "raised": "it raised",
    "got": "it got",
    "files": "it left the files",
    "printed": "it printed",
    "complained": "it wrote to standard error",
}
BREAKS = {"single": "'", "double": '"$`\\'}


def quoting(command: str, at: int) -> str:
    """How the shell reads position `at` of a command: bare, single or double."""
    state, index = "bare", 0
    while index < at:
        character = command[index]
        if character == "\\" and state != "single":
            index += 1
        elif character == "'" and state != "double":
            state = "bare" if state == "single" else "single"
        elif character == '"' and state != "single":
            state = "bare" if state == "double" else "double"
        index += 1
    return state


class Unrecorded(Exception):
    """A program of which a shell has its own: no recorder takes its place."""


class Trials:
    """The runs of one case, and what came of them."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.case = world, world.case
        self.chance = random.Random(seed)
        self.count = {"trials": 0, "identical": 0, "raised": 0, "vacuous": 0}
        self.notes: list[str] = []
        self.programs: set[str] = set()
        self.barred = self.placeholders()
        self.disclosed = 0
        self.began = time.monotonic()

    def placeholders(self) -> dict[str, str]:
        """Characters that values may not hold, for those that stand between quotes.

        They are found by running the command once with words that occur nowhere else.
        """
        words = {g["text"]: f"Zq{i}zQ" for i, g in enumerate(self.case["givens"])}
        barred: dict[str, str] = {}
        # Several times: a placeholder may be there only where a condition holds.
        for _ in range(4 if words else 0):
            marked = {
                g["text"]: standing(words[g["text"]], g["kinds"])
                for g in self.case["givens"]
            }
            given = {k: v for k, v in marked.items() if v is not None}
            seen = self.world.run(0, {**self.values(False), **given}, OUTCOMES[0])
            named = {each[0][0] for each in seen["ran"]}
            self.programs |= {text for text, word in words.items() if word in named}
            for text, word in words.items():
                for command in self.world.commands:
                    for found in re.finditer(word, command):
                        state = quoting(command, found.start())
                        barred[text] = barred.get(text, "") + BREAKS.get(state, "")
        return {text: signs for text, signs in barred.items() if signs}

    def values(self, odd: bool) -> dict[str, Any]:
        return {
            g["text"]: chosen(self.chance, g["kinds"], odd) for g in self.case["givens"]
        }

    def allowed(self, given: dict[str, Any]) -> bool:
        if any(
            str(given[text]) in ("", ".") or "/" in str(given[text])
            for text in self.programs
        ):
            return False  # a program is found on PATH, or not at all
        return not any(
            set(signs) & set(str(given[text])) for text, signs in self.barred.items()
        )

    def compare(self, given: dict[str, Any], outcome: Any) -> str | None:
        """Run both; what differs, as a clause."""
        first = self.world.run(0, given, outcome)
        second = self.world.run(1, given, outcome)
        if outcome == MISSING:  # the shell's own words for it
            first["complained"] = second["complained"] = b""
        self.last = first, second
        return difference(first, second)

    def one(self, given: dict[str, Any], outcome: Any) -> str | None:
        """One counted trial; the smallest counterexample of a difference."""
        found = self.compare(given, outcome)
        first, second = self.last
        names = {each[0][0] for each in second["ran"]}
        own = names & {*self.case["builtins"]} - {each[0][0] for each in first["ran"]}
        if own:
            raise Unrecorded(min(own))
        if found and outcome != MISSING and self.unopened(first, second):
            self.disclosed += 1
            return None
        self.count["trials"] += 1
        if found:
            return self.shrunk(given, outcome)
        if first["raised"] == ["Left"] or not (first["ran"] or outcome == MISSING):
            self.count["vacuous"] += 1
        elif first["raised"]:
            self.count["raised"] += 1
        else:
            self.count["identical"] += 1
        return None

    def unopened(self, first: dict[str, Any], second: dict[str, Any]) -> bool:
        """A redirection to what cannot be opened: OSError now, as the page says."""
        errors = (["FileNotFoundError"], ["IsADirectoryError"], ["OSError"])
        redirects = self.case["redirects"] and second["raised"] in errors
        return redirects and not first["ran"] and not second["ran"]

    def shrunk(self, given: dict[str, Any], outcome: Any) -> str:
        for each in self.case["givens"]:
            for value in simpler(each["kinds"]):
                trial = {**given, each["text"]: value}
                if self.allowed(trial) and self.compare(trial, outcome):
                    given = trial
                    break
        for each in (MISSING,) if outcome == MISSING else OUTCOMES:
            if self.compare(given, each):
                outcome = each
                break
        told = self.compare(given, outcome) or ""
        used = [f"`{text}` = {value!r}" for text, value in given.items()]
        if outcome == MISSING:
            used.append("no such program")
        elif outcome != OUTCOMES[0]:
            used.append(
                f"a program that exits with {outcome[0]} and prints {outcome[1]!r}"
            )
        return f"with {', '.join(used)}: {told}" if used else told

    def rounds(self, number: int, odd: bool) -> str | None:
        for index in range(number):
            if time.monotonic() - self.began > SECONDS:
                return None
            given = self.values(odd)
            if self.allowed(given):
                found = self.one(given, OUTCOMES[index % len(OUTCOMES)])
                if found:
                    return found
        return None

    def all(self) -> dict[str, Any]:
        number = self.case["number"] if self.case["givens"] else len(OUTCOMES)
        plain = max(len(OUTCOMES), number // 3)
        found = self.rounds(plain, False)
        if found is None and number > plain:
            same = self.count["trials"]
            found = self.rounds(number - plain, True)
            if found:
                self.notes.append(f"no difference on {same} inputs of plain words")
        if found is None and self.case["missing"]:
            found = self.one(self.values(False), MISSING)
        if self.disclosed:
            self.notes.append(
                f"{self.disclosed} more with a file that cannot be opened are left out"
            )
        for text, signs in self.barred.items():
            shown = " ".join(sorted(set(signs)))
            self.notes.append(
                f"`{text}` stands between quotes: values with {shown} are left out"
            )
        return self.result(found)

    def result(self, found: str | None) -> dict[str, Any]:
        impossible = None
        if found is None and self.count["trials"] == self.count["vacuous"]:
            impossible = "no program was started on what could be made up"
        return {
            **self.count,
            "counterexample": found,
            "notes": self.notes,
            "impossible": impossible,
        }


def standing(word: str, kinds: list[str]) -> Any:
    """A word that occurs nowhere else, as a value of one of the kinds; else None."""
    if {"text", "any"} & {*kinds}:
        return word
    if "path" in kinds:
        return Path(word)
    return [word] if "texts" in kinds else None


def difference(first: dict[str, Any], second: dict[str, Any]) -> str | None:
    """The first thing in which two runs differ, as a clause."""
    for key in WORDS:
        if first[key] != second[key]:
            old, new = first[key], second[key]
            if key == "ran" and [r[0] for r in old] != [r[0] for r in new]:
                old, new = [r[0] for r in old], [r[0] for r in new]
            if key == "raised":
                old, new = ((each and each[0]) or "nothing" for each in (old, new))
            return f"before {WORDS[key]} {short(old)}, after {short(new)}"
    return None


def short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 300 else text[:300] + "..."


def main() -> None:
    case = json.loads(Path("case.json").read_text("utf-8"))
    try:
        result = Trials(World(case), int(sys.argv[1])).all()
    except Unrecorded as error:
        why = f"a shell runs a `{error}` of its own, which is not recorded"
        result = {"trials": 0, "impossible": why}
    print(MARK + json.dumps(result))


main()
