"""The service's address: deliveries, monitoring, pages for who may sign in."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from bot.service import monitoring, signin
from bot.service.pages.layout import style_route
from bot.service.shield import Shield
from bot.service.signin import Door, SignIn
from bot.service.webhook import Webhook


def application(
    webhook: Webhook,
    numbers: CollectorRegistry,
    sign_in: SignIn | None = None,
    pages: Sequence[BaseRoute] = (),
) -> ASGIApp:
    """Pages are there for who signs in, and not at all without sign-in."""
    routes = [*webhook.routes(numbers), *monitoring.routes(webhook.trouble, numbers)]
    if sign_in is None:
        return Shield(site(routes), https=False, log=webhook.log)
    inside = site([*routes, style_route(), *signin.routes(sign_in), *pages])
    https = sign_in.ways.site.secure
    return Shield(Door(inside, sign_in), https=https, log=webhook.log)


def site(routes: Sequence[BaseRoute]) -> Starlette:
    found = Starlette(routes=routes)
    # It would send people to wherever the Host header says.
    found.router.redirect_slashes = False
    return found
