"""Published packages to measure with: fetched from PyPI, read, never run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

LISTS = Path(__file__).parent
# L holds S; S8 is every eighth file of S.
CORPORA = ("S8", "S", "L", "dense")
EIGHTH = 8


def default_home() -> Path:
    """Where everything is kept: `$BENCH_HOME`, or the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("BENCH_HOME") or Path(cache) / "codemod-bench")


def listed(corpus: str) -> tuple[str, ...]:
    """The requirements, `name==version`, that make up a corpus."""
    return tuple((LISTS / f"{corpus}.txt").read_text("utf-8").split())


def packages(home: Path, corpus: str) -> list[Path]:
    """The unpacked packages of a corpus; ends the program where there are none."""
    folder = home / corpus
    if not folder.is_dir():
        sys.exit(f"{folder} is not there: python -m bench build --corpus {corpus}")
    return sorted(each for each in folder.iterdir() if not each.name.startswith("."))


def build(home: Path, wanted: Iterable[str]) -> None:
    """Fetch and unpack corpora, each a git repository of .py files."""
    for corpus in wanted:
        folder = home / corpus
        if folder.is_dir():
            print(f"{corpus}: there")
            continue
        partial = home / f".{corpus}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        if corpus == "S8":
            build(home, ["S"])
            copy_every(EIGHTH, home / "S", partial)
        else:
            for requirement in listed(corpus):
                unpack(fetched(home, requirement), partial / name_of(requirement))
        commit(partial)
        partial.rename(folder)
        print(f"{corpus}: {len(python_files(folder)):,} files")


def fetched(home: Path, requirement: str) -> Path:
    """The archive of a release, a wheel where there is one."""
    folder = home / "archives" / requirement
    if not folder.is_dir():
        partial = folder.with_name(f".{requirement}.partial")
        command = [str(python_of(home, "pip")), "-m", "pip", "download", "--quiet"]
        command += ["--disable-pip-version-check", "--no-deps", "--dest", str(partial)]
        subprocess.run([*command, requirement], check=True, stdin=subprocess.DEVNULL)
        partial.rename(folder)
    (archive,) = folder.iterdir()
    return archive


def python_of(home: Path, name: str, requirements: Iterable[str] = ()) -> Path:
    """The interpreter of a virtual environment, made on first need."""
    folder = home / "venvs" / name
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, clear=True, with_pip=True)
        if requirements:
            command = [str(python), "-m", "pip", "install", "--quiet"]
            command += ["--disable-pip-version-check", *requirements]
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        (folder / "ready").touch()
    return python


def unpack(archive: Path, folder: Path) -> None:
    """Write the .py files of a wheel or source distribution below `folder`."""
    for name, data in members(archive):
        path = PurePosixPath(name)
        if path.suffix != ".py" or path.is_absolute() or ".." in path.parts:
            continue
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def members(archive: Path) -> Iterator[tuple[str, bytes]]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            for info in wheel.infolist():
                if not info.is_dir():
                    yield info.filename, wheel.read(info)
        return
    with tarfile.open(archive) as distribution:
        for member in distribution:
            if member.isfile() and (stream := distribution.extractfile(member)):
                yield member.name, stream.read()


def name_of(requirement: str) -> str:
    return requirement.partition("==")[0]


def copy_every(step: int, source: Path, folder: Path) -> None:
    for path in python_files(source)[::step]:
        target = folder / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def python_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def commit(folder: Path) -> None:
    """Make a corpus a repository, as the trees are that codemod meets."""
    who = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")
    for arguments in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "corpus")):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
