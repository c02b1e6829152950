"""How a module's function may be written in a given place."""

from __future__ import annotations

import ast

import pytest

from codemods.context import Context
from codemods.facts import Facts


def spelled(code: str) -> tuple[str, tuple[str, ...]]:
    """The spelling of `subprocess.run` at the statement `here`."""
    facts = Facts(code.encode())
    at = next(
        node
        for node in ast.walk(facts.tree.root)
        if isinstance(node, ast.Expr) and ast.unparse(node) == "here"
    )
    return Context(facts, {}).spelling("subprocess.run", at)


PLAIN = ("subprocess.run", ("subprocess",))


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("import subprocess\nhere\n", "subprocess.run"),
        ("import subprocess as sp\ndef f():\n    here\n", "sp.run"),
        ("from subprocess import run\nhere\n", "run"),
        ("from subprocess import run as r\nclass C:\n    here\n", "r"),
        ("def f():\n    import subprocess as s\n    here\n", "s.run"),
        ("def f():\n    here\nimport subprocess as s\n", "s.run"),
    ],
)
def test_what_is_imported_is_used(code: str, name: str) -> None:
    assert spelled(code) == (name, ())


@pytest.mark.parametrize(
    "code",
    [
        "here\n",
        "here\nimport subprocess as s\n",
        "class C:\n    here\nimport subprocess as s\n",
        "if c:\n    import subprocess as s\ndef f():\n    here\n",
        "def g():\n    import subprocess\ndef f():\n    here\n",
        "if TYPE_CHECKING:\n    import subprocess\nhere\n",
        "import subprocess as s\ns = 1\nhere\n",
        "from subprocess import run\ndef f(run):\n    here\n",
        "def f():\n    if c:\n        import subprocess as s\n    here\n",
    ],
)
def test_else_an_import_is_needed(code: str) -> None:
    assert spelled(code) == PLAIN


@pytest.mark.parametrize(
    "code",
    [
        "subprocess = 1\nhere\n",
        "def f(subprocess):\n    here\n",
        "def f():\n    here\n    import subprocess\n",
        "try:\n    import subprocess\nexcept E:\n    subprocess = None\nhere\n",
        "import asyncio.subprocess as subprocess\nhere\n",
        "from asyncio import subprocess\nhere\n",
        "import subprocess\ndef f():\n  global subprocess\n  del subprocess\nhere\n",
        "import subprocess\nfrom m import *\nhere\n",
        "import subprocess\nexec(s)\nhere\n",
    ],
)
def test_a_name_that_may_mean_something_else(code: str) -> None:
    with pytest.raises(LookupError, match="`subprocess` means something else"):
        spelled(code)


def fresh(code: str, preferred: str) -> str:
    facts = Facts(code.encode())
    at = next(
        node
        for node in ast.walk(facts.tree.root)
        if isinstance(node, ast.Expr) and ast.unparse(node) == "here"
    )
    return Context(facts, {}).fresh_name(at, preferred)


def test_a_free_name_is_taken_as_it_is() -> None:
    assert fresh("def g():\n    row = 1\ndef f():\n    here\n", "row") == "row"


@pytest.mark.parametrize(
    "code",
    [
        "def f():\n    row = 1\n    here\n",
        "def f(row):\n    here\n",
        "row = 1\ndef f():\n    here\n    print(row)\n",
        "def f():\n    here\n    def g():\n        return row\n",
        "row = 1\nhere\n",
        "def f():\n    global row\n    here\n",
        "def f():\n    here\n    [0 for row in x]\n",
    ],
)
def test_a_name_in_view_is_not(code: str) -> None:
    assert fresh(code, "row") == "row_2"


def test_builtins_and_keywords_are_not_hidden() -> None:
    assert fresh("here\n", "id") == "id_"
    assert fresh("here\n", "class") == "class_"
    assert fresh("id_ = 1\nhere\n", "id") == "id_2"
