"""The README tells the truth, and its commands stand as CI runs them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from codemods.cli import parsed
from codemods.config import load
from codemods.registry import chosen, entries
from tests.readme import README, ROOT, renewed

TEXT = README.read_text("utf-8")


def test_generated_parts_are_up_to_date() -> None:
    assert renewed(TEXT) == TEXT, "python -m tests.readme writes them anew"


def test_every_codemod_of_ours_is_in_the_table() -> None:
    for entry in entries():
        if entry.module.startswith("codemods.catalog."):
            assert f"| `{entry.name}` |" in TEXT


def test_two_commands_that_set_themselves_up() -> None:
    commands = [line for line in TEXT.splitlines() if line.startswith("python3 -m")]
    assert len(commands) == 2
    for command in commands:
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")


def configs() -> list[str]:
    """The config of codemod's own that the README and the docs show."""
    blocks = [
        block
        for page in (README, *sorted((ROOT / "docs").glob("*.md")))
        for block in re.findall(
            r"```toml\n(.*?)```", page.read_text("utf-8"), re.DOTALL
        )
    ]
    return [block for block in blocks if re.search(r"\[tool\.codemod[].]", block)]


@pytest.mark.parametrize("text", configs())
def test_every_config_that_is_shown_is_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    load([str(tmp_path)], entries())  # raises for a key or a value that is none


def test_the_readme_shows_a_config() -> None:
    assert any("overrides" in text for text in configs())


def hooks() -> list[list[str]]:
    """The arguments that the docs and the manifest give to our pre-commit hooks."""
    docs = (ROOT / "docs" / "reports.md").read_text("utf-8")
    found = re.search(r"## pre-commit\n\n```yaml\n(.*?)```", docs, re.DOTALL)
    assert found is not None
    (repository,) = yaml.safe_load(found[1])["repos"]
    shown = [hook["args"] for hook in repository["hooks"]]
    manifest = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    comment = re.search(r"`(args: .*?)`", manifest)
    assert comment is not None
    return [*shown, yaml.safe_load(comment[1])["args"]]


@pytest.mark.parametrize("arguments", hooks(), ids=shlex.join)
def test_hooks_as_they_are_shown_name_codemods(arguments: list[str]) -> None:
    given = parsed(["run", *arguments, "a.py"])
    assert given.paths == ["a.py"]
    assert len(chosen(given.names, entries())) == given.names.count(",") + 1
