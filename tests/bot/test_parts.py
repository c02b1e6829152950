"""What the config asks of each pull request: its share, people, labels and size."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.parts import branch_of, divided, folder_of, owner_of, whole
from bot.ports import Trouble
from tests.bot.build import change
from tests.bot.emulated import Answer
from tests.bot.remote import Work, git
from tests.bot.test_run import NAME, ONE, THREE, TWO, run
from tests.bot.world import World

CODEOWNERS = """\
# the last that matches counts
*            @ann
/app/        @org/data team@example.org
*.sql        @dba
/app/free.py
"""


@pytest.mark.parametrize(
    ("path", "folder", "owner"),
    [
        ("setup.py", "", "@ann"),
        ("app/one.py", "app", "@org/data team@example.org"),
        ("app/deep/er/two.py", "app", "@org/data team@example.org"),
        ("lib/app/x.py", "lib", "@ann"),
        ("app/free.py", "app", ""),
    ],
)
def test_whose_part_a_path_is(path: str, folder: str, owner: str) -> None:
    assert whole(path) == ""
    assert folder_of(path) == folder
    assert owner_of(CODEOWNERS)(path) == owner


@pytest.mark.parametrize(
    ("part", "branch"),
    [
        ("", "codemod/iterrows"),
        ("app", "codemod/iterrows.app"),
        ("@org/data", "codemod/iterrows.org-data-f53ba7ac"),
        ("a..b", "codemod/iterrows.a-b-2c5c0d9b"),
        ("..", "codemod/iterrows.6a8faa9d"),
    ],
)
def test_a_part_has_a_branch_that_git_takes(part: str, branch: str) -> None:
    stem = branch.rpartition("-")[0] if part in ("@org/data", "a..b") else branch
    found = branch_of("iterrows", part)
    assert found.startswith(stem.rpartition(".")[0])
    git(Path(), "check-ref-format", f"refs/heads/{found}")


def test_parts_that_look_alike_have_branches_of_their_own() -> None:
    names = {branch_of("x", part) for part in ("a b", "a-b", "a/b", "@a-b", "A-b")}
    assert len(names) == 5


def test_what_is_only_declined_is_no_part() -> None:
    one = change(1, "app/a.py")
    no = change(2, "lib/b.py", tier="declined", after=None, reason="it escapes")
    beside = change(3, "app/c.py", tier="declined", after=None, reason="it escapes")
    assert divided([no, beside, one], folder_of) == {"app": [beside, one]}


@pytest.mark.parametrize("pattern", ["*" * 40 + "b", "[", "a" * 9999])
def test_hostile_owners_end(pattern: str) -> None:
    try:
        assert owner_of(f"{pattern} @x\n")("a" * 200) in ("", "@x")
    except ValueError:
        assert pattern == "["


@pytest.fixture
def work(tmp_path: Path) -> Work:
    work = Work(tmp_path)
    work.write(app__one_py=ONE, lib__two_py=TWO, three_py=THREE)
    asks(work, 'split = "folder"')
    return work


def asks(work: Work, *lines: str) -> None:
    text = "\n".join(["[tool.codemod-bot]", *lines])
    (work.path / ".codemod.toml").write_text(text)
    work.push()


def changed(work: Work, branch: str) -> str:
    return git(work.bare, "diff", "--name-only", "main", branch)


def test_a_pull_for_each_top_level_folder(work: Work) -> None:
    told = [f"{NAME}{part}: pull request 0 opened" for part in ("", ".app", ".lib")]
    assert run(work) == told
    assert changed(work, NAME) == "three.py"
    assert changed(work, f"{NAME}.app") == "app/one.py"
    assert changed(work, f"{NAME}.lib") == "lib/two.py"
    body = (work.path.parent / "pulls" / "iterrows.app.md").read_text()
    assert "(1 place, 1 file in app)" in body.splitlines()[0]
    assert "in 1 place, 1 file of `app`." in body
    assert "two.py" not in body
    assert all("left alone: up to date" in line for line in run(work))


def test_a_pull_for_each_owner(work: Work) -> None:
    (work.path / "CODEOWNERS").write_text("* @ann\n/app/ @org/data\n/lib/ @org/data\n")
    asks(work, 'split = "owner"')
    run(work)
    data = next(each for each in work.tips() if "org-data" in each)
    assert changed(work, data).split() == ["app/one.py", "lib/two.py"]


def test_owners_that_cannot_be_read_are_told(work: Work) -> None:
    (work.path / "CODEOWNERS").write_text("[ @ann\n")
    asks(work, 'split = "owner"')
    with pytest.raises(Trouble, match="CODEOWNERS: unterminated"):
        run(work)


def test_the_split_changes(work: Work) -> None:
    run(work)
    asks(work)
    lines = run(work)
    assert lines[0] == f"{NAME}: pull request 0 updated: the result differs"
    assert [line.partition(": pull request 0 ")[2] for line in lines[1:]] == [
        "closed: The configuration no longer asks for this pull request."
    ] * 2
    assert sorted(work.tips()) == [NAME, "main"]
    assert len(changed(work, NAME).split()) == 3


def test_the_findings_of_a_part_go(work: Work) -> None:
    run(work)
    work.write(app__one_py="x = 1\n")
    work.push()
    closed = next(line for line in run(work) if ".app" in line)
    assert closed.endswith("is no longer there.")


def test_a_pull_has_its_labels_and_people_and_keeps_what_people_do(
    world: World,
) -> None:
    asks(world.work, 'labels = ["codemod", "speed"]', 'assignees = ["codemod"]')
    assert world.run() == [f"{NAME}: pull request 1 opened"]
    given = world.hub.people[1]
    assert given == {"labels": ["codemod", "speed"], "assignees": ["codemod"]}
    given["labels"].remove("speed")
    world.work.write(app__one_py=f"# more\n{ONE}")
    world.work.push()
    assert "updated" in world.run()[0]
    assert given["labels"] == ["codemod"]
    assert "up to date" in world.run()[0]


def test_killed_before_the_labels_the_next_run_sets_them(world: World) -> None:
    asks(world.work, 'labels = ["speed"]')
    world.hub.faults["POST /labels"] = [Answer(404, {"message": "Not Found"})]
    with pytest.raises(Trouble):
        world.run()
    assert world.hub.people == {}
    assert "the body tells of another commit" in world.run()[0]
    assert world.hub.people == {1: {"labels": ["speed"]}}
    assert "up to date" in world.run()[0]


def test_reviewers_who_are_none_do_not_stop_a_pull(world: World) -> None:
    asks(world.work, 'reviewers = ["nobody", "org/team"]')
    words = "Reviews may only be requested from collaborators."
    refusal = Answer(422, {"message": words, "documentation_url": ""})
    world.hub.faults["POST /requested_reviewers"] = [refusal]
    assert world.run() == [
        f"{NAME}: pull request 1 opened; labels or people were refused: "
        f"GitHub answers 422 ({words})"
    ]
    assert "up to date" in world.run()[0]
