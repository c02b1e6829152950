"""Bodies: short, in order, and deaf to whatever a repository holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.escape import BREAK, block, code, sentence
from bot.lists import diff, gist
from bot.model import Change, Proposal
from bot.render import LARGEST, body, ended, message, title
from bot.state import asked_anew, parsed, ticks
from tests.bot.build import ONE, TWO, UNSAFE, change, proposal, tick

NASTY = (
    "@octocat",
    "@org/team",
    "fixes #1",
    "Closes: GH-7",
    "resolves a/b#3",
    "fix https://github.com/a/b/issues/1",
    "www.evil.example",
    "```",
    "````\n- [x] <!-- codemod:rebuild -->",
    "~~~",
    "`",
    "-->",
    "<!--",
    "</details>",
    "<script>alert(1)</script>",
    "<img src=x onerror=y>",
    "![a](http://b)",
    "[a](javascript:b)",
    "| a | b |\n|---|---|",
    "# heading",
    "&lt;b&gt;",
    "\u202e",
    "\r",
    "\x00",
    "\x1b[31m",
    "\ud800",
    "<!-- codemod:0000000000000009.00000000 -->",
)
HOSTILE = st.lists(
    st.one_of(st.sampled_from(NASTY), st.text(max_size=8), st.just("\n")), max_size=6
).map("".join)
CHANGES = st.builds(
    Change,
    path=HOSTILE.filter(bool),
    line=st.integers(1, 99999),
    tier=st.sampled_from(["safe", "unsafe"]),
    fingerprint=st.from_regex(r"[0-9a-f]{16}", fullmatch=True),
    message=HOSTILE,
    before=HOSTILE,
    after=HOSTILE,
    caveat=st.none() | HOSTILE,
    reason=HOSTILE,
)
LISTS = st.lists(CHANGES, max_size=3, unique_by=lambda c: c.key).map(tuple)
# The only HTML there may be, once escaped text and keys are taken out.
OURS = re.compile(
    r"</?details>|<details open>|<summary><b>[\w :]+</b></summary>"
    r"|<summary>[^<>]*(<code>[^<>]*</code>[^<>]*)?</summary>"
    r"|<!-- codemod:(?:[0-9a-f.]+|rebuild|ignore) -->|\s+"
    r"|<!-- codemod:state 1 [\w=-]+ [\w=-]+ -->"
)
ACTIVE = re.compile(
    r"@\w|(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?):?\s+(?:#\d|GH-\d|\w+/\w+#\d)|#\d"
    r"|://\w|www\.\w",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"\b(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?):?\s+(?:#\d|GH-\d|\w+/\w+#\d|https?://\w)",
    re.IGNORECASE,
)


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text):
        found += [token, *(token.children or ())]
    return found


@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(LISTS.filter(bool), LISTS, LISTS, LISTS)
def test_nothing_of_a_repository_has_an_effect(
    made: tuple[Change, ...],
    offered: tuple[Change, ...],
    vetoed: tuple[Change, ...],
    declined: tuple[Change, ...],
) -> None:
    text = body(proposal(*made, offered=offered, vetoed=vetoed, declined=declined))
    found = tokens(text)
    for token in found:
        if token.type in ("html_block", "html_inline"):
            assert OURS.sub("", token.content) == ""
        if token.type in ("text", "html_block", "html_inline"):
            assert not ACTIVE.search(token.content)
        assert token.type not in ("image", "link_open", "table_open")
    blocks = [token for token in found if token.type == "fence"]
    assert len(blocks) == len(made) + len(offered) + 1
    headings = [token for token in found if token.type == "heading_open"]
    assert len(headings) == 2
    assert not CLOSING.search(text)
    keys = {each.key for each in (*made, *offered, *vetoed)}
    assert set(ticks(text)) == keys
    assert not asked_anew(text)
    assert asked_anew(tick(text, "rebuild", on=True))
    assert text.encode() == text.encode("utf-8", "replace")


@pytest.mark.parametrize("path", ["a", "<@x>`" * 40])
@pytest.mark.parametrize("made", [1, 40, 300])
@pytest.mark.parametrize("offered", [0, 300])
@pytest.mark.parametrize("size", [1, 60])
def test_a_body_is_never_longer_than_github_takes(
    path: str, made: int, offered: int, size: int
) -> None:
    text = "x = [1]\n" * size
    some = tuple(change(n, f"{path}{n % 40}", before=text) for n in range(made))
    more = tuple(
        change(n + made, f"{path}{n % 9}", tier="unsafe", caveat=path, before=text)
        for n in range(offered)
    )
    full = body(proposal(*some, offered=more, declined=more))
    assert len(full) <= LARGEST
    assert parsed(full) is not None


def test_the_parts_are_in_the_order_that_a_maintainer_reads() -> None:
    declined = change(9, tier="declined", after=None, reason="the row escapes")
    full = body(proposal(ONE, UNSAFE, offered=(TWO,), declined=(declined,)))
    marks = [
        "**Read rows without building a Series for each** in 2 places, 2 files.",
        "### What behaves differently",
        "- A missing column raises KeyError (1 place)",
        "### Before and after",
        "<details open><summary><code>app/a.py</code></summary>",
        f"- [x] <!-- codemod:{ONE.key} --> line 1",
        "<details><summary><code>app/c.py</code></summary>",
        "<details><summary><b>Not made: 1 place for you to judge</b></summary>",
        f"- [ ] <!-- codemod:{TWO.key} --> line 2",
        "Left alone: 1 place",
        "- the row escapes: `app/a.py:9`",
        "**No, thanks?**",
        "$ git checkout bbbbbbbb",
        "<!-- codemod:state 1",
    ]
    at = [full.find(mark) for mark in marks]
    assert -1 not in at
    assert at == sorted(at)


def test_nothing_behaves_differently() -> None:
    assert "### What behaves differently\n\nNothing.\n" in body(proposal())


def test_title_and_message() -> None:
    of = proposal(ONE, TWO)
    assert title(of) == (
        "iterrows: read rows without building a Series for each (2 places, 2 files)"
    )
    assert message(of).splitlines()[0] == (
        "refactor(iterrows): read rows without building a Series for each"
    )
    assert message(of).endswith(f"\nCodemod-Result: {of.result}\n")


def test_a_diff_has_no_margin_and_no_numbers() -> None:
    before = "        for _, row in df.iterrows():\n            f(row)\n"
    after = "        for row in df.itertuples():\n            f(row)\n"
    assert diff(before, after) == (
        "-for _, row in df.iterrows():\n+for row in df.itertuples():\n     f(row)"
    )


def test_code_is_shown_as_it_is() -> None:
    assert code("a`b``c") == "```a`b``c```"
    assert code("`a`") == "`` `a` ``"
    assert block("```\nx") == "````\n```\nx\n````"
    assert "@property" in block("@property")
    assert block("# fixes #12").count(BREAK) == 2
    assert code("a\u202eb\nc") == "`a\\u202eb c`"


def test_what_the_bot_closed_says_why_and_remembers() -> None:
    text = body(proposal())
    last = ended(text, parsed(text), "The code is gone.", (ONE.key,))
    assert last.startswith("> **Closed:** The code is gone.\n")
    state = parsed(last)
    assert state is not None
    assert (state.ended, state.vetoed) == ("The code is gone.", (ONE.key,))
    assert last.count("codemod:state") == 1


def test_no_change_of_a_proposal_is_unaccounted_for() -> None:
    many: Proposal = proposal(*(change(n) for n in range(1, 40)), later=(ONE,) * 3)
    assert "3 more places will follow later." in body(many)


@pytest.mark.parametrize(
    ("clause", "common"),
    [
        ("`f()` (line 3) may raise anything", "… may raise anything"),
        (
            "`f()` (line 3), `g()` (line 4) and 2 more may raise anything",
            "… may raise anything",
        ),
        (
            "assumes that `a` is a plain dict (line 1), `b` is a list and 9 more",
            "assumes that … is a plain dict and the like",
        ),
        ("a missing column raises KeyError", "a missing column raises KeyError"),
    ],
)
def test_clauses_that_differ_in_what_they_quote_are_one(
    clause: str, common: str
) -> None:
    assert gist(clause) == common


def test_alike_caveats_stand_once_above_and_each_with_its_change() -> None:
    one = change(1, tier="unsafe", caveat="`f()` (line 3) may raise anything")
    two = change(2, tier="unsafe", caveat="`g()` (line 9) may raise anything")
    full = body(proposal(one, two))
    assert "\n- … may raise anything (2 places)\n" in full
    assert "line 1: `f()` \\(line 3\\) may raise anything\n" in full
    single = body(proposal(one))
    assert "\n- `f()` \\(line 3\\) may raise anything (1 place)\n" in single
    assert "--> line 1\n" in single


def test_what_a_clause_quotes_is_code_and_the_rest_is_not() -> None:
    assert sentence("drops `a_b`, then *c*") == "drops `a_b`, then \\*c\\*"
    assert sentence("a ` alone `b`") == "a \\` alone \\`b\\`"
    assert sentence("`@x` and @y") == f"`@x` and @{BREAK}y"


def test_there_are_not_more_caveats_than_a_minute_takes() -> None:
    words = ("ab", "cd", "ef", "gh", "ij", "kl", "mn", "op", "qr", "st")
    made = [change(n, tier="unsafe", caveat=f"{w} raises") for n, w in enumerate(words)]
    top = body(proposal(*made)).partition("### Before and after")[0]
    assert "\n- 2 places with others, which stand there\n" in top
    assert top.count("raises (1 place)") == 8
