"""Read rows without building a Series for each

`DataFrame.iterrows` builds a Series per row: 28 to 150 microseconds a row.
"""

from codemods.model import Codemod

CODEMOD = Codemod(
    module=__name__,
    page=__doc__ or "",
    message="each row is built as a Series: iterate over the columns",
    words=(b"iterrows",),
    options={"assume-mixed-dtypes": False},
    ignored_by=("PERF-ITERROWS", "PD-ITERROWS"),
)

from codemods.catalog.iterrows import judge  # noqa: E402

__all__ = ["CODEMOD", "judge"]
