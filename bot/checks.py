"""What GitHub tells of a commit's checks: check runs and the older statuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from bot.annotations import MOST, Annotation, words
from bot.model import Checks

if TYPE_CHECKING:
    from github.Commit import Commit
    from github.Repository import Repository

State = Literal["running", "failed", "passed"]
OWN = "codemod"  # how our own check runs are called, which say nothing of the code
# https://docs.github.com/en/rest/checks/runs: of what is completed
CONCLUSIONS: dict[str, State] = {
    "action_required": "running",
    "cancelled": "failed",
    "failure": "failed",
    "neutral": "passed",
    "skipped": "passed",
    "stale": "running",
    "startup_failure": "failed",
    "success": "passed",
    "timed_out": "failed",
}
# https://docs.github.com/en/rest/commits/statuses
STATES: dict[str, State] = {
    "error": "failed",
    "failure": "failed",
    "pending": "running",
    "success": "passed",
}


def of(commit: Commit) -> Checks:
    found = list(named(commit))
    failing = {name for name, state in found if state == "failed"}
    if any(state == "running" for _, state in found):
        return Checks("running")
    if failing:
        return Checks("failed", tuple(sorted(failing)))
    return Checks("passed" if found else "none")


def named(commit: Commit) -> Iterator[tuple[str, State]]:
    """Each check by name, the last run of it."""
    from github import GithubException

    for part in (check_runs, statuses):
        try:
            yield from part(commit)
        except GithubException as error:
            if error.status != 403:  # an App need not be let see them
                raise


def check_runs(commit: Commit) -> Iterator[tuple[str, State]]:
    for run in commit.get_check_runs(filter="latest"):
        if run.name.split(" ")[0] == OWN:
            continue
        if run.status == "completed":
            yield run.name, CONCLUSIONS.get(run.conclusion, "running")
        else:
            yield run.name, "running"


def statuses(commit: Commit) -> Iterator[tuple[str, State]]:
    for status in commit.get_combined_status().statuses:
        yield status.context, STATES.get(status.state, "running")


def annotate(
    repository: Repository, commit: str, codemod: str, found: Sequence[Annotation]
) -> None:
    """A check run of ours with a note on each line, unless the commit has it."""
    name = f"{OWN} {codemod}"
    if repository.get_commit(commit).get_check_runs(check_name=name).totalCount:
        return
    title, summary = words(tuple(found))
    notes: list[dict[str, str | int]] = [
        {
            "path": each.path,
            "start_line": each.line,
            "end_line": each.line,
            "annotation_level": "warning",
            "title": each.title,
            "message": each.message,
        }
        for each in found[:MOST]
    ]
    repository.create_check_run(
        name,
        commit,
        status="completed",
        conclusion="neutral",
        output={"title": title, "summary": summary, "annotations": notes},
    )
