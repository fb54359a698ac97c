"""One exchange with the agency, top to bottom like the protocol: push, outcomes, pages, receipts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.config import VERSION
from app.domain.clock import flatten, unflatten
from app.errors import (
    AgencyGarbled,
    AgencyUnreachable,
    ReplicaFork,
    RequestTooLarge,
    TokenRevoked,
    WrongAgency,
)
from app.models import incoming, journal, outbox, rereading
from app.models.incoming import Arrived
from app.models.store import Store
from app.sync.agency import Agency, Interruptible
from app.sync.report import Progress, ProgressListener, Report, Stage
from app.sync.translate import translate
from app.sync.wire import MAX_CHANGES, SyncReply, SyncRequest

MAX_BYTES = 1_000_000
PAGE = 1000
"""Rows asked for at once; the store takes them fifty at a time."""
MAX_ROUNDS = 100_000


@dataclass(slots=True)
class _Exchange:
    """What one exchange remembers between its requests."""

    report: Report = field(default_factory=Report)
    arrived: Arrived = field(default_factory=Arrived)
    after: int = 0
    waiting: int = 0
    sent: int = 0
    batch: int = MAX_CHANGES
    page: int = PAGE
    complete: bool = False
    recognised: bool = False
    """Whether the agency has said who it is in this exchange."""
    dealt: dict[int, int] = field(default_factory=dict)
    """How far each own replica's changes have got an outcome: only those may be let go."""


class Engine:
    """Exchanges with one agency. One exchange at a time; may be cancelled between requests.

    Every request is safe to repeat: changes are known by (replica, n), rows are merged, cursors move
    in the transaction that stores the rows. Hence nothing here needs to be undone after a failure.
    """

    def __init__(self, store: Store, agency: Agency, page: int = PAGE, batch: int = MAX_CHANGES) -> None:
        """Rows asked for and changes sent at once: at most `page` and `batch`."""
        self._store = store
        self._agency = agency
        self._page = page
        self._batch = batch

    def sync(
        self,
        listener: ProgressListener = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Report:
        """Pushes what waits, pulls what is new, stores receipts.

        Raises:
            AgencyUnreachable, AgencyRefused, AgencyGarbled: what was done until then stays done.
        """
        run = _Exchange(batch=self._batch, page=self._page)
        rereading.rewind(self._store, VERSION)
        run.waiting = outbox.next_batch(self._store, 1, 1).waiting
        questions = journal.open_questions(self._store)
        listener(Progress(Stage.CONNECT, 0, run.waiting, 0))
        try:
            while run.report.rounds < MAX_ROUNDS:
                if cancelled():
                    run.report.cancelled = True
                    break
                if not self._round(run, listener):
                    run.complete = True
                    break
        finally:
            self._close(run, questions)
        listener(Progress(Stage.DONE, run.sent, run.waiting, len(run.arrived.keys)))
        return run.report

    def abort(self) -> None:
        """Breaks off a request under way, from any thread; the exchange ends with AgencyUnreachable."""
        if isinstance(self._agency, Interruptible):
            self._agency.abort()

    def _round(self, run: _Exchange, listener: ProgressListener) -> bool:
        """One request and what follows from its reply; whether another is needed."""
        request, last, waiting = self._request(run)
        stage = Stage.PUSH if request.changes else Stage.PULL
        listener(Progress(stage, run.sent, run.waiting, len(run.arrived.keys)))
        if request.changes and not run.recognised:
            # Before the first word leaves: another agency may answer at this address by now.
            self._check_agency(self._agency.about().agency)
            run.recognised = True
        try:
            reply = self._agency.sync(request)
        except (RequestTooLarge, AgencyUnreachable) as error:
            self._shrink(run, request, error)
            return True
        except TokenRevoked:
            # Another agency does not know our token either, and its remedy is another one.
            self._check_agency(self._agency.about().agency)
            raise
        run.report.rounds += 1
        run.batch = min(self._batch, run.batch * 2)
        self._check_agency(reply.agency)
        if reply.reset:
            self._begin_epoch(run, reply)
            return True
        progressed = self._take_outcomes(run, request, reply)
        run.after = last if progressed else run.after
        self._take_pages(run, reply)
        gaps = self._fill_gaps(run, reply)
        if reply.more:
            return True
        still_to_send = gaps or (bool(request.changes) and waiting > len(request.changes) and progressed)
        listener(Progress(Stage.RECEIPT, run.sent, run.waiting, len(run.arrived.keys)))
        self._take_receipts(run, reply)
        return still_to_send

    def _request(self, run: _Exchange) -> tuple[SyncRequest, int, int]:
        standing = outbox.standing(self._store)
        batch = outbox.next_batch(self._store, run.batch, MAX_BYTES, run.after)
        request = SyncRequest(
            app_version=VERSION,
            epoch=standing.membership.epoch,
            replicas=list(standing.replicas),
            changes=list(batch.changes),
            cursors=standing.cursors,
            receipted=flatten(standing.receipted),
            texts=outbox.text_versions(self._store) if standing.cursors and not run.report.rounds else {},
            limit=run.page,
            client_time=datetime.fromtimestamp(self._store.clock() / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        return request, batch.last, batch.waiting

    def _shrink(self, run: _Exchange, request: SyncRequest, error: Exception) -> None:
        """Halves the batch after a time-out or "too large"; gives up when it cannot get smaller."""
        size = len(request.changes)
        smaller = isinstance(error, RequestTooLarge) or getattr(error, "code", "") == "agency_timeout"
        if not smaller or size <= 1:
            raise error
        run.batch = max(1, size // 2)

    def _check_agency(self, found: str) -> None:
        known = outbox.standing(self._store).membership.agency
        if known and found != known:
            raise WrongAgency(expected=known, found=found)

    def _begin_epoch(self, run: _Exchange, reply: SyncReply) -> None:
        accepted = _vector(reply.accepted)
        run.report.resent += incoming.begin_epoch(self._store, reply.epoch, accepted)
        run.after = 0
        run.waiting = outbox.next_batch(self._store, 1, 1).waiting
        journal.note(self._store, "agency.restored", {"again": run.report.resent})

    def _take_outcomes(self, run: _Exchange, request: SyncRequest, reply: SyncReply) -> bool:
        """Marks what was refused; whether everything sent was dealt with."""
        refused = [(o.replica, o.n, o.reason) for o in reply.outcomes if o.outcome == "quarantined"]
        if refused:
            keys = incoming.quarantine(self._store, refused)
            run.report.quarantined += len(refused)
            journal.note_records(self._store, "change.quarantined", keys, {"reason": refused[0][2]})
        for outcome in reply.outcomes:
            if outcome.outcome == "fork":
                raise ReplicaFork(str(outcome.replica), outcome.n)
        dealt = [o for o in reply.outcomes if o.outcome in ("applied", "known", "quarantined")]
        run.sent += len(dealt)
        for outcome in dealt:
            run.dealt[outcome.replica] = max(outcome.n, run.dealt.get(outcome.replica, 0))
        return len(dealt) >= len(request.changes)

    def _fill_gaps(self, run: _Exchange, reply: SyncReply) -> bool:
        """Makes ready what the agency lacks although we thought it had it; whether there is something."""
        again = 0
        for outcome in reply.outcomes:
            if outcome.outcome == "expected" and outcome.n:
                again += incoming.send_again(self._store, outcome.replica, outcome.n - 1)
        run.report.resent += again
        if again:
            run.after = 0
        return again > 0

    def _take_pages(self, run: _Exchange, reply: SyncReply) -> None:
        incoming.learn_authors(self._store, [(a.replica, a.person, a.device, a.ags) for a in reply.authors])
        grant = reply.grant
        run.arrived.gone |= incoming.take_grant(self._store, grant.role, grant.ags, grant.workshops, grant.scopes)
        found = translate(reply)
        run.report.garbled += [key for key in found.garbled if key not in run.report.garbled]
        rereading.remember(self._store, ((e.scope, e.seq) for e in found.unread))
        incoming.take_steps(self._store, found.steps, run.arrived, reply.epoch)
        cursors = {s: n for s, n in reply.cursors.items() if s in grant.scopes}
        incoming.move_cursors(self._store, cursors, reply.epoch)
        if reply.more and not reply.feed:
            raise AgencyGarbled(reason="no_progress")

    def _take_receipts(self, run: _Exchange, reply: SyncReply) -> None:
        receipts = [(r.no, r.replica, r.n, r.at) for r in reply.receipts]
        # A reply lost earlier may have told of changes that wait: none counts before its outcome is known.
        accepted = {r: min(n, run.dealt.get(r, 0)) for r, n in _vector(reply.accepted).items()}
        confirmed = incoming.confirm(self._store, accepted, receipts)
        run.report.confirmed += confirmed.changes
        run.report.receipts += [no for no in confirmed.receipts if no not in run.report.receipts]
        journal.note_sent(self._store, confirmed.keys, confirmed.receipts)

    def _close(self, run: _Exchange, questions_before: int) -> None:
        report, arrived = run.report, run.arrived
        report.new, report.changed, report.gone = len(arrived.new), len(arrived.changed), len(arrived.gone)
        report.questions = max(0, journal.open_questions(self._store) - questions_before)
        journal.note_received(self._store, arrived)
        if run.complete:
            journal.note_done(self._store, report.confirmed, report.new + report.changed, report.receipts)


def _vector(flat: Sequence[int]) -> dict[int, int]:
    try:
        return unflatten(flat)
    except ValueError as error:
        raise AgencyGarbled(reason="shape", at="accepted") from error
