"""What is built is the same for everybody, and works where people install it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from codemods import __version__

ROOT = Path(__file__).parent.parent
CODE = 'import subprocess\nsubprocess.run("ls -l", shell=True)\n'
FIXED = 'import subprocess\nsubprocess.run(["ls", "-l"])\n'


def command(*arguments: str | Path, cwd: Path, **variables: str) -> str:
    done = subprocess.run(
        arguments,
        cwd=cwd,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def packed(work: Path, folder: str) -> dict[str, Path]:
    """The wheel and the sdist of a fresh copy of the checkout."""
    source = work / folder / "source"
    listed = (
        command("git", "ls-files", "-z", cwd=ROOT) if (ROOT / ".git").exists() else ""
    )
    names = [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    if not names:  # a copy without its repository
        left = shutil.ignore_patterns(".*", "__pycache__", "dist", "build")
        shutil.copytree(ROOT, source, ignore=left)
    for name in names:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    build = (sys.executable, "-m", "build", "-n", "--outdir", work / folder / "dist")
    command(*build, cwd=source, SOURCE_DATE_EPOCH="1700000000")
    return {path.suffix: path for path in (work / folder / "dist").iterdir()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return packed(tmp_path_factory.mktemp("built"), "one")


def test_two_builds_are_the_same_bytes(built: dict[str, Path], tmp_path: Path) -> None:
    again = packed(tmp_path, "another")
    assert again.keys() == built.keys() == {".whl", ".gz"}
    for suffix, path in built.items():
        assert path.name == again[suffix].name
        assert (
            sha256(path.read_bytes()).digest()
            == sha256(again[suffix].read_bytes()).digest()
        )


def test_the_wheel_holds_what_runs_and_no_more(built: dict[str, Path]) -> None:
    assert built[".whl"].name == f"codemod-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(built[".whl"]) as wheel:
        names = wheel.namelist()
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"codemods", "bot", f"codemod-{__version__}.dist-info"}
    assert "codemods/py.typed" in names
    assert any(name.endswith(".toml") for name in names)  # what codemods know
    folder = "bot/service/pages/"
    assert {f"{folder}templates/layout.html", f"{folder}static/style.css"} <= {*names}
    with tarfile.open(built[".gz"]) as sdist:
        inside = {name.partition("/")[2] for name in sdist.getnames()}
    assert {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "tests/command.py",
    } <= inside


@pytest.fixture(scope="module")
def fresh(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel alone, and what builds and installs it."""
    folder = tmp_path_factory.mktemp("fresh")
    command(sys.executable, "-m", "venv", folder, cwd=folder)
    pip = (folder / "bin" / "python", "-m", "pip", "install", "-q")
    command(*pip, built[".whl"], "pipx", "shiv", "uv", cwd=folder)
    return folder / "bin"


def works(*tool: str | Path, cwd: Path, **variables: str) -> None:
    """The main job, by an installed command."""
    assert (
        command(*tool, "--version", cwd=cwd, **variables) == f"codemod {__version__}\n"
    )
    (cwd / "a.py").write_text(CODE)
    command(*tool, "run", "shell-true", "--unsafe-fixes", "a.py", cwd=cwd, **variables)
    assert (cwd / "a.py").read_text() == FIXED


def test_it_works_as_pip_installs_it(fresh: Path, tmp_path: Path) -> None:
    works(fresh / "codemod", cwd=tmp_path)
    assert "shell-true" in command(fresh / "codemod", "list", cwd=tmp_path)


def test_it_works_by_pipx(fresh: Path, built: dict[str, Path], tmp_path: Path) -> None:
    home = {"PIPX_HOME": str(tmp_path / "home"), "PIPX_BIN_DIR": str(tmp_path / "bin")}
    given = (fresh / "pipx", "install", "--python", sys.executable, built[".whl"])
    command(*given, cwd=tmp_path, **home)
    works(tmp_path / "bin" / "codemod", cwd=tmp_path)


def test_it_works_by_uvx(fresh: Path, built: dict[str, Path], tmp_path: Path) -> None:
    tool = (
        fresh / "uvx",
        "--python",
        sys.executable,
        "--from",
        built[".whl"],
        "codemod",
    )
    works(*tool, cwd=tmp_path, UV_TOOL_DIR=str(tmp_path / "tools"))


def test_it_works_as_one_file(
    fresh: Path, built: dict[str, Path], tmp_path: Path
) -> None:
    archive = tmp_path / "codemod.pyz"
    given = ("-c", "codemod", "-o", archive, "-p", f"{sys.executable} -s")
    command(fresh / "shiv", "-q", *given, built[".whl"], cwd=tmp_path)
    works(sys.executable, archive, cwd=tmp_path, SHIV_ROOT=str(tmp_path / "shiv"))
