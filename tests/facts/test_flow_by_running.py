"""Whatever a program reads while it runs, the flow analysis said that it may."""

from __future__ import annotations

import ast
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codemods.facts import Facts
from codemods.facts.scopes import Definition
from tests.facts.programs import E, Trace, Writer


def _number(call: ast.expr) -> int:
    """17 for `D(17)`; 0 where the first argument is no number."""
    match call:
        case ast.Call(args=[ast.Constant(value=int(number)), *_]):
            return number
    return 0


def _calls(root: ast.AST | None, names: str) -> dict[int, ast.Call]:
    """Calls of one-letter functions by their number."""
    return {
        _number(node): node
        for node in (ast.walk(root) if root is not None else ())
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in set(names)
    }


def _numbers(node: ast.AST | None) -> set[int]:
    """The numbers of the bindings whose values an expression makes."""
    return set(_calls(node, "DLWF"))


def _made_by(facts: Facts, definition: Definition) -> set[int]:
    if definition.kind == "def":
        assert isinstance(definition.node, ast.FunctionDef)
        return {
            number
            for each in definition.node.decorator_list
            for number in _numbers(each)
        }
    if definition.kind == "match":
        for up in facts.tree.ancestors(definition.node):
            if isinstance(up, ast.Match):
                return _numbers(up.subject)
    return _numbers(definition.value)


def _allowed(facts: Facts, name: ast.expr, value: object) -> bool:
    assert isinstance(name, ast.Name)
    for definition in facts.flow.reaching(name):
        if definition.kind == "unknown":
            return True
        if isinstance(value, E) and definition.kind == "except":
            return True
        if isinstance(value, int) and value in _made_by(facts, definition):
            return True
        if value == 0 and definition.kind == "match":
            return True
    return False


def check(code: str, decisions: list[bool]) -> None:
    facts = Facts(code.encode())
    reads, kept, used = (_calls(facts.tree.root, name) for name in "RTU")
    augmented = {
        number: node.target
        for node in ast.walk(facts.tree.root)
        if isinstance(node, ast.AugAssign)
        for number in _numbers(node.value)
    }
    trace = Trace(decisions)
    trace.run(code)
    for place, value in trace.reads:
        if isinstance(reads[place].args[1], ast.Name):
            assert _allowed(facts, reads[place].args[1], value), (place, value)
    for number, value in trace.augmented:
        assert _allowed(facts, augmented[number], value), (number, value)
    for place, number, same in trace.held:
        at = facts.tree.statement(used[place])
        if facts.flow.still_holds(kept[number].args[1], at):
            assert same, (place, number)


def program(seed: int, size: int) -> str:
    return Writer(random.Random(seed), size).program()


def _valid(code: str) -> bool:
    try:
        compile(code, "program", "exec")
    except SyntaxError:
        return False
    return True


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    database=None,
)
@given(
    st.integers(0, 10**9),
    st.integers(3, 40),
    st.lists(st.lists(st.booleans(), max_size=60), min_size=1, max_size=4),
)
def test_every_dynamic_read_was_foreseen(
    seed: int, size: int, runs: list[list[bool]]
) -> None:
    code = program(seed, size)
    if _valid(code):
        for decisions in runs:
            check(code, decisions)
