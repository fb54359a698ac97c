"""Money in whole cents: read as people type it ("1,5 Mio.", "340 T€", "118.000,00"), written by DIN 5008.

All arithmetic is on integers; no float and no decimal context is involved. Decisions:

- The comma is the decimal sign; full stops, spaces and apostrophes group by three: ``1.234`` is more
  than a thousand euros, ``1234,5`` is 1.234,50 €.
- One full stop with one or two digits behind it and no comma is a machine's decimal point: ``118000.00``.
- English grouping is understood where it can mean nothing else: ``1,234.56``, ``1,234,567``.
- ``1,234`` (thousand, or one euro and a bit?) and ``1.234 Mio.`` are ambiguous and asked back;
  ``1,234 Mio.`` is 1.234.000 € and ``1.234 T€`` is 1.234.000 €.
- "ca.", "rund", "etwa" are read over. "k. A.", "-", "tbd" and nothing at all mean unknown, which is not zero.
- Fractions of a cent are refused, not rounded.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from app.domain.reading import ParseError, ParseFault, fold_word, open_typed

Cents: TypeAlias = int
"""An amount of money; negative for money given back."""

LARGEST = 10**15
"""In cents, ten million million euros: what the field registry takes."""

_SCALES = {
    **dict.fromkeys(("", "€", "eur", "euro", "euros"), 0),
    **dict.fromkeys(("t€", "teur", "teuro", "tsd", "tsd€", "tsdeur", "tsdeuro", "tausend", "tausendeuro"), 3),
    **dict.fromkeys(("k€", "keur", "k", "t", "tausend€", "tausendeur"), 3),
    **dict.fromkeys(("mio", "mio€", "mioeur", "mioeuro", "mill", "mill€", "million", "millionen"), 6),
    **dict.fromkeys(("m€", "meur", "millioneneuro", "millioneuro", "millionen€", "million€"), 6),
    **dict.fromkeys(("mrd", "mrd€", "mrdeur", "mrdeuro", "milliarde", "milliarden", "milliardeneuro"), 9),
}
_AMOUNT = re.compile(
    r"(?:(?:ca\.?|circa|rund|etwa|ungefähr|~) *)?(?P<sign>[+-] *)?(?:(?P<before>€|euro?|t€|teur) *)?"
    r"(?P<number>[0-9](?:[0-9.,']| (?=[0-9]{3}(?![0-9])))*)(?P<dash>,? ?-{1,2})? *(?P<unit>[^0-9]*)",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"[0-9]{1,3}(?P<by>[.,' ])[0-9]{3}(?:(?P=by)[0-9]{3})*")


def parse_money(text: str) -> Cents | ParseError | None:
    """Read a typed amount in euros.

    Returns:
        The amount; None where the words say that it is unknown; else what could not be taken, and where.
    """
    typed = open_typed(text)
    if typed is None or isinstance(typed, ParseError):
        return typed
    found = _AMOUNT.fullmatch(typed.bare)
    if found is None:
        return typed.fault(ParseFault.MONEY_NOT_UNDERSTOOD, _first_strange(typed.bare))
    unit = fold_word((found["before"] or "") + found["unit"]).replace(" ", "").replace(".", "")
    scale = _SCALES.get(unit)
    if scale is None:
        return typed.fault(ParseFault.MONEY_NOT_UNDERSTOOD, found.start("unit"))
    number = found["number"].rstrip(",") if found["dash"] else found["number"]
    amount = _cents(number, scale)
    if isinstance(amount, ParseFault):
        return typed.fault(amount, found.start("number"))
    return -amount if (found["sign"] or "").startswith("-") else amount


def _first_strange(bare: str) -> int:
    """Where the longest beginning that could have become an amount ends."""
    return next((end for end in range(len(bare), 0, -1) if _AMOUNT.fullmatch(bare, 0, end)), 0)


def _cents(number: str, scale: int) -> Cents | ParseFault:
    """The digits of one amount at 10**scale euros each."""
    parts = _split(number, scale)
    if isinstance(parts, ParseFault):
        return parts
    whole, fraction = parts
    fraction = fraction.rstrip("0")
    places = scale + 2
    if len(fraction) > places:
        return ParseFault.MONEY_TOO_PRECISE
    cents = int((whole + fraction.ljust(places, "0")) or "0")
    return cents if cents <= LARGEST else ParseFault.MONEY_TOO_LARGE


def _split(number: str, scale: int) -> tuple[str, str] | ParseFault:
    """Whole digits and decimal digits, by the decisions at the top of this module."""
    signs = {sign for sign in ".,' " if sign in number}
    if not signs:
        return number, ""
    last = max(number.rfind("."), number.rfind(","))
    decimal = number[last] if last >= 0 else ""
    whole, fraction = (number[:last], number[last + 1 :]) if decimal else (number, "")
    if not decimal or number.count(decimal) > 1:
        return _ungroup(number)
    if len(signs) == 1:
        groups = len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
        if decimal == "." and groups:
            return ParseFault.MONEY_AMBIGUOUS if scale > 3 else (whole + fraction, "")
        if decimal == "," and groups and scale == 0:
            return ParseFault.MONEY_AMBIGUOUS
        if not fraction or (decimal == "." and len(fraction) > 2 and scale == 0):
            return ParseFault.MONEY_GROUPING
        return whole, fraction
    ungrouped = _ungroup(whole) if len(signs) == 2 else ParseFault.MONEY_GROUPING
    if isinstance(ungrouped, ParseFault) or not fraction:
        return ParseFault.MONEY_GROUPING
    return ungrouped[0], fraction


def _ungroup(number: str) -> tuple[str, str] | ParseFault:
    """Whole digits of a number grouped by three with one sign, or not grouped at all."""
    if number.isdigit():
        return number, ""
    if not _GROUPED.fullmatch(number):
        return ParseFault.MONEY_GROUPING
    return "".join(digit for digit in number if digit.isdigit()), ""


def format_money(cents: Cents) -> str:
    """ "1.234.567,89 €"; whole euros without cents: "340.000 €"."""
    euros, rest = divmod(abs(cents), 100)
    grouped = f"{euros:,}".replace(",", ".")
    tail = f",{rest:02}" if rest else ""
    return f"{'-' if cents < 0 else ''}{grouped}{tail} €"


def format_money_field(cents: Cents) -> str:
    """For editing and for files: both decimals, no sign of currency: "340.000,00"."""
    euros, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{f'{euros:,}'.replace(',', '.')},{rest:02}"
