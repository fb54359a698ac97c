"""What the operator does with a founded agency, beyond inviting: look, back up, release from quarantine."""

from __future__ import annotations

from pathlib import Path

import orjson
from sqlalchemy import func, select

from app.errors import NotAllowed
from app.server import auth, handover
from app.server.database import Database
from app.server.hints import announce
from app.server.service import AgencyService
from app.server.tables import device, replica
from app.sync.office_wire import Verdict


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


def close_account(service: AgencyService, number: int) -> list[int]:
    """Signs off all devices of the account that this device came in with; their numbers.

    Raises:
        NotAllowed: there is no such device, it came in with a code, or all of them are signed off already.
    """
    with service.database.write() as connection:
        announce(connection)
        closed = auth.close_account(connection, service.now(), number)
    if not closed:
        raise NotAllowed("revoke", "account")
    return closed


def backup(database: Database, file: Path) -> int:
    """A consistent copy of an SQLite database while it is in use, whatever version made it; its size in bytes.

    Raises:
        NotAllowed: the file exists, or the database is PostgreSQL's to back up.
    """
    if not database.is_sqlite:
        raise NotAllowed("backup", "backup_postgres", database=database.url.render_as_string(hide_password=True))
    if file.exists():
        raise NotAllowed("backup", "backup_exists")
    database.copy_to(file)
    return file.stat().st_size


def quarantined(service: AgencyService) -> list[str]:
    """One line per change that waits: replica:n, reason, size, when, from which device. No content."""
    with service.database.read() as connection:
        rows = handover.undecided(connection)
    return [f"{r.replica}:{r.n}\t{r.reason}\t{len(r.body)} Bytes\t{r.received_at}\tGerät {r.device_id}" for r in rows]


def release(service: AgencyService, change: str) -> None:
    """Merge a quarantined change after all; as `decide`."""
    decide(service, change, "accepted")


def decide(service: AgencyService, change: str, verdict: Verdict, note: str = "") -> None:
    """Decide on a quarantined change, named "replica:n"; the agency answers for who wrote it.

    Raises:
        NotAllowed: there is no such change, nobody can read it, or it is sent back without a reason.
    """
    number, _, n = change.partition(":")
    if not (number.isascii() and number.isdigit() and n.isascii() and n.isdigit()):
        raise NotAllowed("release", "no_quarantine")
    with service.database.write() as connection:
        if not handover.decide(connection, int(number), int(n), verdict, note, service.now()):
            raise NotAllowed("release", "no_quarantine")
