"""The screen Abgleich: overview, Zwei Fassungen, the kept log."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QWidget

from app.domain.region import Region
from app.models.queries import membership, roots, syncing
from app.models.queries.hall import hall_standing
from app.services import attachments, handovers
from app.services.workspace import Workspace
from app.sync.courier.read import ReadAnswer, Verdict
from app.sync.courier.write import ENDING, Written
from app.sync.preview import Preview
from app.ui import labels, theme
from app.ui.bus import Bus
from app.ui.measures.places import Places
from app.ui.sync.carrying import Carrying
from app.ui.sync.devices_tab import DevicesTab
from app.ui.sync.handovers_tab import HandoversTab
from app.ui.sync.joining import Connect, Joining
from app.ui.sync.log_rows import LogEntries
from app.ui.sync.looking import Looking
from app.ui.sync.overview import Overview
from app.ui.sync.stand import stand_of, with_hall
from app.ui.sync.versions_tab import VersionsTab
from app.ui.sync_worker import Failure, SyncState, SyncThread
from app.ui.widgets.buttons import Button, fit_buttons
from app.ui.widgets.notices import Toast
from app.ui.widgets.surfaces import ScrollPane
from app.ui.widgets.tabs import TabBar
from app.ui.widgets.words import Ground, Label, Rule

OVERVIEW, VERSIONS, LOG, DEVICES, HANDOVERS = "overview", "versions", "log", "devices", "handovers"
_LATER_MS = 120
_GAPS = 4 * 24
_LOG_LINES = 200


class SyncPage(Ground):
    """Everything about the exchange with the agency.

    `record_requested` asks for a record of another room, `undo_requested` for the last step back,
    `joined` tells the agency's name once this profile belongs to one.
    """

    record_requested = Signal(str, str)
    undo_requested = Signal()
    joined = Signal(str)

    def __init__(
        self,
        workspace: Workspace,
        bus: Bus,
        sync_thread: SyncThread,
        region: Region,
        connect: Connect | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("background", parent)
        self.setObjectName("sync_page")
        self._workspace, self._bus, self._sync = workspace, bus, sync_thread
        self._region, self._own = region, roots.myself(workspace.reader).ags
        self._joining = Joining(workspace, connect, self)
        self._carrying = Carrying(workspace, self)
        self._looking = Looking(workspace, self)
        self._folder = ""
        self.setAcceptDrops(True)
        self.tabs = TabBar(name="sync_tabs", accessible=self.tr("Ansichten des Abgleichs"), height=64)
        self.overview = Overview(workspace.reader)
        self.versions = VersionsTab(workspace, Places(region))
        self.handovers = HandoversTab(workspace, region)
        self.log = LogEntries(long_times=True)
        self.devices = DevicesTab(workspace)
        self.now = Button(
            self.tr("Jetzt abgleichen"),
            name="sync_now",
            kind="primary",
            icon="arrows-clockwise",
            shortcut="F5",
        )
        self._title = Label(self.tr("Abgleich"), "title", theme.STRONG)
        self._stale: set[str] = {OVERVIEW, VERSIONS, LOG, HANDOVERS}
        self._later = QTimer(self, singleShot=True, interval=_LATER_MS)
        self._build()
        self._connect()
        self.refresh()

    # Layout

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(24, 0, 24, 0)
        head.setSpacing(24)
        head.addWidget(self._title)
        self.tabs.add(OVERVIEW, self.tr("Übersicht"))
        self.tabs.add(VERSIONS, self.tr("Zwei Fassungen"))
        self.tabs.add(LOG, self.tr("Protokoll"))
        self.tabs.add(DEVICES, self.tr("Geräte"))
        head.addWidget(self.tabs, 1)
        head.addWidget(self.now)
        column = self.column()
        column.addLayout(head)
        column.addWidget(Rule())
        log = ScrollPane(name="sync_log", accessible=self.tr("Protokoll"), ground="surface")
        log.body.setContentsMargins(24, 16, 24, 24)
        log.body.addWidget(self.log)
        log.body.addStretch(1)
        self._stack = QStackedWidget()
        for page in (self.overview, self.versions, log, self.devices, self.handovers):
            self._stack.addWidget(page)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._bus.applied.connect(self._on_applied)
        self._bus.status_changed.connect(self._on_status)
        for signal in (
            self._sync.progressed,
            self._sync.finished,
            self._sync.failed,
            self._sync.state_changed,
        ):
            signal.connect(self._on_sync)
        self._later.timeout.connect(self.refresh)
        self.tabs.currentChanged.connect(self._on_tab)
        self.now.clicked.connect(self._sync.ask)
        self.overview.state.stop_asked.connect(self._sync.pause)
        self.overview.state.resume_asked.connect(self._sync.resume)
        self.overview.state.join_asked.connect(self._joining.start)
        self.overview.state.account_asked.connect(self._joining.sign_in)
        self.overview.state.gave_up.connect(self._joining.give_up)
        self._joining.browser_asked.connect(self._on_browser)
        self.overview.record_requested.connect(self.record_requested)
        self.overview.waiting.put_away_asked.connect(self._on_put_away)
        self.overview.log_asked.connect(self.show_log)
        self.log.record_requested.connect(self.record_requested)
        self.devices.told.connect(self._on_said)
        self.versions.record_requested.connect(self.record_requested)
        self.versions.decided.connect(self._on_decided)
        self.versions.failed.connect(self._on_said)
        self.handovers.record_requested.connect(self.record_requested)
        self.handovers.decided.connect(self._on_handed_on)
        self.overview.courier.write_asked.connect(self._on_write_asked)
        self.overview.courier.read_asked.connect(self._on_read_asked)
        self.overview.preview.asked.connect(self._looking.start)
        self._looking.seen.connect(self._on_seen)
        self._looking.failed.connect(self._on_unseen)
        self._carrying.written.connect(self._on_written)
        self._carrying.read.connect(self._on_read)
        self._carrying.failed.connect(self.overview.courier.complain)
        self._joining.joined.connect(self._on_joined)
        self._joining.failed.connect(self.overview.state.complain)

    # What is shown

    def refresh(self) -> None:
        """Read how things stand; the parts that are not in sight wait until they are."""
        self._stale = {OVERVIEW, VERSIONS, LOG, HANDOVERS}
        standing = syncing.standing(self._workspace.reader)
        self.tabs.set_count(VERSIONS, standing.questions or None, "version")
        self._offer_handovers(standing.handovers)
        running = self._sync.state is SyncState.SYNCING
        self.now.setVisible(standing.joined and self.tabs.key() not in (VERSIONS, DEVICES))
        self.now.setEnabled(not running)
        self._fit()
        self._refresh_shown()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tabs come first."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where tabs and button have no room side by side, the button goes without words."""
        taken = self._title.sizeHint().width() + self.tabs.sizeHint().width()
        fit_buttons((self.now,), self.width() - taken - _GAPS)

    def _offer_handovers(self, count: int) -> None:
        """A tab of their own, as long as there are any or somebody looks at them."""
        there = self.tabs.has(HANDOVERS)
        if count and not there:
            self.tabs.add(HANDOVERS, self.tr("Übergaben"))
        elif not count and there and self.tabs.key() != HANDOVERS:
            self.tabs.remove(HANDOVERS)
        if count or self.tabs.has(HANDOVERS):
            self.tabs.set_count(HANDOVERS, count or None)

    def _refresh_shown(self) -> None:
        key = self.tabs.key()
        if key not in self._stale:
            return
        self._stale.discard(key)
        reader = self._workspace.reader
        if key == VERSIONS:
            self.versions.refresh()
        elif key == HANDOVERS:
            self.handovers.refresh()
        elif key == LOG:
            self.log.show_lines(syncing.log(reader, _LOG_LINES))
        else:
            standing = syncing.standing(reader)
            stand = stand_of(
                standing,
                self._sync.state,
                self._sync.failure,
                self._sync.progress,
                attachments.count_waiting(self._workspace.store),
            )
            address = membership.address(reader)
            stand = with_hall(stand, hall_standing(reader))
            self.overview.refresh(standing, stand, address, syncing.log(reader, 9))

    def showEvent(self, event: QShowEvent) -> None:
        """Times such as "heute" may have become wrong."""
        super().showEvent(event)
        self.refresh()

    def show_overview(self) -> None:
        """What waits, and how the exchange stands."""
        self.tabs.choose(OVERVIEW)

    def show_log(self) -> None:
        """The kept log."""
        self.tabs.choose(LOG)

    def show_devices(self) -> None:
        """The devices of the person who works here."""
        self.tabs.choose(DEVICES)

    def finish(self) -> None:
        """Wait for what is being asked, so that the profile can be closed."""
        self.devices.asking.close()

    def show_versions(self) -> None:
        """The inbox of questions."""
        self.tabs.choose(VERSIONS)

    def show_question(self, kind: str, record: str) -> bool:
        """The question about a record or one of its parts; whether there is one."""
        self.tabs.choose(VERSIONS)
        self.versions.refresh()
        return self.versions.show_question(kind, record)

    def _on_tab(self) -> None:
        self._stack.setCurrentIndex(self.tabs.currentIndex())
        self.refresh()

    def _on_applied(self, keys: object) -> None:
        self._catch_up()

    def _on_status(self) -> None:
        self._catch_up()

    def _on_sync(self, told: object) -> None:
        self._catch_up()

    def _catch_up(self) -> None:
        """Soon, if somebody looks; else when somebody does."""
        if self.isVisible():
            self._later.start()

    # Joining and deciding

    def _on_browser(self, address: str) -> None:
        QDesktopServices.openUrl(QUrl(address))

    def _on_joined(self, name: str) -> None:
        self.overview.state.joined()
        self._sync.ask()
        self._bus.status_changed.emit()
        self.joined.emit(name)
        said, own = self.tr("Beigetreten: {0}").format(name), roots.myself(self._workspace.reader).ags
        if own != self._own:  # what is open was made for the other town
            said += ". " + self.tr("Sie arbeiten jetzt für {0}; bitte starten Sie Maßwerk neu.").format(
                self._region.short_name(own)
            )
        self._tell(said, undo=False)
        self.refresh()

    # Looking ahead

    def _on_seen(self, preview: Preview) -> None:
        self.overview.preview.show_preview(preview, syncing.waiting(self._workspace.reader))

    def _on_unseen(self, failure: Failure) -> None:
        self.overview.preview.complain(failure, syncing.waiting(self._workspace.reader))

    def _on_put_away(self, root: str) -> None:
        handovers.put_away(self._workspace.store, root)
        self._tell(self.tr("Abgelegt; im Protokoll bleibt es nachzulesen."), undo=False)
        self._bus.status_changed.emit()
        self.refresh()

    # Courier files

    def _on_write_asked(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, self.tr("Wohin mit der Kurierdatei? Am besten auf einen Stick"), self._folder
        )
        if folder:
            self.write_courier(Path(folder))

    def _on_read_asked(self) -> None:
        kinds = self.tr("Kurierdateien (*{0});;Alle Dateien (*)").format(ENDING)
        file, _ = QFileDialog.getOpenFileName(self, self.tr("Antwort der Agentur einlesen"), self._folder, kinds)
        if file:
            self.read_courier(Path(file))

    def write_courier(self, folder: Path) -> None:
        """Write a new courier file into this folder."""
        self._folder = str(folder)
        self.overview.courier.begin(writes=True)
        self._carrying.write(folder)

    def read_courier(self, file: Path) -> None:
        """Read the agency's answer."""
        self._folder = str(file.parent)
        self.show_overview()
        self.overview.courier.begin(writes=False)
        self._carrying.take(file)

    def _on_written(self, written: Written) -> None:
        changes = labels.count(written.changes, "Änderung", "Änderungen")
        self.overview.courier.end(
            self.tr("Geschrieben, noch nicht übertragen: {0}").format(written.path.name),
            self.tr("{0} in der Datei. Bitte werfen Sie den Stick aus, bevor Sie ihn abziehen.").format(changes),
            level="info",
        )
        self.refresh()

    def _on_read(self, read: ReadAnswer) -> None:
        report = read.report
        done = read.verdict in (Verdict.TAKEN, Verdict.REPEATED) and not (read.more or report.resent)
        told = labels.answer_text(
            read.verdict.value, report.confirmed, report.new + report.changed, report.resent, read.more
        )
        self.overview.courier.end(told, level="ok" if done else "info")
        self._bus.status_changed.emit()
        self.refresh()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A courier file may be dropped anywhere on the page."""
        if _dropped(event.mimeData()) is not None and self.overview.courier.read.isEnabled():
            event.acceptProposedAction()
            self.overview.courier.offer_drop(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It went elsewhere."""
        self.overview.courier.offer_drop(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Read it."""
        self.overview.courier.offer_drop(False)
        file = _dropped(event.mimeData())
        if file is not None:
            event.acceptProposedAction()
            self.read_courier(file)

    def _on_decided(self, sentence: str) -> None:
        self.refresh()
        self._tell(sentence, undo=True)

    def _on_handed_on(self, sentence: str) -> None:
        self._sync.ask()
        self._tell(sentence, undo=False)

    def _on_said(self, sentence: str) -> None:
        self._tell(sentence, undo=False)

    def _tell(self, sentence: str, *, undo: bool) -> None:
        for old in self.window().findChildren(Toast):
            old.close_now()
        toast = Toast(self.window(), sentence, name="toast", undo=self.tr("Rückgängig") if undo else "")
        toast.undone.connect(self.undo_requested)
        toast.show_above(40)


def _dropped(told: QMimeData) -> Path | None:
    """The one file that is held over the page, if it is one of ours by its name."""
    files = [Path(url.toLocalFile()) for url in told.urls() if url.isLocalFile()]
    return files[0] if len(files) == 1 and files[0].suffix == ENDING else None
