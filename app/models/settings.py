"""Small facts of one profile: who, which device, which agency, how far the numbering is."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.access import Grant
from app.domain.catalogue import Role
from app.models.tables import setting


def get(connection: Connection, name: str, default: str = "") -> str:
    found = connection.execute(select(setting.c.value).where(setting.c.name == name)).scalar_one_or_none()
    return default if found is None else str(found)


def put(connection: Connection, **values: str | int) -> None:
    for name, value in values.items():
        statement = insert(setting).values(name=name, value=str(value))
        connection.execute(
            statement.on_conflict_do_update(index_elements=["name"], set_={"value": statement.excluded.value})
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """Who writes here.

    Attributes:
        replica: this incarnation's id; `replicas` are all ever used, oldest first.
        n: number of the last change made.
        hlc: last clock value given out.
    """

    replica: int
    replicas: tuple[int, ...]
    n: int
    hlc: int


def identity(connection: Connection) -> Identity:
    replicas = tuple(int(r) for r in orjson.loads(get(connection, "replicas", "[]")))
    return Identity(replicas[-1], replicas, int(get(connection, "n", "0")), int(get(connection, "hlc", "0")))


@dataclass(frozen=True, slots=True)
class Person:
    """Who works here, as the first start asked."""

    name: str
    device: str
    ags: str


@dataclass(frozen=True, slots=True)
class Membership:
    """The agency this profile belongs to; `token` is empty while working alone."""

    url: str
    agency: str
    name: str
    epoch: str
    token: str

    @property
    def joined(self) -> bool:
        return bool(self.token)


def person(connection: Connection) -> Person:
    return Person(get(connection, "person"), get(connection, "device"), get(connection, "ags"))


def membership(connection: Connection) -> Membership:
    return Membership(
        get(connection, "agency_url"),
        get(connection, "agency"),
        get(connection, "agency_name"),
        get(connection, "epoch"),
        get(connection, "token"),
    )


def grant(connection: Connection) -> Grant:
    """What this device may do; alone, everything: there is nobody else whose rights could be touched."""
    raw = get(connection, "grant")
    if not raw:
        return Grant(Role.AGENCY, get(connection, "ags"))
    told = orjson.loads(raw)
    return Grant(Role(told["role"]), told["ags"], frozenset(told["workshops"]))


def encode_grant(role: str, ags: str, workshops: list[str]) -> str:
    return orjson.dumps({"role": role, "ags": ags, "workshops": sorted(workshops)}).decode()
