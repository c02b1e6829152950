"""Sign-in: with GitHub, or with one admin token. Who is signed in is a Viewer."""

from __future__ import annotations

from bot.service.signin.door import Door, who
from bot.service.signin.given import SignIn, Ways, asked_for
from bot.service.signin.pages import routes

__all__ = ["Door", "SignIn", "Ways", "asked_for", "routes", "who"]
