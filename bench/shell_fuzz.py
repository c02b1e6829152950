"""A million accepted commands against dash: `python -m bench.shell_fuzz [N [SEED]]`.

Each text goes to dash's `eval` in batches, with the program a function that records
its arguments, two variables and a line of standard input without starting a process.
Prints the number of texts tried and accepted, and each that dash reads otherwise.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from tests.shell_true.shells import INPUTS, Seen, expected, rendered, samples

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH = 5000
# `exec` would leave the loop that stands in for many shells.
NAMES = ("rec", "r'e'c", 'r"e"c', "\\rec", "'rec'", "re\\\nc", "r''ec")
FUNCTION = r"""
rec() {
  IFS= read -r line
  printf '%s\0' "$#" "$@" "${A-unset}" "${B-unset}" "$line" >&9
}
"""
Pair = tuple[str, Seen]


def accepted(seed: int) -> Iterator[tuple[int, Pair]]:
    """Numbered texts that the lexer takes, with what it says the child gets."""
    for number, sample in zip(count(1), samples(seed, NAMES)):
        seen = expected(sample)
        if seen is not None and seen.name == "rec":
            yield number, (rendered(sample), replace(seen, status="", out=(), err=()))


def asked(pairs: list[Pair], root: Path) -> list[Seen | None]:
    """What dash makes of each text; None for all where it stopped."""
    lines = [
        f"eval {shlex.quote(text)} <.given\nprintf 'end\\0' >&9\nunset A B\n"
        for text, _ in pairs
    ]
    script = FUNCTION + "exec 9>.record >/dev/null 2>&1\n" + "".join(lines)
    environment = {"PATH": "", "LC_ALL": "C.UTF-8"}
    shell = subprocess.run(
        ["/usr/bin/dash", "-s"], input=script.encode(), cwd=root, env=environment
    )
    fields = iter((root / ".record").read_bytes().decode().split("\0")[:-1])
    if shell.returncode:
        return [None] * len(pairs)
    return [recorded(fields) for _ in pairs]


def recorded(fields: Iterator[str]) -> Seen | None:
    first = next(fields)
    if first == "end":
        return None
    *arguments, a, b, line = (next(fields) for _ in range(int(first) + 3))
    next(fields)
    return Seen("rec", tuple(arguments), a, b, line, "", (), ())


def wrong(pairs: list[Pair], root: Path) -> list[Pair]:
    """The pairs that dash reads otherwise, found by halving where it stopped."""
    got = asked(pairs, root)
    if len(pairs) > 1 and None in got:
        half = len(pairs) // 2
        return wrong(pairs[:half], root) + wrong(pairs[half:], root)
    return [pair for pair, seen in zip(pairs, got, strict=True) if pair[1] != seen]


def main(wanted: int, seed: int) -> None:
    started = time.process_time()
    source = accepted(seed)
    tried = done = 0
    bad: list[Pair] = []
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        for name, text in {**INPUTS, ".given": "given"}.items():
            (root / name).write_text(f"{text}\n")
        while done < wanted:
            numbered = [next(source) for _ in range(min(BATCH, wanted - done))]
            tried = numbered[-1][0]
            bad += wrong([pair for _, pair in numbered], root)
            done += len(numbered)
    for text, seen in bad:
        print(repr(text), seen)
    print(f"{tried:,} texts, {done:,} accepted, {len(bad)} read otherwise by dash")
    print(f"{time.process_time() - started:.0f} s of CPU without dash")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]] + [1_000_000, 20][
        len(sys.argv) - 1 :
    ]
    main(given[0], given[1])
