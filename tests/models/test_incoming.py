"""What the agency sends meets what is pending here: nothing is lost, nothing is shown that is not so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, text

from app.domain.ids import new_id
from app.domain.merge import EntityState
from app.domain.text import TextDoc, TextState
from app.errors import NotAllowed, StoreError
from app.models import arrivals, epochs, incoming, outbox, rows
from app.models.engine import reading, writing
from app.models.store import Store
from app.models.tables import change, cursor, entity, receipt, superseded
from tests.models.desk import (
    AGS,
    count,
    edit,
    found_by,
    live,
    make_measure,
    row_of,
    same,
    shown,
    states_of_changes,
)
from tests.models.tiny_agency import EPOCH, TinyAgency, exchange, pull, push

Desks = Callable[[str], Store]


def pair(desks: Desks, agency: TinyAgency) -> tuple[Store, Store, str]:
    """Two desks that both hold one measure, all settled."""
    here, there = desks("here"), desks("there")
    made = make_measure(here)
    exchange(here, agency)
    exchange(there, agency)
    return here, there, made


def cursors(store: Store) -> dict[str, int]:
    with reading(store.engine) as connection:
        return {c.scope: c.seq for c in connection.execute(select(cursor))}


def test_what_arrives_is_shown_found_and_reported_as_new(desks: Desks) -> None:
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    made = make_measure(here, "Mobilstation")
    assert exchange(here, agency).keys == frozenset(), "one's own words are no news"
    arrived = exchange(there, agency)
    assert arrived.new == {("measure", made)}
    assert shown(there, made, "title") == "Mobilstation"
    assert found_by(there, "mobilstation") == [made]
    assert row_of(there, made).held == "|all|"


def test_own_pending_words_stay_on_top_of_what_arrives(desks: Desks) -> None:
    agency = TinyAgency()
    here, there, made = pair(desks, agency)
    edit(there, made, goals="Von dort", title="Dort")
    exchange(there, agency)
    edit(here, made, title="Hier", tags=["hier"])
    pull(here, agency)
    state = live(here, made)
    assert state is not None
    assert {v.value for v in state.register(1).versions.values()} == {"Hier", "Dort"}
    assert shown(here, made, "goals") == "Von dort"
    with reading(here.engine) as connection:
        row, _ = rows.load(connection, "measure", made)  # type: ignore[misc]
        base = rows.decode_base("measure", row.base)
    assert same(base, agency.records[("measure", made)])
    assert states_of_changes(here) == ["confirmed", "pending"]
    edit(here, made, goals="Noch ein Ziel")
    assert rows.decode_base("measure", row_of(here, made).base) == base, "not moved by own words"


def test_the_agencys_word_drops_the_base_and_both_agree(desks: Desks) -> None:
    agency = TinyAgency()
    here, there, made = pair(desks, agency)
    edit(there, made, title="Dort")
    edit(here, made, title="Hier", tags=["a"])
    exchange(there, agency)
    exchange(here, agency)
    exchange(there, agency)
    assert row_of(here, made).base is None
    for desk in (here, there):
        assert same(live(desk, made), agency.records[("measure", made)])
    assert set(states_of_changes(here)) == {"confirmed"}
    assert len(outbox.next_batch(here, 10, 1_000_000).changes) == 0


def test_a_lost_reply_and_a_second_delivery_change_nothing(desks: Desks) -> None:
    agency = TinyAgency()
    here, there, made = pair(desks, agency)
    edit(here, made, title="Einmal", tags=["x"])
    push(here, agency)
    push(here, agency)
    pull(here, agency, twice=True)
    pull(there, agency, twice=True)
    assert same(live(here, made), live(there, made))
    assert count(here, receipt) == len(agency.receipts)
    with reading(here.engine) as connection:
        assert None not in connection.execute(select(change.c.receipt)).scalars().all()


def test_refused_words_stay_visible_and_out_of_the_way(desks: Desks) -> None:
    agency = TinyAgency()
    here, there, made = pair(desks, agency)
    agency.refuse = lambda c: "foreign" if c.action == "measure.edit" else ""
    edit(here, made, title="Nicht angenommen")
    exchange(here, agency)
    assert states_of_changes(here) == ["confirmed", "quarantined"]
    assert shown(here, made, "title") == "Nicht angenommen"
    agency.refuse = lambda _: ""
    edit(there, made, goals="Neues Ziel")
    exchange(there, agency)
    exchange(here, agency)
    assert shown(here, made, "title") == "Nicht angenommen"
    assert shown(here, made, "goals") == "Neues Ziel"
    assert shown(there, made, "title") == "Radweg"
    assert row_of(here, made).base is not None


def test_a_record_in_two_scopes_leaves_only_with_the_last(desks: Desks) -> None:
    in_a, in_b = {"yes": True}, {"yes": True}
    agency = TinyAgency(scopes={"a": lambda _: in_a["yes"], "b": lambda _: in_b["yes"]})
    _, there, made = pair(desks, agency)
    assert row_of(there, made).held == "|a|b|"
    in_a["yes"] = False
    agency.put(agency.records[("measure", made)])
    exchange(there, agency)
    assert row_of(there, made).held == "|b|"
    assert shown(there, made, "title") == "Radweg"
    in_b["yes"] = False
    agency.put(agency.records[("measure", made)])
    arrived = exchange(there, agency)
    assert arrived.gone == {("measure", made)}
    assert row_of(there, made) is None
    assert found_by(there, "radweg") == []


def test_what_leaves_is_forgotten_with_its_history(desks: Desks) -> None:
    shared = {"yes": True}
    agency = TinyAgency(scopes={"a": lambda _: shared["yes"]})
    here, there, made = pair(desks, agency)
    edit(here, made, title="Zwei")
    exchange(here, agency)
    exchange(there, agency)
    assert count(there, superseded) == 1
    shared["yes"] = False
    agency.put(agency.records[("measure", made)])
    exchange(there, agency)
    assert (count(there, entity), count(there, superseded)) == (0, 0)


def test_with_a_record_go_those_of_its_parts_that_no_scope_ever_showed(desks: Desks) -> None:
    """Accepted after the measure had left, while a restored agency was not yet believed that it has."""
    shared = {"yes": True}
    agency = TinyAgency(scopes={"a": lambda state: shared["yes"] and state.kind == "measure"})
    _, there, made = pair(desks, agency)
    part = new_id()
    with there.change("milestone.create") as draft:
        draft.create("milestone", part, root=("measure", made), values={"title": "Eröffnung"})
    exchange(there, agency)
    assert (row_of(there, part).held, row_of(there, part).base) == ("", None)
    shared["yes"] = False
    agency.put(agency.records[("measure", made)])
    exchange(there, agency)
    assert count(there, entity) == 0


def test_a_record_that_leaves_under_ones_pen_waits_frozen_for_the_word_about_it(desks: Desks) -> None:
    shared = {"yes": True}
    agency = TinyAgency(scopes={"a": lambda _: shared["yes"]})
    _, there, made = pair(desks, agency)
    edit(there, made, title="Noch unterwegs")
    shared["yes"] = False
    agency.put(agency.records[("measure", made)])
    pull(there, agency)
    assert row_of(there, made).frozen == 1
    assert shown(there, made, "title") == "Noch unterwegs"
    with pytest.raises(NotAllowed):
        edit(there, made, title="Zu spät")
    exchange(there, agency)
    assert row_of(there, made) is None
    assert agency.records[("measure", made)].register(1).value == "Noch unterwegs"


def test_a_record_that_comes_back_thaws(desks: Desks) -> None:
    shared = {"yes": True}
    agency = TinyAgency(scopes={"a": lambda _: shared["yes"]})
    _, there, made = pair(desks, agency)
    edit(there, made, title="Unterwegs")
    shared["yes"] = False
    agency.put(agency.records[("measure", made)])
    pull(there, agency)
    shared["yes"] = True
    agency.put(agency.records[("measure", made)])
    pull(there, agency)
    assert (row_of(there, made).frozen, row_of(there, made).held) == (0, "|a|")
    edit(there, made, title="Geht wieder")
    exchange(there, agency)
    assert same(live(there, made), agency.records[("measure", made)])


def test_what_no_scope_shows_keeps_every_edit_after_its_confirmation(desks: Desks) -> None:
    """A private record: the agency accepts its changes but sends it to nobody, not even back."""
    agency = TinyAgency(scopes={"all": lambda _: False})
    here = desks("here")
    made = make_measure(here)
    exchange(here, agency)
    for title in ("Zweite Fassung", "Dritte Fassung"):
        edit(here, made, title=title)
        exchange(here, agency)
        assert shown(here, made, "title") == title
    assert row_of(here, made).base is None


def test_internal_fields_arrive_when_a_scope_is_added_that_shows_them(store: Store, desks: Desks) -> None:
    author, agency = desks("author"), TinyAgency()
    made = make_measure(author, internal_note="Nur für uns")
    exchange(author, agency)
    whole = agency.records[("measure", made)]
    internal = {57}
    shared = EntityState(
        whole.kind, whole.id, whole.root_kind, whole.root_id,
        {s: r for s, r in whole.registers.items() if s not in internal}, seen=whole.seen,
    )  # fmt: skip
    incoming.take_steps(store, [incoming.Step("region", 1, "measure", made, shared)], arrivals.Arrived(), EPOCH)
    assert shown(store, made, "internal_note") is None
    incoming.take_steps(store, [incoming.Step("own", 1, "measure", made, whole)], arrivals.Arrived(), EPOCH)
    assert shown(store, made, "internal_note") == "Nur für uns"


def test_rows_and_cursors_move_together_or_not_at_all(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "BATCH", 50)
    monkeypatch.setattr(incoming, "UNWATCHED", 1)
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    ids = [make_measure(here, f"Maßnahme {number}") for number in range(120)]
    push(here, agency, 200)
    # The database itself refuses the 70th record: the second batch fails as a whole.
    with writing(there.engine) as connection:
        connection.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON measure WHEN NEW.title = 'Maßnahme 69' "
                "BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
        )
    with pytest.raises(StoreError):
        pull(there, agency)
    assert count(there, entity) == 50
    assert cursors(there) == {"all": 50}
    with writing(there.engine) as connection:
        connection.execute(text("DROP TRIGGER refuse"))
    arrived = pull(there, agency)
    assert len(arrived.new) == 70
    assert count(there, entity) == 120
    assert all(same(live(there, i), agency.records[("measure", i)]) for i in ids)


def test_a_connection_that_breaks_between_batches_leaves_the_first_ones_whole(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "BATCH", 50)
    monkeypatch.setattr(incoming, "UNWATCHED", 1)
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    for number in range(120):
        make_measure(here, f"Maßnahme {number}")
    push(here, agency, 200)

    def pull_the_plug(_: object) -> None:
        there.engine.pool.dispose()
        with there.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = 1")

    there.listen(pull_the_plug)
    with pytest.raises(StoreError):
        pull(there, agency)
    there._listeners.clear()
    there.engine.pool.dispose()
    assert (count(there, entity), cursors(there)) == (50, {"all": 50})
    pull(there, agency)
    assert (count(there, entity), cursors(there)) == (120, {"all": 120})


def test_after_a_restore_of_the_agency_lost_changes_are_sent_again(desks: Desks) -> None:
    agency = TinyAgency()
    here, there, made = pair(desks, agency)
    backup = dict(agency.records), dict(agency.accepted), dict(agency.feed), list(agency.receipts)
    edit(here, made, title="Nach der Sicherung")
    exchange(here, agency)
    exchange(there, agency)
    agency.records, agency.accepted, agency.feed, agency.receipts = backup
    agency.epoch = "epoch-2"
    again = epochs.begin(here, agency.epoch, agency.accepted)
    epochs.begin(there, agency.epoch, agency.accepted)
    assert again == 1
    assert states_of_changes(here) == ["confirmed", "pending"]
    assert count(here, receipt) == len(agency.receipts)
    assert cursors(here) == {"all": 0}
    pull(here, agency)
    assert shown(here, made, "title") == "Nach der Sicherung"
    exchange(here, agency)
    exchange(there, agency)
    for desk in (here, there):
        assert same(live(desk, made), agency.records[("measure", made)])
        assert shown(desk, made, "title") == "Nach der Sicherung"


def test_a_grant_that_shrinks_takes_the_scopes_records_along(desks: Desks) -> None:
    agency = TinyAgency(scopes={"a": lambda s: s.register(1).value == "A", "b": lambda _: True})
    here, there = desks("here"), desks("there")
    in_a, in_b = make_measure(here, "A"), make_measure(here, "B")
    exchange(here, agency)
    exchange(there, agency)
    gone = incoming.take_grant(there, "coordinator", AGS, [], ["a"])
    assert gone == {("measure", in_a), ("measure", in_b)}
    assert row_of(there, in_b) is None
    assert row_of(there, in_a).held == "|a|"
    assert set(cursors(there)) == {"a"}
    assert incoming.take_grant(there, "coordinator", AGS, [], ["a"]) == frozenset()


def test_texts_of_two_people_come_together_over_pending_words(desks: Desks) -> None:
    agency = TinyAgency()
    here, there = desks("here"), desks("there")
    workshop, minutes = new_id(), new_id()
    with here.change("workshop.create") as draft:
        draft.create("workshop", workshop, values={"title": "Dialog", "ags": AGS})
        draft.create("minutes", minutes, ("workshop", workshop))
    exchange(here, agency)
    exchange(there, agency)
    _write(here, minutes, 1, "Begrüßung. ")
    _write(there, minutes, 2, "Verabschiedung.")
    exchange(there, agency)
    pull(here, agency)
    assert "Begrüßung" in shown(here, minutes, "text", "minutes")
    assert "Verabschiedung" in shown(here, minutes, "text", "minutes")
    exchange(here, agency)
    exchange(there, agency)
    assert shown(here, minutes, "text", "minutes") == shown(there, minutes, "text", "minutes")
    assert outbox.text_versions(here).keys() == {minutes}
    assert found_by(there, "verabschiedung") == [minutes]


def _write(store: Store, minutes: str, peer: int, words: str) -> None:
    state = live(store, minutes, "minutes")
    assert state is not None
    doc = TextDoc(state.texts.get(1, TextState()), peer)
    doc.insert(0, words)
    update = doc.take_update()
    assert update
    with store.change("minutes.write") as draft:
        draft.update_text("minutes", minutes, "text", update)


def test_only_what_is_pending_is_sent_in_order_and_in_portions(store: Store) -> None:
    made = make_measure(store)
    for number in range(9):
        edit(store, made, title=f"Titel {number}")
    first = outbox.next_batch(store, 4, 1_000_000)
    assert ([c[1] for c in first.changes], first.waiting) == ([1, 2, 3, 4], 10)
    second = outbox.next_batch(store, 100, 1_000_000, first.last)
    assert ([c[1] for c in second.changes], second.waiting) == ([5, 6, 7, 8, 9, 10], 6)
    assert len(outbox.next_batch(store, 100, 1).changes) == 1


def test_a_confirmed_change_is_never_sent_again(desks: Desks) -> None:
    agency = TinyAgency()
    here, _, made = pair(desks, agency)
    with writing(here.engine) as connection:
        connection.execute(delete(cursor))
    exchange(here, agency)
    assert outbox.next_batch(here, 100, 1_000_000).changes == ()
    assert same(live(here, made), agency.records[("measure", made)])
