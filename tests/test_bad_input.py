"""Whatever a run meets: a clear message, the other files done, nothing lost."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import Done, codemod, environment

CAPABILITIES = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: linux/capability.h
PR_CAPBSET_DROP = 24  # linux/prctl.h


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "good.py").write_text("old(1)\n")
    return tmp_path


def good(project: Path) -> bool:
    """Whether the other file was done, and no file is there that was not."""
    leftover = list(project.rglob("*.tmp"))
    return (project / "good.py").read_text() == "new(1)\n" and not leftover


def run(project: Path, *paths: str) -> Done:
    return codemod("run", "old-call", *paths, cwd=project)


def run_under(project: Path, before: Callable[[], None], *more: str) -> Done:
    done = subprocess.run(
        [sys.executable, "-m", "codemods", "run", "old-call", *more],
        cwd=project,
        capture_output=True,
        env=environment(),
        preexec_fn=before,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr.decode())


def without_privileges() -> None:
    """Permissions hold for root too, once these are dropped."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in CAPABILITIES:
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def test_a_missing_path(project: Path) -> None:
    done = run(project, "missing.py", ".")
    assert done.code == 3
    assert "error: missing.py: no such file or directory\n" in done.out
    assert good(project)


def test_an_unreadable_file(project: Path) -> None:
    (project / "secret.py").write_text("old(1)\n")
    (project / "secret.py").chmod(0)
    done = run_under(project, without_privileges)
    assert done.code == 3
    assert "error: secret.py: cannot be read: Permission denied\n" in done.out
    assert good(project)


def test_an_unreadable_directory(project: Path) -> None:
    (project / "secret").mkdir()
    (project / "secret").chmod(0)
    done = run_under(project, without_privileges)
    (project / "secret").chmod(0o700)
    assert done.code == 0
    assert "note: ./secret/: cannot be listed: Permission denied\n" in done.out
    assert good(project)


def test_a_read_only_directory(project: Path) -> None:
    locked = project / "locked"
    locked.mkdir()
    (locked / "a.py").write_text("old(1)\n")
    locked.chmod(0o555)
    done = run_under(project, without_privileges)
    locked.chmod(0o700)
    assert done.code == 3
    assert "error: locked/a.py: cannot be written: Permission denied\n" in done.out
    assert (locked / "a.py").read_text() == "old(1)\n"
    assert good(project)


def test_a_directory_loop(project: Path) -> None:
    (project / "pkg").mkdir()
    (project / "pkg" / "again").symlink_to("..")
    (project / "self.py").symlink_to("self.py")
    done = run(project)
    assert done.code == 0
    assert "(1 file, " in done.out
    assert good(project)


def test_a_loop_that_was_named(project: Path) -> None:
    (project / "self.py").symlink_to("self.py")
    done = run(project, "self.py", "good.py")
    assert done.code == 3
    assert "error: self.py: cannot be read: Too many levels of symbolic" in done.out
    assert good(project)


def test_a_directory_that_is_called_like_a_file(project: Path) -> None:
    (project / "dir.py").mkdir()
    (project / "dir.py" / "a.py").write_text("old(1)\n")
    assert run(project).code == 0
    assert (project / "dir.py" / "a.py").read_text() == "new(1)\n"
    assert good(project)


def test_a_pipe_that_was_named(project: Path) -> None:
    os.mkfifo(project / "pipe.py")
    done = run(project, "pipe.py", "good.py")
    assert done.code == 3
    assert "error: pipe.py: is not a regular file\n" in done.out
    assert good(project)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"old(1)\nx = \0\n", "line 2: holds a NUL byte: not a Python source file"),
        (b"x\nold('\xe9')\n", "line 2: byte 0xe9 is not utf-8; declare the file's"),
        (b"# coding: klingon\nold(1)\n", "line 1: unknown encoding: klingon"),
        (b"# coding: ascii\nold('\xe9')\n", "line 2: byte 0xe9 is not ascii"),
        (b"old(1)\nprint 'two'\n", "line 2: Python 2, which this tool"),
        (b"x = 1\nold((1)\n", "line 2: not valid Python: "),
    ],
)
def test_a_file_that_is_no_python(project: Path, text: bytes, reason: str) -> None:
    (project / "bad.py").write_bytes(text)
    done = run(project)
    assert done.code == 0
    assert f"skipped: bad.py: {reason}" in done.out
    assert (project / "bad.py").read_bytes() == text
    assert good(project)


@pytest.mark.parametrize(
    "text",
    [
        "old(" + "(" * 5_000 + "1" + ")" * 5_000 + ")\n",
        "old(" + "-" * 50_000 + "1)\n",
        "old(" + "+".join(["1"] * 50_000) + ")\n",
        "old(x" + ".a" * 50_000 + ")\n",
    ],
    ids=["parentheses", "signs", "sum", "attributes"],
)
def test_a_deeply_nested_expression(project: Path, text: str) -> None:
    (project / "deep.py").write_text(text)
    done = run(project)
    assert done.code == 0
    assert "skipped: deep.py: " in done.out
    assert (project / "deep.py").read_text() == text
    assert good(project)


def test_a_single_line_of_50_MB(project: Path) -> None:
    with (project / "data.py").open("wb") as stream:
        stream.write(b"x = [")
        stream.write(b"1," * 25_000_000)
        stream.write(b"old(1)]\n")
    (project / "data_clean.py").write_bytes(b"x" * 50_000_000)
    done = run_under(project, lambda: resource.setrlimit(*memory(400)))
    assert done.code == 0
    assert "skipped: data.py: larger than 5 MB\n" in done.out
    assert "data_clean" not in done.out
    assert good(project)


def memory(megabytes: int) -> tuple[int, tuple[int, int]]:
    return resource.RLIMIT_AS, (megabytes << 20, megabytes << 20)


def test_a_disk_that_is_full(project: Path) -> None:
    """The limit on the size of files fails as a full disk does: while writing."""
    text = "old(1)\n" + "x = 1\n" * 5_000
    (project / "large.py").write_text(text)

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = run_under(project, limited)
    assert done.code == 3
    assert "error: large.py: cannot be written: File too large\n" in done.out
    assert (project / "large.py").read_text() == text
    assert good(project)


def test_a_read_only_file(project: Path) -> None:
    (project / "fixed.py").write_text("old(1)\n")
    (project / "fixed.py").chmod(0o444)
    done = run(project)
    assert done.code == 3
    assert "error: fixed.py: left alone: the file is read-only\n" in done.out
    assert (project / "fixed.py").read_text() == "old(1)\n"
    assert good(project)
    document = codemod("run", "old-call", "--output-format", "json", cwd=project).json
    assert document["findings"][0]["applied"] is False


def test_ten_thousand_files(project: Path) -> None:
    for folder in range(100):
        (project / f"d{folder}").mkdir()
        for number in range(100):
            (project / f"d{folder}" / f"m{number}.py").touch()
    done = run_under(project, lambda: resource.setrlimit(*memory(400)))
    assert "(10,001 files, " in done.out
    assert good(project)


def test_an_interrupt_leaves_nothing_half_done(project: Path) -> None:
    for number in range(400):
        text = "old(1)\n" + f"x = {number}\n" * 300
        (project / f"m{number}.py").write_text(text)
    process = subprocess.Popen(
        [sys.executable, "-m", "codemods", "run", "old-call", "--no-cache"],
        cwd=project,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 20
    while (project / "good.py").read_text() == "old(1)\n":
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert errors == b"codemod: interrupted; no file is half-written\n"
    for path in project.glob("m*.py"):
        assert path.read_text().count("\n") == 301
    assert good(project)


def test_a_pipe_that_is_closed(project: Path) -> None:
    for number in range(200):
        (project / f"m{number}.py").write_text("old(1)\n" * 100)
    command = f"{sys.executable} -m codemods run old-call --dry-run | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=project,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert done.stdout == b"diff --git a/good.py b/good.py\n"
    assert done.stderr == b""
    assert done.returncode == 141
