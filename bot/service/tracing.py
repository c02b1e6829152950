"""Spans, sent by OTLP over HTTP as OTEL_EXPORTER_OTLP_... say.

A trace is a delivery with its jobs, and its id follows from the delivery's: whichever
process goes on with a job, after whatever time, what it does comes to lie there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    get_current_span,
    set_span_in_context,
    use_span,
)

from codemods import __version__

NAME = "codemod-bot"
ROOT = "delivery"  # the name of the span that the others lie under
KINDS = {ROOT: SpanKind.SERVER, "job": SpanKind.CONSUMER}
About = Mapping[str, str | int]
Ids = tuple[int, int]  # of a trace and of the span at its root
_root: ContextVar[Ids | None] = ContextVar("root", default=None)


class Derived(RandomIdGenerator):
    """The ids of a root are given, all others are random."""

    def generate_trace_id(self) -> int:
        given = _root.get()
        return given[0] if given else super().generate_trace_id()

    def generate_span_id(self) -> int:
        given = _root.get()
        return given[1] if given else super().generate_span_id()


def tracing() -> Tracing:
    resource = Resource.create({"service.name": NAME, "service.version": __version__})
    provider = TracerProvider(resource=resource, id_generator=Derived())
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Tracing(provider)


@dataclass(frozen=True, slots=True)
class Tracing:
    provider: TracerProvider

    def root(self, delivery: str, began: int, about: About) -> None:
        """The span that all others of the delivery lie under, as it ends."""
        token = _root.set(ids_of(delivery))
        try:
            made = self.start(ROOT, Context(), {"delivery": delivery, **about}, began)
        finally:
            _root.reset(token)
        made.end()

    @contextmanager
    def span(self, name: str, delivery: str, about: About) -> Iterator[None]:
        # A delivery of several jobs has them as DELIVERY.0, DELIVERY.1 and so on.
        above = self.above(ids_of(delivery.partition(".")[0]))
        made = self.start(name, above, {"delivery": delivery, **about})
        with use_span(made, True, False, False):
            try:
                yield
            except BaseException as error:
                made.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def start(
        self, name: str, above: Context, about: About, began: int | None = None
    ) -> Span:
        kind = KINDS.get(name, SpanKind.INTERNAL)
        tracer = self.provider.get_tracer(NAME)
        return tracer.start_span(name, above, kind, attributed(about), start_time=began)

    def note(self, about: About) -> None:
        get_current_span().set_attributes(attributed(about))

    def above(self, ids: Ids) -> Context:
        """What a span of this trace lies under: what is done now, else the root."""
        now = get_current_span().get_span_context()
        if now.trace_id == ids[0]:
            return set_span_in_context(get_current_span())
        decided = self.provider.sampler.should_sample(None, ids[0], ROOT).decision
        sampled = decided is Decision.RECORD_AND_SAMPLE
        flags = TraceFlags(TraceFlags.SAMPLED if sampled else TraceFlags.DEFAULT)
        root = SpanContext(ids[0], ids[1], is_remote=True, trace_flags=flags)
        return set_span_in_context(NonRecordingSpan(root), Context())


def attributed(about: About) -> dict[str, str | int]:
    return {f"codemod.{name}": value for name, value in about.items() if value != ""}


def ids_of(delivery: str) -> Ids:
    made = sha256(delivery.encode()).digest()
    return int.from_bytes(made[:16]), int.from_bytes(made[16:24])
