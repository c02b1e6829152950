"""Read rows without building a Series for each.

`DataFrame.iterrows` builds a Series for every row: 28 microseconds a row with five
columns, 149 with fifty (pandas 3.1.1). The loops below cost 0.1 (zip) and 0.9 (a dict
a row) microseconds a row at five columns, 0.2 and 8 at fifty.

## Columns, zipped

Where all columns are read by literal names in every round, and no use can tell a value
from the one that `iterrows` gives, the loop runs over the columns themselves.

```python
import pandas as pd


def teams(df: pd.DataFrame) -> list[str]:
    found = []
    for _, row in df.iterrows():
        name = row["team"].strip()
        if row["points"] > 100:
            found.append(name.upper())
    return found
```

becomes

```python
import pandas as pd


def teams(df: pd.DataFrame) -> list[str]:
    found = []
    for team, points in zip(df["team"].tolist(), df["points"].tolist()):
        name = team.strip()
        if points > 100:
            found.append(name.upper())
    return found
```

`.tolist()` matters: it is a snapshot, as `iterrows` is, and gives Python values, as the
rows of a frame with text in it do. A loop that only fills a list, a set or a dict
becomes one `extend` or `update`. A loop that never reads its row runs over the index.

## A dict a row

Everything else that a mapping can serve (`.get`, `"c" in row`, `row[name]`, `**row`, a
row passed to a function of the same file, a column that only some rounds read, more
than eight columns) keeps its row, as a dict. Its values come from the array that
`iterrows` itself reads, so that in a frame of numbers they stay numpy scalars of the
common type.

```python
def total(df, rates):
    amount = 0.0
    for idx, row in df.iterrows():
        if row.get("open", 1) > 0:
            amount += rates.at[idx] * (row["price"] - 1)
    return amount > 0
```

becomes

```python
def total(df, rates):
    amount = 0.0
    columns = df.columns.tolist()
    for idx, values in zip(df.index, df.to_numpy()):
        row = dict(zip(columns, values))
        if row.get("open", 1) > 0:
            amount += rates.at[idx] * (row["price"] - 1)
    return amount > 0
```

A frame that is more than a name (`df[df.x > 0]`, `df.head()`, an attribute that may be
a property) is bound to a name once.

## Safe and unsafe

A fix is safe unless one of these differences could show, and nothing known of the frame
rules it out:

- *missing values*: pandas looks at each row again. In a row that holds nothing but text
  (pandas 3) or nothing but dates beside its missing values, they become nan or NaT;
  after the fix they stay what the column holds. It shows where such a value is tested
  for truth, compared with None, formatted or handed on.
- *dates*: in a frame of nothing but dates the dict holds `numpy.datetime64`.
- *keys*: `row[name]` where `name` is not known to be one column's name, and
  `row["points"]["mean"]`, which may be a column of a MultiIndex.
- *writes*: with pandas 2, the rows of a frame of one type show what the loop itself has
  written into the frame.

What rules them out: arithmetic, comparisons, string methods and the like that run
whenever the use runs (they would have raised; where the loop catches that, the error
itself is a use that can tell); a test that a value is some text or number, for what
runs only if it is; filters such as `df[df["n"] > 0]`; columns stored from literals;
`pandas.read_csv`. You know your frames better: with

```toml
[tool.codemod.iterrows]
assume-mixed-dtypes = true
```

every frame is taken to hold text and numbers, and these fixes become safe.

With `--evidence` each fix is run before and after on generated frames, and timed;
`min-speedup = 5` declines what gains less than five times at the largest size timed.

## What differs anyway

- A missing column raises before the first round (zip), also for an empty frame, and
  `row.c` for a missing column raises KeyError, no longer AttributeError.
- Two columns of one name gave a Series; the dict holds the last, the zip yields labels.
- What code out of view writes into a frame of one type while the loop runs, rows showed
  with pandas 2; they no longer do.
- A nan that is read twice in a round is one object, which a set or `in` can tell.
- A row whose numbers are all missing counts as a row of numbers in the proofs above.
  Beside nothing but text, pandas 3 made nan of None or `<NA>` in object and nullable
  columns; now they stay, and arithmetic with None, or a test of `<NA>`, raises.
- In a frame of nothing but dates or durations, adding a number raised, and so did
  comparing durations with one; numpy's values in the dict take it, or raise another
  error. A real column beside complex ones was complex.
- Numbers in place of text: `row["c"][:2]` raises TypeError, no longer IndexError.
- Where a column is read in every round, `row` is no longer a name after the loop.
- A label `row[0]` on text columns was a position in pandas 2; such reads are declined.

## Left alone

A row that is written to, returned, stored, or passed to a function that is not in this
file; methods of Series that a dict lacks; frames that may be dask's or Spark's; rows
read by `eval`, `locals` or `@row` in a query. Nested loops over rows are each
rewritten; that they are quadratic remains.
"""

from codemods.model import Codemod

CODEMOD = Codemod(
    module=__name__,
    page=__doc__ or "",
    message="each row is built as a Series: iterate over the columns",
    words=(b"iterrows",),
    options={"assume-mixed-dtypes": False, "min-speedup": 0},
    ignored_by=("PD-ITERROWS",),
    trial=f"{__name__}.trials:trial",
)

from codemods.catalog.iterrows import judge  # noqa: E402

__all__ = ["CODEMOD", "judge"]
