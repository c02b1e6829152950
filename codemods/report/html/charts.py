"""How many of each kind, as bars; the table beside them says the same in words."""

from __future__ import annotations

from collections.abc import Mapping

from codemods.report.html.page import text

WIDTH, HEIGHT = 480, 18  # units of the drawing


def bar(name: str, counts: Mapping[str, int], most: int) -> str:
    """A codemod's bar, its kinds side by side, to the scale of the longest one."""
    told = ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count)
    parts: list[str] = []
    at = 0.0
    for kind, count in counts.items():
        if count:
            wide = WIDTH * count / most
            parts.append(
                f'<rect class="{kind}" x="{at:.2f}" y="0" width="{wide:.2f}" '
                f'height="{HEIGHT}"/>'
            )
            at += wide
    label = text(f"{name}: {told or 'nothing'}")
    return (
        f'<svg class="bar" role="img" aria-label="{label}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">'
        f"<title>{label}</title>{''.join(parts)}</svg>"
    )
