"""Replays an editing trace as people writing one text on a device each, through engine and agency over HTTP.

    python benchmarks/text.py --trace friendsforever.json.gz [--json]

Format: the editing-traces collection, of one person or concurrent (any number of agents). Such a trace says for
every keystroke which of the others' its writer had seen. Before a writer uses something new of another, the other
has saved and exchanged just after that keystroke, and this one has saved and exchanged now; the editor then takes
from its own store exactly what the trace says was seen. At the end the text on every device must be `endContent`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import loro

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app import pauses
from app.domain.ids import EntityId, text_peer
from app.domain.text import TextDoc, TextState
from app.models.queries import records
from app.models.store import Store
from app.services import workshops
from app.services.workspace import Workspace
from benchmarks.common import agency, folder, joined, tell
from benchmarks.traces import Patch, Trace, load

AGS = "05970004"
SAVED = 100
"""Keystrokes after which a person who writes alone is saved and exchanged: a few seconds of typing."""


class Desk(Protocol):
    """A device as a writer needs it."""

    @property
    def store(self) -> Store: ...

    @property
    def workspace(self) -> Workspace: ...

    @property
    def replica(self) -> int: ...

    def sync(self) -> object: ...


class Writer:
    """One person at one device: an editor's document and a desk.

    Attributes:
        ends: number of an own keystroke others build upon -> how many operations were written until then.
        held: how many operations of the other writers the editor holds, by peer.
    """

    def __init__(self, desk: Desk, workshop: EntityId) -> None:
        self.desk = desk
        self.workshop = workshop
        self.entity = workshops.minutes_id(workshop)
        self.peer = text_peer(desk.replica, self.entity, 1, 0)
        self.doc = TextDoc(self.stored(), self.peer)
        self.written = 0
        self.exchanges = 0
        self.ends: dict[int, int] = {}
        self.held: dict[int, int] = {}

    def stored(self) -> TextState:
        """The text as this device keeps it."""
        return records.text_state(self.desk.workspace.reader, "minutes", self.entity, "text")

    def type(self, patches: Sequence[Patch]) -> None:
        """One keystroke; every character that comes or goes is one operation."""
        for position, deleted, inserted in patches:
            self.doc.delete(position, deleted)
            self.doc.insert(position, inserted)
            self.written += deleted + len(inserted)

    def exchange(self) -> None:
        """Saves what was typed and exchanges with the agency."""
        update = self.doc.take_update()
        if update is not None:
            workshops.write_minutes(self.desk.store, self.workshop, update)
        self.desk.sync()
        self.exchanges += 1

    def see(self, other: Writer, number: int) -> None:
        """Takes into the editor, from this device's store, the other's text up to that keystroke of theirs."""
        doc = loro.LoroDoc()  # type: ignore[no-untyped-call]
        stored = self.stored()
        for blob in (stored.snapshot, *stored.updates):
            if blob:
                doc.import_(blob)
        upto = other.ends[number]
        span = loro.IdSpan(other.peer, loro.CounterSpan(self.held.get(other.peer, 0), upto))
        self.doc.receive(TextState(b"", (bytes(doc.export(loro.ExportMode.UpdatesInRange([span]))),)))
        self.held[other.peer] = upto


def play(trace: Trace, writers: Sequence[Writer]) -> None:
    """Types the whole trace, one writer per agent; who reads along only may stand behind them."""
    needed = trace.needed
    for number, keystroke in enumerate(trace.keystrokes):
        writer = writers[keystroke.agent]
        if keystroke.seen:
            writer.exchange()
            for agent, last in keystroke.seen.items():
                writer.see(writers[agent], last)
        writer.type(keystroke.patches)
        if number in needed:
            writer.ends[number] = writer.written
        if number in needed or (trace.agents == 1 and number % SAVED == SAVED - 1):
            writer.exchange()
    for writer in (*writers, *writers):
        writer.exchange()


def replay(trace: Trace) -> dict[str, object]:
    """Plays the trace on real devices; returns the figures."""
    pauses.calm()  # as the program does at its start
    with folder() as where, agency(where) as made:
        people = [joined(where, made, f"p{n}", "coordinator", AGS) for n in range(max(2, trace.agents))]
        workshop = workshops.create(people[0].store, {"title": "Gemeinsames Protokoll", "ags": AGS})
        for client in people:
            client.sync()
        writers = [Writer(client, workshop) for client in people]
        began = time.perf_counter()
        if trace.start:
            writers[0].type([(0, 0, trace.start)])
            writers[0].exchange()
            for other in writers[1:]:
                other.exchange()
                other.doc.receive(other.stored())
        play(trace, writers)
        seconds = time.perf_counter() - began
        equal = all(w.stored().text == trace.end for w in writers)
        for client in people:
            client.close()
    exchanges = sum(w.exchanges for w in writers)
    return {
        "equal": equal, "edits": len(trace.keystrokes), "seconds": seconds, "agents": trace.agents,
        "devices": len(writers), "exchanges": exchanges, "ms_per_exchange": seconds / exchanges * 1000,
    }  # fmt: skip


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--trace", required=True, type=Path)
    asked.add_argument("--json", action="store_true")
    figures = replay(load(asked.parse_args().trace))
    tell(**figures)
    return 0 if figures["equal"] else 1


if __name__ == "__main__":
    sys.exit(main())
