"""Areas: cards, page heads, scrolling panes, splitters, progress."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Button, fit_buttons
from app.ui.widgets.words import ElidedLabel, Ground, Label


class Card(base.Ringed, QWidget):
    """A sheet with radius 10 and padding 12. With a name it can be focused, pressed and selected."""

    clicked = Signal()
    ring_radius = 10

    def __init__(
        self,
        *,
        name: str = "",
        accessible: str = "",
        padding: int = 12,
        ground: str = "surface",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._selected, self._ground, self._pressable = False, ground, bool(name)
        if name:
            base.identify(self, name, accessible)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding, padding, padding)
        self.body.setSpacing(8)

    def set_selected(self, on: bool) -> None:
        """Draw the 2-px accent inside the same rectangle: nothing shifts."""
        self._selected = on
        self.setAccessibleDescription(self.tr("ausgewählt") if on else "")
        self.update()

    def is_selected(self) -> bool:
        """Whether the card is selected."""
        return self._selected

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A release inside presses the card."""
        if self._pressable and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the press, so that the release comes here too."""
        event.setAccepted(self._pressable)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Space press the card."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if self._pressable and event.key() in keys:
            self.clicked.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sheet."""
        fill = theme.color(self._ground)
        if self._selected:
            base.box(base.crisp(QPainter(self)), self.rect(), 10, fill, theme.color("accent"), 2)
            return
        _paint_sheet(self, self._ground, lifted=self._pressable and self.underMouse())


class PressCard(base.Ringed, QAbstractButton):
    """A sheet that is one button as a whole, for the screen reader too: nothing in it takes the focus."""

    ring_radius = 10

    def __init__(self, *, name: str, accessible: str, padding: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        base.identify(self, name, accessible)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding, padding, padding)
        self.body.setSpacing(8)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses the card as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sheet."""
        _paint_sheet(self, "surface", lifted=self.underMouse() or self.isDown())


def _paint_sheet(sheet: QWidget, ground: str, *, lifted: bool) -> None:
    edge = theme.color("control_border" if lifted else "border")
    base.box(base.crisp(QPainter(sheet)), sheet.rect(), 10, theme.color(ground), edge)


_TITLE = 280
"""So much of a title is to be read before buttons say all their words."""


class PageHead(Ground):
    """The 64-px head of a room: title in 20/600, one muted line below it, actions at the right."""

    def __init__(self, title: str, note: str = "", *, margin: int = 24, parent: QWidget | None = None) -> None:
        super().__init__("background", parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(margin, 0, margin, 1)
        layout.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        self._title = ElidedLabel(title, "title", theme.STRONG)
        self._note = ElidedLabel(note, "small", role="muted", tabular=True)
        words.addWidget(self._title)
        words.addWidget(self._note)
        words.addStretch(1)
        layout.addLayout(words, 1)
        layout.addSpacing(16)
        self._layout = layout
        self._actions: list[QWidget] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_note(note)
        self.restyle()

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title.setText(title)

    def set_note(self, note: str) -> None:
        """Show another line below the title."""
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def add_action(self, widget: QWidget) -> None:
        """Put a button at the right end; the primary one comes last."""
        self._layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._actions.append(widget)

    def restyle(self) -> None:
        """Grow with title and line."""
        self.setFixedHeight(64 + theme.line("title") - 28 + theme.line("small") - 16)
        self._fit()
        super().restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The title comes before the words of the buttons."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        margins = self._layout.contentsMargins()
        title = min(base.text_width(self._title.text(), "title", theme.STRONG), theme.px(_TITLE)) + 24
        others = sum(a.sizeHint().width() + 8 for a in self._actions if not isinstance(a, Button) and not a.isHidden())
        room = self.width() - margins.left() - margins.right() - title - others
        fit_buttons([action for action in self._actions if isinstance(action, Button)], room)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line below."""
        super().paintEvent(event)
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, theme.color("border"))


class ScrollPane(Themed, QScrollArea):
    """A column that scrolls up and down, on one of the grounds; `body` is the layout to fill."""

    def __init__(
        self,
        *,
        name: str,
        accessible: str,
        ground: str = "surface",
        margin: int = 0,
        gap: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        base.identify(self, name, accessible)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = Ground(ground)
        self.body = holder.column(margin, gap)
        self.setWidget(holder)
        self._ground = ground
        self.restyle()

    def restyle(self) -> None:
        """Fill the viewport with the ground as well."""
        palette = self.palette()
        palette.setColor(palette.ColorRole.Window, theme.color(self._ground))
        self.viewport().setPalette(palette)
        self.viewport().setAutoFillBackground(True)
        super().restyle()

    def reveal(self, widget: QWidget) -> None:
        """Scroll until the widget is in sight, and again once a section that has just been opened is laid out."""
        self.ensureWidgetVisible(widget, 0, 24)
        QTimer.singleShot(0, widget, lambda: self.ensureWidgetVisible(widget, 0, 24))


class Splitter(Themed, QSplitter):
    """Two or more panes that meet at a 1-px line; the line can be caught 5 px around it."""

    def __init__(self, *, name: str, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical if vertical else Qt.Orientation.Horizontal, parent)
        self.setObjectName(name)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)


class ProgressBar(Themed, QWidget):
    """How far, 8 px high; the number in words belongs beside it. A total of 0 means "not known yet"."""

    def __init__(
        self,
        *,
        accessible: str,
        done: int = 0,
        total: int = 100,
        height: int = 8,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._done, self._total, self._height = done, total, height
        self.setAccessibleName(accessible)
        self.setFixedHeight(height)
        self.setMinimumWidth(48)
        self.set_progress(done, total)

    def set_progress(self, done: int, total: int) -> None:
        """Show how many of how many are done."""
        self._done, self._total = done, total
        self.setAccessibleDescription(f"{done} / {total}" if total else "")
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its place."""
        return QSize(160, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track and bar; an unknown total shows a third of the bar in the soft tone."""
        painter = base.crisp(QPainter(self))
        rect, radius = QRectF(self.rect()), self._height / 2
        base.box(painter, rect, radius, theme.color("fill"))
        if self._total <= 0:
            rect.setWidth(rect.width() / 3)
            base.box(painter, rect, radius, theme.color("accent_soft+accent:40"))
        elif self._done > 0:
            share = min(1.0, self._done / self._total)
            rect.setWidth(max(self._height, rect.width() * share))
            base.box(painter, rect, radius, theme.color("accent"))


class ProgressDial(Themed, QWidget):
    """A ring of progress with a big number in it, such as the minutes of an agenda item."""

    def __init__(self, *, accessible: str, side: int = 104, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side, self._share, self._number, self._words, self._over = side, 0.0, "", "", False
        self.setAccessibleName(accessible)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_progress(self, share: float, number: str, words: str, *, over: bool = False) -> None:
        """Show a share (0 to 1), a number and what it counts; `over` tints the ring as a warning."""
        self._share, self._number, self._words, self._over = share, number, words, over
        self.setAccessibleDescription(f"{number} {words}")
        self.update()

    def sizeHint(self) -> QSize:
        """The ring, grown with its text."""
        return QSize(theme.px(self._side), theme.px(self._side))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track, arc, number and words."""
        painter = base.crisp(QPainter(self))
        side = min(self.width(), self.height()) - 2 * theme.px(3)
        rect = QRectF(0, 0, side, side)  # round, however little room there is
        rect.moveCenter(QRectF(self.rect()).center())
        pen = painter.pen()
        pen.setWidthF(theme.px(5))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setColor(theme.color("fill"))
        painter.setPen(pen)
        painter.drawEllipse(rect)
        pen.setColor(theme.color("warning" if self._over else "accent"))
        painter.setPen(pen)
        painter.drawArc(rect, 90 * 16, -round(min(1.0, self._share) * 360 * 16))
        middle = rect.center().y()
        number = QRectF(0, middle - theme.line("display") + 6, self.width(), theme.line("display"))
        ink = theme.color("text")
        base.text(painter, number, self._number, ink, "display", theme.STRONG, center=True)
        below = QRectF(0, number.bottom() - 2, self.width(), theme.line("small"))
        base.text(painter, below, self._words, theme.color("muted"), "small", center=True)


class Figure(Themed, QWidget):
    """A big number with its word below, for counts at a glance."""

    def __init__(self, number: str, words: str, *, size: theme.Size = "display", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self._number = Label(number, size, theme.STRONG)
        self._words = Label(words, "small", role="muted")
        layout.addWidget(self._number)
        layout.addWidget(self._words)
        self.set_figure(number, words)

    def set_figure(self, number: str, words: str) -> None:
        """Show another number."""
        self._number.setText(number)
        self._words.setText(words)
        self.setAccessibleName(f"{number} {words}")
