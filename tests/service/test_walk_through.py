"""The section of `docs/setup.md` for newcomers, word for word: its commands are run as
they stand there, and what it says about clicks is done in a real browser."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from tests.bot.npm import packages
from tests.bot.try_it import CACHE
from tests.reports.browser import browser, needed
from tests.service.processes import free_port

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "setup.md").read_text()
SECTION = PAGE.partition("## Try it without GitHub\n")[2].partition("\n## ")[0]
BLOCKS = re.findall(r"```console\n(.*?)```", SECTION, re.DOTALL)
PATIENCE = 180  # seconds: a machine may have other things to do


class Walk:
    """Someone with terminals in a folder; what stays in one goes in the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Those of the page are perhaps taken, and another test may walk as well.
        self.ports = {"4100": str(free_port()), "8080": str(free_port())}
        self.staying: list[subprocess.Popen[bytes]] = []
        (folder / ".venv").symlink_to(sys.prefix)
        ours = ("CODEMOD_", "GITHUB_", "DISPLAY", "WAYLAND_")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        self.environment = {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}

    def stay(self, command: str) -> Path:
        """Start what stays in its terminal; what it says is in the file."""
        log = self.folder / f"terminal-{len(list(self.folder.glob('terminal-*')))}"
        with log.open("wb") as out:
            self.staying.append(
                subprocess.Popen(
                    ["bash", "-c", f"exec {self.here(command)}"],
                    cwd=self.folder,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                )
            )
        return log

    def run(self, command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", self.here(command)],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, (command, done.stdout)
        return done.stdout

    def here(self, command: str) -> str:
        for port, other in self.ports.items():
            command = command.replace(f"127.0.0.1:{port}", f"127.0.0.1:{other}")
        for program, port in ((" -m tests.bot.try_it ", "4100"), (" serve ", "8080")):
            if program in command:
                command += f" --port {self.ports[port]}"
        return command

    def end(self) -> None:
        for process in reversed(self.staying):
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)


@contextmanager
def walking(folder: Path) -> Iterator[Walk]:
    walk = Walk(folder)
    try:
        yield walk
    finally:
        walk.end()


def until(says: str, told: Callable[[], str]) -> str:
    """What is told, once these words are in it."""
    end = time.monotonic() + PATIENCE
    while says not in (found := told()):
        assert time.monotonic() < end, (says, found)
        time.sleep(0.2)
    return found


def named(text: str, before: str) -> str:
    """The address on the line that begins so."""
    return next(
        line.rpartition(" ")[2] for line in text.splitlines() if line.startswith(before)
    )


def register(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Go to GitHub").click()
    page.get_by_role("button", name="Create GitHub App").click()
    page.get_by_role("heading", name="The App is registered").wait_for()


def sign_in(page: Page, address: str) -> None:
    page.goto(address)
    name = re.compile("Sign in with GitHub")
    page.get_by_role("link", name=name).or_(
        page.get_by_role("button", name=name)
    ).click()
    page.get_by_text("ann", exact=True).first.click()
    page.get_by_role("heading", name="Repositories", exact=True).wait_for()


def commands(block: str) -> list[str]:
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


def test_the_first_command_is_the_one_that_every_check_runs() -> None:
    (install,) = commands(BLOCKS[0])
    assert f"{install} && .venv/bin/pytest" in (ROOT / "README.md").read_text()


@needed
def test_a_newcomer_gets_to_a_pull_request(tmp_path: Path) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    packages(CACHE)  # skips the test where npm cannot be reached
    tries, setup, serve, looks, push, asks = map(commands, BLOCKS[1:])
    with walking(tmp_path) as walk, browser() as started:
        page = started.new_page()
        page.set_default_timeout(PATIENCE * 1_000)
        github = walk.stay(*tries)
        until("Ctrl-C ends this", github.read_text)
        registering = walk.stay(*setup)
        address = named(until("Open this page", registering.read_text), "Open this")
        register(page, address)
        assert walk.staying.pop().wait(PATIENCE) == 0
        service = walk.stay(*serve)
        until('"serving"', service.read_text)
        page.goto(named(registering.read_text(), "Install the App: "))
        page.get_by_role("button", name="Install").click()
        page.get_by_role("heading", name="The App is installed").wait_for()
        until("installation -> ", github.read_text)
        until("1 pull request", lambda: walk.run(looks[0]))
        assert "open: " in walk.run(looks[0])
        until("(1 place, 1 file)", lambda: walk.run(looks[0]))
        for command in push[:-1]:
            walk.run(command)
        until("(2 places, 2 files)", lambda: walk.run(push[-1]))
        sign_in(page, walk.here("http://127.0.0.1:8080/"))
        page.get_by_role("link", name="codemod/app").click()
        page.get_by_role("heading", name="codemod/app").wait_for()
        assert walk.run(asks[0]) == "ready\n"
        assert "codemod_deliveries_total" in walk.run(asks[1])
        told = service.read_text()
    assert "Traceback" not in told
    assert not [e for e in github.read_text().splitlines() if "Error" in e]
