"""Chips: short facts in a pill, filters with a remove button, and pills to press."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolTip, QWidget

from app.ui import icons, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Pressable
from app.ui.widgets.glyphs import Glyph, paint_glyph
from app.ui.widgets.words import Tone

ChipKind = Literal["status", "outline", "soft"]
_PAD = 10


def chip_height() -> int:
    """24 px, grown with its text."""
    return theme.grow(24, "small")


def chip_width(words: str, mark: bool = False) -> int:
    """The width of a chip with these words, with or without a glyph before them."""
    side = theme.px(12) + 6 if mark else 0
    return base.text_width(words, "small") + side + 2 * _PAD - (2 if mark else 0)


def paint_chip(
    painter: QPainter,
    rect: QRectF,
    words: str,
    kind: ChipKind = "status",
    *,
    glyph: Glyph | None = None,
    icon: str | None = None,
    tone: Tone = "neutral",
    raised: bool = False,
) -> None:
    """Paint a chip into `rect`; `raised` puts it on `surface`, for chips in a selected row."""
    plain = tone in ("neutral", "muted")
    if kind == "outline":
        fill = theme.color("surface") if raised else None
        base.box(painter, rect, rect.height() / 2, fill, theme.color("border+control_border:25"))
    else:
        ground = "surface" if raised and plain else "fill" if plain else f"{tone}_soft"
        base.box(painter, rect, rect.height() / 2, theme.color(ground))
    ink = theme.color("muted" if tone == "muted" else "text" if plain else tone)
    left, side = rect.left() + _PAD, theme.px(12)
    if glyph is not None:
        left -= 2
        paint_glyph(painter, glyph, base.middle(rect, side, left))
        left += side + 6
    elif icon is not None:
        left -= 2
        icons.paint(painter, icon, base.middle(rect, side, left), theme.color("muted") if plain else ink)
        left += side + 6
    area = QRectF(left, rect.top(), rect.right() - _PAD + 2 - left, rect.height())
    base.text(painter, area, words, ink, "small", theme.MEDIUM if not plain else theme.REGULAR)


class Chip(Themed, QWidget):
    """A short fact: `status` is glyph and word on soft ground, `outline` is for kinds, `soft` has a tone."""

    def __init__(
        self,
        words: str,
        kind: ChipKind = "status",
        *,
        glyph: Glyph | None = None,
        icon: str | None = None,
        tone: Tone = "neutral",
        full: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind, self._glyph, self._icon, self._tone = kind, glyph, icon, tone
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_words(words, full=full)

    def set_words(self, words: str, glyph: Glyph | None = None, *, full: str = "") -> None:
        """Show another fact; `full` is the long form for tooltip and screen reader."""
        self._words, self._glyph = words, glyph or self._glyph
        self.setAccessibleName(full or words)
        self.setToolTip(full)
        self.restyle()

    def sizeHint(self) -> QSize:
        """Glyph and words."""
        return QSize(chip_width(self._words, bool(self._glyph or self._icon)), chip_height())

    def minimumSizeHint(self) -> QSize:
        """May be cut at the right."""
        return QSize(min(self.sizeHint().width(), theme.px(48)), chip_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chip."""
        paint_chip(
            base.crisp(QPainter(self)),
            QRectF(self.rect()),
            self._words,
            self._kind,
            glyph=self._glyph,
            icon=self._icon,
            tone=self._tone,
        )


class ChipButton(Pressable):
    """A pill to press: "+ Filter", or one of several choices with its count when `checkable`."""

    def __init__(
        self,
        words: str,
        *,
        name: str,
        icon: str | None = None,
        count: int | None = None,
        checkable: bool = False,
        accessible: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, name, accessible or words, parent)
        self._icon, self._count = icon, count
        self.setCheckable(checkable)
        self.ring_radius = 14

    def set_count(self, count: int | None) -> None:
        """Show another count."""
        self._count = count
        self.setAccessibleDescription("" if count is None else str(count))
        self.restyle()

    def sizeHint(self) -> QSize:
        """Icon, words and count; a choice is 28 px high, a mere button as high as the chips beside it."""
        width = base.text_width(self.text(), "small", theme.STRONG) + 2 * _PAD
        if self._icon:
            width += theme.px(12) + 6
        if self._count is not None:
            width += base.text_width(str(self._count), "small", tabular=True) + 8
        return QSize(width, theme.grow(28 if self.isCheckable() else 24, "small"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pill; filled while it is on."""
        painter = base.crisp(QPainter(self))
        on = self.isChecked()
        fill = theme.color("accent_soft" if on else self.wash("surface"))
        base.box(painter, self.rect(), self.height() / 2, fill, None if on else theme.color("control_border"))
        left = float(_PAD)
        if self._icon:
            side = theme.px(12)
            icons.paint(painter, self._icon, base.middle(self.rect(), side, left), theme.color("muted"))
            left += side + 6
        area = QRectF(left, 0, self.width() - left - _PAD, self.height())
        ink = theme.color("accent" if on else "text")
        width = base.text(painter, area, self.text(), ink, "small", theme.STRONG if on else theme.MEDIUM)
        if self._count is not None:
            area.setLeft(left + width + 8)
            count = theme.color("accent" if on else "muted")
            base.text(painter, area, str(self._count), count, "small", tabular=True)


class FilterChip(base.Ringed, QPushButton):
    """A filter in force: muted name, value, cross. Press to change it; the cross or Entf removes it."""

    removed = Signal()

    def __init__(self, title: str, value: str, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._value = title, value
        self.ring_radius = 12
        base.identify(self, name, f"{title}: {value}")
        self.setAccessibleDescription(self.tr("Eingabe ändert den Filter, Entf entfernt ihn."))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMouseTracking(True)

    def set_value(self, value: str) -> None:
        """Show another value."""
        self._value = value
        self.setAccessibleName(f"{self._title}: {value}")
        self.restyle()

    def _cross(self) -> QRectF:
        side = theme.px(12)
        return base.middle(self.rect(), side, self.width() - side - 9)

    def _on_cross(self, point: QPoint) -> bool:
        return point.x() >= self._cross().left() - 4

    def sizeHint(self) -> QSize:
        """Name, value and cross."""
        words = base.text_width(self._title, "small") + 5 + base.text_width(self._value, "small", theme.MEDIUM)
        return QSize(words + _PAD + theme.px(12) + 9 + 9, chip_height())

    def minimumSizeHint(self) -> QSize:
        """Long values are cut."""
        return QSize(min(self.sizeHint().width(), theme.px(120)), chip_height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return changes, Entf or Backspace removes."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A release on the cross removes, elsewhere it presses."""
        if self._on_cross(event.position().toPoint()) and self.rect().contains(event.position().toPoint()):
            self.setDown(False)
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say what the part under the mouse does, and the whole value where it is cut."""
        if event.type() == QEvent.Type.ToolTip:
            on_cross = self._on_cross(self.mapFromGlobal(self.cursor().pos()))
            words = self.tr("Filter {0} entfernen").format(self._title) if on_cross else self.accessibleName()
            QToolTip.showText(self.cursor().pos(), words, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pill with both parts and the cross."""
        painter = base.crisp(QPainter(self))
        fill = "accent_soft+accent:8" if self.underMouse() else "accent_soft"
        base.box(painter, self.rect(), self.height() / 2, theme.color(fill))
        cross = self._cross()
        area = QRectF(_PAD, 0, cross.left() - 6 - _PAD, self.height())
        width = base.text(painter, area, self._title, theme.color("muted"), "small")
        area.setLeft(area.left() + width + 5)
        base.text(painter, area, self._value, theme.color("text"), "small", theme.MEDIUM)
        icons.paint(painter, "x", cross, theme.color("muted"))
