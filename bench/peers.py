"""The commands that are measured against each other."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.corpora import python_of

ROOT = Path(__file__).parent.parent
# By name; pinned, because the figures in docs/performance.md are of these.
REQUIREMENTS = {
    "ruff": "ruff==0.17.6",
    "fixit": "fixit==2.2.1",
    "codemodder": "codemodder==6.5.5",
    "libcst.tool": "libcst==1.9.0",
}
FIXIT_RULES = (
    "fixit.rules:AvoidOrInExcept,fixit.rules:CompareSingletonPrimitivesByIs,"
    "fixit.rules:NoInheritFromObject,fixit.rules:RewriteToLiteral"
)
PROGRAMS = {
    "ruff": """
        ruff check --isolated --no-cache --exit-zero --quiet
        --select S602,S604,S605,E722 .
    """,
    "fixit": f"fixit --quiet --rules {FIXIT_RULES} lint .",
    "codemodder": """
        codemodder --dry-run --output /dev/null
        --codemod-include pixee:python/subprocess-shell-false .
    """,
    "libcst.tool": """
        python -m libcst.tool codemod --no-format --hide-progress noop.NOOPCommand .
    """,
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared: a name, a command and what it finds set."""

    name: str
    command: Sequence[str]
    variables: Mapping[str, str] | None = None


def peer(home: Path, name: str) -> Side:
    folder = home / "venvs" / name / "bin"
    program, *arguments = PROGRAMS[name].split()
    return Side(name, [str(folder / program), *arguments])


def install(home: Path) -> None:
    for name, requirement in REQUIREMENTS.items():
        python_of(home, name, [requirement])
        print(f"{name}: {requirement}", flush=True)


def codemod(*arguments: str) -> Side:
    command = [sys.executable, "-m", "codemods", *arguments]
    return Side("codemod", command, {"PYTHONPATH": str(ROOT)})


def scan(*options: str) -> Side:
    """All codemods over the working directory, as a dry run."""
    return codemod("run", "all", ".", "--dry-run", *options)
