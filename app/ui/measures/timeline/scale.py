"""Days to pixels: three zoom steps, the part of time in sight, and what the axis says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.partial_date import MONTHS


class Zoom(StrEnum):
    """How wide time is drawn, from far to near."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


#: Pixels per day at 100 % text size: a year of 104, a quarter of 60, a month of 76 pixels.
_PER_DAY = {Zoom.YEAR: 0.285, Zoom.QUARTER: 0.66, Zoom.MONTH: 2.5}
_MONTHS_EACH = {Zoom.YEAR: 6, Zoom.QUARTER: 3, Zoom.MONTH: 1}
_ORDER = list(Zoom)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the axis: its day, the word behind it, whether a year begins."""

    day: int
    words: str
    major: bool


@dataclass(slots=True)
class Scale:
    """The axis from `first` to `last` (ordinals); `offset` pixels of it lie left of the picture.

    `grown` is the text size as a factor: words on the axis need room that grows with them.
    """

    first: int
    last: int
    zoom: Zoom = Zoom.QUARTER
    offset: float = 0.0
    grown: float = 1.0

    @property
    def per_day(self) -> float:
        """Pixels per day."""
        return _PER_DAY[self.zoom] * self.grown

    @property
    def length(self) -> int:
        """The whole axis in pixels."""
        return round((self.last - self.first) * self.per_day)

    def x(self, day: float) -> float:
        """Where a day begins, in pixels from the left edge of the picture."""
        return (day - self.first) * self.per_day - self.offset

    def day(self, x: float) -> float:
        """The day at a pixel."""
        return (x + self.offset) / self.per_day + self.first

    def zoom_at(self, zoom: Zoom, x: float) -> None:
        """Another zoom; the day at `x` stays where it is."""
        held = self.day(x)
        self.zoom = zoom
        self.offset = (held - self.first) * self.per_day - x

    def nearer(self, by: int) -> Zoom:
        """The zoom so many steps nearer (or farther, if negative); at the ends it stays."""
        return _ORDER[max(0, min(len(_ORDER) - 1, _ORDER.index(self.zoom) + by))]

    def step(self) -> int:
        """Pixels of one part of the axis, for keys that walk through time."""
        return round(_MONTHS_EACH[self.zoom] * 30.5 * self.per_day)

    def ticks(self, width: float) -> list[Tick]:
        """The lines in sight, and the one before the left edge so that its word can be seen."""
        each = _MONTHS_EACH[self.zoom]
        begin = date.fromordinal(max(1, int(self.day(0))))
        year, month = begin.year, (begin.month - 1) // each * each + 1
        found: list[Tick] = []
        while True:
            day = date(year, month, 1).toordinal()
            if self.x(day) > width or day > self.last:
                return found
            found.append(Tick(day, self._word(month), month == 1))
            year, month = (year + 1, 1) if month + each > 12 else (year, month + each)

    def _word(self, month: int) -> str:
        if self.zoom is Zoom.MONTH:
            return MONTHS[month - 1][:3]
        return f"Q{(month + 2) // 3}" if self.zoom is Zoom.QUARTER else f"{(month + 5) // 6}. Hj."
