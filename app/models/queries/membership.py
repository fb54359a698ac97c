"""Which agency this profile belongs to, and the way there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from app.domain.catalogue import Role
from app.models import settings, way
from app.models.queries.reader import Reader
from app.models.tables import author, entity


@dataclass(frozen=True, slots=True)
class Device:
    """Another device of the same person; `heard_at` is its latest change known here, milliseconds UTC, 0 for none."""

    name: str
    heard_at: int


def address(reader: Reader) -> str:
    """Where the agency is reached, "" before joining."""
    with reader.snapshot() as connection:
        return settings.membership(connection).url


def role(reader: Reader) -> str:
    """What this device may do there: a code of `Role`; alone, everything."""
    with reader.snapshot() as connection:
        return str(settings.grant(connection).role)


def is_agency(reader: Reader) -> bool:
    """Whether this is one of the agency's own devices; whoever works alone is not."""
    with reader.snapshot() as connection:
        joined = settings.membership(connection).joined
        return joined and settings.grant(connection).role is Role.AGENCY


def way_out(reader: Reader) -> way.Way:
    """The proxy this device goes through, with its secret: for whoever changes it."""
    with reader.snapshot() as connection:
        return way.way(connection)


def devices(reader: Reader) -> list[Device]:
    """The other devices under this person's name and municipality, as far as their changes have come here."""
    with reader.snapshot() as connection:
        me, own = settings.person(connection), settings.identity(connection).replicas
        query = (
            select(author.c.device, func.max(entity.c.changed_at))
            .outerjoin_from(author, entity, entity.c.changed_by == author.c.replica)
            .where(author.c.person == me.name, author.c.ags == me.ags, author.c.replica.not_in(own))
            .where(author.c.device != me.device)
            .group_by(author.c.device)
            .order_by(author.c.device)
        )
        return [Device(str(name), int(at or 0)) for name, at in connection.execute(query)]
