"""The trials of all fixes in files, told by what they consist of: a line for each.

`python -m tests.evidence.made FILE...` in processes that hash in other orders shows
whether the same finding always makes the same trial.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from codemods.engine import Settings, run
from codemods.evidence.trials import Case, NoTrial, making
from codemods.model import Codemod, Source
from codemods.registry import entries


def lines(paths: Iterable[Path]) -> Iterator[str]:
    codemods = [entry.load() for entry in entries()]
    for path in paths:
        source = Source(path.name, path.read_bytes())
        for codemod in codemods:
            for place, digest in made(source, codemod):
                yield f"{path} {codemod.name} {place} {digest}"


def made(source: Source, codemod: Codemod) -> Iterator[tuple[str, str]]:
    make = making(codemod)
    every = Settings(unsafe=True, options={codemod.name: codemod.options})
    fixes = [e for e in run(source, [codemod], every).findings if e.after is not None]
    if make is None:
        return
    for finding in fixes:
        alone = {each.fingerprint: each is finding for each in fixes}
        after = run(source, [codemod], replace(every, unsafe=False, asked=alone)).after
        if after == source:
            continue
        trial = make(Case(source, after, finding, codemod.options))
        if isinstance(trial, NoTrial):
            told = trial.reason
        else:
            told = repr(replace(trial, files=dict(sorted(trial.files.items()))))
        digest = hashlib.sha256(told.encode()).hexdigest()[:16]
        yield f"{finding.line}:{finding.column}", digest


def main(arguments: Sequence[str]) -> None:
    for line in lines(map(Path, arguments)):
        print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
