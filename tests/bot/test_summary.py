"""The report of a sweep: tables that a person wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import DONE, FAILED, main
from bot.model import Base, Change
from bot.ports import Trouble
from bot.report import Looked, Place, State
from bot.summary import Category, Summary, Worst
from bot.summary.diary import begun, opened
from bot.summary.text import WIDTH, as_json, as_markdown, as_text
from bot.sweep import Row

NIGHT = 1_795_485_600.0  # 2026-11-24 02:00 UTC
SUMMARY = Summary(
    began=NIGHT,
    repositories=1_000,
    worked_on=15,
    unchanged=983,
    categories=(
        Category("iterrows", found=40, open=25, refused=3, alone=12, fixed=4, new=0),
        Category(
            "shell-true", found=1_003, open=2, refused=0, alone=1_001, fixed=0, new=1
        ),
    ),
    worst=(
        Worst("acme/data", "app/loader.py", (("iterrows", 10), ("shell-true", 2))),
        Worst("acme/jobs", "run.py", (("shell-true", 7),)),
    ),
    rows=(
        Row("acme/data", opened=2, updated=1),
        Row("acme/gone", error="GitHub does not know it, or the token may not see it"),
    ),
    trend=((NIGHT - 2 * 86_400, 1_050), (NIGHT - 86_400, 1_046), (NIGHT, 1_043)),
)

TEXT = """\
Sweep of 2026-11-24 02:00 UTC: 1,000 repositories, 15 worked on, \
983 as they were, 1 failed

finding     found  open  refused  left alone  fixed  new  trend
iterrows       40    25        3          12      4    0     -4
shell-true  1,003     2        0       1,001      0    1     +1
all         1,043    27        3       1,013      4    1     -3

worst files              findings
acme/data app/loader.py        12  iterrows 10, shell-true 2
acme/jobs run.py                7  shell-true 7

repository  opened  updated  closed  error
acme/data        2        1       0
acme/gone        0        0       0  \
GitHub does not know it, or the token may not see it

Findings night by night since 2026-11-22: 1,050 1,046 1,043"""

MARKDOWN = """\
## Sweep of 2026-11-24 02:00 UTC: 1,000 repositories, 15 worked on, \
983 as they were, 1 failed

| finding | found | open | refused | left alone | fixed | new | trend |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| iterrows | 40 | 25 | 3 | 12 | 4 | 0 | -4 |
| shell-true | 1,003 | 2 | 0 | 1,001 | 0 | 1 | +1 |
| all | 1,043 | 27 | 3 | 1,013 | 4 | 1 | -3 |

| worst files | findings |  |
| --- | ---: | --- |
| `acme/data app/loader.py` | 12 | iterrows 10, shell-true 2 |
| `acme/jobs run.py` | 7 | shell-true 7 |

| repository | opened | updated | closed | error |
| --- | ---: | ---: | ---: | --- |
| `acme/data` | 2 | 1 | 0 |  |
| `acme/gone` | 0 | 0 | 0 | `GitHub does not know it, or the token may not see it` |

Findings night by night since 2026-11-22: 1,050 1,046 1,043"""


def test_the_report_for_people() -> None:
    assert as_text(SUMMARY) == TEXT


def test_the_report_as_markdown() -> None:
    assert as_markdown(SUMMARY) == MARKDOWN


def test_the_report_for_programs() -> None:
    found = json.loads(as_json(SUMMARY))
    assert found["format"] == 1
    assert found["categories"][0] == {
        "codemod": "iterrows",
        "found": 40,
        "open": 25,
        "refused": 3,
        "alone": 12,
        "fixed": 4,
        "new": 0,
    }
    assert found["worst"][1]["counts"] == [["shell-true", 7]]


def test_a_quiet_night_is_one_line() -> None:
    quiet = Summary(NIGHT, repositories=1, worked_on=0, unchanged=1)
    assert as_text(quiet) == (
        "Sweep of 2026-11-24 02:00 UTC: 1 repository, 0 worked on, 1 as they were"
    )


def test_long_names_lose_their_middle() -> None:
    long = Worst("o" * 39 + "/" + "r" * 100, "d/" * 60 + "end.py", (("iterrows", 3),))
    error = Row("acme/data", error="a" * 300 + "\nb")
    found = as_text(Summary(NIGHT, 1, 1, 0, worst=(long,), rows=(error,)))
    assert max(map(len, found.splitlines())) <= WIDTH
    assert "…" in found
    assert "end.py" in found


def test_markdown_of_a_hostile_name_means_nothing() -> None:
    worst = Worst("acme/data", "a`|<b>\n@ann.py", (("iterrows", 3),))
    found = as_markdown(Summary(NIGHT, 1, 1, 0, worst=(worst,)))
    assert "| `acme/data a'\\|<b> @ann.py` | 3 | iterrows 3 |" in found


def looked(codemod: str, *found: tuple[str, State]) -> Looked:
    places = tuple(
        Place(Change(path, line, "safe", f"{line:016}", "m", "b"), state)
        for line, (path, state) in enumerate(found)
    )
    return Looked(codemod, Base("main", "c0ffee", 0), places)


def test_sweeps_are_told_apart_night_by_night(tmp_path: Path) -> None:
    folder = str(tmp_path)
    first = begun(folder)
    hear = first.witness("acme/data")
    hear(looked("iterrows", ("a.py", "made"), ("a.py", "vetoed"), ("b.py", "declined")))
    first.witness("acme/old")(looked("iterrows", ("c.py", "made")))
    first.close(NIGHT, [Row("acme/data", 1), Row("acme/old", left=1)])
    second = begun(folder)
    second.witness("acme/data")(looked("iterrows", ("a.py", "vetoed")))
    second.witness("acme/new")(looked("shell-true", ("d.py", "later")))
    rows = [Row("acme/data", left=1), Row("acme/old", left=1), Row("acme/new", left=1)]
    second.close(NIGHT + 86_400, rows)
    found = opened(folder).summary
    assert (found.repositories, found.worked_on, found.unchanged) == (3, 2, 1)
    assert found.categories == (
        Category("iterrows", found=2, open=1, refused=1, alone=0, fixed=2, new=0),
        Category("shell-true", found=1, open=1, refused=0, alone=0, fixed=0, new=1),
    )
    assert [worst.repository for worst in found.worst] == [
        "acme/data",
        "acme/new",
        "acme/old",
    ]
    assert [count for _, count in found.trend] == [4, 3]


def test_who_is_no_longer_swept_is_not_counted(tmp_path: Path) -> None:
    first = begun(str(tmp_path))
    first.witness("acme/old")(looked("iterrows", ("c.py", "made")))
    first.close(NIGHT, [Row("acme/old", 1)])
    second = begun(str(tmp_path))
    second.close(NIGHT + 86_400, [Row("acme/data")])
    (category,) = opened(str(tmp_path)).summary.categories
    assert (category.found, category.fixed) == (0, 1)


@pytest.mark.parametrize("text", [None, "", "[]", '{"format": 9}'])
def test_without_a_sweep_there_is_no_report(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "diary.json").write_text(text)
    with pytest.raises(Trouble, match="no sweep has left anything here"):
        assert opened(str(tmp_path)).summary


def test_the_command_says_where_it_looked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "sweeps"
    assert main(["sweep", "--report", "--cache", str(tmp_path)]) == FAILED
    assert "see --cache and --database" in capsys.readouterr().err
    diary = begun(str(folder))
    diary.close(NIGHT, [Row("acme/data", left=1)])
    given = ["sweep", "--report", "--cache", str(tmp_path)]
    assert main(given) == DONE
    assert "1 repository, 0 worked on" in capsys.readouterr().out
    assert main([*given, "--format", "json"]) == DONE
    assert json.loads(capsys.readouterr().out)["repositories"] == 1
