"""A look ahead says what the next exchange would bring, and leaves everything as it was."""

from __future__ import annotations

import pytest

from app.errors import WrongAgency
from app.models.foresight import Manner
from app.models.outbox import standing
from app.models.queries import syncing
from app.models.queries.identity import all_states
from app.models.queries.reader import Reader
from app.server.service import AgencyService
from app.services import measures
from app.sync.preview import look_ahead
from tests.sync.conftest import Devices
from tests.sync.devices import BERLEBURG, Device


def told(device: Device) -> set[tuple[str, str, Manner]]:
    return {(one.kind, one.root_title, one.manner) for one in look_ahead(device.store, device.between).coming}


def untouched(device: Device) -> object:
    """All that an exchange would move."""
    reader = Reader(device.store.engine)
    now = standing(device.store)
    return all_states(reader), now.cursors, now.receipted, syncing.log(reader), syncing.receipts(reader)


def test_what_would_come_is_told_by_record_and_nothing_is_taken(devices: Devices) -> None:
    anna, bernd = devices("Anna"), devices("Bernd")
    known = measures.create(anna.store, {"title": "Rufbus", "lead_ags": BERLEBURG})
    going = measures.create(anna.store, {"title": "Radstation", "lead_ags": BERLEBURG})
    measures.create(anna.store, {"title": "Bleibt so", "lead_ags": BERLEBURG})
    anna.sync()
    bernd.sync()
    measures.edit(anna.store, known, {"status": "planned"})
    measures.add_part(anna.store, known, "milestone", {"title": "Vergabe"})
    measures.delete(anna.store, going)
    measures.create(anna.store, {"title": "Ganz neu", "lead_ags": BERLEBURG})
    anna.sync()
    before = untouched(bernd)
    assert told(bernd) == {
        ("measure", "Rufbus", Manner.CHANGED),
        ("milestone", "Rufbus", Manner.NEW),
        ("measure", "Radstation", Manner.GONE),
        ("measure", "Ganz neu", Manner.NEW),
    }
    assert untouched(bernd) == before
    report = bernd.sync()
    assert report.new == 2
    assert told(bernd) == set()


def test_own_changes_that_wait_do_not_count_as_coming_and_stay_waiting(devices: Devices) -> None:
    anna, bernd = devices("Anna"), devices("Bernd")
    made = measures.create(anna.store, {"title": "Rufbus", "lead_ags": BERLEBURG})
    anna.sync()
    bernd.sync()
    measures.edit(bernd.store, made, {"status": "planned"})
    assert told(bernd) == set()
    assert syncing.standing(Reader(bernd.store.engine)).pending == 1
    bernd.sync()
    assert told(bernd) == set()
    assert [one.manner for one in look_ahead(anna.store, anna.between).coming] == [Manner.CHANGED]


def test_a_restored_agency_and_another_one_are_told_apart(devices: Devices, office: AgencyService) -> None:
    anna = devices("Anna")
    anna.sync()
    office.new_epoch()
    assert look_ahead(anna.store, anna.between).renewed
    anna.store.put_settings(agency="eine andere")
    with pytest.raises(WrongAgency):
        look_ahead(anna.store, anna.between)


def test_much_news_is_told_in_part(devices: Devices) -> None:
    anna, bernd = devices("Anna"), devices("Bernd")
    for number in range(7):
        measures.create(anna.store, {"title": f"Maßnahme {number}", "lead_ags": BERLEBURG})
    anna.sync()
    found = look_ahead(bernd.store, bernd.between, page=2)
    assert found.more
    assert 0 < len(found.coming) < 7
    assert {one.manner for one in found.coming} == {Manner.NEW}
