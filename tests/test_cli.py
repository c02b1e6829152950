"""`codemod` as a person uses it."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from codemods import __version__
from tests.command import codemod, environment, git, repository

FIXED = "old-call  1 fixed, 1 more with --unsafe-fixes, 2 left\n"
CODE = "old(1)\nold(1, 2)\nold()\nold(*x)\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text(CODE)
    (tmp_path / "b.py").write_text("nothing\n")
    return tmp_path


def test_a_run_writes_and_sums_up(project: Path) -> None:
    done = codemod("run", "old-call", cwd=project)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(FIXED)
    assert "\nFixed 1 place in 1 file (2 files, " in done.out
    assert (project / "a.py").read_text() == "new(1)\nold(1, 2)\nold()\nold(*x)\n"


def test_unsafe_fixes_are_made_on_request(project: Path) -> None:
    done = codemod("run", "old-call", "--unsafe-fixes", cwd=project)
    assert done.out.startswith("old-call  2 fixed, 2 left\n")
    assert (project / "a.py").read_text() == "new(1)\nnew(1, 2)\nold()\nold(*x)\n"


def test_a_second_run_finds_nothing_to_fix(project: Path) -> None:
    codemod("run", "old-call", "--unsafe-fixes", cwd=project)
    assert (
        codemod("run", "old-call", "--unsafe-fixes", "--check", cwd=project).code == 0
    )
    (project / "a.py").write_text("new(1)\n")
    done = codemod("run", "old-call", cwd=project)
    assert done.out.startswith("Nothing found (2 files, ")
    assert done.out.count("\n") == 1


def test_a_dry_run_prints_a_diff_alone_and_changes_nothing(project: Path) -> None:
    done = codemod("run", "old-call", "--dry-run", cwd=project)
    assert done.code == 0
    assert done.out == (
        "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1,4 +1,4 @@\n"
        "-old(1)\n+new(1)\n old(1, 2)\n old()\n old(*x)\n"
    )
    assert done.err.startswith(FIXED)
    assert "Would fix 1 place in 1 file" in done.err
    assert (project / "a.py").read_text() == CODE


def test_diff_adds_the_diff_to_a_run(project: Path) -> None:
    done = codemod("run", "old-call", "--diff", cwd=project)
    assert "-old(1)\n+new(1)\n" in done.out
    assert "Fixed 1 place" in done.err
    assert (project / "a.py").read_text().startswith("new(1)\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plain.py", b"old(1)\n"),
        ("no_newline.py", b"x\nold(1)"),
        ("crlf.py", b"x\r\nold(1)\r\ny\n"),
        ("bom.py", b"\xef\xbb\xbfold(1)\n"),
        ("latin.py", b"# coding: latin-1\ns = '\xe9'\nold(1)\n"),
        ("with space.py", b"old(1)\n"),
        ("d i r/it's.py", b"old(1)\n"),
        ("é ü.py", b"old(1)\n"),
        ('quo"te\\.py', b"old(1)\n"),
    ],
)
def test_git_applies_a_dry_run_and_a_run_does_the_same(
    tmp_path: Path, name: str, text: bytes
) -> None:
    file = tmp_path / "deep" / name
    file.parent.mkdir(parents=True)
    file.write_bytes(text)
    repository(tmp_path)
    done = codemod("run", "old-call", "--dry-run", cwd=tmp_path / "deep")
    git("apply", "-", cwd=tmp_path / "deep", stdin=done.stdout)
    applied = file.read_bytes()
    assert applied == text.replace(b"old(1)", b"new(1)")
    file.write_bytes(text)
    assert codemod("run", "old-call", cwd=tmp_path).code == 0
    assert file.read_bytes() == applied


def test_check_tells_by_its_exit_code_and_writes_nothing(project: Path) -> None:
    done = codemod("run", "old-call", "--check", cwd=project)
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith(FIXED)
    (project / "a.py").write_text("old(1, 2)\n")
    assert codemod("run", "old-call", "--check", cwd=project).code == 0
    unsafe = codemod("run", "old-call", "--check", "--unsafe-fixes", cwd=project)
    assert unsafe.code == 1
    assert (project / "a.py").read_text() == "old(1, 2)\n"


def test_json(project: Path) -> None:
    done = codemod("run", "old-call", "--output-format", "json", cwd=project)
    document = done.json
    assert list(document) == ["version", "tool", "files", "findings", "errors"]
    assert document["files"] == {"scanned": 2, "changed": 1, "skipped": 0, "failed": 0}
    assert [
        (each["path"], each["line"], each["verdict"], each["applied"])
        for each in document["findings"]
    ] == [
        ("a.py", 1, "safe", True),
        ("a.py", 2, "unsafe", False),
        ("a.py", 3, "declined", False),
        ("a.py", 4, "declined", False),
    ]


def test_json_of_a_dry_run_is_json_alone(project: Path) -> None:
    arguments = ("run", "old-call", "--dry-run", "--output-format", "json")
    done = codemod(*arguments, cwd=project)
    assert done.err == ""
    assert done.json["files"]["changed"] == 1
    assert (project / "a.py").read_text() == CODE


def test_a_fingerprint_outlives_what_happens_elsewhere(project: Path) -> None:
    def fingerprints() -> list[str]:
        arguments = ("run", "old-call", "--dry-run", "--output-format", "json")
        found = codemod(*arguments, cwd=project).json["findings"]
        return [each["fingerprint"] for each in found]

    before = fingerprints()
    assert len(set(before)) == 4
    (project / "a.py").write_text(f"import os\n\n{CODE}")
    assert fingerprints() == before
    (project / "a.py").rename(project / "moved.py")
    assert fingerprints() == before
    (project / "moved.py").write_text(CODE.replace("old(1)", "old(2)"))
    assert [new == old for new, old in zip(fingerprints(), before, strict=True)] == [
        False,
        True,
        True,
        True,
    ]


def test_github(project: Path) -> None:
    done = codemod("run", "old-call", "--output-format", "github", cwd=project)
    assert done.out.startswith("::warning file=a.py,line=1,")
    assert done.out.count("\n") == 4


def test_a_crashed_codemod_ends_with_3_and_the_others_are_done(project: Path) -> None:
    (project / "crash.py").write_text("old(1)\nold('crash')\n")
    done = codemod("run", "old-call,iterrows", cwd=project)
    assert done.code == 3
    assert (
        "error: crash.py: crashed at line 2: ZeroDivisionError: "
        "the codemod is broken (old-call)\n"
    ) in done.out
    assert (project / "a.py").read_text().startswith("new(1)\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("run", "old-cal"),
            "no codemod is called 'old-cal'; did you mean 'old-call'?",
        ),
        (("run", "old-call", "--jobs", "0"), "--jobs must be at least 1"),
        (
            ("run", "old-call", "-", "a.py"),
            "- (standard input) cannot be combined with other paths or --since",
        ),
        (
            ("run", "old-call", "--diff", "--output-format", "json"),
            "--diff cannot be combined with --output-format json",
        ),
        (
            ("run", "old-call", "--stdin-filename", "a.py"),
            "--stdin-filename needs - (standard input)",
        ),
        (("run", "old-call", "--since", "HEAD"), "--since: . is in no git repository"),
        (
            ("explain", "iterow"),
            "no codemod is called 'iterow'; did you mean 'iterrows'?",
        ),
    ],
)
def test_a_wrong_command_line_ends_with_2(
    project: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = codemod(*arguments, cwd=project)
    assert (done.code, done.out, done.err) == (2, "", f"codemod: {message}\n")
    assert (project / "a.py").read_text() == CODE


def test_an_unknown_option_ends_with_2(project: Path) -> None:
    done = codemod("run", "old-call", "--dry", "--nonsense", cwd=project)
    assert done.code == 2
    assert "--nonsense" in done.err


def test_options_have_no_abbreviations(project: Path) -> None:
    assert codemod("run", "old-call", "--unsafe", cwd=project).code == 2
    assert (project / "a.py").read_text() == CODE


def test_settings_of_the_command_line(project: Path) -> None:
    setting = ("--set", "old-call.target=newest")
    codemod("run", "old-call", *setting, cwd=project)
    assert (project / "a.py").read_text().startswith("newest(1)\n")


def test_standard_input_comes_out_rewritten(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbfold(1)\r\nold(1, 2)"
    done = codemod("run", "old-call", "-", cwd=tmp_path, stdin=text)
    assert done.stdout == b"\xef\xbb\xbfnew(1)\r\nold(1, 2)"
    assert "old-call  1 fixed, 1 more" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", [b"", b"x = 1", b"old(\n", b"old(1)\0", b"\xff old("])
def test_standard_input_that_cannot_be_rewritten_comes_out_as_it_is(
    tmp_path: Path, text: bytes
) -> None:
    done = codemod("run", "old-call", "-", cwd=tmp_path, stdin=text)
    assert done.stdout == text


def test_standard_input_has_the_config_of_its_file_name(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    config = (
        '[tool.codemod]\nexclude = ["gen.py"]\n[tool.codemod.old-call]\ntarget="it"'
    )
    (tmp_path / "pkg" / "pyproject.toml").write_text(config)

    def out(name: str, *more: str) -> str:
        named = ("--stdin-filename", name)
        arguments = ("run", "old-call", "-", *named, *more)
        return codemod(*arguments, cwd=tmp_path, stdin=b"old(1)\n").out

    assert out("a.py") == "new(1)\n"
    assert out("pkg/a.py") == "it(1)\n"
    assert out("pkg/gen.py") == "old(1)\n"
    assert out("pkg/a.py", "--dry-run").startswith("diff --git a/pkg/a.py b/pkg/a.py\n")


def test_standard_input_may_be_checked_and_reported(tmp_path: Path) -> None:
    check = codemod("run", "old-call", "-", "--check", cwd=tmp_path, stdin=b"old(1)\n")
    assert (check.code, check.out) == (1, "")
    arguments = ("run", "old-call", "-", "--output-format", "json")
    document = codemod(*arguments, cwd=tmp_path, stdin=b"old(1)\n").json
    assert document["findings"][0]["path"] == "stdin.py"


def test_paths_given_are_the_only_ones(project: Path) -> None:
    (project / "pkg").mkdir()
    (project / "pkg" / "c.py").write_text("old(1)\n")
    done = codemod("run", "old-call", "pkg", "b.py", cwd=project)
    assert "(2 files, " in done.out
    assert (project / "a.py").read_text() == CODE
    assert (project / "pkg" / "c.py").read_text() == "new(1)\n"


def test_a_script_with_a_shebang_is_python(project: Path) -> None:
    (project / "tool").write_text("#!/usr/bin/env python3\nold(1)\n")
    (project / "notes").write_text("old(1)\n")
    done = codemod("run", "old-call", cwd=project)
    assert "(3 files, " in done.out
    assert (project / "tool").read_text() == "#!/usr/bin/env python3\nnew(1)\n"
    assert (project / "notes").read_text() == "old(1)\n"


def test_a_generated_file_is_left_alone_unless_it_is_named(project: Path) -> None:
    text = "# Generated by the compiler. DO NOT EDIT!\nold(1)\n"
    (project / "gen.py").write_text(text)
    (project / "gen_clean.py").write_text("# @generated\n")
    done = codemod("run", "old-call", cwd=project)
    assert "skipped: gen.py: generated file\n" in done.out
    assert "gen_clean" not in done.out
    assert (project / "gen.py").read_text() == text
    codemod("run", "old-call", "gen.py", cwd=project)
    assert "new(1)" in (project / "gen.py").read_text()


def test_suppressions_are_counted_and_stale_ones_reported(project: Path) -> None:
    (project / "a.py").write_text("old(1)  # codemod: ignore[old-call] later\n")
    (project / "b.py").write_text("x = 1  # codemod: ignore[old-call]\n")
    done = codemod("run", "old-call", cwd=project)
    assert (project / "a.py").read_text().startswith("old(1)")
    assert "left: the comment suppresses nothing: remove it\n      b.py:1" in done.out
    assert "1 suppressed by comments" in done.out


def test_list_explain_and_version(tmp_path: Path) -> None:
    assert codemod("--version", cwd=tmp_path).out == f"codemod {__version__}\n"
    page = codemod("explain", "old-call", cwd=tmp_path)
    assert page.out == (
        "# old-call\n\nA call of `old` becomes one of `new`.\n\n"
        "For tests of the command: every verdict there is, decided by the arguments.\n"
        "\n## Options\n\n```toml\n[tool.codemod.old-call]\n"
        'target = "new"\nlimit = 3\nstrict = false\nskip = ["a", "b"]\n```\n'
    )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_the_codemods(tmp_path: Path, shell: str) -> None:
    done = codemod("completion", shell, cwd=tmp_path)
    assert done.code == 0
    assert "iterrows" in done.out
    assert "unsafe-fixes" in done.out


def test_bash_completes_by_the_script(tmp_path: Path) -> None:
    script = codemod("completion", "bash", cwd=tmp_path).out
    asked = (
        f"{script}\nCOMP_WORDS=(codemod run iter); COMP_CWORD=2\n"
        '_shtab_codemod codemod iter run; echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", asked], capture_output=True, check=True)
    assert done.stdout.split() == [b"iterrows"]


def terminal(*arguments: str, cwd: Path, **variables: str) -> bytes:
    """What a terminal is sent."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "codemods", *arguments],
        cwd=cwd,
        stdout=theirs,
        stderr=theirs,
        env=environment(TERM="xterm", **variables),
    )
    os.close(theirs)
    sent = b""
    try:
        while block := os.read(ours, 65536):
            sent += block
    except OSError:  # how Linux says that the other side is closed
        pass
    finally:
        os.close(ours)
        process.wait()
    return sent


def test_colour_on_a_terminal_and_not_where_it_is_not_wanted(project: Path) -> None:
    arguments = ("run", "old-call", "--check", "--no-cache")
    assert b"\x1b[31murgent:" in terminal(*arguments, cwd=project)
    # A slow machine shows the progress bar, which moves the cursor without colours.
    plain = terminal(*arguments, cwd=project, NO_COLOR="1")
    assert re.search(rb"\x1b\[(?:\d+;)*3\dm", plain) is None
    assert "\x1b" not in codemod(*arguments, cwd=project).out
    assert "\x1b[31m" in codemod(*arguments, cwd=project, FORCE_COLOR="1").out


def test_a_diff_is_coloured_on_a_terminal(project: Path) -> None:
    sent = terminal("run", "old-call", "--dry-run", cwd=project)
    assert b"\x1b[32m+new(1)\x1b[0m\r\n" in sent
