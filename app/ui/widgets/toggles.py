"""Things to count and to tick: stepper, check box, radio button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from app.ui import icons, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import IconButton


class Stepper(Themed, QWidget):
    """A count between a minus and a plus of 24 x 24; plus and minus keys work on either button."""

    changed = Signal(int)

    def __init__(
        self,
        *,
        name: str,
        accessible: str,
        value: int = 0,
        minimum: int = 0,
        maximum: int = 9999,
        step: int = 1,
        show: Callable[[int], str] = str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        base.identify(self, name, accessible)
        self._value, self._minimum, self._maximum = value, minimum, maximum
        self._by, self._show = step, show
        less, more = self.tr("{0}: weniger"), self.tr("{0}: mehr")
        self._less = _StepButton("minus", f"{name}_less", less.format(accessible), self)
        self._more = _StepButton("plus", f"{name}_more", more.format(accessible), self)
        self._less.clicked.connect(self._on_less)
        self._more.clicked.connect(self._on_more)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._less)
        layout.addStretch(1)
        layout.addWidget(self._more)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_value(value)

    def value(self) -> int:
        """The count."""
        return self._value

    def set_value(self, value: int) -> None:
        """Show another count without telling anybody."""
        self._value = max(self._minimum, min(self._maximum, value))
        self._less.setEnabled(self._value > self._minimum)
        self._more.setEnabled(self._value < self._maximum)
        self.setAccessibleDescription(self._show(self._value))
        self.restyle()

    def _step(self, by: int) -> None:
        before = self._value
        self.set_value(before + by)
        if self._value != before:
            self.changed.emit(self._value)

    def _on_less(self) -> None:
        self._step(-self._by)

    def _on_more(self) -> None:
        self._step(self._by)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus and minus count, whichever of the two buttons has the focus."""
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Up):
            self._step(self._by)
        elif event.key() in (Qt.Key.Key_Minus, Qt.Key.Key_Down):
            self._step(-self._by)
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Both buttons and room for the number between them."""
        side = theme.grow(24, "small")
        width = max(theme.px(32), base.text_width(self._show(self._value), "body", theme.STRONG, tabular=True) + 12)
        return QSize(2 * side + width, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the number."""
        painter = base.crisp(QPainter(self))
        words, ink = self._show(self._value), theme.color("text")
        base.text(painter, self.rect(), words, ink, "body", theme.STRONG, center=True, tabular=True)


class _StepButton(IconButton):
    def __init__(self, icon: str, name: str, accessible: str, parent: QWidget) -> None:
        super().__init__(icon, name=name, accessible=accessible, side=24, parent=parent)
        self.setAutoRepeat(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A soft square without a border."""
        painter = base.crisp(QPainter(self))
        base.box(painter, self.rect(), 5, theme.color(self.wash("fill")))
        side = theme.px(14)
        ink = theme.color("text" if self.isEnabled() else "fill+muted:45")
        icons.paint(painter, self.glyph, base.middle(self.rect(), side, (self.width() - side) / 2), ink)


def _paint_tick(painter: QPainter, square: QRectF, ink: QColor) -> None:
    unit = square.width() / 16
    pen = QPen(ink, 1.8 * unit, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    points = [(4.2, 8.2), (7.0, 11.0), (11.8, 5.4)]
    corner = square.topLeft()
    painter.drawPolyline(QPolygonF([corner + QPointF(x * unit, y * unit) for x, y in points]))


def paint_check(painter: QPainter, square: QRectF, state: Qt.CheckState, *, enabled: bool = True) -> None:
    """Paint a check box, also for lists."""
    on = state is not Qt.CheckState.Unchecked
    fill = theme.color("accent" if on and enabled else "surface" if enabled else "sunken")
    border = None if on and enabled else theme.color("control_border" if enabled else "border")
    base.box(painter, square, 4, fill, border)
    if not on:
        return
    ink = theme.color("accent_text" if enabled else "muted")
    if state is Qt.CheckState.PartiallyChecked:
        painter.fillRect(square.adjusted(4, square.height() / 2 - 1, -4, 1 - square.height() / 2), ink)
    else:
        _paint_tick(painter, square, ink)


class CheckBox(base.Ringed, QCheckBox):
    """A check box with its words."""

    ring_radius = 4

    def __init__(self, words: str, *, name: str, accessible: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        base.identify(self, name, accessible or words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The square and the words on a 24-px line."""
        words = base.text_width(self.text()) + 8 if self.text() else 0
        return QSize(theme.px(16) + words, theme.grow(24))

    def minimumSizeHint(self) -> QSize:
        """Room for the square and a few letters."""
        return QSize(min(self.sizeHint().width(), theme.px(80)), self.sizeHint().height())

    def hitButton(self, pos: object) -> bool:
        """Square and words count, everywhere."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint square and words."""
        painter = base.crisp(QPainter(self))
        side = theme.px(16)
        paint_check(painter, base.middle(self.rect(), side, 0), self.checkState(), enabled=self.isEnabled())
        area = QRect(side + 8, 0, self.width() - side - 8, self.height())
        if self.text():
            base.text(painter, area, self.text(), theme.color("text" if self.isEnabled() else "muted"))


class RadioButton(base.Ringed, QRadioButton):
    """One of several choices with its words, and perhaps a second, muted line."""

    ring_radius = 6

    def __init__(self, words: str, *, name: str, detail: str = "", parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        base.identify(self, name, words)
        self.setAccessibleDescription(detail)
        self._detail = detail
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One or two lines."""
        width = max(base.text_width(self.text()), base.text_width(self._detail, "small"))
        height = theme.grow(24) + (theme.line("small") if self._detail else 0)
        return QSize(theme.px(16) + 8 + width, height)

    def hitButton(self, pos: object) -> bool:
        """Circle and words count, everywhere."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint circle and words."""
        painter = base.crisp(QPainter(self))
        side, first = theme.px(16), QRect(0, 0, self.width(), theme.grow(24))
        circle = base.middle(first, side, 0)
        border = theme.color("accent" if self.isChecked() else "control_border")
        base.box(painter, circle, side / 2, theme.color("surface"), border, 5 if self.isChecked() else 1)
        left = side + 8
        base.text(painter, first.adjusted(left, 0, 0, 0), self.text(), theme.color("text"))
        if self._detail:
            second = QRect(left, first.height() - 2, self.width() - left, theme.line("small"))
            base.text(painter, second, self._detail, theme.color("muted"), "small")
