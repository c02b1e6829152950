"""Programs made to let an exception past a safe fix: all end as they did before."""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from codemods.catalog.bare_except import CODEMOD
from codemods.engine import Settings, run
from codemods.model import Source

SECTION = re.compile(
    r"^## (?P<title>[^\n]+)\n\n```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)


def programs() -> Iterator[tuple[str, str]]:
    for path in sorted(Path(__file__).parent.glob("traps_*.md")):
        for found in SECTION.finditer(path.read_text(encoding="utf-8")):
            yield found["title"], found["code"]


PROGRAMS = dict(programs())


def printed(code: str, out: Path) -> str:
    """What a program prints, and how it ends, in a process of its own."""
    sys.stdout.flush()
    with warnings.catch_warnings():
        # pytest's threads hold nothing that the child needs.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        with out.open("w", encoding="utf-8", errors="replace") as sys.stdout:
            try:
                warnings.simplefilter("ignore")
                program = compile(code, "trap.py", "exec", dont_inherit=True)
                exec(program, {"__name__": "__main__"})
            except BaseException as error:
                print(f"ended by {type(error).__name__}: {error}")
            sys.stdout.flush()
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    return out.read_text(encoding="utf-8")


def with_more(code: str) -> str:
    """A program whose bodies may raise a ValueError besides, by what is known."""
    return re.sub(r"(?m)^( *)try:\n", r'\1try:\n\1    int("1")\n', code)


@pytest.mark.parametrize("more", [False, True], ids=["alone", "beside"])
@pytest.mark.parametrize("title", PROGRAMS)
def test_ends_as_before(
    title: str, more: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code = with_more(PROGRAMS[title]) if more else PROGRAMS[title]
    result = run(Source("trap.py", code.encode()), [CODEMOD], Settings())
    assert result.failures == ()
    before = printed(code, tmp_path / "before")
    assert before.strip()
    assert "ended by" not in before
    after = result.after.data.decode()
    assert printed(after, tmp_path / "after") == before, after
