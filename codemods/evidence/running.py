"""From a trial to its receipt: run it, and read what it printed."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from codemods.evidence.sandbox import Ended, Sandbox
from codemods.evidence.trials import MARK, Case, Making, NoTrial, Trial
from codemods.receipt import Receipt, Timing

LEAST = 0.05  # of the trials must come to something, or they show nothing
LONGEST = 600  # characters of a counterexample


@dataclass(frozen=True, slots=True)
class Runner:
    """Where trials run. `seed` None: one that follows from each finding."""

    sandbox: Sandbox
    seed: int | None = None

    def receipt(self, case: Case, making: Making | None) -> Receipt:
        """Never raises for what the code under trial does."""
        seed = self.seed_of(case)
        if case.finding.cell is not None:
            reason = "a notebook's cells may be run in any order"
            return _impossible(case, reason, seed)
        made = self._made(case, making)
        if isinstance(made, NoTrial):
            return _impossible(case, made.reason, seed)
        lacking = _lacking(self.sandbox, made.needs)
        if lacking:
            who = self.sandbox.python.path
            reason = f"needs {lacking}: install it for {who}, or give another --python"
            return _impossible(case, reason, seed)
        ended = self.sandbox.run([*made.argv, str(seed)], made.files)
        told = _told(ended)
        if isinstance(told, str):
            return _impossible(case, told, seed, made)
        return _receipt(case, made, told, seed)

    def seed_of(self, case: Case) -> int:
        if self.seed is not None:
            return self.seed
        return int(case.finding.fingerprint[:8], 16)

    def _made(self, case: Case, making: Making | None) -> Trial | NoTrial:
        name = case.finding.codemod
        if making is None:
            return NoTrial(f"{name} says nothing of how to run its fixes")
        if case.before == case.after:
            return NoTrial("the fix is made only together with another one")
        try:
            return making(case)
        except RecursionError:
            return NoTrial("nested too deeply to be taken out of its file")
        except Exception as error:  # the boundary: one fix; the others go on
            return NoTrial(f"no trial could be made ({type(error).__name__}: {error})")


@cache
def _lacking(sandbox: Sandbox, needs: tuple[str, ...]) -> str:
    """The first modules of `needs` that the interpreter does not have."""
    if not needs:
        return ""
    asked = (
        "import sys; from importlib.util import find_spec; "
        "print(', '.join(n for n in sys.argv[1:] if n[0] != '1' and not find_spec(n)))"
    )
    return sandbox.run(["-c", asked, *needs, "1"]).out.decode().strip()


def _told(ended: Ended) -> Mapping[str, Any] | str:
    """What the trial reported; a clause where it reported nothing."""
    if ended.timed_out:
        return "did not come to an end in time"
    lines = ended.out.decode("utf-8", "replace").splitlines()
    marked = [line for line in lines if line.startswith(MARK)]
    if not marked:
        words = ended.err.decode("utf-8", "replace").strip().splitlines()
        why = words[-1] if words else f"exit code {ended.code}"
        return f"could not be run here ({why[:200]})"
    told: Mapping[str, Any] = json.loads(marked[-1].removeprefix(MARK))
    return told


def _receipt(case: Case, trial: Trial, told: Mapping[str, Any], seed: int) -> Receipt:
    trials, raised = told.get("trials", 0), told.get("raised", 0)
    vacuous = told.get("vacuous", 0)
    if told.get("impossible"):
        return _impossible(case, told["impossible"], seed, trial)
    counterexample = told.get("counterexample")
    through = trials - raised - vacuous
    if counterexample is None and through < max(1, trials * LEAST):
        reason = f"only {through:,} of {trials:,} {trial.subject} get through it"
        return _impossible(case, reason, seed, trial)
    timings = tuple(Timing(*each) for each in told.get("timings", ()))
    return Receipt(
        codemod=case.finding.codemod,
        outcome="difference" if counterexample is not None else "no difference",
        subject=trial.subject,
        trials=trials,
        identical=told.get("identical", 0),
        raised=raised,
        vacuous=vacuous,
        unit=trial.unit,
        timings=timings,
        seed=seed,
        counterexample=_short(counterexample),
        differing=told.get("differing", 0),
        notes=(*trial.notes, *told.get("notes", ())),
        replay=replay(case, seed),
    )


def _impossible(
    case: Case, reason: str, seed: int, trial: Trial | None = None
) -> Receipt:
    return Receipt(
        codemod=case.finding.codemod,
        outcome="impossible",
        subject=trial.subject if trial else "inputs",
        seed=seed,
        reason=reason,
        replay=replay(case, seed) if trial else "",
    )


def _short(text: str | None) -> str | None:
    if text is None or len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST - 1]}…"


def replay(case: Case, seed: int) -> str:
    """The command that makes the same receipt again, on any machine."""
    place = shlex.quote(f"{case.before.path}:{case.finding.line}")
    return f"codemod prove {place} --codemod {case.finding.codemod} --seed {seed}"
