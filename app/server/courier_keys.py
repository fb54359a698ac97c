"""The agency's own courier secret, and the public keys of its devices."""

from __future__ import annotations

import logging

from sqlalchemy import Connection, delete, insert, select

from app.errors import AgencyGarbled
from app.server.tables import courier_key, courier_secret
from app.sync.courier_keys import PublicKeys, Secret

_log = logging.getLogger(__name__)


def find(connection: Connection) -> Secret | None:
    """The agency's secret, if it has one yet."""
    found = connection.execute(select(courier_secret.c.raw)).scalar_one_or_none()
    return None if found is None else Secret(bytes(found))


def own(connection: Connection) -> Secret:
    """The agency's secret; made at the first use, hence in a writing transaction.

    It lies in the database: one backup keeps it, every worker has it, and whoever reads that database
    reads everything the secret could protect anyway.
    """
    found = find(connection)
    if found is not None:
        return found
    made = Secret.make()
    connection.execute(insert(courier_secret).values(one=1, raw=made.raw))
    return made


def register(connection: Connection, device_id: int, told: str) -> str:
    """Keeps a device's public keys; the agency's own as answer, "" if another device has these keys.

    Raises:
        AgencyGarbled: these are no keys.
    """
    if not told:
        return ""
    try:
        keys = PublicKeys.of(told)
    except ValueError as error:
        raise AgencyGarbled(reason="shape", at="courier") from error
    owner = connection.execute(
        select(courier_key.c.device_id).where(courier_key.c.signing == keys.signing)
    ).scalar_one_or_none()
    if owner not in (None, device_id):
        _log.warning("device %d: courier keys are those of device %d, not kept", device_id, owner)
        return ""
    connection.execute(delete(courier_key).where(courier_key.c.device_id == device_id))
    connection.execute(insert(courier_key).values(device_id=device_id, signing=keys.signing, sealing=keys.sealing))
    return own(connection).public.told()
