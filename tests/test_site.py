"""The docs site builds, every link in it leads somewhere, and nothing is left out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.site import NAVIGATION, ROOT, ours


def built(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.site", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_has_every_page_and_no_loose_link(tmp_path: Path) -> None:
    done = built(tmp_path / "site")
    assert (done.returncode, done.stderr) == (0, "")
    for entry in ours():
        text = (tmp_path / "site" / "codemods" / entry.name / "index.html").read_text()
        assert entry.title.split("`")[0] in text
    commands = (tmp_path / "site" / "commands" / "index.html").read_text()
    for command in ("codemod run", "codemod explain", "codemod-bot run"):
        assert f'id="{command.replace(" ", "-")}"' in commands
    # Nothing is fetched from elsewhere when a page is read.
    home = (tmp_path / "site" / "index.html").read_text()
    assert 'src="http' not in home
    assert 'rel="stylesheet" href="http' not in home


def test_every_page_of_the_docs_is_in_the_navigation() -> None:
    named = {name for _, names in NAVIGATION for name in names}
    there = {path.stem for path in (ROOT / "docs").glob("*.md")}
    assert there <= named
