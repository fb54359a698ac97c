"""Two laptops in a hall without a network: both see everything, and the agency has it once, whoever goes there."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from sqlalchemy import Select, func, select

from app.domain.catalogue import Role
from app.errors import HallRefused
from app.models.engine import reading
from app.models.queries import sessions, versions
from app.models.tables import cursor, entity, entrusted, heard, letter, receipt
from app.server.tables import change_log
from app.services import measures, workshops
from app.sync.hall.guest import Linked
from tests.models.desk import count, same
from tests.sync.devices import Device
from tests.sync.hall.conftest import ARNSBERG, BERLEBURG, Hall


def rows(device: Device, query: Select[Any]) -> list[Any]:
    with reading(device.store.engine) as connection:
        return list(connection.execute(query).all())


def logged(hall: Hall, device: Device) -> list[int]:
    """The numbers under which the agency has a device's changes."""
    with hall.office.database.read() as connection:
        found = connection.execute(
            select(change_log.c.n).where(change_log.c.replica == device.replica).order_by(change_log.c.n)
        )
        return list(found.scalars())


def everything(device: Device) -> list[int]:
    with reading(device.store.engine) as connection:
        made = connection.exec_driver_sql("SELECT max(n) FROM change WHERE replica = ?", (device.replica,)).scalar()
    return list(range(1, int(str(made)) + 1))


def agree(hall: Hall, *devices: Device) -> None:
    """All hold the very same states of the workshop, and nothing beside the agency's."""
    first, *others = (
        {key: state for key, state in device.states().items() if state.root_id == hall.workshop} for device in devices
    )
    for theirs in others:
        assert first.keys() == theirs.keys()
        assert all(same(state, theirs[key]) for key, state in first.items())
    for device in devices:
        assert rows(device, select(entity.c.id).where(entity.c.base.is_not(None))) == []
        assert (count(device.store, heard), count(device.store, entrusted)) == (0, 0)
        assert not versions.questions(device.workspace.reader)


def test_what_both_type_is_on_both_screens_and_the_agency_has_it_once_from_whoever_comes_first(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    link = hall.join(olaf, hall.open(anna))
    hall.meet(link)
    first = hall.write(anna, "Bürgerbus")
    hall.write(olaf, "Radweg")
    hall.dictate(anna, "Anna eröffnet. ")
    hall.dictate(olaf, "Olaf dankt. ")
    hall.meet(link)
    workshops.edit_part(olaf.store, "contribution", first, {"text": "Bürgerbus auch sonntags"})
    hall.meet(link)
    workshops.edit_part(anna.store, "contribution", first, {"text": "Bürgerbus, auch sonntags"})
    hall.meet(link)
    for device in (anna, olaf):
        assert hall.cards(device) == ["Bürgerbus, auch sonntags", "Radweg"]
        assert "Anna eröffnet. " in hall.minutes(device)
        assert "Olaf dankt. " in hall.minutes(device)
        lines = sessions.card_lines(device.workspace.reader, hall.workshop)
        assert {line.text: line.person for line in lines} == {"Bürgerbus, auch sonntags": "Anna", "Radweg": "Olaf"}
    assert hall.minutes(anna) == hall.minutes(olaf)
    assert (hall.pending(anna), hall.pending(olaf)) == (3, 3)
    assert [r.name for r in rows(anna, select(entrusted))] == ["Laptop"]

    olaf.sync()
    assert hall.pending(olaf) == 0
    assert [logged(hall, d) == everything(d) for d in (anna, olaf)] == [True, True]
    assert [r.state for r in rows(olaf, select(letter)) if r.person == "Anna"] == ["taken"]
    assert hall.pending(anna) == 3, "only the agency's own word to Anna is a receipt"

    report = anna.sync()
    assert (report.confirmed, hall.pending(anna)) == (3, 0)
    assert [logged(hall, d) == everything(d) for d in (anna, olaf)] == [True, True]
    agree(hall, anna, olaf)


def test_the_hub_moves_no_cursor_and_gives_no_receipt(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    link = hall.join(olaf, hall.open(anna))
    before = [rows(d, select(t)) for d in (anna, olaf) for t in (cursor, receipt)]
    hall.write(anna, "Bürgerbus")
    hall.write(olaf, "Radweg")
    hall.meet(link)
    assert [rows(d, select(t)) for d in (anna, olaf) for t in (cursor, receipt)] == before
    assert [hall.pending(d) for d in (anna, olaf)] == [1, 1]


def test_a_letter_carries_what_the_hall_never_sees(hall: Hall) -> None:
    """Olaf reads nothing of Berleburg's measure, and yet brings it to the agency."""
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    link = hall.join(olaf, hall.open(anna))
    secret = measures.create(anna.store, {"title": "Nur für Berleburg", "lead_ags": BERLEBURG})
    hall.meet(link)
    olaf.sync()
    assert olaf.title(secret) is None
    bert = hall.devices.get("Bert") or hall.arrive("Bert", BERLEBURG)
    bert.sync()
    assert bert.title(secret) == "Nur für Berleburg"


def test_a_third_laptop_that_never_had_the_workshop_gets_all_of_it_and_carries_all_letters(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    kim = hall.devices.get("Kim") or hall.arrive("Kim", "", Role.AGENCY)
    late = workshops.create(anna.store, {"title": "Heute entstanden", "ags": BERLEBURG}, ["Bus", "Rad"])
    hall.workshop = late
    server = hall.open(anna)
    with pytest.raises(HallRefused, match="hall_not_theirs"):
        hall.join(olaf, server)  # the agency has never heard of it, so nobody has given it to Olaf
    third = hall.join(kim, server)
    hall.write(anna, "Vom Anfang")
    hall.meet(third)
    hall.write(kim, "Von Kim")
    hall.dictate(kim, "Kim schreibt mit.")
    hall.meet(third)
    assert hall.cards(anna) == hall.cards(kim) == ["Vom Anfang", "Von Kim"]
    assert hall.minutes(anna) == "Kim schreibt mit."
    kim.sync()
    anna.sync()
    agree(hall, anna, kim)


def test_words_and_letters_go_from_hub_to_hub_with_a_laptop_that_walks_over(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    bert = hall.devices.get("Bert") or hall.arrive("Bert", BERLEBURG)
    bert.sync()
    first = hall.join(olaf, hall.open(anna))
    hall.write(anna, "Aus dem großen Saal")
    hall.meet(first)
    first.leave()
    second = hall.join(olaf, hall.open(bert))
    hall.write(bert, "Aus dem kleinen Saal")
    hall.meet(second)
    assert hall.cards(bert) == ["Aus dem großen Saal", "Aus dem kleinen Saal"]
    assert {r.person for r in rows(bert, select(letter)) if r.body} == {"Anna"}
    bert.sync()
    assert logged(hall, anna) == everything(anna)
    for device in (anna, olaf):
        device.sync()
    assert hall.cards(anna) == ["Aus dem großen Saal", "Aus dem kleinen Saal"]
    agree(hall, anna, olaf, bert)


def test_a_power_cut_at_the_hub_costs_nothing_but_a_new_code(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    server = hall.open(anna)
    link = hall.join(olaf, server)
    hall.write(olaf, "Vorher")
    hall.meet(link)
    server.close()
    hall.write(olaf, "Währenddessen")
    with pytest.raises(OSError, match="Error"):
        link.exchange()
    hall.write(anna, "Auch währenddessen")
    again = hall.join(olaf, hall.open(anna))
    hall.meet(again)
    assert hall.cards(anna) == hall.cards(olaf) == ["Auch währenddessen", "Vorher", "Währenddessen"]


def test_a_reply_that_is_lost_is_made_good_by_the_next_exchange(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    link = hall.join(olaf, hall.open(anna))
    hall.meet(link)
    hall.write(anna, "Bürgerbus")
    asked = link._wire.ask

    def lost(*said: Any) -> Any:
        asked(*said)
        raise OSError("cut")

    monkeypatch.setattr(link._wire, "ask", lost)
    with pytest.raises(OSError, match="cut"):
        link.exchange()
    monkeypatch.setattr(link._wire, "ask", asked)
    assert hall.cards(olaf) == []
    hall.meet(link)
    assert hall.cards(olaf) == ["Bürgerbus"]


def test_two_versions_of_one_card_are_one_question_on_both_laptops_and_stay_one(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    card = hall.write(anna, "Bürgerbus")
    server = hall.open(anna)
    hall.meet(hall.join(olaf, server))
    for device, text in ((anna, "Bürgerbus Eder"), (olaf, "Bürgerbus Lenne")):
        workshops.edit_part(device.store, "contribution", card, {"text": text})
    hall.meet(hall.links[-1])
    for device in (anna, olaf):
        (asked,) = versions.questions(device.workspace.reader)
        assert (asked.id, asked.slot_name) == (card, "text")
    for device in (olaf, anna, olaf):
        device.sync()
        assert len(versions.questions(device.workspace.reader)) == 1
    workshops.edit_part(anna.store, "contribution", card, {"text": "Bürgerbus"})
    for device in (anna, olaf):
        device.sync()
    agree(hall, anna, olaf)


def test_a_laptop_whose_workshop_was_taken_away_keeps_nothing_that_it_heard(hall: Hall) -> None:
    anna, mira = hall.devices["Anna"], hall.arrive("Mira", ARNSBERG, leads=True)
    link = hall.join(mira, hall.open(anna))
    hall.write(anna, "Bürgerbus")
    hall.meet(link)
    assert hall.cards(mira) == ["Bürgerbus"]
    link.leave()
    with hall.office.database.write() as connection:
        connection.exec_driver_sql("UPDATE device SET workshops = '[]' WHERE id = ?", (hall.number("Mira"),))
    mira.sync()
    assert hall.cards(mira) == []
    assert [r for r in rows(mira, select(entity)) if r.root_id == hall.workshop] == []
    assert count(mira.store, heard) == 0
    anna.sync()
    agree(hall, anna)


def test_a_guest_on_its_own_thread_hears_at_once_and_hands_over_its_letter_when_it_leaves(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    server = hall.open(anna)
    link = hall.join(olaf, server)
    link.start()
    hall.write(olaf, "Zuletzt gesagt")
    link.leave()
    assert link.state is Linked.ENDED
    assert hall.cards(anna) == ["Zuletzt gesagt"]
    assert {r.person for r in rows(anna, select(letter)) if r.body} == {"Olaf"}
    assert server.hub.present() == []
    assert [r.person for r in rows(olaf, select(entrusted))] == ["Anna"]


def test_a_guest_whose_hub_is_gone_says_so_and_leaves_without_waiting(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    server, lost = hall.open(anna), threading.Event()
    link = hall.join(olaf, server)
    link._on_change = lambda: lost.set() if link.state is Linked.AWAY else None
    hall.meet(link)
    server.close()
    link.start()
    assert lost.wait(10)
    began = time.monotonic()
    link.leave()
    assert time.monotonic() - began < 4
    assert not link._thread.is_alive()


def test_the_count_of_everything_at_the_agency_is_the_count_of_what_was_typed(hall: Hall) -> None:
    """Both bring both letters, twice; nothing is there twice."""
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    link = hall.join(olaf, hall.open(anna))
    for i in range(5):
        hall.write(anna, f"A{i}")
        hall.write(olaf, f"O{i}")
    hall.meet(link)
    with hall.office.database.read() as connection:
        before = connection.execute(select(func.count()).select_from(change_log)).scalar_one()
    for device in (olaf, anna, olaf, anna):
        device.sync()
    with hall.office.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(change_log)).scalar_one() == before + 10
    agree(hall, anna, olaf)
