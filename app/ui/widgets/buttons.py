"""Things to press: buttons with words, links, icons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.ui import icons, theme
from app.ui.widgets import base

ButtonKind = Literal["primary", "secondary", "tertiary", "danger"]


class Pressable(base.Ringed, QPushButton):
    """A push button we paint ourselves; Return presses it as well as Space."""

    def __init__(self, words: str, name: str, accessible: str, parent: QWidget | None) -> None:
        super().__init__(words, parent)
        base.identify(self, name, accessible)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Return press the button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def wash(self, ground: str) -> str:
        """The ground, a little darker under the mouse and more so while pressed."""
        if not self.isEnabled():
            return ground
        return f"{ground}+text:10" if self.isDown() else f"{ground}+text:5" if self.underMouse() else ground


class Button(Pressable):
    """A button with text, perhaps an icon before it and its shortcut in small type behind it.

    `shortcut` is registered and shown; `hint` is only shown, for keys that somebody else listens to.
    """

    def __init__(
        self,
        words: str,
        *,
        name: str,
        kind: ButtonKind = "secondary",
        icon: str | None = None,
        shortcut: str | None = None,
        hint: str | None = None,
        accessible: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, name, accessible or words, parent)
        self._kind, self._icon, self._narrow = kind, icon, 0
        self._keys = base.key_text(shortcut or hint or "")
        if shortcut:
            self.setShortcut(QKeySequence(shortcut))
        if kind == "tertiary":
            self.ring_radius = 4

    @property
    def _weight(self) -> int:
        return theme.STRONG if self._kind == "primary" else theme.MEDIUM

    def sizeHint(self) -> QSize:
        """32 px high; 12 px of air on either side."""
        return QSize(self.width_at(self._narrow), theme.grow(32))

    def width_at(self, narrow: int) -> int:
        """How wide it is when so much has been left out (`set_narrow`)."""
        width = self._padding() * 2
        if self._icon:
            width += theme.px(16)
        if self._says(narrow):
            width += base.text_width(self.text(), "body", self._weight) + (8 if self._icon else 0)
        if self._keys and not narrow:
            width += base.text_width(self._keys, "small", theme.MEDIUM) + 10
        return width

    def set_narrow(self, narrow: int) -> None:
        """0: all of it; 1: without its shortcut; 2: only the icon where there is one, and the words as tooltip.

        The reader hears the whole name always.
        """
        if narrow != self._narrow:
            self._narrow = narrow
            self.setToolTip("" if self._says(narrow) else self.text())
            self.updateGeometry()
            self.update()

    def _says(self, narrow: int) -> bool:
        return narrow < 2 or not self._icon or self._kind == "primary"

    def minimumSizeHint(self) -> QSize:
        """Buttons are never cut."""
        return self.sizeHint()

    def _padding(self) -> int:
        return 4 if self._kind == "tertiary" else 12

    def _colors(self) -> tuple[QColor | None, QColor | None, QColor]:
        """Fill, border and ink of the present state."""
        if not self.isEnabled():
            flat = self._kind == "tertiary"
            return None if flat else theme.color("fill"), None, theme.color("muted")
        if self._kind == "primary":
            tint = self.wash("accent").replace("+text:", "+background:")
            return theme.color(tint), None, theme.color("accent_text")
        if self._kind == "tertiary":
            hover = self.underMouse() or self.isDown()
            return theme.color("accent_soft") if hover else None, None, theme.color("accent")
        ink = "danger" if self._kind == "danger" else "text"
        return theme.color(self.wash("surface")), theme.color("control_border"), theme.color(ink)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box and, centred in it, icon, text and keys."""
        painter = base.crisp(QPainter(self))
        fill, border, ink = self._colors()
        base.box(painter, self.rect(), 6, fill, border)
        natural = self.sizeHint().width() - 2 * self._padding()
        left = self._padding() + max(0, (self.width() - 2 * self._padding() - natural) // 2)
        if self._icon:
            side = theme.px(16)
            icons.paint(painter, self._icon, base.middle(self.rect(), side, left), ink)
            left += side + 8
        if not self._says(self._narrow):
            return
        area = QRectF(left, 0, self.width() - left - 4, self.height())
        width = base.text(painter, area, self.text(), ink, "body", self._weight)
        if self._keys and not self._narrow:
            area.setLeft(left + width + 10)
            muted = ink if self._kind == "primary" else theme.color("muted")
            base.text(painter, area, self._keys, muted, "small", theme.MEDIUM)


def fit_buttons(buttons: Sequence[Button], room: int) -> None:
    """Leave out of a row of buttons what does not fit into so many pixels: first shortcuts, then words with an icon."""
    shown = [button for button in buttons if not button.isHidden()]
    gaps = 8 * len(shown)
    narrow = next((n for n in (0, 1) if sum(b.width_at(n) for b in shown) + gaps <= room), 2)
    for button in buttons:
        button.set_narrow(narrow)


class LinkButton(Pressable):
    """Accent text that leads somewhere; underlined under the mouse."""

    ring_radius = 3

    def __init__(
        self,
        words: str,
        *,
        name: str,
        accessible: str | None = None,
        small: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, name, accessible or words, parent)
        self._size: theme.Size = "small" if small else "body"

    def sizeHint(self) -> QSize:
        """The text on its line, and a little more to hit."""
        return QSize(base.text_width(self.text(), self._size, theme.MEDIUM), theme.line(self._size) + 4)

    def minimumSizeHint(self) -> QSize:
        """May be cut, with the whole text in the tooltip."""
        return QSize(min(self.sizeHint().width(), theme.px(48)), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text."""
        painter = base.crisp(QPainter(self))
        ink = theme.color("accent" if self.isEnabled() else "muted")
        width = base.text(painter, self.rect(), self.text(), ink, self._size, theme.MEDIUM)
        if self.underMouse() and self.isEnabled():
            under = base.baseline(self.rect(), self._size) + 2
            painter.fillRect(QRectF(0, under, width, 1), ink)


class IconButton(Pressable):
    """An icon to press, 28 x 28; its name is the tooltip and what the screen reader says."""

    def __init__(
        self,
        icon: str,
        *,
        name: str,
        accessible: str,
        side: int = 28,
        boxed: bool = False,
        role: str = "muted",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", name, accessible, parent)
        self.glyph, self._side, self._boxed, self._role = icon, side, boxed, role
        self.icon_side = 16
        self.setToolTip(accessible)

    def set_meaning(self, accessible: str, icon: str | None = None) -> None:
        """Name what pressing does now, such as "Ampel rückgängig machen"."""
        self.setAccessibleName(accessible)
        self.setToolTip(accessible)
        self.glyph = icon or self.glyph
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        side = theme.grow(self._side, "small")
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon, on a soft ground under the mouse."""
        painter = base.crisp(QPainter(self))
        if self._boxed:
            border = theme.color("control_border" if self.isEnabled() else "border")
            base.box(painter, self.rect(), 6, theme.color(self.wash("surface")), border)
        elif self.isEnabled() and (self.underMouse() or self.isDown() or self.isChecked()):
            base.box(painter, self.rect(), 6, theme.color(self.wash("sunken")))
        side = theme.px(self.icon_side)
        role = self._role if self.isEnabled() else "background+muted:45"
        if self._role == "muted" and self.underMouse() and self.isEnabled():
            role = "text"
        ink = theme.color(role)
        icons.paint(painter, self.glyph, base.middle(self.rect(), side, (self.width() - side) / 2), ink)
