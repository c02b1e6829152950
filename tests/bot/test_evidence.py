"""Receipts in a body: what was seen when a change was run before and after."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from bot.lists import receipts
from bot.ports import Trouble
from bot.render import body
from tests.bot.build import change, proposal
from tests.bot.remote import Work
from tests.bot.test_run import run

SEEN = "no difference found on 200 frames (200 identical types); 57 times faster"


def test_receipts_are_a_table_between_caveats_and_changes() -> None:
    ran = change(1, "app/a.py", receipt=SEEN)
    full = body(proposal(ran, change(2, "app/b.py", unseen="calls `f`, not in view")))
    marks = [
        "### What behaves differently",
        "### Evidence",
        "| `app/a.py:1` | no difference found on 200 frames",
        "- 1 place not run: calls `f`, not in view",
        "### Before and after",
    ]
    at = [full.find(mark) for mark in marks]
    assert -1 not in at
    assert at == sorted(at)


def test_nothing_was_run() -> None:
    assert receipts((change(1), change(2))) == ""


@pytest.mark.parametrize("text", ["a | b", "`a | b`", "x\n| y |", "</table>", "`", "|"])
def test_a_row_is_one_row_whatever_it_holds(text: str) -> None:
    ran = change(1, f"app/{text}.py", receipt=f"seen: {text}")
    page = MarkdownIt("commonmark").enable("table").parse(receipts((ran, ran)))
    kinds = [token.type for token in page]
    assert kinds.count("tr_open") == 3
    assert kinds.count("td_open") == 4


def test_what_was_run_cannot_be_made_by_the_usual_command() -> None:
    assert "codemod run iterrows\n" in body(proposal(change(1)))
    ran = body(proposal(change(1, receipt=SEEN)))
    assert "codemod-bot reproduce iterrows" in ran


LISTED = """\
import subprocess


def listed() -> str:
    return subprocess.check_output("git ls-files", shell=True, text=True)
"""


def test_a_config_asks_for_evidence(tmp_path: Path) -> None:
    work = Work(tmp_path)
    work.write(app__one_py=LISTED)
    (work.path / ".codemod.toml").write_text("[tool.codemod-bot]\nevidence = true\n")
    work.push()
    try:
        told = run(work, "shell-true")
    except Trouble as error:
        pytest.skip(f"namespaces may not be made here: {error}")
    assert told == ["codemod/shell-true: pull request 0 opened"]
    text = (tmp_path / "pulls" / "shell-true.md").read_text()
    assert "| `app/one.py:5` | no difference found on " in text
    assert "left alone: up to date" in run(work, "shell-true")[0]
