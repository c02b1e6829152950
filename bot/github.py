"""GitHub, by PyGithub: thin, without policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import checks, issues, signing, talk
from bot.actions import Notice
from bot.annotations import Annotation
from bot.errors import reported
from bot.model import Checks, Proposal, Pull
from bot.ports import Lasting, Lost, Said, Signing
from bot.render import TOUCHED
from bot.session import session

if TYPE_CHECKING:
    from github.PullRequest import PullRequest
    from github.Repository import Repository

API = "https://api.github.com"
# Of these GitHub tells a person's role. For an App's token, and a workflow's, it says
# that nothing is allowed: https://github.community/t/16125
OF_A_PERSON = ("ghp_", "gho_", "ghu_", "github_pat_")
NO_DRAFTS = "Draft pull requests are not supported"  # as in free private repositories


@dataclass(frozen=True, slots=True)
class GitHub:
    """The pull requests of one repository; see ports.Forge."""

    repository: Repository
    name: str
    clone_url: str

    def pulls(self, branches: Sequence[str]) -> tuple[Pull, ...]:
        return tuple(pull for branch in branches for pull in self.of(branch))

    @reported
    def of(self, branch: str) -> list[Pull]:
        """All of one branch, newest first. A fork's branch of that name is not ours."""
        owner = self.name.partition("/")[0]
        found = self.repository.get_pulls(
            state="all", head=f"{owner}:{branch}", sort="created", direction="desc"
        )
        return [
            pull_of(each)
            for each in found
            if each.head.ref == branch
            and each.head.repo is not None
            and each.head.repo.full_name.lower() == self.name.lower()
        ]

    @reported
    def pull(self, number: int) -> Pull:
        return pull_of(self.repository.get_pull(number))

    @reported
    def comments(self, pull: Pull) -> tuple[str, ...]:
        """What the author of a pull, the bot, said when its branch was taken over.

        Nobody else's comments count: anyone may write one with the box in it.
        """
        found = self.repository.get_issue(pull.number).get_comments()
        return tuple(
            comment.body
            for comment in found
            if TOUCHED in comment.body and comment.user.login == pull.author
        )

    @reported
    def open(self, proposal: Proposal, title: str, body: str) -> Pull:
        from github import GithubException

        try:
            made = self.repository.create_pull(
                base=proposal.base.branch,
                head=proposal.branch,
                title=title,
                body=body,
                draft=proposal.draft,
            )
        except GithubException as error:
            if error.status == 422 and proposal.draft and NO_DRAFTS in str(error.data):
                return self.open(replace(proposal, draft=False), title, body)
            there = [pull for pull in self.of(proposal.branch) if pull.open]
            if error.status != 422 or not there:
                raise
            return there[0]
        return pull_of(made)

    @reported
    def sign(self, work: Signing) -> str | None:
        return signing.signed(self.repository, work)

    @reported
    def annotate(self, commit: str, codemod: str, found: Sequence[Annotation]) -> None:
        checks.annotate(self.repository, commit, codemod, found)

    @reported
    def assign(self, pull: Pull, proposal: Proposal) -> None:
        from github.GithubObject import NotSet

        found = self.repository.get_pull(pull.number)
        if proposal.labels:
            # PyGithub sends a bare list, which GitHub's description does not know.
            self.repository.requester.requestJsonAndCheck(
                "POST", f"{found.issue_url}/labels", input={"labels": proposal.labels}
            )
        if proposal.assignees:
            found.add_to_assignees(*proposal.assignees)
        people = [name for name in proposal.reviewers if "/" not in name]
        teams = [n.partition("/")[2] for n in proposal.reviewers if "/" in n]
        if proposal.reviewers:
            found.create_review_request(people or NotSet, teams or NotSet)

    @reported
    def edit(self, pull: Pull, title: str, body: str, base: str) -> None:
        from github.GithubObject import NotSet

        other = base if base != pull.base else NotSet
        found = self.repository.get_pull(pull.number)
        found.edit(title=title, body=body, base=other)
        if pull.open and found.state != "open":  # what was seen of it is out of date
            raise Lost(f"pull request {pull.number} was closed meanwhile")

    @reported
    def close(self, pull: Pull, body: str) -> None:
        self.repository.get_pull(pull.number).edit(state="closed", body=body)

    @reported
    def comment(self, pull: Pull, text: str) -> None:
        self.repository.get_issue(pull.number).create_comment(text)

    @reported
    def withdraw(self, pull: Pull) -> None:
        for comment in self.repository.get_issue(pull.number).get_comments():
            if TOUCHED in comment.body and comment.user.login == pull.author:
                comment.delete()

    @reported
    def announce(self, pull: Pull) -> None:
        self.repository.get_pull(pull.number).mark_ready_for_review()

    @reported
    def checks(self, commit: str) -> Checks:
        return checks.of(self.repository.get_commit(commit))

    @reported
    def notices(self, pulls: int | None = None) -> tuple[Notice, ...]:
        if pulls is not None and self.repository.open_issues_count <= pulls:
            return ()
        return issues.about_config(self.repository)

    @reported
    def tell(self, title: str, body: str) -> int:
        return issues.opened(self.repository, title, body)

    @reported
    def said(self, comment: int) -> Said | None:
        return talk.said(self.repository, comment)

    @reported
    def may_write(self, login: str) -> bool:
        return talk.may_write(self.repository, login)

    @reported
    def thank(self, said: Said) -> None:
        talk.thank(self.repository, said)

    @reported
    def answered(self, pull: Pull, said: Said) -> bool:
        return talk.answered(self.repository, pull, said)

    @reported
    def amend(self, notice: Notice, body: str, closed: bool) -> None:
        state = "closed" if closed else "open"
        self.repository.get_issue(notice.number).edit(body=body, state=state)


@reported
def connected(name: str, token: str, api: str = API) -> GitHub:
    """A repository that can be written to, under the name it has now.

    Raises Trouble where it is archived, disabled or not ours to write to.
    """
    found = session(token, api).get_repo(name)
    if found.archived:
        raise Lasting("the repository is archived")
    role = found.permissions if token.startswith(OF_A_PERSON) else None
    if role is not None and not role.push:
        raise Lasting("the token may not push to the repository")
    return GitHub(found, found.full_name, found.clone_url)


def pull_of(pull: PullRequest) -> Pull:
    return Pull(
        number=pull.number,
        branch=pull.head.ref,
        base=pull.base.ref,
        head=pull.head.sha,
        title=pull.title,
        body=(pull.body or "").replace("\r\n", "\n"),
        open=pull.state == "open",
        merged=pull.merged_at is not None,
        draft=bool(pull.draft),
        created=int(pull.created_at.timestamp()),
        updated=int((pull.updated_at or pull.created_at).timestamp()),
        author=pull.user.login,
        merge=(pull.merge_commit_sha or "") if pull.merged_at is not None else "",
    )
