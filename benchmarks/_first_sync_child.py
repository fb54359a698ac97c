"""The client of `first_sync.py`, in a process of its own so that its memory and its time are its own."""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.config import Profile
from app.demo.client import Client
from app.domain.ids import EntityId
from app.models import indexing
from app.services import measures
from app.sync.report import Progress, Stage
from benchmarks.common import percentile

PAUSE = 0.1
"""Seconds between two edits: a fast typist's form is saved far less often."""


class Typist:
    """Somebody who goes on working during the first sync."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._type, name="typist")
        self.waits: list[float] = []
        self._measure: EntityId = measures.create(client.store, {"title": "Eigene Maßnahme", "lead_ags": "05970004"})

    def __enter__(self) -> Typist:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _type(self) -> None:
        while not self._over.wait(PAUSE):
            began = time.perf_counter()
            measures.edit(self._client.store, self._measure, {"goals": f"Fassung {len(self.waits)}"})
            self.waits.append((time.perf_counter() - began) * 1000)


def main() -> int:
    where, url, code, typing = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4] == "typing"
    client = Client.create(Profile.at(where), "Leser", "Gerät Leser", "05970004")
    client.join(url, code)
    began = time.perf_counter()
    rows_at = [0.0]

    def told(progress: Progress) -> None:
        if progress.stage is Stage.RECEIPT:
            rows_at[0] = time.perf_counter() - began

    waits: list[float] = []
    if typing:
        with Typist(client) as typist:
            report = client.sync(listener=told)
        waits = typist.waits
    else:
        report = client.sync(listener=told)
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"pull_s": took, "rows_s": rows_at[0], "new": report.new, "rss_mb": peak}
    figures["unindexed"] = indexing.missing(client.store)
    if waits:
        figures |= {"edits": len(waits), "edit_p95_ms": percentile(waits, 0.95), "edit_max_ms": max(waits)}
    print(json.dumps(figures))
    client.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
