"""The type of a name that grows by `+=`, also in a loop."""

from __future__ import annotations

import ast

from codemods.facts import Facts
from codemods.facts.types import STR, Type


def type_at_return(code: str) -> Type | None:
    facts = Facts(code.encode())
    read = next(n for n in ast.walk(facts.tree.root) if isinstance(n, ast.Return))
    assert read.value is not None
    return facts.types.of(read.value)


def test_a_text_that_grows_in_a_loop_is_a_text() -> None:
    code = "def f(xs):\n    s = 'a'\n    for x in xs:\n        s += 'b'\n    return s\n"
    assert type_at_return(code) == STR


def test_two_that_reach_each_other_are_not_followed_for_ever() -> None:
    code = (
        "def f(xs):\n    s = 'a'\n    for x in xs:\n        s += 'b'\n"
        "        if x:\n            s += x\n    return s\n"
    )
    assert type_at_return(code) is None
