"""Which bindings reach a read, by thought."""

from __future__ import annotations

import ast
import textwrap

import pytest

from codemods.facts import Facts


def reached(code: str, name: str = "x") -> set[str]:
    """What may reach the `name` of `look(name)`: line numbers, or a kind."""
    facts = Facts(textwrap.dedent(code).lstrip().encode())
    read = next(
        call.args[0]
        for call in ast.walk(facts.tree.root)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "look"
    )
    assert isinstance(read, ast.Name)
    assert read.id == name
    return {
        each.kind if each.kind in ("unbound", "unknown") else str(_line(each.node))
        for each in facts.flow.reaching(read)
    }


def _line(node: ast.AST) -> int:
    line = getattr(node, "lineno")  # noqa: B009
    assert isinstance(line, int)
    return line


def test_the_last_binding_before_the_read_reaches() -> None:
    assert reached("x = 1\nx = 2\nlook(x)\nx = 3\n") == {"2"}


def test_either_branch_of_an_if_may_have_bound() -> None:
    code = "x = 1\nif c:\n    x = 2\nelif d:\n    x = 3\nlook(x)\n"
    assert reached(code) == {"1", "3", "5"}


def test_a_branch_that_returns_does_not_reach() -> None:
    code = """
        def f():
            x = 1
            if c:
                x = 2
                return
            look(x)
    """
    assert reached(code) == {"2"}


def test_a_loop_reaches_its_own_head() -> None:
    assert reached("x = 1\nfor i in y:\n    look(x)\n    x = 2\n") == {"1", "4"}


def test_a_loop_may_run_not_at_all() -> None:
    assert reached("for x in y:\n    pass\nlook(x)\n") == {"1", "unbound"}


def test_nothing_behind_a_loop_without_end_but_its_breaks() -> None:
    code = "while True:\n    x = 1\n    if c:\n        break\n    x = 2\nlook(x)\n"
    assert reached(code) == {"2"}


def test_else_of_a_loop_is_passed_by_break() -> None:
    code = "for i in y:\n    x = 1\n    break\nelse:\n    x = 2\nlook(x)\n"
    assert reached(code) == {"2", "5"}


def test_break_runs_the_finally_on_its_way() -> None:
    code = """
        while True:
            try:
                x = 1
                break
            finally:
                x = 2
        look(x)
    """
    assert reached(code) == {"6"}


def test_continue_runs_the_finally_on_its_way() -> None:
    code = """
        x = 0
        for i in y:
            look(x)
            try:
                continue
            finally:
                x = 2
    """
    assert reached(code) == {"1", "7"}


def test_a_finally_that_breaks_swallows_a_return() -> None:
    code = """
        def f():
            for i in y:
                try:
                    x = 1
                    return
                finally:
                    break
            look(x)
    """
    assert reached(code) == {"4", "unbound"}


def test_a_handler_sees_the_body_left_at_any_point() -> None:
    code = """
        x = 0
        try:
            x = 1
            x = 2
        except E:
            look(x)
    """
    assert reached(code) == {"1", "3", "4"}


def test_else_sees_the_body_done() -> None:
    code = "x = 0\ntry:\n    x = 1\nexcept E:\n    pass\nelse:\n    look(x)\n"
    assert reached(code) == {"3"}


def test_after_a_finally_only_what_came_through_normally() -> None:
    code = "x = 0\ntry:\n    x = 1\nfinally:\n    y = 2\nlook(x)\n"
    assert reached(code) == {"3"}


def test_a_finally_itself_sees_everything() -> None:
    code = "x = 0\ntry:\n    x = 1\nfinally:\n    look(x)\n"
    assert reached(code) == {"1", "3"}


def test_the_name_of_a_handler_is_gone_behind_it() -> None:
    code = "try:\n    f()\nexcept E as x:\n    pass\nlook(x)\n"
    assert reached(code) == {"unbound"}


def test_a_manager_may_swallow_an_exception() -> None:
    code = "x = 0\nwith suppress(E):\n    f()\n    x = 1\nlook(x)\n"
    assert reached(code) == {"1", "4"}


def test_a_manager_may_swallow_what_the_next_one_raises() -> None:
    code = "x = 0\nwith suppress(E), g() as x:\n    pass\nlook(x)\n"
    assert reached(code) == {"1", "2"}


def test_an_open_file_swallows_nothing() -> None:
    code = (
        "import gzip as z\nx = 0\nwith z.open(p), open(p) as f:\n    x = 1\nlook(x)\n"
    )
    assert reached(code) == {"4"}


def test_an_open_of_ones_own_may() -> None:
    code = "def open(): ...\nx = 0\nwith open() as f:\n    x = 1\nlook(x)\n"
    assert reached(code) == {"2", "4"}


def test_a_pattern_binds_though_its_guard_fails() -> None:
    code = """
        x = 0
        match v:
            case [x] if x > 1:
                pass
            case _:
                look(x)
    """
    assert reached(code) == {"1", "3"}


def test_a_match_may_match_nothing() -> None:
    code = "x = 0\nmatch v:\n    case 1:\n        x = 1\nlook(x)\n"
    assert reached(code) == {"1", "4"}


def test_a_last_case_takes_the_rest() -> None:
    code = "match v:\n    case 1:\n        x = 1\n    case _:\n        x = 2\nlook(x)\n"
    assert reached(code) == {"3", "5"}


def test_a_walrus_that_may_be_left_out() -> None:
    assert reached("x = 0\nc and (x := 1)\nlook(x)\n") == {"1", "2"}
    assert reached("x = 0\na < b < (x := 1)\nlook(x)\n") == {"1", "2"}
    assert reached("x = 0\na < (x := 1)\nlook(x)\n") == {"2"}
    assert reached("x = 0\nassert c, (x := 1)\nlook(x)\n") == {"1", "2"}
    assert reached("x = 0\nc and [0 for i in (x := y)]\nlook(x)\n") == {"1", "2"}


def test_a_comprehension_reads_what_its_last_round_bound() -> None:
    assert reached("x = 0\n[(look(x), (x := i)) for i in y]\n") == {"1", "2"}


def test_a_generator_may_run_after_later_bindings() -> None:
    assert reached("x = 0\ng = (look(x) for i in y)\nx = 1\n") == {"1", "3"}


def test_its_first_iterable_is_read_at_once() -> None:
    assert reached("x = 0\ng = (i for i in look(x))\nx = 1\n") == {"1"}


def test_a_drained_generator_is_done() -> None:
    assert reached("x = 0\nany(look(x) for i in y)\nx = 1\n") == {"1"}


def test_a_walrus_in_a_generator_binds_at_any_time() -> None:
    code = "g = ((x := i) for i in y)\nx = 1\nnext(g)\nlook(x)\n"
    assert reached(code) == {"1", "2"}


def test_a_nested_function_sees_what_held_when_it_was_made_and_later() -> None:
    code = "x = 0\nx = 1\ndef f():\n    look(x)\nx = 2\n"
    assert reached(code) == {"2", "5"}


def test_a_function_made_in_a_loop_sees_every_binding() -> None:
    code = "for i in y:\n    x = 0\n    x = 1\n    def f():\n        look(x)\n"
    assert reached(code) == {"2", "3"}


def test_a_lambda_sees_later_bindings() -> None:
    assert reached("x = 0\nx = 1\nf = lambda: look(x)\nx = 2\n") == {"2", "4"}


def test_a_default_is_read_where_it_stands() -> None:
    assert reached("x = 0\ndef f(a=look(x)): pass\nx = 1\n") == {"1"}


def test_a_name_that_a_function_rebinds_is_reached_by_all() -> None:
    code = "x = 0\ndef f():\n    global x\n    x = 1\nx = 2\nlook(x)\n"
    assert reached(code) == {"1", "4", "5"}


def test_nonlocal_passes_by_a_class() -> None:
    code = """
        def f():
            x = 1
            class C:
                x = 2
                def m(self):
                    nonlocal x
                    x = 3
            look(x)
    """
    assert reached(code) == {"2", "7"}


def test_a_class_body_falls_back_on_the_module() -> None:
    code = "x = 0\nclass C:\n    look(x)\n    x = 1\n"
    assert reached(code) == {"1", "unbound"}


def test_a_class_is_no_scope_for_its_methods() -> None:
    code = "x = 0\nclass C:\n    x = 1\n    def m(self):\n        look(x)\n"
    assert reached(code) == {"1"}


def test_del_is_a_binding_of_its_own() -> None:
    assert reached("x = 0\ndel x\nlook(x)\n") == {"2"}
    assert reached("x = 0\ndel (x, y)\nlook(x)\n") == {"2"}


def test_a_builtin_that_may_be_rebound_is_unknown() -> None:
    code = "if c:\n    open = f\nlook(open)\n"
    assert reached(code, "open") == {"2", "unbound", "unknown"}


def test_a_star_import_may_rebind_what_came_before() -> None:
    assert reached("x = 0\nfrom m import *\nlook(x)\n") == {"1", "unknown"}
    assert reached("from m import *\nx = 0\nlook(x)\n") == {"2"}


@pytest.mark.parametrize(
    "call", ["exec(s)", "globals()['x'] = 1", "globals().update(d)", "vars()['x'] = 1"]
)
def test_code_that_may_rebind_unseen(call: str) -> None:
    assert reached(f"x = 0\n{call}\nlook(x)\n") == {"1", "unknown"}


@pytest.mark.parametrize("call", ["globals()['x']", "'x' in globals()", "exec(s, {})"])
def test_code_that_only_looks(call: str) -> None:
    assert reached(f"x = 0\n{call}\nlook(x)\n") == {"1"}


def test_dead_code_has_answers_too() -> None:
    code = "def f():\n    x = 1\n    return\n    g()\n    look(x)\n"
    assert reached(code) == {"2"}
    assert reached("x = 1\nwhile True:\n    pass\nelse:\n    look(x)\n") == {"1"}


def test_an_annotation_without_value_binds_nothing() -> None:
    assert reached("x = 1\nx: int\nlook(x)\n") == {"1"}


def still_holds(code: str) -> bool:
    """Whether the value of `cmd` holds at the statement `run(cmd)`."""
    facts = Facts(textwrap.dedent(code).lstrip().encode())
    nodes = list(ast.walk(facts.tree.root))
    value = next(
        node.value
        for node in nodes
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "cmd"
    )
    at = next(
        node
        for node in nodes
        if isinstance(node, ast.Expr) and ast.unparse(node) == "run(cmd)"
    )
    return facts.flow.still_holds(value, at)


def test_a_value_holds_while_its_names_do() -> None:
    assert still_holds("a = 1\ncmd = f(a)\nrun(cmd)\n")
    assert still_holds("for a in b:\n    cmd = f(a)\n    run(cmd)\n")
    assert not still_holds("a = 1\ncmd = f(a)\na = 2\nrun(cmd)\n")


def test_a_value_of_an_earlier_round_does_not_hold() -> None:
    assert not still_holds(
        """
        for a in b:
            if c:
                cmd = f(a)
            run(cmd)
        """
    )


def test_a_name_bound_in_between_on_one_way_only() -> None:
    assert not still_holds(
        """
        a = 0
        while c:
            cmd = f(a)
            if d:
                a = g()
            run(cmd)
        """
    )


def test_a_comprehensions_own_names_do_not_matter() -> None:
    assert still_holds("a = 1\ncmd = [f(i, a) for i in a]\ni = 2\nrun(cmd)\n")
    assert not still_holds("a = 1\ncmd = [f(i, a) for i in b]\na = 2\nrun(cmd)\n")


def test_a_constant_holds_in_every_function() -> None:
    assert still_holds("A = 1\ncmd = f(A)\ndef g():\n    run(cmd)\n")
    assert not still_holds("A = 1\ncmd = f(A)\ndef g():\n    run(cmd)\nA = 2\n")
    assert not still_holds(
        "for A in b:\n    cmd = f(A)\n    def g():\n        run(cmd)\n"
    )


def test_a_name_that_others_rebind_does_not_hold() -> None:
    assert not still_holds(
        "a = 1\ndef g():\n    global a\n    a = 2\ncmd = f(a)\ng()\nrun(cmd)\n"
    )


def test_deep_loops_do_not_multiply() -> None:
    depth = 60
    code = "x = 0\n" + "".join(
        f"{'    ' * level}for i{level} in y:\n{'    ' * (level + 1)}x = {level}\n"
        for level in range(depth)
    )
    code += f"{'    ' * depth}look(x)\n"
    assert reached(code) == {str(2 * depth + 1)}


def test_a_function_reaches_itself() -> None:
    assert reached("def f(n):\n    look(f)\n", "f") == {"1"}


def test_a_lambda_reaches_the_name_it_is_bound_to() -> None:
    assert reached("f = lambda n: look(f)\n", "f") == {"1"}
