"""What the program says by itself: banners, empty places, toasts with an undo."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui import icons, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.popover import SHADOW, paint_shadow
from app.ui.widgets.words import Label

Level = Literal["info", "warning", "danger", "ok", "version"]

_ICONS = {
    "info": "info",
    "warning": "warning",
    "danger": "warning-octagon",
    "ok": "check-circle",
    "version": "git-fork",
}


class IconMark(Themed, QWidget):
    """An icon that is not pressed; its meaning is said by the words beside it."""

    def __init__(self, icon: str, role: str = "muted", side: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._role, self._side = icon, role, side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, icon: str, role: str | None = None) -> None:
        """Show another icon, perhaps in another role."""
        self._icon, self._role = icon, role or self._role
        self.update()

    def sizeHint(self) -> QSize:
        """A square on a line of text."""
        side = theme.px(self._side)
        return QSize(side, max(side, theme.line()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon."""
        side = theme.px(self._side)
        icons.paint(QPainter(self), self._icon, base.middle(self.rect(), side, 0), theme.color(self._role))


class Banner(Themed, QWidget):
    """One sentence what happened and one button that helps, over the area it is about."""

    remedied = Signal()
    dismissed = Signal()

    def __init__(
        self,
        level: Level,
        sentence: str,
        *,
        name: str,
        remedy: str = "",
        detail: str = "",
        dismissible: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        base.identify(self, name, sentence)
        self._level = level
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(12)
        layout.addWidget(IconMark(_ICONS[level], level), 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        self._sentence = Label(sentence, weight=theme.MEDIUM, wrap=True)
        words.addWidget(self._sentence)
        self._detail = Label(detail, "small", role="muted", wrap=True)
        if not detail:
            self._detail.hide()  # shown it is by its place: before that it would be a window and take the keyboard
        words.addWidget(self._detail)
        words.addStretch(1)
        layout.addLayout(words, 1)
        if remedy:
            self.button = Button(remedy, name=f"{name}_remedy")
            self.button.clicked.connect(self.remedied)
            layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        if dismissible:
            close = IconButton("x", name=f"{name}_close", accessible=self.tr("Hinweis schließen"))
            close.clicked.connect(self._on_close)
            layout.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def set_sentence(self, sentence: str, detail: str = "") -> None:
        """Say something else."""
        self.setAccessibleName(sentence)
        self._sentence.setText(sentence)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))

    def _on_close(self) -> None:
        self.hide()
        self.dismissed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the soft ground and a bar in the tone of the level."""
        painter = base.crisp(QPainter(self))
        base.box(painter, self.rect(), 6, theme.color(f"{self._level}_soft"))
        base.box(painter, QRectF(0, 6, 3, self.height() - 12), 1.5, theme.color(self._level))


class EmptyState(Themed, QWidget):
    """What belongs here, in one sentence, and the one button that starts it."""

    started = Signal()

    def __init__(
        self,
        icon: str,
        sentence: str,
        *,
        name: str,
        button: str = "",
        button_icon: str | None = None,
        detail: str = "",
        primary: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        base.identify(self, name, sentence)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addStretch(2)
        center = Qt.AlignmentFlag.AlignHCenter
        layout.addWidget(IconMark(icon, "muted", 32), 0, center)
        lines = [Label(sentence, weight=theme.MEDIUM, wrap=True)]
        if detail:
            lines.append(Label(detail, "small", role="muted", wrap=True))
        for line in lines:
            line.setAlignment(center)
            # Not by alignment: Qt would measure the height for the full width and cut the second line.
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(line)
            row.addStretch(1)
            layout.addLayout(row)
        if button:
            self.button = Button(
                button, name=f"{name}_start", kind="primary" if primary else "secondary", icon=button_icon
            )
            self.button.clicked.connect(self.started)
            layout.addSpacing(8)
            layout.addWidget(self.button, 0, center)
        layout.addStretch(3)


class Toast(Themed, QWidget):
    """What has just happened, with a way back; floats at the bottom and goes by itself after eight seconds.

    It stays while the mouse or the focus is on it. `undone` comes when the way back is taken.
    """

    undone = Signal()
    STAY_MS = 8000

    def __init__(self, window: QWidget, sentence: str, *, name: str, undo: str = "") -> None:
        super().__init__(window)
        base.identify(self, name, sentence)
        self._timer_id = 0
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SHADOW + 16, SHADOW + 8, SHADOW + 8, SHADOW + 8)
        layout.setSpacing(12)
        layout.addWidget(Label(sentence))
        if undo:
            self.button = Button(undo, name=f"{name}_undo", kind="tertiary")
            self.button.clicked.connect(self._on_undo)
            layout.addWidget(self.button)
        close = IconButton("x", name=f"{name}_close", accessible=self.tr("Meldung schließen"))
        close.clicked.connect(self.close_now)
        layout.addWidget(close)
        window.installEventFilter(self)

    def show_above(self, bottom: int = 32) -> None:
        """Show centred, `bottom` pixels above the lower edge of the window."""
        self._bottom = bottom
        self._place()
        self.show()
        self.raise_()
        self._timer_id = self.startTimer(self.STAY_MS)

    def _place(self) -> None:
        window = self.parentWidget()
        assert window is not None
        self.adjustSize()
        x = (window.width() - self.width()) // 2
        self.move(QPoint(x, window.height() - self._bottom - self.height() + SHADOW - 12))

    def close_now(self) -> None:
        """Take the message away."""
        self.hide()
        self.deleteLater()

    def _on_undo(self) -> None:
        self.undone.emit()
        self.close_now()

    def timerEvent(self, event: object) -> None:
        """Go, unless somebody is just reading or reaching for the button."""
        if not self.underMouse() and not base.holds_focus(self):
            self.killTimer(self._timer_id)
            self.close_now()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay centred when the window changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes the message away."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_now()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint shadow and card."""
        painter = base.crisp(QPainter(self))
        card = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        paint_shadow(painter, card, 8)
        base.box(painter, card, 8, theme.color("surface"), theme.color("outline"))
