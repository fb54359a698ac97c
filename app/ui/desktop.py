"""The whole desktop of one opened profile: window, rooms, bus, sync thread, and how they hang together."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Qt, QThread, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication

from app.config import Profile
from app.domain.region import Region
from app.errors import MasswerkError
from app.models.queries import membership, syncing
from app.models.queries.rescued import rescued
from app.models.queries.safekeeping import lock_after
from app.services import attachments, history
from app.services.safekeeping import Safekeeping, choose_lock
from app.services.workspace import Workspace
from app.sync.report import Progress
from app.ui import labels
from app.ui.attachments.taking import finish_all
from app.ui.attachments.words import size_words
from app.ui.backup_thread import BackupThread
from app.ui.bus import Bus
from app.ui.desk_commands import commands_of
from app.ui.finder import PERSON, Finder, Found, hits_of
from app.ui.hands import Hands
from app.ui.idle_lock import IdleLock, Proof
from app.ui.main_window import MainWindow
from app.ui.rescue_notice import rescue_notice
from app.ui.rooms import Rooms, WithRooms
from app.ui.shell.status_line import Network, StatusView
from app.ui.sync_worker import SyncState, SyncThread
from app.ui.today.page import TodayPage

if TYPE_CHECKING:
    from app.sync.engine import Engine

log = logging.getLogger(__name__)

_NETWORK = {
    SyncState.ALONE: Network.ALONE,
    SyncState.UNKNOWN: Network.OFFLINE,
    SyncState.SYNCING: Network.SYNCING,
    SyncState.CONNECTED: Network.ONLINE,
    SyncState.OFFLINE: Network.OFFLINE,
    SyncState.PAUSED: Network.PAUSED,
    SyncState.REFUSED: Network.REFUSED,
}
_ROOMS = {"measure": "measures", "workshop": "workshops"}
_STATUS_MS = 60
"""Several stores in a row are told to the status line once."""
_AFTERWARDS_MS = 100
PROJECTION = "projection"
"""Object name of the second display: a lock does not veil what the hall looks at."""


class Desktop(WithRooms):
    """Owns the window and the sync thread; `close` ends both cleanly."""

    def __init__(
        self,
        workspace: Workspace,
        region: Region,
        profile: Profile,
        engine: Callable[[], Engine | None],
        keeping: Safekeeping | None = None,
        proof: Proof | None = None,
    ) -> None:
        """With a `proof` the window can be locked; the demo has nobody to prove oneself to."""
        super().__init__()
        self.workspace, self.municipalities, self.folder = workspace, region, profile.folder
        self.own_ags = syncing.standing(workspace.reader).person.ags
        self.bus = Bus(self)
        self.preferences = QSettings(str(profile.folder / "window.ini"), QSettings.Format.IniFormat)
        self.sync = SyncThread(engine, self)
        self.window = MainWindow(profile.folder / "window.ini")
        self.today = TodayPage(workspace, self.bus, region)
        self.backups = BackupThread(keeping, self) if keeping is not None else None
        self.rooms = Rooms(self, self)
        self.finder = Finder(workspace.reader, self)
        self._backup_told, self._is_closed, self._room = False, False, "today"
        self._later = QTimer(self, singleShot=True, interval=_STATUS_MS)
        self._later.timeout.connect(self.show_status)
        self.lock = self._locked_by(proof) if proof is not None else None
        self._build()
        self._connect()
        self.show_status()

    def _build(self) -> None:
        window, person = self.window, syncing.standing(self.workspace.reader).person
        window.add_page("today", self.tr("Heute"), "sun", self.today)
        self.rooms.add_to(window)
        self.open_agency()
        window.add_page("settings", self.tr("Einstellungen"), "gear-six", self.rooms.settings, bottom=True)
        window.register_keys(self.tr("Heute"), TodayPage.KEYS)
        window.set_person(person.name, self.municipalities.short_name(person.ags) if person.ags else "")

    def _locked_by(self, proof: Proof) -> IdleLock:
        minutes = lock_after(self.workspace.reader, proof.asks)
        lock = IdleLock(self.window, proof, minutes, spared=lambda other: other.objectName() == PROJECTION)
        lock.locking.connect(self._save)
        self.window.add_command("Ctrl+Shift+L", lock.lock, self.tr("Jetzt sperren"), "lock")
        return lock

    @Slot(int)
    def choose_lock_minutes(self, minutes: int) -> None:
        """After how long the window locks itself."""
        choose_lock(self.workspace.store, minutes)
        if self.lock is not None:
            self.lock.set_minutes(minutes)

    def _connect(self) -> None:
        self._end_listening = self.workspace.store.listen(self._on_stored)
        self.bus.status_changed.connect(self._later.start)
        self.sync.state_changed.connect(self._on_sync_told)
        self.sync.progressed.connect(self._on_sync_told)
        self.sync.finished.connect(self._on_sync_told)
        state = QGuiApplication.instance().applicationStateChanged.connect(self._on_state)  # type: ignore[union-attr]
        self._end_watching: Callable[[], object] = partial(QObject.disconnect, state)
        window = self.window
        window.search_changed.connect(self._on_search)
        self.finder.found.connect(self._on_found)
        window.finding.palette.offer(partial(commands_of, self))
        window.search_submitted.connect(self._on_search_submitted)
        window.hit_chosen.connect(self._on_hit_chosen)
        window.undo_requested.connect(self.undo)
        window.redo_requested.connect(self.redo)
        window.place_requested.connect(self._on_place)
        window.closing.connect(self._on_closing)
        window.closing_asked.connect(self._on_closing_asked)
        window.status_line.questions_clicked.connect(self.show_questions)
        window.status_line.pending_clicked.connect(self.show_pending)
        window.status_line.network_clicked.connect(self.show_pending)
        window.page_changed.connect(self._on_page_changed)
        self.today.record_requested.connect(self.show_record)
        self.today.question_requested.connect(self.show_question)
        self.today.questions_requested.connect(self.show_questions)
        self.today.log_requested.connect(self._on_log_wanted)
        self.today.workshops_requested.connect(self._on_workshops_wanted)
        self.today.stale_requested.connect(self._on_stale_wanted)
        self.today.new_requested.connect(self._on_new_wanted)
        self.today.undo_requested.connect(self.undo)
        if self.backups is not None:
            self.backups.failed.connect(self._on_backup_failed)

    @Slot()
    def open_agency(self) -> None:
        """The Leitstand is a room of the agency's own devices, from the moment they have joined."""
        if self.window.has("agency") or not membership.is_agency(self.workspace.reader):
            return
        self.window.add_page("agency", self.tr("Leitstand"), "broadcast", self.rooms.agency, apart=True)

    @Slot(str)
    def show_municipality(self, ags: str) -> None:
        """The measures of one municipality."""
        self.window.show_page("measures")
        self.measures.show_municipality(ags)

    @Slot(int)
    def note_agency_count(self, count: int) -> None:
        """How much waits in the Leitstand."""
        self.window.set_badge("agency", count)

    def start(self) -> None:
        """Shows the window and lets the exchange begin."""
        self._tell_rescue()
        self.window.show()
        handle = self.window.windowHandle()
        if handle is not None:
            Hands(handle, self.workspace.store.gate.note_typing)
        # First the window is painted: what runs beside it wants the interpreter too.
        QTimer.singleShot(_AFTERWARDS_MS, self, self._begin)

    @Slot()
    def _begin(self) -> None:
        if self._is_closed:
            return
        self.sync.start()
        if self.backups is not None:
            self.backups.start()
        self.rooms.make_ahead()

    def close(self) -> None:
        """Saves what is being typed and ends the sync thread after its request."""
        self._is_closed = True
        self.rooms.stop()
        self.window.close()
        finish_all()
        self.rooms.finish()
        self.finder.close()
        self.sync.close()
        if self.backups is not None:
            self.backups.close()
        self._end_listening()
        self._end_watching()
        # What was told meanwhile may still be on its way, to a window that is gone.
        self._later.blockSignals(True)

    def _tell_rescue(self) -> None:
        """A profile that has come back from damage says so until somebody has read it."""
        told = rescued(self.workspace.reader)
        if told is None or told.is_seen or self.backups is None:
            return
        notice = rescue_notice(told)
        notice.dismissed.connect(self._on_rescue_read)
        self.window.add_notice(notice)

    @Slot()
    def _on_rescue_read(self) -> None:
        if self.backups is not None:
            self.backups.keeping.note_rescue_seen()

    # What was stored

    def _on_stored(self, keys: frozenset[tuple[str, str]]) -> None:
        """Called on whatever thread wrote; an edit made here starts a sync soon."""
        self.bus.tell_applied(keys)
        if keys and QThread.currentThread() is self.thread():
            self.sync.tell_edited()

    @Slot()
    def show_status(self) -> None:
        """Reads the truth anew and shows it: status line, badge, names of undo and redo."""
        reader, store = self.workspace.reader, self.workspace.store
        now = syncing.standing(reader)
        network = _NETWORK[self.sync.state] if now.joined else Network.ALONE
        progress = self.sync.progress
        self.window.set_status(
            StatusView(
                pending=now.pending,
                files=attachments.count_waiting(store),
                last_sync_at_text=_when(now.synced_at),
                receipt="" if now.receipt is None else str(now.receipt),
                questions=now.questions,
                network=network,
                agency=f"der {now.agency_name}" if now.agency_name else "",
                progress=_progress_words(progress),
            )
        )
        self.window.set_badge("sync", now.to_decide or now.pending, "version" if now.to_decide else "neutral")
        for told, show in (
            (history.next_undo(store), self.window.set_undo),
            (history.next_redo(store), self.window.set_redo),
        ):
            show(labels.action_text(told) if told else None)

    @Slot(object)
    def _on_sync_told(self, told: object) -> None:
        self._later.start()

    @Slot(object)
    def _on_backup_failed(self, error: MasswerkError) -> None:
        """Once per run: a disk that is full stays so for a while."""
        if not self._backup_told:
            self._backup_told = True
            self.window.toast(self.tr("Sicherung nicht gelungen: {0}").format(labels.error_words(error)[0]))

    # Search

    @Slot(str)
    def _on_search(self, words: str) -> None:
        if words.strip():
            self.finder.ask(words)
        else:
            self.window.show_hits([])

    @Slot(object)
    def _on_found(self, found: Found) -> None:
        """An answer to words that have changed meanwhile says nothing any more."""
        if found.words == self.window.finding.words():
            self.window.show_hits(hits_of(found, self.municipalities))

    @Slot(str)
    def _on_search_submitted(self, words: str) -> None:
        if self.window.current_key() == "workshops":
            self.workshops.search(words)
            return
        self.window.show_page("measures")
        self.measures.search(words)

    @Slot(object)
    def _on_hit_chosen(self, target: tuple[str, str]) -> None:
        kind, key = target
        if kind == PERSON:
            self.window.show_page("measures")
            self.measures.show_municipality(key)
        else:
            self.show_record(kind, key)

    # Places

    @Slot(str, str)
    def show_record(self, kind: str, record: str) -> None:
        """Opens a root record in its room; a child's root is looked up by whoever asks."""
        room = _ROOMS.get(kind)
        if room is None:
            return
        self.window.show_page(room, record)
        self._open(room, record)

    @Slot(str, str)
    def _on_place(self, room: str, record: str) -> None:
        if record:
            self._open(room, record)

    def _open(self, room: str, record: str) -> None:
        page = self.measures if room == "measures" else self.workshops if room == "workshops" else None
        if page is not None:
            page.show_record(record)

    @Slot(str)
    def _on_page_changed(self, room: str) -> None:
        """Whoever leaves Heute has seen it."""
        if self._room == "today" and room != "today":
            self.today.leave()
        self._room = room

    @Slot(str, str)
    def show_question(self, kind: str, record: str, slot: str = "") -> None:
        """A question about a record, in the Abgleich."""
        self.window.show_page("sync")
        self.exchange.show_question(kind, record)

    @Slot()
    def _on_log_wanted(self) -> None:
        self.window.show_page("sync")
        self.exchange.show_log()

    @Slot()
    def _on_workshops_wanted(self) -> None:
        self.window.show_page("workshops")

    @Slot()
    def _on_stale_wanted(self) -> None:
        self.window.show_page("measures")
        self.measures.show_stale()

    @Slot()
    def _on_new_wanted(self) -> None:
        self.window.show_page("measures")
        self.measures.new_measure()

    @Slot()
    def show_questions(self) -> None:
        """All open questions."""
        self.window.show_page("sync")
        self.exchange.show_versions()

    @Slot()
    def show_pending(self) -> None:
        """What waits, and how the exchange stands."""
        self.window.show_page("sync")
        self.exchange.show_overview()

    @Slot(str)
    def show_workshop_question(self, record: str) -> None:
        """The question about a workshop."""
        self.show_question("workshop", record)

    @Slot()
    def show_improvement(self) -> None:
        """What the original of the measure in hand has got since."""
        self.measures.pane.form.go_to("adopted_from")

    # Undo

    @Slot()
    def undo(self) -> None:
        """Take the last step back, after what is being typed has become one."""
        self._step(partial(history.undo, self.workspace.store), self.tr("Rückgängig: {0}"))

    @Slot()
    def redo(self) -> None:
        """Do again what was taken back."""
        self._step(partial(history.redo, self.workspace.store), self.tr("Wiederholt: {0}"))

    def _step(self, go: Callable[[], history.Reversal | None], words: str) -> None:
        self._save()
        try:
            done = go()
        except MasswerkError as error:
            self.window.toast(" ".join(labels.error_words(error)))
            return
        if done is None:
            return
        said = words.format(labels.action_text(done.action))
        if done.overtaken:
            said += " " + self.tr("Was inzwischen jemand anders geändert hat, blieb stehen.")
        self.window.toast(said)
        self.show_status()

    @Slot()
    def _save(self) -> None:
        """What is being typed goes first, so that it is a step of its own."""
        if self.window.is_made("measures"):
            self.measures.save()
        if self.window.is_made("workshops"):
            self.workshops.flush()

    @Slot(object)
    def _on_state(self, state: Qt.ApplicationState) -> None:
        """Another program came to the front, or the screen goes to sleep, perhaps for good: save what is typed."""
        if state != Qt.ApplicationState.ApplicationActive:
            self._save()

    @Slot(object)
    def _on_closing_asked(self, event: QCloseEvent) -> None:
        """Words that cannot be saved are not lost by closing: the window stays with them and says so."""
        if self.window.is_made("measures") and self.measures.pane.holds(self.window.close):
            event.ignore()
            self.window.show_page("measures")
            self.measures.pane.form.reveal_unsaved()
        elif self.window.is_made("workshops") and self.workshops.holds(self.window.close):
            event.ignore()
            self.window.show_page("workshops")

    @Slot()
    def _on_closing(self) -> None:
        self._save()
        if self.window.is_made("workshops"):
            self.workshops.leave()


def _when(at_ms: int) -> str:
    if not at_ms:
        return ""
    return labels.when(datetime.fromtimestamp(at_ms / 1000, UTC), datetime.now().astimezone())


def _progress_words(progress: Progress | None) -> str:
    if progress is None:
        return ""
    if progress.bytes_total:
        return f"Anhänge, {size_words(progress.bytes_done)} von {size_words(progress.bytes_total)}"
    return f"{progress.sent} von {progress.waiting} quittiert" if progress.waiting else ""
