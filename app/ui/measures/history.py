"""The history of a field as a card beside it: every version, who, where, when, whether transferred."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.change import SlotValue
from app.domain.fields import KINDS
from app.models.queries.versions import Fassung
from app.ui import theme
from app.ui.measures import names, sentences, words
from app.ui.measures.making import worded
from app.ui.measures.places import Places
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import LinkButton, Pressable
from app.ui.widgets.glyphs import Glyph, paint_glyph
from app.ui.widgets.popover import Popover
from app.ui.widgets.surfaces import ScrollPane
from app.ui.widgets.words import Label, Rule

WIDTH = 340
_MOST = 60
_RAIL = 22


def value_of(kind: str, field: str, fassung: Fassung) -> SlotValue:
    """The value of one field in a version of its slot."""
    slot = KINDS[kind].slot_of[field]
    if not slot.is_group:
        return fassung.value
    parts = fassung.value if isinstance(fassung.value, tuple) else (None,) * len(slot.fields)
    return parts[[f.name for f in slot.fields].index(field)]


def source_of(fassung: Fassung) -> str:
    """Who and where: "Katrin Brandt · Laptop Rathaus 2", or the file and its line."""
    if fassung.origin.startswith("file:"):
        name, _, line = fassung.origin.removeprefix("file:").rpartition(":")
        return f"{name} · Zeile {line}" if name else fassung.origin.removeprefix("file:")
    told = [fassung.writer.person or "Unbekannt", fassung.writer.device]
    return " · ".join(one for one in told if one)


def state_of(fassung: Fassung) -> str:
    """At the right: waiting, its receipt, or where else it came from."""
    if fassung.waiting:
        return "wartet"
    if fassung.receipt is not None:
        return f"Quittung {fassung.receipt}"
    return "Import" if fassung.origin.startswith("file:") else ""


class Entry(Pressable):
    """One version: shape, value and time above, writer and state below, a line to the next one."""

    ring_radius = 6
    ring_inside = True  # the pane they lie in has no room beside them

    def __init__(self, number: int, told: Sequence[str], glyph: Glyph | None, *, last: bool, waiting: bool) -> None:
        self._value, self._source, self._when, self._state = told
        words_all = ", ".join(one for one in told if one)
        super().__init__("", f"history_entry_{number}", words_all, None)
        self._glyph, self._last, self._waiting = glyph, last, waiting
        self.setCheckable(True)
        self.setToolTip(self._value)

    def sizeHint(self) -> QSize:
        """Two lines and their air."""
        return QSize(theme.px(WIDTH - 32), theme.line() + theme.line("small") + 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the mark with its line, then the words."""
        painter = base.crisp(QPainter(self))
        if self.isChecked() or self.underMouse():
            base.box(painter, self.rect(), 6, theme.color("accent_soft" if self.isChecked() else "surface+text:4"))
        side, line = theme.px(12), theme.line()
        top = QRectF(0, 6, self.width(), line)
        mark = base.middle(top, side, 6)
        if not self._last:
            x = mark.center().x() - 0.5
            end = self.height() - mark.bottom() - 2
            painter.fillRect(QRectF(x, mark.bottom() + 3, 1, end), theme.color("border"))
        if self._glyph is not None:
            paint_glyph(painter, self._glyph, mark)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("info" if self._waiting else "muted"))
            painter.drawEllipse(mark.center(), theme.px(3), theme.px(3))
        self._paint_words(painter, top, theme.px(_RAIL) + 6)

    def _paint_words(self, painter: QPainter, top: QRectF, left: float) -> None:
        right = self.width() - 8
        ink, muted = theme.color("text"), theme.color("muted")
        room = base.text_width(self._when, "small", tabular=True)
        area = QRectF(right - room, top.top(), room, top.height())
        base.text(painter, area, self._when, muted, "small", right=True, tabular=True)
        value = QRectF(left, top.top(), right - room - 12 - left, top.height())
        base.text(painter, value, self._value, ink, "body", theme.STRONG)
        below = top.translated(0, top.height() + 2)
        below.setHeight(theme.line("small"))
        room = base.text_width(self._state, "small", tabular=True)
        tone = theme.color("info") if self._waiting else muted
        area = QRectF(right - room, below.top(), room, below.height())
        base.text(painter, area, self._state, tone, "small", right=True, tabular=True)
        if self._waiting:
            dot = base.middle(below, 12, right - room - 15)
            paint_glyph(painter, Glyph.DOT, dot)
            room += 16
        source = QRectF(left, below.top(), right - room - 12 - left, below.height())
        base.text(painter, source, self._source, muted, "small")


class History(Themed, QWidget):
    """The body of the card. `restored` carries the version whose value is to be written again."""

    restored = Signal(object)

    def __init__(
        self, kind: str, field: str, told: Sequence[Fassung], places: Places, now: datetime, *, locked: bool
    ) -> None:
        super().__init__()
        self._kind, self._field, self._told, self._places = kind, field, list(told)[:_MOST], places
        self._locked = locked
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        pane = ScrollPane(name="history_entries", accessible=self.tr("Fassungen"))
        for number, fassung in enumerate(self._told):
            last = number == len(self._told) - 1
            entry = Entry(number, self._lines(fassung, now), self._glyph(fassung), last=last, waiting=fassung.waiting)
            self._group.addButton(entry, number)
            pane.body.addWidget(entry)
        pane.body.addStretch(1)
        if not self._told:
            pane.body.addWidget(Label(self.tr("Hier stand noch nie etwas."), "small", role="muted", wrap=True))
        shown = min(max(1, len(self._told)), 5)
        pane.setFixedHeight(shown * (theme.line() + theme.line("small") + 16) + 2)
        column.addWidget(pane)
        column.addWidget(Rule())
        self._restore = LinkButton(" ", name="history_restore")
        self._restore.clicked.connect(self._on_restore)
        foot = QHBoxLayout()
        foot.setContentsMargins(6, 0, 8, 0)
        foot.addWidget(self._restore)
        foot.addStretch(1)
        foot.addWidget(Label(self._count(), "small", role="muted", tabular=True))
        column.addLayout(foot)
        self._group.idToggled.connect(self._on_chosen)
        self._offer(self._before())

    def _count(self) -> str:
        return self.tr("1 Fassung") if len(self._told) == 1 else self.tr("{0} Fassungen").format(len(self._told))

    def _words(self, fassung: Fassung) -> str:
        return worded(self._kind, self._field, value_of(self._kind, self._field, fassung), self._places)

    def _lines(self, fassung: Fassung, now: datetime) -> tuple[str, str, str, str]:
        words_ = " ".join(self._words(fassung).split())[:300]
        return (words_, source_of(fassung), sentences.instant(fassung.at, now), state_of(fassung))

    def _glyph(self, fassung: Fassung) -> Glyph | None:
        values = KINDS[self._kind].by_name[self._field].values
        code = value_of(self._kind, self._field, fassung)
        if values is None:
            return None
        return words.glyph(values, code or ("grey" if self._field == "traffic_light" else code))

    def _before(self) -> int:
        """The latest version that says something else than what is shown now."""
        shown = next((f for f in self._told if f.shown), self._told[0] if self._told else None)
        for number, fassung in enumerate(self._told):
            if shown is not None and fassung.value != shown.value:
                return number
        return -1

    def _on_chosen(self, number: int, on: bool) -> None:
        if on:
            self._offer(number)

    def _offer(self, number: int) -> None:
        self._number = number
        there = number >= 0 and not self._locked and not self._told[number].shown
        self._restore.setVisible(there)
        if there:
            told = " ".join(self._words(self._told[number]).split())
            told = told if len(told) <= 24 else f"{told[:23].rstrip()}…"
            self._restore.setText(self.tr("„{0}“ wiederherstellen").format(told))
            self._restore.setAccessibleName(self._restore.text())
            self._restore.updateGeometry()

    def _on_restore(self) -> None:
        self.restored.emit(self._told[self._number])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys walk through the versions."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        inside = self.focusWidget()
        if step is None or not isinstance(inside, Entry):
            super().keyPressEvent(event)
            return
        beside = self._group.id(inside) + step
        for entry in self._group.buttons():
            if self._group.id(entry) == beside:
                entry.setFocus(Qt.FocusReason.OtherFocusReason)


def open_history(anchor: QWidget, kind: str, field: str, body: History) -> Popover:
    """Show the card left of the row it tells about."""
    title = f"Verlauf: {names.spoken(kind, field)}"
    card = Popover(anchor.window(), name="history", accessible=title, title=title, padding=16)
    card.set_body(body)
    card.open_at(anchor, "left", width=theme.px(WIDTH))
    return card
