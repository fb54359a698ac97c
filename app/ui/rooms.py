"""The rooms of one desktop: each is made when it is first wanted, the others one by one once the window is in use.

Most of a start would otherwise go into rooms that nobody has opened yet; so also their modules are imported here, late.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtWidgets import QWidget

from app.domain.region import Region
from app.services.workspace import Workspace
from app.ui.backup_thread import BackupThread
from app.ui.bus import Bus
from app.ui.idle_lock import IdleLock
from app.ui.main_window import MainWindow
from app.ui.sync_worker import SyncThread

if TYPE_CHECKING:
    from app.ui.agency.page import AgencyPage
    from app.ui.measures.page import MeasuresPage
    from app.ui.region.page import RegionPage
    from app.ui.settings.page import SettingsPage
    from app.ui.sync.page import SyncPage
    from app.ui.workshops.page import WorkshopsPage

_FIRST_MS, _NEXT_MS = 400, 40
"""The window has this long for whoever uses it at once, and between two steps."""
_PARTS = (
    "measures.form", "measures.pane", "measures.page", "workshops.entry", "workshops.paper.view", "workshops.wall.view",
    "workshops.workshop", "workshops.page", "region.page", "sync.versions_tab", "sync.page", "settings.page",
)  # fmt: skip
"""Modules in the order in which they are read: none of these steps takes long."""


class WithRooms(QObject):
    """What has a window with the rooms in it, each by its name."""

    window: MainWindow

    @property
    def measures(self) -> MeasuresPage:
        """Maßnahmen, made if nobody has been there yet; so are the others."""
        return cast("MeasuresPage", self.window.page("measures"))

    @property
    def workshops(self) -> WorkshopsPage:
        """Workshops."""
        return cast("WorkshopsPage", self.window.page("workshops"))

    @property
    def region(self) -> RegionPage:
        """Region."""
        return cast("RegionPage", self.window.page("region"))

    @property
    def exchange(self) -> SyncPage:
        """Abgleich."""
        return cast("SyncPage", self.window.page("sync"))

    @property
    def settings(self) -> SettingsPage:
        """Einstellungen."""
        return cast("SettingsPage", self.window.page("settings"))

    @property
    def agency(self) -> AgencyPage | None:
        """Leitstand; None where this is none of the agency's own devices."""
        return cast("AgencyPage", self.window.page("agency")) if self.window.has("agency") else None


class Desk(Protocol):
    """What the rooms need of the desktop they stand in: what they work on, and the ways that lead out of them."""

    workspace: Workspace
    municipalities: Region
    folder: Path
    own_ags: str
    bus: Bus
    preferences: QSettings
    sync: SyncThread
    window: MainWindow
    backups: BackupThread | None
    lock: IdleLock | None

    @property
    def measures(self) -> MeasuresPage: ...
    @property
    def workshops(self) -> WorkshopsPage: ...
    @property
    def region(self) -> RegionPage: ...
    @property
    def exchange(self) -> SyncPage: ...
    @property
    def settings(self) -> SettingsPage: ...
    @property
    def agency(self) -> AgencyPage | None: ...
    def undo(self) -> None: ...
    def show_record(self, kind: str, record: str) -> None: ...
    def show_question(self, kind: str, record: str, slot: str = "") -> None: ...
    def show_workshop_question(self, record: str) -> None: ...
    def show_pending(self) -> None: ...
    def show_improvement(self) -> None: ...
    def show_municipality(self, ags: str) -> None: ...
    def note_agency_count(self, count: int) -> None: ...
    def open_agency(self) -> None: ...
    def choose_lock_minutes(self, minutes: int) -> None: ...


class Rooms(QObject):
    """Makes the rooms and joins them with the desktop."""

    def __init__(self, desktop: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desktop = desktop
        self._steps: list[str] = []
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._on_next)

    def add_to(self, window: MainWindow) -> None:
        """Register all rooms but Heute, which the desktop has made itself."""
        window.add_page("measures", self.tr("Maßnahmen"), "list-bullets", self.measures)
        window.add_page("workshops", self.tr("Workshops"), "users-three", self.workshops)
        window.add_page("region", self.tr("Region"), "hexagon", self.region)
        window.add_page("sync", self.tr("Abgleich"), "arrows-clockwise", self.exchange)

    # Making the rest

    def make_ahead(self) -> None:
        """Make what nobody has asked for yet, a little at a time and not while somebody writes."""
        self._steps = [*(f"app.ui.{part}" for part in _PARTS), *self._desktop.window.keys()]
        self._next.start(_FIRST_MS)

    def stop(self) -> None:
        """Make no more."""
        self._next.stop()
        self._steps = []

    def finish(self) -> None:
        """Wait for what the rooms are asking, so that the profile can be closed."""
        desk, made = self._desktop, self._desktop.window.is_made
        if made("measures"):
            desk.measures.finish()
        if made("region"):
            desk.region.finish()
        if made("sync"):
            desk.exchange.finish()
        if made("agency") and desk.agency is not None:
            desk.agency.close_asking()

    def _on_next(self) -> None:
        if not self._steps:
            return
        if self._desktop.workspace.store.gate.is_typing:
            self._next.start(_FIRST_MS)
            return
        step = self._steps.pop(0)
        if step.startswith("app."):
            importlib.import_module(step)
        else:
            self._desktop.window.page(step)
        self._next.start(_NEXT_MS)

    # One by one

    def measures(self, parent: QWidget) -> MeasuresPage:
        """Maßnahmen."""
        from app.ui.measures.keys import KEYS
        from app.ui.measures.page import MeasuresPage

        desk = self._desktop
        page = MeasuresPage(desk.workspace, desk.bus, desk.municipalities, parent)
        page.record_requested.connect(desk.show_record)
        page.versions_requested.connect(desk.show_question)
        page.sync_requested.connect(desk.show_pending)
        page.undo_requested.connect(desk.undo)
        page.record_shown.connect(desk.window.note_record)
        desk.window.register_keys(self.tr("Maßnahmen"), KEYS)
        return page

    def workshops(self, parent: QWidget) -> WorkshopsPage:
        """Workshops."""
        from app.ui.workshops.page import KEYS, WorkshopsPage

        desk = self._desktop
        page = WorkshopsPage(desk.workspace, desk.bus, desk.municipalities.short_name, parent)
        page.record_shown.connect(desk.window.note_record)
        page.record_requested.connect(desk.show_record)
        page.question_wanted.connect(desk.show_workshop_question)
        desk.window.register_keys(self.tr("Workshops"), KEYS)
        return page

    def region(self, parent: QWidget) -> RegionPage:
        """Region."""
        from app.ui.region.page import RegionPage

        desk = self._desktop
        page = RegionPage(desk.workspace, desk.bus, desk.municipalities, parent)
        page.record_requested.connect(desk.show_record)
        page.undo_requested.connect(desk.undo)
        page.improvement_requested.connect(desk.show_improvement)
        desk.window.register_keys(self.tr("Region"), RegionPage.KEYS)
        return page

    def exchange(self, parent: QWidget) -> SyncPage:
        """Abgleich."""
        from app.ui.sync.page import SyncPage

        desk = self._desktop
        page = SyncPage(desk.workspace, desk.bus, desk.sync, desk.municipalities, parent=parent)
        page.record_requested.connect(desk.show_record)
        page.undo_requested.connect(desk.undo)
        page.joined.connect(desk.open_agency)
        return page

    def settings(self, parent: QWidget) -> SettingsPage:
        """Einstellungen."""
        from app.ui.settings.lock_choice import LockChoice
        from app.ui.settings.page import SettingsPage

        desk = self._desktop
        page = SettingsPage(
            desk.workspace,
            desk.bus,
            desk.sync,
            desk.municipalities,
            desk.folder,
            desk.preferences,
            desk.backups,
            parent,
        )
        page.sync_requested.connect(desk.show_pending)
        if desk.lock is not None:
            choice = LockChoice(desk.lock.minutes, asks_passphrase=desk.lock.asks)
            choice.chosen.connect(desk.choose_lock_minutes)
            choice.asked.connect(desk.lock.lock)
            page.add_lock(choice)
        return page

    def agency(self, parent: QWidget) -> AgencyPage:
        """Leitstand."""
        from app.ui.agency.page import AgencyPage

        desk = self._desktop
        page = AgencyPage(desk.workspace, desk.bus, desk.municipalities, parent=parent)
        page.record_requested.connect(desk.show_record)
        page.question_requested.connect(desk.show_question)
        page.place_requested.connect(desk.show_municipality)
        page.counted.connect(desk.note_agency_count)
        return page
