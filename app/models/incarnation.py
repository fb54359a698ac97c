"""Telling a restored or copied profile from the one that was closed here: each gets numbers of its own.

Numbers name changes for ever. A database that goes back in time would give the same number to another
change, and the agency and the text CRDT would take the two for one (docs/adr/0003).
"""

from __future__ import annotations

import hashlib
import logging
import sys
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from sqlalchemy import Connection

from app.config import Profile
from app.domain.ids import new_replica_id
from app.models import epochs, settings
from app.models.durable import write_whole

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Witness:
    """What a file outside the database remembers: who wrote last, how far, and on which computer."""

    replica: int
    n: int
    machine: str


def begin(connection: Connection) -> int:
    """Starts a new replica id; the old ones stay this profile's own.

    What was written under those may have been sent by a later state of this profile, or by its twin.
    """
    fresh = new_replica_id()
    epochs.may_be_known(connection)
    replicas = [*settings.identity(connection).replicas, fresh]
    settings.put(connection, replicas=orjson.dumps(replicas).decode(), n=0)
    return fresh


def is_new(connection: Connection, told: Witness | None) -> bool:
    """Whether this database has been put here from elsewhere, or from earlier."""
    if told is None:
        return False
    now = settings.identity(connection)
    moved = bool(told.machine and machine()) and told.machine != machine()
    if told.replica == now.replica:
        return moved or told.n > now.n
    return moved or told.replica not in now.replicas


def read(profile: Profile) -> Witness | None:
    """What the last run left, if it can be read."""
    try:
        told = orjson.loads(profile.witness.read_bytes())
        return Witness(int(told["replica"]), int(told["n"]), str(told["machine"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(profile: Profile, connection: Connection) -> None:
    """Leaves word for the next run; without room for it, a copy is only recognised by the agency."""
    now = settings.identity(connection)
    witness = Witness(now.replica, now.n, machine())
    if read(profile) == witness:
        return
    try:
        write_whole(profile.witness, orjson.dumps(asdict(witness)))
    except OSError as error:
        _LOG.warning("witness not written: %s", error.strerror)


def machine() -> str:
    """A name for this computer that says nothing about it; empty where it has none that stays."""
    name = _machine_name()
    return hashlib.sha256(f"masswerk {name}".encode()).hexdigest()[:16] if name else ""


def _machine_name() -> str:
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as place:
                return str(winreg.QueryValueEx(place, "MachineGuid")[0])
        except OSError:
            return ""
    for file in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            return Path(file).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            continue
    node = uuid.getnode()
    return "" if node >> 40 & 1 else f"{node:x}"  # the bit marks a number made up for this run
