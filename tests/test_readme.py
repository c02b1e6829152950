"""The README tells the truth, and its commands stand as CI runs them."""

from __future__ import annotations

from codemods.registry import entries
from tests.readme import README, renewed

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
