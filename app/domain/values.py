"""The small values of the domain in one place: dates, money, municipality keys, per cent.

Every ``parse_…`` answers with the value, None for "unknown", or a ``ParseError`` with fault and
position, and raises nothing, whatever was typed.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import TypeAlias

from app.domain.date_words import parse_partial_date, split_due
from app.domain.money import Cents, format_money, format_money_field, parse_money
from app.domain.partial_date import PartialDate, Precision, Qualifier, date_sort_key
from app.domain.reading import ParseError, ParseFault, open_typed

__all__ = [
    "Ags",
    "Cents",
    "ParseError",
    "ParseFault",
    "PartialDate",
    "Percent",
    "Precision",
    "Qualifier",
    "date_sort_key",
    "format_money",
    "format_money_field",
    "format_percent",
    "parse_ags",
    "parse_money",
    "parse_partial_date",
    "parse_percent",
    "split_due",
]

Ags: TypeAlias = str
"""Amtlicher Gemeindeschlüssel: eight digits with the leading zero, "05958004"."""

Percent: TypeAlias = int
"""Whole per cent, 0 to 100."""

_AGS = re.compile(r"[0-9]{7,8}")
_ARS = re.compile(r"(?P<district>[0-9]{5})[0-9]{4}(?P<municipality>[0-9]{3})")
_PERCENT = re.compile(r"(?P<whole>[0-9]{1,9})(?:[.,]0{1,9})? *(?:%|prozent|v\. *h\.)?", re.IGNORECASE)


def parse_ags(text: str, known: Container[str] | None = None) -> Ags | ParseError | None:
    """Read a municipality key.

    Takes what spreadsheets make of it (``5958004``, ``5958004.0``), groups (``05 9 58 004``) and the
    twelve-digit regional key.

    Args:
        text: anything at all.
        known: the keys of the region; without it only the form is checked.
    """
    typed = open_typed(text)
    if typed is None or isinstance(typed, ParseError):
        return typed
    digits = re.sub(r"[.,]0$", "", typed.bare).replace(" ", "")
    regional = _ARS.fullmatch(digits)
    if regional is not None:
        digits = regional["district"] + regional["municipality"]
    if not _AGS.fullmatch(digits):
        strange = re.search(r"[^0-9 ]", typed.bare)
        return typed.fault(ParseFault.AGS_NOT_UNDERSTOOD, strange.start() if strange else 0)
    ags = digits.zfill(8)
    if known is not None and ags not in known:
        return typed.fault(ParseFault.AGS_UNKNOWN)
    return ags


def parse_percent(text: str) -> Percent | ParseError | None:
    """Read whole per cent: "65 %", "65", "65,0"."""
    typed = open_typed(text)
    if typed is None or isinstance(typed, ParseError):
        return typed
    found = _PERCENT.fullmatch(typed.bare)
    if found is None:
        partly = _PERCENT.match(typed.bare)
        return typed.fault(ParseFault.PERCENT_NOT_UNDERSTOOD, partly.end() if partly else 0)
    whole = int(found["whole"])
    return whole if whole <= 100 else typed.fault(ParseFault.PERCENT_OUT_OF_RANGE)


def format_percent(percent: Percent) -> str:
    """By DIN 5008, with a space: "65 %"."""
    return f"{percent} %"
