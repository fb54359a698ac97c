"""Whether a value fits its field: one quick test per field, because a first sync asks millions of times."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache

from app.domain.fields import Field, Type
from app.domain.ids import is_id
from app.domain.partial_date import PartialDate
from app.domain.reading import ParseError

Fits = Callable[[object], bool]
"""True for values of the field's type and range; None is not among them."""

_AGS = re.compile(r"0[0-9]{7}\Z")
_LOCAL_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}\Z")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z\Z")
_ORDER = re.compile(r"[0-9A-Za-z]{1,400}\Z")
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_PATTERNS = {Type.AGS: _AGS, Type.ORDER: _ORDER, Type.HASH: _HASH}


def fits(field: Field) -> Fits:
    """The test of a field's values (of a set: of its elements)."""
    return _fits(field.type, field.low, field.limit, field.values)


@cache
def _fits(type: Type, low: int, limit: int, values: type[StrEnum] | None) -> Fits:  # noqa: A002
    match type:
        case Type.INT | Type.CENTS:
            return lambda v: v.__class__ is int and low <= v <= limit
        case Type.FLOAT:
            # not a number and infinity are outside every range
            return lambda v: (v.__class__ is float or v.__class__ is int) and low <= v <= limit
        case Type.BOOL:
            return lambda v: v is True or v is False
        case Type.ENUM:
            assert values is not None
            codes = frozenset(str(v.value) for v in values)
            return lambda v: v.__class__ is str and v in codes
        case Type.TEXT:
            return lambda v: v.__class__ is str and len(v) <= limit and is_storable(v)
        case Type.REF:
            return is_id
        case Type.INSTANT | Type.LOCAL_TIME:
            shape = _INSTANT if type is Type.INSTANT else _LOCAL_TIME
            return lambda v: v.__class__ is str and shape.match(v) is not None and _is_time(v)
        case Type.PARTIAL_DATE:
            return lambda v: v.__class__ is str and _is_date(v)
        case Type.AGS | Type.ORDER | Type.HASH:
            matches = _PATTERNS[type].match
            return lambda v: v.__class__ is str and matches(v) is not None


def is_storable(text: str) -> bool:
    """Whether every database and every JSON writer takes it: no NUL, no half characters."""
    if "\x00" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_time(text: str) -> bool:
    """Whether such a day and such a minute exist."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def _is_date(text: str) -> bool:
    """Whether it is what `PartialDate.encode` writes: readable is not enough, a value has one spelling."""
    try:
        return PartialDate.decode(text).encode() == text
    except ParseError:
        return False
