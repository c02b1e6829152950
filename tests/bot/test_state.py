"""The marker survives its body, and nothing a person does to it is trusted."""

from __future__ import annotations

import base64
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.state import State, asked_anew, parsed, printed, ticks

KEYS = st.lists(st.from_regex(r"[0-9a-f]{16}\.[0-9a-f]{8}", fullmatch=True)).map(tuple)
STATES = st.builds(
    State,
    *[st.text()] * 10,
    proposed=KEYS,
    offered=KEYS,
    vetoed=KEYS,
    suspects=KEYS,
    blamed=KEYS,
)
STATE = State("iterrows", "b", "h", "r", "c", "v", proposed=(f"{1:016x}.{2:08x}",))


@given(STATES, st.text(), st.text())
def test_what_is_printed_is_parsed(state: State, before: str, after: str) -> None:
    assert parsed(f"{before}\n{printed(state)}\n{after}") == state


def test_a_marker_cannot_end_its_comment_early() -> None:
    text = printed(State("-->", "--", "<!--", "`", "\n", "@me"))
    assert text.count("-->") == 1
    assert text.endswith("-->")
    assert "\n" not in text


def marker(values: object) -> str:
    data = zlib.compress(json.dumps(values).encode())
    text = base64.urlsafe_b64encode(data).decode()
    return f"<!-- codemod:state 1 {zlib.crc32(data):08x} {text} -->"


@pytest.mark.parametrize(
    "text",
    [
        "",
        printed(STATE).replace("state 1", "state 2"),
        printed(STATE)[:40] + "A" + printed(STATE)[41:],
        printed(STATE)[:-20] + " -->",
        marker([]),
        marker({"a": 1}),
        marker(["i", "b", "h", "r", "c", "v", "", ["../../etc"], [], []]),
        marker(["i", "b", "h", "r", "c", 5, "", [], [], []]),
        marker(["i", "b", "h", "r", "c", "v", "", "abc", [], []]),
        marker("x" * (1 << 21)),
    ],
)
def test_a_marker_that_was_tampered_with_is_none(text: str) -> None:
    assert parsed(text) is None


def test_a_broken_marker_does_not_hide_a_whole_one() -> None:
    assert parsed(printed(STATE) + "\n" + printed(STATE)[:-30] + " -->") == STATE


def test_boxes() -> None:
    one, two = f"{1:016x}.{0:08x}", f"{2:016x}.{0:08x}"
    body = (
        f"- [x] <!-- codemod:{one} --> line 1\r\n* [ ] <!-- codemod:{two} --> line 2\n"
        f"- [ ] <!-- codemod:{one} --> quoted again\n- [x] <!-- codemod:zz --> no\n"
    )
    assert ticks(body) == {one: True, two: False}
    assert not asked_anew(body)
    assert asked_anew("- [X] <!-- codemod:rebuild --> again")
    assert not asked_anew("- [ ] <!-- codemod:rebuild --> again")
    code = "- [x] <!-- codemod:rebuild -->\n"
    assert not asked_anew(f"{code}- [ ] <!-- codemod:rebuild --> again")
