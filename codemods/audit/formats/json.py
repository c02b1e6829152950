"""The audit as JSON, which a later audit takes as its baseline."""

from __future__ import annotations

import json
from typing import Any

from codemods import __version__
from codemods.audit.formats import reasons
from codemods.audit.model import Audit, Category, Site
from codemods.model import Failure

KEY = "audit"
VERSION = 1


def render(audit: Audit) -> str:
    document = {
        KEY: VERSION,
        "tool": {"name": "codemod", "version": __version__},
        "files": {"scanned": audit.scanned, "lines": audit.lines},
        "seconds": round(audit.seconds, 3),
        "baseline": audit.baseline,
        "categories": [category(each) for each in audit.categories],
        "errors": [
            *(error(each) for each in audit.failures),
            *(error(each, "skipped: ") for each in audit.skipped),
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def category(each: Category) -> dict[str, Any]:
    return {
        "name": each.name,
        "title": each.title,
        "instances": len(each.sites),
        "of": each.of,
        "files": each.files,
        "silenced": each.silenced,
        "fixable": {
            "safe": each.tier("safe"),
            "unsafe": each.tier("unsafe"),
            "refused": each.tier("refused"),
        }
        if each.fixable
        else None,
        "reasons": [{"reason": why, "count": n} for why, n in reasons(each)],
        "search": {
            "pattern": each.search,
            "lines": each.hits.lines,
            "files": each.hits.files,
        },
        "trend": {
            "before": each.trend.before,
            "new": each.trend.new,
            "gone": each.trend.gone,
        }
        if each.trend
        else None,
        "worst": [{"path": path, "count": count} for path, count in each.worst],
        "sites": [site(found) for found in each.sites],
    }


def site(each: Site) -> dict[str, Any]:
    return {
        "path": each.path,
        "line": each.line,
        "what": each.what,
        "tier": each.tier,
        "reason": each.reason,
        "rank": each.rank,
        "fingerprint": each.fingerprint,
        "new": each.new,
    }


def error(each: Failure, start: str = "") -> dict[str, Any]:
    return {
        "path": each.path,
        "category": each.codemod,
        "message": f"{start}{each.message}",
    }
