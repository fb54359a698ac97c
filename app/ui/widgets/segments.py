"""The segmented control: a few views of the same thing, one of which is on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from app.ui import icons, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Pressable


@dataclass(frozen=True, slots=True)
class Segment:
    """One choice of a segmented control."""

    key: str
    words: str
    icon: str | None = None


class _SegmentButton(Pressable):
    def __init__(self, segment: Segment, name: str, parent: QWidget) -> None:
        super().__init__(segment.words, name, segment.words, parent)
        self._icon = segment.icon
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.ring_radius = 5

    def sizeHint(self) -> QSize:
        """28 px high inside the 32-px track."""
        icon = theme.px(16) + 6 if self._icon else 0
        return QSize(base.text_width(self.text(), "body", theme.STRONG) + icon + 24, theme.grow(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the raised sheet of the chosen segment, or only the words."""
        painter = base.crisp(QPainter(self))
        on = self.isChecked()
        if on:
            edge = theme.color("control_border+surface:55")
            base.box(painter, self.rect(), 5, theme.color("surface"), edge)
        elif self.underMouse():
            base.box(painter, self.rect(), 5, theme.color("sunken+text:6"))
        weight = theme.STRONG if on else theme.MEDIUM
        icon = theme.px(16) + 6 if self._icon else 0
        width = base.text_width(self.text(), "body", weight) + icon
        left = (self.width() - width) / 2
        if self._icon:
            square = base.middle(self.rect(), theme.px(16), left)
            icons.paint(painter, self._icon, square, theme.color("accent" if on else "muted"))
        area = QRectF(left + icon, 0, self.width() - left - icon, self.height())
        base.text(painter, area, self.text(), theme.color("text" if on else "muted"), "body", weight)


class SegmentedControl(Themed, QWidget):
    """A few views of the same thing, one of which is on; arrow keys walk through them."""

    chosen = Signal(str)

    def __init__(
        self, segments: Sequence[Segment], *, name: str, accessible: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        base.identify(self, name, accessible)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, _SegmentButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(2)
        for segment in segments:
            button = _SegmentButton(segment, f"{name}_{segment.key}", self)
            self._group.addButton(button)
            self._buttons[segment.key] = button
            layout.addWidget(button)
        self.set_value(segments[0].key)
        self._group.buttonToggled.connect(self._on_toggled)

    def value(self) -> str:
        """The key of the segment that is on."""
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def set_value(self, key: str) -> None:
        """Switch a segment on without telling anybody."""
        self._group.blockSignals(True)
        self._buttons[key].setChecked(True)
        self._group.blockSignals(False)

    def _on_toggled(self, button: object, on: bool) -> None:
        if on:
            self.chosen.emit(self.value())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the track; in the dark it needs an outline to be seen."""
        painter = base.crisp(QPainter(self))
        base.box(painter, self.rect(), 7, theme.color("sunken"), theme.color("border"))
