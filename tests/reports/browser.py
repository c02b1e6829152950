"""A real browser: the Chromium of the system, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

TALL = {"width": 1280, "height": 2400}  # pixels: a few findings are all in view
NAMES = ("chromium", "chromium-browser", "google-chrome")
PROGRAM = next((found for name in NAMES if (found := shutil.which(name))), None)
needed = pytest.mark.skipif(PROGRAM is None, reason=f"needs one of {', '.join(NAMES)}")


@contextmanager
def browser() -> Iterator[Browser]:
    # Chromium's own sandbox does not start for root, as in a container.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=PROGRAM, args=arguments)
        try:
            yield started
        finally:
            started.close()


@contextmanager
def opened(
    started: Browser, file: Path, fragment: str = "", says: str = "", **look: Any
) -> Iterator[Page]:
    """The file in a page of its own; what it must say on the console, if anything."""
    context = started.new_context(**{"viewport": TALL, **look})
    said: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        said.append(message.text)

    try:
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{file.as_uri()}{fragment}")
        yield page
        assert [says in each for each in said] == ([True] if says else [])
    finally:
        context.close()
