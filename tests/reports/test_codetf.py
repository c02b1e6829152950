"""CodeTF 3, read by codemodder's own model of it.

codemodder wants an older libcst than ours, so it has a directory for itself, which the
variable CODEMODDER names: `pip install --target DIRECTORY codemodder==6.5.5`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import git, repository
from tests.reports.project import FILES, report, written

READ = """
import sys
from codemodder.codetf.v3.codetf import CodeTF
for each in CodeTF.model_validate_json(sys.stdin.buffer.read()).results:
    diffs = "".join(change.diff for change in each.changeSets)
    print(each.finding.rule.id, each.fixStatus.status.value, diffs.count("+new("))
"""


def test_every_finding_is_a_result(tmp_path: Path) -> None:
    results = report(written(tmp_path), "codetf").json["results"]
    assert [
        (each["fixStatus"]["status"], each["fixStatus"].get("reason"))
        for each in results
    ] == [
        ("fixed", None),
        ("skipped", "a second argument was ignored"),
        ("wontfix", "`old()` says nothing"),
        ("wontfix", "`*` hides what is passed"),
        ("fixed", None),
        ("wontfix", "a comment in the source silences it"),
    ]


def test_git_applies_each_diff(tmp_path: Path) -> None:
    repository(written(tmp_path))
    first, second, *_ = report(tmp_path, "codetf").json["results"]
    for each, old in ((first, "old(1)"), (second, "old(1, 2)")):
        [change] = each["changeSets"]
        assert change["path"] == "a.py"
        git("apply", "-", cwd=tmp_path, stdin=change["diff"].encode())
        new = old.replace("old", "new")
        assert (tmp_path / "a.py").read_text() == FILES["a.py"].replace(old, new)
        git("checkout", "a.py", cwd=tmp_path)


@pytest.mark.skipif(
    "CODEMODDER" not in os.environ, reason="CODEMODDER names no codemodder"
)
def test_codemodder_reads_it(tmp_path: Path) -> None:
    document = report(written(tmp_path), "codetf").stdout
    done = subprocess.run(
        [sys.executable, "-c", READ],
        input=document,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.environ["CODEMODDER"]},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().splitlines() == [
        "old-call fixed 1",
        "old-call skipped 1",
        "old-call wontfix 0",
        "old-call wontfix 0",
        "old-call fixed 0",
        "old-call wontfix 0",
    ]
