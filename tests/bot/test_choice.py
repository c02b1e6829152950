"""What people said, read from bodies, and what goes on the branch after it."""

from __future__ import annotations

from bot.choice import Choice, Wishes, choose, wishes
from bot.model import Settings
from bot.render import body, ended
from bot.state import parsed
from tests.bot.build import ONE, TWO, UNSAFE, change, proposal, pull, tick

PATHS = ("app/a.py", "app/b.py", "app/c.py")


NOTHING = Wishes()


def chosen(*changes: object, said: Wishes = NOTHING, **settings: object) -> Choice:
    return choose("iterrows", changes, said, Settings(**settings), PATHS)  # type: ignore[arg-type]


def keys(*changes: object) -> frozenset[str]:
    return frozenset(each.key for each in changes)  # type: ignore[attr-defined]


def test_safe_ones_are_made_and_unsafe_ones_offered() -> None:
    assert chosen(TWO, UNSAFE, ONE) == Choice(made=(ONE, TWO), offered=(UNSAFE,))


def test_unsafe_ones_are_made_where_the_config_asks_for_them() -> None:
    assert chosen(UNSAFE, unsafe=("iterrows",)).made == (UNSAFE,)
    assert chosen(UNSAFE, unsafe=("shell-true",)).made == ()


def test_a_closed_pull_turns_down_all_it_proposed() -> None:
    assert wishes([pull(open=False)]).vetoes == keys(ONE, TWO)


def test_a_merged_pull_turns_down_nothing_but_what_was_unticked() -> None:
    assert wishes([pull(open=False, merged=True)]).vetoes == frozenset()
    text = tick(body(proposal()), ONE.key, on=False)
    assert wishes([pull(body=text, open=False, merged=True)]).vetoes == keys(ONE)


def test_a_pull_that_the_bot_closed_turns_down_nothing() -> None:
    text = body(proposal())
    gone = ended(text, parsed(text), "The code is gone.", ())
    assert wishes([pull(body=gone, open=False)]).vetoes == frozenset()


def test_an_unticked_change_is_left_out_and_stays_out() -> None:
    text = tick(body(proposal()), ONE.key, on=False)
    said = wishes([pull(body=text)])
    assert said.vetoes == keys(ONE)
    after = chosen(ONE, TWO, said=said)
    assert after == Choice(made=(TWO,), vetoed=(ONE,))
    again = proposal(TWO, vetoed=(ONE,), vetoes=said.vetoes)
    assert wishes([pull(again)]).vetoes == keys(ONE)


def test_ticking_it_again_takes_the_veto_back() -> None:
    before = proposal(TWO, vetoed=(ONE,), vetoes=keys(ONE))
    text = tick(body(before), ONE.key, on=True)
    said = wishes([pull(body=text)])
    assert said.vetoes == frozenset()
    assert chosen(ONE, TWO, said=said).made == (ONE, TWO)


def test_a_tick_outweighs_an_older_pull_that_was_closed() -> None:
    before = proposal(TWO, vetoed=(ONE,), vetoes=keys(ONE))
    text = tick(body(before), ONE.key, on=True)
    closed = pull(proposal(ONE), number=3, open=False)
    assert wishes([pull(body=text), closed]).vetoes == frozenset()
    assert wishes([pull(proposal(ONE, TWO)), closed]).vetoes == frozenset()


def test_a_ticked_unsafe_change_is_added_and_stays() -> None:
    before = proposal(ONE, offered=(UNSAFE,))
    said = wishes([pull(body=tick(body(before), UNSAFE.key, on=True))])
    assert said.added >= keys(UNSAFE)
    assert chosen(ONE, UNSAFE, said=said).made == (ONE, UNSAFE)
    after = wishes([pull(proposal(ONE, UNSAFE))])
    assert chosen(ONE, UNSAFE, said=after).made == (ONE, UNSAFE)


def test_a_veto_is_for_one_file_and_not_for_equal_code_in_another() -> None:
    twin = change(1, "app/b.py")
    assert chosen(ONE, twin, said=Wishes(keys(ONE))).made == (twin,)


def test_a_veto_follows_a_renamed_file() -> None:
    moved = change(1, "app/b.py")
    was = change(1, "app/gone.py")
    assert chosen(moved, said=Wishes(keys(was))).vetoed == (moved,)


def test_limits_keep_what_is_on_the_pull_already() -> None:
    changes = [change(n, f"app/{n}.py") for n in range(1, 6)]
    said = Wishes(first=keys(changes[3]))
    choice = chosen(*changes, said=said, max_changes=2)
    assert choice.made == (changes[0], changes[3])
    assert choice.later == (changes[1], changes[2], changes[4])
    files = [change(n, f"app/{n // 2}.py") for n in range(4)]
    assert chosen(*files, max_files=1).made == (files[0], files[1])


def test_a_body_without_state_says_nothing() -> None:
    assert wishes([pull(body="- [ ] all mine")]) == Wishes()
