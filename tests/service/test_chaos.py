"""A small version of the command that kills processes at random: with real looks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.npm import packages
from tests.service.chaos import chaos


def test_repositories_end_as_in_peace(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    cache = packages(request.config.cache.mkdir("npm"))
    found = chaos(tmp_path, cache, 2, seconds=6, between=(1.0, 2.0), stops=0.0)
    assert found.events["killed"] >= 2
    assert found.deliveries >= 3
    assert found.pulls >= 1
    assert (found.not_done, found.wrong) == (0, ())
