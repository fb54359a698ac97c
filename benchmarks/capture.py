"""The Mitschrift while a hall talks and an exchange runs: is every card there at once, is any key lost?

    python benchmarks/capture.py [--changes 20000] [--minutes 10] [--json]

Two evenings, each at a real desk (the whole real window offscreen, the encrypted profile on disk) with an
agency process of its own, at which a colleague has left so many changes. Keys come from a thread that keeps
time by itself, through the window as the system's keys do: what the window keeps waiting is in the figures.

- First evening: one card after the other as fast as the window takes them, until the exchange is through.
  `enter_…` runs from the press of Return to the card being on disk and painted.
- Second evening: twelve keys a second for so many minutes, cards with marks, tags, persons, stations and
  mistakes taken back, and running minutes; after a fifth of the time the network comes and brings all the
  changes. Then the stored cards and minutes are compared with what was typed. `key_…` runs from the press
  until the window has taken the key in.

All times in milliseconds.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from app import pauses
from app.config import Profile
from app.demo.agency import DemoAgency
from app.demo.client import Client
from app.domain.ids import EntityId
from app.models import keys
from app.models.opening import create_profile
from app.models.queries import records, sessions, syncing
from app.services import workshops
from app.sync.line import Line
from app.ui import theme
from app.ui.application import make_application
from app.ui.demo import shipped_region
from app.ui.desktop import Desktop
from app.ui.sync_worker import SyncState
from app.ui.workshops.column import CardColumn
from app.ui.workshops.notes import NotesView
from benchmarks.common import folder, percentile, spread, tell
from benchmarks.first_sync import AGS
from benchmarks.first_sync import filled as leave_changes
from benchmarks.start import PASSPHRASE

KEYS_PER_S = 12
STATIONS = ("Bus und Bürgerbus", "Rad und zu Fuß", "Parken und Laden")
_PATIENCE_S = 120.0
_KEYS = {"\n": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, "\b": Qt.Key.Key_Backspace}
_MAIL = QEvent.Type(QEvent.registerEventType())


@dataclass
class Evening:
    """A desk with the Mitschrift of one workshop open, and the agency it belongs to, not running yet."""

    agency: DemoAgency
    client: Client
    desktop: Desktop
    workshop: EntityId
    app: QApplication

    @property
    def notes(self) -> NotesView:
        view = self.desktop.workshops.view
        assert view is not None
        return view.notes

    def until(self, seen: Callable[[], bool], patience: float = _PATIENCE_S) -> None:
        """Let the window live until something is so."""
        end = time.monotonic() + patience
        while not seen():
            if time.monotonic() > end:
                raise SystemExit("waited in vain")
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

    def network_comes(self) -> None:
        """The agency's process starts beside the window, which goes on meanwhile, and the exchange begins."""
        starting = threading.Thread(target=self.agency.start)
        starting.start()
        self.until(lambda: not starting.is_alive())
        self.desktop.start()

    def is_through(self) -> bool:
        return self.desktop.sync.state is SyncState.CONNECTED

    def held(self) -> int:
        """Measures on this device."""
        return syncing.counts(self.client.workspace.reader).get("measure", 0)


@contextmanager
def evening(where: Path, changes: int) -> Iterator[Evening]:
    """Joined and in step once; then a colleague has left so many changes at the agency, and the network is gone."""
    leave_changes(where / "agency", 1)
    agency = DemoAgency(where / "agency")
    agency.start()
    profile = Profile.at(where / "profile").ensure()
    store = create_profile(profile, keys.create_key(profile, PASSPHRASE), "Katrin Brandt", "Laptop", AGS)
    client = Client(profile, store, "Katrin Brandt")
    client.join(agency.url, agency.invite("coordinator", AGS))
    agenda = [("Begrüßung", 10), ("Wege im Dorf", 45)]
    workshop = workshops.create(store, {"title": "Bürgerdialog Mobilität", "ags": AGS}, STATIONS, agenda)
    client.sync()
    client.line.close()
    agency.stop()
    leave_changes(where / "agency", changes)
    app = make_application()
    theme.active().choose(scheme="light")
    line = Line(store)
    desktop = Desktop(client.workspace, shipped_region(), profile, line.engine)
    desktop.window.resize(1440, 900)
    desktop.window.show()
    desktop.window.activateWindow()
    desktop.show_record("workshop", workshop)
    made = Evening(agency, client, desktop, workshop, app)
    made.until(made.notes.entry.line.hasFocus)
    try:
        yield made
    finally:
        desktop.close()
        line.close()
        store.close()
        agency.kill()


class Keys(QObject):
    """A keyboard: presses may come from any thread and go to the window, which knows who has the focus.

    `took` holds for each key the milliseconds from the press until the window has taken it in.
    """

    def __init__(self, desk: Evening) -> None:
        super().__init__()
        handle = desk.desktop.window.windowHandle()
        assert handle is not None
        self._window = handle
        self.took: list[float] = []
        self._pressed: list[float] = []

    def press(self, character: str) -> None:
        """One key down and up; whatever has no key of its own comes as its character, as from an input method."""
        key = _KEYS.get(character, Qt.Key(0))
        words = "\r" if character == "\n" else "" if character in _KEYS else character
        self._pressed.append(time.perf_counter())
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, int(key), Qt.KeyboardModifier.NoModifier, words)
            QCoreApplication.postEvent(self._window, event)
        QCoreApplication.postEvent(self, QEvent(_MAIL))

    def event(self, event: QEvent) -> bool:
        """Events of one thread come in order: here the key has been taken in."""
        if event.type() == _MAIL:
            self.took.append((time.perf_counter() - self._pressed[len(self.took)]) * 1000)
            return True
        return super().event(event)

    @property
    def is_quiet(self) -> bool:
        """Every key pressed has been taken in."""
        return len(self.took) == len(self._pressed)


class Enters(QObject):
    """Watches the columns: when is the card of the last Return on disk and painted?"""

    def __init__(self, desk: Evening) -> None:
        super().__init__()
        self._desk = desk
        self.stored: list[float] = []
        self.shown: list[float] = []
        self._pressed = 0.0
        self.waiting = False
        desk.notes._session.saved.connect(self._on_saved)
        for column in desk.notes.board.findChildren(CardColumn):
            column.installEventFilter(self)

    def begin(self) -> None:
        """Return is pressed now."""
        self._pressed, self.waiting = time.perf_counter(), True

    def _on_saved(self) -> None:
        self.stored.append(self._since())

    def _since(self) -> float:
        return (time.perf_counter() - self._pressed) * 1000

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A column is about to be painted; if it has the card, the card is shown when that is done."""
        if event.type() == QEvent.Type.Paint and self.waiting and isinstance(watched, CardColumn):
            saved = set(self._desk.notes._session.saved_ids)
            if saved & {line.id for line in watched.lines()}:
                QTimer.singleShot(0, self, self._on_shown)
        return False

    def _on_shown(self) -> None:
        if self.waiting:
            self.shown.append(self._since())
            self.waiting = False


def cards_while_syncing(where: Path, changes: int) -> dict[str, float]:
    """Card after card from the moment the network is there until all changes are here."""
    with evening(where, changes) as desk:
        keyboard, enters = Keys(desk), Enters(desk)
        desk.network_comes()
        began = time.monotonic()
        desk.until(lambda: desk.desktop.sync.state is SyncState.SYNCING)
        number = 0
        while not desk.is_through() or number < 20:
            _one_card(desk, keyboard, enters, number)
            number += 1
        took = time.monotonic() - began
        if desk.held() != changes + 1:
            raise SystemExit(f"{desk.held()} measures of {changes + 1}")
        during = len(enters.shown)
        for extra in range(100):
            _one_card(desk, keyboard, enters, number + extra)
        calm = enters.shown[during:]
        stored = len(sessions.card_lines(desk.client.workspace.reader, desk.workshop))
        if stored != number + 100:
            raise SystemExit(f"{stored} cards of {number + 100}")
        shown, on_disk = enters.shown[:during], enters.stored[:during]
        return {
            **spread("enter", shown),
            **spread("enter_stored", on_disk),
            "enter_cards": during,
            **spread("enter_calm", calm),
            "sync_s": took,
        }


def _one_card(desk: Evening, keyboard: Keys, enters: Enters, number: int) -> None:
    for character in f"Karte {number}: mehr Busse am Abend":
        keyboard.press(character)
    desk.until(lambda: keyboard.is_quiet)

    # A hand comes down at any moment, not just when the window is free: the press waits in line like any other.
    def come_down() -> None:
        enters.begin()
        keyboard.press("\n")

    thread = threading.Timer(0.01, come_down)
    thread.start()
    desk.until(lambda: len(enters.shown) > number and keyboard.is_quiet)
    thread.join()


@dataclass
class Script:
    """What is typed, character by character, and what must be stored in the end."""

    cards: list[tuple[str, str, str, tuple[str, ...], str]] = field(default_factory=list)
    """(kind, text, station, tags, person), in the order of typing."""
    minutes: str = ""

    def steps(self, keys_wanted: int) -> Iterator[str]:
        """Characters; "entry" and "minutes" say where the person goes on writing."""
        typed = 0
        station = 0
        for number, (mark, words, tags, person) in enumerate(cycle(_LINES)):
            if typed >= keys_wanted:
                return
            if number % 10 == 9:
                told = f"{_MINUTES[number // 10 % len(_MINUTES)]} ({number})\n"
                yield "minutes"
                yield from told
                yield "entry"
                self.minutes += told
                typed += len(told)
                continue
            if number % 4 == 3:
                yield "\t"
                station = (station + 1) % len(STATIONS)
                typed += 1
            text = f"{words} {number}"
            line = "".join((mark, f"@{person} " if person else "", text, *(f" #{tag}" for tag in tags)))
            slipped = f"{line}xq\b\b\n" if number % 5 == 2 else f"{line}\n"
            yield from slipped
            typed += len(slipped)
            kind = "task" if person else _MARKS[mark]
            self.cards.append((kind, text, STATIONS[station], tags, person))


_MARKS = {"": "idea", "? ": "question", "! ": "decision", "+ ": "strength", "- ": "weakness"}
_LINES: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("", "Der letzte Bus fährt um 19:40, danach kommt man nicht mehr heim", (), ""),
    ("", "Bürgerbus auch samstags, zwölf Fahrerinnen und Fahrer würden reichen", ("bürgerbus",), ""),
    ("? ", "Wer bezahlt die Ladesäule am Schützenhaus", (), ""),
    ("+ ", "Der Radweg an der Eder wird gut angenommen", ("rad", "eder"), ""),
    ("- ", "Größere Räder passen nicht in die Ständer", (), ""),
    ("! ", "Die Haltestelle „Kirche“ wird verlegt – einstimmig", (), ""),
    ("", "Mit dem Landkreis über die Linie R28 sprechen", (), "Jonas"),
    ("", "Öfter übers Dorf statt über die Umgehung fahren", (), ""),
    ("", "Carsharing: drei Familien würden sich ein Auto teilen", ("teilen",), ""),
)
_MINUTES = (
    "Herr Weber begrüßt die Anwesenden und erklärt das Ziel des Abends",
    "Es wird nachgefragt, was aus dem Antrag geworden ist; die Verwaltung prüft",
    "Die Gruppen stellen ihre Karten vor, danach wird gepunktet",
)


class Typist(threading.Thread):
    """Types a script at its own pace, whatever the window does."""

    def __init__(self, desk: Evening, keyboard: Keys, script: Script, minutes: float) -> None:
        super().__init__(daemon=True)
        self._desk, self._keyboard, self._script = desk, keyboard, script
        self._wanted = round(minutes * 60 * KEYS_PER_S)
        self.pressed = 0

    def run(self) -> None:
        """One key every twelfth of a second by the clock: being late once does not make the rest slower."""
        began = time.perf_counter()
        for step in self._script.steps(self._wanted):
            if len(step) > 1:
                QCoreApplication.postEvent(self._keyboard, Turn(self._desk, step))
                continue
            due = began + self.pressed / KEYS_PER_S
            time.sleep(max(0.0, due - time.perf_counter()))
            self._keyboard.press(step)
            self.pressed += 1


class Turn(QEvent):
    """The person goes to the entry line or to the running minutes (Alt+K, Alt+P), when the keys before are in."""

    def __init__(self, desk: Evening, where: str) -> None:
        super().__init__(QEvent.Type(QEvent.Type.User + 1))
        self._desk, self._where = desk, where

    def go(self) -> None:
        notes = self._desk.notes
        (notes.focus_minutes if self._where == "minutes" else notes.focus_entry)()


class Hands(Keys):
    """A keyboard with somebody at it who also changes places."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, Turn):
            event.go()
            return True
        return super().event(event)


def ten_minutes(where: Path, changes: int, minutes: float) -> dict[str, float]:
    """Types, lets the network come after a fifth of the time, compares what is stored with what was typed."""
    with evening(where, changes) as desk:
        script = Script()
        keyboard = Hands(desk)
        typist = Typist(desk, keyboard, script, minutes)
        began = time.monotonic()
        typist.start()
        desk.until(lambda: time.monotonic() - began > minutes * 12)
        desk.network_comes()
        came = time.monotonic()
        synced: list[float] = []

        def watched() -> bool:
            if not synced and desk.is_through():
                synced.append(time.monotonic() - came)
            return not typist.is_alive() and keyboard.is_quiet

        desk.until(watched, minutes * 60 + _PATIENCE_S)
        took = time.monotonic() - began
        desk.until(desk.is_through)
        desk.notes.flush()
        lost = _differences(desk, script)
        if desk.held() != changes + 1:
            raise SystemExit(f"{desk.held()} measures of {changes + 1}")
        return {
            "minutes": minutes,
            "keys": typist.pressed,
            "keys_per_s": typist.pressed / took,
            "keys_lost": lost,
            "cards": len(script.cards),
            "minutes_characters": len(script.minutes),
            **spread("key", keyboard.took),
            "key_p999_ms": percentile(keyboard.took, 0.999),
            "typing_sync_s": synced[0] if synced else -1.0,
        }


def _differences(desk: Evening, script: Script) -> int:
    """Characters that are stored otherwise than they were typed, lost or too many; each is told on stderr."""
    reader = desk.client.workspace.reader
    titles = {r.id: r.text("title") for r in records.children(reader, desk.workshop, "station")}
    stored: dict[str, list[tuple[str, str, str, tuple[str, ...], str]]] = {}
    for one in sessions.card_lines(reader, desk.workshop):
        told = (one.kind, one.text, titles.get(one.station or "", ""), tuple(sorted(one.tags)), one.responsible or "")
        stored.setdefault(one.text, []).append(told)
    lost = 0
    for kind, text, station, tags, person in script.cards:
        wanted = (kind, text, station, tuple(sorted(tags)), person)
        found = stored.get(text, [])
        if wanted in found:
            found.remove(wanted)
        else:
            lost += len(text)
            print(f"lost: {wanted}, stored: {found}", file=sys.stderr)
    for text, rest in stored.items():
        lost += len(text) * len(rest)
        for told in rest:
            print(f"too many: {told}", file=sys.stderr)
    minutes = records.get_record(reader, "minutes", workshops.minutes_id(desk.workshop))
    written = minutes.text("text") if minutes is not None else ""
    if written != script.minutes:
        lost += abs(len(written) - len(script.minutes)) or 1
        print(f"minutes: {len(written)} of {len(script.minutes)} characters", file=sys.stderr)
    return lost


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads the command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--changes", type=int, default=20_000)
    asked.add_argument("--minutes", type=float, default=10.0, help="of typing; 0: only the first evening")
    asked.add_argument("--json", action="store_true", help="one JSON object on one line (the only form there is)")
    chosen = asked.parse_args(arguments)
    pauses.calm()  # as the program does at its start
    figures: dict[str, float] = {}
    with folder() as where:
        (where / "first").mkdir()
        figures |= cards_while_syncing(where / "first", chosen.changes)
        if chosen.minutes:
            (where / "second").mkdir()
            figures |= ten_minutes(where / "second", chosen.changes, chosen.minutes)
    tell(changes=chosen.changes, load=os.getloadavg()[0] if hasattr(os, "getloadavg") else -1.0, **figures)
    return 1 if figures.get("keys_lost") else 0


if __name__ == "__main__":
    sys.exit(main())
