"""String literals, written as a person would."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codemods.catalog.shell_true.values import Value

BACKSLASH = "\\"
ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def other(quote: str) -> str:
    return "'" if quote == '"' else '"'


def literal(text: str, quote: str) -> str:
    """A literal for `text`, in `quote` unless the other mark needs fewer escapes.

    Three marks are kept for a text of several lines.
    """
    if len(quote) == 3 and may_span_lines(text, quote):
        return f"{'r' if BACKSLASH in text else ''}{quote}{text}{quote}"
    quote = quote[0]
    if quote in text and other(quote) not in text:
        quote = other(quote)
    if "\\" in text and quote not in text and text.isprintable():
        if not text.endswith("\\"):
            return f"r{quote}{text}{quote}"
    return f"{quote}{escaped(text, quote)}{quote}"


def may_span_lines(text: str, quote: str) -> bool:
    """Whether a text can stand between three marks as it is, on lines of its own."""
    lines = text.split("\n")
    shown = all(line.replace("\t", "").isprintable() for line in lines)
    ends = text.endswith((quote[0], BACKSLASH)) or text.startswith(quote[0])
    return len(lines) > 2 and shown and quote not in text and not ends


def escaped(text: str, quote: str) -> str:
    written = ""
    for character in text:
        if character in ("\\", quote):
            written += f"\\{character}"
        elif character in ESCAPES:
            written += ESCAPES[character]
        elif character.isprintable():
            written += character
        else:
            written += character.encode("unicode_escape").decode("ascii")
    return written


def template_string(pieces: Sequence[str | Value], quote: str) -> str:
    """One string of text and values: an f-string, or a sum where that cannot be."""
    fields = [piece.field for piece in pieces if not isinstance(piece, str)]
    texts = "".join(piece for piece in pieces if isinstance(piece, str))
    if len(quote) == 3 and may_span_lines(texts, quote):
        if not any(set(each) & {quote[0], BACKSLASH, "\n", "#"} for each in fields):
            prefix = "rf" if BACKSLASH in texts else "f"
            inner = "".join(doubled(each) for each in pieces)
            return f"{prefix}{quote}{inner}{quote}"
    quote = quote[0]
    if quote in texts and other(quote) not in texts:
        quote = other(quote)
    if any(quote in each for each in fields):
        quote = other(quote)
    if any(set(each) & {quote, "\\", "\n", "#"} for each in fields):
        return added(pieces, quote)
    plain = [escaped(each, quote) if isinstance(each, str) else each for each in pieces]
    return f"f{quote}{''.join(map(doubled, plain))}{quote}"


def doubled(piece: str | Value) -> str:
    """A piece of an f-string: text with its braces doubled, or a field."""
    if isinstance(piece, str):
        return piece.replace("{", "{{").replace("}", "}}")
    gap = " " if piece.field[0] == "{" else ""
    return f"{{{gap}{piece.field}}}"


def added(pieces: Sequence[str | Value], quote: str) -> str:
    """`"--name=" + name`, for values that no f-string of Python 3.11 can hold."""
    terms = [
        literal(piece, quote) if isinstance(piece, str) else piece.element
        for piece in pieces
        if piece
    ]
    return " + ".join(term if is_simple(term) else f"({term})" for term in terms)


def is_simple(term: str) -> bool:
    """Whether a term binds at least as tightly as `+` does."""
    import ast

    kind = ast.parse(term, mode="eval").body
    return not isinstance(
        kind,
        ast.IfExp | ast.BoolOp | ast.Compare | ast.Lambda | ast.UnaryOp | ast.BinOp,
    )
