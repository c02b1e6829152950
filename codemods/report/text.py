"""The summary a person reads: by codemod what was done, what could be, what was left.

Short: equal reasons are one, with what is in backticks left out; the most frequent
reason comes first, after the urgent ones, and under it the worst file.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from codemods.model import Failure, Finding
    from codemods.report import Report

# What tells equal reasons apart: names, the lines they are on, and how many there are.
LINE = re.compile(r" \(lines? \d+(?:(?:, | and |-)\d+)*\)")
QUOTED = re.compile(r"`[^`]*`")
LISTED = re.compile(r"`…`(?:(?:, | and |, and | or )`…`)*(?: and \d+ more)?")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
MOST_FILES = 3  # under a reason, unless every place is asked for
MOST_LINES = 6  # of a file
MARGIN = 6  # columns left of a reason
COLOURS = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}
UNSAFE_FIXES = "--unsafe-fixes"


class Look(NamedTuple):
    """How to write: with `colour` or not, every place or the worst ones.

    Reasons are wrapped at `width` columns, if it is given.
    """

    colour: bool = False
    every_place: bool = False
    width: int | None = None

    def wrap(self, text: str, margin: int) -> str:
        """Text that starts at column `margin`, with its further lines there too."""
        if self.width is None or len(text) + margin <= self.width:
            return text
        from textwrap import wrap

        lines = wrap(text, max(self.width - margin, MARGIN), break_on_hyphens=False)
        return ("\n" + " " * margin).join(lines)

    def paint(self, colour: str, text: str) -> str:
        return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m" if self.colour else text


class Group(NamedTuple):
    """Findings that are open for one reason. `kind`: "urgent", "unsafe" or "left"."""

    kind: str
    reason: str
    findings: tuple[Finding, ...]

    @property
    def rank(self) -> tuple[int, int, str]:
        kinds = list(KINDS)
        return kinds.index(self.kind), -len(self.findings), self.reason


KINDS = {"urgent": "red", "unsafe": "yellow", "left": "dim"}  # in order, with colour


def render(report: Report, look: Look) -> str:
    names = sorted({each.codemod for each in report.findings})
    blocks = [
        *(codemod(name, of(name, report.findings), look) for name in names),
        troubles(report, look),
        f"{conclusion(report, look)}\n",
    ]
    return "\n".join(block for block in blocks if block)


def of(codemod: str, findings: Iterable[Finding]) -> list[Finding]:
    return [each for each in findings if each.codemod == codemod]


def codemod(name: str, findings: Sequence[Finding], look: Look) -> str:
    """A codemod's paragraph: its counts, and the reasons of what is still open."""
    lines = [f"{look.paint('bold', name)}  {counts(findings, look)}"]
    for group in sorted(groups(findings), key=lambda group: group.rank):
        kind = look.paint(KINDS[group.kind], f"{group.kind}:")
        margin = MARGIN + len(group.kind) + 2
        reason = look.wrap(plain(group.reason), margin)
        lines.append(f"{len(group.findings):>{MARGIN - 2}}  {kind} {reason}")
        lines += [" " * MARGIN + place for place in places(group.findings, look)]
    if any(each.evidence for each in findings):
        from codemods.report import receipts

        lines += receipts.lines(findings, look.width)
    return "".join(f"{line}\n" for line in lines)


def counts(findings: Iterable[Finding], look: Look) -> str:
    fixed = sum(each.applied for each in findings)
    kinds = Counter(kind_of(each) for each in findings if not each.applied)
    left = kinds["left"] + kinds["urgent"]
    parts = [look.paint("green", f"{fixed} fixed")] if fixed else []
    if kinds["unsafe"]:
        more = " more" if fixed else ""
        parts.append(
            look.paint("yellow", f"{kinds['unsafe']}{more} with {UNSAFE_FIXES}")
        )
    if left:
        parts.append(f"{left} left")
    return ", ".join(parts)


def kind_of(each: Finding) -> str:
    if each.verdict == "unsafe":
        return "unsafe"
    return "urgent" if each.urgent else "left"


def groups(findings: Iterable[Finding]) -> list[Group]:
    """What is open, by kind and reason; a shared one has no names of its own."""
    found: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for each in findings:
        if not each.applied:
            found[kind_of(each), shape(reason_of(each))].append(each)
    return [
        Group(kind, reason if differ(group) else reason_of(group[0]), tuple(group))
        for (kind, reason), group in found.items()
    ]


def shape(reason: str) -> str:
    """What a reason has in common with others like it."""
    return LISTED.sub("`…`", QUOTED.sub("`…`", LINE.sub("", reason)))


def reason_of(each: Finding) -> str:
    return each.reason or each.caveat or "the file could not be written"


def differ(group: Sequence[Finding]) -> bool:
    return len({reason_of(each) for each in group}) > 1


def places(findings: Sequence[Finding], look: Look) -> list[str]:
    """`path:line :line`, one file a line, the file with most of them first."""
    by_path: defaultdict[str, list[int]] = defaultdict(list)
    for each in findings:
        by_path[each.path].append(each.line)
    ordered = sorted(by_path.items(), key=lambda item: (-len(item[1]), item[0]))
    if look.every_place:
        return [place(path, lines, len(lines), look) for path, lines in ordered]
    told = [place(*item, MOST_LINES, look) for item in ordered[:MOST_FILES]]
    rest = ordered[MOST_FILES:]
    if rest:
        more = sum(len(lines) for _, lines in rest)
        told.append(look.paint("dim", f"and {more} more in {files(len(rest))}"))
    return told


def place(path: str, lines: Sequence[int], most: int, look: Look) -> str:
    numbers = " ".join(f":{line}" for line in lines[:most])
    more = f" and {len(lines) - most} more" if len(lines) > most else ""
    return look.paint("dim", f"{plain(path)}{numbers}{more}")


def troubles(report: Report, look: Look) -> str:
    lines = [f"{look.paint('yellow', 'note')}: {note}" for note in report.notes]
    lines += told("skipped", "yellow", report.skipped, look)
    lines += told("error", "red", report.failures, look)
    return "".join(f"{line}\n" for line in lines)


def told(
    word: str, colour: str, failures: Sequence[Failure], look: Look
) -> Iterator[str]:
    for each in failures:
        source = f" ({each.codemod})" if each.codemod else ""
        yield (
            f"{look.paint(colour, word)}: {plain(each.path)}: "
            f"{plain(each.message)}{source}"
        )


def conclusion(report: Report, look: Look) -> str:
    """The last line, and the only one where there is nothing to tell."""
    fixed = sum(each.applied for each in report.findings)
    if not report.findings:
        done = "Nothing found"
    elif fixed:
        verb = "Fixed" if report.written else "Would fix"
        done = f"{verb} {things(fixed, 'place')} in {files(len(report.changed))}"
    else:
        done = "Fixed nothing" if report.written else "Would fix nothing"
    if report.suppressed:
        done += f", {report.suppressed} suppressed by comments"
    where = f"{files(report.scanned)}, {report.seconds:.1f} s"
    return f"{look.paint('bold', done)} ({where})."


def files(number: int) -> str:
    return things(number, "file")


def things(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def plain(text: str) -> str:
    """Text that leaves the terminal as it is, whatever a file is called."""
    return CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
