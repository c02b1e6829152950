"""One run of the code before or after: what went in, and all that could be seen."""

from __future__ import annotations

import builtins
import contextlib
import io
import logging
import signal
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any

import pandas as pd

from codemods.catalog.iterrows.trials.programs.frames import Frame
from codemods.evidence.programs.seen import OWN, Tree, seen, told
from codemods.evidence.programs.standins import StandIn, World

LONGEST_RUN = 1.0  # seconds


class TooLong(BaseException):
    """A run did not end in time; no handler of the code may catch it."""


@dataclass(frozen=True)
class Inputs:
    """Frames by name, and other names with what they hold.

    `values` are pairs of a kind and a value: "stand-in" with its name, "own" with the
    name that a class of methods was taken along for, "list", "dict" and "set", which
    are made anew for each run, or "value" with a plain one.
    """

    frames: dict[str, Frame]
    values: dict[str, tuple[str, Any]]
    seed: int

    def made(self, world: World, names: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {name: f.made() for name, f in self.frames.items()}
        for name, (kind, value) in self.values.items():
            match kind:
                case "stand-in":
                    found[name] = world.stand_in(value)
                case "own":
                    world.absent[f"the rest of `{value}`"] = None
                    found[name] = names[f"_Of_{value}"](world, value)
                case "list" | "dict" | "set":
                    found[name] = {"list": list, "dict": dict, "set": set}[kind]()
                case _:
                    found[name] = value
        return found


@dataclass(frozen=True)
class Ended:
    """`tree` has all that could be seen; `kept` the names alone.

    `silent` where nothing but names can tell that anything ran, `asked` where a
    stand-in was asked anything; `absent` are the names that were stood in for, `mixed`
    tells whether every row that was looped over held text and a number.
    """

    tree: Tree
    kept: Tree
    error: BaseException | None
    silent: bool
    asked: bool
    absent: list[str]
    mixed: bool


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    def too_long(number: int, frame: object) -> None:
        raise TooLong

    signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def prepared(code: CodeType, world: World) -> dict[str, Any]:
    """The names of a program, its functions among them."""
    names: dict[str, Any] = {
        "__name__": OWN,
        "_StandIn": StandIn,
        "_stand_in": world.stand_in,
        "_bar": world.bar,
        "_begin": world.log.clear,
        "_observe": lambda found: names.__setitem__("_observed", dict(found)),
    }
    exec(code, names)
    return names


def run(code: CodeType, inputs: Inputs, observed: list[str]) -> Ended:
    """Run a program once. Raises TooLong."""
    world = World(inputs.seed, seen, told)
    printed = io.StringIO()
    error: BaseException | None = None
    returned: Any = None
    looped: list[pd.DataFrame] = []
    with quiet(printed), watched(looped):
        names = prepared(code, world)
        given = inputs.made(world, names)
        before = seen(given)
        try:
            with time_limit(LONGEST_RUN):
                returned = names["_trial"](**given)
                if hasattr(returned, "__next__"):
                    returned = list(returned)
        except TooLong:
            raise
        except BaseException as raised:
            error = raised
    local = names.get("_observed", {})
    kept = {name: local[name] for name in observed if name in local}
    kept |= {name: names[name] for name in observed if name in names}
    tree = Tree(
        "run",
        "run",
        {
            "the exception": raised_as(error),
            "what is returned": seen(returned),
            "what is printed": seen(printed.getvalue()),
            "question ": questions(world),
            "": by_name(kept),
            "the argument ": by_name(given),
        },
    )
    silent = error is None and returned is None and not world.log
    silent = silent and not printed.getvalue() and seen(given) == before
    asked, absent = bool(world.log), list(world.absent)
    mixed = all(map(is_mixed, looped))
    return Ended(tree, by_name(kept), error, silent, asked, absent, mixed)


@contextlib.contextmanager
def watched(looped: list[pd.DataFrame]) -> Iterator[None]:
    """Keep the frames whose rows are looped over."""
    iterrows = pd.DataFrame.iterrows

    def watching(frame: pd.DataFrame) -> Any:
        looped.append(frame)
        return iterrows(frame)

    pd.DataFrame.iterrows = watching
    try:
        yield
    finally:
        pd.DataFrame.iterrows = iterrows


def is_mixed(frame: pd.DataFrame) -> bool:
    return all(
        any(isinstance(cell, str) for cell in row)
        and any(isinstance(cell, int | float) and cell == cell for cell in row)
        for row in frame.astype(object).to_numpy()
    )


def questions(world: World) -> Tree:
    """What was asked of stand-ins, in order."""
    asked = {
        str(number): Tree("question", "question", {"": seen(what), " with": values})
        for number, (what, values) in enumerate(world.log)
    }
    return Tree("questions", "questions", asked)


def by_name(kept: dict[str, Any]) -> Tree:
    return Tree("names", "names", {name: seen(value) for name, value in kept.items()})


def raised_as(error: BaseException | None) -> Tree:
    """The class of an exception: its nearest builtin one, and its own as the type."""
    if error is None:
        return Tree("exception", "none", "no exception")
    near = next(
        each.__name__
        for each in type(error).__mro__
        if getattr(builtins, each.__name__, None) is each
    )
    return Tree("exception", type(error).__name__, near)


@contextlib.contextmanager
def quiet(printed: io.StringIO) -> Iterator[None]:
    """What is printed or logged goes to `printed`."""
    handler = logging.StreamHandler(printed)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG)
    logging.raiseExceptions = False
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield
