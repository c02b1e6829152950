"""An audit held against an earlier one: what is new, what is gone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from codemods.audit.formats.json import KEY, VERSION
from codemods.audit.model import Audit, Category, Site, Trend
from codemods.names import UsageError

# Path and fingerprint of every site, by category.
Known = Mapping[str, Sequence[tuple[str, str]]]


def read(file: str) -> Known:
    """The sites of the audit in a file.

    Raises UsageError for what cannot be read, is no audit, or is of another version.
    """
    try:
        with open(file, encoding="utf-8") as stream:
            document = json.load(stream)
    except OSError as error:
        raise UsageError(f"--baseline {file}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--baseline {file}: not JSON: {error}") from error
    made = f"codemod audit --output-format json -o {file}"
    if not isinstance(document, dict) or KEY not in document:
        raise UsageError(f"--baseline {file}: no audit; `{made}` makes one")
    if document[KEY] != VERSION:
        raise UsageError(
            f"--baseline {file}: an audit of version {document[KEY]!r}, and this is "
            f"version {VERSION}; make it again with `{made}`"
        )
    try:
        return {each["name"]: known_sites(each) for each in document["categories"]}
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"--baseline {file}: a damaged audit") from error


def known_sites(category: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(str(each["path"]), str(each["fingerprint"])) for each in category["sites"]]


def held_against(audit: Audit, known: Known, file: str) -> Audit:
    """The audit with what is new marked, and a trend for what the baseline knows."""
    compared = [
        against(each, known[each.name]) if each.name in known else each
        for each in audit.categories
    ]
    return replace(audit, categories=tuple(compared), baseline=file)


def against(category: Category, known: Sequence[tuple[str, str]]) -> Category:
    """Sites are the same by path and fingerprint; after that, by fingerprint alone."""
    left = Counter(known)
    kept: set[int] = set()
    for number, site in enumerate(category.sites):
        if left[site.path, site.fingerprint]:
            left[site.path, site.fingerprint] -= 1
            kept.add(number)
    moved = Counter(fingerprint for _, fingerprint in left.elements())
    for number, site in enumerate(category.sites):
        if number not in kept and moved[site.fingerprint]:
            moved[site.fingerprint] -= 1
            kept.add(number)
    sites = marked(category.sites, kept)
    new = sum(site.new for site in sites)
    trend = Trend(before=len(known), new=new, gone=len(known) - len(kept))
    return replace(category, sites=sites, trend=trend)


def marked(sites: Iterable[Site], kept: set[int]) -> tuple[Site, ...]:
    return tuple(
        site if number in kept else replace(site, new=True)
        for number, site in enumerate(sites)
    )
