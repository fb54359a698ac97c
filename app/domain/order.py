"""Order keys: strings that sort where they belong, so that two people can insert at once."""

from __future__ import annotations

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def after(key: str) -> str:
    """A key behind `key` ("" for the first), growing by one character in 61 steps."""
    if not key:
        return "V"
    last = _DIGITS.index(key[-1])
    if last < len(_DIGITS) - 1:
        return key[:-1] + _DIGITS[last + 1]
    return key + "V"


def between(low: str, high: str) -> str:
    """A key strictly between two ("" means no bound); keys never end in "0", so there always is one.

    After D. Greenspan, "Implementing Fractional Indexing" (2020). Raises ValueError if low >= high.
    """
    if high and low >= high:
        raise ValueError((low, high))
    if high:
        same = 0
        while same < len(high) and (low[same] if same < len(low) else "0") == high[same]:
            same += 1
        if same:
            return high[:same] + between(low[same:], high[same:])
    first = _DIGITS.index(low[0]) if low else 0
    last = _DIGITS.index(high[0]) if high else len(_DIGITS)
    if last - first > 1:
        return _DIGITS[(first + last) // 2]
    if len(high) > 1:
        return high[0]
    return _DIGITS[first] + between(low[1:], "")
