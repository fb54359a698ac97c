"""Records that leave a device's scopes while work on them is under way."""

from __future__ import annotations

from sqlalchemy import select

from app.domain.fields import KINDS
from app.errors import AgencyUnreachable
from app.models.engine import reading
from app.models.tables import arrival, superseded
from app.services import measures
from app.sync.wire import SyncReply, SyncRequest
from tests.sync.conftest import Devices
from tests.sync.devices import ARNSBERG, BERLEBURG


def _lost(_: SyncRequest, __: SyncReply) -> SyncReply:
    raise AgencyUnreachable(reason="lost")


def test_what_was_made_below_a_measure_that_left_meanwhile_leaves_with_it(devices: Devices) -> None:
    """The agency took the milestone, its answer was lost, then a colleague gave the measure away."""
    anna, bert = devices("Anna"), devices("Bert")
    measure = measures.create(anna.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    anna.sync()
    bert.sync()
    milestone = measures.add_part(bert.store, measure, "milestone", {"title": "Spatenstich"})
    bert.between.after = _lost
    try:
        bert.sync()
    except AgencyUnreachable:
        bert.calm()
    measures.edit(anna.store, measure, {"lead_ags": ARNSBERG})
    anna.sync()
    bert.sync()
    assert bert.state("measure", measure) is None
    assert bert.state("milestone", milestone) is None
    assert bert.change_states() == ["confirmed"]


def test_who_reads_a_measure_as_others_do_from_now_on_keeps_none_of_its_internal_words(devices: Devices) -> None:
    """Neither those of others nor own ones, nor what they replaced; a word not sent yet waits for its verdict."""
    anna, cem = devices("Anna"), devices("Cem", ARNSBERG)
    note = KINDS["measure"].slot_of["internal_note"].id
    shared = {"visibility": "public", "participating_ags": {ARNSBERG}, "internal_note": "Haushalt offen"}
    measure = measures.create(anna.store, {"title": "Radweg", "lead_ags": BERLEBURG, **shared})
    anna.sync()
    cem.sync()
    measures.edit(cem.store, measure, {"internal_note": "Zusage liegt vor"})
    measures.edit(anna.store, measure, {"participating_ags": set()})
    cem.sync()
    anna.sync()
    measures.edit(cem.store, measure, {"internal_note": "Zusage ist weg"})
    cem.sync()
    state = cem.state("measure", measure)
    assert state is not None
    assert cem.change_states() == ["confirmed", "quarantined"]
    assert state.register(note).value == "Zusage ist weg"
    with reading(cem.store.engine) as connection:
        for table in (superseded, arrival):
            assert not connection.execute(select(table).where(table.c.slot == note)).all()
    there = anna.state("measure", measure)
    assert there is not None
    assert there.register(note).value == "Zusage liegt vor"
