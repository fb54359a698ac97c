"""Sync requests per second of the agency: both databases, one worker and two, pushes and empty pulls mixed.

python benchmarks/server.py --json [--seconds N] [--devices N]

Loopback only; ends by itself. Every commit is on disk before it is answered, on both databases. The devices
run on the same cores as the agency, so the figures are a floor, and their ratios are what counts.
"""

from __future__ import annotations

import argparse
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from app.domain.catalogue import Role
from app.domain.encoding import encode_change
from app.server.config import DATABASE_VARIABLE
from app.server.database import Database
from app.server.service import AgencyService
from benchmarks.common import folder, percentile, tell
from tests.server.laptop import BERLEBURG, Laptop, enrolled
from tests.server.postgres import fresh_database

MOST_SECONDS, MOST_REQUESTS = 20.0, 20_000
PULLS_PER_PUSH = 3
START_S = 120.0


@dataclass
class Device:
    """One device with a line of its own: pushes one measure, then pulls a few times, again and again."""

    laptop: Laptop
    token: str
    pushes: list[float] = field(default_factory=list)
    pulls: list[float] = field(default_factory=list)
    errors: int = 0

    def work(self, port: int, until: float) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < until and len(self.pushes) + len(self.pulls) < MOST_REQUESTS:
            change, _ = self.laptop.measure(BERLEBURG, f"Mitfahrbank {self.laptop.n}")
            self._ask(line, [encode_change(change)], self.pushes)
            for _ in range(PULLS_PER_PUSH):
                self._ask(line, [], self.pulls)
        line.close()

    def _ask(self, line: http.client.HTTPConnection, changes: list[object], took: list[float]) -> None:
        asked = {
            "replicas": [self.laptop.replica],
            "changes": changes,
            "cursors": self.laptop.cursors,
            "epoch": self.laptop.epoch,
        }
        began = time.perf_counter()
        line.request("POST", "/v1/sync", orjson.dumps(asked), {"Authorization": f"Bearer {self.token}"})
        response = line.getresponse()
        body = response.read()
        took.append((time.perf_counter() - began) * 1000)
        if response.status != 200:
            self.errors += 1
            return
        reply = orjson.loads(body)
        self.laptop.cursors |= reply["cursors"]
        self.errors += sum(outcome["outcome"] not in ("applied", "known") for outcome in reply["outcomes"])


def main() -> None:
    """Prints one JSON object, or a line per run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--devices", type=int, default=8)
    parser.add_argument("--database", choices=["sqlite", "postgres"], action="append", help="both if not said")
    asked = parser.parse_args()
    seconds = min(asked.seconds, MOST_SECONDS)
    figures: dict[str, object] = {"devices": asked.devices, "seconds": seconds, "errors": 0}
    for name in asked.database or ("sqlite", "postgres"):
        for workers in (1, 2):
            with folder() as where, database(name, where) as url:
                run = measured(url, where, workers, asked.devices, seconds)
            figures["errors"] = int(str(figures["errors"])) + int(run.pop("errors"))
            figures |= {f"{name}_{workers}_{key}": value for key, value in run.items()}
            if not asked.json:
                print(name, workers, {key: round(value, 1) for key, value in run.items()}, flush=True)
    if asked.json:
        tell(**figures)
    sys.exit(1 if figures["errors"] else 0)


@contextmanager
def database(name: str, where: Path) -> Iterator[str]:
    """The URL of an empty database that keeps what it has promised."""
    if name == "sqlite":
        yield f"sqlite:///{where}/agency.db"
    else:
        with fresh_database(durable=True) as url:
            yield url


def measured(url: str, where: Path, workers: int, count: int, seconds: float) -> dict[str, float]:
    """One agency process with so many workers, under so many devices for so long."""
    service = AgencyService.found(Database(url), "Messung")
    devices = []
    for _ in range(count):
        token, replica = enrolled(service, service.as_device(""), Role.COORDINATOR, BERLEBURG)
        devices.append(Device(Laptop(service.as_device(token), replica), token))
        devices[-1].laptop.pull()
    with serving(url, where / "port", workers) as (port, pid):
        busy, began = cpu_seconds(pid), time.monotonic()
        with ThreadPoolExecutor(count) as pool:
            for done in [pool.submit(device.work, port, began + seconds) for device in devices]:
                done.result()
        took, busy = time.monotonic() - began, cpu_seconds(pid) - busy
    service.database.close()
    pushes = [ms for device in devices for ms in device.pushes]
    pulls = [ms for device in devices for ms in device.pulls]
    both = pushes + pulls
    return {
        "requests": len(both),
        "per_s": len(both) / took,
        "p50_ms": percentile(both, 0.5),
        "p99_ms": percentile(both, 0.99),
        "push_p50_ms": percentile(pushes, 0.5),
        "push_p99_ms": percentile(pushes, 0.99),
        "pull_p50_ms": percentile(pulls, 0.5),
        "cpu_ms_per_request": 1000 * busy / len(both),
        "errors": sum(device.errors for device in devices),
    }


@contextmanager
def serving(url: str, port_file: Path, workers: int) -> Iterator[tuple[int, int]]:
    """The agency as its own processes; yields its port and the process id of the first."""
    command = [sys.executable, "-m", "app.server", "serve", "--port", "0", "--port-file", str(port_file)]
    process = subprocess.Popen(
        [*command, "--workers", str(workers)],
        env=os.environ | {DATABASE_VARIABLE: url},
        stdout=subprocess.DEVNULL,
        cwd=Path(__file__).resolve().parents[1],
    )
    try:
        deadline = time.monotonic() + START_S
        while not port_file.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit("the agency does not start")
            time.sleep(0.02)
        yield int(port_file.read_text()), process.pid
    finally:
        process.terminate()
        process.wait(timeout=60)


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and its children so far, without PostgreSQL's; 0 where /proc is unknown."""
    spent = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # gone meanwhile
            number, _, rest = stat.read_text().partition(" (")
            fields = rest.rpartition(") ")[2].split()
            if pid in (int(number), int(fields[1])):
                spent += int(fields[11]) + int(fields[12])
    return spent / os.sysconf("SC_CLK_TCK") if spent else 0.0


if __name__ == "__main__":
    main()
