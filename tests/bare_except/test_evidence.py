"""What the body of a `try` is run on, and what its receipt says of a wrong handler."""

from __future__ import annotations

import pytest

from codemods.catalog.bare_except import CODEMOD
from tests.receipts import receipt_of

PARSED = """
    from datetime import datetime

    def start_of(row: str):
        try:
            return datetime.fromisoformat(row)
        except:
            return 0
"""
LOOKED_UP = """
    LIMITS = {"a": 1, "b": 2}

    def share(rows, name):
        for row in rows:
            try:
                total = ratio(row["count"], LIMITS[name])
                continue
            except:
                break

    def ratio(first, second):
        return first / second
"""
OWN_OBJECT = """
    import json

    class Task:
        def read(self):
            try:
                self.project = json.loads(self.service)["project_id"]
            except:
                self.project = ""
"""
IMPORTED = """
    try:
        import simplejson as json
    except:
        import json
"""
FROM_LIBRARY = """
    try:
        from importlib.metadata import version
    except:
        version = None
"""
VARIABLE = """
    import os

    def home():
        try:
            return os.environ["SOME_HOME"]
        except:
            return None
"""
GOOD = [PARSED, LOOKED_UP, OWN_OBJECT, IMPORTED, FROM_LIBRARY, VARIABLE]


@pytest.mark.parametrize("code", GOOD)
def test_a_good_fix_catches_what_was_caught(code: str) -> None:
    receipt = receipt_of(CODEMOD, code, number=200)
    assert receipt.outcome == "no difference", receipt.sentence
    assert receipt.identical >= 1
    assert any(note.startswith("caught by both: ") for note in receipt.notes)


def test_what_passes_through_is_listed() -> None:
    receipt = receipt_of(CODEMOD, PARSED)
    passing = "SystemExit, KeyboardInterrupt, GeneratorExit, asyncio.CancelledError"
    assert f"now pass through: {passing}" in receipt.notes


PLANTED = {
    "TypeError is forgotten": (
        LOOKED_UP, "(KeyError, IndexError, ValueError, ArithmeticError)",
        "TypeError gets past",
    ),
    "KeyError is forgotten": (
        VARIABLE, "ValueError", "before it was caught, after KeyError gets past",
    ),
    "ValueError is forgotten": (
        PARSED, "(TypeError, LookupError)",
        "with `row` = '': before it was caught, after ValueError gets past",
    ),
    "a name that is none": (
        PARSED, "(ValueError, NoSuchError)", "NameError gets past",
    ),
    "ImportError is forgotten": (
        IMPORTED, "OSError", "ModuleNotFoundError gets past",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_wrong_handler_is_refuted(name: str) -> None:
    code, names, shown = PLANTED[name]
    after = code.replace("except:", f"except {names}:")
    receipt = receipt_of(CODEMOD, code, after, number=200)
    assert receipt.outcome != "no difference", receipt.sentence
    assert shown in (receipt.counterexample or receipt.reason or "")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return self.api.fetch(row)", "lets nothing but exits and interrupts pass"),
        ("row.save(); return int(row)", "lets nothing but exits and interrupts pass"),
    ],
)
def test_what_cannot_be_run_says_why(body: str, reason: str) -> None:
    code = f"""
    class Reader:
        def read(self, row):
            try:
                {body}
            except:
                return None
    """
    receipt = receipt_of(CODEMOD, code)
    assert receipt.outcome == "impossible"
    assert reason in (receipt.reason or "")


def test_a_call_of_something_else_is_not_made_up() -> None:
    code = """
    class Reader:
        def read(self, row):
            try:
                return self.api.fetch(row)
            except:
                return None
    """
    after = code.replace("except:", "except KeyError:")
    receipt = receipt_of(CODEMOD, code, after)
    assert receipt.outcome == "impossible"
    assert receipt.reason == "calls `self.api.fetch`, which cannot be run here"


def test_a_body_that_never_raises_is_no_evidence() -> None:
    code = """
    def size(rows: list[int]):
        try:
            return len(rows)
        except:
            return 0
    """
    after = code.replace("except:", "except TypeError:")
    receipt = receipt_of(CODEMOD, code.replace("len(rows)", "float(rows[0])"), None)
    assert receipt.outcome == "no difference"
    idle = code.replace("return len(rows)", "return len([1])")
    source = idle.replace("len([1])", "open('x').read() if False else 0")
    receipt = receipt_of(CODEMOD, source, source.replace("except:", "except OSError:"))
    assert receipt.outcome == "impossible"
    assert receipt.reason == "nothing made the body raise"
    assert after != code


def test_a_seed_repeats_its_receipt() -> None:
    assert receipt_of(CODEMOD, LOOKED_UP, seed=3) == receipt_of(
        CODEMOD, LOOKED_UP, seed=3
    )
