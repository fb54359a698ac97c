"""The rail at the left: the mark and one button per room, icon above word."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui import icons, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Pressable
from app.ui.widgets.words import CountBadge, Ground, Rule, Tone, paint_badge

RAIL_WIDTH = 88
_INSET = 3
#: Icon and air of a room at 100 %, from comfortable to tight.
_DENSITIES = ((22, 8), (22, 4), (18, 3), (14, 2))


class RailButton(Pressable):
    """One room: a 22-px icon, filled while the room is shown, above its word; a count at its corner."""

    def __init__(self, key: str, title: str, icon: str, parent: QWidget) -> None:
        super().__init__(title, f"rail_{key}", title, parent)
        self.key, self._icon = key, icon
        self._side, self._pad = 22, 8
        self._count: int = 0
        self._tone: Tone = "neutral"
        self.setCheckable(True)
        self.setAutoExclusive(True)  # one of several: the screen reader says so
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_badge(self, count: int, tone: Tone, words: str) -> None:
        """Show a count at the corner of the icon; `words` say what it counts."""
        self._count, self._tone = count, tone
        self.setAccessibleName(f"{self.text()}, {count} {words}".strip() if count else self.text())
        self.setToolTip(f"{count} {words}".strip() if count else "")
        self.update()

    def sizeHint(self) -> QSize:
        """56 px high."""
        return QSize(base.text_width(self.text(), "small", theme.STRONG), self._height())

    def _height(self) -> int:
        return 2 * self._pad + 2 + theme.px(self._side) + theme.line("small")

    def set_density(self, side: int, pad: int) -> None:
        """Take a smaller icon and less air where the window is low."""
        self._side, self._pad = side, pad
        self.restyle()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, icon, word and count."""
        painter = base.crisp(QPainter(self))
        on = self.isChecked()
        if on:
            base.box(painter, self.rect(), 8, theme.color("accent_soft"))
        elif self.underMouse() or self.isDown():
            base.box(painter, self.rect(), 8, theme.color(self.wash("background")))
        ink = theme.color("accent" if on else "muted")
        side = theme.px(self._side)
        icon = QRectF(round((self.width() - side) / 2), self._pad, side, side)
        filled = f"{self._icon}-fill"
        icons.paint(painter, filled if on and icons.exists(filled) else self._icon, icon, ink)
        word = QRectF(0, icon.bottom() + 2, self.width(), theme.line("small"))
        weight = theme.STRONG if on else theme.MEDIUM
        base.text(painter, word, self.text(), ink, "small", weight, center=True)
        if self._count:
            self._paint_badge(painter, icon)

    def _paint_badge(self, painter: QPainter, icon: QRectF) -> None:
        height = theme.grow(16, "small")
        words = CountBadge.words_for(self._count)
        width = max(height + 2, base.text_width(words, "small", theme.STRONG) + 12)
        left = min(icon.right() - 8, self.width() - width - 1.0)
        pill = QRectF(round(left), max(2, self._pad - 5), width, height)
        ground = theme.color("accent_soft" if self.isChecked() else "background")
        base.box(painter, pill.adjusted(-2, -2, 2, 2), (height + 4) / 2, ground)
        paint_badge(painter, pill, self._count, self._tone)


class _Mark(Themed, QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Maßwerk")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(30), theme.grow(56))

    def paintEvent(self, event: QPaintEvent) -> None:
        side = theme.px(30)
        square = base.middle(self.rect(), side, (self.width() - side) / 2)
        icons.paint_mark(base.crisp(QPainter(self)), square, theme.color("accent"))


class Rail(Ground):
    """The rooms, one of which is shown; `chosen` carries its key. Arrow keys walk, Tab leaves."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("background", parent)
        base.identify(self, "rail", self.tr("Bereiche"))
        self._group = QButtonGroup(self)
        self._buttons: dict[str, RailButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        column = QVBoxLayout()
        column.setContentsMargins(_INSET, 0, _INSET - 1, 8)
        column.setSpacing(4)
        column.addWidget(_Mark())
        column.addSpacing(4)
        self._top = QVBoxLayout()
        self._top.setSpacing(4)
        self._bottom = QVBoxLayout()
        self._bottom.setSpacing(4)
        column.addLayout(self._top)
        column.addStretch(1)
        column.addLayout(self._bottom)
        row.addLayout(column)
        row.addWidget(Rule(vertical=True))
        self._group.buttonToggled.connect(self._on_toggled)
        self.restyle()

    def restyle(self) -> None:
        """88 px wide, more where the words are larger."""
        widest = max((button.sizeHint().width() for button in self.findChildren(RailButton)), default=0)
        self.setFixedWidth(max(RAIL_WIDTH, widest + 2 * _INSET + 1))
        super().restyle()
        self._fit()

    def resizeEvent(self, event: object) -> None:
        """Choose icons and air so that every room is in sight."""
        self._fit()

    def _fit(self) -> None:
        buttons = self.findChildren(RailButton)
        fixed = theme.grow(56) + 12 + 9 * len(self.findChildren(Rule)) + 4 * len(buttons)
        for side, pad in _DENSITIES:
            for button in buttons:
                button.set_density(side, pad)
            if fixed + sum(button.sizeHint().height() for button in buttons) <= self.height():
                return

    def add(self, key: str, title: str, icon: str, *, bottom: bool = False, apart: bool = False) -> None:
        """Add a room; `apart` draws a short line above it, `bottom` puts it at the lower end."""
        button = RailButton(key, title, icon, self)
        self._buttons[key] = button
        self._group.addButton(button)
        place = self._bottom if bottom else self._top
        if apart:
            line = QHBoxLayout()
            line.setContentsMargins(16, 4, 16, 4)
            line.addWidget(Rule())
            place.addLayout(line)
        place.addWidget(button)
        self.restyle()
        self._fit()

    def set_current(self, key: str) -> None:
        """Mark a room as shown without telling anybody."""
        self._group.blockSignals(True)
        self._buttons[key].setChecked(True)
        self._group.blockSignals(False)

    def set_badge(self, key: str, count: int, tone: Tone = "neutral", words: str = "") -> None:
        """Show a count at a room; zero takes it away."""
        self._buttons[key].set_badge(count, tone, words)

    def focus_current(self) -> None:
        """Put the keyboard's focus on the room that is shown."""
        for button in self._buttons.values():
            if button.isChecked():
                button.setFocus()

    def _on_toggled(self, button: object, on: bool) -> None:
        if on and isinstance(button, RailButton):
            self.chosen.emit(button.key)
