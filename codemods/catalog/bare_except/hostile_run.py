"""Runs the body of a `try` on made-up values, with the bare handler and the named one.

What the bare one caught the named one has to catch. Part of a trial's program:
`hostile_values.py` lies beside it, and nothing else of ours is there.
"""

from __future__ import annotations

import asyncio
import copy
import io
import json
import os
import random
import shutil
import signal
import sys
import time
import types
import warnings
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from hostile_values import SIMPLE, allowed, made  # type: ignore[import-not-found]

MARK = "codemod-evidence: "
SECONDS = 10.0
SLOW = 2  # seconds that one run may take
# Not counted, as the codemod's page says.
NOT_COUNTED = (MemoryError, RecursionError)
EXITS = (SystemExit, KeyboardInterrupt, GeneratorExit, asyncio.CancelledError)


class Slow(BaseException):
    """A run took too long: it says nothing."""


class Trials:
    """The runs of one body, and what came of them."""

    def __init__(self, case: dict[str, Any], seed: int) -> None:
        self.case = case
        self.chance = random.Random(seed)
        self.home = Path.cwd()
        self.mains: list[Any] = []
        self.handled: list[str] = []
        for text in (*case["sides"], case["probe"]):
            space: dict[str, Any] = {"__name__": "side", "caught": self.caught}
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(compile(text, "side.py", "exec"), space)
            self.mains.append(space["main"])
        self.probe = self.mains.pop()
        self.raised: dict[str, int] = {}
        self.vacuous = self.trials = 0
        self.notes: list[str] = []

    def caught(self, index: int) -> None:
        """Called by a handler that was entered."""
        error = sys.exc_info()[0]
        self.handled.append(error.__name__ if error is not None else "")

    def call(self, side: int, given: dict[str, Any]) -> BaseException | None:
        """Run one side; what got past its handlers."""
        self.handled.clear()
        here = self.home / "here"
        if not here.is_dir() or any(here.iterdir()):
            shutil.rmtree(here, ignore_errors=True)
            here.mkdir()
        os.chdir(here)
        signal.alarm(SLOW)
        try:
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                self.mains[side](**copied(given))
        except BaseException as error:
            return error
        finally:
            signal.alarm(0)
            os.chdir(self.home)
        return None

    def passed(self, given: dict[str, Any]) -> BaseException | None:
        """What gets past the named handler and did not get past the bare one."""
        if self.call(0, given) is not None or not self.handled:
            return None
        error = self.call(1, given)
        unfit = (Slow, *NOT_COUNTED, *EXITS)
        return None if error is None or isinstance(error, unfit) else error

    def one(self, given: dict[str, Any]) -> str | None:
        """One counted trial; the smallest counterexample where something gets past."""
        first = self.call(0, given)
        if isinstance(first, (Slow, *EXITS)):
            return None
        self.trials += 1
        if not self.handled:
            self.vacuous += 1
            return None
        error = self.passed(given)
        if error is not None:
            return self.shown(given, error)
        name = self.handled[0] if self.handled else "an exception"
        self.raised[name] = self.raised.get(name, 0) + 1
        return None

    def shown(self, given: dict[str, Any], error: BaseException) -> str:
        for name, shape in self.case["shapes"].items():
            for value in (each for each in SIMPLE if allowed(each, shape)):
                trial = {**given, name: value}
                again = self.passed(trial)
                if again is not None and type(again) is type(error):
                    given, error = trial, again
                    break
        values = ", ".join(f"`{name}` = {short(v)}" for name, v in given.items())
        told = f"before it was caught, after {type(error).__name__} gets past"
        return f"with {values}: {told}" if values else told

    def rounds(self) -> str | None:
        began = time.monotonic()
        shapes = self.case["shapes"]
        number = self.case["number"] if shapes else 8
        for index in range(number):
            if time.monotonic() - began > SECONDS:
                break
            given = {name: made(shape, self.chance) for name, shape in shapes.items()}
            surroundings(self.case["words"] if index % 2 else (), self.chance)
            found = self.one(given)
            if found:
                return found
        return None

    def imports(self) -> str | None:
        """The imports of a body: of no module, and of one that lacks the names."""
        found = None
        for wanted in self.case["imports"]:
            for module in (None, types.ModuleType(wanted["module"])):
                if module is not None and not wanted["names"]:
                    continue
                with standing_in(wanted["module"], module):
                    found = found or self.one({})
        return found

    def result(self) -> dict[str, Any]:
        blank = self.case["imports"] and not self.case["shapes"]
        found = self.imports() if blank else self.rounds()
        caught = sum(self.raised.values())
        if self.raised:
            several = sorted(self.raised.items(), key=lambda each: (-each[1], each[0]))
            listed = ", ".join(f"{count:,} {name}" for name, count in several)
            self.notes.append(f"caught by both: {listed}")
        self.notes += self.passing()
        foreign = [each for each in self.case["imports"] if not each["library"]]
        if foreign:
            self.notes.append("what else a module raises when it is imported gets past")
        return {
            "trials": self.trials,
            "identical": caught,
            "vacuous": self.vacuous,
            "notes": self.notes,
            "counterexample": found,
            "impossible": None if caught or found else "nothing made the body raise",
        }

    def passing(self) -> list[str]:
        """The exits and interrupts that the bare handler caught, and now pass."""
        names = []
        for error in EXITS:
            self.handled.clear()
            try:
                self.probe(error())
            except error:  # and not what a wrong name in the handler raises
                where = "asyncio." if error is asyncio.CancelledError else ""
                names.append(where + error.__name__)
            except Exception:
                continue
        return [f"now pass through: {', '.join(names)}"] if names else []


class standing_in:
    """A module in the place of another, or (None) in whose place there is none."""

    def __init__(self, name: str, module: types.ModuleType | None) -> None:
        self.name, self.module = name, module
        self.kept: dict[str, Any] = {}

    def __enter__(self) -> None:
        parts = self.name.split(".")
        for count in range(1, len(parts)):
            above = ".".join(parts[:count])
            if above not in sys.modules:
                self.put(above, types.ModuleType(above))
        self.put(self.name, self.module)

    def put(self, name: str, module: types.ModuleType | None) -> None:
        self.kept[name] = sys.modules.get(name, self)
        sys.modules[name] = module  # type: ignore[assignment]

    def __exit__(self, *_: object) -> None:
        for name, module in self.kept.items():
            if module is self:
                del sys.modules[name]
            else:
                sys.modules[name] = module


def surroundings(words: Iterable[str], chance: random.Random) -> None:
    """Variables that the body may ask for: those, and no others."""
    os.environ.clear()
    os.environ["HOME"] = os.getcwd()
    for word in words:
        os.environ[word] = chance.choice(("x", "5", "a b"))


def copied(given: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(given)


def short(value: Any) -> str:
    text = repr(value).replace("namespace(", "object(")
    return text if len(text) <= 120 else text[:119] + "…"


def slow(*_: object) -> None:
    raise Slow


def main() -> None:
    signal.signal(signal.SIGALRM, slow)
    case = json.loads(Path("case.json").read_text("utf-8"))
    result = Trials(case, int(sys.argv[1])).result()
    print(MARK + json.dumps(result))


main()
