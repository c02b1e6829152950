"""An HTML document whose policy lets nothing run that is not in it."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import escape
from importlib import resources

# Characters that turn the order of text around or hide in it: shown by their names.
BIDI = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@cache
def asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def document(title: str, body: str, *, script: str = "") -> str:
    """A page with our style sheet.

    The content security policy allows this style sheet and this script by their hashes,
    and nothing else: no attribute, no address, no form.
    """
    style = asset("style.css")
    allowed = digest(script) if script else "'none'"
    policy = (
        f"default-src 'none'; style-src {digest(style)}; "
        f"script-src {allowed}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    code = f"<script>{script}</script>\n" if script else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{text(title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n{body}\n{code}</body>\n</html>\n"
    )


def digest(content: str) -> str:
    found = hashlib.sha256(content.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(found).decode()}'"


def text(plain: str) -> str:
    """Text as HTML, in an element or an attribute.

    What would hide or turn text around is shown as `\\u202e`.
    """
    return escape(visible(plain), quote=True)


def visible(plain: str) -> str:
    return CONTROL.sub(named, BIDI.sub(named, plain))


def named(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def prose(plain: str) -> str:
    """A sentence as HTML, what is in backticks as code."""
    parts = re.split(r"`([^`\n]+)`", plain)
    return "".join(
        f"<code>{text(part)}</code>" if number % 2 else text(part)
        for number, part in enumerate(parts)
    )
