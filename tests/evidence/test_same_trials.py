"""A finding makes the same trial each time: else its seed would mean nothing."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.cases import FIXTURES
from tests.command import ROOT


def test_the_same_trials_whatever_the_order_of_sets() -> None:
    files = map(str, sorted(FIXTURES.glob("*/*.py")))
    command = [sys.executable, "-m", "tests.evidence.made", *files]
    made = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    one, other = (process.communicate()[0].splitlines() for process in made)
    assert [process.returncode for process in made] == [0, 0]
    assert len(one) > 300
    assert one == other
