"""The token is in nothing that the bot writes, says or shows, whatever goes wrong."""

from __future__ import annotations

import base64
import logging
import os
import signal
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.ports import Trouble
from tests.bot.emulated import Answer
from tests.bot.remote import TOKEN
from tests.bot.test_processes import state
from tests.bot.world import PROGRAM, World

BASIC = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
SECRETS = (TOKEN, BASIC, BASIC.rstrip("=")[:-2])
LOUD = f"import logging\nlogging.basicConfig(level=1)\n{PROGRAM}"
NOISY = {
    "GIT_TRACE": "1",
    "GIT_TRACE_CURL": "1",
    "GIT_TRACE_REDACT": "0",
    "GIT_CURL_VERBOSE": "1",
    "GIT_PYTHON_TRACE": "full",
}
REFUSED = {"message": "No.", "documentation_url": "https://docs.github.com"}


def api(asked: str, status: int) -> Callable[[World], None]:
    def arrange(world: World) -> None:
        world.hub.faults[asked] = [Answer(status, REFUSED)] * 9

    return arrange


def echo(world: World) -> None:
    """A server that shows what it was sent."""
    hook = world.work.bare / "hooks" / "pre-receive"
    hook.write_text(f"#!/bin/sh\necho 'sent: {TOKEN} {BASIC}' >&2\nexit 1\n")
    hook.chmod(0o755)


def expire(world: World) -> None:
    world.hub.clone_url = world.hub.clone_url.replace("remote.git", "other.git")


def redirect(world: World) -> None:
    to = (("Location", "http://localhost:9/elsewhere"),)
    moved = Answer(301, {"message": "Moved"}, to)
    world.hub.faults["GET /codemod/app"] = [moved] * 9


def break_config(world: World) -> None:
    (world.work.path / "pyproject.toml").write_text("[tool.codemod-bot]\nx = 1\n")
    world.work.push()


def nothing(world: World) -> None:
    """All goes well."""


FAILURES: dict[str, Callable[[World], None]] = {
    "nothing": nothing,
    "the repository is not there": api("GET /codemod/app", 404),
    "the token expired": api("GET /pulls", 401),
    "no permission": api("POST /pulls", 403),
    "invalid": api("POST /pulls", 422),
    "a server error": api("POST /pulls", 500),
    "elsewhere": redirect,
    "no such remote": expire,
    "a remote that echoes": echo,
    "a mistake in the config": break_config,
}


@pytest.mark.parametrize("failure", FAILURES)
def test_nothing_that_is_written_has_it(
    world: World, tmp_path: Path, failure: str
) -> None:
    FAILURES[failure](world)
    (tmp_path / "private").mkdir()
    private = {"TMPDIR": str(tmp_path / "private"), **NOISY}
    process = world.process(program=LOUD, **private)
    out, err = process.communicate(timeout=120)
    assert process.returncode == (0 if failure == "nothing" else 3)
    assert "DEBUG" in err, "it should have been loud"
    assert "Traceback" not in err
    clean(world, tmp_path, out, err)


def clean(world: World, folder: Path, *told: str) -> None:
    for secret in SECRETS:
        assert not [text for text in (*told, repr(state(world))) if secret in text]
        files = [path for path in folder.rglob("*") if path.is_file()]
        ours = [path for path in files if path.parent.name != "hooks"]
        assert not [path for path in ours if secret.encode() in path.read_bytes()]


@pytest.mark.parametrize("failure", FAILURES)
def test_no_exception_or_log_has_it(
    world: World, failure: str, caplog: pytest.LogCaptureFixture
) -> None:
    FAILURES[failure](world)
    shown = ""
    with caplog.at_level(logging.DEBUG):
        try:
            world.run()
        except Trouble as error:
            shown = "".join(traceback.format_exception(error)) + everything(error)
    assert bool(shown) == (failure != "nothing")
    assert caplog.text
    for secret in SECRETS:
        assert secret not in shown
        assert secret not in caplog.text


def everything(error: BaseException | None) -> str:
    """What a crash reporter would find, down to errors that are not shown."""
    if error is None:
        return ""
    below = everything(error.__cause__) + everything(error.__context__)
    return f"{error!r} {error.args!r} {below}"


def test_no_process_has_it_in_its_arguments(world: World, tmp_path: Path) -> None:
    seen = tmp_path / "processes"
    hook = world.work.bare / "hooks" / "pre-receive"
    hook.write_text(f"#!/bin/sh\ncat /proc/[0-9]*/cmdline >{seen} 2>/dev/null\n:\n")
    hook.chmod(0o755)
    process = world.process()
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0
    arguments = seen.read_bytes()
    assert b"force-with-lease" in arguments, "it was not looked at while it pushed"
    assert b"remote-http" in arguments
    for secret in SECRETS:
        assert secret.encode() not in arguments
        assert secret not in out + err


def test_what_is_left_of_one_who_was_killed_has_it_not(
    world: World, tmp_path: Path
) -> None:
    (tmp_path / "private").mkdir()
    pid = tmp_path / "pid"
    hook = world.work.bare / "hooks" / "pre-receive"
    hook.write_text(f"#!/bin/sh\nkill -9 $(cat {pid})\nexit 1\n")
    hook.chmod(0o755)
    process = world.process(TMPDIR=str(tmp_path / "private"))
    pid.write_text(str(process.pid))
    out, err = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    left = list((tmp_path / "private").iterdir())
    assert left
    assert not [path for path in left if os.stat(path).st_mode & 0o077]
    clean(world, tmp_path, out, err)
