"""`masswerk --self-check`: everything once for real, in a temporary folder, without keyring and display.

For the frozen bundle first of all: whatever a build can leave behind (a migration, a font, a Qt plugin, the
server's modules, a native library) is used here. One line per step; 0 if every step held.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.config import VERSION, Profile
from app.domain.catalogue import Role
from app.domain.ids import derived_id, text_peer
from app.domain.region import Region, parse_municipalities
from app.domain.text import TextDoc
from app.models import keys, migrate
from app.models.opening import create_profile, open_store
from app.models.outbox import standing
from app.models.queries import lists, records, syncing
from app.models.queries.identity import replica
from app.models.soundness import examine, looking_into, revision_in
from app.models.store import Store
from app.resources import path
from app.services import history, measures, workshops
from app.services.workspace import Workspace
from app.sync.engine import Engine
from app.sync.http_agency import HttpAgency
from app.sync.membership import join

if TYPE_CHECKING:
    from app.server.service import AgencyService

AGS = "05970004"
OLD_KEY = bytes(range(32))
"""Public: it opens only the invented profile that is shipped for this check."""
TITLE = "Selbstprüfung: Bürgerbus fährt samstags"
MINUTES = "Begrüßung, Ablauf, Verabschiedung."


class Unsound(Exception):
    """A step ended without an error and yet not as it must."""


def run() -> int:
    """Runs every step; 0 if all of them held, else 1 after the first that did not."""
    # No test and no build may reach the keyring or the display of the person who runs it.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    began = time.perf_counter()
    print(f"Maßwerk {VERSION}, Selbstprüfung auf {sys.platform}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="masswerk-selbst-"))
    check = _Check(folder)
    try:
        held = all(_step(name, step) for name, step in check.steps())
    finally:
        check.close()
        shutil.rmtree(folder, ignore_errors=True)
    word = "alles in Ordnung" if held else "fehlgeschlagen"
    print(f"Selbstprüfung: {word} ({time.perf_counter() - began:.1f} s)", flush=True)
    return 0 if held else 1


def _step(name: str, step: Callable[[], str]) -> bool:
    """One step and its line."""
    began = time.perf_counter()
    try:
        told = step()
    except Exception as error:  # noqa: BLE001 - whatever it is, this is the place that reports it
        print(f"✗ {name}: {type(error).__name__}: {error}", flush=True)
        return False
    print(f"✓ {name}: {told} ({(time.perf_counter() - began) * 1000:.0f} ms)", flush=True)
    return True


def _must(held: bool, what: str) -> None:
    if not held:
        raise Unsound(what)


class _Check:
    """The steps in their order; each stands on those before it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._profile = Profile.at(folder / "profil")
        self._key = secrets.token_bytes(len(OLD_KEY))
        self._stores: list[Store] = []
        self._region: Region | None = None
        self._measure = self._workshop = ""

    def steps(self) -> tuple[tuple[str, Callable[[], str]], ...]:
        return (
            ("Mitgelieferte Dateien", self._resources),
            ("Neues Profil", self._create),
            ("Kennsatz", self._passphrase),
            ("Arbeiten", self._work),
            ("Älteres Profil", self._upgrade),
            ("Abgleich", self._exchange),
            ("Fenster", self._window),
            ("Schließen und öffnen", self._reopen),
        )

    def close(self) -> None:
        for store in self._stores:
            store.close()

    def _keep(self, store: Store) -> Store:
        self._stores.append(store)
        return store

    def _resources(self) -> str:
        self._region = parse_municipalities(path("region", "municipalities.csv").read_text(encoding="utf-8"))
        for part in (("demo", "measures.jsonl"), ("theme", "tokens.json"), ("icons", "app.svg")):
            _must(path(*part).stat().st_size > 0, "/".join(part))
        return f"{len(self._region.keys)} Kommunen"

    def _create(self) -> str:
        store = self._keep(create_profile(self._profile, self._key, "Selbstprüfung", "Probe", AGS))
        store.close()
        self._keep(open_store(self._profile, self._key))
        with self._profile.database.open("rb") as file:
            _must(not file.read(16).startswith(b"SQLite format"), "not encrypted")
        return f"Schema {migrate.HEAD}, verschlüsselt"

    def _passphrase(self) -> str:
        """A key of its own, wrapped as where there is no keyring."""
        profile = Profile.at(self._folder / "kennsatz").ensure()
        made = keys.create_key(profile, "Sieben Brücken über die Eder")
        _must(keys.load_key(profile, "Sieben Brücken über die Eder") == made, "another key")
        _must(made not in profile.key_file.read_bytes(), "key in clear")
        return "Schlüssel verpackt und wieder geöffnet"

    def _work(self) -> str:
        store = self._stores[-1]
        reader = Workspace.of(store).reader
        self._measure = measures.create(store, {"title": TITLE, "lead_ags": AGS})
        measures.add_part(store, self._measure, "milestone", {"title": "Erste Fahrt", "due": "2027-Q1"})
        measures.edit(store, self._measure, {"status": "planned"})
        _must(history.undo(store) is not None, "nothing to undo")
        self._workshop = workshops.create(store, {"title": "Bürgerdialog", "ags": AGS})
        workshops.add_card(store, self._workshop, workshops.Card("idea", "Rufbus ab Bahnhof"))
        entity = workshops.minutes_id(self._workshop)
        text = records.text_state(reader, "minutes", entity, "text")
        doc = TextDoc(text, text_peer(replica(reader), entity, 1, 0))
        doc.insert(0, MINUTES)
        update = doc.take_update()
        _must(update is not None, "no text update")
        workshops.write_minutes(store, self._workshop, update or b"")
        found = [hit.id for hit in lists.search(reader, "buergerbus")]
        _must(found == [self._measure], "search finds nothing")
        return f"{syncing.standing(reader).pending} Änderungen, Suche findet"

    def _upgrade(self) -> str:
        """A copy of a profile that the oldest schema left, with everything in it afterwards."""
        profile = Profile.at(self._folder / "alt").ensure()
        shutil.copyfile(path("self_check", "profile-0001.db"), profile.database)
        with looking_into(profile.database, OLD_KEY) as connection:
            found = revision_in(connection)
        _must(found == migrate.KNOWN[0], f"shipped with {found}")
        store = self._keep(open_store(profile, OLD_KEY))
        reader = Workspace.of(store).reader
        measure = records.get_record(reader, "measure", derived_id("old", "measure"))
        _must(measure is not None and measure.text("title") == "Mobilstation am Bahnhof", "title lost")
        _must(measure is not None and measure.elements("tags") == ("bus", "rad"), "tags lost")
        text = records.text_state(reader, "minutes", derived_id("old", "minutes"), "text")
        _must(text.text == "Begrüßung und Ablauf.", "minutes lost")
        measures.edit(store, derived_id("old", "measure"), {"title": "Geht weiter"})
        store.close()
        with looking_into(profile.database, OLD_KEY) as connection:
            contents = examine(connection)
        _must(contents.revision == migrate.HEAD, f"left at {contents.revision}")
        _must((contents.records, contents.changes) == (5, 7), "records or changes lost")
        return f"{found} → {contents.revision}, {contents.records} Datensätze, {contents.changes} Änderungen"

    def _exchange(self) -> str:
        """An agency in this process, reached over HTTP as the real one; a second device gets everything."""
        from app.server.database import Database
        from app.server.service import AgencyService
        from app.server.serving import serving

        database = Database(f"sqlite:///{(self._folder / 'agentur.db').as_posix()}")
        service = AgencyService.found(database, "Probe")
        second = Profile.at(self._folder / "zweites")
        other = self._keep(create_profile(second, self._key, "Zweite", "Probe 2", AGS))
        mine = self._stores[1]
        try:
            with serving(service) as address:
                confirmed = self._meet(mine, service, address)
                self._meet(other, service, address)
        finally:
            database.close()
        reader = Workspace.of(other).reader
        arrived = records.get_record(reader, "measure", self._measure)
        _must(arrived is not None and arrived.text("title") == TITLE, "the measure did not arrive")
        text = records.text_state(reader, "minutes", workshops.minutes_id(self._workshop), "text").text
        _must(text == MINUTES, "the minutes did not arrive")
        _must(syncing.standing(Workspace.of(mine).reader).pending == 0, "changes without a receipt")
        other.close()
        return f"{confirmed} Änderungen quittiert, auf dem zweiten Gerät angekommen"

    def _meet(self, store: Store, service: AgencyService, address: str) -> int:
        """Joins and exchanges; number of changes that have a receipt now."""
        entry = HttpAgency(address)
        join(store, entry, address, service.invite(Role.COORDINATOR, ags=AGS))
        entry.close()
        agency = HttpAgency(address, standing(store).membership.token)
        try:
            return Engine(store, agency).sync().confirmed
        finally:
            agency.close()

    def _window(self) -> str:
        """The real window over the profile: every room is opened and painted."""
        from app.ui.application import make_application
        from app.ui.desktop import Desktop

        application = make_application()
        assert self._region is not None
        desktop = Desktop(Workspace.of(self._stores[1]), self._region, self._profile, lambda: None)
        desktop.start()
        rooms = desktop.window.keys()
        try:
            for room in rooms:
                desktop.window.show_page(room)
                application.processEvents()
                picture = desktop.window.page(room).grab().toImage()
                spots = ((x, y) for x in range(0, picture.width(), 4) for y in range(0, picture.height(), 4))
                _must(len({picture.pixel(x, y) for x, y in spots}) > 8, f"{room} stays empty")
        finally:
            desktop.close()
        return f"{len(rooms)} Bereiche gezeichnet ({application.platformName()})"

    def _reopen(self) -> str:
        self._stores[1].close()
        with looking_into(self._profile.database, self._key) as connection:
            contents = examine(connection)
        store = self._keep(open_store(self._profile, self._key))
        held = syncing.counts(Workspace.of(store).reader)
        _must(held["measure"] == 1 and held["contribution"] == 1, "records lost")
        return f"unversehrt, {contents.records} Datensätze, {contents.changes} Änderungen"
