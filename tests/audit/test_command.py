"""`codemod audit` as a person uses it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from markdown_it import MarkdownIt

from tests.command import ROOT, codemod

SCHEMA = json.loads((ROOT / "docs" / "audit.schema.json").read_text())
SILENT = "try:\n    work()\nexcept:  # noqa: X1\n    pass\n"
LOOP = (
    "import requests\n\n\ndef f(urls):\n"
    "    for url in urls:\n        requests.get(url)\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text(f"old(1)\nold(1, 2)\nold(*x)\n{SILENT}")
    (tmp_path / "b.py").write_text("old()  # codemod: ignore[old-call] known\nold()\n")
    (tmp_path / "c.py").write_text("nothing\n")
    (tmp_path / "loop.py").write_text(LOOP)
    return tmp_path


def categories(folder: Path, *more: str) -> dict[str, dict[str, Any]]:
    document = codemod("audit", "--output-format", "json", *more, cwd=folder).json
    jsonschema.validate(document, SCHEMA)
    return {each["name"]: each for each in document["categories"]}


def test_counts_by_meaning_beside_what_a_search_says(project: Path) -> None:
    found = categories(project)
    calls = found["old-call"]
    assert (calls["instances"], calls["files"], calls["silenced"]) == (4, 2, 1)
    assert calls["fixable"] == {"safe": 1, "unsafe": 1, "refused": 2}
    assert calls["reasons"] == [
        {"reason": "`*` hides what is passed", "count": 1},
        {"reason": "`old()` says nothing", "count": 1},
    ]
    assert calls["worst"] == [
        {"path": "a.py", "count": 3},
        {"path": "b.py", "count": 1},
    ]
    assert calls["search"] == {"pattern": "old", "lines": 5, "files": 2}
    silent = found["silent-handlers"]
    assert (silent["instances"], silent["of"], silent["fixable"]) == (1, 1, None)
    assert found["requests-in-loops"]["sites"][0]["what"] == (
        "`requests.get()` in the loop over `urls` in line 5"
    )


def test_text_has_the_table_the_reasons_and_the_places(project: Path) -> None:
    done = codemod("audit", cwd=project)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].startswith("4 files, 16 lines, ")
    [row] = [line.split() for line in lines if line.startswith("old-call ")][:1]
    assert row[1:7] == ["4", "2", "1", "1", "2", "1"]
    [row] = [line.split() for line in lines if line.startswith("silent-handlers ")][:1]
    assert row[1:5] == ["1", "of", "1", "1"]
    assert "  loop.py:6  `requests.get()` in the loop over `urls` in line 5" in lines
    assert "\x1b" not in done.out


def test_nothing_is_written_but_the_report(project: Path) -> None:
    before = {path.name: path.read_bytes() for path in project.iterdir()}
    codemod("audit", cwd=project)
    after = {path.name: path.read_bytes() for path in project.iterdir()}
    assert after == before


def test_a_baseline_leaves_what_is_new(project: Path) -> None:
    made = ("--output-format", "json", "-o", "base.json")
    assert codemod("audit", *made, cwd=project).code == 0
    same = categories(project, "--baseline", "base.json")
    assert same["old-call"]["trend"] == {"before": 4, "new": 0, "gone": 0}
    checked = ("audit", "--check", "--baseline", "base.json")
    assert codemod(*checked, cwd=project).code == 0
    # Lines move, a file is renamed, one place goes, another comes.
    (project / "a.py").write_text(f"\n\nold(1)\nold(*x)\n{SILENT}")
    (project / "b.py").rename(project / "moved.py")
    (project / "loop.py").write_text(LOOP + "        requests.post(url)\n")
    found = categories(project, "--baseline", "base.json")
    assert found["old-call"]["trend"] == {"before": 4, "new": 0, "gone": 1}
    requests = found["requests-in-loops"]
    assert requests["trend"] == {"before": 1, "new": 1, "gone": 0}
    assert [(site["line"], site["new"]) for site in requests["sites"]] == [
        (6, False),
        (7, True),
    ]
    done = codemod(*checked, cwd=project)
    assert done.code == 1
    assert "4 → 3 (0 new, 1 gone)" in done.out
    assert "loop.py:7" in done.out
    assert "loop.py:6" not in done.out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "no audit; `codemod audit --output-format json -o base.json` makes one"),
        (
            '{"audit": 99, "categories": []}',
            "an audit of version 99, and this is version 1; make it again with "
            "`codemod audit --output-format json -o base.json`",
        ),
        ('{"audit": 1, "categories": [{"name": "x"}]}', "a damaged audit"),
        ("\udcff", "not JSON"),
    ],
)
def test_a_baseline_that_is_none_is_said(
    project: Path, text: str, message: str
) -> None:
    (project / "base.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    done = codemod("audit", "--baseline", "base.json", cwd=project)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"codemod: --baseline base.json: {message}")


def test_what_cannot_be_read_or_parsed_is_told_and_the_rest_goes_on(
    project: Path,
) -> None:
    (project / "broken.py").write_text("try: except old(\n")
    (project / "crash.py").write_text("old('crash')\n")
    done = codemod("audit", "no.py", ".", cwd=project)
    assert done.code == 3
    assert "skipped: broken.py: line 1: not valid Python" in done.out
    assert "error: no.py: no such file or directory" in done.out
    assert "error: crash.py: crashed at line 1: ZeroDivisionError" in done.out
    assert "loop.py:6" in done.out


def test_markdown_keeps_names_from_being_markup(project: Path) -> None:
    (project / "<b>_x_*.py").write_text(LOOP)
    done = codemod("audit", "--output-format", "markdown", cwd=project)
    html = MarkdownIt().enable("table").render(done.out)
    assert "<li>&lt;b&gt;_x_*.py:6 <code>requests.get()</code>" in html
    assert "<table>" in html


def test_html_is_one_file_in_which_nothing_foreign_runs(project: Path) -> None:
    (project / "<script>alert(1)<").write_text(f"#!/usr/bin/env python3\n{LOOP}")
    (project / "\u202etxt.py").write_text(LOOP)
    done = codemod("audit", "--output-format", "html", "-o", "a.html", cwd=project)
    assert done.out.startswith("6 files, ")
    html = (project / "a.html").read_text()
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;:7 " in html
    assert "\u202e" not in html
    assert r"\u202etxt.py:6" in html
    assert "default-src &#x27;none&#x27;" in html


def test_notebooks_are_read_by_their_cells(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": "requests.get(", "metadata": {}},
        {
            "cell_type": "code",
            "source": ["%matplotlib inline\n", "import requests\n", "urls = []"],
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        },
        {
            "cell_type": "code",
            "source": ["for url in urls:\n", "    requests.get(url)"],
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        },
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    text = json.dumps(notebook, indent=1)
    (tmp_path / "n.ipynb").write_text(text)
    (tmp_path / "broken.ipynb").write_text("requests {")
    found = categories(tmp_path)
    [site] = found["requests-in-loops"]["sites"]
    assert "requests.get(url)" in text.splitlines()[site["line"] - 1]
    done = codemod("audit", cwd=tmp_path)
    assert "skipped: broken.ipynb: line 1: not JSON" in done.out


def test_a_search_counts_where_nothing_is_to_be_found_too(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("job.execute(x)\ntask.execute(y)\n")
    (tmp_path / "b.py").write_text("# shell=True, SELECT\nbox.send(1)\n")
    found = categories(tmp_path)
    assert found["queries-in-loops"]["search"]["lines"] == 2
    assert found["shell-true"]["search"]["lines"] == 1
    assert found["unbounded-query"]["search"]["lines"] == 1
    assert found["messages-one-by-one"]["search"]["lines"] == 1
    assert {each["instances"] for each in found.values()} == {0}
