"""What deliveries ask for: GitHub's own examples, and what nobody should send."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.service.deliveries import (
    READERS,
    Forget,
    Job,
    Nothing,
    NotUnderstood,
    Visit,
    is_signed,
    read,
)

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
        Forget("acme/old", 7, "renamed"),
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


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(NotUnderstood):
        read("push", body, ME)


KEYS = (
    "action repository full_name installation id sender ref pull_request head repo "
    "changes repositories repositories_added check_suite login name"
).split()
DOCUMENTS = st.dictionaries(st.text(max_size=3), st.integers())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from(sorted(READERS)), DOCUMENTS, JSON)
def test_no_payload_breaks_it(event: str, one: Any, other: Any) -> None:
    payload = {**one, **(other if isinstance(other, dict) else {"action": other})}
    found = read(event, json.dumps(payload).encode(), ME)
    assert isinstance(found, Nothing | tuple)
