"""`codemod new NAME`: a codemod that works, and fixtures that pass, to begin with."""

from __future__ import annotations

import keyword
import re
from argparse import Namespace
from pathlib import Path

from codemods.names import UsageError

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

MODULE = '''\
"""A call of `old_name` becomes one of `new_name`.

What it finds, and why that is worth changing: this text is the codemod's page, which
`codemod explain {name}` prints.

```python
total = old_name(1, 2)
```

becomes

```python
total = new_name(1, 2)
```
"""

from __future__ import annotations

import ast

from codemods import Codemod, Decline, Fix, Verdict
from codemods.context import Context

CODEMOD = Codemod(
    module=__name__,
    page=__doc__ or "",
    message="`old_name` is deprecated",
    words=(b"old_name",),  # only files that hold one of these are looked at
)


@CODEMOD.on(ast.Call)
def {function}(node: ast.Call, context: Context) -> Verdict:
    # Ask what a name means; how it is spelled says little.
    if context.qualified_name(node.func) != "old_library.old_name":
        return None
    if any(isinstance(argument, ast.Starred) for argument in node.args):
        return Decline("`*` hides how many arguments there are")
    caveat = "keywords are called otherwise" if node.keywords else None
    new_name = context.replace(node.func, "old_library.new_name")
    return Fix((new_name,), caveat=caveat, imports=("old_library",))
'''

FIXTURES = {
    "call": """\
# Another name for the same thing.
import old_library

total = old_library.old_name(1, 2)
# ---- after ----
import old_library

total = old_library.new_name(1, 2)
""",
    "unsafe_keyword": """\
# A keyword may be called otherwise.
# caveat: keywords are called otherwise
import old_library

total = old_library.old_name(1, step=2)
# ---- after ----
import old_library

total = old_library.new_name(1, step=2)
""",
    "decline_star": """\
# How many arguments there are is not in view.
# declines: `*` hides how many arguments there are
import old_library

total = old_library.old_name(*numbers)
""",
    "keep_own_function": """\
# Only the name is the same.
def old_name(x):
    return x


total = old_name(1)
""",
}


def run(given: Namespace) -> int:
    """Write the module and its fixtures below a folder; never over what is there.

    Raises UsageError for a name that no module can have, and for files in the way.
    """
    name = given.name
    module = name.replace("-", "_")
    if not NAME.fullmatch(name) or keyword.iskeyword(module):
        wanted = "use small letters and digits, with - between words"
        raise UsageError(f"{name!r} cannot name a codemod: {wanted}")
    folder = Path(given.into)
    fixtures = folder / "fixtures" / name
    text = MODULE.format(name=name, function=module)
    files = {folder / f"{module}.py": text}
    files |= {fixtures / f"{case}.py": code for case, code in FIXTURES.items()}
    there = [path for path in files if path.exists()]
    if there:
        raise UsageError(f"{there[0]} is there already; nothing was written")
    for path, code in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
        print(path)
    place = folder / f"{module}.py"
    print(f"\nNow: codemod test {fixtures} --codemod {place}")
    print(f"     codemod run {name} --codemod {place} --dry-run")
    return 0
