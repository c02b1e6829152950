"""Pictures of the pages for the docs: `python -m tests.service.pictures docs/pictures`.

What they show is made up, and the same each time: see `filled`.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from playwright.sync_api import Browser

from bot.service.ledger import Ledger
from bot.service.ledger.tables import RUNS
from bot.service.listing import Listed
from bot.service.pages.addresses import repository
from tests.reports.browser import browser
from tests.service.filled import NOW, filled
from tests.service.opened import Opened, opened

NAME = "acme/reports"
AS_WEBP = """async source => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext("2d", {alpha: false}).drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.85);
}"""
LARGEST = 100_000  # bytes of a picture
JOBS = [
    Listed(
        *("a", "look", NAME, 1, "push to main", "running", "web-1", 1),
        *(NOW - 70, NOW - 40, None, "", ""),
    ),
    Listed(
        *("b", "look", "acme/infra", 1, "nightly", "failed", "web-2", 1),
        *(NOW - 9_000, NOW - 8_000, NOW - 7_000),
        *("git: the remote end hung up unexpectedly", ""),
    ),
    Listed(
        *("c", "look", "acme/checkout", 1, "pull request closed", "done", "web-1", 1),
        *(NOW - 9_500, NOW - 9_400, NOW - 9_300, "", ""),
    ),
]


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it looks; sizes in pixels of CSS."""

    path: str
    width: int = 1100
    height: int = 800
    mode: Literal["light", "dark"] = "light"


def pictures(run: str) -> dict[str, Picture]:
    """By name; `run` is the page of one that failed."""
    findings = f"/r/{NAME}/findings/shell-true"
    return {
        "repositories": Picture("/", height=900),
        "repositories-dark": Picture("/", height=900, mode="dark"),
        "repositories-phone": Picture("/?sort=pulls#list", 360, 740),
        "repository": Picture(f"/r/{NAME}", height=1000),
        "repository-phone": Picture(f"/r/{NAME}", 360, 740),
        "findings": Picture(findings),
        "findings-dark": Picture(findings, mode="dark"),
        "findings-phone": Picture(findings, 360, 740),
        "run": Picture(run, height=620),
        "jobs": Picture("/jobs", height=420),
    }


@contextmanager
def filled_pages(folder: Path, repositories: int = 40) -> Iterator[Opened]:
    """The pages of a made-up organisation."""
    ledger = Ledger(f"sqlite:///{folder / 'service.sqlite'}")
    filled(ledger, repositories)
    with opened(ledger) as pages:
        pages.queue.jobs = [*JOBS]
        pages.failed = failed(ledger)
        yield pages
    ledger.engine.dispose()


def failed(ledger: Ledger) -> str:
    wrong = sa.select(RUNS.c.repository, RUNS.c.id).where(RUNS.c.outcome == "passing")
    with ledger.engine.connect() as work:
        name, number = work.execute(wrong.order_by(RUNS.c.id).limit(1)).one()
    return repository(name, "runs", number)


def taken(started: Browser, pages: Opened, picture: Picture) -> bytes:
    """A picture as WebP, which is a third of PNG here."""
    context = started.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.mode,
    )
    try:
        page = context.new_page()
        page.goto(pages.root + picture.path)
        source = base64.b64encode(page.screenshot()).decode()
        page.goto("about:blank")
        made: str = page.evaluate(AS_WEBP, f"data:image/png;base64,{source}")
        return base64.b64decode(made.partition(",")[2])
    finally:
        context.close()


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="codemod-pictures-") as work,
        filled_pages(Path(work)) as pages,
        browser() as started,
    ):
        for name, picture in pictures(pages.failed).items():
            data = taken(started, pages, picture)
            (folder / f"{name}.webp").write_bytes(data)
            print(f"{len(data):7,} bytes  {name}")


if __name__ == "__main__":
    main()
