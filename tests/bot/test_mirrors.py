"""What is left of a bot that was killed, and that the next one removes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bot.hardening import disinherit
from bot.mirrors import mirror, private_folder
from tests.bot.remote import Work, git

LIVE = """\
import tempfile, time
from bot.mirrors import private_folder
with private_folder() as folder:
    print(folder, flush=True)
    time.sleep(60)
"""


def living(above: Path) -> tuple[subprocess.Popen[str], Path]:
    """A process with a private folder that is two minutes old."""
    process = subprocess.Popen(
        [sys.executable, "-c", LIVE],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(above)},
    )
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    (folder / "askpass").write_text("x")
    age(folder, 120)
    return process, folder


def age(path: Path, seconds: int) -> None:
    moment = path.stat().st_mtime - seconds
    os.utime(path, (moment, moment))


def test_the_folder_of_the_dead_goes_and_that_of_the_living_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead, gone = living(tmp_path)
    live, kept = living(tmp_path)
    others = tmp_path / "codemod-bot-link"
    others.symlink_to(kept)
    try:
        dead.send_signal(signal.SIGKILL)
        dead.communicate()
        assert gone.exists()
        with private_folder() as folder:
            assert not gone.exists()
            assert kept.exists()
            assert (kept / "askpass").exists()
            assert os.stat(folder).st_mode & 0o077 == 0
        assert not os.path.exists(folder)
    finally:
        live.kill()
        live.communicate()


def test_a_mirror_in_which_git_was_killed_is_made_anew(tmp_path: Path) -> None:
    work = Work(tmp_path)
    work.write(a_py="a = 1\n")
    tip = work.push()
    cache = str(tmp_path / "cache")
    with mirror(cache, str(work.bare)) as here:
        here.base("main", tip)
        lock = Path(here.path, "config.lock")
    lock.touch()
    age(lock, 3600)
    with mirror(cache, str(work.bare)) as here:
        assert not lock.exists()
        assert here.base("main", tip).commit == tip


def test_a_repository_of_the_one_who_calls_us_is_forgotten(tmp_path: Path) -> None:
    environ = {
        "GIT_DIR": "/elsewhere",
        "GIT_TRACE_CURL": "1",
        "GIT_CONFIG_KEY_0": "core.hooksPath",
        "GIT_SSL_CAINFO": "/etc/ssl/ours.pem",
        "PATH": "/usr/bin",
    }
    disinherit(environ)
    assert environ == {"GIT_SSL_CAINFO": "/etc/ssl/ours.pem", "PATH": "/usr/bin"}
    local = git(tmp_path, "rev-parse", "--local-env-vars").split()
    disinherit(environ := dict.fromkeys(local, "1"))
    assert environ == {}
