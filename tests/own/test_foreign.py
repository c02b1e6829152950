"""Codemods of other tools, through the command: diff, tier, report, and failures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import codemod

BEFORE = "x = old(1)\n\n\ndef f():\n    return old\n\n\nprint(x)\n"
AFTER = "x = new(1)\n\n\ndef f():\n    return new\n\n\nprint(x)\n"

COMMAND = """
import libcst as cst
from libcst.codemod import SkipFile, VisitorBasedCodemodCommand


class RenameOld(VisitorBasedCodemodCommand):
    DESCRIPTION = "Say `new` where `old` was said."

    def transform_module_impl(self, tree):
        if "skip me" in tree.code:
            raise SkipFile("asked to")
        if "break" in tree.code:
            raise ZeroDivisionError("it is broken")
        return super().transform_module_impl(tree)

    def leave_Name(self, original, updated):
        return updated.with_changes(value="new") if updated.value == "old" else updated


class Declared(RenameOld):
    safe = True
"""

QUERY = """
from bowler import Query

RENAMED = Query().select_function("old").rename("new")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "house.py").write_text(COMMAND)
    (tmp_path / "queries.py").write_text(QUERY)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text(BEFORE)
    return tmp_path


def test_a_libcst_command_is_unsafe_and_told_with_its_words(project: Path) -> None:
    given = ("run", "rename-old", "--codemod", "house:RenameOld", "src")
    done = codemod(*given, "--output-format", "json", cwd=project)
    (finding,) = done.json["findings"]
    assert finding["codemod"] == "rename-old"
    assert finding["verdict"] == "unsafe"
    assert finding["message"] == "Say `new` where `old` was said."
    assert finding["caveat"] == (
        "libcst rewrote the file as a whole; nobody declared it safe"
    )
    assert (project / "src" / "a.py").read_text() == BEFORE
    assert codemod(*given, "--unsafe-fixes", cwd=project).code == 0
    assert (project / "src" / "a.py").read_text() == AFTER


def test_what_its_author_declares_safe_is_made_at_once(project: Path) -> None:
    given = ("run", "declared", "--codemod", "house.py:Declared", "src")
    assert codemod(*given, cwd=project).code == 0
    assert (project / "src" / "a.py").read_text() == AFTER


def test_a_skipped_file_is_left_and_a_crash_is_told(project: Path) -> None:
    (project / "src" / "b.py").write_text("# skip me\nold()\n")
    (project / "src" / "c.py").write_text("while old():\n    break\n")
    given = ("run", "rename-old", "--codemod", "house:RenameOld", "src")
    done = codemod(*given, "--unsafe-fixes", "--output-format", "json", cwd=project)
    assert done.code == 3
    (failure,) = done.json["errors"]
    assert failure["path"] == "src/c.py"
    assert failure["codemod"] == "rename-old"
    assert "ZeroDivisionError: it is broken" in failure["message"]
    assert (project / "src" / "a.py").read_text() == AFTER
    assert (project / "src" / "b.py").read_text() == "# skip me\nold()\n"


def test_a_bowler_query_runs_as_it_is(project: Path) -> None:
    given = ("run", "renamed", "--codemod", "queries:RENAMED", "src")
    done = codemod(*given, "--dry-run", "--unsafe-fixes", cwd=project)
    assert "-x = old(1)\n+x = new(1)\n" in done.out
    assert codemod(*given, "--unsafe-fixes", cwd=project).code == 0
    assert (project / "src" / "a.py").read_text() == BEFORE.replace("old(1)", "new(1)")


def test_what_bowlers_grammar_does_not_know_is_told(project: Path) -> None:
    file = project / "src" / "b.py"
    file.write_text("match old():\n    case 1:\n        pass\n")
    given = ("run", "renamed", "--codemod", "queries:RENAMED", "src/b.py")
    done = codemod(*given, "--unsafe-fixes", cwd=project)
    assert done.code == 3
    assert "src/b.py" in done.err + done.out
    assert "its grammar is that of 2020" in done.err + done.out


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("nowhere:X", "--codemod nowhere:X cannot be loaded: "),
        ("nowhere.py", "--codemod nowhere.py: no such file"),
        ("house:cst", "cst is module; wanted is a Codemod, a subclass of "),
        ("house:Missing", "has no attribute 'Missing'"),
    ],
)
def test_what_cannot_be_loaded_is_named(
    project: Path, given: str, message: str
) -> None:
    done = codemod("run", "all", "--codemod", given, "src", cwd=project)
    assert done.code == 2
    assert message in done.err
