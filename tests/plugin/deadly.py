"""A word that kills the process which reads it.

For tests of the pool: what a crash in a C extension does.
"""

from __future__ import annotations

import ast
import os
import signal

from codemods.context import Context
from codemods.model import Codemod, Verdict

CODEMOD = Codemod(
    module=__name__, page=__doc__, message="deadly", words=(b"kill_the_worker",)
)


@CODEMOD.on(ast.Name)
def deadly(node: ast.Name, context: Context) -> Verdict:
    if node.id == "kill_the_worker":
        os.kill(os.getpid(), signal.SIGKILL)
    return None
