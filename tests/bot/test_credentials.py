"""The credentials' file: for nobody else's eyes, whole or not there, and read back."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bot.cli import USAGE, main
from bot.credentials import check_free, load, write
from bot.settings import SettingsError

VALUES = {"CODEMOD_APP_ID": "7", "CODEMOD_WEBHOOK_SECRET": "hush"}


def test_it_is_private_before_anything_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def looked(handle: int) -> None:
        seen.append(stat.S_IMODE(os.fstat(handle).st_mode))

    monkeypatch.setattr(os, "fsync", looked)
    before = os.umask(0)
    try:
        write(str(tmp_path / "app.env"), VALUES, "key", False)
    finally:
        os.umask(before)
    assert seen == [0o600, 0o600]


def test_it_is_replaced_only_on_demand(tmp_path: Path) -> None:
    path = str(tmp_path / "app.env")
    write(path, VALUES, "key", False)
    with pytest.raises(SettingsError, match="is there already"):
        check_free(path, False)
    with pytest.raises(SettingsError, match="exists"):
        write(path, VALUES, "other", False)
    assert (tmp_path / "app.pem").read_text() == "key"
    check_free(path, True)
    (tmp_path / "app.pem").chmod(0o644)
    write(path, VALUES, "other", True)
    assert (tmp_path / "app.pem").read_text() == "other"
    assert stat.S_IMODE((tmp_path / "app.pem").stat().st_mode) == 0o600
    assert len(list(tmp_path.iterdir())) == 2


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "app.env").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SettingsError, match="is there already"):
        check_free(str(tmp_path / "app.env"), False)
    write(str(tmp_path / "app.env"), VALUES, "key", True)
    assert not (tmp_path / "elsewhere").exists()


def test_files_that_were_moved_together(tmp_path: Path) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    write(str(tmp_path / "here" / "app.env"), VALUES, "key", False)
    found: dict[str, str] = {"CODEMOD_APP_ID": "another App's"}
    load(str(tmp_path / "here" / "app.env"), found)
    here = str(tmp_path / "here" / "app.pem")
    assert found == {**VALUES, "CODEMOD_PRIVATE_KEY_FILE": here}
    for name in ("app.env", "app.pem"):
        (tmp_path / "here" / name).rename(tmp_path / "there" / name)
    load(str(tmp_path / "there" / "app.env"), found)
    assert found["CODEMOD_PRIVATE_KEY_FILE"] == str(tmp_path / "there" / "app.pem")


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o660, 0o602])
@pytest.mark.parametrize("name", ["app.env", "app.pem"])
def test_what_others_may_read_is_refused(tmp_path: Path, name: str, mode: int) -> None:
    write(str(tmp_path / "app.env"), VALUES, "key", False)
    (tmp_path / name).chmod(mode)
    told = f"{name}: others may .*: chmod 600 "
    with pytest.raises(SettingsError, match=told):
        load(str(tmp_path / "app.env"), {})
    (tmp_path / name).chmod(0o440)  # as systemd hands them on
    load(str(tmp_path / "app.env"), {})


def test_lines_as_systemd_and_docker_know_them(tmp_path: Path) -> None:
    path = tmp_path / "app.env"
    path.write_text("# an App\n\nA='b c'\nD=\"e\"\nF=g=h\nI=\n")
    path.chmod(0o600)
    found: dict[str, str] = {}
    load(str(path), found)
    assert found == {"A": "b c", "D": "e", "F": "g=h", "I": ""}


def test_a_mistake_is_told_without_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "app.env"
    path.write_text("CODEMOD_APP_ID=1\nhush hush\n")
    path.chmod(0o600)
    assert main(["run", "acme/data", "--credentials", str(path)]) == USAGE
    assert capsys.readouterr().err == f"codemod-bot: {path}: line 2: write NAME=value\n"
    assert main(["serve", "--credentials", str(tmp_path / "no")]) == USAGE
    assert "No such file" in capsys.readouterr().err
