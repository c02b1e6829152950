"""Where GitHub is: its pages, by the address of its API."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.settings import SettingsError

PUBLIC = "github.com"


def web_of(api: str) -> str:
    """Where people look at the GitHub of an API: github.com, GHE.com or a server.

    Raises SettingsError for what is no address.
    """
    parts = urlsplit(api)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingsError(f"--github-url: write https://HOST/api/v3, not {api!r}")
    host = parts.netloc
    if host == f"api.{PUBLIC}" or (
        host.startswith("api.") and host.endswith(".ghe.com")
    ):
        host = host.removeprefix("api.")
    return f"{parts.scheme}://{host}"
