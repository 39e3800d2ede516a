"""Numbers for Prometheus, in one place. Other rooms are handed the plain callables."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from vestibule.context import Context, Invoker
from vestibule.errors import VestibuleError
from vestibule.payloads import Payload

R = TypeVar("R")

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
CHANGES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60)


class Metrics:
    """The counters of one process. Each has its own registry, so that many can live in a test."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self._requests = Counter(
            "vestibule_requests",
            "Requests by route and status.",
            ("method", "route", "status"),
            registry=registry,
        )
        self._request_seconds = Histogram(
            "vestibule_request_seconds", "Time to answer.", ("route",), buckets=SECONDS, registry=registry
        )
        self._actions = Counter(
            "vestibule_actions", "Actions by outcome.", ("action", "outcome"), registry=registry
        )
        self._uploads = Counter("vestibule_uploads", "Uploads by outcome.", ("outcome",), registry=registry)
        self._upload_bytes = Counter(
            "vestibule_upload_bytes", "Bytes received in uploads.", registry=registry
        )
        self._verdicts = Counter(
            "vestibule_verdicts", "Verdicts by check and outcome.", ("check", "outcome"), registry=registry
        )
        self._check_seconds = Histogram(
            "vestibule_check_seconds",
            "Time that a check took for a file.",
            ("check",),
            buckets=SECONDS,
            registry=registry,
        )
        self._shadow_decisions = Counter(
            "vestibule_shadow_decisions",
            "Files of which the policy in the shadow would have decided otherwise.",
            ("was", "would_be"),
            registry=registry,
        )
        self._commit_changes = Histogram(
            "vestibule_commit_changes", "Changes that shared a commit.", buckets=CHANGES, registry=registry
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered. `route` is its pattern, never an address as it came."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def action(self, name: str, outcome: str) -> None:
        """An action was done (`ok`) or not: the error's reason."""
        self._actions.labels(name, outcome).inc()

    def upload(self, outcome: str, size: int) -> None:
        """An upload ended: the file's state, or the error's reason; and how many bytes came."""
        self._uploads.labels(outcome).inc()
        self._upload_bytes.inc(size)

    def verdict(self, check: str, outcome: str, milliseconds: float) -> None:
        """A check gave its verdict, in so much time; 0 where nobody measured."""
        self._verdicts.labels(check, outcome).inc()
        if milliseconds:
            self._check_seconds.labels(check).observe(milliseconds / 1000)

    def shadow_decision(self, was: str, would_be: str) -> None:
        """The policy in the shadow would have decided otherwise."""
        self._shadow_decisions.labels(was, would_be).inc()

    def commit(self, changes: int) -> None:
        """So many changes became durable at once."""
        self._commit_changes.observe(changes)

    def gauge(self, name: str, about: str, value: Callable[[], float]) -> None:
        """Show what `value` says whenever somebody looks: open sockets, a queue's length."""
        Gauge(f"vestibule_{name}", about, registry=self._registry).set_function(value)

    def gauges(self, name: str, about: str, label: str, values: Callable[[], Mapping[str, float]]) -> None:
        """Show what `values` says, one line for each of its keys, which is told as `label`."""
        self._registry.register(_Labelled(f"vestibule_{name}", about, label, values))

    def counting(self, invoke: Invoker) -> Invoker:
        """The same `invoke`, counted."""

        async def counted(payload: Payload[R], ctx: Context) -> R:
            outcome = "broken"
            try:
                result = await invoke(payload, ctx)
                outcome = "ok"
            except VestibuleError as error:
                outcome = error.reason
                raise
            finally:
                self.action(type(payload).__name__, outcome)
            return result

        return counted

    def render(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self._registry)


@dataclass(frozen=True)
class _Labelled(Collector):
    """A gauge whose lines are asked for each time somebody looks."""

    name: str
    about: str
    label: str
    values: Callable[[], Mapping[str, float]]

    def collect(self) -> Iterator[Metric]:
        gauge = GaugeMetricFamily(self.name, self.about, labels=[self.label])
        for key, value in self.values().items():
            gauge.add_metric([key], value)
        yield gauge


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._start = time.perf_counter()

    def seconds(self) -> float:
        return time.perf_counter() - self._start
