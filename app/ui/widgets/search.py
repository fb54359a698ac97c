"""The search line: tells what is typed after a pause, and lets the keys walk a list below it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.ui import icons, theme
from app.ui.widgets import base
from app.ui.widgets.inputs import LineEdit


class SearchField(LineEdit):
    """A line with a magnifying glass before it and its key behind it; Esc empties it.

    `searched` comes `delay_ms` after the last key; `submitted` at Return; `moved` for arrow keys, so that a list
    below can be walked without leaving the field; `given_up` at Esc in the empty field.
    """

    given_up = Signal()
    searched = Signal(str)
    submitted = Signal(str)
    moved = Signal(int)

    def __init__(
        self,
        *,
        name: str,
        accessible: str,
        placeholder: str = "",
        shortcut: str = "",
        delay_ms: int = 150,
        parent: QWidget | None = None,
    ) -> None:
        """With a delay of 0 every key is told, as soon as those already pressed have been taken in."""
        self._delay_ms = delay_ms
        self._keys = base.key_text(shortcut) if shortcut else ""
        self._timer_id = 0
        super().__init__(name=name, accessible=accessible, placeholder=placeholder, parent=parent)
        self.textChanged.connect(self._on_text)

    def restyle(self) -> None:
        """Leave room for glass and key cap."""
        super().restyle()
        keys = self._cap().width() + 12 if self._keys else 8
        self.setTextMargins(12 + theme.px(16) + 6, 0, keys, 2)
        self.setFixedHeight(theme.grow(36))

    def _cap(self) -> QRect:
        width = base.text_width(self._keys, "small", theme.MEDIUM) + 12
        height = theme.grow(20, "small")
        return QRect(self.width() - width - 8, (self.height() - height) // 2, width, height)

    def _on_text(self) -> None:
        if self._timer_id:
            self.killTimer(self._timer_id)
        self._timer_id = self.startTimer(self._delay_ms)

    def timerEvent(self, event: object) -> None:
        """Tell the words once the person pauses."""
        self._flush()

    def _flush(self) -> None:
        if self._timer_id:
            self.killTimer(self._timer_id)
            self._timer_id = 0
            self.searched.emit(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return submits, Esc empties, arrow keys walk the list below."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._flush()
            self.submitted.emit(self.text())
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._flush()
        elif key == Qt.Key.Key_Escape:
            self.given_up.emit()
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the key cap at the right."""
        super().resizeEvent(event)
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Room for a short word."""
        return QSize(theme.px(160), theme.grow(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field, the glass and, while it is empty, the key cap."""
        super().paintEvent(event)
        painter = base.crisp(QPainter(self))
        glass = base.middle(self.rect(), theme.px(16), 12)
        icons.paint(painter, "magnifying-glass", glass, theme.color("muted"))
        if self._keys and not self.text():
            cap = self._cap()
            base.box(painter, cap, 4, theme.color("surface"), theme.color("border+control_border:30"))
            ink = theme.color("muted")
            base.text(painter, cap, self._keys, ink, "small", theme.MEDIUM, center=True)
