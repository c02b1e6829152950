"""The service's address: deliveries, monitoring, pages for who may sign in."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.service import monitoring
from bot.service.webhook import Webhook


def application(
    webhook: Webhook, numbers: CollectorRegistry, pages: Sequence[BaseRoute] = ()
) -> Starlette:
    routes = [*webhook.routes(numbers), *monitoring.routes(webhook.ready, numbers)]
    return Starlette(routes=[*routes, *pages])
