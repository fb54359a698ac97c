"""One laptop of a hall as a process of its own: its profile, and what the person in front of it does."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.config import Profile
from app.domain.ids import EntityId
from app.errors import MasswerkError
from app.models.opening import open_store
from app.models.queries import records, sessions, syncing, versions
from app.models.queries.hall import hall_standing
from app.models.store import Store
from app.services import attachments, workshops
from app.services.workshops import Card
from app.services.workspace import Workspace
from app.sync.hall.guest import Address, GuestLink, enter
from app.sync.hall.hub import Hub
from app.sync.hall.serving import HubServer
from app.sync.line import Line
from tests.dictation import dictate


class Laptop:
    """Everything by name, so that it can be asked for through a pipe."""

    def __init__(self, store: Store, workshop: EntityId, folder: Path) -> None:
        self.store, self.workshop, self.folder = store, workshop, folder
        self.workspace = Workspace.of(store)
        self.server: HubServer | None = None
        self.link: GuestLink | None = None
        self._news = threading.Event()
        store.listen(lambda _: self._news.set())

    def open(self) -> tuple[int, str]:
        self.server = HubServer(Hub(self.store, self.workshop, letter_every=0.05))
        self.server.open("127.0.0.1", 0)
        return self.server.port, self.server.hub.code

    def join(self, port: int, code: str) -> None:
        self.link = GuestLink(
            self.store, enter(self.store, Address("127.0.0.1", port), code), letter_every=0.05, every=0.1
        )
        self.link.start()

    def write(self, text: str) -> float:
        workshops.add_card(self.store, self.workshop, Card("idea", text))
        return time.time()

    def dictate(self, words: str) -> None:
        dictate(self.workspace, self.workshop, words)

    def seen(self) -> tuple[list[str], str]:
        cards = sorted(line.text for line in sessions.card_lines(self.workspace.reader, self.workshop))
        found = records.get_record(self.workspace.reader, "minutes", workshops.minutes_id(self.workshop))
        return cards, found.text("text") if found else ""

    def await_card(self, text: str, seconds: float = 20) -> float:
        """When the card stood in the database here."""
        return self._await(lambda: text in self.seen()[0], seconds)

    def await_keeper(self, changes: int, seconds: float = 20) -> float:
        return self._await(
            lambda: any(k.changes == changes for k in hall_standing(self.workspace.reader).keepers), seconds
        )

    def await_arrived(self, changes: int, seconds: float = 20) -> float:
        """When so many own changes were told as being at the agency, by its receipt."""
        return self._await(lambda: hall_standing(self.workspace.reader).arrived == changes, seconds)

    def attach(self, size: int) -> str:
        """The SHA-256 of a photo of the workshop."""
        file = self.folder / "Flipchart.bin"
        file.write_bytes(os.urandom(size))
        attachments.add(self.store, ("workshop", self.workshop), attachments.look_at(file))
        return attachments.of(self.store, self.workshop)[0].text("sha256")

    def await_photo(self, sha: str, whole: bool, seconds: float = 20) -> float:
        """When some of a photo lay here, or all of it."""
        blobs = attachments.bytes_of(self.store)
        return self._await(lambda: blobs.get(sha).whole or (not whole and blobs.get(sha).have > 0), seconds)

    def photos_waiting(self) -> int:
        return attachments.count_waiting(self.store)

    def _await(self, fits: Callable[[], bool], seconds: float) -> float:
        end = time.time() + seconds
        while time.time() < end:
            if fits():
                return time.time()
            self._news.wait(0.02)
            self._news.clear()
        raise TimeoutError

    def leave(self) -> None:
        if self.link is not None:
            self.link.leave()
        if self.server is not None:
            self.server.close()
        self.link = self.server = None

    def sync(self) -> tuple[int, int]:
        """(changes with a receipt now, own changes that still wait)."""
        line = Line(self.store)
        engine = line.engine()
        assert engine is not None
        try:
            report = engine.sync()
        finally:
            line.close()
        return report.confirmed, self.pending()

    def pending(self) -> int:
        return syncing.standing(self.workspace.reader).pending

    def questions(self) -> int:
        return len(versions.questions(self.workspace.reader))

    def letters(self) -> list[tuple[str, str]]:
        return [(c.person, c.state) for c in hall_standing(self.workspace.reader).carried]


def live(folder: Path, key: bytes, workshop: EntityId, pipe: Connection) -> None:
    """Does what comes through the pipe until None comes."""
    store = open_store(Profile.at(folder), key)
    laptop = Laptop(store, workshop, folder)
    try:
        while (asked := pipe.recv()) is not None:
            name, *given = asked
            answer: Any
            try:
                answer = getattr(laptop, name)(*given)
            except (MasswerkError, OSError, AttributeError) as error:
                answer = error
            pipe.send(answer)
    finally:
        laptop.leave()
        store.close()
