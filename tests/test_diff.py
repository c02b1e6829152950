"""Diffs: as git would write them, and such that it takes them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from codemods.diff import unified
from codemods.git import quoted, unquoted
from codemods.outcome import between
from tests.command import git


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def numbered(count: int) -> list[bytes]:
    return [b"line %d\n" % number for number in range(1, count + 1)]


def test_two_changes_far_apart_are_two_hunks() -> None:
    old = numbered(20)
    new = [*old]
    new[1], new[17] = b"second\n", b"eighteenth\n"
    assert unified("a.py", b"".join(old), b"".join(new)).decode() == (
        "diff --git a/a.py b/a.py\n"
        "--- a/a.py\n"
        "+++ b/a.py\n"
        "@@ -1,5 +1,5 @@\n"
        " line 1\n-line 2\n+second\n line 3\n line 4\n line 5\n"
        "@@ -15,6 +15,6 @@\n"
        " line 15\n line 16\n line 17\n-line 18\n+eighteenth\n line 19\n line 20\n"
    )


def test_a_missing_last_newline_is_marked() -> None:
    assert unified("a.py", b"x\ny", b"x\nz").decode() == (
        "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n"
        " x\n-y\n\\ No newline at end of file\n+z\n\\ No newline at end of file\n"
    )


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("a b.py", "a b.py"),
        ("é.py", r'"\303\251.py"'),
        ('q"u\\o.py', r'"q\"u\\o.py"'),
        ("t\tn\n.py", r'"t\tn\n.py"'),
        ("\udce9.py", r'"\351.py"'),
        ("bell\a\x01.py", r'"bell\a\001.py"'),
    ],
)
def test_unusual_paths_are_quoted_as_git_does(path: str, written: str) -> None:
    assert quoted(path) == written
    assert unquoted(written.encode()) == path


NAMES = ("a.py", "dir x/b c.py", "é.py", 'q"u.py', "x\\y.py", "t\tb.py", "n\nl.py")
LINES = (b"x = 1", b"", b"y\xe9", b"  z", b"w\r", b"a b\x0c", b"\xe2\x80\xa8")


@pytest.mark.parametrize("seed", range(60))
def test_git_applies_what_is_written(seed: int) -> None:
    chance = random.Random(seed)
    name = Path(chance.choice(NAMES))
    old = [chance.choice(LINES) for _ in range(chance.randint(0, 60))]
    new = [*old]
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(new))
        added = [chance.choice((b"new", *LINES)) for _ in range(chance.randint(0, 3))]
        new[at : at + chance.randint(0, 3)] = added
    before = b"\n".join(old) + chance.choice((b"", b"\n"))
    after = b"\n".join([*new, b"end"]) + chance.choice((b"", b"\n"))
    name.parent.mkdir(exist_ok=True)
    name.write_bytes(before)
    diff = unified(str(name), before, after)
    git("apply", "--whitespace=nowarn", "-", cwd=Path(), stdin=diff)
    assert name.read_bytes() == after


def test_in_a_repository_paths_start_at_its_root(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    git("init", "-q", cwd=Path())
    Path("pkg/pkg").mkdir(parents=True)
    Path("pkg/pkg/a.py").write_bytes(b"x\n")
    monkeypatch.chdir("pkg")
    diff = unified("pkg/a.py", b"x\n", b"y\n")
    assert diff.startswith(b"diff --git a/pkg/pkg/a.py b/pkg/pkg/a.py\n")
    git("apply", "-", cwd=Path("pkg"), stdin=diff)
    assert Path("pkg/a.py").read_bytes() == b"y\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"x"),
        (b"x", b""),
        (b"aXb", b"aYYb"),
        (b"aab", b"aaab"),
        (b"abab", b"ab"),
        (b"same", b"same"),
    ],
)
def test_a_patch_leads_from_one_to_the_other(before: bytes, after: bytes) -> None:
    assert between(before, after).applied(before) == after


def test_a_patch_holds_only_what_differs() -> None:
    patch = between(b"head old tail", b"head new tail")
    assert (patch.start, patch.end, patch.data) == (5, 8, b"new")
