"""Restore drill: the agency comes back from a backup an hour old while its devices go on working.

python benchmarks/restore.py --json [--devices N] [--edits N]

Real processes and real profiles over loopback. Everything that was sent after the backup has to come back by
itself: `lost` counts words that any device or the agency lacks at the end and must be 0. `seconds_to_quiet` is
from the agency's first answer after the restore until no device has anything to send or fetch.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from app.demo.agency import DemoAgency, server_command
from app.demo.client import Client
from app.domain.digest import MASK, digest_of
from app.errors import AgencyUnreachable
from app.services import measures
from benchmarks.common import agency, folder, joined, tell

TOWNS = ("05970004", "05958004", "05966024", "05974040")
MOST_ROUNDS = 12
DATABASE = "agency.db"


@dataclass
class Desk:
    """One device and every word somebody has typed there."""

    client: Client
    ags: str
    words: list[str] = field(default_factory=list)
    resent: int = 0

    def type(self, count: int, when: str) -> None:
        """So many edits, each a word that occurs nowhere else."""
        for i in range(count):
            word = f"{self.client.name}-{when}-{i}"
            values = {"title": word, "lead_ags": self.ags, "visibility": "school", "goals": f"Ziel {word}"}
            measures.create(self.client.store, values)
            self.words += [word, f"Ziel {word}"]

    def exchange(self) -> bool:
        """One sync; whether it brought or sent anything, or did not reach the agency."""
        try:
            report = self.client.sync()
        except AgencyUnreachable:
            return True
        self.resent += report.resent
        return bool(report.confirmed or report.new or report.changed or report.gone or report.resent)


def drill(where: Path, made: DemoAgency, devices: int, edits: int) -> dict[str, int | float]:
    """The whole story with that many devices; figures as in this module's description."""
    home = where / "agency"
    desks = []
    for i in range(devices):
        ags = TOWNS[i % len(TOWNS)]
        desks.append(Desk(joined(where, made, f"d{i}", "coordinator", ags), ags))
    with ThreadPoolExecutor(8) as pool:
        _work(pool, desks, edits, "vorher")
        backup = where / "sicherung.db"
        operate("backup", str(backup), "--data", str(home))
        _work(pool, desks, edits, "danach")
        made.stop()
        for file in home.glob(f"{DATABASE}*"):
            file.rename(where / f"beiseite-{file.name}")
        for desk in desks:
            desk.type(edits, "ohne")
        operate("restore", str(backup), "--data", str(home))
        made.start()
        began, rounds = time.monotonic(), 0
        moving = desks
        while moving and rounds < MOST_ROUNDS:
            rounds += 1
            if rounds == 1:
                for desk in desks:
                    desk.type(1, "waehrend")
            told = list(pool.map(Desk.exchange, desks))
            moving = [desk for desk, moved in zip(desks, told, strict=True) if moved]
        took = time.monotonic() - began
    lost, differing = _compared(desks)
    for desk in desks:
        desk.client.close()
    return {
        "devices": devices,
        "words": sum(len(desk.words) for desk in desks),
        "resent": sum(desk.resent for desk in desks),
        "rounds": rounds,
        "restless": len(moving),
        "lost": lost,
        "differing": differing,
        "seconds_to_quiet": took,
    }


def operate(*words: str) -> None:
    """A command of the operator, as typed."""
    done = subprocess.run(server_command(*words), capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        sys.exit(done.stderr)


def _work(pool: ThreadPoolExecutor, desks: list[Desk], edits: int, when: str) -> None:
    for desk in desks:
        desk.type(edits, when)
    for _ in range(2):
        list(pool.map(Desk.exchange, desks))


def _compared(desks: list[Desk]) -> tuple[int, int]:
    """(words that somewhere are not, devices that hold something else than the first)."""
    wanted = [word for desk in desks for word in desk.words]
    sums: list[int] = []
    lost = 0
    for desk in desks:
        states = desk.client.all_states()
        held = {str(v.value) for s in states for r in s.registers.values() for v in r.versions.values()}
        lost += sum(word not in held for word in wanted)
        sums.append(sum(digest_of(state) for state in states) & MASK)
    return lost, sum(one != sums[0] for one in sums)


def main() -> None:
    """Prints one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--devices", type=int, default=20)
    parser.add_argument("--edits", type=int, default=5)
    asked = parser.parse_args()
    with folder() as where, agency(where) as made:
        figures = drill(where, made, asked.devices, asked.edits)
    tell(**figures)
    sys.exit(1 if figures["lost"] or figures["differing"] or figures["restless"] else 0)


if __name__ == "__main__":
    main()
