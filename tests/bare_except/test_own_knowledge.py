"""Knowledge files of a project's own: found from its root, told apart when broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import codemod

ACME = """
library = "acme"
source = "our own reading"

[exceptions]
"acme.Refused" = "ValueError"

[pure.acme]
fetch = "(str) -> str raises acme.Refused"
"""
CODE = """\
import acme


def fetched(name: str):
    try:
        return acme.fetch(name)
    except:
        return None
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.codemod.bare-except]\nknowledge = ["facts/acme.toml"]\n'
    )
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "acme.toml").write_text(ACME)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "code.py").write_text(CODE)
    return tmp_path


def test_paths_start_at_the_config(project: Path) -> None:
    done = codemod("run", "bare-except", "code.py", cwd=project / "deep")
    assert done.code in (0, 1), done.err
    assert "except ValueError:" in (project / "deep" / "code.py").read_text()


def test_what_is_set_on_the_command_line_starts_where_one_is(project: Path) -> None:
    (project / "pyproject.toml").unlink()
    setting = "bare-except.knowledge=../facts/acme.toml"
    done = codemod(
        "run", "bare-except", "code.py", "--set", setting, cwd=project / "deep"
    )
    assert done.code in (0, 1), done.err
    assert "except ValueError:" in (project / "deep" / "code.py").read_text()


def test_a_file_that_changes_makes_old_findings_stale(project: Path) -> None:
    shown = ("run", "bare-except", "deep", "--dry-run", "--diff")
    assert b"except ValueError" in codemod(*shown, cwd=project).stdout
    changed = ACME.replace("raises acme.Refused", "raises KeyError")
    (project / "facts" / "acme.toml").write_text(changed)
    assert b"except KeyError" in codemod(*shown, cwd=project).stdout


def test_a_file_that_is_not_there_is_named_with_its_key(project: Path) -> None:
    (project / "facts" / "acme.toml").unlink()
    done = codemod("run", "bare-except", "code.py", cwd=project / "deep")
    assert done.code == 2
    assert "pyproject.toml: [tool.codemod.bare-except] knowledge: " in done.err
    assert "facts/acme.toml: No such file or directory" in done.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("library = 5", "library must be there, and a string"),
        ('library = "acme"', "source must be there, and a string"),
        (f"{ACME}\n[pur.acme]\nfetch = 'x'", "there is no key 'pur'"),
        (ACME.replace("-> str", "-> 5 +"), "[pure.acme] fetch: '5 +' is not a type"),
        (ACME.replace('"(str)', '5 # "(str)'), "[pure.acme] fetch must be a signature"),
        ("library =", "Invalid value"),
    ],
)
def test_a_broken_file_is_named_with_its_key(
    project: Path, text: str, told: str
) -> None:
    (project / "facts" / "acme.toml").write_text(text)
    done = codemod("run", "bare-except", "code.py", cwd=project / "deep")
    assert told in done.err + done.out
    assert str(Path("facts") / "acme.toml") in done.err + done.out
    assert "crashed" not in done.err + done.out
    assert (project / "deep" / "code.py").read_text() == CODE
