"""Comparing with the agency: what differs is found in few requests, mended, told, and never taken over unseen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from sqlalchemy import insert, select, update

from app.domain.catalogue import Role
from app.domain.change import Create, Write
from app.domain.clock import Dot, flatten, unflatten
from app.domain.fields import KINDS, SCHEMA_VERSION
from app.domain.ids import EntityId
from app.domain.merge import EntityState, apply
from app.domain.packing import pack
from app.errors import AgencyGarbled, AgencyUnreachable, TokenRevoked
from app.models import auditing
from app.models.engine import reading, writing
from app.models.queries import syncing
from app.models.settle import forget
from app.models.tables import change, cursor, entity, kind_tables
from app.server import digests
from app.server import tables as agency
from app.server.database import Database
from app.server.service import AgencyService
from app.server.tables import heal
from app.services import measures
from app.sync.audit_wire import DigestRequest, HealRequest
from app.sync.membership import join
from tests.sync.devices import ARNSBERG, BERLEBURG, Device

Devices = Callable[..., Device]


def measure(device: Device, title: str = "Radweg", **more: object) -> EntityId:
    return measures.create(device.store, {"title": title, "lead_ags": BERLEBURG, **more})


def sums(device: Device) -> dict[str, tuple[int, int]]:
    return {scope: (s.records, s.digest) for scope, s in auditing.sums(device.store).items()}


def agency_sums(office: AgencyService, device: Device) -> dict[str, tuple[int, int]]:
    with office.database.read() as connection:
        found = digests.of_scopes(connection, auditing.sums(device.store))
    return {scope: (pair[0], pair[1]) for scope, pair in found.items()}


def codes(device: Device) -> list[str]:
    return [line.code for line in syncing.log(device.workspace.reader)]


def tomorrow(device: Device) -> None:
    later = device.store.clock() + auditing.DAILY_MS
    device.store.clock = lambda: later


class Backup:
    """The agency's database as it was, to be put back under a new epoch."""

    def __init__(self, office: AgencyService, folder: Path) -> None:
        self.office = office
        self.file = folder / "sicherung.db"
        office.database.copy_to(self.file)

    def restore(self) -> None:
        """In place: the service goes on with the old content, as after a stop, a copy and a start."""
        with self.office.database.write() as connection:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            connection.exec_driver_sql("SELECT 1")
            tables = [r[0] for r in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='table'")]
        old = Database(f"sqlite:///{self.file}")
        with old.read() as source, self.office.database.write() as target:
            target.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for table in tables:
                target.exec_driver_sql(f"DELETE FROM {table}")
            for table in tables:
                for row in source.exec_driver_sql(f"SELECT * FROM {table}").all():
                    marks = ",".join("?" * len(row))
                    target.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", tuple(row))
        old.close()
        self.office.new_epoch()


def test_both_ends_keep_the_same_sums_through_everything_that_happens(devices: Devices, office: AgencyService) -> None:
    anna, bert = devices("Anna"), devices("Bert", ARNSBERG)
    made = measure(anna)
    measures.add_part(anna.store, made, "milestone", {"title": "Spatenstich"})
    shared = measure(anna, "Für alle", visibility="public", internal_note="nur für uns")
    anna.sync()
    bert.sync()
    measures.edit(anna.store, made, {"lead_ags": ARNSBERG})
    measures.edit(anna.store, shared, {"title": "Für wirklich alle"})
    anna.sync()
    bert.sync()
    measures.edit(bert.store, made, {"title": "Jetzt unser"})
    bert.sync()
    for device in (anna, bert):
        kept = sums(device)
        assert kept == agency_sums(office, device)
        assert auditing.recount(device.store) == 0
        assert sums(device) == kept
        assert device.between.audits == [], "equal sums cost no request"
    before = agency_sums(office, bert)
    with office.database.write() as connection:
        digests.recount(connection)
    assert agency_sums(office, bert) == before


def test_nothing_new_costs_one_small_round_trip(devices: Devices) -> None:
    anna = devices()
    measure(anna)
    anna.sync()
    anna.sync()
    assert anna.between.replies[-1].digests == {}
    assert anna.between.requests[-1].audit is False
    assert len(anna.between.requests) == 2
    tomorrow(anna)
    anna.sync()
    assert anna.between.replies[-1].digests.keys() == auditing.sums(anna.store).keys(), "once a day all of them"
    assert len(anna.between.requests) == 3


def _drop(device: Device, made: EntityId) -> None:
    """The record has vanished."""
    with writing(device.store.engine) as connection:
        row = connection.execute(select(entity.c.row).where(entity.c.id == made)).scalar_one()
        forget(connection, "measure", row, made)


def _age(device: Device, made: EntityId) -> None:
    """As if an edit had never arrived."""
    with writing(device.store.engine) as connection:
        clocks = orjson.loads(connection.execute(select(entity.c.clocks).where(entity.c.id == made)).scalar_one())
        born = orjson.dumps({"b": clocks["b"]})
        connection.execute(update(entity).where(entity.c.id == made).values(clocks=born))
        connection.execute(update(kind_tables["measure"]).values(goals=None))


def _invent(device: Device, made: EntityId) -> None:
    """As if something had been seen that nobody ever wrote."""
    with writing(device.store.engine) as connection:
        clocks = orjson.loads(connection.execute(select(entity.c.clocks).where(entity.c.id == made)).scalar_one())
        seen = unflatten(clocks.get("v", clocks["b"][:2])) | {2**61: 9}
        clocks["v"] = flatten(seen)
        connection.execute(update(entity).where(entity.c.id == made).values(clocks=orjson.dumps(clocks)))


def _fill(office: AgencyService, many: int) -> list[EntityId]:
    """An agency that has held so many measures for long."""
    made = [f"0192a000-0000-7000-8000-{i:012d}" for i in range(many)]
    scope, lead = f"municipality:{BERLEBURG}", KINDS["measure"].slot_of["lead_ags"].id
    entities, steps = [], []
    for n, each in enumerate(made, 1):
        state = EntityState("measure", each)
        ops = (Create("measure", each, "measure", each), Write("measure", each, lead, BERLEBURG))
        for op in (*ops, Write("measure", each, 1, f"Nr. {n}")):
            state = apply(state, op, Dot(2**50, n), n)
        plain = {"kind": "measure", "root_kind": "measure", "root_id": each, "schema": SCHEMA_VERSION}
        row = {"id": each, "scopes": f'["{scope}"]', "authors": "[]", "packed": orjson.dumps(pack(state)), **plain}
        entities.append(row)
        steps.append({"scope": scope, "entity_id": each, "seq": n, "held": 1})
    with office.database.write() as connection:
        connection.execute(insert(agency.entity), entities)
        connection.execute(insert(agency.feed), steps)
        connection.execute(insert(agency.scope_counter), [{"scope": scope, "seq": many}])
        digests.recount(connection)
    return made


@pytest.mark.slow
def test_one_wrong_record_among_three_thousand_is_found_and_mended_in_few_requests(
    devices: Devices, office: AgencyService
) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    wrong = _fill(office, 3_000)[1234]
    anna.sync()
    measures.edit(anna.store, wrong, {"goals": "Später"})
    anna.sync()
    bert.sync()
    for spoil in (_drop, _age, _invent):
        spoil(bert, wrong)
        tomorrow(bert)
        bert.between.audits.clear()
        report = bert.sync()
        assert report.differed == 1
        assert bert.state("measure", wrong) == anna.state("measure", wrong)
        asked = [type(a).__name__ for a in bert.between.audits]
        assert asked[:3] == ["DigestRequest", "DigestRequest", "RecordsRequest"]
        assert len(asked) <= 5, "what the agency has never heard is offered first, and then given up"
    assert codes(bert).count("records.differed") == 3
    tomorrow(bert)
    bert.between.audits.clear()
    assert bert.sync().differed == 0
    assert not bert.between.audits


def test_a_sum_that_is_wrong_by_itself_is_computed_anew_without_a_request(devices: Devices) -> None:
    anna = devices()
    measure(anna)
    anna.sync()
    with writing(anna.store.engine) as connection:
        connection.execute(update(cursor).values(digest=5, records=7))
        connection.execute(update(entity).values(digest=9))
    tomorrow(anna)
    report = anna.sync()
    assert (report.differed, report.rounds, anna.between.audits) == (0, 1, [])
    assert auditing.recount(anna.store) == 0


def test_what_a_restored_agency_forgot_comes_back_from_readers_though_its_author_is_gone(
    devices: Devices, office: AgencyService, tmp_path: Path
) -> None:
    anna, bert, office_desk = devices("Anna"), devices("Bert"), devices("Mia", "", Role.AGENCY)
    kept = measure(anna, "Von früher")
    anna.sync()
    backup = Backup(office, tmp_path)
    measures.edit(anna.store, kept, {"title": "Nach der Sicherung"})
    new = measure(anna, "Neu nach der Sicherung")
    measures.add_part(anna.store, new, "milestone", {"title": "Spatenstich"})
    anna.sync()
    bert.sync()
    expected = bert.states()
    backup.restore()
    # Anna's laptop is gone; Bert comes back.
    report = bert.sync()
    assert report.healed == 3
    assert bert.states() == expected
    assert "agency.healed" in codes(bert)
    office_desk.sync()
    assert office_desk.states() == expected
    assert sums(office_desk) == agency_sums(office, office_desk)
    measures.edit(bert.store, kept, {"title": "Weiter geht es"})
    bert.sync()
    office_desk.sync()
    state = office_desk.state("measure", kept)
    assert state is not None
    assert not state.register(1).is_open, "the context speaks of changes known by hearsay, and is believed"
    anna.sync()
    bert.sync()
    assert anna.states() == bert.states(), "and Anna's own changes are still hers"


def test_a_copy_that_has_moved_on_meanwhile_leaves_the_device_that_missed_it(
    devices: Devices, office: AgencyService, tmp_path: Path
) -> None:
    anna, bert, carl = devices("Anna"), devices("Bert"), devices("Carl", ARNSBERG)
    backup = Backup(office, tmp_path)
    made = measure(anna)
    anna.sync()
    bert.sync()
    measures.edit(anna.store, made, {"lead_ags": ARNSBERG})
    anna.sync()
    carl.sync()
    backup.restore()
    assert carl.sync().healed == 1
    report = bert.sync()
    assert bert.states() == {}
    assert report.swept == 1
    assert carl.title(made) == "Radweg"
    assert carl.sync().differed == 0


def test_what_a_restored_feed_calls_gone_is_not_dropped_before_it_was_offered(
    devices: Devices, office: AgencyService, tmp_path: Path
) -> None:
    anna, bert = devices("Anna"), devices("Bert", ARNSBERG)
    made = measure(anna)
    anna.sync()
    measures.edit(anna.store, made, {"lead_ags": ARNSBERG})
    anna.sync()
    backup = Backup(office, tmp_path)
    bert.sync()
    measures.edit(bert.store, made, {"lead_ags": BERLEBURG})
    bert.sync()
    anna.sync()
    assert anna.title(made) == "Radweg"
    backup.restore()
    # Bert is gone. For the agency the measure is Arnsberg's again, so Anna may not decide that it is not.
    report = anna.sync()
    assert (report.aside, report.swept) == (1, 1)
    with office.database.read() as connection:
        told = connection.execute(select(heal)).one()
    assert (told.entity_id, told.outcome) == (made, "kept")
    assert orjson.loads(told.body)["reason"] == "not_allowed"
    assert anna.states() == {}


def test_own_unsent_work_on_what_is_swept_stays_until_it_is_dealt_with(
    devices: Devices, office: AgencyService, tmp_path: Path
) -> None:
    anna, bert, carl = devices("Anna"), devices("Bert"), devices("Carl", ARNSBERG)
    backup = Backup(office, tmp_path)
    made = measure(anna)
    anna.sync()
    bert.sync()
    measures.edit(anna.store, made, {"lead_ags": ARNSBERG})
    anna.sync()
    carl.sync()
    backup.restore()
    carl.sync()
    measures.edit(bert.store, made, {"title": "Noch schnell"})
    report = bert.sync()
    assert report.quarantined == 1, "it is Arnsberg's now"
    assert bert.change_states() == ["quarantined"]
    assert bert.title(made) == "Noch schnell"


def test_nobody_heals_an_agency_that_was_not_restored(devices: Devices, office: AgencyService) -> None:
    anna = devices()
    made = measure(anna)
    anna.sync()
    _invent(anna, made)
    tomorrow(anna)
    report = anna.sync()
    assert (report.differed, report.healed, report.aside) == (1, 0, 1)
    with office.database.read() as connection:
        assert orjson.loads(connection.execute(select(heal.c.body)).scalar_one())["reason"] == "no_epoch"
    tomorrow(anna)
    assert anna.sync().differed == 0


def test_own_words_stay_on_top_of_whatever_an_audit_changes_below(devices: Devices) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    made = measure(anna)
    anna.sync()
    bert.sync()
    bert.between.before = _away
    measures.edit(bert.store, made, {"goals": "Von Bert"})
    with pytest.raises(AgencyUnreachable):
        bert.sync()
    bert.calm()
    with writing(bert.store.engine) as connection:
        row = orjson.loads(connection.execute(select(entity.c.base).where(entity.c.id == made)).scalar_one())
        row[-1]["v"] = [*row[-1]["b"][:2], 2**63 - 1, 4]
        connection.execute(update(entity).where(entity.c.id == made).values(base=orjson.dumps(row)))
    tomorrow(bert)
    report = bert.sync()
    assert report.confirmed == 1
    anna.sync()
    assert anna.states() == bert.states()


def _away(_: object) -> None:
    raise AgencyUnreachable(reason="away")


def test_a_wrong_epoch_or_a_foreign_scope_is_answered_with_nothing(devices: Devices) -> None:
    anna = devices()
    measure(anna)
    anna.sync()
    epoch = anna.setting("epoch")
    mine = f"municipality:{BERLEBURG}"
    ask = anna.between.digest
    assert not ask(DigestRequest(epoch=epoch, scope=mine, ranges=[["", ""]])).stale
    assert ask(DigestRequest(epoch="alt", scope=mine, ranges=[["", ""]])).stale
    assert ask(DigestRequest(epoch=epoch, scope=f"municipality:{ARNSBERG}", ranges=[["", ""]])).stale
    assert anna.between.heal(HealRequest(epoch="alt", scope=mine, pages=[])).stale


def test_an_audit_that_is_cut_off_goes_on_at_the_next_exchange(
    devices: Devices, office: AgencyService, tmp_path: Path
) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    backup = Backup(office, tmp_path)
    made = measure(anna)
    anna.sync()
    bert.sync()
    backup.restore()
    measures.edit(bert.store, made, {"title": "Danach"})
    cut = bert.between.agency

    class Cut:
        def __getattr__(self, name: str) -> object:
            if name == "heal":
                raise AgencyUnreachable(reason="cut")
            return getattr(cut, name)

    bert.between.agency = Cut()  # type: ignore[assignment]
    with pytest.raises(AgencyUnreachable):
        bert.sync()
    assert bert.change_states() == ["pending"], "nothing is sent before the agency has been compared with"
    bert.between.agency = cut
    report = bert.sync()
    assert (report.healed, report.confirmed) == (1, 1)
    with reading(bert.store.engine) as connection:
        assert connection.execute(select(cursor.c.verified, cursor.c.seq)).all() != []


def test_who_is_invited_again_by_a_restored_agency_notices_that_it_was(
    devices: Devices, office: AgencyService, tmp_path: Path
) -> None:
    backup = Backup(office, tmp_path)
    bert = devices("Bert")
    made = measure(bert)
    bert.sync()
    backup.restore()  # it has forgotten the device, too
    with pytest.raises(TokenRevoked):
        bert.sync()
    code = office.invite(Role.COORDINATOR, ags=BERLEBURG)
    token = join(bert.store, office.as_device(""), "http://127.0.0.1:1", code).token
    bert.between.agency = office.as_device(token)
    report = bert.sync()
    assert (report.resent, report.healed, report.forked) == (1, 1, [])
    assert bert.title(made) == "Radweg"


def test_a_receipt_number_given_once_more_is_told_anew(devices: Devices, office: AgencyService, tmp_path: Path) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    backup = Backup(office, tmp_path)
    measure(anna)
    anna.sync()
    backup.restore()
    measure(bert)
    bert.sync()
    measure(anna)
    anna.sync()
    with reading(anna.store.engine) as connection:
        assert None not in connection.execute(select(change.c.receipt)).scalars().all()
    assert anna.sync().receipts == []


def test_an_answer_to_an_earlier_question_is_refused(devices: Devices) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    made = measure(anna)
    anna.sync()
    bert.sync()
    old = bert.between.replies[-1]
    measures.edit(anna.store, made, {"title": "Neu"})
    anna.sync()
    bert.sync()
    bert.between.after = lambda _, __: old
    with pytest.raises(AgencyGarbled):
        bert.sync()
    assert bert.title(made) == "Neu"
    assert bert.between.audits == []
