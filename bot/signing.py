"""Commits that GitHub makes itself, and signs: by GraphQL, in three steps.

The commit is made on a branch of its own, so that the pull request's goes from what it
was to what it should be at once, and only where nobody else moved it.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from bot.ports import Lost, Signing, Trouble

if TYPE_CHECKING:
    from github.Repository import Repository

NOWHERE = "0" * 40  # where a branch is that does not exist
ASIDE = "codemod-next/"


def signed(repository: Repository, work: Signing) -> str:
    """Have the commit made and the branch set to it; the commit.

    Raises Lost where the branch has moved, Trouble where GitHub's tree is not ours.
    """
    proposal = work.proposal
    aside = f"refs/heads/{ASIDE}{proposal.branch.rpartition('/')[2]}"
    base = proposal.base.commit
    moved(repository, {"name": aside, "afterOid": base, "force": True})
    made = committed(repository, work, aside.removeprefix("refs/heads/"))
    gone = {"name": aside, "afterOid": NOWHERE, "force": True}
    if made["tree"]["oid"] != work.tree:
        moved(repository, gone)
        raise Trouble(f"GitHub made other files of {proposal.branch} than we did")
    there = {
        "name": f"refs/heads/{proposal.branch}",
        "beforeOid": work.lease or NOWHERE,
        "afterOid": made["oid"],
        "force": True,
    }
    moved(repository, there, gone)
    return str(made["oid"])


def committed(repository: Repository, work: Signing, branch: str) -> dict[str, Any]:
    headline, _, body = work.message.partition("\n\n")
    additions = [
        {"path": file.path, "contents": base64.b64encode(file.data).decode()}
        for file in work.files
    ]
    given = {
        "branch": {
            "repositoryNameWithOwner": repository.full_name,
            "branchName": branch,
        },
        "message": {"headline": headline, "body": body},
        "expectedHeadOid": work.proposal.base.commit,
        "fileChanges": {"additions": additions},
    }
    wanted = "commit { oid tree { oid } }"
    _, answer = repository.requester.graphql_named_mutation(
        "createCommitOnBranch", given, wanted
    )
    found: dict[str, Any] = answer["commit"]
    return found


def moved(repository: Repository, *updates: dict[str, object]) -> None:
    """All of it or nothing. Raises Lost where a branch is not where it was."""
    from github import GithubException

    given = {"repositoryId": repository.node_id, "refUpdates": list(updates)}
    try:
        repository.requester.graphql_named_mutation(
            "updateRefs", given, "clientMutationId"
        )
    except GithubException as error:
        # An answer of 200 with errors, which PyGithub makes a 400.
        if error.status == 400 and any("beforeOid" in each for each in updates):
            raise Lost("someone else pushed meanwhile") from None
        raise
