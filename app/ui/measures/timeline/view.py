"""The time line as a table: title and Ampel stand still, time moves and is zoomed beside them."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.domain.ids import EntityId
from app.models.queries.listing import Listed
from app.models.queries.lists import MeasureFilter
from app.ui import theme
from app.ui.measures.measure_rows import MeasureRows
from app.ui.measures.surface import Shown, nothing
from app.ui.measures.timeline.bars import Bar
from app.ui.measures.timeline.model import COLUMNS, PERIOD, TimelineModel
from app.ui.measures.timeline.painting import BAR_HEIGHT, TimelineDelegate, bar_rect, paint_axis, paint_link
from app.ui.measures.timeline.scale import Scale, Zoom
from app.ui.measures.views import Sorting
from app.ui.widgets import base
from app.ui.widgets.cells import CellDelegate, Column
from app.ui.widgets.table import Header

_TITLE, _LIGHT, _NARROW = 240, 112, 640
_NEAR = 48


class _Axis(Header):
    """The header: words over the columns that stand still, the axis over the bars."""

    def __init__(self, table: TimelineView) -> None:
        super().__init__(table)
        self._timeline = table

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(super().sizeHint().width(), theme.grow(44, "small", 2))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint a word, or the axis."""
        if section != PERIOD:
            super().paintSection(painter, rect, section)
            return
        timeline = self._timeline
        painter.fillRect(QRect(rect.left(), rect.top(), 1, rect.height()), theme.color("border"))
        paint_axis(base.crisp(painter), rect, timeline.scale, timeline.today, self.tr("Heute"))


class TimelineView(MeasureRows):
    """Rows with bars. `zoomed` tells the zoom in force, `moved` that another part of time is in sight."""

    zoomed = Signal(str)
    moved = Signal()

    def __init__(self, model: TimelineModel, parent: QWidget | None = None) -> None:
        self.scale = Scale(date(2000, 1, 1).toordinal(), date(2001, 1, 1).toordinal())
        self.plans = model
        columns = [Column(c.look, c.least, least=c.least) for c in COLUMNS]
        super().__init__(model, columns, name="measures_timeline", accessible=self.tr("Zeitplan"), parent=parent)
        self._placed = False
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def make_header(self) -> Header:
        """The axis."""
        return _Axis(self)

    def make_delegate(self) -> CellDelegate:
        """Bars."""
        self._bars = TimelineDelegate(self, self, self.scale)
        return self._bars

    @property
    def today(self) -> int:
        """Today as an ordinal."""
        return self.plans.today().toordinal()

    # What is shown

    def show_all(self, wanted: MeasureFilter, sorting: Sorting, then: Shown = nothing) -> None:
        """Another filter: the axis holds all its dates; what was in sight stays in sight."""

        def after(listed: Listed) -> None:
            self._stretch()
            then(listed)

        super().show_all(wanted, sorting, after)

    def _stretch(self) -> None:
        first, last = self.plans.years()
        held = self.scale.day(0)
        self.scale.first, self.scale.last = date(first, 1, 1).toordinal(), date(last + 1, 1, 1).toordinal()
        self._bars.today = self.today
        if self._placed:
            self._move_to((held - self.scale.first) * self.scale.per_day)

    def room(self) -> int:
        """Pixels of time in sight."""
        return self.columnWidth(PERIOD) if self.model() is not None else 0

    def restyle(self) -> None:
        """Time grows with the text, because its words do."""
        self.scale.grown = theme.px(100) / 100
        super().restyle()

    def _spread(self) -> None:
        header = self.horizontalHeader()
        if header.count() != len(COLUMNS):
            return
        room, before, today = self.viewport().width(), self.room(), self.scale.x(self.today)
        narrow = room < theme.px(_NARROW)
        # On a wide screen titles get their share too.
        title = min(max(theme.px(_TITLE), room // 5), room * 2 // 5)
        header.setSectionHidden(1, narrow)
        header.resizeSection(0, title)
        header.resizeSection(1, theme.px(_LIGHT))
        header.resizeSection(PERIOD, max(80, room - title - (0 if narrow else theme.px(_LIGHT))))
        if not self._is_placed() and self.isVisible():
            self.show_today()
        elif 0 <= today <= before and today > self.room() - theme.px(_NEAR):
            self.scale.offset += today - self.room() * 2 / 3  # a sheet beside it does not push today out of sight
        self._move_to(self.scale.offset)
        self.fetch()

    def _is_placed(self) -> bool:
        return getattr(self, "_placed", False)

    def showEvent(self, event: object) -> None:
        """Begin with today in sight."""
        super().showEvent(event)  # type: ignore[arg-type]
        if not self._placed:
            self.show_today()

    # Moving through time

    def show_today(self) -> None:
        """Today a third from the left: what comes is of more interest than what was."""
        self._placed = True
        self._move_to((self.today - self.scale.first) * self.scale.per_day - self.room() / 3)

    def show_bar(self, measure: EntityId) -> None:
        """Bring the beginning of a bar into sight."""
        bar = self.plans.bar(measure)
        days = bar.span(self.scale.last) if bar is not None else None
        if days is not None:
            self._move_to((days[0] - self.scale.first) * self.scale.per_day - 24)

    def move_by(self, pixels: float) -> None:
        """Earlier or later."""
        self._move_to(self.scale.offset + pixels)

    def move_to(self, offset: int) -> None:
        """To a place of the scroll bar."""
        self._move_to(offset)

    def _move_to(self, offset: float) -> None:
        most = max(0, self.scale.length - self.room())
        self.scale.offset = max(0.0, min(float(offset), float(most)))
        self.viewport().update()
        self.horizontalHeader().viewport().update()
        self.moved.emit()

    def set_zoom(self, zoom: Zoom, x: float | None = None) -> None:
        """Nearer or farther, around a point of the picture or its middle."""
        if zoom is not self.scale.zoom:
            self.scale.zoom_at(zoom, self.room() / 2 if x is None else x)
            self._move_to(self.scale.offset)
            self.zoomed.emit(zoom.value)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl time is zoomed, with Shift or sideways it moves."""
        turn, modifiers = event.angleDelta(), event.modifiers()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            x = event.position().x() - self.columnViewportPosition(PERIOD)
            if turn.y():
                self.set_zoom(self.scale.nearer(1 if turn.y() > 0 else -1), max(0.0, x))
            event.accept()
        elif turn.x() or modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.move_by(-(turn.x() or turn.y()))
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk through rows and time; + and - zoom, H goes to today, Space to the bar of the row."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        head = self.current_row() >= 0 and self.measures.is_head(self.current_row())
        if head or event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            super().keyPressEvent(event)
        elif step is not None:
            self.move_by(step * self.scale.step())
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self.set_zoom(self.scale.nearer(1 if event.key() == Qt.Key.Key_Plus else -1))
        elif event.key() == Qt.Key.Key_H:
            self.show_today()
        elif event.key() == Qt.Key.Key_Space and self.current_row() >= 0:
            self.show_bar(self.measures.id_at(self.current_row()))
        else:
            super().keyPressEvent(event)

    # What lies over the rows

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, then the lines between them and today."""
        super().paintEvent(event)
        painter = base.crisp(QPainter(self.viewport()))
        left, height = self.columnViewportPosition(PERIOD), self.viewport().height()
        painter.fillRect(QRect(left, 0, 1, height), theme.color("border"))
        painter.setClipRect(QRect(left + 1, 0, self.room(), height))
        self._paint_links(painter)
        painter.fillRect(QRect(left + round(self.scale.x(self.today)), 0, 1, height), theme.color("text"))

    def _paint_links(self, painter: QPainter) -> None:
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first < 0:
            return
        chosen = self.current_row()
        last = last if last >= 0 else self.measures.rowCount() - 1
        for row in range(first, last + 1):
            measure = self.measures.id_at(row)
            bar = self.plans.bar(measure)
            for _, target in bar.links if bar is not None else ():
                other = self.measures.row_of(target)
                if bar is not None and other >= 0:
                    self._paint_link(painter, bar, row, self.plans.bar(target), other, chosen in (row, other))

    def _paint_link(self, painter: QPainter, bar: Bar, row: int, before: Bar | None, other: int, chosen: bool) -> None:
        days = bar.span(self.scale.last)
        earlier = before.span(self.scale.last) if before is not None else None
        if days is None:
            return
        here, there = self._row_rect(row), self._row_rect(other)
        end = bar_rect(self.scale, days, here)
        x = end.left() - 14
        if earlier is not None:
            whole = bar_rect(self.scale, earlier, there)
            x = max(min(whole.right() - 4, end.left() - 14), min(whole.left() + 8, end.left() - 14))
        half = theme.px(BAR_HEIGHT) / 2
        start_y = there.center().y() + (half if other < row else -half)
        paint_link(painter, QPointF(x, start_y), QPointF(end.left(), end.center().y()), chosen=chosen)

    def _row_rect(self, row: int) -> QRectF:
        top = self.rowViewportPosition(row)
        return QRectF(self.columnViewportPosition(PERIOD), top, self.room(), self.row_height())
