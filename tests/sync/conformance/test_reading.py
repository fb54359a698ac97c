"""What a device is told: all of what it may read, nothing else, and never a step too few."""

from __future__ import annotations

import random

import pytest

from app.domain.access import scopes_of
from app.domain.catalogue import Role
from app.domain.change import Create
from app.domain.ids import EntityId, derived_id, new_id
from app.domain.merge import merge
from app.errors import AgencyRefused
from app.sync.wire import SyncReply
from tests.server.laptop import (
    ARNSBERG,
    BERLEBURG,
    OLPE,
    SIEGEN,
    Laptop,
    add,
    states_of,
    typed,
    value,
    version_of,
    write,
)
from tests.sync.conformance.conftest import Office


def test_pages_cover_everything_once_whatever_their_size(office: Office) -> None:
    jana = office.laptop()
    made = [jana.measure(BERLEBURG, f"Maßnahme {i}", "public") for i in range(23)]
    jana.push(*(change for change, _ in made))
    for limit in (1, 7, 500):
        tom = office.laptop()
        replies = tom.pull(limit)
        assert all(len(reply.feed) <= limit for reply in replies)
        assert tom.records.keys() == {i for _, i in made}
        assert all(reply.more for reply in replies[:-1])
        steps = [(e.scope, e.seq) for reply in replies for e in reply.feed]
        assert len(steps) == len(set(steps)) == 3 * 23
        assert tom.pull()[0].feed == []


def test_a_record_in_several_scopes_is_sent_once_per_page(office: Office) -> None:
    jana = office.laptop()
    change, made = jana.measure(BERLEBURG, visibility="public")
    reply = jana.push(change)
    assert {e.scope for e in reply.feed} == {f"municipality:{BERLEBURG}", "consortium", "region"}
    assert [s.id for s in states_of(reply)] == [made]


def test_own_records_come_before_those_of_the_region(office: Office) -> None:
    arnsberg, jana = office.laptop(ags=ARNSBERG), office.laptop()
    arnsberg.push(*(arnsberg.measure(ARNSBERG, visibility="public")[0] for _ in range(5)))
    change, made = jana.measure(BERLEBURG)
    jana.push(change, limit=1)
    assert list(jana.records) == [made]


def test_what_leaves_a_scope_is_evicted_there_and_appears_in_the_new_one_with_its_children(
    office: Office,
) -> None:
    jana, arnsberg = office.laptop(), office.laptop(ags=ARNSBERG)
    change, made = jana.measure(BERLEBURG)
    risk = new_id()
    below = jana.change(Create("risk", risk, "measure", made), write("risk", risk, "title", "Kosten"))
    jana.push(change, below)
    arnsberg.pull()
    assert not arnsberg.records
    jana.push(jana.change(write("measure", made, "lead_ags", ARNSBERG, jana.records[made])))
    arnsberg.pull()
    assert {made, risk} == arnsberg.records.keys()
    assert value(arnsberg.records[risk], "title") == "Kosten"
    assert not jana.records


def test_a_shared_measure_that_becomes_private_leaves_everybody(office: Office) -> None:
    jana, siegen, agency = office.laptop(), office.laptop(ags=SIEGEN), office.laptop(Role.AGENCY)
    change, made = jana.measure(BERLEBURG, visibility="public")
    risk = jana.change(Create("risk", new_id(), "measure", made))
    jana.push(change, risk)
    for reader in (siegen, agency):
        reader.pull()
        assert len(reader.records) == 2
    jana.push(jana.change(write("measure", made, "visibility", "private", jana.records[made])))
    for reader in (siegen, agency, jana):
        reader.pull()
        assert not reader.records


def test_a_child_that_comes_before_its_root_is_shown_when_the_root_appears(office: Office) -> None:
    jana, tom = office.laptop(), office.laptop()
    change, workshop = jana.workshop(BERLEBURG)
    card, noted = tom.card(workshop)
    (reply,) = [tom.push(card)]
    assert reply.outcomes[0].outcome == "applied"
    assert not tom.records
    jana.push(change)
    jana.pull()
    assert {workshop, noted} == jana.records.keys()


def test_what_was_written_early_by_somebody_who_may_not_is_taken_out_when_the_root_appears(
    office: Office,
) -> None:
    jana, stranger, tom = office.laptop(), office.laptop(ags=SIEGEN), office.laptop()
    change, workshop = jana.workshop(BERLEBURG)
    count = derived_id(workshop, "citizens")
    foreign, smuggled = stranger.card(workshop, "Werbung")
    guess = stranger.change(write("group_count", count, "count", 999), write("workshop", workshop, "title", "Meins"))
    card, noted = tom.card(workshop)
    assert [o.outcome for o in stranger.push(foreign, guess).outcomes] == ["applied", "applied"]
    tom.push(card)
    counted = jana.change(Create("group_count", count, "workshop", workshop), write("group_count", count, "count", 12))
    jana.push(change, counted)
    jana.pull()
    assert value(jana.records[workshop], "title") is None
    assert [v.value for v in jana.records[count].register(2).versions.values()] == [12]
    assert value(jana.records[noted], "text") == "Mehr Bänke"
    assert smuggled not in jana.records
    assert stranger.replica not in {a for i in (workshop, count) for a in jana.records[i].seen}
    assert [o.outcome for o in stranger.push(foreign, guess).outcomes] == ["quarantined", "quarantined"]


def test_one_change_that_makes_root_and_children_arrives_whole(office: Office) -> None:
    jana = office.laptop()
    card = new_id()
    made = new_id()
    change, _ = jana.workshop(BERLEBURG, Create("contribution", card, "workshop", made), made=made)
    reply = jana.push(change)
    assert [e.id for e in reply.feed] == [made, card]


def test_text_is_answered_with_what_is_missing(office: Office) -> None:
    jana, tom = office.laptop(), office.laptop()
    change, workshop = jana.workshop(BERLEBURG)
    minutes = new_id()
    long = "".join(random.Random(1).choices("abcdefghij klmnopqrstuvwxyz", k=5000))
    jana.push(change, jana.change(Create("minutes", minutes, "workshop", workshop), typed(minutes, long, 1)))
    tom.pull()
    had = tom.records[minutes].texts[1]
    jana.push(jana.change(typed(minutes, "Beginn 9 Uhr. ", 1, jana.records[minutes].texts[1])))
    hinted = tom.agency.sync(tom.request(texts={minutes: version_of(had)}))
    whole = tom.agency.sync(tom.request())
    (missing,), (full,) = states_of(hinted), states_of(whole)
    assert len(missing.texts[1].snapshot) < 1000 < len(full.texts[1].snapshot)
    merged = merge(tom.records[minutes], missing)
    assert merged.texts[1].text == full.texts[1].text == "Beginn 9 Uhr. " + long


def test_internal_fields_stay_with_the_owners_when_a_record_is_published(office: Office) -> None:
    jana, siegen, agency = office.laptop(), office.laptop(ags=SIEGEN), office.laptop(Role.AGENCY)
    change, made = jana.measure(BERLEBURG, visibility="public")
    note = jana.change(
        write("measure", made, "internal_note", "Noch nicht im Rat"), write("measure", made, "goals", "Ruhe")
    )
    funding = new_id()
    below = jana.change(
        Create("funding_item", funding, "measure", made), write("funding_item", funding, "file_ref", "AZ 7")
    )
    jana.push(change, note, below)
    for reader in (jana, siegen, agency):
        reader.pull()
        assert value(reader.records[made], "goals") == "Ruhe"
        told = (value(reader.records[made], "internal_note"), value(reader.records[funding], "file_ref"))
        assert told == ((None, None) if reader is siegen else ("Noch nicht im Rat", "AZ 7"))
    assert "Noch nicht" not in siegen.agency.history("measure", made).model_dump_json()
    assert "Noch nicht" in jana.agency.history("measure", made).model_dump_json()


def test_history_tells_only_of_the_record_asked_for(office: Office) -> None:
    jana, siegen = office.laptop(), office.laptop(ags=SIEGEN)
    change, workshop = jana.workshop(BERLEBURG)
    made = new_id()
    promoted = jana.change(
        Create("contribution", (card := new_id()), "workshop", workshop),
        write("contribution", card, "text", "Nur für uns"),
        Create("measure", made, "measure", made),
        write("measure", made, "lead_ags", BERLEBURG),
        write("measure", made, "visibility", "public"),
    )
    jana.push(change, promoted)
    edit = jana.change(write("measure", made, "title", "Bänke", jana.records[made]))
    jana.push(edit)
    told = siegen.agency.history("measure", made)
    assert [e.change[1] for e in told.entries] == [2, 3]
    assert {op[2] for e in told.entries for op in e.change[6]} == {made}
    assert [a.person for a in told.authors] == ["Jana"]
    for kind, entity in (("contribution", card), ("workshop", workshop), ("workshop", made), ("x", "y")):
        with pytest.raises(AgencyRefused):
            siegen.agency.history(kind, entity)


def test_a_workshop_is_read_by_whoever_leads_it(office: Office) -> None:
    jana = office.laptop()
    change, workshop = jana.workshop(BERLEBURG)
    card, noted = jana.card(workshop)
    jana.push(change, card, jana.workshop(BERLEBURG)[0])
    guide = office.laptop(Role.FACILITATOR, workshops=[workshop])
    guide.pull()
    assert guide.records.keys() == {workshop, noted}


def test_cursors_of_scopes_that_are_not_granted_are_ignored(office: Office) -> None:
    jana, arnsberg = office.laptop(), office.laptop(ags=ARNSBERG)
    arnsberg.push(arnsberg.measure(ARNSBERG)[0])
    reply = jana.push(cursors={"agency": 0, f"municipality:{ARNSBERG}": 0, "no such thing": 7, "": 2**62})
    assert not reply.feed
    assert reply.cursors.keys() == set(reply.grant.scopes)


def _anything(rng: random.Random, jana: Laptop, roots: list[EntityId], ags: list[str]) -> SyncReply:
    """One random thing somebody does: make, move, share, hide or add below."""
    place = rng.choice(ags)
    if not roots or rng.random() < 0.3:
        change, made = jana.measure(
            place, visibility=rng.choice([None, "municipality", "consortium", "public", "private"])
        )
        roots.append(made)
        return jana.push(change)
    root = rng.choice(roots)
    known = jana.records.get(root)
    todo = rng.randrange(4)
    if todo == 0:
        return jana.push(jana.change(write("measure", root, "lead_ags", place, known)))
    if todo == 1:
        level = rng.choice(["municipality", "consortium", "school", "private"])
        return jana.push(jana.change(write("measure", root, "visibility", level, known)))
    if todo == 2:
        return jana.push(jana.change(add("measure", root, "participating_ags", place)))
    risk = new_id()
    return jana.push(jana.change(Create("risk", risk, "measure", root), write("risk", risk, "title", "Kosten")))


@pytest.mark.parametrize("seed", range(2))
def test_no_reply_contains_a_record_outside_the_grant(office: Office, seed: int) -> None:
    rng = random.Random(seed)
    places = [BERLEBURG, ARNSBERG, SIEGEN, OLPE, "05958012"]
    writer = office.laptop(Role.AGENCY)
    readers = [office.laptop(ags=ags) for ags in places] + [office.laptop(Role.FACILITATOR, workshops=[new_id()])]
    roots: list[EntityId] = []
    for _ in range(12):
        for _ in range(rng.randrange(1, 4)):
            _anything(rng, writer, roots, places)
        reader = rng.choice(readers)
        for reply in reader.pull(rng.choice([1, 3, 50])):
            granted = set(reply.grant.scopes)
            assert {e.scope for e in reply.feed} <= granted
            roots_told = [s for s in states_of(reply) if s.id == s.root_id]
            assert all(scopes_of(root) & granted for root in roots_told)
    every = office.laptop(Role.AGENCY)
    every.pull()
    for reader in readers:
        reader.pull()
        granted = set(reader.push().grant.scopes)
        visible = {i for i, s in every.records.items() if scopes_of(every.records[s.root_id]) & granted}
        assert reader.records.keys() == visible
        assert all(reader.records[i] == every.records[i] for i in visible)
