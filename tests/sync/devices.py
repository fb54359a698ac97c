"""Devices with real stores, and what can stand between them and the agency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from app.domain.catalogue import Role
from app.domain.ids import EntityId, new_replica_id
from app.domain.merge import EntityState
from app.models import rows, settings, tables
from app.models.engine import open_engine, reading, writing
from app.models.store import Store
from app.models.tables import change, entity
from app.server.service import AgencyService
from app.services.workspace import Workspace
from app.sync.agency import Agency, Carrying
from app.sync.audit_wire import DigestReply, DigestRequest, HealReply, HealRequest, RecordsReply, RecordsRequest
from app.sync.carry_wire import CarryReply, CarryRequest
from app.sync.engine import Engine
from app.sync.membership import join
from app.sync.report import Report
from app.sync.signed import Signed
from app.sync.wire import About, EnrolReply, EnrolRequest, HistoryReply, SyncReply, SyncRequest

KEY = bytes(range(32))
BERLEBURG, ARNSBERG, SIEGEN = "05970004", "05958004", "05970040"


@dataclass
class Between:
    """Everything goes through here: counted, kept, repeated, changed or lost, as a test asks.

    Attributes:
        before: sees the request before the agency does; may raise.
        after: sees the reply the agency gave; may return another one or raise (then it is lost).
    """

    agency: Agency
    requests: list[SyncRequest] = field(default_factory=list)
    replies: list[SyncReply] = field(default_factory=list)
    before: Callable[[SyncRequest], None] = lambda _: None
    after: Callable[[SyncRequest, SyncReply], SyncReply] = lambda _, reply: reply
    twice: bool = False
    audits: list[DigestRequest | RecordsRequest | HealRequest] = field(default_factory=list)

    def about(self) -> About:
        return self.agency.about()

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        return self.agency.enrol(request)

    def history(self, kind: str, entity: str) -> HistoryReply:
        return self.agency.history(kind, entity)

    def digest(self, request: DigestRequest) -> DigestReply:
        self.audits.append(request)
        return self.agency.digest(request)

    def records(self, request: RecordsRequest) -> RecordsReply:
        self.audits.append(request)
        return self.agency.records(request)

    def heal(self, request: HealRequest) -> HealReply:
        self.audits.append(request)
        return self.agency.heal(request)

    def passport(self) -> Signed:
        assert isinstance(self.agency, Carrying)
        return self.agency.passport()

    def carry(self, request: CarryRequest) -> CarryReply:
        assert isinstance(self.agency, Carrying)
        return self.agency.carry(request)

    def sync(self, request: SyncRequest) -> SyncReply:
        self.requests.append(request)
        self.before(request)
        if self.twice:
            self.agency.sync(request)
        reply = self.after(request, self.agency.sync(request))
        self.replies.append(reply)
        return reply


@dataclass
class Device:
    """One person's computer."""

    store: Store
    replica: int
    between: Between
    token: str = ""

    @property
    def workspace(self) -> Workspace:
        return Workspace.of(self.store)

    def sync(self, cancelled: Callable[[], bool] = lambda: False) -> Report:
        return Engine(self.store, self.between).sync(cancelled=cancelled)

    def calm(self) -> None:
        """Nothing stands in between any more."""
        self.between.before = lambda _: None
        self.between.after = lambda _, reply: reply
        self.between.twice = False

    def states(self) -> dict[tuple[str, EntityId], EntityState]:
        """Every record on this device."""
        with reading(self.store.engine) as connection:
            keys = connection.execute(select(entity.c.kind, entity.c.id)).all()
            found = {(k, i): rows.load(connection, k, i) for k, i in keys}
        return {key: loaded[1] for key, loaded in found.items() if loaded is not None}

    def state(self, kind: str, entity_id: EntityId) -> EntityState | None:
        return self.states().get((kind, entity_id))

    def change_states(self) -> list[str]:
        with reading(self.store.engine) as connection:
            return list(connection.execute(select(change.c.state).order_by(change.c.seq)).scalars())

    def title(self, measure: EntityId) -> object:
        state = self.state("measure", measure)
        return state.register(1).value if state else None

    def setting(self, name: str) -> str:
        with reading(self.store.engine) as connection:
            return settings.get(connection, name)


def open_device(folder: Path, name: str, ags: str, replica: int = 0) -> Store:
    """A new profile without an agency."""
    engine = open_engine(folder / f"{name}.db", KEY)
    with writing(engine) as connection:
        tables.metadata.create_all(connection)
        connection.exec_driver_sql(tables.SEARCH_SQL)
        settings.put(
            connection,
            replicas=f"[{replica or new_replica_id()}]",
            n=0,
            hlc=0,
            person=name,
            device="Laptop",
            ags=ags,
        )
    return Store(engine)


def joined(service: AgencyService, folder: Path, name: str, ags: str, role: Role = Role.COORDINATOR) -> Device:
    """A new profile that has come in by invitation."""
    store = open_device(folder, name, ags)
    with reading(store.engine) as connection:
        replica = settings.identity(connection).replica
    code = service.invite(role, ags=ags)
    reply = join(store, service.as_device(""), "http://127.0.0.1:1", code)
    return Device(store, replica, Between(service.as_device(reply.token)), reply.token)


def spoilt(reply: SyncReply, entity_id: EntityId) -> SyncReply:
    """The same reply with one record's row garbled."""
    pages = [
        p.model_copy(update={"rows": [[*r[:-1], {"b": "?"}] if r[0] == entity_id else r for r in p.rows]})
        for p in reply.pages
    ]
    return reply.model_copy(update={"pages": pages})
