"""Pages for people: what was found, what became of it, what the service is at.

Server-rendered, without JavaScript; see docs/pages.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from bot.report import STATES
from bot.service.ledger import Ledger
from bot.service.ledger.records import clean
from bot.service.ledger.tables import FINDINGS
from bot.service.pages import asked, charts, repositories, repository
from bot.service.pages.addresses import GitHub
from bot.service.pages.counts import Series, Window
from bot.service.pages.gate import posting, reading, said
from bot.service.pages.layout import page
from bot.service.pages.past import Past
from bot.service.pages.repository import NotThere
from bot.service.pages.seen import seen
from bot.service.viewers import Viewer, Who

if TYPE_CHECKING:
    from bot.service.listing import Listed, State

DAYS = {"30": 30, "90": 90, "365": 365}  # windows of a repository's charts
TIERS = ("safe", "unsafe", "declined")
JOBS_SHOWN = 100


class Queue(Protocol):
    """Jobs to be looked at: see bot.service.listing, which is one."""

    def counts(self) -> dict[State, int]: ...

    def listed(
        self, state: State | None = None, limit: int = 100
    ) -> Sequence[Listed]: ...

    def retry(self, job: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Drawn:
    """A codemod's chart with the series it shows."""

    codemod: str
    series: Series
    chart: charts.Chart


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages; each is a function of who asks and for what."""

    ledger: Ledger
    github: GitHub
    queue: Queue
    clock: Callable[[], float]
    past: Past = field(default_factory=Past)

    def all(self, request: Request, viewer: Viewer) -> Response:
        listing = asked.listing(request.query_params)
        now = self.clock()
        window, theirs = Window(now, 90), seen(viewer, self.ledger.engine)
        overview = repositories.overview(self.ledger, theirs, window, self.past)
        entries, pages = repositories.entries(self.ledger, theirs, listing, window)
        return page(
            "repositories.html",
            viewer,
            now=now,
            listing=listing,
            overview=overview,
            drawn=drawn(overview.codemods, window),
            entries=entries,
            pages=pages,
        )

    def one(self, request: Request, viewer: Viewer) -> Response:
        row = self.named(request, viewer)
        days = DAYS.get(request.query_params.get("days", ""), 90)
        now = self.clock()
        window = Window(now, days)
        pulls, all_pulls = repository.pulls_of(self.ledger, row.name)
        runs, _ = repository.runs_of(self.ledger, row.name, 1, 5)
        return page(
            "repository.html",
            viewer,
            now=now,
            row=row,
            github=self.github,
            days=days,
            drawn=drawn(repository.series_of(self.ledger, row.name, window), window),
            states=repository.states_of(self.ledger, row.name),
            pulls=pulls,
            all_pulls=all_pulls,
            runs=runs,
        )

    def findings(self, request: Request, viewer: Viewer) -> Response:
        row, query = self.named(request, viewer), request.query_params
        codemod = clean(request.path_params["codemod"])
        known = repository.states_of(self.ledger, row.name, codemod).get(codemod, {})
        given = {
            "state": asked.one_of(STATES, query.get("state", "")),
            "tier": asked.one_of(TIERS, query.get("tier", "")),
            "path": clean(query.get("path", "")),
        }
        wanted = {name: value for name, value in given.items() if value}
        where = {FINDINGS.c.codemod.name: codemod, **wanted}
        sites, pages = repository.findings_of(
            self.ledger, row.name, where, asked.page(query)
        )
        return page(
            "findings.html",
            viewer,
            row=row,
            github=self.github,
            codemod=codemod,
            known=known,
            given=given,
            wanted=wanted,
            sites=sites,
            pages=pages,
        )

    def finding(self, request: Request, viewer: Viewer) -> Response:
        row, given = self.named(request, viewer), request.path_params
        site = repository.finding_of(
            self.ledger, row.name, given["codemod"], given["key"]
        )
        return page("finding.html", viewer, row=row, github=self.github, site=site)

    def runs(self, request: Request, viewer: Viewer) -> Response:
        row = self.named(request, viewer)
        wanted = asked.page(request.query_params)
        runs, pages = repository.runs_of(self.ledger, row.name, wanted)
        return page(
            "runs.html", viewer, now=self.clock(), row=row, runs=runs, pages=pages
        )

    def run(self, request: Request, viewer: Viewer) -> Response:
        row = self.named(request, viewer)
        run = repository.run_of(self.ledger, row.name, request.path_params["run"])
        return page("run.html", viewer, now=self.clock(), row=row, run=run)

    def jobs(self, request: Request, viewer: Viewer) -> Response:
        if not viewer.admin:
            raise NotThere
        counts = self.queue.counts()
        state = next(
            (each for each in counts if each == request.query_params.get("state")), None
        )
        return page(
            "jobs.html",
            viewer,
            now=self.clock(),
            state=state,
            counts=counts,
            jobs=self.queue.listed(state, JOBS_SHOWN),
            most=JOBS_SHOWN,
        )

    def retry(self, request: Request, viewer: Viewer) -> Response:
        from bot.service.listing import NotFailed

        if not viewer.admin:
            raise NotThere
        try:
            self.queue.retry(request.path_params["job"])
        except NotFailed as error:
            return said(409, viewer, "Not tried again", f"{error}.".capitalize())
        return RedirectResponse("/jobs", 303)

    def named(self, request: Request, viewer: Viewer) -> repository.Row:
        """The row of the repository that the address names. Raises NotThere."""
        given = request.path_params
        name = f"{given['owner']}/{given['repository']}"
        return repository.about(self.ledger, viewer, name)


def drawn(series: Mapping[str, Series], window: Window) -> list[Drawn]:
    """A chart for each codemod, that with most to fix first."""
    order = sorted(series.items(), key=lambda item: (-item[1].fixes[-1], item[0]))
    return [Drawn(name, each, charts.chart(each, window)) for name, each in order]


def routes(
    ledger: Ledger,
    who: Who,
    web: str,
    queue: Queue,
    clock: Callable[[], float] = time.time,
) -> list[BaseRoute]:
    """The pages' addresses; `web` is where people look at GitHub: https://github.com.

    POST /logout and GET /login are those of sign-in.
    """
    shown = Pages(ledger, GitHub(web), queue, clock)
    one = "/r/{owner}/{repository}"
    return [
        reading(who, "/", shown.all),
        reading(who, one, shown.one),
        reading(who, f"{one}/findings/{{codemod}}", shown.findings),
        reading(who, f"{one}/findings/{{codemod}}/{{key}}", shown.finding),
        reading(who, f"{one}/runs", shown.runs),
        reading(who, f"{one}/runs/{{run:int}}", shown.run),
        reading(who, "/jobs", shown.jobs),
        posting(who, "/jobs/{job}/retry", shown.retry),
    ]
