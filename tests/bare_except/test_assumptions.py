"""Where a fix assumes plain values, it names whatever plain values raise there."""

from __future__ import annotations

import itertools
import warnings

import pytest

from codemods.catalog.bare_except import CODEMOD
from codemods.engine import Settings, run
from codemods.model import Source
from tests.bare_except.hostile import VALUES
from tests.bare_except.receivers import fresh
from tests.bare_except.test_soundness import NOT_COUNTED, function

BUILTIN = (int, float, bool, str, bytes, list, tuple, dict, set, frozenset, range)
# Neither so large that a text times it would fill the memory, nor harmless.
FITTING = [
    value
    for value in VALUES
    if (value is None or isinstance(value, BUILTIN))
    and not (isinstance(value, int) and 10**4 < abs(value) < 2**63)
]
OF_TWO = (
    "x + y",
    "x - y",
    "x * y",
    "x / y",
    "x // y",
    "x % y",
    "x & y",
    "x < y",
    "x == y",
    "x in y",
    "x[y]",
    "x[y:]",
)
OF_ONE = (
    *("x + 1", "x - 1.5", "x * 2", "x * 2.5", "'a' + x", "'a' * x", "[1] + x", "x % 7"),
    *("2 ** 70 + x", "x / 2", "7 // x", "x % 'a'", "-x", "~x", "not x", "x < 1"),
    *("x['a']", "x[0]", "x[-1]", "x[1:]", "x[::2]", "x[0]['a']", "1 in x", "'a' in x"),
    *("int(x)", "float(x)", "len(x)", "str(x)", "list(x)", "sum(x)", "sorted(x)"),
    *("max(x)", "abs(x)", "round(x)", "round(x, 2)", "dict(x)", "set(x)", "range(x)"),
    *("bool(x)", "tuple(x)", "ord(x)", "chr(x)", "bytes(str(x), 'ascii')", "hash(x)"),
    *("x.split(',')", "x.strip()", "x.lower()", "x.startswith('a')", "x.get('a')"),
    *("x.items()", "x.keys()", "x.append(1)", "x.extend([1])", "x.encode()"),
    *("x.decode()", "x.title()", "x.splitlines()", "x.isdigit()", "x.get('a', 1)"),
    *("f'{x}'", "f'{x:.2f}'", "f'{x:>5}'", "f'{x:d}'", "'%s' % x", "'%d' % x"),
    *("'%s %s' % x", "'{}'.format(x)", "','.join(x)", "[one for one in x]"),
    *("{one: 1 for one in x}", "[one[0] for one in x]", "{x: 1}", "{x}", "{**x}"),
    *("[*x]", "(lambda a, b: a)(*x)", "dict(**x)", "isinstance(x, int)", "x or 1"),
    *("enumerate(x)", "list(zip(x, x))", "print(x, end='')", "x.y", "any(x)", "min(x)"),
)
STATEMENTS = (
    "a, b = x",
    "a, *b = x",
    "(a, b), c = x",
    "x['a'] = 1",
    "x[0] = 1",
    "x[0] += 1",
    "x['a'] += 1",
    "del x['a']",
    "del x[0]",
    "x += 1",
    "x += [1]",
    "x |= {'a': 1}",
    "for a, b in x: pass",
    "for a in x: a['b']",
    "x.y = 1",
    "assert x, int(x)",
)


def tried(body: str) -> str:
    return (
        "CAUGHT = object()\n\n\ndef tried(x, y):\n    try:\n"
        f"        {body}\n    except:\n        return CAUGHT\n"
    )


@pytest.mark.parametrize(
    "body", [*(f"return {one}" for one in (*OF_TWO, *OF_ONE)), *STATEMENTS]
)
def test_plain_values_stay_within(body: str) -> None:
    result = run(Source("a.py", tried(body).encode()), [CODEMOD], Settings(unsafe=True))
    assert result.failures == ()
    named, _ = function(result.after.data.decode())
    caveat = result.findings[0].caveat or ""
    fitting = [value for value in FITTING if not _is_ruled_out(value, caveat)]
    others = fitting if body.removeprefix("return ") in OF_TWO else [None]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for x, y in itertools.product(fitting, others):
            try:
                named(fresh(x), fresh(y))
            except NOT_COUNTED:
                continue
            except Exception as error:
                pytest.fail(f"{error!r} for {x!r}, {y!r}\n{result.after.data.decode()}")


def _is_ruled_out(value: object, caveat: str) -> bool:
    """Whether a caveat says that a value is not what the fix is for."""
    if "is a plain sequence" in caveat:
        return isinstance(value, dict)
    told = "is a plain str" in caveat or "is a plain collection" in caveat
    return told and isinstance(value, bytes)
