"""The walls of a sandbox: what of the machine a program in it can see and reach.

In both boxes: no network, processes of its own alone, the system and the interpreter
read-only, and one writable directory (BASE) of a given size, in memory. When the box's
first process ends, the kernel ends all others in it.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from functools import cache

from codemods.evidence.interpreters import Interpreter

BASE = "/trial"
SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
# What programs of the system need of it; no names, hosts or keys.
SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
PATIENCE = 10  # seconds


@cache
def bubblewrap() -> str | None:
    """The program, where it works and can limit the size of a directory."""
    found = shutil.which("bwrap", path=PATH)
    if found is None or "--size" not in _told([found, "--help"]):
        return None
    try_out = [*_walls(found), "--ro-bind", "/", "/", "--", "/bin/true"]
    return found if _works(try_out) else None


@cache
def unshare() -> str | None:
    """util-linux's program, where namespaces may be made."""
    found = shutil.which("unshare", path=PATH)
    usable = found is not None and shutil.which("setpriv", path=PATH) is not None
    return found if found and usable and _works([*_apart(found), "true"]) else None


def tether() -> list[str]:
    """What a command begins with to be killed when this process dies.

    Whether it has died already is looked at after the kernel was told.
    """
    if shutil.which("setpriv", path=PATH) is None:
        return []
    still_there = '[ "$PPID" = "$0" ] && exec "$@"'
    killed = ("setpriv", "--pdeathsig", "KILL", "/bin/sh", "-c", still_there)
    return [*killed, str(os.getpid())]


def _told(argv: list[str]) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env={})
    return done.stdout


def _works(argv: list[str]) -> bool:
    try:
        done = subprocess.run(
            argv, capture_output=True, check=False, env={"PATH": PATH}, timeout=PATIENCE
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _walls(program: str) -> list[str]:
    walls = [program, "--unshare-pid", "--unshare-net", "--unshare-ipc"]
    walls += ["--unshare-uts", "--unshare-cgroup-try", "--die-with-parent"]
    walls += ["--new-session", "--clearenv"]
    # Root needs no user namespace, and becomes another user in it: see the launcher.
    return walls if os.geteuid() == 0 else [*walls, "--unshare-user"]


def with_bubblewrap(program: str, python: Interpreter, disk: int) -> list[str]:
    """The command to which the one to run is appended; `disk` is in bytes."""
    command = [*_walls(program), "--ro-bind", "/usr", "/usr"]
    for path in SYSTEM:
        if os.path.islink(path):
            command += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            command += ["--ro-bind", path, path]
    for path in SETTINGS:
        command += ["--ro-bind-try", path, path]
    places = [path for path in python.places if not _of_system(path)]
    links = [each for each in python.links if not _of_system(each[0])]
    for folder in _above([*places, *(path for path, _ in links)]):
        command += ["--perms", "0755", "--dir", folder]
    for path in places:
        command += ["--ro-bind", path, path]
    for path, target in links:
        command += ["--symlink", target, path]
    command += ["--proc", "/proc", "--dev", "/dev"]
    for path in ("/dev/shm", BASE):
        command += ["--size", str(disk), "--tmpfs", path]
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--"]


def _of_system(path: str) -> bool:
    return f"{path}/".startswith(("/usr/", *(f"{each}/" for each in SYSTEM)))


def _above(paths: list[str]) -> list[str]:
    """The directories that lead to some paths, which anybody may pass."""
    found: set[str] = set()
    for path in paths:
        while (path := os.path.dirname(path)) != "/":
            found.add(path)
    return sorted(found)


def _apart(program: str) -> list[str]:
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return [
        *(program, *user),
        *("--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child"),
        *("--propagation", "private", "--"),
    ]


def with_unshare(program: str, python: Interpreter, disk: int) -> list[str]:
    """The command to which the one to run is appended: a root of our own is built."""
    shown = ["/usr", *python.places, *SETTINGS]
    lines = [
        "set -e",
        'root=$(mktemp -d); mount -t tmpfs -o size=1m,mode=755 root "$root"',
        'cd "$root"',
        "mkdir proc dev old tmp",
    ]
    for path in SYSTEM:
        if os.path.islink(path):
            lines.append(f"ln -s {shlex.quote(os.readlink(path))} .{path}")
        elif os.path.isdir(path):
            shown.append(path)
    seen = sorted(each for each in dict.fromkeys(shown) if os.path.exists(each))
    for path in (each for each in seen if each == "/usr" or not _of_system(each)):
        at = shlex.quote(path)
        making = (
            f"mkdir -p .{at}"
            if os.path.isdir(path)
            else f"mkdir -p .{shlex.quote(os.path.dirname(path))}; : > .{at}"
        )
        lines.append(f"{making}; mount --bind {at} .{at}")
        lines.append(f"mount -o remount,bind,ro,nosuid .{at}")
    for path, target in python.links:
        if not _of_system(path):
            folder = shlex.quote(os.path.dirname(path))
            lines.append(
                f"mkdir -p .{folder}; ln -s {shlex.quote(target)} .{shlex.quote(path)}"
            )
    for name in ("null", "zero", "urandom", "random"):
        lines.append(f": > dev/{name}; mount --bind /dev/{name} dev/{name}")
    lines += [
        "mount -t proc -o nosuid,nodev,noexec proc proc",
        f"mkdir .{BASE}; mount -t tmpfs -o size={disk},mode=755,nosuid,nodev t .{BASE}",
        "pivot_root . old; cd /; umount -l old",
        "mount -o remount,bind,ro /",
        # The rights to mount and the like are not needed any more.
        'setpriv --no-new-privs --bounding-set "$0" --inh-caps=-all -- "$@"',
        # The shell stays: a change of user would take from it that it dies with us.
        "exit $?",
    ]
    kept = "-all,+setuid,+setgid,+chown" if os.geteuid() == 0 else "-all"
    return [*_apart(program), "/bin/sh", "-c", "\n".join(lines), kept]
