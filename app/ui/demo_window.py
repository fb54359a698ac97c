"""The demo's second window: what has arrived at the agency, and a switch for the network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.queries import syncing
from app.services.workspace import Workspace
from app.sync.engine import Engine
from app.ui import labels
from app.ui.sync_worker import SyncThread
from app.ui.widgets.buttons import Button
from app.ui.widgets.surfaces import PageHead, ScrollPane
from app.ui.widgets.words import Ground, Label, Rule

_LINES = 40
_ARRIVALS = frozenset({"record.changed", "record.new", "records.received", "records.gone"})


class AgencyWindow(Ground):
    """Shows the agency's side as its own client sees it: everything here has come over HTTP.

    Args:
        running, start, stop: the agency's process.
    """

    def __init__(
        self,
        workspace: Workspace,
        engine: Callable[[], Engine | None],
        running: Callable[[], bool],
        start: Callable[[], None],
        stop: Callable[[], None],
    ) -> None:
        super().__init__("background")
        self.setObjectName("agency_window")
        self.setWindowTitle(self.tr("Vorführung: bei der Agentur angekommen – Maßwerk"))
        self._reader = workspace.reader
        self._running, self._start, self._stop = running, start, stop
        self._since = int(datetime.now(UTC).timestamp() * 1000)
        self.sync = SyncThread(engine, self)
        self._switch = Button(self.tr("Netz trennen"), name="network_switch", icon="wifi-high")
        self._state = Label("", "small", role="muted", wrap=True)
        self._pane = ScrollPane(
            name="arrivals", accessible=self.tr("Bei der Agentur angekommen"), ground="surface", margin=24, gap=12
        )
        self._build()
        self._switch.clicked.connect(self._on_switch)
        self.sync.finished.connect(self._on_synced)
        self._show_state()
        self._fill()

    def _build(self) -> None:
        column = self.column()
        head = PageHead(self.tr("Südwestfalen Agentur"), self.tr("Eigener Prozess auf diesem Rechner"))
        head.add_action(self._switch)
        column.addWidget(head)
        row = QHBoxLayout()
        row.setContentsMargins(24, 12, 24, 12)
        row.addWidget(self._state)
        column.addLayout(row)
        column.addWidget(Rule())
        column.addWidget(self._pane, 1)
        self.resize(520, 560)

    @Slot(object)
    def on_exchanged(self, report: object) -> None:
        """Somebody's exchange has ended: looks at the agency anew."""
        if self._running():
            self.sync.ask()

    @Slot()
    def _on_switch(self) -> None:
        if self._running():
            self._stop()
        else:
            self._start()
            self.sync.ask()
        self._show_state()

    @Slot(object)
    def _on_synced(self, report: object) -> None:
        self._fill()

    def _show_state(self) -> None:
        on = self._running()
        words = self.tr("Netz trennen") if on else self.tr("Netz verbinden")
        self._switch.setText(words)
        self._switch.setAccessibleName(words)
        self._state.setText(
            self.tr("Ändern Sie etwas im anderen Fenster: Es kommt hier wenige Sekunden später an.")
            if on
            else self.tr("Das Netz ist getrennt. Im anderen Fenster geht alles weiter; nichts geht verloren.")
        )

    def _fill(self) -> None:
        body: QVBoxLayout = self._pane.body
        while body.count():
            item = body.takeAt(0)
            widget = item.widget() if item is not None else None
            if isinstance(widget, QWidget):
                widget.deleteLater()
        now = datetime.now().astimezone()
        lines = [n for n in syncing.log(self._reader, _LINES) if n.code in _ARRIVALS and n.at >= self._since]
        for line in lines:
            at = labels.when(datetime.fromtimestamp(line.at / 1000, UTC), now)
            body.addWidget(Label(at, "small", role="muted"))
            body.addWidget(Label(labels.log_text(line.code, line.params), "body", wrap=True))
        if not lines:
            body.addWidget(Label(self.tr("Noch ist nichts Neues angekommen."), "body", role="muted", wrap=True))
        body.addStretch(1)
