"""What every piece is built from: names for the reader, boxes, text on one baseline, the focus ring."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeySequence,
    QPainter,
    QPen,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app.ui import theme
from app.ui.theme import Size, Themed
from app.ui.widgets.hyphens import with_soft_hyphens

#: In debug runs every string that did not fit is logged here: it finds cut text faster than looking.
elided_log = logging.getLogger("app.ui.elided")

_GERMAN_KEYS = {
    "Ctrl": "Strg",
    "Shift": "Umschalt",
    "Return": "Eingabe",
    "Enter": "Eingabe",
    "Del": "Entf",
    "Esc": "Esc",
    "Space": "Leertaste",
    "Left": "←",
    "Right": "→",
    "Up": "↑",
    "Down": "↓",
}


#: The focus came without a key: no ring is needed to find it.
QUIET_REASONS = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


def identify(widget: QWidget, name: str, accessible: str) -> None:
    """Give a widget its object name (for tests) and its accessible name (for the screen reader)."""
    if not name or not accessible:
        raise ValueError("an interactive widget needs an object name and an accessible name")
    widget.setObjectName(name)
    widget.setAccessibleName(accessible)


def holds_focus(widget: QWidget) -> bool:
    """Whether the keyboard's focus is in this widget or in one of its children."""
    focused = QApplication.focusWidget()
    return focused is not None and (focused is widget or widget.isAncestorOf(focused))


def key_text(sequence: str) -> str:
    """A shortcut as it is written on a German keyboard: `Ctrl+Shift+Z` becomes "Strg+Umschalt+Z"."""
    if sys.platform == "darwin":
        return QKeySequence(sequence).toString(QKeySequence.SequenceFormat.NativeText)
    return "+".join(_GERMAN_KEYS.get(part, part) for part in sequence.split("+")) if sequence != "+" else "+"


def crisp(painter: QPainter) -> QPainter:
    """Switch on antialiasing for shapes and text."""
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    return painter


def box(
    painter: QPainter,
    rect: QRect | QRectF,
    radius: float,
    fill: QColor | None = None,
    border: QColor | None = None,
    width: float = 1,
) -> None:
    """A rounded box whose border lies inside `rect` on whole pixels."""
    shape = QRectF(rect)
    painter.save()
    crisp(painter)
    if border is not None:
        half = width / 2
        shape = shape.adjusted(half, half, -half, -half)
        radius = max(0.0, radius - half)
        painter.setPen(QPen(border, width))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(shape, radius, radius)
    painter.restore()


def baseline(rect: QRect | QRectF, size: Size = "body", weight: int = theme.REGULAR) -> float:
    """The baseline that centres capitals in `rect`, so text sits level with icons and chips."""
    return round(QRectF(rect).center().y() + theme.metrics(size, weight).capHeight() / 2)


def text(
    painter: QPainter,
    rect: QRect | QRectF,
    words: str,
    color: QColor,
    size: Size = "body",
    weight: int = theme.REGULAR,
    *,
    right: bool = False,
    center: bool = False,
    tabular: bool = False,
) -> float:
    """One line of text in `rect`, cut with an ellipsis where it does not fit; returns the width it took."""
    area = QRectF(rect)
    measures = theme.metrics(size, weight, tabular=tabular)
    words = _joined(words, tabular=tabular)
    width = measures.horizontalAdvance(words)
    if width > area.width() + 0.5:
        elided_log.debug("elided in %d of %d px: %s", int(area.width()), int(width), words)
        words = measures.elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        width = measures.horizontalAdvance(words)
    left = area.right() - width if right else area.center().x() - width / 2 if center else area.left()
    painter.setFont(theme.font(size, weight, tabular=tabular))
    painter.setPen(color)
    painter.drawText(QPointF(left, baseline(area, size, weight)), words)
    return width


def underlay(
    painter: QPainter,
    rect: QRect | QRectF,
    words: str,
    marks: Sequence[tuple[int, int]],
    size: Size = "body",
    weight: int = theme.REGULAR,
    *,
    tabular: bool = False,
) -> None:
    """A soft ground and a line below some words (start, length) of the one line that `text` paints into `rect`."""
    area, measures = QRectF(rect), theme.metrics(size, weight, tabular=tabular)
    words = _joined(words, tabular=tabular)
    for start, length in marks:
        left = area.left() + measures.horizontalAdvance(words[:start])
        right = min(area.right(), area.left() + measures.horizontalAdvance(words[: start + length]))
        if right <= left:
            continue
        spot = middle(area, theme.line(size), left)
        spot.setRight(right)
        box(painter, spot.adjusted(-1, 1, 1, 0), 2, theme.color("accent_soft"))
        painter.fillRect(QRectF(left, spot.bottom() - 2, right - left, 2), theme.color("accent"))


def text_width(words: str, size: Size = "body", weight: int = theme.REGULAR, *, tabular: bool = False) -> int:
    """The width of one line of text in whole pixels, rounded up."""
    return int(theme.metrics(size, weight, tabular=tabular).horizontalAdvance(_joined(words, tabular=tabular)) + 0.999)


def _joined(words: str, *, tabular: bool) -> str:
    """As painted: with equal figures "-" is as wide as they are and words fall apart; "‑" stays narrow."""
    return words.replace("-", _HYPHEN) if tabular else words


_HYPHEN = "\u2011"


def middle(rect: QRect | QRectF, side: int, left: float) -> QRectF:
    """A square of `side` at `left`, centred in the height of `rect`, on whole pixels."""
    area = QRectF(rect)
    return QRectF(round(left), round(area.top() + (area.height() - side) / 2), side, side)


_BREAKING = QTextOption()
_BREAKING.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)


class Paragraph:
    """Text broken into lines of equal height; Qt's labels know only the line height of the font."""

    def __init__(self, words: str, font: QFont, width: float, pitch: int) -> None:
        self._layouts: list[QTextLayout] = []
        self.words, self._pitch = words, pitch
        for part in with_soft_hyphens(words).split("\n"):
            layout = QTextLayout(part, font)
            # A word wider than the line is broken, not cut at the edge; where German is broken, if it can be.
            layout.setTextOption(_BREAKING)
            layout.setCacheEnabled(True)
            layout.beginLayout()
            while (line := layout.createLine()).isValid():
                line.setLineWidth(max(1.0, width))
            layout.endLayout()
            self._layouts.append(layout)
        self.lines = sum(max(1, layout.lineCount()) for layout in self._layouts)
        self.height = self.lines * pitch
        self._width = width

    @classmethod
    def within(cls, words: str, font: QFont, width: float, pitch: int, most: int) -> Paragraph:
        """At most so many lines; where there is more, the last one ends with an ellipsis."""
        whole = cls(words, font, width, pitch)
        if whole.lines <= most:
            return whole
        low, high = 0, len(words)
        while low < high:  # the longest beginning that fits together with its ellipsis
            middle = (low + high + 1) // 2
            if cls(f"{words[:middle].rstrip()}…", font, width, pitch).lines <= most:
                low = middle
            else:
                high = middle - 1
        return cls(f"{words[:low].rstrip()}…", font, width, pitch)

    def paint(self, painter: QPainter, left: float, top: float, align: Qt.AlignmentFlag) -> None:
        """Paint the lines from `top`, each centred in its pitch by its capitals, in the pen's colour."""
        y = top
        for layout in self._layouts:
            capital = QFontMetricsF(layout.font()).capHeight()
            for number in range(layout.lineCount()):
                line = layout.lineAt(number)
                free = self._width - line.naturalTextWidth()
                x = left
                if align & Qt.AlignmentFlag.AlignRight:
                    x += free
                elif align & Qt.AlignmentFlag.AlignHCenter:
                    x += free / 2
                base_y = round(y + self._pitch / 2 + capital / 2)
                line.draw(painter, QPointF(x - line.x(), base_y - line.ascent() - line.y()))
                y += self._pitch
            if layout.lineCount() == 0:
                y += self._pitch


class Ringed(Themed):
    """Mixed into focusable pieces: a ring around the widget shows the keyboard's focus, not the mouse's."""

    ring_radius: int = 6
    ring_inside: bool = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring unless the mouse brought the focus."""
        super().focusInEvent(event)  # type: ignore[misc]
        if event.reason() in QUIET_REASONS:
            return
        widget = self
        assert isinstance(widget, QWidget)
        FocusRing.around(widget, self.ring_radius, inside=self.ring_inside)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)  # type: ignore[misc]
        widget = self
        assert isinstance(widget, QWidget)
        FocusRing.leave(widget)


class FocusRing(QWidget):
    """The 2-px ring that lies around the focused widget, one per window, moved along with its widget."""

    GAP = 3

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("")
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._radius = 6
        self._gap = self.GAP
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._place)

    @classmethod
    def around(cls, widget: QWidget, radius: int, *, inside: bool = False) -> None:
        """Put the window's ring around a widget."""
        window = widget.window()
        ring = getattr(window, "_focus_ring", None)
        if not isinstance(ring, FocusRing) or not isValid(ring):
            ring = cls(window)
            window._focus_ring = ring  # type: ignore[attr-defined]
        ring._follow(widget, radius, 0 if inside else cls.GAP)

    @classmethod
    def leave(cls, widget: QWidget) -> None:
        """Hide the ring if it lies around this widget."""
        ring = getattr(widget.window(), "_focus_ring", None)
        if isinstance(ring, FocusRing) and isValid(ring) and ring._target is widget:
            ring._forget()
            ring.hide()

    def _follow(self, widget: QWidget, radius: int, gap: int) -> None:
        self._forget()
        self._target, self._radius, self._gap = widget, radius, gap
        place: QWidget | None = widget
        while place is not None:
            place.installEventFilter(self)
            self._watched.append(place)
            place = None if place.isWindow() else place.parentWidget()
        self._place()

    def _forget(self) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched.clear()
        self._target = None

    def _host(self, widget: QWidget) -> QWidget:
        """The nearest ancestor with room for the ring; never past the viewport that clips the widget."""
        host = widget.parentWidget()
        while host is not None and not host.isWindow():
            above = host.parentWidget()
            clips = above is not None and above.objectName() == "qt_scrollarea_viewport"
            area = QRect(widget.mapTo(host, widget.rect().topLeft()), widget.size())
            area = area.adjusted(-self._gap, -self._gap, self._gap, self._gap)
            if clips or host.rect().contains(area):
                return host
            host = above
        return host or widget

    def _place(self) -> None:
        target = self._target
        if target is None or not isValid(target) or not target.isVisible():
            self.hide()
            return
        host = self._host(target)
        if self.parentWidget() is not host:
            self.setParent(host)
        area = QRect(target.mapTo(host, target.rect().topLeft()), target.size())
        self.setGeometry(area.adjusted(-self._gap, -self._gap, self._gap, self._gap))
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow moves and sizes of the widget and of what it lies in."""
        if event.type() == QEvent.Type.Hide:
            self._place()
        elif event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show):
            # Not at once: whoever is shown goes through its children, and the ring may become one of them.
            self._later.start()
        return False

    def paintEvent(self, event: object) -> None:
        """Paint the ring in the focus colour."""
        painter = QPainter(self)
        box(painter, self.rect(), self._radius + self._gap, border=theme.color("focus"), width=2)
