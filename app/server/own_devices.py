"""What a person may see and do with their own devices: see them all, sign off another one of them.

Whose a device is follows from what the agency admitted it as: the person named at enrolment, in the same role for the
same town, and with the same account where one was shown. Who belongs to no town (facilitators, the consortium, the
agency) is the same person only where the same workshops were given too: a name alone is shared by too many in a region.
"""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import Connection, Row, select

from app.errors import AgencyRefused
from app.server import auth, instant
from app.server.admission import check_protocol, patience
from app.server.database import Database
from app.server.hints import announce
from app.server.tables import device
from app.sync.office_wire import DoneReply
from app.sync.own_devices_wire import OwnDevice, OwnDevicesReply, SignOffRequest

_log = logging.getLogger(__name__)


class OwnDevices:
    """One agency as it tells a person of their devices."""

    def __init__(self, database: Database, clock: instant.Clock) -> None:
        self._database = database
        self._clock = clock

    def tell(self, token: str) -> OwnDevicesReply:
        """All devices of the person who shows this token, in the order in which they came in.

        Raises:
            TokenRevoked
        """
        with patience(), self._database.read() as connection:
            me = auth.identify(connection, token)
            found = [_told(row) for row in _own(connection, me.id)]
            return OwnDevicesReply(at=instant.told(self._clock()), this=me.id, devices=found)

    def sign_off(self, token: str, asked: SignOffRequest) -> DoneReply:
        """One of them comes in no more; whether it did until now.

        Raises:
            TokenRevoked
            AgencyRefused: "not_own_device".
        """
        check_protocol(asked.protocol)
        with patience(), self._database.write() as connection:
            me = auth.identify(connection, token)
            if asked.device == me.id or asked.device not in {row.id for row in _own(connection, me.id)}:
                raise AgencyRefused("not_own_device")
            announce(connection)
            done = auth.revoke(connection, self._clock(), asked.device)
        _log.info("device %d signed off by device %d of the same person", asked.device, me.id)
        return DoneReply(done=done)


def _own(connection: Connection, number: int) -> list[Row[Any]]:
    this = connection.execute(select(device).where(device.c.id == number)).one()
    same = select(device).where(device.c.person == this.person, device.c.role == this.role, device.c.ags == this.ags)
    same = same.where(device.c.subject.is_not_distinct_from(this.subject))
    if not this.ags:
        same = same.where(device.c.workshops == this.workshops)
    return list(connection.execute(same.order_by(device.c.id)).all())


def _told(row: Row[Any]) -> OwnDevice:
    return OwnDevice(
        id=row.id,
        name=row.name,
        created_at=row.created_at,
        last_seen=row.last_seen or "",
        app_version=row.app_version,
        waiting=row.waiting,
        revoked_at=row.revoked_at or "",
    )
