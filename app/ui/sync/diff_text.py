"""A text with its changed words marked, and the two stand-ins for paragraphs: folded, missing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QTextLayout, QTextLine
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import icons, theme
from app.ui.sync.compare import Span
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Pressable
from app.ui.widgets.glyphs import Glyph, paint_glyph

_PITCH = 22
"""Line height: two pixels more than running text, for the line under a changed word."""


class DiffText(Themed, QWidget):
    """Wrapped text; changed words have a soft fill and a 2-px line below, in the tone of their version."""

    def __init__(
        self,
        words: str,
        spans: Sequence[Span] = (),
        *,
        tone: str = "accent",
        role: str = "text",
        glyph: Glyph | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words, self._spans, self._tone, self._role, self._glyph = words, tuple(spans), tone, role, glyph
        self._width, self._laid = -1, list[QTextLayout]()
        self.setAccessibleName(words)
        marked = [words[s.start : s.end] for s in self._spans]
        if marked:
            self.setAccessibleDescription(self.tr("anders: {0}").format("; ".join(marked)))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def text(self) -> str:
        """The whole text."""
        return self._words

    def marked(self) -> list[str]:
        """The words that are marked."""
        return [self._words[s.start : s.end] for s in self._spans]

    def restyle(self) -> None:
        """Lay out anew."""
        self._width = -1
        super().restyle()

    def _indent(self) -> int:
        return theme.px(12) + 8 if self._glyph is not None else 2

    def _layouts(self, width: int) -> list[QTextLayout]:
        if width != self._width:
            self._width, self._laid = width, []
            for part in self._words.split("\n"):
                layout = QTextLayout(part, theme.font("body"))
                layout.beginLayout()
                while (line := layout.createLine()).isValid():
                    line.setLineWidth(max(1, width - self._indent() - 2))
                layout.endLayout()
                self._laid.append(layout)
        return self._laid

    def heightForWidth(self, width: int) -> int:
        """The lines the text needs."""
        lines = sum(max(1, layout.lineCount()) for layout in self._layouts(width))
        return lines * theme.px(_PITCH)

    def sizeHint(self) -> QSize:
        """One comfortable line."""
        width = min(base.text_width(self._words[:400]) + self._indent() + 3, theme.px(360))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """May be narrow."""
        return QSize(theme.px(72), theme.px(_PITCH))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the marks, then the words on top."""
        painter = base.crisp(QPainter(self))
        pitch, top, offset = theme.px(_PITCH), 0.0, 0
        if self._glyph is not None:
            area = QRectF(0, 0, self.width(), pitch)
            paint_glyph(painter, self._glyph, base.middle(area, theme.px(12), 1))
        capital = theme.metrics().capHeight()
        for layout in self._layouts(self.width()):
            for number in range(layout.lineCount()):
                line = layout.lineAt(number)
                self._paint_marks(painter, line, offset, top)
                painter.setPen(theme.color(self._role))
                y = round(top + pitch / 2 + capital / 2)
                line.draw(painter, QPointF(self._indent() - line.x(), y - line.ascent() - line.y()))
                top += pitch
            if not layout.lineCount():
                top += pitch
            offset += len(layout.text()) + 1

    def _paint_marks(self, painter: QPainter, line: QTextLine, offset: int, top: float) -> None:
        begin, end = offset + line.textStart(), offset + line.textStart() + line.textLength()
        for span in self._spans:
            start, stop = max(span.start, begin), min(span.end, end)
            while stop > start and self._words[stop - 1].isspace():
                stop -= 1
            if stop <= start:
                continue
            left = _x_of(line, start - offset) + self._indent() - 2
            right = _x_of(line, stop - offset) + self._indent() + 2
            height = theme.px(_PITCH) - 3
            box = QRectF(left, top + 1, right - left, height)
            painter.fillRect(box, theme.color(f"{self._tone}_soft"))
            painter.fillRect(QRectF(left, box.bottom() - 1, right - left, 2), theme.color(self._tone))


def _x_of(line: QTextLine, cursor: int) -> float:
    found = line.cursorToX(cursor)
    return float(found[0]) if isinstance(found, tuple) else float(found)  # type: ignore[arg-type]


class MissingBox(Themed, QWidget):
    """Where a version has nothing that another has: a dashed box that says so."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One small line with air."""
        return QSize(base.text_width(self._words, "small") + 24, theme.grow(36, "small"))

    def minimumSizeHint(self) -> QSize:
        """May be cut; the tooltip has it whole."""
        return QSize(theme.px(72), theme.grow(36, "small"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dashes and the words."""
        painter = base.crisp(QPainter(self))
        painter.setPen(QPen(theme.color("control_border"), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        area = QRectF(self.rect()).adjusted(12, 0, -12, 0)
        base.text(painter, area, self._words, theme.color("muted"), "small")


class FoldBar(Pressable):
    """One line for the paragraphs that are equal everywhere; pressing shows or hides them."""

    def __init__(self, words: str, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(words, name, words, parent)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._on_toggled)
        self._on_toggled(False)

    def _on_toggled(self, on: bool) -> None:
        self.setAccessibleDescription(self.tr("aufgeklappt") if on else self.tr("zugeklappt"))

    def sizeHint(self) -> QSize:
        """A flat bar."""
        return QSize(base.text_width(self.text(), "small") + theme.px(12) + 32, theme.grow(28, "small"))

    def minimumSizeHint(self) -> QSize:
        """May be narrow."""
        return QSize(theme.px(120), theme.grow(28, "small"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar, its caret and its words."""
        painter = base.crisp(QPainter(self))
        base.box(painter, self.rect(), 6, theme.color(self.wash("fill")))
        side = theme.px(12)
        caret = base.middle(self.rect(), side, 8)
        icons.paint(painter, "caret-down" if self.isChecked() else "caret-right", caret, theme.color("muted"))
        area = QRectF(8 + side + 8, 0, self.width() - side - 24, self.height())
        base.text(painter, area, self.text(), theme.color("muted"), "small")
