"""The offline day, played with real profiles and a real agency process; every promise is checked.

Nothing here is special to the demo but the order of events: people work through the services, clients
exchange over HTTP, the agency is another process that is stopped and killed.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.demo.agency import DemoAgency
from app.demo.client import Client
from app.demo.relay import CuttingRelay
from app.demo.stage import Cast, raise_region
from app.domain.fields import KINDS
from app.domain.ids import EntityId, text_peer
from app.domain.merge import EntityState
from app.domain.text import TextDoc
from app.errors import AgencyUnreachable
from app.models.queries import records, syncing, versions
from app.services import measures, workshops
from app.services.versions import decide
from app.services.workshops import Card, minutes_id

Shoot = Callable[[str, Client, str], None]
"""Takes a picture of a client's real window: (file stem, whose, which screen)."""

SENTENCES_FRAUKE = (
    "Frauke: Der Bürgerbus fährt künftig auch samstags.",
    "Frauke: Für die Haltestelle Ortsmitte wird ein Wetterschutz geprüft.",
    "Frauke: Radständer an der Kirche, überdacht, mit Licht.",
)
SENTENCES_KATRIN = (
    "Katrin: Der Fördertopf für Ladesäulen läuft im Frühjahr aus.",
    "Katrin: Straßen.NRW meldet sich bis Januar wegen der Ederbrücke.",
)
CARDS = (
    ("weakness", "Letzter Bus aus Berleburg 17:48."),
    ("idea", "Rufbus ab Bahnhof, Bestellung bis 30 Minuten vorher."),
    ("question", "Wer trägt den Strom der Ladesäule?"),
    ("strength", "Fahrerinnen kennen alle beim Namen."),
    ("decision", "Haltestelle Ortsmitte wird barrierefrei angemeldet."),
    ("task", "Angebote für die Mitfahrbank einholen"),
)


@dataclass
class Ledger:
    """What was done and what was checked; the figures of the last line."""

    changes: int = 0
    lost: int = 0
    questions: int = 0
    checks: int = 0
    broken: list[str] = field(default_factory=list)

    def promise(self, sentence: str, kept: bool) -> None:
        self.checks += 1
        print(f"   {'✓' if kept else '✗'} {sentence}", flush=True)
        if not kept:
            self.broken.append(sentence)


def play(out: Path | None = None, shoot: Shoot | None = None) -> bool:
    """Plays the day and prints it; True only if every promise was kept."""
    began = time.monotonic()
    with _folder() as folder:
        ledger = Ledger()
        agency = DemoAgency(folder / "agency")
        cast: Cast | None = None
        try:
            _say("Die Agentur startet als eigener Prozess auf diesem Rechner.")
            agency.start()
            cast = raise_region(folder, agency)
            picture = shoot if shoot is not None and out is not None else _no_picture
            _Day(cast, agency, ledger, picture).play()
        finally:
            if cast is not None:
                cast.close()
            agency.kill()
    seconds = time.monotonic() - began
    word = "ok" if not ledger.broken and not ledger.lost else "gebrochen"
    print(
        f"story: {word} · {ledger.changes} changes · {ledger.lost} lost · "
        f"{ledger.questions} questions · {seconds:.1f} s",
        flush=True,
    )
    return word == "ok"


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="masswerk-story-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _say(line: str) -> None:
    print(f"· {line}", flush=True)


def _no_picture(name: str, client: Client, screen: str) -> None:
    """Without a folder for them no pictures are taken."""


class _Day:
    """The day in its order."""

    def __init__(self, cast: Cast, agency: DemoAgency, ledger: Ledger, shoot: Shoot) -> None:
        self.cast = cast
        self.agency = agency
        self.ledger = ledger
        self.shoot = shoot
        self.katrin, self.martin, self.frauke = cast.katrin, cast.martin, cast.frauke
        self.before = {c.profile.folder: c.change_number for c in cast.people}

    def play(self) -> None:
        self._morning()
        self._offline()
        self._back_on_line()
        self._everybody()
        self._decision()
        self._evening()

    def _morning(self) -> None:
        held = syncing.counts(self.katrin.workspace.reader)
        _say(
            f"Katrin Brandt holt die Region: {held['measure']} Maßnahmen, {held['workshop']} Workshops, "
            f"{held['contribution']} Karten."
        )
        self.shoot("1-morgens-massnahmen", self.katrin, "measures")

    def _offline(self) -> None:
        self.agency.stop()
        _say("Das Netz ist weg. Alle arbeiten weiter.")
        self._edit_measures()
        self._write_together()
        self.ledger.changes = sum(c.change_number - self.before[c.profile.folder] for c in self.cast.people)
        for client in self.cast.people:
            try:
                client.sync()
            except AgencyUnreachable:
                continue
            self.ledger.promise("ohne Netz wird nichts als übertragen gemeldet", False)
        waiting = {c.name: syncing.standing(c.workspace.reader).pending for c in self.cast.people}
        told = ", ".join(f"{name} {n}" for name, n in waiting.items())
        _say(f"Noch nicht übertragen: {told}.")
        self.ledger.promise(
            "die Zahl der wartenden Änderungen stimmt auf jedem Gerät",
            sum(waiting.values()) == self.ledger.changes and all(waiting.values()),
        )
        self.shoot("2-ohne-netz-massnahmen", self.katrin, "measures")
        self.shoot("3-ohne-netz-mitschrift", self.frauke, "workshop")
        self.shoot("4-ohne-netz-abgleich", self.katrin, "sync")

    def _edit_measures(self) -> None:
        a, b, c = self.cast.different_fields, self.cast.same_field, self.cast.deleted_here
        measures.edit(self.katrin.store, a, {"start": "2026-Q3", "end": "2027"})
        measures.edit(self.martin.store, a, {"short_description": "Von Martin in Arnsberg neu gefasst."})
        _say("Katrin ändert die Zeit, Martin den Kurztext derselben Maßnahme.")
        measures.edit(self.katrin.store, b, {"status": "paused", "status_reason": "Förderbescheid steht aus."})
        measures.edit(self.martin.store, b, {"status": "in_progress", "status_reason": "Bescheid liegt vor."})
        _say("Beide ändern den Status derselben Maßnahme, verschieden.")
        measures.delete(self.katrin.store, c)
        measures.edit(self.martin.store, c, {"goals": "Treffpunkt für die Nachbarschaft."})
        _say("Katrin löscht eine Maßnahme, die Martin gerade bearbeitet.")

    def _write_together(self) -> None:
        workshop = self.cast.workshop
        stations = records.children(self.frauke.workspace.reader, workshop, "station")
        for i, (kind, text) in enumerate(CARDS):
            station = stations[i % len(stations)].id
            workshops.add_card(self.frauke.store, workshop, Card(kind, text, station))
        workshops.set_head_count(self.frauke.store, workshop, "citizens", 34)
        _write_minutes(self.frauke, workshop, SENTENCES_FRAUKE, at_end=True)
        _write_minutes(self.katrin, workshop, SENTENCES_KATRIN, at_end=False)
        _say(f"Frauke Hellmann schreibt {len(CARDS)} Karten mit; sie und Katrin schreiben dasselbe Protokoll.")

    def _back_on_line(self) -> None:
        self.agency.start()
        _say("Das Netz ist wieder da. Martin gleicht ab.")
        self.martin.sync()
        waiting = syncing.standing(self.katrin.workspace.reader).pending
        relay = CuttingRelay(self.agency.port, 400, self.agency.kill)
        broken = False
        try:
            self.katrin.sync(relay.url)
        except AgencyUnreachable:
            broken = True
        relay.close()
        _say("Bei Katrin wird die Agentur mitten in der Antwort getötet.")
        left = syncing.standing(self.katrin.workspace.reader).pending
        self.ledger.promise("die Antwort brach wirklich ab", broken and relay.was_cut)
        self.ledger.promise(f"ohne Quittung gilt nichts als übertragen: {left} warten weiter", left == waiting)

    def _everybody(self) -> None:
        self.agency.start()
        for client in (self.katrin, self.frauke, self.martin, self.katrin, self.frauke, self.cast.office):
            client.sync()
        standing = syncing.standing(self.katrin.workspace.reader)
        _say(f"Die Agentur ist wieder da; alle gleichen ab. Letzte Quittung bei Katrin: {standing.receipt}.")
        pending = sum(syncing.standing(c.workspace.reader).pending for c in self.cast.people)
        self.ledger.promise("jede Änderung hat eine Quittung", pending == 0)
        self._check_merge()
        self.shoot("5-zwei-fassungen", self.katrin, "versions")
        self.shoot("6-abgleich", self.katrin, "sync")

    def _check_merge(self) -> None:
        a, b, c = self.cast.different_fields, self.cast.same_field, self.cast.deleted_here
        for client in (self.katrin, self.martin, self.cast.office):
            values = _values(client, a)
            self.ledger.promise(
                f"{client.name}: beide Änderungen derselben Maßnahme stehen da",
                values.get("start") == "2026-Q3"
                and values.get("short_description") == "Von Martin in Arnsberg neu gefasst.",
            )
        for client in (self.katrin, self.martin):
            asked = {(q.id, q.slot_name) for q in versions.questions(client.workspace.reader)}
            self.ledger.promise(
                f"{client.name}: der doppelt geänderte Status steht als Zwei Fassungen da", (b, "state") in asked
            )
            self.ledger.promise(f"{client.name}: gelöscht, aber bearbeitet, kommt als Frage zurück", (c, "") in asked)
        self.ledger.questions = syncing.standing(self.katrin.workspace.reader).questions
        reasons = {v.value for q in versions.questions(self.martin.workspace.reader) if q.id == b for v in q.versions}
        self.ledger.promise("keine der beiden Begründungen ist verloren", len(reasons) == 2)
        self._check_minutes()

    def _check_minutes(self) -> None:
        texts = {_minutes(c, self.cast.workshop) for c in (self.katrin, self.frauke, self.cast.office)}
        whole = next(iter(texts))
        sentences = (*SENTENCES_FRAUKE, *SENTENCES_KATRIN)
        self.ledger.promise("das Protokoll ist auf allen Geräten gleich", len(texts) == 1)
        found = sum(whole.count(s) == 1 for s in sentences)
        self.ledger.promise(f"jeder der {len(sentences)} Sätze steht genau einmal da", found == len(sentences))
        self.ledger.lost += len(sentences) - found
        cards = {
            r.text("text") or r.text("title")
            for kind in ("contribution", "task")
            for r in records.children(self.katrin.workspace.reader, self.cast.workshop, kind)
        }
        missing = [text for _, text in CARDS if text not in cards]
        self.ledger.promise("alle Karten sind bei Katrin angekommen", not missing)
        self.ledger.lost += len(missing)

    def _decision(self) -> None:
        question = next(q for q in versions.questions(self.katrin.workspace.reader) if q.id == self.cast.same_field)
        decide(
            self.katrin.store, question.kind, question.id, question.slot, question.versions[0].value, question.context
        )
        self.ledger.changes += 1
        self.katrin.sync()
        self.martin.sync()
        left = [q for q in versions.questions(self.martin.workspace.reader) if q.id == self.cast.same_field]
        _say("Katrin entscheidet die Zwei Fassungen; die Entscheidung kommt bei Martin an.")
        self.ledger.promise("die entschiedene Frage ist überall geschlossen", not left)

    def _evening(self) -> None:
        for client in (*self.cast.people, self.cast.office):
            client.sync()
        shared = {state.id: state for state in self.cast.office.all_states()}
        for client in self.cast.people:
            own = {state.id: state for state in client.all_states()}
            differing = [
                i
                for i, state in own.items()
                if i not in shared or not _same(state, shared[i], _may_see_all(client, state))
            ]
            self.ledger.promise(f"{client.name}: {len(own)} Datensätze gleichen denen der Agentur", not differing)
            self.ledger.lost += len(differing)
        arrived = sum(_reached(self.cast.office, self.cast.people))
        self.ledger.promise("jede Änderung des Tages ist in der Agentur nachweisbar", arrived >= self.ledger.changes)
        self.shoot("7-abends-massnahmen", self.katrin, "measures")


def _values(client: Client, measure: EntityId) -> dict[str, object]:
    found = records.get_record(client.workspace.reader, "measure", measure)
    return dict(found.values) if found is not None else {}


def _minutes(client: Client, workshop: EntityId) -> str:
    return records.text_state(client.workspace.reader, "minutes", minutes_id(workshop), "text").text


def _write_minutes(client: Client, workshop: EntityId, sentences: tuple[str, ...], at_end: bool) -> None:
    """Types into the minutes as the editor does: the text's own updates, saved one after the other."""
    entity = minutes_id(workshop)
    state = records.text_state(client.workspace.reader, "minutes", entity, "text")
    doc = TextDoc(state, text_peer(client.replica, entity, 1, 0))
    for sentence in sentences:
        doc.insert(doc.length if at_end else 0, ("\n" + sentence) if at_end else (sentence + "\n"))
        update = doc.take_update()
        assert update is not None
        workshops.write_minutes(client.store, workshop, update)


def _may_see_all(client: Client, state: EntityState) -> bool:
    """Internal fields (contacts, notes) reach only those who may edit the record."""
    found = records.get_record(client.workspace.reader, state.kind, state.id)
    return found is not None and found.may_edit


def _same(mine: EntityState, theirs: EntityState, everything: bool) -> bool:
    """Whether two devices hold the same record, clocks included; texts by what they say."""
    return _canonical(mine, everything) == _canonical(theirs, everything)


def _canonical(state: EntityState, everything: bool) -> tuple[object, ...]:
    kind = KINDS[state.kind]
    hidden = {s.id for s in kind.slots if any(f.internal for f in s.fields)} if not everything else set()
    registers = {s: r for s, r in state.registers.items() if s not in hidden}
    texts = {slot: text.text for slot, text in state.texts.items()}
    return (state.root_id, registers, dict(state.sets), dict(state.counters), texts, dict(state.seen))


def _reached(office: Client, people: tuple[Client, ...]) -> Iterator[int]:
    """The number up to which the agency's records carry each person's changes."""
    seen: dict[int, int] = {}
    for state in office.all_states():
        for replica, n in state.seen.items():
            seen[replica] = max(seen.get(replica, 0), n)
    for client in people:
        yield seen.get(client.replica, 0)
