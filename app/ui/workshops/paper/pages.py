"""The pages of a paper below each other, as they will print; only those in sight are unpacked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from app.ui import theme
from app.ui.theme import Themed
from app.ui.widgets import base

_WIDTH = 760
"""Widest page at 100 % text: about the size of the sheet on a usual screen."""
_GAP = 20
_RATIO = 297 / 210
_A4_INCHES = 8.27
_PRINTED_MM = 170
"""Of the 210 mm of a page, what holds words."""
_LATER_MS = 250
_KEPT = 8


class PagesView(Themed, QAbstractScrollArea):
    """Pages to read. Arrow and page keys scroll; the screen reader gets the words."""

    resized = Signal()
    """Pages of another sharpness are wanted (`per_inch`)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        base.identify(self, "paper_pages", self.tr("Vorschau"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._pages: list[bytes] = []
        self._open: dict[int, QPixmap] = {}
        self._asked = 0
        self._keyboard = False
        self._waits = True
        self._later = QTimer(self, singleShot=True, interval=_LATER_MS)
        self._later.timeout.connect(self._on_rested)
        self.restyle()

    def show_pages(self, pages: Sequence[bytes], words: str) -> None:
        """Show other pages (PNG), and what stands on them; who reads further down stays there."""
        self._pages, self._open, self._waits = list(pages), {}, False
        self.setAccessibleDescription(words)
        self._lay_out()
        self.viewport().update()

    def page_count(self) -> int:
        """How many pages there are."""
        return len(self._pages)

    def per_inch(self) -> float:
        """The sharpness of the present width on this screen."""
        return self._width() * self.devicePixelRatioF() / _A4_INCHES

    def ask(self) -> float:
        """The same, for pages that are asked for now: no others are wanted until the width is another."""
        self._later.stop()
        self._asked = round(self.per_inch())
        return self.per_inch()

    # -- geometry --------------------------------------------------------------------------------

    def _width(self) -> int:
        """Of a page. Where large text is wanted and there is no room, its margins leave the sight first."""
        wanted, room = theme.px(_WIDTH), self.viewport().width()
        fits = room - 2 * _GAP
        if theme.px(100) > 100:
            fits = max(fits, round(room * 210 / _PRINTED_MM))
        return max(120, min(wanted, fits))

    def _page(self, number: int) -> QRect:
        """Where a page lies in the viewport."""
        width = self._width()
        height = round(width * _RATIO)
        top = _GAP + number * (height + _GAP) - self.verticalScrollBar().value()
        return QRect((self.viewport().width() - width) // 2, top, width, height)

    def _lay_out(self) -> None:
        step = round(self._width() * _RATIO) + _GAP
        port, bar = self.viewport().height(), self.verticalScrollBar()
        bar.setRange(0, max(0, _GAP + len(self._pages) * step - port))
        bar.setPageStep(port)
        bar.setSingleStep(theme.line() * 3)

    def sizeHint(self) -> QSize:
        """A sheet, not all of it."""
        return QSize(theme.px(_WIDTH), theme.px(600))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pages follow at once, their sharpness when the edge rests."""
        super().resizeEvent(event)
        self._lay_out()
        if round(self.per_inch()) != self._asked:
            self._later.start()

    def _on_rested(self) -> None:
        self.resized.emit()

    def restyle(self) -> None:
        """Follow the size of the text."""
        super().restyle()
        if self._pages:
            self._lay_out()
            self._later.start()

    # -- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sheets in sight."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(event.rect(), theme.color("sunken"))
        for number in range(len(self._pages)):
            sheet = self._page(number)
            if sheet.top() > event.rect().bottom():
                break
            if sheet.bottom() >= event.rect().top():
                painter.drawPixmap(sheet, self._pixmap(number))
                painter.setPen(theme.color("border"))
                painter.drawRect(sheet.adjusted(0, 0, -1, -1))
        if self._waits:
            words = self.tr("Die Seiten werden gesetzt …")
            base.text(painter, self.viewport().rect(), words, theme.color("muted"), center=True)
        if self.hasFocus() and self._keyboard:
            base.box(painter, self.viewport().rect().adjusted(1, 1, -1, -1), 4, border=theme.color("focus"), width=2)

    def _pixmap(self, number: int) -> QPixmap:
        found = self._open.get(number)
        if found is None:
            found = QPixmap()
            found.loadFromData(self._pages[number])
            if len(self._open) >= _KEPT:
                self._open.pop(next(iter(self._open)))
            self._open[number] = found
        return found

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A ring for who came by the keyboard."""
        super().focusInEvent(event)
        self._keyboard = event.reason() not in (*base.QUIET_REASONS, Qt.FocusReason.OtherFocusReason)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """From now on the mouse leads."""
        self._keyboard = False
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the ends; the arrows and page keys are the scroll bar's."""
        self._keyboard = True
        self.viewport().update()
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            bar.setValue(0)
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)
