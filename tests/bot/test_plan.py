"""Each row of a pull request's life: a situation, and the one thing to do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.actions import Action, Announce, Close, Comment, Drop, Leave, Open, Update
from bot.model import Base, Checks, Situation
from bot.plan import ALL_VETOED, GONE, SWITCHED_OFF, plan
from bot.render import TAKEN_OVER, ended
from bot.state import parsed
from tests.bot.build import (
    HEAD,
    ONE,
    OTHER,
    TWO,
    UNSAFE,
    branch,
    proposal,
    pull,
    situation,
    tick,
)

NAME = "codemod/iterrows"
AS_IT_IS = situation(pulls=(pull(),), branch=branch())
MOVED = proposal(head=OTHER, base=Base("main", "d" * 40, 1_700_000_009))
DIFFERENT = replace(MOVED, result="s" * 32)
OFFERING = proposal(offered=(UNSAFE,), base=Base("main", "b" * 40, MOVED.base.time))
ENDED = pull(body=ended(pull().body, parsed(pull().body), GONE, ()), open=False)
FOREIGN = branch(head=OTHER, ours=False, result=None)
BACK = pull(body=tick(pull().body, "rebuild", on=True), comments=(TAKEN_OVER,))

WAITS = replace(proposal(), checks="waiting")
DRAFT = pull(WAITS, draft=True)
FAILED = Checks("failed", ("lint", "tests (3.11)"))
FAILS = replace(proposal(), checks="failed\nlint\ntests (3.11)")


def drafted(checks: Checks, **given: Any) -> Situation:
    """An open draft, and what its checks say."""
    values: dict[str, Any] = {"pulls": (DRAFT,), "branch": branch(), "checks": checks}
    return situation(**values | given)


LIFE: dict[str, tuple[Situation, Action]] = {
    "nothing was ever found": (
        situation(proposal=None),
        Leave(NAME, "nothing to propose"),
    ),
    "findings, and no pull request yet": (situation(), Open(proposal())),
    "killed between the push and the pull request": (
        situation(branch=branch()),
        Open(proposal(), lease=HEAD),
    ),
    "a second run finds nothing new": (AS_IT_IS, Leave(NAME, "up to date")),
    "the base moved without touching our files": (
        replace(AS_IT_IS, proposal=MOVED),
        Leave(NAME, "up to date"),
    ),
    "the base moved and the result differs": (
        replace(AS_IT_IS, proposal=DIFFERENT),
        Update(pull(), DIFFERENT, HEAD, "the result differs"),
    ),
    "the base was renamed": (
        replace(AS_IT_IS, proposal=proposal(base=Base("trunk", "b" * 40, 0))),
        Update(
            pull(),
            proposal(base=Base("trunk", "b" * 40, 0)),
            HEAD,
            "the base is another branch",
        ),
    ),
    "killed between a push and the new body": (
        situation(proposal=MOVED, pulls=(pull(),), branch=branch(head=OTHER)),
        Update(pull(), MOVED, OTHER, "the body tells of another commit"),
    ),
    "a person pushed": (
        situation(pulls=(pull(head=OTHER),), branch=FOREIGN),
        Comment(pull(head=OTHER)),
    ),
    "a person pushed and was told": (
        situation(pulls=(pull(comments=(TAKEN_OVER,)),), branch=FOREIGN),
        Leave(NAME, "a person pushed here; the branch is theirs"),
    ),
    "a person pushed and gave it back": (
        situation(pulls=(BACK,), branch=FOREIGN),
        Update(BACK, proposal(), OTHER, "a person gave the branch back"),
    ),
    "a person gave it back, and the findings are gone": (
        situation(proposal=None, pulls=(BACK,), branch=FOREIGN),
        Close(BACK, OTHER, GONE),
    ),
    "killed between building it anew and the new body": (
        situation(pulls=(BACK,), branch=branch()),
        Update(BACK, proposal(), HEAD, "a person asked for it anew"),
    ),
    "a person pushed, and the findings are gone": (
        situation(proposal=None, pulls=(pull(comments=(TAKEN_OVER,)),), branch=FOREIGN),
        Leave(NAME, "a person pushed here; the branch is theirs"),
    ),
    "a person pushed, and the codemod was switched off": (
        situation(wanted=False, pulls=(pull(comments=(TAKEN_OVER,)),), branch=FOREIGN),
        Leave(NAME, "a person pushed here; the branch is theirs"),
    ),
    "closed without merging, nothing new": (
        situation(
            proposal=None, pulls=(pull(open=False),), vetoes=frozenset({ONE.key})
        ),
        Leave(NAME, "nothing that was not turned down to propose"),
    ),
    "closed without merging, and new findings": (
        situation(proposal=proposal(TWO), pulls=(pull(open=False),), branch=branch()),
        Open(proposal(TWO), lease=HEAD),
    ),
    "merged, and new findings": (
        situation(pulls=(pull(open=False, merged=True),)),
        Open(proposal()),
    ),
    "the findings are gone": (
        replace(AS_IT_IS, proposal=None),
        Close(pull(), HEAD, GONE),
    ),
    "every change was turned down": (
        replace(AS_IT_IS, proposal=None, vetoes=frozenset({ONE.key, TWO.key})),
        Close(pull(), HEAD, ALL_VETOED, frozenset({ONE.key, TWO.key})),
    ),
    "switched off": (
        replace(AS_IT_IS, wanted=False),
        Close(pull(), HEAD, SWITCHED_OFF),
    ),
    "switched off, and no pull request": (
        situation(wanted=False),
        Leave(NAME, "not selected"),
    ),
    "killed between closing and deleting the branch": (
        situation(proposal=None, pulls=(ENDED,), branch=branch()),
        Drop(NAME, HEAD),
    ),
    "killed after the push, and the findings are gone since": (
        situation(proposal=None, branch=branch()),
        Drop(NAME, HEAD),
    ),
    "a person closed it and kept the branch": (
        situation(
            proposal=None,
            pulls=(pull(open=False),),
            branch=branch(),
            vetoes=frozenset({ONE.key}),
        ),
        Leave(NAME, "nothing that was not turned down to propose"),
    ),
    "one change turned down": (
        replace(
            AS_IT_IS, proposal=proposal(ONE, vetoed=(TWO,), vetoes=frozenset({TWO.key}))
        ),
        Update(
            pull(),
            proposal(ONE, vetoed=(TWO,), vetoes=frozenset({TWO.key})),
            HEAD,
            "other changes are proposed",
        ),
    ),
    "the branch was deleted by hand": (
        situation(pulls=(pull(),)),
        Leave(NAME, "the branch is gone, its pull about to be"),
    ),
    "a branch of our name that is someone else's": (
        situation(branch=FOREIGN),
        Leave(NAME, "a branch of this name is someone else's"),
    ),
    "too many pull requests": (
        situation(refusal="4 pull requests are open"),
        Leave(NAME, "4 pull requests are open"),
    ),
    "findings, and the base has checks": (
        situation(checks=Checks("passed")),
        Open(replace(WAITS, draft=True)),
    ),
    "findings, the base has checks, and drafts are asked for": (
        situation(proposal=proposal(draft=True), checks=Checks("passed")),
        Open(proposal(draft=True)),
    ),
    "its checks run": (
        drafted(Checks("running")),
        Leave(NAME, "a draft until its checks succeed"),
    ),
    "its checks run, and the base moved without touching our files": (
        drafted(Checks("running"), proposal=MOVED),
        Leave(NAME, "a draft until its checks succeed"),
    ),
    "its checks succeed": (drafted(Checks("passed")), Announce(DRAFT, proposal())),
    "there are no checks after all": (
        drafted(Checks("none")),
        Announce(DRAFT, proposal()),
    ),
    "its checks fail": (
        drafted(FAILED),
        Update(DRAFT, FAILS, None, "the checks say something else"),
    ),
    "its checks fail, and the body says so": (
        drafted(FAILED, pulls=(pull(FAILS, draft=True),)),
        Leave(NAME, "a draft, as checks fail"),
    ),
    "its checks failed and run again": (
        drafted(Checks("running"), pulls=(pull(FAILS, draft=True),)),
        Update(pull(FAILS, draft=True), WAITS, None, "the checks say something else"),
    ),
    "its checks failed, and the base moved under our files": (
        drafted(FAILED, pulls=(pull(FAILS, draft=True),), proposal=DIFFERENT),
        Update(
            pull(FAILS, draft=True),
            replace(DIFFERENT, checks="waiting"),
            HEAD,
            "the result differs",
        ),
    ),
    "a person did not wait for the checks": (
        drafted(Checks("none"), pulls=(pull(WAITS),)),
        Update(pull(WAITS), proposal(), None, "the checks say something else"),
    ),
    "killed between making it ready and the new body": (
        drafted(Checks("passed"), pulls=(pull(WAITS),)),
        Update(pull(WAITS), proposal(), None, "the checks say something else"),
    ),
    "the base moved elsewhere, and something else is offered": (
        replace(AS_IT_IS, proposal=replace(MOVED, offered=(UNSAFE,))),
        Update(pull(), OFFERING, None, "other changes are offered"),
    ),
    "a person emptied the body": (
        situation(pulls=(pull(body="mine"),), branch=branch()),
        Update(pull(body="mine"), proposal(), HEAD, "the body lost its state"),
    ),
}


@pytest.mark.parametrize("row", LIFE)
def test_life(row: str) -> None:
    seen, action = LIFE[row]
    assert plan(seen) == action
