"""shell-true: both forms of a command, with a recorder in place of every program."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable

from codemods.catalog.shell_true.parsed import parsed
from codemods.catalog.shell_true.program import word_list
from codemods.context import Context
from codemods.evidence.cut.changes import Change, changes
from codemods.evidence.cut.cutter import Side
from codemods.evidence.cut.cutting import Cut, cut
from codemods.evidence.cut.free import Given, Uncuttable
from codemods.evidence.cut.kinds import settled
from codemods.evidence.trials import Case, NoTrial, Trial, program
from codemods.facts import Facts

RUNS = frozenset(
    "subprocess.run subprocess.call subprocess.check_call subprocess.check_output "
    "subprocess.Popen subprocess.getoutput subprocess.getstatusoutput os.system "
    "os.popen asyncio.create_subprocess_shell asyncio.create_subprocess_exec".split()
)
# A trial starts up to six processes a side.
MOST_TRIALS = 60
_WORD = re.compile(r"[^\s'\"|&;<>()$`=]+")


def trial(case: Case) -> Trial | NoTrial:
    """The program that runs a command before and after its fix."""
    try:
        return _trial(case)
    except Uncuttable as error:
        return NoTrial(str(error))


def _trial(case: Case) -> Trial | NoTrial:
    before, after = case.context.facts, case.context_after.facts
    found = changes(before.tree, after.tree)
    old = Side(before, {c.before: c.marks_before for c in found}, _runs(before))
    new = Side(after, {c.after: c.marks_after for c in found}, _runs(after))
    entry = _entry(found, old)
    results = old.results(entry.before) & new.results(entry.after)
    sides = cut(old, entry.before, results), cut(new, entry.after, results)
    told = {
        "sides": [each.code for each in sides],
        "givens": [_told(each, case.context) for each in _both(sides)],
        "number": min(case.number, MOST_TRIALS),
        **_looks(sides[0].code),
        "builtins": sorted(word_list("twins")),
        "waits": "system(" in sides[0].code,
        "common": sorted(_texts(sides[0]) & _texts(sides[1])),
        "missing": "missing program" in (case.finding.caveat or "")
        or "OSError" in sides[1].code,
    }
    files = {
        "trial.py": program(__package__, "recording.py"),
        "recorder.py": program(__package__, "recorder.py"),
        "made_up.py": program("codemods.evidence.cut", "made_up.py"),
        "case.json": json.dumps(told).encode(),
    }
    return Trial(files, subject="inputs", notes=_notes(_both(sides)))


def _runs(facts: Facts) -> Callable[[ast.Call], bool]:
    return lambda call: facts.qualified_name(call.func) in RUNS


def _entry(found: list[Change], old: Side) -> Change:
    """The change to start from: that of a caller, where a wrapper changed with it."""
    called = {
        old.facts.function_called(node)
        for change in found
        for mark in change.marks_before
        for node in ast.walk(mark)
        if isinstance(node, ast.Call)
    }
    entries = [
        each
        for each in found
        if each.before not in called
        and any(old.has_run(mark) for mark in each.marks_before)
    ]
    if not entries:
        raise Uncuttable("the command and what runs it are in different functions")
    return entries[0]


def _both(sides: tuple[Cut, Cut]) -> list[Given]:
    """What is made up for either side, the same for both."""
    found: dict[str, Given] = {}
    for given in (*sides[0].givens, *sides[1].givens):
        known = found.get(given.text)
        kinds = given.kinds | known.kinds if known else given.kinds
        found[given.text] = Given(given.name, given.text, kinds, given.asked)
    return list(found.values())


def _texts(side: Cut) -> set[str]:
    return {each.text for each in side.givens}


def _told(given: Given, context: Context) -> dict[str, object]:
    kinds = [*settled(given.kinds)]
    words = _words(given.text, context)
    if words is not None:
        kinds = [f"among {json.dumps(words)}"]
    return {"name": given.name, "text": given.text, "kinds": kinds}


def _words(text: str, context: Context) -> list[object] | None:
    """The values that an argument of argparse may have, where they are in view."""
    for node in context.facts.tree.every(ast.Attribute):
        if ast.unparse(node) == text:
            values = parsed(node, context)
            literal = values and all(isinstance(v, ast.Constant) for v in values)
            return (
                [ast.literal_eval(each) for each in values or ()] if literal else None
            )
    return None


def _looks(code: str) -> dict[str, object]:
    """What the texts of the code say: words that may name programs, and operators."""
    constants = [
        node.value
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    text = "\n".join(constants)
    reads = "files" if "<" in text else "folders" if re.search(r"\bcd\b", text) else ""
    return {
        "words": sorted({word for each in constants for word in _WORD.findall(each)}),
        "pipe": "|" in text,
        "reads": reads,
        "redirects": ">" in text or "<" in text,
    }


def _notes(givens: list[Given]) -> tuple[str, ...]:
    recorder = "every program is a recorder"
    if not givens:
        return (recorder,)
    names = [f"`{each.text}`" for each in givens]
    listed = ", ".join(names[:-1]) + " and " + names[-1] if names[1:] else names[0]
    return (recorder, f"{listed} {'are' if names[1:] else 'is'} made up")
