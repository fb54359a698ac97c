"""One line of an order: number, words, points."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from app.models.queries.sessions import CardLine
from app.ui import theme
from app.ui.widgets import base
from app.ui.widgets.buttons import Pressable


class RankRow(Pressable):
    """A place in the order: number, words, points; pressing leads to the card, of a free place nowhere."""

    def __init__(self, number: int, line: CardLine | None, points: str, *, name: str) -> None:
        text = line.text if line is not None else "noch frei"
        super().__init__(text, name, f"{number}. {text}, {points}", None)
        self._number, self._points = number, points
        self.setEnabled(line is not None)
        self.setToolTip(line.text[:600] if line is not None else "")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setProperty("card", line.id if line is not None else "")

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(theme.px(200), theme.line() + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint number, words, points."""
        painter = base.crisp(QPainter(self))
        rect = self.rect()
        if self.underMouse():
            base.box(painter, rect.adjusted(-4, 0, 4, 0), 4, theme.color("fill"))
        muted = theme.color("muted")
        text = theme.color("text") if self.isEnabled() else muted
        base.text(painter, rect, str(self._number), muted, tabular=True)
        used = base.text(painter, rect, self._points, text, "body", theme.STRONG, right=True, tabular=True)
        area = rect.adjusted(theme.px(24), 0, -int(used) - 12, 0)
        base.text(painter, area, " ".join(self.text().split())[:300], text)
