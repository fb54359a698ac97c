"""Was wartet: own changes without a receipt, by record; what the agency set aside stands in the same list."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget

from app.models.queries import deletions, syncing
from app.models.queries.reader import Reader
from app.models.queries.syncing import Waiting
from app.ui import labels, theme
from app.ui.sync import words
from app.ui.widgets.buttons import Button
from app.ui.widgets.glyphs import Glyph
from app.ui.widgets.notices import EmptyState
from app.ui.widgets.surfaces import Card
from app.ui.widgets.table import Cell, Column, Look, TableView
from app.ui.widgets.table_rows import Index, TableRows
from app.ui.widgets.words import ElidedLabel, Label

_COLUMNS = (
    Column(look=Look.TITLE, stretch=True, least=140),
    Column(look=Look.TEXT, stretch=True, least=120),
    Column(look=Look.LIGHT, stretch=True, least=140),
    Column(look=Look.STAMP, width=96),
)
_STATE = 2
_MOST = 500
RETURNED = "returned"


class WaitingModel(TableRows[Waiting]):
    """One row per record and state."""

    def __init__(self, reader: Reader, parent: QObject | None = None) -> None:
        super().__init__((self.tr("Eintrag"), self.tr("Änderung"), self.tr("Stand"), self.tr("Geändert")), parent)
        self._reader = reader
        self._told: list[tuple[str, str]] = []

    def refresh(self) -> None:
        """Read anew; nothing moves where nothing changed."""
        rows = syncing.waiting(self._reader, _MOST)
        if rows == self.rows:
            return
        lone = [t.id for row in rows for t in row.touched if not t.slot]
        gone = deletions.gone_of(self._reader, lone)
        self._told = [words.touched_text(row, lambda _, i: i in gone) for row in rows]
        self.show_rows(rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words and marks of a cell."""
        row, (short, whole) = self.rows[index.row()], self._told[index.row()]
        refused = row.state != "pending"
        match (index.column(), role):
            case (0, Qt.ItemDataRole.DisplayRole):
                return words.titled(row.root_kind, row.title)
            case (0, Cell.FULL):
                return f"{labels.kind_label(row.root_kind)}: {words.titled(row.root_kind, row.title)}"
            case (1, Qt.ItemDataRole.DisplayRole):
                return short
            case (1, Cell.FULL):
                return whole
            case (2, Qt.ItemDataRole.DisplayRole):
                return self.state_of(row)
            case (2, Cell.FULL):
                return self.state_of(row)
            case (2, Cell.GLYPH):
                return Glyph.LIGHT_WARNING if refused else Glyph.DOT
            case (2, Cell.TONE):
                return "warning" if refused else None
            case (3, Qt.ItemDataRole.DisplayRole):
                return words.when_short(row.made_at)
            case (3, Cell.FULL):
                return words.when(row.made_at)
        return None

    def state_of(self, row: Waiting) -> str:
        """How a row stands, with the reason in full."""
        if row.state == "pending":
            return self.tr("Bei der Agentur") if row.arrived else self.tr("Wartet")
        if row.reason == RETURNED:
            return self.tr("Von der Agentur zurückgegeben: {0}").format(row.note)
        return self.tr("Nicht übernommen, liegt bei der Agentur: {0}").format(labels.reason_text(row.reason))


_IN_SIGHT = 4


class WaitingView(TableView):
    """The state takes much room only where a reason stands in it."""

    _reasons = False

    def show_reasons(self, on: bool) -> None:
        """Whether something was set aside."""
        if on != self._reasons:
            self._reasons = on
            self.restyle()

    def height_of(self, rows: int) -> int:
        """Head and so many rows."""
        return self.horizontalHeader().sizeHint().height() + rows * self.row_height()

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(theme.px(640), self.height_of(self.model().rowCount()))

    def column(self, index: int) -> Column:
        """As told, but for the state."""
        if index == _STATE and not self._reasons:
            return Column(look=Look.LIGHT, width=120)
        return super().column(index)


class WaitingCard(Card):
    """The table in its card; `record_requested` when a row is opened.

    `put_away_asked` carries the root whose returned words somebody has read.
    """

    record_requested = Signal(str, str)
    put_away_asked = Signal(str)

    def __init__(self, reader: Reader) -> None:
        super().__init__(padding=0)
        self._set_aside, self._joined = 0, True
        self.body.setSpacing(0)
        self.body.setContentsMargins(1, 0, 1, 10)
        self._model = WaitingModel(reader, self)
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 20, 12)
        head.setSpacing(10)
        head.addWidget(Label(self.tr("Was wartet"), weight=theme.STRONG))
        self._count = ElidedLabel("", "small", role="muted", tabular=True)
        head.addWidget(self._count, 1)
        self.body.addLayout(head)
        self.table = WaitingView(_COLUMNS, name="waiting", accessible=self.tr("Was wartet"), edge=20)
        self.table.setModel(self._model)
        self.table.opened.connect(self._on_opened)
        self.empty = EmptyState("cloud-check", self.tr("Hier wartet nichts."), name="waiting_empty")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self.body.addWidget(self._stack, 1)
        self._hint = Label("", "small", role="muted", wrap=True)
        self._hint.setContentsMargins(20, 10, 20, 2)
        self.body.addWidget(self._hint)
        self.away = Button(self.tr("Gelesen und ablegen"), name="waiting_put_away", icon="check")
        self._foot = QHBoxLayout()
        self._foot.setContentsMargins(20, 6, 20, 4)
        self._foot.addWidget(self.away)
        self._foot.addStretch(1)
        self.body.addLayout(self._foot)
        self.away.hide()
        self.away.clicked.connect(self._on_away)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def restyle(self) -> None:
        """Rows grow with the text."""
        super().restyle()
        if hasattr(self, "_stack"):
            self._fit_rows()

    def _fit_rows(self) -> None:
        """As high as its rows; where there is less room four of them are in sight, and the rest scrolls."""
        rows = len(self._model.rows) or _IN_SIGHT
        self._stack.setMinimumHeight(self.table.height_of(min(_IN_SIGHT, rows)))
        self._stack.setMaximumHeight(self.table.height_of(rows))

    def refresh(self, joined: bool) -> None:
        """Read anew."""
        self._model.refresh()
        rows = self._model.rows
        changes = sum(row.changes for row in rows)
        set_aside = sum(row.state != "pending" for row in rows)
        told = self.tr("{0}, {1}").format(
            labels.count(len({r.root_id for r in rows}), "Eintrag", "Einträge"),
            labels.count(changes, "Änderung", "Änderungen"),
        )
        self._count.setText(told if rows else "")
        self._stack.setCurrentWidget(self.table if rows else self.empty)
        self._set_aside, self._joined = set_aside, joined
        self.table.show_reasons(bool(set_aside))
        self._on_row()
        self._fit_rows()
        self.updateGeometry()

    def _returned(self) -> Waiting | None:
        """The row in hand, or the first, if its words came back."""
        rows = [row for row in self._model.rows if row.reason == RETURNED]
        current = self.table.current_row()
        chosen = self._model.rows[current] if 0 <= current < len(self._model.rows) else None
        return chosen if chosen in rows else (rows[0] if rows and chosen is None else None)

    def _chosen(self) -> Waiting | None:
        """The row in hand; where none is, the first that was set aside."""
        rows, current = self._model.rows, self.table.current_row()
        if 0 <= current < len(rows):
            return rows[current]
        return next((row for row in rows if row.state != "pending"), None)

    def _on_row(self) -> None:
        self.away.setVisible(self._returned() is not None)
        chosen = self._chosen()
        hint = self.tr("Zurückgestelltes hält den Rest nicht auf; es ist hier gespeichert.") if self._set_aside else ""
        if chosen is not None and chosen.state != "pending":  # a column cuts off what a sentence says
            state = self._model.state_of(chosen).rstrip(".")
            hint = f"„{words.titled(chosen.root_kind, chosen.title)}“: {state}. {hint}"
        if self._model.rows and not self._joined:
            hint = self.tr("Geht mit dem ersten Abgleich an die Agentur.")
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.updateGeometry()

    def _on_away(self) -> None:
        row = self._returned()
        if row is not None:
            self.put_away_asked.emit(row.root_id)

    def _on_opened(self, index: QModelIndex) -> None:
        row = self._model.rows[index.row()]
        if row.root_kind:
            self.record_requested.emit(row.root_kind, row.root_id)
