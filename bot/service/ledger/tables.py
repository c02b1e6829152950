"""The service's own tables, beside those of dbos. Times are seconds since 1970.

Everything here but the runs and the counts of old can be had again from GitHub.
"""

from __future__ import annotations

import sqlalchemy as sa

VERSION = 1  # of the tables
NAME = sa.String(201)  # OWNER/REPO in lower case
TABLES = sa.MetaData()

SCHEMA = sa.Table(
    "codemod_schema", TABLES, sa.Column("version", sa.Integer, primary_key=True)
)
REPOSITORIES = sa.Table(
    "codemod_repositories",
    TABLES,
    sa.Column("name", NAME, primary_key=True),
    sa.Column("shown", NAME, nullable=False),
    sa.Column("installation", sa.BigInteger, nullable=False, index=True),
    # When a look at it began last; 0 where none did.
    sa.Column("begun", sa.Float, nullable=False, default=0.0),
    # What that look, if it came so far, was at.
    sa.Column("base", sa.Text, nullable=False, default=""),
    sa.Column("commit", sa.String(64), nullable=False, default=""),
    # When the last of its runs that was kept began, and how it ended: RUNS.outcome.
    sa.Column("ran", sa.Float, nullable=False, default=0.0),
    sa.Column("outcome", sa.String(20), nullable=False, default=""),
    # What there is: findings to fix and left alone (of COUNTS), open pull requests.
    sa.Column("fixes", sa.Integer, nullable=False, default=0),
    sa.Column("alone", sa.Integer, nullable=False, default=0),
    sa.Column("pulls", sa.Integer, nullable=False, default=0),
)
# When it was asked for that a repository be forgotten: what was asked for before counts
# no more.
FORGOTTEN = sa.Table(
    "codemod_forgotten",
    TABLES,
    sa.Column("repository", NAME, primary_key=True),
    sa.Column("at", sa.Float, nullable=False, index=True),
)
# One row: how often counts of the past went or were given another name. Who keeps sums
# of them (see pages.past) adds them up again then.
PAST = sa.Table(
    "codemod_past",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("changes", sa.Integer, nullable=False),
)
RUNS = sa.Table(
    "codemod_runs",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("job", sa.String(100), nullable=False, unique=True),
    sa.Column("repository", NAME, nullable=False, index=True),
    sa.Column("why", sa.Text, nullable=False),
    # "done", "covered" (looked at since), "passing" or "final" (it went wrong)
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("log", sa.JSON, nullable=False),  # [[seconds, text], ...]
    sa.Column("version", sa.String(40), nullable=False),
    sa.Column("began", sa.Float, nullable=False, index=True),
    sa.Column("seconds", sa.Float, nullable=False),
    # How many pull requests it opened, updated and closed.
    sa.Column("opened", sa.Integer, nullable=False),
    sa.Column("updated", sa.Integer, nullable=False),
    sa.Column("closed", sa.Integer, nullable=False),
)
FINDINGS = sa.Table(
    "codemod_findings",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("repository", NAME, nullable=False),
    sa.Column("codemod", sa.String(100), nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("key", sa.String(40), nullable=False),  # Change.key
    sa.Column("tier", sa.String(10), nullable=False),  # model.Tier
    sa.Column("state", sa.String(10), nullable=False),  # report.State
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text),
    sa.Column("caveat", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("receipt", sa.Text),
    sa.Column("unseen", sa.Text),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Index("codemod_findings_by", "repository", "codemod"),
)
PULLS = sa.Table(
    "codemod_pulls",
    TABLES,
    sa.Column("repository", NAME, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("branch", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),  # open, draft, merged, closed
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("updated", sa.Float, nullable=False),
)
# How many findings there were from `at` to `until`, which is empty for the row that
# still holds.
COUNTS = sa.Table(
    "codemod_counts",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("repository", NAME, nullable=False),
    sa.Column("codemod", sa.String(100), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("until", sa.Float),
    sa.Column("safe", sa.Integer, nullable=False),
    sa.Column("unsafe", sa.Integer, nullable=False),
    sa.Column("declined", sa.Integer, nullable=False),
    # The day (UTC, since 1970) of `at`, and how many more there were than before: safe
    # or unsafe, and declined.
    sa.Column("day", sa.Integer, nullable=False),
    sa.Column("more", sa.Integer, nullable=False),
    sa.Column("more_alone", sa.Integer, nullable=False),
    sa.Index("codemod_counts_by", "repository", "codemod", "at"),
    # A trend over ten thousand repositories is read from these alone.
    sa.Index(
        "codemod_counts_now",
        *("until", "codemod", "repository", "safe", "unsafe", "declined"),
    ),
    sa.Index(
        "codemod_counts_day", "codemod", "day", "repository", "more", "more_alone"
    ),
)
# The nightly sweep: a repository's last turn, and what was known when it came.
TURNS = sa.Table(
    "codemod_turns",
    TABLES,
    sa.Column("repository", NAME, primary_key=True),
    # When the night of that turn began.
    sa.Column("night", sa.Float, nullable=False),
    # "queued", "nothing new", "archived" or "unknown" (to GitHub)
    sa.Column("outcome", sa.String(20), nullable=False),
    # The job that was put, and the digest of the snapshot that it was put for.
    sa.Column("job", sa.String(100), nullable=False),
    sa.Column("seen", sa.String(64), nullable=False),
    # The branch that snapshots ask about; the digest that found all settled, or "".
    sa.Column("base", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
)
INSTALLATIONS = sa.Table(
    "codemod_installations",
    TABLES,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("account", sa.Text, nullable=False),
    # The night for which its repositories were listed last.
    sa.Column("listed", sa.Float, nullable=False),
)
# One row: since when there are nights, the last one for which installations were
# listed, and until when a process is at work on turns.
SWEEP = sa.Table(
    "codemod_sweep",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("since", sa.Float, nullable=False),
    sa.Column("listed", sa.Float, nullable=False),
    sa.Column("busy", sa.Float, nullable=False),
)
OF_A_REPOSITORY = (RUNS, FINDINGS, PULLS, COUNTS, TURNS)
