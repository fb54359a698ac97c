"""Everything that a workshop left behind, for papers about it."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.ids import EntityId, derived_id
from app.models.queries import promotions, records, sessions, walls
from app.models.queries.promotions import Outcome
from app.models.queries.reader import Reader
from app.models.queries.records import Record
from app.models.queries.sessions import CardLine
from app.models.queries.walls import Wall


@dataclass(frozen=True, slots=True)
class Evening:
    """A workshop with all its parts.

    Attributes:
        counts: how many came, by `StakeholderGroup` code.
        cards: cards and tasks, in the order they were written.
        text: the running text of the minutes.
    """

    head: Record
    stations: tuple[Record, ...]
    agenda: tuple[Record, ...]
    counts: dict[str, int]
    cards: tuple[CardLine, ...]
    wall: Wall
    outcomes: tuple[Outcome, ...]
    text: str


def evening(reader: Reader, workshop: EntityId) -> Evening | None:
    """A workshop that is on this device and not deleted."""
    head = records.get_record(reader, "workshop", workshop)
    if head is None or head.gone:
        return None
    groups = records.children(reader, workshop, "group_count")
    return Evening(
        head,
        tuple(records.children(reader, workshop, "station")),
        tuple(records.children(reader, workshop, "agenda_item")),
        {r.text("stakeholder_group"): n for r in groups if isinstance(n := r.get("count"), int) and n > 0},
        tuple(sessions.card_lines(reader, workshop)),
        walls.wall(reader, workshop),
        tuple(promotions.outcomes(reader, workshop)),
        records.text_state(reader, "minutes", derived_id("minutes", workshop), "text").text,
    )
