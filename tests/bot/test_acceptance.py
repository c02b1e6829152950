"""One command opens a pull request for each category, fit to be merged from."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from tests.bot.acceptance import command, filled, work
from tests.bot.emulated import REPOSITORY
from tests.bot.remote import git
from tests.bot.test_run import ONE
from tests.bot.world import World

CODE = {
    "rows.py": ONE,
    "shell.py": """\
import subprocess


def listed() -> str:
    return subprocess.check_output("git ls-files", shell=True, text=True)
""",
    "wait.py": """\
import time


def nap(text):
    try:
        time.sleep(float(text))
    except:
        pass
""",
    "query.py": """\
import psycopg2


def names(dsn):
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT name FROM people")
        return cursor.fetchall()
""",
}
CATEGORIES = ["bare-except", "iterrows", "shell-true", "unbounded-query"]


def test_four_pull_requests_by_one_command(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "platform"
    folder.mkdir()
    for name, text in CODE.items():
        (folder / name).write_text(text)
    filled(world, [folder])
    first = work(world)
    pulls = {pull["head"]["ref"]: pull for pull in world.hub.pulls("open")}
    assert sorted(pulls) == [f"codemod/{name}" for name in CATEGORIES]
    assert len(first.said.splitlines()) == 4
    for pull in pulls.values():
        fit(world, pull)
    drafts = sorted(name for name, pull in pulls.items() if pull["draft"])
    assert drafts == ["codemod/bare-except", "codemod/unbounded-query"]
    assert first.requests <= 4 * 3
    again = work(world)
    assert again.writes == 0
    assert again.said.count("left alone: up to date") == 4
    verified = command(world, "verify", f"{REPOSITORY}#1")
    assert verified.said.startswith("identical: 1 files")
    shutil.rmtree(tmp_path / "cache")


def fit(world: World, pull: dict[str, Any]) -> None:
    """What a maintainer needs is there, and the branch is what it says."""
    ref, body = pull["head"]["ref"], pull["body"]
    assert pull["head"]["sha"] == world.work.tips()[ref]
    assert git(world.work.bare, "rev-list", "--count", f"main..{ref}") == "1"
    changed = git(world.work.bare, "diff", "--name-only", "main", ref).split()
    assert all(f"<code>{path}</code>" in body for path in changed)
    page = MarkdownIt("commonmark", {"html": True}).parse(body)
    heads = [page[at + 1].content for at, t in enumerate(page) if t.tag == "h3"][::2]
    assert heads == ["What behaves differently", "Before and after"]
    assert body.count("<details") == body.count("</details>")
    diff = next(token.content for token in page if token.info == "diff")
    assert any(line.startswith("-") for line in diff.splitlines())
    words = body.partition("### Before")[0].split()
    assert len(words) < 120, "longer than a minute takes"
