"""What a room does at the wall: clusters, the Themenspeicher, rounds of voting with dots or money."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from app.domain.draft import Draft
from app.domain.ids import EntityId, new_id
from app.domain.order import after, between
from app.domain.rules import check_save
from app.models.queries.reader import Reader
from app.models.queries.walls import apart_setting, kept_apart
from app.models.store import Store
from app.services.workshops import Seen, Values, result_of

Cards = Sequence[EntityId]


# -- clusters ------------------------------------------------------------------------------------


def create_cluster(store: Store, workshop: EntityId, title: str, cards: Cards = (), last_sort: str = "") -> EntityId:
    """A cluster behind the one with order key `last_sort`, with these cards in it, as one step of undo."""
    check_save("cluster", {"title": title})
    with store.change("cluster.create", origin=workshop) as draft:
        made = draft.create("cluster", new_id(), ("workshop", workshop), {"title": title, "sort": after(last_sort)})
        _put(draft, cards, made)
        return made


def rename_cluster(store: Store, cluster: EntityId, title: str, seen: Seen | None = None) -> None:
    check_save("cluster", {"title": title}, partial=True)
    with store.change("cluster.edit") as draft:
        draft.set("cluster", cluster, {"title": title}, seen)


def place_cluster(store: Store, cluster: EntityId, low: str, high: str) -> None:
    """Moves a cluster between two order keys ("" means no bound).

    Two laptops may have given the same key; then there is nothing between, and it goes behind both.
    """
    with store.change("cluster.move") as draft:
        draft.set("cluster", cluster, {"sort": between(low, high if low < high else "")})


def merge_clusters(store: Store, into: EntityId, others: Sequence[EntityId], cards: Cards) -> None:
    """Puts the cards of several clusters into one; the emptied ones go."""
    with store.change("cluster.merge") as draft:
        _put(draft, cards, into)
        for other in others:
            draft.delete("cluster", other)


def dissolve_cluster(store: Store, cluster: EntityId, cards: Cards) -> None:
    """Takes a cluster away; its cards stay on the wall, in none."""
    with store.change("cluster.dissolve") as draft:
        _put(draft, cards, None)
        draft.delete("cluster", cluster)


def move_cards(store: Store, cards: Cards, cluster: EntityId | None) -> None:
    """Puts cards into a cluster, or out of all; out of the Themenspeicher too."""
    with store.change("contribution.cluster") as draft:
        _put(draft, cards, cluster)


def park_cards(store: Store, cards: Cards) -> None:
    """Puts cards into the Themenspeicher: not for today, not forgotten."""
    with store.change("contribution.park") as draft:
        for card in cards:
            draft.set("contribution", card, {"cluster_id": None, "parked": True})


def _put(draft: Draft, cards: Cards, cluster: EntityId | None) -> None:
    for card in cards:
        draft.set("contribution", card, {"cluster_id": cluster, "parked": None})


def keep_apart(store: Store, workshop: EntityId, one: EntityId, other: EntityId) -> None:
    """Notes on this device that two cards were looked at together and do not belong together."""
    _note_apart(store, workshop, {*kept_apart(Reader(store.engine), workshop), (min(one, other), max(one, other))})


def suggest_again(store: Store, workshop: EntityId, one: EntityId, other: EntityId) -> None:
    """Takes `keep_apart` back."""
    _note_apart(store, workshop, kept_apart(Reader(store.engine), workshop) - {(min(one, other), max(one, other))})


def _note_apart(store: Store, workshop: EntityId, pairs: Collection[tuple[EntityId, EntityId]]) -> None:
    store.put_settings(**{apart_setting(workshop): " ".join(f"{a}:{b}" for a, b in sorted(pairs))})


# -- rounds --------------------------------------------------------------------------------------


def create_round(store: Store, workshop: EntityId, values: Values) -> EntityId:
    """A round of voting: title, method and what there is to give."""
    check_save("vote_round", values)
    with store.change("vote_round.create", origin=workshop) as draft:
        return draft.create("vote_round", new_id(), ("workshop", workshop), values)


def close_round(store: Store, vote_round: EntityId) -> None:
    """Ends a round; its result stays as it is."""
    with store.change("vote_round.close") as draft:
        at = datetime.fromtimestamp(store.clock() / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        draft.set("vote_round", vote_round, {"closed_at": at})


def reopen_round(store: Store, vote_round: EntityId) -> None:
    """Lets a closed round go on."""
    with store.change("vote_round.reopen") as draft:
        draft.set("vote_round", vote_round, {"closed_at": None})


def hand_in(store: Store, workshop: EntityId, vote_round: EntityId, points: Mapping[EntityId, int]) -> None:
    """A whole ballot of a ranking in one change; ballots of several laptops add up.

    Args:
        points: what each card named on it gets (`ranking.place_points`).
    """
    with store.change("vote_result.rank") as draft:
        for card, given in points.items():
            draft.count("vote_result", result_of(draft, workshop, vote_round, card), "points", given)


def spend(store: Store, workshop: EntityId, vote_round: EntityId, target: EntityId, cents: int) -> None:
    """How much of the round's budget the room gives to a card."""
    with store.change("vote_result.spend") as draft:
        entity = result_of(draft, workshop, vote_round, target)
        draft.set("vote_result", entity, {"amount_cents": cents})
