"""`--since`: only what changed since a revision."""

from __future__ import annotations

from pathlib import Path

import pytest

from codemods.changed import added_lines
from tests.command import codemod, git, repository


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "a.py").write_text("x = 1\nold(1)\ny = 2\n")
    (tmp_path / "pkg" / "é b.py").write_text("old(1)\nx\n")
    return repository(tmp_path)


def found(cwd: Path, revision: str = "HEAD", *paths: str) -> list[tuple[str, int]]:
    arguments = ("run", "old-call", *paths, "--since", revision, "--dry-run")
    document = codemod(*arguments, "--output-format", "json", cwd=cwd).json
    return [(each["path"], each["line"]) for each in document["findings"]]


def commit(project: Path) -> None:
    git("commit", "-q", "-a", "-m", "more", cwd=project)


def test_nothing_changed(project: Path) -> None:
    assert found(project) == []


def test_only_changed_lines_count(project: Path) -> None:
    (project / "a.py").write_text("old(2)\nx = 1\nold(1)\ny = 2\nold(3)\n")
    assert found(project) == [("a.py", 1), ("a.py", 5)]
    codemod("run", "old-call", "--since", "HEAD", cwd=project)
    text = (project / "a.py").read_text()
    assert text == "new(2)\nx = 1\nold(1)\ny = 2\nnew(3)\n"


def test_a_new_file_counts_as_a_whole(project: Path) -> None:
    (project / "new.py").write_text("old(1)\n")
    (project / "staged.py").write_text("old(1)\n")
    git("add", "staged.py", cwd=project)
    assert found(project) == [("new.py", 1), ("staged.py", 1)]


def test_commits_since_count(project: Path) -> None:
    (project / "pkg" / "é b.py").write_text("old(1)\nx\nold(2)\n")
    commit(project)
    assert found(project) == []
    assert found(project, "HEAD~1") == [("pkg/é b.py", 3)]
    assert found(project / "pkg", "HEAD~1") == [("é b.py", 3)]
    assert found(project, "HEAD~1", "a.py") == []


def test_what_others_did_meanwhile_does_not_count(project: Path) -> None:
    git("branch", "-m", "main", cwd=project)
    git("checkout", "-q", "-b", "mine", cwd=project)
    (project / "pkg" / "é b.py").write_text("old(1)\nold(5)\n")
    commit(project)
    git("checkout", "-q", "main", cwd=project)
    (project / "a.py").write_text("x = 1\ny = 2\n")
    commit(project)
    git("checkout", "-q", "mine", cwd=project)
    assert found(project, "main") == [("pkg/é b.py", 2)]


@pytest.mark.parametrize("revision", ["nonsense", "--output=x", "HEAD:a.py"])
def test_what_names_no_commit_ends_with_2(project: Path, revision: str) -> None:
    done = codemod("run", "old-call", f"--since={revision}", cwd=project)
    assert done.code == 2
    assert done.err == f"codemod: --since: {revision!r} names no commit here\n"
    assert not (project / "x").exists()


def test_lines_that_look_like_headers_are_lines() -> None:
    diff = b"""\
diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1,2 +1,2 @@
--- old
-- b
+++ b/evil.py
+@@ -1 +9 @@
\\ No newline at end of file
@@ -9,0 +9,3 @@
+x
+y
+z
diff --git a/gone.py b/gone.py
--- a/gone.py
+++ /dev/null
@@ -1 +0,0 @@
-x
--- "a/q\\"\\303\\251.py"\t
+++ "b/q\\"\\303\\251.py"\t
@@ -3 +4 @@
-x
+y
"""
    assert dict(added_lines(diff.splitlines(keepends=True))) == {
        "a.py": {1, 2, 9, 10, 11},
        'q"é.py': {4},
    }
