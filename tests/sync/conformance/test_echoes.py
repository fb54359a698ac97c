"""When a device need not be told again what it has just said, and when it is all the same."""

from __future__ import annotations

from typing import Any

from app.domain.change import Change, Write
from app.domain.digest import digest_of
from app.domain.fields import KINDS, SCHEMA_VERSION
from app.domain.merge import EntityState, apply_change
from app.sync.wire import SyncReply
from tests.server.laptop import ARNSBERG, BERLEBURG, Laptop, outcomes, value, write
from tests.sync.conformance.conftest import Office


def spoken(laptop: Laptop, *changes: Change | list[Any], **more: Any) -> SyncReply:
    """Pushed by a device that takes echoes."""
    asked: dict[str, Any] = {"echoes": True, "schema_version": SCHEMA_VERSION} | more
    return laptop.push(*changes, **asked)


def rows(reply: SyncReply) -> int:
    return sum(len(page.rows) for page in reply.pages)


def goals(laptop: Laptop, made: str, words: str, **more: Any) -> Change:
    return laptop.change(write("measure", made, "goals", words, laptop.records.get(made)), **more)


def test_a_device_hears_only_the_digest_of_what_it_has_just_said(office: Office) -> None:
    jana, tom = office.laptop(), office.laptop(person="Tom")
    change, made = jana.measure(BERLEBURG, "Radweg an der Eder")
    created = spoken(jana, change)
    state = apply_change(EntityState("measure", made), change)
    assert rows(created) == 0
    assert [(e.id, e.held, e.digest) for e in created.feed] == [(made, True, digest_of(state))]
    assert [a.person for a in created.authors] == ["Jana"], "who writes under its own name a device learns all the same"

    jana.records[made] = state
    edit = goals(jana, made, "Sicher zur Schule")
    edited = spoken(jana, edit)
    assert rows(edited) == 0
    assert edited.feed[0].digest == digest_of(apply_change(state, edit))
    tom.pull()
    assert digest_of(tom.records[made]) == edited.feed[0].digest


def test_who_does_not_ask_for_echoes_gets_rows_as_ever(office: Office) -> None:
    jana = office.laptop()
    change, made = jana.measure(BERLEBURG)
    reply = jana.push(change, schema_version=SCHEMA_VERSION)
    assert rows(reply) == 1
    assert reply.feed[0].digest == 0
    assert rows(spoken(jana, goals(jana, made, "Anders"), schema_version=SCHEMA_VERSION - 1)) == 1, (
        "digests mean the same only for the same fields"
    )


def test_what_somebody_else_has_added_comes_as_a_row(office: Office) -> None:
    jana, tom = office.laptop(), office.laptop(person="Tom")
    change, made = jana.measure(BERLEBURG)
    other, alone = jana.measure(BERLEBURG, "Bleibt allein")
    jana.push(change, other)
    tom.pull()
    tom.push(tom.change(write("measure", made, "carrier_org", "Stadtwerke", tom.records[made])))
    reply = spoken(jana, goals(jana, made, "Sicher"), goals(jana, alone, "Sicher"))
    assert rows(reply) == 1
    assert {e.id: bool(e.digest) for e in reply.feed} == {made: False, alone: True}
    assert value(jana.records[made], "carrier_org") == "Stadtwerke"


def test_a_change_sent_again_is_answered_with_a_row(office: Office) -> None:
    jana = office.laptop()
    change, _ = jana.measure(BERLEBURG)
    jana.agency.sync(jana.request(change, echoes=True, schema_version=SCHEMA_VERSION))
    reply = spoken(jana, change)
    assert outcomes(reply) == [(1, "known")]
    assert rows(reply) == 1


def test_what_was_taken_otherwise_than_it_came_is_a_row(office: Office) -> None:
    jana = office.laptop()
    first, clock = jana.measure(BERLEBURG)
    second, context = jana.measure(BERLEBURG)
    third, refused = jana.measure(BERLEBURG)
    jana.push(first, second, third)
    tomorrow = int((office.clock.at.timestamp() + 86_400) * 1000) << 16
    goal = KINDS["measure"].slot_of["goals"].id
    reply = spoken(
        jana,
        goals(jana, clock, "Von morgen", hlc=tomorrow),
        jana.change(Write("measure", context, goal, "Gesehen, was es nicht gibt", {jana.replica: 99})),
        goals(jana, refused, "Sicher"),
        jana.change(Write("workshop", refused, 1, "Eine Maßnahme ist keine Werkstatt")),
    )
    assert [o.outcome for o in reply.outcomes] == ["applied", "applied", "applied", "quarantined"]
    assert all(e.digest == 0 for e in reply.feed)
    assert rows(reply) == 3


def test_a_record_that_moves_into_another_scope_is_a_row(office: Office) -> None:
    jana = office.laptop()
    change, made = jana.measure(BERLEBURG)
    jana.push(change)
    moved = spoken(jana, jana.change(write("measure", made, "visibility", "public", jana.records[made])))
    assert rows(moved) == 1
    given = spoken(jana, jana.change(write("measure", made, "lead_ags", ARNSBERG, jana.records[made])))
    assert rows(given) == 1, "who reads it only in the region does not read all of it"
