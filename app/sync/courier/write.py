"""Writing a courier file: everything without a receipt, as the very requests the network would carry."""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from app.config import VERSION
from app.errors import NotAllowed
from app.models import courier, journal, letters, outbox, rereading
from app.models.store import Store
from app.sync.courier.letter import LetterCover, pack
from app.sync.courier.sealed import MAX_FRAME, Direction, seal, write_sealed
from app.sync.courier_keys import PublicKeys, Secret
from app.sync.exchange import Exchange
from app.sync.signed import MAX_WORDS, Signed
from app.sync.wire import MAX_CHANGES

ENDING = ".mwkurier"
_AROUND = 16 * 1024
"""More than what cover, seal and signature add to a letter's requests."""


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


@dataclass(frozen=True, slots=True)
class SealedLetter:
    """A courier file for others to carry.

    Attributes:
        changes: how many are in it; `first` is the number of the first of each replica, `last` the log number of
            the last of them.
    """

    sealed: bytes
    changes: int
    first: dict[int, int]
    last: int

    @property
    def sha(self) -> str:
        """SHA-256, hexadecimal."""
        return hashlib.sha256(self.sealed).hexdigest()


def seal_letters(store: Store, most: int, after: int = 0) -> list[SealedLetter]:
    """Everything without a receipt after log number `after`, in as many letters of `most` bytes as it takes.

    Each stands for itself; they are meant to be handed in in this order. A single change that is larger makes
    a larger letter.

    Raises:
        NotAllowed: as `write_file`.
    """
    secret, agency = own_keys(outbox.standing(store))
    run = Exchange(store)
    run.begin()
    run.after = after
    words = _words(store)
    made: list[SealedLetter] = []
    held: list[_Frame] = []

    def close() -> None:
        changes, first = sum(f.changes for f in held), dict[int, int]()
        for frame in held:
            first = frame.first | first
        cover = pack(LetterCover(file=secrets.token_hex(8), changes=changes, words=words))
        file = io.BytesIO()
        seal(file, Direction.TO_AGENCY, secret, agency, [cover, *(f.packed for f in held)])
        made.append(SealedLetter(file.getvalue(), changes, first, held[-1].last))

    room = max(0, most - _AROUND - len(pack(LetterCover(file="0" * 16, changes=0, words=words))))
    for frame in _requests(run, outbox.count_waiting(store, after), room):
        if held and sum(len(f.packed) for f in held) + len(frame.packed) > room:
            close()
            held.clear()
        held.append(frame)
    close()
    return made


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


@dataclass(frozen=True, slots=True)
class _Frame:
    """One request, packed; what of `SealedLetter` it makes up."""

    packed: bytes
    changes: int
    first: dict[int, int]
    last: int


def _frames(run: Exchange, file: str) -> Iterator[bytes]:
    """The cover and as many requests as what waited at the beginning takes; work goes on meanwhile."""
    yield pack(LetterCover(file=file, changes=run.waiting, words=_words(run.store)))
    yield from (frame.packed for frame in _requests(run, run.waiting, MAX_FRAME))


def _words(store: Store) -> list[Signed]:
    """How far others had come whom this device has met in a hall, and has not been at the agency with since."""
    held = [one.announced for one in letters.letters(store) if one.state == letters.HELD]
    return [Signed.model_validate(orjson.loads(announced)) for announced in held[:MAX_WORDS]]


def _requests(run: Exchange, left: int, most: int) -> Iterator[_Frame]:
    """The next `left` changes in requests of at most `most` bytes, as far as they can be parted."""
    batch = MAX_CHANGES
    while True:
        run.batch = min(batch, left)
        asked = run.ask()
        changes = asked.request.changes
        # Whole texts: the hint of today need not hold when the answer is read.
        packed = pack(asked.request.model_copy(update={"texts": {}, "courier": ""}))
        if len(packed) > most and len(changes) > 1:
            batch = len(changes) // 2
            continue
        yield _Frame(packed, len(changes), {c[0]: c[1] for c in reversed(changes)}, asked.last)
        left -= len(changes)
        run.after = asked.last
        if not left or not changes:
            return
