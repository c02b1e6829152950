"""Qualified names, where following them would not end."""

from __future__ import annotations

import ast

import pytest

from codemods.facts import Facts


def qualified(code: str) -> str | None:
    """The qualified name of the argument of `look(...)`."""
    facts = Facts(code.encode())
    call = next(
        node
        for node in ast.walk(facts.tree.root)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "look"
    )
    return facts.qualified_name(call.args[0])


def test_a_name_that_walks_along_a_chain_is_nothing_in_particular() -> None:
    assert (
        qualified("def f(x):\n    while x:\n        x = x.next\n        look(x)\n")
        is None
    )


def test_an_alias_of_an_attribute_is_followed() -> None:
    assert qualified("import os\njoin = os.path.join\nlook(join)\n") == "os.path.join"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("from subprocess import *\nlook(run)", "subprocess.run"),
        ("from subprocess import *\nlook(open)", "open"),
        ("from os import *\nlook(open)", "os.open"),
        ("from subprocess import *\nfrom os import *\nlook(popen)", "os.popen"),
        ("from subprocess import *\nfrom m import *\nlook(run)", None),
        ("from m import *\nlook(len)", None),
        ("from .subprocess import *\nlook(run)", None),
        ("from subprocess import *\nlook(unknown)", None),
        ("import os\nfrom subprocess import *\nlook(os.system)", "os.system"),
        ("import os\nfrom m import *\nlook(os.system)", None),
    ],
)
def test_what_a_star_import_binds(code: str, name: str | None) -> None:
    assert qualified(code) == name


OPTIONAL = """
try:
    import json
except ImportError:
    json = None
"""


@pytest.mark.parametrize(
    ("argument", "name"),
    [
        ("json.dumps", "json.dumps"),  # None has no attributes
        ("json", None),
    ],
)
def test_a_module_that_may_be_missing(argument: str, name: str | None) -> None:
    assert qualified(f"{OPTIONAL}look({argument})\n") == name
