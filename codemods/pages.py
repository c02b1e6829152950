"""A codemod's page, for a terminal or as it is written."""

from __future__ import annotations

import sys

from codemods.terminal import wants_colour

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codemods.model import OptionValue
    from codemods.registry import Entry


def explained(entry: Entry) -> None:
    """Print the page of a codemod."""
    text = page(entry)
    if not wants_colour(sys.stdout):
        print(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))


def page(entry: Entry) -> str:
    """The page in Markdown: the docstring under its name, and the options."""
    _, _, rest = entry.page.strip().partition("\n")
    parts = [f"# {entry.name}", entry.title, rest.strip()]
    if entry.options:
        keys = "\n".join(f"{key} = {toml(entry.options[key])}" for key in entry.options)
        parts.append(f"## Options\n\n```toml\n[tool.codemod.{entry.name}]\n{keys}\n```")
    return "\n\n".join(part for part in parts if part)


def toml(value: OptionValue) -> str:
    match value:
        case bool():
            return str(value).lower()
        case tuple():
            return f"[{', '.join(map(toml, value))}]"
        case str():
            return f'"{value}"'
    return str(value)
