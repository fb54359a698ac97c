"""Words that lose their right on the way are handed over: the agency takes them, rewrites them, or says why not."""

from __future__ import annotations

import pytest

from app.domain.catalogue import Role
from app.domain.ids import EntityId
from app.errors import AgencyRefused, AgencyUnreachable
from app.models import handovers
from app.models.queries import syncing
from app.server.service import AgencyService
from app.services import measures
from app.sync.engine import Engine
from app.sync.office import Heir, Office
from app.sync.office_wire import DecideRequest, HandoverLine
from app.sync.wire import SyncReply, SyncRequest
from tests.sync.conftest import Devices
from tests.sync.devices import ARNSBERG, BERLEBURG, Device


class Given:
    """Bert has written to a measure that was given to another town before his words arrived."""

    def __init__(self, devices: Devices, seen_by_bert: bool = True) -> None:
        self.anna, self.bert, self.agency = devices("Anna"), devices("Bert"), devices("Kim", role=Role.AGENCY, ags="")
        level = "consortium" if seen_by_bert else "municipality"
        values = {"title": "Radweg", "lead_ags": BERLEBURG, "visibility": level}
        self.measure: EntityId = measures.create(self.anna.store, values)
        self.anna.sync()
        self.bert.sync()
        measures.edit(self.anna.store, self.measure, {"lead_ags": ARNSBERG})
        self.anna.sync()
        measures.edit(self.bert.store, self.measure, {"description": "Am Fluss entlang"})
        self.bert.sync()
        assert self.bert.change_states() == ["quarantined"]

    @property
    def office(self) -> Office:
        found = self.agency.between.agency
        assert isinstance(found, Office)
        return found

    def line(self) -> HandoverLine:
        (found,) = self.office.overview().handovers
        return found

    def decide(self, verdict: str, note: str = "") -> bool:
        line = self.line()
        asked = {"replica": line.replica, "n": line.n, "verdict": verdict, "note": note}
        return self.office.decide(DecideRequest.model_validate(asked)).done

    def words(self, device: Device) -> object:
        state = device.state("measure", self.measure)
        return state.register(5).value if state else None


def codes(device: Device) -> list[str]:
    return [line.code for line in syncing.log(device.workspace.reader)]


def test_the_agency_sees_who_wrote_what_and_takes_it(devices: Devices) -> None:
    given = Given(devices)
    line = given.line()
    assert (line.person, line.ags, line.reason, line.root_id) == ("Bert", BERLEBURG, "not_allowed", given.measure)
    assert "Am Fluss entlang" in str(line.change)
    assert given.decide("accepted")
    assert given.office.overview().handovers == []
    given.bert.sync()
    assert given.bert.change_states() == ["confirmed"]
    given.anna.sync()
    assert "Am Fluss entlang" in str(given.anna.states()["measure", given.measure])


def test_what_goes_back_says_why_and_stays_on_screen_until_it_is_put_away(devices: Devices) -> None:
    given = Given(devices)
    with pytest.raises(AgencyRefused, match="handover_reason"):
        given.decide("returned")
    assert given.decide("returned", "Arnsberg plant anders")
    for _ in range(2):
        given.bert.sync()
    (waiting,) = syncing.waiting(given.bert.workspace.reader)
    assert (waiting.reason, waiting.note) == ("returned", "Arnsberg plant anders")
    assert codes(given.bert).count("change.returned") == 1, "told each time, taken once"
    assert "Am Fluss entlang" in str(given.bert.states()["measure", given.measure])
    assert handovers.put_away(given.bert.store, given.measure) == 1
    assert handovers.put_away(given.bert.store, given.measure) == 0
    assert "Am Fluss entlang" not in str(given.bert.states()["measure", given.measure])
    assert syncing.waiting(given.bert.workspace.reader) == []
    given.bert.sync()
    assert given.bert.states()["measure", given.measure] == given.anna.states()["measure", given.measure]


def test_what_left_the_device_leaves_it_only_when_its_words_are_put_away(devices: Devices) -> None:
    given = Given(devices, seen_by_bert=False)
    assert ("measure", given.measure) in given.bert.states()
    given.decide("returned", "Liegt jetzt in Arnsberg")
    given.bert.sync()
    assert ("measure", given.measure) in given.bert.states()
    handovers.put_away(given.bert.store, given.measure)
    assert ("measure", given.measure) not in given.bert.states()
    given.bert.sync()
    assert ("measure", given.measure) not in given.bert.states()


def test_what_the_agency_writes_otherwise_takes_the_place_of_the_words(devices: Devices) -> None:
    given = Given(devices)
    given.agency.sync()
    measures.edit(given.agency.store, given.measure, {"description": "Entlang der Röhr"})
    given.agency.sync()
    assert given.decide("changed", "Der Fluss heißt Röhr")
    given.bert.sync()
    assert given.bert.change_states() == ["confirmed"]
    assert "change.changed" in codes(given.bert)
    told = str(given.bert.states()["measure", given.measure])
    assert "Entlang der Röhr" in told
    assert "Am Fluss" not in told


def test_a_record_that_was_only_ever_handed_over_goes_with_its_words(devices: Devices, office: AgencyService) -> None:
    bert = devices("Bert")
    made = measures.create(bert.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    reader = devices("Kim", role=Role.AGENCY, ags="")
    with office.database.write() as connection:
        connection.exec_driver_sql("UPDATE device SET role = 'reader' WHERE person = 'Bert'")
    bert.sync()
    assert bert.change_states() == ["quarantined"]
    desk = reader.between.agency
    assert isinstance(desk, Office)
    (line,) = desk.overview().handovers
    desk.decide(DecideRequest(replica=line.replica, n=line.n, verdict="returned", note="Nur zum Lesen"))
    bert.sync()
    handovers.put_away(bert.store, made)
    assert bert.states() == {}


def heir_of(device: Device) -> Heir:
    found = device.between.agency
    assert isinstance(found, Heir)
    return found


def decide_own(device: Device, verdict: str, note: str = "") -> bool:
    (line,) = heir_of(device).handovers().handovers
    asked = {"replica": line.replica, "n": line.n, "verdict": verdict, "note": note}
    return heir_of(device).decide_own(DecideRequest.model_validate(asked)).done


def test_who_owns_the_record_now_sees_what_was_written_and_takes_it(devices: Devices) -> None:
    given = Given(devices)
    cara = devices("Cara", ags=ARNSBERG)
    cara.sync()
    assert syncing.standing(cara.workspace.reader).handovers == 1
    (line,) = heir_of(cara).handovers().handovers
    assert (line.person, line.ags, line.root_id) == ("Bert", BERLEBURG, given.measure)
    assert decide_own(cara, "accepted")
    assert given.office.overview().handovers == []
    for device in (cara, given.bert):
        device.sync()
    assert "Am Fluss entlang" in str(cara.states()["measure", given.measure])
    assert syncing.standing(cara.workspace.reader).handovers == 0
    assert given.bert.change_states() == ["confirmed"]


def test_the_new_owner_sends_it_back_with_a_reason_that_its_author_reads(devices: Devices) -> None:
    given = Given(devices)
    cara = devices("Cara", ags=ARNSBERG)
    with pytest.raises(AgencyRefused, match="handover_reason"):
        decide_own(cara, "returned")
    assert decide_own(cara, "returned", "Bei uns führt er über den Berg")
    given.bert.sync()
    (waiting,) = syncing.waiting(given.bert.workspace.reader)
    assert (waiting.reason, waiting.note) == ("returned", "Bei uns führt er über den Berg")


def test_nobody_else_sees_it_or_can_decide(devices: Devices) -> None:
    given = Given(devices)
    line = given.line()
    asked = DecideRequest(replica=line.replica, n=line.n, verdict="accepted")
    others = [("Dora", ARNSBERG, Role.READER), ("Emil", ARNSBERG, Role.FACILITATOR), ("Fritz", "05966024", None)]
    for name, ags, role in others:
        heir = heir_of(devices(name, ags=ags, role=role or Role.COORDINATOR))
        assert heir.handovers().handovers == []
        assert not heir.decide_own(asked).done
    for before in (given.anna, given.bert):
        assert heir_of(before).handovers().handovers == [], "it is theirs no longer"
        assert not heir_of(before).decide_own(asked).done
    assert given.office.overview().handovers == [line]


def test_words_on_two_towns_records_are_the_agencys_to_decide(devices: Devices) -> None:
    anna, bert, cara = devices("Anna"), devices("Bert"), devices("Cara", ags=ARNSBERG)
    given, kept = (
        measures.create(anna.store, {"title": title, "lead_ags": BERLEBURG}) for title in ("Radweg", "Bürgerbus")
    )
    anna.sync()
    bert.sync()
    measures.edit(anna.store, given, {"lead_ags": ARNSBERG})
    anna.sync()
    with bert.store.change("test.both") as draft:
        draft.set("measure", given, {"goals": "Am Fluss entlang"})
        draft.set("measure", kept, {"goals": "Geht nur Berleburg an"})
    bert.sync()
    assert bert.change_states() == ["quarantined"]
    assert heir_of(cara).handovers().handovers == heir_of(anna).handovers().handovers == []
    agency = devices("Kim", role=Role.AGENCY, ags="").between.agency
    assert isinstance(agency, Office)
    (line,) = agency.overview().handovers
    assert "Geht nur Berleburg an" in str(line.change)


def test_what_moves_on_before_it_is_decided_is_the_next_owners(devices: Devices) -> None:
    given = Given(devices)
    cara, dora = devices("Cara", ags=ARNSBERG), devices("Dora", ags="05966024")
    cara.sync()
    measures.edit(cara.store, given.measure, {"lead_ags": "05966024"})
    cara.sync()
    assert heir_of(cara).handovers().handovers == []
    assert decide_own(dora, "accepted")


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.AGENCY])
def test_nobody_but_the_agency_sees_its_office(devices: Devices, role: Role) -> None:
    desk = devices("Eve", role=role, ags="" if role is Role.FACILITATOR else BERLEBURG).between.agency
    assert isinstance(desk, Office)
    with pytest.raises(AgencyRefused, match="agency_only"):
        desk.overview()
    with pytest.raises(AgencyRefused, match="agency_only"):
        desk.decide(DecideRequest(replica=1, n=1, verdict="accepted"))


def test_the_office_knows_how_much_a_device_has_still_to_send(devices: Devices) -> None:
    anna, kim = devices("Anna"), devices("Kim", role=Role.AGENCY, ags="")
    desk = kim.between.agency
    assert isinstance(desk, Office)
    for i in range(3):
        measures.create(anna.store, {"title": f"Nr. {i}", "lead_ags": BERLEBURG})
    anna.between.after = lose
    with pytest.raises(AgencyUnreachable):
        Engine(anna.store, anna.between, batch=1).sync()
    assert [d.waiting for d in desk.overview().devices if d.person == "Anna"] == [2]
    anna.calm()
    anna.sync()
    assert [d.waiting for d in desk.overview().devices if d.person == "Anna"] == [0]


def lose(_request: SyncRequest, _reply: SyncReply) -> SyncReply:
    raise AgencyUnreachable()
