"""The pages of the service as it runs: behind its sign-in, over its own jobs."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.reports.browser import browser, needed
from tests.service.processes import serving

TOKEN = "a token for the admin of this test"


@needed
def test_an_admin_signs_in_tries_a_job_again_and_signs_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEMOD_ADMIN_TOKEN", TOKEN)
    said: list[str] = []
    with serving(tmp_path) as service, browser() as started:
        assert service.deliver("acme/final")[0] == 202
        assert service.settles(1) == ["acme/final"]
        page = started.new_page()
        page.on("console", lambda each: said.append(f"{each.type}: {each.text}"))
        page.goto(f"http://127.0.0.1:{service.port}/jobs?state=failed")
        page.get_by_label("Admin token").fill(TOKEN)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Jobs")
        expect(page.get_by_role("row", name="acme/final")).to_contain_text("archived")
        page.get_by_role("button", name="Retry acme/final").click()
        assert len(service.settles(2)) == 2
        page.goto(f"http://127.0.0.1:{service.port}/jobs?state=failed")
        expect(page.get_by_text("2 jobs")).to_be_visible()
        page.get_by_role("link", name="Repositories", exact=True).click()
        expect(page.get_by_role("row", name="acme/final")).to_contain_text("failed")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert [each for each in said if each.startswith(("error", "warning"))] == []
