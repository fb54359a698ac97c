"""What the benchmarks share: a real agency process, real profiles, percentiles, one JSON object."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.config import Profile
from app.demo.agency import DemoAgency
from app.demo.client import Client


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder on disk."""
    made = Path(tempfile.mkdtemp(prefix="masswerk-bench-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def agency(where: Path) -> Iterator[DemoAgency]:
    """A running agency process of its own."""
    made = DemoAgency(where / "agency")
    made.start()
    try:
        yield made
    finally:
        made.kill()


def joined(where: Path, made: DemoAgency, name: str, role: str, ags: str) -> Client:
    """A fresh profile that has joined and synced once."""
    client = Client.create(Profile.at(where / name), name, f"Gerät {name}", ags)
    client.join(made.url, made.invite(role, ags))
    client.sync()
    return client


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(name: str, took: Sequence[float]) -> dict[str, float]:
    """Middle, nineteen of twenty, and the longest."""
    return {
        f"{name}_p50_ms": percentile(took, 0.5),
        f"{name}_p95_ms": percentile(took, 0.95),
        f"{name}_max_ms": max(took),
    }


def tell(**figures: object) -> None:
    """One JSON object on one line."""
    print(json.dumps({k: round(v, 3) if isinstance(v, float) else v for k, v in figures.items()}))
