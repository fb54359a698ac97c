"""Joining: what is kept, what goes to the agency afterwards, and what a refusal leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.catalogue import Role
from app.errors import AgencyUnreachable, InvitationInvalid, TokenRevoked
from app.models import outbox
from app.server.service import AgencyService
from app.services import measures
from app.sync.engine import Engine
from app.sync.membership import join
from app.sync.wire import EnrolReply, EnrolRequest
from tests.sync.conftest import Devices
from tests.sync.devices import BERLEBURG, Between, open_device


def test_a_code_is_traded_for_a_token_and_work_done_alone_follows(office: AgencyService, tmp_path: Path) -> None:
    store = open_device(tmp_path, "Anna", BERLEBURG)
    measures.create(store, {"title": "Allein geplant", "lead_ags": BERLEBURG})
    code = office.invite(Role.COORDINATOR, ags=BERLEBURG)
    reply = join(store, office.as_device(""), "https://agentur.example", f"  {code.lower()} ")
    kept = outbox.standing(store).membership
    assert (kept.url, kept.agency, kept.name) == ("https://agentur.example", reply.agency, "Testagentur")
    assert kept.joined
    report = Engine(store, office.as_device(kept.token)).sync()
    assert report.confirmed == 1
    store.close()


def test_a_refusal_changes_nothing(office: AgencyService, tmp_path: Path) -> None:
    store = open_device(tmp_path, "Anna", BERLEBURG)
    before = outbox.standing(store)
    with pytest.raises(InvitationInvalid):
        join(store, office.as_device(""), "https://agentur.example", "AAAA-BBBB")
    code = office.invite(Role.COORDINATOR, ags=BERLEBURG)
    assert outbox.standing(store) == before
    join(store, office.as_device(""), "https://agentur.example", code)
    join(store, office.as_device(""), "https://agentur.example", code)  # the first reply may have been lost
    other = open_device(tmp_path, "Bert", BERLEBURG)
    with pytest.raises(InvitationInvalid):
        join(other, office.as_device(""), "https://agentur.example", code)
    assert not outbox.standing(other).membership.joined
    store.close()
    other.close()


def test_a_copied_profile_joins_under_an_identity_of_its_own(office: AgencyService, tmp_path: Path) -> None:
    first = open_device(tmp_path, "Anna", BERLEBURG, replica=77)
    copy = open_device(tmp_path, "Kopie", BERLEBURG, replica=77)
    join(first, office.as_device(""), "https://a.example", office.invite(Role.COORDINATOR, ags=BERLEBURG))
    Engine(first, office.as_device(outbox.standing(first).membership.token)).sync()
    measures.create(first, {"title": "Radweg", "lead_ags": BERLEBURG})
    Engine(first, office.as_device(outbox.standing(first).membership.token)).sync()
    measures.create(copy, {"title": "Auf der Kopie", "lead_ags": BERLEBURG})
    join(copy, office.as_device(""), "https://a.example", office.invite(Role.COORDINATOR, ags=BERLEBURG))
    replicas = outbox.standing(copy).replicas
    assert (replicas[0], len(replicas)) == (77, 2)
    report = Engine(copy, office.as_device(outbox.standing(copy).membership.token)).sync()
    assert (report.confirmed, report.new) == (1, 1)
    first.close()
    copy.close()


def test_without_a_network_nothing_is_kept(office: AgencyService, tmp_path: Path) -> None:
    class Away(Between):
        def enrol(self, request: EnrolRequest) -> EnrolReply:
            raise AgencyUnreachable(reason="away")

    store = open_device(tmp_path, "Anna", BERLEBURG)
    with pytest.raises(AgencyUnreachable):
        join(store, Away(office.as_device("")), "https://a.example", "ABCD-EFGH")
    assert not outbox.standing(store).membership.joined
    store.close()


def test_a_token_is_traded_when_it_is_old_and_a_copy_of_it_dies_with_the_next_one(
    office: AgencyService, devices: Devices
) -> None:
    anna = devices("Anna")
    first = anna.setting("token")
    engine = Engine(anna.store, office.as_device(first))
    engine.sync()
    assert anna.setting("token") == first, "a fresh one stays"
    anna.store.put_settings(token_at="0")
    engine.sync()
    second = anna.setting("token")
    assert second != first
    Engine(anna.store, office.as_device(first)).sync()
    Engine(anna.store, office.as_device(second)).sync()
    anna.store.put_settings(token_at="0")
    Engine(anna.store, office.as_device(second)).sync()
    with pytest.raises(TokenRevoked):
        Engine(anna.store, office.as_device(first)).sync()


def test_a_lost_reply_to_a_new_token_locks_nobody_out(office: AgencyService, devices: Devices) -> None:
    anna = devices("Anna")
    token = anna.setting("token")
    lost = office.renew(token).token
    found = office.renew(token).token
    Engine(anna.store, office.as_device(found)).sync()
    Engine(anna.store, office.as_device(token)).sync()
    with pytest.raises(TokenRevoked):
        Engine(anna.store, office.as_device(lost)).sync()


def test_who_renews_a_stolen_token_is_noticed_by_its_owner(office: AgencyService, devices: Devices) -> None:
    anna = devices("Anna")
    stolen = anna.setting("token")
    anna.store.put_settings(token_at="0")
    Engine(anna.store, office.as_device(stolen)).sync()
    office.renew(stolen)  # the thief, with the copy of the former token
    with pytest.raises(TokenRevoked):
        Engine(anna.store, office.as_device(anna.setting("token"))).sync()
