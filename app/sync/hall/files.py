"""The bytes of a workshop's attachments between hub and guest: in pieces, named by their checksum, after the records.

The guest asks, one piece at a time, so that the next word somebody types never waits behind a photo. Every
piece that came stays, whatever breaks off; a file that goes wrong is put off by itself. The hub takes and
gives only what a record of the open workshop refers to.
"""

from __future__ import annotations

import base64
import binascii
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from app.domain.ids import EntityId
from app.errors import AgencyGarbled, HallRefused, StoreError
from app.models.blobs import PIECE, Blobs
from app.models.queries.attachments import FileRef, root_files
from app.models.queries.reader import Reader
from app.models.store import Store
from app.sync.hall.wire import FILES, MAX_FILES, PIECES, FilesReply, FilesRequest, PieceReply, PieceRequest

ASK_SECONDS = 5.0
"""So often a guest asks anew for what nobody had when it asked last."""
_M = TypeVar("_M", bound=BaseModel)
Ask = Callable[[str, BaseModel, type[_M]], _M]


@dataclass(frozen=True, slots=True)
class Left:
    """Files that are not through yet, and the bytes still to come of them."""

    files: int = 0
    bytes: int = 0


class HallFiles:
    """The files of one workshop on one laptop. Thread-safe."""

    def __init__(self, store: Store, workshop: EntityId) -> None:
        self._store, self._workshop, self._reader = store, workshop, Reader(store.engine)
        self._turn = threading.Lock()

    @property
    def blobs(self) -> Blobs | None:
        """Where the bytes lie, if this profile has a place for them."""
        return self._store.blobs

    def refs(self) -> dict[str, FileRef]:
        """What the workshop's records refer to here, by checksum: previews first, then the small before the large."""
        return {} if self.blobs is None else {ref.sha: ref for ref in root_files(self._reader, self._workshop)}

    def missing(self) -> Left:
        """What the workshop refers to and this laptop does not hold whole."""
        refs, blobs = self.refs(), self.blobs
        here = blobs.search(refs) if blobs is not None and refs else {}
        open_ = [ref for sha, ref in refs.items() if sha not in here or not here[sha].whole]
        return Left(len(open_), sum(ref.size - (here[ref.sha].have if ref.sha in here else 0) for ref in open_))

    # -- the hub answers -------------------------------------------------------------------------

    def standing(self, asked: FilesRequest) -> FilesReply:
        """How much of these files is here; nothing is said of what the workshop does not refer to."""
        refs, blobs = self.refs(), self.blobs
        known = blobs.search([sha for sha in asked.files if sha in refs]) if blobs is not None and refs else {}
        return FilesReply(have={sha: blob.size if blob.whole else blob.have for sha, blob in known.items()})

    def piece(self, asked: PieceRequest) -> PieceReply:
        """Gives a piece, or takes one; what cannot be had or kept is answered by how much is here."""
        ref, blobs = self.refs().get(asked.file), self.blobs
        if ref is None or blobs is None:
            return PieceReply()
        try:
            if asked.piece:
                return PieceReply(have=self.take(ref, asked.at, asked.piece))
            if blobs.get(ref.sha).whole:
                told = blobs.read(ref.sha, asked.at, PIECE)
                return PieceReply(have=ref.size, piece=base64.b64encode(told).decode())
        except StoreError:
            pass  # the place for files is full or broken: the records are not
        return PieceReply()

    # -- both ------------------------------------------------------------------------------------

    def take(self, ref: FileRef, at: int, told: str) -> int:
        """The next bytes of a file (base64); how many are here afterwards, 0 if the whole was not what was meant.

        Raises:
            StoreError: there is no room.
        """
        blobs = self.blobs
        assert blobs is not None
        try:
            part = base64.b64decode(told, validate=True)
        except (ValueError, binascii.Error):
            return blobs.get(ref.sha).have
        with self._turn:
            here = blobs.get(ref.sha)
            if here.whole or not part or len(part) > PIECE or at != here.have or at + len(part) > ref.size:
                return here.size if here.whole else here.have
            blobs.append(ref.sha, at, part)
            if at + len(part) < ref.size:
                return at + len(part)
            if not blobs.finish(ref.sha, ref.size):
                blobs.remember(ref.sha, "blob_wrong_sum", self._store.clock())
                return 0
        self._store.tell(frozenset({ref.key}))
        return ref.size


@dataclass(slots=True)
class FileTurns:
    """The guest's part: after each exchange of records, one piece of one file.

    Attributes:
        at_hub: files of which the hub has said that it has all.
        put_off: files that got no further over this link.
        sending: what the hub still gets from here; set anew after each piece, to be read on any thread.
    """

    files: HallFiles
    clock: Callable[[], float] = time.monotonic
    at_hub: set[str] = field(default_factory=set)
    put_off: set[str] = field(default_factory=set)
    sending: Left = Left()
    _jobs: list[tuple[FileRef, int, bool]] = field(default_factory=list)
    _asked: set[str] = field(default_factory=set)
    _ask_at: float = 0.0

    def step(self, ask: Ask[PieceReply | FilesReply]) -> bool:
        """Moves one piece; whether there is more to do at once.

        Raises:
            OSError: the line broke; what came stays.
            HallRefused: the hub lets this guest in no more.
        """
        more = self._step(ask)
        up = [(ref, at) for ref, at, is_up in self._jobs if is_up]
        self.sending = Left(len(up), sum(ref.size - at for ref, at in up))
        return more

    def _step(self, ask: Ask[PieceReply | FilesReply]) -> bool:
        try:
            if not self._jobs:
                self._plan(ask)
            if not self._jobs:
                return False
            ref, at, up = self._jobs[0]
            now = self._send(ask, ref, at) if up else self._fetch(ask, ref, at)
            if now >= ref.size or now <= at:
                self._jobs.pop(0)
                (self.at_hub if now >= ref.size else self.put_off).add(ref.sha)
            else:
                self._jobs[0] = (ref, now, up)
            return True
        except (StoreError, AgencyGarbled):
            self._give_up()
        except HallRefused as refused:
            if refused.code != "hall_refused":
                raise
            self._give_up()
        return bool(self._jobs)

    def _give_up(self) -> None:
        """One file went wrong, here or there: the others have their turn."""
        if self._jobs:
            self.put_off.add(self._jobs.pop(0)[0].sha)

    def _plan(self, ask: Ask[PieceReply | FilesReply]) -> None:
        blobs = self.files.blobs
        if blobs is None:
            return
        asked = {sha: ref for sha, ref in self.files.refs().items() if sha not in self.put_off}
        here = blobs.search(asked)
        whole = {sha for sha, blob in here.items() if blob.whole}
        open_ = [ref for sha, ref in asked.items() if sha not in whole or sha not in self.at_hub][:MAX_FILES]
        wanted = {ref.sha for ref in open_}
        if not open_ or (wanted <= self._asked and self.clock() < self._ask_at):
            return
        reply = ask(FILES, FilesRequest(files=[ref.sha for ref in open_]), FilesReply)
        self._asked, self._ask_at = wanted, self.clock() + ASK_SECONDS
        assert isinstance(reply, FilesReply)
        for ref in open_:
            there = reply.have.get(ref.sha, 0)
            if ref.sha in whole and there >= ref.size:
                self.at_hub.add(ref.sha)
            elif ref.sha in whole:
                self._jobs.append((ref, there, True))
            elif there >= ref.size:
                self._jobs.append((ref, here[ref.sha].have if ref.sha in here else 0, False))

    def _send(self, ask: Ask[PieceReply | FilesReply], ref: FileRef, at: int) -> int:
        blobs = self.files.blobs
        assert blobs is not None
        told = base64.b64encode(blobs.read(ref.sha, at, PIECE)).decode()
        reply = ask(PIECES, PieceRequest(file=ref.sha, at=at, piece=told), PieceReply)
        assert isinstance(reply, PieceReply)
        return min(reply.have, ref.size)

    def _fetch(self, ask: Ask[PieceReply | FilesReply], ref: FileRef, at: int) -> int:
        reply = ask(PIECES, PieceRequest(file=ref.sha, at=at), PieceReply)
        assert isinstance(reply, PieceReply)
        return self.files.take(ref, at, reply.piece)
