"""Views of the measures that a person has named: kept in this profile, never synchronised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from app.models import settings
from app.models.queries.reader import Reader

SETTING = "measure_views"


@dataclass(frozen=True, slots=True)
class SavedView:
    """What a list showed, by the codes of the screen; who opens it passes over what it does not know.

    Attributes:
        key: names it for ever; `name` can be changed.
        base: the quick view below it.
        chips: key and values of each filter in force.
        sorting: columns by weight, each with True for descending.
        grouping: "" for none.
        mode: "table", "board" or "timeline".
    """

    key: str
    name: str
    base: str
    chips: tuple[tuple[str, tuple[str, ...]], ...]
    sorting: tuple[tuple[str, bool], ...]
    grouping: str
    mode: str


def saved_views(reader: Reader) -> tuple[SavedView, ...]:
    """All of them, oldest first."""
    with reader.snapshot() as connection:
        return decode(settings.get(connection, SETTING))


def encode(views: Sequence[SavedView]) -> str:
    """As the profile keeps them."""
    return orjson.dumps([asdict(view) for view in views]).decode()


def decode(stored: str) -> tuple[SavedView, ...]:
    """The inverse of `encode`; "" holds none."""
    return tuple(_view(told) for told in orjson.loads(stored)) if stored else ()


def _view(told: dict[str, Any]) -> SavedView:
    return SavedView(
        key=told["key"],
        name=told["name"],
        base=told["base"],
        chips=tuple((key, tuple(values)) for key, values in told["chips"]),
        sorting=tuple((column, bool(down)) for column, down in told["sorting"]),
        grouping=told["grouping"],
        mode=told["mode"],
    )
