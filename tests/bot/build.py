"""Values to plan with, each with what most tests do not care about."""

from __future__ import annotations

from typing import Any

from bot.model import Base, Branch, Change, Proposal, Pull, Situation
from bot.render import body

BASE = Base("main", "b" * 40, 1_700_000_000)
HEAD, OTHER = "1" * 40, "2" * 40
RESULT = "r" * 32


def change(number: int, path: str = "app/a.py", **given: Any) -> Change:
    values: dict[str, Any] = {
        "path": path,
        "line": number,
        "tier": "safe",
        "fingerprint": f"{number:016x}",
        "message": "iterrows builds a Series for each row",
        "before": "for _, row in df.iterrows():\n    f(row['a'])\n",
        "after": "for a in df['a']:\n    f(a)\n",
    }
    return Change(**values | given)


ONE, TWO = change(1), change(2, "app/b.py")
UNSAFE = change(3, "app/c.py", tier="unsafe", caveat="a missing column raises KeyError")


def proposal(*made: Change, **given: Any) -> Proposal:
    values: dict[str, Any] = {
        "codemod": "iterrows",
        "headline": "read rows without building a Series for each",
        "branch": "codemod/iterrows",
        "base": BASE,
        "head": HEAD,
        "result": RESULT,
        "version": "1.2.3",
        "config": "c0ffee",
        "made": made or (ONE, TWO),
    }
    return Proposal(**values | given)


def pull(of: Proposal | None = None, **given: Any) -> Pull:
    of = of or proposal()
    values: dict[str, Any] = {
        "number": 7,
        "branch": of.branch,
        "base": of.base.branch,
        "head": of.head,
        "body": body(of),
    }
    return Pull(**values | given)


def branch(**given: Any) -> Branch:
    values: dict[str, Any] = {
        "name": "codemod/iterrows",
        "head": HEAD,
        "ours": True,
        "result": RESULT,
    }
    return Branch(**values | given)


def situation(**given: Any) -> Situation:
    values: dict[str, Any] = {
        "codemod": "iterrows",
        "branch_name": "codemod/iterrows",
        "proposal": proposal(),
    }
    return Situation(**values | given)


def tick(text: str, key: str, on: bool) -> str:
    """What the forge makes of a body when a person clicks on a box."""
    old, new = (" ", "x") if on else ("x", " ")
    before = f"- [{old}] <!-- codemod:{key} -->"
    assert before in text
    return text.replace(before, f"- [{new}] <!-- codemod:{key} -->")
