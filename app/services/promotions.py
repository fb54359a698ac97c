"""Cards become measures: one step that links both sides, whichever of them is looked at later."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.draft import Draft
from app.domain.fields import KINDS
from app.domain.ids import EntityId, new_id
from app.domain.rules import check_save
from app.errors import NotFound
from app.models.store import Store
from app.services.workshops import Values

Cards = Sequence[EntityId]
_LINKS = KINDS["contribution"].slot_of["measure_ids"].id
_ORIGINS = KINDS["measure"].slot_of["contribution_ids"].id
_SOURCES = KINDS["measure"].slot_of["sources"].id


def create_measure(store: Store, workshop: EntityId, cards: Cards, values: Values, source: str = "") -> EntityId:
    """A new measure out of cards, linked on both sides, as one step of undo.

    Args:
        source: what a reader who does not see the workshop is told about where it came from.

    Raises:
        FieldError: title or lead municipality is missing or wrong; nothing was written.
    """
    check_save("measure", values)
    with store.change("contribution.promote", origin=workshop) as draft:
        said = {"visibility": "municipality", **values}
        measure = draft.create("measure", new_id(), None, said)
        _link(draft, cards, measure, source)
        return measure


def add_to_measure(store: Store, workshop: EntityId, cards: Cards, measure: EntityId, source: str = "") -> None:
    """Links cards to a measure that is there; nothing of the measure's own words changes."""
    with store.change("contribution.link", origin=workshop) as draft:
        _link(draft, cards, measure, source)


def remove_from_measure(store: Store, cards: Cards, measure: EntityId) -> None:
    """Takes the link away; also of a measure that is not on this device, then on the cards' side alone."""
    with store.change("contribution.unlink") as draft:
        for card in cards:
            held = draft.state("contribution", card).set(_LINKS).elements
            draft.set("contribution", card, {"measure_ids": set(held) - {measure}})
        try:
            origins = draft.state("measure", measure).set(_ORIGINS).elements
        except NotFound:
            return
        draft.set("measure", measure, {"contribution_ids": set(origins) - set(cards)})


def _link(draft: Draft, cards: Cards, measure: EntityId, source: str) -> None:
    state = draft.state("measure", measure)
    values: dict[str, object] = {"contribution_ids": {*state.set(_ORIGINS).elements, *cards}}
    if source:
        values["sources"] = {*state.set(_SOURCES).elements, source}
    draft.set("measure", measure, values)
    for card in cards:
        held = draft.state("contribution", card).set(_LINKS).elements
        draft.set("contribution", card, {"measure_ids": {*held, measure}})
