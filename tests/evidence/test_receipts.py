"""Receipts as a user gets them: in text, in JSON, withdrawn fixes, and made again."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.command import ROOT, Done, codemod

PLANTED = os.pathsep.join((str(Path(__file__).parent / "plugin"), str(ROOT)))
TEAMS = """\
def teams(df):
    found = []
    for _, row in df.iterrows():
        name = row["team"].strip()
        if row["points"] > 2:
            found.append(name.upper())
    return found
"""
NOTES = """\
def notes(df):
    found = []
    for _, row in df.iterrows():
        found.append(row["note"].strip() if row["note"] else "none")
    return found
"""
COUNT = """\
def count(df, seen):
    for _, row in df.iterrows():
        seen.append(row["n"])
"""
AWAITS = """\
async def send(df, api):
    for _, row in df.iterrows():
        await api.send(row["n"].strip())
"""
ASKS = """\
def store(df, api):
    for _, row in df.iterrows():
        api.store(row["name"].strip())
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "loops.py"


def prove(place: Path, *arguments: str, name: str = "iterrows") -> Done:
    quick = ("--trials", "40", "--seconds", "0.1")
    return codemod(
        *("prove", place.name, "--codemod", name, *quick, *arguments),
        cwd=place.parent,
        PYTHONPATH=PLANTED,
    )


def receipt(place: Path, *arguments: str, name: str = "iterrows") -> dict[str, Any]:
    done = prove(place, "--output-format", "json", *arguments, name=name)
    (finding,) = done.json["findings"]
    told: dict[str, Any] = finding
    return told


def test_a_receipt_in_json_says_what_was_run(place: Path) -> None:
    place.write_text(TEAMS)
    found = receipt(place)
    told = found["evidence"]
    assert found["verdict"] == "safe"
    assert told["outcome"] == "no difference"
    assert told["trials"] == 40
    assert told["identical_types"] + told["both_raised"] + told["vacuous"] == 40
    assert told["identical_types"] > 10
    assert told["counterexample"] is None
    assert told["reason"] is None
    assert told["sentence"].startswith("no difference found on 40 frames (")
    assert "prove" not in told["sentence"]
    (first, *_) = told["timings"]
    assert first["rows"] == 100
    assert first["before"] > first["after"] > 0


def test_a_receipt_in_the_summary_of_a_run(place: Path) -> None:
    place.write_text(TEAMS)
    done = codemod("run", "iterrows", "--evidence", cwd=place.parent)
    assert done.code == 0, done.err
    head = "      evidence: 1 of 1 fixes run, no difference in 1\n"
    assert head in done.out
    assert re.search(
        r"      loops.py:3 no difference found on 200 frames \(\d+ identical types.*; "
        r"[\d.]+ times faster at (100|10,000|1,000,000) rows\n",
        done.out,
    )
    assert "iterrows()" not in place.read_text()


def test_a_safe_fix_that_is_refuted_is_withdrawn(place: Path) -> None:
    place.write_text(COUNT)
    done = codemod(
        *("run", "first-rows", "--evidence", "--output-format", "json"),
        cwd=place.parent,
        PYTHONPATH=PLANTED,
    )
    (found,) = done.json["findings"]
    assert place.read_text() == COUNT
    assert (found["verdict"], found["applied"]) == ("declined", False)
    assert found["after"] is None
    assert found["reason"].startswith("seen when it was run: with n=[")
    assert found["evidence"]["outcome"] == "difference"
    assert done.json["files"]["changed"] == 0


def test_a_counterexample_is_as_small_as_it_can_be(place: Path) -> None:
    place.write_text(COUNT)
    done = prove(place, name="first-rows")
    assert done.code == 1
    cells = re.search(r"with n=\[([^]]*)\]", done.out.replace("\n ", ""))
    assert cells is not None
    assert cells[1].count(",") == 3  # the fourth row is the first that is left out
    assert "extra" not in done.out


def test_a_difference_goes_into_the_caveat_of_an_unsafe_fix(place: Path) -> None:
    place.write_text(NOTES)
    found = receipt(place, "--trials", "200")
    assert found["verdict"] == "unsafe"
    assert found["evidence"]["outcome"] == "difference"
    assert found["evidence"]["differing"] > 0
    counterexample = found["evidence"]["counterexample"]
    assert found["caveat"].endswith(f"; seen when it was run: {counterexample}")


def test_frames_are_as_the_project_says(place: Path) -> None:
    place.write_text(NOTES)
    said = "iterrows.assume-mixed-dtypes=true"
    found = receipt(place, "--trials", "200", "--set", said)
    assert found["verdict"] == "safe"
    assert found["evidence"]["outcome"] == "no difference"


@pytest.mark.parametrize(
    ("source", "name"), [(TEAMS, "iterrows"), (COUNT, "first-rows")]
)
def test_the_replay_command_makes_the_same_receipt(
    place: Path, source: str, name: str
) -> None:
    place.write_text(source)
    found = receipt(place, name=name)["evidence"]
    program, *replay = shlex.split(found["replay"])
    assert program == "codemod"
    assert replay[:2] == ["prove", f"loops.py:{source[:40].count(chr(10)) + 1}"]
    done = codemod(
        *(*replay, "--trials", "40", "--seconds", "0.1", "--output-format", "json"),
        cwd=place.parent,
        PYTHONPATH=PLANTED,
    )
    (again,) = done.json["findings"]
    without = {"timings", "sentence"}
    assert {k: v for k, v in again["evidence"].items() if k not in without} == {
        k: v for k, v in found.items() if k not in without
    }


def test_another_seed_makes_other_frames(place: Path) -> None:
    place.write_text(COUNT)
    one, other = (
        receipt(place, "--seed", seed, name="first-rows")["evidence"]
        for seed in ("1", "2")
    )
    assert (one["seed"], other["seed"]) == (1, 2)
    assert one["counterexample"] != other["counterexample"]


def test_what_cannot_be_run_says_why(place: Path) -> None:
    place.write_text(AWAITS)
    found = receipt(place)
    assert found["evidence"]["outcome"] == "impossible"
    assert found["evidence"]["reason"] == "awaits other code"
    assert found["verdict"] == "safe"


def test_stand_ins_are_named_and_not_timed(place: Path) -> None:
    place.write_text(ASKS)
    told = receipt(place)["evidence"]
    assert told["outcome"] == "no difference"
    assert told["notes"] == ["with stand-ins for `api`"]
    assert told["timings"] == []


def test_a_fix_that_gains_too_little_is_declined_on_request(place: Path) -> None:
    place.write_text(TEAMS)
    found = receipt(place, "--set", "iterrows.min-speedup=100000", "--trials", "10")
    assert found["verdict"] == "declined"
    assert re.fullmatch(
        r"not worth it: [\d,.]+ times faster at [\d,]+ rows", found["reason"]
    )
    assert found["evidence"]["outcome"] == "no difference"


def test_only_the_line_that_is_asked_for(place: Path) -> None:
    place.write_text(ASKS + "\n\n" + AWAITS)
    done = codemod(
        *("prove", "loops.py:7", "--output-format", "json"), cwd=place.parent
    )
    assert [each["line"] for each in done.json["findings"]] == [7]


def test_a_loop_that_looks_for_secrets_finds_none(place: Path) -> None:
    place.write_text(
        "import os\n\n\ndef leak(df):\n    found = []\n"
        "    for _, row in df.iterrows():\n"
        '        found.append(row["n"].strip() + os.environ["CODEMOD_SECRET"])\n'
        "    return found\n"
    )
    done = codemod(
        *("prove", "loops.py", "--output-format", "json", "--trials", "10"),
        cwd=place.parent,
        CODEMOD_SECRET="ghs_do_not_tell",
    )
    assert "do_not_tell" not in done.out
    (found,) = done.json["findings"]
    assert found["evidence"]["outcome"] == "impossible"
    assert "KeyError" in found["evidence"]["reason"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("run", "iterrows", "--unsandboxed"), "need --evidence"),
        (("run", "iterrows", "-", "--evidence"), "cannot be combined with -"),
        (("run", "iterrows", "--evidence", "--python", "nowhere"), "not a Python"),
        (("prove", "nowhere.py"), "nowhere.py: no such file"),
        (("prove", "."), "`run --evidence` takes directories"),
    ],
)
def test_usage(place: Path, arguments: tuple[str, ...], says: str) -> None:
    place.write_text(TEAMS)
    done = codemod(*arguments, cwd=place.parent, stdin=b"")
    assert done.code == 2
    assert says in done.err


def test_prove_says_that_a_file_is_no_python(place: Path) -> None:
    place.write_text("for _, row in df.iterrows(:\n")
    done = codemod("prove", place.name, cwd=place.parent)
    assert (done.code, done.out) == (0, "Nothing found.\n")
    assert f"codemod: {place.name}: line 1: not valid Python: " in done.err


def test_prove_says_how_to_take_a_whole_file(place: Path) -> None:
    place.write_text(TEAMS)
    done = codemod("prove", f"{place.name}:1", cwd=place.parent)
    assert done.code == 0
    assert done.out.startswith("Nothing found on these lines. Without :LINE, ")
