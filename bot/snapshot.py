"""What decides whether a repository has to be worked on, in one request of GraphQL."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bot.errors import reported
from bot.parts import PREFIX
from bot.ports import Lasting
from bot.session import session

# Whatever people do to a pull request of ours changes its time or its branch.
QUERY = """
query($owner: String!, $name: String!, $base: String!, $ours: String!) {
  repository(owner: $owner, name: $name) {
    isArchived
    isDisabled
    defaultBranchRef { name target { oid } }
    base: ref(qualifiedName: $base) { target { oid } }
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
}
"""


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
    _, answer = session(token, api).requester.graphql_query(QUERY, given)
    found: dict[str, Any] | None = answer["data"]["repository"]
    if found is None:
        raise Lasting("GitHub does not know it, or the token may not see it")
    tip = found["defaultBranchRef"]
    return Snapshot(
        text=json.dumps(found, sort_keys=True),
        default=tip["target"]["oid"] if tip else "",
        archived=found["isArchived"] or found["isDisabled"],
    )
