"""Programs that loop over rows, from the uses that the codemod tells apart."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.iterrows.frames import NAMES

# Uses of a value `V`, by what the column must hold: where the codemod takes a
# comparison with a literal as a sign of what the column is, it is that.
USES: dict[str, tuple[str, ...]] = {
    "free": (
        "out.append(V)",
        'out.append(f"{V}")',
        'out.append(f"{V!r:>12}")',
        "out.append(V.strip())",
        "out.append(V.upper() or 'none')",
        "out.append(V.replace('x', 'yy'))",
        "out.append(V.split())",
        "if V: out.append('true')",
        "if not V: out.append('false')",
        "out.append(V or 'other')",
        "out.append(1 if V is None else 2)",
        "if V == None: out.append('none')",
        "out.append(pd.isna(V))",
        "if pd.notna(V): out.append('there')",
        "out.append(float(V))",
        "out.append(int(V))",
        "out.append(str(V))",
        "out.append(repr(V))",
        "out.append(len(V))",
        "seen[V] = seen.get(V, 0) + 1",
        "if V in seen: out.append('seen')",
        "out.append(isinstance(V, str))",
        "out.append(isinstance(V, (int, float)))",
        "out.append(V.year)",
        "out.append(V.date())",
        "out.append(V.is_integer())",
        "out.append(V.item())",
        "out.append(V + '-x')",
        "out.append('x-' + V)",
        "out.append('%s' % V)",
        "out.append('hello'[:V])",
        "for part in V: out.append(part)",
        "out.append(re.sub('x', 'y', V))",
        "out.append(re.match('x', V) is None)",
        "value = V",
        "value = V; out.append(value)",
        "out.append(V == row['b'])",
        "if V != row['b']: out.append('other')",
        "if V < row['b']: out.append('less')",
        "out.append(V + row['b'])",
        "out.append(V - row['b'])",
        "out.append(hasattr(V, 'dtype'))",
        "out.append(V is True)",
        "out.append(shown(V))",
        "out.append(doubled(V))",
        "out.append((lambda: V)())",
        "out.append([V for _ in range(2)])",
        "out.append(type(V).__name__)",
        "kept.append(lambda: V)",
    ),
    "number": (
        "if V > 1: out.append('more')",
        "if V == 1: out.append('one')",
        "if V >= 0.1: out.append('tenth')",
        "if V in (0, 1): out.append('bit')",
        "out.append(V > 0)",
        "flag = V > 0; out.append('f' if flag else 'g')",
        "flag = V > 0; out.append(flag)",
        "out.append(V + 1)",
        "out.append(V - 1)",
        "if V * 2.0 > 1: out.append('double')",
        "out.append(V * 2.0)",
        "out.append(V / 3)",
        "out.append(V / row['b'])",
        "out.append(1 // V)",
        "out.append(V % 2)",
        "out.append(V ** 2)",
        "out.append(-V)",
        "out.append(round(V, 1))",
        'out.append(f"{V:.2f}")',
        'out.append(f"{V:d}")',
        "out.append('%.1f' % V)",
        "out.append('%d' % V)",
        "out.append(list(range(V))[:2])",
        "out.append(math.sqrt(abs(V)))",
        "if np.isnan(V): out.append('nan')",
        "out.append(1 <= V < 3)",
        "total += V",
        "total += V * 1.5",
    ),
    "indexed": (
        "out.append(['x' in V, V[0]])",
        "out.append(V[:1])",
        "value = V[0]",
    ),
    "text": (
        "if V == 'x': out.append('ex')",
        "if V != 'x': out.append('not ex')",
        "out.append(V == 'x')",
        "if V in ('x', 'y'): out.append('known')",
        "if V == 'x' and row['c']: out.append(row['c'])",
    ),
}
# Of these each would raise for a value that is no text, or missing.
SURE = (
    "out.append(V.strip())",
    "out.append(V.upper() or 'none')",
    "out.append(re.sub('x', 'y', V))",
    "for part in V: out.append(part)",
    "value = V.split()",
    "if V.startswith('x'): out.append('ex')",
)
# What may stand before the loop; the column that a filter looks at holds numbers.
PRELUDES = (
    "",
    "df['d'] = 1",
    "df = df[df['my col'] > 0]",
    "df = df[(df['my col'] <= 100) & (df.index == df.index)].sort_values('my col')",
    "df = df[df['my col'] < 9].set_index('my col', drop=False)",
    "df['my col'] = df['my col'].astype(str)",
)
COLUMN = ("row['N']",)
READS = ("row['N']", "row['N']", "row['N']", "row.get('N')", "row.get('N', 0)")
ROW_USES = (
    "out.append('a' in row)",
    "out.append(len(row))",
    "out.append([name for name in row.index])",
    "for name in row.keys(): out.append(name)",
    "out.append(row.name)",
    "out.append(sorted(dict(row)))",
    "out.append(taken(row))",
    "last = row",
    "if last is not None: out.append(last['a'])",
    "for name in ('a', 'b'): out.append(row[name])",
    "out.append(row.get('nothing', 5))",
    "df.at[idx, 'new'] = len(out)",
    "df.at[idx, 'a'] = row['b']",
    "df.loc[idx, 'b'] = 0",
    "df['c'] = 5",
)
GUARDS = (
    "if len(out) > 2: continue",
    "if len(out) > 3: break",
    "if idx in seen: continue",
)
FRAMES = ("df", "df", "df", "df.head(2)", "df[df.index == df.index]")
HEADS = (
    "for idx, row in F.iterrows():",
    "for idx, row in F.iterrows():",
    "for n, (idx, row) in enumerate(F.iterrows()):",
    "for (idx, row), n in zip(F.iterrows(), [4, 5, 6]):",
)
EXPRESSIONS = (
    "[V for _, row in F.iterrows()]",
    "[V for idx, row in F.iterrows() if W]",
    "{V: W for _, row in F.iterrows()}",
    "[(idx, V, W) for idx, row in F.iterrows()]",
    "sum(1 for _, row in F.iterrows() if V)",
    "list((V, W) for _, row in F.iterrows())",
)
VALUES = {
    "free": ("V", "V", "V.strip()", "str(V)", "V.upper() + '!'", "pd.isna(V)"),
    "number": ("V > 1", "V + 1", "V * 2.0", 'f"{V:.1f}"'),
    "text": ("V == 'x'",),
}
HEADER = """\
import math, re
import numpy as np
import pandas as pd

def shown(value):
    return f"<{value}>"

def doubled(value):
    if pd.isna(value):
        return "none"
    return value * 2

def taken(record):
    return [record.get("a"), "b" in record, record["b"]]

def name_of(error):
    return next(c.__name__ for c in type(error).__mro__ if c.__module__ == "builtins")

def run(df, out):
    seen, kept, total, last, value = {}, [], 0, None, None
"""
FOOTER = """\
    out.append(total)
    out.append(value)
    out.append([each() for each in kept])
    return len(out)  # the end
"""


@dataclass(frozen=True, slots=True)
class Program:
    """`code` defines `run(df, out)`; `kinds` says what columns must hold."""

    code: str
    kinds: dict[str, str] = field(default_factory=dict)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    kinds: dict[str, str] = {}
    body = [f"    {draw(st.sampled_from(PRELUDES))}".rstrip()]
    if "my col" in body[0]:
        kinds["my col"] = "number"
    match draw(st.integers(0, 5)):
        case 0:
            body.append(f"    out.append({_comprehension(draw, kinds)})")
        case 1 | 2 | 3:
            body += _loop(draw, kinds)
        case _:
            body += _columns(draw, kinds)
    return Program(HEADER + "\n".join(filter(None, body)) + "\n" + FOOTER, kinds)


def _loop(draw: st.DrawFn, kinds: dict[str, str]) -> list[str]:
    lines = [f"    {_head(draw)}"]
    for _ in range(draw(st.integers(1, 4))):
        lines += [f"        {line}" for line in _statement(draw, kinds)]
    if draw(st.integers(0, 7)) == 0:
        lines += ["    else:", "        out.append('else')"]
    return lines


def _columns(draw: st.DrawFn, kinds: dict[str, str]) -> list[str]:
    """A loop that reads columns by name in every round, and proves one to be text."""
    aliased = draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True))
    sure = draw(st.sampled_from(SURE))
    body = [
        *(f"{name[0]}_value = row['{name}']" for name in aliased),
        *(f"out.append({name[0]}_value)" for name in aliased),
        sure.replace("V", f"row['{draw(st.sampled_from(NAMES))}']"),
        *(_use(draw, kinds, COLUMN) for _ in range(draw(st.integers(0, 3)))),
    ]
    return [f"    {_head(draw)}", *(f"        {line}" for line in body)]


def _head(draw: st.DrawFn) -> str:
    return draw(st.sampled_from(HEADS)).replace("F", draw(st.sampled_from(FRAMES)))


def _statement(draw: st.DrawFn, kinds: dict[str, str]) -> list[str]:
    match draw(st.integers(0, 11)):
        case 0:
            return [draw(st.sampled_from(GUARDS))]
        case 1 | 2:
            return [draw(st.sampled_from(ROW_USES))]
        case 3:
            return [
                "try:",
                f"    {_use(draw, kinds)}",
                "except Exception as error:",
                "    out.append(name_of(error))",
            ]
        case 4:
            condition = _filled(draw, "V", kinds, "free")
            return [f"if pd.isna({condition}):", f"    {_use(draw, kinds)}"]
    return [_use(draw, kinds)]


def _use(draw: st.DrawFn, kinds: dict[str, str], reads: tuple[str, ...] = READS) -> str:
    kind = draw(st.sampled_from(["free"] * 3 + ["number"] * 2 + ["text", "indexed"]))
    return _filled(draw, draw(st.sampled_from(USES[kind])), kinds, kind, reads)


def _comprehension(draw: st.DrawFn, kinds: dict[str, str]) -> str:
    text = draw(st.sampled_from(EXPRESSIONS))
    text = text.replace("F", draw(st.sampled_from(FRAMES)))
    for place in "VW":
        kind = draw(st.sampled_from(["free", "free", "number", "text"]))
        value = draw(st.sampled_from(VALUES[kind]))
        text = text.replace(place, _filled(draw, value, kinds, kind))
    return text


def _filled(
    draw: st.DrawFn,
    text: str,
    kinds: dict[str, str],
    kind: str,
    reads: tuple[str, ...] = READS,
) -> str:
    """A use with a column that has, or may take, the kind that it needs."""
    fit = [name for name in NAMES if kind == "free" or kinds.get(name, kind) == kind]
    name = draw(st.sampled_from(fit or ["b"]))
    if kind != "free":
        kinds[name] = kind
        if "row['b']" in text:
            kinds.setdefault("b", kind)
    return text.replace("V", draw(st.sampled_from(reads)).replace("N", name))
