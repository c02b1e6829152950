"""What the bot says to a comment that asked for something: pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.escape import code
from bot.lists import counted, grouped, reason_line
from bot.model import Change
from bot.render import LARGEST

MOST_CAVEATS = 20
SPARE = 500
COMMANDS = """\
| command | |
|---|---|
| `/codemod rebase` | build this branch anew on the base's tip |
| `/codemod ignore NAME` | propose no more of this codemod, or of a change by its key |
| `/codemod unignore NAME` | take that back |
| `/codemod explain` | say what this codemod does, and why a fix is unsafe |"""
UNKNOWN = f"I do not know this command. Those that I know:\n\n{COMMANDS}"
CLOSED = "There is no branch to build anew: this pull request is closed."
TURNED_DOWN = "This pull request was closed, and with it all of its changes: reopen it."


def mark(comment: int) -> str:
    """What is hidden in the answer to a comment."""
    return f"<!-- codemod:answer {comment} -->"


def answer(comment: int, parts: Sequence[str]) -> str:
    """The parts in one, each once."""
    text = "\n\n".join(dict.fromkeys(parts))
    return f"{mark(comment)}\n{text[: LARGEST - SPARE]}\n"


def is_answer(text: str) -> bool:
    return text.startswith("<!-- codemod:")


def other(codemod: str) -> str:
    return (
        f"This pull request is about `{codemod}`: write its name, or the key of a "
        "change. For another codemod, write in a pull request that is about it, or "
        "leave it out of `select` in the configuration."
    )


def no_such(names: Sequence[str]) -> str:
    known = ", ".join(f"`{name}`" for name in names)
    return f"No codemod has this name. There are {known}."


def no_change(key: str) -> str:
    return f"No change here has the key {code(key[:80])}."


def explained(page: str, unsafe: Sequence[Change]) -> str:
    """A codemod's page, its beginning first, and why fixes are unsafe.

    A page is the codemod's own Markdown, and comes with it, not from the repository.
    """
    title, _, rest = page.strip().partition("\n")
    lead, _, _ = rest.strip().partition("\n## ")
    parts = [f"**{title.strip()}**", lead.strip(), reasons(unsafe)]
    if rest.strip() != lead.strip():
        summary = "<details><summary>The whole page</summary>"
        parts.append(f"{summary}\n\n{rest.strip()}\n\n</details>")
    text = "\n\n".join(part for part in parts if part)
    if len(text) > LARGEST // 2:  # what the page says is not worth losing the rest
        return "\n\n".join(part for part in parts[:3] if part)
    return text


def reasons(unsafe: Sequence[Change]) -> str:
    """Why each unsafe fix is one: alike ones together, with their places."""
    if not unsafe:
        return ""
    groups = grouped((change.caveat, change) for change in unsafe)
    lines = [reason_line(caveat, group) for caveat, group in groups[:MOST_CAVEATS]]
    rest = sum(len(group) for _, group in groups[MOST_CAVEATS:])
    lines += [f"- {counted(rest, 'place')} for other reasons"] * bool(rest)
    head = f"{counted(len(unsafe), 'fix')} here {'is' if len(unsafe) == 1 else 'are'}"
    return "\n".join([f"### Why {head.replace('fixs', 'fixes')} unsafe", "", *lines])
