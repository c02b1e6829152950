"""What deliveries ask for: GitHub's own examples, and what nobody should send."""

from __future__ import annotations

import hashlib
import hmac
import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.service.deliveries import (
    READERS,
    Forget,
    Job,
    Nothing,
    NotUnderstood,
    Obey,
    Rename,
    Visit,
    is_signed,
    read,
)
from bot.service.payloads import NAME
from tests.bot.npm import webhooks

ME = "codemod[bot]"
HOME = {"full_name": "acme/data", "default_branch": "main"}
BASE: dict[str, Any] = {
    "repository": HOME,
    "installation": {"id": 7},
    "sender": {"login": "ada"},
}


def asked(event: str, **more: Any) -> tuple[Job, ...] | Nothing:
    return read(event, json.dumps({**BASE, **more}).encode(), ME)


def pull(branch: str = "codemod/iterrows", home: str = "acme/data") -> dict[str, Any]:
    return {"head": {"ref": branch, "repo": {"full_name": home}}}


@pytest.mark.parametrize(
    ("event", "more", "why"),
    [
        ("push", {"ref": "refs/heads/main"}, "push to main"),
        ("pull_request", {"action": "closed", "pull_request": pull()}, "closed"),
        ("pull_request", {"action": "edited", "pull_request": pull()}, "edited"),
        (
            "check_suite",
            {"action": "completed", "check_suite": {"head_branch": "codemod/x"}},
            "checks completed",
        ),
        ("repository", {"action": "unarchived"}, "repository unarchived"),
        (
            "repository",
            {"action": "edited", "changes": {"default_branch": {"from": "x"}}},
            "default branch changed",
        ),
    ],
)
def test_a_reason_to_look(event: str, more: dict[str, Any], why: str) -> None:
    (job,) = asked(event, **more)  # type: ignore[misc]
    assert isinstance(job, Visit)
    assert (job.repository, job.installation) == ("acme/data", 7)
    assert why in job.why


@pytest.mark.parametrize(
    ("event", "more"),
    [
        ("ping", {}),
        ("star", {"action": "created"}),
        ("push", {"ref": "refs/heads/other"}),
        ("push", {"ref": "refs/heads/main", "deleted": True}),
        ("push", {"ref": "refs/heads/main", "sender": {"login": ME}}),
        ("pull_request", {"action": "labeled", "pull_request": pull()}),
        ("pull_request", {"action": "closed", "pull_request": pull("feature")}),
        # A fork's branch of the same name is nobody's of ours.
        ("pull_request", {"action": "closed", "pull_request": pull(home="eve/data")}),
        ("check_suite", {"action": "requested"}),
        ("check_suite", {"action": "completed", "check_suite": {"head_branch": None}}),
        ("repository", {"action": "publicized"}),
        ("push", {"ref": "refs/heads/main", "repository": {"full_name": "../../etc"}}),
    ],
)
def test_no_reason_to_look(event: str, more: dict[str, Any]) -> None:
    assert isinstance(asked(event, **more), Nothing)


def comment(text: str = "/codemod rebase", **more: Any) -> dict[str, Any]:
    """The payload of a comment in a pull request."""
    issue = {"number": 7, "pull_request": {"url": "https://x"}}
    return {
        "action": "created",
        "issue": issue,
        "comment": {"id": 123, "body": text, "user": {"type": "User"}},
        **more,
    }


def test_a_comment_that_may_be_a_command() -> None:
    job = Obey("acme/data", 7, "comment in #7", 7, 123)
    assert asked("issue_comment", **comment()) == (job,)
    # Who may write is for GitHub to say: this tells nothing of private members.
    given = comment()
    given["comment"]["author_association"] = "NONE"
    assert asked("issue_comment", **given) == (job,)


@pytest.mark.parametrize(
    "more",
    [
        comment("What does /codemod do?"),
        comment("Thanks!"),
        comment(action="edited"),
        comment(action="deleted"),
        comment(issue={"number": 7}),
        comment(issue={"number": -7, "pull_request": {}}),
        comment(issue={"number": 1 << 63, "pull_request": {}}),
        comment(sender={"login": ME, "type": "Bot"}),
        comment(sender={"login": "other[bot]", "type": "Bot"}),
        comment(comment={"id": 1, "body": "/codemod rebase", "user": {"type": "Bot"}}),
        comment(comment={"id": "1", "body": "/codemod rebase", "user": {}}),
    ],
)
def test_a_comment_that_is_none(more: dict[str, Any]) -> None:
    assert isinstance(asked("issue_comment", **more), Nothing)


def test_checks_of_others_count_though_we_pushed() -> None:
    suite: dict[str, Any] = {"head_branch": "codemod/x", "app": {"slug": "actions"}}
    done = {"action": "completed", "check_suite": suite, "sender": {"login": ME}}
    assert asked("check_suite", **done) == (Visit("acme/data", 7, "checks completed"),)
    suite["app"] = {"slug": "codemod"}
    assert asked("check_suite", **done) == Nothing("our own doing")


def test_a_transferred_repository_had_another_name() -> None:
    for kind in ("user", "organization"):
        changes = {"owner": {"from": {kind: {"login": "ada"}}}}
        assert asked("repository", action="transferred", changes=changes) == (
            Forget("ada/data", 7, "transferred"),
            Visit("acme/data", 7, "repository transferred"),
        )
    assert asked("repository", action="archived") == (
        Forget("acme/data", 7, "repository archived"),
    )


def test_an_installation_with_very_many_repositories() -> None:
    many = [{"full_name": f"acme/r{number}"} for number in range(20_000)]
    jobs = asked("installation", action="created", repositories=many)
    assert len(jobs) == 20_000  # type: ignore[arg-type]
    assert isinstance(asked("installation", action="suspend"), Nothing)


def test_repositories_come_and_go() -> None:
    two = [{"full_name": "acme/a"}, {"full_name": "acme/b"}, {"full_name": "acme/a"}]
    assert asked("installation", action="created", repositories=two) == (
        Visit("acme/a", 7, "installed"),
        Visit("acme/b", 7, "installed"),
    )
    assert asked("installation", action="deleted", repositories=two[:1]) == (
        Forget("acme/a", 7, "uninstalled"),
    )
    assert asked(
        "installation_repositories",
        repositories_added=two[:1],
        repositories_removed=two[1:2],
    ) == (Visit("acme/a", 7, "added"), Forget("acme/b", 7, "removed"))
    assert asked(
        "repository",
        action="renamed",
        changes={"repository": {"name": {"from": "old"}}},
    ) == (
        Rename("acme/data", 7, "renamed", "acme/old"),
        Visit("acme/data", 7, "repository renamed"),
    )


def signature(body: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_a_signature_is_of_one_secret_and_just_these_bytes() -> None:
    body = b'{"a": 1}'
    good = signature(body, "new")
    assert is_signed(body, good, ["old", "new"])
    assert not is_signed(body + b" ", good, ["old", "new"])
    assert not is_signed(body, good, ["old"])
    assert not is_signed(body, good, [])
    assert not is_signed(body, "", ["new"])
    assert not is_signed(body, good.replace("sha256", "sha1"), ["new"])
    assert not is_signed(body, "sha256=\u00e9", ["new"])


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"[]", b"1", b"{", b"\xff", b"[" * 100_000),
        b'{"a": [' + b"[]," * 600_000 + b"1]}",
    ],
    ids=lambda body: repr(body[:9]),
)
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(NotUnderstood):
        read("push", body, ME)


HOSTILE: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(None, True, -1, 0, 1.5, 1 << 63, 1 << 64, float("nan"), "", [], {}, [[{}]]),
        *(
            "\0",
            "acme/\0",
            "\ud800",
            "codemod/\udfff",
            "../..",
            "a/..",
            "-x/y",
            "a/b/c",
        ),
        *("codemod/" + "x" * 300, "x" * 5_000, "/codemod \ud800", "acme/data\n"),
    ]
)
JSON = st.recursive(
    HOSTILE | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
# All that is ever asked for, so that a hostile value gets to where it is used.
WHOLE: dict[str, Any] = {
    **comment(),
    **BASE,
    "ref": "refs/heads/main",
    "pull_request": pull(),
    "check_suite": {"head_branch": "codemod/x", "app": {"slug": "actions"}},
    "repositories": [HOME],
    "repositories_added": [HOME],
    "repositories_removed": [HOME],
    "changes": {
        "default_branch": {"from": "x"},
        "repository": {"name": {"from": "old"}},
        "owner": {"from": {"user": {"login": "ada"}}},
    },
}
ACTIONS = st.sampled_from(
    "created deleted suspend unsuspend edited closed completed renamed archived".split()
)


def places(document: Any, above: tuple[str | int, ...] = ()) -> list[Any]:
    """The path of everything in a document."""
    keys: list[Any] = []
    if isinstance(document, dict | list):
        keys = list(document) if isinstance(document, dict) else [*range(len(document))]
    inner = [each for key in keys for each in places(document[key], (*above, key))]
    return [above, *inner] if above else inner


def spoilt(path: tuple[Any, ...], value: object, action: str) -> dict[str, Any]:
    """The whole payload with one thing in it another."""
    made = json.loads(json.dumps({**WHOLE, "action": action}))
    found = made
    for key in path[:-1]:
        found = found[key]
    found[path[-1]] = value
    return dict(made)


def is_sound(found: tuple[Job, ...] | Nothing) -> bool:
    """Whether databases, commands and answers can do with it."""
    if isinstance(found, Nothing):
        return len(found.why.encode()) < 500
    return bool(found) and all(map(is_sound_job, found))


def is_sound_job(job: Job) -> bool:
    numbers = [job.installation + 1]
    numbers += [job.pull, job.comment] if isinstance(job, Obey) else []
    owner, _, name = job.repository.partition("/")
    return (
        NAME.fullmatch(job.repository) is not None
        and (not isinstance(job, Rename) or NAME.fullmatch(job.before) is not None)
        and owner[0] not in ".-"
        and name.strip(".") != ""
        and all(0 < number <= 1 << 63 for number in numbers)
        and len(job.why.encode()) < 500
        and "\0" not in job.why
    )


@settings(max_examples=300)
@given(st.sampled_from(sorted(READERS)), st.sampled_from(places(WHOLE)), JSON, ACTIONS)
def test_no_payload_breaks_it(
    event: str, path: tuple[Any, ...], value: Any, action: str
) -> None:
    body = json.dumps(spoilt(path, value, action)).encode()
    assert is_sound(read(event, body, ME))


@given(st.sampled_from([*READERS, "star", "\u00e9" * 300]), JSON, st.binary())
def test_no_body_breaks_it(event: str, document: Any, data: bytes) -> None:
    for body in (json.dumps(document).encode(), data):
        with suppress(NotUnderstood):
            assert is_sound(read(event, body, ME))


@pytest.mark.parametrize(
    "body",
    [
        b'{"action": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"installation": {"id": ' + b"9" * 5_000 + b"}}",
        b'{"a": "\\ud800", "ref": "\xed\xa0\x80"}',
        '{"ref": "\u00e9"}'.encode("utf-16"),
    ],
    ids=["deep", "a huge number", "surrogates", "another encoding"],
)
def test_what_json_hardly_bears(body: bytes) -> None:
    for event in READERS:
        with suppress(NotUnderstood):
            assert is_sound(read(event, body, ME))


# What GitHub's own examples ask for. All others ask for nothing.
EXAMPLES: dict[str, list[Job]] = {
    "installation": [
        *[Forget("octocat/Hello-World", 0, "uninstalled")] * 2,
        *[Visit("Codertocat/Hello-World", 0, "installed")] * 3,
    ],
    "installation_repositories": [
        *[Visit("Codertocat/Space", 0, "added")] * 2,
        Forget("octocat/Hello-World", 0, "removed"),
    ],
    "push": [Visit("Codertocat/Hello-World", 0, "push to master")] * 2,
    "repository": [
        Visit("Octocoders/Hello-World", 0, "default branch changed"),
        Visit("Octocoders/Hello-World", 0, "repository renamed"),
        *[Forget("octocat/Hello-World", 0, "transferred")] * 3,
        *[Visit("Octocoders/Hello-World", 0, "repository transferred")] * 3,
    ],
}


def test_githubs_own_examples(request: pytest.FixtureRequest) -> None:
    examples = webhooks(request.config.cache.mkdir("npm"))
    assert len(examples) == 329
    found: dict[str, list[Job]] = {}
    for event, body in examples:
        jobs = read(event, body, ME)
        assert is_sound(jobs)
        if not isinstance(jobs, Nothing):
            found.setdefault(event, []).extend(jobs)
    assert {
        event: sorted((replace(job, installation=0) for job in jobs), key=repr)
        for event, jobs in found.items()
    } == {event: sorted(jobs, key=repr) for event, jobs in EXAMPLES.items()}
