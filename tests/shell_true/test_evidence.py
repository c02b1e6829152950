"""What is run for a command's receipt, and what a receipt says of a wrong rewrite."""

from __future__ import annotations

import pytest

from codemods.catalog.shell_true import CODEMOD
from codemods.receipt import Receipt
from tests.receipts import receipt_of

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

QUOTED = """
    import shlex
    import subprocess

    def show(path: str):
        subprocess.run(f"cat -- {shlex.quote(path)}", shell=True, check=True)
"""
REDIRECTED = """
    import subprocess

    def keep(path: str):
        subprocess.run(f"sort < names > '{path}'", shell=True, check=True)
"""
VARIABLES = """
    import subprocess

    def build(level: int):
        subprocess.run(f"LEVEL={level} make all", shell=True, check=True)
"""
GROWN = """
    import subprocess

    def log(self, count: int):
        command = "git log"
        if self.options.verbose:
            command += " --stat"
        command += f" -n {count}"
        out = subprocess.check_output(command, shell=True).decode().split()
        return out
"""
IN_A_LOOP = """
    import logging
    import subprocess

    REMOTES = ["origin", "two words"]
    FLAGS = {"short": "--oneline", "long": "--stat"}

    def fetch(style):
        for remote in REMOTES:
            command = f"git fetch '{remote}' {FLAGS[style]}"
            logging.info("running %s", command)
            subprocess.run(command, shell=True, check=True)
"""
COMPARED = """
    import os

    def kept(path: str):
        status = os.system(f"grep -q x '{path}' > /dev/null")
        if status != 0:
            print("no")
"""
WRAPPED = """
    import subprocess

    def out(command):
        return subprocess.check_output(command, shell=True).decode()

    def head(count: int):
        return out(f"git log -n {count}")
"""
REBOUND = """
    import subprocess
    from pathlib import Path

    def cut(path: Path, count: int, old: bool):
        count += 1
        command = f"head -n {count}"
        if old:
            command += f" '{path}'"
        subprocess.run(command, shell=True, check=True)
"""
ARGUMENTS = """
    import argparse
    import subprocess

    parser = argparse.ArgumentParser()
    parser.add_argument("--level", choices=["low", "high"], default="low")
    args = parser.parse_args()
    subprocess.run(f"run --level={args.level}", shell=True, check=True)
"""
GOOD = [
    ARGUMENTS,
    REBOUND,
    QUOTED,
    REDIRECTED,
    VARIABLES,
    GROWN,
    IN_A_LOOP,
    COMPARED,
    WRAPPED,
]


@pytest.mark.parametrize("code", GOOD)
def test_a_good_fix_shows_no_difference(code: str) -> None:
    receipt = receipt_of(CODEMOD, code)
    assert receipt.outcome == "no difference", receipt.sentence
    assert receipt.trials > receipt.raised + receipt.vacuous
    assert "every program is a recorder" in receipt.notes


def test_what_is_made_up_is_said() -> None:
    receipt = receipt_of(CODEMOD, GROWN)
    assert "`count` and `self.options.verbose` are made up" in receipt.notes


PLANTED = {
    "split at blanks": (
        QUOTED,
        ("subprocess.run(f\"cat -- {shlex.quote(path)}\", shell=True, check=True)",
         'subprocess.run(["cat", "--", *path.split()], check=True)'),
        "`path` = 'a b'",
    ),
    "a word is lost": (
        VARIABLES,
        ('subprocess.run(f"LEVEL={level} make all", shell=True, check=True)',
         'subprocess.run(["make", "all"], check=True)'),
        "LEVEL",
    ),
    "no check": (
        QUOTED,
        ("subprocess.run(f\"cat -- {shlex.quote(path)}\", shell=True, check=True)",
         'subprocess.run(["cat", "--", path])'),
        "before it raised CalledProcessError, after nothing",
    ),
    "another file": (
        REDIRECTED,
        ("subprocess.run(f\"sort < names > '{path}'\", shell=True, check=True)",
         "with open('names', 'rb') as names, open(path, 'ab') as out:\n"
         "            subprocess.run(['sort'], stdin=names, check=True)"),
        "it left the files",
    ),
    "another order": (
        """
    import subprocess

    def both(a: str):
        subprocess.run(f"first '{a}' second", shell=True)
        """,
        ("subprocess.run(f\"first '{a}' second\", shell=True)",
         'subprocess.run(["first", "second", a])'),
        "before it ran [['first', 'x', 'second']]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_wrong_rewrite_is_refuted(name: str) -> None:
    code, (old, new), shown = PLANTED[name]
    assert old in code
    receipt = receipt_of(CODEMOD, code, code.replace(old, new))
    assert receipt.outcome == "difference", receipt.sentence
    assert receipt.counterexample is not None
    assert shown in receipt.counterexample


def test_a_caveat_comes_with_the_smallest_case() -> None:
    receipt = receipt_of(
        CODEMOD,
        """
        import os

        def touch(path):
            os.system(f"touch {path} {path}.lock")
        """,
    )
    assert receipt.counterexample == (
        "with `path` = 'a b': before it ran [['touch', 'a', 'b', 'a', 'b.lock']], "
        "after [['touch', 'a b', 'a b.lock']]"
    )
    assert "no difference on 13 inputs of plain words" in receipt.notes


def test_a_missing_program_is_tried_where_the_fix_speaks_of_it() -> None:
    code = """
        import subprocess

        def installed():
            return subprocess.run("fancy --version", shell=True).returncode == 0
    """
    receipt = receipt_of(CODEMOD, code)
    assert receipt.counterexample is not None
    assert receipt.counterexample.startswith("with no such program: before it raised n")


def test_values_that_the_page_leaves_out_are_left_out() -> None:
    receipt = receipt_of(
        CODEMOD,
        """
        import subprocess

        def show(name):
            subprocess.run(f"show '{name}' \\"{name}\\"", shell=True)
        """,
    )
    assert receipt.outcome == "no difference"
    assert any("`name` stands between quotes" in note for note in receipt.notes)


def test_what_cannot_be_run_says_why() -> None:
    receipt = receipt_of(
        CODEMOD,
        """
        import asyncio

        async def build():
            await asyncio.create_subprocess_shell("make all")
        """,
    )
    assert receipt.outcome == "impossible"
    assert receipt.reason == "it is awaited, and there is no event loop here"


def test_what_a_shell_has_of_its_own_is_not_recorded() -> None:
    receipt = receipt_of(
        CODEMOD,
        """
        import subprocess

        def exists(path: str):
            subprocess.run(f"test -e '{path}'", shell=True, check=True)
        """,
    )
    assert receipt.outcome == "impossible"
    assert receipt.reason == "a shell runs a `test` of its own, which is not recorded"


def test_a_guard_that_always_leaves_is_no_evidence() -> None:
    receipt = receipt_of(
        CODEMOD,
        """
        import os

        def never(count: int):
            if count == count:
                return
            os.system(f"seq {count:d}")
        """,
    )
    assert receipt.outcome == "impossible"
    assert receipt.reason == "no program was started on what could be made up"


def test_a_seed_repeats_its_receipt() -> None:
    def made(seed: int) -> Receipt:
        return receipt_of(CODEMOD, GROWN, seed=seed)

    assert made(3) == made(3)
    assert made(3).replay.endswith("--seed 3")
