"""How a panel and a card of the wall are painted, on the desk and in the hall."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.domain.money import format_money
from app.ui import icons, labels, theme
from app.ui.widgets import base
from app.ui.widgets.popover import paint_shadow
from app.ui.workshops.wall.layout import Layout, Panel, Spot
from app.ui.workshops.wall.votes import Votes

RADIUS = 10
MOST_DOTS = 9


class WallPainter:
    """Paints into the wall's own coordinates; knows nothing of scrolling."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def paint_panel(self, painter: QPainter, panel: Panel, note: str, *, target: bool) -> None:
        """The ground, the heading and what it holds; `target` while something is about to be dropped there."""
        look, rect = self._layout.look, panel.rect
        edge, width = ("accent", 2.0) if target else ("border", 1.0)
        fill = theme.color("accent_soft" if target else "background")
        base.box(painter, rect, RADIUS, fill, theme.color(edge), width)
        inset = look.padding + 4
        head = QRectF(rect.left() + inset, rect.top() + 2, rect.width() - 2 * inset, look.head)
        size: theme.Size = "body" if look.steppers else "projection"
        small: theme.Size = look.small
        taken = base.text(painter, head, note, theme.color("muted"), small, right=True, tabular=True)
        area = head.adjusted(0, 0, -taken - 12, 0)
        base.text(painter, area, panel.content.title, theme.color("text"), size, theme.STRONG)
        if not panel.order:
            words = "Karten hierher ziehen" if look.steppers else "Noch keine Karten"
            empty = QRectF(head.left(), rect.top() + look.head, head.width(), theme.line(look.text) + look.gap)
            base.text(painter, empty, words, theme.color("muted"), small)

    def paint_card(
        self, painter: QPainter, spot: Spot, votes: Votes, *, selected: bool, ring: bool, over: str = ""
    ) -> None:
        """One card; `ring` is the keyboard's, `over` the step under the mouse ("less", "more")."""
        look, rect, line = self._layout.look, spot.rect, spot.card
        edge, width = ("accent", 2.0) if selected else ("border", 1.0)
        base.box(painter, rect, RADIUS, theme.color("surface"), theme.color(edge), width)
        if ring:
            base.box(painter, rect.adjusted(-3, -3, 3, 3), RADIUS + 3, border=theme.color("focus"), width=2)
        inner = rect.adjusted(look.padding, look.padding, -look.padding, -look.padding)
        pitch = theme.line(look.text)
        ink = theme.color("text")
        for number, words in enumerate(spot.lines):
            row = QRectF(inner.left(), inner.top() - 2 + number * pitch, inner.width() + 2, pitch)
            base.text(painter, row, words, ink, look.text)
        side = look.mark
        corner = QRectF(inner.right() - side + 2, inner.top() - 1, side, side)
        if selected:
            icons.paint(painter, "check-circle-fill", corner, theme.color("accent"))
        elif line.open_question:
            icons.paint(painter, "git-fork", corner, theme.color("version"))
        elif line.measures:
            icons.paint(painter, "arrow-circle-right", corner, theme.color("accent"))
        self._paint_foot(painter, spot, votes, over)

    def _paint_foot(self, painter: QPainter, spot: Spot, votes: Votes, over: str) -> None:
        if not votes.shown:
            self._paint_kind(painter, spot)
            return
        look, rect = self._layout.look, spot.rect
        less, more = self._layout.steps(spot)
        foot = QRectF(rect.left() + look.padding, less.top(), rect.width() - 2 * look.padding, look.foot)
        if votes.open and look.steppers:
            self._paint_step(painter, less, "minus", votes.less, over == "less")
            self._paint_step(painter, more, "plus", votes.more, over == "more")
            number = QRectF(less.right(), less.top(), more.left() - less.right(), less.height())
            words = _short(votes)
            base.text(painter, number, words, theme.color("text"), _fit(words, number), theme.STRONG,
                      center=True, tabular=True)  # fmt: skip
            foot.setRight(less.left() - 6)
        else:
            size: theme.Size = look.small if votes.money and look.steppers else look.text
            used = base.text(painter, foot, format_money(votes.amount) if votes.money else str(votes.amount),
                             theme.color("text"), size, theme.STRONG, right=True, tabular=True)  # fmt: skip
            foot.setRight(foot.right() - used - 8)
        if votes.by_rank:
            words = f"Rang {votes.rank}" if votes.rank else "ohne Rang"
            if votes.rank and votes.open and look.steppers:
                words = f"Rang {votes.rank}  ·  {votes.amount}"
            base.text(painter, foot, words, theme.color("accent" if votes.rank else "muted"), look.small,
                      theme.MEDIUM if votes.rank else theme.REGULAR, tabular=True)  # fmt: skip
        elif not votes.money:
            self._paint_dots(painter, foot, votes.amount)
        elif not votes.amount:
            base.text(painter, foot, "kein Geld", theme.color("muted"), look.small)
        elif votes.open and look.steppers:
            base.text(painter, foot, format_money(votes.amount), theme.color("muted"), look.small, tabular=True)

    def _paint_kind(self, painter: QPainter, spot: Spot) -> None:
        """Without a round the foot tells what kind of card it is."""
        look, rect = self._layout.look, spot.rect
        less, _ = self._layout.steps(spot)
        foot = QRectF(rect.left() + look.padding, less.top(), rect.width() - 2 * look.padding, look.foot)
        base.text(painter, foot, labels.card_label(spot.card.kind), theme.color("muted"), look.small)

    def _paint_dots(self, painter: QPainter, foot: QRectF, points: int) -> None:
        look = self._layout.look
        if points <= 0:
            base.text(painter, foot, "keine Punkte", theme.color("muted"), look.small)
            return
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent"))
        room = max(1, int((foot.width() + look.pitch - look.dot) / look.pitch))
        count = min(points, MOST_DOTS, room)
        rest = ""
        while count < points:
            rest = f"+{points - count}"
            needed = count * look.pitch + 2 + base.text_width(rest, look.small, theme.MEDIUM, tabular=True)
            if count == 1 or needed <= foot.width():
                break
            count -= 1
        middle = foot.center().y()
        for number in range(count):
            painter.drawEllipse(QRectF(foot.left() + number * look.pitch, middle - look.dot / 2, look.dot, look.dot))
        painter.restore()
        if rest:
            area = foot.adjusted(count * look.pitch + 2, 0, 2, 0)
            base.text(painter, area, rest, theme.color("accent"), look.small, theme.MEDIUM, tabular=True)

    @staticmethod
    def _paint_step(painter: QPainter, square: QRectF, icon: str, enabled: bool, over: bool) -> None:
        ground = "fill+text:8" if over and enabled else "fill"
        base.box(painter, square, 5, theme.color(ground))
        side = theme.px(14)
        ink = theme.color("text" if enabled else "fill+muted:45")
        icons.paint(painter, icon, base.middle(square, side, square.center().x() - side / 2), ink)

    def paint_dragged(self, painter: QPainter, corner: QRectF, words: str) -> None:
        """What hangs at the mouse while cards are dragged."""
        paint_shadow(painter, corner, RADIUS)
        base.box(painter, corner, RADIUS, theme.color("surface"), theme.color("accent"), 2)
        base.text(painter, corner.adjusted(12, 0, -12, 0), words, theme.color("text"), "body", theme.MEDIUM)

    @staticmethod
    def paint_drop(painter: QPainter, rect: QRectF, words: str, *, target: bool) -> None:
        """A place to drop cards that is no panel yet."""
        base.box(painter, rect, RADIUS, theme.color("accent_soft" if target else "surface"))
        pen = QPen(theme.color("accent" if target else "control_border"), 2 if target else 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        base.text(painter, rect, words, theme.color("accent" if target else "text"), "body", theme.MEDIUM, center=True)


def _short(votes: Votes) -> str:
    """Between the steps: the number, of money in thousands, of a ranking the place on the ballot."""
    if votes.by_rank:
        return f"{votes.place}." if votes.place else "–"
    if not votes.money:
        return str(votes.amount)
    return f"{votes.amount / 100_000:.1f}".replace(".", ",").removesuffix(",0") + "T" if votes.amount else "0"


def _fit(words: str, rect: QRectF) -> theme.Size:
    return "body" if base.text_width(words, "body", theme.STRONG, tabular=True) <= rect.width() else "small"
