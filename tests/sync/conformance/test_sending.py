"""What becomes of changes: once, whole, in order, and never stuck behind a bad one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from app.domain.catalogue import Role
from app.domain.change import Add, Change, Count, Create, TextEdit
from app.domain.clock import wall_ms_of
from app.domain.encoding import encode_change
from app.domain.fields import KINDS
from app.domain.ids import new_id, new_replica_id
from app.domain.text import TextState
from app.server.tables import quarantine
from tests.server.laptop import ARNSBERG, BERLEBURG, SIEGEN, Laptop, add, outcomes, typed, value, write
from tests.sync.conformance.conftest import Office


def test_what_one_laptop_writes_another_reads(office: Office) -> None:
    jana, tom = office.laptop(), office.laptop(person="Tom")
    change, made = jana.measure(BERLEBURG, "Radweg an der Eder")
    jana.push(change)
    (reply,) = tom.pull()
    assert value(tom.records[made], "title") == "Radweg an der Eder"
    assert tom.records[made] == jana.records[made]
    assert [(a.person, a.ags) for a in reply.authors] == [("Jana", BERLEBURG)]


def test_a_change_sent_twice_is_applied_once(office: Office) -> None:
    jana = office.laptop()
    change, made = jana.measure(BERLEBURG)
    first = jana.push(change)
    cursors = dict(jana.cursors)
    second = jana.push(change)
    assert outcomes(first) == [(1, "applied")]
    assert outcomes(second) == [(1, "known")]
    assert jana.cursors == cursors
    assert [r.no for r in first.receipts] == [r.no for r in second.receipts]
    assert len(jana.agency.history("measure", made).entries) == 1


def test_the_same_change_twice_in_one_request_is_applied_once(office: Office) -> None:
    jana = office.laptop()
    change, _ = jana.measure(BERLEBURG)
    assert outcomes(jana.push(change, change)) == [(1, "applied"), (1, "known")]


def test_two_people_editing_different_fields_both_stand(office: Office) -> None:
    jana, tom = office.laptop(), office.laptop()
    change, made = jana.measure(BERLEBURG)
    jana.push(change)
    tom.pull()
    jana.push(jana.change(write("measure", made, "goals", "Sicher zur Schule", jana.records[made])))
    tom.push(tom.change(write("measure", made, "carrier_org", "Stadtwerke", tom.records[made])))
    jana.pull()
    tom.pull()
    assert jana.records[made] == tom.records[made]
    assert value(jana.records[made], "goals") == "Sicher zur Schule"
    assert value(jana.records[made], "carrier_org") == "Stadtwerke"


def test_two_people_editing_the_same_field_leave_both_versions(office: Office) -> None:
    jana, tom = office.laptop(), office.laptop()
    change, made = jana.measure(BERLEBURG)
    jana.push(change)
    tom.pull()
    jana.push(jana.change(write("measure", made, "title", "Radweg Eder", jana.records[made])))
    tom.push(tom.change(write("measure", made, "title", "Uferweg", tom.records[made])))
    jana.pull()
    register = jana.records[made].register(1)
    assert {v.value for v in register.versions.values()} == {"Radweg Eder", "Uferweg"}
    assert register.is_open


def test_a_gap_is_answered_with_the_number_waited_for(office: Office) -> None:
    jana = office.laptop()
    changes = [jana.measure(BERLEBURG)[0] for _ in range(4)]
    reply = jana.push(changes[0], changes[2], changes[3])
    assert outcomes(reply) == [(1, "applied"), (2, "expected")]
    assert jana.accepted == {jana.replica: 1}
    assert outcomes(jana.push(*changes[1:])) == [(2, "applied"), (3, "applied"), (4, "applied")]


def test_after_a_gap_nothing_is_looked_at_because_it_may_speak_of_what_is_missing(office: Office) -> None:
    jana = office.laptop()
    older = Laptop(jana.agency, new_replica_id(), n=1)
    early, late = older.measure(BERLEBURG)[0], jana.measure(BERLEBURG)[0]
    reply = jana.push(early, late, replicas=[older.replica, jana.replica])
    assert outcomes(reply) == [(1, "expected")]
    assert outcomes(jana.push(late)) == [(1, "applied")]


def test_other_content_under_a_known_number_is_a_fork_and_stops_the_replica(office: Office) -> None:
    jana = office.laptop()
    first, made = jana.measure(BERLEBURG)
    jana.push(first)
    jana.n = 0
    other, second = jana.measure(BERLEBURG, "Kopie")[0], jana.measure(BERLEBURG, "Kopie 2")[0]
    reply = jana.push(other, second)
    assert outcomes(reply) == [(1, "fork")]
    assert jana.accepted == {jana.replica: 1}
    jana.pull()
    assert list(jana.records) == [made]


def test_a_poisoned_change_waits_in_quarantine_and_the_next_ones_arrive(office: Office) -> None:
    jana = office.laptop()
    first, made = jana.measure(BERLEBURG)
    bad = encode_change(jana.change(write("measure", made, "title", "x")))
    bad[6][0][3] = 9999
    last, later = jana.measure(BERLEBURG)
    reply = jana.push(first, bad, last)
    assert outcomes(reply) == [(1, "applied"), (2, "quarantined"), (3, "applied")]
    assert reply.outcomes[1].reason == "slot"
    assert jana.accepted == {jana.replica: 3}
    assert reply.receipts[-1].n == 3
    assert {made, later} <= jana.records.keys()


def test_quarantine_is_told_again_when_the_first_reply_was_lost(office: Office) -> None:
    jana = office.laptop()
    foreign, _ = jana.measure(ARNSBERG)
    first, again = jana.push(foreign), jana.push(foreign)
    assert [o.model_dump() for o in first.outcomes] == [o.model_dump() for o in again.outcomes]
    assert again.outcomes[0].reason == "not_allowed"
    with office.service.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(quarantine)).scalar_one() == 1


def test_what_does_not_even_name_itself_holds_nothing_up(office: Office) -> None:
    jana = office.laptop()
    change, _ = jana.measure(BERLEBURG)
    garbage: list[Any] = [
        [],
        ["x"],
        [5, 0, 0, "a", "", 1, []],
        {"replica": 1},
        None,
        "change",
        [True, 1, 1, "a", "", 1, [["c"]]],
    ]
    reply = jana.push(*garbage, change)
    assert [(o.replica, o.outcome, o.reason) for o in reply.outcomes] == [
        *[(0, "quarantined", "head")] * len(garbage),
        (jana.replica, "applied", ""),
    ]
    jana.push(*garbage)
    with office.service.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(quarantine)).scalar_one() == len(garbage)


def _spoiled(jana: Laptop) -> list[Any]:
    """Changes of which nothing fits the registry, each in its own way."""
    spoil: list[Callable[[list[Any], str], object]] = [
        lambda raw, _: raw.append("extra"),
        lambda raw, _: raw.__setitem__(2, -1),
        lambda raw, _: raw.__setitem__(3, 7),
        lambda raw, _: raw.__setitem__(6, []),
        lambda raw, _: raw.__setitem__(6, "ops"),
        lambda raw, made: raw[6].append(["c", "unicorn", made, "measure", made]),
        lambda raw, made: raw[6].append(["+", "measure", made, 9, ["nobody"]]),
        lambda raw, made: raw[6].append(["w", "measure", made, 23, "x" * 4000, []]),
        lambda raw, made: raw[6].append(["w", "measure", made, 1, "doppelt", []]),
        lambda raw, _: raw[6].append(["w", "measure", "not-an-id", 1, "x", []]),
        lambda raw, made: raw[6].append(["w", "measure", made, 28, ["x", 200.0, 0.0], []]),
        lambda raw, _: raw[6].append([["nested"]] * 3),
    ]
    changes = []
    for break_it in spoil:
        change, made = jana.measure(BERLEBURG)
        changes.append(encode_change(change))
        break_it(changes[-1], made)
    return changes


def test_changes_that_do_not_fit_leave_nothing_behind(office: Office) -> None:
    jana = office.laptop()
    spoiled = _spoiled(jana)
    reply = jana.push(*spoiled)
    assert [o.outcome for o in reply.outcomes] == ["quarantined"] * len(spoiled)
    assert all(o.reason for o in reply.outcomes)
    jana.pull()
    assert not jana.records
    assert jana.accepted == {jana.replica: len(spoiled)}


def test_damaged_text_is_set_aside_with_all_of_its_change(office: Office) -> None:
    jana = office.laptop()
    change, workshop = jana.workshop(BERLEBURG)
    minutes = new_id()
    below = Create("minutes", minutes, "workshop", workshop)
    good = typed(minutes, "Begrüßung", 7)
    damaged = TextEdit("minutes", minutes, 1, good.update[:-9] + b"\x00" * 9)
    reply = jana.push(
        change,
        jana.change(below, damaged, write("workshop", workshop, "title", "Halb")),
        jana.change(below, good),
    )
    assert [o.outcome for o in reply.outcomes] == ["applied", "quarantined", "applied"]
    assert reply.outcomes[1].reason == "garbled_text"
    jana.pull()
    assert jana.records[minutes].texts[1].text == "Begrüßung"
    assert value(jana.records[workshop], "title") is None


def test_two_laptops_writing_the_same_minutes_keep_every_word(office: Office) -> None:
    jana = office.laptop()
    change, workshop = jana.workshop(BERLEBURG)
    tom = office.laptop()
    minutes = new_id()
    jana.push(change, jana.change(Create("minutes", minutes, "workshop", workshop), typed(minutes, "Moin. ", 1)))
    tom.pull()
    before = tom.records[minutes].texts[1]
    jana.push(jana.change(typed(minutes, "Beginn 9 Uhr. ", 1, jana.records[minutes].texts[1])))
    tom.push(tom.change(typed(minutes, "Anwesend: 12. ", 2, before)))
    jana.pull()
    tom.pull()
    text = jana.records[minutes].texts[1].text
    assert text == tom.records[minutes].texts[1].text
    assert all(part in text for part in ("Moin. ", "Beginn 9 Uhr. ", "Anwesend: 12. "))


def test_votes_count_once_however_often_they_are_told(office: Office) -> None:
    jana, tom = office.laptop(), office.laptop()
    change, workshop = jana.workshop(BERLEBURG)
    result = new_id()
    jana.push(change, jana.change(Create("vote_result", result, "workshop", workshop)))
    three, two = (
        jana.change(Count("vote_result", result, 3, 3, 0)),
        tom.change(Count("vote_result", result, 3, 2, 0)),
    )
    for _ in range(2):
        jana.push(three)
        tom.push(two)
    jana.pull()
    assert jana.records[result].counters[3].value == 5


def test_a_clock_from_the_future_does_not_win_by_it_and_the_log_keeps_what_it_said(office: Office) -> None:
    jana = office.laptop()
    change, made = jana.measure(BERLEBURG)
    ahead = int(office.clock().timestamp() * 1000 + 2 * 365 * 86_400_000) << 16
    late = Change(jana.replica, 1, ahead, change.action, change.ops)
    jana.push(late)
    (version,) = jana.records[made].register(1).versions.values()
    assert wall_ms_of(version.hlc) == int(office.clock().timestamp() * 1000)
    assert jana.agency.history("measure", made).entries[0].change[2] == ahead


def test_each_request_with_something_new_has_one_receipt_and_numbers_rise(office: Office) -> None:
    jana, tom = office.laptop(), office.laptop(ags=ARNSBERG)
    first = jana.push(jana.measure(BERLEBURG)[0], jana.measure(BERLEBURG)[0])
    other = tom.push(tom.measure(ARNSBERG)[0])
    second = jana.push(jana.measure(BERLEBURG)[0])
    empty = jana.push(receipted=[jana.replica, 2])
    assert [(r.no, r.n) for r in first.receipts] == [(1, 2)]
    assert [(r.no, r.n) for r in other.receipts] == [(2, 1)]
    assert [(r.no, r.n) for r in second.receipts] == [(1, 2), (3, 3)]
    assert [(r.no, r.n) for r in empty.receipts] == [(3, 3)]
    assert empty.receipts[0].at == "2026-03-12T09:30:00.000Z"


def test_another_epoch_takes_nothing_and_tells_where_to_begin(office: Office) -> None:
    jana = office.laptop()
    jana.push(jana.measure(BERLEBURG)[0])
    office.service.new_epoch()
    change, _ = jana.measure(BERLEBURG)
    reply = jana.push(change)
    assert reply.reset
    assert (reply.outcomes, reply.pages, reply.feed, reply.cursors) == ([], [], [], {})
    assert jana.accepted == {jana.replica: 1}
    assert jana.epoch == office.reach("").about().epoch
    jana.cursors = {}
    assert outcomes(jana.push(change)) == [(2, "applied")]


def test_an_id_cannot_become_a_record_of_another_kind(office: Office) -> None:
    jana = office.laptop()
    change, made = jana.measure(BERLEBURG)
    as_workshop, _ = jana.workshop(BERLEBURG, made=made)
    twice_in_one = new_id()
    mixed = jana.change(
        Create("measure", twice_in_one, "measure", twice_in_one),
        write("measure", twice_in_one, "lead_ags", BERLEBURG),
        write("workshop", twice_in_one, "ags", BERLEBURG),
    )
    below = jana.change(Create("contribution", new_id(), "workshop", made))
    reply = jana.push(change, as_workshop, mixed, below)
    assert [(o.outcome, o.reason) for o in reply.outcomes] == [
        ("applied", ""),
        ("quarantined", "kind"),
        ("quarantined", "kind"),
        ("quarantined", "kind"),
    ]


class TestRights:
    """Who may change what; everything else waits in quarantine as "not_allowed"."""

    def test_a_coordinator_changes_the_own_municipality_only(self, office: Office) -> None:
        jana, tom = office.laptop(), office.laptop(ags=ARNSBERG)
        change, made = jana.measure(BERLEBURG, visibility="public")
        jana.push(change)
        tom.pull()
        risk = Create("risk", new_id(), "measure", made)
        reply = tom.push(
            tom.change(write("measure", made, "title", "Meins", tom.records[made])),
            tom.change(risk, write("risk", risk.id, "title", "Kosten")),
            tom.measure(BERLEBURG)[0],
            tom.change(Create("measure", (bare := new_id()), "measure", bare)),
            tom.measure(ARNSBERG)[0],
        )
        assert [o.outcome for o in reply.outcomes] == ["quarantined"] * 4 + ["applied"]
        assert {o.reason for o in reply.outcomes[:4]} == {"not_allowed"}
        jana.pull()
        assert value(jana.records[made], "title") == "Radweg"

    def test_a_participating_municipality_edits_too(self, office: Office) -> None:
        jana, tom = office.laptop(), office.laptop(ags=ARNSBERG)
        change, made = jana.measure(BERLEBURG)
        joined = jana.change(add("measure", made, "participating_ags", ARNSBERG))
        jana.push(change, joined)
        tom.pull()
        edit = tom.change(write("measure", made, "goals", "Gemeinsam", tom.records[made]))
        assert outcomes(tom.push(edit)) == [(1, "applied")]

    def test_nobody_takes_a_measure_by_declaring_it_the_own(self, office: Office) -> None:
        jana, tom = office.laptop(), office.laptop(ags=ARNSBERG)
        change, made = jana.measure(BERLEBURG, visibility="public")
        jana.push(change)
        tom.pull()
        reply = tom.push(
            tom.change(write("measure", made, "lead_ags", ARNSBERG, tom.records[made])),
            tom.change(Add("measure", made, KINDS["measure"].slot_of["participating_ags"].id, (ARNSBERG,))),
        )
        assert [o.reason for o in reply.outcomes] == ["not_allowed"] * 2

    def test_a_measure_may_be_given_away_but_not_taken_back(self, office: Office) -> None:
        jana = office.laptop()
        change, made = jana.measure(BERLEBURG)
        jana.push(change)
        given = jana.change(write("measure", made, "lead_ags", ARNSBERG, jana.records[made]))
        back = jana.change(write("measure", made, "lead_ags", BERLEBURG))
        assert outcomes(jana.push(given, back)) == [(2, "applied"), (3, "quarantined")]

    def test_a_facilitator_changes_the_own_workshops_only(self, office: Office) -> None:
        jana = office.laptop()
        mine, own = jana.workshop(BERLEBURG)
        other, foreign = jana.workshop(BERLEBURG)
        measure, about = jana.measure(BERLEBURG)
        jana.push(mine, other, measure)
        guide = office.laptop(Role.FACILITATOR, workshops=[own])
        reply = guide.push(
            guide.card(own)[0],
            guide.card(foreign)[0],
            guide.change(write("measure", about, "title", "x")),
            guide.workshop(BERLEBURG)[0],
        )
        assert [o.outcome for o in reply.outcomes] == ["applied"] + ["quarantined"] * 3

    def test_a_change_across_two_records_needs_the_right_to_both(self, office: Office) -> None:
        jana = office.laptop()
        change, workshop = jana.workshop(BERLEBURG)
        jana.push(change)
        guide = office.laptop(Role.FACILITATOR, workshops=[workshop])
        made = new_id()
        promoted = guide.change(
            Create("contribution", (card := new_id()), "workshop", workshop),
            add("contribution", card, "measure_ids", made),
            Create("measure", made, "measure", made),
            write("measure", made, "lead_ags", BERLEBURG),
        )
        assert guide.push(promoted).outcomes[0].reason == "not_allowed"
        jana.pull()
        assert card not in jana.records

    def test_the_agency_changes_everything(self, office: Office) -> None:
        jana, agency = office.laptop(), office.laptop(Role.AGENCY)
        change, made = jana.measure(BERLEBURG)
        jana.push(change)
        agency.pull()
        reply = agency.push(
            agency.change(write("measure", made, "code", "SWF-1", agency.records[made])),
            agency.measure(SIEGEN)[0],
        )
        assert [o.outcome for o in reply.outcomes] == ["applied", "applied"]

    def test_a_child_cannot_be_moved_below_another_root(self, office: Office) -> None:
        jana, tom = office.laptop(), office.laptop(ags=ARNSBERG)
        low, high = sorted([new_id(), new_id()])
        theirs, _ = tom.workshop(ARNSBERG, made=low)
        mine, _ = jana.workshop(BERLEBURG, made=high)
        noted, card = jana.card(high)
        jana.push(mine, noted)
        stolen = tom.change(Create("contribution", card, "workshop", low))
        assert [o.outcome for o in tom.push(theirs, stolen).outcomes] == ["applied", "quarantined"]


def test_an_empty_text_hint_is_answered_with_the_whole_text(office: Office) -> None:
    jana, tom = office.laptop(), office.laptop()
    change, workshop = jana.workshop(BERLEBURG)
    minutes = new_id()
    jana.push(change, jana.change(Create("minutes", minutes, "workshop", workshop), typed(minutes, "Moin", 1)))
    tom.push(texts={minutes: "kein base64!"})
    assert tom.records[minutes].texts[1].text == "Moin"
    assert tom.records[minutes].texts[1].version != TextState().version
