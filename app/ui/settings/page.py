"""The room Einstellungen: who and where, how it looks, which agency, where the data lies."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QSettings, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.config import VERSION
from app.domain.catalogue import Role
from app.domain.region import Region
from app.models.queries import attachments as files
from app.models.queries import membership, syncing
from app.services import attachments
from app.services.connection import Way, choose_way
from app.services.workspace import Workspace
from app.ui import labels, theme
from app.ui.backup_thread import BackupThread
from app.ui.bus import Bus
from app.ui.settings.lock_choice import LockChoice
from app.ui.settings.look import SCHEME_KEY, SIZE_KEY
from app.ui.settings.way_edit import WayEdit
from app.ui.sync.stand import stand_of
from app.ui.sync_worker import SyncThread
from app.ui.theme import Scheme
from app.ui.widgets.buttons import Button
from app.ui.widgets.segments import Segment, SegmentedControl
from app.ui.widgets.surfaces import Card, PageHead, ScrollPane
from app.ui.widgets.toggles import CheckBox
from app.ui.widgets.words import Ground, Label, Rule
from app.ui.wording import safekeeping

SIZES = (100, 125, 150, 175, 200)
"""Text sizes on offer, in percent."""


class _Line(QWidget):
    """A name at the left, what it is or a control at the right."""

    def __init__(self, name: str, piece: QWidget) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(16)
        label = Label(name, "small", role="muted", wrap=True)
        label.setFixedWidth(theme.px(140))
        row.addWidget(label)
        row.addWidget(piece, 1)


class _Section(Card):
    """A card with a heading and rows."""

    def __init__(self, title: str) -> None:
        super().__init__(padding=0)
        self.body.setContentsMargins(0, 12, 0, 8)
        self.body.setSpacing(0)
        head = Label(title, weight=theme.STRONG)
        head.setContentsMargins(20, 0, 20, 6)
        self.body.addWidget(head)

    def add(self, name: str, piece: QWidget) -> None:
        """Add a row with a hairline above."""
        line = QHBoxLayout()
        line.setContentsMargins(20, 0, 20, 0)
        line.addWidget(Rule())
        self.body.addLayout(line)
        self.body.addWidget(_Line(name, piece))


class SettingsPage(Ground):
    """Only what works. `sync_requested` leads to the Abgleich."""

    sync_requested = Signal()

    def __init__(
        self,
        workspace: Workspace,
        bus: Bus,
        sync_thread: SyncThread,
        region: Region,
        folder: Path,
        settings: QSettings | None = None,
        backups: BackupThread | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("background", parent)
        self.setObjectName("settings_page")
        self._workspace, self._sync, self._region = workspace, sync_thread, region
        self._folder, self._settings, self._backups = folder, settings, backups
        self._backed_up = Label("", wrap=True)
        self._person, self._device, self._place = Label(""), Label(""), Label("", wrap=True)
        self._agency, self._state, self._duty = Label("", wrap=True), Label("", wrap=True), Label("")
        self._devices = Label("", wrap=True)
        self._later = QTimer(self, singleShot=True, interval=200)
        self._build()
        self._later.timeout.connect(self.refresh)
        bus.status_changed.connect(self._on_changed)
        sync_thread.state_changed.connect(self._on_told)
        theme.active().changed.connect(self._show_look)
        if backups is not None:
            backups.done.connect(self._on_backed_up)
            backups.failed.connect(self._on_backed_up)
        self.refresh()

    def _build(self) -> None:
        column = self.column()
        column.addWidget(PageHead(self.tr("Einstellungen"), self.tr("Maßwerk {0}").format(VERSION)))
        pane = ScrollPane(name="settings", accessible=self.tr("Einstellungen"), ground="background")
        column.addWidget(pane, 1)
        middle = QHBoxLayout()
        middle.setContentsMargins(24, 16, 24, 24)
        inner = QWidget()
        inner.setMaximumWidth(theme.px(760))
        cards = QVBoxLayout(inner)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(16)
        for card in (self._look(), self._profile(), self._sync_card(), self._files()):
            cards.addWidget(card)
        cards.addStretch(1)
        middle.addWidget(inner, 1)
        middle.addStretch(0)
        pane.body.addLayout(middle)
        pane.body.addStretch(1)

    def _look(self) -> _Section:
        section = _Section(self.tr("Darstellung"))
        self.scheme = SegmentedControl(
            [
                Segment(Scheme.SYSTEM, self.tr("System"), "monitor"),
                Segment(Scheme.LIGHT, self.tr("Hell"), "sun"),
                Segment(Scheme.DARK, self.tr("Dunkel"), "moon"),
            ],
            name="look_scheme",
            accessible=self.tr("Helligkeit"),
        )
        self.scheme.chosen.connect(self.choose_scheme)
        section.add(self.tr("Helligkeit"), _left(self.scheme))
        self.text_size = SegmentedControl(
            [Segment(str(size), f"{size} %") for size in SIZES],
            name="look_size",
            accessible=self.tr("Textgröße"),
        )
        self.text_size.chosen.connect(self._on_size)
        section.add(self.tr("Textgröße"), _left(self.text_size))
        self._show_look()
        return section

    def _profile(self) -> _Section:
        section = _Section(self.tr("Wer hier arbeitet"))
        section.add(self.tr("Person"), self._person)
        section.add(self.tr("Gerät"), self._device)
        section.add(self.tr("Kommune"), self._place)
        return section

    def _sync_card(self) -> _Section:
        section = _Section(self.tr("Agentur"))
        section.add(self.tr("Agentur"), self._agency)
        section.add(self.tr("Rolle"), self._duty)
        self._to_sync = Button(self.tr("Zum Abgleich"), name="settings_sync", icon="arrows-clockwise")
        self._to_sync.clicked.connect(self.sync_requested)
        section.add(self.tr("Stand"), _left(self._state, self._to_sync, stretch_first=True))
        section.add(self.tr("Geräte"), self._devices)
        self.way = WayEdit()
        self.way.show_way(membership.way_out(self._workspace.reader))
        self.way.chosen.connect(self._on_way)
        section.add(self.tr("Proxy"), self.way)
        note = self.tr("Der Agentur wird geglaubt, wem das Betriebssystem glaubt; unverschlüsselt geht nichts hinaus.")
        section.add("", Label(note, "small", role="muted", wrap=True))
        return section

    def _on_way(self, way: object) -> None:
        """From the next exchange on, which begins at once: so one sees whether it leads there."""
        assert isinstance(way, Way)
        choose_way(self._workspace.store, way)
        self.way.show_way(way)
        self._sync.ask()

    def _files(self) -> _Section:
        section = self._data = _Section(self.tr("Ihre Daten"))
        path = Label(str(self._folder), "small", wrap=True)
        path.setAccessibleName(self.tr("Profilordner: {0}").format(self._folder))
        show = Button(self.tr("Ordner öffnen"), name="settings_folder", icon="folder-open")
        show.clicked.connect(self.open_folder)
        section.add(self.tr("Profilordner"), _left(path, show, stretch_first=True))
        if self._backups is not None:
            self._back_up = Button(self.tr("Jetzt sichern"), name="settings_backup", icon="archive")
            self._back_up.clicked.connect(self.back_up)
            section.add(self.tr("Letzte Sicherung"), _left(self._backed_up, self._back_up, stretch_first=True))
        note = self.tr("Die Datenbank ist verschlüsselt; ihr Schlüssel liegt im Schlüsselbund oder unter dem Kennwort.")
        section.add("", Label(note, "small", role="muted", wrap=True))
        self.originals = CheckBox(self.tr("Originale von Anhängen von selbst holen"), name="settings_originals")
        self.originals.clicked.connect(self._on_originals)
        section.add(self.tr("Anhänge"), _left(self.originals))
        told = self.tr("Vorschauen kommen immer. Ohne Haken holen Sie ein Original dort, wo Sie es brauchen.")
        section.add("", Label(told, "small", role="muted", wrap=True))
        return section

    def add_lock(self, choice: LockChoice) -> None:
        """Offer the lock, where there is somebody to prove oneself to."""
        self._data.add(self.tr("Sperre"), choice)

    # What is shown

    def refresh(self) -> None:
        """Read person and agency anew."""
        reader = self._workspace.reader
        standing = syncing.standing(reader)
        person = standing.person
        self._person.setText(person.name or labels.NONE)
        self._device.setText(person.device or labels.NONE)
        place = self._region.get(person.ags)
        self._place.setText(f"{place.name}, {place.district.name}" if place else person.ags or labels.NONE)
        self.originals.setChecked(files.fetches_all(reader))
        address = membership.address(reader)
        named = " · ".join(one for one in (standing.agency_name, address) if one)
        self._agency.setText(named or self.tr("keine; alles bleibt auf diesem Gerät"))
        role = labels.label_of(Role, membership.role(reader))
        self._duty.setText(role if standing.joined else labels.NONE)
        self._devices.setText(_device_words(membership.devices(reader), person.device))
        stand = stand_of(
            standing, self._sync.state, self._sync.failure, None, attachments.count_waiting(self._workspace.store)
        )
        self._state.setText(" · ".join(one for one in (stand.title, stand.note) if one))
        if self._backups is not None:
            kept = self._backups.keeping.kept()
            self._backed_up.setText(" ".join(safekeeping.sentences(kept, datetime.now().astimezone())))

    def back_up(self) -> None:
        """Make a backup now; the page tells what came of it."""
        if self._backups is not None:
            self._back_up.setEnabled(False)
            self._backed_up.setText(self.tr("Sichert …"))
            self._backups.ask()

    @Slot()
    @Slot(object)
    def _on_backed_up(self, error: object = None) -> None:
        self._back_up.setEnabled(True)
        self.refresh()

    def _on_originals(self) -> None:
        attachments.keep_originals(self._workspace.store, self.originals.isChecked())

    def _on_changed(self) -> None:
        self._later.start()

    def _on_told(self, state: object) -> None:
        self._later.start()

    def _show_look(self) -> None:
        active = theme.active()
        self.scheme.set_value(active.scheme)
        self.text_size.set_value(str(min(SIZES, key=lambda size: abs(size - active.text_size))))

    def choose_scheme(self, key: str) -> None:
        """Light, dark, or as the system wants it; kept for the next start."""
        theme.active().choose(scheme=key)
        self._keep(SCHEME_KEY, key)

    def _on_size(self, percent: str) -> None:
        theme.active().choose(text_size=int(percent))
        self._keep(SIZE_KEY, int(percent))

    def step_size(self, step: int) -> None:
        """The next larger or smaller of the text sizes on offer."""
        at = SIZES.index(min(SIZES, key=lambda size: abs(size - theme.active().text_size)))
        self._on_size(str(SIZES[max(0, min(len(SIZES) - 1, at + step))]))

    def _keep(self, key: str, value: str | int) -> None:
        if self._settings is not None:
            self._settings.setValue(key, value)
            self._settings.sync()

    def open_folder(self) -> None:
        """Show the profile's folder in the system's file browser."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))


def _device_words(others: list[membership.Device], here: str) -> str:
    """This device, and the others under one's own name with what was last heard of them."""
    now = datetime.now().astimezone()
    told = [f"{here or labels.NONE} (dieses Gerät)"]
    for device in others:
        at = labels.when(datetime.fromtimestamp(device.heard_at / 1000, UTC), now) if device.heard_at else ""
        told.append(f"{device.name}, zuletzt etwas davon angekommen: {at}" if at else device.name)
    return "\n".join(told)


def _left(*pieces: QWidget, stretch_first: bool = False) -> QWidget:
    """Controls in their own size at the left."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    for number, piece in enumerate(pieces):
        row.addWidget(piece, int(stretch_first and not number))
    if not stretch_first:
        row.addStretch(1)
    return holder
