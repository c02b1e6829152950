"""Edits that fit where they go, and fragments that read back byte for byte."""

from __future__ import annotations

import ast

import libcst as cst
import pytest

from codemods import edits
from codemods.context import Context
from codemods.facts import Facts
from codemods.model import Edit


def context(code: str) -> Context:
    return Context(Facts(code.encode()), {})


def named(given: Context, name: str) -> ast.Name:
    return next(
        node
        for node in ast.walk(given.tree)
        if isinstance(node, ast.Name) and node.id == name
    )


def made(given: Context, *made: Edit) -> str:
    return edits.apply(given.facts.tree.code, made).decode()


@pytest.mark.parametrize(
    ("code", "new", "expected"),
    [
        ("f(x)", "a or b", "f(a or b)"),
        ("x.y", "a or b", "(a or b).y"),
        ("x.y", "(a) + (b)", "((a) + (b)).y"),
        ("x.y", "(a + b)", "(a + b).y"),
        ("x.y", "a[0]", "a[0].y"),
        ("-x", "a + b", "-(a + b)"),
        ("x(1)", "lambda: 1", "(lambda: 1)(1)"),
        ("f(x)", "a, b", "f((a, b))"),
        ("f(x)", "*a", "f(*a)"),
        ("f(x)", "y := 1", "f((y := 1))"),
        ("{**x}", "a or b", "{**(a or b)}"),
        ("f'{x}'", "{1}", "f'{ {1}}'"),
        ("f'{x}'", "lambda: 1", "f'{(lambda: 1)}'"),
        ("y = x", "a +\nb", "y = (a +\nb)"),
        ("y = x", "f(\n    a)", "y = f(\n    a)"),
        ("[i for i in x]", "a if b else c", "[i for i in (a if b else c)]"),
    ],
)
def test_parentheses_where_they_are_needed(code: str, new: str, expected: str) -> None:
    given = context(code)
    assert made(given, given.replace(named(given, "x"), new)) == expected


def test_statements_move_to_their_margin_and_strings_do_not() -> None:
    given = context("if c:\r\n\tx\r\n")
    statement = given.statement(named(given, "x"))
    edit = given.insert_before(statement, "if a:\n    b = '''\nleft'''\n")
    assert made(given, edit) == (
        "if c:\r\n\tif a:\r\n\t    b = '''\r\nleft'''\r\n\tx\r\n"
    )


@pytest.mark.parametrize(
    "code", ["a = 1; x\n", "if c: x\n", "if c:\n    pass\nelif x:\n    pass\n"]
)
def test_nothing_goes_before_what_does_not_begin_a_line(code: str) -> None:
    given = context(code)
    with pytest.raises(ValueError, match="line"):
        given.insert_before(given.statement(named(given, "x")), "b = 1")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a = 1\nx\nb = 2\n", "a = 1\nb = 2\n"),
        ("if c:\n    x  # why\n", "if c:\n    pass  # why\n"),
        ("a = 1; x; b = 2\n", "a = 1; b = 2\n"),
        ("x; b = 2\n", "b = 2\n"),
        ("a = 1; x\n", "a = 1\n"),
        ("a = 1\nx", "a = 1\n"),
        ("if c:\n    a = 1\n    x  # why\nelse:\n    b = 1\n",
         "if c:\n    a = 1\nelse:\n    b = 1\n"),
    ],
)  # fmt: skip
def test_a_statement_goes_with_its_line(code: str, expected: str) -> None:
    given = context(code)
    assert made(given, given.delete(given.statement(named(given, "x")))) == expected


@pytest.mark.parametrize(
    "code",
    [
        "if a:\n    for x in y:\n        z = '''\n left\n'''\n",
        "if a:\n\tif x:\n\t\tpass\n\telse:\n\t\tpass\n",
        "def f():\r\n  with x as y, \\\r\n       z:\r\n    pass  # end\r\n",
        "if a: pass\nelif x:\n    pass\nelse:\n    pass\n",
        "class C:\n    if a:\n        pass\n    elif x:\n        pass\n",
        "\x0cif x:\n  a; b\n\x0c\n",
        "a = 1; b = (x,\n  2); c = 3\n",
        "class C:\n    @x(\n  1)\n    @b\n    def f(self): pass\n",
        "if a:\n    y = f'''{x}\n''' 'é' \\\n  'b'\n",
    ],
)
def test_a_fragment_is_the_text_of_its_statement(code: str) -> None:
    given = context(code)
    statement = given.statement(named(given, "x"))
    fragment = given.fragment(statement)
    assert fragment.render(fragment.statement) == given.text(statement)
    [name] = (
        node
        for node in fragment.spans
        if isinstance(node, cst.Name) and node.value == "x"
    )
    assert given.abstract(name) is named(given, "x")


def test_places_are_taken_back_through_edits() -> None:
    code = b"one two three"
    assert edits.before(0, [Edit(4, 7, "2")]) == 0
    assert edits.before(6, [Edit(4, 7, "2")]) == code.index(b"three")
    assert edits.before(9, [Edit(4, 7, "")]) == 12
    assert edits.before(5, [Edit(4, 4, "new ")]) == 4
    assert edits.before(8, [Edit(4, 4, "new ")]) == 4


def test_text_that_an_edit_kept_keeps_its_place() -> None:
    code = b"for row in x: use(row)"
    made = [Edit(0, len(code), "for a, b in zip(x): use(a)")]
    assert edits.before(20, made, code) == code.index(b"use")
    assert edits.before(4, made, code) == 0


def test_edits_that_overlap_are_an_error() -> None:
    with pytest.raises(ValueError, match="overlap"):
        edits.apply(b"abc", [Edit(0, 2, ""), Edit(1, 3, "")])
