"""The catalog as it is read without importing it, and codemods by entry point."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from codemods.names import UsageError
from codemods.registry import chosen, described, entries, stated
from tests.command import PLUGIN, ROOT, codemod

STATED = b'''"""The title.

The page.
"""
CODEMOD: Codemod = Codemod(
    module=__name__, page=__doc__, message="m", words=(b"a", b"b"), pattern=rb"a+"
)
'''


def test_what_a_source_states() -> None:
    entry = stated("x.catalog.two_words", "CODEMOD", STATED)
    assert entry is not None
    assert entry.name == "two-words"
    assert entry.words == (b"a", b"b")
    assert entry.pattern == rb"a+"
    assert entry.title == "The title."
    assert entry.options == {}


def test_a_source_with_computed_words_states_nothing() -> None:
    source = b"CODEMOD = Codemod(module=__name__, words=tuple(WORDS))"
    assert stated("x", "CODEMOD", source) is None


def test_words_come_before_the_pattern() -> None:
    entry = stated("x", "CODEMOD", STATED)
    assert entry is not None
    assert entry.wants(b"an a")
    assert not entry.wants(b"bbb")
    assert not entry.wants(b"nothing")


SEVERAL = b"""'The title.'
CODEMOD = Codemod(
    module=__name__, page=__doc__, message="m", words=(b"select",),
    pattern=rb"select a",
    beside=(b"execute", b"query"), also=(((b"cloud", b"local"), rb"result[(]"),),
)
"""


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"query('select a')", True),
        (b"select a", False),  # nothing beside it
        (b"query('select b')", False),
        (b"cloud.result()", True),
        (b"local.result()", True),
        (b"other.result()", False),
        (b"cloud.results()", False),
    ],
)
def test_words_may_need_others_beside_them(data: bytes, wanted: bool) -> None:
    entry = stated("x", "CODEMOD", SEVERAL)
    assert entry is not None
    assert entry.wants(data) is wanted
    assert entry.every_word == (b"select", b"cloud", b"local")


def test_every_catalog_module_is_an_entry_and_loads_as_one() -> None:
    for entry in entries():
        loaded = entry.load()
        assert (loaded.name, loaded.words) == (entry.name, entry.words)
        assert loaded.pattern == entry.pattern
        assert (loaded.beside, loaded.also) == (entry.beside, entry.also)
        assert dict(loaded.options) == dict(entry.options)
        assert entry.title


def test_names_may_be_one_several_or_all() -> None:
    known = entries()
    assert chosen("all", known) == known
    assert [entry.name for entry in chosen("shell-true, iterrows", known)] == [
        "iterrows",
        "shell-true",
    ]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("iterows", "no codemod is called 'iterows'; did you mean 'iterrows'?"),
        ("shell_true", "no codemod is called 'shell_true'; did you mean 'shell-true'?"),
        ("zzzzzz", "no codemod is called 'zzzzzz'; see `codemod list`"),
        (",", "no codemod is named; see `codemod list`"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(names: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        chosen(names, entries())
    assert str(caught.value) == message


def test_entry_points_are_codemods_too(tmp_path: Path) -> None:
    listed = codemod("list", cwd=tmp_path)
    assert listed.code == 0
    titles = dict(line.split(maxsplit=1) for line in listed.out.splitlines())
    assert titles["old-call"] == "A call of `old` becomes one of `new`."


def test_two_codemods_of_one_name_are_an_error_that_names_both(tmp_path: Path) -> None:
    plugin = tmp_path / "mine"
    (plugin / "mine-1.dist-info").mkdir(parents=True)
    (plugin / "mine-1.dist-info" / "METADATA").write_text("Name: mine\nVersion: 1\n")
    points = "[codemods]\nx = mine.iterrows\n"
    (plugin / "mine-1.dist-info" / "entry_points.txt").write_text(points)
    (plugin / "mine").mkdir()
    (plugin / "mine" / "__init__.py").touch()
    (plugin / "mine" / "iterrows.py").write_bytes(STATED)
    done = codemod("list", cwd=tmp_path, PYTHONPATH=f"{plugin}:{ROOT}")
    assert done.code == 2
    assert done.err == (
        "codemod: two codemods are called 'iterrows': "
        "codemods.catalog.iterrows and mine.iterrows\n"
    )


def test_an_entry_point_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    info = tmp_path / "gone-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: gone\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[codemods]\ngone = no_such_module\n")
    done = codemod("list", cwd=tmp_path, PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert done.code == 2
    assert "entry point 'gone' = 'no_such_module' cannot be loaded" in done.err


def test_a_module_without_literals_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PLUGIN))
    entry = described("old_call", "CODEMOD", None)
    assert (entry.name, entry.words) == ("old-call", (b"old",))


def test_the_catalog_is_found_in_a_zip_archive(tmp_path: Path) -> None:
    archive = tmp_path / "codemod.pyz"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("__main__.py", "from codemods.cli import main\nmain()\n")
        for file in (ROOT / "codemods").rglob("*"):
            if file.suffix in (".py", ".toml"):
                packed.write(file, file.relative_to(ROOT))
    done = subprocess.run(
        [sys.executable, "-S", str(archive), "list"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert b"iterrows" in done.stdout


OPTIONAL = b"""
CODEMOD = Codemod(
    module=__name__, words=(b"a",), options={"b": False}, only_with={"b": rb"b+"}
)
"""


def test_some_patterns_count_only_where_an_option_is_set() -> None:
    entry = stated("x", "CODEMOD", OPTIONAL)
    assert entry is not None
    assert not entry.wants(b"bb")
    assert entry.wants(b"bb", ("b",))
    assert entry.wants(b"a", ())
    assert not entry.wants(b"", ("b",))
