"""The search for what makes checks fail: few pushes, and nothing kept untried."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.bisect import FAILED, PASSED, PUSHES, Step, step
from bot.choice import choose, wishes
from bot.model import Settings
from tests.bot.build import ONE as ONE_CHANGE
from tests.bot.build import TWO as TWO_CHANGE
from tests.bot.build import proposal, pull
from tests.bot.remote import git
from tests.bot.test_parts import asks
from tests.bot.test_run import NAME, ONE, THREE, TWO
from tests.bot.world import World


def key(number: int, file: int) -> str:
    return f"{number:016x}.{file:08x}"


KEYS = st.lists(
    st.builds(key, st.integers(0, 99), st.integers(0, 12)),
    min_size=1,
    max_size=40,
    unique=True,
)


def searched(keys: list[str], guilty: set[str]) -> tuple[Step, list[frozenset[str]]]:
    """The search against checks that fail where anything guilty is; what passed."""
    outcomes, pushed = FAILED, [frozenset(keys)]
    passed: list[frozenset[str]] = []
    for _ in range(99):
        now = step(keys, outcomes)
        if now.keys != pushed[-1]:
            pushed.append(now.keys)
        if now.done:
            assert len(pushed) - 1 <= PUSHES
            return now, passed
        fails = bool(now.keys & guilty)
        passed += [] if fails else [now.keys]
        outcomes += FAILED if fails else PASSED
    raise AssertionError("it does not end")


@given(KEYS.filter(lambda keys: len(keys) <= 4), st.data())
def test_of_few_what_is_kept_passed_and_the_guilty_are_gone(
    keys: list[str], data: st.DataObject
) -> None:
    guilty = set(data.draw(st.lists(st.sampled_from(keys), min_size=1, unique=True)))
    end, passed = searched(keys, guilty)
    if end.blamed:
        assert end.keys in passed
        assert guilty <= end.blamed
        assert end.keys == set(keys) - end.blamed
    else:
        assert end.keys == set(keys)


@given(st.integers(2, 16), st.data())
def test_the_one_of_so_many_files_is_found_alone(
    files: int, data: st.DataObject
) -> None:
    keys = [key(number, number) for number in range(files)]
    guilty = data.draw(st.sampled_from(keys))
    end, _ = searched(keys, {guilty})
    assert end == Step(frozenset(keys) - {guilty}, True, frozenset({guilty}))


@given(KEYS.filter(lambda keys: len(keys) > 1), st.data())
def test_one_that_is_guilty_is_gone_with_few_others(
    keys: list[str], data: st.DataObject
) -> None:
    guilty = data.draw(st.sampled_from(keys))
    end, _ = searched(keys, {guilty})
    assert guilty in end.blamed
    assert guilty not in end.keys
    assert len({each.partition(".")[2] for each in end.blamed}) == 1


def test_of_the_files_one_and_of_it_the_one_change() -> None:
    keys = [key(number, number // 3) for number in range(6)]
    end, _ = searched(keys, {keys[4]})
    assert end.blamed == {keys[4]}


def test_two_that_are_guilty_in_two_files() -> None:
    keys = [key(number, number) for number in range(4)]
    end, _ = searched(keys, {keys[0], keys[3]})
    assert end.blamed >= {keys[0], keys[3]} or not end.blamed


def test_where_everything_fails_all_is_there_again() -> None:
    keys = [key(number, number) for number in range(8)]
    end, passed = searched(keys, set(keys))
    assert passed == []
    assert end == Step(frozenset(keys), done=True)


@given(KEYS, st.text(alphabet="PF", max_size=9))
def test_it_never_fails_whatever_checks_say(keys: list[str], outcomes: str) -> None:
    assert step(keys, FAILED + outcomes).keys <= set(keys)


def verdicts(world: World, guilty: str) -> None:
    """What a continuous integration says of each branch: nothing with the guilty."""
    head = world.work.tips()[NAME]
    changed = git(world.work.bare, "diff", "--name-only", "main", NAME).split()
    world.hub.statuses[head] = "failure" if guilty in changed else "success"


def test_what_checks_fail_with_is_found_run_by_run(world: World) -> None:
    world.work.write(app__one_py=ONE, app__two_py=TWO, app__three_py=THREE)
    asks(world.work, "bisect = true")
    world.hub.statuses[world.work.tips()["main"]] = "success"
    assert "opened" in world.run()[0]
    heads = [world.work.tips()[NAME]]
    for _ in range(2 * PUSHES):
        verdicts(world, "app/two.py")
        told = world.run()[0]
        if world.work.tips()[NAME] != heads[-1]:
            heads.append(world.work.tips()[NAME])
        if "is ready" in told:
            break
    assert len(heads) - 1 <= PUSHES
    found = world.pull()
    assert not found["draft"]
    changed = git(world.work.bare, "diff", "--name-only", "main", NAME).split()
    assert changed == ["app/one.py", "app/three.py"]
    assert "- checks fail with it: ci/jenkins: `app/two.py:7`" in found["body"]
    assert found["title"].endswith("(2 places, 2 files)")
    del world.hub.requests[:]
    assert "up to date" in world.run()[0]
    assert world.hub.writes == []


def test_it_is_not_searched_unless_asked(world: World) -> None:
    world.hub.statuses[world.work.tips()["main"]] = "success"
    world.run()
    head = world.work.tips()[NAME]
    verdicts(world, "app/two.py")
    world.run()
    assert world.work.tips()[NAME] == head
    assert "as checks fail" in world.pull()["body"]


def test_what_was_blamed_is_not_proposed_after_the_merge() -> None:
    key = ONE_CHANGE.key
    merged = pull(
        proposal(TWO_CHANGE, blamed=(key,), because="ci/test"), open=False, merged=True
    )
    said = wishes([merged])
    choice = choose("iterrows", [ONE_CHANGE], said, Settings(), ["app/a.py"])
    assert choice.made == ()
    assert choice.declined[0].reason == "checks fail with it: ci/test"
