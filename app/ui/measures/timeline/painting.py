"""How bars, milestones, the axis and the lines between dependent measures are painted."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QHelpEvent, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QTableView, QToolTip

from app.domain.catalogue import MilestoneStatus
from app.ui import icons, theme
from app.ui.measures.timeline.bars import Bar, Days, Mark
from app.ui.measures.timeline.model import BAR, PERIOD
from app.ui.measures.timeline.scale import Scale, Tick
from app.ui.measures.timeline.wording import milestone_words
from app.ui.widgets import base
from app.ui.widgets.cells import Cell, CellDelegate, RowSource

Index = QModelIndex | QPersistentModelIndex
BAR_HEIGHT, STRIP, DIAMOND = 16, 5, 14


def ink_of(bar: Bar) -> QColor:
    """The colour a bar is drawn in."""
    return theme.color("control_border" if bar.quiet else "accent")


def bar_rect(scale: Scale, days: Days, row: QRectF) -> QRectF:
    """Where days lie in a row; never narrower than can be seen."""
    left, right = scale.x(days[0]), scale.x(days[1])
    height = theme.px(BAR_HEIGHT)
    top = round(row.center().y() - height / 2)
    return QRectF(row.left() + left, top, max(4.0, right - left), height)


def mark_point(scale: Scale, mark: Mark, row: QRectF) -> QPointF:
    """The middle of a milestone."""
    return QPointF(row.left() + round(scale.x(mark.day)), round(row.center().y()))


def diamond(center: QPointF, side: float) -> QPolygonF:
    """A square on its corner."""
    r = side / 2
    x, y = center.x(), center.y()
    return QPolygonF([QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y)])


def paint_span(painter: QPainter, whole: QRectF, bar: Bar, vague: list[QRectF], gone: float, *, raised: bool) -> None:
    """One bar: ground, what a date only may mean hatched, what has passed as a strip up to `gone`."""
    ink = ink_of(bar)
    ground = "surface" if raised else "sunken" if bar.quiet else "accent_soft"
    base.box(painter, whole, 4, theme.color(ground), ink)
    inner = whole.adjusted(1, 1, -1, -1)
    painter.save()
    path = QPainterPath()
    path.addRoundedRect(inner, 3, 3)
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    for part in vague:
        painter.fillRect(part, theme.color("surface"))
        painter.fillRect(part, QBrush(ink, Qt.BrushStyle.BDiagPattern))
    if bar.begun and gone > inner.left():
        strip = theme.px(STRIP)
        right = min(gone, inner.right())
        painter.fillRect(QRectF(inner.left(), inner.bottom() - strip, right - inner.left(), strip), ink)
    painter.restore()


def paint_mark(painter: QPainter, center: QPointF, status: str, *, late: bool, quiet: bool) -> None:
    """A milestone: filled when reached, an outline while open, with a bar through it when it is overdue."""
    ink = theme.color("danger" if late else "control_border" if quiet else "accent")
    painter.setPen(QPen(ink, 1.5))
    painter.setBrush(ink if status == MilestoneStatus.REACHED else theme.color("surface"))
    shape = diamond(center, theme.px(DIAMOND))
    painter.drawPolygon(shape)
    if late:
        painter.drawLine(center - QPointF(0, theme.px(3)), center + QPointF(0, theme.px(3)))


class TimelineDelegate(CellDelegate):
    """Paints the bars; all other cells as everywhere."""

    def __init__(self, rows: RowSource, view: QTableView, scale: Scale) -> None:
        super().__init__(rows, view)
        self._scale = scale
        self.today = 0

    def _paint_cell(self, painter: QPainter, area: QRectF, index: Index, look: object, selected: bool) -> None:
        if index.column() != PERIOD:
            super()._paint_cell(painter, area, index, look, selected)  # type: ignore[arg-type]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row, then grid and bar."""
        super().paint(painter, option, index)
        if index.column() != PERIOD or index.data(Cell.GROUP):
            return
        row = QRectF(option.rect)
        raised = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setClipRect(row)
        if not raised:
            self._paint_grid(painter, row)
        bar = index.data(BAR)
        if isinstance(bar, Bar):
            self._paint_bar(painter, row, bar, raised)
        painter.restore()

    def _paint_grid(self, painter: QPainter, row: QRectF) -> None:
        for tick in self._scale.ticks(row.width()):
            ink = theme.color("border" if tick.major else "border+surface:50")
            painter.fillRect(QRectF(row.left() + round(self._scale.x(tick.day)), row.top(), 1, row.height()), ink)

    def _paint_bar(self, painter: QPainter, row: QRectF, bar: Bar, raised: bool) -> None:
        scale = self._scale
        days = bar.span(scale.last)
        if days is None:
            if not bar.marks:
                words = self.tr("Zeitraum unbekannt")
                area = row.adjusted(12, 0, -12, 0)
                under = QRectF(area.left() - 4, row.top(), base.text_width(words, "small") + 8, row.height() - 1)
                if not raised:  # no line of the axis goes through the words
                    painter.fillRect(under, theme.color("surface"))
                base.text(painter, area, words, theme.color("muted"), "small")
        else:
            whole = bar_rect(scale, days, row)
            vague = [bar_rect(scale, part, row) for part in bar.vague()]
            paint_span(painter, whole, bar, vague, row.left() + scale.x(self.today), raised=raised)
            self._paint_beyond(painter, row, whole, bar)
        for mark in bar.marks:
            point = mark_point(scale, mark, row)
            paint_mark(painter, point, mark.milestone.status, late=mark.late, quiet=bar.quiet)

    def _paint_beyond(self, painter: QPainter, row: QRectF, whole: QRectF, bar: Bar) -> None:
        """An arrow where the bar goes on, or lies, beyond the picture."""
        side = theme.px(12)
        right = base.middle(row, side, row.right() - side - 6)
        if whole.left() > row.right() - 4:
            icons.paint(painter, "caret-right", right, theme.color("muted"))
        elif whole.right() < row.left() + 4:
            icons.paint(painter, "caret-left", base.middle(row, side, row.left() + 6), theme.color("muted"))
        elif bar.ongoing and whole.right() >= row.right() - 1:
            icons.paint(painter, "arrow-right", right, ink_of(bar))
        elif bar.ongoing:
            icons.paint(painter, "arrow-right", base.middle(row, side, whole.right() - side - 6), ink_of(bar))

    def mark_at(self, x: float, row: QRectF, bar: Bar) -> Mark | None:
        """The milestone under the mouse, the last one painted first."""
        reach = theme.px(DIAMOND) / 2 + 1
        near = (mark for mark in reversed(bar.marks) if abs(mark_point(self._scale, mark, row).x() - x) <= reach)
        return next(near, None)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Tell the milestone under the mouse, else the whole bar in words."""
        bar = index.data(BAR) if index.isValid() else None
        if event.type() == QEvent.Type.ToolTip and isinstance(bar, Bar):
            mark = self.mark_at(event.pos().x(), QRectF(option.rect), bar)
            words = milestone_words(mark.milestone) if mark is not None else str(index.data(Cell.FULL) or "")
            QToolTip.showText(event.globalPos(), words, view)
            return True
        return super().helpEvent(event, view, option, index)


def paint_axis(painter: QPainter, rect: QRect, scale: Scale, today: int, word: str) -> None:
    """The header of the time column: years above, their parts below, and where today is."""
    area = QRectF(rect)
    small = theme.line("small")
    top = QRectF(area.left(), area.top() + 4, area.width(), small)
    painter.save()
    painter.setClipRect(area)
    ticks = scale.ticks(area.width())
    for tick in ticks:
        if tick.major:
            left = area.left() + round(scale.x(tick.day))
            painter.fillRect(QRectF(left, area.top(), 1, area.height()), theme.color("border"))
    years = _words_at(scale, area, [(tick.day, str(date.fromordinal(tick.day).year)) for tick in _years(ticks)])
    parts = _words_at(scale, area, [(tick.day, tick.words) for tick in ticks])
    for left, words in years:
        place = QRectF(left, top.top(), 400, small)
        base.text(painter, place, words, theme.color("text"), "small", theme.STRONG)
    for left, words in parts:
        place = QRectF(left, top.bottom(), 400, small)
        base.text(painter, place, words, theme.color("muted"), "small", tabular=True)
    _paint_today(painter, area, area.left() + round(scale.x(today)), word, [left for left, _ in years])
    painter.restore()


def _years(ticks: list[Tick]) -> list[Tick]:
    """The first line in sight and every one at which a year begins."""
    return [tick for place, tick in enumerate(ticks) if tick.major or place == 0]


def _words_at(scale: Scale, area: QRectF, told: list[tuple[int, str]]) -> list[tuple[float, str]]:
    """Left edges of words behind their lines; the first sticks to the edge, none runs into the next."""
    found = []
    for place, (day, words) in enumerate(told):
        left = max(area.left(), area.left() + scale.x(day)) + 6
        following = area.left() + scale.x(told[place + 1][0]) if place + 1 < len(told) else area.right()
        if left + base.text_width(words, "small", theme.STRONG) < following:
            found.append((left, words))
    return found


def _paint_today(painter: QPainter, area: QRectF, x: float, word: str, years: list[float]) -> None:
    """A flag at the line of today, on the side where it covers no year."""
    width = base.text_width(word, "small", theme.STRONG) + 10
    covers = any(x - 30 < left < x + width for left in years)
    flag = QRectF(x + 1 - width if covers else x, area.top() + 3, width, theme.line("small") + 3)
    painter.fillRect(QRectF(x, area.top() + 3, 1, area.height()), theme.color("text"))
    painter.fillRect(flag, theme.color("text"))
    base.text(painter, flag.adjusted(5, 0, 0, 0), word, theme.color("background"), "small", theme.STRONG)


def paint_link(painter: QPainter, start: QPointF, end: QPointF, *, chosen: bool) -> None:
    """From a bar down or up to the one that depends on it: accent for the selected row, else dashed and quiet."""
    ink = theme.color("accent" if chosen else "control_border")
    pen = QPen(ink, 1.5 if chosen else 1.2)
    if not chosen:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    turn = 5.0 if end.y() > start.y() else -5.0
    path = QPainterPath(start)
    path.lineTo(start.x(), end.y() - turn)
    path.quadTo(start.x(), end.y(), start.x() + 5, end.y())
    path.lineTo(end.x() - 6, end.y())
    painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawPolygon(QPolygonF([end, end + QPointF(-7, -4), end + QPointF(-7, 4)]))
