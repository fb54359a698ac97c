"""One profile at work in two places: each keeps its own words, and neither ever swallows the other's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.fields import KINDS
from app.domain.ids import EntityId, new_id, text_peer
from app.domain.text import TextDoc, TextState
from app.models import incarnation, outbox
from app.models.engine import open_engine, writing
from app.models.queries import syncing
from app.models.store import Store
from app.server.service import AgencyService
from app.services import measures
from tests.sync.devices import BERLEBURG, KEY, Between, Device

Devices = Callable[..., Device]
Twins = Callable[[Device], Device]


@pytest.fixture
def twin(office: AgencyService, tmp_path: Path) -> Iterator[Twins]:
    """Copies a profile to another machine, where nothing tells that it is a copy."""
    made: list[Device] = []

    def copy(device: Device) -> Device:
        path = tmp_path / f"kopie-{len(made)}.db"
        with device.store.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute(f"VACUUM INTO '{path}'")
        engine = open_engine(path, KEY)
        made.append(Device(Store(engine), device.replica, Between(office.as_device(device.token)), device.token))
        return made[-1]

    yield copy
    for device in made:
        device.store.close()


def measure(device: Device, title: str = "Radweg", **more: object) -> EntityId:
    return measures.create(device.store, {"title": title, "lead_ags": BERLEBURG, **more})


def replicas(device: Device) -> tuple[int, ...]:
    return outbox.standing(device.store).replicas


def settle(*devices: Device) -> None:
    for _ in range(2):
        for device in devices:
            device.sync()


def test_two_copies_write_and_both_keep_everything(devices: Devices, twin: Twins) -> None:
    anna = devices("Anna")
    made = measure(anna, tags=["alt"])
    anna.sync()
    copy = twin(anna)
    measures.edit(anna.store, made, {"title": "Vom Original"})
    anna.sync()
    measures.edit(copy.store, made, {"title": "Von der Kopie"})
    measures.edit(copy.store, made, {"title": "Von der Kopie, verbessert", "tags": ["neu"]})
    other = measure(copy, "Nur auf der Kopie")
    report = copy.sync()
    assert report.forked == [anna.replica]
    assert report.confirmed == 3
    assert len(replicas(copy)) == 2
    settle(anna, copy)
    assert anna.states() == copy.states()
    state = anna.state("measure", made)
    assert state is not None
    assert {v.value for v in state.register(1).versions.values()} == {"Vom Original", "Von der Kopie, verbessert"}
    assert state.set(KINDS["measure"].slot_of["tags"].id).value == ("neu",)
    assert anna.title(other) == "Nur auf der Kopie"
    assert "device.new_identity" in [line.code for line in syncing.log(copy.workspace.reader)]
    assert len(replicas(anna)) == 1


def test_a_restored_profile_is_noticed_before_it_writes_again(devices: Devices, twin: Twins) -> None:
    anna = devices("Anna")
    made = measure(anna)
    anna.sync()
    earlier = twin(anna)
    measures.edit(anna.store, made, {"title": "Danach"})
    anna.sync()
    report = earlier.sync()
    assert report.forked == [anna.replica]
    assert earlier.title(made) == "Danach", "the lost tail comes back"
    measures.edit(earlier.store, made, {"title": "Weiter"})
    assert earlier.sync().confirmed == 1
    anna.sync()
    assert anna.title(made) == "Weiter"
    assert anna.states() == earlier.states()


def test_undo_still_takes_back_what_was_issued_anew(devices: Devices, twin: Twins) -> None:
    anna = devices("Anna")
    made = measure(anna)
    anna.sync()
    copy = twin(anna)
    measures.edit(anna.store, made, {"goals": "Vom Original"})
    anna.sync()
    measures.edit(copy.store, made, {"title": "Eins"})
    measures.edit(copy.store, made, {"title": "Zwei"})
    copy.sync()
    copy.store.undo()
    assert copy.title(made) == "Eins"
    copy.store.undo()
    assert copy.title(made) == "Radweg"
    settle(copy, anna)
    assert anna.title(made) == "Radweg"
    assert anna.states() == copy.states()


def test_votes_of_both_copies_count(devices: Devices, twin: Twins) -> None:
    anna = devices("Anna")
    with anna.store.change("workshop.create") as draft:
        workshop = draft.create("workshop", new_id(), None, {"title": "Dialog", "ags": BERLEBURG})
        card = draft.create("vote_result", new_id(), ("workshop", workshop), {})

    def vote(device: Device, times: int) -> None:
        for _ in range(times):
            with device.store.change("card.vote") as draft:
                draft.count("vote_result", card, "points", 1)

    vote(anna, 3)
    anna.sync()
    copy = twin(anna)
    vote(anna, 2)
    anna.sync()
    vote(copy, 4)
    copy.sync()
    settle(anna, copy)
    for device in (anna, copy):
        state = device.state("vote_result", card)
        assert state is not None
        assert state.counters[KINDS["vote_result"].slot_of["points"].id].value == 9


def test_both_copies_minutes_keep_every_word(devices: Devices, twin: Twins) -> None:
    anna = devices("Anna")
    with anna.store.change("workshop.create") as draft:
        workshop = draft.create("workshop", new_id(), None, {"title": "Dialog", "ags": BERLEBURG})
        minutes = draft.create("minutes", new_id(), ("workshop", workshop), {})
    _type(anna, minutes, "Anfang. ")
    anna.sync()
    copy = twin(anna)
    _type(anna, minutes, "Original sagt etwas. ")
    anna.sync()
    for words in ("Kopie ", "sagt ", "anderes. "):
        _type(copy, minutes, words)
    copy.sync()
    settle(anna, copy)
    assert _text(anna, minutes) == _text(copy, minutes)
    for words in ("Anfang. ", "Original sagt etwas. ", "Kopie sagt anderes. "):
        assert words in _text(anna, minutes)


def _text(device: Device, minutes: EntityId) -> str:
    state = device.state("minutes", minutes)
    assert state is not None
    return state.texts[1].text if 1 in state.texts else ""


def _type(device: Device, minutes: EntityId, words: str) -> None:
    state = device.state("minutes", minutes)
    assert state is not None
    before = state.texts.get(1, TextState())
    doc = TextDoc(before, text_peer(replicas(device)[-1], minutes, 1, 0))
    doc.insert(doc.length, words)
    typed = doc.take_update()
    assert typed is not None
    with device.store.change("minutes.write") as draft:
        draft.update_text("minutes", minutes, "text", typed)


def test_the_old_identitys_tail_goes_before_what_the_new_one_says(devices: Devices, twin: Twins) -> None:
    anna = devices("Anna")
    made = measure(anna)
    anna.sync()
    copy = twin(anna)
    measures.edit(anna.store, made, {"goals": "Vom Original"})
    anna.sync()
    measures.edit(copy.store, made, {"title": "Unter der alten Kennung"})
    with writing(copy.store.engine) as connection:
        incarnation.begin(connection)
    measures.edit(copy.store, made, {"title": "Unter der neuen Kennung"})
    copy.sync()
    settle(anna, copy)
    state = anna.state("measure", made)
    assert state is not None
    assert [v.value for v in state.register(1).versions.values()] == ["Unter der neuen Kennung"]
    assert anna.states() == copy.states()


def test_a_replica_that_belongs_to_another_device_is_given_up(devices: Devices, twin: Twins) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    made = measure(anna)
    anna.sync()
    copy = twin(anna)
    copy.between.agency = bert.between.agency
    measures.edit(copy.store, made, {"title": "Unter Berts Anmeldung"})
    report = copy.sync()
    assert (report.forked, report.confirmed) == ([anna.replica], 1)
    anna.sync()
    assert anna.title(made) == "Unter Berts Anmeldung"
