"""Reading a scope for the first time from the agency's file: one thread fetches and reads, one writes.

Every frame is stored with its place in the file, so that whatever ends the reading, the next exchange goes
on there. What is here already (own work, records of another scope) meets the file by the same merge as ever.
"""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.domain.fields import KINDS
from app.errors import AgencyGarbled, AgencyRefused, ContentError
from app.models import indexing, marks, rereading
from app.models.arrivals import Arrived
from app.models.authors import learn_authors
from app.models.incoming import Step
from app.models.marks import Mark, Read
from app.sync.agency import Filed
from app.sync.exchange import Exchange
from app.sync.frames import BEGIN, Frame, read_frames
from app.sync.translate import row_reader
from app.sync.wire import SnapshotReply

_AHEAD = 2
"""Frames read before they are written: memory stays flat, and neither thread waits for the other."""
_WAIT_S = 0.1
_LOOK_S, _PATIENCE = 0.005, 200
"""While a transaction waits for the next frame it looks so often whether somebody types, and so often at most."""
_TURN_S = 0.0005
"""How long one thread may let another wait for the interpreter; the usual 5 ms are a quarter of a large statement."""

Told = Callable[[int, int], None]
"""Is told how many records were taken, and how many the file holds."""


def read_first(
    run: Exchange, agency: Filed, recognise: Callable[[], None], told: Told, cancelled: Callable[[], bool]
) -> None:
    """Reads those of this device's scopes that were never read, as far as the agency has files for them.

    A scope in which there was nothing has been read: it is not asked about again.

    Args:
        recognise: makes sure that it is our agency that answers, before the first question.

    Raises:
        AgencyUnreachable, AgencyRefused, AgencyGarbled: what was taken until then stays.
    """
    standing = run.before
    if standing is None or not standing.membership.agency:
        return
    for scope in sorted(standing.scopes - (standing.cursors.keys() - standing.begun), key=_own_first):
        if cancelled():
            return
        recognise()
        try:
            offered = agency.snapshot(scope)
        except AgencyRefused as error:
            if error.params.get("status") == 404:
                continue
            raise
        run.check_agency(offered.agency)
        if offered.file and offered.epoch == standing.membership.epoch:
            indexing.begin(run.store)
            _Reading(run, agency, scope, offered, told, cancelled).go()


def _own_first(scope: str) -> tuple[bool, str]:
    """What only this device's people share comes before what the region reads."""
    return ":" not in scope, scope


@contextmanager
def _short_turns() -> Iterator[None]:
    """Lets threads take turns more often, so that who writes, and who types, need not wait for who reads."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


@dataclass(frozen=True, slots=True)
class _Page:
    """A frame as the store takes it, what of it could not be read, and who writes."""

    read: Read
    unread: list[tuple[str, str, int]]
    authors: list[tuple[int, str, str, str]]

    @property
    def is_plain(self) -> bool:
        """Whether its steps are all there is to take."""
        return bool(self.read.left) and not self.unread and not self.authors


class _Reading:
    """One file being read."""

    def __init__(
        self,
        run: Exchange,
        agency: Filed,
        scope: str,
        offered: SnapshotReply,
        told: Told,
        cancelled: Callable[[], bool],
    ) -> None:
        self._run, self._store, self._agency = run, run.store, agency
        self._scope, self._offered = scope, offered
        self._told, self._cancelled = told, cancelled
        self._pages: queue.Queue[_Page | BaseException | None] = queue.Queue(_AHEAD)
        self._waiting: list[_Page | BaseException | None] = []
        self._over = threading.Event()

    def go(self) -> None:
        """Reads to the end, or until cancelled."""
        fetching = threading.Thread(target=self._fetch, name="first-reading", daemon=True)
        with _short_turns():
            fetching.start()
            try:
                self._write()
            finally:
                self._over.set()
                fetching.join()

    def _write(self) -> None:
        while isinstance(page := self._next(), _Page):
            if not self._take(page):
                return
        if page is not None:
            raise page
        marks.finish(self._store, self._scope, self._offered.seq, self._offered.epoch)

    def _next(self) -> _Page | BaseException | None:
        if self._waiting:
            return self._waiting.pop()
        return self._pages.get()

    def _take(self, page: _Page) -> bool:
        garbled = self._run.report.garbled
        learn_authors(self._store, page.authors)
        rereading.remember(self._store, ((self._scope, seq) for _, _, seq in page.unread))
        garbled += [(kind, entity) for kind, entity, _ in page.unread if (kind, entity) not in garbled]
        return marks.take_frames(self._store, page.read, self._behind, self._arrived)

    def _behind(self) -> Read | None:
        """The next frame, if it comes soon and only brings rows; otherwise its turn is after this transaction."""
        for _ in range(_PATIENCE):
            if self._store.gate.is_typing:
                return None
            try:
                page = self._pages.get(timeout=_LOOK_S)
            except queue.Empty:
                continue
            if isinstance(page, _Page) and page.is_plain:
                return page.read
            self._waiting.append(page)
            return None
        return None

    def _arrived(self, part: Arrived) -> bool:
        self._run.arrived.add_counted(part)
        self._told(self._run.received, self._offered.count)
        return not self._cancelled()

    # -- on the other thread -----------------------------------------------------------------------

    def _fetch(self) -> None:
        try:
            for page in self._read():
                if not self._hand_over(page):
                    return
            self._hand_over(None)
        except BaseException as error:  # noqa: BLE001 - told to the thread that reads, which raises it
            self._hand_over(error)

    def _hand_over(self, page: _Page | BaseException | None) -> bool:
        """Whether somebody still wants it."""
        while not self._over.is_set():
            try:
                self._pages.put(page, timeout=_WAIT_S)
            except queue.Full:
                continue
            return True
        return False

    def _read(self) -> Iterator[_Page]:
        file, seq = self._offered.file, self._offered.seq
        here = marks.mark_of(self._store, self._scope)
        if here is None or here.file != file:
            here = Mark(file, seq, 0, BEGIN.hex())
        if here.offset < self._offered.size:
            parts = self._agency.snapshot_parts(self._scope, file, here.offset)
            for frame in read_frames(parts, here.offset, bytes.fromhex(here.chain)):
                behind = Mark(file, seq, frame.offset, frame.chain.hex())
                yield _page(self._scope, frame, here, behind)
                here = behind
        if here.chain != file:
            raise AgencyGarbled(reason="hash", at="snapshot")


def _page(scope: str, frame: Frame, here: Mark, behind: Mark) -> _Page:
    try:
        return _translated(scope, frame.content, here, behind)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
        raise AgencyGarbled(reason="shape", at="snapshot") from error


def _translated(scope: str, content: dict[str, Any], here: Mark, behind: Mark) -> _Page:
    steps = [Step(scope, seq, kind, entity, None) for kind, entity, seq in content.get("gone", ()) if kind in KINDS]
    unread: list[tuple[str, str, int]] = []
    authors = [(int(r), str(p), str(d), str(a)) for r, p, d, a in content.get("authors", ())]
    name = content.get("kind", "")
    kind = KINDS.get(name)
    read_row = row_reader(kind, content["columns"], folded=True) if kind else None
    for seq, row in zip(content.get("seqs", ()), content.get("rows", ()), strict=True):
        try:
            if read_row is None:
                raise ContentError(kind=name)
            steps.append(Step(scope, seq, name, row[0], *read_row(row)))
        except ContentError:
            unread.append((name, str(row[0]), int(seq)))
    return _Page(Read(steps, here, behind), unread, authors)
