"""One exchange: what it sends, what it takes, and what stays true when replies are lost, late or odd."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from sqlalchemy import update

from app.domain.fields import KINDS, SCHEMA_VERSION
from app.domain.ids import new_id
from app.domain.text import TextDoc, TextState
from app.errors import (
    AgencyGarbled,
    AgencyUnreachable,
    ReplicaFork,
    RequestTooLarge,
    TokenRevoked,
    WrongAgency,
)
from app.models import epochs, rereading
from app.models.engine import writing
from app.models.queries import lists, syncing
from app.models.tables import change
from app.server.service import AgencyService
from app.services import measures
from app.sync.wire import SyncReply, SyncRequest
from tests.sync.devices import ARNSBERG, BERLEBURG, SIEGEN, Device, spoilt

Devices = Callable[..., Device]


def measure(device: Device, title: str = "Radweg", **more: object) -> str:
    return measures.create(device.store, {"title": title, "lead_ags": BERLEBURG, **more})


def lose(_: SyncRequest, reply: SyncReply) -> SyncReply:
    raise AgencyUnreachable(reason="lost")


def test_push_and_pull_need_one_round_trip_together(devices: Devices) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    measure(bert, "Von Bert")
    bert.sync()
    made = measure(anna, "Von Anna")
    report = anna.sync()
    assert (report.rounds, report.confirmed, report.new) == (1, 1, 1)
    assert len(anna.between.requests) == 1
    assert anna.title(made) == "Von Anna"
    assert anna.change_states() == ["confirmed"]


def test_own_words_do_not_come_back_as_news(devices: Devices) -> None:
    anna = devices()
    made = measure(anna)
    first = anna.sync()
    measures.edit(anna.store, made, {"title": "Radweg Nord"})
    second = anna.sync()
    for report in (first, second, anna.sync()):
        assert (report.new, report.changed, report.gone, report.questions) == (0, 0, 0, 0)


def test_a_lost_reply_costs_a_repetition_and_nothing_else(devices: Devices) -> None:
    anna = devices()
    made = measure(anna)
    anna.between.after = lose
    with pytest.raises(AgencyUnreachable):
        anna.sync()
    assert anna.change_states() == ["pending"]
    assert anna.setting("synced_at") == "", "a failed exchange is no exchange"
    anna.calm()
    report = anna.sync()
    first, second = anna.between.requests
    assert first.changes == second.changes
    assert [o.outcome for o in anna.between.replies[-1].outcomes] == ["known"]
    assert report.confirmed == 1
    assert anna.title(made) == "Radweg"


def test_a_request_that_arrives_twice_counts_once(devices: Devices) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    made = measure(anna)
    anna.between.twice = True
    anna.sync()
    bert.sync()
    assert bert.title(made) == "Radweg"
    assert lists.count_measures(bert.workspace.reader) == 1


def test_batches_are_halved_when_too_large_and_doubled_when_it_goes_well(devices: Devices) -> None:
    anna = devices()
    made = measure(anna)
    for i in range(99):
        measures.edit(anna.store, made, {"title": f"Radweg {i}"})
    sizes: list[int] = []

    def narrow(request: SyncRequest) -> None:
        sizes.append(len(request.changes))
        if len(request.changes) > 30:
            raise RequestTooLarge() if len(sizes) % 2 else AgencyUnreachable("agency_timeout")

    anna.between.before = narrow
    report = anna.sync()
    assert report.confirmed == 100
    assert sizes[:4] == [100, 50, 25, 50], "halved until it fits, then tried larger again"
    assert set(anna.change_states()) == {"confirmed"}


def test_one_change_that_is_too_large_is_told(devices: Devices) -> None:
    anna = devices()
    measure(anna)

    def refuse(_: SyncRequest) -> None:
        raise RequestTooLarge()

    anna.between.before = refuse
    with pytest.raises(RequestTooLarge):
        anna.sync()
    assert anna.change_states() == ["pending"]


def test_many_records_come_in_pages(devices: Devices) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    for i in range(20):
        measure(anna, f"Nr. {i}")
    anna.sync()
    assert _paged(bert, 7) == 20
    assert len(bert.between.requests) >= 3
    assert lists.count_measures(bert.workspace.reader) == 20


def _paged(device: Device, limit: int) -> int:
    """An exchange whose agency gives at most `limit` steps at once; returns how many records came."""
    real = device.between.agency

    class Stingy:
        def __getattr__(self, name: str) -> object:
            return getattr(real, name)

        def sync(self, request: SyncRequest) -> SyncReply:
            return real.sync(request.model_copy(update={"limit": limit}))

    device.between.agency = Stingy()  # type: ignore[assignment]
    try:
        return device.sync().new
    finally:
        device.between.agency = real


def test_what_waits_at_the_agency_stays_visible_and_holds_nothing_up(devices: Devices) -> None:
    anna = devices()
    foreign = measure(anna)
    # The right was there when the words were written and is gone when they arrive.
    _break_first_change(anna)
    other = measure(anna, "Danach")
    report = anna.sync()
    assert (report.quarantined, report.confirmed) == (1, 1)
    assert anna.change_states() == ["quarantined", "confirmed"]
    assert anna.title(foreign) == "Radweg"
    assert anna.title(other) == "Danach"
    codes = [line.code for line in syncing.log(anna.workspace.reader)]
    assert "change.quarantined" in codes
    assert "record.sent" in codes


def _break_first_change(device: Device) -> None:
    """On the way, the first change loses what it needs to be understood."""
    real = device.between.agency

    class Spoiling:
        def __getattr__(self, name: str) -> object:
            return getattr(real, name)

        def sync(self, request: SyncRequest) -> SyncReply:
            changes = [[*c[:6], [["?"]]] if c[1] == 1 else c for c in request.changes]
            return real.sync(request.model_copy(update={"changes": changes}))

    device.between.agency = Spoiling()  # type: ignore[assignment]


def test_a_lost_reply_about_waiting_changes_is_heard_again_before_they_count(devices: Devices) -> None:
    anna = devices()
    spoilt_one = measure(anna)
    _break_first_change(anna)
    for i in range(4):
        measure(anna, f"Nr. {i}")
    anna.between.after = lose
    with pytest.raises(AgencyUnreachable):
        anna.sync()
    anna.calm()

    def late_ones(request: SyncRequest) -> None:
        if len(request.changes) > 2:
            raise RequestTooLarge()

    anna.between.before = late_ones
    report = anna.sync()
    assert (report.quarantined, report.confirmed) == (1, 4)
    assert anna.change_states() == ["quarantined", *["confirmed"] * 4]
    assert anna.title(spoilt_one) == "Radweg", "words that wait do not vanish"


def test_a_gap_is_filled_with_what_the_agency_lacks(devices: Devices) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    made = measure(anna)
    measures.edit(anna.store, made, {"title": "Zwei"})
    with writing(anna.store.engine) as connection:
        connection.execute(update(change).where(change.c.n == 1).values(state="confirmed"))
    report = anna.sync()
    assert report.resent == 1
    assert report.confirmed == 2
    bert.sync()
    assert bert.title(made) == "Zwei"


def test_a_new_epoch_is_answered_with_everything_that_is_missing(devices: Devices, office: AgencyService) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    made = measure(anna)
    anna.sync()
    bert.sync()
    office.new_epoch()
    measures.edit(bert.store, made, {"title": "Nach der Sicherung"})
    report = bert.sync()
    assert report.rounds == 3, "told of the epoch, compared, then sent"
    assert report.confirmed == 1
    assert anna.sync().changed == 1
    assert anna.title(made) == bert.title(made) == "Nach der Sicherung"
    assert "agency.restored" in [line.code for line in syncing.log(bert.workspace.reader)]


def test_a_restored_agency_also_gets_what_waited_there(devices: Devices) -> None:
    anna = devices()
    measure(anna)
    _break_first_change(anna)
    measure(anna, "Danach")
    anna.sync()
    assert anna.change_states() == ["quarantined", "confirmed"]
    assert epochs.begin(anna.store, "andere", {}) == 2
    assert anna.change_states() == ["pending", "pending"]


def test_a_device_signed_off_is_told_and_keeps_its_words(devices: Devices, office: AgencyService) -> None:
    anna = devices()
    made = measure(anna)
    office.revoke(1)
    with pytest.raises(TokenRevoked):
        anna.sync()
    assert anna.change_states() == ["pending"]
    assert anna.title(made) == "Radweg"


def test_another_agency_gets_and_gives_nothing(devices: Devices) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    measure(bert, "Von Bert")
    bert.sync()
    anna.between.after = lambda _, reply: reply.model_copy(update={"agency": "eine andere"})
    with pytest.raises(WrongAgency):
        anna.sync()
    assert lists.count_measures(anna.workspace.reader) == 0


def test_an_agency_that_sees_forks_everywhere_is_not_believed_for_ever(devices: Devices) -> None:
    anna = devices()
    measure(anna)

    def forked(_: SyncRequest, reply: SyncReply) -> SyncReply:
        outcomes = [o.model_copy(update={"outcome": "fork"}) for o in reply.outcomes]
        return reply.model_copy(update={"outcomes": outcomes})

    anna.between.after = forked
    with pytest.raises(ReplicaFork):
        anna.sync()


def test_an_exchange_ends_between_requests_when_asked(devices: Devices) -> None:
    anna = devices()
    measure(anna)
    report = anna.sync(cancelled=lambda: bool(anna.between.requests))
    assert not report.cancelled, "everything fitted into the first request"
    measure(anna)
    report = anna.sync(cancelled=lambda: True)
    assert report.cancelled
    assert report.rounds == 0
    assert anna.change_states() == ["confirmed", "pending"]


def test_a_garbled_row_is_read_again_and_holds_nothing_up(devices: Devices) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    bad, good = measure(anna, "Unlesbar"), measure(anna, "Lesbar")
    anna.sync()
    bert.between.after = lambda _, reply: spoilt(reply, bad)
    report = bert.sync()
    assert report.garbled == [("measure", bad)]
    assert (bert.title(bad), bert.title(good)) == (None, "Lesbar")
    bert.calm()
    assert bert.sync().new == 0, "the very same version would read the very same row"
    later = bert.store.clock() + rereading.AGAIN_MS
    bert.store.clock = lambda: later
    assert bert.sync().new == 1
    assert bert.title(bad) == "Unlesbar"
    assert bert.sync().rounds == 1


def test_after_an_update_unread_rows_are_asked_for_at_once(devices: Devices, monkeypatch: pytest.MonkeyPatch) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    bad = measure(anna, "Unlesbar")
    anna.sync()
    bert.between.after = lambda _, reply: spoilt(reply, bad)
    bert.sync()
    bert.calm()
    monkeypatch.setattr("app.sync.engine.VERSION", "99.0.0")
    assert bert.sync().new == 1
    monkeypatch.setattr("app.models.rereading.SCHEMA_VERSION", SCHEMA_VERSION + 1)
    bert.sync()
    assert set(bert.between.requests[-1].cursors.values()) == {0}, "more fields are known now: all is read anew"


def test_own_words_on_a_record_whose_row_cannot_be_read_stay(devices: Devices) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    made = measure(anna)
    anna.sync()
    bert.sync()
    measures.edit(bert.store, made, {"title": "Von Bert"})
    measures.edit(anna.store, made, {"description": "Von Anna"})
    anna.sync()
    bert.between.after = lambda _, reply: spoilt(reply, made)
    report = bert.sync()
    assert report.garbled
    assert report.confirmed == 1
    assert bert.title(made) == "Von Bert"
    bert.calm()
    later = bert.store.clock() + rereading.AGAIN_MS
    bert.store.clock = lambda: later
    bert.sync()
    anna.sync()
    assert anna.state("measure", made) == bert.state("measure", made)


def test_a_reply_that_promises_more_but_brings_nothing_is_refused(devices: Devices) -> None:
    anna = devices()
    anna.between.after = lambda _, reply: reply.model_copy(update={"more": True})
    with pytest.raises(AgencyGarbled):
        anna.sync()


def test_a_vector_that_is_none_is_garbled(devices: Devices) -> None:
    anna = devices()
    anna.between.after = lambda _, reply: reply.model_copy(update={"accepted": [1]})
    with pytest.raises(AgencyGarbled):
        anna.sync()


def test_hints_about_texts_make_replies_small(devices: Devices, office: AgencyService) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    with anna.store.change("workshop.create") as draft:
        workshop = draft.create("workshop", new_id(), None, {"title": "Dialog", "ags": BERLEBURG})
        minutes = draft.create("minutes", new_id(), ("workshop", workshop), {})
    _type(anna, minutes, " ".join(new_id() for _ in range(300)))
    anna.sync()
    bert.sync()
    _type(anna, minutes, "Neu: ")
    anna.sync()
    bert.sync()
    hinted = _text_bytes(bert.between.replies[-1])
    assert bert.between.requests[-1].texts.keys() == {minutes}
    assert hinted < 500
    assert _text_bytes(bert.between.replies[0]) > 20 * hinted
    slot = 1
    a, b = anna.state("minutes", minutes), bert.state("minutes", minutes)
    assert a is not None
    assert b is not None
    assert a.texts[slot].text == b.texts[slot].text


def _type(device: Device, minutes: str, words: str) -> None:
    state = device.state("minutes", minutes)
    assert state is not None
    field = next(f.name for f in KINDS["minutes"].fields if f.merge.value == "text")
    slot = KINDS["minutes"].slot_of[field].id
    doc = TextDoc(state.texts.get(slot, TextState()), peer=device.replica)
    doc.insert(0, words)
    typed = doc.take_update()
    assert typed is not None
    with device.store.change("minutes.write") as draft:
        draft.update_text("minutes", minutes, field, typed)


def _text_bytes(reply: SyncReply) -> int:
    found = 0
    for page in reply.pages:
        if page.kind == "minutes":
            for row in page.rows:
                for told in row[-1].get("t", {}).values():
                    found += sum(len(base64.b64decode(b)) for b in ([told] if isinstance(told, str) else told))
    return found


def test_what_is_given_away_before_anybody_heard_of_it_leaves_the_device(devices: Devices) -> None:
    anna, bert = devices("Anna", BERLEBURG), devices("Bert", ARNSBERG)
    made = measure(anna)
    measures.edit(anna.store, made, {"lead_ags": ARNSBERG})
    anna.sync()
    bert.sync()
    assert bert.title(made) == "Radweg"
    assert anna.states() == {}


def test_a_record_that_moves_on_leaves_with_everything_below_it(devices: Devices) -> None:
    anna, bert = devices("Anna", BERLEBURG), devices("Bert", SIEGEN)
    made = measure(anna)
    measures.add_part(anna.store, made, "milestone", {"title": "Spatenstich"})
    anna.sync()
    measures.edit(anna.store, made, {"lead_ags": SIEGEN})
    report = anna.sync()
    bert.sync()
    assert anna.states() == {}
    assert report.confirmed == 1
    assert {k for k, _ in bert.states()} == {"measure", "milestone"}


def test_receipts_are_kept_and_asked_for_only_once(devices: Devices) -> None:
    anna = devices()
    measure(anna)
    first = anna.sync()
    measure(anna)
    second = anna.sync()
    anna.sync()
    assert (first.receipts, second.receipts) == ([1], [2])
    assert anna.between.replies[-1].receipts == []
    assert [r.no for r in syncing.receipts(anna.workspace.reader)] == [2, 1]
    quiet = [line.code for line in syncing.log(anna.workspace.reader)]
    assert quiet.count("sync.done") == 2, "a quiet exchange leaves no line"
