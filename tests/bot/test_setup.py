"""An App is registered by a manifest: in a real browser, and what may go wrong."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.access import Installed, access
from bot.addresses import web_of
from bot.apps import App
from bot.credentials import load
from bot.ports import Trouble
from bot.settings import SettingsError
from bot.setup.conversion import registered
from bot.setup.manifest import registration
from tests.bot.registering import Registry, registering
from tests.reports.browser import browser, needed

URL = "https://bot.example.org"


@contextmanager
def setting_up(
    folder: Path, github: str, *more: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command, which would make files for everybody, and its page's address."""
    given = ("--url", URL, "--github-url", github, "--name", "Acme codemod", *more)
    command = [sys.executable, "-m", "bot", "setup", *given]
    process = subprocess.Popen(
        [*command, "--credentials", str(folder / "app.env")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        umask=0,
        env={k: v for k, v in os.environ.items() if "DISPLAY" not in k},
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().rpartition(" ")[2].strip()
    finally:
        process.kill()
        process.communicate()


def get(address: str, **headers: str) -> tuple[int, str]:
    asked = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(asked) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
def registry(app: App, openapi: Any) -> Registry:
    return Registry(app, openapi)


@needed
def test_a_person_clicks_through(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = ("--organization", "acme")
    with (
        registering(registry) as github,
        browser() as started,
        setting_up(tmp_path, github, *more) as (process, address),
    ):
        page = started.new_page()
        page.set_default_timeout(120_000)  # ms
        page.goto(address)
        page.get_by_role("button", name="Go to GitHub").click()
        page.get_by_role("button", name="Create GitHub App").click()
        page.get_by_role("heading", name="The App is registered").wait_for()
        out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    file, key = tmp_path / "app.env", tmp_path / "app.pem"
    assert out.splitlines() == [
        f"Its credentials: {file}, {key} (yours alone)",
        f"Install the App: {github}/apps/acme-codemod/installations/new",
        f"Start its service: codemod-bot serve --credentials {file}",
    ]
    ((path, manifest),) = registry.asked
    assert path == "/organizations/acme/settings/apps/new"
    assert manifest["hook_attributes"] == {"url": f"{URL}/webhook", "active": True}
    assert manifest["public"] is False
    assert manifest["default_permissions"] == {
        "checks": "write",
        "contents": "write",
        "issues": "write",
        "metadata": "read",
        "pull_requests": "write",
        "statuses": "read",
    }
    # Installations tell of themselves; a manifest that asks for that is refused.
    assert manifest["default_events"] == [
        "check_suite",
        "issue_comment",
        "pull_request",
        "push",
        "repository",
    ]
    for each in (file, key):
        assert stat.S_IMODE(each.stat().st_mode) == 0o600
    assert {each.name for each in tmp_path.iterdir()} == {"app.env", "app.pem"}
    assert registry.app.key == key.read_text()
    found: dict[str, str] = {}
    monkeypatch.setattr(os, "environ", found)
    load(str(file), found)
    assert found["CODEMOD_LOGIN"] == "acme-codemod[bot]"
    assert found["CODEMOD_GITHUB_URL"] == github
    assert len(found["CODEMOD_WEBHOOK_SECRET"]) == 40
    assert len(found["CODEMOD_SESSION_SECRET"]) >= 32
    known = access(github)
    assert isinstance(known, Installed)
    assert (known.app.id, known.app.key) == (registry.app.id, registry.app.key)


def test_what_comes_back_wrongly_writes_nothing(
    registry: Registry, tmp_path: Path
) -> None:
    with (
        registering(registry) as github,
        setting_up(tmp_path, github) as (process, address),
    ):
        status, start = get(address)
        assert status == 200
        state = urllib.parse.unquote(start.partition("state=")[2].partition("&")[0])
        state = state.partition("'")[0].partition("&#x27;")[0]
        assert len(state) >= 32
        back = f"{address}/registered?code=abc&state="
        for other in ("", "x" * 43, "%C3%A9"):
            status, said = get(f"{back}{other}")
            assert status == 403
            assert "Nothing was written" in said
        # A page of somebody else's, under whose name this machine answers.
        assert get(f"{back}{state}", Host="evil.example")[0] == 403
        assert get(address, Host="evil.example:80")[1].count(state) == 0
        status, said = get(f"{back}{state}")
        assert (status, "not valid any more" in said) == (502, True)
        assert get(f"{address}/etc/passwd")[0] == 404
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=120)
    assert process.returncode == 3
    assert err.splitlines() == [
        "codemod-bot: the code is not valid any more; start again",
        "codemod-bot: stopped: no credentials were written",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "app.pem").write_text("mine")
    path = str(tmp_path / "app.env")
    assert cli.main(["setup", "--url", URL, "--credentials", path]) == cli.USAGE
    told = f"codemod-bot: {tmp_path}/app.pem is there already; --force replaces it\n"
    assert capsys.readouterr().err == told
    elsewhere = str(tmp_path / "none" / "app.env")
    assert cli.main(["setup", "--url", URL, "--credentials", elsewhere]) == cli.USAGE


def test_nobody_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.setup.command.PATIENCE", 0.01)
    monkeypatch.delenv("DISPLAY", raising=False)
    path = str(tmp_path / "app.env")
    assert cli.main(["setup", "--url", URL, "--credentials", path]) == cli.FAILED
    assert "nobody came back from GitHub" in capsys.readouterr().err


def example(cache: Path) -> dict[str, Any]:
    """What GitHub's own description gives as the answer."""
    components = json.loads((cache / "openapi.json").read_text())["components"]
    found: dict[str, Any] = components["examples"]["integration-from-manifest"]["value"]
    return found


def test_githubs_own_example_is_understood(cache: Path) -> None:
    app = registered(example(cache))
    assert (app.id, app.slug, app.login) == (1, "octoapp", "octoapp[bot]")
    assert app.page == "https://github.com/apps/octoapp"
    assert app.key.startswith("-----BEGIN RSA PRIVATE KEY-----\n")
    for secret in (app.key, app.client_secret, app.webhook_secret):
        assert secret not in repr(app)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", True),
        ("id", "1"),
        ("slug", "a b"),
        ("webhook_secret", None),
        ("webhook_secret", "x\nPATH=/tmp"),
        ("client_secret", "$(id)"),
        ("pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        ("html_url", ["https://github.com"]),
    ],
)
def test_another_answer_is_named_and_not_shown(
    cache: Path, name: str, value: object
) -> None:
    with pytest.raises(Trouble) as caught:
        registered({**example(cache), name: value})
    assert str(caught.value) == f"GitHub's answer has no `{name}` as it should be"


def test_the_permissions_are_ones_that_github_knows(cache: Path) -> None:
    schemas = json.loads((cache / "openapi.json").read_text())["components"]["schemas"]
    known = schemas["app-permissions"]["properties"]
    asked = registration("x", URL, "https://api.github.com", "").manifest("")
    for name, right in asked["default_permissions"].items():
        assert right in known[name]["enum"]


@pytest.mark.parametrize(
    ("api", "web"),
    [
        ("https://api.github.com", "https://github.com"),
        ("https://ghe.acme.org/api/v3", "https://ghe.acme.org"),
        ("https://api.acme.ghe.com", "https://acme.ghe.com"),
        ("http://127.0.0.1:4000", "http://127.0.0.1:4000"),
        ("https://api.example.org/api/v3", "https://api.example.org"),
    ],
)
def test_the_pages_of_an_api(api: str, web: str) -> None:
    assert web_of(api) == web


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"url": "bot.example.org"}, "--url: write https://HOST"),
        ({"url": f"{URL}/?a=b"}, "--url: write the address alone"),
        ({"url": "https://me:secret@bot.example.org"}, "write the address alone"),
        ({"url": "http://localhost:8080"}, "GitHub cannot reach localhost"),
        ({"url": "http://192.168.1.2"}, "GitHub cannot reach 192.168.1.2"),
        ({"name": "n" * 35}, "--name: an App's name has 1 to 34 characters"),
        ({"organization": "../evil"}, "--organization: no account is called"),
        ({"api": "api.github.com"}, "--github-url: write https://HOST/api/v3"),
    ],
)
def test_what_github_would_refuse(given: dict[str, str], told: str) -> None:
    good = {"name": "x", "url": URL, "api": "https://api.github.com"}
    with pytest.raises(SettingsError, match=told):
        registration(**{"organization": "", **good, **given})


def test_another_github_may_reach_this_machine() -> None:
    asked = registration("x", "http://localhost:8080/", "http://127.0.0.1:4000", "")
    assert asked.manifest("")["hook_attributes"]["url"] == (
        "http://localhost:8080/webhook"
    )
