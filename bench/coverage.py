"""What a codemod does to a package: how much it fixes, and checks of what it wrote.

Everything happens in a scratch copy that is a git repository. The printed diff has to
apply with `git apply` and come out as the command itself writes; what compiled before
has to compile; a second run has to find nothing left to do.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
QUOTED = re.compile(r"`[^`]*`")
TIERS = ("safe", "unsafe", "declined")


@dataclass(frozen=True, slots=True)
class Coverage:
    """One package: its findings by tier and reason, and what is wrong with the result.

    `tiers` counts findings by verdict; `reasons` counts (verdict, caveat or reason),
    what is in backticks left out.
    """

    package: str
    tiers: Counter[str]
    reasons: Counter[tuple[str, str]]
    changed: int
    troubles: tuple[str, ...]

    @property
    def places(self) -> int:
        return self.tiers.total()


def covered(name: str, package: Path, settings: Sequence[str] = ()) -> Coverage:
    """Run a codemod with unsafe fixes over a copy of a package, and check it."""
    arguments = [name, ".", "--unsafe-fixes", "--no-cache"]
    arguments += [f"--set={setting}" for setting in settings]
    with tempfile.TemporaryDirectory(prefix="codemod-coverage-") as scratch:
        home = Path(scratch) / package.name
        shutil.copytree(package, home, ignore=shutil.ignore_patterns(".git"))
        git(home, "init", "-q")
        git(home, "add", "-A")
        git(
            home, "-c", "user.name=b", "-c", "user.email=b@b", "commit", "-qm", "before"
        )
        valid = {path for path in python_files(home) if compiles(path)}
        report = json.loads(
            codemod(home, *arguments, "--check", "--output-format=json")
        )
        diff = codemod(home, *arguments, "--dry-run")
        troubles = [*errors(report), *applied(home, diff, arguments)]
        troubles += [
            f"{path.relative_to(home)} no longer compiles"
            for path in sorted(valid)
            if not compiles(path)
        ]
        if again := codemod(home, *arguments, "--dry-run"):
            troubles.append(f"a second run still changes {again.count(b'diff --git')}")
    return coverage(package.name, report, troubles)


def coverage(package: str, report: Any, troubles: Sequence[str]) -> Coverage:
    findings = report["findings"]
    return Coverage(
        package=package,
        tiers=Counter(each["verdict"] for each in findings),
        reasons=Counter(
            (each["verdict"], QUOTED.sub("`…`", each["reason"] or each["caveat"]))
            for each in findings
            if each["verdict"] != "safe"
        ),
        changed=report["files"]["changed"],
        troubles=tuple(troubles),
    )


def errors(report: Any) -> Iterator[str]:
    """What went wrong; files that are no Python 3 are not our matter."""
    for each in report["errors"]:
        if not each["message"].startswith("skipped: "):
            yield f"{each['path']}: {each['message']}"


def applied(home: Path, diff: bytes, arguments: Sequence[str]) -> Iterator[str]:
    """Leave the package as the command writes it; what the diff makes of it differs?"""
    if not diff:
        return
    done = git(home, "apply", "--index", stdin=diff, check=False)
    if done.returncode:
        yield f"git apply: {done.stderr.decode(errors='replace').strip()}"
    by_diff = git(home, "write-tree").stdout
    git(home, "reset", "-q", "--hard")
    codemod(home, *arguments)
    git(home, "add", "-A")
    if git(home, "write-tree").stdout != by_diff:
        yield "the diff is not what the command writes"


def git(
    home: Path, *arguments: str, stdin: bytes | None = None, check: bool = True
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["git", "-c", "core.autocrlf=false", "-c", "gc.auto=0", *arguments],
        cwd=home,
        input=stdin,
        capture_output=True,
        check=check,
    )


def codemod(home: Path, *arguments: str) -> bytes:
    """What `codemod run` prints. Raises where it is not even started properly."""
    done = subprocess.run(
        [sys.executable, "-m", "codemods", "run", *arguments],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    if done.returncode not in (0, 1, 3):
        raise SystemExit(done.stderr.decode(errors="replace"))
    return done.stdout


def python_files(home: Path) -> Iterator[Path]:
    return (path for path in home.rglob("*.py") if path.is_file())


def compiles(path: Path) -> bool:
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(path.read_bytes(), path.name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def document(coverages: Sequence[Coverage]) -> str:
    """The tables, in Markdown."""
    heads = "package", "places", "safe", "unsafe", "declined", "fixed"
    rows = [
        *(row(each.package, each.tiers) for each in coverages if each.places),
        row("**all**", sum((each.tiers for each in coverages), Counter())),
    ]
    reasons = sum((each.reasons for each in coverages), Counter[tuple[str, str]]())
    troubles = [
        f"- {each.package}: {trouble}"
        for each in coverages
        for trouble in each.troubles
    ]
    changed = sum(each.changed for each in coverages)
    good = (
        f"Checked: the diff of {changed:,} changed files applies with `git apply` and "
        "is what the command writes; all that compiled still compiles; a second run "
        "changes nothing."
    )
    return "\n\n".join(
        [
            table(heads, rows),
            *(by_reason(tier, reasons) for tier in TIERS if tier != "safe"),
            "\n".join(["## Troubles", "", *troubles]) if troubles else good,
        ]
    )


def row(name: str, tiers: Counter[str]) -> tuple[str, ...]:
    places = tiers.total()
    fixed = 1 - tiers["declined"] / places if places else 0
    numbers = (f"{tiers[tier]:,}" for tier in TIERS)
    return name, f"{places:,}", *numbers, f"{fixed:.0%}"


def by_reason(tier: str, reasons: Counter[tuple[str, str]]) -> str:
    word = "caveat" if tier == "unsafe" else "reason"
    rows = [
        (f"{number:,}", reason.replace("|", "\\|"))
        for (verdict, reason), number in reasons.most_common()
        if verdict == tier
    ]
    return table((tier, word), rows)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
