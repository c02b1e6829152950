"""The cache: what it spares, what it must not spare, and that it never matters."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import Done, codemod, environment, git, imported, repository

PAST = 1_600_000_000  # seconds; long before any run
FOLDER = ".codemod_cache"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path / "a.py", "old(1)\nold()\n")
    write(tmp_path / "b.py", "x = 1\n")
    write(tmp_path / "c.py", "older(1)  # a word of ours and nothing to judge: old(\n")
    return tmp_path


def write(path: Path, text: str) -> None:
    """Write a file that looks as if it had been there for years."""
    path.write_text(text)
    os.utime(path, (PAST, PAST))


def dry(project: Path, *more: str) -> Done:
    arguments = ("run", "old-call", "--dry-run", "--output-format", "json", *more)
    return codemod(*arguments, cwd=project)


def caches(project: Path) -> list[Path]:
    return [path for path in (project / FOLDER).iterdir() if len(path.name) == 8]


def test_a_second_run_tells_the_same(project: Path) -> None:
    first, second, without = dry(project), dry(project), dry(project, "--no-cache")
    assert first.stdout == second.stdout == without.stdout
    assert first.json["files"] == {
        "scanned": 3,
        "changed": 1,
        "skipped": 0,
        "failed": 0,
    }


def test_what_is_known_is_not_read_again(project: Path) -> None:
    """A change that leaves size and time as they were is what only reading shows."""
    first = dry(project)
    write(project / "a.py", "new(1)\nold()\n")
    write(project / "b.py", "old()\n")
    assert dry(project).stdout == first.stdout
    assert dry(project, "--no-cache").stdout != first.stdout


def test_a_changed_file_is_read_again(project: Path) -> None:
    dry(project)
    (project / "b.py").write_text("old(1)\n")
    (project / "a.py").write_text("old()\n")
    found = dry(project).json["findings"]
    assert [(each["path"], each["verdict"]) for each in found] == [
        ("a.py", "declined"),
        ("b.py", "safe"),
    ]


def test_a_file_changed_just_now_is_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("old(1)\n")
    status = (tmp_path / "a.py").stat()
    dry(tmp_path)
    (tmp_path / "a.py").write_text("old()#\n")
    os.utime(tmp_path / "a.py", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert dry(tmp_path).json["findings"][0]["verdict"] == "declined"


def test_a_touched_file_is_known_by_its_content(project: Path) -> None:
    first = dry(project)
    for name in ("a.py", "b.py", "c.py"):
        os.utime(project / name, (PAST + 5, PAST + 5))
    assert "codemods.engine" not in imported("run", "old-call", "--check", cwd=project)
    assert dry(project).stdout == first.stdout


def test_a_deleted_file_is_forgotten(project: Path) -> None:
    dry(project)
    (project / "a.py").unlink()
    assert dry(project).json["files"]["scanned"] == 2
    assert dry(project).json["findings"] == []


def test_a_new_file_is_seen(project: Path) -> None:
    dry(project)
    write(project / "d.py", "old()\n")
    assert dry(project).json["files"]["scanned"] == 4


def test_a_fix_is_made_from_what_is_known(project: Path) -> None:
    dry(project)
    assert codemod("run", "old-call", cwd=project).code == 0
    assert (project / "a.py").read_text() == "new(1)\nold()\n"
    assert [each["verdict"] for each in dry(project).json["findings"]] == ["declined"]


def test_a_fix_that_is_known_of_other_bytes_is_not_made(project: Path) -> None:
    dry(project)
    write(project / "a.py", "one(1)\ntwo()\n")
    done = codemod("run", "old-call", cwd=project)
    assert done.code == 3
    assert "a.py: left alone: the file changed since it was read" in done.out
    assert (project / "a.py").read_text() == "one(1)\ntwo()\n"


@pytest.mark.parametrize(
    "change",
    [
        ("--unsafe-fixes",),
        ("--set", "old-call.target=newer"),
    ],
)
def test_another_question_has_another_answer(
    project: Path, change: tuple[str, ...]
) -> None:
    write(project / "a.py", "old(1, 2)\nold(1)\n")
    first = dry(project)
    other = dry(project, *change)
    assert other.json["findings"] != first.json["findings"]
    assert (
        other.json["findings"] == dry(project, *change, "--no-cache").json["findings"]
    )
    assert dry(project).stdout == first.stdout


def test_another_config_has_another_answer(project: Path) -> None:
    dry(project)
    (project / "pyproject.toml").write_text('[tool.codemod]\nexclude = ["a.py"]\n')
    assert dry(project).json["findings"] == []


def test_other_codemods_have_other_answers(project: Path) -> None:
    dry(project)
    arguments = ("run", "iterrows", "--dry-run", "--output-format", "json")
    assert codemod(*arguments, cwd=project).json["findings"] == []


def test_a_run_on_a_part_keeps_what_is_known_of_the_rest(project: Path) -> None:
    (project / "pkg").mkdir()
    write(project / "pkg" / "d.py", "old()\n")
    first = dry(project)
    (project / "pkg" / "e.py").write_text("old()\n")
    dry(project, "pkg")
    write(project / "a.py", "new(1)\nold()\n")  # seen only by who reads it
    found = dry(project).json["findings"]
    assert [each["path"] for each in found] == ["a.py", "a.py", "pkg/d.py", "pkg/e.py"]
    assert found[:2] == first.json["findings"][:2]


@pytest.mark.parametrize("spoil", [b"", b"\0" * 200, None])
def test_a_spoilt_cache_is_made_anew(project: Path, spoil: bytes | None) -> None:
    first = dry(project)
    (cache,) = caches(project)
    whole = cache.read_bytes()
    cache.write_bytes(whole[: len(whole) // 2] if spoil is None else spoil)
    again = dry(project)
    assert (again.stdout, again.err) == (first.stdout, "")
    assert caches(project)[0].read_bytes() == whole


def test_a_cache_that_cannot_be_written_is_done_without(project: Path) -> None:
    (project / FOLDER).write_text("not a folder")
    done = dry(project)
    assert (done.code, done.err) == (0, "")


def test_git_does_not_see_the_cache(project: Path) -> None:
    repository(project)
    dry(project)
    assert caches(project)
    assert git("status", "--porcelain", cwd=project) == ""


def test_nothing_is_kept_without_a_cache_nor_for_single_files(project: Path) -> None:
    dry(project, "--no-cache")
    dry(project, "a.py")
    assert not (project / FOLDER).exists()


def test_the_cache_is_in_the_root_of_the_project(project: Path) -> None:
    (project / "pkg").mkdir()
    write(project / "pkg" / "d.py", "old()\n")
    repository(project)
    dry(project / "pkg")
    assert (project / FOLDER).exists()
    assert not (project / "pkg" / FOLDER).exists()


def test_paths_are_those_of_the_working_directory(project: Path) -> None:
    (project / "pkg").mkdir()
    write(project / "pkg" / "d.py", "old()\n")
    repository(project)
    dry(project)
    found = dry(project / "pkg").json["findings"]
    assert [each["path"] for each in found] == ["d.py"]


def test_two_runs_at_once_do_not_disturb_each_other(project: Path) -> None:
    for number in range(30):
        write(project / f"m{number}.py", "old()\n")
    command = [sys.executable, "-m", "codemods", "run", "old-call", "--check"]
    runs = [
        subprocess.Popen(
            command,
            cwd=project,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    results = [run.communicate() for run in runs]
    assert {errors for _, errors in results} == {b""}
    assert [run.returncode for run in runs] == [1] * 4
    names = {path.name for path in (project / FOLDER).iterdir()}
    assert names == {".gitignore", "CACHEDIR.TAG", caches(project)[0].name}
    assert len(dry(project).json["findings"]) == 32
