"""Line ends, marks and encodings come out as they went in."""

from __future__ import annotations

import pytest

from codemods.engine import Settings, run
from codemods.model import Result, Source
from tests.cases import codemod

LOOP = """\
def show(df, out):
    for idx, row in df[df.n > 0].iterrows():
        out.add(row["first"].strip())
        out.add((row["second"].strip(), row["third"].strip(), row["größe"].strip()))
"""
ZIPPED = """\
def show(df, out):
    rows = df[df.n > 0]
    for first, second, third, größe in zip(
        rows["first"].tolist(),
        rows["second"].tolist(),
        rows["third"].tolist(),
        rows["größe"].tolist(),
    ):
        out.add(first.strip())
        out.add((second.strip(), third.strip(), größe.strip()))
"""
ROW = """\
def show(df, out):
    for _, row in df.iterrows():
        if row["n"] > 1:
            out.add(row.get("größe"))
"""
MAPPED = """\
def show(df, out):
    columns = df.columns.tolist()
    for values in df.to_numpy():
        row = dict(zip(columns, values))
        if row["n"] > 1:
            out.add(row.get("größe"))
"""


def rewritten(data: bytes) -> Result:
    return run(Source("case.py", data), [codemod("iterrows")], Settings())


@pytest.mark.parametrize(("before", "after"), [(LOOP, ZIPPED), (ROW, MAPPED)])
@pytest.mark.parametrize(
    ("mark", "head", "encoding", "newline"),
    [
        (mark, head, encoding, newline)
        for mark, head, encoding in [
            (b"", "", "utf-8"),
            (b"\xef\xbb\xbf", "", "utf-8"),
            (b"", "# -*- coding: latin-1 -*-\n", "latin-1"),
        ]
        for newline in ["\n", "\r\n", "\r"]
        # A declaration ends with its line, which no lone \r does.
        if not (head and newline == "\r")
    ],
)
def test_every_line_end_and_encoding(
    before: str, after: str, mark: bytes, head: str, encoding: str, newline: str
) -> None:
    def data(text: str) -> bytes:
        return mark + (head + text).replace("\n", newline).encode(encoding)

    result = rewritten(data(before))
    assert result.failures == ()
    assert result.after.data == data(after)


def test_no_final_line_end() -> None:
    result = rewritten(ROW.removesuffix("\n").encode())
    assert result.after.data == MAPPED.removesuffix("\n").encode()


def test_column_that_the_encoding_cannot_write_as_a_name() -> None:
    before = (
        b"# -*- coding: ascii -*-\n"
        b"def show(df, out):\n"
        b"    for _, row in df.iterrows():\n"
        b'        out.add(row["gr\\u00f6\\u00dfe"].strip())\n'
    )
    result = rewritten(before)
    assert result.failures == ()
    assert result.after.data == (
        b"# -*- coding: ascii -*-\n"
        b"def show(df, out):\n"
        b'    for gr_e in df["gr\\xf6\\xdfe"].tolist():\n'
        b"        out.add(gr_e.strip())\n"
    )
