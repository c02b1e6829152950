"""A bare `except:` names what its body can raise.

`except:` also catches what is no error: SystemExit (a script that exits with 3 ends
with 0), KeyboardInterrupt, GeneratorExit, and the CancelledError of asyncio. This
codemod reads the body of the `try`, operation by operation, and names the exceptions
that can come out of it. Where it cannot, it writes `except Exception` and says which
operation stood in the way.

```python
import logging
from datetime import datetime

logger = logging.getLogger(__name__)


def start_of(row):
    try:
        return datetime.fromisoformat(row)
    except:
        return 0
```

becomes

```python
import logging
from datetime import datetime

logger = logging.getLogger(__name__)


def start_of(row):
    try:
        return datetime.fromisoformat(row)
    except (ValueError, TypeError):
        logger.debug("start_of failed; returning 0", exc_info=True)
        return 0
```

## What a body raises

What builtins, methods and library functions raise for arguments of a type is a table,
one file a library in `codemods/catalog/bare_except/knowledge/`, with the source of each
fact; the tests call every function of it that has no effects with hostile values.
Functions and methods of the same file are read themselves, for the types they are
called with, and through recursion. `raise`, a `try` inside the body, `with`, loops,
comprehensions, unpacking and f-strings count as what they do. Types come from literals,
constructors, annotations and what functions return.

The tuple is written as people write it: no subclass beside its base, none that an
earlier handler of the same `try` already catches, and no name that means something else
in the file. `json.JSONDecodeError` is written as `ValueError`, its base, unless the
file names it already; an exception of a library that has no such base, as
`sqlite3.Error`, comes with the import it needs.

## Safe and unsafe

A fix is safe where every operation of the body is known with its types. It is unsafe,
and says why, where

- a value of unknown type is subscripted, compared, iterated or formatted: the tuple is
  the one for builtin types, "assumes that `row` is a plain dict";
- a module that is not the standard library's is imported: its body may raise anything;
- a fact was read in a library's documentation, and not observed;
- a method of the same class could be overridden elsewhere;
- an operation may raise anything: an unknown function, method or context manager. Then
  `except Exception` is written, and the first two such operations are named.

```python
def price_of(row, fetch):
    try:
        return int(row["price"])
    except:
        return fetch(row)


def fetched(row, fetch):
    try:
        return fetch(row)
    except:
        return None
```

becomes

```python
def price_of(row, fetch):
    try:
        return int(row["price"])
    except (KeyError, ValueError, TypeError, OverflowError):
        return fetch(row)


def fetched(row, fetch):
    try:
        return fetch(row)
    except Exception:
        return None
```

Not counted are MemoryError, and RecursionError unless the functions in view recurse;
the ValueError for numbers of more than 4,300 digits; errors that another thread causes;
what other files do to the names of this one, or set up for the whole process. What this
file itself replaces (`json.loads = mine`, `mock.patch`), a signal handler it sets, and
warnings it makes errors count. An annotation is taken at its word.

## Left alone

A handler that re-raises on every path swallows nothing. These decline, because there
the exits and interrupts may be what the handler is for: a body that can exit
(`sys.exit`, `parser.parse_args()`, a function in view that does), that yields, that
awaits, or that prompts; a `__del__` method; a wait after which the handler kills,
closes or removes something; an endless loop around a wait that survives Ctrl-C; a
handler after `except Exception`; one that ends the process with `os._exit`.

## The log line

A handler that tells nobody gains a line, where the module already has a logger in view:
`logger`, `self.logger`, `logging` itself, structlog or loguru. One that prints, logs,
raises or looks at the traceback gains none, nor does one above the line that binds the
logger, or in a method that logging itself calls.

## Options

- `log`: the level of that line, "debug" unless set; "off" for none.
- `lookup`: true to write `LookupError` for `(KeyError, IndexError)`.
- `suppress`: true to turn `except: pass` into `with contextlib.suppress(...)`.
- `relatives`: true to look also at `except Exception: pass`, at `except BaseException:`
  and at `suppress(BaseException)`; such a fix is always unsafe: somebody wrote it.
- `knowledge`: files of your own, in the form of those that come along; their paths
  start at the folder of the config.
"""

from __future__ import annotations

import ast

from codemods.catalog.bare_except.judge import judge, judge_with
from codemods.model import Codemod

CODEMOD = Codemod(
    module=__name__,
    page=__doc__,
    message="a bare except also swallows exits and interrupts",
    words=(
        b"except:",
        b"except :",
        b"except  ",
        b"except\t",
        b"except \\",
        b"except\\",
    ),
    pattern=rb"\bexcept(?:\s|\\\r?\n)*:",
    only_with={
        "relatives": rb"\b(?:except|suppress)[\s(]+BaseException\b"
        rb"|\bexcept Exception\s*(?:as \w+)?\s*:\s*(?:#[^\n]*\n\s*)*pass\b",
    },
    options={
        "log": "debug",
        "lookup": False,
        "suppress": False,
        "relatives": False,
        "knowledge": (),
    },
    reads=("knowledge",),
    ignored_by=("E722", "W0702", "bare-except", "B001"),
    trial=f"{__name__}.trial:trial",
)
CODEMOD.on(ast.ExceptHandler)(judge)
CODEMOD.on(ast.With)(judge_with)
