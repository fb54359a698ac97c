"""Dates as exact as people know them: read as typed, stored, ordered, shown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.date_words import parse_partial_date, split_due
from app.domain.fields import KINDS, Type
from app.domain.fits import fits
from app.domain.partial_date import (
    FIRST_YEAR,
    LAST_YEAR,
    PartialDate,
    Precision,
    Qualifier,
    date_sort_key,
    weeks_of,
)
from app.domain.reading import ParseError, ParseFault

TODAY = date(2026, 11, 26)
"""A Thursday."""


def shown(text: str, today: date = TODAY) -> str | ParseFault | None:
    """What a person sees of what they typed: the date in German, the fault, or nothing."""
    read = parse_partial_date(text, today)
    return read.fault if isinstance(read, ParseError) else str(read) if read else None


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    precision = draw(st.sampled_from(Precision))
    year = draw(st.integers(FIRST_YEAR, LAST_YEAR))
    if precision is Precision.DAY:
        return PartialDate.of_day(draw(st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))))
    if precision is Precision.WEEK:
        return PartialDate(year, precision, draw(st.integers(1, weeks_of(year))))
    last = {Precision.MONTH: 12, Precision.QUARTER: 4, Precision.SEASON: 4, Precision.HALF: 2}.get(precision)
    part = draw(st.integers(1, last)) if last else 0
    return PartialDate(year, precision, part, 0, draw(st.none() | st.sampled_from(Qualifier)))


# Dates: what people type ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("03.12.2020", "03.12.2020"),
        ("3.12.20", "03.12.2020"),
        ("2020-12-03", "03.12.2020"),
        ("2020-12-03T00:00:00", "03.12.2020"),
        ("03.12.2020 14:30 Uhr", "03.12.2020"),
        ("3. Dezember 2020", "03.12.2020"),
        ("3. Dez. 2020", "03.12.2020"),
        ("Do., 03.12.2020", "03.12.2020"),
        ("12/2020", "12/2020"),
        ("02/2022", "02/2022"),
        ("2022-02", "02/2022"),
        ("Dezember 2020", "12/2020"),
        ("Mär 2024", "03/2024"),
        ("Ma\u0308rz 2024", "03/2024"),
        ("Sept. '24", "09/2024"),
        ("12/24", "12/2024"),
        ("Q3/2024", "Q3/2024"),
        ("Q3 2024", "Q3/2024"),
        ("2024-Q3", "Q3/2024"),
        ("3. Quartal 2024", "Q3/2024"),
        ("III. Quartal 2024", "Q3/2024"),
        ("III/2024", "Q3/2024"),
        ("1. Halbjahr 2024", "1. Halbjahr 2024"),
        ("H2 2024", "2. Halbjahr 2024"),
        ("Herbst 2024", "Herbst 2024"),
        ("Winter 2024/25", "Winter 2024/25"),
        ("Winter 24/25", "Winter 2024/25"),
        ("2026", "2026"),
        ("im Jahr 2026", "2026"),
        ("Ende 2023", "Ende 2023"),
        ("bis Ende 2023", "Ende 2023"),
        ("Mitte 2025", "Mitte 2025"),
        ("Anfang 2024", "Anfang 2024"),
        ("Ende Januar 2025", "Ende Januar 2025"),
        ("vsl. Ende Q3/2024", "Ende Q3/2024"),
        ("ca. 2025", "2025"),
        ("KW 3/2027", "KW 3/2027"),
        ("12. KW 2027", "KW 12/2027"),
        ("2027-W03", "KW 3/2027"),
    ],
)
def test_dates_are_understood_as_people_type_them(typed: str, meant: str) -> None:
    assert shown(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("heute", "26.11.2026"),
        ("morgen", "27.11.2026"),
        ("bis Freitag", "27.11.2026"),
        ("Freitag", "27.11.2026"),
        ("nächsten Dienstag", "01.12.2026"),
        ("Donnerstag", "03.12.2026"),
        ("in 2 Wochen", "10.12.2026"),
        ("in drei Tagen", "29.11.2026"),
        ("in einem Monat", "12/2026"),
        ("Ende der Woche", "27.11.2026"),
        ("Ende nächster Woche", "04.12.2026"),
        ("diese Woche", "KW 48/2026"),
        ("Monatsende", "Ende November 2026"),
        ("Jahresende", "Ende 2026"),
        ("Ende nächsten Jahres", "Ende 2027"),
        ("KW 12", "KW 12/2027"),
        ("KW 48", "KW 48/2026"),
        ("KW 53", "KW 53/2026"),
        ("Ende KW 12", "26.03.2027"),
        ("ab Herbst", "Herbst 2026"),
        ("Sommer", "Sommer 2027"),
        ("Winter", "Winter 2026/27"),
        ("Ende März", "Ende März 2027"),
        ("3.4.", "03.04.2027"),
        ("1.12.", "01.12.2026"),
        ("29.2.", "29.02.2028"),
        ("Q1", "Q1/2027"),
    ],
)
def test_without_a_year_the_next_one_that_is_not_over_is_meant(typed: str, meant: str) -> None:
    assert shown(typed) == meant


@pytest.mark.parametrize(
    ("typed", "fault", "position"),
    [
        ("nächtens", ParseFault.DATE_NOT_UNDERSTOOD, 0),
        ("  bis irgendwann", ParseFault.DATE_NOT_UNDERSTOOD, 6),
        ("Q3/2024 ungefähr", ParseFault.DATE_NOT_UNDERSTOOD, 8),
        ("20244", ParseFault.DATE_NOT_UNDERSTOOD, 0),
        ("Anfang", ParseFault.DATE_NOT_UNDERSTOOD, 0),
        ("🙂", ParseFault.DATE_NOT_UNDERSTOOD, 0),
        ("31.2.2024", ParseFault.DATE_NO_SUCH_DAY, 0),
        ("13/2024", ParseFault.DATE_NO_SUCH_DAY, 0),
        ("KW 54", ParseFault.DATE_NO_SUCH_DAY, 0),
        ("KW 53/2027", ParseFault.DATE_NO_SUCH_DAY, 0),
        ("Q5/2024", ParseFault.DATE_NO_SUCH_DAY, 0),
        ("1.1.3024", ParseFault.DATE_YEAR_OUT_OF_RANGE, 0),
        ("3/12", ParseFault.DATE_AMBIGUOUS, 0),
        ("2021-2023", ParseFault.DATE_TWO_DATES, 5),
        ("2021 bis 2023", ParseFault.DATE_TWO_DATES, 9),
        ("Sommer 2024/25", ParseFault.DATE_TWO_DATES, 0),
        ("Freitag, 3.12.2020", ParseFault.DATE_WRONG_WEEKDAY, 0),
        ("x" * 200, ParseFault.TOO_LONG, 120),
    ],
)
def test_what_is_no_date_says_why_and_where(typed: str, fault: ParseFault, position: int) -> None:
    read = parse_partial_date(typed, TODAY)
    assert isinstance(read, ParseError)
    assert (read.fault, read.position, read.code) == (fault, position, fault.value)


@pytest.mark.parametrize("typed", ["KW 12", "morgen", "Freitag", "Herbst", "3.4.", "Jahresende", "in 2 Wochen"])
def test_in_a_file_a_date_needs_its_year(typed: str) -> None:
    read = parse_partial_date(typed)
    assert isinstance(read, ParseError)
    assert read.fault is ParseFault.DATE_NEEDS_YEAR
    assert str(parse_partial_date("Ende 2023")) == "Ende 2023"


@pytest.mark.parametrize(
    ("line", "rest", "due"),
    [
        ("Angebote für Mitfahrbank einholen bis KW 3", "Angebote für Mitfahrbank einholen", "KW 3/2027"),
        ("Zählung beauftragen (bis Freitag)", "Zählung beauftragen", "27.11.2026"),
        ("Strecke von A bis B prüfen bis 3.4.", "Strecke von A bis B prüfen", "03.04.2027"),
        ("Strecke von A bis B prüfen", "Strecke von A bis B prüfen", None),
        ("Weg bis zum Ende gehen", "Weg bis zum Ende gehen", None),
    ],
)
def test_a_deadline_comes_off_the_end_of_a_task(line: str, rest: str, due: str | None) -> None:
    text, found = split_due(line, TODAY)
    assert (text, str(found) if found else None) == (rest, due)


# Dates: the value itself ----------------------------------------------------------------------


@given(partial_dates())
def test_a_stored_date_is_read_back_and_what_is_shown_can_be_typed(when: PartialDate) -> None:
    assert PartialDate.decode(when.encode()) == when
    assert parse_partial_date(str(when), TODAY) == when
    assert parse_partial_date(when.encode().partition("~")[0], TODAY) is not None


@given(partial_dates())
def test_a_stored_date_fits_the_field_registry(when: PartialDate) -> None:
    field = next(f for f in KINDS["measure"].fields if f.type is Type.PARTIAL_DATE)
    assert fits(field)(when.encode())


@given(partial_dates(), partial_dates())
def test_order_is_order_in_time_and_total(one: PartialDate, two: PartialDate) -> None:
    assert one.earliest() <= one.latest()
    if one.latest() < two.earliest():
        assert one < two
    assert (one < two) + (two < one) + (one == two) == 1
    assert (one < two) == (date_sort_key(one.encode()) < date_sort_key(two.encode()))
    if one.year < two.year:
        assert one.encode() < two.encode()


@given(st.integers(FIRST_YEAR, LAST_YEAR), st.sampled_from(["", "-Q1", "-H2", "-S4", "-02"]))
def test_a_part_of_a_period_lies_within_it_and_its_parts_in_order(year: int, part: str) -> None:
    whole = PartialDate.decode(f"{year}{part}")
    begin, mid, end = (PartialDate.decode(f"{whole.encode()}~{n}") for n in (1, 2, 3))
    assert whole.earliest() == begin.earliest()
    assert begin.latest() < mid.earliest()
    assert mid.latest() < end.earliest()
    assert end.latest() == whole.latest()


def test_bounds_are_the_first_and_last_day_that_can_be_meant() -> None:
    bounds = {
        "2024": ("2024-01-01", "2024-12-31"),
        "2023~3": ("2023-10-01", "2023-12-31"),
        "2025~2": ("2025-05-01", "2025-08-31"),
        "2024-02": ("2024-02-01", "2024-02-29"),
        "2024-Q3": ("2024-07-01", "2024-09-30"),
        "2024-H1": ("2024-01-01", "2024-06-30"),
        "2024-S4": ("2024-12-01", "2025-02-28"),
        "2026-W53": ("2026-12-28", "2027-01-03"),
        "2024-03-12": ("2024-03-12", "2024-03-12"),
    }
    for stored, expected in bounds.items():
        when = PartialDate.decode(stored)
        assert (when.earliest().isoformat(), when.latest().isoformat()) == expected, stored


@pytest.mark.parametrize(
    "stored",
    [
        *("", "24", "2024-13", "2024-02-30", "2024-W54", "2024-Q5", "2024-H3", "2024~4", "2024-03-12~1"),
        *("2024 ", "0024", "3024", "２０２４", "2024\n"),
    ],
)
def test_stored_text_of_another_shape_is_refused(stored: str) -> None:
    with pytest.raises(ParseError):
        PartialDate.decode(stored)


def test_lists_put_unknown_and_unreadable_dates_last() -> None:
    stored = ["2024-H2", None, "2024", "kaputt", "2024-03-12", "2023~3", "2024-Q1"]
    ordered = sorted(stored, key=date_sort_key)
    assert ordered == ["2023~3", "2024-Q1", "2024", "2024-03-12", "2024-H2", None, "kaputt"]


def test_the_screen_reader_hears_words() -> None:
    said = {"2024-03-12": "12. März 2024", "2024-03~3": "Ende März 2024", "2024-Q3": "3. Quartal 2024"}
    assert {stored: PartialDate.decode(stored).spoken() for stored in said} == said


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(["Montag", "Mi", "So", "sonntag"]))
def test_a_weekday_is_within_the_next_seven_days(today: date, weekday: str) -> None:
    read = parse_partial_date(weekday, today)
    assert isinstance(read, PartialDate)
    assert timedelta(days=1) <= read.earliest() - today <= timedelta(days=7)
