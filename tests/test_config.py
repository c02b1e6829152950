"""`[tool.codemod]`: where it is looked for, what may stand in it, what it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from codemods.config import load
from codemods.names import UsageError
from codemods.registry import Entry
from tests.command import codemod, repository

OLD = Entry(
    name="old-call",
    module="old_call",
    words=(b"old",),
    pattern=None,
    page="",
    options={"target": "new", "limit": 3, "strict": False, "skip": ("a", "b")},
)
KNOWN = (OLD, OLD._replace(name="iterrows", options={"assume-mixed-dtypes": False}))


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(text: str, name: str = "pyproject.toml") -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_without_a_file_everything_is_as_it_is() -> None:
    config = load(["."], KNOWN)
    assert config.root == str(Path.cwd())
    assert (config.select, config.unsafe, config.options) == (None, False, {})
    assert not config.excludes("a.py")


def test_every_key() -> None:
    write(
        """
        [tool.codemod]
        select = ["old-call"]
        exclude = ["gen/**"]
        unsafe-fixes = true
        [tool.codemod.old-call]
        target = "newer"
        limit = 5
        strict = true
        skip = ["c"]
        """
    )
    config = load(["."], KNOWN)
    assert config.select == ("old-call",)
    assert config.unsafe
    assert config.excludes("gen/a.py")
    assert not config.excludes("a.py")
    assert config.options["old-call"] == {
        "target": "newer",
        "limit": 5,
        "strict": True,
        "skip": ("c",),
    }


def test_later_overrides_win() -> None:
    write(
        """
        [tool.codemod.old-call]
        target = "newer"
        limit = 5
        [[tool.codemod.overrides]]
        paths = ["scripts/**"]
        unsafe-fixes = true
        select = ["old-call"]
        old-call = { limit = 7 }
        [[tool.codemod.overrides]]
        paths = ["scripts/legacy"]
        select = []
        old-call.limit = 9
        """
    )
    config = load(["."], KNOWN)
    plain, script = config.of("a.py"), config.of("scripts/a.py")
    legacy = config.of("scripts/legacy/a.py")
    assert (plain.select, plain.unsafe) == (None, False)
    assert (script.select, script.unsafe) == (("old-call",), True)
    assert script.options["old-call"] == {"target": "newer", "limit": 7}
    assert (legacy.select, legacy.unsafe) == ((), True)
    assert legacy.options["old-call"] == {"target": "newer", "limit": 9}


def test_the_nearest_file_with_the_table_counts() -> None:
    write("[tool.codemod]\nunsafe-fixes = true\n")
    write("[tool.ruff]\n", "pkg/pyproject.toml")
    write("[tool.codemod]\nselect = []\n", "pkg/deep/pyproject.toml")
    Path("pkg/deep/more").mkdir()
    assert load(["pkg"], KNOWN).unsafe
    assert load(["pkg/deep/more"], KNOWN).root == str(Path("pkg/deep").absolute())
    assert load(["pkg/deep/more", "pkg"], KNOWN).root == str(Path.cwd())


def test_a_repository_does_not_look_beyond_its_root() -> None:
    write("[tool.codemod]\nunsafe-fixes = true\n")
    Path("repo/pkg").mkdir(parents=True)
    repository(Path("repo"))
    config = load(["repo/pkg"], KNOWN)
    assert not config.unsafe
    assert config.root == str(Path("repo").absolute())


def test_patterns_start_at_the_file() -> None:
    write('[tool.codemod]\nexclude = ["gen/*.py"]\n', "pkg/pyproject.toml")
    config = load(["pkg"], KNOWN)
    assert config.excludes("pkg/gen/a.py")
    assert not config.excludes("gen/a.py")


def test_a_broken_file_that_is_not_about_us_is_not_our_matter() -> None:
    write("[tool.ruff\n")
    assert load(["."], KNOWN).root == str(Path.cwd())


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("exclud = []", "[tool.codemod] has no key 'exclud'; did you mean 'exclude'?"),
        (
            "iterrow = {}",
            "[tool.codemod] has no key 'iterrow'; did you mean 'iterrows'?",
        ),
        ("line-length = 88", "[tool.codemod] has no key 'line-length'"),
        (
            "old-call.limits = 1",
            "[tool.codemod.old-call] has no key 'limits'; did you mean 'limit'?",
        ),
        (
            'old-call.limit = "1"',
            "[tool.codemod.old-call] limit must be a whole number, not '1'",
        ),
        (
            "old-call.limit = true",
            "[tool.codemod.old-call] limit must be a whole number, not True",
        ),
        (
            "old-call.strict = 1",
            "[tool.codemod.old-call] strict must be true or false, not 1",
        ),
        (
            "old-call.target = 1",
            "[tool.codemod.old-call] target must be a string, not 1",
        ),
        (
            "old-call.skip = [1]",
            "[tool.codemod.old-call] skip must be a list of strings, not [1]",
        ),
        ("old-call = 1", "[tool.codemod.old-call] must be a table, not 1"),
        (
            'select = ["old"]',
            "select: no codemod is called 'old'; did you mean 'old-call'?",
        ),
        (
            'select = "old-call"',
            "[tool.codemod] select must be a list of strings, not 'old-call'",
        ),
        ("overrides = 1", "write overrides as [[tool.codemod.overrides]]"),
        ("overrides = [{}]", "[[tool.codemod.overrides]] needs paths"),
        (
            'overrides = [{paths = ["a"], exclude = []}]',
            "[tool.codemod.overrides] has no key 'exclude'",
        ),
        (
            'overrides = [{paths = ["a"], select = ["x"]}]',
            "select: no codemod is called 'x'",
        ),
    ],
)
def test_what_does_not_fit_is_named_with_its_file(table: str, message: str) -> None:
    write(f"[tool.codemod]\n{table}\n")
    with pytest.raises(UsageError) as caught:
        load(["."], KNOWN)
    assert str(caught.value) == f"pyproject.toml: {message}"


def test_a_table_of_another_shape() -> None:
    write("tool.codemod = 1\n")
    with pytest.raises(UsageError, match=r"\[tool.codemod\] must be a table, not 1"):
        load(["."], KNOWN)


def test_a_given_file_counts_alone() -> None:
    write("[tool.codemod]\nunsafe-fixes = true\n")
    write("select = ['old-call']\n", "mine.toml")
    config = load(["."], KNOWN, "mine.toml")
    assert (config.select, config.unsafe) == (("old-call",), False)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("pyproject.toml", "[tool.x]", "pyproject.toml: has no [tool.codemod] table"),
        ("setup.cfg", "[flake8]\na = b", "setup.cfg: not TOML: "),
        ("ruff.toml", "line-length = 88", "ruff.toml: [tool.codemod] has no key 'line"),
        ("latin.toml", b"# \xe9", "latin.toml: not TOML: "),
    ],
)
def test_a_given_file_of_another_tool(
    name: str, text: str | bytes, message: str
) -> None:
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageError) as caught:
        load(["."], KNOWN, name)
    assert str(caught.value).startswith(message)


def test_a_given_file_that_is_not_there() -> None:
    with pytest.raises(UsageError) as caught:
        load(["."], KNOWN, "no.toml")
    assert str(caught.value) == "no.toml: No such file or directory"


def test_settings_take_the_place_of_what_the_file_says() -> None:
    write("[tool.codemod.old-call]\nlimit = 5\nstrict = true\n")
    settings = (
        *("old-call.limit=-10000", "old-call.target=a = b", "old-call.skip=x, y"),
        *("unsafe-fixes=true", "select=old-call", "exclude=gen/**,out"),
    )
    config = load(["."], KNOWN, settings=settings)
    assert config.options["old-call"] == {
        "limit": -10000,
        "strict": True,
        "target": "a = b",
        "skip": ("x", "y"),
    }
    assert (config.unsafe, config.select) == (True, ("old-call",))
    assert config.excludes("out/a.py")
    assert load(["."], KNOWN).text != config.text


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("old-call.limit", "write KEY=VALUE or CODEMOD.KEY=VALUE"),
        ("old-call=1", "write KEY=VALUE or CODEMOD.KEY=VALUE"),
        ("unsafe-fixes.x=1", "write KEY=VALUE or CODEMOD.KEY=VALUE"),
        ("old-call.limit=many", "must be a whole number, not 'many'"),
        ("old-call.strict=yes", "must be true or false, not 'yes'"),
        ("old-cal.limit=1", "there is no key 'old-cal'; did you mean 'old-call'?"),
        (
            "old-call.limits=1",
            "--set old-call.limits=1: there is no key 'limits'; did you mean 'limit'?",
        ),
        ("select=old", "no codemod is called 'old'; did you mean 'old-call'?"),
    ],
)
def test_a_setting_that_does_not_fit(setting: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(["."], KNOWN, settings=[setting])
    assert str(caught.value).startswith("--set")
    assert str(caught.value).endswith(message)


def test_the_command_obeys_its_config(tmp_path: Path) -> None:
    write(
        """
        [tool.codemod]
        exclude = ["gen.py"]
        [tool.codemod.old-call]
        target = "newer"
        [[tool.codemod.overrides]]
        paths = ["left.py"]
        select = []
        [[tool.codemod.overrides]]
        paths = ["brave.py"]
        unsafe-fixes = true
        """
    )
    for name in ("a.py", "gen.py", "left.py", "brave.py"):
        Path(name).write_text("old(1, 2)\nold(1)\n")
    done = codemod("run", "old-call", cwd=tmp_path)
    assert done.code == 0
    assert Path("a.py").read_text() == "old(1, 2)\nnewer(1)\n"
    assert Path("gen.py").read_text() == "old(1, 2)\nold(1)\n"
    assert Path("left.py").read_text() == "old(1, 2)\nold(1)\n"
    assert Path("brave.py").read_text() == "newer(1, 2)\nnewer(1)\n"


def test_all_stands_for_what_the_config_selects(tmp_path: Path) -> None:
    write('[tool.codemod]\nselect = ["iterrows"]\n')
    Path("a.py").write_text("old(1)\n")
    assert codemod("run", "all", "--check", cwd=tmp_path).code == 0
    assert codemod("run", "old-call", "--check", cwd=tmp_path).code == 1


def test_an_error_of_the_config_ends_with_2_before_anything_is_done(
    tmp_path: Path,
) -> None:
    write("[tool.codemod.old-call]\ntarge = 1\n")
    Path("a.py").write_text("old(1)\n")
    done = codemod("run", "old-call", cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "codemod: pyproject.toml: [tool.codemod.old-call] has no key 'targe'; "
        "did you mean 'target'?\n"
    )
    assert Path("a.py").read_text() == "old(1)\n"
