"""Qualified names, where following them would not end."""

from __future__ import annotations

import ast

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
