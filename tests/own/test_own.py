"""Codemods of one's own: written by `new`, checked by `test`, found in a folder."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest

from codemods.context import Context
from codemods.engine import Settings, run
from codemods.model import Codemod, Edit, Fix, Source
from codemods.work import judged_source
from codemods.workers import Task
from tests.command import codemod

CODE = "import old_library\n\nold_library.old_name(1)\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = codemod("new", "old-name", "--into", "tools", cwd=tmp_path)
    assert made.code == 0
    (tmp_path / "a.py").write_text(CODE)
    return tmp_path


def test_a_new_codemod_keeps_the_promises_of_its_fixtures(project: Path) -> None:
    given = ("test", "tools/fixtures", "--codemod", "tools/old_name.py")
    done = codemod(*given, cwd=project)
    assert (done.code, done.out) == (0, "4 passed, 0 failed\n")
    case = project / "tools/fixtures/old-name/call.py"
    case.write_text(case.read_text().replace("new_name(1, 2)", "new_name(1, 3)"))
    done = codemod(*given, cwd=project)
    assert done.code == 1
    assert "call.py: it comes out otherwise:\n" in done.out
    assert "    -total = old_library.new_name(1, 3)\n" in done.out
    assert done.out.endswith("3 passed, 1 failed\n")


def test_new_writes_over_nothing(project: Path) -> None:
    done = codemod("new", "old-name", "--into", "tools", cwd=project)
    assert done.code == 2
    assert "old_name.py is there already; nothing was written" in done.err
    done = codemod("new", "Old_Name", cwd=project)
    assert done.code == 2
    assert "'Old_Name' cannot name a codemod: use small letters" in done.err


def test_a_folder_that_the_config_names(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.codemod]\ncodemods = ["tools"]\n')
    assert codemod("run", "old-name", "a.py", cwd=project).code == 0
    assert "old_library.new_name(1)" in (project / "a.py").read_text()
    assert "old-name " in codemod("list", cwd=project).out
    assert codemod("explain", "old-name", cwd=project).out.startswith("# old-name")


def test_a_change_to_it_is_seen_at_once(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.codemod]\ncodemods = ["tools"]\n')
    given = ("run", "old-name", ".", "--check")
    assert codemod(*given, cwd=project).code == 1
    module = project / "tools" / "old_name.py"
    module.write_text(module.read_text().replace("return Fix(", "return None and Fix("))
    assert codemod(*given, cwd=project).code == 0


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ('codemods = ["gone"]', "codemods: there is no folder gone"),
        ('codemods = "tools"', "codemods must be a list of strings, not 'tools'"),
    ],
)
def test_a_folder_that_is_not_there(project: Path, config: str, message: str) -> None:
    (project / "pyproject.toml").write_text(f"[tool.codemod]\n{config}\n")
    done = codemod("run", "all", ".", cwd=project)
    assert done.code == 2
    assert message in done.err


def test_a_module_that_breaks_is_named_with_its_file(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.codemod]\ncodemods = ["tools"]\n')
    (project / "tools" / "worse.py").write_text("CODEMOD = 1 / 0\n")
    done = codemod("run", "all", ".", cwd=project)
    assert done.code == 2
    assert "tools/worse.py cannot be loaded: division by zero" in done.err


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "fixtures: there is no such folder"),
        ({"fixtures/x.txt": ""}, "fixtures: has no fixtures"),
        (
            {"fixtures/odl-name/a.py": "# x\n"},
            "did you mean 'old-name'?",
        ),
    ],
)
def test_folders_without_fixtures(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    codemod("new", "old-name", cwd=tmp_path)
    for path in (tmp_path / "fixtures").rglob("*.py"):
        path.unlink()
    (tmp_path / "fixtures" / "old-name").rmdir()
    (tmp_path / "fixtures").rmdir()
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text)
    done = codemod("test", "fixtures", "--codemod", "old_name.py", cwd=tmp_path)
    assert done.code == 2
    assert message in done.err


def test_a_fixture_that_breaks_the_rules_is_named(project: Path) -> None:
    case = project / "tools/fixtures/old-name/decline_star.py"
    case.write_text("# No reason is given.\nold_name(*x)\n")
    done = codemod(
        "test", "tools/fixtures", "--codemod", "tools/old_name.py", cwd=project
    )
    assert done.code == 1
    assert "decline_star.py: a decline names its reason" in done.out


# -- plug-ins that misbehave

HANGING = Codemod(module="hanging", page="Hangs.", message="m", words=(b"x",))
NONSENSE = Codemod(module="nonsense", page="Talks.", message="m", words=(b"x",))
TWISTED = Codemod(module="twisted", page="Overlaps.", message="m", words=(b"x",))


@HANGING.on(ast.Name)
def hang(node: ast.Name, context: Context) -> None:
    time.sleep(30)


@NONSENSE.on(ast.Name)
def talk(node: ast.Name, context: Context) -> None:
    return "y"  # type: ignore[return-value]


@TWISTED.on(ast.Name)
def overlap(node: ast.Name, context: Context) -> Fix:
    return Fix((Edit(0, 1, "y"), Edit(0, 1, "z")))


class Stuck:
    """An entry whose codemod hangs."""

    name = "hanging"

    def load(self) -> Codemod:
        return HANGING


def test_one_that_hangs_is_given_up() -> None:
    task = Task("a.py", 2, False, ("hanging",), False, {}, None, seconds=0.2)
    outcome = judged_source([Stuck()], task, Source("a.py", b"x\n"))  # type: ignore[list-item]
    (failure,) = outcome.failures
    assert failure.codemod == "hanging"
    assert failure.message == "crashed at line 1: TimeoutError: took more than 0.2 s"


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (NONSENSE, "TypeError: a judge returns a Fix, a Decline or None, not str"),
        (TWISTED, "ValueError: "),
    ],
)
def test_one_that_talks_nonsense_is_named(broken: Codemod, message: str) -> None:
    result = run(Source("a.py", b"x\n"), [broken], Settings())
    assert not result.changed
    (failure,) = result.failures
    assert failure.codemod == broken.name
    assert message in failure.message
