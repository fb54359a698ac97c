"""What the operator does with a founded agency, beyond inviting: look, back up, release from quarantine."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import orjson
from sqlalchemy import Connection, func, insert, select, update

from app.domain.clock import clamp
from app.domain.encoding import decode_change
from app.errors import ContentError, FieldError, NotAllowed
from app.server import feed
from app.server.instant import told
from app.server.push import Arrival, by_record_of, merged_states, touched
from app.server.records import Records, WrongKind
from app.server.service import AgencyService
from app.server.tables import change_entity, device, quarantine, replica


def devices(service: AgencyService) -> list[str]:
    """One line per device: number, role, place, person, name, last visit, signed off or not."""
    replicas = select(func.count()).where(replica.c.device_id == device.c.id).scalar_subquery()
    with service.database.read() as connection:
        rows = connection.execute(select(device, replicas.label("replicas")).order_by(device.c.id)).all()
    return [
        "\t".join(
            (
                str(row.id),
                row.role,
                row.ags or ",".join(orjson.loads(row.workshops)) or "-",
                f"{row.person} ({row.name})",
                f"zuletzt {row.last_seen or 'nie'}",
                f"{row.replicas} Repliken",
                f"abgemeldet {row.revoked_at}" if row.revoked_at else "angemeldet",
            )
        )
        for row in rows
    ]


def backup(service: AgencyService, file: Path) -> int:
    """A consistent copy of an SQLite database while it is in use; its size in bytes.

    Raises:
        NotAllowed: the file exists, or the database is PostgreSQL's to back up.
    """
    if not service.database.is_sqlite:
        raise NotAllowed(
            "backup", "backup_postgres", database=service.database.url.render_as_string(hide_password=True)
        )
    if file.exists():
        raise NotAllowed("backup", "backup_exists")
    service.database.copy_to(file)
    return file.stat().st_size


def quarantined(service: AgencyService) -> list[str]:
    """One line per change that waits: replica:n, reason, size, when, from which device. No content."""
    with service.database.read() as connection:
        rows = connection.execute(
            select(
                quarantine.c.replica,
                quarantine.c.n,
                quarantine.c.reason,
                quarantine.c.received_at,
                quarantine.c.device_id,
                func.length(quarantine.c.body).label("size"),
            )
            .where(quarantine.c.released_at.is_(None))
            .order_by(quarantine.c.received_at, quarantine.c.replica, quarantine.c.n)
        ).all()
    return [f"{r.replica}:{r.n}\t{r.reason}\t{r.size} Bytes\t{r.received_at}\tGerät {r.device_id}" for r in rows]


def release(service: AgencyService, change: str) -> None:
    """Merge a quarantined change after all, named "replica:n"; the agency answers for who wrote it.

    Raises:
        NotAllowed: there is no such change, or it cannot be read at all.
    """
    number, _, n = change.partition(":")
    if not (number.isascii() and number.isdigit() and n.isascii() and n.isdigit()):
        raise NotAllowed("release", "no_quarantine")
    with service.database.write() as connection:
        _release(connection, int(number), int(n), service.now())


def _release(connection: Connection, number: int, n: int, at: datetime) -> None:
    this = (quarantine.c.replica == number, quarantine.c.n == n, quarantine.c.released_at.is_(None))
    row = connection.execute(select(quarantine).where(*this).with_for_update()).one_or_none()
    if row is None:
        raise NotAllowed("release", "no_quarantine")
    received = int(datetime.fromisoformat(row.received_at).timestamp() * 1000)
    records = Records(connection)
    try:
        change = decode_change(orjson.loads(row.body))
        change = replace(change, hlc=clamp(change.hlc, received))
        records.load(touched([Arrival(number, n, None, row.body, change=change)]))
        records.put(merged_states(records, change, by_record_of(change), {}).values())
    except (ContentError, FieldError, WrongKind) as error:
        raise NotAllowed("release", "unreadable") from error
    placed = feed.place(records)
    news = feed.steps(connection, records, placed)
    records.save(placed)
    connection.execute(
        insert(change_entity),
        [{"entity_id": entity_id, "replica": number, "n": n} for _, entity_id in change.entities],
    )
    connection.execute(update(quarantine).where(*this).values(released_at=told(at)))
    feed.publish(connection, news)
