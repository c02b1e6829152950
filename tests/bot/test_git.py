"""The git adapter against a real server, and repositories that mean harm."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.mirrors import mirror
from bot.model import File
from bot.ports import Lost, Refused, Trouble
from tests.bot.remote import TOKEN, Work, git, served

MESSAGE = f"refactor(iterrows): x\n\nCodemod-Result: {'a' * 32}\n"


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(tmp_path)


@pytest.fixture
def url(work: Work, tmp_path: Path) -> Iterator[str]:
    with served(tmp_path) as root:
        yield f"{root}/remote.git"


def test_a_commit_is_made_and_pushed_over_http(
    work: Work, url: str, tmp_path: Path
) -> None:
    work.write(app__a_py="a = 1\n", b_py="b = 1\n")
    (work.path / "app" / "a.py").chmod(0o755)
    tip = work.push()
    with mirror(str(tmp_path / "cache"), url, TOKEN) as here:
        heads = here.heads()
        assert (heads.default, dict(heads.tips)) == ("main", {"main": tip})
        base = here.base("main", tip)
        assert base.time == 1_700_000_000
        head = here.commit(base, [File("app/a.py", b"a = 2\n")], MESSAGE)
        assert here.commit(base, [File("app/a.py", b"a = 2\n")], MESSAGE) == head
        here.push("codemod/iterrows", head, None)
    assert work.tips()["codemod/iterrows"] == head
    assert git(work.bare, "rev-parse", f"{head}^") == tip
    assert git(work.bare, "diff", "--raw", tip, head).split()[:2] == [
        ":100755",
        "100755",
    ]
    assert work.show(head, "app/a.py") == "a = 2"
    assert work.show(head, "b.py") == "b = 1"


def test_whose_branch_it_is(work: Work, url: str, tmp_path: Path) -> None:
    work.write(a_py="a = 1\n")
    tip = work.push()
    with mirror(str(tmp_path / "cache"), url, TOKEN) as here:
        base = here.base("main", tip)
        head = here.commit(base, [File("a.py", b"a = 2\n")], MESSAGE)
        here.push("codemod/iterrows", head, None)
    git(work.path, "fetch", "-q", "origin", "codemod/iterrows")
    git(work.path, "checkout", "-q", "-B", "mine", "FETCH_HEAD")
    work.write(a_py="a = 3\n")
    theirs = work.push("codemod/iterrows")
    with mirror(str(tmp_path / "other"), url, TOKEN) as here:
        ours = here.branch("codemod/iterrows", head)
        assert (ours.ours, ours.result) == (True, "a" * 32)
        assert not here.branch("codemod/iterrows", theirs).ours
        with pytest.raises(Lost):
            here.push("codemod/iterrows", head, head)
        with pytest.raises(Lost):
            here.push("codemod/iterrows", head, None)
        with pytest.raises(Lost):
            here.delete("codemod/iterrows", head)
        assert work.tips()["codemod/iterrows"] == theirs
        here.delete("codemod/iterrows", theirs)
    assert "codemod/iterrows" not in work.tips()


def test_a_hostile_repository(work: Work, url: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text("password = 1\n")
    ran = tmp_path / "ran"
    work.write(a_py="a = 1\n", pyproject="", big_py="x = 1\n" * 200_000)
    (work.path / ".gitattributes").write_text("*.py filter=evil\n")
    (work.path / "link.py").symlink_to(secret)
    (work.path / "folder").symlink_to(tmp_path)
    tip = work.push()
    info = f"160000 {tip}\tsub.py\n"
    git(work.path, "update-index", "--index-info", stdin=info.encode())
    git(work.path, "commit", "-q", "-m", "submodule")
    git(work.path, "push", "-q", "origin", "HEAD:refs/heads/main")
    tip = git(work.path, "rev-parse", "HEAD")
    folder = tmp_path / "out"
    with mirror(str(tmp_path / "cache"), url, TOKEN) as here:
        here.git.run("config", "filter.evil.smudge", f"touch {ran}")
        here.git.run("config", "filter.evil.clean", f"touch {ran}")
        hook = Path(here.path) / "hooks" / "reference-transaction"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
        hook.chmod(0o755)
        base = here.base("main", tip)
        paths = here.export(tip, str(folder))
        head = here.commit(base, [File("a.py", b"a = 2\n")], MESSAGE)
        here.push("codemod/iterrows", head, None)
    assert {"a.py", "link.py", "big.py", "folder"} <= set(paths)
    assert sorted(p.name for p in folder.iterdir()) == [".git", "a.py"]
    assert not ran.exists()
    assert git(work.bare, "diff", "--name-only", tip, head) == "a.py"


def test_a_wrong_token_is_refused_and_never_shown(
    work: Work, url: str, tmp_path: Path
) -> None:
    work.write(a_py="a = 1\n")
    work.push()
    wrong = "ghs_wrongwrongwrong"
    with (
        pytest.raises(Trouble) as error,
        mirror(str(tmp_path / "cache"), url, wrong) as here,
    ):
        here.heads()
    assert "Authentication failed" in str(error.value)
    assert wrong not in repr(error.value)
    assert error.value.__context__ is None


def test_the_token_is_written_nowhere(work: Work, url: str, tmp_path: Path) -> None:
    work.write(a_py="a = 1\n")
    tip = work.push()
    cache = tmp_path / "cache"
    with mirror(str(cache), url, TOKEN) as here:
        base = here.base("main", tip)
        head = here.commit(base, [File("a.py", b"a = 2\n")], MESSAGE)
        here.push("codemod/iterrows", head, None)
        private = here.git.folder
        with pytest.raises(Trouble):
            here.base("main", "f" * 40)
        places = [cache, Path(private)]
        files = [p for place in places for p in place.rglob("*") if p.is_file()]
        assert len(files) > 5
        assert not [p for p in files if TOKEN.encode() in p.read_bytes()]
        assert os.stat(private).st_mode & 0o077 == 0
    assert not os.path.exists(private)


def test_an_empty_repository_has_no_default(
    work: Work, url: str, tmp_path: Path
) -> None:
    with mirror(str(tmp_path / "cache"), url, TOKEN) as here:
        assert here.heads().default == ""


def test_credentials_in_a_url_are_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(Trouble, match="credentials in a URL"),
        mirror(str(tmp_path), "https://me:secret@example.org/a.git"),
    ):
        pass


def test_a_push_that_a_rule_refuses(work: Work, url: str, tmp_path: Path) -> None:
    work.write(a_py="a = 1\n")
    tip = work.push()
    hook = work.bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'GH013: Repository rule violations' >&2\nexit 1\n")
    hook.chmod(0o755)
    with mirror(str(tmp_path / "cache"), url, TOKEN) as here:
        base = here.base("main", tip)
        head = here.commit(base, [File("a.py", b"a = 2\n")], MESSAGE)
        with pytest.raises(Refused, match="GH013: Repository rule violations"):
            here.push("codemod/iterrows", head, None)
