"""Writing a courier file: everything without a receipt, as the very requests the network would carry."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.config import VERSION
from app.errors import NotAllowed
from app.models import courier, journal, outbox, rereading
from app.models.store import Store
from app.sync.courier.letter import LetterCover, pack
from app.sync.courier.sealed import Direction, seal, write_sealed
from app.sync.courier_keys import PublicKeys, Secret
from app.sync.exchange import Exchange
from app.sync.wire import MAX_CHANGES

ENDING = ".mwkurier"


@dataclass(frozen=True, slots=True)
class Written:
    """A file that lies on the disk, whole; written is not transferred: its changes still wait."""

    file: str
    path: Path
    changes: int
    size: int


def write_file(store: Store, target: Path) -> Written:
    """Writes a new courier file: `target`, or a new name of its own in the folder `target`.

    Every file holds all changes without a receipt, not only those since the last file: hence a lost file
    is made good by any later one, and nothing here waits for an answer.

    Raises:
        NotAllowed: code "courier_alone" or "courier_no_keys".
        UnreadableFile, DiskFull: as `write_sealed`; nothing was written.
    """
    _read_again(store)
    standing = outbox.standing(store)
    secret, agency = own_keys(standing)
    run = Exchange(store)
    run.begin()
    file = secrets.token_hex(8)
    path = target / _new_name(store, file) if target.is_dir() else target
    size = write_sealed(path, Direction.TO_AGENCY, secret, agency, _frames(run, file))
    courier.keep_written(store, file, path.name, run.waiting)
    journal.note(store, "courier.written", {"changes": run.waiting})
    return Written(file, path, run.waiting, size)


def seal_letter(store: Store) -> tuple[bytes, int]:
    """The same as a courier file, for others to carry: the sealed bytes, and how many changes are in it.

    Raises:
        NotAllowed: as `write_file`.
    """
    secret, agency = own_keys(outbox.standing(store))
    run = Exchange(store)
    run.begin()
    made = io.BytesIO()
    seal(made, Direction.TO_AGENCY, secret, agency, _frames(run, secrets.token_hex(8)))
    return made.getvalue(), run.waiting


def own_keys(standing: outbox.Standing) -> tuple[Secret, PublicKeys]:
    """This profile's secret and the agency's public keys.

    Raises:
        NotAllowed: the profile belongs to no agency, or the two have never told each other their keys.
    """
    if not standing.membership.joined:
        raise NotAllowed("courier", "courier_alone")
    if not (standing.courier.agency and standing.courier.secret):
        raise NotAllowed("courier", "courier_no_keys")
    return Secret(bytes.fromhex(standing.courier.secret)), PublicKeys.of(standing.courier.agency)


def _read_again(store: Store) -> None:
    """What could not be read before is asked for again, unless an exchange is under way just now."""
    if store.exchanging.acquire(blocking=False):
        try:
            rereading.rewind(store, VERSION)
        finally:
            store.exchanging.release()


def _new_name(store: Store, file: str) -> str:
    now = datetime.fromtimestamp(store.clock() / 1000, UTC).astimezone()
    return f"Kurier-{now:%Y-%m-%d-%H%M}-{file[:4]}{ENDING}"


def _frames(run: Exchange, file: str) -> Iterator[bytes]:
    """The cover and as many requests as what waited at the beginning takes; work goes on meanwhile."""
    yield pack(LetterCover(file=file, changes=run.waiting))
    left = run.waiting
    while True:
        run.batch = min(MAX_CHANGES, left)
        asked = run.ask()
        # Whole texts: the hint of today need not hold when the answer is read.
        yield pack(asked.request.model_copy(update={"texts": {}, "courier": ""}))
        left -= len(asked.request.changes)
        run.after = asked.last
        if not left or not asked.request.changes:
            return
