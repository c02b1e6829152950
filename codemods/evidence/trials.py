"""What a codemod brings to have its fixes run: the plug.

`Codemod(trial="package.module:function")` names a function of a `Case`, which answers
with a `Trial`: a program that runs the code before and after and prints, as the last
line that begins with MARK, one JSON object:

    {"trials": 200, "identical": 196, "raised": 3, "vacuous": 1,
     "timings": [[10000, 0.51, 0.009]], "notes": ["..."],
     "counterexample": null, "impossible": null}

All keys but `trials` may be left out. `counterexample` is a clause: the smallest input,
and what came of it before and after. `impossible` is a clause, too: why nothing could
be compared. `seconds` that a Trial's timings may take are its own affair.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module, resources

from codemods.context import Context
from codemods.facts import Facts
from codemods.facts.tree import Span
from codemods.model import Codemod, Finding, OptionValue, Source
from codemods.outcome import between

MARK = "codemod-evidence: "
HARNESS = "harness.py"


@dataclass(frozen=True)
class Case:
    """One fix: the file before and after it alone was made, and the finding.

    `number` and `seconds` are what is asked for: how many trials, and about how long
    the timings of both sides may take.
    """

    before: Source
    after: Source
    finding: Finding
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    number: int = 200
    seconds: float = 1.0

    @cached_property
    def context(self) -> Context:
        """The questions that may be asked of the file before."""
        return Context(Facts(self.before.code), self.options)

    @cached_property
    def context_after(self) -> Context:
        return Context(Facts(self.after.code), self.options)

    @cached_property
    def changed(self) -> tuple[Span, Span]:
        """The one stretch of the text that differs, before and after, in offsets."""
        before, after = self.before.code, self.after.code
        patch = between(before, after)
        return (patch.start, patch.end), (patch.start, patch.start + len(patch.data))

    @cached_property
    def offset(self) -> int:
        """Where the finding starts in the text before."""
        tree = self.context.facts.tree
        start = tree.line_starts[self.finding.line - 1]
        line = tree.code[start:].decode("utf-8")
        return start + len(line[: self.finding.column - 1].encode("utf-8"))


@dataclass(frozen=True, slots=True)
class Trial:
    """A Python program, and files for its empty working directory.

    It is run as `python *argv SEED`. `needs` are modules that the interpreter must
    have, `subject` what the trials are made on ("frames"), `unit` what the sizes of its
    timings count, `notes` clauses for the receipt that are known before it runs.
    """

    files: Mapping[str, bytes]
    argv: tuple[str, ...] = ("trial.py",)
    needs: tuple[str, ...] = ()
    subject: str = "inputs"
    unit: str = "rows"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoTrial:
    """Why a fix cannot be run ("calls `self.api.fetch`, which cannot be run here")."""

    reason: str


Making = Callable[[Case], Trial | NoTrial]


def making(codemod: Codemod) -> Making | None:
    """The codemod's own function; None for a codemod that brings none."""
    if codemod.trial is None:
        return None
    module, _, name = codemod.trial.partition(":")
    found: Making = getattr(import_module(module), name)
    return found


def program(package: str, name: str) -> bytes:
    """A file that lies beside the modules of a package, to be put into a trial."""
    return resources.files(package).joinpath(name).read_bytes()
