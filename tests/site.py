"""The docs site, from the pages and the command line: `python -m tests.site FOLDER`.

Markdown of the repository, the pages of the codemods as they explain themselves, and
the help of the commands as they print it: there is no second copy of any of them.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from codemods.pages import page
from codemods.registry import Entry, entries

ROOT = Path(__file__).parent.parent
WIDTH = "88"
OURS = ("CONTRIBUTING", "SECURITY", "CHANGELOG")
LINK = re.compile(r"\]\(docs/")
NAVIGATION: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Codemods", ()),
    (
        "Using it",
        ("commands", "reports", "audit", "evidence", "coming-from"),
    ),
    (
        "The bot",
        (
            "bot",
            "service",
            "sweep",
            "service-jobs",
            "setup",
            "sign-in",
            "pages",
            "reading-a-pull-request",
        ),
    ),
    (
        "What was measured",
        (
            *("performance", "service-figures"),
            *("iterrows", "shell-true", "bare-except"),
            *("unbounded-query", "unbounded-query-read"),
        ),
    ),
    ("The project", OURS),
)


def build(folder: Path) -> None:
    """Build the site into a folder; SystemExit where a link leads nowhere."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    with tempfile.TemporaryDirectory(prefix="codemod-site-") as work:
        pages = Path(work)
        write_pages(pages)
        from mkdocs.commands.build import build as build_site
        from mkdocs.config import load_config

        build_site(load_config(**config(pages, folder)))


def write_pages(pages: Path) -> None:
    shutil.copytree(ROOT / "docs", pages, dirs_exist_ok=True)
    home = LINK.sub("](", (ROOT / "README.md").read_text("utf-8"))
    (pages / "index.md").write_text(home, "utf-8")
    for name in OURS:
        text = LINK.sub("](", (ROOT / f"{name}.md").read_text("utf-8"))
        (pages / f"{name}.md").write_text(text, "utf-8")
    (pages / "codemods").mkdir()
    for entry in ours():
        (pages / "codemods" / f"{entry.name}.md").write_text(page(entry), "utf-8")
    (pages / "commands.md").write_text("".join(commands()), "utf-8")


def ours() -> list[Entry]:
    return [each for each in entries() if each.module.startswith("codemods.catalog.")]


def commands() -> Iterator[str]:
    """The help of every command, as it is printed."""
    from bot import cli as bot
    from bot.arguments import parser as bot_parser
    from codemods.arguments import parser

    yield "# Commands\n"
    about = (bot.__doc__ or "").partition("\n")[0]
    for command in (parser(), bot_parser(about, bot.COMMANDS)):
        yield from helps(command, 2)


def helps(parser: argparse.ArgumentParser, level: int) -> Iterator[str]:
    yield f"\n{'#' * level} {parser.prog}\n\n```text\n{printed(parser)}```\n"
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                yield from helps(each, level + 1)


def printed(parser: argparse.ArgumentParser) -> str:
    said = io.StringIO()
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = WIDTH
    try:
        with contextlib.redirect_stdout(said):
            parser.print_help()
    finally:
        os.environ.pop("COLUMNS") if before is None else os.environ.update(
            COLUMNS=before
        )
    return said.getvalue()


def config(pages: Path, folder: Path) -> Mapping[str, Any]:
    """The settings of mkdocs: no fonts or scripts from elsewhere, and no loose link."""
    shades = (("default", "dark"), ("slate", "light"))
    return {
        "config_file": io.BytesIO(b"site_name: codemod\n"),
        "site_name": "codemod",
        "docs_dir": str(pages),
        "site_dir": str(folder.resolve()),
        "use_directory_urls": True,
        "strict": True,
        "theme": {
            "name": "material",
            "font": False,
            "features": ["navigation.sections", "content.code.copy", "search.suggest"],
            "palette": [
                {
                    "media": f"(prefers-color-scheme: {'dark' if at else 'light'})",
                    "scheme": scheme,
                    "toggle": {
                        "icon": "material/theme-light-dark",
                        "name": f"Switch to {other}",
                    },
                }
                for at, (scheme, other) in enumerate(shades)
            ],
        },
        "markdown_extensions": ["admonition", "pymdownx.superfences", "tables"],
        "plugins": ["search"],
        "validation": {
            "nav": {"omitted_files": "warn", "not_found": "warn"},
            "links": {"not_found": "warn", "anchors": "warn"},
        },
        "nav": navigation(pages),
    }


def navigation(pages: Path) -> list[dict[str, Any]]:
    catalog = [{each.name: f"codemods/{each.name}.md"} for each in ours()]
    sections = [
        {title: [f"{n}.md" for n in names if (pages / f"{n}.md").exists()] or catalog}
        for title, names in NAVIGATION
    ]
    return [{"Home": "index.md"}, *sections]


def main() -> int:
    build(Path(sys.argv[1] if len(sys.argv) > 1 else "site"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
