"""How long a person waits for an edit to be on disk while a sync of many changes runs.

    python benchmarks/edit_latency.py [--changes 20000] [--json]

Compared, in the same run, with the same edits on the same profile while nothing else happens.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app import pauses
from app.demo.client import Client
from app.domain.ids import EntityId
from app.services import measures, workshops
from app.services.workshops import Card
from benchmarks.common import agency, folder, joined, percentile, tell

PAUSE = 0.02
"""Seconds between two edits: a very fast typist's forms."""


def edits(client: Client, measure: EntityId, until: threading.Event, at_least: int) -> list[float]:
    """Milliseconds per edit, until the event is set."""
    found: list[float] = []
    pause = threading.Event()
    while not until.is_set() or len(found) < at_least:
        began = time.perf_counter()
        measures.edit(client.store, measure, {"goals": f"Fassung {len(found)}"})
        found.append((time.perf_counter() - began) * 1000)
        pause.wait(PAUSE)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    pauses.calm()  # as the program does at its start
    with folder() as where, agency(where) as made:
        source = joined(where, made, "quelle", "coordinator", "05970004")
        reader = joined(where, made, "leser", "coordinator", "05970004")
        workshop = workshops.create(source.store, {"title": "Große Werkstatt", "ags": "05970004"})
        cards = [Card("idea", f"Karte {n}: mehr Busse, bitte auch am Abend") for n in range(200)]
        began = time.perf_counter()
        for _ in range(asked.changes // 200):
            workshops.add_cards(source.store, workshop, cards)
        written = time.perf_counter() - began
        began = time.perf_counter()
        source.sync()
        pushed = time.perf_counter() - began
        measure = measures.create(reader.store, {"title": "Während des Abgleichs", "lead_ags": "05970004"})
        never = threading.Event()
        never.set()
        alone = edits(reader, measure, never, 200)
        done = threading.Event()

        def pull() -> None:
            reader.sync()
            done.set()

        began = time.perf_counter()
        thread = threading.Thread(target=pull)
        thread.start()
        during = edits(reader, measure, done, 1)
        thread.join()
        pulled = time.perf_counter() - began
        for client in (source, reader):
            client.close()
    tell(
        changes=asked.changes, edits=len(during), p50_ms=percentile(during, 0.5), p95_ms=percentile(during, 0.95),
        max_ms=max(during), alone_p50_ms=percentile(alone, 0.5), alone_p95_ms=percentile(alone, 0.95),
        ratio_p95=percentile(during, 0.95) / percentile(alone, 0.95), write_s=written, push_s=pushed, pull_s=pulled,
    )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
