"""Receivers for methods whose types the plain hostile values do not hold."""

from __future__ import annotations

import configparser
import copy
import datetime as dt
import hashlib
import io
import os
import queue
import re
import threading
import time
import uuid
import xml.etree.ElementTree as ET
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import urlparse, urlsplit

from codemods.catalog.bare_except.kinds import Kinds
from codemods.catalog.bare_except.matching import accepts
from codemods.catalog.bare_except.table import Knowledge
from tests.bare_except.hostile import VALUES, literal_kinds_of


def parser(text: str) -> configparser.ConfigParser:
    read = configparser.ConfigParser()
    read.read_string(text)
    return read


def closed(file: io.StringIO | io.BytesIO) -> io.StringIO | io.BytesIO:
    file.close()
    return file


RECEIVERS: dict[str, tuple[Callable[[], Any], ...]] = {
    "dict_view": ({"a": 1}.keys, {1: [2]}.items, {}.values),
    "memoryview": (lambda: memoryview(b"12"),),
    "slice": (lambda: slice(1, 2), lambda: slice(None, None, 0), lambda: slice("a")),
    "cut": (
        lambda: slice(1, 2),
        lambda: slice(None, -1),
        lambda: slice(None, None, -1),
    ),
    "Iterator": (lambda: iter([]), lambda: iter([1])),
    "Iterable": (lambda: [1], lambda: {"a": 1}),
    "object": (lambda: 1, lambda: "a", lambda: [None]),
    "BaseException": (lambda: ValueError("a"), lambda: KeyError()),
    "datetime.timezone": (
        lambda: dt.UTC,
        lambda: dt.timezone(dt.timedelta(hours=2)),
    ),
    "os._Environ": (lambda: os.environ,),
    "os.stat_result": (lambda: os.stat(os.curdir),),
    "pathlib.PurePath": (lambda: Path("a/b.txt"), Path),
    "pathlib.Path": (lambda: Path("a/b.txt"), Path, lambda: Path("/")),
    "re.Sound": (lambda: "a+", lambda: "(a)|(b)"),
    "re.Pattern": (lambda: re.compile("(a)|b"), lambda: re.compile(b"a")),
    "re.Match": (
        lambda: re.match("(?P<x>a)|b", "a"),
        lambda: re.match("(?P<x>a)|b", "b"),
    ),
    "time.struct_time": (
        lambda: time.gmtime(0),
        lambda: time.strptime("2024", "%Y"),
        lambda: dt.date.min.timetuple(),
    ),
    "collections.Counter": (lambda: Counter("aab"), Counter),
    "collections.OrderedDict": (lambda: OrderedDict(a=1), OrderedDict),
    "collections.defaultdict": (lambda: defaultdict(None, a=1),),
    "collections.deque": (lambda: deque(["a", "b"]), deque, lambda: deque([1], 1)),
    "decimal.Decimal": (
        lambda: Decimal("sNaN"),
        lambda: Decimal("1.5"),
        lambda: Decimal("Infinity"),
        lambda: Decimal(0),
    ),
    "configparser.ConfigParser": (
        lambda: parser("[a]\nb=1"),
        configparser.ConfigParser,
    ),
    "hashlib.hash": (lambda: hashlib.sha256(b"a"), hashlib.md5),
    "io.StringIO": (
        lambda: io.StringIO("a\nb"),
        io.StringIO,
        lambda: closed(io.StringIO()),
    ),
    "io.BytesIO": (lambda: io.BytesIO(b"a\nb"), lambda: closed(io.BytesIO())),
    "fractions.Fraction": (lambda: Fraction(1, 3), Fraction),
    "queue.Queue": (queue.Queue, lambda: queue.Queue(1)),
    "threading.Event": (threading.Event,),
    "uuid.UUID": (uuid.uuid4,),
    "urllib.parse.ParseResult": (
        lambda: urlparse("http://h:99999/x"),
        lambda: urlparse(""),
    ),
    "urllib.parse.SplitResult": (
        lambda: urlsplit("http://h:99999/x"),
        lambda: urlsplit(""),
    ),
    "xml.etree.ElementTree.Element": (lambda: ET.fromstring("<a x='1'>t<b/></a>"),),
    "xml.etree.ElementTree.ElementTree": (lambda: ET.ElementTree(ET.Element("a")),),
    "Class": (lambda: int, lambda: str),
}

# Names that take ages, or the whole memory, for a number beyond a million.
SLOW = {
    "int.__pow__",
    "int.__lshift__",
    "int.__mul__",
    "int.to_bytes",
    "pow",
    "round",
    "bytes",
    "bytearray",
    "str.center",
    "str.ljust",
    "str.rjust",
    "str.zfill",
    "str.expandtabs",
    "bytes.zfill",
    "str.__mul__",
    "bytes.__mul__",
    "list.__mul__",
    "tuple.__mul__",
    "textwrap.shorten",
    "random.betavariate",
    "random.randrange",
    "random.choices",
    "random.expovariate",
    "json.dumps",
    "struct.pack",
    "calendar.leapdays",
    "secrets.token_bytes",
    "secrets.token_hex",
    "secrets.token_urlsafe",
    "math.comb",
    "math.factorial",
    "math.perm",
    "random.getrandbits",
    "random.randbytes",
    "decimal.Decimal.as_integer_ratio",
    "itertools.combinations",
    "itertools.permutations",
    "itertools.islice",
    "itertools.product",
    "collections.Counter.elements",
}

KNOWN = Knowledge()
FITTING: dict[Kinds, tuple[Any, ...]] = {}


def values_for(wanted: Kinds) -> tuple[Any, ...]:
    """The hostile values that are of some type."""
    if wanted not in FITTING:
        FITTING[wanted] = tuple(
            value for value in VALUES if accepts(KNOWN, wanted, literal_kinds_of(value))
        ) + tuple(one() for each in wanted for one in RECEIVERS.get(each.name, ()))
    return FITTING[wanted]


def fresh(value: Any) -> Any:
    """A copy, for a value that the call may change."""
    changes = isinstance(value, list | dict | set | tuple | bytearray)
    return copy.deepcopy(value) if changes else value
