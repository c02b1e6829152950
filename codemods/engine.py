"""Bytes in, verdicts and bytes out: the one place where codemods meet a file.

A pass finds the places, asks the judges, and makes every fix whose bytes no other fix
claims; passes repeat until nothing changes. Pure: nothing is read or written.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from codemods import edits, findings, suppress
from codemods.context import Context
from codemods.facts import Facts
from codemods.fingerprint import Fingerprints
from codemods.judging import Judged, judge
from codemods.making import make
from codemods.model import (
    Codemod,
    Edit,
    Failure,
    Finding,
    Fix,
    OptionValue,
    Result,
    Source,
    SourceError,
)
from codemods.names import UsageError
from codemods.places import Place, places
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
        reported = tuple(state.report())
        silenced = tuple(state.silent())
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
        source, after, reported, failures, None, len(state.suppressed), silenced
    )


def described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")


class _Run:
    """The passes over one file and what they found."""

    def __init__(
        self, source: Source, codemods: Sequence[Codemod], settings: Settings
    ) -> None:
        self.source = source
        self.codemods = sorted(codemods, key=lambda codemod: codemod.name)
        self.settings = settings
        self.original = self.facts = Facts(source.code)
        self.comments = suppress.Suppressions(source.code)
        self.used: set[suppress.Suppression] = set()
        self.suppressed: set[tuple[str, int]] = set()
        self.silenced: dict[tuple[str, int], tuple[Finding, str]] = {}
        self.found: dict[tuple[str, int], Finding] = {}
        self.failures: list[Failure] = []
        # The edits made so far with the text they were made in, oldest first.
        self.history: list[tuple[bytes, Sequence[Edit]]] = []
        # Fixes whose result is no Python.
        self.rejected: set[tuple[str, int]] = set()
        # Wanted fixes that the last pass still found, as when passes do not end.
        self.left: set[tuple[str, int]] = set()
        self.fingerprints = Fingerprints()
        # Codemods that rewrite a file as a whole, and have.
        self.transformed: set[str] = set()

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
        return ", ".join(
            sorted({each.codemod for each in self.found.values() if each.applied})
        )

    def one_pass(self) -> bool:
        """One round over the file as it stands now; whether it changed."""
        judged = [each for codemod in self.codemods for each in self.judge(codemod)]
        judged.sort(
            key=lambda j: (j.place.claim[0], -j.place.claim[1], j.place.span[0])
        )
        for each in judged:
            self.fingerprint(each)  # those of equal texts go by their order
        chosen: list[Judged] = []
        claimed: list[tuple[int, int]] = []
        for each in judged:
            if self.wanted(each) and not each.clashes(claimed):
                chosen.append(each)
                claimed += each.claims
        made = make(self.source, self.facts, chosen)
        for each in made.rejected:
            self.reject(each)
        self.left = {
            (each.place.codemod.name, self.origin(each.place.pointed[0]))
            for each in judged
            if self.wanted(each) and each not in made.kept
        }
        for each in judged:
            self.note(each, applied=each in made.kept)
        self.transformed |= {
            each.place.codemod.name
            for each in made.kept
            if each.place.codemod.transform
        }
        for step in made.steps:
            self.history.append((self.facts.tree.code, step.edits))
            self.facts = step.after
        return bool(made.steps)

    def wanted(self, judged: Judged) -> bool:
        match judged.verdict:
            case Fix(caveat=caveat):
                usual = caveat is None or self.settings.unsafe
                return self.settings.asked.get(self.fingerprint(judged), usual)
        return False

    def fingerprint(self, judged: Judged) -> str:
        """That of the finding as it was when it was first found."""
        place = judged.place
        start = self.origin(place.pointed[0])
        known = self.found.get((place.codemod.name, start))
        if known is not None:
            return known.fingerprint
        return self.fingerprints.of(place.codemod.name, self.text(place), start)

    def text(self, place: Place) -> str:
        return self.facts.tree.code[place.span[0] : place.span[1]].decode("utf-8")

    # -- finding

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
                line = self.original.tree.line(self.origin(place.pointed[0]))
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
        if judged is not None and self.on_asked_lines(judged.place):
            if self.is_suppressed(judged.place):
                self.suppress(judged)
            else:
                yield judged

    def suppress(self, judged: Judged) -> None:
        place = judged.place
        key = place.codemod.name, self.origin(place.pointed[0])
        self.suppressed.add(key)
        if key not in self.silenced:
            finding = self.finding(judged, "", applied=False)
            self.silenced[key] = finding, self.text(place)

    def fail(self, codemod: Codemod | None, message: str) -> None:
        name = codemod.name if codemod is not None else None
        self.failures.append(Failure(self.source.path, name, message))

    def lines(self, place: Place) -> range:
        """The lines that a report points at, in the file as it was read."""
        tree, (start, end) = self.original.tree, place.pointed
        first, last = self.origin(start), self.origin(max(start, end - 1))
        return range(tree.line(first), tree.line(last) + 1)

    def is_suppressed(self, place: Place) -> bool:
        lines = self.lines(place)
        for each in self.comments.ours:
            if each.line in lines and self.comments.names(each, place.codemod):
                self.used.add(each)
        return self.comments.covers(place.codemod, lines)

    def on_asked_lines(self, place: Place) -> bool:
        asked = self.settings.lines
        return asked is None or any(line in asked for line in self.lines(place))

    def origin(self, offset: int) -> int:
        """Where in the file as it was read an offset of this pass comes from."""
        for code, made in reversed(self.history):
            offset = edits.before(offset, made, code)
        return offset

    def reject(self, judged: Judged) -> None:
        place = judged.place
        self.rejected.add((place.codemod.name, self.origin(place.pointed[0])))
        line = self.original.tree.line(self.origin(place.pointed[0]))
        message = f"its rewrite of line {line} is not valid; left alone"
        self.fail(place.codemod, message)

    # -- reporting

    def note(self, judged: Judged, *, applied: bool) -> None:
        """Remember a finding at the place where the file as read has it."""
        key = judged.place.codemod.name, self.origin(judged.place.pointed[0])
        known = self.found.get(key)
        if known is not None and known.applied:
            return
        finding = self.finding(judged, self.fingerprint(judged), applied=applied)
        if known is not None:
            finding = dataclasses.replace(
                finding,
                end_line=known.end_line,
                end_column=known.end_column,
                rewrite=known.rewrite if known.verdict == finding.verdict else None,
            )
        self.found[key] = finding

    def finding(self, judged: Judged, fingerprint: str, *, applied: bool) -> Finding:
        found = findings.finding(
            judged,
            self.source.path,
            facts=self.facts,
            original=self.original,
            origin=self.origin,
            fingerprint=fingerprint,
            applied=applied,
        )
        if not self.settings.details or self.history:
            return found
        from codemods.alone import rewrite

        alone = rewrite(self.source, self.facts, judged)
        return dataclasses.replace(found, rewrite=alone)

    def report(self) -> list[Finding]:
        """All findings by position, unused suppressions among them."""
        settled = [self.settled(key, found) for key, found in self.found.items()]
        return sorted(
            [*settled, *self.unused()],
            key=lambda each: (each.line, each.column, each.codemod),
        )

    def silent(self) -> Iterator[Finding]:
        """What comments silence, named after all else: they change no fingerprint."""
        for (name, start), (finding, text) in sorted(self.silenced.items()):
            fingerprint = self.fingerprints.of(name, text, start)
            yield dataclasses.replace(finding, fingerprint=fingerprint)

    def settled(self, key: tuple[str, int], finding: Finding) -> Finding:
        """A fix that was wanted and is no longer there came about with another one."""
        usual = finding.verdict == "safe" or self.settings.unsafe
        asked = self.settings.asked.get(finding.fingerprint, usual)
        wanted = asked and finding.verdict != "declined"
        if wanted and not finding.applied and key not in self.rejected | self.left:
            return dataclasses.replace(finding, applied=True)
        return finding

    def unused(self) -> Iterator[Finding]:
        """Our suppressions that suppress nothing, for the codemods that were run."""
        names = {codemod.name for codemod in self.codemods}
        for each in self.comments.ours:
            if each in self.used or self.settings.lines is not None:
                continue
            for name in sorted(names & (each.names or frozenset())):
                fingerprint = self.fingerprints.of(name, each.text, each.line)
                yield findings.useless(each, name, self.source.path, fingerprint)
