"""The list of workshops: what comes, what was, with people, cards and the state of the minutes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.domain.catalogue import WorkshopFormat
from app.domain.ids import EntityId
from app.models.queries import lists, syncing
from app.models.queries.lists import WorkshopLine
from app.services.workspace import Workspace
from app.ui import labels
from app.ui.bus import Bus
from app.ui.widgets.buttons import Button
from app.ui.widgets.glyphs import Glyph
from app.ui.widgets.notices import EmptyState
from app.ui.widgets.segments import Segment, SegmentedControl
from app.ui.widgets.surfaces import PageHead
from app.ui.widgets.table import Cell, Column, Look, TableView
from app.ui.widgets.words import Ground
from app.ui.workshops import moments
from app.ui.workshops.calendar import Calendar

Index = QModelIndex | QPersistentModelIndex

_COLUMNS = (
    Column(Look.TITLE, width=280, stretch=True, least=200, dots=True),
    Column(Look.TEXT, width=136),
    Column(Look.TEXT, width=190),
    Column(Look.CHIP, width=148),
    Column(Look.NUMBER, width=72),
    Column(Look.NUMBER, width=72),
    Column(Look.STATUS, width=164),
)
_HEADS = ("Titel", "Termin", "Ort", "Format", "Personen", "Karten", "Protokoll")
_GLYPHS = {"draft": Glyph.RING_EMPTY, "in_coordination": Glyph.RING_HALF, "released": Glyph.RING_CHECKED}


class WorkshopModel(QAbstractTableModel):
    """Rows of workshops with two headings between them; a heading is a plain string."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[WorkshopLine | tuple[str, int]] = []

    def show(self, lines: Sequence[WorkshopLine], today: str) -> None:
        """Group and order anew: next first, then the latest first."""
        coming = [line for line in lines if not line.starts_at or line.starts_at[:10] >= today]
        coming.sort(key=lambda line: line.starts_at or "~")
        past = [line for line in lines if line.starts_at and line.starts_at[:10] < today]
        self.beginResetModel()
        self._rows = []
        for title, part in ((self.tr("Kommend"), coming), (self.tr("Vergangen"), past)):
            if part:
                self._rows += [(title, len(part)), *part]
        self.endResetModel()

    def headings(self) -> list[int]:
        """Rows that are headings."""
        return [n for n, row in enumerate(self._rows) if isinstance(row, tuple)]

    def line(self, row: int) -> WorkshopLine | None:
        """The workshop of a row; None for a heading."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, WorkshopLine) else None

    def row_of(self, workshop: EntityId) -> int:
        """Where a workshop stands, or -1."""
        return next((n for n, r in enumerate(self._rows) if isinstance(r, WorkshopLine) and r.id == workshop), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(_COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.line(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if isinstance(row, tuple):
            return _of_heading(row, role)
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell(row, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{_HEADS[index.column()]}: {_cell(row, index.column())}"
        if index.column() == 0:
            return _of_title(row, role)
        if role == Cell.MUTED:
            return _cell(row, index.column()) == "–"
        if role == Cell.GLYPH and index.column() == 6:
            return _GLYPHS.get(row.minutes_state)
        if role == Cell.FULL and index.column() == 3:
            return labels.value_text("workshop", "format", row.format)
        return None


def _of_heading(row: tuple[str, int], role: int) -> object:
    if role == Qt.ItemDataRole.DisplayRole:
        return row[0]
    if role == Cell.META:
        return str(row[1])
    return True if role == Cell.GROUP else None


def _of_title(row: WorkshopLine, role: int) -> object:
    if role == Cell.PENDING and row.pending:
        return "Noch nicht übertragen"
    if role == Cell.VERSIONS and row.open_question:
        return "Zwei Fassungen: bitte unter Abgleich entscheiden"
    return None


def _cell(row: WorkshopLine, column: int) -> str:
    day, clock = moments.parts_of(row.starts_at)
    return (
        row.title,
        f"{moments.show_day(day)}, {clock}" if clock else moments.show_day(day) or "–",
        row.place or "–",
        labels.label_of(WorkshopFormat, row.format, short=True) if row.format else "",
        str(row.people) if row.people else "–",
        labels.number(row.cards) if row.cards else "–",
        labels.value_text("workshop", "minutes_state", row.minutes_state),
    )[column]


class Listing(Ground):
    """Head, table, and what stands there while there is nothing."""

    opened = Signal(str)
    new_wanted = Signal(str)
    """A new workshop, on this day ("" for none yet)."""
    hall_wanted = Signal(object)
    """Connecting to a laptop in the hall; carries what was pressed."""

    def __init__(self, workspace: Workspace, bus: Bus, parent: QWidget | None = None) -> None:
        super().__init__("background", parent)
        self._workspace = workspace
        self._words = ""
        self._stale = True
        self._head = PageHead(self.tr("Workshops"))
        self._new = Button(self.tr("Neuer Workshop"), name="new_workshop", kind="primary", icon="plus", hint="Ctrl+N")
        self._new.clicked.connect(self._on_new)
        self.views = SegmentedControl(
            [
                Segment("list", self.tr("Liste"), "list-bullets"),
                Segment("month", self.tr("Kalender"), "calendar-blank"),
            ],
            name="workshops_views",
            accessible=self.tr("Ansicht"),
        )
        self.views.chosen.connect(self.show_view)
        self.hall = Button(self.tr("Im Saal verbinden"), name="hall_join_any", icon="broadcast")
        self.hall.clicked.connect(lambda: self.hall_wanted.emit(self.hall))
        self._head.add_action(self.views)
        self._head.add_action(self.hall)
        self._head.add_action(self._new)
        self.model = WorkshopModel(self)
        self.table = TableView(_COLUMNS, name="workshops", accessible=self.tr("Workshops"), ground="background")
        self.table.setModel(self.model)
        self.table.opened.connect(self._on_opened)
        self._empty = EmptyState(
            "users-three",
            self.tr("Noch kein Workshop."),
            name="workshops_empty",
            button=self.tr("Neuer Workshop"),
            button_icon="plus",
            detail=self.tr("Hier steht, was kommt und was war: mit Karten, Beschlüssen und Protokoll."),
        )
        self._empty.started.connect(self._on_new)
        self._nothing = EmptyState("magnifying-glass", self.tr("Nichts gefunden."), name="workshops_nothing")
        self.calendar = Calendar()
        self.calendar.opened.connect(self.opened)
        self.calendar.new_wanted.connect(self.new_wanted)
        self._stack = QStackedWidget()
        for page in (self.table, self.calendar, self._empty, self._nothing):
            self._stack.addWidget(page)
        layout = self.column()
        layout.addWidget(self._head)
        layout.addWidget(self._stack, 1)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(60)
        self._later.timeout.connect(self.refresh)
        bus.applied.connect(self._on_applied)
        bus.status_changed.connect(self._on_status)
        self.refresh()

    @Slot(object)
    def _on_applied(self, keys: object) -> None:
        assert isinstance(keys, frozenset)
        if any(kind in ("workshop", "contribution", "task", "group_count") for kind, _ in keys):
            self._mark_stale()

    @Slot()
    def _on_status(self) -> None:
        """Receipts came: dots may go."""
        self._mark_stale()

    def _mark_stale(self) -> None:
        self._stale = True
        if self.isVisible() and not self._later.isActive():
            self._later.start()

    def showEvent(self, event: object) -> None:
        """Catch up with what happened while nobody looked."""
        super().showEvent(event)  # type: ignore[arg-type]
        if self._stale:
            self.refresh()

    def search(self, words: str) -> None:
        """Only workshops that hold these words."""
        self._words = words.strip()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read the list anew; the selected workshop stays selected."""
        self._stale = False
        chosen = self.model.line(self.table.current_row())
        found = lists.workshop_lines(self._workspace.reader, self._words)
        self.table.clearSpans()
        self.model.show(found, moments.today().isoformat())
        for row in self.model.headings():
            self.table.setSpan(row, 0, 1, len(_COLUMNS))
        at = self.model.row_of(chosen.id) if chosen else -1
        if at >= 0:
            self.table.select_row(at)
        self._show_counts(found)
        self.calendar.show_lines(found)
        shown = self.calendar if self.views.value() == "month" else self.table
        self._stack.setCurrentWidget(shown if found else self._nothing if self._words else self._empty)
        self._new.setVisible(bool(found) or bool(self._words))
        self.views.setVisible(bool(found) or bool(self._words))

    @Slot(str)
    def show_view(self, key: str) -> None:
        """Show the list ("list") or the calendar ("month")."""
        self.views.set_value(key)
        self.refresh()
        self.focus_list()

    @Slot()
    def _on_new(self) -> None:
        self.new_wanted.emit("")

    def _show_counts(self, found: Sequence[WorkshopLine]) -> None:
        if self._words:
            self._head.set_note(f"{labels.count(len(found), 'Treffer', 'Treffer')} für „{self._words}“")
            return
        coming = sum(1 for line in found if not line.starts_at or line.starts_at[:10] >= moments.today().isoformat())
        cards = sum(line.cards for line in found)
        parts = [
            f"{coming} kommend",
            f"{len(found) - coming} vergangen",
            labels.count(cards, "Karte", "Karten"),
        ]
        self._head.set_note("  ·  ".join(parts) if found else "")

    @Slot(QModelIndex)
    def _on_opened(self, index: QModelIndex) -> None:
        line = self.model.line(index.row())
        if line is not None:
            self.opened.emit(line.id)

    def focus_list(self) -> None:
        """Put the keyboard on the list, or on the calendar."""
        if self._stack.currentWidget() is self.calendar:
            self.calendar.focus_grid()
        elif self._stack.currentWidget() is self.table:
            if self.model.line(self.table.current_row()) is None and self.model.rowCount() > 1:
                self.table.select_row(1)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def own_ags(self) -> str:
        """The municipality of this desk."""
        return syncing.standing(self._workspace.reader).person.ags

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+N begins a workshop."""
        if event.key() == Qt.Key.Key_N and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._on_new()
            return
        super().keyPressEvent(event)
