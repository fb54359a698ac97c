"""Who may come in, and how that ends."""

from __future__ import annotations

import pytest

from app.domain.catalogue import Role
from app.domain.ids import new_id, new_replica_id
from app.errors import (
    AgencyGarbled,
    AgencyRefused,
    InvitationInvalid,
    ProtocolTooOld,
    ReplicaFork,
    TokenRevoked,
)
from app.sync.wire import PROTOCOL, EnrolRequest, SyncRequest
from tests.server.laptop import ARNSBERG, BERLEBURG, Laptop, outcomes
from tests.sync.conformance.conftest import Office


def _asking(code: str, replica: int | None = None) -> EnrolRequest:
    return EnrolRequest(code=code, replica=replica or new_replica_id(), person="Jana", device="Laptop")


def test_the_agency_says_who_it_is_without_a_token(office: Office) -> None:
    about = office.reach("").about()
    assert (about.name, about.protocol) == ("Testagentur", PROTOCOL)
    assert about.agency
    assert about.epoch


def test_a_code_admits_one_device_with_its_role_and_place(office: Office) -> None:
    code = office.service.invite(Role.COORDINATOR, BERLEBURG, label="Berleburg")
    assert code.startswith("BERLE-")
    reply = office.reach("").enrol(_asking(code))
    assert (reply.grant.role, reply.grant.ags) == ("coordinator", BERLEBURG)
    assert f"municipality:{BERLEBURG}" in reply.grant.scopes
    with pytest.raises(InvitationInvalid) as refused:
        office.reach("").enrol(_asking(code))
    assert refused.value.params["reason"] == "used", "said as it is, whatever the way"


def test_a_code_may_be_typed_as_it_was_heard(office: Office) -> None:
    code = office.service.invite(Role.AGENCY)
    assert office.reach("").enrol(_asking(f" {code.lower().replace('-', ' ')} ")).grant.role == "agency"


def test_an_unknown_code_admits_nobody(office: Office) -> None:
    for code in ("BERLE-AAAA-AAAA", "ÄÖÜ-ß", "    "):
        with pytest.raises(InvitationInvalid):
            office.reach("").enrol(_asking(code))


def test_an_old_code_admits_nobody(office: Office) -> None:
    code = office.service.invite(Role.AGENCY, days=1)
    office.clock.forward(days=1, seconds=1)
    with pytest.raises(InvitationInvalid) as refused:
        office.reach("").enrol(_asking(code))
    assert refused.value.params["reason"] == "expired"


def test_a_device_whose_token_was_lost_on_the_way_may_ask_again(office: Office) -> None:
    code, replica = office.service.invite(Role.AGENCY), new_replica_id()
    lost = office.reach("").enrol(_asking(code, replica))
    again = office.reach("").enrol(_asking(code, replica))
    assert Laptop(office.reach(again.token), replica).push().grant.role == "agency"
    with pytest.raises(TokenRevoked):
        Laptop(office.reach(lost.token), replica).push()
    with pytest.raises(InvitationInvalid):
        office.reach("").enrol(_asking(code, replica))


def test_a_copied_profile_cannot_come_in_as_the_original(office: Office) -> None:
    original = office.laptop()
    code = office.service.invite(Role.COORDINATOR, BERLEBURG)
    with pytest.raises(ReplicaFork):
        office.reach("").enrol(_asking(code, original.replica))
    assert office.reach("").enrol(_asking(code)).token


def test_a_successor_inherits_the_replicas_it_was_invited_to_replace(office: Office) -> None:
    old = office.laptop()
    change, _ = old.measure(BERLEBURG)
    old.push(change)
    office.service.revoke(1)
    code = office.service.invite(Role.COORDINATOR, BERLEBURG, replaces=1)
    token = office.reach("").enrol(_asking(code, old.replica)).token
    again = Laptop(office.reach(token), old.replica, n=old.n)
    following, _ = again.measure(BERLEBURG)
    assert outcomes(again.push(following)) == [(2, "applied")]


def test_nobody_comes_in_without_a_token(office: Office) -> None:
    for token in ("", "x", "ä", "Bearer"):
        agency = office.reach(token)
        with pytest.raises(TokenRevoked):
            agency.sync(SyncRequest(replicas=[1]))
        with pytest.raises(TokenRevoked):
            agency.history("measure", new_id())


def test_a_revoked_token_is_refused_at_the_next_request(office: Office) -> None:
    laptop = office.laptop()
    laptop.push()
    assert office.service.revoke(1)
    assert not office.service.revoke(1)
    change, _ = laptop.measure(BERLEBURG)
    with pytest.raises(TokenRevoked):
        laptop.push(change)
    with pytest.raises(TokenRevoked):
        laptop.agency.history("measure", new_id())


def test_a_replica_of_another_device_is_refused_whole(office: Office) -> None:
    mine, theirs = office.laptop(), office.laptop(ags=ARNSBERG)
    change, made = theirs.measure(ARNSBERG)
    with pytest.raises(ReplicaFork) as refused:
        mine.push(change, replicas=[mine.replica])
    assert refused.value.n == 1
    with pytest.raises(ReplicaFork):
        mine.push(replicas=[theirs.replica])
    theirs.push(change)
    assert theirs.pull()
    assert made in theirs.records


def test_a_former_identity_may_be_asked_about_even_if_another_device_has_it(office: Office) -> None:
    old, new = office.laptop(), office.laptop()
    change, _ = old.measure(BERLEBURG)
    old.push(change)
    new.push(replicas=[old.replica, new.replica])
    assert new.accepted == {old.replica: 1}


def test_a_protocol_that_is_too_old_is_told_what_is_needed(office: Office) -> None:
    with pytest.raises(ProtocolTooOld) as refused:
        office.laptop().push(protocol="0.9")
    assert refused.value.params["needed"] == PROTOCOL


def test_a_protocol_from_the_future_is_refused(office: Office) -> None:
    laptop = office.laptop()
    for spoken in ("2.0", "", "ö", "1" * 20):
        with pytest.raises((AgencyGarbled, AgencyRefused)):
            laptop.push(protocol=spoken)


def test_a_newer_minor_version_is_welcome(office: Office) -> None:
    assert office.laptop().push(protocol="1.7").grant.role == "coordinator"


def test_a_facilitator_can_be_given_another_workshop(office: Office) -> None:
    first, second = new_id(), new_id()
    guide = office.laptop(Role.FACILITATOR, workshops=[first])
    assert guide.push().grant.workshops == [first]
    office.service.extend(1, [second])
    assert guide.push().grant.workshops == sorted([first, second])
