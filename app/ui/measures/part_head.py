"""A part in one line: what it says about a milestone, a cost, a risk, and whether it is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from app.domain import catalogue as c
from app.domain.money import format_money
from app.models.queries.records import Record
from app.ui import icons, theme
from app.ui.measures import names, words
from app.ui.measures.cells import show_date
from app.ui.widgets import base
from app.ui.widgets.buttons import Pressable
from app.ui.widgets.glyphs import Glyph, paint_glyph


@dataclass(frozen=True, slots=True)
class Brief:
    """A part in one line."""

    words: str
    meta: str = ""
    glyph: Glyph | None = None


def _money(value: Any) -> str:
    return "–" if value is None else format_money(int(value))


def brief(record: Record) -> Brief:
    """What stands in the list for a part."""
    v = record.values.get
    match record.kind:
        case "milestone":
            when = v("done_on") or v("due")
            mark = words.glyph(c.MilestoneStatus, v("status") or "open")
            return Brief(record.text("title"), show_date(str(when)) if when else "–", mark)
        case "cost_item":
            kind = words.full(c.CostType, v("cost_type")) or "Kosten"
            return Brief(f"{v('year') or 'Ohne Jahr'} · {kind}", _money(v("planned_cents")))
        case "funding_item":
            source = words.full(c.FundingSource, v("source")) or "Ohne Quelle"
            state = words.full(c.FundingStatus, v("status"))
            return Brief(f"{source} · {state}" if state else source, _money(v("amount_cents")))
        case "indicator":
            return Brief(record.text("name"), record.text("target") or "–")
        case "indicator_value":
            number = v("number")
            told = f"{number:.10g}".replace(".", ",") if isinstance(number, float | int) else record.text("text")
            return Brief(show_date(record.text("measured_on")) or "Ohne Datum", told or "–")
        case "risk":
            weight = f"{v('likelihood') or '?'} × {v('impact') or '?'}"
            return Brief(record.text("title"), weight)
        case "decision":
            when = show_date(record.text("decided_on")) if v("decided_on") else "–"
            return Brief(record.text("subject"), when)
    due = show_date(record.text("due")) if v("due") else record.text("responsible")
    return Brief(record.text("title"), due, words.glyph(c.TaskStatus, v("status") or "open"))


class PartHead(Pressable):
    """A part in one line; pressing opens its fields below it."""

    ring_radius = 4

    def __init__(self, name: str, accessible: str) -> None:
        super().__init__("", name, accessible, None)
        self._brief, self._on, self._pending, self._open_question = Brief(""), False, False, False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_part(self, record: Record, on: bool) -> None:
        """Show a part, open or closed."""
        self._brief, self._on = brief(record), on
        self._pending, self._open_question = bool(record.pending_slots), bool(record.open_slots)
        told = [names.PARTS[record.kind][0], self._brief.words, self._brief.meta]
        told += [self.tr("noch nicht übertragen")] if self._pending else []
        told += [self.tr("Zwei Fassungen")] if self._open_question else []
        self.setAccessibleName(", ".join(one for one in told if one))
        self.setAccessibleDescription(self.tr("geöffnet") if on else self.tr("geschlossen"))
        self.setToolTip(self._brief.words)
        self.update()

    def sizeHint(self) -> QSize:
        """A row of 32 px."""
        return QSize(theme.px(160), theme.grow(32))

    def minimumSizeHint(self) -> QSize:
        """May be narrow."""
        return QSize(theme.px(96), theme.grow(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint caret, shape, words and what stands at the right."""
        painter = base.crisp(QPainter(self))
        if self.underMouse() or self._on:
            base.box(painter, self.rect(), 4, theme.color("surface+text:4"))
        side = theme.px(12)
        icons.paint(
            painter,
            "caret-down" if self._on else "caret-right",
            base.middle(self.rect(), side, 4),
            theme.color("muted"),
        )
        left = 4.0 + side + 6
        for glyph, shown in ((self._brief.glyph, True), (Glyph.VERSIONS, self._open_question)):
            if glyph is not None and shown:
                paint_glyph(painter, glyph, base.middle(self.rect(), side, left))
                left += side + 6
        right = self.width() - (theme.px(14) if self._pending else 6)
        if self._pending:
            paint_glyph(painter, Glyph.DOT, base.middle(self.rect(), 12, self.width() - 13))
        room = min(base.text_width(self._brief.meta, "small", tabular=True), (right - left) * 0.5)
        area = QRectF(right - room, 0, room, self.height())
        base.text(painter, area, self._brief.meta, theme.color("muted"), "small", right=True, tabular=True)
        area = QRectF(left, 0, right - room - 8 - left, self.height())
        base.text(painter, area, self._brief.words, theme.color("text"), "small")
