"""A month of workshops as a grid of days: which day holds what, and walking through it by keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.domain.ids import EntityId
from app.domain.months import months_later
from app.models.queries.lists import WorkshopLine
from app.ui import labels, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.spoken import SpokenCards
from app.ui.workshops import moments

_DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip
_WEEK = 7


def month_words(day: date) -> str:
    """ "November 2026"."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def weeks_of(day: date) -> list[list[date]]:
    """The weeks, Monday first, that touch the month of a day."""
    first = day.replace(day=1)
    start = first - timedelta(days=first.weekday())
    last = months_later(first, 1) - timedelta(days=1)
    count = ((last - start).days // _WEEK) + 1
    return [[start + timedelta(days=_WEEK * week + at) for at in range(_WEEK)] for week in range(count)]


def by_day(lines: Iterable[WorkshopLine]) -> dict[date, list[WorkshopLine]]:
    """Workshops by the day they begin, in the order of the day."""
    found: dict[date, list[WorkshopLine]] = {}
    for line in sorted(lines, key=lambda one: (one.starts_at, one.title)):
        try:
            found.setdefault(date.fromisoformat(line.starts_at[:10]), []).append(line)
        except ValueError:
            continue  # without a day it has no place in a calendar
    return found


class MonthGrid(Themed, QWidget):
    """Arrow keys walk by days, page keys by months; Return opens, or begins a workshop on an empty day."""

    opened = Signal(str)
    new_wanted = Signal(str)
    """Begin a workshop on this day ("2026-11-26")."""
    moved = Signal()
    """Another month is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        base.identify(self, "workshops_month", self.tr("Kalender"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._held: Mapping[date, Sequence[WorkshopLine]] = {}
        self._day = moments.today()
        self._at = 0
        self._keyboard = False
        self._spoken = SpokenCards(self, self, name="workshops_days", accessible=self.tr("Tage"))
        self._spoken.marked.connect(self._on_marked)
        self._tell()

    # -- content ---------------------------------------------------------------------------------

    @property
    def day(self) -> date:
        """The day the keyboard stands on."""
        return self._day

    def show_lines(self, lines: Iterable[WorkshopLine]) -> None:
        """Show these workshops."""
        self._held = by_day(lines)
        self._at = min(self._at, max(0, len(self._of(self._day)) - 1))
        self._tell()
        self.update()

    def go_to(self, day: date) -> None:
        """Stand on a day, in whichever month it is."""
        other = (day.year, day.month) != (self._day.year, self._day.month)
        self._day, self._at = day, 0
        self._tell()
        self.update()
        if other:
            self.moved.emit()

    def _of(self, day: date) -> Sequence[WorkshopLine]:
        return self._held.get(day, ())

    def _tell(self) -> None:
        lines = self._of(self._day)
        told = "; ".join(_spoken(line) for line in lines) or self.tr("kein Workshop")
        here = f" ({self._at + 1}/{len(lines)})" if len(lines) > 1 else ""
        self.setAccessibleDescription(f"{moments.weekday(self._day.isoformat())}: {told}{here}")
        if self.hasFocus():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self._spoken.renew(has_focus=self.hasFocus())

    # -- day by day for the screen reader --------------------------------------------------------

    def spoken_keys(self) -> list[str]:
        """The days shown, those of the months before and after among them."""
        return [day.isoformat() for week in weeks_of(self._day) for day in week]

    def spoken_words(self, key: str) -> str:
        """A day and what it holds."""
        lines = self._of(date.fromisoformat(key))
        told = "; ".join(_spoken(line) for line in lines) or self.tr("kein Workshop")
        today = self.tr("heute, ") if key == moments.today().isoformat() else ""
        return f"{moments.weekday(key)}: {today}{told}"

    def spoken_rect(self, key: str) -> QRect:
        """Its cell."""
        day = date.fromisoformat(key)
        for week, days in enumerate(weeks_of(self._day)):
            if day in days:
                return self._cell(week, days.index(day)).toRect()
        return QRect()

    def spoken_current(self) -> str:
        """The day the keyboard stands on."""
        return self._day.isoformat()

    def spoken_marked(self) -> list[str]:
        """The same."""
        return [self._day.isoformat()]

    @Slot(object)
    def _on_marked(self, keys: object) -> None:
        assert isinstance(keys, list)
        new = [key for key in keys if key != self._day.isoformat()]
        if new:
            self.go_to(date.fromisoformat(new[0]))

    # -- geometry --------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Six weeks with room for two workshops a day."""
        return QSize(theme.px(840), theme.px(560))

    def _head(self) -> int:
        return theme.line("small") + 12

    def _margin(self) -> int:
        return theme.px(40)

    def _cell(self, week: int, at: int) -> QRectF:
        weeks = len(weeks_of(self._day))
        left, top = self._margin(), self._head()
        width, height = (self.width() - left) / _WEEK, (self.height() - top) / weeks
        x, y = left + round(at * width), top + round(week * height)
        return QRectF(x, y, left + round((at + 1) * width) - x, top + round((week + 1) * height) - y)

    def _entry(self, cell: QRectF, number: int) -> QRectF:
        height = theme.line("small") + 4
        top = cell.top() + theme.line("small") + 12 + number * (height + 2)
        return QRectF(cell.left() + 5, top, cell.width() - 9, height)

    def _room(self, cell: QRectF) -> int:
        """How many entries fit below each other."""
        return max(1, int((cell.bottom() - 3 - self._entry(cell, 0).top()) // (theme.line("small") + 6)))

    def _found(self, point: QPointF) -> tuple[date | None, EntityId]:
        """The day at a point, and the workshop if there is one under it."""
        for week, days in enumerate(weeks_of(self._day)):
            for at, day in enumerate(days):
                cell = self._cell(week, at)
                if not cell.contains(point):
                    continue
                for number, line in enumerate(self._visible(day, cell)):
                    if self._entry(cell, number).contains(point):
                        return day, line.id
                return day, ""
        return None, ""

    def _visible(self, day: date, cell: QRectF) -> Sequence[WorkshopLine]:
        lines, room = self._of(day), self._room(cell)
        first = max(0, self._at - room + 1) if day == self._day else 0
        return lines[first : first + room]

    # -- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the names of the days, the weeks, and what they hold."""
        painter = base.crisp(QPainter(self))
        muted = theme.color("muted")
        weeks = weeks_of(self._day)
        for at, name in enumerate(_DAYS):
            cell = self._cell(0, at)
            head = QRectF(cell.left() + 9, 0, cell.width() - 10, self._head())
            base.text(painter, head, name, muted, "small", theme.MEDIUM)
        for week, days in enumerate(weeks):
            cell = self._cell(week, 0)
            painter.fillRect(QRectF(0, cell.top(), self.width(), 1), theme.color("border"))
            number = QRectF(0, cell.top() + 6, self._margin() - 8, theme.line("small"))
            base.text(painter, number, str(days[0].isocalendar().week), muted, "small", right=True, tabular=True)
            for at, day in enumerate(days):
                self._paint_day(painter, self._cell(week, at), day)

    def _paint_day(self, painter: QPainter, cell: QRectF, day: date) -> None:
        painter.fillRect(QRectF(cell.left(), cell.top(), 1, cell.height()), theme.color("border"))
        here = day == self._day
        if here:
            painter.fillRect(cell.adjusted(1, 1, 0, 0), theme.color("accent_soft"))
        today, other = day == moments.today(), day.month != self._day.month
        number = QRectF(cell.left() + 9, cell.top() + 6, cell.width() - 14, theme.line("small"))
        ink = theme.color("accent" if today else "muted" if other else "text")
        words = self.tr("{0} heute").format(day.day) if today else str(day.day)
        base.text(painter, number, words, ink, "small", theme.STRONG if today else theme.MEDIUM, tabular=True)
        shown = self._visible(day, cell)
        for at, line in enumerate(shown):
            on = here and self._keyboard and self.hasFocus() and self._of(day)[self._at].id == line.id
            self._paint_entry(painter, self._entry(cell, at), line, on)
        rest = len(self._of(day)) - len(shown)
        if rest:
            base.text(painter, number, f"+{rest}", theme.color("muted"), "small", right=True, tabular=True)
        if here and self._keyboard and self.hasFocus() and not self._of(day):
            base.box(painter, cell.adjusted(2, 2, -1, -1), 4, border=theme.color("focus"), width=2)

    @staticmethod
    def _paint_entry(painter: QPainter, rect: QRectF, line: WorkshopLine, on: bool) -> None:
        base.box(painter, rect, 4, theme.color("surface"), theme.color("control_border"))
        if on:
            base.box(painter, rect.adjusted(-2, -2, 2, 2), 6, border=theme.color("focus"), width=2)
        clock = moments.parts_of(line.starts_at)[1]
        area = rect.adjusted(6, 0, -4, 0)
        if clock:
            used = base.text(painter, area, clock, theme.color("muted"), "small", tabular=True)
            area.setLeft(area.left() + used + 6)
        base.text(painter, area, line.title, theme.color("text"), "small", theme.MEDIUM)

    # -- walking ---------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, open, begin."""
        self._keyboard = True
        key, lines = event.key(), self._of(self._day)
        days = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -_WEEK, Qt.Key.Key_Down: _WEEK}
        months = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = -1 if key == Qt.Key.Key_Up else 1
            self._at = max(0, min(len(lines) - 1, self._at + step))
            self._tell()
            self.update()
        elif key in days:
            self.go_to(self._day + timedelta(days=days[Qt.Key(key)]))
        elif key in months:
            self.go_to(months_later(self._day, months[Qt.Key(key)]))
        elif key == Qt.Key.Key_Home:
            self.go_to(moments.today())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and lines:
            self.opened.emit(lines[self._at].id)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.new_wanted.emit(self._day.isoformat())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A ring for who came by the keyboard."""
        super().focusInEvent(event)
        self._keyboard = event.reason() not in (*base.QUIET_REASONS, Qt.FocusReason.OtherFocusReason)
        self._tell()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Stand on a day; a workshop under the mouse opens."""
        self._keyboard = False
        day, workshop = self._found(event.position())
        if workshop:
            self.opened.emit(workshop)
        elif day is not None:
            self.go_to(day)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Begin a workshop on an empty day."""
        day, workshop = self._found(event.position())
        if day is not None and not workshop:
            self.new_wanted.emit(day.isoformat())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand and all the words over a workshop."""
        day, workshop = self._found(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if workshop else Qt.CursorShape.ArrowCursor)
        line = next((one for one in self._of(day) if one.id == workshop), None) if day else None
        said = _spoken(line) if line else ""
        if said != self.toolTip():
            self.setToolTip(said)
            if not said:
                QToolTip.hideText()


def _spoken(line: WorkshopLine) -> str:
    clock = moments.parts_of(line.starts_at)[1]
    state = labels.value_text("workshop", "minutes_state", line.minutes_state)
    return ", ".join(part for part in (clock, line.title, line.place, f"Protokoll: {state}") if part)
