"""Dependencies point one way: the table of what may import what."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Where a module may not look, by the folder or file it is in.
FORBIDDEN = {
    "codemods": ("bot", "tests"),
    "bot": tuple(
        f"codemods.{path.stem}"
        for path in sorted(ROOT.glob("codemods/*"))
        if path.stem != "__init__"
    ),
    "bot/plan.py": ("codemods", "git", "github"),
    "bot/render.py": ("codemods", "git", "github"),
    "bot/lists.py": ("codemods", "git", "github"),
    "codemods/facts": (
        "codemods.catalog",
        "codemods.engine",
        "codemods.context",
        "codemods.judging",
        "codemods.places",
        "codemods.imports",
    ),
    "codemods/catalog": ("codemods.engine", "codemods.cli", "codemods.registry"),
    "codemods/engine.py": ("codemods.catalog", "codemods.registry", "codemods.cli"),
    "codemods/context.py": ("codemods.catalog", "codemods.engine", "codemods.registry"),
    "codemods/model.py": (
        "codemods.catalog",
        "codemods.engine",
        "codemods.facts",
        "codemods.registry",
    ),
}
MODULES = [
    path.relative_to(ROOT).as_posix()
    for folder in ("bot", "codemods")
    for path in sorted(ROOT.glob(f"{folder}/**/*.py"))
]


def imported(tree: ast.AST) -> Iterator[str]:
    """What a module imports when it runs, `if TYPE_CHECKING` left out."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=orelse):
                yield from imported(ast.Module(body=orelse, type_ignores=[]))
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield module
                yield from (f"{module}.{alias.name}" for alias in names)
            case _:
                yield from imported(node)


def under(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("module", MODULES)
def test_a_module_looks_only_where_it_may(module: str) -> None:
    names = set(imported(ast.parse((ROOT / module).read_bytes())))
    wrong = {
        name
        for place, packages in FORBIDDEN.items()
        if module == place or module.startswith(f"{place}/")
        for package in packages
        for name in names
        if under(name, package)
    }
    assert wrong == set()


def test_the_command_line_starts_without_libcst() -> None:
    program = "import sys, codemods.cli; print([m for m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = ast.literal_eval(done.stdout)
    assert "codemods.cli" in loaded
    assert {"libcst", "black", "pandas", "sqlglot", "rich"} & set(loaded) == set()
