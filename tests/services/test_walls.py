"""A room at the wall: clusters, dots, money and measures, each as one step, on two laptops at once."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.ids import EntityId, new_id
from app.models.queries import promotions, records, sessions, versions, walls
from app.models.queries.identity import identity
from app.models.store import Store
from app.services import history, measures, workshops
from app.services import promotions as promoting
from app.services import walls as acting
from app.services.workspace import Workspace
from app.ui import labels
from tests.services.conftest import BERLEBURG, Desk

TEXTS = ("Bürgerbus auch abends", "Bus nach 18 Uhr", "Gehweg an der Ederbrücke", "Wer pflegt die Wege?")


def evening(store: Store) -> tuple[EntityId, list[EntityId]]:
    """A workshop with four cards."""
    workshop = workshops.create(store, {"title": "Bürgerdialog", "ags": BERLEBURG, "starts_at": "2026-11-26T19:00"})
    made = workshops.add_cards(store, workshop, [workshops.Card("idea", text) for text in TEXTS])
    return workshop, [card for _, card in made]


def steps(workspace: Workspace, act: Callable[[], object]) -> int:
    """How many changes a deed makes."""
    before = identity(workspace.reader).n
    act()
    return identity(workspace.reader).n - before


def hanging(workspace: Workspace, workshop: EntityId) -> dict[str, tuple[str, ...]]:
    """What hangs under which heading; "-" is none, "P" the Themenspeicher."""
    names = {c.id: c.title for c in walls.wall(workspace.reader, workshop).clusters}
    found: dict[str, tuple[str, ...]] = {}
    for line in sessions.card_lines(workspace.reader, workshop):
        under = "P" if line.parked else names.get(line.cluster or "", "-")
        found[under] = (*found.get(under, ()), line.text)
    return {under: tuple(sorted(texts)) for under, texts in found.items()}


def exchange(one: Desk, other: Desk) -> None:
    for desk in (one, other, one):
        desk.sync()


def test_every_deed_at_the_wall_is_one_step_with_a_name_and_can_be_taken_back(
    store: Store, workspace: Workspace
) -> None:
    workshop, (a, b, c, d) = evening(store)
    made: list[EntityId] = []
    bus = "Bus"

    def create() -> None:
        made.append(acting.create_cluster(store, workshop, bus, [a, b]))

    def second() -> None:
        last = walls.wall(workspace.reader, workshop).clusters[-1].sort
        made.append(acting.create_cluster(store, workshop, "Wege", [c], last))

    deeds: list[tuple[Callable[[], object], dict[str, tuple[str, ...]]]] = [
        (create, {bus: TEXTS[:2], "-": TEXTS[2:]}),
        (second, {bus: TEXTS[:2], "Wege": (TEXTS[2],), "-": (TEXTS[3],)}),
        (lambda: acting.park_cards(store, [d]), {bus: TEXTS[:2], "Wege": (TEXTS[2],), "P": (TEXTS[3],)}),
        (lambda: acting.move_cards(store, [a, d], made[1]), {bus: (TEXTS[1],), "Wege": (TEXTS[0], *TEXTS[2:])}),
        (lambda: acting.merge_clusters(store, made[1], [made[0]], [b]), {"Wege": TEXTS}),
        (lambda: acting.dissolve_cluster(store, made[1], [a, b, c, d]), {"-": TEXTS}),
    ]
    stands = [hanging(workspace, workshop)]
    for deed, expected in deeds:
        assert steps(workspace, deed) == 1
        assert hanging(workspace, workshop) == {k: tuple(sorted(v)) for k, v in expected.items()}
        action = history.next_undo(store)
        assert action is not None
        assert labels.action_text(action) != action
        stands.append(hanging(workspace, workshop))
    for expected in reversed(stands[:-1]):
        history.undo(store)
        assert hanging(workspace, workshop) == expected
    for expected in stands[1:]:
        history.redo(store)
        assert hanging(workspace, workshop) == expected


def test_clusters_change_places_even_when_two_laptops_gave_the_same_key(store: Store, workspace: Workspace) -> None:
    workshop, _ = evening(store)
    one, other, third = (acting.create_cluster(store, workshop, title) for title in ("Eins", "Zwei", "Drei"))
    first, second = (c.sort for c in walls.wall(workspace.reader, workshop).clusters[:2])
    assert first == second
    acting.place_cluster(store, third, "", first)
    assert walls.wall(workspace.reader, workshop).clusters[0].id == third
    acting.place_cluster(store, third, first, second)
    assert walls.wall(workspace.reader, workshop).clusters[-1].id == third
    assert {one, other} == {c.id for c in walls.wall(workspace.reader, workshop).clusters[:2]}


def test_two_laptops_vote_and_cluster_at_once_and_both_see_the_sum(desks: tuple[Desk, Desk]) -> None:
    anna, bert = desks
    workshop, (a, b, c, d) = evening(anna.store)
    vote = acting.create_round(anna.store, workshop, {"title": "Was zuerst?", "method": "dots", "points_per_person": 2})
    exchange(anna, bert)
    for desk, target, dots in ((anna, a, 5), (bert, a, 4), (anna, b, 1), (bert, b, 2), (bert, c, 3), (anna, c, -1)):
        workshops.vote(desk.store, workshop, vote, target, dots)
    acting.create_cluster(anna.store, workshop, "Bus", [a, b])
    acting.create_cluster(bert.store, workshop, "Wege", [c])
    acting.park_cards(bert.store, [d])
    exchange(anna, bert)
    for desk in (anna, bert):
        found = walls.wall(desk.workspace.reader, workshop)
        assert found.points == {(vote, a): 9, (vote, b): 3, (vote, c): 3}
        assert hanging(desk.workspace, workshop) == {
            "Bus": tuple(sorted(TEXTS[:2])),
            "Wege": (TEXTS[2],),
            "P": (TEXTS[3],),
        }
        assert versions.questions(desk.workspace.reader) == []
    history.undo(anna.store)
    exchange(anna, bert)
    assert hanging(bert.workspace, workshop)["-"] == tuple(sorted(TEXTS[:2]))


def test_taking_back_the_first_dot_leaves_the_others_dots_and_asks_nobody(desks: tuple[Desk, Desk]) -> None:
    anna, bert = desks
    workshop, (a, *_) = evening(anna.store)
    vote = acting.create_round(anna.store, workshop, {"title": "Was zuerst?"})
    exchange(anna, bert)
    workshops.vote(anna.store, workshop, vote, a, 1)
    workshops.vote(bert.store, workshop, vote, a, 4)
    history.undo(anna.store)
    exchange(anna, bert)
    for desk in (anna, bert):
        assert walls.wall(desk.workspace.reader, workshop).points == {(vote, a): 4}
        assert versions.questions(desk.workspace.reader) == []
    history.redo(anna.store)
    workshops.vote(anna.store, workshop, vote, a, 1)
    exchange(anna, bert)
    assert walls.wall(bert.workspace.reader, workshop).points == {(vote, a): 6}


def test_nothing_can_be_taken_from_none_and_the_next_dot_counts(desks: tuple[Desk, Desk]) -> None:
    anna, bert = desks
    workshop, (a, *_) = evening(anna.store)
    vote = acting.create_round(anna.store, workshop, {"title": "Was zuerst?"})
    workshops.vote(anna.store, workshop, vote, a, 1)
    exchange(anna, bert)
    for desk in desks:
        workshops.vote(desk.store, workshop, vote, a, -1)
    exchange(anna, bert)
    assert walls.wall(anna.workspace.reader, workshop).points == {}
    workshops.vote(bert.store, workshop, vote, a, 1)
    assert walls.wall(bert.workspace.reader, workshop).points == {(vote, a): 1}


def test_a_budget_is_given_to_cards_and_a_round_closes_and_goes_on(store: Store, workspace: Workspace) -> None:
    workshop, (a, b, *_) = evening(store)
    values = {"title": "Wohin mit dem Geld?", "method": "budget", "budget_total_cents": 1_000_000}
    vote = acting.create_round(store, workshop, values)
    acting.spend(store, workshop, vote, a, 400_000)
    acting.spend(store, workshop, vote, b, 600_000)
    history.undo(store)
    acting.close_round(store, vote)
    found = walls.wall(workspace.reader, workshop)
    assert found.cents == {(vote, a): 400_000}
    assert found.rounds[0].budget_cents == 1_000_000
    assert found.rounds[0].closed_at
    acting.reopen_round(store, vote)
    assert not walls.wall(workspace.reader, workshop).rounds[0].closed_at


def test_what_was_kept_apart_stays_noted_on_this_device(store: Store, workspace: Workspace) -> None:
    workshop, (a, b, c, _) = evening(store)
    assert steps(workspace, lambda: acting.keep_apart(store, workshop, b, a)) == 0
    acting.keep_apart(store, workshop, b, c)
    acting.keep_apart(store, workshop, a, c)
    acting.suggest_again(store, workshop, c, a)
    assert walls.kept_apart(workspace.reader, workshop) == {(min(a, b), max(a, b)), (min(b, c), max(b, c))}


def test_cards_become_a_measure_in_one_step_and_both_sides_know(desks: tuple[Desk, Desk]) -> None:
    anna, bert = desks
    workshop, (a, b, *_) = evening(anna.store)
    vote = acting.create_round(anna.store, workshop, {"title": "Was zuerst?"})
    workshops.vote(anna.store, workshop, vote, a, 9)
    made: list[EntityId] = []
    values = {"title": TEXTS[0], "lead_ags": BERLEBURG}

    def promote() -> None:
        made.append(promoting.create_measure(anna.store, workshop, [a, b], values, "Bürgerdialog, 26.11.2026"))

    assert steps(anna.workspace, promote) == 1
    assert history.next_undo(anna.store) == "contribution.promote"
    exchange(anna, bert)
    for desk in (anna, bert):
        record = records.get_record(desk.workspace.reader, "measure", made[0])
        assert record is not None
        assert record.elements("sources") == ("Bürgerdialog, 26.11.2026",)
        found = promotions.origins_of(desk.workspace.reader, record.elements("contribution_ids"))
        assert [(o.workshop, o.title) for o in found.workshops] == [(workshop, "Bürgerdialog")]
        assert {(card.text, card.points) for card in found.workshops[0].cards} == {(TEXTS[0], 9), (TEXTS[1], 0)}
        (outcome,) = promotions.outcomes(desk.workspace.reader, workshop)
        assert (outcome.measure, outcome.title, set(outcome.cards)) == (made[0], TEXTS[0], {a, b})
    history.undo(anna.store)
    exchange(anna, bert)
    for desk in (anna, bert):
        assert promotions.outcomes(desk.workspace.reader, workshop) == []
        record = records.get_record(desk.workspace.reader, "measure", made[0])
        assert record is not None
        assert record.gone


def test_two_laptops_add_cards_to_the_same_measure_and_one_takes_its_own_away(desks: tuple[Desk, Desk]) -> None:
    anna, bert = desks
    workshop, (a, b, *_) = evening(anna.store)
    measure = measures.create(anna.store, {"title": "Bürgerbus", "lead_ags": BERLEBURG})
    exchange(anna, bert)
    promoting.add_to_measure(anna.store, workshop, [a], measure)
    promoting.add_to_measure(bert.store, workshop, [b], measure)
    exchange(anna, bert)
    for desk in (anna, bert):
        assert desk.field(measure, "contribution_ids") == tuple(sorted((a, b)))
        assert set(promotions.outcomes(desk.workspace.reader, workshop)[0].cards) == {a, b}
    promoting.remove_from_measure(bert.store, [b], measure)
    exchange(anna, bert)
    assert anna.field(measure, "contribution_ids") == (a,)
    assert promotions.outcomes(anna.workspace.reader, workshop)[0].cards == (a,)


def test_either_side_is_told_when_the_other_is_deleted_or_not_here(store: Store, workspace: Workspace) -> None:
    elsewhere, (workshop, (a, b, *_)) = new_id(), evening(store)
    measure = promoting.create_measure(store, workshop, [a, b], {"title": "Bus", "lead_ags": BERLEBURG})
    measures.delete(store, measure)
    (outcome,) = promotions.outcomes(workspace.reader, workshop)
    assert (outcome.here, outcome.gone, outcome.title) == (True, True, "Bus")
    workshops.delete_part(store, "contribution", a)
    found = promotions.origins_of(workspace.reader, (a, b, elsewhere))
    assert {(card.text, card.gone) for card in found.workshops[0].cards} == {(TEXTS[0], True), (TEXTS[1], False)}
    assert found.elsewhere == 1
    workshops.edit_part(store, "contribution", b, {"measure_ids": {elsewhere}})
    (outcome,) = promotions.outcomes(workspace.reader, workshop)
    assert (outcome.here, outcome.title) == (False, "")
    promoting.remove_from_measure(store, [b], elsewhere)
    assert promotions.outcomes(workspace.reader, workshop) == []


def test_measures_that_share_telling_words_are_found(store: Store, workspace: Workspace) -> None:
    there = measures.create(store, {"title": "Bürgerbus-Bestellung per Telefon", "lead_ags": BERLEBURG})
    told = "Hier ist auch abends noch jemand."
    measures.create(store, {"title": "Bewegungspark", "lead_ags": BERLEBURG, "short_description": told})
    found = walls.measures_like(workspace.reader, "Bestellung für den Bürgerbus auch abends")
    assert [line.id for line in found] == [there]
    assert walls.measures_like(workspace.reader, "Bürgerbus")[0].id == there, "one word of a title is enough"
    assert walls.measures_like(workspace.reader, "Was auch noch hier ist") == []
    assert walls.measures_like(workspace.reader, "Bürgerbus", without={there}) == []
