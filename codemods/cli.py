"""`codemod`: parse, call, print.

Exit codes: 0 done; 1 with `--check`, a fix would be applied; 2 a wrong command line or
config; 3 a codemod crashed or a file could not be read or written, the others are done.
"""

from __future__ import annotations

import os
import signal
import sys

from codemods.arguments import parser
from codemods.names import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from types import FrameType

USAGE, INTERRUPTED, BROKEN_PIPE, TERMINATED = 2, 130, 141, 143


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit code."""
    signal.signal(signal.SIGTERM, terminated)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        given = parsed(arguments)
        code = COMMANDS[given.command](given)
        if not sys.stdout.closed:  # as a server leaves it
            sys.stdout.flush()
    except UsageError as error:
        print(f"codemod: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("codemod: interrupted; no file is half-written", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # What is still buffered must not be tried again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    return code


def parsed(arguments: Sequence[str] | None) -> Namespace:
    """The arguments, with paths after options too, which argparse leaves over."""
    top = parser()
    if not (sys.argv[1:] if arguments is None else arguments):
        top.print_help(sys.stderr)
        sys.exit(USAGE)
    given, rest = top.parse_known_args(arguments)
    if given.command in ("run", "audit"):
        given.paths = [*given.paths, *rest] or ["."]
    elif rest:
        top.error(f"{given.command}: unrecognized arguments: {' '.join(rest)}")
    return given


def terminated(number: int, frame: FrameType | None) -> None:
    sys.exit(TERMINATED)


def run(given: Namespace) -> int:
    from codemods.run import run

    return run(given)


def prove(given: Namespace) -> int:
    from codemods.evidence.command import prove

    return prove(given)


def audit(given: Namespace) -> int:
    from codemods.audit.command import run

    return run(given)


def list_codemods(given: Namespace) -> int:
    from codemods.plugins import known as known_from

    known = known_from(given.plugged, ["."])
    width = max((len(entry.name) for entry in known), default=0)
    for entry in known:
        print(f"{entry.name:<{width}}  {entry.title}")
    return 0


def explain(given: Namespace) -> int:
    from codemods.pages import explained
    from codemods.plugins import known
    from codemods.registry import chosen

    for entry in chosen(given.name, known(given.plugged, ["."])):
        explained(entry)
    return 0


def test(given: Namespace) -> int:
    from codemods.testing.command import run

    return run(given)


def new(given: Namespace) -> int:
    from codemods.testing.new import run

    return run(given)


def server(given: Namespace) -> int:
    try:
        from codemods.server.serve import serve
    except ImportError as error:
        needs = "needs its extra: pip install 'codemod[server]'"
        raise UsageError(f"server: {needs} ({error})") from error
    serve(given.trust)
    return 0


def completion(given: Namespace) -> int:
    import shtab

    from codemods.registry import EVERY, entries

    names = (*(entry.name for entry in entries()), EVERY)
    print(shtab.complete(parser(names, shtab.FILE), shell=given.shell))
    return 0


COMMANDS = {
    "run": run,
    "prove": prove,
    "audit": audit,
    "list": list_codemods,
    "explain": explain,
    "test": test,
    "new": new,
    "server": server,
    "completion": completion,
}
