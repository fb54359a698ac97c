"""The board: measures as cards by status, moved by mouse or by keyboard; a reason is asked for in the column."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QWidget

from app.domain.catalogue import MeasureStatus
from app.domain.ids import EntityId
from app.domain.rules import NEEDS_REASON
from app.models.queries import lists
from app.models.queries.listing import Listed, listed
from app.models.queries.lists import MeasureFilter
from app.ui import theme
from app.ui.measures import words
from app.ui.measures.cells import Cells
from app.ui.measures.lane import Lane
from app.ui.measures.surface import Shown, nothing
from app.ui.measures.tiles import TileColumn
from app.ui.measures.views import Sorting
from app.ui.reading import Readings
from app.ui.widgets import base
from app.ui.widgets.words import Ground

_EDGE, _DRIFT_MS = 48, 16
_CHOICES = ("", *(status.value for status in MeasureStatus))


class Board(QScrollArea):
    """One column per status, in the order of a measure's life.

    `moved` asks to give a measure another status (id, status, reason, "" where none is needed); whoever may
    not change it is told by the page. `chosen` is the card to show beside, `entered` leads into the form.
    """

    moved = Signal(str, str, str)
    chosen = Signal(str)
    entered = Signal(str)

    def __init__(self, readings: Readings, cells: Cells, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        base.identify(self, "measures_board", self.tr("Maßnahmen nach Status"))
        self._readings, self._reader = readings, readings.reader
        self._filter, self._sorting = MeasureFilter(), ()  # type: tuple[MeasureFilter, Sorting]
        self._touched: frozenset[EntityId] | None = None
        """What has changed since the last answer; None: all of it is to be shown anew."""
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        ground = Ground("sunken", self)
        row = QHBoxLayout(ground)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(4)
        self.lanes: list[Lane] = []
        for status in _CHOICES:
            title = words.full(MeasureStatus, status) or self.tr("Ohne Status")
            lane = Lane(TileColumn(status, title, self._lines, cells), title)
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

    def show_all(self, wanted: MeasureFilter, sorting: Sorting, then: Shown = nothing) -> None:
        """Another filter or order."""
        self._filter, self._sorting = wanted, sorting
        self._touched = None
        self._ask(then)

    def refresh(self, touched: frozenset[EntityId], then: Shown = nothing) -> None:
        """Some measures changed: they may stand in another column, or nowhere any more."""
        if self._touched is not None:
            self._touched |= touched
        self._ask(then)

    def _ask(self, then: Shown) -> None:
        def take(listed: Listed) -> None:
            touched, self._touched = self._touched, frozenset()
            self._show(listed.groups, touched)
            then(listed)

        question = partial(listed, f=self._filter, order=self._sorting, by="status")
        self._readings.ask("list", question, take)

    def _show(self, found: dict[str, list[EntityId]], touched: frozenset[EntityId] | None) -> None:
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

    def focus_here(self) -> None:
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

    def _lane_at(self, at: QPoint) -> Lane | None:
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
