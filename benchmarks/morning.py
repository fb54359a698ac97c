"""A morning on which every device of the region syncs: 59 municipalities, 9,000 measures, 90,000 cards.

python benchmarks/morning.py --json [--devices N] [--workers N] [--database NAME] [--measures N] [--cards N] [--seconds]

Every device comes at a moment of its own within the time given. It asks for what is new since yesterday, sends
what was written overnight, reads on, and asks once more whether that was all. Loopback; the devices run on the
same cores as the agency, so the figures are a floor. The region is made once per database; then there is one run
per number of devices and of workers. The totals at the top are those of the slowest run with the most devices.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from app import resources
from app.domain.catalogue import Role
from app.domain.change import Change
from app.domain.encoding import encode_change
from app.domain.fields import SCHEMA_VERSION
from app.domain.ids import EntityId
from app.domain.region import parse_municipalities
from app.server.database import Database
from app.server.service import AgencyService
from benchmarks.common import folder, percentile
from benchmarks.server import cpu_seconds, database, serving
from tests.server.laptop import Laptop, enrolled, write

AT_ONCE = 400
OVERNIGHT = 3


@dataclass
class Arrival:
    """One device on that morning: when it comes, and how long each of its requests took (ms)."""

    laptop: Laptop
    token: str
    ags: str
    known: list[EntityId]
    at: float
    took: list[float] = field(default_factory=list)
    errors: int = 0

    def come(self, port: int, began: float) -> None:
        """Wait for one's moment, then do what a desktop does when it is opened."""
        time.sleep(max(0.0, began + self.at - time.monotonic()))
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        changes = [self._change() for _ in range(OVERNIGHT)]
        more = self._ask(line, [encode_change(change) for change in changes])
        while more:
            more = self._ask(line, [])
        self._ask(line, [])
        line.close()

    def _change(self) -> Change:
        if self.known and self.laptop.n % 3:
            entity = random.Random(self.laptop.n).choice(self.known)
            return self.laptop.change(write("measure", entity, "goals", f"Ziel {self.laptop.n}"))
        return self.laptop.measure(self.ags, f"Neu {self.laptop.n}")[0]

    def _ask(self, line: http.client.HTTPConnection, changes: Sequence[object]) -> bool:
        asked = {
            "replicas": [self.laptop.replica],
            "changes": changes,
            "cursors": self.laptop.cursors,
            "epoch": self.laptop.epoch,
            "schema_version": SCHEMA_VERSION,
            "echoes": bool(changes),
        }
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        started = time.perf_counter()
        try:
            line.request("POST", "/v1/sync", orjson.dumps(asked), headers)
            response = line.getresponse()
            body = response.read()
        except OSError:
            self.errors += 1
            line.close()
            return False
        self.took.append(1000 * (time.perf_counter() - started))
        if response.status != 200:
            self.errors += 1
            return False
        reply = orjson.loads(body)
        self.errors += sum(o["outcome"] not in ("applied", "known") for o in reply["outcomes"])
        self.laptop.cursors.update(reply["cursors"])
        self.laptop.epoch = reply["epoch"]
        return bool(reply["more"])


@dataclass(frozen=True, slots=True)
class Region:
    """An agency that has everything the region had yesterday; measures by municipality."""

    service: AgencyService
    url: str
    towns: list[str]
    roots: dict[str, list[EntityId]]


def settled(url: str, asked: argparse.Namespace) -> Region:
    """The region as it was when everybody went home."""
    service = AgencyService.found(Database(url), "Messung")
    towns = [m.ags for m in parse_municipalities(resources.path("region", "municipalities.csv").read_text("utf-8"))]
    return Region(service, url, towns, settle(service, towns, asked.measures, asked.cards))


def morning(region: Region, where: Path, devices: int, workers: int, seconds: float) -> dict[str, float]:
    """One run; milliseconds, requests per second, CPU seconds and megabytes, both without PostgreSQL's."""
    service, dice = region.service, random.Random(1)
    arrivals = []
    for i in range(devices):
        ags = region.towns[i % len(region.towns)]
        token, replica = enrolled(service, service.as_device(""), Role.COORDINATOR, ags)
        laptop = Laptop(service.as_device(token), replica)
        laptop.cursors = dict(counters(service, laptop))
        arrivals.append(Arrival(laptop, token, ags, region.roots.get(ags, []), dice.random() * seconds))
    port_file = where / f"port-{devices}-{workers}"
    with serving(region.url, port_file, workers) as (port, pid), highest_memory(pid) as memory:
        busy, began = cpu_seconds(pid), time.monotonic()
        with ThreadPoolExecutor(devices) as pool:
            for done in [pool.submit(arrival.come, port, began) for arrival in arrivals]:
                done.result()
        took, busy = time.monotonic() - began, cpu_seconds(pid) - busy
    both = [ms for arrival in arrivals for ms in arrival.took]
    return {
        "devices": devices,
        "requests": len(both),
        "errors": sum(arrival.errors for arrival in arrivals),
        "p50_ms": percentile(both, 0.5),
        "p95_ms": percentile(both, 0.95),
        "p99_ms": percentile(both, 0.99),
        "per_s": len(both) / took,
        "cpu_s": busy,
        "memory_mb": max(memory, default=0.0),
    }


@contextmanager
def highest_memory(pid: int) -> Iterator[list[float]]:
    """Megabytes that a process and its children hold together, looked at four times a second."""
    seen: list[float] = []
    ending = threading.Event()

    def look() -> None:
        while not ending.wait(0.25):
            seen.append(_resident(pid))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        ending.set()
        thread.join()


def _resident(pid: int) -> float:
    """Memory of a process and its children, pages they share counted for each; 0 where /proc is unknown."""
    pages = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # gone meanwhile
            number, _, rest = stat.read_text().partition(" (")
            fields = rest.rpartition(") ")[2].split()
            if pid in (int(number), int(fields[1])):
                pages += int(fields[21])
    return pages * 4096 / 1024**2


def counters(service: AgencyService, laptop: Laptop) -> dict[str, int]:
    """Where a device stands that has read everything: what the feeds' counters say."""
    reply = laptop.agency.sync(laptop.request(limit=1))
    with service.database.read() as connection:
        told = connection.exec_driver_sql("SELECT scope, seq FROM scope_counter").all()
    return {scope: seq for scope, seq in told if scope in reply.grant.scopes}


def settle(service: AgencyService, towns: Sequence[str], measures: int, cards: int) -> dict[str, list[EntityId]]:
    """What the region has by that morning: its measures, and workshops with cards; the measures by municipality."""
    token, replica = enrolled(service, service.as_device(""), Role.AGENCY)
    laptop, roots = Laptop(service.as_device(token), replica), dict[str, list[EntityId]]()
    held: list[Change] = []

    def push(change: Change) -> None:
        held.append(change)
        if len(held) >= AT_ONCE:
            flush()

    def flush() -> None:
        if held:
            laptop.agency.sync(laptop.request(*held, limit=1))
            held.clear()

    for i in range(measures):
        ags = towns[i % len(towns)]
        change, made = laptop.measure(ags, f"Maßnahme {i}", "school" if i % 3 == 0 else None)
        roots.setdefault(ags, []).append(made)
        push(change)
    for start in range(0, cards, 500):
        change, workshop = laptop.workshop(towns[(start // 500) % len(towns)])
        push(change)
        for _ in range(min(500, cards - start)):
            push(laptop.card(workshop)[0])
    flush()
    return roots


def main() -> None:
    """Prints one JSON object, or a line per run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--devices", type=int, action="append", help="20 and 200 if not said")
    parser.add_argument("--measures", type=int, default=9_000)
    parser.add_argument("--cards", type=int, default=90_000)
    parser.add_argument("--seconds", type=float, default=60.0, help="within which all come; 600 is the morning")
    parser.add_argument("--database", choices=["sqlite", "postgres"], action="append", help="both if not said")
    parser.add_argument("--workers", type=int, action="append", help="1 and 2 if not said")
    asked = parser.parse_args()
    runs: dict[str, dict[str, float]] = {}
    for name in asked.database or ("sqlite", "postgres"):
        with folder() as where, database(name, where) as url:
            region = settled(url, asked)
            for devices in asked.devices or (20, 200):
                for workers in asked.workers or (1, 2):
                    found = morning(region, where, devices, workers, asked.seconds)
                    run = {key: round(value, 1) for key, value in found.items()}
                    runs[f"{name}_{devices}_{workers}"] = run
                    print(name, workers, run, file=sys.stderr if asked.json else sys.stdout, flush=True)
            region.service.database.close()
    if asked.json:
        most = max(run["devices"] for run in runs.values())
        slowest = max((run for run in runs.values() if run["devices"] == most), key=lambda run: run["p99_ms"])
        print(json.dumps(slowest | {"errors": sum(run["errors"] for run in runs.values()), "runs": runs}))
    sys.exit(1 if any(run["errors"] for run in runs.values()) else 0)


if __name__ == "__main__":
    main()
