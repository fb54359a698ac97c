"""The client that is killed: edits of every sort in one thread, exchanges in another, as fast as they go."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from app.config import Profile
from app.demo.client import Client
from app.domain.ids import EntityId, text_peer
from app.domain.text import TextDoc
from app.errors import AgencyUnreachable
from app.models.opening import open_store
from app.models.queries import records
from app.models.queries.identity import identity
from app.services import measures, workshops


@dataclass(frozen=True, slots=True)
class Targets:
    """The records everybody works on."""

    measures: tuple[EntityId, ...]
    workshop: EntityId
    vote_round: EntityId
    card: EntityId


@dataclass(frozen=True, slots=True)
class Deed:
    """One edit that the service call has confirmed: which change it was and what it said."""

    what: str
    replica: int
    n: int
    id: EntityId
    field: str
    value: str


Say = Callable[[object], None]

Told = tuple[str, EntityId, str, str]
"""What an edit did: sort, record, field, value."""


def live(folder: Path, key: bytes, targets: Targets, number: int, seed: int, pipe: Connection) -> None:
    """Opens the profile and works until it is killed."""
    profile = Profile.at(folder)
    client = Client(profile, open_store(profile, key), "Katrin Brandt")
    lock = threading.Lock()

    def say(word: object) -> None:
        with lock:
            pipe.send(word)

    say("open")
    exchange = threading.Thread(target=_exchange, args=(client, say, random.Random(seed)), daemon=True)
    exchange.start()
    _Work(client, targets, number, random.Random(seed), say).forever()


def _exchange(client: Client, say: Say, dice: random.Random) -> None:
    while True:
        say("sync")
        try:
            client.sync()
        except AgencyUnreachable:
            time.sleep(0.02)
        say("synced")
        time.sleep(dice.random() * 0.03)


class _Work:
    """One edit after the other, each with a value that occurs nowhere else."""

    def __init__(self, client: Client, targets: Targets, number: int, dice: random.Random, say: Say) -> None:
        self._client = client
        self._store = client.store
        self._targets = targets
        self._number = number
        self._dice = dice
        self._say = say
        self._count = 0
        self._sorts = (
            self._register, self._group, self._element, self._part, self._card, self._edit_card,
            self._minutes, self._vote, self._head_count,
        )  # fmt: skip

    def forever(self) -> None:
        last = identity(self._client.workspace.reader)
        while True:
            self._count += 1
            edit = self._dice.choice(self._sorts)
            self._say("edit")
            what, entity, field, value = edit()
            now = identity(self._client.workspace.reader)
            if now != last:  # from a card without points none can be taken: that changes nothing
                self._say(Deed(what, now.replica, now.n, entity, field, value))
            last = now
            time.sleep(self._dice.random() * 0.01)

    @property
    def _value(self) -> str:
        return f"w{self._number}x{self._count}ß"

    def _measure(self) -> EntityId:
        return self._dice.choice(self._targets.measures)

    def _register(self) -> Told:
        measure = self._measure()
        field = self._dice.choice(("title", "goals", "short_description"))
        measures.edit(self._store, measure, {field: self._value})
        return "register", measure, field, self._value

    def _group(self) -> Told:
        measure = self._measure()
        status = self._dice.choice(("planned", "in_progress", "paused"))
        measures.edit(self._store, measure, {"status": status, "status_reason": self._value})
        return "register", measure, "status_reason", self._value

    def _element(self) -> Told:
        measure = self._measure()
        found = records.get_record(self._client.workspace.reader, "measure", measure)
        assert found is not None
        measures.edit(self._store, measure, {"tags": (*found.elements("tags")[-30:], self._value)})
        return "element", measure, "tags", self._value

    def _part(self) -> Told:
        values = {"title": self._value, "due": "2027"}
        part = measures.add_part(self._store, self._measure(), "milestone", values)
        return "milestone", part, "title", self._value

    def _card(self) -> Told:
        said = workshops.Card("idea", self._value)
        _, card = workshops.add_card(self._store, self._targets.workshop, said)
        return "contribution", card, "text", self._value

    def _edit_card(self) -> Told:
        workshops.edit_part(self._store, "contribution", self._targets.card, {"text": self._value})
        return "register", self._targets.card, "text", self._value

    def _minutes(self) -> Told:
        entity = workshops.minutes_id(self._targets.workshop)
        reader = self._client.workspace.reader
        state = records.text_state(reader, "minutes", entity, "text")
        now = identity(reader)
        doc = TextDoc(state, text_peer(now.replica, entity, 1, 0))
        doc.insert(self._dice.randint(0, 1) * doc.length, f"{self._value}.\n")
        update = doc.take_update()
        assert update is not None
        workshops.write_minutes(self._store, self._targets.workshop, update)
        return "minutes", entity, "text", self._value

    def _vote(self) -> Told:
        targets, delta = self._targets, self._dice.choice((1, 1, 2, -1))
        workshops.vote(self._store, targets.workshop, targets.vote_round, targets.card, delta)
        return "vote", targets.card, "points", ""

    def _head_count(self) -> Told:
        count = self._number * 1000 + self._count
        workshops.set_head_count(self._store, self._targets.workshop, "citizens", count)
        return "head_count", self._targets.workshop, "count", str(count)
