"""What decides whether a repository has to be worked on, in one request of GraphQL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bot.errors import RATE_LIMIT, reported, told
from bot.parts import PREFIX
from bot.ports import Lasting, Trouble
from bot.session import session

# Whatever people do to a pull request of ours changes its time or its branch.
QUERY = """
query($owner: String!, $name: String!, $base: String!, $ours: String!) {
  repository(owner: $owner, name: $name) {
    ...seen
    base: ref(qualifiedName: $base) { target { oid } }
  }
}
"""
FRAGMENT = """
fragment seen on Repository {
  isArchived
  isDisabled
  defaultBranchRef { name target { oid } }
  refs(refPrefix: $ours, first: 100) {
    nodes {
      name
      target { oid }
      associatedPullRequests(
        first: 5, orderBy: {field: UPDATED_AT, direction: DESC}
      ) { nodes { number state isDraft updatedAt } }
    }
  }
}
"""
AT_ONCE = 50  # repositories in one request


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`text` is the same as long as nothing happened that concerns the bot.

    `default` is the tip of the default branch, "" where there is none.
    """

    text: str
    default: str
    archived: bool

    def digest(self, *more: str) -> str:
        return sha256("\0".join((self.text, *more)).encode()).hexdigest()


@reported
def taken(name: str, token: str, api: str, base: str) -> Snapshot:
    """What GitHub says of a repository now; `base` is the branch that it asked for.

    Raises Trouble.
    """
    owner, _, short = name.partition("/")
    given = {
        "owner": owner,
        "name": short,
        "base": f"refs/heads/{base}",
        "ours": f"refs/heads/{PREFIX}",
    }
    asked = session(token, api).requester.graphql_query
    _, answer = asked(QUERY + FRAGMENT, given)
    found: dict[str, Any] | None = answer["data"]["repository"]
    if found is None:
        raise Lasting("GitHub does not know it, or the token may not see it")
    return snapshot(found)


@reported
def taken_together(
    bases: Mapping[str, str], token: str, api: str
) -> dict[str, Snapshot | None]:
    """The same of up to AT_ONCE repositories, each with its base, in one request.

    None for one that GitHub does not know. Raises Trouble.
    """
    given = {"ours": f"refs/heads/{PREFIX}"}
    for at, (name, base) in enumerate(bases.items()):
        owner, _, short = name.partition("/")
        given |= {f"o{at}": owner, f"n{at}": short, f"b{at}": f"refs/heads/{base}"}
    # Not by graphql_query, for which one that is gone is the end of all.
    asked = session(token, api).requester
    _, answer = asked.requestJsonAndCheck(
        "POST",
        asked.graphql_url,
        input={"query": together(len(bases)), "variables": given},
    )
    for error in answer.get("errors") or ():
        if error.get("type") == "RATE_LIMITED":
            raise Trouble(RATE_LIMIT)
        # What is left of an answer after any other error may be half of it.
        if error.get("type") != "NOT_FOUND" or len(error.get("path") or ()) != 1:
            raise Trouble(told(200, answer))
    found = {name: answer["data"][f"r{at}"] for at, name in enumerate(bases)}
    return {name: each and snapshot(each) for name, each in found.items()}


def together(count: int) -> str:
    """The query for so many repositories."""
    at = range(count)
    variables = [f"$o{n}: String!, $n{n}: String!, $b{n}: String!" for n in at]
    each = [
        f"  r{n}: repository(owner: $o{n}, name: $n{n}) {{"
        f" ...seen base: ref(qualifiedName: $b{n}) {{ target {{ oid }} }} }}"
        for n in at
    ]
    head = f"query($ours: String!, {', '.join(variables)}) {{"
    return "\n".join((head, *each, "}", FRAGMENT))


def snapshot(found: dict[str, Any]) -> Snapshot:
    tip = found["defaultBranchRef"]
    return Snapshot(
        text=json.dumps(found, sort_keys=True),
        default=tip["target"]["oid"] if tip else "",
        archived=found["isArchived"] or found["isDisabled"],
    )
