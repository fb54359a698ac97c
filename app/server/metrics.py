"""Figures for whoever runs the agency: how much, how fast, how many wait; never who or what."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SHARED = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The figures of one process; `text` adds those of its fellow workers."""

    def __init__(self) -> None:
        own = self._registry = CollectorRegistry()
        self.requests = Counter("masswerk_requests", "Requests answered.", ["route", "status"], registry=own)
        self.seconds = Histogram(
            "masswerk_request_seconds",
            "Time to the whole reply; waiting not counted.",
            ["route"],
            registry=own,
            buckets=_SECONDS,
        )
        self.running = Gauge("masswerk_running", "Requests being worked on.", registry=own, multiprocess_mode="livesum")
        self.waiting = Gauge(
            "masswerk_waiting", "Devices that wait for news.", registry=own, multiprocess_mode="livesum"
        )
        self.changes = Counter("masswerk_changes", "Changes received, by outcome.", ["outcome"], registry=own)
        self.looks = Counter("masswerk_looks", "Looks after news for those who wait.", registry=own)

    def received(self, outcomes: Iterable[str]) -> None:
        """Counts what became of a push."""
        for outcome in outcomes:
            self.changes.labels(outcome).inc()

    def text(self) -> bytes:
        """All figures in the format of Prometheus, summed over the workers of this agency."""
        if _SHARED not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


@contextmanager
def shared() -> Iterator[None]:
    """Processes started inside the block add up their figures in a folder that lasts as long as it."""
    folder = Path(tempfile.mkdtemp(prefix="masswerk-agency-"))
    os.environ[_SHARED] = str(folder)
    try:
        yield
    finally:
        del os.environ[_SHARED]
        shutil.rmtree(folder, ignore_errors=True)


def forget(pid: int) -> None:
    """A worker is no more: what it was doing is no longer being done."""
    if _SHARED in os.environ:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]
