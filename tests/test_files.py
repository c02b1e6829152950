"""Which files are looked at, and how they are written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from codemods import files
from codemods.discovery import discover
from codemods.files import Refused, read, replace
from codemods.globs import matching
from tests.command import git, repository


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def plant(*names: str, text: str = "x = 1\n") -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_walk_finds_python_and_leaves_what_tools_made() -> None:
    plant("a.py", "pkg/b.py", "pkg/c.pyi", "pkg/d.txt", "e.pyc", "nb.ipynb")
    plant(".venv/lib/x.py", "node_modules/x.py", "build/x.py", "pkg/site-packages/x.py")
    plant("env/pyvenv.cfg", "env/lib/x.py", "pkg/_vendor/x.py")
    assert discover(["."]).paths == ["a.py", "pkg/b.py"]


def test_a_script_without_extension_may_be_python() -> None:
    plant("bin/tool", "LICENSE")
    assert discover(["."]).paths == ["LICENSE", "bin/tool"]
    assert files.SHEBANG.match(b"#!/usr/bin/env python3.11\n")
    assert files.SHEBANG.match(b"#!/usr/bin/python -u\n")
    assert not files.SHEBANG.match(b"#!/bin/sh\n# python\n")


def test_a_repository_is_listed_by_git() -> None:
    plant("tracked.py", "ignored.py", "pkg/build/x.py")
    Path(".gitignore").write_text("ignored.py\n")
    repository(Path())
    plant("untracked.py", "third/x.py")
    git("init", "-q", "third", cwd=Path())
    assert discover(["."]).paths == ["tracked.py", "untracked.py"]


def test_an_ignored_directory_is_walked_when_it_is_asked_for() -> None:
    plant("a.py", "out/b.py")
    Path(".gitignore").write_text("out\n")
    repository(Path())
    assert discover(["."]).paths == ["a.py"]
    assert discover(["out"]).paths == ["out/b.py"]


def test_submodules_are_left_alone() -> None:
    plant("lib/x.py")
    repository(Path("lib"))
    Path("top").mkdir()
    plant("top/a.py")
    repository(Path("top"))
    add = ("-c", "protocol.file.allow=always", "submodule", "add", "-q", "../lib")
    git(*add, cwd=Path("top"))
    assert (Path("top") / "lib" / "x.py").exists()
    found = discover(["top"]).paths
    assert [path for path in found if read(path) is not None] == ["top/a.py"]


def test_a_repository_met_on_a_walk_is_listed_by_git() -> None:
    plant("loose.py", "repo/a.py", "repo/ignored.py")
    Path("repo/.gitignore").write_text("ignored.py\n")
    repository(Path("repo"))
    assert discover(["."]).paths == ["loose.py", "repo/a.py"]


def test_a_repository_that_git_cannot_list_is_walked_and_said_so() -> None:
    plant("a.py", ".git/HEAD")
    found = discover(["."])
    assert found.paths == ["a.py"]
    assert found.notes == (
        ".: walked, because git cannot list it: fatal: not a git repository "
        "(or any of the parent directories): .git",
    )


def test_links_are_neither_followed_nor_read_unless_they_are_named() -> None:
    plant("real/a.py")
    Path("link.py").symlink_to("real/a.py")
    Path("loop").symlink_to(".")
    found = discover(["."])
    assert found.paths == ["real/a.py"]
    assert read("link.py") is None
    assert read("link.py", follow=True) is not None
    assert discover(["link.py"]).named == {"link.py"}


def test_links_that_git_tracks_are_not_read() -> None:
    plant("a.py")
    Path("link.py").symlink_to("a.py")
    repository(Path())
    assert [path for path in discover(["."]).paths if read(path)] == ["a.py"]


def test_what_is_named_is_found_whatever_it_is_called() -> None:
    plant("build/a.py", "notes.txt")
    found = discover(["build/a.py", "notes.txt", "missing.py", "build/a.py"])
    assert found.paths == ["build/a.py", "notes.txt"]
    assert found.named == {"build/a.py", "notes.txt"}
    assert found.missing == ("missing.py",)


def test_overlapping_paths_are_found_once() -> None:
    plant("pkg/a.py")
    assert discover([".", "pkg", "pkg/a.py"]).paths == ["pkg/a.py"]


def test_paths_elsewhere_are_relative_to_here(monkeypatch: pytest.MonkeyPatch) -> None:
    plant("pkg/a.py", "work/b.py")
    monkeypatch.chdir("work")
    assert discover(["../pkg"]).paths == ["../pkg/a.py"]
    assert discover([str(Path.cwd())]).paths == ["b.py"]


def test_a_pipe_is_no_file() -> None:
    os.mkfifo("pipe.py")
    assert read("pipe.py") is None


def test_all_of_a_file_is_read() -> None:
    Path("a.py").write_bytes(b"x" * 3_000_000)
    content = read("a.py")
    assert content is not None
    assert len(content[0]) == content[1][0] == 3_000_000


def test_a_word_across_two_blocks_of_a_large_file_is_found() -> None:
    Path("big.py").write_bytes(b"x" * (files.BLOCK - 3) + b"iterrows" + b"x" * 100)
    assert files.holds("big.py", [b"iterrows"])
    assert not files.holds("big.py", [b"iterrowz"])


def test_a_replaced_file_keeps_its_mode() -> None:
    plant("run.py")
    os.chmod("run.py", 0o755)
    content = read("run.py")
    assert content is not None
    replace("run.py", b"new\n", content[1])
    assert Path("run.py").read_bytes() == b"new\n"
    assert os.stat("run.py").st_mode & 0o777 == 0o755
    assert os.listdir() == ["run.py"]


def test_a_link_that_was_named_stays_a_link() -> None:
    plant("real.py")
    Path("link.py").symlink_to("real.py")
    content = read("link.py", follow=True)
    assert content is not None
    replace("link.py", b"new\n", content[1])
    assert Path("link.py").is_symlink()
    assert Path("real.py").read_bytes() == b"new\n"


def test_a_file_that_changed_is_not_replaced() -> None:
    plant("a.py")
    content = read("a.py")
    assert content is not None
    Path("a.py").write_text("someone else's\n")
    with pytest.raises(Refused, match="the file changed since it was read"):
        replace("a.py", b"ours\n", content[1])
    assert Path("a.py").read_text() == "someone else's\n"
    assert os.listdir() == ["a.py"]


def test_a_read_only_file_is_not_replaced() -> None:
    plant("a.py")
    os.chmod("a.py", 0o444)
    content = read("a.py")
    assert content is not None
    with pytest.raises(Refused, match="the file is read-only"):
        replace("a.py", b"ours\n", content[1])
    assert Path("a.py").read_text() == "x = 1\n"


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        ("scripts/**", "scripts/a/b.py", True),
        ("scripts/**", "x/scripts/b.py", False),
        ("tests", "a/tests/b.py", True),
        ("tests/", "tests/b.py", True),
        ("tests", "tests.py", False),
        ("*_gen.py", "a/x_gen.py", True),
        ("a/*/c.py", "a/b/c.py", True),
        ("a/*/c.py", "a/b/d/c.py", False),
        ("**/conf.py", "conf.py", True),
        ("**/conf.py", "a/b/conf.py", True),
        ("a/**/c.py", "a/c.py", True),
        ("a/**/c.py", "a/b/d/c.py", True),
        ("/conf.py", "conf.py", True),
        ("/conf.py", "a/conf.py", False),
        ("./conf.py", "conf.py", True),
        ("x[12].py", "x1.py", True),
        ("x[!12].py", "x1.py", False),
        ("a?.py", "ab.py", True),
        ("a.py", "axpy", False),
        ("[.py", "[.py", True),
    ],
)
def test_patterns(pattern: str, path: str, covered: bool) -> None:
    assert bool(matching([pattern]).fullmatch(path)) is covered


def test_no_pattern_covers_nothing() -> None:
    assert not matching([]).fullmatch("a.py")
