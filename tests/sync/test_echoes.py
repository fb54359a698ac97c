"""A device believes an echo of its own words only where they stand here just so."""

from __future__ import annotations

import pytest

from app.domain.digest import digest_of
from app.models import auditing, confirming, echoes
from app.models.engine import reading, writing
from app.models.tables import entity
from app.services import measures
from app.sync.wire import SyncReply, SyncRequest
from tests.sync.conftest import Devices
from tests.sync.devices import BERLEBURG, Device


def rows(device: Device) -> int:
    return sum(len(page.rows) for reply in device.between.replies for page in reply.pages)


def beside(device: Device) -> list[bytes | None]:
    """What is kept beside the records as the agency's state."""
    with reading(device.store.engine) as connection:
        return [row.base for row in connection.execute(entity.select())]


def test_own_words_do_not_come_back_as_rows(devices: Devices) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    measure = measures.create(anna.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    report = anna.sync()
    measures.edit(anna.store, measure, {"goals": "Sicher zur Schule"})
    anna.sync()
    assert rows(anna) == 0
    assert (report.confirmed, report.rounds, anna.change_states()) == (1, 1, ["confirmed", "confirmed"])
    assert beside(anna) == [None]
    assert auditing.recount(anna.store) == 0, "the digests kept are those of what stands there"
    bert.sync()
    assert bert.states() == anna.states()


def test_a_record_edited_again_during_the_exchange_keeps_both_words(devices: Devices) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    measure = measures.create(anna.store, {"title": "Radweg", "lead_ags": BERLEBURG})

    def typing(_: SyncRequest, reply: SyncReply) -> SyncReply:
        if reply.outcomes and len(anna.between.requests) == 1:
            measures.edit(anna.store, measure, {"title": "Radweg an der Eder"})
        return reply

    anna.between.after = typing
    anna.sync()
    assert rows(anna) == 0
    assert anna.title(measure) == "Radweg an der Eder"
    assert anna.change_states() == ["confirmed", "pending"]
    anna.sync()
    bert.sync()
    assert bert.states() == anna.states()
    assert beside(anna) == [None]


def test_an_echo_of_something_else_is_not_believed_and_the_row_is_asked_for(devices: Devices) -> None:
    """Until it is here nothing counts as arrived."""
    anna = devices("Anna")
    measures.create(anna.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    seen: list[list[str]] = []

    def wrong(request: SyncRequest, reply: SyncReply) -> SyncReply:
        seen.append(anna.change_states())
        if not request.echoes:
            return reply
        return reply.model_copy(update={"feed": [e.model_copy(update={"digest": e.digest ^ 1}) for e in reply.feed]})

    anna.between.after = wrong
    report = anna.sync()
    assert [r.echoes for r in anna.between.requests] == [True, False]
    assert seen == [["pending"], ["pending"]]
    assert (rows(anna), report.confirmed, report.differed) == (1, 1, 0)
    assert anna.change_states() == ["confirmed"]


def test_beside_a_change_set_aside_a_digest_proves_too_little(devices: Devices) -> None:
    anna = devices("Anna")
    measure = measures.create(anna.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    state = anna.state("measure", measure)
    assert state is not None
    told = {measure: echoes.Echo("measure", digest_of(state), ["agency"])}
    confirming.quarantine(anna.store, [(anna.replica, 1, "kind")])
    with writing(anna.store.engine) as connection, pytest.raises(echoes.Unlike):
        echoes.take(connection, told)


def test_an_echo_of_a_record_that_is_not_here_is_not_believed(devices: Devices) -> None:
    with writing(devices("Anna").store.engine) as connection, pytest.raises(echoes.Unlike):
        echoes.take(connection, {"0" * 32: echoes.Echo("measure", 1, ["agency"])})
