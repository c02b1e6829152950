"""What a run leaves as JSON: what was found, what became of it, what was said."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot import report
from bot.cli import main
from tests.bot.remote import Work
from tests.bot.test_run import ONE, TWO, work  # noqa: F401

VETO = "- [x] <!-- codemod:"


def ran(work: Work, *more: str) -> report.Report:  # noqa: F811
    above = work.path.parent
    told = above / "report.json"
    given = ["--remote", str(work.bare), "--no-pull", "--bodies", str(above / "pulls")]
    given += ["--cache", str(above / "cache"), "--report", str(told), *more]
    given += ["--even-if-idle"]
    main(["run", *given])
    return report.read(told.read_text())


def test_what_is_found_and_opened(work: Work) -> None:  # noqa: F811
    left = ran(work, "--only", "iterrows,shell-true")
    assert [each.codemod for each in left.looked] == ["iterrows", "shell-true"]
    loops, shells = left.looked
    assert shells.places == ()
    assert loops.base.branch == "main"
    assert loops.base.commit == work.tips()["main"]
    assert [(p.change.path, p.change.tier, p.state) for p in loops.places] == [
        ("app/one.py", "safe", "made"),
        ("app/two.py", "safe", "made"),
    ]
    assert "iterrows" in loops.places[0].change.before
    (pull,) = left.pulls
    assert (pull.branch, pull.open, pull.body) == ("codemod/iterrows", True, "")
    assert [line.text for line in left.log] == [
        "iterrows: 2 findings",
        "codemod/iterrows: pull request 0 opened",
        "shell-true: 0 findings",
        "codemod/shell-true: left alone: nothing to propose",
    ]
    assert (left.opened, left.updated, left.closed, left.error) == (1, 0, 0, "")


def test_what_was_turned_down_is_told_apart(work: Work) -> None:  # noqa: F811
    ran(work, "--only", "iterrows")
    body = work.path.parent / "pulls" / "iterrows.md"
    text = body.read_text()
    at = text.index(VETO)
    body.write_text(text[:at] + text[at:].replace("[x]", "[ ]", 1))
    left = ran(work, "--only", "iterrows")
    assert sorted(place.state for place in left.looked[0].places) == ["made", "vetoed"]


def test_an_error_is_part_of_it(work: Work) -> None:  # noqa: F811
    (work.path / ".codemod.toml").write_text('[tool.codemod-bot]\nselect = ["x"]\n')
    work.push()
    left = ran(work)
    assert "'x'" in left.error
    assert (left.looked, left.lasting) == ((), True)


def test_a_report_comes_back_as_it_was(work: Work) -> None:  # noqa: F811
    work.write(app__one_py=f"# {'é' * 3}\n{ONE}", app__two_py=TWO)
    work.push()
    left = ran(work)
    assert report.read(report.printed(left)) == left
    odd = replace(left, error="a\udcff\0<script>")
    assert report.read(report.printed(odd)) == odd


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', '{"format": 1}'])
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"report|Expecting"):
        report.read(text)


def test_where_it_cannot_be_left(
    work: Work,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    gone = tmp_path / "no" / "such"
    given = ["--remote", str(work.bare), "--no-pull", "--report", str(gone)]
    given += ["--bodies", str(tmp_path / "pulls"), "--cache", str(tmp_path / "cache")]
    assert main(["run", *given]) == 3
    assert "codemod-bot: --report: " in capsys.readouterr().err


def test_the_format_is_a_contract(work: Work) -> None:  # noqa: F811
    left = json.loads(report.printed(ran(work, "--only", "iterrows")))
    assert left["format"] == 1
    assert {"repository", "version", "began", "seconds", "looked", "pulls"} < set(left)
