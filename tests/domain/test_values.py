"""Dates, money, keys and per cent are read as people type them, and nothing typed is ever an accident."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.fields import KINDS, Type
from app.domain.fits import fits
from app.domain.partial_date import FIRST_YEAR, LAST_YEAR, weeks_of
from app.domain.values import (
    ParseError,
    ParseFault,
    PartialDate,
    Precision,
    Qualifier,
    date_sort_key,
    format_money,
    format_money_field,
    format_percent,
    parse_ags,
    parse_money,
    parse_partial_date,
    parse_percent,
    split_due,
)

TODAY = date(2026, 11, 26)
"""A Thursday."""


def shown(text: str, today: date = TODAY) -> str | ParseFault | None:
    """What a person sees of what they typed: the date in German, the fault, or nothing."""
    read = parse_partial_date(text, today)
    return read.fault if isinstance(read, ParseError) else str(read) if read else None


def euros(text: str) -> str | ParseFault | None:
    read = parse_money(text)
    return read.fault if isinstance(read, ParseError) else None if read is None else format_money(read)


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
    "typed", ["", "   ", "-", "–", "k. A.", "k.A.", "tbd", "offen", "\u00a0?", "noch offen"]
)
def test_unknown_is_said_in_many_ways_and_is_no_error(typed: str) -> None:
    assert parse_partial_date(typed, TODAY) is None
    assert parse_money(typed) is None
    assert parse_percent(typed) is None
    assert parse_ags(typed) is None


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


@pytest.mark.parametrize(
    "typed", ["KW 12", "morgen", "Freitag", "Herbst", "3.4.", "Jahresende", "in 2 Wochen"]
)
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


# Money ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1,5 Mio", "1.500.000 €"),
        ("1,5 Mio. €", "1.500.000 €"),
        ("1.5 Mio", "1.500.000 €"),
        ("1,234 Mio", "1.234.000 €"),
        ("13 Millionen Euro", "13.000.000 €"),
        ("0,5 Mrd. €", "500.000.000 €"),
        ("340 T€", "340.000 €"),
        ("340T€", "340.000 €"),
        ("120 TEUR", "120.000 €"),
        ("120 Tsd. Euro", "120.000 €"),
        ("1.234 T€", "1.234.000 €"),
        ("ca. 120 T€", "120.000 €"),
        ("rund 5 k€", "5.000 €"),
        ("118.000,00", "118.000 €"),
        ("118000", "118.000 €"),
        ("118000.00", "118.000 €"),
        ("1.234", "1.234 €"),
        ("1.234.567,89 €", "1.234.567,89 €"),
        ("1 234 567,89", "1.234.567,89 €"),
        ("1\u202f234\u202f567,89\u00a0€", "1.234.567,89 €"),
        ("1,234.56", "1.234,56 €"),
        ("1,234,567", "1.234.567 €"),
        ("1234,5", "1.234,50 €"),
        ("€ 340.000,-", "340.000 €"),
        ("340.000,– €", "340.000 €"),
        ("EUR 12", "12 €"),
        ("−500 €", "-500 €"),
        ("0", "0 €"),
        ("0,01", "0,01 €"),
    ],
)
def test_amounts_are_understood_as_people_type_them(typed: str, meant: str) -> None:
    assert euros(typed) == meant


@pytest.mark.parametrize(
    ("typed", "fault", "position"),
    [
        ("viel", ParseFault.MONEY_NOT_UNDERSTOOD, 0),
        ("100-200 T€", ParseFault.MONEY_NOT_UNDERSTOOD, 4),
        ("12 000 Euro netto", ParseFault.MONEY_NOT_UNDERSTOOD, 7),
        ("12 34", ParseFault.MONEY_NOT_UNDERSTOOD, 3),
        ("½ Mio", ParseFault.MONEY_NOT_UNDERSTOOD, 0),
        ("1e5", ParseFault.MONEY_NOT_UNDERSTOOD, 2),
        ("1,234", ParseFault.MONEY_AMBIGUOUS, 0),
        ("1.234 Mio", ParseFault.MONEY_AMBIGUOUS, 0),
        ("1.23.456", ParseFault.MONEY_GROUPING, 0),
        ("1,2,3", ParseFault.MONEY_GROUPING, 0),
        ("5,", ParseFault.MONEY_GROUPING, 0),
        ("  0,001", ParseFault.MONEY_TOO_PRECISE, 2),
        ("99999999999999", ParseFault.MONEY_TOO_LARGE, 0),
        ("9" * 121, ParseFault.TOO_LONG, 120),
    ],
)
def test_what_is_no_amount_says_why_and_where(typed: str, fault: ParseFault, position: int) -> None:
    read = parse_money(typed)
    assert isinstance(read, ParseError)
    assert (read.fault, read.position) == (fault, position)


@given(st.integers(-(10**15), 10**15))
def test_a_written_amount_is_read_back_to_the_cent(cents: int) -> None:
    assert parse_money(format_money(cents)) == cents
    assert parse_money(format_money_field(cents)) == cents
    assert parse_money(format_money(cents).replace(" ", "\u00a0")) == cents


@given(st.integers(0, 10**9), st.sampled_from([("T€", 3), ("TEUR", 3), ("Mio. €", 6), ("Mrd", 9)]))
def test_scaled_amounts_are_exact(digits: int, scale: tuple[str, int]) -> None:
    unit, power = scale
    whole, fraction = divmod(digits, 1000)
    assume(whole * 10**power < 10**13)
    assert parse_money(f"{whole},{fraction:03}5 {unit}") == (digits * 10 + 5) * 10 ** (power + 2 - 4)


# Keys and per cent ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["5958004", "05958004", "05 9 58 004", "5958004.0", "5958004,0", "059580004004", " 05958004 "]
)
def test_a_key_survives_what_spreadsheets_do_to_it(typed: str) -> None:
    assert parse_ags(typed, {"05958004"}) == "05958004"


@pytest.mark.parametrize(
    ("typed", "fault", "position"),
    [
        ("Olpe", ParseFault.AGS_NOT_UNDERSTOOD, 0),
        (" 0595800a", ParseFault.AGS_NOT_UNDERSTOOD, 8),
        ("123456789", ParseFault.AGS_NOT_UNDERSTOOD, 0),
        ("05315000", ParseFault.AGS_UNKNOWN, 0),
    ],
)
def test_what_is_no_key_says_why_and_where(typed: str, fault: ParseFault, position: int) -> None:
    read = parse_ags(typed, {"05958004"})
    assert isinstance(read, ParseError)
    assert (read.fault, read.position) == (fault, position)


def test_per_cent_are_whole_and_between_nought_and_a_hundred() -> None:
    assert [parse_percent(t) for t in ("65 %", "65", "65,0", "90 Prozent", "0%")] == [65, 65, 65, 90, 0]
    assert format_percent(65) == "65 %"
    faults = [
        read.fault for t in ("65,5", "101", "-3", "viel") if isinstance(read := parse_percent(t), ParseError)
    ]
    assert faults == [
        ParseFault.PERCENT_NOT_UNDERSTOOD,
        ParseFault.PERCENT_OUT_OF_RANGE,
        ParseFault.PERCENT_NOT_UNDERSTOOD,
        ParseFault.PERCENT_NOT_UNDERSTOOD,
    ]


# Anything at all ------------------------------------------------------------------------------

READERS: list[Callable[[str], object]] = [
    lambda text: parse_partial_date(text, TODAY),
    parse_money,
    parse_ags,
    parse_percent,
    lambda text: split_due(text, TODAY),
]
_pieces = st.sampled_from(
    [
        *("KW", "Q", "bis", "Ende", "Mio", "€", "T€", " ", ".", ",", "-", "/", "2024", "12", "3", "31", "Fr"),
        *(
            "in",
            "März",
            "%",
            "05958004",
            "\u00a0",
            "\x00",
            "'",
            "~",
            "Winter",
            "Woche",
            "nächste",
            "1.234,56",
        ),
    ]
)


@given(st.text() | st.lists(_pieces, max_size=8).map("".join))
def test_nothing_typed_makes_a_reader_fail(text: str) -> None:
    for read in READERS:
        found = read(text)
        if isinstance(found, ParseError):
            assert 0 <= found.position <= len(text)
            assert len(str(found.params["text"])) <= 80


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)), st.lists(_pieces, max_size=5).map(" ".join))
def test_no_day_of_reading_makes_a_reader_fail(today: date, text: str) -> None:
    parse_partial_date(text, today)


@pytest.mark.parametrize("piece", ["1", " ", "1 ", "bis ", "a\u0308", "1.", "in ein ", "\x00", "🙂", "KW"])
def test_ten_megabytes_in_a_field_are_answered_at_once(piece: str) -> None:
    text = piece * (10_000_000 // len(piece))
    for read in READERS:
        started = time.perf_counter()
        read(text)
        assert time.perf_counter() - started < 0.5
