"""The order in which the arguments of `codemod run` are given is free."""

from __future__ import annotations

from pathlib import Path

import pytest

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
    assert done.err == (
        "codemod run: unrecognized arguments: --dryrun; did you mean '--dry-run'?\n"
        "Try: codemod run --help\n"
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["rnu"], "'rnu' is unknown; did you mean 'run'?"),
        (["audit", "--output-format", "sarif"], "; there are text, json, markdown, h"),
        (
            ["prove", "a.py", "--seeds=1"],
            "; did you mean '--seed'?\nTry: codemod prove --help",
        ),
        (["list", "one.py"], "list: unrecognized arguments: one.py\nTry: "),
        (["run", "all", "--dry"], "unrecognized arguments: --dry; did you mean '--dry"),
    ],
)
def test_a_mistake_is_told_in_a_line_with_what_was_meant(
    tmp_path: Path, arguments: list[str], says: str
) -> None:
    done = codemod(*arguments, cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert done.err.count("\n") == 2


def test_without_a_command_the_help_is_printed(tmp_path: Path) -> None:
    done = codemod(cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "run       rewrite files" in done.err


def test_a_second_name_without_a_comma_is_told(tmp_path: Path) -> None:
    done = codemod("run", "iterrows", "shell-true", cwd=tmp_path)
    assert done.code == 3
    hint = "no such file or directory; for both codemods write iterrows,shell-true\n"
    assert f"error: shell-true: {hint}" in done.out
