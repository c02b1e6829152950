"""Commands in comments, on the GitHub stand-in: who is heard, and what comes of it."""

from __future__ import annotations

import pytest

from bot.state import ticks
from tests.bot.emulated import ANN, Answer
from tests.bot.remote import git
from tests.bot.test_life import UP_TO_DATE, changed, close
from tests.bot.test_processes import Started, run_and_die, state
from tests.bot.test_run import NAME, ONE, THREE
from tests.bot.world import World

TURNED_OFF = [f"{NAME}: left alone: turned off in a pull request"]
SILENCE = {
    "nothing": "asks for nothing",
    "nobody": "its author may not write to the repository",
    "elsewhere": "not in a pull request of ours",
}


def may(world: World, permission: str = "push") -> None:
    world.hub.api("PUT", "/collaborators/ann", {"permission": permission})


@pytest.fixture
def opened(world: World) -> World:
    assert world.run() == [f"{NAME}: pull request 1 opened"]
    may(world)
    return world


def answers(world: World, number: int = 1) -> list[str]:
    found = world.hub.api("GET", f"/issues/{number}/comments")
    return [each["body"] for each in found if each["user"]["login"] == "codemod"]


def thanked(world: World, comment: int) -> bool:
    return world.hub.talking.reactions.get(comment) == [("codemod", "+1")]


def told(world: World, comment: int) -> str:
    """What is said of a comment about which nothing is done."""
    before = world.work.tips()
    del world.hub.requests[:]
    (line,) = world.obey(comment)
    assert world.hub.writes == []
    assert world.work.tips() == before
    return line.partition(": ")[2]


def test_rebase(opened: World) -> None:
    opened.work.write(plain_py="x = 2\n")
    tip = opened.work.push()
    assert opened.quiet() == UP_TO_DATE
    comment = opened.say("/codemod rebase")
    assert "a person asked for it anew" in opened.obey(comment)[-1]
    assert git(opened.work.bare, "rev-parse", f"{NAME}^") == tip
    assert thanked(opened, comment)
    assert answers(opened) == []
    assert opened.quiet() == UP_TO_DATE


def test_rebase_takes_back_a_branch(opened: World) -> None:
    git(opened.work.path, "fetch", "-q", "origin", NAME)
    git(opened.work.path, "checkout", "-q", "FETCH_HEAD")
    opened.work.write(plain_py="mine = 1\n")
    theirs = opened.work.push(NAME)
    assert "is a person's now" in opened.run()[0]
    opened.obey(opened.say("/codemod rebase"))
    assert opened.work.tips()[NAME] != theirs
    assert opened.quiet() == UP_TO_DATE
    assert answers(opened) == []


def test_a_codemod_is_ignored_until_it_is_not(opened: World) -> None:
    comment = opened.say("No, thanks.\n\n/codemod ignore iterrows")
    assert "Someone asked for none of this" in opened.obey(comment)[-1]
    assert thanked(opened, comment)
    (pull,) = opened.hub.pulls()
    assert pull["state"] == "closed"
    assert list(opened.work.tips()) == ["main"]
    opened.work.write(app__three_py=THREE)
    opened.work.push()
    assert opened.quiet() == TURNED_OFF
    again = opened.say("/codemod unignore iterrows")
    assert opened.obey(again) == [
        f"{NAME}: pull request 1: boxes as was asked for",
        f"{NAME}: pull request 2 opened",
    ]
    assert opened.quiet() == UP_TO_DATE
    assert changed(opened) == ["app/one.py", "app/three.py", "app/two.py"]


def test_the_box_does_the_same_without_a_command(opened: World) -> None:
    opened.click("ignore", on=True)
    assert "Someone asked for none of this" in opened.run()[0]
    assert opened.quiet() == TURNED_OFF
    (pull,) = opened.hub.pulls()
    body = pull["body"].replace("[x] <!-- codemod:ignore", "[ ] <!-- codemod:ignore")
    opened.hub.api("PATCH", "/pulls/1", {"body": body})
    assert opened.settled() == [f"{NAME}: pull request 2 opened"]


def test_a_codemod_that_is_split_is_ignored_in_all_parts(world: World) -> None:
    world.work.write(lib__three_py=THREE)
    config = world.work.path / "pyproject.toml"
    config.write_text('[tool.codemod-bot]\nsplit = "folder"\n')
    world.work.push()
    world.run()
    may(world)
    assert len(world.hub.pulls("open")) == 2
    world.obey(world.say("/codemod ignore iterrows", 2), 2)
    assert world.hub.pulls("open") == []
    assert list(world.work.tips()) == ["main"]
    assert set(world.quiet()) == {
        f"{NAME}{part}: left alone: turned off in a pull request"
        for part in ("", ".app", ".lib")
    }
    world.obey(world.say("/codemod unignore iterrows", 1), 1)
    assert world.hub.pulls("open") == []  # in 2 it is off yet
    world.obey(world.say("/codemod unignore iterrows", 2), 2)
    assert len(world.hub.pulls("open")) == 2


def test_a_change_is_ignored_by_its_key(opened: World) -> None:
    key = next(iter(ticks(opened.pull()["body"])))
    comment = opened.say(f"/codemod ignore {key}")
    assert f"{NAME}: pull request 1 updated: the result differs" in opened.obey(comment)
    assert changed(opened) == ["app/two.py"]
    assert "Turned down before: 1 place" in opened.pull()["body"]
    assert opened.quiet() == UP_TO_DATE
    opened.obey(opened.say(f"/codemod unignore {key.partition('.')[0]}"))
    assert changed(opened) == ["app/one.py", "app/two.py"]


def test_explain(opened: World) -> None:
    comment = opened.say("/codemod explain")
    assert opened.obey(comment) == [f"comment {comment}: answered"]
    (answer,) = answers(opened)
    assert answer.startswith(f"<!-- codemod:answer {comment} -->\n**Read rows without")
    assert "<summary>The whole page</summary>" in answer
    assert "### Why" not in answer
    del opened.hub.requests[:]
    assert opened.obey(comment) == []
    assert opened.hub.writes == []
    other = opened.say("/codemod explain shell-true")
    opened.obey(other)
    assert "shell" in answers(opened)[1]
    opened.obey(opened.say("/codemod explain nonsense"))
    assert "There are `bare-except`, `iterrows`" in answers(opened)[2]


def test_explain_says_why_a_fix_is_unsafe(world: World) -> None:
    path = "app/<b>@ann `x` #1.py"
    loop = ONE.replace("pd.DataFrame({", "load({").replace("import pandas as pd", "")
    world.work.write(**{path: loop})
    world.work.push()
    world.run()
    may(world)
    world.obey(world.say("/codemod explain"))
    (answer,) = answers(world)
    _, _, why = answer.partition("### Why 1 fix here is unsafe\n\n- ")
    assert why.startswith("in a frame of only numbers, values become Python numbers")
    assert "``app/<b>@ann `x` #1.py:7``" in why.partition("<details>")[0]


def test_what_is_not_known_is_answered_once(opened: World) -> None:
    comment = opened.say("/codemod merge\n/codemod ignore shell-true")
    assert opened.obey(comment) == [f"comment {comment}: answered"]
    assert opened.obey(comment) == []
    (answer,) = answers(opened)
    assert "This pull request is about `iterrows`" in answer
    assert "| `/codemod rebase` |" in answer
    assert not thanked(opened, comment)
    # What the bot says is never a command, be the bot a user or an App.
    (own,) = (each["id"] for each in opened.comments() if each["body"] == answer)
    assert told(opened, own) == SILENCE["nothing"]


def test_who_may_not_write_is_not_heard(opened: World) -> None:
    comment = opened.say("/codemod rebase")
    may(opened, "triage")
    assert told(opened, comment) == SILENCE["nobody"]
    opened.hub.api("DELETE", "/collaborators/ann")
    assert told(opened, comment) == SILENCE["nobody"]
    may(opened, "maintain")
    assert opened.obey(comment)
    assert thanked(opened, comment)


def test_what_is_no_command_is_passed_over(opened: World) -> None:
    for text in ("What does /codemod rebase do?", "> /codemod rebase", "Thanks!"):
        assert told(opened, opened.say(text)) == SILENCE["nothing"]
    gone = opened.say("/codemod rebase")
    opened.hub.api("DELETE", f"/issues/comments/{gone}")
    assert told(opened, gone) == SILENCE["nothing"]
    edited = opened.say("/codemod rebase")
    path = f"/issues/comments/{edited}"
    found = opened.hub.api("GET", path)
    later = {**found, "updated_at": "2099-01-01T00:00:00Z"}
    opened.hub.faults[f"GET {path}"] = [Answer(200, later)]
    assert told(opened, edited) == SILENCE["nothing"]
    bot = {**found, "user": {**found["user"], "type": "Bot"}}
    opened.hub.faults[f"GET {path}"] = [Answer(200, bot)]
    assert told(opened, edited) == SILENCE["nothing"]


def test_other_pull_requests_are_not_ours(opened: World) -> None:
    opened.hub.follow()
    ann = f"Bearer {ANN}"
    opened.hub.forward("POST", "/repos/codemod/app/forks", "", b"{}", ann)
    asked = f'{{"title": "x", "head": "ann:{NAME}", "base": "main"}}'.encode()
    path = "/repos/codemod/app/pulls"
    assert opened.hub.forward("POST", path, "", asked, ann).status == 201
    comment = opened.say("/codemod rebase", 2)
    assert opened.obey(comment, 2) == [f"comment {comment}: {SILENCE['elsewhere']}"]
    opened.work.push("feature")
    opened.hub.follow()
    made = {"title": "x", "head": "feature", "base": "main"}
    opened.hub.api("POST", "/pulls", made)
    comment = opened.say("/codemod ignore iterrows", 3)
    assert opened.obey(comment, 3) == [f"comment {comment}: {SILENCE['elsewhere']}"]
    # A comment counts for the pull request that it is in, whatever a delivery says.
    assert told(opened, comment) == SILENCE["nothing"]


def test_nothing_is_rebased_that_is_closed(opened: World) -> None:
    close(opened)
    comment = opened.say("/codemod rebase")
    assert opened.obey(comment) == [f"comment {comment}: answered"]
    assert "this pull request is closed" in answers(opened)[0]


WRITES = [
    ("/codemod rebase", "PATCH /pulls/1"),
    ("/codemod rebase", "push"),
    ("/codemod rebase", "POST /reactions"),
    ("/codemod ignore iterrows", "PATCH /pulls/1"),
    ("/codemod ignore iterrows", "push"),
    ("/codemod explain\n/codemod rebase", "POST /comments"),
]
UNDISTURBED: dict[str, object] = {}


@pytest.mark.parametrize(("text", "write"), WRITES)
def test_killed_the_next_attempt_ends_the_same(
    world: World, started: Started, text: str, write: str
) -> None:
    if text not in UNDISTURBED:
        with started() as other:
            asked(other, text)
            UNDISTURBED[text] = ended(other)
    comment = asked(world, text, False)
    command = ("command", "codemod/app#1", "--comment", str(comment))
    run_and_die(world, write, "after", command)
    world.obey(comment)
    assert ended(world) == UNDISTURBED[text]
    del world.hub.requests[:]
    world.run()
    assert world.hub.writes == []


def asked(world: World, text: str, obeyed: bool = True) -> int:
    world.run()
    may(world)
    world.work.write(plain_py="x = 2\n")
    world.work.push()
    comment = world.say(text)
    if obeyed:
        world.obey(comment)
    return comment


def ended(world: World) -> object:
    return state(world), world.hub.talking.reactions
