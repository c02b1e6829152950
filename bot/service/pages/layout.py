"""Pages as HTML: the templates, what they may call, and the style sheet.

Everything is escaped by default; besides, characters that hide or turn text around are
shown by their names, whatever template they come into.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.escape import visible
from bot.service.pages import addresses
from bot.service.viewers import Viewer
from codemods import __version__

TICKS = re.compile(r"`([^`\n]+)`")
UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))
YEAR = {"Cache-Control": "public, max-age=31536000, immutable"}
# Code of private repositories is on the pages: nothing keeps them.
PRIVATE = {"Cache-Control": "no-store"}


def page(
    template: str, viewer: Viewer | None, status: int = 200, **values: object
) -> Response:
    """A page as its template has it; `viewer` is who it is for, if they signed in."""
    found = environment().get_template(template)
    text = found.render(viewer=viewer, **values)
    return HTMLResponse(text.encode("utf-8", "replace"), status, PRIVATE)


@cache
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("bot.service.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "ago": ago,
        "capital": capital,
        "counted": counted,
        "day": day,
        "iso": iso,
        "moment": moment,
        "number": number,
        "sentence": sentence,
        "took": took,
    }
    made.globals |= {
        "at": addresses.repository,
        "style": style_address(),
        "version": __version__,
    }
    return made


def shown(value: object) -> object:
    return value if isinstance(value, Markup) else text_of(value)


def text_of(value: object) -> object:
    return visible(value) if isinstance(value, str) else value


def sentence(text: str) -> Markup:
    """A clause of a codemod's, what is in backticks as code."""
    parts = TICKS.split(visible(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )


def capital(text: Markup) -> Markup:
    """With its first letter, unless that is of code, as at the start of a sentence."""
    return text if text[:1] == "<" else text[:1].upper() + text[1:]


def number(value: int) -> str:
    return f"{value:,}"


def counted(value: int, noun: str, plural: str = "") -> str:
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def at_utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def iso(seconds: float) -> str:
    return at_utc(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(seconds: float) -> str:
    found = at_utc(seconds)
    return f"{found.day} {found:%b %Y, %H:%M} UTC"


def day(seconds: float) -> str:
    found = at_utc(seconds)
    return f"{found.day} {found:%b %Y}"


def ago(seconds: float, now: float) -> str:
    """How long ago, in the largest unit that there is more than one of."""
    for length, unit in UNITS:
        count = int((now - seconds) / length)
        if count >= 1:
            return f"{counted(count, unit)} ago"
    return "just now"


def took(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


@cache
def style() -> bytes:
    folder = resources.files("bot.service.pages")
    return folder.joinpath("static", "style.css").read_bytes()


def style_address() -> str:
    """By its content, so that a browser may keep it."""
    return f"/static/style-{sha256(style()).hexdigest()[:12]}.css"


def style_route() -> Route:
    async def sheet(request: Request) -> Response:
        return Response(style(), media_type="text/css", headers=YEAR)

    return Route(style_address(), sheet)
