"""Money, keys and per cent are read as people type them, and nothing typed is ever an accident."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.values import (
    ParseError,
    ParseFault,
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


def euros(text: str) -> str | ParseFault | None:
    read = parse_money(text)
    return read.fault if isinstance(read, ParseError) else None if read is None else format_money(read)


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


@pytest.mark.parametrize("typed", ["", "   ", "-", "–", "k. A.", "k.A.", "tbd", "offen", "\u00a0?", "noch offen"])
def test_unknown_is_said_in_many_ways_and_is_no_error(typed: str) -> None:
    assert parse_partial_date(typed, TODAY) is None
    assert parse_money(typed) is None
    assert parse_percent(typed) is None
    assert parse_ags(typed) is None


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
    faults = [read.fault for t in ("65,5", "101", "-3", "viel") if isinstance(read := parse_percent(t), ParseError)]
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
        started = time.process_time()
        read(text)
        assert time.process_time() - started < 0.5
