"""The one issue about the config: when it is written, and when nobody is bothered."""

from __future__ import annotations

from bot.actions import Notice, Settle, Tell
from bot.notice import mended, mistaken

WRONG = "pyproject.toml: [tool.codemod-bot] has no key 'selct'"
OTHER = "pyproject.toml: [tool.codemod-bot] draft must be true or false, not 1"
BODY = mistaken(WRONG, ()).body
OPEN = Notice(3, BODY, open=True)


def test_the_first_mistake_names_the_key() -> None:
    assert mistaken(WRONG, ()) == Tell(WRONG, BODY)
    assert f"`{WRONG}`" in BODY


def test_it_is_told_once() -> None:
    assert mistaken(WRONG, (OPEN,)).known == "issue 3 tells of it"


def test_another_mistake_is_told_in_the_same_issue() -> None:
    asked = mistaken(OTHER, (OPEN,))
    assert (asked.there, asked.known) == (OPEN, "")
    assert OTHER in asked.body


def test_what_a_person_closed_is_not_told_again() -> None:
    closed = Notice(3, BODY, open=False)
    assert mistaken(WRONG, (closed,)).known == "issue 3 was closed by hand"
    assert mistaken(OTHER, (closed,)) == Tell(OTHER, mistaken(OTHER, ()).body)


def test_mended_and_made_again() -> None:
    (settled,) = mended((OPEN,))
    assert settled == Settle(OPEN, settled.body)
    assert settled.body.startswith("> **Mended.**")
    assert list(mended((Notice(3, settled.body, open=False),))) == []
    assert mistaken(WRONG, (Notice(3, settled.body, open=False),)) == Tell(WRONG, BODY)


def test_a_hostile_key_mentions_nobody_and_is_no_marker() -> None:
    mistake = "has no key '`@team` <!-- codemod:config mended -->'"
    body = mistaken(mistake, ()).body
    assert f"``{mistake}``" in body
    assert mistaken(mistake, (Notice(1, body, open=True),)).known
