"""What every request must fulfil before anything is done for it, and what it is told when the database is away."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import OperationalError

from app.errors import AgencyBusy, AgencyGarbled, ProtocolTooOld, ReplicaFork
from app.server import auth
from app.server.tables import replica as replicas
from app.sync.wire import PROTOCOL

_log = logging.getLogger(__name__)
_COME_BACK_S = 5.0


def check_protocol(spoken: str) -> None:
    """This agency speaks 1.x.

    Raises:
        ProtocolTooOld: the device speaks an older one.
        AgencyGarbled: a newer one, or no version at all.
    """
    major = spoken.partition(".")[0]
    if not (major.isascii() and major.isdigit()):
        raise AgencyGarbled(reason="protocol")
    needed = int(PROTOCOL.partition(".")[0])
    if int(major) < needed:
        raise ProtocolTooOld(spoken=spoken, needed=PROTOCOL)
    if int(major) > needed:
        raise AgencyGarbled(reason="protocol")


def check_replica(connection: Connection, device: auth.Device, number: int) -> None:
    """The installation's present identity must be its own; earlier ones are only asked about."""
    owner = connection.execute(_OWNER, {"of": number}).scalar_one_or_none()
    if owner not in (None, device.id):
        raise ReplicaFork(replica=str(number), n=0)


_OWNER = select(replicas.c.device_id).where(replicas.c.replica == bindparam("of"))


@contextmanager
def patience() -> Iterator[None]:
    """A database that is locked, full or away is a reason to come back, not an answer."""
    try:
        yield
    except OperationalError as error:
        _log.error("database: %s", type(error.orig).__name__)
        raise AgencyBusy(_COME_BACK_S) from error
