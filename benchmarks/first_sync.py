"""The first sync of a new device: 100,000 records over loopback into the encrypted store, found and all.

    python benchmarks/first_sync.py [--records 100000] [--push 10000] [--typing] [--json]

The limit, in the same run: `executemany` of the same rows into a plain, unencrypted database of the
standard library's sqlite3, one typed table, WAL, one transaction. `pull_s` ends when every record is
there and found by the search; `rows_s` when every record is there. The agency is filled by real pushes
into its service, without HTTP in between; the push that is measured goes over HTTP from a real store.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import orjson

from app.demo.agency import DemoAgency
from app.domain.catalogue import Role
from app.domain.encoding import encode_change
from app.domain.fields import KINDS
from app.domain.ids import new_id, new_replica_id
from app.models import fresh
from app.server.database import Database
from app.server.service import AgencyService
from app.sync.wire import EnrolRequest, SyncRequest
from benchmarks.common import folder, joined, tell
from benchmarks.records import Measures

AGS = "05970004"
_BATCH = 500


def filled(where: Path, records: int) -> float:
    """An agency in `where` with so many measures, pushed change by change; seconds it took."""
    made = DemoAgency(where)
    service = AgencyService.found(Database(f"sqlite:///{where}/agency.db"), "Südwestfalen Agentur")
    del made
    replica = new_replica_id()
    request = EnrolRequest(code=service.invite(Role.COORDINATOR, AGS), replica=replica, person="Quelle", device="PC")
    token = service.enrol(request).token
    began = time.perf_counter()
    changes = Measures(AGS).changes(replica, records)
    while batch := [encode_change(c) for c in islice(changes, _BATCH)]:
        reply = service.as_device(token).sync(
            SyncRequest(replicas=[replica], changes=batch, limit=1, cursors={f"municipality:{AGS}": 2**40})
        )
        assert all(o.outcome == "applied" for o in reply.outcomes)
    took = time.perf_counter() - began
    service.database.close()
    return took


def typed_rows(agency: Path) -> Iterator[tuple[Any, ...]]:
    """The rows as a client's typed table holds them, out of the agency's database."""
    database = Database(f"sqlite:///{agency}/agency.db")
    with database.read() as connection:
        for (packed,) in connection.exec_driver_sql("SELECT packed FROM entity WHERE packed IS NOT NULL"):
            came = fresh.as_it_came(KINDS["measure"], orjson.loads(packed))
            assert came is not None
            yield came.fresh.cells
    database.close()


def limit(where: Path, rows: Sequence[tuple[Any, ...]]) -> float:
    """Seconds of a plain executemany of the rows."""
    names = fresh.cell_names(KINDS["measure"])
    connection = sqlite3.connect(where / "plain.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"CREATE TABLE measure (row INTEGER PRIMARY KEY, {', '.join(names)})")
    statement = f"INSERT INTO measure ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    began = time.perf_counter()
    connection.execute("BEGIN")
    connection.executemany(statement, rows)
    connection.execute("COMMIT")
    took = time.perf_counter() - began
    connection.close()
    return took


def pulled(where: Path, made: DemoAgency, name: str, typing: bool) -> dict[str, float]:
    """What the client's own process tells of its first sync."""
    child = Path(__file__).with_name("_first_sync_child.py")
    words = [str(where / name), made.url, made.invite("coordinator", AGS), "typing" if typing else "idle"]
    done = subprocess.run([sys.executable, str(child), *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def pushed(where: Path, records: int) -> float:
    """Seconds in which a device that worked alone sends so many new measures to an empty agency."""
    made = DemoAgency(where / "empty")
    made.start()
    try:
        client = joined(where, made, "fleissig", "coordinator", AGS)
        source = Measures(AGS, seed=2)
        for _ in range(records):
            with client.store.change("measure.create") as draft:
                draft.create("measure", new_id(), values=source.values())
        began = time.perf_counter()
        report = client.sync()
        took = time.perf_counter() - began
        assert report.confirmed == records
        client.close()
    finally:
        made.kill()
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--push", type=int, default=0, help="records of the first push, by default a tenth, at least")
    parser.add_argument("--typing", action="store_true", help="a second pull during which somebody types")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    sent = asked.push or min(10_000, asked.records)
    with folder() as where:
        seed_s = filled(where / "agency", asked.records)
        rows = list(typed_rows(where / "agency"))
        limit_s = limit(where, rows)
        rows.clear()
        made = DemoAgency(where / "agency")
        made.start()
        try:
            cold = pulled(where, made, "erster", False)
            warm = pulled(where, made, "zweiter", False)
            typed = pulled(where, made, "dritter", True) if asked.typing else {}
        finally:
            made.kill()
        push_s = pushed(where, sent)
        size = sum(f.stat().st_size for f in (where / "agency" / "snapshots").glob("*.rows"))
    assert cold["new"] == warm["new"] == asked.records
    assert not cold["unindexed"]
    tell(
        records=asked.records,
        pull_s=warm["pull_s"],
        limit_s=limit_s,
        ratio=warm["pull_s"] / limit_s,
        pull_per_s=asked.records / warm["pull_s"],
        rows_s=warm["rows_s"],
        rows_ratio=warm["rows_s"] / limit_s,
        first_device_pull_s=cold["pull_s"],
        rss_mb=max(cold["rss_mb"], warm["rss_mb"]),
        file_bytes=size,
        push=sent,
        push_s=push_s,
        push_per_s=sent / push_s,
        seed_s=seed_s,
        load=os.getloadavg()[0] if hasattr(os, "getloadavg") else -1.0,
        **({k: typed[k] for k in ("edits", "edit_p95_ms", "edit_max_ms")} if typed else {}),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
