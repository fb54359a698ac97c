"""People typing together, replayed through real devices and a real agency: one text, whatever came when."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app.domain.change import Change, Create, TextEdit
from app.domain.fields import KINDS
from app.domain.ids import new_id
from app.domain.merge import EntityState, apply_change
from app.domain.text import TextDoc, TextState
from app.models import rows
from app.models.arrivals import Arrived
from app.models.engine import reading
from app.models.incoming import Step, take_steps
from app.services import workshops
from benchmarks.text import Writer, play, replay
from benchmarks.traces import Trace, load, parse
from tests.sync.conftest import Devices
from tests.sync.devices import BERLEBURG

WORDS = ("Bus ", "Straße ", "🚲", "für alle ", "Grün️ ", "am Abend. ")
TEXT = KINDS["minutes"].slot_of["text"].id


Known = frozenset[int]


class Evening:
    """A recorded evening in the format of the traces, made with bare documents that hand updates to each other.

    Everybody writes at the beginning, at the end, or where somebody else just wrote, and hears of the others late.
    """

    def __init__(self, seed: int, peers: Sequence[int], keystrokes: int = 60) -> None:
        self._dice = random.Random(seed)
        self._docs = [TextDoc(TextState(), peer) for peer in peers]
        self._known: list[Known] = [frozenset() for _ in peers]
        self.updates: list[bytes] = []
        self.txns: list[dict[str, Any]] = []
        for number in range(keystrokes):
            self._write(number, self._dice.randrange(len(peers)))
        for agent in range(len(peers)):
            self._hear(agent, frozenset(range(keystrokes)))
        (self.end,) = {doc.text for doc in self._docs}

    @property
    def trace(self) -> Trace:
        return parse({"kind": "concurrent", "numAgents": len(self._docs), "endContent": self.end, "txns": self.txns})

    def _hear(self, agent: int, of: Known) -> None:
        for missing in sorted(of - self._known[agent]):
            self._docs[agent].receive(TextState(b"", (self.updates[missing],)))
        self._known[agent] |= of

    def _write(self, number: int, agent: int) -> None:
        dice, doc = self._dice, self._docs[agent]
        if number and dice.random() < 0.4:
            self._hear(agent, self._past(dice.randrange(number)))
        at = dice.choice((0, doc.length, dice.randint(0, min(3, doc.length))))
        deleted = dice.randint(0, min(4, doc.length - at)) if dice.random() < 0.3 else 0
        inserted = "" if deleted and dice.random() < 0.5 else dice.choice(WORDS)
        doc.delete(at, deleted)
        doc.insert(at, inserted)
        update = doc.take_update()
        assert update is not None
        parents = [n for n in self._known[agent] if not any(n in self._past(m) - {m} for m in self._known[agent])]
        self.updates.append(update)
        self.txns.append({"parents": sorted(parents), "agent": agent, "patches": [[at, deleted, inserted]]})
        self._known[agent] |= {number}

    def _past(self, number: int) -> Known:
        """A keystroke and all that its writer had seen."""
        found, open_ends = {number}, [number]
        while open_ends:
            for parent in self.txns[open_ends.pop()]["parents"]:
                if parent not in found:
                    found.add(parent)
                    open_ends.append(parent)
        return frozenset(found)


@pytest.mark.parametrize("seed", range(3))
def test_three_people_at_one_place_end_with_one_text(devices: Devices, seed: int) -> None:
    desks = [devices(name) for name in ("Anna", "Bert", "Cem")]
    workshop = workshops.create(desks[0].store, {"title": "Zu dritt", "ags": BERLEBURG})
    for desk in desks:
        desk.sync()
    writers = [Writer(desk, workshop) for desk in desks]
    evening = Evening(seed, [writer.peer for writer in writers])
    play(evening.trace, writers)
    assert [writer.stored().text for writer in writers] == [evening.end] * 3
    assert any(len(t["parents"]) > 1 for t in evening.txns), "nobody wrote at the same time"


@pytest.mark.parametrize("seed", range(8))
def test_every_order_of_deliveries_with_repetitions_gives_the_same_text(devices: Devices, seed: int) -> None:
    """The agency's word may come in any order and twice, also a text's updates before what they build upon."""
    evening, dice = Evening(seed, (11, 12, 13), keystrokes=30), random.Random(seed)
    store, workshop = devices().store, new_id()
    minutes = workshops.minutes_id(workshop)
    born = apply_change(
        EntityState("minutes", minutes), Change(7, 1, 1 << 16, "x", (Create("minutes", minutes, "workshop", workshop),))
    )
    states = [
        apply_change(born, Change(writer, 1, 1 << 16, "x", (TextEdit("minutes", minutes, TEXT, update),)))
        for writer, update in enumerate(evening.updates, 100)  # one each: a vector never covers what did not come
    ]
    told = states + dice.sample(states, 10)
    dice.shuffle(told)
    for seq, state in enumerate(told, 1):
        step = Step(f"municipality:{BERLEBURG}", seq, "minutes", minutes, state)
        take_steps(store, [step], Arrived(), "")
    with reading(store.engine) as connection:
        loaded = rows.load(connection, "minutes", minutes)
    assert loaded is not None
    assert loaded[1].texts[TEXT].text == evening.end


def test_nobody_is_in_two_places_at_once() -> None:
    forked = [{"parents": p, "agent": 0, "patches": [[0, 0, "a"]]} for p in ([], [0], [0])]
    with pytest.raises(ValueError, match="keystroke 2: its writer forgets keystroke 1"):
        parse({"kind": "concurrent", "numAgents": 1, "endContent": "", "txns": forked})


@pytest.mark.slow
def test_a_trace_of_one_person_is_replayed_over_the_network(tmp_path: Path) -> None:
    typed = [{"time": "2026-01-01T19:00:00Z", "patches": [[n, 0, c]]} for n, c in enumerate("Mehr 🚲-Wege")]
    typed.append({"time": "2026-01-01T19:00:09Z", "patches": [[0, 4, "Viele"], [5, 1, " neue "]]})
    file = tmp_path / "trace.json.gz"
    told = {"startContent": "", "endContent": "Viele neue 🚲-Wege", "txns": typed}
    file.write_bytes(gzip.compress(json.dumps(told).encode()))
    figures = replay(load(file))
    assert (figures["equal"], figures["edits"], figures["devices"]) == (True, 12, 2)
