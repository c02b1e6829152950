"""The HTML report, looked at in a real browser."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from codemods.model import Failure, Finding, Replacement, Rewrite
from codemods.receipt import Receipt
from codemods.report import Report
from codemods.report.html import render
from tests.command import codemod
from tests.reports.browser import browser, needed, opened

pytestmark = needed

HOSTILE = '</script><img src=x onerror="window.pwned=1">\'"&amp;\u202egnp.py'
DIFF = """\
diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1,4 +1,5 @@
 import os
+import sys
 # </script><script>window.pwned = 1</script>
-old("text", 1)
+new("text", 1)
 print()
@@ -20,2 +21,1 @@
 last = 20
-gone = '\u202e'
"""
SAFE = Finding(
    codemod="old-call",
    path="pkg/a.py",
    line=3,
    column=1,
    end_line=3,
    end_column=10,
    verdict="safe",
    applied=True,
    message="`old` is deprecated",
    caveat=None,
    reason=None,
    fingerprint="0123456789abcdef",
    before='old("text", 1)\n',
    after='new("text", 1)\n',
    rewrite=Rewrite((Replacement(3, 1, 3, 4, "new"),), DIFF),
    evidence=Receipt(
        codemod="old-call",
        outcome="no difference",
        subject="calls",
        trials=200,
        identical=200,
        replay="codemod prove pkg/a.py:3 --seed 7",
    ),
)
UNSAFE = replace(
    SAFE,
    verdict="unsafe",
    applied=False,
    path=HOSTILE,
    caveat=f"{HOSTILE} is lost",
    fingerprint="a" * 16,
    evidence=None,
)
LEFT = replace(
    SAFE,
    codemod="iterrows",
    verdict="declined",
    applied=False,
    path="pkg/deep/b.py",
    line=7,
    before='for row in rows:  # it\'s \\ "here"\n    pass\n',
    after=None,
    reason="`row` escapes (line 9)",
    fingerprint="b" * 16,
    rewrite=None,
    evidence=None,
)
URGENT = replace(LEFT, urgent=True, reason="look", fingerprint="c" * 16)
TWIN = replace(LEFT, path="pkg/twin.py", reason="`cell` escapes (line 2)")
REPORT = Report(
    scanned=9,
    changed=("pkg/a.py",),
    findings=(SAFE, UNSAFE, LEFT, URGENT, TWIN),
    failures=(Failure(HOSTILE, "old-call", "crashed: <b>"),),
    skipped=(Failure("c.py", None, "line 1: not valid Python"),),
    seconds=1.5,
    written=False,
)
LINKS = ["old-call-" + "0123456789abcdef", "iterrows-" + "b" * 16]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("html") / "report.html"
    path.write_text(render(REPORT), "utf-8")
    return path


def shown(page: Page) -> list[str]:
    """The places of the findings that are to be seen.

    By their content: a browser lays out what is far away, or new, when it has time.
    """
    places = page.locator("article.finding:visible .where").all_text_contents()
    return [place if len(place) < 30 else "hostile" for place in places]


ALL = ["pkg/a.py:3", "hostile", "pkg/deep/b.py:7", "pkg/deep/b.py:7", "pkg/twin.py:7"]


def test_everything_is_there_and_nothing_foreign_runs(
    chromium: Browser, file: Path
) -> None:
    with opened(chromium, file) as page:
        assert shown(page) == ALL
        assert page.evaluate("window.pwned") is None
        assert page.locator("img").count() == 0
        assert page.locator("script").count() == 1
        told = page.locator("article").nth(1).text_content() or ""
        assert "</script><img src=x onerror=" in told
        assert r"\u202egnp.py:3" in told
        assert "\u202e" not in page.content()
        assert "# </script><script>window.pwned = 1</script>" in told
        errors = page.locator("section", has_text="Errors").inner_text()
        assert "crashed: <b> (old-call)" in errors
        assert "Would fix 1 place in 1 file (9 files, 1.5 s)." in page.inner_text(
            "body"
        )


def test_code_is_side_by_side_with_its_lines_and_colours(
    chromium: Browser, file: Path
) -> None:
    with opened(chromium, file) as page:
        rows = page.locator("article").first.locator("tbody tr")
        cells = [row.locator("td").all_text_contents() for row in rows.all()]
        assert cells[:5] == [
            ["1", "import os", "1", "import os"],
            ["", "", "2", "import sys"],
            ["2", cells[2][1], "3", cells[2][1]],
            ["3", 'old("text", 1)', "4", 'new("text", 1)'],
            ["4", "print()", "5", "print()"],
        ]
        assert cells[5] == ["⋯"]
        assert cells[6:] == [
            ["20", "last = 20", "21", "last = 20"],
            ["21", "gone = '\\u202e'", "", ""],
        ]
        assert rows.nth(3).locator("mark").all_inner_texts() == ["old", "new"]
        keyword = rows.nth(0).locator("i.k").first
        assert keyword.inner_text() == "import"
        colour = "element => getComputedStyle(element).color"
        assert keyword.evaluate(colour) != rows.nth(0).evaluate(colour)


def test_evidence_is_told_with_the_command_that_repeats_it(
    chromium: Browser, file: Path
) -> None:
    with opened(chromium, file) as page:
        receipts = page.locator(".receipt").all_inner_texts()
        assert receipts == [
            "Evidence: no difference found on 200 calls (200 identical). "
            "codemod prove pkg/a.py:3 --seed 7"
        ]


def test_filters(chromium: Browser, file: Path) -> None:
    with opened(chromium, file) as page:
        count = page.locator("#count")
        assert count.inner_text() == "5 findings"
        page.select_option("select[name=codemod]", "iterrows")
        count.get_by_text("3 of 5 findings").wait_for()
        assert shown(page) == ALL[2:]
        page.fill("input[name=path]", "DEEP/")
        count.get_by_text("2 of 5 findings").wait_for()
        assert shown(page) == ALL[2:4]
        page.uncheck("input[value=urgent]")
        count.get_by_text("1 of 5 findings").wait_for()
        assert shown(page) == ["pkg/deep/b.py:7"]
        page.click("#all")
        count.get_by_text("5 findings", exact=True).wait_for()
        assert shown(page) == ALL


def test_a_reason_stands_for_all_that_differ_by_names_alone(
    chromium: Browser, file: Path
) -> None:
    with opened(chromium, file) as page:
        options = page.locator("select[name=reason] option").all_inner_texts()
        assert options[:2] == ["any", "2 × `…` escapes"]
        page.select_option("select[name=reason]", "1")
        page.locator("#count").get_by_text("2 of 5 findings").wait_for()
        assert shown(page) == ["pkg/deep/b.py:7", "pkg/twin.py:7"]


def test_folding(chromium: Browser, file: Path) -> None:
    with opened(chromium, file) as page:
        tables = page.locator("table.code:visible")
        assert tables.count() == 5
        page.locator("summary").first.click()
        assert tables.count() == 4
        page.click("#fold")
        assert tables.count() == 0
        page.click("#unfold")
        assert tables.count() == 5


def test_a_link_shows_its_finding_whatever_is_filtered_or_folded(
    chromium: Browser, file: Path
) -> None:
    with opened(chromium, file, f"#{LINKS[1]}", viewport=SMALL) as page:
        assert in_view(page, LINKS[1])
        page.fill("input[name=path]", "nothing")
        page.locator("#count").get_by_text("0 of 5 findings").wait_for()
        page.evaluate(f"location.hash = '{LINKS[0]}'")
        page.locator("#count").get_by_text("5 findings", exact=True).wait_for()
        assert in_view(page, LINKS[0])
        page.click("#fold")
        page.evaluate(f"location.hash = '{LINKS[1]}'")
        page.locator(f"#{LINKS[1]} table.code").wait_for()
        ids = page.locator("article").evaluate_all("all => all.map(each => each.id)")
        assert len(set(ids)) == 5
        assert ids[4] == f"{LINKS[1]}-2"


SMALL = {"width": 800, "height": 400}


def in_view(page: Page, name: str) -> bool:
    box = page.locator(f"#{name} .where").bounding_box()
    return box is not None and 0 <= box["y"] < SMALL["height"]


def test_without_javascript_all_is_there_but_the_filter(
    chromium: Browser, file: Path
) -> None:
    with opened(chromium, file, java_script_enabled=False) as page:
        assert not page.locator("#filter").is_visible()
        assert shown(page) == ALL
        assert page.locator("table.code:visible").count() == 5
        page.locator("summary").first.click()
        assert page.locator("table.code:visible").count() == 4


def test_the_policy_stops_what_is_not_in_the_report(
    chromium: Browser, file: Path
) -> None:
    add = """() => new Promise(resolve => {
        addEventListener("securitypolicyviolation",
                         event => resolve(event.effectiveDirective));
        const script = document.createElement("script");
        script.textContent = "window.pwned = 1";
        document.body.append(script);
    })"""
    with opened(chromium, file, says="Content Security Policy") as page:
        assert page.evaluate(add) == "script-src-elem"
        assert page.evaluate("window.pwned") is None


CONTRAST = """selector => {
    const parts = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
    const linear = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const light = ([r, g, b]) =>
        .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
    const clear = colour => colour === "rgba(0, 0, 0, 0)";
    return [...document.querySelectorAll(selector)].map(element => {
        const own = light(parts(getComputedStyle(element).color));
        let up = element;
        while (clear(getComputedStyle(up).backgroundColor)) up = up.parentElement;
        const back = light(parts(getComputedStyle(up).backgroundColor));
        return (Math.max(own, back) + .05) / (Math.min(own, back) + .05);
    });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_both_schemes(
    chromium: Browser, file: Path, scheme: Any
) -> None:
    with opened(chromium, file, color_scheme=scheme) as page:
        texts = "p, .tier, .soft, .where, td, td i, mark, code, th, label, a, button"
        assert min(page.evaluate(CONTRAST, texts)) >= 4.5
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (background == "rgb(255, 255, 255)") == (scheme == "light")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(
    chromium: Browser, file: Path, width: int
) -> None:
    viewport = {"width": width, "height": 800}
    with opened(chromium, file, viewport=viewport) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        same = page.locator("article").first.locator("tr.same").first
        sides = same.locator("td").evaluate_all(
            "all => all.filter(each => each.offsetParent !== null).length"
        )
        assert sides == (4 if width > 720 else 2)


def test_print_has_the_findings_and_no_controls(chromium: Browser, file: Path) -> None:
    with opened(chromium, file) as page:
        page.click("#fold")
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert not page.locator("#filter").is_visible()
        assert page.locator("table.code:visible").count() == 5
        assert page.pdf().startswith(b"%PDF")


def test_charts_say_in_words_what_they_draw(chromium: Browser, file: Path) -> None:
    with opened(chromium, file) as page:
        images = page.get_by_role("img")
        labels = [each.get_attribute("aria-label") for each in images.all()]
        assert labels == ["iterrows: 1 urgent, 2 left", "old-call: 1 safe, 1 unsafe"]
        rows = page.locator(".counts tbody tr").all_inner_texts()
        assert [row.split() for row in rows] == [
            ["iterrows", "1", "0", "0", "2", "2"],
            ["old-call", "0", "1", "1", "0", "2"],
        ]
        fill = "element => getComputedStyle(element).fill"
        fills = page.locator("svg rect").evaluate_all(f"all => all.map({fill})")
        assert len(set(fills)) == 4


def test_five_thousand_findings_stay_smooth(chromium: Browser, tmp_path: Path) -> None:
    findings = tuple(
        replace(each, fingerprint=f"{number:016x}", path=f"pkg/module_{number}.py")
        for number in range(2_500)
        for each in (SAFE, LEFT)
    )
    file = tmp_path / "report.html"
    file.write_text(render(REPORT._replace(findings=findings)), "utf-8")
    assert file.stat().st_size < 15_000_000
    with opened(chromium, file) as page:
        began = time.monotonic()
        page.fill("input[name=path]", "module_123")
        page.locator("#count").get_by_text("22 of 5,000 findings").wait_for()
        page.click("#all")
        page.locator("#count").get_by_text("5,000 findings", exact=True).wait_for()
        page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
        page.evaluate("new Promise(done => requestAnimationFrame(done))")
        # Far from what it takes (some tenths), near to what a person calls broken.
        assert time.monotonic() - began < 10


def test_what_would_be_too_large_is_listed_without_its_code() -> None:
    findings = tuple(
        replace(SAFE, fingerprint=f"{number:016x}") for number in range(20)
    )
    html = render(REPORT._replace(findings=findings), budget=5_000)
    assert html.count("<article") == 20
    assert 1 <= html.count('<table class="code') < 10
    assert "codemod run old-call --dry-run pkg/a.py" in html


def test_a_run_writes_it(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import os\n\nold(1)\r\nold(1, 2)\nold(*x)\n")
    arguments = ("run", "old-call", "--output-format", "html", "-o", "report.html")
    done = codemod(*arguments, cwd=tmp_path)
    assert done.out.startswith("old-call  1 fixed")
    assert (tmp_path / "a.py").read_bytes().count(b"new(1)") == 1
    with opened(chromium, tmp_path / "report.html") as page:
        assert shown(page) == ["a.py:3", "a.py:4", "a.py:5"]
        assert "Fixed 1 place in 1 file" in page.inner_text("header")
        changed = page.locator("article").first.locator("td.gone").all_inner_texts()
        assert changed == ["old(1)"]


def test_nothing_found_is_a_page_too(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(render(Report(3)), "utf-8")
    with opened(chromium, file) as page:
        assert "Nothing found (3 files, 0.0 s)." in page.inner_text("body")
    assert re.search(r"<form", file.read_text()) is None
