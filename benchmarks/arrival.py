"""How long one edit takes, in an empty profile and in one of 20,000 records, and how fast those arrive.

python3 dev.py bench edit [RECORDS] [--profile]
"""

from __future__ import annotations

import cProfile
import pstats
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from app.config import Profile
from app.domain.change import Change, Create, Write
from app.domain.fields import KINDS
from app.domain.ids import EntityId, new_id
from app.domain.merge import EntityState, apply_change
from app.models.arrivals import Arrived
from app.models.incoming import Step, take_steps
from app.models.opening import create_profile
from app.models.store import Store

AGS = "05958004"
EDITS = 300
SLOT = KINDS["task"].slot_of


def main() -> None:
    """Prints a line per measurement."""
    numbers = [int(a) for a in sys.argv[1:] if a.isdigit()]
    records = numbers[0] if numbers else 20_000
    with tempfile.TemporaryDirectory() as folder:
        store = create_profile(Profile.at(Path(folder) / "p"), bytes(range(32)), "Erika", "Büro", AGS)
        measure = new_id()
        with store.change("measure.create") as draft:
            draft.create("measure", measure, values={"title": "Radweg", "lead_ags": AGS})
        edits("empty", store, measure)
        arrival(store, list(rows(measure, records)), "--profile" in sys.argv)
        edits(f"{records} records", store, measure)
        store.close()


def edits(name: str, store: Store, measure: EntityId) -> None:
    """A title changed again and again, each time on disk before the next."""
    taken = []
    for number in range(EDITS):
        began = time.perf_counter()
        with store.change("measure.edit") as draft:
            draft.set("measure", measure, {"title": f"Radweg am Möhnesee, Abschnitt {number}"})
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    print(f"edit, {name}: p50 {taken[EDITS // 2]:.1f} ms, p95 {taken[EDITS * 95 // 100]:.1f} ms")


def rows(measure: EntityId, count: int) -> Iterator[Step]:
    """Small records of another device, as they come off the wire."""
    for number in range(1, count + 1):
        made = new_id()
        ops = (
            Create("task", made, "measure", measure),
            Write("task", made, SLOT["title"].id, f"Angebot {number} für den Wegweiser einholen"),
            Write("task", made, SLOT["responsible"].id, "Bauamt"),
            Write("task", made, SLOT["due"].id, "2025-Q3"),
            Write("task", made, SLOT["status"].id, "open"),
        )
        change = Change(77, number, number << 16, "task.create", ops)
        state = apply_change(EntityState("task", made), change)
        yield Step(f"municipality:{AGS}", number, "task", made, state)


def arrival(store: Store, steps: list[Step], profile: bool) -> None:
    """A first exchange: all of it new, in batches that let a typing person through."""
    profiler = cProfile.Profile()
    began, worked = time.perf_counter(), time.process_time()
    if profile:
        profiler.runcall(take_steps, store, steps, Arrived(), "epoch")
    else:
        take_steps(store, steps, Arrived(), "epoch")
    taken = time.perf_counter() - began
    busy = time.process_time() - worked
    print(f"first arrival of {len(steps)} small records: {taken:.2f} s, {len(steps) / taken:,.0f} per second")
    print(f"of which processor: {busy:.2f} s, {len(steps) / busy:,.0f} per second")
    if profile:
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(35)


if __name__ == "__main__":
    main()
