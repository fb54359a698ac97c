"""The search behind the search line: looks everywhere on a thread of its own, and tells what it found in words."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.region import Region
from app.errors import MasswerkError
from app.models.queries import finding
from app.models.queries.finding import Find, Known
from app.models.queries.reader import Reader
from app.ui import labels
from app.ui.reading import Readings
from app.ui.shell.search_hits import Hit

log = logging.getLogger(__name__)

PERSON = "person"
"""Target of a person: the measures of that person's municipality."""
_ORDER = ("measure", "workshop", "contribution", "minutes", "task", "decision")
_ICONS = {
    "attachment": "paperclip",
    "contribution": "note",
    "decision": "check-circle",
    "measure": "list-bullets",
    "milestone": "flag",
    "minutes": "note-pencil",
    "task": "check-square",
    "workshop": "users-three",
}


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to some words: records by kind, people."""

    words: str
    finds: tuple[Find, ...]
    people: tuple[Known, ...]


class Finder(QObject):
    """The window's handle: `ask` with words, `found` answers with a `Found` unless others were asked meanwhile."""

    found = Signal(object)

    def __init__(self, reader: Reader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._readings = Readings(reader, "finder", self)

    def ask(self, words: str) -> None:
        """Look for these words; what was still being looked for is broken off."""
        self._readings.ask("find", partial(_look, words=words.strip()), self._on_answer, patience_s=0)

    def close(self) -> None:
        """Looks for nothing more."""
        self._readings.close()

    def _on_answer(self, found: Found | None) -> None:
        if found is not None:
            self.found.emit(found)


def _look(reader: Reader, words: str) -> Found | None:
    """What there is; None if it cannot be read."""
    try:
        return Found(words, tuple(finding.find(reader, words)), tuple(finding.people(reader, words)))
    except MasswerkError as error:
        log.error("search: %s", error.code)
        return None


def hits_of(found: Found, region: Region) -> list[Hit]:
    """What was found as rows, grouped by kind: what leads somewhere by itself first, then its parts, then people."""
    finds = sorted(found.finds, key=lambda find: _ORDER.index(find.kind) if find.kind in _ORDER else len(_ORDER))
    return [_record(find, region) for find in finds] + [_person(known, region) for known in found.people]


def _record(find: Find, region: Region) -> Hit:
    inside = find.root_title if find.id != find.root_id else ""
    where = _where(find, inside, region)
    marks: tuple[tuple[int, int], ...] = ()
    if find.passage is not None:
        # The words that were searched for go first: what is cut off at the right is then the place.
        name = f"{labels.field_label(find.kind, find.field)}: "
        marks = tuple((start + len(name), length) for start, length in find.passage.marks)
        where = name + " · ".join(part for part in (find.passage.text, where) if part)
    return Hit(
        target=(find.root_kind, find.root_id),
        title=find.title or inside or labels.kind_label(find.kind),
        detail=where or labels.kind_label(find.kind),
        icon=_ICONS.get(find.kind, "file-text"),
        group=labels.kind_label(find.kind, 2),
        marks=find.marks if find.title else (),
        detail_marks=marks,
    )


def _where(find: Find, inside: str, region: Region) -> str:
    """What tells it from another of the same name: the record it is part of, or its place and day."""
    if inside:
        return f"in „{inside}“" if find.title else ""
    day = labels.value_text(find.kind, "starts_at", find.starts_at) if find.starts_at else ""
    return " · ".join(part for part in (region.short_name(find.ags) if find.ags else "", day) if part)


def _person(known: Known, region: Region) -> Hit:
    place = region.get(known.ags)
    told = f"Maßnahmen in {place.short_name}" if place else "Maßnahmen dieser Kommune"
    return Hit((PERSON, known.ags), known.name, told, icon="user", group="Personen", marks=known.marks)
