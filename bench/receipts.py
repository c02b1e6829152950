"""How many fixes carry a receipt, what the receipts say, and how long they take."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

QUOTED = re.compile(r"`[^`]*`|\(.*\)")


@dataclass(frozen=True, slots=True)
class Receipts:
    """`findings` of the fixes alone; times in seconds."""

    findings: tuple[Any, ...]
    wall: float
    processor: float


def receipts(
    name: str, packages: Sequence[Path], python: str, settings: Sequence[str] = ()
) -> Receipts:
    began, before = time.monotonic(), getrusage(RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "codemods", "run", name, *map(str, packages)]
    command += ["--dry-run", "--no-cache", "--evidence", "--output-format", "json"]
    command += ["--python", python]
    for each in settings:
        command += ["--set", each]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    after = getrusage(RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = json.loads(done.stdout)["findings"]
    ran = tuple(each for each in found if each["evidence"] is not None)
    return Receipts(ran, time.monotonic() - began, spent)


def document(made: Receipts) -> str:
    """The figures as Markdown."""
    total = len(made.findings)
    outcomes = Counter(
        (each["evidence"]["outcome"], tier_of(each)) for each in made.findings
    )
    lines = ["| outcome | safe | unsafe |", "| --- | --- | --- |"]
    for outcome in ("no difference", "difference", "impossible"):
        safe, unsafe = (outcomes[outcome, tier] for tier in ("safe", "unsafe"))
        lines.append(f"| {outcome} | {safe} | {unsafe} |")
    carry = sum(n for (outcome, _), n in outcomes.items() if outcome != "impossible")
    share = f"{carry / total:.0%}" if total else "none"
    lines += ["", f"{carry} of {total} fixes carry a receipt ({share})."]
    lines += [
        f"{made.wall:.0f} s.",
        f"Outside the sandbox: {made.processor:.0f} s.",
        "",
    ]
    lines += ["| not run | why |", "| --- | --- |"]
    reasons = Counter(
        QUOTED.sub("…", each["evidence"]["reason"])
        for each in made.findings
        if each["evidence"]["reason"]
    )
    lines += [f"| {count} | {why} |" for why, count in reasons.most_common()]
    return "\n".join(lines)


def tier_of(finding: Any) -> str:
    """What the codemod called a fix before it was run."""
    return "unsafe" if finding["caveat"] else "safe"
