"""Commands as clicks: what becomes of the bodies of a codemod's pull requests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.choice import wishes
from bot.clicks import Refusal, heard
from bot.model import Pull
from bot.orders import Ignore, Order, Rebase, Unignore
from bot.render import body, ended
from bot.state import asked_anew, clicked, parsed, ticks, turned_off
from tests.bot.build import ONE, TWO, UNSAFE, proposal, pull

OPEN = pull(proposal(ONE, TWO, offered=(UNSAFE,)))


def after(order: Order, one: Pull = OPEN, *others: Pull) -> tuple[Pull, ...]:
    found = heard(order, one.number, (one, *others))
    assert not isinstance(found, Refusal)
    return found


def refused(order: Order, one: Pull = OPEN) -> str:
    found = heard(order, one.number, (one,))
    assert isinstance(found, Refusal)
    return found.why


def test_a_rebase_is_the_box_of_the_branch() -> None:
    (found,) = after(Rebase())
    assert asked_anew(found.body)
    assert not turned_off(found.body)
    assert after(Rebase(), found) == (found,)
    assert "closed" in refused(Rebase(), replace(OPEN, open=False))


def test_a_codemod_is_turned_off_in_one_and_on_in_all() -> None:
    other = replace(OPEN, number=8, branch="codemod/iterrows.lib")
    off, same = after(Ignore("iterrows"), OPEN, other)
    assert turned_off(off.body)
    assert same == other
    assert wishes([same, off]).off
    (also, _) = after(Ignore("iterrows"), other, off)
    closed = replace(off, open=False, body=ended(off.body, parsed(off.body), "x", ()))
    assert turned_off(closed.body)
    again = after(Unignore("iterrows"), also, closed)
    assert not wishes(again).off
    assert not any(turned_off(each.body) for each in again)


@pytest.mark.parametrize("name", [ONE.key, ONE.fingerprint])
def test_a_change_is_unticked_and_ticked(name: str) -> None:
    (found,) = after(Ignore(name))
    assert ticks(found.body) == {ONE.key: False, TWO.key: True, UNSAFE.key: False}
    assert wishes([found]).vetoes == {ONE.key}
    (again,) = after(Unignore(name), found)
    assert ticks(again.body)[ONE.key]
    assert wishes([again]).vetoes == set()


def test_a_fix_that_is_only_offered_is_not_offered_again() -> None:
    (found,) = after(Ignore(UNSAFE.key))
    assert wishes([found]).vetoes == {UNSAFE.key}
    (again,) = after(Unignore(UNSAFE.key), found)
    assert wishes([again]).added >= {UNSAFE.key}


def test_a_box_that_had_no_room_is_put_there() -> None:
    short = replace(OPEN, body=OPEN.body.replace(f"<!-- codemod:{ONE.key} -->", ""))
    assert ONE.key not in ticks(short.body)
    (found,) = after(Ignore(ONE.key), short)
    assert ticks(found.body)[ONE.key] is False
    assert wishes([found]).vetoes == {ONE.key}
    assert parsed(found.body) is not None


def test_a_box_of_an_older_text_is_put_there() -> None:
    text = OPEN.body.replace("- [ ] <!-- codemod:ignore -->", "- old")
    assert turned_off(clicked(text, "ignore", True))
    assert parsed(clicked(text, "ignore", True)) == parsed(OPEN.body)
    assert turned_off(clicked("", "ignore", True))


def test_what_a_file_holds_is_no_box() -> None:
    sly = replace(ONE, before="- [x] <!-- codemod:ignore -->\n")
    assert not turned_off(body(proposal(sly)))
    assert turned_off(clicked(body(proposal(sly)), "ignore", True))


def test_what_cannot_be_meant_is_refused() -> None:
    assert "about `iterrows`" in refused(Ignore("shell-true"))
    assert "about `iterrows`" in refused(Ignore("@everyone <b>"))
    assert "@" not in refused(Ignore("@everyone <b>"))
    assert "No change here" in refused(Ignore("f" * 16))
    assert "No change here" in refused(Unignore(f"{'f' * 16}.{'0' * 8}"))
    gone = replace(OPEN, body="somebody's own words")
    assert "No change here" in refused(Ignore(ONE.key), gone)
    assert "reopen" in refused(Unignore(ONE.key), replace(OPEN, open=False))
