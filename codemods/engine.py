"""Bytes in, verdicts and bytes out: the one place where codemods meet a file.

A pass finds the places, asks the judges, and makes every fix whose bytes no other fix
claims; passes repeat until nothing changes. Pure: nothing is read or written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from codemods.context import Context
from codemods.facts import Facts
from codemods.judging import Judged, judge
from codemods.making import make
from codemods.model import (
    Codemod,
    Failure,
    OptionValue,
    Result,
    Source,
    SourceError,
)
from codemods.names import UsageError
from codemods.noting import Noted
from codemods.places import places
from codemods.whole import transformed

MOST_PASSES = 60


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run: `unsafe` applies unsafe fixes too.

    `options` are values by codemod name and key, `lines` the only lines (from 1) on
    which findings count. `asked` says of single fixes, by fingerprint, whether to apply
    them, whatever else holds. With `details` each finding has its rewrite.
    """

    unsafe: bool = False
    options: Mapping[str, Mapping[str, OptionValue]] = field(default_factory=dict)
    lines: frozenset[int] | None = None
    asked: Mapping[str, bool] = field(default_factory=dict)
    details: bool = False


def run(source: Source, codemods: Sequence[Codemod], settings: Settings) -> Result:
    """Judge one file and rewrite it as far as `settings` allow.

    Bad input is reported in the result (`skipped`), a codemod that crashes in its
    `failures`; nothing is raised.
    """
    try:
        state = _Run(source, codemods, settings)
        code = state.settle()
        after = source if code == source.code else source.with_code(code)
        noted = state.noted
        reported, silenced = tuple(noted.report()), tuple(noted.silent())
    except SourceError as error:
        where = f"line {error.line}: " if error.line else ""
        return Result(source, source, skipped=f"{where}{error.message}")
    except RecursionError:
        return Result(source, source, skipped="nested too deeply to be analysed")
    except Exception as error:  # our own fault: this file stays as it is
        failure = Failure(source.path, None, f"the engine crashed: {described(error)}")
        return Result(source, source, failures=(failure,))
    failures = tuple(dict.fromkeys(state.failures))
    return Result(
        source, after, reported, failures, None, len(noted.suppressed), silenced
    )


def described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")


class _Run:
    """The passes over one file."""

    def __init__(
        self, source: Source, codemods: Sequence[Codemod], settings: Settings
    ) -> None:
        self.source = source
        self.codemods = sorted(codemods, key=lambda codemod: codemod.name)
        self.settings = settings
        self.noted = Noted(source, {each.name for each in codemods}, settings)
        self.failures: list[Failure] = []
        # Codemods that rewrite a file as a whole, and have.
        self.transformed: set[str] = set()

    @property
    def facts(self) -> Facts:
        """Of the file as it stands."""
        return self.noted.facts

    def settle(self) -> bytes:
        """Pass after pass, until one changes nothing."""
        seen = {self.facts.tree.code}
        for _ in range(MOST_PASSES):
            if not self.one_pass():
                return self.facts.tree.code
            if self.facts.tree.code in seen:
                self.fail(None, f"fixes undo each other: {self.culprits()}")
                return self.facts.tree.code
            seen.add(self.facts.tree.code)
        self.fail(None, f"not settled after {MOST_PASSES} passes: {self.culprits()}")
        return self.facts.tree.code

    def culprits(self) -> str:
        found = self.noted.found.values()
        return ", ".join(sorted({each.codemod for each in found if each.applied}))

    def one_pass(self) -> bool:
        """One round over the file as it stands now; whether it changed."""
        noted = self.noted
        judged = [each for codemod in self.codemods for each in self.judge(codemod)]
        judged.sort(
            key=lambda j: (j.place.claim[0], -j.place.claim[1], j.place.span[0])
        )
        for each in judged:
            noted.fingerprint(each)  # those of equal texts go by their order
        wanted = [each for each in judged if noted.wanted(each)]
        made = make(self.source, self.facts, chosen(wanted))
        for each in made.rejected:
            line = noted.reject(each)
            message = f"its rewrite of line {line} is not valid; left alone"
            self.fail(each.place.codemod, message)
        noted.leave(each for each in wanted if each not in made.kept)
        for each in judged:
            noted.note(each, applied=each in made.kept)
        kept = (each.place.codemod for each in made.kept)
        self.transformed |= {each.name for each in kept if each.transform}
        for step in made.steps:
            noted.move(step.edits, step.after)
        return bool(made.steps)

    def judge(self, codemod: Codemod) -> list[Judged]:
        given = self.settings.options.get(codemod.name, {})
        context = Context(self.facts, {**codemod.options, **given})
        if codemod.transform is not None:
            return [*self.kept(self.whole(codemod))]
        found: list[Judged | None] = []
        for place in places(self.facts, codemod, context):
            try:
                found.append(judge(place, context))
            except RecursionError:
                raise
            except UsageError as error:
                self.fail(codemod, str(error))
                return []
            except Exception as error:  # the boundary: one codemod, one file
                line = self.noted.line(place)
                self.fail(codemod, f"crashed at line {line}: {described(error)}")
                return []
        return [each for judged in found for each in self.kept(judged)]

    def whole(self, codemod: Codemod) -> Judged | None:
        """What a codemod makes of the file as a whole, once it is done nothing."""
        if codemod.name in self.transformed:
            return None
        try:
            return transformed(self.source, self.facts, codemod)
        except Exception as error:  # the boundary: one codemod, one file
            self.fail(codemod, f"crashed: {described(error)}")
            self.transformed.add(codemod.name)
            return None

    def kept(self, judged: Judged | None) -> Iterator[Judged]:
        """The verdict, if there is one and it counts."""
        if judged is not None and self.noted.on_asked_lines(judged.place):
            if self.noted.is_suppressed(judged.place):
                self.noted.suppress(judged)
            else:
                yield judged

    def fail(self, codemod: Codemod | None, message: str) -> None:
        name = codemod.name if codemod is not None else None
        self.failures.append(Failure(self.source.path, name, message))


def chosen(wanted: Sequence[Judged]) -> list[Judged]:
    """Those that can be made at once: the first of each that claim the same bytes."""
    found: list[Judged] = []
    claimed: list[tuple[int, int]] = []
    for each in wanted:
        if not each.clashes(claimed):
            found.append(each)
            claimed += each.claims
    return found
