"""The wall on the screen in the hall: one cluster at a time in large type, no names, nothing to press."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QScreen
from PySide6.QtWidgets import QWidget

from app.domain.ids import EntityId
from app.ui import labels, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.workshops.wall.layout import Content, Layout, Look
from app.ui.workshops.wall.paint import WallPainter
from app.ui.workshops.wall.state import WallState
from app.ui.workshops.wall.votes import votes_of

RANKED = "ranked"
"""Key of the page that shows the order."""
_RANKS = 12
_MARGIN = 40
_BAR = 12
_SCALES = (2.2, 1.9, 1.6, 1.35, 1.1, 0.9)
"""How large the type is at most and at least; a page takes the largest at which all of it is in sight."""


def _scales() -> Iterator[float]:
    """For whoever set larger type for themselves, the same again from there down: the hall sees no less for it."""
    yield from _SCALES
    yield from (small for scale in _SCALES if (small := scale * 100 / theme.active().text_size) < _SCALES[-1])


class Projection(Themed, QWidget):
    """Follows the wall: shows the cluster of the card one stands on there. Arrow keys turn pages, Esc closes."""

    closed = Signal()

    def __init__(self, state: WallState) -> None:
        super().__init__(None, Qt.WindowType.Window)
        base.identify(self, "projection", self.tr("Projektion"))
        self._state = state
        self._key, self._card, self._offset, self._scale = "", "", 0.0, 1.0
        self._layout = Layout(Look.hall())
        self._painter = WallPainter(self._layout)
        self.setWindowTitle(self.tr("Projektion"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.resize(1280, 720)
        state.changed.connect(self.relay)
        state.given.connect(self.relay)
        state.session.head_changed.connect(self.relay)
        self.relay()

    def open_on(self, here: QScreen | None) -> None:
        """Fill the second screen if there is one; else be a window on this one."""
        other = next((screen for screen in QGuiApplication.screens() if screen is not here), None)
        if other is None:
            self.show()
        else:
            self.setGeometry(other.geometry())
            self.showFullScreen()
        self.raise_()

    # -- what is shown ---------------------------------------------------------------------------

    def follow(self, card: EntityId) -> None:
        """Show the cluster of this card, with it in sight."""
        content = next((c for c in self._state.contents() if any(line.id == card for line in c.cards)), None)
        if content is not None:
            self._key, self._card = content.key, card
            self.relay()

    def turn(self, by: int) -> None:
        """The next or the previous cluster."""
        keys = [content.key for content in self._pages()]
        if keys:
            at = keys.index(self._key) if self._key in keys else 0
            self._key, self._card = keys[max(0, min(len(keys) - 1, at + by))], ""
            self.relay()

    def _pages(self) -> list[Content]:
        """The clusters; after them, when the room orders cards, the order as it stands."""
        pages, state = self._state.contents(), self._state
        ranked = state.ranking(_RANKS) if state.by_rank else []
        return [*pages, Content(RANKED, self.tr("Rangfolge"), ranked)] if ranked else pages

    def _large(self) -> float:
        """By how much head and foot grow with the screen, so that the last row can read them."""
        return max(1.0, min(self.width() / 1280, self.height() / 720))

    def _area(self) -> QRect:
        top = round((theme.line("display") + theme.px(40)) * self._large())
        return QRect(0, top, self.width(), max(1, self.height() - top - round(theme.px(76) * self._large())))

    @Slot()
    def relay(self) -> None:
        """Put the cards of the page in their places; the card one stands on stays in sight."""
        contents = self._pages()
        page = next((c for c in contents if c.key == self._key), contents[0] if contents else None)
        room = float(self._area().height())
        for self._scale in _scales():
            self._layout.lay([page] if page else [], self.width() / self._scale, int(_MARGIN / self._scale))
            if self._layout.height * self._scale <= room:
                break
        self._key = page.key if page else ""
        spot = self._layout.spot(self._card)
        room /= self._scale
        self._offset = 0.0
        if spot is not None and spot.rect.bottom() > room:
            self._offset = min(spot.rect.bottom() - room / 2, max(0.0, self._layout.height - room))
        if page is not None:
            number = 1 + [c.key for c in contents].index(page.key)
            words = self.tr("{0}, Seite {1} von {2}").format(page.title, number, len(contents))
            self.setAccessibleDescription(words)
        self.update()

    def restyle(self) -> None:
        """Measure anew in the new size."""
        self._layout.forget()
        self._layout.look = Look.hall()
        self.relay()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out in the new width."""
        super().resizeEvent(event)
        self.relay()

    # -- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the question, the cards and what is left to give."""
        painter = base.crisp(QPainter(self))
        painter.fillRect(self.rect(), theme.color("sunken"))
        large = self._large()
        painter.save()
        painter.scale(large, large)
        size = QSizeF(self.width() / large, self.height() / large)
        self._paint_head(painter, size)
        self._paint_foot(painter, size)
        painter.restore()
        area, state = self._area(), self._state
        painter.save()
        painter.setClipRect(area)
        painter.translate(0, area.top())
        painter.scale(self._scale, self._scale)
        painter.translate(0, -self._offset)
        votes_shown = state.round is not None
        for panel in self._layout.panels:
            count = labels.count(len(panel.content.cards), self.tr("Karte"), self.tr("Karten"))
            note = f"{count}  ·  {state.words(state.sum_of(panel.content.cards))}" if votes_shown else count
            self._painter.paint_panel(painter, panel, note, target=False)
            for spot in panel.within(self._offset, self._offset + area.height() / self._scale):
                votes = votes_of(state, spot.card.id, is_left=True)
                here = spot.card.id == self._card
                self._painter.paint_card(painter, spot, votes, selected=here, ring=False)
        painter.restore()

    def _paint_head(self, painter: QPainter, size: QSizeF) -> None:
        rect = QRectF(_MARGIN, theme.px(20), size.width() - 2 * _MARGIN, theme.line("display"))
        head, shown = self._state.session.head, self._state.round
        title = head.text("title") if head else ""
        words = shown.title if shown is not None and shown.title else title
        note = title if words != title else ""
        used = base.text(painter, rect, note, theme.color("muted"), "title", right=True) if note else 0
        base.text(painter, rect.adjusted(0, 0, -used - 24, 0), words, theme.color("text"), "projection", theme.STRONG)

    def _paint_foot(self, painter: QPainter, size: QSizeF) -> None:
        state = self._state
        if state.round is None:
            return
        given, budget = state.total(), state.budget()
        high = theme.px(76)
        rect = QRectF(_MARGIN, size.height() - high, size.width() - 2 * _MARGIN, high)
        words = self.tr("{0} vergeben").format(state.words(given))
        if budget and given <= budget:
            words = self.tr("noch {0} von {1}").format(
                state.words(budget - given) if state.in_money else labels.number(budget - given),
                state.words(budget) if state.in_money else labels.count(budget, "Punkt", "Punkten"),
            )
        used = base.text(painter, rect, words, theme.color("text"), "display", theme.STRONG, right=True, tabular=True)
        if not budget:
            return
        track = QRectF(rect.left(), rect.center().y() - _BAR / 2, rect.width() - used - 32, _BAR)
        base.box(painter, track, _BAR / 2, theme.color("border"))
        track.setWidth(max(_BAR, track.width() * min(1.0, given / budget)) if given > 0 else 0)
        base.box(painter, track, _BAR / 2, theme.color("accent"))

    # -- keys ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn pages, fill the screen, close."""
        key = event.key()
        if key in (Qt.Key.Key_Right, Qt.Key.Key_PageDown, Qt.Key.Key_Space):
            self.turn(1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_PageUp):
            self.turn(-1)
        elif key == Qt.Key.Key_F11:
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        elif key == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the wall that nobody looks any more."""
        super().closeEvent(event)
        self.closed.emit()
