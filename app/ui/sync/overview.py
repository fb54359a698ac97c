"""The overview of the Abgleich: state and what waits, receipts and the latest lines of the log."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.models.queries import courier, syncing
from app.models.queries.reader import Reader
from app.models.queries.syncing import Standing
from app.ui import theme
from app.ui.sync.courier_card import CourierCard
from app.ui.sync.log_rows import LogEntries, ReceiptEntry
from app.ui.sync.preview_card import PreviewCard
from app.ui.sync.stand import Stand
from app.ui.sync.state_card import StateCard
from app.ui.sync.waiting_table import WaitingCard
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.surfaces import Card, ScrollPane
from app.ui.widgets.words import Label

_RECEIPTS, _LOG = 5, 8
_WIDE = 860
"""From this width (at 100 %) the two columns stand side by side."""


class ReceiptsCard(Card):
    """The last receipts."""

    def __init__(self) -> None:
        super().__init__(padding=0)
        self.body.setContentsMargins(20, 12, 20, 12)
        self.body.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 8)
        head.addWidget(Label(self.tr("Quittungen"), weight=theme.STRONG))
        head.addStretch(1)
        self._count = Label("", "small", role="muted", tabular=True)
        head.addWidget(self._count)
        self.body.addLayout(head)
        self._empty = Label(
            self.tr("Noch keine. Die Agentur bestätigt jede Übertragung mit einer Nummer."),
            "small",
            role="muted",
            wrap=True,
        )
        self.body.addWidget(self._empty)
        self.rows: list[ReceiptEntry] = []

    def show_receipts(self, lines: list[syncing.ReceiptLine]) -> None:
        """Show the latest."""
        shown = lines[:_RECEIPTS]
        self._count.setText(self.tr("die letzten {0}").format(len(shown)) if len(lines) > _RECEIPTS else "")
        self._empty.setVisible(not shown)
        if [row.line for row in self.rows] == shown:
            return
        for row in self.rows:
            self.body.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [ReceiptEntry(line) for line in shown]
        for row in self.rows:
            self.body.addWidget(row)


class LogCard(Card):
    """The latest lines of the log, and the way to all of them."""

    all_asked = Signal()

    def __init__(self) -> None:
        super().__init__(padding=0)
        self.body.setContentsMargins(20, 12, 20, 12)
        self.body.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 4)
        head.addWidget(Label(self.tr("Protokoll"), weight=theme.STRONG))
        head.addStretch(1)
        self._all = LinkButton(self.tr("Alles ansehen"), name="log_all")
        self._all.clicked.connect(self.all_asked)
        head.addWidget(self._all)
        self.body.addLayout(head)
        self.rows = LogEntries(long_times=False)
        self.body.addWidget(self.rows)

    def show_lines(self, lines: list[syncing.LogLine]) -> None:
        """Show the latest."""
        self.rows.show_lines(lines[:_LOG])
        self._all.setVisible(len(lines) > _LOG)


class Overview(ScrollPane):
    """Two columns; one below the other where it gets narrow."""

    record_requested = Signal(str, str)
    log_asked = Signal()

    def __init__(self, reader: Reader) -> None:
        super().__init__(name="sync_overview", accessible="Übersicht des Abgleichs", ground="background")
        self._reader = reader
        self.state, self.waiting, self.courier = StateCard(), WaitingCard(reader), CourierCard()
        self.preview = PreviewCard()
        self.receipts, self.log = ReceiptsCard(), LogCard()
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, pieces in (
            (left, (self.state, self.waiting, self.preview, self.courier)),
            (right, (self.receipts, self.log)),
        ):
            column.setSpacing(16)
            for piece in pieces:
                column.addWidget(piece)
            column.addStretch(1)
        holder = QWidget()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, holder)
        self._box.setContentsMargins(24, 16, 24, 16)
        self._box.setSpacing(24)
        self._box.addLayout(left, 5)
        self._box.addLayout(right, 3)
        self.state.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        for card in (self.receipts, self.log):
            card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.body.addWidget(holder, 1)
        self.waiting.record_requested.connect(self.record_requested)
        self.preview.record_requested.connect(self.record_requested)
        self.log.rows.record_requested.connect(self.record_requested)
        self.log.all_asked.connect(self.log_asked)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side, or below each other."""
        super().resizeEvent(event)
        self._turn()

    def restyle(self) -> None:
        """The text may have grown."""
        super().restyle()
        if hasattr(self, "_box"):
            self._turn()

    def _turn(self) -> None:
        wide = self.viewport().width() >= theme.px(_WIDE)
        directions = QBoxLayout.Direction
        self._box.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
        self._box.setSpacing(24 if wide else 16)

    def refresh(self, standing: Standing, stand: Stand, address: str, lines: list[syncing.LogLine]) -> None:
        """Show how things stand now."""
        self.state.show_stand(stand, address)
        self.waiting.refresh(standing.joined)
        self.preview.setVisible(standing.joined)
        self.courier.setVisible(standing.joined)
        self.courier.show_files(courier.courier_files(self._reader), courier.can_write(self._reader))
        self.receipts.show_receipts(syncing.receipts(self._reader, _RECEIPTS + 1))
        self.log.show_lines(lines)
