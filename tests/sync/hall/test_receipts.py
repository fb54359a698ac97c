"""The agency's receipts come back through the hall: by it alone something is "bei der Agentur", never by the hall."""

from __future__ import annotations

import base64

import pytest
from sqlalchemy import select, update

from app.models.engine import reading, writing
from app.models.queries.hall import hall_standing
from app.models.queries.syncing import waiting
from app.models.tables import change, letter, own_letter, setting
from app.server import courier_keys
from app.server.office import release
from app.sync.carry_wire import CarryRequest
from app.sync.courier_keys import Secret
from app.sync.hall import hub as hub_of
from app.sync.hall.trust import Own
from app.sync.signed import Receipt, Signed, sign
from app.ui.hall_words import beside_words, truth_words
from tests.models.desk import count
from tests.sync.devices import Device
from tests.sync.hall.conftest import ARNSBERG, BERLEBURG, Hall


def told(device: Device) -> str:
    return " ".join(truth_words(hall_standing(device.workspace.reader)))


def evening(hall: Hall, hub: Device, guest: Device) -> None:
    """Both have written a card, and have each other's letter."""
    link = hall.join(guest, hall.open(hub))
    for device in (hub, guest):
        hall.write(device, f"Von {device.replica}")
    hall.meet(link)
    link.leave()


def test_what_the_hub_has_brought_is_told_to_its_guest_when_they_meet_again(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    evening(hall, anna, olaf)
    assert "1 Änderung von hier ist noch nicht bei der Agentur." in told(olaf)
    anna.sync()
    assert "1 Änderung von hier ist noch nicht bei der Agentur." in told(olaf), "nobody has told it yet"
    assert "Die Post von Olaf (Laptop) ist bei der Agentur: 1 Änderung." in told(anna)

    link = hall.join(olaf, hall.open(anna))
    hall.meet(link)
    standing = hall_standing(olaf.workspace.reader)
    assert (standing.pending, standing.arrived, standing.waiting, standing.keepers) == (1, 1, 0, ())
    assert "1 Änderung von hier ist bei der Agentur; sie hat es am" in told(olaf)
    assert [row.arrived for row in waiting(olaf.workspace.reader)] == [True]
    hall.write(olaf, "Danach")
    assert "1 Änderung von hier ist noch nicht bei der Agentur." in told(olaf)
    assert [row.arrived for row in waiting(olaf.workspace.reader)] == [False], "of one workshop not all has arrived"

    assert olaf.sync().confirmed == 2, "its own exchange closes what the receipt has told"
    assert (count(olaf.store, own_letter), hall.pending(olaf)) == (0, 0)


def test_what_a_guest_has_brought_is_told_to_the_hub_and_to_the_other_guest(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    bert = hall.devices.get("Bert") or hall.arrive("Bert", BERLEBURG)
    bert.sync()
    server = hall.open(anna)
    links = [hall.join(device, server) for device in (olaf, bert)]
    for device in (anna, bert):
        hall.write(device, f"Von {device.replica}")
    hall.meet(*links)
    olaf.sync()
    assert "noch nicht bei der Agentur" in told(anna)
    hall.meet(*links)
    for device in (anna, bert):
        standing = hall_standing(device.workspace.reader)
        assert (standing.waiting, standing.arrived) == (0, 1)
        assert "noch nicht bei der Agentur" not in told(device)
        assert "bei der Agentur; sie hat es am" in " ".join(beside_words(standing))
    assert [anna.sync().confirmed, bert.sync().confirmed] == [1, 1]


def brought(hall: Hall, carrier: Device, author: Device) -> Receipt:
    """The agency's word that the carrier holds for the author."""
    with reading(carrier.store.engine) as connection:
        query = select(letter.c.receipt).where(letter.c.device == _key(hall, author))
        kept = connection.execute(query).scalar_one()
    return Receipt.model_validate_json(Signed.model_validate_json(kept).told)


def _key(hall: Hall, device: Device) -> str:
    return Own.of(device.store).shown.signing


def test_a_receipt_counts_from_the_agency_alone_for_one_letter_and_for_one_of_its_lives(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    evening(hall, anna, olaf)
    anna.sync()
    true = brought(hall, anna, olaf)
    hall.write(olaf, "Erfunden bestätigt")
    server = hall.open(anna)
    link = hall.join(olaf, server)
    lies = true.model_copy(update={"accepted": [olaf.replica, 10_000], "at": "2999-01-01T00:00:00.000Z"})
    link.desk.receipts.take([sign(server.hub.desk.own.secret, lies)])
    assert hall_standing(olaf.workspace.reader).arrived == 0
    # The agency itself says more than the letter held: only what was in the letter counts.
    agency = _agency_secret(hall)
    link.desk.receipts.take([sign(agency, lies.model_copy(update={"sha": "0" * 64}))])
    assert hall_standing(olaf.workspace.reader).arrived == 0
    link.desk.receipts.take([sign(agency, lies.model_copy(update={"epoch": "another life"}))])
    assert hall_standing(olaf.workspace.reader).arrived == 0
    link.desk.receipts.take([sign(agency, lies)])
    standing = hall_standing(olaf.workspace.reader)
    assert (standing.pending, standing.arrived) == (2, 1)
    # The agency begins another life from an earlier backup: its former word is worth nothing.
    with writing(olaf.store.engine) as connection:
        epoch = connection.execute(select(setting.c.value).where(setting.c.name == "epoch")).scalar_one()
        connection.execute(update(setting).where(setting.c.name == "epoch").values(value="another life"))
    assert hall_standing(olaf.workspace.reader).arrived == 0
    with writing(olaf.store.engine) as connection:
        connection.execute(update(setting).where(setting.c.name == "epoch").values(value=epoch))


def _agency_secret(hall: Hall) -> Secret:
    with hall.office.database.write() as connection:
        return courier_keys.own(connection)


def test_what_the_agency_keeps_for_a_decision_is_told_as_lying_there(hall: Hall) -> None:
    anna, doro = hall.devices["Anna"], hall.arrive("Doro", ARNSBERG, leads=True)
    evening(hall, anna, doro)
    number = hall.number("Doro")
    with hall.office.database.write() as connection:
        connection.exec_driver_sql("UPDATE device SET workshops = '[]' WHERE id = ?", (number,))
    anna.sync()
    assert brought(hall, anna, doro).aside == 1
    hall.office.extend(number, [hall.workshop])
    hall.meet(hall.join(doro, hall.open(anna)))
    assert "Davon liegt 1 dort noch zur Entscheidung." in told(doro)
    release(hall.office, f"{doro.replica}:{brought(hall, anna, doro).covers[doro.replica]}")
    for device in (doro, anna):
        device.sync()
    assert "zur Entscheidung" not in told(doro)


def test_a_letter_that_was_taken_twice_gives_a_receipt_that_says_the_same(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    evening(hall, anna, olaf)
    with reading(anna.store.engine) as connection:
        body = connection.execute(select(letter.c.body).where(letter.c.device == _key(hall, olaf))).scalar_one()
    line = anna.between
    asked = CarryRequest(letter=base64.b64encode(body).decode())
    first, again = (line.carry(asked).receipt for _ in range(2))
    assert first is not None
    assert again is not None
    said = [Receipt.model_validate_json(one.told) for one in (first, again)]
    assert (said[0].accepted, said[0].sha) == (said[1].accepted, said[1].sha)
    with reading(olaf.store.engine) as connection:
        n = connection.execute(select(change.c.n).order_by(change.c.seq.desc()).limit(1)).scalar_one()
    assert said[0].covers[olaf.replica] == n


def test_an_earlier_hub_is_asked_nothing_new_and_its_own_exchange_closes_everything(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    evening(hall, anna, olaf)
    olaf.sync()
    monkeypatch.setattr(hub_of, "ALSO", [])
    hall.meet(hall.join(olaf, hall.open(anna)))
    assert hall_standing(anna.workspace.reader).arrived == 0
    assert anna.sync().confirmed == 1
    assert told(anna).startswith("Von hier wartet nichts auf die Agentur.")
