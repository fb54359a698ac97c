"""The bytes of attachments after the records: previews of everything first, then originals, both ways.

Nothing here can fail an exchange of records. What goes wrong with one file is remembered with it and tried
again later; a person's edit, or a minute gone by, calls back to the records. Every piece that arrived stays.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.errors import AgencyBusy, AgencyError, AgencyGarbled, AgencyRefused, AgencyUnreachable, StoreError
from app.models import journal
from app.models.blobs import PIECE, Blobs
from app.models.queries.attachments import FileRef, all_files, editable, epoch_of, fetches_all, file_refs
from app.models.queries.reader import Reader
from app.models.store import Store
from app.sync.agency import Files
from app.sync.report import FileReport, Progress, ProgressListener, Stage
from app.sync.wire import PIECE_BYTES

SLICE_S = 15.0
"""So long files may take before the records have their turn again."""
_QUICK_S, _SLOW_S = 1.0, 4.0
_SMALLEST = 32 * 1024


@dataclass(frozen=True, slots=True)
class Job:
    """One file to bring one way."""

    ref: FileRef
    up: bool


class _CalledAway(Exception):
    """The records want their turn, or a person wants to stop."""


class _Broken(Exception):
    """The connection broke and this try got no further."""

    def __init__(self, error: AgencyUnreachable, is_gone: bool) -> None:
        self.error, self.is_gone = error, is_gone


class FileExchange:
    """One turn of exchanging files with the agency."""

    def __init__(self, store: Store, blobs: Blobs, agency: Files, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._blobs, self._agency, self._clock = store, blobs, agency, clock
        self._reader = Reader(store.engine)
        self._epoch = epoch_of(self._reader)
        self._report = FileReport()
        self._count = PIECE
        self._done = self._total = 0
        self._listener: ProgressListener = lambda _: None
        self._is_away: Callable[[], bool] = lambda: False

    def run(
        self,
        listener: ProgressListener = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
        away: Callable[[], bool] = lambda: False,
    ) -> FileReport:
        """Brings what is due. `away` says that the records want their turn; then `report.more` is set."""
        end = self._clock() + SLICE_S
        self._listener = listener
        self._is_away = lambda: cancelled() or away() or self._clock() >= end
        try:
            jobs = self._plan()
            self._total = sum(job.ref.size for job in jobs)
            self._bring_all(jobs)
            if self._blobs.wants_clearing():
                used = {ref.sha for ref in file_refs(self._reader)}
                self._blobs.collect(used, all_files(self._reader), self._store.clock())
        except StoreError as error:  # the place for files is full or broken: the records are not
            self._report.trouble = error.code
        if self._report.sent:
            journal.note(self._store, "files.sent", {"count": self._report.sent})
        return self._report

    def _plan(self) -> list[Job]:
        refs = file_refs(self._reader)
        if not refs:
            return []
        known = self._blobs.search({ref.sha for ref in refs})
        every = fetches_all(self._reader)
        now = self._store.clock()
        ups: list[Job] = []
        downs: list[Job] = []
        for ref in refs:
            here = known.get(ref.sha)
            if here is not None and here.retry_at > now:
                continue
            if here is not None and here.whole:
                if ref.is_known and here.confirmed != self._epoch:
                    ups.append(Job(ref, True))
            elif ref.is_known and (ref.is_preview or every or (here is not None and here.wanted)):
                downs.append(Job(ref, False))
        mine = editable(self._reader, {job.ref.root for job in ups})
        jobs = {job.ref.sha: job for job in [*downs, *(job for job in ups if job.ref.root in mine)]}
        return sorted(jobs.values(), key=lambda job: (not job.ref.is_preview, not job.up, job.ref.size))

    def _bring_all(self, jobs: list[Job]) -> None:
        for number, job in enumerate(jobs):
            try:
                self._bring(job)
            except _CalledAway:
                self._report.more = True
                return
            except AgencyBusy as error:
                self._report.trouble = error.code
                return
            except _Broken as broken:
                self._remember(job, broken.error)
                if broken.is_gone:
                    self._report.trouble = broken.error.code
                    self._report.more = number + 1 < len(jobs)
                    return
            except (AgencyRefused, AgencyGarbled) as error:
                self._remember(job, error)

    def _bring(self, job: Job) -> None:
        if job.up:
            self._send(job.ref)
            self._report.sent += not job.ref.is_preview
        else:
            self._fetch(job.ref)
            self._report.fetched += 1

    def _remember(self, job: Job, error: AgencyError) -> None:
        first = not self._blobs.get(job.ref.sha).trouble
        self._blobs.remember(job.ref.sha, error.code, self._store.clock())
        self._report.failed += 1
        if first and not isinstance(error, AgencyUnreachable):
            code = "file.not_sent" if job.up else "file.not_fetched"
            journal.note_records(self._store, code, [job.ref.key], {})

    # -- up --------------------------------------------------------------------------------------

    def _send(self, ref: FileRef) -> None:
        at = self._agency_has(ref)
        self._tell(at)
        while at < ref.size:
            at = self._send_piece(ref, at)
        self._blobs.confirm(ref.sha, self._epoch)

    def _send_piece(self, ref: FileRef, at: int) -> int:
        self._look_up()
        piece = self._blobs.read(ref.sha, at, self._count)
        begun = self._clock()
        try:
            now = self._agency.send_blob(ref.sha, at, ref.size, piece)
        except AgencyBusy:
            raise
        except AgencyUnreachable as error:
            now = self._after_a_break(ref, at, error)
        except AgencyRefused as error:
            # Another piece comes next: a reply was lost, or the agency has made room. Ask, once.
            now = self._agency_has(ref) if error.code == "blob_offset" else at
            if now == at:
                raise
        else:
            self._pace(begun)
            if now <= at:
                raise AgencyGarbled(reason="no_progress")
        self._tell(now - at)
        return now

    def _after_a_break(self, ref: FileRef, at: int, error: AgencyUnreachable) -> int:
        """Where to go on after a cut, in smaller pieces; a try that got nowhere is given up."""
        self._count = max(_SMALLEST, self._count // 4)
        now = self._agency_has(ref)
        if now <= at:
            raise _Broken(error, is_gone=False) from error
        return now

    def _agency_has(self, ref: FileRef) -> int:
        try:
            return min(self._agency.blob_offset(ref.sha), ref.size)
        except AgencyBusy:
            raise
        except AgencyUnreachable as error:
            raise _Broken(error, is_gone=True) from error

    # -- down ------------------------------------------------------------------------------------

    def _fetch(self, ref: FileRef) -> None:
        at = self._blobs.get(ref.sha).have
        self._tell(at)
        while at < ref.size:
            at = self._fetch_piece(ref, at)
        if not self._blobs.finish(ref.sha, ref.size):
            raise AgencyGarbled("blob_wrong_sum")
        # It came from there: that is as good as a confirmation.
        self._blobs.confirm(ref.sha, self._epoch)

    def _fetch_piece(self, ref: FileRef, at: int) -> int:
        self._look_up()
        begun, count = self._clock(), min(self._count, ref.size - at)
        now = at
        try:
            for part in _gathered(self._agency.fetch_blob(ref.sha, at, count)):
                self._blobs.append(ref.sha, now, part)
                now += len(part)
                self._tell(len(part))
        except AgencyBusy:
            raise
        except AgencyUnreachable as error:
            now = self._blobs.get(ref.sha).have
            self._count = max(_SMALLEST, self._count // 4)
            if now <= at:
                raise _Broken(error, is_gone=True) from error
            return now
        if now == at:
            raise AgencyGarbled(reason="no_progress")
        self._pace(begun)
        return now

    # -- pace ------------------------------------------------------------------------------------

    def _look_up(self) -> None:
        if self._is_away():
            raise _CalledAway

    def _pace(self, begun: float) -> None:
        """Larger pieces where they are quick, smaller where somebody would wait for the records."""
        took = self._clock() - begun
        if took < _QUICK_S:
            self._count = min(PIECE_BYTES, self._count * 2)
        elif took > _SLOW_S:
            self._count = max(_SMALLEST, self._count // 2)

    def _tell(self, moved: int) -> None:
        self._done += moved
        self._listener(Progress(Stage.FILES, bytes_done=min(self._done, self._total), bytes_total=self._total))


def _gathered(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces as they rest; what came before the connection broke comes before its error."""
    held = bytearray()
    try:
        for part in parts:
            held += part
            while len(held) >= PIECE:
                yield bytes(held[:PIECE])
                del held[:PIECE]
    except AgencyUnreachable:
        if held:
            yield bytes(held)
        raise
    if held:
        yield bytes(held)
