"""The pages in a real browser: for everybody, on every screen, whatever they show."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.model import Base, Change, Pull
from bot.report import Line, Looked, Place, Report
from bot.service.ledger import Ledger, Run
from tests.reports.browser import browser, needed
from tests.service.checkers import axe, checkers, wrong_in
from tests.service.filled import NOW
from tests.service.opened import Opened, opened
from tests.service.pictures import LARGEST, NAME, filled_pages, pictures, taken

pytestmark = needed
DOCS = Path(__file__).parent.parent.parent / "docs"
PHONE = {"width": 360, "height": 740}
AGAIN = ("repositories", "findings-dark", "repository-phone")  # the others are alike
TEXT = "</script><script>pwned=1</script><img src=x onerror=pwned=1>'\"&amp;\u202egnp\0"
HOSTILE = f"acme/{TEXT.replace('/', '').removesuffix(chr(0))}"
# Only colours are others in the dark.
RULES = {"light": "", "dark": "{runOnly: ['color-contrast']}"}
AT_LEAST = {"light": 15, "dark": 1}  # that there was something for them to look at
LONG = "x" * 10_000


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    with filled_pages(tmp_path_factory.mktemp("seen"), repositories=7) as started:
        yield started


def paths(pages: Opened) -> dict[str, str]:
    return {
        "repositories": "/",
        "none-found": "/?q=none+like+this",
        "repository": f"/r/{NAME}",
        "findings": f"/r/{NAME}/findings/iterrows",
        "turned-down": f"/r/{NAME}/findings/shell-true?state=vetoed",
        "runs": f"/r/{NAME}/runs",
        "run": pages.failed,
        "jobs": "/jobs",
        "not-found": "/r/acme/none",
    }


@contextmanager
def seen(started: Browser, **look: Any) -> Iterator[Page]:
    """A page that must not say anything on the console but of what is not there."""
    context = started.new_context(**look)
    said: list[str] = []
    try:
        page = context.new_page()
        page.on("console", lambda each: said.append(each.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        yield page
        assert [each for each in said if "status of 404" not in each] == []
    finally:
        context.close()


def is_too_wide(page: Page) -> bool:
    """Whether one would have to scroll sideways."""
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wide


def test_everybody_can_use_them_and_they_are_html(
    chromium: Browser, pages: Opened, request: pytest.FixtureRequest
) -> None:
    folder = checkers(request.config.cache.mkdir("npm"))
    source = axe(folder)
    texts: dict[str, str] = {}
    for mode in ("light", "dark"):
        with seen(chromium, color_scheme=mode) as page:
            for name, path in paths(pages).items():
                page.goto(pages.root + path)
                for each in page.locator("details").all():
                    each.evaluate("each => { each.open = true }")
                page.evaluate(f"() => {{ {source} }}")
                found = page.evaluate(
                    "async () => { const {violations, passes} = "
                    f"await axe.run({RULES[mode]}); return [passes.length, "
                    "violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html}`))]}"
                )
                assert found[0] >= AT_LEAST[mode], f"{name}, {mode}"
                assert found[1] == [], f"{name}, {mode}"
                assert page.locator("h1").count() == 1
                texts[name] = pages.ask(path)[1]
    assert wrong_in(folder, texts) == []


def test_a_phone_needs_no_scrolling_sideways(chromium: Browser, pages: Opened) -> None:
    with seen(chromium, viewport=PHONE) as page:
        for name, path in paths(pages).items():
            page.goto(pages.root + path)
            assert not is_too_wide(page), name
        page.goto(pages.root)
        card = page.get_by_role("row", name=NAME)
        assert "90 days" in card.locator("td").evaluate_all(
            "all => all.map(each => getComputedStyle(each, '::before').content).join()"
        )


def test_the_keyboard_reaches_everything(chromium: Browser, pages: Opened) -> None:
    with seen(chromium) as page:
        page.goto(pages.root)
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to content")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        reached = []
        for _ in range(5):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.textContent"))
        assert reached[:4] == ["codemod", "Repositories", "Jobs", "Sign out"]
        assert "open pull requests" in reached[4]
        page.goto(pages.root)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        page.get_by_label("Name").focus()
        page.keyboard.type(NAME.partition("/")[2])
        page.keyboard.press("Enter")
        expect(page.get_by_text("1 repository named like")).to_be_visible()
        page.get_by_role("link", name=NAME, exact=True).press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(NAME)


def test_charts_say_in_words_what_they_draw(chromium: Browser, pages: Opened) -> None:
    with seen(chromium) as page:
        page.goto(f"{pages.root}/r/{NAME}")
        chart = page.get_by_role("img", name="shell-true: from").first
        said = chart.get_attribute("aria-label") or ""
        first, last = (said.split()[at] for at in (2, 4))
        card = page.locator("article", has=chart)
        card.locator("summary").click()
        cells = card.locator("tbody tr td:nth-child(2)")
        assert cells.first.inner_text() == last
        # Weekly rows end some days short of the first day: both are what was drawn.
        assert int(first) >= int(cells.last.inner_text())
        expect(card.get_by_text(f"{last} to fix")).to_be_visible()


def hostile_pages(folder: Path) -> Ledger:
    ledger = Ledger(f"sqlite:///{folder / 'service.sqlite'}")
    change = Change(
        *(f"{TEXT}/{LONG[:900]}.py", 7, "unsafe", "f" * 16, f"{TEXT} `{TEXT}`"),
        *(f"{TEXT}\n{LONG}\n", f"{LONG}\n{TEXT}\n", TEXT + LONG, None),
        receipt=TEXT,
        unseen=TEXT,
    )
    left = replace(change, tier="declined", reason=TEXT + LONG, fingerprint="e" * 16)
    looked = Looked(
        "shell-true",
        Base(TEXT, "c0ffee", 0),
        (Place(change, "made"), Place(left, "declined")),
    )
    pull = Pull(7, TEXT, TEXT, "c0ffee", TEXT, title=TEXT + LONG)
    log = (Line(1.0, TEXT), Line(2.0, LONG))
    run = Run("d-1", HOSTILE, TEXT + LONG, "final", TEXT + LONG, NOW - 100, 5.0)
    report = Report(HOSTILE, "0.1.0", NOW - 100, 5, (looked,), (pull,), log)
    ledger.record(run, report)
    return ledger


def test_hostile_text_is_text(chromium: Browser, tmp_path: Path) -> None:
    ledger = hostile_pages(tmp_path)
    one = f"/r/{quote(HOSTILE)}"
    with opened(ledger) as pages, seen(chromium, viewport=PHONE) as page:
        text = pages.ask(f"{one}/findings/shell-true")[1]
        key = text.partition('id="f-')[2].partition('"')[0]
        for path in (
            "/",
            f"/?q={quote(TEXT)}&codemod={quote(TEXT)}",
            one,
            f"{one}/findings/shell-true",
            f"{one}/findings/shell-true?path={quote(TEXT)}",
            f"{one}/findings/shell-true/{key}",
            f"{one}/runs/1",
        ):
            answer = page.goto(pages.root + path)
            assert answer is not None
            assert answer.status == 200, path
            assert page.evaluate("window.pwned") is None
            assert page.locator("img, script").count() == 0
            assert "\u202e" not in page.content()
            assert not is_too_wide(page), path
        expect(page.locator(".log")).to_contain_text("</script><script>pwned=1")
        expect(page.locator(".log")).to_contain_text(r"\u202egnp")
        page.goto(f"{pages.root}{one}")
        page.get_by_role("link", name="shell-true", exact=True).first.click()
        expect(page.locator("h2").first).to_contain_text("<img src=x onerror=pwned=1>")
    ledger.engine.dispose()


def test_pictures_can_be_taken_again(chromium: Browser, pages: Opened) -> None:
    page = (DOCS / "pages.md").read_text()
    for name, picture in pictures(pages.failed).items():
        kept = (DOCS / "pictures" / f"{name}.webp").read_bytes()
        assert f"](pictures/{name}.webp)" in page
        again = [taken(chromium, pages, picture)] if name in AGAIN else []
        for each in (kept, *again):
            assert size(each) == (picture.width, picture.height), name
            assert 5_000 < len(each) < LARGEST, name


def size(data: bytes) -> tuple[int, int]:
    """Width and height of a WebP as Chromium writes it: one lossy frame."""
    start = data.index(b"VP8 ") + 8
    width, height = struct.unpack("<HH", data[start + 6 : start + 10])
    return width & 0x3FFF, height & 0x3FFF
