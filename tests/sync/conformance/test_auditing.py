"""Digests, records by id and heals, the same in one process, over HTTP and on PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.change import Write
from app.domain.clock import Dot
from app.domain.digest import MASK, digest_of
from app.domain.fields import KINDS, SCHEMA_VERSION
from app.domain.ids import EntityId
from app.domain.merge import EntityState, apply
from app.domain.packing import columns, pack
from app.sync.audit_wire import LEAF, DigestRequest, HealReply, HealRequest, RecordsRequest
from app.sync.wire import Page
from tests.server.laptop import ARNSBERG, BERLEBURG, Laptop, outcomes, write
from tests.sync.conformance.conftest import Office

HOME = f"municipality:{BERLEBURG}"


def audited(laptop: Laptop) -> dict[str, list[int]]:
    """Digests of all scopes."""
    laptop.pull()
    return laptop.push(audit=True, schema_version=SCHEMA_VERSION).digests


def heal(laptop: Laptop, *states: EntityState, former: list[str], scope: str = HOME) -> HealReply:
    pages = [Page(kind=s.kind, columns=columns(KINDS[s.kind]), rows=[pack(s)]) for s in states]
    return laptop.agency.heal(HealRequest(epoch=laptop.epoch, former=former, scope=scope, pages=pages))


def healed(reply: HealReply) -> list[tuple[str, str]]:
    return [(o.outcome, o.reason) for o in reply.outcomes]


def test_the_agencys_sums_are_those_of_what_a_device_holds(office: Office) -> None:
    jana, tom = office.laptop(), office.laptop(ags=ARNSBERG)
    made: list[EntityId] = []
    for i in range(3):
        change, one = jana.measure(BERLEBURG, f"Nr. {i}", visibility="public")
        jana.push(change)
        made.append(one)
    jana.pull()
    jana.push(jana.change(write("measure", made[0], "internal_note", "nur wir", jana.records[made[0]])))
    jana.push(jana.change(write("measure", made[1], "lead_ags", ARNSBERG, jana.records[made[1]])))
    for laptop in (jana, tom):
        told = audited(laptop)
        for scope, (records, digest) in told.items():
            held = [laptop.records[i] for i, scopes in laptop.held.items() if scope in scopes]
            assert (records, digest) == (len(held), sum(map(digest_of, held)) & MASK)
    assert tom.push(schema_version=SCHEMA_VERSION).digests == {}, "nothing moved"
    assert tom.push(audit=True, schema_version=SCHEMA_VERSION + 1).digests == {}, "other fields, other states"


def test_ranges_lead_to_single_records(office: Office) -> None:
    jana = office.laptop()
    jana.push(*(jana.measure(BERLEBURG)[0] for _ in range(LEAF + 10)))
    jana.pull()
    ask = DigestRequest(epoch=jana.epoch, scope=HOME, ranges=[["", ""]])
    (whole,) = jana.agency.digest(ask).parts
    assert sum(whole.counts) == LEAF + 10
    assert whole.ends[-1] == ""
    starts = ["", *whole.ends[:-1]]
    parts = jana.agency.digest(
        DigestRequest(epoch=jana.epoch, scope=HOME, ranges=[[a, b] for a, b in zip(starts, whole.ends, strict=True)])
    ).parts
    assert [i for part in parts for i in part.ids] == sorted(jana.records)
    assert [sum(part.digests) & MASK for part in parts] == whole.digests
    told = {i: d for part in parts for i, d in zip(part.ids, part.digests, strict=True)}
    assert told == {i: digest_of(s) for i, s in jana.records.items()}


def test_records_are_shown_by_id_only_where_the_scope_shows_them(office: Office) -> None:
    jana, tom = office.laptop(), office.laptop(ags=ARNSBERG)
    change, made = jana.measure(BERLEBURG)
    jana.push(change)
    jana.pull()
    tom.pull()
    reply = jana.agency.records(RecordsRequest(epoch=jana.epoch, scope=HOME, ids=[made]))
    assert [p.kind for p in reply.pages] == ["measure"]
    assert [e.id for e in reply.feed] == [made]
    theirs = f"municipality:{ARNSBERG}"
    assert tom.agency.records(RecordsRequest(epoch=tom.epoch, scope=theirs, ids=[made])).feed == []
    assert tom.agency.records(RecordsRequest(epoch=tom.epoch, scope=HOME, ids=[made])).stale


class Restored:
    """An agency that has forgotten: a measure that Jana had from an earlier epoch, by an author it never met."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.jana, self.tom = office.laptop(), office.laptop()
        change, self.made = self.jana.measure(BERLEBURG)
        self.jana.push(change)
        self.jana.pull()
        self.tom.pull()
        self.former = [self.jana.epoch]
        office.service.new_epoch()
        for laptop in (self.jana, self.tom):
            laptop.epoch, laptop.cursors = "", {}
            laptop.pull()
        self.known = self.jana.records[self.made]

    def grown(self, replica: int, n: int, title: str = "Von früher", **context: Any) -> EntityState:
        """What Jana claims: the measure with one more change, (replica, n)."""
        slot = KINDS["measure"].slot_of["title"].id
        seen = dict(self.known.register(slot).context) | context.get("seen", {})
        return apply(self.known, Write("measure", self.made, slot, title, seen), Dot(replica, n), 5)


def test_what_was_forgotten_is_taken_back_and_everybody_hears_it(office: Office) -> None:
    world = Restored(office)
    grown = world.grown(2**61, 7)
    assert healed(heal(world.jana, grown, former=world.former)) == [("merged", "")]
    assert healed(heal(world.jana, grown, former=world.former)) == [("known", "")], "twice is once"
    world.tom.pull()
    assert digest_of(world.tom.records[world.made]) == digest_of(grown)
    assert audited(world.tom)[HOME] == [1, digest_of(grown)]


@pytest.mark.parametrize("former", [[], ["erfunden"]])
def test_only_who_knew_an_earlier_epoch_may_heal(office: Office, former: list[str]) -> None:
    world = Restored(office)
    assert healed(heal(world.jana, world.grown(2**61, 7), former=former)) == [("kept", "no_epoch")]
    world.tom.pull()
    assert world.tom.records[world.made] == world.known


def test_only_who_may_edit_the_root_may_heal_it(office: Office) -> None:
    world = Restored(office)
    stranger = office.laptop(ags=ARNSBERG)
    stranger.pull()
    lead = KINDS["measure"].slot_of["lead_ags"].id
    stolen = apply(world.grown(2**61, 7), Write("measure", world.made, lead, ARNSBERG, {}), Dot(2**61, 8), 6)
    reply = heal(stranger, stolen, former=world.former, scope=f"municipality:{ARNSBERG}")
    assert healed(reply) == [("kept", "not_allowed")]


def test_a_forged_heal_cannot_silence_what_its_victim_writes_next(office: Office) -> None:
    world = Restored(office)
    victim = world.tom.replica
    forged = world.grown(world.jana.replica, world.jana.n, seen={victim: 1000})
    forged = apply(forged, Write("measure", world.made, 1, "Gefälscht", {victim: 1000}), Dot(victim, 1000), 9)
    assert healed(heal(world.jana, forged, former=world.former)) == [("merged", "")]
    word = world.tom.change(write("measure", world.made, "goals", "Toms Ziel", world.tom.records[world.made]))
    reply = world.tom.push(word)
    assert outcomes(reply) == [(1, "fork")], "nobody can have heard of it, so it gets another name instead of silence"
    again = Laptop(world.tom.agency, 2**60, epoch=world.tom.epoch)
    told = again.change(write("measure", world.made, "goals", "Toms Ziel", world.tom.records[world.made]))
    assert outcomes(again.push(told)) == [(1, "applied")]
    world.jana.pull()
    goals = world.jana.records[world.made].register(KINDS["measure"].slot_of["goals"].id)
    assert "Toms Ziel" in {v.value for v in goals.versions.values()}


def test_what_was_sent_in_an_earlier_epoch_may_be_known_by_hearsay(office: Office) -> None:
    world = Restored(office)
    grown = world.grown(world.tom.replica, 1)
    assert healed(heal(world.jana, grown, former=world.former)) == [("merged", "")]
    word = world.tom.change(write("measure", world.made, "title", "Von früher", world.known))
    assert outcomes(world.tom.push(word, earlier=[world.tom.replica, 1])) == [(1, "applied")]
    world.jana.pull()
    assert digest_of(world.jana.records[world.made]) == digest_of(grown)


def test_nobody_can_have_seen_more_than_a_replica_has_said(office: Office) -> None:
    world = Restored(office)
    tom = world.tom
    tom.push(tom.change(write("measure", world.made, "goals", "Eins", tom.records[world.made])))
    reply = heal(world.jana, world.grown(tom.replica, 2), former=world.former)
    assert healed(reply) == [("kept", "beyond")], "Tom has spoken in this epoch: how far he came is certain"


def test_a_state_that_contradicts_itself_is_kept_aside(office: Office) -> None:
    world = Restored(office)
    grown = world.grown(2**61, 7)
    row = pack(grown)
    row[-1]["b"] = "?"
    page = Page(kind="measure", columns=columns(KINDS["measure"]), rows=[row])
    reply = world.jana.agency.heal(HealRequest(epoch=world.jana.epoch, former=world.former, scope=HOME, pages=[page]))
    assert healed(reply) == [("kept", "garbled")]
