"""`--interactive`, answered on a terminal as a person does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest

from tests.command import codemod, environment

CODE = """\
old(1)
old(2)
old(3, 4)
"""


@contextmanager
def asked(project: Path, *more: str, **variables: str) -> Iterator[pexpect.spawn[str]]:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "codemods", "run", "old-call", "--interactive", *more],
        cwd=str(project),
        env={**environment(**variables), "NO_COLOR": "1", "TERM": "xterm"},
        encoding="utf-8",
        timeout=60,
        dimensions=(40, 100),
    )
    try:
        yield child
    finally:
        child.close(force=True)


def answer(child: pexpect.spawn[str], *answers: str) -> None:
    for each in answers:
        child.expect_exact("q,?]? ")
        child.sendline(each)


def ended(child: pexpect.spawn[str]) -> tuple[str, int | None]:
    child.expect(pexpect.EOF)
    child.close()
    return str(child.before), child.exitstatus


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text(CODE)
    return tmp_path


def test_each_answer_counts_for_its_fix(project: Path) -> None:
    with asked(project) as child:
        child.expect_exact("old-call  a.py:1  `old` is deprecated")
        child.expect_exact("-old(1)\r\n+new(1)")
        answer(child, "y", "n")
        child.expect_exact("unsafe: a second argument was ignored")
        answer(child, "y")
        said, code = ended(child)
    assert said.strip().endswith("2 made, 1 left; 1 file written.")
    assert code == 0
    assert (project / "a.py").read_text() == "new(1)\nold(2)\nnew(3, 4)\n"


def test_what_is_ignored_stays_ignored(project: Path) -> None:
    with asked(project) as child:
        answer(child, "i")
        child.expect_exact("Why? ")
        child.sendline("it is new elsewhere")
        answer(child, "d")
        said, _ = ended(child)
    assert "1 ignored, 2 left" in said
    first = "old(1)  # codemod: ignore[old-call] it is new elsewhere\n"
    assert (project / "a.py").read_text() == first + "old(2)\nold(3, 4)\n"
    assert codemod("run", "old-call", "a.py", cwd=project).code == 0
    assert (project / "a.py").read_text() == first + "new(2)\nold(3, 4)\n"


def test_all_that_follow_are_the_safe_ones(project: Path) -> None:
    with asked(project) as child:
        answer(child, "a")
        child.expect_exact("unsafe: a second argument was ignored")
        answer(child, "n")
        ended(child)
    assert (project / "a.py").read_text() == "new(1)\nnew(2)\nold(3, 4)\n"


def test_quitting_writes_what_was_answered_and_asks_no_more(project: Path) -> None:
    (project / "b.py").write_text("old(1)\n")
    with asked(project) as child:
        answer(child, "?")
        child.expect_exact("q - quit; what was answered is written")
        answer(child, "y", "q")
        said, code = ended(child)
    assert "1 made, 2 left; 1 file written." in said
    assert code == 0
    assert (project / "a.py").read_text() == "new(1)\nold(2)\nold(3, 4)\n"
    assert (project / "b.py").read_text() == "old(1)\n"


def test_an_interrupt_leaves_the_file_as_it_was(project: Path) -> None:
    with asked(project) as child:
        answer(child, "y")
        child.expect_exact("q,?]? ")
        child.sendintr()
        said, code = ended(child)
    assert "interrupted; no file is half-written" in said
    assert code == 130
    assert (project / "a.py").read_text() == CODE


def test_a_fix_may_be_edited_first(project: Path) -> None:
    editor = project / "editor.sh"
    editor.write_text("#!/bin/sh\nsed -i 's/new(1)/newer(1)/' \"$1\"\n")
    editor.chmod(0o755)
    with asked(project, "a.py", VISUAL=str(editor)) as child:
        answer(child, "e", "d")
        ended(child)
    assert (project / "a.py").read_text() == "newer(1)\nold(2)\nold(3, 4)\n"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo 'new((1)' > \"$1\"", "That is not valid Python: "),
        ("exit 1", "ended with 1; nothing was taken from it"),
    ],
)
def test_an_edit_that_cannot_be_taken_is_asked_about_again(
    project: Path, script: str, message: str
) -> None:
    editor = project / "editor.sh"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o755)
    with asked(project, "a.py", VISUAL=str(editor)) as child:
        answer(child, "e")
        child.expect_exact(message)
        answer(child, "d")
        ended(child)
    assert (project / "a.py").read_text() == CODE


def test_without_a_terminal_it_says_so(project: Path) -> None:
    done = codemod("run", "old-call", "-i", cwd=project)
    assert done.code == 2
    assert "--interactive asks on a terminal, and there is none" in done.err
    done = codemod("run", "old-call", "-i", "--check", cwd=project)
    assert done.code == 2
