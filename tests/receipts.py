"""Receipts for a piece of code: of the codemod's own fix, or of one that is planted."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping
from dataclasses import replace

from codemods.engine import Settings, run
from codemods.evidence.interpreters import interpreter
from codemods.evidence.running import Runner
from codemods.evidence.sandbox import Sandbox
from codemods.evidence.trials import Case, making
from codemods.model import Codemod, OptionValue, Source
from codemods.receipt import Receipt


def receipt_of(
    codemod: Codemod,
    code: str,
    after: str | None = None,
    *,
    line: int = 0,
    options: Mapping[str, OptionValue] | None = None,
    seed: int = 7,
    number: int = 40,
) -> Receipt:
    """The receipt of the one fix of a file (of the one in `line`, if there are more).

    With `after`, of the rewrite that a test plants in the place of the codemod's own.
    """
    given = {**codemod.options, **(options or {})}
    source = Source("code.py", textwrap.dedent(code).encode())
    every = Settings(unsafe=True, options={codemod.name: given})
    fixes = [
        each
        for each in run(source, [codemod], every).findings
        if each.verdict != "declined" and line in (0, each.line)
    ]
    (finding,) = fixes
    alone = {each.fingerprint: each is finding for each in fixes}
    result = run(source, [codemod], replace(every, unsafe=False, asked=alone))
    made = result.after
    if after is not None:
        made = Source("code.py", textwrap.dedent(after).encode())
    case = Case(source, made, finding, given, number)
    runner = Runner(Sandbox(interpreter(sys.executable)), seed)
    return runner.receipt(case, making(codemod))
