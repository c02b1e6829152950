"""The bar as a table: alternating runs of codemod and a peer, and their ratios.

Other work on a machine hits both sides of an alternating run alike: the ratios stand,
the seconds only indicate. Of several rounds the median counts.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import corpora
from bench.child import Run, measured, peak_memory
from bench.coverage import table
from bench.peers import Side, codemod, peer, scan

HEADS = "what", "codemod", "peer", "ratio", "bar", "holds"
CACHE = ".codemod_cache"
MEGABYTE = 1_000_000
MOST_MEMORY = 150  # megabytes
UNINTERESTING = "pybaseball/pybaseball/cache/__init__.py"  # in S8
START_ROUNDS = 15  # a start is over in milliseconds


@dataclass(frozen=True, slots=True)
class Case:
    """A comparison: `limit` is the most that ours over theirs may be, in CPU time.

    `wall_limit` is the same in elapsed time, where that is asked for.
    """

    what: str
    corpus: str
    ours: Side
    theirs: Side
    limit: float
    wall_limit: float | None = None
    rounds: int | None = None


Row = tuple[str, ...]


def rows(home: Path, wanted: Sequence[str], rounds: int) -> Iterator[Row]:
    """The table's rows for the wanted corpora, each as soon as it is measured."""
    for case in cases(home):
        if case.corpus in wanted:
            yield from compared(home, case, rounds)
    if "L" in wanted:
        yield from memory(home)
        yield growth(home, rounds)


def cases(home: Path) -> Iterator[Case]:
    cold = scan("--no-cache")
    ruff = peer(home, "ruff")
    yield Case("scan of L, cold", "L", cold, ruff, 1.0, 1.5)
    status = Side("git status", ["git", "status", "--porcelain"])
    yield Case("scan of L, nothing changed since", "L", scan(), status, 2.0)
    for name in ("fixit", "codemodder"):
        yield Case("scan of S8, cold", "S8", cold, peer(home, name), 1 / 100)
    noop = peer(home, "libcst.tool")
    unsafe = scan("--no-cache", "--unsafe-fixes")
    yield Case("all fixes in dense", "dense", unsafe, noop, 1 / 20)
    bare = Side("python -c pass", [sys.executable, "-c", "pass"])
    usage = codemod("--help")
    yield Case("--help", "S8", usage, bare, 5.0, rounds=START_ROUNDS)
    nothing = codemod("run", "all", UNINTERESTING, "--dry-run")
    yield Case(
        "a file without candidates", "S8", nothing, bare, 5.0, None, START_ROUNDS
    )


def compared(home: Path, case: Case, rounds: int) -> Iterator[Row]:
    """Both sides by turns, after one uncounted run of ours that warms caches."""
    folder = ready(home, case.corpus)
    run(case.ours, folder)
    pairs = [
        (run(case.ours, folder), run(case.theirs, folder))
        for _ in range(case.rounds or rounds)
    ]
    what = f"{case.what}, against {case.theirs.name}"
    yield line(f"{what}: CPU", pairs, lambda each: each.cpu, case.limit)
    if case.wall_limit is not None:
        yield line(f"{what}: wall", pairs, lambda each: each.wall, case.wall_limit)
    shutil.rmtree(folder / CACHE, ignore_errors=True)


def ready(home: Path, corpus: str) -> Path:
    corpora.packages(home, corpus)  # ends the program where there are none
    return home / corpus


def run(side: Side, folder: Path) -> Run:
    print(f"{side.name} in {folder.name}", file=sys.stderr, flush=True)
    done = measured(side.command, folder, side.variables)
    if done.status not in (0, 1):  # 1: found something
        sys.exit(f"{' '.join(side.command)} in {folder}: exit code {done.status}")
    return done


def line(
    what: str,
    pairs: Sequence[tuple[Run, Run]],
    cost: Callable[[Run], float],
    limit: float,
) -> Row:
    ours = median(cost(run) for run, _ in pairs)
    theirs = median(cost(run) for _, run in pairs)
    ratio = median(cost(one) / cost(other) for one, other in pairs)
    return (
        what,
        seconds(ours),
        seconds(theirs),
        times(ratio),
        times(limit),
        held(ratio <= limit),
    )


def memory(home: Path) -> Iterator[Row]:
    """The peak for L and, because it must not grow with the files, for S."""
    for corpus in ("S", "L"):
        side = scan("--no-cache")
        peak = peak_memory(side.command, ready(home, corpus), side.variables) / MEGABYTE
        yield (
            *(f"memory, scan of {corpus} with two workers", f"{peak:.0f} MB", "", ""),
            *(f"{MOST_MEMORY} MB", held(peak <= MOST_MEMORY)),
        )


def growth(home: Path, rounds: int) -> Row:
    """CPU time from S to L against bytes from S to L."""
    small, large = ready(home, "S"), ready(home, "L")
    side = scan("--no-cache")
    pairs = [(run(side, large), run(side, small)) for _ in range(rounds)]
    ratio = median(one.cpu / other.cpu for one, other in pairs)
    limit = size(large) / size(small)
    cpu = [median(pair[at].cpu for pair in pairs) for at in (0, 1)]
    return (
        *("CPU for L over CPU for S, against bytes", *map(seconds, cpu)),
        *(times(ratio), times(limit), held(ratio <= limit)),
    )


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in corpora.python_files(folder))


def seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def times(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 0.2 else f"1/{1 / ratio:.0f}"


def held(holds: bool) -> str:
    return "yes" if holds else "**no**"


def document(measured: Sequence[Row]) -> str:
    return table(HEADS, measured)
