"""Whatever a safe fix touches, the child receives what it did before."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
from itertools import islice
from pathlib import Path

import pytest

from codemods.catalog.shell_true import CODEMOD
from codemods.engine import Settings, run
from codemods.model import Source
from tests.shell_true.programs import Program, programs
from tests.shell_true.shells import Shells

SEED = 11
COUNT = 400


def rewritten(code: str) -> str | None:
    """The program after safe fixes, None where there is none."""
    result = run(Source("program.py", code.encode()), [CODEMOD], Settings())
    assert result.failures == ()
    after = result.after.data.decode()
    again = run(Source("program.py", after.encode()), [CODEMOD], Settings())
    assert again.after.data.decode() == after
    return after if after != code else None


def outcome(code: str, program: Program, record: Path) -> list[object]:
    """What the children recorded and the program printed, for each set of arguments."""
    space: dict[str, object] = {}
    exec(compile(code, "program.py", "exec"), space)
    main = space["main"]
    assert callable(main)
    seen: list[object] = []
    for arguments in program.arguments:
        record.write_bytes(b"")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            main(**arguments)
        files = {p.name: p.read_bytes() for p in Path().iterdir() if p.name == "out"}
        seen.append((record.read_bytes(), printed.getvalue(), files))
        Path("out").unlink(missing_ok=True)
    return seen


def test_the_child_receives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shells = Shells.prepare(tmp_path)
    record = tmp_path / "record"
    monkeypatch.chdir(tmp_path / "cwd")
    monkeypatch.setenv("PATH", f"{shells.root / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("RECORD", str(record))
    quiet = subprocess.DEVNULL
    with open(quiet if quiet > 2 else os.devnull, "rb") as nothing:
        saved = [os.dup(0), os.dup(1), os.dup(2)]
        for stream in (1, 2):
            with open(os.devnull, "wb") as sink:
                os.dup2(sink.fileno(), stream)
        os.dup2(nothing.fileno(), 0)
        try:
            compared = sum(same(each, record) for each in islice(programs(SEED), COUNT))
        finally:
            for stream, copy in enumerate(saved):
                os.dup2(copy, stream)
                os.close(copy)
    assert compared > COUNT / 2


def same(program: Program, record: Path) -> bool:
    """Whether a program was rewritten; fails where it then does something else."""
    after = rewritten(program.code)
    if after is None:
        return False
    before = outcome(program.code, program, record)
    now = outcome(after, program, record)
    assert now == before, f"{program.code}\n---- after ----\n{after}"
    return True
