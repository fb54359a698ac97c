"""Small facts of one profile: who, which device, which agency, how far the numbering is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, bindparam, select

from app.domain.access import Grant
from app.domain.catalogue import Role
from app.models.asking import Asking
from app.models.engine import raw
from app.models.tables import setting

_ONE = Asking(select(setting.c.value).where(setting.c.name == bindparam("asked")))
_ALL = Asking(select(setting.c.name, setting.c.value))
_PUT = "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


def get(connection: Connection, name: str, default: str = "") -> str:
    found = _ONE(connection, asked=name)
    return str(found[0][0]) if found else default


def every(connection: Connection) -> dict[str, str]:
    """All of them by name; a score of short lines, quicker read together than three one by one."""
    return {name: str(value) for name, value in _ALL(connection)}


def put(connection: Connection, **values: str | int) -> None:
    raw(connection).executemany(_PUT, [(name, str(value)) for name, value in values.items()])


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
    return identity_in(every(connection))


def identity_in(told: Mapping[str, str]) -> Identity:
    """The identity among settings read before."""
    replicas = tuple(int(r) for r in orjson.loads(told.get("replicas", "[]")))
    return Identity(replicas[-1], replicas, int(told.get("n", "0")), int(told.get("hlc", "0")))


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


@dataclass(frozen=True, slots=True)
class Courier:
    """Keys for courier files, hexadecimal.

    Attributes:
        secret: this profile's, "" before the first use; it belongs to the enrolment, like the token.
        agency: the agency's public keys as first told over TLS, "" while unknown.
        epoch: the agency's incarnation that has last confirmed to know our public keys.
    """

    secret: str
    agency: str
    epoch: str


def courier(connection: Connection) -> Courier:
    return courier_in(every(connection))


def courier_in(told: Mapping[str, str]) -> Courier:
    """The courier keys among settings read before."""
    return Courier(told.get("courier_secret", ""), told.get("courier_agency", ""), told.get("courier_epoch", ""))


def person(connection: Connection) -> Person:
    return person_in(every(connection))


def person_in(told: Mapping[str, str]) -> Person:
    """The person among settings read before."""
    return Person(*(told.get(name, "") for name in ("person", "device", "ags")))


def membership(connection: Connection) -> Membership:
    return membership_in(every(connection))


def membership_in(told: Mapping[str, str]) -> Membership:
    """The membership among settings read before."""
    return Membership(*(told.get(name, "") for name in ("agency_url", "agency", "agency_name", "epoch", "token")))


def grant(connection: Connection) -> Grant:
    """What this device may do; alone, everything: there is nobody else whose rights could be touched."""
    return grant_in({"grant": get(connection, "grant"), "ags": get(connection, "ags")})


def grant_in(told: Mapping[str, str]) -> Grant:
    """`grant`, among settings read before."""
    raw = told.get("grant")
    if not raw:
        return Grant(Role.AGENCY, told.get("ags", ""))
    given = orjson.loads(raw)
    return Grant(Role(given["role"]), given["ags"], frozenset(given["workshops"]))


def encode_grant(role: str, ags: str, workshops: list[str]) -> str:
    return orjson.dumps({"role": role, "ags": ags, "workshops": sorted(workshops)}).decode()
