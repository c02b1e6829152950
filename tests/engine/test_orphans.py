"""What goes with the last use, and what stays."""

from __future__ import annotations

import pytest

from codemods import edits
from codemods.facts import Facts
from codemods.orphans import removals


def without(code: str, *names: str, path: tuple[str, ...] = ()) -> str:
    """`code` when nothing uses `names`, variables of the scope `path`, any more."""
    data = code.encode()
    while gone := removals(Facts(data), {(path, name) for name in names}):
        data = edits.apply(data, gone)
    return data.decode()


def test_an_unused_import_goes() -> None:
    assert without("import os\nimport shlex\nos\n", "shlex") == "import os\nos\n"


def test_a_used_one_stays() -> None:
    code = "import shlex\nshlex.quote\n"
    assert without(code, "shlex") == code


def test_one_name_of_several() -> None:
    assert without("from a import b, c, d\n", "c") == "from a import b, d\n"
    assert without("from a import b, c, d\n", "d") == "from a import b, c\n"
    assert without("from a import b, c, d\n", "c", "d") == "from a import b\n"
    assert without("from a import b, c\nx\n", "b", "c") == "x\n"


def test_a_pure_assignment_goes_with_its_line() -> None:
    code = "def f():\n    a = 1  # one\n    b = 2\n    return 3\n"
    assert without(code, "a", "b", path=("f",)) == "def f():\n    return 3\n"


def test_a_block_keeps_a_statement() -> None:
    code = "def f():\n    a = 1\n    b = 2\n"
    assert without(code, "a", "b", path=("f",)) == "def f():\n    pass\n"


def test_what_has_effects_stays() -> None:
    code = "a = f()\n"
    assert without(code, "a") == code


def test_all_bindings_go_or_none() -> None:
    code = "a = 1\na = f()\n"
    assert without(code, "a") == code


def test_the_same_name_elsewhere_stays() -> None:
    code = "a = 1\ndef f():\n    a = 2\n"
    assert without(code, "a", path=("f",)) == "a = 1\ndef f():\n    pass\n"


@pytest.mark.parametrize(
    "use",
    [
        "__all__ = ['os']",
        "__all__ += ['os']",
        "def f(a: 'os.PathLike'): pass",
        "x = []  # type: List[os.PathLike]",
        "eval(s)",
        "def f():\n    global os\n    os = 1",
    ],
)
def test_uses_that_are_no_names(use: str) -> None:
    code = f"import os\n{use}\n"
    assert without(code, "os") == code


def test_prose_is_no_use() -> None:
    assert without('"""The os is used."""\nimport os\nx\n', "os") == (
        '"""The os is used."""\nx\n'
    )


@pytest.mark.parametrize(
    "code",
    [
        "import os as os\n",
        "try:\n    import os\nexcept ImportError:\n    pass\n",
        "if c:\n    import os\n",
    ],
)
def test_imports_with_a_purpose_stay(code: str) -> None:
    assert without(code, "os") == code
