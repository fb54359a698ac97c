"""Files with which a scope is read for the first time: made when somebody asks, kept for those who follow.

They hold what people wrote, so only the agency's own account may read them. What they tell was read in one
database snapshot together with the feed number that they stand for.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from app.domain.access import SHARED, Scope
from app.domain.digest import FORM
from app.domain.fields import KINDS
from app.errors import AgencyBusy
from app.server.database import Database
from app.server.pull import authors
from app.server.records import stored_columns
from app.server.tables import entity, feed, scope_counter
from app.sync.frames import BEGIN, pack_frame

LEAST = 2000
"""Records from which on a file pays; fewer are two or three pages."""
FOLDER = "snapshots"
_ROWS, _BYTES = 250, 600_000
"""A frame's size: small enough that whoever reads it needs little memory and little time at once."""
_STALE_STEPS = 1000
_STALE_SHARE = 10
"""A file is made anew when more steps than this, and than a tenth of it, have followed."""
_KEPT_S = 3600
"""How long a replaced file stays, for those who are reading it."""
_CLAIM_S = 900
"""A claim of a process that died counts no longer after this."""
_RETRY_S = 3.0


@dataclass(frozen=True, slots=True)
class Made:
    """One file: its name, and what it stands for."""

    file: str
    scope: Scope
    epoch: str
    seq: int
    size: int
    count: int
    form: int
    """`domain.digest.FORM`: a file from before a field became internal is none any more."""


def folder_beside(database: Database) -> Path | None:
    """Where the files of an agency on SQLite lie; None for any other database."""
    name = database.url.database
    return Path(name).parent / FOLDER if database.is_sqlite and name and name != ":memory:" else None


class Snapshots:
    """The files of one agency in one folder; shared by its processes."""

    def __init__(self, folder: Path, least: int = LEAST) -> None:
        self._folder = folder
        self._least = least
        self._making: dict[Scope, threading.Lock] = {}
        self._lock = threading.Lock()

    def of(self, database: Database, scope: Scope, epoch: str) -> Made | None:
        """A file for the scope as it stands now or nearly so; None if it is too small to be worth one.

        Raises:
            AgencyBusy: another process is making it.
        """
        with self._lock:
            making = self._making.setdefault(scope, threading.Lock())
        with making:
            with database.read() as connection:
                held = select(func.count()).where(feed.c.scope == scope, feed.c.held == 1)
                if connection.execute(held).scalar_one() < self._least:
                    return None
                found = self._known(connection, scope, epoch)
            return found or self._make(database, scope, epoch)

    def path(self, connection: Connection, scope: Scope, epoch: str, file: str) -> Path | None:
        """Where a file lies, as long as it may be read by whoever may read the scope."""
        for made in self._made(scope):
            if made.file == file and made.epoch == epoch and not _lost_since(connection, scope, made.seq):
                return self._place(scope, file)
        return None

    def _known(self, connection: Connection, scope: Scope, epoch: str) -> Made | None:
        now = _seq(connection, scope)
        for made in self._made(scope):
            behind = now - made.seq
            fresh = 0 <= behind <= max(_STALE_STEPS, made.count // _STALE_SHARE)
            if fresh and made.epoch == epoch and not _lost_since(connection, scope, made.seq):
                return made
        return None

    def _made(self, scope: Scope) -> list[Made]:
        """Newest first."""
        found: list[Made] = []
        for note in self._folder.glob(f"{_stem(scope)}-*.json"):
            with contextlib.suppress(OSError, ValueError, TypeError):
                made = Made(**orjson.loads(note.read_bytes()))
                if (made.scope, made.form) == (scope, FORM) and self._place(scope, made.file).exists():
                    found.append(made)
        return sorted(found, key=lambda made: made.seq, reverse=True)

    def _place(self, scope: Scope, file: str) -> Path:
        return self._folder / f"{_stem(scope)}-{file}.rows"

    def _make(self, database: Database, scope: Scope, epoch: str) -> Made:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._claim(scope) as part:
            with database.read() as connection, os.fdopen(_private(part), "wb") as file:
                seq, count, chain = _seq(connection, scope), 0, BEGIN
                for content in _contents(connection, scope):
                    packed, chain = pack_frame(content, chain)
                    file.write(packed)
                    count += len(content.get("rows", ()))
                size = file.tell()
            made = Made(chain.hex(), scope, epoch, seq, size, count, FORM)
            part.replace(self._place(scope, made.file))
            note = self._folder / f"{_stem(scope)}-{made.file}.json"
            with os.fdopen(_private(note), "wb") as told:
                told.write(orjson.dumps(asdict(made)))
        self._tidy(scope, made)
        return made

    @contextmanager
    def _claim(self, scope: Scope) -> Iterator[Path]:
        """A name to write to that no other process writes to."""
        part = self._folder / f"{_stem(scope)}.part"
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > _CLAIM_S:
                part.unlink()
        try:
            os.close(os.open(part, os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            raise AgencyBusy(_RETRY_S) from None
        try:
            yield part
        finally:
            part.unlink(missing_ok=True)

    def _tidy(self, scope: Scope, kept: Made) -> None:
        for old in self._folder.glob(f"{_stem(scope)}-*"):
            with contextlib.suppress(OSError):
                if kept.file not in old.name and time.time() - old.stat().st_mtime > _KEPT_S:
                    old.unlink()


def _stem(scope: Scope) -> str:
    return sha256(scope.encode()).hexdigest()[:16]


def _private(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)


def _seq(connection: Connection, scope: Scope) -> int:
    counted = connection.execute(select(scope_counter.c.seq).where(scope_counter.c.scope == scope))
    return int(counted.scalar() or 0)


def _lost_since(connection: Connection, scope: Scope, seq: int) -> bool:
    """Whether a record left the scope after the file was made: then nobody may read it there any more."""
    gone = select(feed.c.seq).where(feed.c.scope == scope, feed.c.seq > seq, feed.c.held == 0).limit(1)
    return connection.execute(gone).first() is not None


def _contents(connection: Connection, scope: Scope) -> Iterator[dict[str, Any]]:
    """The contents of all frames, in the order of the feed as far as kinds allow; who writes comes last."""
    steps = (
        select(feed.c.seq, feed.c.held, entity)
        .join(entity, entity.c.id == feed.c.entity_id)
        .where(feed.c.scope == scope)
        .order_by(feed.c.seq)
        .execution_options(yield_per=_ROWS)
    )
    sheets: dict[tuple[str, int], _Sheet] = {}
    gone: list[list[Any]] = []
    writers: set[int] = set()
    for row in connection.execute(steps):
        if not row.held or scope not in orjson.loads(row.scopes):
            gone.append([row.kind, row.id, row.seq])
            continue
        sheet = sheets.setdefault((row.kind, row.schema), _Sheet())
        sheet.add(row.seq, row.packed if row.shared is None or scope not in SHARED else row.shared)
        writers.update(orjson.loads(row.authors))
        if sheet.is_full:
            yield sheets.pop((row.kind, row.schema)).take(row.kind, row.schema)
    for (kind, schema), sheet in sheets.items():
        yield sheet.take(kind, schema)
    for start in range(0, len(gone), _ROWS):
        yield {"gone": gone[start : start + _ROWS]}
    told = [[a.replica, a.person, a.device, a.ags] for a in authors(connection, writers)]
    yield {"authors": told}


class _Sheet:
    """Rows of one kind for the next frame."""

    def __init__(self) -> None:
        self.seqs: list[int] = []
        self.rows: list[bytes] = []
        self.size = 0

    @property
    def is_full(self) -> bool:
        return len(self.rows) >= _ROWS or self.size >= _BYTES

    def add(self, seq: int, row: bytes) -> None:
        self.seqs.append(seq)
        self.rows.append(row)
        self.size += len(row)

    def take(self, kind: str, schema: int) -> dict[str, Any]:
        """The frame's content."""
        rows = [orjson.Fragment(row) for row in self.rows]
        return {"kind": kind, "columns": stored_columns(KINDS[kind], schema), "seqs": self.seqs, "rows": rows}
