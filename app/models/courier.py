"""Courier files as this profile knows them: its keys, and the kept list of what was written and answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update

from app.models import settings
from app.models.engine import reading, writing
from app.models.store import Store
from app.models.tables import courier_file


def secret(store: Store, fresh: bytes) -> bytes:
    """This profile's secret; `fresh` becomes it where there is none yet."""
    with reading(store.engine) as connection:
        found = settings.courier(connection).secret
    if found:
        return bytes.fromhex(found)
    with store.gate.edit(is_typed=False), writing(store.engine) as connection:
        kept = settings.courier(connection).secret or fresh.hex()
        settings.put(connection, courier_secret=kept)
    return bytes.fromhex(kept)


def pin(store: Store, told: str, epoch: str) -> None:
    """Keeps the agency's public keys as it first told them; later ones do not replace them.

    Only joining anew does: whoever could put other keys under a known agency could read files for it.
    """
    with store.gate.batch(), writing(store.engine) as connection:
        known = settings.courier(connection).agency
        settings.put(connection, courier_agency=known or told, courier_epoch=epoch)


def told_at(store: Store) -> str:
    """When the agency last spoke to this device, by its own clock; "" before."""
    with reading(store.engine) as connection:
        return settings.get(connection, "told_at")


def keep_written(store: Store, file: str, name: str, changes: int) -> None:
    """A file lies on the disk, whole: into the list."""
    with store.gate.batch(), writing(store.engine) as connection:
        values = {"id": file, "name": name, "written_at": store.clock(), "changes": changes}
        connection.execute(insert(courier_file).values(values))


def keep_answered(store: Store, file: str, at: str, complete: bool = False) -> None:
    """An answer to a file was read.

    Args:
        at: when the agency gave it, by its own clock.
        complete: all of it was taken: what is here is as of then, for the status line.
    """
    moment = datetime.fromisoformat(at)
    with store.gate.batch(), writing(store.engine) as connection:
        if at > settings.get(connection, "told_at"):
            settings.put(connection, told_at=at)
        if complete:
            known = int(settings.get(connection, "synced_at", "0"))
            settings.put(connection, synced_at=max(known, int(moment.timestamp() * 1000)))
        unanswered = (courier_file.c.id == file, courier_file.c.answered_at.is_(None))
        connection.execute(update(courier_file).where(*unanswered).values(answered_at=store.clock()))


def is_answered(store: Store, file: str) -> bool:
    """Whether an answer to this file was read before."""
    with reading(store.engine) as connection:
        known = select(courier_file.c.answered_at).where(courier_file.c.id == file)
        return connection.execute(known).scalar_one_or_none() is not None
