"""The service's address: deliveries, monitoring, pages for who may sign in."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
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
    metrics_token: str = "",
) -> ASGIApp:
    """Pages are there for who signs in, and not at all without sign-in."""
    shown = [style_route(), *signin.routes(sign_in), *pages] if sign_in else []
    found = Starlette(
        routes=[
            *webhook.routes(numbers),
            *monitoring.routes(webhook.trouble, numbers, metrics_token),
            description(),
            *shown,
        ]
    )
    # It would send people to wherever the Host header says.
    found.router.redirect_slashes = False
    if sign_in is None:
        return Shield(found, https=False, log=webhook.log)
    https = sign_in.ways.site.secure
    return Shield(Door(found, sign_in), https=https, log=webhook.log)


def description() -> Route:
    """`/openapi.json`: what may be asked here, and how it is answered."""
    text = resources.files("bot.service").joinpath("openapi.json").read_bytes()

    async def described(request: Request) -> Response:
        return Response(text, media_type="application/json")

    return Route("/openapi.json", described)
