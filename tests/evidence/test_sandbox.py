"""Programs that try to get out of the sandbox, and what comes of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
import uuid
from pathlib import Path

import pytest

from codemods.evidence import boxes
from codemods.evidence.interpreters import interpreter
from codemods.evidence.sandbox import MEGABYTE, Ended, Limits, Sandbox, Walls

PYTHON = interpreter(sys.executable)
LIMITS = Limits(seconds=20, cpu=10, memory=1 << 30, disk=8 * MEGABYTE, processes=16)
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(params=["bubblewrap", "unshare"])
def walls(request: pytest.FixtureRequest) -> Walls:
    if request.param == "bubblewrap" and not boxes.bubblewrap():
        pytest.skip("bubblewrap is not installed, or may not make namespaces here")
    if request.param == "unshare" and not boxes.unshare():
        pytest.skip("namespaces may not be made here")
    return "bubblewrap" if request.param == "bubblewrap" else "unshare"


def run(walls: Walls, program: str, *argv: str, limits: Limits = LIMITS) -> Ended:
    text = textwrap.dedent(program).encode()
    return Sandbox(PYTHON, limits, walls).run(["escape.py", *argv], {"escape.py": text})


def said(ended: Ended) -> list[str]:
    assert not ended.timed_out
    assert ended.code == 0, ended.err.decode()
    return ended.out.decode().splitlines()


def alive(marker: str) -> list[int]:
    """Processes of this machine that have a word on their command line."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if marker.encode() in Path(f"/proc/{name}/cmdline").read_bytes():
                found.append(int(name))
        except OSError:
            continue
    return found


def none_left(marker: str) -> bool:
    until = time.monotonic() + 5
    while alive(marker) and time.monotonic() < until:
        time.sleep(0.05)
    return not alive(marker)


def test_an_ordinary_program_runs_and_sees_its_files_alone(walls: Walls) -> None:
    told = run(
        walls,
        """
        import os, sys
        print(sys.argv[1:], sorted(os.listdir(".")), os.listdir(os.environ["HOME"]))
        print(sorted(os.environ))
        open("mine", "w").write("x")
        """,
        "seven",
    )
    assert said(told) == [
        "['seven'] ['escape.py'] []",
        "['HOME', 'LANG', 'LC_ALL', 'OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'PATH',"
        " 'PYTHONDONTWRITEBYTECODE', 'PYTHONHASHSEED', 'TMPDIR', 'TZ']",
    ]


def test_no_socket_reaches_anything(walls: Walls) -> None:
    name = f"\0codemod-{uuid.uuid4().hex}"
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as hidden,
    ):
        hidden.bind(name)
        hidden.listen()
        told = run(
            walls,
            """
            import socket, sys
            for place in (("127.0.0.1", int(sys.argv[1])), ("1.1.1.1", 53)):
                try:
                    socket.create_connection(place, timeout=2)
                    print("reached", place)
                except OSError:
                    print("refused")
            try:
                socket.socket(socket.AF_UNIX).connect("\\0" + sys.argv[2])
                print("reached the other program")
            except OSError:
                print("refused")
            """,
            str(server.getsockname()[1]),
            name[1:],
        )
    assert said(told) == ["refused"] * 3


def test_nothing_of_a_home_or_of_the_system_can_be_read(
    walls: Walls, tmp_path: Path
) -> None:
    secret = tmp_path / "id_ed25519"
    secret.write_text("secret")
    told = run(
        walls,
        """
        import os, sys
        for path in sys.argv[1:]:
            try:
                print(path, open(path).read(20))
            except OSError:
                print("nothing")
        print(os.path.exists(os.path.join(sys.argv[-1], ".ssh")))
        """,
        *(str(secret), "/etc/passwd", "/etc/shadow", str(ROOT / "pyproject.toml")),
        *("/proc/1/root/etc/passwd", str(Path.home())),
    )
    assert said(told) == [*["nothing"] * 6, "False"]


def test_nothing_outside_can_be_written(walls: Walls, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("as it was")
    paths = [tmp_path / "there", tmp_path / "new", Path(sys.prefix) / "new"]
    told = run(
        walls,
        """
        import os, sys
        for path in sys.argv[1:]:
            try:
                open(path, "w").write("spoilt")
                print("wrote", path)
            except OSError:
                print("refused")
        try:
            os.chmod(sys.executable, 0)
            print("changed the interpreter")
        except OSError:
            print("refused")
        """,
        *map(str, paths),
        *("/usr/new", "/etc/new", "/new", "/dev/new", "/proc/sys/kernel/core_pattern"),
    )
    assert said(told) == ["refused"] * 9
    assert (tmp_path / "there").read_text() == "as it was"
    assert not paths[1].exists()


def test_the_parents_environment_is_out_of_sight(
    walls: Walls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_do_not_tell")
    told = run(
        walls,
        """
        import glob, os
        found = [str(dict(os.environ))]
        for path in glob.glob("/proc/[0-9]*/environ"):
            try:
                found.append(open(path, "rb").read().decode())
            except OSError:
                pass
        print("do_not_tell" in " ".join(found))
        """,
    )
    assert said(told) == ["False"]


def test_other_processes_are_out_of_reach(walls: Walls) -> None:
    told = run(
        walls,
        """
        import ctypes, os, signal, sys
        print(os.getuid() != 0 or open("/proc/self/uid_map").read().split()[1] != "0")
        try:
            os.kill(int(sys.argv[1]), signal.SIGTERM)
            print("hit")
        except OSError:
            print("missed")
        effective = [l for l in open("/proc/self/status") if l.startswith("CapEff")][0]
        print(int(effective.split()[1], 16))
        libc = ctypes.CDLL(None, use_errno=True)
        print(libc.mount(b"none", b"/trial", b"tmpfs", 0, None))
        """,
        str(os.getpid()),
    )
    assert said(told) == ["True", "missed", "0", "-1"]


def test_a_fork_bomb_is_contained_and_cleared_away(walls: Walls) -> None:
    marker = f"bomb-{uuid.uuid4().hex}"
    began = time.monotonic()
    limits = Limits(seconds=3, cpu=2, memory=1 << 30, disk=MEGABYTE, processes=16)
    ended = run(
        walls,
        """
        import os
        while True:
            try:
                os.fork()
            except OSError:
                pass
        """,
        marker,
        limits=limits,
    )
    assert ended.timed_out or ended.code != 0
    assert time.monotonic() - began < 15
    assert none_left(marker)


def test_processes_are_counted(walls: Walls) -> None:
    told = run(
        walls,
        """
        import os, time
        made = 0
        try:
            while made < 10_000:
                if os.fork() == 0:
                    time.sleep(60)
                made += 1
        except OSError:
            print("stopped", made < 10_000)
        """,
    )
    assert said(told) == ["stopped True"]


def test_memory_is_limited(walls: Walls) -> None:
    told = run(
        walls,
        """
        held = []
        try:
            while True:
                held.append(bytearray(64 << 20))
        except MemoryError:
            print(len(held) <= 16)
        """,
    )
    assert said(told) == ["True"]


def test_the_disk_is_limited_however_many_files(walls: Walls) -> None:
    told = run(
        walls,
        """
        import os
        written = 0
        try:
            for number in range(1000):
                with open(str(number), "wb", buffering=0) as file:
                    written += file.write(bytes(1 << 20))
        except OSError:
            print(written <= 8 << 20)
        """,
    )
    assert said(told) == ["True"]


def test_what_is_printed_is_limited(walls: Walls) -> None:
    ended = run(walls, "while True: print('x' * 100_000)")
    assert ended.code != 0
    assert len(ended.out) <= LIMITS.disk


def test_time_is_limited_also_for_one_who_waits(walls: Walls) -> None:
    limits = Limits(seconds=1)
    ended = run(walls, "import time; time.sleep(60)", limits=limits)
    assert ended.timed_out


def test_nobody_outlives_the_run(walls: Walls) -> None:
    marker = f"daemon-{uuid.uuid4().hex}"
    ended = run(
        walls,
        """
        import os, signal, time
        if os.fork() == 0:
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            if os.fork() == 0:
                time.sleep(60)
            os._exit(0)
        print("gone")
        """,
        marker,
    )
    assert said(ended) == ["gone"]
    assert none_left(marker)


def test_nobody_outlives_a_parent_that_is_killed(walls: Walls) -> None:
    marker = f"orphan-{uuid.uuid4().hex}"
    program = f"""
from codemods.evidence.interpreters import interpreter
from codemods.evidence.sandbox import Sandbox
import sys
box = Sandbox(interpreter(sys.executable), walls={walls!r})
box.run(["p.py", sys.argv[1]], {{"p.py": b"import time; time.sleep(60)"}})
"""
    parent = subprocess.Popen([sys.executable, "-c", program, marker], cwd=ROOT)
    until = time.monotonic() + 20
    while not alive(f"p.py\0{marker}") and time.monotonic() < until:
        time.sleep(0.01)
    began = alive(f"p.py\0{marker}")
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert began
    assert none_left(marker)


def test_without_walls_limits_and_an_end_are_left() -> None:
    marker = f"open-{uuid.uuid4().hex}"
    limits = Limits(seconds=1, disk=MEGABYTE)
    ended = run("none", "import time; time.sleep(60)", marker, limits=limits)
    assert ended.timed_out
    assert none_left(marker)
