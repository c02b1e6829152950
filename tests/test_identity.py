"""What a remembered result depends on besides its file."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from codemods.identity import tools
from codemods.registry import Entry, entries


@pytest.mark.parametrize("package", ["libcst", "black", "sqlglot"])
def test_another_release_of_what_judges_is_another_tool(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_release(number: int) -> bytes:
        site = tmp_path / f"site-{number}"
        (site / package).mkdir(parents=True)
        (site / package / "__init__.py").touch()
        (site / f"{package}-{number}.0.dist-info").mkdir()
        monkeypatch.syspath_prepend(site)
        return tools("", entries())

    for name in [each for each in sys.modules if each.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    assert with_release(1) != with_release(2)


def test_the_engine_has_a_say_in_codemods_of_others() -> None:
    theirs = Entry("theirs", "json.decoder", (), None, "", {})
    assert b"'engine.py'" in tools("", [theirs])
