"""What comes from npm, for the service's tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.apps import App
from tests.bot.conftest import an_app
from tests.bot.npm import description, packages


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
