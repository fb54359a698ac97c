"""The rows of Heute: each one is a button that leads to what it tells; a task can also be ticked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.domain.catalogue import MeasureStatus
from app.models.queries.merged import Proposed
from app.models.queries.news import NewsLine
from app.models.queries.today import Meeting, Stale, TaskLine
from app.ui import icons, labels, theme
from app.ui.measures import words as shapes
from app.ui.theme import Themed
from app.ui.today import words
from app.ui.widgets import base
from app.ui.widgets.buttons import Pressable
from app.ui.widgets.glyphs import Glyph, paint_glyph
from app.ui.widgets.toggles import CheckBox
from app.ui.widgets.words import Avatar

_EDGE = 16
_WIDE = 560
"""From this width (at 100 %) a row has a column in its middle; below, its words move under the title."""


class Entry(Pressable):
    """One line that leads somewhere; up and down walk from row to row."""

    ring_radius = 6
    ring_inside = True
    stepped = Signal(int)

    def __init__(self, name: str, sentence: str, kind: str, record: str) -> None:
        super().__init__("", name, sentence, None)
        self.setToolTip(sentence)
        self.kind, self.record = kind, record
        self.is_last = False
        self.indent = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def is_wide(self) -> bool:
        """Whether there is room for a column in the middle."""
        return self.width() >= theme.px(_WIDE)

    def lines(self) -> int:
        """How many lines of text the row has at this width."""
        return 1 if self.is_wide() else 2

    def sizeHint(self) -> QSize:
        """The lines on their heights, as wide as the place."""
        if self.lines() == 1:
            return QSize(theme.px(200), theme.grow(36))
        return QSize(theme.px(200), theme.grow(48) + theme.line("small") - 16)

    def minimumSizeHint(self) -> QSize:
        """May be narrow; nothing is cut in height."""
        return QSize(theme.px(120), self.sizeHint().height())

    def resizeEvent(self, event: object) -> None:
        """Another width may need another height."""
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down walk, Return opens."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
            return
        super().keyPressEvent(event)

    def _begin(self) -> tuple[QPainter, QRectF]:
        """Painter and the area of the text, with the ground under the mouse and the hairline painted."""
        painter = base.crisp(QPainter(self))
        rect = self.rect()
        if self.underMouse() or self.isDown():
            base.box(painter, QRectF(rect).adjusted(3, 2, -3, -2), 6, theme.color("surface+text:5"))
        area = QRectF(rect).adjusted(_EDGE - self.indent, 0, -_EDGE, 0)
        if not self.is_last:
            left = round(area.left()) + self._hairline_indent()
            painter.fillRect(left, rect.bottom(), rect.width() - left, 1, theme.color("border"))
        return painter, area

    def _hairline_indent(self) -> int:
        return 0

    def _paint_two(self, painter: QPainter, area: QRectF, title: str, detail: str) -> None:
        """A title and a muted line below it, as one block in the middle of the height."""
        body, small = theme.line(), theme.line("small")
        top = round(area.center().y() - (body + small) / 2)
        first = QRectF(area.left(), top, area.width(), body)
        base.text(painter, first, title, theme.color("text"), "body", theme.MEDIUM)
        second = QRectF(area.left(), top + body, area.width(), small)
        base.text(painter, second, detail, theme.color("muted"), "small", tabular=True)


def _thirds(area: QRectF, share: float, right: float) -> tuple[QRectF, QRectF]:
    """(title, middle column) of an area whose right `right` pixels are taken."""
    room = area.width() - right - 16
    first = QRectF(area.left(), area.top(), room * share - 12, area.height())
    return first, QRectF(area.left() + room * share, area.top(), room * (1 - share), area.height())


class _TaskButton(Entry):
    ticked = Signal()

    def __init__(self, task: TaskLine, today: date) -> None:
        super().__init__(f"task_{task.id}", words.task_sentence(task, today), task.root_kind, task.root_id)
        self._task, self._today = task, today
        self.indent = 8
        if task.may_edit:
            self.setAccessibleDescription(self.tr("Leertaste: als erledigt abhaken, Eingabe: öffnen"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks the task off."""
        if event.key() == Qt.Key.Key_Space and self._task.may_edit:
            self.ticked.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the row."""
        painter, area = self._begin()
        told, glyph, role = words.deadline(self._task, self._today)
        right = base.text(painter, area, told, theme.color(role), "small", right=True, tabular=True)
        if glyph is not None:
            side = theme.px(12)
            paint_glyph(painter, glyph, base.middle(area, side, area.right() - right - side - 8))
            right += side + 8
        if not self.is_wide():
            self._paint_two(painter, area.adjusted(0, 0, -right - 12, 0), self._task.title, self._task.root_title)
            return
        first, middle = _thirds(area, 0.64, max(right, theme.px(178)))
        base.text(painter, first, self._task.title, theme.color("text"), "body", theme.MEDIUM)
        base.text(painter, middle, self._task.root_title, theme.color("muted"), "small")


class TaskRow(Themed, QWidget):
    """A task with its box: ticking it is one change, and the toast has the way back."""

    finished = Signal(str)

    def __init__(self, task: TaskLine, today: date) -> None:
        super().__init__()
        self.task = task
        self.button = _TaskButton(task, today)
        self.check = CheckBox("", name=f"tick_{task.id}", accessible=self.tr("Erledigt: {0}").format(task.title))
        # The row itself takes Space, so that a list of tasks has one stop per task.
        self.check.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.check.setEnabled(task.may_edit)
        if not task.may_edit:
            self.check.setToolTip(self.tr("Nur zum Lesen"))
        line = QHBoxLayout(self)
        line.setContentsMargins(_EDGE, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self.check)
        line.addWidget(self.button, 1)
        self.check.toggled.connect(self._on_ticked)
        self.button.ticked.connect(self.check.toggle)

    def _on_ticked(self, on: bool) -> None:
        if on:
            self.finished.emit(self.task.id)


class NewsRow(Entry):
    """What somebody else changed: who, which field, the old value struck through, the new one, when."""

    def __init__(self, line: NewsLine, place: Callable[[str], str], now: datetime) -> None:
        sentence = words.news_sentence(line, place, now)
        slot = line.field or line.deed
        super().__init__(f"news_{line.id}_{slot}", sentence, line.root_kind, line.root_id)
        self._title, self._who = words.news_title(line), words.news_who(line, place)
        self._field, self._when = words.news_field(line), words.when(line.at, now)
        self._before, self._after = words.news_values(line, place)
        self._glyph = words.news_glyph(line)
        self._initials = Avatar.initials_of(line.person)

    def lines(self) -> int:
        """A third line where the values move below."""
        return 2 if self.is_wide() else 3

    def sizeHint(self) -> QSize:
        """The lines on their heights, as wide as the place."""
        small = self.lines() - 1
        return QSize(theme.px(200), 48 + 16 * (small - 1) + theme.line() - 20 + small * (theme.line("small") - 16))

    def _hairline_indent(self) -> int:
        return theme.px(28) + 12 - 4

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the row."""
        painter, area = self._begin()
        side = theme.px(28)
        circle = base.middle(area, side, area.left() - 4)
        base.box(painter, circle, side / 2, theme.color("info_soft"))
        base.text(painter, circle, self._initials, theme.color("info"), "small", theme.STRONG, center=True)
        area.setLeft(circle.right() + 12)
        if self.is_wide():
            stamp = base.text_width(self._when, "small", tabular=True)
            base.text(painter, area, self._when, theme.color("muted"), "small", right=True, tabular=True)
            first, rest = _thirds(area, 0.33, max(stamp, theme.px(72)))
            self._paint_two(painter, first, self._title, self._who)
            field = QRectF(rest.left(), rest.top(), rest.width() * 0.34 - 12, rest.height())
            base.text(painter, field, self._field, theme.color("muted"), "small")
            self._paint_values(painter, rest.adjusted(rest.width() * 0.34, 0, 0, 0))
            return
        small = theme.line("small")
        top = round(area.center().y() - (theme.line() + 2 * small) / 2)
        block = QRectF(area.left(), top, area.width(), theme.line() + small)
        self._paint_two(painter, block, self._title, f"{self._who} · {self._when}")
        below = QRectF(area.left(), block.bottom(), area.width(), small)
        used = base.text(painter, below, f"{self._field}: " if self._field else "", theme.color("muted"), "small")
        self._paint_values(painter, below.adjusted(used + 4, 0, 0, 0), "small")

    def _paint_values(self, painter: QPainter, area: QRectF, size: theme.Size = "body") -> None:
        left, ink = area.left(), theme.color("muted")
        if self._before:
            # The new value is what counts: the old one gives way first.
            after = base.text_width(self._after, size, theme.MEDIUM) + theme.px(40)
            room = max(area.width() * 0.34, area.width() - after)
            cell = QRectF(left, area.top(), room, area.height())
            width = base.text(painter, cell, self._before, ink, size)
            strike = base.baseline(area, size) - round(theme.metrics(size).xHeight() / 2)
            painter.fillRect(QRectF(left, strike, width, 1), ink)
            left += width + 8
            side = theme.px(14)
            icons.paint(painter, "arrow-right", base.middle(area, side, left), ink)
            left += side + 8
        if self._glyph is not None:
            side = theme.px(12)
            paint_glyph(painter, self._glyph, base.middle(area, side, left))
            left += side + 6
        rest = QRectF(left, area.top(), area.right() - left, area.height())
        base.text(painter, rest, self._after, theme.color("text"), size, theme.MEDIUM)


class StaleRow(Entry):
    """A measure nobody has touched for long: title, status, for how many days."""

    def __init__(self, measure: Stale, days: int) -> None:
        self._title = measure.title
        self._status = shapes.full(MeasureStatus, measure.status) or labels.NONE
        self._glyph = shapes.glyph(MeasureStatus, measure.status)
        self._days = labels.count(days, "Tag", "Tage")
        sentence = f"{self._title}, {self._status}, seit {labels.count(days, 'Tag', 'Tagen')} nicht angefasst"
        super().__init__(f"stale_{measure.id}", sentence, "measure", measure.id)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the row."""
        painter, area = self._begin()
        right = base.text(painter, area, self._days, theme.color("muted"), "small", right=True, tabular=True)
        if not self.is_wide():
            self._paint_two(painter, area.adjusted(0, 0, -right - 12, 0), self._title, self._status)
            return
        first, middle = _thirds(area, 0.6, max(right, theme.px(72)))
        base.text(painter, first, self._title, theme.color("text"), "body", theme.MEDIUM)
        if self._glyph is not None:
            side = theme.px(12)
            paint_glyph(painter, Glyph(self._glyph), base.middle(middle, side, middle.left()))
            middle.setLeft(middle.left() + side + 6)
        base.text(painter, middle, self._status, theme.color("muted"), "small")


class ProposalRow(Entry):
    """A measure of this municipality that the agency would make one with another's."""

    def __init__(self, asked: Proposed, place: Callable[[str], str]) -> None:
        self._title = asked.title
        self._detail = f"dasselbe wie „{asked.other_title}“ ({place(asked.other_ags)})?"
        sentence = f"{asked.title}: {self._detail}"
        super().__init__(f"proposal_{asked.id}", sentence, "measure", asked.id)

    def lines(self) -> int:
        """Two, however wide."""
        return 2

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the row."""
        painter, area = self._begin()
        self._paint_two(painter, area, self._title, self._detail)


class MeetingRow(Entry):
    """A workshop ahead: a leaf of the calendar, title, place and time, how many people."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(f"meeting_{meeting.id}", words.meeting_sentence(meeting), "workshop", meeting.id)
        self._day, self._month = words.meeting_day(meeting)
        self._title = meeting.title
        self._place, self._times = words.meeting_place(meeting), words.meeting_times(meeting)
        self._expected = words.expected(meeting)
        self.is_last = True
        self.indent = _EDGE

    def sizeHint(self) -> QSize:
        """The lines on their heights, as wide as the place."""
        return QSize(theme.px(200), self._leaf_height() + 12)

    @staticmethod
    def _leaf_height() -> int:
        return 52 + theme.line() - 20 + theme.line("small") - 16

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the row."""
        painter, area = self._begin()
        area.setRight(self.width() - 4)
        leaf = QRectF(area.left(), 6, theme.px(48), self._leaf_height())
        base.box(painter, leaf, 8, theme.color("background"), theme.color("border"))
        body, small = theme.line(), theme.line("small")
        top = round(leaf.center().y() - (body + small) / 2)
        number = QRectF(leaf.left(), top, leaf.width(), body)
        base.text(painter, number, self._day, theme.color("text"), "title", theme.STRONG, center=True)
        month = QRectF(leaf.left(), top + body, leaf.width(), small)
        base.text(painter, month, self._month, theme.color("muted"), "small", theme.MEDIUM, center=True)
        words_area = area.adjusted(leaf.width() + 16, 0, 0, 0)
        second = QRectF(words_area.left(), top + body, words_area.width(), small)
        used = base.text(painter, second, self._expected, theme.color("muted"), "small", right=True, tabular=True)
        first = QRectF(words_area.left(), top, words_area.width(), body)
        base.text(painter, first, self._title, theme.color("text"), "body", theme.MEDIUM)
        second.setRight(second.right() - used - 12)
        self._paint_detail(painter, second)

    def _paint_detail(self, painter: QPainter, area: QRectF) -> None:
        """Place and time; a long place gives way, the time never does."""
        times = f", {self._times}" if self._place and self._times else self._times
        place = QRectF(area)
        place.setRight(area.right() - base.text_width(times, "small", tabular=True))
        used = base.text(painter, place, self._place, theme.color("muted"), "small", tabular=True)
        base.text(painter, area.adjusted(used, 0, 0, 0), times, theme.color("muted"), "small", tabular=True)
