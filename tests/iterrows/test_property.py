"""A safe fix changes nothing that a program can see, whatever its frame holds."""

from __future__ import annotations

import ast
import builtins
import copy
import os
import warnings
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codemods.engine import Settings, run
from codemods.model import Result, Source
from tests.cases import codemod
from tests.iterrows.frames import frames
from tests.iterrows.programs import FOOTER, HEADER, programs

EXAMPLES = int(os.environ.get("CODEMOD_EXAMPLES", "500"))


def rewritten(code: str, *, unsafe: bool) -> Result:
    return run(
        Source("case.py", code.encode()), [codemod("iterrows")], Settings(unsafe=unsafe)
    )


def seen(value: object) -> object:
    """A value by type and text, all the way down."""
    match value:
        case list() | tuple():
            return type(value).__name__, [seen(each) for each in value]
        case dict():
            return "dict", [(seen(key), seen(held)) for key, held in value.items()]
        case pd.DataFrame():
            cells = [seen(value[name].tolist()) for name in value.columns]
            return list(value.columns), list(value.dtypes), list(value.index), cells
    return type(value).__name__, repr(value)


def outcome(code: str, frame: pd.DataFrame) -> object:
    """What a program appends and raises, and what becomes of the frame."""
    names: dict[str, Any] = {}
    exec(compile(code, "case.py", "exec"), names)
    out: list[object] = []
    ended = ""
    try:
        names["run"](frame, out)
    except Exception as error:
        ended = next(
            each.__name__
            for each in type(error).__mro__
            if hasattr(builtins, each.__name__)
        )
    return ended, seen(out), seen(frame)


@given(data=st.data())
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_safe_fixes_change_nothing(data: st.DataObject) -> None:
    program = data.draw(programs())
    ast.parse(program.code)
    result = rewritten(program.code, unsafe=False)
    assert not result.failures
    after = result.after.data.decode()
    assert after.startswith(HEADER)
    assert after.endswith(FOOTER)
    assert not rewritten(after, unsafe=False).changed
    everything = rewritten(program.code, unsafe=True)
    assert not everything.failures
    ast.parse(everything.after.data)
    if not result.changed:
        return
    for _ in range(4):
        frame = data.draw(frames(program.kinds))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            before = outcome(program.code, copy.deepcopy(frame))
            assert outcome(after, copy.deepcopy(frame)) == before, after
