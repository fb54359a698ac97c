"""The pages of a paper below each other, as they will print; only those in sight are unpacked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from app.reports.document import Piece
from app.reports.pdf import Place
from app.ui import labels, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.spoken import SpokenCards

_WIDTH = 760
"""Widest page at 100 % text: about the size of the sheet on a usual screen."""
_GAP = 20
_RATIO = 297 / 210
_A4_INCHES = 8.27
_PRINTED_MM = 170
"""Of the 210 mm of a page, what holds words."""
_FOOT = 0.91
"""Where the words of a page end, above its foot."""
_LATER_MS = 250
_KEPT = 8


class PagesView(Themed, QAbstractScrollArea):
    """Pages to read. Arrow and page keys scroll.

    A screen reader finds every heading, paragraph, item and row by itself; while one runs, Ctrl with an arrow key goes
    from one to the next.
    """

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
        self._pieces: Sequence[Piece] = ()
        self._places: Sequence[Place] = ()
        self._current = -1
        self._spoken = SpokenCards(self, self.viewport(), name="paper_pieces", accessible=self.tr("Absätze"))
        self._spoken.marked.connect(self._on_marked)
        self._later = QTimer(self, singleShot=True, interval=_LATER_MS)
        self._later.timeout.connect(self._on_rested)
        self.restyle()

    def show_pages(self, pages: Sequence[bytes], pieces: Sequence[Piece] = (), places: Sequence[Place] = ()) -> None:
        """Show other pages (PNG), what stands on them, and where each piece begins; who reads further down stays."""
        self._pages, self._open, self._waits = list(pages), {}, False
        self._pieces, self._places = pieces, places
        self._current = min(self._current, len(pieces) - 1)
        self._lay_out()
        self._tell()
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

    # -- piece by piece for the screen reader ----------------------------------------------------

    def _tell(self) -> None:
        words = labels.count(len(self._pages), self.tr("Seite"), self.tr("Seiten"))
        self.setAccessibleDescription(f"{words}. {self.spoken_words(self.spoken_current())}".strip())
        self._spoken.renew(has_focus=self.hasFocus())

    def spoken_keys(self) -> list[str]:
        """The pieces from top to bottom, by number."""
        return [str(number) for number in range(len(self._pieces))]

    def spoken_words(self, key: str) -> str:
        """What one says; a heading names itself."""
        if not key or int(key) >= len(self._pieces):
            return ""
        piece = self._pieces[int(key)]
        return self.tr("Überschrift Ebene {0}: {1}").format(piece.level, piece.text) if piece.level else piece.text

    def spoken_rect(self, key: str) -> QRect:
        """From where it begins to the next piece, or to the end of its page."""
        number = int(key)
        if number >= len(self._places):
            return self.viewport().rect() if number < len(self._pieces) else QRect()
        place, sheet = self._places[number], self._page(self._places[number].page)
        after = self._places[number + 1] if number + 1 < len(self._places) else None
        end = after.down if after is not None and after.page == place.page else _FOOT
        top = sheet.top() + round(place.down * sheet.height())
        return QRect(
            sheet.left(), top, sheet.width(), max(theme.line("small"), round((end - place.down) * sheet.height()))
        )

    def spoken_current(self) -> str:
        """The piece the keyboard stands on."""
        return str(self._current) if self._current >= 0 else ""

    def spoken_marked(self) -> list[str]:
        """The same."""
        return [self.spoken_current()] if self._current >= 0 else []

    @Slot(object)
    def _on_marked(self, keys: object) -> None:
        assert isinstance(keys, list)
        new = [int(key) for key in keys if int(key) != self._current]
        if new:
            self._go_to(new[0])

    def _go_to(self, number: int) -> None:
        """Stand on a piece and bring it into sight."""
        if not self._pieces:
            return
        self._current = max(0, min(len(self._pieces) - 1, number))
        rect, port, bar = self.spoken_rect(str(self._current)), self.viewport().rect(), self.verticalScrollBar()
        if self._places and not port.contains(rect):
            bar.setValue(bar.value() + rect.top() - _GAP)
        self._tell()
        self.viewport().update()

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
            if 0 <= self._current < len(self._places):
                rect = self.spoken_rect(self.spoken_current())
                painter.fillRect(QRect(rect.left() + _GAP, rect.top(), 3, rect.height()), theme.color("focus"))

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
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps and event.modifiers() & Qt.KeyboardModifier.ControlModifier and self._places:
            self._go_to(self._current + steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Home:
            bar.setValue(0)
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)
