"""What has been found in a file so far, by where the file as it was read has it."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from codemods import edits, findings, suppress
from codemods.facts import Facts
from codemods.fingerprint import Fingerprints
from codemods.judging import Judged
from codemods.model import Edit, Finding, Fix, Source
from codemods.places import Place

if TYPE_CHECKING:
    from codemods.engine import Settings

Key = tuple[str, int]  # a codemod and an offset in the file as it was read


class Noted:
    """The findings of all passes over one file; `names` are those of the codemods.

    `facts` are of the file as it stands, `original` of the file as it was read. Raises
    SourceError for a file that is no Python.
    """

    def __init__(
        self, source: Source, names: Collection[str], settings: Settings
    ) -> None:
        self.source = source
        self.names = frozenset(names)
        self.settings = settings
        self.original = self.facts = Facts(source.code)
        self.comments = suppress.Suppressions(source.code)
        self.used: set[suppress.Suppression] = set()
        self.suppressed: set[Key] = set()
        self.silenced: dict[Key, tuple[Finding, str]] = {}
        self.found: dict[Key, Finding] = {}
        # The edits made so far with the text they were made in, oldest first.
        self.history: list[tuple[bytes, Sequence[Edit]]] = []
        # Fixes whose result is no Python.
        self.rejected: set[Key] = set()
        # Wanted fixes that the last pass still found, as when passes do not end.
        self.left: set[Key] = set()
        self.fingerprints = Fingerprints()

    def move(self, made: Sequence[Edit], after: Facts) -> None:
        """The file stands otherwise now."""
        self.history.append((self.facts.tree.code, made))
        self.facts = after

    # -- places

    def key(self, place: Place) -> Key:
        return place.codemod.name, self.origin(place.pointed[0])

    def origin(self, offset: int) -> int:
        """Where in the file as it was read an offset of this pass comes from."""
        for code, made in reversed(self.history):
            offset = edits.before(offset, made, code)
        return offset

    def line(self, place: Place) -> int:
        return self.original.tree.line(self.origin(place.pointed[0]))

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

    def text(self, place: Place) -> str:
        return self.facts.tree.code[place.span[0] : place.span[1]].decode("utf-8")

    # -- verdicts

    def wanted(self, judged: Judged) -> bool:
        match judged.verdict:
            case Fix(caveat=caveat):
                usual = caveat is None or self.settings.unsafe
                return self.settings.asked.get(self.fingerprint(judged), usual)
        return False

    def fingerprint(self, judged: Judged) -> str:
        """That of the finding as it was when it was first found."""
        place = judged.place
        name, start = self.key(place)
        known = self.found.get((name, start))
        if known is not None:
            return known.fingerprint
        return self.fingerprints.of(name, self.text(place), start)

    def suppress(self, judged: Judged) -> None:
        place = judged.place
        key = self.key(place)
        self.suppressed.add(key)
        if key not in self.silenced:
            finding = self.finding(judged, "", applied=False)
            self.silenced[key] = finding, self.text(place)

    def reject(self, judged: Judged) -> int:
        """Remember a fix whose result is no Python; its line."""
        self.rejected.add(self.key(judged.place))
        return self.line(judged.place)

    def leave(self, judged: Iterable[Judged]) -> None:
        """These were wanted, and could not be made in this pass."""
        self.left = {self.key(each.place) for each in judged}

    def note(self, judged: Judged, *, applied: bool) -> None:
        """Remember a finding at the place where the file as read has it."""
        key = self.key(judged.place)
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

    # -- reporting

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
        for each in self.comments.ours:
            if each in self.used or self.settings.lines is not None:
                continue
            for name in sorted(self.names & (each.names or frozenset())):
                fingerprint = self.fingerprints.of(name, each.text, each.line)
                yield findings.useless(each, name, self.source.path, fingerprint)
