"""A call of `old` becomes one of `new`.

For tests of the command: every verdict there is, decided by the arguments.
"""

from __future__ import annotations

import ast

from codemods.context import Context
from codemods.model import Codemod, Decline, Fix, Verdict

CODEMOD = Codemod(
    module=__name__,
    page=__doc__,
    message="`old` is deprecated",
    words=(b"old",),
    pattern=rb"\bold\(",
    options={"target": "new", "limit": 3, "strict": False, "skip": ("a", "b")},
)


@CODEMOD.on(ast.Call)
def old_call(node: ast.Call, context: Context) -> Verdict:
    if not isinstance(node.func, ast.Name) or node.func.id != "old":
        return None
    match node.args:
        case [ast.Constant(value="crash")]:
            raise ZeroDivisionError("the codemod is broken")
        case []:
            return Decline(f"`{context.text(node)}` says nothing")
        case [ast.Starred()]:
            return Decline("`*` hides what is passed", urgent=True)
    target = str(context.options["target"])
    caveat = "a second argument was ignored" if len(node.args) > 1 else None
    return Fix((context.replace(node.func, target),), caveat=caveat)
