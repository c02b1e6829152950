"""What a report is told besides: each fix for itself, and what comments silence."""

from __future__ import annotations

from codemods.engine import Settings, run
from codemods.model import Replacement, Result, Rewrite, Source
from tests.engine.small import DOWN, RENAME, SHELL, UNWRAP

SHLEX = "import shlex\n\nshlex.quote('é'); shlex.quote(b)\n"


def detailed(code: str, *, unsafe: bool = False) -> Result:
    settings = Settings(unsafe=unsafe, details=True)
    codemods = [RENAME, UNWRAP, SHELL, DOWN]
    return run(Source("a.py", code.encode()), codemods, settings)


def made(code: str, edits: tuple[Replacement, ...]) -> str:
    """The code with the edits made by line and column, as an editor does."""
    lines = code.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    for each in reversed(edits):
        start = starts[each.line - 1] + each.column - 1
        end = starts[each.end_line - 1] + each.end_column - 1
        code = code[:start] + each.text + code[end:]
    return code


def rewrites(code: str) -> list[Rewrite | None]:
    return [each.rewrite for each in detailed(code).findings]


def test_two_fixes_of_a_file_are_told_apart() -> None:
    code = "x = 'é', old(1), wrap(2)\n"
    first, second = rewrites(code)
    assert first is not None
    assert first.edits == (Replacement(1, 10, 1, 13, "new"),)
    assert second is not None
    assert made(code, second.edits) == "x = 'é', old(1), 2\n"
    assert second.diff == (
        "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n"
        "-x = 'é', old(1), wrap(2)\n+x = 'é', old(1), 2\n"
    )


def test_a_rewrite_has_the_imports_it_needs_and_keeps_what_others_use() -> None:
    first, second = rewrites(SHLEX)
    assert first is not None
    assert second is not None
    assert made(SHLEX, first.edits) == (
        "import shlex\nimport subprocess\n\nsubprocess.run('é'); shlex.quote(b)\n"
    )
    assert made(SHLEX, second.edits) == (
        "import shlex\nimport subprocess\n\nshlex.quote('é'); subprocess.run(b)\n"
    )


def test_a_rewrite_takes_out_what_it_leaves_without_a_use() -> None:
    code = "import os, shlex\n\nshlex.quote(b)\n"
    [only] = rewrites(code)
    assert only is not None
    assert (
        made(code, only.edits) == "import os\nimport subprocess\n\nsubprocess.run(b)\n"
    )


def test_what_only_another_fix_lets_appear_has_no_rewrite() -> None:
    found = detailed("wrap(old(wrap(1)))\n", unsafe=True)
    assert [each.rewrite is None for each in found.findings].count(False) >= 1
    assert found.after.data == b"new(1)\n"


def test_nothing_is_told_that_is_not_asked_for() -> None:
    source = Source("a.py", b"old(1)\nold(2)  # noqa: X100\n")
    found = run(source, [RENAME], Settings())
    assert [each.rewrite for each in found.findings] == [None]
    assert [each.rewrite for each in found.silenced] == [None]


def test_what_a_comment_silences_is_kept_and_names_nothing_anew() -> None:
    code = "old(1)  # codemod: ignore[rename] known\nold(1)\n"
    found = detailed(code)
    [silent] = found.silenced
    assert (silent.line, silent.verdict, silent.applied) == (1, "safe", False)
    [told] = found.findings
    plain = run(Source("a.py", code.encode()), [RENAME], Settings())
    assert [each.fingerprint for each in plain.findings] == [told.fingerprint]
    assert silent.fingerprint not in ("", told.fingerprint)
