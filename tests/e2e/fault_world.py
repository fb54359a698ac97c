"""An agency with two devices, one of them full of work, on which every fault is tried: copied, not made anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from app.config import Profile
from app.domain.catalogue import Role
from app.errors import AgencyError
from app.models.opening import create_profile, open_store
from app.models.outbox import next_batch, standing
from app.models.queries.identity import all_states, identity
from app.models.queries.reader import Reader
from app.models.store import Store
from app.server.config import Operation, ServeSettings
from app.server.database import Database
from app.server.service import AgencyService
from app.server.serving import serving
from app.server.tables import change_log
from app.services import measures, workshops
from app.sync.engine import Engine
from app.sync.http_agency import HttpAgency
from app.sync.membership import join
from tests.e2e.fault_proxy import NONE, Fault, FaultProxy, proxy_to

KEY = bytes(range(32))
TOWN = "05970004"
LONG_S, SHORT_S = 30.0, 1.0
"""How long an answer may take; short where none will come."""
MOST_EXCHANGES = 40

FAULTS = {
    "nothing": NONE,
    "slow answers": Fault(delay=0.1),
    "narrow line": Fault(rate=60_000),
    "cut in the request": Fault(up=5_000),
    "cut in the request's head": Fault(up=40),
    "request never leaves": Fault(up=0),
    "cut in the reply": Fault(down=700),
    "cut in the reply's head": Fault(down=30),
    "reply never comes": Fault(down=0),
    "reset in the request": Fault(up=5_000, reset=True),
    "reset in the reply": Fault(down=700, reset=True),
    "black hole before": Fault(silent="before"),
    "black hole after": Fault(silent="after"),
    "request twice": Fault(twice=True),
    "stale reply": Fault(stale=True),
    "bad gateway": Fault(status=502),
    "bad gateway afterwards": Fault(status=502, silent="after"),
    "busy": Fault(status=503),
    "too many requests": Fault(status=429),
    "too large": Fault(status=413),
}


@dataclass(frozen=True)
class World:
    """Folder with an agency that knows two devices: one with everything to send, one with nothing."""

    folder: Path
    changes: int

    @property
    def points(self) -> int:
        """Votes given, one by one."""
        return self.changes // 6


def build(folder: Path, changes: int) -> World:
    """Real profiles, joined; the sender has made so many changes, about, that no agency has seen."""
    world = World(folder, changes)
    (folder / "agency").mkdir(parents=True)
    service = AgencyService.found(Database(Operation(data=folder / "agency").database_url), "Testagentur")
    with serving(service, ServeSettings(port=0)) as at:
        for name in ("sender", "receiver"):
            store = create_profile(Profile.at(folder / name), KEY, name, "Laptop", TOWN)
            agency = HttpAgency(at)
            join(store, agency, at, service.invite(Role.COORDINATOR, TOWN, ()))
            agency.close()
            if name == "sender":
                _work(store, world)
            store.close()
    service.database.close()
    return world


def _work(store: Store, world: World) -> None:
    """Changes of every sort; points are counted one by one, which shows what came twice."""
    count = world.changes
    made = [measures.create(store, {"title": f"Maßnahme {n}", "lead_ags": TOWN}) for n in range(count // 2)]
    workshop = workshops.create(store, {"title": "Bürgerdialog", "ags": TOWN})
    ballot = workshops.add_part(store, workshop, "vote_round", {"title": "Punkte"})
    _, card = workshops.add_card(store, workshop, workshops.Card("idea", "Rufbus"))
    for _ in range(world.points):
        workshops.vote(store, workshop, ballot, card, 1)
    for number, measure in enumerate(made[: count // 3]):
        measures.edit(store, measure, {"tags": (f"Schlagwort {number}",), "goals": "Weniger Autos. " * 20})


@dataclass
class Place:
    """One running agency on a copy of the world, with the devices' stores."""

    world: World
    service: AgencyService
    scheme: str
    port: int
    sender: Store
    receiver: Store

    def exchange(self, store: Store, port: int, patience: float) -> AgencyError | None:
        """One exchange over this port; the error it ended with."""
        token = standing(store).membership.token
        agency = HttpAgency(f"{self.scheme}://127.0.0.1:{port}", token, connect=5.0, read=patience)
        try:
            Engine(store, agency).sync()
        except AgencyError as error:
            return error
        finally:
            agency.close()
        return None

    def until_quiet(self, store: Store, proxy: FaultProxy, patience: float = LONG_S) -> list[AgencyError]:
        """Exchanges until nothing waits and every fault has happened; the errors on the way."""
        errors: list[AgencyError] = []
        for _ in range(MOST_EXCHANGES):
            error = self.exchange(store, proxy.port, patience)
            if error is not None:
                errors.append(error)
            elif proxy.is_through and not pending(store):
                return errors
        raise AssertionError(f"no quiet: {pending(store)} wait, {[e.code for e in errors]}")

    def push_clean(self) -> int:
        """The sender sends everything over a line without faults; bytes upwards."""
        with proxy_to(self.port) as proxy:
            assert self.until_quiet(self.sender, proxy) == []
            return proxy.bytes_up

    def agree(self) -> None:
        """The agency's log, the sender and a receiver who fetches over a clean line hold the same, each once."""
        with self.service.database.read() as connection:
            count, last = connection.execute(select(func.count(), func.max(change_log.c.n))).one()
        with proxy_to(self.port) as clean:
            assert self.until_quiet(self.receiver, clean) == []
            assert self.until_quiet(self.sender, clean) == []
        sent, fetched = (all_states(Reader(store.engine)) for store in (self.sender, self.receiver))
        assert sent == fetched
        assert count == last == identity(Reader(self.sender.engine)).n
        assert max(c.value for state in fetched for c in state.counters.values()) == self.world.points


def pending(store: Store) -> int:
    """Changes that still wait."""
    return next_batch(store, 1, 1).waiting


def patience(fault: Fault) -> float:
    """How long to wait for an answer under this fault."""
    return SHORT_S if fault.silent and not fault.status else LONG_S


@contextmanager
def settled(world: World, folder: Path, settings: ServeSettings | None = None) -> Iterator[Place]:
    """A copy of the world at work while the block lasts."""
    shutil.copytree(world.folder, folder, dirs_exist_ok=True)
    service = AgencyService(Database(Operation(data=folder / "agency").database_url))
    stores = [open_store(Profile.at(folder / name), KEY) for name in ("sender", "receiver")]
    try:
        with serving(service, settings or ServeSettings(port=0)) as at:
            scheme, _, rest = at.partition("://")
            yield Place(world, service, scheme, int(rest.rpartition(":")[2]), *stores)
    finally:
        for store in stores:
            store.close()
        service.database.close()
