"""Notebooks through the command: their cells change, and nothing else does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codemods.engine import Settings
from codemods.model import Source
from codemods.notebooks.run import run
from tests.cases import codemod as loaded
from tests.command import codemod

LOOP = """\
for _, row in games.iterrows():
    print(row["a"])
"""
ZIPPED = """\
for a in games["a"].tolist():
    print(a)
"""


def cell(source: str | list[str], kind: str = "code", **more: Any) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "outputs": [], "source": source, **more}


def lines(text: str) -> list[str]:
    return text.removesuffix("\n").splitlines(keepends=True)


def notebook(*cells: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, **more}


def written(path: Path, document: dict[str, Any], **how: Any) -> bytes:
    layout = {"indent": 1, "ensure_ascii": False, **how}
    path.write_text(json.dumps(document, **layout) + "\n", encoding="utf-8")
    return path.read_bytes()


def test_one_cell_changes_and_every_other_byte_stays(tmp_path: Path) -> None:
    file = tmp_path / "a.ipynb"
    before = written(
        file,
        notebook(
            cell("# iterrows é", "markdown"),
            cell(lines("import pandas as pd\n")),
            cell(
                ["x = 'é'\n", "# iterrows: ☃\n", *lines(LOOP)],
                outputs=[{"text": LOOP}],
            ),
        ),
    )
    given = ("run", "iterrows", "--set", "iterrows.assume-mixed-dtypes=true", ".")
    done = codemod(*given, "--output-format", "json", cwd=tmp_path)
    assert done.code == 0
    (finding,) = done.json["findings"]
    text = before.decode()
    where = text[: text.rindex("games.iterrows")]
    assert (finding["cell"], finding["line"]) == (3, where.count("\n") + 1)
    assert finding["column"] == len(where) - where.rindex("\n")
    assert finding["before"] == LOOP
    old = "".join(f"    {json.dumps(line)},\n" for line in lines(LOOP))
    new = "".join(f"    {json.dumps(line)},\n" for line in lines(ZIPPED))
    assert file.read_bytes().decode() == text.replace(
        old.removesuffix(",\n"), new.removesuffix(",\n")
    )
    assert codemod(*given, "--check", cwd=tmp_path).code == 0


def test_a_dry_run_is_a_diff_of_the_file(tmp_path: Path) -> None:
    document = notebook(cell(lines("try:\n    x = int('1')\nexcept:\n    x = 0\n")))
    written(tmp_path / "a.ipynb", document)
    done = codemod("run", "bare-except", "--dry-run", "a.ipynb", cwd=tmp_path)
    assert '-    "except:\\n",\n+    "except ValueError:\\n",\n' in done.out


CLEAN = "import os\n\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # Magics and shell lines are what they were, wherever they stand.
        ("%matplotlib inline\nTRY", "%matplotlib inline\nDONE"),
        ("!pip install \\\n  x\nTRY", "!pip install \\\n  x\nDONE"),
        ("if 1:\n    %cd x\nTRY", "if 1:\n    %cd x\nDONE"),
        ("names = !ls\nTRY", "names = !ls\nDONE"),
        ("%%time\nTRY", "%%time\nDONE"),
        ("int?\nTRY", "int?\nDONE"),
        # What looks like one inside of Python is none.
        ('"""\n%time\n"""\nTRY', '"""\n%time\n"""\nDONE'),
        ("await x\nTRY", "await x\nDONE"),
        # Of another language, and no Python: left alone.
        ("%%bash\nTRY", "%%bash\nTRY"),
        ("%%sql\nTRY", "%%sql\nTRY"),
        ("print 1\nTRY", "print 1\nTRY"),
    ],
)
@pytest.mark.parametrize("ended", ["", "\n"])
def test_what_only_notebooks_have(
    tmp_path: Path, before: str, after: str, ended: str
) -> None:
    bare = "try:\n    n = int('1')\nexcept:\n    n = 0"
    fixed = bare.replace("except:", "except ValueError:")
    code = before.replace("TRY", bare) + ended
    written(tmp_path / "a.ipynb", notebook(cell(code)))
    assert codemod("run", "bare-except", "a.ipynb", cwd=tmp_path).code == 0
    (found,) = json.loads((tmp_path / "a.ipynb").read_text())["cells"]
    wanted = after.replace("TRY", bare).replace("DONE", fixed) + ended
    assert found["source"] == wanted


def test_a_cell_that_is_no_python_is_named(tmp_path: Path) -> None:
    document = notebook(cell("print 1"), cell("try:\n  x()\nexcept:\n  pass"))
    written(tmp_path / "a.ipynb", document)
    done = codemod("run", "bare-except", ".", cwd=tmp_path)
    assert done.code == 0
    assert "note: a.ipynb: left alone: cell 1: line 1: Missing parentheses" in done.out


def test_a_name_that_a_magic_may_read_is_in_use(tmp_path: Path) -> None:
    # `row` is gone after the rewrite; the shell line would no longer find it.
    document = notebook(
        cell("import pandas as pd"), cell(LOOP), cell("!echo {row}"), cell("1")
    )
    written(tmp_path / "a.ipynb", document)
    given = ("run", "iterrows", "--set", "iterrows.assume-mixed-dtypes=true", ".")
    done = codemod(*given, "--output-format", "json", cwd=tmp_path)
    assert not any(each["applied"] for each in done.json["findings"])


def test_what_a_cell_shows_is_shown_still(tmp_path: Path) -> None:
    document = notebook(cell("import os"), cell('os.system("ls")'), cell("1"))
    written(tmp_path / "a.ipynb", document)
    done = codemod("run", "shell-true", "--unsafe-fixes", ".", cwd=tmp_path)
    assert done.code == 0
    found = json.loads((tmp_path / "a.ipynb").read_text())["cells"][1]["source"]
    assert found.endswith(".returncode")


def test_only_changed_lines_count(tmp_path: Path) -> None:
    bare = "try:\n    n = int('1')\nexcept:\n    n = 0"
    text = json.dumps(notebook(cell(lines(bare)), cell(lines(bare))), indent=1)
    source = Source("a.ipynb", text.encode())
    at = text.count("\n", 0, text.rindex("except:")) + 1
    only = Settings(lines=frozenset([at]))
    result, _ = run(source, [loaded("bare-except")], only)
    sources = [each["source"] for each in json.loads(result.after.data)["cells"]]
    assert sources == [
        lines(bare),
        lines(bare.replace("except:", "except ValueError:")),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("except:", "line 1: not JSON: Expecting value"),
        ('{"cells": [\n"except:",]}', "line 2: not JSON: "),
        ('["except:"]', "not a notebook of format 4"),
        ('{"nbformat": 3, "worksheets": ["except:"]}', "not a notebook of format 4"),
        ('{"nbformat": 4, "x": "except:"}', "not a notebook: it has no 'cells'"),
        ('{"nbformat": 4, "cells": ["except:"]}', "not JSON: Expecting '{'"),
        (
            '{"nbformat": 4, "cells": [], "metadata": {"kernelspec": '
            '{"language": "R"}}, "x": "except:"}',
            "a notebook in R",
        ),
    ],
)
def test_what_is_no_notebook_is_skipped_with_its_line(
    tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "a.ipynb").write_text(text)
    (tmp_path / "b.py").write_text("try:\n    int('1')\nexcept:\n    raise\n")
    done = codemod("run", "bare-except", ".", "--output-format", "json", cwd=tmp_path)
    assert done.code == 0
    (error,) = done.json["errors"]
    assert error["path"] == "a.ipynb"
    assert message in error["message"]


STATEMENTS = st.sampled_from(
    [
        "x = 1",
        "%matplotlib inline",
        "!ls -l",
        '# é ☃ \\ "quoted"',
        "try:\n    n = int('1')\nexcept:\n    n = 0",
        "s = '''\n%time\n'''",
        "x",
        "print('\\n')",
        "",
    ]
)
CELLS = st.lists(STATEMENTS, max_size=4).map("\n".join)
LAYOUTS = st.sampled_from(
    [{"indent": 1}, {"indent": None}, {"indent": 4, "separators": (" ,", " : ")}]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(CELLS, st.booleans()), max_size=4), LAYOUTS, st.booleans())
def test_any_notebook_changes_in_the_code_that_is_fixed_alone(
    cells: list[tuple[str, bool]], layout: dict[str, Any], ascii_only: bool
) -> None:
    document = notebook(
        *(cell(code if one else lines(code), outputs=[code]) for code, one in cells)
    )
    text = json.dumps(document, ensure_ascii=ascii_only, **layout)
    codemods = [loaded("bare-except")]
    result, _ = run(Source("a.ipynb", text.encode()), codemods, Settings())
    assert result.failures == ()
    wanted = [code.replace("except:", "except ValueError:") for code, _ in cells]
    after = json.loads(result.after.data)
    assert ["".join(each["source"]) for each in after["cells"]] == [
        code if one else "".join(lines(code))
        for code, (_, one) in zip(wanted, cells, strict=True)
    ]
    assert after | {"cells": 0} == document | {"cells": 0}
    assert [each["outputs"] for each in after["cells"]] == [[c] for c, _ in cells]
    again, _ = run(result.after, codemods, Settings())
    assert again.after.data == result.after.data
    if all("except:" not in code for code, _ in cells):
        assert result.after.data == text.encode()
