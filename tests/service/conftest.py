"""What comes from npm, and databases, for the service's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.apps import App
from bot.service.ledger import Ledger
from bot.service.ledger.tables import TABLES
from tests.bot.conftest import an_app
from tests.bot.npm import description, packages
from tests.service.postgres import postgres


@pytest.fixture(scope="session")
def cache(request: pytest.FixtureRequest) -> Path:
    kept: Path = request.config.cache.mkdir("npm")
    return packages(kept)


@pytest.fixture(scope="session")
def openapi(cache: Path) -> Any:
    return description(cache)


@pytest.fixture(scope="session")
def app() -> App:
    return an_app()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL."""
    with postgres() as started:
        yield started.url


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """An empty one, in each kind of database."""
    url = f"sqlite:///{tmp_path / 'service.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("server")
    made = Ledger(url)
    yield made
    TABLES.drop_all(made.engine)
    made.engine.dispose()
