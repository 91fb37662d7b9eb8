"""OpenTelemetry traces of a run: a span for the run, one a stage, and in those the spans of Prefect's tasks.

Prefect makes a span of every task run, batches and gates among them, as soon as there is somebody to send it to.
Nothing is imported, let alone sent, unless `traces.endpoint` is set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

SEND_SECONDS = 5
"""How long a run waits for a collector that does not answer."""

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")
_provider: TracerProvider | None = None


@contextmanager
def exported(endpoint: str | None, run_id: str, version: str) -> Iterator[None]:
    """Send the spans of the block to an OTLP collector, under one span of the run; without `endpoint` do nothing."""
    if endpoint is None:
        yield
        return
    provider = _sender(endpoint, version)
    try:
        with provider.get_tracer("onrecord").start_as_current_span(
            "run", attributes={"onrecord.run_id": run_id}
        ):
            yield
    finally:
        provider.force_flush(SEND_SECONDS * 1000)


def span(work: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """Make a span of every call, named after the function."""

    @wraps(work)
    def traced(*args: _Given.args, **kwargs: _Given.kwargs) -> _Made:
        if _provider is None:
            return work(*args, **kwargs)
        name = getattr(work, "__name__", "work")
        with _provider.get_tracer("onrecord").start_as_current_span(name):
            return work(*args, **kwargs)

    return traced


def note(**attributes: str | int | float) -> None:
    """Add attributes to the span under way."""
    if _provider is not None:
        from opentelemetry import trace

        trace.get_current_span().set_attributes(
            {f"onrecord.{name}": value for name, value in attributes.items()}
        )


def _sender(endpoint: str, version: str) -> TracerProvider:
    """The provider of this process; OpenTelemetry takes only one."""
    global _provider
    if _provider is None:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        told = {"service.name": "onrecord", "service.version": version}
        _provider = TracerProvider(resource=Resource.create(told))
        exporter = OTLPSpanExporter(endpoint=endpoint, timeout=SEND_SECONDS)
        _provider.add_span_processor(BatchSpanProcessor(exporter))
        trace.set_tracer_provider(_provider)
    return _provider
