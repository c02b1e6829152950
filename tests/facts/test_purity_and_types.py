"""What may be left out or moved, and what type an expression surely has."""

from __future__ import annotations

import ast

import pytest

from codemods.facts import Facts
from codemods.facts.types import BYTES, FLOAT, INT, NONE, STR, Type, union

FLOAT_OR_NONE = union([FLOAT, NONE])


def value(code: str) -> tuple[Facts, ast.expr]:
    """The facts of some code and the value of its last statement."""
    facts = Facts(code.encode())
    last = facts.tree.root.body[-1]
    assert isinstance(last, ast.Expr)
    return facts, last.value


def is_pure(code: str) -> bool:
    facts, node = value(code)
    return facts.is_pure(node)


def type_of(code: str) -> Type | None:
    facts, node = value(code)
    return facts.types.of(node)


@pytest.mark.parametrize(
    "code",
    [
        "a.b[c] + 1",
        "x = [1]\nsum(x)",
        "sum(i for i in range(3))",
        "' '.join(str(i) for i in x)",
        "import shlex\n' '.join(map(shlex.quote, x))",
        "sorted(x, key=len)",
        "sorted(x, key=str.lower)",
        "sorted(x, key=lambda r: r[0])",
        "f'{a!r:>{b}}'",
    ],
)
def test_pure(code: str) -> None:
    assert is_pure(code)


@pytest.mark.parametrize(
    "code",
    [
        "f()",
        "x = (i for i in y)\nlist(x)",
        "x = iter(y)\nsum(x)",
        "x = map(str, y)\n','.join(x)",
        "x = iter(y)\n[*x]",
        "x = iter(y)\n1 in x",
        "(x := 1)",
        "map(f, x)",
        "sorted(x, key=f)",
        "max(x, **options)",
        "sorted(x, key=lambda r: f(r))",
        "x.strip()",
        "f'{g()}'",
        "def len(x): ...\nlen(x)",
        "if c:\n    len = f\nlen(x)",
        "from m import *\nlen(x)",
    ],
)
def test_not_known_to_be_pure(code: str) -> None:
    assert not is_pure(code)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("f'{x}'", STR),
        ("x = 'a'\nx += 'b'\nx", STR),
        ("x = 1\nx += 2\nx", INT),
        ("x = 1\nx /= 2\nx", None),
        ("x = 2\nx **= -1\nx", None),
        ("x = 'a'\nif c:\n    x = f()\nx", None),
        ("x = 'a'\nif c:\n    x = 'b'\nx", STR),
        ("def f(): return 'a'\nf()", STR),
        ("def f():\n    if c:\n        return 1.0\nf()", FLOAT_OR_NONE),
        ("def f():\n    yield 'a'\nf()", None),
        ("if c:\n    str = f\nstr(1)", None),
        ("x = {'a': 'b'}\ny = x.items()\nx['a']", STR),
        ("x = {'a': 'b'}\nx.update(y)\nx['a']", None),
        ("x = {'a': 'b'}\ny = x.items\nx['a']", None),
        ("import os\nos.path.join(x, 'a')", STR),
        ("import os\nos.path.join(x, y)", None),
        ("import os\nos.path.dirname(b'a')", BYTES),
        ("import os, pathlib\nos.path.join(pathlib.Path('a'), x)", STR),
        ("import os, pathlib\nos.fspath(pathlib.Path('a'))", STR),
        ("x = 'a'\nexec(s)\nx", None),
        ("x = 'a'\ndef f():\n    global x\n    x = g()\nx", None),
    ],
)  # fmt: skip
def test_types(code: str, expected: Type | None) -> None:
    assert type_of(code) == expected


@pytest.mark.parametrize("parameter", ["*x: str", "**x: str"])
def test_what_several_arguments_are_is_not_what_each_is(parameter: str) -> None:
    facts = Facts(f"def f({parameter}):\n    return x\n".encode())
    function = facts.tree.root.body[0]
    assert isinstance(function, ast.FunctionDef)
    (statement,) = function.body
    assert isinstance(statement, ast.Return)
    assert statement.value is not None
    assert facts.types.of(statement.value) is None
