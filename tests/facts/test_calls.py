"""Which function of the same file a call reaches."""

from __future__ import annotations

import ast
import textwrap

import pytest

from codemods.facts import Facts


def line_called(code: str) -> int | None:
    """The line of the definition that the file's last call reaches."""
    facts = Facts(textwrap.dedent(code).lstrip().encode())
    calls = [n for n in ast.walk(facts.tree.root) if isinstance(n, ast.Call)]
    last = max(calls, key=lambda call: (call.lineno, call.col_offset))
    found = facts.function_called(last)
    return found.lineno if found is not None else None


METHOD = "class A:\n    def f(self): ...\n    def g(self): self.f()\n"


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("def f(): ...\nf()", 1),
        ("def f(): ...\ndef f(): ...\nf()", 2),
        ("@d\ndef f(): ...\nf()", None),
        ("if c:\n    def f(): ...\nelse:\n    def f(): ...\nf()", None),
        ("def f(): ...\nf = g\nf()", None),
        (METHOD, 2),
        ("class B(A):\n    def f(self): ...\n" + METHOD, None),
        ("def h():\n    class B(A):\n        def f(self): ...\n" + METHOD, None),
        ("class B(A):\n    def h(self): ...\n" + METHOD, 4),
        (METHOD.replace("    def g", "    @staticmethod\n    def g"), None),
        (METHOD.replace("f(self): ...", "f(self): ...\n    def f(self): ..."), None),
    ],
)
def test_the_definition_that_a_call_reaches(code: str, line: int | None) -> None:
    assert line_called(code) == line
