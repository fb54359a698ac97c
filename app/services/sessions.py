"""What a person does while a workshop is held: running the agenda, moving, rewriting, bringing back cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from app.domain.clock import VersionVector
from app.domain.ids import EntityId, new_id
from app.domain.order import after, between
from app.domain.rules import check_save
from app.models.store import Store
from app.services.workshops import Card

Seen = Mapping[int, VersionVector]
Part = tuple[str, EntityId]


def start_item(store: Store, item: EntityId, running: Sequence[EntityId] = (), now: datetime | None = None) -> None:
    """Starts the clock of an agenda item and stops those that run, as one change.

    An item that was stopped before goes on where it was.
    """
    at = now or datetime.now(UTC)
    with store.change("agenda_item.start") as draft:
        for other in running:
            if other != item:
                draft.set("agenda_item", other, {"ended_at": _instant(at)})
        clock = draft.state("agenda_item", item).register(_CLOCK).value
        spent = _spent(clock if isinstance(clock, tuple) else ())
        draft.set("agenda_item", item, {"started_at": _instant(at - spent), "ended_at": None})


def stop_items(store: Store, running: Sequence[EntityId], now: datetime | None = None) -> None:
    """Stops the clocks that run."""
    at = now or datetime.now(UTC)
    with store.change("agenda_item.stop") as draft:
        for item in running:
            draft.set("agenda_item", item, {"ended_at": _instant(at)})


_CLOCK = 6
"""Slot of an agenda item's clock: started_at and ended_at."""


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_instant(text: str) -> datetime | None:
    """A stored instant; None if there is none or it cannot be read."""
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None
    except ValueError:
        return None


def _spent(clock: tuple[object, ...]) -> timedelta:
    """How long an item ran before it was stopped."""
    begin, end = (read_instant(str(v)) if v else None for v in (*clock, None, None)[:2])
    if begin is None or end is None or end < begin:
        return timedelta()
    return end - begin


def rewrite_card(
    store: Store, workshop: EntityId, part: Part, card: Card, seen: Seen | None = None, sort: str = ""
) -> Part:
    """Puts a card into other words, or makes a task of a card and a card of a task; returns what it is now.

    Args:
        seen: `Record.seen` of what the person looked at; only used while it stays the same kind of record.
        sort: where a task stands once it is a card.
    """
    kind, entity = part
    where = {"station_id": card.station, "agenda_item_id": card.agenda_item}
    becomes = "task" if card.kind == "task" else "contribution"
    values: dict[str, object]
    if becomes == "task":
        values = {"title": card.text, "responsible": card.responsible, "due": card.due, **where}
    else:
        values = {"kind": card.kind, "text": card.text, "tags": card.tags, **where}
    check_save(becomes, values)
    with store.change(f"{kind}.edit") as draft:
        if becomes == kind:
            draft.set(kind, entity, values, seen)
            return part
        noted = _noted_at(draft.state(kind, entity).registers, kind)
        extra: dict[str, object] = {"status": "open"} if becomes == "task" else {"sort": after(sort)}
        made = draft.create(becomes, new_id(), ("workshop", workshop), {**values, **extra, "noted_at": noted})
        draft.delete(kind, entity)
        return becomes, made


def _noted_at(registers: Mapping[int, object], kind: str) -> object:
    register = registers.get(11 if kind == "contribution" else 9)
    return getattr(register, "value", None)


def move_cards(store: Store, cards: Sequence[Part], station: EntityId | None) -> None:
    """Puts cards under another station."""
    with store.change("contribution.move") as draft:
        for kind, entity in cards:
            draft.set(kind, entity, {"station_id": station})


def set_kind(store: Store, cards: Sequence[EntityId], kind: str) -> None:
    """Makes another kind of card of these."""
    with store.change("contribution.edit") as draft:
        for entity in cards:
            draft.set("contribution", entity, {"kind": kind})


def delete_parts(store: Store, parts: Sequence[Part]) -> None:
    """Deletes several cards, tasks, stations or agenda items as one step of undo."""
    with store.change(f"{parts[0][0]}.delete" if parts else "contribution.delete") as draft:
        for kind, entity in parts:
            draft.delete(kind, entity)


def bring_back(store: Store, parts: Sequence[Part]) -> None:
    """Takes back the deletion of exactly these records, whatever was done since."""
    with store.change(f"{parts[0][0]}.restore" if parts else "contribution.restore") as draft:
        for kind, entity in parts:
            draft.keep(kind, entity)


def place_part(store: Store, part: Part, low: str, high: str) -> None:
    """Moves a station or an agenda item between two order keys ("" means no bound)."""
    with store.change(f"{part[0]}.move") as draft:
        draft.set(part[0], part[1], {"sort": between(low, high)})
