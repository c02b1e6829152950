"""The pages: who sees what, what they count, and whatever an address may say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from bot.model import Base, Change, Pull
from bot.report import Line, Looked, Place, Report
from bot.service.ledger import Ledger, Run
from bot.service.ledger.tables import COUNTS
from bot.service.listing import Listed
from bot.service.pages import addresses, asked, diffs, repositories
from bot.service.pages.counts import Series, Window, trends
from bot.service.pages.past import Past
from bot.service.pages.repository import series_of
from bot.service.pages.seen import seen
from bot.service.viewers import Viewer
from tests.service.filled import DAY, NOW, filled
from tests.service.opened import ADMIN, Opened, opened

SAFE = Change(
    "app/a.py",
    3,
    "safe",
    "a" * 16,
    "a shell parses this",
    'run("ls -l", shell=True)\n',
    'run(["ls", "-l"])\n',
    receipt="200 calls, no difference",
)
UNSAFE = replace(
    SAFE, line=9, tier="unsafe", fingerprint="b" * 16, caveat="`x` is one argument"
)
LEFT = replace(
    SAFE,
    path="app/b.py",
    tier="declined",
    fingerprint="c" * 16,
    after=None,
    reason="it is a pipeline",
    receipt=None,
)
PULL = Pull(7, "codemod/shell-true", "main", "c0ffee", "", "shell-true: two places")
RUN = Run("d-1", "Acme/Data", "push to main", "done", "", NOW - DAY, 2.5)


def told(
    ledger: Ledger,
    name: str,
    days: float,
    *places: Change,
    pulls: tuple[Pull, ...] = (),
    codemod: str = "shell-true",
) -> None:
    """A run so many days ago that found these places."""
    began = NOW - days * DAY
    found = tuple(
        Place(each, "declined" if each.tier == "declined" else "made")
        for each in places
    )
    looked = Looked(codemod, Base("main", "c0ffee", 900), found)
    log = (Line(0.5, "a <line> of the log"),)
    report = Report(name, "0.1.0", began, 2.5, (looked,), pulls, log, opened=1)
    job = f"{name}-{days}-{codemod}"
    ledger.record(replace(RUN, job=job, repository=name, began=began), report)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Three repositories, one of them with all there is to show."""
    folder = tmp_path_factory.mktemp("pages")
    ledger = Ledger(f"sqlite:///{folder / 'service.sqlite'}")
    told(ledger, "Acme/Data", 1, SAFE, UNSAFE, LEFT, pulls=(PULL,))
    told(ledger, "acme/secret", 1, SAFE)
    failed = replace(RUN, job="x", repository="acme/broken", outcome="final")
    ledger.record(replace(failed, error="git: <gone>"), None)
    with opened(ledger) as started:
        yield started
    ledger.engine.dispose()


@pytest.fixture(autouse=True)
def signed_in(request: pytest.FixtureRequest) -> None:
    if "pages" in request.fixturenames:
        started: Opened = request.getfixturevalue("pages")
        started.viewer = ADMIN
        started.queue.jobs, started.queue.retried = [], []


def only(*names: str) -> Viewer:
    return Viewer("bob", frozenset(names), False, "bobs")


def names(
    ledger: Ledger, listing: asked.Listing, viewer: Viewer = ADMIN
) -> list[tuple[str, int, int, int]]:
    window, theirs = Window(NOW, 90), seen(viewer, ledger.engine)
    entries, _ = repositories.entries(ledger, theirs, listing, window)
    return [(each.shown, each.fixes, each.left, each.pulls) for each in entries]


def everything(
    ledger: Ledger, viewer: Viewer, window: Window, past: Past | None = None
) -> repositories.Overview:
    theirs = seen(viewer, ledger.engine)
    return repositories.overview(ledger, theirs, window, past or Past())


def test_counts_are_followed_back_from_now(ledger: Ledger) -> None:
    told(ledger, "acme/a", 100, SAFE, UNSAFE, LEFT)  # before the window
    told(ledger, "acme/a", 5, SAFE)
    told(ledger, "acme/a", 2)
    told(ledger, "acme/b", 4, SAFE, SAFE, LEFT)
    window = Window(NOW, 8)  # the ends of eight days, and now
    a = Series((2, 2, 2, 1, 1, 1, 0, 0, 0), (1, 1, 1, 0, 0, 0, 0, 0, 0))
    b = Series((0, 0, 0, 0, 2, 2, 2, 2, 2), (0, 0, 0, 0, 1, 1, 1, 1, 1))
    assert len(window.moments) == 9
    assert window.moments[3] == (NOW - 5 * DAY) // DAY * DAY + DAY
    with ledger.engine.connect() as work:
        assert trends(work, COUNTS.c.repository, [], window) == {
            "acme/a": a,
            "acme/b": b,
        }
    assert series_of(ledger, "acme/a", window) == {"shell-true": a}
    overview = everything(ledger, ADMIN, window)
    assert overview.codemods["shell-true"].fixes == (2, 2, 2, 1, 3, 3, 2, 2, 2)
    assert overview.codemods["shell-true"].change == 0


def test_the_list_is_sorted_filtered_and_searched(ledger: Ledger) -> None:
    told(ledger, "acme/one", 3, SAFE, LEFT, LEFT)
    told(ledger, "Acme/Two", 2, SAFE, UNSAFE, pulls=(PULL, replace(PULL, number=8)))
    merged = replace(PULL, open=False, merged=True)
    told(ledger, "other/three_", 1, pulls=(merged,))
    told(ledger, "other/three_", 1, SAFE, codemod="iterrows")
    wrong = replace(RUN, job="x", repository="acme/one", outcome="passing", began=NOW)
    ledger.record(wrong, None)
    one, two = ("acme/one", 1, 2, 0), ("Acme/Two", 2, 0, 2)
    three = ("other/three_", 1, 0, 0)
    listing = asked.Listing()
    assert names(ledger, listing) == [two, one, three]
    assert names(ledger, replace(listing, sort="name")) == [one, two, three]
    assert names(ledger, replace(listing, sort="left"))[0] == one
    assert names(ledger, replace(listing, sort="pulls"))[0] == two
    assert names(ledger, replace(listing, sort="run")) == [one, three, two]
    assert names(ledger, replace(listing, show="pulls")) == [two]
    assert names(ledger, replace(listing, show="failed")) == [one]
    assert names(ledger, replace(listing, codemod="iterrows")) == [three]
    assert names(ledger, replace(listing, search="ACME")) == [two, one]
    assert names(ledger, replace(listing, search="e_")) == [three]
    assert names(ledger, replace(listing, search="%")) == []
    assert names(ledger, replace(listing, page=9)) == [two, one, three]


def test_one_counts_and_lists_only_what_one_may_see(ledger: Ledger) -> None:
    told(ledger, "Acme/Mine", 3, SAFE, pulls=(PULL,))
    told(ledger, "acme/theirs", 3, SAFE, UNSAFE, pulls=(PULL,))
    many = only("acme/mine", *(f"acme/r{number}" for number in range(70_000)))
    assert names(ledger, asked.Listing(), many) == [("Acme/Mine", 1, 0, 1)]
    found = everything(ledger, many, Window(NOW, 90))
    assert (found.repositories, found.pulls, found.failed) == (1, 1, 0)
    assert found.codemods["shell-true"].fixes[-1] == 1
    assert names(ledger, asked.Listing(), only()) == []
    assert everything(ledger, only(), Window(NOW, 9)).total is None


def test_a_page_asks_as_much_of_the_database_for_one_as_for_many(
    tmp_path: Path,
) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'service.sqlite'}")
    statements: list[str] = []

    def heard(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    counts = []
    with opened(ledger) as pages:
        pages.ask("/")  # what is over is added up once
        sa.event.listen(ledger.engine, "before_cursor_execute", heard)
        for many in (1, 60):
            sa.event.remove(ledger.engine, "before_cursor_execute", heard)
            filled(ledger, many, weeks=1)
            sa.event.listen(ledger.engine, "before_cursor_execute", heard)
            statements.clear()
            assert pages.ask("/")[0] == 200
            counts.append(len(statements))
        assert "Page 1 of 2" in pages.ask("/")[1]
    assert counts[0] == counts[1]


def test_the_past_is_added_up_once_and_again_when_it_changes(ledger: Ledger) -> None:
    for name in ("acme/a", "acme/b", "acme/c"):
        told(ledger, name, 40, SAFE, UNSAFE)
        told(ledger, name, 20, SAFE)
    past, days = Past(), Window(NOW, 90)
    two, all_three = only("acme/a", "acme/b"), ADMIN

    def levels(viewer: Viewer, window: Window = days) -> set[int]:
        found = everything(ledger, viewer, window, past)
        return set(found.codemods["shell-true"].fixes)

    summed: list[str] = []
    sa.event.listen(
        *(ledger.engine, "before_cursor_execute"),
        lambda *given: summed.append(given[2]) if "more_alone" in given[2] else None,
    )
    for _ in range(3):  # all days at first, then only those that may still change
        assert levels(two) == {0, 4, 2}
        assert levels(all_three) == {0, 6, 3}
    assert len(summed) == 2 + 6
    assert levels(two, Window(NOW, 30)) == {4, 2}
    told(ledger, "acme/a", 1, SAFE, UNSAFE, LEFT)
    told(ledger, "acme/b", 0)
    assert levels(two) == {0, 4, 2, 3}
    ledger.forget("acme/b", NOW)
    assert levels(all_three) == {0, 4, 2, 3}
    assert levels(two) == {0, 2, 1}
    ledger.rename("acme/a", "acme/elsewhere", NOW)
    assert levels(only("acme/elsewhere")) == {0, 2, 1}
    assert everything(ledger, two, days, past).total is None
    ledger.rename("acme/c", "acme/elsewhere", NOW)  # c is forgotten
    assert levels(all_three) == {0, 2, 1}
    tomorrow = Window(NOW + DAY, 90)
    assert levels(all_three, tomorrow) == {0, 2, 1}


def test_who_is_not_signed_in_is_sent_to_sign_in(pages: Opened) -> None:
    pages.viewer = None
    for path in ("/", "/r/acme/data?days=30", "/r/acme/none", "/jobs", "/r/a%20b/c%22"):
        status, text, headers = pages.ask(path)
        assert (status, text) == (303, "")
        assert headers["location"] == f"/login?next={quote(path, safe='/')}"
    assert pages.ask("/jobs/d-1/retry", "POST", "csrf=x")[0] == 401
    assert pages.ask("/")[2]["cache-control"] is None


def test_what_one_may_not_see_is_as_if_it_were_not_there(pages: Opened) -> None:
    pages.viewer = only("acme/data")
    assert pages.ask("/r/ACME/data")[0] == 200
    missing = pages.ask("/r/acme/nothing")
    assert missing[0] == 404
    key = quote(SAFE.key)
    for path in (
        "/r/acme/secret",
        "/r/acme/secret/findings/shell-true",
        f"/r/acme/secret/findings/shell-true/{key}",
        "/r/acme/secret/runs",
        "/r/acme/secret/runs/2",
        "/r/acme/data/runs/2",  # a run of acme/secret's
        "/jobs",
    ):
        assert pages.ask(path)[:2] == missing[:2], path
    text = pages.ask("/")[1]
    assert "secret" not in text
    assert "Jobs" not in text
    assert "Acme/Data" in text


def test_a_repository_shows_its_pulls_findings_and_runs(pages: Opened) -> None:
    status, text, headers = pages.ask("/r/acme/data")
    assert status == 200
    assert headers["cache-control"] == "no-store"
    for part in (
        "https://github.com/Acme/Data/pull/7",
        "shell-true: two places",
        "https://github.com/Acme/Data/commit/c0ffee",
        "/r/Acme/Data/findings/shell-true?state=made",
        "/r/Acme/Data/runs/1",
        "2 to fix in 90 days",
    ):
        assert part in text, part


def test_findings_show_code_reasons_and_where_they_are(pages: Opened) -> None:
    text = pages.ask("/r/acme/data/findings/shell-true")[1]
    for part in (
        "<code>x</code> is one argument",
        "200 calls, no difference",
        "it is a pipeline",
        "https://github.com/Acme/Data/blob/c0ffee/app/a.py#L3",
    ):
        assert part in text, part
    assert [row[:2] for row in code_rows(text)] == [
        *(("gone", "-"), ("come", "+")),
        *(("gone", "-"), ("come", "+")),
        ("same", ""),
    ]
    assert code_rows(text)[1][2] == 'run(["ls", "-l"])'
    declined = pages.ask("/r/acme/data/findings/shell-true?state=declined")[1]
    assert "app/b.py" in declined
    assert "app/a.py" not in declined
    alone = pages.ask(f"/r/acme/data/findings/shell-true/{UNSAFE.key}")[1]
    assert [row[:2] for row in code_rows(alone)] == [("gone", "-"), ("come", "+")]
    assert pages.ask("/r/acme/data/findings/other")[0] == 200
    assert pages.ask("/r/acme/data/findings/shell-true/none")[0] == 404


def code_rows(text: str) -> list[tuple[str, str, str]]:
    """Of each line of code its class, its sign and its text."""
    found = re.findall(
        r'<tr class="(\w+)"><td class="no">\d*</td><td class="sign">(.?)</td>'
        r'<td class="line">(.*?)</td>',
        text,
    )
    plain = re.compile(r"<[^>]+>")
    return [
        (kind, sign, plain.sub("", code).replace("&#34;", '"'))
        for kind, sign, code in found
    ]


def test_a_run_shows_its_log_and_what_went_wrong(pages: Opened) -> None:
    text = pages.ask("/r/acme/data/runs/1")[1]
    assert "a &lt;line&gt; of the log" in text
    assert "codemod 0.1.0" in text
    assert "1 opened" in text
    text = pages.ask("/r/acme/broken/runs/3")[1]
    assert "git: &lt;gone&gt;" in text
    assert "failed" in text


def test_an_outcome_of_a_newer_version_is_shown_as_it_is(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'service.sqlite'}")
    ledger.record(replace(RUN, outcome="put off"), None)
    with opened(ledger) as pages:
        for path in ("/", "/r/acme/data", "/r/acme/data/runs/1"):
            assert "put off" in pages.ask(path)[1]
    ledger.engine.dispose()


JOB = Listed(
    *("d-9/é~1", "look", "acme/data", 1, "push to main", "failed", "web-1", 2),
    *(NOW - 60, NOW - 50, NOW - 40, "git: <gone>", ""),
)


def test_an_admin_sees_jobs_and_tries_a_failed_one_again(pages: Opened) -> None:
    pages.queue.jobs = [replace(JOB, id="d-9~1"), replace(JOB, id="d-8", state="done")]
    text = pages.ask("/jobs")[1]
    assert "git: &lt;gone&gt;" in text
    assert text.count("/retry") == 1
    assert "/retry" not in pages.ask("/jobs?state=done")[1]
    (action,) = re.findall(r'action="(/jobs/[^"]+)"', text)
    for form in ("", "csrf=", "csrf=other", "csrf=%FF", "x" * 20_000):
        assert pages.ask(action, "POST", form)[0] == 403
    assert pages.queue.retried == []
    status, _, headers = pages.ask(action, "POST", f"csrf={ADMIN.csrf}")
    assert (status, headers["location"]) == (303, "/jobs")
    assert pages.queue.retried == ["d-9~1"]
    status, text, _ = pages.ask("/jobs/none/retry", "POST", f"csrf={ADMIN.csrf}")
    assert (status, "There is no such job." in text) == (409, True)
    assert pages.ask(action)[0] == 405
    pages.viewer = only("acme/data")
    assert pages.ask(action, "POST", "csrf=bobs")[0] == 404
    assert pages.queue.retried == ["d-9~1"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?page=0&sort=x&show=y&codemod=%00", 200),
        (f"/?page={'9' * 400}&q={'a' * 5000}", 200),
        ("/?page=%D9%A3&q=%ED%A0%80%00%27%22%3C", 200),
        ("/r/acme/data?days=0", 200),
        ("/r/acme%00/data", 404),
        ("/r/acme/..%2Fdata", 404),
        ("/r/acme/data%27%22", 404),
        ("/r/acme/data/runs?page=-1", 200),
        ("/r/acme/data/runs/99999999999999999999", 404),
        ("/r/acme/data/runs/x", 404),
        ("/r/acme/data/findings/%3Cb%3E?state=x&tier=y&path=%00&page=7", 200),
        ("/r/acme/data/findings/shell-true/%00", 404),
        ("/jobs?state=%00", 200),
    ],
)
def test_no_address_is_an_error(pages: Opened, path: str, status: int) -> None:
    found, text, _ = pages.ask(path)
    assert found == status
    assert "<b>" not in text.replace("<b>ada</b>", "") or status == 200


def test_nothing_is_inline_and_the_style_sheet_is_kept(pages: Opened) -> None:
    paths = ["/", "/jobs", "/r/acme/data", "/r/acme/data/findings/shell-true"]
    for path in [*paths, "/r/acme/data/runs/1", "/r/acme/none"]:
        text = pages.ask(path)[1]
        assert not re.search(r"<(script|style|iframe|img)\b|\s(style|on\w+)=", text)
    (sheet,) = re.findall(r'href="(/static/[^"]+)"', pages.ask("/")[1])
    pages.viewer = None  # the page to sign in needs it as well
    status, text, headers = pages.ask(sheet)
    assert (status, headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in headers["cache-control"]
    assert "prefers-color-scheme: dark" in text


def test_what_is_long_is_cut_and_said_to_be() -> None:
    long = "x = 1\n" * 3000
    cut = diffs.diff(long, None, 1, 60)
    assert (len(cut.lines), cut.more) == (60, 2940)
    wide = diffs.diff("y" * 10_000 + "\n", "z\n", 1, 60)
    assert "and 8,000 more characters" in wide.lines[0].html
    assert [line.sign for line in wide.lines] == ["-", "+"]
    gone = diffs.diff("a\nb\nc\n", "a\nc\n", 7, 60)
    assert [(line.sign, line.number) for line in gone.lines] == [
        (" ", 7),
        ("-", 8),
        (" ", 9),
    ]
    assert [line.sign for line in diffs.diff("a\n", "", 1, 60).lines] == ["-"]


def test_addresses_are_those_of_the_githubs_that_there_are() -> None:
    enterprise = addresses.GitHub("https://git.acme.example")
    assert enterprise.pull("acme/data", 7) == (
        "https://git.acme.example/acme/data/pull/7"
    )
    assert enterprise.line("acme/data", "c0ffee", 'a b/"?#.py', 3) == (
        "https://git.acme.example/acme/data/blob/c0ffee/a%20b/%22%3F%23.py#L3"
    )
    assert addresses.repository("acme/data", "findings", "a/b", state="made") == (
        "/r/acme/data/findings/a%2Fb?state=made"
    )
