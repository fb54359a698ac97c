"""Replays an editing trace as two people writing one text, through engine and agency over HTTP.

    python benchmarks/text.py --trace friendsforever.json.gz [--json]

The trace (format of the editing-traces collection) says for every keystroke which versions its writer
had seen. Whenever a writer is about to use something of the other, the other has pushed exactly that and
this one has pulled it. The merged text on both devices and at the agency must equal `endContent`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.demo.client import Client
from app.domain.ids import EntityId, text_peer
from app.domain.text import TextDoc, TextState
from app.models.queries import records
from app.services import workshops
from benchmarks.common import agency, folder, joined, tell


class Writer:
    """One person at one device: an editor's document and a client."""

    def __init__(self, client: Client, workshop: EntityId) -> None:
        self.client = client
        self.workshop = workshop
        entity = workshops.minutes_id(workshop)
        self.doc = TextDoc(self.state(), text_peer(client.replica, entity, 1, 0))
        self.arrived: dict[int, TextState] = {}

    def state(self) -> TextState:
        return records.text_state(self.client.workspace.reader, "minutes", workshops.minutes_id(self.workshop), "text")

    def save(self) -> None:
        update = self.doc.take_update()
        if update is not None:
            workshops.write_minutes(self.client.store, self.workshop, update)

    def receive(self, number: int) -> None:
        """Takes into the editor what had arrived when the other's keystroke `number` was pushed."""
        self.save()
        self.doc.receive(self.arrived.pop(number))


def boundaries(transactions: list[dict[str, object]]) -> dict[int, list[int]]:
    """Keystroke -> keystrokes of the other writer that must be seen before it."""
    seen = {0: -1, 1: -1}
    needed: dict[int, list[int]] = {}
    for i, t in enumerate(transactions):
        agent = int(t["agent"])  # type: ignore[call-overload]
        for parent in t["parents"]:  # type: ignore[attr-defined]
            if transactions[parent]["agent"] != agent and parent > seen[agent]:
                seen[agent] = parent
                needed.setdefault(i, []).append(parent)
    return needed


def replay(trace: Path) -> dict[str, object]:
    """Plays the trace; returns the figures."""
    with gzip.open(trace) as file:
        told = json.load(file)
    transactions = told["txns"]
    needed = boundaries(transactions)
    pushed = {p for parents in needed.values() for p in parents}
    with folder() as where, agency(where) as made:
        people = [joined(where, made, name, "coordinator", "05970004") for name in ("eins", "zwei")]
        workshop = workshops.create(people[0].store, {"title": "Protokoll zu zweit", "ags": "05970004"})
        for client in people:
            client.sync()
        writers = [Writer(client, workshop) for client in people]
        began, syncs = time.perf_counter(), 0
        for i, t in enumerate(transactions):
            writer, other = writers[t["agent"]], writers[1 - t["agent"]]
            for parent in needed.get(i, ()):
                writer.receive(parent)
            for position, deleted, inserted in t["patches"]:
                writer.doc.delete(position, deleted)
                writer.doc.insert(position, inserted)
            if i in pushed:
                writer.save()
                writer.client.sync()
                other.save()
                other.client.sync()
                other.arrived[i] = other.state()
                syncs += 2
        for writer in (*writers, *writers):
            writer.save()
            writer.client.sync()
        seconds = time.perf_counter() - began
        equal = all(w.state().text == told["endContent"] for w in writers)
        for client in people:
            client.close()
    return {"equal": equal, "edits": len(transactions), "syncs": syncs, "seconds": seconds}


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--trace", required=True, type=Path)
    asked.add_argument("--json", action="store_true")
    figures = replay(asked.parse_args().trace)
    tell(**figures)
    return 0 if figures["equal"] else 1


if __name__ == "__main__":
    sys.exit(main())
