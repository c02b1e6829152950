"""Code in newer grammar than the interpreter's reads as it does on newer ones."""

from __future__ import annotations

import ast

import pytest

from codemods.facts import Facts
from codemods.facts.types import STR
from codemods.model import SourceError


def read(code: str) -> Facts:
    """The facts of some code, every name of which stands at its true place."""
    facts = Facts(code.encode())
    names = [node for node in ast.walk(facts.tree.root) if isinstance(node, ast.Name)]
    assert [facts.tree.text(name) for name in names] == [name.id for name in names]
    for name in names:
        facts.flow.reaching(name)
    return facts


def first(facts: Facts, text: str) -> ast.expr:
    return next(
        node
        for node in ast.walk(facts.tree.root)
        if isinstance(node, ast.expr) and facts.tree.text(node) == text
    )


def qualified(code: str, text: str) -> str | None:
    facts = read(code)
    return facts.qualified_name(first(facts, text))


def test_type_parameters_hide_names_of_the_module() -> None:
    code = "import os as T\ndef f[T](x: T) -> T:\n    return x\n"
    assert qualified(code, "T") is None
    code = "import os as T\nclass C[U](T.X): pass\n"
    assert qualified(code, "T.X") == "os.X"


@pytest.mark.parametrize(
    "code",
    [
        "def f[T: (int,\n str), *Ts, **P](\n x): pass\n",
        "async def f[\n\n T,\n]  (x): pass\n",
        "class C[T]: pass\n",
        "class C[T = int](B, metaclass=M): pass\n",
        "@d\nclass C[T]:\n    def m[U](self): pass\n",
        "type X = int\ntype Y[T] = list[T]\nif c:\n    type Z=int\n",
    ],
)
def test_generic_definitions(code: str) -> None:
    read(code)


def test_functions_keep_their_parameters() -> None:
    facts = read("def f[T](a, b): pass\n")
    function = facts.tree.root.body[0]
    assert isinstance(function, ast.FunctionDef)
    assert [each.arg for each in function.args.args] == ["a", "b"]
    assert facts.tree.text(function) == "def f[T](a, b): pass"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ('f"a {x["k"]} b"', "x"),
        ('f"{x["k"]!r:>{w["i"]}}"', "w"),
        ('f"é{y}" f"{x["k"]}" "c"', "x"),
        ('f"{"\\n".join(x)}"', "x"),
        ("f'{\nx # it\n}'", "x"),
        ('f"{f"{f"{x}"}"}"', "x"),
        ('f"""{a["""k"""]} {(x)}"""', "x"),
    ],
)
def test_names_in_placeholders_are_read(code: str, name: str) -> None:
    facts = read(f"{name} = 1\nz = {code}\n")
    [definition] = facts.scopes.module.definitions[name]
    [reader] = facts.flow.readers(definition)
    assert isinstance(facts.tree.statement(reader), ast.Assign)


def test_an_f_string_is_a_string() -> None:
    facts = read('z = f"a {x["k"]}"\n')
    assert facts.types.of(first(facts, 'f"a {x["k"]}"')) == STR


def test_its_parts_are_known() -> None:
    facts = read('z = "a" f"b{{ {x["k"]=}\\n" f"{y["k"]!s:>{w}}"\n')
    string = first(facts, '"a" f"b{{ {x["k"]=}\\n" f"{y["k"]!s:>{w}}"')
    assert isinstance(string, ast.JoinedStr)
    parts = [
        part.value if isinstance(part, ast.Constant) else ast.unparse(part)
        for part in string.values
    ]
    assert parts[0] == 'ab{ x["k"]='
    assert parts[2] == "\n"
    placeholders = [
        part for part in string.values if isinstance(part, ast.FormattedValue)
    ]
    assert [part.conversion for part in placeholders] == [ord("r"), ord("s")]


def test_a_template_is_no_string() -> None:
    facts = read('x = 1\nz = t"a {x}"\n')
    text = 't"a {x}"'
    assert facts.types.of(first(facts, text)) is None
    assert facts.flow.readers(facts.scopes.module.definitions["x"][0])


def test_exceptions_without_parentheses() -> None:
    facts = read("try:\n    pass\nexcept ValueError, a.B, KeyError:\n    pass\n")
    statement = facts.tree.root.body[0]
    assert isinstance(statement, ast.Try)
    kinds = statement.handlers[0].type
    assert isinstance(kinds, ast.Tuple)
    assert [facts.tree.text(each) for each in kinds.elts] == [
        "ValueError",
        "a.B",
        "KeyError",
    ]


def test_lines_end_as_they_like() -> None:
    read("def f[\r\n T](x): pass\r\nz = f'{\r\nx['k']}'\r\n")


@pytest.mark.parametrize(
    "code",
    [
        "x = 1\nprint 'a'\n",
        "x = 1\nprint x\n",
        "try:\n    pass\nexcept ValueError, e:\n    raise e\n",
        "x = 1\nexec 'a'\n",
        "x = 1\nraise E, 'a'\n",
    ],
)
def test_python_2_is_called_by_its_name(code: str) -> None:
    with pytest.raises(SourceError, match="Python 2") as error:
        Facts(code.encode())
    assert error.value.line in (2, 3)


@pytest.mark.parametrize("code", ["x = 1\ny = (\n", "x = 1\n  y\n", "x = 1\na b\n"])
def test_what_is_no_python_says_where(code: str) -> None:
    with pytest.raises(SourceError, match="not valid Python") as error:
        Facts(code.encode())
    assert error.value.line == 2


@pytest.mark.parametrize("code", ["(" * 5000 + ")" * 5000, "-" * 200_000 + "1"])
def test_nested_too_deeply(code: str) -> None:
    with pytest.raises(SourceError, match=r"deep|not valid Python"):
        Facts(code.encode())
