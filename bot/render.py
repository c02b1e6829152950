"""Title, body and comments of a pull request: pure, from a proposal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.escape import block, code, line, sentence
from bot.lists import (
    changes_of,
    counted,
    extent,
    grouped,
    left_alone,
    offered,
    receipts,
    turned_down,
)
from bot.model import Change, File, Proposal, Pull
from bot.state import IGNORE, MARKER, REBUILD, State, box, printed

LARGEST = 65_536  # characters of a body, by GitHub
MOST_CAVEATS = 8
SPARE = 2_000  # of them for what is said when it ends

TOUCHED = "<!-- codemod:touched -->"
TAKEN_OVER = f"""\
{TOUCHED}
Someone pushed to this branch, so it is yours now: I will not touch it again, unless \
you tick *build this branch anew* in the description.
"""


def title(proposal: Proposal) -> str:
    where = f" in {line(proposal.part)[:80]}" if proposal.part else ""
    return f"{proposal.codemod}: {proposal.headline} ({extent(proposal.made)}{where})"


def message(proposal: Proposal) -> str:
    """The commit's message; it holds no text of the repository."""
    return (
        f"refactor({proposal.codemod}): {proposal.headline}\n\n"
        f"In {extent(proposal.made)}, by codemod {proposal.version}.\n\n"
        f"Codemod: {proposal.codemod}\nCodemod-Result: {proposal.result}\n"
    )


def body(proposal: Proposal) -> str:
    """The body, at most as long as GitHub takes it: diffs go first where it is not."""
    room = most = LARGEST - SPARE
    text = written(proposal, room)
    while len(text) > most and room > 0:
        room -= len(text) - most
        text = written(proposal, room)
    return text


def written(proposal: Proposal, room: int) -> str:
    """The body with lists of changes that aim at `room` characters in all."""
    top = [summary(proposal), verdict(proposal), differences(proposal)]
    top.append(receipts(proposal.made))
    top = [part for part in top if part]
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
        checks=proposal.checks,
        search=proposal.search,
        because=proposal.because,
        suspects=proposal.suspects,
        blamed=proposal.blamed,
    )


def keys(changes: Iterable[Change]) -> tuple[str, ...]:
    return tuple(sorted(change.key for change in changes))


def summary(proposal: Proposal) -> str:
    """What changed and why, in two sentences, and what did not."""
    where = f" of {code(proposal.part[:200])}" if proposal.part else ""
    places = f"{extent(proposal.made)}{where}"
    made = f"**{sentence(capital(proposal.headline))}** in {places}."
    why = f"{sentence(capital(usual_message(proposal.made)))}."
    rest = "Nothing outside the rewritten statements changes."
    if proposal.later:
        rest += f" {counted(len(proposal.later), 'more place')} will follow later."
    return f"{made} {why} {rest}"


def usual_message(changes: Sequence[Change]) -> str:
    messages = [change.message for change in changes]
    return max(sorted(set(messages)), key=messages.count)


def verdict(proposal: Proposal) -> str:
    """What is to be said of the checks, whose names are anybody's: see Checks.told."""
    if not proposal.checks:
        return ""
    _, *failing = proposal.checks.split("\n")
    if not failing and proposal.search:
        return (
            "A draft whose checks failed. To see which change they fail with, some are "
            "left out for now."
        )
    if not failing:
        return "A draft until the checks of this branch succeed."
    names = ", ".join(code(name[:100]) for name in failing[:20])
    return f"**A draft, as checks fail:** {names}. They do not on the base."


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def differences(proposal: Proposal) -> str:
    """The caveats of what is on the branch, the most frequent first."""
    caveats = grouped((c.caveat, c) for c in proposal.made if c.caveat)
    if not caveats:
        return "### What behaves differently\n\nNothing."
    lines = [
        f"- {sentence(capital(caveat[:500]))} ({counted(len(group), 'place')})"
        for caveat, group in caveats[:MOST_CAVEATS]
    ]
    rest = sum(len(group) for _, group in caveats[MOST_CAVEATS:])
    if rest:
        lines.append(f"- {counted(rest, 'place')} with others, which stand there")
    return "\n".join(["### What behaves differently", "", *lines])


def how_to(proposal: Proposal) -> str:
    codemod = proposal.codemod
    return f"""\
---

**No, thanks?** Untick a change and it goes; close this and none of it is proposed \
again. `# codemod: ignore[{codemod}]` on a line keeps it as it is for good. Push here \
and the branch is yours, until you tick the first of these:

{box(REBUILD)} build this branch anew; what others pushed to it is lost then
{box(IGNORE)} propose no more of `{codemod}` in this repository, until this is unticked

**After the merge,** `codemod-bot revert` with this page's address opens the pull \
request that takes it back.

<details><summary>Reproduce</summary>

{block(reproduction(proposal), "console")}

`codemod-bot verify` with this page's address derives the same, and compares.

</details>"""


def reproduction(proposal: Proposal) -> str:
    """Commands that make the branch's files, byte by byte."""
    return (
        f"$ pip install codemod=={proposal.version}\n"
        f"$ git checkout {proposal.base.commit}\n"
        f"$ {making(proposal)}"
    )


def making(proposal: Proposal) -> str:
    """The usual command where it makes just that, else one that is told which."""
    unsafe = any(change.caveat for change in proposal.made)
    left = (*proposal.vetoed, *proposal.later, *(proposal.offered if unsafe else ()))
    ran = any(c.receipt or c.unseen for c in (*proposal.made, *proposal.declined))
    if not left and not ran and not proposal.split:
        return f"codemod run {proposal.codemod}{' --unsafe-fixes' if unsafe else ''}"
    names = keys(proposal.made)
    rows = [" ".join(names[at : at + 3]) for at in range(0, len(names), 3)]
    return " \\\n    ".join([f"codemod-bot reproduce {proposal.codemod}", *rows])


def ended(text: str, state: State | None, why: str, vetoes: Iterable[str]) -> str:
    """A body that remembers why the bot closed its pull."""
    if state is None:
        return text
    last = replace(state, ended=why, vetoed=tuple(sorted(vetoes)))
    return f"> **Closed:** {why}\n\n{MARKER.sub('', text).rstrip()}\n{printed(last)}\n"


def taken_back(text: str, state: State, number: int) -> str:
    """The body of a merged pull whose changes are not to be proposed again."""
    said = f"> **Taken back** by #{number}. Tick a change to have it proposed again."
    if said in text:
        return text
    vetoed = tuple(sorted({*state.vetoed, *state.proposed}))
    marker = printed(replace(state, vetoed=vetoed))
    for key in state.proposed:
        box = f"] <!-- codemod:{key} -->"
        text = text.replace(f"[x{box}", f"[ {box}")
    return f"{said}\n\n{MARKER.sub('', text).rstrip()}\n{marker}\n"


def revert_message(proposal: Proposal, pull: Pull) -> str:
    return (
        f"revert({proposal.codemod}): take back pull request {pull.number}\n\n"
        f"This undoes {pull.merge}.\n\n"
        f"Codemod: {proposal.codemod}\nCodemod-Result: {proposal.result}\n"
    )


def revert_words(pull: Pull, files: Sequence[File]) -> tuple[str, str]:
    """Title and body of the pull that takes another back."""
    places = "\n".join(f"- {code(file.path[-200:])}" for file in files[:300])
    title = f"Revert #{pull.number}: {line(pull.title)}"[:250]
    extent = counted(len(files), "file")
    return (
        title,
        f"""\
This takes back #{pull.number} in {extent}; what others changed in them since stays. \
The bot does not propose these changes again.

<details><summary>Files</summary>

{places}

</details>
""",
    )
