"""Two laptops in a hall: how soon words are on the other one, what catching up costs, and what a letter weighs.

Both laptops, hub and guest, share this process and its processor, TLS on 127.0.0.1; read ratios on a busy machine.
"""

from __future__ import annotations

import argparse
import threading
import time
from pathlib import Path

from app.demo.agency import DemoAgency
from app.demo.client import Client
from app.domain.fields import MINUTES
from app.domain.ids import EntityId, text_peer
from app.domain.text import TextDoc
from app.models.queries import records
from app.models.store import Store
from app.services import workshops
from app.services.workshops import Card
from app.sync.carry_wire import MAX_LETTER
from app.sync.courier.write import seal_letters
from app.sync.hall.guest import Address, GuestLink, enter
from app.sync.hall.hub import Hub
from app.sync.hall.serving import HubServer
from benchmarks.common import agency, folder, joined, percentile, tell

TOWN = "05970004"
_TEXT = MINUTES.slot_of["text"].id


class Watched:
    """Tells when a record has been written here."""

    def __init__(self, store: Store) -> None:
        self._seen: dict[EntityId, threading.Event] = {}
        store.listen(self._on_keys)

    def _on_keys(self, keys: frozenset[tuple[str, EntityId]]) -> None:
        for _, entity in keys:
            self.expect(entity).set()

    def expect(self, entity: EntityId) -> threading.Event:
        """Set once the record was written, also if that was before anybody asked."""
        return self._seen.setdefault(entity, threading.Event())


def cards_across(writing: Client, watched: Watched, workshop: EntityId, count: int) -> list[float]:
    """Seconds from saving a card to its being saved on the other laptop."""
    took = []
    for number in range(count):
        began = time.perf_counter()
        _, made = workshops.add_card(writing.store, workshop, Card("idea", f"Karte {number}"))
        assert watched.expect(made).wait(10)
        took.append(time.perf_counter() - began)
    return took


def minutes_across(writing: Client, watched: Watched, workshop: EntityId, count: int) -> list[float]:
    """The same for a pause while typing in minutes that are long already."""
    entity = workshops.minutes_id(workshop)
    took = []
    for _ in range(count):
        state = records.text_state(writing.workspace.reader, "minutes", entity, "text")
        text = TextDoc(state, text_peer(writing.replica, entity, _TEXT, 0))
        text.insert(text.length, "Noch ein Satz aus dem Saal. ")
        update = text.take_update()
        assert update is not None
        arrived = watched.expect(entity)
        arrived.clear()
        began = time.perf_counter()
        workshops.write_minutes(writing.store, workshop, update)
        assert arrived.wait(10)
        took.append(time.perf_counter() - began)
    return took


def main() -> None:
    """Prints one JSON object."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cards", type=int, default=2000, help="in the workshop before the other laptop comes")
    asked.add_argument("--tries", type=int, default=60)
    asked.add_argument("--json", action="store_true", help="as all benchmarks do; nothing else is printed")
    given = asked.parse_args()
    with folder() as where, agency(where) as running:
        measure(where, running, given.cards, given.tries)


def measure(where: Path, running: DemoAgency, cards: int, tries: int) -> None:
    hub = joined(where, running, "Anna", "coordinator", TOWN)
    guest = joined(where, running, "Bert", "coordinator", TOWN)
    workshop = workshops.create(hub.store, {"title": "Dorfabend", "ags": TOWN}, ["Bus"])
    for start in range(0, cards, 100):
        workshops.add_cards(hub.store, workshop, [Card("idea", f"Idee {n}") for n in range(start, start + 100)])
    entity = workshops.minutes_id(workshop)
    empty = records.text_state(hub.workspace.reader, "minutes", entity, "text")
    text = TextDoc(empty, text_peer(hub.replica, entity, _TEXT, 0))
    text.insert(0, "Ein Satz, wie er im Saal gesagt wird. " * 530)
    update = text.take_update()
    assert update is not None
    workshops.write_minutes(hub.store, workshop, update)
    server = HubServer(Hub(hub.store, workshop))
    server.open("127.0.0.1", 0)
    began = time.perf_counter()
    link = GuestLink(guest.store, enter(guest.store, Address("127.0.0.1", server.port), server.hub.code))
    entered = time.perf_counter()
    while link.exchange():
        pass
    caught_up = time.perf_counter()
    assert link.desk.total() == server.hub.desk.total()
    link.start()
    at_hub, at_guest = Watched(hub.store), Watched(guest.store)
    down = cards_across(hub, at_guest, workshop, tries)
    up = cards_across(guest, at_hub, workshop, tries)
    said = minutes_across(hub, at_guest, workshop, tries // 2)
    idle, used = time.perf_counter(), time.process_time()
    threading.Event().wait(5)
    share = (time.process_time() - used) / (time.perf_counter() - idle)
    began_letter = time.perf_counter()
    (made,) = seal_letters(hub.store, MAX_LETTER)
    letter = time.perf_counter() - began_letter
    link.leave()
    server.close()
    tell(
        records=cards + 3,
        pairing_s=entered - began,
        catch_up_s=caught_up - entered,
        card_to_guest_p50_ms=1000 * percentile(down, 0.5),
        card_to_guest_p95_ms=1000 * percentile(down, 0.95),
        card_to_hub_p50_ms=1000 * percentile(up, 0.5),
        card_to_hub_p95_ms=1000 * percentile(up, 0.95),
        minutes_20k_p50_ms=1000 * percentile(said, 0.5),
        minutes_20k_p95_ms=1000 * percentile(said, 0.95),
        idle_cpu_share_of_both=share,
        letter_changes=made.changes,
        letter_kb=len(made.sealed) / 1024,
        letter_ms=1000 * letter,
    )
    hub.close()
    guest.close()


if __name__ == "__main__":
    main()
