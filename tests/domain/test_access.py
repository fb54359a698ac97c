"""Who sees and who edits what."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from app.domain.access import (
    AGENCY,
    CONSORTIUM,
    CONSORTIUM_AGS,
    REGION,
    Grant,
    municipality_scope,
    owners,
    scopes_of,
    visibility,
    workshop_scope,
)
from app.domain.catalogue import Role, Visibility
from app.domain.clock import Dot
from app.domain.fields import KINDS
from app.domain.merge import AddWinsSet, EntityState, Register, Version
from tests.domain.worlds import OTHER, RECORD

BALVE, ISERLOHN, HAGEN = "05962004", "05962024", "05914000"
INSIDE = sorted(CONSORTIUM_AGS)[0]
LEVELS = list(Visibility)


def register(*values: str | None) -> Register:
    """Versions of different replicas, all of them open."""
    dots = [Dot(i + 1, 1) for i in range(len(values))]
    return Register({d: Version(v, 5) for d, v in zip(dots, values, strict=True)}, dict(dots))


def root(
    *levels: str | None,
    kind: str = "measure",
    ags: tuple[str | None, ...] = (INSIDE,),
    partners: tuple[str, ...] = (),
) -> EntityState:
    slot_of = KINDS[kind].slot_of
    registers = {slot_of["visibility"].id: register(*levels)} if levels else {}
    registers[slot_of["lead_ags" if kind == "measure" else "ags"].id] = register(*ags)
    sets = {slot_of["participating_ags"].id: AddWinsSet().add(Dot(9, 1), partners)} if partners else {}
    return EntityState(kind, RECORD, kind, RECORD, registers, sets)


towns: SearchStrategy[str] = st.sampled_from([BALVE, HAGEN, *sorted(CONSORTIUM_AGS)])
levels: SearchStrategy[str | None] = st.sampled_from([None, *(str(v.value) for v in LEVELS)])
roots: SearchStrategy[EntityState] = st.builds(
    lambda told, kind, ags, partners: root(
        *told, kind=kind, ags=tuple(ags), partners=tuple(partners) if kind == "measure" else ()
    ),
    st.lists(levels, max_size=3),
    st.sampled_from(["measure", "workshop"]),
    st.lists(towns | st.none(), max_size=2),
    st.lists(towns, max_size=2, unique=True),
)
grants: SearchStrategy[Grant] = st.builds(
    Grant,
    st.sampled_from(list(Role)),
    towns | st.just(""),
    st.frozensets(st.sampled_from([RECORD, OTHER]), max_size=2),
)


@given(roots, grants)
def test_nobody_sees_a_record_without_a_reason(record: EntityState, grant: Grant) -> None:
    """What a device reads follows from role, place and level: told here a second time without scopes."""
    level = visibility(record)
    at_town = grant.role in (Role.COORDINATOR, Role.CONSORTIUM, Role.READER)
    mine = at_town and bool(grant.ags) and grant.ags in owners(record)
    among_five = grant.role is Role.CONSORTIUM or (grant.role is Role.COORDINATOR and grant.ags in CONSORTIUM_AGS)
    reasons = {
        "agency": grant.role is Role.AGENCY,
        "own town": mine,
        "own workshop": grant.role is not Role.AGENCY and record.kind == "workshop" and record.id in grant.workshops,
        "consortium": among_five and level in (Visibility.CONSORTIUM, Visibility.SCHOOL, Visibility.PUBLIC),
        "region": level in (Visibility.SCHOOL, Visibility.PUBLIC),
    }
    sees = bool(grant.scopes & scopes_of(record))
    assert sees == (level is not Visibility.PRIVATE and any(reasons.values())), reasons


@given(roots, grants)
def test_whoever_may_edit_a_shared_record_sees_it(record: EntityState, grant: Grant) -> None:
    if grant.may_edit(record) and visibility(record) is not Visibility.PRIVATE:
        assert grant.scopes & scopes_of(record)


@given(roots, grants, st.sampled_from(list(combinations(LEVELS, 2))))
def test_a_wider_level_never_takes_a_record_away_from_anybody(
    record: EntityState, grant: Grant, pair: tuple[Visibility, Visibility]
) -> None:
    slot = KINDS[record.kind].slot_of["visibility"].id
    narrow, wide = (replace(record, registers={**record.registers, slot: register(v)}) for v in pair)
    assert scopes_of(narrow) <= scopes_of(wide)
    assert bool(grant.scopes & scopes_of(narrow)) <= bool(grant.scopes & scopes_of(wide))
    assert grant.may_edit(narrow) == grant.may_edit(wide)


@given(st.lists(levels, min_size=1, max_size=4))
def test_while_versions_of_the_level_are_open_the_narrowest_counts(told: list[str | None]) -> None:
    """A level taken back is the municipality's, and that is narrower than public."""
    meant = [Visibility(v) if v else Visibility.MUNICIPALITY for v in told]
    assert visibility(root(*told)) is min(meant, key=LEVELS.index)


def test_without_a_word_a_record_stays_within_its_municipality() -> None:
    assert visibility(root()) is Visibility.MUNICIPALITY
    assert scopes_of(root()) == {AGENCY, municipality_scope(INSIDE)}


def test_a_private_record_and_one_nobody_created_have_no_scope() -> None:
    assert scopes_of(root("private")) == frozenset()
    assert scopes_of(EntityState("measure", RECORD)) == frozenset()
    assert scopes_of(root("public", "private")) == frozenset()


def test_every_town_taking_part_owns_a_measure_and_only_the_hosting_one_a_workshop() -> None:
    assert owners(root(ags=(BALVE, HAGEN, None), partners=(ISERLOHN,))) == {BALVE, HAGEN, ISERLOHN}
    assert owners(root(kind="workshop", ags=(BALVE,))) == {BALVE}
    assert owners(root(ags=())) == frozenset()


def test_a_workshop_has_a_scope_of_its_own() -> None:
    assert workshop_scope(RECORD) in scopes_of(root(kind="workshop"))
    assert workshop_scope(RECORD) not in scopes_of(root())


@pytest.mark.parametrize(
    ("grant", "scopes"),
    [
        (Grant(Role.AGENCY, BALVE), {AGENCY}),
        (Grant(Role.COORDINATOR, BALVE), {REGION, municipality_scope(BALVE)}),
        (Grant(Role.COORDINATOR, INSIDE), {REGION, CONSORTIUM, municipality_scope(INSIDE)}),
        (Grant(Role.FACILITATOR, INSIDE, frozenset({OTHER})), {REGION, workshop_scope(OTHER)}),
    ],
)
def test_scopes_of_the_roles(grant: Grant, scopes: set[str]) -> None:
    assert grant.scopes == scopes


def test_facilitators_edit_their_workshops_and_nothing_else() -> None:
    grant = Grant(Role.FACILITATOR, INSIDE, frozenset({RECORD}))
    assert grant.may_edit(root(kind="workshop"))
    assert not grant.may_edit(root())
    assert not Grant(Role.FACILITATOR, INSIDE, frozenset({OTHER})).may_edit(root(kind="workshop"))


def test_whoever_was_given_a_workshop_of_another_town_edits_it_unless_they_only_read() -> None:
    led = frozenset({RECORD})
    for role in (Role.COORDINATOR, Role.CONSORTIUM, Role.FACILITATOR):
        assert Grant(role, HAGEN, led).may_edit(root(kind="workshop", ags=(BALVE,)))
        assert not Grant(role, HAGEN, led).may_edit(root(ags=(BALVE,))), "a measure is no workshop"
    assert not Grant(Role.READER, HAGEN, led).may_edit(root(kind="workshop", ags=(BALVE,)))


def test_a_device_without_a_place_edits_nothing() -> None:
    assert not Grant(Role.COORDINATOR).may_edit(root(ags=(None, "")))
    assert Grant(Role.AGENCY).may_edit(root())
