"""Bytes in, bytes and findings out."""

from __future__ import annotations

from itertools import permutations

import pytest

from codemods.engine import Settings, run
from codemods.model import Source
from tests.engine.small import (
    BROKEN,
    CRASH,
    DOWN,
    RENAME,
    SHELL,
    UNWRAP,
    UP,
    after,
    result,
)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("old(1)\n", "new(1)\n"),
        ("x = 1; old(1); y = 2\n", "x = 1; new(1); y = 2\n"),
        ("if old(1):\n\told(2)\nelif old(3): old(4)\n",
         "if new(1):\n\tnew(2)\nelif new(3): new(4)\n"),
        ("def f():\n    if a:\n        pass\n    elif old(3):\n        pass\n",
         "def f():\n    if a:\n        pass\n    elif new(3):\n        pass\n"),
        ("@old(1)\nclass C(old(2)):\n  x = [\n old(3)]\n",
         "@new(1)\nclass C(new(2)):\n  x = [\n new(3)]\n"),
        ("x = f'{old(1)} {old(2)!r:>{old(3)}}'\n",
         "x = f'{new(1)} {new(2)!r:>{new(3)}}'\n"),
        ("x = ('a' f'''é\n{old(1)}''')\n", "x = ('a' f'''é\n{new(1)}''')\n"),
        ("match old(1):\n    case C() if old(2):\n        old(3)\n",
         "match new(1):\n    case C() if new(2):\n        new(3)\n"),
        ("try:\n  old(1)\nexcept old(2):\n  old(3)\nfinally:\n  old(4)\n",
         "try:\n  new(1)\nexcept new(2):\n  new(3)\nfinally:\n  new(4)\n"),
        ("old(old(old(1)))\n", "new(new(new(1)))\n"),
        ("x = (old(i) for i in y)\n", "x = (new(i) for i in y)\n"),
        ("x = lambda a=old(1): old(a)\n", "x = lambda a=new(1): new(a)\n"),
        ("if 1:\n  '''\nold(1)'''; old(1)\n", "if 1:\n  '''\nold(1)'''; new(1)\n"),
        ("f'{x[\"a\"]}'; z = f'{old('a')}'\n", "f'{x[\"a\"]}'; z = f'{new('a')}'\n"),
        ("def f[T](x: T): return old(x)\n", "def f[T](x: T): return new(x)\n"),
    ],
)  # fmt: skip
def test_fixes_every_place(code: str, expected: str) -> None:
    assert after(code, RENAME) == expected


@pytest.mark.parametrize(
    "frame",
    [
        b"\xef\xbb\xbfx = 1\r\nold(1)\r\n",
        b"x = 1\r\nif x:\r\n\told(1)  # why\r\n\ty = [\r\n  1]",
        b"\x0cif x:\n  \told(1)\n\x0c\nx = '''\r\n\x0c'''\r\n",
        b"# -*- coding: latin-1 -*-\nx = '\xe9'; old(1)\n",
        b"x = 1\rold(1)\ry = 2\r",
        b"x = '\xe2\x80\xa8'\nold(1)",
        b"old(  1  ,\n  # first\n)   # last\n\n\n\n",
    ],
)
def test_all_other_bytes_stay(frame: bytes) -> None:
    found = result(frame, RENAME)
    assert found.failures == ()
    assert found.after.data == frame.replace(b"old", b"new")


def test_positions_count_characters() -> None:
    [finding] = result("é = 'üü'; x = old(1)\n", RENAME).findings
    assert (finding.line, finding.column) == (1, 15)
    assert (finding.end_line, finding.end_column) == (1, 21)


def test_a_mark_is_no_character() -> None:
    [finding] = result(b"\xef\xbb\xbfold(1)\n", RENAME).findings
    assert (finding.line, finding.column) == (1, 1)


def test_findings_of_later_passes_stand_where_they_were_read() -> None:
    code = "import shlex\n\nold(1, old(2,\n old(3)))\nshlex.quote(old(4))\n"
    findings = result(code, RENAME, SHELL).findings
    assert [(f.codemod, f.line, f.column, f.applied) for f in findings] == [
        ("rename", 3, 1, True),
        ("rename", 3, 8, True),
        ("rename", 4, 2, True),
        ("shell", 5, 1, True),
        ("rename", 5, 13, True),
    ]


def test_two_codemods_on_one_statement() -> None:
    code = "x = wrap(old(wrap(1))) + old(2)\n"
    found = {
        result(code, *order).after.data
        for order in permutations([RENAME, UNWRAP, CRASH])
    }
    assert found == {b"x = new(1) + new(2)\n"}


def test_the_order_of_names_does_not_matter() -> None:
    code = "import shlex\nold(wrap(shlex.quote(old(1))))\n"
    results = [result(code, *order) for order in permutations([RENAME, UNWRAP, SHELL])]
    assert {each.after.data for each in results} == {
        b"import subprocess\nnew(subprocess.run(new(1)))\n"
    }
    assert len({each.findings for each in results}) == 1


def test_fixes_that_undo_each_other_are_a_failure() -> None:
    [failure] = result("up(1)\n", UP, DOWN).failures
    assert failure.message == "fixes undo each other: down, up"


def test_unsafe_fixes_wait_to_be_asked_for() -> None:
    found = result("wrap(1)\n", UNWRAP, unsafe=False)
    assert not found.changed
    [finding] = found.findings
    assert (finding.verdict, finding.applied) == ("unsafe", False)
    assert finding.caveat == "or not"
    assert (finding.before, finding.after) == ("wrap(1)\n", "1\n")


def test_a_decline_says_why() -> None:
    [finding] = result("old()\n", RENAME).findings
    assert (finding.verdict, finding.reason) == ("declined", "no argument")
    assert finding.after is None


def test_a_judge_that_crashes_is_one_failure() -> None:
    found = result("x = 1\nold(1)\nold(2)\n", RENAME, CRASH)
    [failure] = found.failures
    assert failure.codemod == "crash"
    assert failure.message == "crashed at line 2: KeyError: 'of the judge'"
    assert found.after.data == b"x = 1\nnew(1)\nnew(2)\n"


def test_a_rewrite_that_is_no_python_is_left_out() -> None:
    found = result("old(1)\nwrap(2)\n", BROKEN, UNWRAP)
    assert [each.codemod for each in found.failures] == ["broken"]
    assert found.after.data == b"old(1)\n2\n"
    assert [(f.codemod, f.applied) for f in found.findings] == [
        ("broken", False),
        ("unwrap", True),
    ]


def test_what_the_encoding_cannot_write_is_left_out() -> None:
    code = b"# coding: ascii\nold(1)\n"
    assert result(code, RENAME).after.data == code.replace(b"old", b"new")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x = 1\nprint 'old'\n", "line 2: Python 2, which this tool does not rewrite"),
        (b"x = (\n", "line 1: not valid Python: '(' was never closed"),
        (b"old('\xff')\n", "line 1: byte 0xff is not utf-8; declare the file's"),
        (b"x\nold\0\n", "line 2: holds a NUL byte"),
        (b"# coding: klingon\nold\n", "line 1: "),
    ],
)
def test_bad_input_is_skipped(data: bytes, reason: str) -> None:
    found = result(data, RENAME)
    assert found.skipped is not None
    assert found.skipped.startswith(reason)
    assert not found.changed


@pytest.mark.parametrize(
    "code",
    [
        "old(" + "-" * 1500 + "1)\n",
        "x = old(1)" + " + a" * 2000 + "\n",
        "old" + "(1)" * 950,
    ],
)
def test_deep_nesting_is_skipped(code: str) -> None:
    found = result(code, RENAME)
    assert found.skipped is not None
    assert "too deeply" in found.skipped
    assert found.failures == ()


def test_only_asked_lines_count() -> None:
    settings = Settings(lines=frozenset({2}))
    found = run(Source("a.py", b"old(1)\nold(\n2)\nold(3)\n"), [RENAME], settings)
    assert [each.line for each in found.findings] == [2]
    assert found.after.data == b"old(1)\nnew(\n2)\nold(3)\n"


def test_a_suppression_is_honoured_and_an_unused_one_reported() -> None:
    code = (
        "old(\n  1)  # codemod: ignore[rename] known\n"
        "old(2)  # noqa: X100\n"
        "x = 3  # codemod: ignore[rename]\n"
    )
    found = result(code, RENAME)
    assert not found.changed
    assert found.suppressed == 2
    [finding] = found.findings
    assert finding.line == 3 + 1
    assert finding.reason == "the comment suppresses nothing: remove it"


def test_a_fingerprint_moves_with_the_code_and_changes_with_it() -> None:
    def fingerprints(code: str) -> list[str]:
        return [each.fingerprint for each in result(code, RENAME).findings]

    [first, second] = fingerprints("old(1)\nold(2)\n")
    assert first != second
    assert fingerprints("x = 1\n\nif x:\n    old(1)\n") == [first]
    assert fingerprints("old(2)\nold(1)\n") == [second, first]
    assert fingerprints("old( 1)\n") != [first]
    again = fingerprints("old(1)\nold(1)\n")
    assert again[0] == first
    assert again[1] not in (first, second)


def test_imports_come_and_orphans_go() -> None:
    code = "import shlex\nimport sys\n\n\ndef f(x):\n    return shlex.quote(x)\n"
    assert after(code, SHELL) == (
        "import subprocess\nimport sys\n\n\ndef f(x):\n    return subprocess.run(x)\n"
    )


def test_an_alias_is_a_trigger() -> None:
    code = "from shlex import quote as q\nimport shlex\nq(1)\nshlex.split(2)\n"
    assert after(code, SHELL).endswith("subprocess.run(1)\nshlex.split(2)\n")
