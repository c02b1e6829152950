"""Whole runs against a remote: what is pushed and said, and what is not."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.folder import Folder
from bot.mirrors import mirror
from bot.run import Repository
from bot.state import parsed, ticks
from tests.bot.build import tick
from tests.bot.remote import Work, git

NAME = "codemod/iterrows"
LOOP = """\
import pandas as pd


def {name}() -> list[int]:
    frame = pd.DataFrame({{"price": [1, 2]}})
    found = []
    for _, row in frame.iterrows():
        found.append(row["price"])
    return found
"""
ONE, TWO = LOOP.format(name="one"), LOOP.format(name="two").replace("price", "cost")
THREE = LOOP.format(name="three").replace("price", "size")


class Noon:
    def now(self) -> int:
        return 1_700_000_000


@contextmanager
def repository(work: Work, only: str = "iterrows") -> Iterator[Repository]:
    above = work.path.parent
    with mirror(str(above / "cache"), str(work.bare)) as checkout:
        heads = checkout.heads()
        forge = Folder(str(above / "pulls"), heads.default, heads.tips)
        yield Repository(checkout, forge, Noon(), only=(only,))


def run(work: Work, only: str = "iterrows") -> list[str]:
    with repository(work, only) as here:
        return list(here.run())


def body(work: Work) -> Path:
    return work.path.parent / "pulls" / "iterrows.md"


@pytest.fixture
def work(tmp_path: Path) -> Work:
    work = Work(tmp_path)
    work.write(app__one_py=ONE, app__two_py=TWO, plain_py="x = 1\n")
    work.push()
    return work


@pytest.fixture
def opened(work: Work) -> Work:
    assert run(work) == [f"{NAME}: pull request 0 opened"]
    return work


def changed(work: Work) -> list[str]:
    return git(work.bare, "diff", "--name-only", "main", NAME).splitlines()


def keys(work: Work) -> dict[str, str]:
    """The key of each change by the path it is in."""
    text = body(work).read_text()
    found = {}
    for part in text.split("<code>")[1:]:
        for key in ticks(part):
            found[part.partition("</code>")[0]] = key
    return found


def seen(work: Work) -> tuple[dict[str, str], dict[str, int]]:
    """Everything that a run may write."""
    folder = body(work).parent
    files = {p.name: p.stat().st_mtime_ns for p in folder.iterdir()}
    return work.tips(), files


def test_one_commit_on_the_base_and_a_body(opened: Work) -> None:
    assert git(opened.bare, "rev-parse", f"{NAME}^") == opened.tips()["main"]
    assert changed(opened) == ["app/one.py", "app/two.py"]
    assert "iterrows" not in opened.show(NAME, "app/one.py")
    state = parsed(body(opened).read_text())
    assert state is not None
    assert state.head == opened.tips()[NAME]
    assert state.base == opened.tips()["main"]
    assert body(opened).read_text().startswith("# iterrows: ")


def test_a_second_run_writes_nothing(opened: Work) -> None:
    before = seen(opened)
    assert run(opened) == [f"{NAME}: left alone: up to date"]
    assert seen(opened) == before


def test_the_base_moves_elsewhere(opened: Work) -> None:
    opened.write(plain_py="x = 2\n")
    opened.push()
    before = seen(opened)
    assert run(opened) == [f"{NAME}: left alone: up to date"]
    assert seen(opened) == before


def test_the_base_moves_under_our_files(opened: Work) -> None:
    opened.write(app__one_py=f"# more\n{ONE}")
    tip = opened.push()
    assert run(opened) == [f"{NAME}: pull request 0 updated: the result differs"]
    assert git(opened.bare, "rev-parse", f"{NAME}^") == tip
    assert opened.show(NAME, "app/one.py").startswith("# more\n")
    assert "left alone: up to date" in run(opened)[0]


def test_a_change_that_is_unticked_goes_for_good(opened: Work) -> None:
    key = keys(opened)["app/one.py"]
    body(opened).write_text(tick(body(opened).read_text(), key, on=False))
    assert "updated" in run(opened)[0]
    assert changed(opened) == ["app/two.py"]
    assert "Turned down before: 1 place" in body(opened).read_text()
    assert "left alone: up to date" in run(opened)[0]
    body(opened).write_text(tick(body(opened).read_text(), key, on=True))
    assert "updated" in run(opened)[0]
    assert changed(opened) == ["app/one.py", "app/two.py"]


def test_all_are_unticked(opened: Work) -> None:
    text = body(opened).read_text()
    for key in keys(opened).values():
        text = tick(text, key, on=False)
    body(opened).write_text(text)
    assert "closed: Every change" in run(opened)[0]
    assert NAME not in opened.tips()
    assert "nothing that was not turned down" in run(opened)[0]


def test_a_person_pushes(opened: Work) -> None:
    git(opened.path, "fetch", "-q", "origin", NAME)
    git(opened.path, "checkout", "-q", "FETCH_HEAD")
    opened.write(plain_py="mine = 1\n")
    theirs = opened.push(NAME)
    opened.write(app__one_py="gone = 1\n")
    opened.push("main")
    run(opened)
    run(opened)
    assert opened.tips()[NAME] == theirs


def test_a_deleted_branch_turns_all_down_but_not_what_is_new(opened: Work) -> None:
    git(opened.bare, "update-ref", "-d", f"refs/heads/{NAME}")
    assert "nothing that was not turned down" in run(opened)[0]
    opened.write(app__three_py=THREE)
    opened.push()
    assert run(opened) == [f"{NAME}: pull request 0 opened"]
    assert changed(opened) == ["app/three.py"]
    assert "left alone: up to date" in run(opened)[0]


def test_the_findings_go(opened: Work) -> None:
    opened.write(app__one_py="x = 1\n", app__two_py="x = 2\n")
    opened.push()
    assert "no longer there" in run(opened)[0]
    assert NAME not in opened.tips()
    opened.write(app__one_py=ONE)
    opened.push()
    assert run(opened) == [f"{NAME}: pull request 0 opened"]


def test_merged(opened: Work) -> None:
    git(opened.path, "fetch", "-q", "origin", NAME)
    git(opened.path, "reset", "-q", "--hard", "FETCH_HEAD")
    opened.write(app__three_py=THREE)
    opened.push()
    run(opened)
    assert changed(opened) == ["app/three.py"]


def test_switched_off(opened: Work) -> None:
    (opened.path / "pyproject.toml").write_text("[tool.codemod-bot]\nselect = []\n")
    opened.push()
    assert "no longer asks for this pull request" in run(opened)[0]
    assert NAME not in opened.tips()


def test_another_base(opened: Work) -> None:
    git(opened.path, "checkout", "-q", "-b", "next")
    opened.write(app__three_py=THREE)
    tip = opened.push("next")
    git(opened.path, "checkout", "-q", "main")
    table = '[tool.codemod-bot]\nbase = "next"\n'
    (opened.path / "pyproject.toml").write_text(table)
    opened.push()
    run(opened)
    assert git(opened.bare, "rev-parse", f"{NAME}^") == tip


def test_limits(work: Work) -> None:
    table = "[tool.codemod-bot]\nmax-files = 1\n"
    (work.path / "pyproject.toml").write_text(table)
    work.push()
    run(work)
    assert changed(work) == ["app/one.py"]
    assert "1 more place will follow later" in body(work).read_text()


@dataclass(frozen=True)
class Deadly:
    """Kills the process instead of, or right after, the nth write through it."""

    inner: Any
    counter: list[int]
    after: bool

    WRITES = ("push", "delete", "open", "edit", "close", "comment")

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self.inner, name)
        return self.deadly(attribute) if name in self.WRITES else attribute

    def deadly(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            self.counter[0] -= 1
            if self.counter[0] == 0 and not self.after:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = write(*arguments)
            if self.counter[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        return call


def run_and_die(work: Work, write: int, after: bool) -> None:
    child = os.fork()
    if child == 0:
        with repository(work) as here:
            counter = [write]
            checkout = Deadly(here.checkout, counter, after)
            forge = Deadly(here.forge, counter, after)
            deadly = Repository(checkout, forge, here.clock, here.only)
            for _ in deadly.run():
                pass
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it should not have come so far"


def grow(work: Work) -> None:
    work.write(app__three_py=THREE)
    work.push()


def shrink(work: Work) -> None:
    work.write(app__one_py="x = 1\n", app__two_py="x = 2\n")
    work.push()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("write", [1, 2])
@pytest.mark.parametrize("step", ["open", "update", "close"])
def test_killed_at_any_write_the_next_run_ends_the_same(
    tmp_path: Path, step: str, write: int, after: bool
) -> None:
    ends = []
    for name in ("undisturbed", "killed"):
        (tmp_path / name).mkdir()
        work = Work(tmp_path / name)
        work.write(app__one_py=ONE, app__two_py=TWO)
        work.push()
        if step != "open":
            run(work)
            (grow if step == "update" else shrink)(work)
        if name == "killed":
            run_and_die(work, write, after)
        run(work)
        files = {p.name: p.read_text() for p in body(work).parent.iterdir()}
        ends.append((work.tips(), files))
        assert "left alone" in run(work)[0]
    assert ends[0] == ends[1]
