"""`--fail-on`: which findings fail a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import codemod


@pytest.mark.parametrize(
    ("code", "kinds", "expected"),
    [
        ("old(1)\n", "safe", 1),
        ("old(1)\n", "unsafe,urgent,left", 0),
        ("old(1, 2)\n", "safe", 0),
        ("old(1, 2)\n", "safe, unsafe", 1),
        ("old(*x)\n", "urgent", 1),
        ("old(*x)\n", "left", 0),
        ("old()\n", "left", 1),
        ("old()  # codemod: ignore[old-call]\n", "left", 0),
        ("old(1)\n", "", 0),
        ("old('crash')\n", "", 3),
    ],
)
def test_a_run_fails_for_the_kinds_that_are_named(
    tmp_path: Path, code: str, kinds: str, expected: int
) -> None:
    (tmp_path / "a.py").write_text(code)
    done = codemod("run", "old-call", "--check", "--fail-on", kinds, cwd=tmp_path)
    assert done.code == expected
    assert (tmp_path / "a.py").read_text() == code


def test_an_unknown_kind_is_said_before_anything_is_done(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("old(1)\n")
    done = codemod("run", "old-call", "--fail-on", "safe,urgen", cwd=tmp_path)
    assert (done.code, done.out, done.err) == (
        2,
        "",
        "codemod: --fail-on: no finding is 'urgen'; did you mean 'urgent'?\n",
    )
    assert (tmp_path / "a.py").read_text() == "old(1)\n"
