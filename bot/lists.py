"""The lists of a body: what is made, offered, left alone and turned down."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from bot.escape import block, code, markup, sentence
from bot.model import Change
from bot.state import box

MOST_REASONS = 12
MOST_PLACES = 5
MOST_RECEIPTS = 12
INDENT = "  "
ANY = "…"
QUOTED = re.compile(r"`[^`]*`")
LINE = re.compile(r" \(line \d+\)")
LISTED = re.compile(r"…(?:, …)*(?: and (?:…|\d+ more)(?! \w+ is))?(?= |$)")
ALIKE = re.compile(r"(?:, …| and …).*$| and \d+ more$")


def extent(changes: Sequence[Change]) -> str:
    files = len({change.path for change in changes})
    return f"{counted(len(changes), 'place')}, {counted(files, 'file')}"


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def grouped(
    pairs: Iterable[tuple[str | None, Change]],
) -> list[tuple[str, list[Change]]]:
    """Changes by a clause, most frequent first, whatever code the clause quotes.

    The clause of a group is what all of it have in common.
    """
    groups: dict[str, list[tuple[str, Change]]] = {}
    for text, change in pairs:
        groups.setdefault(gist(text or ""), []).append((text or "", change))
    found = [
        (text if len({each for each, _ in group}) > 1 else group[0][0], group)
        for text, group in groups.items()
    ]
    ordered = sorted(found, key=lambda item: (-len(item[1]), item[0]))
    return [(text, [change for _, change in group]) for text, group in ordered]


def gist(clause: str) -> str:
    """A clause without the code, lines and numbers in it."""
    text = QUOTED.sub(ANY, LINE.sub("", clause))
    text = LISTED.sub(ANY, text)
    return ALIKE.sub(" and the like", text)


def receipts(made: Sequence[Change]) -> str:
    """What came of running changes before and after; "" where none was."""
    rows = [
        f"| {cell(code(f'{c.path[-120:]}:{c.line}'))} | {cell(sentence(c.receipt))} |"
        for c in made
        if c.receipt
    ]
    unseen = grouped((c.unseen, c) for c in made if c.unseen)
    if not rows and not unseen:
        return ""
    head = "### Evidence\n\nRun before and after on generated input, in a sandbox: "
    head += "a receipt of what was seen, no proof."
    table = ["| place | seen |", "|---|---|", *rows[:MOST_RECEIPTS]]
    rest = counted(len(rows) - MOST_RECEIPTS, "more receipt")
    lines = ["\n".join(table)] if rows else []
    lines += [f"{rest}."] if len(rows) > MOST_RECEIPTS else []
    lines += [
        "\n".join(
            f"- {counted(len(group), 'place')} not run: {sentence(reason[:300])}"
            for reason, group in unseen[:MOST_PLACES]
        )
    ] * bool(unseen)
    return "\n\n".join([head, *lines])


def cell(text: str) -> str:
    """Markdown for a cell of a table."""
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def changes_of(made: Sequence[Change], room: int) -> str:
    """Every change with its box, folded by file; diffs as far as there is room."""
    head = "### Before and after\n\nUntick what you do not want: it goes, for good."
    boxes = sum(len(item(change, False)) + 2 for change in made)
    folds = sum(len(fold(path, [], True)) + 2 for path in {c.path for c in made})
    room -= len(head) + boxes + folds
    if room < 0:  # not even the boxes
        return f"{head}\n\nThere are too many changes to list; see the files changed."
    known = len({change.caveat for change in made}) == 1  # it is said above
    parts: list[str] = []
    for path, changes in groupby(made, key=lambda change: change.path):
        items: list[str] = []
        for change in changes:
            diff = difference(change)
            short = replace(change, caveat=None) if known else change
            items.append(item(short, len(diff) < room))
            room -= len(diff) if len(diff) < room else 0
        parts.append(fold(path, items, opened=not parts))
    return "\n\n".join([head, *parts])


def fold(path: str, items: Sequence[str], opened: bool) -> str:
    more = f" · {counted(len(items), 'place')}" if len(items) > 1 else ""
    head = f"<details{' open' if opened else ''}>"
    head += f"<summary><code>{markup(path)}</code>{more}</summary>"
    return "\n\n".join([head, *items, "</details>"])


def item(change: Change, with_diff: bool, ticked: bool = True) -> str:
    text = f"{box(change.key, ticked)} line {change.line}"
    if change.caveat:
        text += f": {sentence(change.caveat)}"
    return f"{text}\n\n{difference(change)}" if with_diff else text


def difference(change: Change) -> str:
    return block(diff(change.before, change.after or ""), "diff", INDENT)


def diff(before: str, after: str) -> str:
    """Both texts as a diff without its head and line numbers."""
    old, new = dedented(before, after)
    lines = difflib.unified_diff(old, new, n=2, lineterm="")
    kept = [line for line in lines if not line.startswith(("---", "+++"))][1:]
    # A hunk's numbers would be those of the statement, not of the file.
    return "\n".join(" ⋯" if line.startswith("@@") else line for line in kept)


def dedented(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines of both without the margin that all share."""
    texts = [text.expandtabs().splitlines() for text in (before, after)]
    full = [line for lines in texts for line in lines if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in full), default=0)
    old, new = ([line[margin:] for line in lines] for lines in texts)
    return old, new


def offered(changes: Sequence[Change], room: int) -> str:
    """Unsafe fixes, to be ticked by who knows that the caveat does not matter."""
    if not changes:
        return ""
    head = f"Not made: {counted(len(changes), 'place')} for you to judge"
    parts = [f"<details><summary><b>{head}</b></summary>\n\nTick one and it is added."]
    room -= len(parts[0])
    for path, group in groupby(changes, key=lambda change: change.path):
        items: list[str] = []
        for change in group:
            full = item(change, True, ticked=False)
            short = item(change, False, ticked=False)
            text = full if len(full) + len(path) + 90 < room else short
            if len(text) + len(path) + 90 < room:
                items.append(text)
                room -= len(text) + 2
        if items:
            parts.append(fold(path, items, opened=False))
            room -= len(path) + 90
    return "\n\n".join([*parts, "</details>"]) if len(parts) > 1 else ""


def left_alone(declined: Sequence[Change]) -> str:
    if not declined:
        return ""
    groups = grouped((change.reason, change) for change in declined)
    lines = [reason_line(reason, group) for reason, group in groups[:MOST_REASONS]]
    rest = sum(len(group) for _, group in groups[MOST_REASONS:])
    if rest:
        lines.append(f"- {counted(rest, 'place')} for other reasons")
    head = f"Left alone: {counted(len(declined), 'place')}, and why"
    inner = "\n".join(lines)
    return f"<details><summary>{head}</summary>\n\n{inner}\n\n</details>"


def reason_line(reason: str, group: Sequence[Change]) -> str:
    shown = sorted(group, key=lambda c: (not c.urgent, c.path, c.line))[:MOST_PLACES]
    places = ", ".join(code(f"{change.path[-200:]}:{change.line}") for change in shown)
    more = f" and {len(group) - len(shown)} more" if len(group) > len(shown) else ""
    return f"- {sentence(reason[:500])}: {places}{more}"


def turned_down(vetoed: Sequence[Change]) -> str:
    if not vetoed:
        return ""
    head = f"Turned down before: {counted(len(vetoed), 'place')}"
    lines = [f"{box(c.key)} {code(f'{c.path[-200:]}:{c.line}')}" for c in vetoed[:100]]
    inner = "\n".join(lines)
    return f"<details><summary>{head}</summary>\n\n{inner}\n\n</details>"
