"""Two people and one agency process: what arrives, what waits, what is asked."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from app.demo.agency import server_command
from app.demo.client import Client
from app.demo.relay import CuttingRelay
from app.domain.ids import EntityId
from app.errors import AgencyUnreachable, TokenRevoked
from app.models.queries import records, syncing, versions
from app.models.store import wall_clock_ms
from app.services import measures
from tests.e2e.conftest import ARNSBERG, BERLEBURG, Place

TWO_YEARS_MS = 2 * 365 * 86_400_000


def value(client: Client, measure: EntityId, field: str = "title") -> object:
    found = records.get_record(client.workspace.reader, "measure", measure)
    return None if found is None else found.get(field)


def pending(client: Client) -> int:
    return syncing.standing(client.workspace.reader).pending


def asked(client: Client, measure: EntityId) -> list[str]:
    """Names of the fields of a measure that stand as Zwei Fassungen."""
    return [q.slot_name for q in versions.questions(client.workspace.reader) if q.id == measure]


def make(client: Client, title: str, **values: object) -> EntityId:
    return measures.create(client.store, {"title": title, "lead_ags": BERLEBURG, **values})


def test_two_people_edit_one_measure_and_both_hold_everything(place: Place) -> None:
    anna, bert = place.person("Anna"), place.person("Bert")
    measure = make(anna, "Bürgerbus")
    anna.sync()
    bert.sync()
    measures.edit(anna.store, measure, {"goals": "Samstags fahren"})
    measures.edit(bert.store, measure, {"short_description": "Ein Bus für alle"})
    measures.edit(anna.store, measure, {"title": "Bürgerbus Eder"})
    measures.edit(bert.store, measure, {"title": "Bürgerbus Lenne"})
    for client in (anna, bert, anna):
        client.sync()
    for client in (anna, bert):
        assert value(client, measure, "goals") == "Samstags fahren"
        assert value(client, measure, "short_description") == "Ein Bus für alle"
        assert asked(client, measure) == ["title"]
        assert pending(client) == 0
    assert value(anna, measure) == value(bert, measure)


def test_what_a_cut_reply_had_confirmed_is_neither_lost_nor_doubled(place: Place) -> None:
    anna, bert = place.person("Anna"), place.person("Bert")
    made = [make(anna, f"Bank {i}") for i in range(5)]
    waiting = pending(anna)
    relay = CuttingRelay(place.process.port, 500, lambda: None)
    with pytest.raises(AgencyUnreachable):
        anna.sync(relay.url)
    relay.close()
    assert relay.was_cut
    assert pending(anna) == waiting
    report = anna.sync()
    assert report.confirmed == waiting
    assert pending(anna) == 0
    bert.sync()
    assert [value(bert, m) for m in made] == [f"Bank {i}" for i in range(5)]
    assert numbers_at_agency(place, anna) == list(range(1, anna.change_number + 1))


def numbers_at_agency(place: Place, client: Client) -> list[int]:
    """The numbers under which the agency has a client's changes, in order."""
    operator = place.operator
    try:
        with operator.database.read() as connection:
            found = connection.exec_driver_sql(
                "SELECT n FROM change_log WHERE replica = ? ORDER BY n", (client.replica,)
            )
            return [int(n) for n in found.scalars()]
    finally:
        operator.database.close()


def test_an_agency_restored_from_an_older_copy_gets_back_what_it_forgot(own_place: Place, tmp_path: Path) -> None:
    agency = own_place.process
    anna, bert = own_place.person("Anna"), own_place.person("Bert")
    kept = make(anna, "Vor der Sicherung")
    anna.sync()
    bert.sync()
    copy = tmp_path / "sicherung.db"
    _operate("backup", str(copy), "--data", str(own_place.folder))
    forgotten = make(anna, "Nach der Sicherung")
    anna.sync()
    bert.sync()
    measures.edit(bert.store, kept, {"goals": "Auch danach"})
    bert.sync()
    agency.stop()
    _put_back(copy, own_place.folder)
    _operate("epoch", "new", "--data", str(own_place.folder))
    agency.start()
    measures.edit(anna.store, forgotten, {"goals": "Nach dem Rückspielen"})
    reports = [client.sync() for client in (anna, bert, anna, bert)]
    assert sum(r.resent for r in reports) >= 2
    late = own_place.person("Carla")
    for client in (anna, bert, late):
        assert value(client, kept, "goals") == "Auch danach"
        assert value(client, forgotten) == "Nach der Sicherung"
        assert value(client, forgotten, "goals") == "Nach dem Rückspielen"
        assert not asked(client, kept) + asked(client, forgotten)
    for client in (anna, bert):
        assert pending(client) == 0
        assert numbers_at_agency(own_place, client) == list(range(1, client.change_number + 1))


def _operate(*words: str) -> None:
    """A command of the operator, as typed."""
    done = subprocess.run(server_command(*words), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def _put_back(copy: Path, folder: Path) -> None:
    """What the handbook of the agency says: the server is down, the copy takes the place of the file."""
    database = folder / "agency.db"
    for beside in folder.glob(database.name + "-*"):
        beside.unlink()
    shutil.copyfile(copy, database)


def test_a_device_that_was_signed_off_keeps_its_work_and_goes_on(place: Place) -> None:
    anna = place.person("Anna")
    device = _last_device(place)
    operator = place.operator
    assert operator.revoke(device)
    operator.database.close()
    measure = make(anna, "Trotzdem")
    with pytest.raises(TokenRevoked):
        anna.sync()
    assert pending(anna) == 1
    measures.edit(anna.store, measure, {"goals": "weiter"})
    assert (value(anna, measure), pending(anna)) == ("Trotzdem", 2)
    anna.join(place.process.url, place.invite(replaces=device))
    anna.sync()
    assert pending(anna) == 0


def _last_device(place: Place) -> int:
    operator = place.operator
    try:
        with operator.database.read() as connection:
            return int(connection.exec_driver_sql("SELECT max(id) FROM device").scalar_one())
    finally:
        operator.database.close()


@pytest.mark.parametrize("off_by", [-TWO_YEARS_MS, TWO_YEARS_MS])
def test_a_clock_that_is_two_years_off_changes_neither_order_nor_questions(place: Place, off_by: int) -> None:
    right = place.person("Richtig")
    wrong = place.person("Falsch", clock=lambda: wall_clock_ms() + off_by)
    measure = make(right, "Von heute")
    right.sync()
    wrong.sync()
    measures.edit(wrong.store, measure, {"title": "Danach, mit falscher Uhr"})
    wrong.sync()
    right.sync()
    assert value(right, measure) == value(wrong, measure) == "Danach, mit falscher Uhr"
    measures.edit(right.store, measure, {"title": "Und wieder danach"})
    right.sync()
    wrong.sync()
    assert value(right, measure) == value(wrong, measure) == "Und wieder danach"
    assert not asked(right, measure) + asked(wrong, measure)
    measures.edit(right.store, measure, {"title": "Gleichzeitig, richtig"})
    measures.edit(wrong.store, measure, {"title": "Gleichzeitig, falsch"})
    for client in (right, wrong, right):
        client.sync()
    assert asked(right, measure) == asked(wrong, measure) == ["title"]
    assert value(right, measure) == value(wrong, measure)


def test_what_is_far_away_does_not_travel(place: Place) -> None:
    anna, olaf = place.person("Anna"), place.person("Olaf", ags=ARNSBERG)
    mine = make(anna, "Nur in Berleburg", visibility="municipality", internal_note="vertraulich")
    anna.sync()
    olaf.sync()
    assert value(olaf, mine) is None
