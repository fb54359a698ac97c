"""One card of a column: how high it is and how it is painted."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from app.models.queries.sessions import CardLine
from app.ui import icons, labels, theme
from app.ui.widgets import base
from app.ui.workshops import marks, moments

PADDING = 12
RADIUS = 10
_HEAD_GAP = 4
_MOST_KEPT = 400
_MOST_LINES = 14
"""A card longer than that is cut on the wall of columns; whole it is in its editor."""
_MOST_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class _Laid:
    line: CardLine
    paragraph: base.Paragraph
    shown: int
    foot: str
    height: int


class CardPainter:
    """Lays out and paints cards of one width; keeps what it laid out, as far as that is in sight."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Laid] = OrderedDict()
        self._width = 0

    def forget(self) -> None:
        """Lay out everything anew: the theme or the width changed."""
        self._kept.clear()

    def set_width(self, width: int) -> None:
        """Lay cards out for this width."""
        if width != self._width:
            self._width = width
            self.forget()

    def height(self, line: CardLine) -> int:
        """How high the card is."""
        return self._laid(line).height

    def _laid(self, line: CardLine) -> _Laid:
        found = self._kept.get(line.id)
        if found is not None and found.line == line:
            self._kept.move_to_end(line.id)
            return found
        made = self._lay_out(line)
        self._kept[line.id] = made
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return made

    def _lay_out(self, line: CardLine) -> _Laid:
        width = self._width - 2 * PADDING
        words = line.text[:_MOST_CHARACTERS]
        paragraph = base.Paragraph(words, theme.font("body"), width, theme.line())
        shown = min(paragraph.lines, _MOST_LINES)
        foot = foot_of(line)
        height = 2 * PADDING + theme.line("small") + _HEAD_GAP + shown * theme.line()
        if foot:
            height += theme.line("small") + 2
        return _Laid(line, paragraph, shown, foot, height)

    def paint(self, painter: QPainter, rect: QRectF, line: CardLine, *, fresh: bool, selected: bool) -> None:
        """Paint the card; `fresh` was saved just now, `selected` is under the keyboard or pressed."""
        laid = self._laid(line)
        border, width = ("accent", 2.0) if selected else ("accent", 1.5) if fresh else ("border", 1.0)
        base.box(painter, rect, RADIUS, theme.color("surface"), theme.color(border), width)
        inner = rect.adjusted(PADDING, PADDING, -PADDING, -PADDING)
        self._paint_head(painter, QRectF(inner.left(), inner.top(), inner.width(), theme.line("small")), line)
        top = inner.top() + theme.line("small") + _HEAD_GAP
        painter.save()
        body = QRectF(inner.left(), top, inner.width(), laid.shown * theme.line())
        painter.setClipRect(body.adjusted(-2, 0, 2, 0), Qt.ClipOperation.IntersectClip)
        painter.setPen(theme.color("text"))
        laid.paragraph.paint(painter, inner.left(), top, Qt.AlignmentFlag.AlignLeft)
        painter.restore()
        if laid.foot:
            foot = QRectF(inner.left(), body.bottom() + 2, inner.width(), theme.line("small"))
            base.text(painter, foot, laid.foot, theme.color("muted"), "small", tabular=True)

    @staticmethod
    def _paint_head(painter: QPainter, rect: QRectF, line: CardLine) -> None:
        tone, side = theme.color(marks.tone_of(line.kind)), theme.px(14)
        icons.paint(painter, marks.icon_of(line.kind), base.middle(rect, side, rect.left()), tone)
        stamp = moments.local_clock(line.noted_at)
        if not line.mine and line.person:
            stamp = f"{marks.initials(line.person)}  {stamp}"
        muted = theme.color("muted")
        used = base.text(painter, rect, stamp, muted, "small", right=True, tabular=True) + 8
        if line.open_question:
            fork = base.middle(rect, side, rect.right() - used - side)
            icons.paint(painter, "git-fork", fork, theme.color("version"))
            used += side + 6
        area = rect.adjusted(side + 6, 0, -used, 0)
        base.text(painter, area, labels.card_label(line.kind), tone, "small", theme.STRONG)


def foot_of(line: CardLine) -> str:
    """Who and until when, or the tags."""
    if line.record == "task":
        due = labels.date_text(line.due) if line.due else ""
        return "  ·  ".join(part for part in (line.responsible, due) if part)
    return "  ".join(f"#{tag}" for tag in line.tags)


def spoken(line: CardLine) -> str:
    """The whole card for the screen reader."""
    who = line.person if not line.mine else ""
    clock = moments.local_clock(line.noted_at)
    head = ", ".join(part for part in (labels.card_label(line.kind), clock, who) if part)
    foot = foot_of(line)
    return f"{head}: {line.text}" + (f" ({foot})" if foot else "")
