"""What only the agency's own devices may see and do: all devices, invitations, handovers; and what owners may."""

from __future__ import annotations

from datetime import datetime, timedelta

import orjson
from sqlalchemy import Connection, delete, select

from app.domain.catalogue import Role
from app.errors import AgencyRefused, NotAllowed
from app.server import auth, handover, instant, trends
from app.server.admission import check_protocol, patience
from app.server.database import Database
from app.server.hints import announce
from app.server.tables import device, invitation
from app.sync.office_wire import (
    DecideRequest,
    DeviceLine,
    DoneReply,
    HandoversReply,
    InvitationLine,
    InviteReply,
    InviteRequest,
    LeadRequest,
    OfficeReply,
    RevokeRequest,
)

_NAME = 16
"""Hexadecimal digits by which an invitation is named: of its hash, so they open nothing."""


class Oversight:
    """One agency as its own staff sees it; every method refuses any other device (code "agency_only")."""

    def __init__(self, database: Database, clock: instant.Clock) -> None:
        self._database = database
        self._clock = clock

    def overview(self, token: str) -> OfficeReply:
        """Everything at one moment."""
        with patience(), self._database.read() as connection:
            officer = _officer(connection, token)
            return OfficeReply(
                at=instant.told(self._clock()),
                devices=_devices(connection),
                invitations=self._invitations(connection),
                handovers=handover.lines(connection, officer.grant),
                weeks=trends.weeks(connection, self._clock()),
            )

    def invite(self, token: str, asked: InviteRequest) -> InviteReply:
        """A code that admits one device.

        Raises:
            AgencyRefused: "invite_invalid", a municipality or workshop that cannot be.
        """
        check_protocol(asked.protocol)
        with patience(), self._database.write() as connection:
            _officer(connection, token)
            try:
                code = auth.invite(
                    connection, self._clock(), Role(asked.role), asked.ags, asked.workshops, asked.days, asked.label
                )
            except NotAllowed as error:
                raise AgencyRefused("invite_invalid", what=error.code) from error
            return InviteReply(code=code)

    def revoke(self, token: str, asked: RevokeRequest) -> DoneReply:
        """Sign a device off, or withdraw a code that nobody has used."""
        check_protocol(asked.protocol)
        with patience(), self._database.write() as connection:
            _officer(connection, token)
            if asked.invitation:
                return DoneReply(done=_withdraw(connection, asked.invitation))
            announce(connection)
            return DoneReply(done=auth.revoke(connection, self._clock(), asked.device))

    def lead(self, token: str, asked: LeadRequest) -> DoneReply:
        """Say which workshops a device helps to lead.

        Raises:
            AgencyRefused: "invite_invalid", no such device, or what cannot be a workshop.
        """
        check_protocol(asked.protocol)
        with patience(), self._database.write() as connection:
            _officer(connection, token)
            announce(connection)
            change = auth.extend if asked.leads else auth.withdraw
            try:
                change(connection, asked.device, asked.workshops)
            except NotAllowed as error:
                raise AgencyRefused("invite_invalid", what=error.code) from error
            return DoneReply(done=True)

    def decide(self, token: str, asked: DecideRequest) -> DoneReply:
        """What becomes of a change that was handed over; raises as `decided`."""
        check_protocol(asked.protocol)
        with patience(), self._database.write() as connection:
            return decided(connection, asked, _officer(connection, token), self._clock())

    def _invitations(self, connection: Connection) -> list[InvitationLine]:
        now = instant.told(self._clock() - timedelta(days=1))
        open_ones = select(invitation).where(invitation.c.used_by.is_(None), invitation.c.expires_at > now)
        return [
            InvitationLine(id=row.code_hash.hex()[:_NAME], role=row.role, ags=row.ags, expires_at=row.expires_at)
            for row in connection.execute(open_ones.order_by(invitation.c.expires_at))
        ]


class Inheritance:
    """What devices decide of handovers on records that their municipality owns, each of its own."""

    def __init__(self, database: Database, clock: instant.Clock) -> None:
        self._database = database
        self._clock = clock

    def waiting(self, token: str) -> HandoversReply:
        """What waits for this device's municipality; for the agency everything, for others nothing."""
        with patience(), self._database.read() as connection:
            return HandoversReply(handovers=handover.lines(connection, auth.identify(connection, token).grant))

    def decide(self, token: str, asked: DecideRequest) -> DoneReply:
        """What becomes of one of them; what is not this device's to decide on is not there. Raises as `decided`."""
        check_protocol(asked.protocol)
        with patience(), self._database.write() as connection:
            return decided(connection, asked, auth.identify(connection, token), self._clock())


def decided(connection: Connection, asked: DecideRequest, by: auth.Device, at: datetime) -> DoneReply:
    """Carries out a decision.

    Raises:
        AgencyRefused: "handover_unreadable", it cannot be accepted; "handover_reason", sent back without one.
    """
    try:
        done = handover.decide(connection, asked.replica, asked.n, asked.verdict, asked.note, at, by)
    except NotAllowed as error:
        unreadable = error.code == "unreadable"
        raise AgencyRefused("handover_unreadable" if unreadable else "handover_reason") from error
    announce(connection)
    return DoneReply(done=done)


def _officer(connection: Connection, token: str) -> auth.Device:
    found = auth.identify(connection, token)
    if found.grant.role is not Role.AGENCY:
        raise AgencyRefused("agency_only")
    return found


def _devices(connection: Connection) -> list[DeviceLine]:
    return [
        DeviceLine(
            id=row.id,
            role=row.role,
            ags=row.ags,
            workshops=orjson.loads(row.workshops),
            person=row.person,
            name=row.name,
            created_at=row.created_at,
            last_seen=row.last_seen or "",
            app_version=row.app_version,
            waiting=row.waiting,
            revoked_at=row.revoked_at or "",
        )
        for row in connection.execute(select(device).order_by(device.c.id))
    ]


def _withdraw(connection: Connection, name: str) -> bool:
    unused = connection.execute(select(invitation.c.code_hash).where(invitation.c.used_by.is_(None))).scalars()
    named = [code for code in unused if code.hex()[:_NAME] == name]
    connection.execute(delete(invitation).where(invitation.c.code_hash.in_(named), invitation.c.used_by.is_(None)))
    return bool(named)
