"""A date as exact as people know it: "26.10.2020", "KW 12/2027", "Q3/2024", "Ende 2023", "2026".

Stored as ISO-like text (``encode``): ``2024-03-12``, ``2024-W12``, ``2024-03``, ``2024-Q3``,
``2024-S3``, ``2024-H1``, ``2024``, and with a qualifier ``2023~1`` (Anfang), ``2023~2`` (Mitte),
``2023~3`` (Ende). Seasons are S1 spring (March to May) to S4 winter (December of that year to
February of the next). The stored text sorts by year; the exact order in time is ``sort_key``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from functools import total_ordering

from app.domain.reading import ParseError, ParseFault

FIRST_YEAR = 1900
LAST_YEAR = 2199
"""A year outside is a slip of the fingers ("20244"), not a plan."""

MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
SEASONS = ("Frühjahr", "Sommer", "Herbst", "Winter")


class Precision(IntEnum):
    """How exact a date is, from narrow to wide."""

    DAY = 1
    WEEK = 2
    MONTH = 3
    QUARTER = 4
    SEASON = 5
    HALF = 6
    YEAR = 7


class Qualifier(IntEnum):
    """The part of a period that is meant: Anfang, Mitte, Ende."""

    BEGIN = 1
    MID = 2
    END = 3

    @property
    def word(self) -> str:
        """The German word, as written before the period."""
        return ("Anfang", "Mitte", "Ende")[self - 1]


_LAST_PART = {
    Precision.MONTH: 12,
    Precision.QUARTER: 4,
    Precision.SEASON: 4,
    Precision.HALF: 2,
}
_LETTER = {Precision.QUARTER: "Q", Precision.SEASON: "S", Precision.HALF: "H"}
_PRECISION_OF = {letter: precision for precision, letter in _LETTER.items()}
_ENCODED = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?"
    r"|-W(?P<week>[0-9]{2})|-(?P<letter>[QSH])(?P<part>[1-4]))?(?:~(?P<qualifier>[123]))?"
)


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A point or a period, in the words people use for it. Ordered by first day, then last day.

    Attributes:
        year: calendar year; the ISO year for a week.
        precision: what ``part`` counts.
        part: month, quarter, season, half or ISO week, from 1; 0 for a year.
        day: day of the month for precision DAY, else 0.
        qualifier: only on months and anything wider.

    Raises:
        ParseError: the parts make no date.
    """

    year: int
    precision: Precision = Precision.YEAR
    part: int = 0
    day: int = 0
    qualifier: Qualifier | None = None

    def __post_init__(self) -> None:
        fault = self._fault()
        if fault is not None:
            told = f"{self.year}/{self.precision.name}/{self.part}/{self.day}/{self.qualifier}"
            raise ParseError(fault, told)

    def _fault(self) -> ParseFault | None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            return ParseFault.DATE_YEAR_OUT_OF_RANGE
        if self.qualifier is not None and self.precision < Precision.MONTH:
            return ParseFault.DATE_GARBLED
        if self.precision is Precision.DAY:
            fits = 1 <= self.part <= 12 and 1 <= self.day <= monthrange(self.year, self.part)[1]
        elif self.day:
            fits = False
        elif self.precision is Precision.WEEK:
            fits = 1 <= self.part <= weeks_of(self.year)
        elif self.precision is Precision.YEAR:
            fits = self.part == 0
        else:
            fits = 1 <= self.part <= _LAST_PART[self.precision]
        return None if fits else ParseFault.DATE_NO_SUCH_DAY

    @classmethod
    def of_day(cls, day: date) -> PartialDate:
        """The exact date."""
        return cls(day.year, Precision.DAY, day.month, day.day)

    @classmethod
    def of_month(cls, year: int, month: int, qualifier: Qualifier | None = None) -> PartialDate:
        """A month, or its beginning, middle or end."""
        return cls(year, Precision.MONTH, month, 0, qualifier)

    @classmethod
    def of_year(cls, year: int, qualifier: Qualifier | None = None) -> PartialDate:
        """A year, or its beginning, middle or end."""
        return cls(year, Precision.YEAR, 0, 0, qualifier)

    @classmethod
    def of_week(cls, day: date) -> PartialDate:
        """The ISO week that a day lies in."""
        iso = day.isocalendar()
        return cls(iso.year, Precision.WEEK, iso.week)

    def encode(self) -> str:
        """The stored text; ``decode`` is its inverse."""
        suffix = f"~{int(self.qualifier)}" if self.qualifier else ""
        if self.precision is Precision.YEAR:
            return f"{self.year:04}{suffix}"
        if self.precision is Precision.DAY:
            return f"{self.year:04}-{self.part:02}-{self.day:02}"
        if self.precision is Precision.WEEK:
            return f"{self.year:04}-W{self.part:02}"
        if self.precision is Precision.MONTH:
            return f"{self.year:04}-{self.part:02}{suffix}"
        return f"{self.year:04}-{_LETTER[self.precision]}{self.part}{suffix}"

    @classmethod
    def decode(cls, text: str) -> PartialDate:
        """Read stored text.

        Raises:
            ParseError: it is not what ``encode`` writes.
        """
        found = _ENCODED.fullmatch(text)
        if found is None:
            raise ParseError(ParseFault.DATE_GARBLED, text)
        qualifier = Qualifier(int(found["qualifier"])) if found["qualifier"] else None
        year = int(found["year"])
        if found["day"]:
            return cls(year, Precision.DAY, int(found["month"]), int(found["day"]), qualifier)
        if found["month"]:
            return cls(year, Precision.MONTH, int(found["month"]), 0, qualifier)
        if found["week"]:
            return cls(year, Precision.WEEK, int(found["week"]), 0, qualifier)
        if found["letter"]:
            return cls(year, _PRECISION_OF[found["letter"]], int(found["part"]), 0, qualifier)
        return cls(year, Precision.YEAR, 0, 0, qualifier)

    def earliest(self) -> date:
        """The first day that can be meant."""
        return self._bounds()[0]

    def latest(self) -> date:
        """The last day that can be meant; a deadline is over after it."""
        return self._bounds()[1]

    def _bounds(self) -> tuple[date, date]:
        if self.precision is Precision.DAY:
            only = date(self.year, self.part, self.day)
            return only, only
        if self.precision is Precision.WEEK:
            monday = date.fromisocalendar(self.year, self.part, 1)
            return monday, monday + timedelta(days=6)
        first, count = _months_of(self.precision, self.part)
        if self.qualifier is None:
            return _month_span(self.year, first, count)
        if count == 1:
            ten_days = ((1, 10), (11, 20), (21, monthrange(self.year, first)[1]))[self.qualifier - 1]
            return date(self.year, first, ten_days[0]), date(self.year, first, ten_days[1])
        # Beginning and end of a year are its outer quarters, as in "Ende 2023"; its middle is May to August.
        width = {3: 1, 6: 2, 12: 3}[count]
        if self.qualifier is Qualifier.MID:
            width = max(1, count // 3)
        start = {Qualifier.BEGIN: 0, Qualifier.MID: (count - width) // 2, Qualifier.END: count - width}
        return _month_span(self.year, first + start[self.qualifier], width)

    def sort_key(self) -> str:
        """Text whose plain order is the order in time; exacter dates first where two begin on one day."""
        first, last = self._bounds()
        return f"{first.isoformat()}/{last.isoformat()}/{self.encode()}"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return self.sort_key() < other.sort_key()

    def __str__(self) -> str:
        """As people read it: "03.12.2020", "KW 12/2027", "02/2022", "Q3/2024", "Ende 2023", "2026"."""
        before = f"{self.qualifier.word} " if self.qualifier else ""
        if self.precision is Precision.DAY:
            return f"{self.day:02}.{self.part:02}.{self.year}"
        if self.precision is Precision.WEEK:
            return f"KW {self.part}/{self.year}"
        if self.precision is Precision.MONTH:
            return f"{before}{MONTHS[self.part - 1]} {self.year}" if before else f"{self.part:02}/{self.year}"
        if self.precision is Precision.QUARTER:
            return f"{before}Q{self.part}/{self.year}"
        if self.precision is Precision.HALF:
            return f"{before}{self.part}. Halbjahr {self.year}"
        if self.precision is Precision.SEASON:
            ends = f"/{(self.year + 1) % 100:02}" if self.part == 4 else ""
            return f"{before}{SEASONS[self.part - 1]} {self.year}{ends}"
        return f"{before}{self.year}"

    def spoken(self) -> str:
        """As a screen reader should say it: like ``str``, with months and quarters as words."""
        before = f"{self.qualifier.word} " if self.qualifier else ""
        if self.precision is Precision.DAY:
            return f"{self.day}. {MONTHS[self.part - 1]} {self.year}"
        if self.precision is Precision.MONTH:
            return f"{before}{MONTHS[self.part - 1]} {self.year}"
        if self.precision is Precision.QUARTER:
            return f"{before}{self.part}. Quartal {self.year}"
        if self.precision is Precision.WEEK:
            return f"Kalenderwoche {self.part}, {self.year}"
        return str(self)


def weeks_of(year: int) -> int:
    """How many ISO weeks a year has: 52 or 53 (28 December is always in the last one)."""
    return date(year, 12, 28).isocalendar().week


def date_sort_key(encoded: str | None) -> str:
    """The sort key of stored text; unknown and garbled dates come last, so no list fails on one row."""
    if not encoded:
        return "~"
    try:
        return PartialDate.decode(encoded).sort_key()
    except ParseError:
        return f"~{encoded}"


def _months_of(precision: Precision, part: int) -> tuple[int, int]:
    """First month (13 and more: of the next year) and number of months of a period."""
    if precision is Precision.MONTH:
        return part, 1
    if precision is Precision.QUARTER:
        return 3 * part - 2, 3
    if precision is Precision.SEASON:
        return 3 * part, 3
    if precision is Precision.HALF:
        return 6 * part - 5, 6
    return 1, 12


def _month_span(year: int, first: int, count: int) -> tuple[date, date]:
    """First and last day of ``count`` months from month ``first``, which may lie beyond December."""
    start_year, start_month = year + (first - 1) // 12, (first - 1) % 12 + 1
    last = first + count - 1
    end_year, end_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    return date(start_year, start_month, 1), date(end_year, end_month, monthrange(end_year, end_month)[1])
