"""What a small exchange costs: nothing to say, one changed field, a hundred; time, bytes and round trips.

    python benchmarks/incremental.py [--records 2000] [--json]

A real agency process, a real encrypted profile on disk, the real engine over HTTP through a counting relay.
Times run until the receipts are on disk and are medians; the edits themselves are not in them. Bytes are those
of the HTTP bodies, and beside them (`…_with_headers`) all that passed. The line is warm, as between the
exchanges of a running program; what the first exchange on a new line costs is told as well (`cold_…`).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app import pauses
from app.demo.client import Client
from app.domain.ids import EntityId, new_id
from app.services import measures
from benchmarks.common import agency, folder, joined, tell
from benchmarks.relay import Relay, relay

AGS = "05970004"
EDITS = 100
RUNS = 9
FAR = 0.15
"""Seconds each way: a round trip of 300 ms."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One exchange: milliseconds, round trips, bytes of bodies and of everything, each way."""

    ms: float
    trips: int
    up: int
    down: int
    all_up: int
    all_down: int


def fill(client: Client, count: int) -> list[EntityId]:
    """A town's records, in changes of a hundred."""
    made = [new_id() for _ in range(count)]
    for start in range(0, count, 100):
        with client.store.change("measure.create") as draft:
            for number, measure in enumerate(made[start : start + 100], start):
                values = {
                    "title": f"Radweg am Bahndamm, Abschnitt {number}",
                    "lead_ags": AGS,
                    "description": f"Der Abschnitt {number} wird asphaltiert und beleuchtet. " * 6,
                    "goals": "Sicher zur Schule und zum Bahnhof, auch im Winter und am Abend.",
                }
                draft.create("measure", measure, values=values)
    return made


def exchange(client: Client, line: Relay) -> Cost:
    """One exchange through the relay."""
    line.reset()
    began = time.perf_counter()
    client.sync(line.url)
    ms = (time.perf_counter() - began) * 1000
    return Cost(ms, line.round_trips, line.up.bodies(), line.down.bodies(), line.bytes_up, line.bytes_down)


def push(client: Client, line: Relay, records: Sequence[EntityId], turn: int) -> Cost:
    """One field of each of these records is changed, then one exchange."""
    for number, measure in enumerate(records):
        measures.edit(client.store, measure, {"goals": f"Fassung {turn}.{number}: sicher zur Schule."})
    return exchange(client, line)


def middle(costs: Sequence[Cost]) -> Cost:
    """The cost with the median time."""
    ordered = sorted(costs, key=lambda c: c.ms)
    return ordered[len(ordered) // 2]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=2_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    pauses.calm()  # as the program does at its start
    with folder() as where, agency(where) as made, relay(made.port) as line:
        client = joined(where, made, "anna", "coordinator", AGS)
        records = fill(client, asked.records)
        client.sync(line.url)
        chosen = records[:: max(1, len(records) // EDITS)][:EDITS]
        warm = [push(client, line, chosen, turn) for turn in range(RUNS)]
        hundred = middle(warm)
        one = middle([push(client, line, chosen[:1], RUNS + turn) for turn in range(RUNS)])
        quiet = [exchange(client, line) for _ in range(3 * RUNS)]
        nothing = middle(quiet)
        line.delay = FAR
        far = middle([push(client, line, chosen, 2 * RUNS + turn) for turn in range(3)])
        far_nothing = middle([exchange(client, line) for _ in range(3)])
        client.line.close()
        cold = push(client, line, chosen, 3 * RUNS)
        client.line.close()
        cold_nothing = exchange(client, line)
        client.close()
    tell(
        records=asked.records,
        push100_ms=hundred.ms,
        push100_fastest_ms=min(c.ms for c in warm),
        push100_up_bytes=hundred.up,
        push100_down_bytes=hundred.down,
        push100_up_with_headers=hundred.all_up,
        push100_down_with_headers=hundred.all_down,
        push100_round_trips=hundred.trips,
        push1_ms=one.ms,
        noop_ms=statistics.median(c.ms for c in quiet),
        noop_bytes=nothing.up + nothing.down,
        noop_bytes_with_headers=nothing.all_up + nothing.all_down,
        noop_round_trips=nothing.trips,
        push100_rtt300_ms=far.ms,
        push100_rtt300_round_trips=far.trips,
        noop_rtt300_ms=far_nothing.ms,
        cold_push100_rtt300_ms=cold.ms,
        cold_push100_rtt300_round_trips=cold.trips,
        cold_noop_bytes=cold_nothing.up + cold_nothing.down,
        cold_noop_rtt300_round_trips=cold_nothing.trips,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
