"""What the shades of the map mean."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import theme
from app.ui.region.tile_map import shade_color
from app.ui.region.values import Scale
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.words import Label


class _Swatch(Themed, QWidget):
    """A small square filled with a shade, and its range."""

    def __init__(self, words: str, shade: int) -> None:
        super().__init__()
        self._words, self._shade = words, shade
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Square, air, word."""
        return QSize(
            theme.px(14) + 6 + base.text_width(self._words, "small", tabular=True) + 2, theme.line("small") + 4
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both."""
        painter = base.crisp(QPainter(self))
        side = theme.px(14)
        square = base.middle(self.rect(), side, 0)
        base.box(painter, square, 3, shade_color(self._shade), theme.color("control_border"))
        area = QRectF(side + 6, 0, self.width() - side - 6, self.height())
        base.text(painter, area, self._words, theme.color("text"), "small", tabular=True)


class Legend(Themed, QWidget):
    """The shades with their ranges."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("region_legend")
        self._flow = FlowLayout(self, gap=12)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_scale(self, title: str, scale: Scale) -> None:
        """Show what the shades mean now."""
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._flow.addWidget(Label(title, "small", role="muted"))
        for shade, words in scale.classes():
            self._flow.addWidget(_Swatch(words, shade))
