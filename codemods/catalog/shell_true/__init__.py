"""A shell command that is provably one program becomes a list."""

from __future__ import annotations

import ast

from codemods.catalog.shell_true.judge import judge
from codemods.model import Codemod

CODEMOD = Codemod(
    module=__name__,
    page=__doc__,
    message="a shell parses this command",
    words=(b"shell", b"system", b"popen", b"getoutput", b"getstatusoutput"),
    pattern=rb"\bshell\s*=(?!=)|\b(?:system|popen|getoutput|getstatusoutput)\b",
    ignored_by=("S602", "S604", "S605", "B602", "B604", "B605"),
)
CODEMOD.on(ast.Call)(judge)
