"""The bytes of attachments, encrypted in a database of their own, in pieces: half a file goes on where it stopped.

The key is the profile's. The file is apart from the records' database so that a large file never holds the
gate at which people's edits wait, never swells a backup, and never keeps a profile from opening: one that
cannot be read is put aside, and what the agency has comes from there again.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    delete,
    insert,
    select,
    update,
)

from app.errors import DamagedFile, StoreError
from app.models.blob_file import blob as _blob
from app.models.blob_file import open_files
from app.models.blob_file import piece as _piece
from app.models.engine import reading, writing

PIECE = 256 * 1024
"""Bytes per row: small enough to stay flat in memory, large enough that rows are few."""
_AT_ONCE = 1024 * 1024
"""Bytes per transaction while a file is taken in; what was committed survives a kill."""
_UNNAMED = "new:"
_UNUSED_FOR_MS = 30 * 24 * 3600 * 1000
"""So long a file nobody refers to stays: undo and "Wiederherstellen" find it without the agency."""
_RETRY_FIRST_MS, _RETRY_MOST_MS = 30_000, 3_600_000


@dataclass(frozen=True, slots=True)
class Blob:
    """What is known here of one file.

    Attributes:
        have: bytes that are here, from the beginning.
        whole: all of it is here, and its checksum is right.
        confirmed: epoch of the agency under which it said that it has the file, "" if it never did.
        wanted: a person asked for it.
        trouble: code of what went wrong at the last try, "" if nothing; not tried again before `retry_at`.
    """

    sha: str
    size: int
    have: int = 0
    whole: bool = False
    confirmed: str = ""
    wanted: bool = False
    tries: int = 0
    retry_at: int = 0
    trouble: str = ""


class Blobs:
    """The files of one profile. Thread-safe; opened at the first use, so that it never delays a start."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path, self._key = path, key
        self._turn = threading.RLock()
        self._opened: Engine | None = None
        self._collected = False
        shutil.rmtree(self._copies, ignore_errors=True)  # what a killed run left readable

    def close(self) -> None:
        """Gives the file back; a later use opens it again."""
        with self._turn:
            if self._opened is not None:
                self._opened.dispose()
                self._opened = None
            shutil.rmtree(self._copies, ignore_errors=True)

    # -- what is here ----------------------------------------------------------------------------

    def get(self, sha: str) -> Blob:
        """One file; of one never heard of here, a blob of which nothing is here."""
        return self.search([sha]).get(sha, Blob(sha, 0))

    def search(self, shas: Collection[str]) -> dict[str, Blob]:
        """Those of the files that are known here."""
        found: dict[str, Blob] = {}
        asked = list(shas)
        with reading(self._engine) as connection:
            for start in range(0, len(asked), 500):
                query = select(_blob).where(_blob.c.sha.in_(asked[start : start + 500]))
                found.update((r.sha, _told(r)) for r in connection.execute(query))
        return found

    def unconfirmed(self, epoch: str) -> frozenset[str]:
        """Whole files of which the agency has not said, under this epoch, that it has them."""
        with reading(self._engine) as connection:
            query = select(_blob.c.sha).where(_blob.c.whole == 1, _blob.c.confirmed != epoch)
            return frozenset(connection.execute(query).scalars())

    def pieces(self, sha: str, start: int = 0) -> Iterator[bytes]:
        """The bytes from `start` on, a quarter of a megabyte at a time.

        Raises:
            StoreError: "file_not_here", not as a whole.
        """
        with reading(self._engine) as connection:
            found = connection.execute(select(_blob).where(_blob.c.sha == sha)).one_or_none()
        if found is None or not found.whole:
            raise StoreError("file_not_here")
        while start < found.size:
            with reading(self._engine) as connection:
                query = select(_piece.c.at, _piece.c.bytes).where(_piece.c.blob == found.row, _piece.c.at <= start)
                row = connection.execute(query.order_by(_piece.c.at.desc()).limit(1)).one_or_none()
            part = b"" if row is None else bytes(row.bytes[start - row.at :])
            if not part:
                raise DamagedFile(path=self._path.name, reason="piece")
            yield part
            start += len(part)

    def read(self, sha: str, start: int = 0, count: int | None = None) -> bytes:
        """Some bytes of a file at once; only for previews and slices."""
        taken = bytearray()
        for part in self.pieces(sha, start):
            taken += part
            if count is not None and len(taken) >= count:
                return bytes(taken[:count])
        return bytes(taken)

    def export(self, sha: str, target: Path) -> None:
        """Writes a file to a place outside: whole or not at all, for this account only.

        Raises:
            StoreError: "file_not_here". OSError: the place cannot be written.
        """
        fresh = target.with_name(f"{target.name}.{secrets.token_hex(4)}.new")
        parts = self.pieces(sha)
        first = next(parts, b"")
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(first)
                for part in parts:
                    file.write(part)
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)

    def copy_for_viewing(self, sha: str, name: str) -> Path:
        """A copy that other programs can read, until this one closes."""
        folder = self._copies / sha[:16]
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.export(sha, folder / name)
        return folder / name

    @property
    def _copies(self) -> Path:
        return self._path.with_name("opened")

    # -- taking in -------------------------------------------------------------------------------

    def put(self, parts: Iterable[bytes], cancelled: Callable[[], bool] = lambda: False) -> Blob:
        """Takes in a file that is made or chosen here: afterwards all of it is here, or nothing of it.

        Raises:
            DiskFull, StoreError
            InterruptedError: `cancelled` said so.
        """
        name = _UNNAMED + secrets.token_hex(8)
        digest, size = hashlib.sha256(), 0
        try:
            for part in _sized(parts, _AT_ONCE):
                if cancelled():
                    raise InterruptedError(name)
                self._append(name, size, part)
                digest.update(part)
                size += len(part)
            return self._name(name, digest.hexdigest(), size)
        except BaseException:
            self.discard(name)
            raise

    def _name(self, name: str, sha: str, size: int) -> Blob:
        """The file gets the name of its content; the same bytes once more change nothing."""
        with self._turn, writing(self._engine) as connection:
            known = connection.execute(select(_blob).where(_blob.c.sha == sha)).one_or_none()
            if known is not None and known.whole:
                _remove(connection, name)
            else:
                _remove(connection, sha)
                values = {"sha": sha, "size": size, "have": size, "whole": 1}
                connection.execute(update(_blob).where(_blob.c.sha == name).values(**values))
        return self.get(sha)

    def append(self, sha: str, at: int, part: bytes) -> None:
        """Takes in the next bytes of a file that comes from elsewhere; others than the next are left alone."""
        self._append(sha, at, part, durable=False)

    def _append(self, sha: str, at: int, part: bytes, durable: bool = True) -> None:
        with self._turn, writing(self._engine, durable=durable) as connection:
            row, have = _row(connection, sha)
            if have != at:
                return
            rows = [{"blob": row, "at": at + i, "bytes": part[i : i + PIECE]} for i in range(0, len(part), PIECE)]
            if rows:
                connection.execute(insert(_piece), rows)
            connection.execute(update(_blob).where(_blob.c.row == row).values(have=at + len(part)))

    def finish(self, sha: str, size: int) -> bool:
        """Whether what came is the file that was meant; if it is not, nothing of it stays."""
        digest = hashlib.sha256()
        with reading(self._engine) as connection:
            row = connection.execute(select(_blob.c.row).where(_blob.c.sha == sha)).scalar()
            ats = list(connection.execute(select(_piece.c.at).where(_piece.c.blob == row).order_by(_piece.c.at)))
        for (at,) in ats:
            with reading(self._engine) as connection:
                query = select(_piece.c.bytes).where(_piece.c.blob == row, _piece.c.at == at)
                digest.update(connection.execute(query).scalar_one())
        if digest.hexdigest() != sha:
            self.discard(sha)
            return False
        self._put(sha, size=size, have=size, whole=1)
        return True

    def discard(self, sha: str) -> None:
        """Forgets the bytes of a file, not that it is wanted."""
        with self._turn, writing(self._engine) as connection:
            if sha.startswith(_UNNAMED):
                _remove(connection, sha)
                return
            row, _ = _row(connection, sha)
            connection.execute(delete(_piece).where(_piece.c.blob == row))
            connection.execute(update(_blob).where(_blob.c.row == row).values(have=0, whole=0))

    # -- what becomes of it ----------------------------------------------------------------------

    def want(self, sha: str, on: bool = True) -> None:
        """A person asks for a file that is at the agency; it is tried at once, whatever went wrong before."""
        self._put(sha, wanted=int(on), retry_at=0, tries=0, trouble="")

    def confirm(self, sha: str, epoch: str) -> None:
        """The agency has said that it has the file."""
        self._put(sha, confirmed=epoch, tries=0, retry_at=0, trouble="")

    def settle(self, sha: str) -> None:
        """All is well again with a file."""
        self._put(sha, tries=0, retry_at=0, trouble="")

    def remember(self, sha: str, trouble: str, now_ms: int, moved: bool = False) -> None:
        """Something went wrong: tried again after a pause that doubles, unless the try got further (`moved`)."""
        tries = 1 if moved else self.get(sha).tries + 1
        pause = min(_RETRY_MOST_MS, _RETRY_FIRST_MS * 2 ** min(tries - 1, 12))
        self._put(sha, tries=tries, retry_at=now_ms + pause, trouble=trouble)

    def retry_all(self) -> None:
        """A person asked: what failed is due at once."""
        with self._turn, writing(self._engine) as connection:
            connection.execute(update(_blob).where(_blob.c.retry_at > 0).values(retry_at=0, tries=0))

    def wants_clearing(self) -> bool:
        """Whether `collect` has not been done yet in this run of the program."""
        return not self._collected

    def collect(self, used: Collection[str], ever: Collection[str], now_ms: int) -> int:
        """Removes what no record has referred to for a month; returns how many bytes that freed.

        A file that a record once referred to stays until the agency has confirmed it, whatever happens.

        Args:
            used: what living records refer to.
            ever: what any record on this device refers to, deleted ones too.
        """
        self._collected, freed = True, 0
        with self._turn, writing(self._engine) as connection:
            for r in connection.execute(select(_blob).where(_blob.c.sha.not_like(_UNNAMED + "%"))).all():
                if r.sha in used:
                    since = 0
                elif not r.unused_since:
                    since = now_ms
                elif now_ms - r.unused_since >= _UNUSED_FOR_MS and (r.confirmed or r.sha not in ever or not r.whole):
                    freed += r.have
                    _remove(connection, r.sha)
                    continue
                else:
                    continue
                if since != r.unused_since:
                    connection.execute(update(_blob).where(_blob.c.row == r.row).values(unused_since=since))
        if freed:
            with self._turn, writing(self._engine) as connection:
                # One step per page: every step has to be asked for, and none has columns that SQLAlchemy knows.
                driver: Any = connection.connection.driver_connection
                driver.execute("PRAGMA incremental_vacuum").fetchall()
        return freed

    def _put(self, sha: str, **values: object) -> None:
        with self._turn, writing(self._engine, durable=False) as connection:
            row, _ = _row(connection, sha)
            connection.execute(update(_blob).where(_blob.c.row == row).values(**values))

    @property
    def _engine(self) -> Engine:
        with self._turn:
            if self._opened is None:
                self._opened = open_files(self._path, self._key)
                with writing(self._opened) as connection:
                    left = select(_blob.c.sha).where(_blob.c.sha.like(_UNNAMED + "%"))
                    for name in connection.execute(left).scalars().all():
                        _remove(connection, name)
            return self._opened


def _told(r: object) -> Blob:
    m = r._mapping  # type: ignore[attr-defined]
    return Blob(
        m["sha"], m["size"], m["have"], bool(m["whole"]), m["confirmed"],
        bool(m["wanted"]), m["tries"], m["retry_at"], m["trouble"],
    )  # fmt: skip


def _row(connection: Connection, sha: str) -> tuple[int, int]:
    """(row, bytes here) of a file, which is entered if it is new."""
    query = select(_blob.c.row, _blob.c.have).where(_blob.c.sha == sha)
    found = connection.execute(query).one_or_none()
    if found is None:
        connection.execute(insert(_blob).values(sha=sha, size=0))
        found = connection.execute(query).one()
    return int(found.row), int(found.have)


def _remove(connection: Connection, sha: str) -> None:
    row = connection.execute(select(_blob.c.row).where(_blob.c.sha == sha)).scalar()
    connection.execute(delete(_piece).where(_piece.c.blob == row))
    connection.execute(delete(_blob).where(_blob.c.row == row))


def _sized(parts: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in parts of one size, so that a transaction is neither tiny nor endless."""
    held = bytearray()
    for part in parts:
        held += part
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)
