"""What is compared, what stands in, and what is taken along."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from codemods.evidence.interpreters import interpreter
from codemods.evidence.policy import judged_by
from codemods.evidence.programs.seen import difference, seen, told
from codemods.evidence.programs.standins import World
from codemods.evidence.running import Runner
from codemods.evidence.sandbox import Sandbox
from codemods.evidence.trials import Case, Trial, making
from codemods.model import Finding, Source
from codemods.names import UsageError
from codemods.receipt import Receipt, Timing, times
from tests.cases import codemod

SAME = "same"
TYPES = "types"
VALUES = "values"
DATE = datetime.datetime(2024, 2, 29)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        (1, 1, SAME),
        (1, 1.0, TYPES),
        (1, np.int64(1), TYPES),
        (1.5, np.float64(1.5), TYPES),
        (0.1, np.float32(0.1), VALUES),
        (2**53 + 1, float(2**53 + 1), VALUES),
        (True, np.True_, TYPES),
        (float("nan"), np.float64("nan"), TYPES),
        (float("nan"), None, VALUES),
        (None, pd.NA, VALUES),
        (pd.NaT, None, VALUES),
        (DATE, pd.Timestamp(DATE), TYPES),
        (np.datetime64("2024-02-29"), pd.Timestamp(DATE), TYPES),
        ("1", 1, VALUES),
        ("x", "x", SAME),
        ([1, [2]], [1, [2]], SAME),
        ([1, [2]], [1, [np.int64(2)]], TYPES),
        ([1, 2], [1], VALUES),
        ([1], (1,), VALUES),
        ({"a": 1}, {"a": 1.0}, TYPES),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, VALUES),
        ({1: "x"}, {np.int64(1): "x"}, TYPES),
        ({1, 2}, {2, 1}, SAME),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1]}), SAME),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1.0]}), VALUES),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1]}, index=[7]), VALUES),
        (np.array([1, 2]), np.array([1.0, 2.0]), TYPES),
    ],
)
def test_two_levels_of_difference(one: Any, other: Any, differ: str) -> None:
    found = difference(seen(one), seen(other), "it")
    level = SAME if found is None else TYPES if found.only_types else VALUES
    assert level == differ


def test_a_snapshot_stays_when_the_value_changes() -> None:
    held = [1]
    before = seen(held)
    held.append(2)
    found = difference(before, seen(held), "held")
    assert str(found) == "held was list(1), is list(1, 2)"


def world(seed: int = 1) -> World:
    return World(seed, seen, told)


def test_the_same_question_has_the_same_answer() -> None:
    def answers(seed: int) -> list[Any]:
        api = world(seed).stand_in("api")
        return [
            str(api.fetch(1)),
            bool(api.fetch(1) > 3),
            int(api.rate * 2),
            [str(each) for each in api.items],
        ]

    assert answers(1) == answers(1)
    assert any(answers(1) != answers(seed) for seed in range(2, 9))


def test_what_is_asked_is_logged_with_its_types() -> None:
    def asked(value: Any) -> Any:
        known = world()
        known.stand_in("api").store(value)
        ((_, values),) = known.log
        return values

    found = difference(asked(1.0), asked(np.float64(1.0)), "asked")
    assert found is not None
    assert found.only_types
    found = difference(asked(None), asked(float("nan")), "asked")
    assert found is not None
    assert not found.only_types


def test_numpy_takes_a_stand_in_for_one_value() -> None:
    rate = world().stand_in("rate")
    assert np.array([rate, rate]).shape == (2,)
    assert str(np.multiply(2.0, rate)) == "<rate multiply 2>"
    assert str(np.sqrt(rate)) == "<rate sqrt >"


LOOP = """\
import json
from shop.api import send

LIMIT = 3
UNUSED = open("x")

class Store:
    scale = 2

    def scaled(self, value):
        return value * self.scale

    def all(self, df, seen=None):
        names = []
        df = df[df.n > 0]
        for _, row in df.iterrows():
            if row["n"] < LIMIT:
                names.append(json.dumps(row["name"].strip()))
            send(self.scaled(row["n"]))
        return names
"""
PROGRAM = """\
from __future__ import annotations
try:
    import json
except Exception:
    json = _stand_in('json')
try:
    from shop.api import send
except Exception:
    send = _stand_in('send')
class _Of_self(_StandIn):
    scale = 2
    def scaled(self, value):
        return value * self.scale
LIMIT = 3
def _trial(df, self):
    names = []
    df = df[df.n > 0]
    _begin()
    try:
        for _, row in df.iterrows():
            if row['n'] < LIMIT:
                names.append(json.dumps(row['name'].strip()))
            send(self.scaled(row['n']))
    finally:
        _observe(locals())
"""


def case(before: str, after: str, line: int) -> Case:
    finding = Finding(
        codemod="iterrows",
        path="case.py",
        line=line,
        column=1,
        end_line=line,
        end_column=2,
        verdict="safe",
        applied=True,
        message="",
        caveat=None,
        reason=None,
        fingerprint="0123456789abcdef",
        before=before,
        after=after,
    )
    old, new = (Source("case.py", each.encode()) for each in (before, after))
    return Case(old, new, finding, number=40, seconds=0.0)


def test_a_loop_takes_along_what_it_needs_and_no_more() -> None:
    after = LOOP.replace("for _, row", "for i, row")
    make = making(codemod("iterrows"))
    assert make is not None
    made = make(case(LOOP, after, 16))
    assert isinstance(made, Trial)
    text = made.files["before.py"].decode()
    assert sorted(text.splitlines()) == sorted(PROGRAM.splitlines())


WRONG = {
    "a value of another row": ('row["n"]', 'df["n"].tolist()[0]'),
    "a type that shows in text": ('row["n"]', 'float(row["n"])'),
    "one row less": ("df.iterrows()", "df.iloc[1:].iterrows()"),
    "another exception": ('row["name"].strip()', 'row["name"][0:] + 0'),
    "a column that is written": ("found.append", "df['n'] = 0; found.append"),
}
RIGHT = """\
def shown(df):
    found = []
    for _, row in df.iterrows():
        found.append(f'{row["n"]} {row["name"].strip()}')
    return found
"""


@pytest.mark.parametrize("what", WRONG)
def test_a_planted_mistake_is_found(what: str, tmp_path: Path) -> None:
    after = RIGHT.replace("for _, row", "for index, row").replace(*WRONG[what])
    runner = Runner(Sandbox(interpreter(sys.executable)), seed=3)
    found = runner.receipt(case(RIGHT, after, 3), making(codemod("iterrows")))
    assert found.outcome == "difference", found.sentence
    assert found.counterexample
    judged = judged_by(found, case(RIGHT, after, 3).finding, {})
    assert judged.verdict == "declined"


def test_sentences() -> None:
    good = Receipt(
        codemod="iterrows",
        outcome="no difference",
        subject="frames",
        trials=200,
        identical=196,
        raised=3,
        vacuous=1,
        timings=(Timing(100, 0.1, 0.05), Timing(10_000, 0.57, 0.01)),
    )
    assert good.sentence == (
        "no difference found on 200 frames (196 identical types, 3 raised in both, "
        "nothing happened in 1); 57 times faster at 10,000 rows"
    )
    none = Receipt("iterrows", "impossible", reason="awaits other code")
    assert none.sentence == "not run: awaits other code"
    assert [times(each) for each in (57.2, 1.04, 0.5, 3.14)] == [
        *("57 times faster", "as fast", "2.0 times slower", "3.1 times faster"),
    ]


def test_an_interpreter_may_not_open_a_home(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a Python that runs"):
        interpreter(str(tmp_path / "python"))
    fake = tmp_path / "python"
    home = str(Path.home())
    fake.write_text(f'#!/bin/sh\necho \'["{home}", "{home}", [3, 11, 0]]\'\n')
    fake.chmod(0o755)
    with pytest.raises(UsageError, match="would be open to the sandbox"):
        interpreter(str(fake))
