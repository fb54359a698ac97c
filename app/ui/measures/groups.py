"""Rows under headings: what a list can be grouped by, in which order the groups stand, which are folded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain import catalogue as c
from app.domain.bundles import BUNDLES
from app.domain.german import title_sort_key
from app.domain.ids import EntityId
from app.models.queries.lists import Grouping
from app.ui.measures import words
from app.ui.measures.bundle_names import bundle_words
from app.ui.measures.places import Places

GROUPINGS: dict[Grouping, str] = {
    "field": "Handlungsfeld",
    "lead": "Kommune",
    "bundle": "Bündel",
    "status": "Status",
}
_HEAD = "#"


@dataclass(frozen=True, slots=True)
class Head:
    """A heading in the list: its words and how many measures stand below it."""

    title: str
    count: int
    folded: bool


def is_head(row: str) -> bool:
    """Whether a row of a grouped list is a heading; no id of a record begins like one."""
    return row.startswith(_HEAD)


def title_of(by: Grouping, code: str, places: Places) -> str:
    """What a group is called."""
    if not code:
        return {"field": "Ohne Handlungsfeld", "lead": "Ohne Kommune", "bundle": "Ohne Bündel"}.get(by, "Ohne Status")
    if by == "lead":
        return places.name(code)
    if by == "bundle":
        return bundle_words(code)
    return words.full(c.FieldOfAction if by == "field" else c.MeasureStatus, code)


def _rank(by: Grouping, code: str, places: Places) -> tuple[int, int, object]:
    """Official lists in their own order, municipalities by name; what a newer version knows, then none, last."""
    known = {
        "field": [m.value for m in c.FieldOfAction],
        "status": [m.value for m in c.MeasureStatus],
        "bundle": list(BUNDLES),
        "lead": [],
    }[by]
    place = known.index(code) if code in known else len(known)
    return (0 if code else 1, place, title_sort_key(title_of(by, code, places)))


class Grouped:
    """A list with headings. Folded groups are remembered by their heading as long as the screen lives."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self.by: Grouping | None = None
        self.heads: dict[str, Head] = {}
        self._folded: set[str] = set()

    def arranged(self, found: Mapping[str, list[EntityId]]) -> list[str]:
        """Headings, each with its measures below it unless it is folded."""
        by, rows = self.by, list[str]()
        assert by is not None
        self.heads = {}
        for code in sorted(found, key=lambda code: _rank(by, code, self._places)):
            head = f"{_HEAD}{by}:{code}"
            folded = head in self._folded
            self.heads[head] = Head(title_of(by, code, self._places), len(found[code]), folded)
            rows.append(head)
            if not folded:
                rows += found[code]
        return rows

    def fold(self, head: str, on: bool) -> None:
        """Hide or show what stands below a heading."""
        (self._folded.add if on else self._folded.discard)(head)

    def fold_all(self, on: bool) -> None:
        """Hide or show what stands below all headings."""
        for head in self.heads:
            self.fold(head, on)
