"""Weeks without a network: everything goes there and back on a stick, in any order, twice, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from app.domain.catalogue import Role
from app.domain.ids import new_id
from app.errors import NotAllowed, UnreadableFile
from app.models import settings
from app.models.engine import writing
from app.models.queries import syncing
from app.models.queries.courier import courier_files
from app.models.queries.reader import Reader
from app.server import courier_keys
from app.server.service import AgencyService
from app.server.tables import change_entity, change_log, replica
from app.services import measures
from app.sync.courier.read import Verdict, read_answer
from app.sync.courier.write import write_file
from tests.sync.courier.post import Stick, everything, everything_at
from tests.sync.devices import ARNSBERG, BERLEBURG, Device, open_device

Devices = Callable[..., Device]


def measure(device: Device, title: str = "Radweg", **more: object) -> str:
    return measures.create(device.store, {"title": title, "lead_ags": BERLEBURG, **more})


def test_two_laptops_that_never_see_the_network_work_together(devices: Devices, stick: Stick) -> None:
    anna, bert, carla = devices("Anna"), devices("Bert"), devices("Carla", ARNSBERG)
    made = measure(anna, "Radweg", visibility="consortium")
    own = measure(bert, "Nur Berleburg")
    first = stick.round(anna)
    assert (first.verdict, first.report.confirmed, first.report.receipts) == (Verdict.TAKEN, 1, [1])
    assert anna.change_states() == ["confirmed"]
    stick.round(bert)
    measures.edit(bert.store, made, {"title": "Radweg Nord"})
    stick.round(bert)
    stick.round(carla)
    stick.round(anna)
    assert [d.title(made) for d in (anna, bert, carla)] == ["Radweg Nord"] * 3
    assert (anna.title(own), carla.title(own)) == ("Nur Berleburg", None), "each sees what its place may see"
    assert anna.states() == bert.states()
    assert not any(d.between.requests for d in (anna, bert, carla)), "nobody spoke over the network"


def test_what_two_wrote_without_knowing_of_each_other_is_asked(devices: Devices, stick: Stick) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    made = measure(anna)
    stick.round(anna)
    stick.round(bert)
    measures.edit(anna.store, made, {"title": "Von Anna"})
    measures.edit(bert.store, made, {"title": "Von Bert"})
    stick.round(anna)
    assert stick.round(bert).report.questions == 1
    assert stick.round(anna).report.questions == 1
    assert anna.states() == bert.states()


def test_work_goes_on_between_a_file_and_its_answer(devices: Devices, stick: Stick) -> None:
    anna = devices()
    made = measure(anna)
    letter = stick.letter(anna)
    measures.edit(anna.store, made, {"title": "Während der Stick unterwegs ist"})
    read = read_answer(anna.store, stick.answer(letter))
    assert read.report.confirmed == 1
    assert anna.change_states() == ["confirmed", "pending"]
    assert anna.title(made) == "Während der Stick unterwegs ist"
    assert stick.round(anna).report.confirmed == 1


def test_a_lost_file_is_made_good_by_the_next(devices: Devices, stick: Stick) -> None:
    anna = devices()
    measure(anna, "Eins")
    stick.letter(anna).unlink()
    measure(anna, "Zwei")
    path, told = stick.answered(stick.letter(anna))
    assert (told.changes, told.taken) == (2, 2)
    assert read_answer(anna.store, path).report.confirmed == 2


def test_a_lost_answer_costs_a_repetition_and_nothing_else(devices: Devices, stick: Stick) -> None:
    anna = devices()
    measure(anna, "Eins")
    stick.answer(stick.letter(anna)).unlink()
    assert anna.change_states() == ["pending"]
    path, told = stick.answered(stick.letter(anna))
    assert (told.taken, told.known) == (0, 1)
    assert read_answer(anna.store, path).report.confirmed == 1


def test_the_same_file_twice_changes_nothing_more(devices: Devices, stick: Stick, office: AgencyService) -> None:
    anna = devices()
    measure(anna)
    letter = stick.letter(anna)
    read_answer(anna.store, stick.answer(letter))
    there, here = everything_at(office), everything(anna.store)
    path, told = stick.answered(letter)
    assert (told.taken, told.known) == (0, 1)
    for table in there.keys() - {"device"}:
        assert everything_at(office)[table] == there[table]
    read = read_answer(anna.store, path)
    assert read.verdict is Verdict.REPEATED
    kept = everything(anna.store)
    for table in here.keys() - {"setting", "courier_file"}:
        assert kept[table] == here[table]


def test_the_same_answer_twice_changes_nothing_more(devices: Devices, stick: Stick) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    measure(bert)
    bert.sync()
    measure(anna)
    path = stick.answer(stick.letter(anna))
    assert read_answer(anna.store, path).verdict is Verdict.TAKEN
    before = everything(anna.store)
    assert read_answer(anna.store, path).verdict is Verdict.REPEATED
    assert everything(anna.store) == before


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("answers", [(0, 1), (1, 0)])
def test_two_files_on_the_way_arrive_in_any_order(
    devices: Devices, stick: Stick, order: tuple[int, int], answers: tuple[int, int]
) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    made = measure(anna, "Eins")
    letters = [stick.letter(anna)]
    measures.edit(anna.store, made, {"title": "Zwei"})
    letters.append(stick.letter(anna))
    other = measure(bert, "Von Bert")
    back = {}
    for which in order:
        back[which] = stick.answer(letters[which])
        stick.round(bert)
    for which in answers:
        read_answer(anna.store, back[which])
    assert (anna.title(made), anna.title(other)) == ("Zwei", "Von Bert")
    stick.round(anna)
    stick.round(bert)
    assert anna.change_states() == ["confirmed", "confirmed"]
    assert anna.states() == bert.states()


def test_an_answer_that_the_network_has_overtaken_changes_nothing(devices: Devices, stick: Stick) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    made = measure(anna)
    late = stick.answer(stick.letter(anna))
    anna.sync()
    bert.sync()
    measures.delete(bert.store, made)
    bert.sync()
    anna.sync()
    before = everything(anna.store)
    assert read_answer(anna.store, late).verdict is Verdict.OVERTAKEN
    after = everything(anna.store)
    assert [f.answered_at > 0 for f in courier_files(Reader(anna.store.engine))] == [True]
    for table in before.keys() - {"courier_file", "setting"}:
        assert after[table] == before[table]


def test_an_older_answer_does_not_take_back_a_newer_right(
    devices: Devices, stick: Stick, office: AgencyService
) -> None:
    vera = devices("Vera", "", Role.FACILITATOR)
    old = stick.answer(stick.letter(vera))
    workshop = new_id()
    office.extend(2 if vera.token == "" else 1, [workshop])
    vera.sync()
    assert workshop in vera.setting("grant")
    assert read_answer(vera.store, old).verdict is Verdict.OVERTAKEN
    assert workshop in vera.setting("grant")


def test_stick_and_network_take_turns(devices: Devices, stick: Stick) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    made = measure(anna)
    letter = stick.letter(anna)
    measures.edit(anna.store, made, {"description": "online"})
    anna.sync()
    path, told = stick.answered(letter)
    assert (told.taken, told.known) == (0, 1)
    read_answer(anna.store, path)
    bert.sync()
    measures.edit(bert.store, made, {"title": "Von Bert"})
    stick.round(bert)
    assert stick.round(anna).report.changed == 1
    assert anna.sync().rounds == 1
    assert anna.states() == bert.states()


def test_more_than_one_request_fits_into_a_file(
    devices: Devices, stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sync.courier.write.MAX_CHANGES", 4)
    anna = devices()
    made = measure(anna)
    for i in range(9):
        measures.edit(anna.store, made, {"title": f"Radweg {i}"})
    path, told = stick.answered(stick.letter(anna))
    assert (told.changes, told.taken) == (10, 10)
    read = read_answer(anna.store, path)
    assert (read.report.rounds, read.report.confirmed) == (3, 10)


def test_an_answer_has_as_many_pages_as_the_news_take(devices: Devices, stick: Stick) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    for i in range(3):
        measure(bert, f"Von Bert {i}")
    bert.sync()
    measure(anna)
    stick.office = AgencyService(stick.office.database, page_bytes=1)
    read = stick.round(anna)
    assert (read.report.rounds, read.report.new, read.report.confirmed, read.more) == (4, 3, 1, False)


def test_news_that_do_not_fit_into_one_answer_come_with_the_next(
    devices: Devices, stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.server.courier._ROOM", 1)
    anna, bert = devices("Anna"), devices("Bert")
    for i in range(3):
        measure(bert, f"Von Bert {i}")
    bert.sync()
    measure(anna)
    stick.office = AgencyService(stick.office.database, page_bytes=1)
    rounds = 0
    while anna.change_states() == ["pending"]:
        read = stick.round(anna)
        rounds += 1
        assert read.more is (anna.change_states() == ["pending"]), "no receipt before every row is here"
    assert rounds == 4
    assert len(anna.states()) == 4


def test_what_the_agency_sets_aside_is_told_by_stick_as_well(devices: Devices, stick: Stick) -> None:
    anna, carla = devices("Anna"), devices("Carla", ARNSBERG)
    made = measure(anna, visibility="consortium")
    stick.round(anna)
    stick.round(carla)
    with writing(carla.store.engine) as connection:
        settings.put(connection, grant=settings.encode_grant("coordinator", BERLEBURG, []))
    measures.edit(carla.store, made, {"title": "Unbefugt"})
    path, told = stick.answered(stick.letter(carla))
    assert (told.taken, told.aside) == (0, 1)
    assert read_answer(carla.store, path).report.quarantined == 1
    assert carla.change_states() == ["quarantined"]
    assert ARNSBERG in carla.setting("grant"), "and what the device may do"


def test_gaps_at_the_agency_are_named_and_filled_with_the_next_file(
    devices: Devices, stick: Stick, office: AgencyService
) -> None:
    anna = devices()
    measure(anna, "Eins")
    measure(anna, "Zwei")
    stick.round(anna)
    with office.database.write() as connection:  # a database put back by hand, without a new epoch
        connection.execute(delete(change_entity).where(change_entity.c.n == 2))
        connection.execute(delete(change_log).where(change_log.c.n == 2))
        connection.execute(update(replica).values(max_n=1))
    measure(anna, "Drei")
    path, told = stick.answered(stick.letter(anna))
    assert told.missing == [(anna.replica, 2)]
    assert read_answer(anna.store, path).report.resent == 1
    assert stick.round(anna).report.confirmed == 2


def test_after_a_restore_of_the_agency_two_rounds_bring_everything_back(
    devices: Devices, stick: Stick, office: AgencyService
) -> None:
    anna = devices()
    measure(anna, "Eins")
    early = stick.answer(stick.letter(anna))
    stick.round(anna)
    epoch = office.new_epoch()
    letter = stick.letter(anna)
    path = stick.answer(letter)
    read = read_answer(anna.store, path)
    assert (read.verdict, anna.setting("epoch")) == (Verdict.RESTORED, epoch)
    assert read_answer(anna.store, path).verdict is Verdict.REPEATED, "begun anew once"
    with pytest.raises(UnreadableFile) as found:
        read_answer(anna.store, early)
    assert found.value.code == "courier_old_epoch"
    again = stick.round(anna)
    assert again.verdict is Verdict.TAKEN
    assert set(anna.change_states()) == {"confirmed"}


def test_a_profile_that_lost_its_place_takes_no_rows_across_the_gap(devices: Devices, stick: Stick) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    first = measure(bert, "Früh")
    bert.sync()
    anna.sync()
    measure(anna)
    letter = stick.letter(anna)
    late = measure(bert, "Spät")
    bert.sync()
    with writing(anna.store.engine) as connection:  # as after a restored backup: read less than the file said
        connection.exec_driver_sql("UPDATE cursor SET seq = 0")
    read = read_answer(anna.store, stick.answer(letter))
    assert read.verdict is Verdict.GAP
    assert (anna.title(first), anna.title(late), anna.change_states()) == ("Früh", None, ["pending"])
    assert stick.round(anna).verdict is Verdict.TAKEN
    assert (anna.title(late), anna.change_states()) == ("Spät", ["confirmed"])


def test_a_copy_at_work_elsewhere_is_noticed_by_stick(devices: Devices, stick: Stick, tmp_path: Path) -> None:
    anna = devices()
    measure(anna, "Eins")
    with writing(anna.store.engine) as connection:
        told = settings.every(connection)
    twin = open_device(tmp_path, "twin", BERLEBURG, anna.replica)
    twin.put_settings(**{k: v for k, v in told.items() if k not in ("n", "hlc")})
    measures.create(twin, {"title": "Anderes", "lead_ags": BERLEBURG})
    stick.round(anna)
    read = read_answer(twin, stick.answer(write_file(twin, stick.folder).path))
    assert read.report.forked == [anna.replica]
    again = read_answer(twin, stick.answer(write_file(twin, stick.folder).path))
    assert again.report.confirmed == 1
    stick.round(anna)
    titles = {str(state.register(1).value) for (kind, _), state in anna.states().items() if kind == "measure"}
    assert titles == {"Eins", "Anderes"}
    twin.close()


def test_the_kept_list_tells_which_answers_are_missing(devices: Devices, stick: Stick) -> None:
    anna = devices()
    measure(anna)
    stick.letter(anna)
    measure(anna)
    stick.round(anna)
    kept = courier_files(Reader(anna.store.engine))
    assert [(f.changes, bool(f.answered_at)) for f in kept] == [(2, True), (1, False)]
    assert {f.name for f in kept} <= {p.name for p in stick.folder.iterdir()}
    assert [line.code for line in syncing.log(Reader(anna.store.engine))][-1] == "courier.written"


def test_written_is_not_transferred(devices: Devices, stick: Stick) -> None:
    anna = devices()
    measure(anna)
    for _ in range(3):
        stick.letter(anna)
    assert syncing.standing(Reader(anna.store.engine)).pending == 1


def test_a_profile_without_an_agency_writes_none(tmp_path: Path) -> None:
    alone = open_device(tmp_path, "Allein", BERLEBURG)
    with pytest.raises(NotAllowed) as found:
        write_file(alone, tmp_path)
    assert found.value.code == "courier_alone"
    alone.close()


def test_a_device_that_joined_before_there_were_keys_tells_them_with_the_next_exchange(
    devices: Devices, stick: Stick, office: AgencyService
) -> None:
    anna = devices()
    measure(anna)
    with writing(anna.store.engine) as connection:
        settings.put(connection, courier_secret="", courier_agency="", courier_epoch="")
    with office.database.write() as connection:
        for name in ("courier_key", "courier_secret"):
            connection.exec_driver_sql(f"DELETE FROM {name}")
    with pytest.raises(NotAllowed) as found:
        stick.letter(anna)
    assert found.value.code == "courier_no_keys"
    anna.sync()
    assert anna.between.requests[-1].courier
    anna.sync()
    assert not anna.between.requests[-1].courier, "told once, not in every request"
    assert stick.round(anna).verdict is Verdict.TAKEN


def test_keys_are_told_again_when_the_agency_was_restored_from_before_it_knew_them(
    devices: Devices, stick: Stick, office: AgencyService
) -> None:
    anna = devices()
    with office.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM courier_key")
    office.new_epoch()
    anna.sync()
    assert stick.round(anna).verdict is Verdict.TAKEN


def test_nobody_takes_another_devices_keys(devices: Devices, office: AgencyService) -> None:
    anna, mallory = devices("Anna"), devices("Mallory")
    with office.database.write() as connection:
        theirs = connection.exec_driver_sql("SELECT signing, sealing FROM courier_key WHERE device_id = 1").one()
        assert courier_keys.register(connection, 2, (bytes(theirs[0]) + bytes(theirs[1])).hex()) == ""
    assert anna.token != mallory.token
