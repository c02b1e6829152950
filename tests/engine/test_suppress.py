"""Which comments keep a codemod from which lines."""

from __future__ import annotations

import pytest

from codemods.model import Codemod
from codemods.suppress import Suppressions

SHELL = Codemod(
    module="shell_true",
    page="",
    message="",
    words=(b"shell",),
    ignored_by=("S602", "B602", "subprocess-run-check"),
)


def covered(code: str, *lines: int) -> bool:
    return Suppressions(code.encode()).covers(SHELL, lines)


@pytest.mark.parametrize(
    "comment",
    [
        "codemod: ignore[shell-true] known",
        "codemod: ignore[iterrows, shell-true]",
        "codemod: ignore",
        "noqa",
        "noqa: S602",
        "noqa: E501,S602 why",
        "NOQA:S602",
        "nosec",
        "nosec B602",
        "nosec: B101, B602",
        "pylint: disable=subprocess-run-check",
        "type: ignore  # noqa: S602",
    ],
)
def test_a_comment_speaks_for_its_line(comment: str) -> None:
    assert covered(f"x\nrun()  # {comment}\ny\n", 2)
    assert not covered(f"x\nrun()  # {comment}\ny\n", 1)


@pytest.mark.parametrize(
    "comment",
    [
        "codemod: ignore[iterrows]",
        "noqa: E501",
        "nosec B101",
        "pylint: disable=line-too-long",
        "a note: noqaish",
    ],
)
def test_comments_on_other_matters(comment: str) -> None:
    assert not covered(f"run()  # {comment}\n", 1)


def test_a_string_is_no_comment() -> None:
    assert not covered("run('# noqa')\n", 1)


def test_anywhere_in_a_statement_of_several_lines() -> None:
    assert covered("run(\n    a,  # noqa\n)\n", 1, 2, 3)


def test_ours_on_a_line_of_its_own_speaks_for_the_next_code() -> None:
    code = "# codemod: ignore[shell-true]\n# because\n\nrun()\nrun()\n"
    assert covered(code, 4)
    assert not covered(code, 5)


def test_a_form_feed_ends_no_line() -> None:
    code = "s = '''\f\u2028\n'''\n\f# codemod: ignore[shell-true]\nrun()\n"
    assert covered(code, 4)


def test_lines_that_end_in_returns() -> None:
    assert covered("x\rrun()  # noqa\ry\r", 2)
    assert covered("x\r\nrun()  # noqa\r\ny\r\n", 2)


def test_a_file_may_be_spoken_for_as_a_whole() -> None:
    assert covered("# ruff: noqa: S602\n\nrun()\n", 3)
    assert covered("# flake8: noqa\n\nrun()\n", 3)
    assert not covered("# noqa\n\nrun()\n", 3)


def test_pylint_speaks_for_the_rest_of_a_block() -> None:
    code = (
        "def f():\n"
        "    # pylint: disable=subprocess-run-check\n"
        "    if x:\n"
        "        run()\n"
        "run()\n"
    )
    assert covered(code, 4)
    assert not covered(code, 5)


def test_pylint_speaks_for_the_next_line() -> None:
    code = "# pylint: disable-next=subprocess-run-check\nrun()\nrun()\n"
    assert covered(code, 2)
    assert not covered(code, 3)
