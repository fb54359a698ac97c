"""What a person can do with a workshop: cards as fast as speech, head counts, minutes, tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.clock import VersionVector
from app.domain.draft import Draft
from app.domain.fields import KINDS, MINUTES
from app.domain.ids import EntityId, derived_id, new_id
from app.domain.merge import EntityState, deletion_of
from app.domain.order import after
from app.domain.rules import check_save
from app.errors import TooLarge
from app.models.store import Store
from app.services.periods import check_period
from app.services.sharing import check_stays_shared

Values = Mapping[str, object]
Seen = Mapping[int, VersionVector]

_POINTS = KINDS["vote_result"].slot_of["points"].id


def create(
    store: Store, values: Values, stations: Sequence[str] = (), agenda: Sequence[tuple[str, int]] = ()
) -> EntityId:
    """A new workshop with its stations and agenda items (title, minutes), and an empty minutes text."""
    check_save("workshop", values)
    with store.change("workshop.create") as draft:
        workshop = new_id()
        root = ("workshop", workshop)
        draft.create("workshop", workshop, None, {"visibility": "municipality", "minutes_state": "draft", **values})
        draft.create("minutes", minutes_id(workshop), root)
        key = ""
        for title in stations:
            key = after(key)
            draft.create("station", new_id(), root, {"title": title, "sort": key})
        key = ""
        for title, minutes in agenda:
            key = after(key)
            draft.create("agenda_item", new_id(), root, {"title": title, "minutes_planned": minutes, "sort": key})
        return workshop


def minutes_id(workshop: EntityId) -> EntityId:
    """The one minutes text of a workshop, the same on every device."""
    return derived_id("minutes", workshop)


def edit(store: Store, workshop: EntityId, values: Values, seen: Seen | None = None) -> None:
    check_save("workshop", values, partial=True)
    with store.change("workshop.edit") as draft:
        check_period(draft, "workshop", workshop, values)
        check_stays_shared(draft, "workshop", workshop, values)
        draft.set("workshop", workshop, values, seen)


@dataclass(frozen=True, slots=True)
class Card:
    """A line of the Mitschrift, already understood (see `domain.capture`)."""

    kind: str
    text: str
    station: EntityId | None = None
    agenda_item: EntityId | None = None
    tags: tuple[str, ...] = ()
    responsible: str | None = None
    due: str | None = None


def add_card(store: Store, workshop: EntityId, card: Card, last_sort: str = "") -> tuple[str, EntityId]:
    """Saves one line as a card (or a task); returns (kind of record, id) once it is on disk."""
    return add_cards(store, workshop, [card], last_sort)[0]


def add_cards(
    store: Store, workshop: EntityId, cards: Sequence[Card], last_sort: str = ""
) -> list[tuple[str, EntityId]]:
    """Saves several lines, e.g. a pasted list, as one step of undo."""
    now = datetime.fromtimestamp(store.clock() / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    made: list[tuple[str, EntityId]] = []
    key = last_sort
    with store.change("card.create" if len(cards) == 1 else "card.create_many", origin=workshop) as draft:
        for card in cards:
            key = after(key)
            root, entity = ("workshop", workshop), new_id()
            where = {"station_id": card.station, "agenda_item_id": card.agenda_item, "noted_at": now}
            if card.kind == "task":
                check_save("task", {"title": card.text})
                draft.create(
                    "task", entity, root,
                    {"title": card.text, "responsible": card.responsible, "due": card.due, "status": "open", **where},
                )  # fmt: skip
                made.append(("task", entity))
            else:
                check_save("contribution", {"text": card.text})
                draft.create(
                    "contribution", entity, root,
                    {"kind": card.kind, "text": card.text, "sort": key, "tags": card.tags, **where},
                )  # fmt: skip
                made.append(("contribution", entity))
    return made


def edit_part(store: Store, kind: str, part: EntityId, values: Values, seen: Seen | None = None) -> None:
    """Changes a card, task, agenda item, station, cluster, round or decision of a workshop."""
    check_save(kind, values, partial=True)
    with store.change(f"{kind}.edit") as draft:
        draft.set(kind, part, values, seen)


def add_part(store: Store, workshop: EntityId, kind: str, values: Values) -> EntityId:
    check_save(kind, values)
    with store.change(f"{kind}.create", origin=workshop) as draft:
        return draft.create(kind, new_id(), ("workshop", workshop), values)


def delete_part(store: Store, kind: str, part: EntityId) -> None:
    with store.change(f"{kind}.delete") as draft:
        draft.delete(kind, part)


def set_head_count(store: Store, workshop: EntityId, group: str, count: int) -> None:
    """How many people of a stakeholder group are here: a count, never names."""
    entity = derived_id("group_count", workshop, group)
    with store.change("group_count.edit") as draft:
        find_or_create(draft, "group_count", entity, workshop, {"stakeholder_group": group})
        draft.set("group_count", entity, {"count": count})


def find_or_create(draft: Draft, kind: str, entity: EntityId, workshop: EntityId, named: Values) -> EntityState:
    """What exists once for a workshop, brought into being, or back, by whoever needs it first."""
    found = draft.find(kind, entity)
    if found is None or not found.exists:
        draft.create(kind, entity, ("workshop", workshop), named)
    elif deletion_of(found).deleted:
        draft.keep(kind, entity)
    return draft.state(kind, entity)


def vote(store: Store, workshop: EntityId, vote_round: EntityId, target: EntityId, delta: int) -> None:
    """Dots up or down; two laptops' dots add up, and from none nothing can be taken.

    Two laptops that take away the same last dot leave fewer than none; that counts as none, here too.
    """
    with store.change("vote_result.count") as draft:
        entity = result_of(draft, workshop, vote_round, target)
        counter = draft.state("vote_result", entity).counters.get(_POINTS)
        held = counter.value if counter else 0
        draft.count("vote_result", entity, "points", max(0, max(0, held) + delta) - held)


def result_of(draft: Draft, workshop: EntityId, vote_round: EntityId, target: EntityId) -> EntityId:
    """The one result of a round for a card, the same on every device; there it is, or it is made."""
    entity = derived_id("vote_result", vote_round, target)
    find_or_create(draft, "vote_result", entity, workshop, {"round_id": vote_round, "target_id": target})
    return entity


def write_minutes(store: Store, workshop: EntityId, update: bytes) -> None:
    """Saves what was written since the last time (`TextDoc.take_update`).

    Raises:
        TooLarge: the text would be longer than minutes may be; nothing was written.
    """
    entity = minutes_id(workshop)
    with store.change("minutes.write", origin=workshop) as draft:
        found = draft.find("minutes", entity)
        find_or_create(draft, "minutes", entity, workshop, {})
        draft.update_text("minutes", entity, "text", update)
        _refuse_endless(draft, entity, found)


def _refuse_endless(draft: Draft, entity: EntityId, before: EntityState | None) -> None:
    """Longer than a text may be is refused, but never the way back from there."""
    slot = MINUTES.slot_of["text"]
    size, limit = len(draft.state("minutes", entity).texts[slot.id].text), slot.fields[0].limit
    old = before.texts.get(slot.id) if before is not None else None
    if size > limit and (old is None or size > len(old.text)):
        raise TooLarge("minutes", "text", size, limit)


def delete(store: Store, workshop: EntityId, parts: Sequence[tuple[str, EntityId]] = ()) -> None:
    """Deletes a workshop with its parts (kind, id)."""
    with store.change("workshop.delete") as draft:
        for kind, part in parts:
            draft.delete(kind, part)
        draft.delete("workshop", workshop)
