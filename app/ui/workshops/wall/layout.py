"""Where everything on the wall lies: panels side by side, cards in columns, and what a point hits."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import QPointF, QRectF

from app.domain.ids import EntityId
from app.models.queries.sessions import CardLine
from app.ui import theme
from app.ui.workshops.wall.wrapping import Wrap

LOOSE, PARKED = "loose", "parked"
"""Keys of the two panels that are no clusters."""

_STEP = 64
"""Cards between two moments at which something else may happen: less than a millisecond."""

Part = Literal["card", "less", "more", "head", "panel"]


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes of a wall in pixels: one for the desk, one for the screen in the hall."""

    text: theme.Size
    small: theme.Size
    padding: int
    gap: int
    head: int
    foot: int
    dot: float
    pitch: float
    narrowest: int
    most_lines: int
    mark: int
    nearly: int
    steppers: bool

    @classmethod
    def desk(cls) -> Look:
        """Dense, with steppers."""
        foot, px = theme.grow(24, "small"), theme.px
        return cls("body", "small", 12, 8, theme.line() + 24, foot, px(7), px(10), px(184), 5, px(16), px(64), True)

    @classmethod
    def hall(cls) -> Look:
        """To be read from the last row; nothing to press."""
        px = theme.px
        return cls("display", "title", 24, 20, theme.line("display") + 40, theme.line("title") + 8,
                   px(16), px(22), px(420), 6, px(24), px(64), False)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in one panel."""

    key: str
    title: str
    cards: Sequence[CardLine]

    @property
    def is_cluster(self) -> bool:
        """Whether it is a cluster and not one of the two that are always there."""
        return self.key not in (LOOSE, PARKED)


@dataclass(frozen=True, slots=True)
class Spot:
    """A card in its place, in the wall's own coordinates."""

    card: CardLine
    rect: QRectF
    lines: tuple[str, ...]


@dataclass(slots=True)
class Panel:
    """A panel in its place; `columns` hold its cards from top to bottom, `order` as they are read."""

    content: Content
    rect: QRectF
    columns: list[list[Spot]] = field(default_factory=list)
    order: list[Spot] = field(default_factory=list)

    def within(self, top: float, bottom: float) -> Iterator[Spot]:
        """The cards that touch a band, found without looking at the others."""
        for column in self.columns:
            first = max(0, bisect_right(column, top, key=lambda spot: spot.rect.top()) - 1)
            for spot in column[first:]:
                if spot.rect.top() > bottom:
                    break
                yield spot


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under a point."""

    part: Part
    panel: str
    card: EntityId = ""


@dataclass(slots=True)
class _Draft:
    """What is being laid; what is in sight stays as it was until it is done."""

    until: float
    panels: list[Panel] = field(default_factory=list)
    spots: dict[EntityId, tuple[Panel, Spot]] = field(default_factory=dict)
    is_whole: bool = True


class Layout:
    """All panels for one width. Laying out ten thousand cards anew costs some hundredths of a second."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.panels: list[Panel] = []
        self.height = 0.0
        self.is_whole = True
        """Nothing was left out because it lies below what is in sight."""
        self._wraps: dict[int, Wrap] = {}
        self._lines: dict[tuple[int, str], tuple[str, ...]] = {}
        self._spots: dict[EntityId, tuple[Panel, Spot]] = {}

    def lay(self, contents: Sequence[Content], width: float, margin: int, until: float = math.inf) -> None:
        """Put every panel and card in its place; what begins below `until` may be left out, and `is_whole` tells.

        Above `until`, less what two columns may differ by (`Look.nearly`), everything lies as if all were there.
        """
        for _ in self.laying(contents, width, margin, until):
            pass

    def laying(self, contents: Sequence[Content], width: float, margin: int, until: float = math.inf) -> Iterator[None]:
        """The same in small steps, so that a window can paint and hear in between; it all changes with the last."""
        look = self.look
        draft = _Draft(until)
        room = width - 2 * margin
        gap = 2 * look.gap
        least = 2 * look.narrowest + look.gap + 2 * look.padding
        count = max(1, min(int((room + gap) / (least + gap)), max(1, sum(c.is_cluster for c in contents))))
        if len(contents) == 1:
            count = 1
        has_loose = any(c.key == LOOSE for c in contents)
        cell = (room - (count - 1) * gap) / count
        bottoms = [float(margin)] * count
        for content in contents:
            wide = count > 1 and not content.is_cluster and has_loose
            at = 0 if wide else self._column_for(bottoms)
            top = max(bottoms) if wide else bottoms[at]
            if top > until:
                draft.is_whole = False
                continue
            panel = Panel(content, QRectF(margin + at * (cell + gap), top, room if wide else cell, 0))
            yield from self._fill(panel, draft)
            if wide:
                bottoms = [panel.rect.bottom() + gap] * count
            else:
                bottoms[at] = panel.rect.bottom() + gap
        self.height = max(bottoms) - gap + margin
        self.panels, self._spots, self.is_whole = draft.panels, draft.spots, draft.is_whole

    def _column_for(self, bottoms: list[float]) -> int:
        """The shortest column; of those nearly as short the first, as one reads."""
        return next(n for n, bottom in enumerate(bottoms) if bottom <= min(bottoms) + self.look.nearly)

    def _fill(self, panel: Panel, draft: _Draft) -> Iterator[None]:
        """Put its cards into a panel that lies at its place, and give it its height."""
        look, rect = self.look, panel.rect
        inner = rect.width() - 2 * look.padding
        count = max(1, int((inner + look.gap) / (look.narrowest + look.gap)))
        cell = int((inner - (count - 1) * look.gap) / count)
        start = rect.top() + look.head
        bottoms = [start] * count
        lefts = [rect.left() + look.padding + at * (cell + look.gap) for at in range(count)]
        highs = [self._card_height(lines) for lines in range(look.most_lines + 1)]
        panel.columns = [[] for _ in range(count)]
        for number, card in enumerate(panel.content.cards):
            lowest = min(bottoms)
            if lowest > draft.until:
                draft.is_whole = False
                break
            at = bottoms.index(lowest)
            lines = self._wrapped(card.text, cell)
            high = highs[len(lines)]
            spot = Spot(card, QRectF(lefts[at], lowest, cell, high), lines)
            panel.columns[at].append(spot)
            panel.order.append(spot)
            draft.spots[card.id] = (panel, spot)
            bottoms[at] = lowest + high + look.gap
            if number % _STEP == _STEP - 1:
                yield
        low = max(bottoms) - look.gap if panel.order else start + theme.line(look.text) + look.gap
        rect.setHeight(low - rect.top() + look.padding)
        draft.panels.append(panel)

    def _card_height(self, lines: int) -> int:
        look = self.look
        return look.padding + lines * theme.line(look.text) + look.padding // 2 + look.foot + look.padding - 3

    def _wrapped(self, text: str, cell: int) -> tuple[str, ...]:
        found = self._lines.get((cell, text))
        if found is None:
            wrap = self._wraps.get(cell)
            if wrap is None:
                look = self.look
                inset = look.mark + 4
                wrap = Wrap(theme.metrics(look.text), cell - 2 * look.padding, inset, look.most_lines)
                self._wraps[cell] = wrap
            found = self._lines[(cell, text)] = wrap.lines(text)
        return found

    def forget(self) -> None:
        """Measure everything anew: the text size changed."""
        self._wraps.clear()
        self._lines.clear()

    # -- finding ---------------------------------------------------------------------------------

    def spot(self, card: EntityId) -> Spot | None:
        """Where a card lies."""
        found = self._spots.get(card)
        return found[1] if found else None

    def panel_of(self, card: EntityId) -> Panel | None:
        """The panel a card lies in."""
        found = self._spots.get(card)
        return found[0] if found else None

    def first(self) -> Spot | None:
        """The card that is read first."""
        return next((panel.order[0] for panel in self.panels if panel.order), None)

    def steps(self, spot: Spot) -> tuple[QRectF, QRectF]:
        """The minus and the plus of a card."""
        look, rect = self.look, spot.rect
        side = look.foot
        top = rect.bottom() - look.padding + 3 - side
        more = QRectF(rect.right() - look.padding - side, top, side, side)
        return more.translated(-(side + theme.px(32)), 0), more

    def at(self, point: QPointF, steps: bool) -> Hit | None:
        """What lies under a point; `steps` while points can be given."""
        panel = next((p for p in self.panels if p.rect.contains(point)), None)
        if panel is None:
            return None
        key = panel.content.key
        for spot in panel.within(point.y() - 1, point.y() + 1):
            if spot.rect.contains(point):
                less, more = self.steps(spot)
                part: Part = "card"
                if steps and less.contains(point):
                    part = "less"
                elif steps and more.contains(point):
                    part = "more"
                return Hit(part, key, spot.card.id)
        return Hit("head" if point.y() < panel.rect.top() + self.look.head else "panel", key)

    def beside(self, card: EntityId, x: int, y: int) -> Spot | None:
        """The card one walks to with an arrow key: the nearest one on that side, in reading order at last."""
        found = self._spots.get(card)
        if found is None:
            return self.first()
        panel, spot = found
        middle = spot.rect.center()
        if y:
            column = next(c for c in panel.columns if spot in c)
            at = column.index(spot) + y
            if 0 <= at < len(column):
                return column[at]
        return self._nearest(spot, middle, x, y)

    def _nearest(self, spot: Spot, middle: QPointF, x: int, y: int) -> Spot | None:
        best: tuple[float, Spot] | None = None
        for panel in self.panels:
            band = panel.within(spot.rect.top(), spot.rect.bottom()) if x else self._edge(panel, y)
            for other in band:
                far = other.rect.center()
                along = (far.x() - middle.x()) * x + (far.y() - middle.y()) * y
                across = abs(far.y() - middle.y()) if x else abs(far.x() - middle.x())
                if along <= 1 or other is spot:
                    continue
                weight = along + 3 * across
                if best is None or weight < best[0]:
                    best = (weight, other)
        return best[1] if best else None

    @staticmethod
    def _edge(panel: Panel, y: int) -> Iterator[Spot]:
        """The cards of a panel that one reaches first from above or from below."""
        return (column[0 if y > 0 else -1] for column in panel.columns if column)
