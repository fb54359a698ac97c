"""The board: measures as cards by status, moved by mouse or by keyboard; a reason is asked for in the column."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.domain.catalogue import MeasureStatus
from app.domain.ids import EntityId
from app.domain.rules import NEEDS_REASON
from app.models.queries import lists
from app.models.queries.lists import MeasureFilter
from app.models.queries.reader import Reader
from app.ui import labels, theme
from app.ui.measures import words
from app.ui.measures.cells import Cells
from app.ui.measures.tiles import TileColumn
from app.ui.measures.views import Sorting
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Button
from app.ui.widgets.glyphs import GlyphMark
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.words import ElidedLabel, Ground, Label

_WIDTH = 264
_EDGE, _DRIFT_MS = 48, 16
_CHOICES = ("", *(status.value for status in MeasureStatus))


class ReasonPrompt(QWidget):
    """Asks for a reason in the column a card is to move to; `given` carries it, `left` that it stays."""

    given = Signal(str, str)
    left = Signal(str)

    def __init__(self, status: str, measure: EntityId, title: str) -> None:
        super().__init__()
        self._measure = measure
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        question = self.tr("Warum „{0}“?").format(words.full(MeasureStatus, status))
        column.addWidget(Label(question, weight=theme.STRONG, wrap=True))
        column.addWidget(ElidedLabel(title, "small", role="muted"))
        self.field = LineEdit(name="board_reason", accessible=f"{question} {title}")
        self.field.setPlaceholderText(self.tr("Grund in einem Satz"))
        column.addWidget(self.field)
        row = QHBoxLayout()
        self.move_button = Button(self.tr("Verschieben"), name="board_reason_move", kind="primary")
        cancel = Button(self.tr("Abbrechen"), name="board_reason_cancel", kind="tertiary")
        row.addWidget(self.move_button)
        row.addWidget(cancel)
        row.addStretch(1)
        column.addLayout(row)
        self.move_button.setEnabled(False)
        self.field.textChanged.connect(self._on_typed)
        self.field.returnPressed.connect(self._give)
        self.move_button.clicked.connect(self._give)
        cancel.clicked.connect(self._leave)

    def _on_typed(self, text: str) -> None:
        self.move_button.setEnabled(bool(text.strip()))

    def _give(self) -> None:
        if self.field.text().strip():
            self.given.emit(self._measure, self.field.text().strip())

    def _leave(self) -> None:
        self.left.emit(self._measure)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A card like those below it."""
        base.box(QPainter(self), self.rect(), 10, theme.color("surface"), theme.color("border"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the card where it was."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return
        super().keyPressEvent(event)


class _Lane(Themed, QWidget):
    """Heading with shape, word and count; below it perhaps a question, then the cards."""

    def __init__(self, tiles: TileColumn, title: str) -> None:
        super().__init__()
        self.tiles = tiles
        self.setObjectName(f"lane_{tiles.status or 'none'}")
        self._title, self._count = title, Label("", "small", role="muted", tabular=True)
        self._prompt: ReasonPrompt | None = None
        self._wanted = False
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 0, 2, 2)  # room for the frame
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(10, 12, 10, 0)
        head.setSpacing(6)
        shape = words.glyph(MeasureStatus, tiles.status)
        if shape is not None:
            head.addWidget(GlyphMark(shape, title, 12))
        name = ElidedLabel(words.short(MeasureStatus, tiles.status) or title, "small", theme.STRONG)
        name.setToolTip(title)
        head.addWidget(name, 1)
        head.addWidget(self._count)
        column.addLayout(head)
        self._ask = QVBoxLayout()
        self._ask.setContentsMargins(8, 0, 8, 0)
        column.addLayout(self._ask)
        column.addWidget(tiles, 1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.restyle()

    def restyle(self) -> None:
        """Wide enough for its words."""
        self.setFixedWidth(theme.px(_WIDTH))
        super().restyle()

    def mark(self, on: bool) -> None:
        """A dragged card would fall into this column."""
        if on != self._wanted:
            self._wanted = on
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame of the column a card is held over."""
        if self._wanted:
            base.box(QPainter(self), self.rect(), 10, border=theme.color("accent"), width=2)

    def show_count(self) -> None:
        """How many cards, also for the reader."""
        count = self.tiles.tiles.rowCount()
        self._count.setText(labels.number(count))
        self.tiles.setAccessibleName(f"{self._title}, {labels.count(count, 'Maßnahme', 'Maßnahmen')}")

    def ask(self, measure: EntityId, title: str) -> ReasonPrompt:
        """Show the question for a card that is to come here."""
        self.end_asking()
        self._prompt = ReasonPrompt(self.tiles.status, measure, title)
        self._ask.addWidget(self._prompt)
        self._prompt.show()
        self._prompt.field.setFocus(Qt.FocusReason.OtherFocusReason)
        return self._prompt

    def is_asking(self, prompt: object) -> bool:
        """Whether this is the question that stands here."""
        return self._prompt is not None and self._prompt is prompt

    def end_asking(self) -> None:
        """Take the question away."""
        if self._prompt is not None:
            self._ask.removeWidget(self._prompt)
            self._prompt.hide()
            self._prompt.deleteLater()
            self._prompt = None


class Board(QScrollArea):
    """One column per status, in the order of a measure's life.

    `moved` asks to give a measure another status (id, status, reason, "" where none is needed); whoever may
    not change it is told by the page. `chosen` is the card to show beside, `entered` leads into the form.
    """

    moved = Signal(str, str, str)
    chosen = Signal(str)
    entered = Signal(str)

    def __init__(self, reader: Reader, cells: Cells) -> None:
        super().__init__()
        base.identify(self, "measures_board", self.tr("Maßnahmen nach Status"))
        self._reader = reader
        self._filter, self._sorting = MeasureFilter(), ()  # type: tuple[MeasureFilter, Sorting]
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        ground = Ground("sunken")
        row = QHBoxLayout(ground)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(4)
        self.lanes: list[_Lane] = []
        for status in _CHOICES:
            title = words.full(MeasureStatus, status) or self.tr("Ohne Status")
            lane = _Lane(TileColumn(status, title, self._lines, cells), title)
            self._connect(lane.tiles)
            row.addWidget(lane)
            self.lanes.append(lane)
        row.addStretch(1)
        self.setWidget(ground)
        self._ghost = QLabel(self)
        self._ghost.setObjectName("board_ghost")
        self._ghost.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._ghost.hide()
        self._hold, self._mouse = QPoint(), QPoint()
        self._drift = QTimer(self, interval=_DRIFT_MS)
        self._drift.timeout.connect(self._on_drift)

    def _connect(self, tiles: TileColumn) -> None:
        tiles.lifted.connect(self._on_lifted)
        tiles.dragged.connect(self._on_dragged)
        tiles.dropped.connect(self._on_dropped)
        tiles.pushed.connect(self._on_pushed)
        tiles.stepped.connect(self._on_stepped)
        tiles.opened.connect(self._on_opened)
        tiles.clicked.connect(self._on_clicked)

    def _lines(self, ids: Sequence[EntityId]) -> dict[EntityId, lists.MeasureLine]:
        return lists.measure_lines(self._reader, ids)

    # What is shown

    def show_all(self, wanted: MeasureFilter, sorting: Sorting) -> int:
        """Another filter or order; how many measures there are."""
        self._filter, self._sorting = wanted, sorting
        return self._show(None)

    def refresh(self, touched: frozenset[EntityId]) -> int:
        """Some measures changed: they may stand in another column, or nowhere any more."""
        return self._show(touched)

    def _show(self, touched: frozenset[EntityId] | None) -> int:
        found = lists.ids_by_status(self._reader, self._filter, self._sorting)
        held = self._focused()
        current = held.current() if held is not None else ""
        known = {lane.tiles.status for lane in self.lanes}
        for lane in self.lanes:
            ids = found.get(lane.tiles.status, [])
            if not lane.tiles.status:
                # What a newer version calls otherwise is shown here rather than nowhere.
                ids = ids + [one for status, more in found.items() if status not in known for one in more]
                lane.setVisible(bool(ids))
            lane.tiles.tiles.show_ids(ids, touched)
            lane.show_count()
        if current:
            self.show_record(current, focus=True)
        return sum(len(ids) for ids in found.values())

    def show_record(self, measure: EntityId, *, focus: bool = False) -> bool:
        """Make a card the current one and bring it into sight; False if it is not on the board."""
        for lane in self.lanes:
            row = lane.tiles.tiles.row_of(measure)
            if row >= 0:
                lane.tiles.choose(row)
                self.ensureWidgetVisible(lane, 16, 0)
                if focus:
                    lane.tiles.setFocus(Qt.FocusReason.OtherFocusReason)
                self._clear_others(lane.tiles)
                return True
        return False

    def _clear_others(self, kept: TileColumn) -> None:
        for lane in self.lanes:
            if lane.tiles is not kept:
                lane.tiles.clearSelection()

    def _focused(self) -> TileColumn | None:
        return next((lane.tiles for lane in self.lanes if lane.tiles.hasFocus()), None)

    def focus_first(self) -> None:
        """Go to the first card there is."""
        lane = next((one for one in self.lanes if one.tiles.tiles.rowCount()), None)
        if lane is not None:
            lane.tiles.choose(max(0, lane.tiles.currentIndex().row()))
            lane.tiles.setFocus(Qt.FocusReason.OtherFocusReason)

    # Moving

    def ask_move(self, measure: EntityId, status: str) -> None:
        """Move a card, after its reason has been given where one is needed."""
        target = next(lane for lane in self.lanes if lane.tiles.status == status)
        if status not in NEEDS_REASON:
            self.moved.emit(measure, status, "")
            return
        for lane in self.lanes:
            lane.end_asking()
        line = self._lines([measure]).get(measure)
        prompt = target.ask(measure, line.title if line is not None else "")
        prompt.given.connect(self._on_reason)
        prompt.left.connect(self._on_reason_left)
        self.ensureWidgetVisible(target, 16, 0)

    def _on_reason(self, measure: str, reason: str) -> None:
        lane = next(lane for lane in self.lanes if lane.is_asking(self.sender()))
        lane.end_asking()
        self.moved.emit(measure, lane.tiles.status, reason)

    def _on_reason_left(self, measure: str) -> None:
        for lane in self.lanes:
            lane.end_asking()
        self.show_record(measure, focus=True)

    def _on_pushed(self, measure: str, by: int) -> None:
        lanes = [lane for lane in self.lanes if not lane.isHidden()]
        at = next(n for n, lane in enumerate(lanes) if lane.tiles is self.sender())
        if 0 <= at + by < len(lanes) and lanes[at + by].tiles.status:
            self.ask_move(measure, lanes[at + by].tiles.status)

    def _on_lifted(self, card: QPixmap, hold: QPoint) -> None:
        sender = self.sender()
        if isinstance(sender, TileColumn):
            self._clear_others(sender)
        self._hold = hold
        self._ghost.setPixmap(card)
        self._ghost.adjustSize()
        self._ghost.show()
        self._ghost.raise_()
        self._drift.start()

    def _on_dragged(self, at: QPoint) -> None:
        self._mouse = at
        self._ghost.move(self.mapFromGlobal(at) - self._hold)
        below = self._lane_at(at)
        for lane in self.lanes:
            lane.mark(lane is below)

    def _on_drift(self) -> None:
        """A card held at the edge pulls the columns beyond it into sight."""
        x, edge, bar = self.mapFromGlobal(self._mouse).x(), theme.px(_EDGE), self.horizontalScrollBar()
        by = min(0, x - edge) + max(0, x - self.width() + edge)
        if by:
            bar.setValue(bar.value() + max(-edge, min(edge, by)) // 2)
            self._on_dragged(self._mouse)

    def _lane_at(self, at: QPoint) -> _Lane | None:
        """The column under a point of the screen that takes cards."""
        if not self.rect().contains(self.mapFromGlobal(at)):
            return None
        there = (lane for lane in self.lanes if lane.isVisible() and lane.rect().contains(lane.mapFromGlobal(at)))
        return next((lane for lane in there if lane.tiles.status), None)

    def _on_dropped(self, measure: str, at: QPoint) -> None:
        self._ghost.hide()
        self._drift.stop()
        target = self._lane_at(at)
        for lane in self.lanes:
            lane.mark(False)
        if target is not None and target.tiles is not self.sender():
            self.ask_move(measure, target.tiles.status)

    # Choosing

    def _on_stepped(self, by: int) -> None:
        lanes = [lane for lane in self.lanes if not lane.isHidden() and lane.tiles.tiles.rowCount()]
        at = next((n for n, lane in enumerate(lanes) if lane.tiles is self.sender()), -1)
        if at >= 0 and 0 <= at + by < len(lanes):
            tiles = lanes[at + by].tiles
            row = max(0, lanes[at].tiles.currentIndex().row())
            tiles.setFocus(Qt.FocusReason.TabFocusReason)
            tiles.choose(min(row, tiles.tiles.rowCount() - 1))
            self.ensureWidgetVisible(lanes[at + by], 16, 0)
            self._clear_others(tiles)

    def _on_clicked(self, index: QModelIndex) -> None:
        sender = self.sender()
        if isinstance(sender, TileColumn):
            self._clear_others(sender)
            self.chosen.emit(sender.tiles.id_at(index.row()))

    def _on_opened(self, index: QModelIndex) -> None:
        sender = self.sender()
        if isinstance(sender, TileColumn):
            self.entered.emit(sender.tiles.id_at(index.row()))
