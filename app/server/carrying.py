"""Passes for the hall, others' signed words, and letters that one device brings for another (docs/adr/0021)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
import tempfile
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, select

from app.errors import AgencyGarbled, AgencyRefused, ReplicaFork, TokenRevoked, UnreadableFile
from app.server import auth, courier_keys, instant
from app.server.admission import check_protocol, patience
from app.server.announcing import hear
from app.server.courier import Answered, Answering, take_file
from app.server.tables import agency as agencies
from app.server.tables import courier_key
from app.server.tables import device as devices
from app.sync.carry_wire import CarryReply, CarryRequest
from app.sync.signed import Pass, Receipt, Signed, sign

_log = logging.getLogger(__name__)
PASS_DAYS = 30
MOST_SIGNED_OFF = 300
"""So many are named in a pass, the latest; a statement may be 60,000 characters long."""


def passport(service: Answering, token: str) -> Signed:
    """The agency's signed word who this device is and what it may do.

    Raises:
        TokenRevoked: unknown or signed off.
        AgencyRefused: code "courier_no_keys", the device has not told its keys yet.
    """
    with patience(), service.database.write() as connection:
        device = auth.identify(connection, token)
        signing = connection.execute(
            select(courier_key.c.signing).where(courier_key.c.device_id == device.id)
        ).scalar_one_or_none()
        if signing is None:
            raise AgencyRefused("courier_no_keys")
        now, shape = service.now(), device.shape
        told = Pass(
            agency=connection.execute(select(agencies.c.id)).scalar_one(),
            device=device.id,
            signing=bytes(signing).hex(),
            person=device.person,
            name=device.name,
            role=shape.role,
            ags=shape.ags,
            workshops=shape.workshops,
            issued_at=instant.told(now),
            until=instant.told(now + timedelta(days=PASS_DAYS)),
            signed_off=_signed_off(connection, instant.told(now - timedelta(days=PASS_DAYS))),
        )
        return sign(courier_keys.own(connection), told)


def _signed_off(connection: Connection, since: str) -> list[str]:
    """Signing keys of devices that were signed off since then: a pass from before may still be shown in a hall."""
    query = select(courier_key.c.signing).join(devices).where(devices.c.revoked_at > since)
    latest = query.order_by(devices.c.revoked_at.desc(), devices.c.id.desc()).limit(MOST_SIGNED_OFF)
    return [bytes(signing).hex() for signing in connection.execute(latest).scalars()]


def carry(service: Answering, token: str, request: CarryRequest) -> CarryReply:
    """Hear the words, then take the letter as if its author had sent it.

    The carrier is told how many changes there were, and nothing of what they say.

    Raises:
        TokenRevoked: the carrier is unknown or signed off.
    """
    check_protocol(request.protocol)
    with patience(), service.database.write() as connection:
        carrier = auth.identify(connection, token)
        hear(connection, request.words)
    if not request.letter:
        return CarryReply()
    reply = _deliver(service, request.letter)
    _log.info("device %d: carried a letter, %s", carrier.id, reply.outcome)
    return reply


def _deliver(service: Answering, letter: str) -> CarryReply:
    try:
        sealed = base64.b64decode(letter, validate=True)
    except (ValueError, binascii.Error) as error:
        raise AgencyGarbled(reason="shape", at="letter") from error
    with tempfile.TemporaryDirectory(prefix="masswerk-") as folder:
        path = Path(folder) / "letter"
        path.write_bytes(sealed)
        try:
            told = take_file(service, path)
        except (UnreadableFile, TokenRevoked, ReplicaFork) as error:
            return CarryReply(outcome="refused", reason=error.code)
    return CarryReply(
        outcome="reset" if told.reset or told.missing else "taken",
        changes=told.changes,
        taken=told.taken,
        aside=told.aside,
        accepted=told.accepted,
        receipt=None if told.reset else _receipt(service, sealed, told),
    )


def _receipt(service: Answering, sealed: bytes, told: Answered) -> Signed:
    with service.database.read() as connection:
        secret, agency = courier_keys.find(connection), connection.execute(select(agencies)).one()
        key = select(courier_key.c.signing).where(courier_key.c.device_id == told.device)
        signing = bytes(connection.execute(key).scalar_one())
    assert secret is not None  # the letter was sealed for it
    said = Receipt(
        agency=agency.id,
        epoch=agency.epoch,
        signing=signing.hex(),
        sha=hashlib.sha256(sealed).hexdigest(),
        accepted=told.accepted,
        aside=told.aside,
        at=instant.told(service.now()),
    )
    return sign(secret, said)
