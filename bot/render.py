"""Title, body and comments of a pull request: pure, from a proposal."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from bot.escape import block, code, markup, prose
from bot.model import Change, Proposal
from bot.state import MARKER, State, printed

LARGEST = 65_536  # characters of a body, by GitHub
MOST_REASONS = 12
MOST_PLACES = 5
INDENT = "  "

TOUCHED = "<!-- codemod:touched -->"
TAKEN_OVER = f"""\
{TOUCHED}
Someone pushed to this branch, so it is yours now: I will not touch it again.

- [ ] <!-- codemod:rebuild --> Tick this to have me build it anew; \
what was pushed by others is lost then.
"""


def title(proposal: Proposal) -> str:
    return f"{proposal.codemod}: {proposal.headline} ({extent(proposal.made)})"


def message(proposal: Proposal) -> str:
    """The commit's message; it holds no text of the repository."""
    return (
        f"refactor({proposal.codemod}): {proposal.headline}\n\n"
        f"In {extent(proposal.made)}, by codemod {proposal.version}.\n\n"
        f"Codemod: {proposal.codemod}\nCodemod-Result: {proposal.result}\n"
    )


def extent(changes: Sequence[Change]) -> str:
    files = len({change.path for change in changes})
    return f"{counted(len(changes), 'place')}, {counted(files, 'file')}"


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def body(proposal: Proposal) -> str:
    """The body, at most as long as GitHub takes it: diffs go first where it is not."""
    room = LARGEST
    text = written(proposal, room)
    while len(text) > LARGEST and room > 0:
        room -= len(text) - LARGEST
        text = written(proposal, room)
    return text


def written(proposal: Proposal, room: int) -> str:
    """The body with lists of changes that aim at `room` characters in all."""
    top = [summary(proposal), differences(proposal)]
    below = [
        left_alone(proposal.declined),
        turned_down(proposal.vetoed),
        how_to(proposal),
        printed(state_of(proposal)),
    ]
    room -= sum(len(part) + 2 for part in (*top, *below))
    made = changes_of(proposal.made, room)
    offers = offered(proposal.offered, room - len(made))
    return "\n\n".join(part for part in (*top, made, offers, *below) if part) + "\n"


def state_of(proposal: Proposal) -> State:
    return State(
        codemod=proposal.codemod,
        base=proposal.base.commit,
        head=proposal.head,
        result=proposal.result,
        config=proposal.config,
        version=proposal.version,
        proposed=keys(proposal.made),
        offered=keys(proposal.offered),
        vetoed=tuple(sorted(proposal.vetoes)),
    )


def keys(changes: Iterable[Change]) -> tuple[str, ...]:
    return tuple(sorted(change.key for change in changes))


def summary(proposal: Proposal) -> str:
    made = f"**{capital(proposal.headline)}** in {extent(proposal.made)}."
    rest = "Nothing outside the rewritten statements changes."
    if proposal.later:
        rest += f" {counted(len(proposal.later), 'more place')} will follow later."
    return f"{made} {rest}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def differences(proposal: Proposal) -> str:
    """The caveats of what is on the branch, the most frequent first."""
    caveats = grouped((c.caveat, c) for c in proposal.made if c.caveat)
    if not caveats:
        return "### What behaves differently\n\nNothing."
    lines = [
        f"- {prose(capital(caveat))} ({counted(len(group), 'place')})"
        for caveat, group in caveats
    ]
    return "\n".join(["### What behaves differently", "", *lines])


def grouped(
    pairs: Iterable[tuple[str | None, Change]],
) -> list[tuple[str, list[Change]]]:
    groups: dict[str, list[Change]] = {}
    for text, change in pairs:
        groups.setdefault(text or "", []).append(change)
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))


def changes_of(made: Sequence[Change], room: int) -> str:
    """Every change with its box, folded by file; diffs as far as there is room."""
    head = "### Before and after\n\nUntick what you do not want: it goes, for good."
    boxes = sum(len(item(change, False)) + 2 for change in made)
    folds = sum(len(fold(path, [], True)) + 2 for path in {c.path for c in made})
    room -= len(head) + boxes + folds
    if room < 0:  # not even the boxes
        return f"{head}\n\nThere are too many changes to list; see the files changed."
    parts: list[str] = []
    for path, changes in groupby(made, key=lambda change: change.path):
        items: list[str] = []
        for change in changes:
            diff = difference(change)
            items.append(item(change, len(diff) < room))
            room -= len(diff) if len(diff) < room else 0
        parts.append(fold(path, items, opened=not parts))
    return "\n\n".join([head, *parts])


def fold(path: str, items: Sequence[str], opened: bool) -> str:
    more = f" · {counted(len(items), 'place')}" if len(items) > 1 else ""
    head = f"<details{' open' if opened else ''}>"
    head += f"<summary><code>{markup(path)}</code>{more}</summary>"
    return "\n\n".join([head, *items, "</details>"])


def item(change: Change, with_diff: bool, ticked: bool = True) -> str:
    box = f"- [{'x' if ticked else ' '}] <!-- codemod:{change.key} -->"
    text = f"{box} line {change.line}"
    if change.caveat:
        text += f": {prose(change.caveat)}"
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
    return f"- {prose(reason[:500])}: {places}{more}"


def turned_down(vetoed: Sequence[Change]) -> str:
    if not vetoed:
        return ""
    head = f"Turned down before: {counted(len(vetoed), 'place')}"
    lines = [
        f"- [ ] <!-- codemod:{c.key} --> {code(f'{c.path[-200:]}:{c.line}')}"
        for c in vetoed[:100]
    ]
    inner = "\n".join(lines)
    return f"<details><summary>{head}</summary>\n\n{inner}\n\n</details>"


def how_to(proposal: Proposal) -> str:
    codemod = proposal.codemod
    return f"""\
---

**No, thanks?** Untick a change and it goes; close this and none of it is proposed \
again. `# codemod: ignore[{codemod}]` on a line keeps it as it is for good. Push here \
and the branch is yours. To take it back after the merge: revert the one commit.

<details><summary>Reproduce</summary>

{block(reproduction(proposal), "console")}

</details>"""


def reproduction(proposal: Proposal) -> str:
    unsafe = " --unsafe-fixes" if any(c.caveat for c in proposal.made) else ""
    return (
        f"$ pip install codemod=={proposal.version}\n"
        f"$ git checkout {proposal.base.commit}\n"
        f"$ codemod run {proposal.codemod}{unsafe}"
    )


def ended(text: str, state: State | None, why: str, vetoes: Iterable[str]) -> str:
    """A body that remembers why the bot closed its pull."""
    if state is None:
        return text
    last = replace(state, ended=why, vetoed=tuple(sorted(vetoes)))
    return f"> **Closed:** {why}\n\n{MARKER.sub('', text).rstrip()}\n{printed(last)}\n"
