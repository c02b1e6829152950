"""The stand-ins for GitHub, started when a test wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.apps import App
from tests.bot.emulated import emulator
from tests.bot.hub import Hub, serving
from tests.bot.npm import description, graphql_schema, packages
from tests.bot.remote import Work, served
from tests.bot.test_run import ONE, TWO
from tests.bot.world import World


@pytest.fixture(autouse=True)
def at_full_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses between requests: nobody else uses this GitHub."""
    monkeypatch.setattr("bot.session.PACE", {"requests": 0, "writes": 0})


@pytest.fixture(scope="session")
def cache(request: pytest.FixtureRequest) -> Path:
    kept: Path = request.config.cache.mkdir("npm")
    return packages(kept)


@pytest.fixture(scope="session")
def openapi(cache: Path) -> Any:
    return description(cache)


@pytest.fixture(scope="session")
def schema(cache: Path) -> Any:
    return graphql_schema(cache)


@pytest.fixture(scope="session")
def app() -> App:
    return an_app()


def an_app() -> App:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048).private_bytes(
        form.Encoding.PEM, form.PrivateFormat.TraditionalOpenSSL, form.NoEncryption()
    )
    return App(12345, key.decode())


@contextmanager
def starting(
    folder: Path, cache: Path, openapi: Any, schema: Any, app: App
) -> Iterator[World]:
    folder.mkdir(exist_ok=True)
    work = Work(folder)
    work.write(app__one_py=ONE, app__two_py=TWO)
    work.push()
    with ExitStack() as stack:
        granted = dict.fromkeys(("contents", "issues", "pull_requests"), "write")
        granted |= {"checks": "write", "statuses": "read"}
        rights = {"permissions": {**granted, "metadata": "read"}}
        place = {"installation_id": 100, "account": "codemod", **rights}
        known = {"app_id": app.id, "slug": "codemod-app", "name": "codemod", **rights}
        seed = {**known, "private_key": app.key, "installations": [place]}
        emulated = stack.enter_context(emulator(cache, seed))
        hub = Hub(emulated, work.bare, openapi=openapi, schema=schema)
        api = stack.enter_context(serving(hub))
        root = stack.enter_context(served(folder, hub.tokens))
        hub.clone_url = f"{root}/remote.git"
        yield World(work, hub, api)
    assert hub.problems == []


@pytest.fixture
def started(
    tmp_path: Path, cache: Path, openapi: Any, schema: Any, app: App
) -> Callable[[], AbstractContextManager[World]]:
    """For a test that needs another one, to compare with."""
    return lambda: starting(tmp_path / "other", cache, openapi, schema, app)


@pytest.fixture
def world(
    tmp_path: Path, cache: Path, openapi: Any, schema: Any, app: App
) -> Iterator[World]:
    with starting(tmp_path, cache, openapi, schema, app) as world:
        yield world
