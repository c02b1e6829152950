"""A bare `except:` names what its body can raise."""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.judge import judge
from codemods.model import Codemod, Verdict
from codemods.context import Context

CODEMOD = Codemod(
    module=__name__,
    page=__doc__,
    message="a bare except also swallows exits and interrupts",
    words=(b"except:", b"except :"),
    pattern=rb"\bexcept\s*:",
    options={"log": "debug", "lookup": False, "suppress": False, "broad": False, "knowledge": ()},
    ignored_by=("E722", "W0702", "bare-except", "B001"),
)


@CODEMOD.on(ast.ExceptHandler)
def bare_except(node: ast.ExceptHandler, context: Context) -> Verdict:
    return judge(node, context)
