"""What a run costs: `python -m tests.bot.measure FOLDER...` on the GitHub stand-in.

The folders' Python files become one repository; the command is run on it twice.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bot.conftest import an_app, starting
from tests.bot.emulated import REPOSITORY
from tests.bot.npm import description, graphql_schema, packages
from tests.bot.remote import TOKEN

COMMAND = "import sys; from bot.cli import main; sys.exit(main())"


def main(folders: list[str]) -> None:
    cache = Path(__file__).parents[2] / ".pytest_cache" / "d" / "npm"
    cache.mkdir(parents=True, exist_ok=True)
    packages(cache)
    known = cache, description(cache), graphql_schema(cache), an_app()
    with tempfile.TemporaryDirectory() as above, starting(Path(above), *known) as world:
        hub, work = world.hub, world.work
        count = sum(copied(Path(folder), work.path) for folder in folders)
        work.push()
        hub.follow()
        print(f"{count} Python files")
        for name in ("first run", "second run"):
            del hub.requests[:]
            told = measured(world.api, above)
            print(f"{name}: {told}, {len(hub.requests)} requests", end=", ")
            print(f"{len(hub.writes)} of them writes; {len(hub.pulls())} pull requests")


def copied(folder: Path, to: Path) -> int:
    found = [path for path in folder.rglob("*.py") if path.is_file()]
    for path in found:
        target = to / folder.name / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return len(found)


def measured(api: str, above: str) -> str:
    given = ["run", REPOSITORY, "--github-url", api, "--even-if-idle"]
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *given, "--cache", f"{above}/cache"],
        env={**os.environ, "GITHUB_TOKEN": TOKEN},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    taken = time.monotonic() - begun
    cpu = used.ru_utime + used.ru_stime
    return f"{taken:.1f} s ({cpu:.1f} s of CPU), {used.ru_maxrss // 1024} MB"


if __name__ == "__main__":
    main(sys.argv[1:])
