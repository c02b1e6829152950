"""The tree: what is below a node, and every node of a class."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest

from codemods.facts.children import SHARED, children
from codemods.facts.tree import Tree

LIBRARY = Path(sysconfig.get_path("stdlib"))
NAMES = ("ast.py", "dataclasses.py", "test/test_patma.py", "test/test_grammar.py")
FILES = [LIBRARY / name for name in NAMES if (LIBRARY / name).exists()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_children_are_those_that_ast_names(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_bytes())):
        named = [n for n in ast.iter_child_nodes(node) if not isinstance(n, SHARED)]
        assert children(node) == named


def test_every_node_of_a_class_in_the_order_of_the_text() -> None:
    tree = Tree(b"def f(a=g()):\n    return h(i(), *j())\n\nclass C(k()): ...\n")
    assert [tree.text(call) for call in tree.every(ast.Call)] == [
        "g()",
        "h(i(), *j())",
        "i()",
        "j()",
        "k()",
    ]
    assert [type(each) for each in tree.every(ast.FunctionDef, ast.ClassDef)] == [
        ast.FunctionDef,
        ast.ClassDef,
    ]
    assert tree.every(ast.Lambda) == []
