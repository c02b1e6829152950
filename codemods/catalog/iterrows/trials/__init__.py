"""How a loop over rows is run before and after, on frames made up for it."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from typing import Any

from codemods.catalog.iterrows.trials.columns import Columns
from codemods.catalog.iterrows.trials.sources import Sources
from codemods.evidence.extraction import Needs
from codemods.evidence.guesses import Guess
from codemods.evidence.regions import Region, region
from codemods.evidence.trials import Case, NoTrial, Trial, program

HARNESS = "codemods.catalog.iterrows.trials.programs"
GENERAL = "codemods.evidence.programs"
PROGRAMS = (
    *((HARNESS, name) for name in ("harness", "running", "frames", "pools", "timing")),
    *((HARNESS, name) for name in ("discovery", "shrinking", "telling")),
    *((GENERAL, name) for name in ("seen", "standins")),
)
WAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith)


def trial(case: Case) -> Trial | NoTrial:
    found = region(case)
    refusal = cannot(found)
    if refusal is not None:
        return NoTrial(refusal)
    piece = dict.fromkeys(node for each in found.before for node in ast.walk(each))
    needs = Needs(case.context, piece)
    sources = Sources(needs)
    sources.find()
    if not sources.frames:
        return NoTrial("its frame is not made from anything that can be varied")
    for statement in found.before:
        needs.need(statement)
    columns = Columns(needs, sources)
    columns.find()
    before, after = needs.program(found.before), needs.program(found.after)
    for text in (before, after):
        try:
            compile(text, "trial", "exec")
        except SyntaxError as error:
            return NoTrial(f"cannot stand by itself ({error.msg})")
    spec = specification(case, needs, sources, columns, live(found, case))
    files = {
        "spec.json": json.dumps(spec).encode(),
        "before.py": before.encode(),
        "after.py": after.encode(),
        **harness(),
    }
    return Trial(files, ("run.py",), ("pandas",), "frames")


def cannot(found: Region) -> str | None:
    """Why a region cannot be run by itself, if so."""
    if not found.before or not found.after:
        return "nothing of it can be run"
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    if any(isinstance(each, definitions) for each in found.before):
        return "changes several functions at once"
    for statement in (*found.before, *found.after):
        for node in ast.walk(statement):
            if isinstance(node, WAITS):
                return "awaits other code"
    return None


def live(found: Region, case: Case) -> set[str]:
    """Names that the region binds and later code reads."""
    return {name for each in found.before for name in case.context.live_after(each)}


def specification(
    case: Case, needs: Needs, sources: Sources, columns: Columns, live: set[str]
) -> dict[str, Any]:
    values = {
        name: guess
        for name, guess in needs.inputs.items()
        if name not in sources.frames
    }
    return {
        "frames": {name: columns.of_frame(name) for name in sources.frames},
        "optional": sorted(columns.optional),
        "literals": columns.literals(),
        "plain": sources.plain,
        "mixed": case.options.get("assume-mixed-dtypes") is True,
        "values": {
            name: value(name, each, needs, columns) for name, each in values.items()
        },
        "observed": sorted(
            {*live, *needs.names} - {*sources.frames} - columns.kept_rows()
        ),
        "number": case.number,
        "seconds": case.seconds,
    }


def value(name: str, given: Guess, needs: Needs, columns: Columns) -> list[Any]:
    """What an input may be: pairs of a kind and a value."""
    if name in needs.methods:
        return [("own", name)]
    if name in columns.keys:
        return [("value", columns.keys[name])]
    none = [("value", None)] if name in needs.optional else []
    return [*none, *((given.kind, each) for each in given.options)]


def harness() -> dict[str, bytes]:
    """What runs beside the code, under the names that it has here."""
    found = {
        f"{package.replace('.', '/')}/{name}.py": program(package, f"{name}.py")
        for package, name in PROGRAMS
    }
    folders = {path.rpartition("/")[0] for path in found}
    for folder in sorted(parents(folders)):
        found[f"{folder}/__init__.py"] = b""
    start = f"from {HARNESS}.harness import main\n\nmain()\n"
    return {**found, "run.py": start.encode()}


def parents(folders: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for folder in folders:
        while folder:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found
