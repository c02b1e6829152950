"""Code with its instances marked by hand: `# !` ends each line that holds one."""

from __future__ import annotations

from codemods.audit.model import Scan, Site
from codemods.audit.scanning import measured
from codemods.model import Source

MARK = "# !"


def scan(code: str) -> Scan:
    return measured(Source("pkg/case.py", code.encode()), [], None)


def sites(measure: str, code: str) -> tuple[Site, ...]:
    found = scan(code)
    assert found.failures == ()
    return found.sites.get(measure, ())


def told(measure: str, code: str) -> list[str]:
    return [f"{site.line}: {site.what}" for site in sites(measure, code)]


def marked(code: str) -> list[int]:
    lines = code.splitlines()
    return [n for n, line in enumerate(lines, 1) if line.rstrip().endswith(MARK)]


def flagged(measure: str, code: str) -> list[int]:
    return [site.line for site in sites(measure, code)]
