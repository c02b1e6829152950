"""What counts as a command in a comment."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.orders import (
    Explain,
    Ignore,
    Order,
    Rebase,
    Unignore,
    Unknown,
    may_ask,
    orders,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/codemod rebase", Rebase()),
        ("  /CODEMOD  Rebase  ", Rebase()),
        ("Thank you!\r\n/codemod rebase\r\nplease", Rebase()),
        ("> why?\n\n/codemod explain", Explain()),
        ("/codemod explain shell-true", Explain("shell-true")),
        ("/codemod ignore iterrows", Ignore("iterrows")),
        ("/codemod ignore `iterrows`", Ignore("iterrows")),
        ("/codemod unignore 0123456789abcdef", Unignore("0123456789abcdef")),
        ("/codemod ignore", Unknown()),
        ("/codemod ignore two names", Unknown()),
        ("/codemod merge", Unknown()),
        ("/codemod rebase <!-- now -->", Unknown()),
        ("/codemod", Unknown()),
    ],
)
def test_a_line_of_its_own_is_a_command(text: str, found: Order) -> None:
    assert orders(text) == (found,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "What does /codemod rebase do?",
        "`/codemod rebase`",
        "/codemods rebase",
        "//codemod rebase",
        "> /codemod rebase",
        "> he wrote:\n/codemod rebase",  # a lazy line of the quote
        "- /codemod rebase",
        "1. /codemod rebase",
        "# /codemod rebase",
        "    /codemod rebase",
        "```\n/codemod rebase\n```",
        "~~~\n/codemod rebase",
        "see `this\n/codemod rebase\nthere`",
        "<!--\n/codemod rebase\n-->",
        "<details>\n/codemod rebase\n</details>",
        "**/codemod rebase**",
        "[/codemod rebase](https://example.org)",
    ],
)
def test_everything_else_is_none(text: str) -> None:
    assert orders(text) == ()


def test_several_count_in_their_order_and_once() -> None:
    text = "/codemod ignore a\n/codemod rebase\n\n/codemod ignore a\n"
    assert orders(text) == (Ignore("a"), Rebase())
    many = "\n".join(f"/codemod ignore n{number}" for number in range(99))
    assert len(orders(many)) == 10


@given(st.text(st.sampled_from("/codem rebas\n\r\t>`-*_<!\0\ud800\u202e[](){}&#;0")))
def test_no_text_breaks_it(text: str) -> None:
    for each in (text, f"/codemod {text}", f"{text}\n/codemod rebase"):
        assert may_ask(each) or orders(each) == ()


@pytest.mark.parametrize("part", ["[", "![[]()", "_a*", "<!--", "`", "> ", "- ", "&"])
def test_it_is_read_in_time(part: str) -> None:
    began = time.process_time()
    orders("/codemod rebase\n\n" + part * (70_000 // len(part)))
    assert time.process_time() - began < 5
