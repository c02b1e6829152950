"""The order in which the arguments of `codemod run` are given is free."""

from __future__ import annotations

from pathlib import Path

from tests.command import codemod


def test_paths_may_stand_after_options(tmp_path: Path) -> None:
    for name in ("one", "two", "other"):
        (tmp_path / f"{name}.py").write_text("x = 1\n")
    done = codemod("run", "all", "one.py", "--dry-run", "two.py", cwd=tmp_path)
    assert done.code == 0
    assert "(2 files, " in done.err


def test_an_option_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    done = codemod("run", "all", "--dryrun", "one.py", cwd=tmp_path)
    assert done.code == 2
    assert done.err.endswith("error: unrecognized arguments: --dryrun\n")


def test_other_commands_take_no_paths(tmp_path: Path) -> None:
    done = codemod("list", "one.py", cwd=tmp_path)
    assert done.code == 2
    assert "unrecognized arguments: one.py" in done.err
