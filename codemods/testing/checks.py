"""What a fixture promises, checked: each check tells what is wrong, or nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

from codemods.model import Codemod
from codemods.testing.cases import Case

SECONDS = 60  # for each half of a case that is executed


def problems(case: Case, codemod: Codemod) -> list[str]:
    """Everything that a case promises and that does not hold."""
    return [
        *comes_out_as_written(case, codemod),
        *second_run_changes_nothing(case, codemod),
        *unsafe_only_when_asked(case, codemod),
        *runs_the_same(case),
    ]


def comes_out_as_written(case: Case, codemod: Codemod) -> Iterator[str]:
    result = case.run(codemod)
    yield from (failure.message for failure in result.failures)
    if result.skipped is not None:
        yield result.skipped
    after = result.after.data.decode("utf-8")
    if after != case.after:
        yield "it comes out otherwise:\n" + difference(case.after, after)
    reasons = [each.reason for each in result.findings if each.verdict == "declined"]
    yield from compared("declines", list(case.declines), reasons)
    caveats = [each.caveat for each in result.findings if each.verdict == "unsafe"]
    yield from compared("caveat", list(case.caveats), caveats)
    if case.promise == "keep" and result.findings:
        yield f"it is to be silent, and says: {result.findings[0].message}"


def compared(header: str, wanted: list[str], found: list[str | None]) -> Iterator[str]:
    if wanted != found:
        said = "\n".join(f"    # {header}: {each}" for each in found)
        yield f"its `# {header}:` headers should be\n{said or '    none'}"


def second_run_changes_nothing(case: Case, codemod: Codemod) -> Iterator[str]:
    try:
        ast.parse(case.after)
    except SyntaxError as error:
        yield f"what is to come out is no Python: {error}"
        return
    again = case.run(codemod, case.after).after.data.decode("utf-8")
    if again != case.after and codemod.transform is None:
        yield "a second run changes it again:\n" + difference(case.after, again)


def unsafe_only_when_asked(case: Case, codemod: Codemod) -> Iterator[str]:
    if not case.unsafe:
        return
    result = case.run(codemod, unsafe=False)
    if any(each.applied for each in result.findings if each.verdict == "unsafe"):
        yield "an unsafe fix is made without being asked for"
    unsafe_only = all(each.verdict == "unsafe" for each in result.findings)
    if unsafe_only and result.after.data.decode("utf-8") != case.before:
        yield "it is changed without unsafe fixes"


def runs_the_same(case: Case) -> Iterator[str]:
    """Both halves executed, each in an empty directory of its own."""
    if case.promise != "runs":
        return
    before, after = executed(case.before), executed(case.after)
    if before != after:
        yield f"it does not run the same:\n{difference(before, after)}"
    elif not before:
        yield "it prints and writes nothing, which shows nothing"


def executed(code: str) -> str:
    """How a program ends, what it prints, and the files that it leaves."""
    with tempfile.TemporaryDirectory(prefix="codemod-test-") as folder:
        home = Path(folder, "home")
        home.mkdir()
        script = Path(folder, "case.py")
        script.write_text(code, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, script],
            cwd=home,
            capture_output=True,
            encoding="utf-8",
            errors="backslashreplace",
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
        error = done.stderr.strip().splitlines()[-1:] if done.returncode else []
        files = [
            f"{path.relative_to(home)}: {path.read_bytes()!r}"
            for path in sorted(home.rglob("*"))
            if path.is_file()
        ]
        return "\n".join(part for part in (done.stdout, *error, *files) if part)


def difference(wanted: str, found: str) -> str:
    lines = unified_diff(
        wanted.splitlines(), found.splitlines(), "wanted", "found", lineterm=""
    )
    return "\n".join(f"    {line}" for line in lines)
