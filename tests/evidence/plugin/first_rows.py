"""A loop over rows stops after three, which is wrong.

For tests of the receipts: a fix that calls itself safe and is not.
"""

from __future__ import annotations

import ast

from codemods.context import Context
from codemods.model import Codemod, Fix, Verdict

CODEMOD = Codemod(
    module=__name__,
    page=__doc__,
    message="looks at every row",
    words=(b"iterrows",),
    trial="codemods.catalog.iterrows.trials:trial",
)


@CODEMOD.on(ast.Call)
def first_rows(node: ast.Call, context: Context) -> Verdict:
    match node.func:
        case ast.Attribute(attr="iterrows", value=ast.Name() as frame):
            return Fix((context.replace(frame, f"{frame.id}.head(3)"),))
    return None
