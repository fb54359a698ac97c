"""One exchange with the agency, top to bottom like the protocol: push, outcomes, pages, receipts."""

from __future__ import annotations

from collections.abc import Callable

from app.config import VERSION
from app.errors import AgencyGarbled, AgencyUnreachable, ReplicaFork, RequestTooLarge, TokenRevoked
from app.models import auditing, indexing, letters, outbox, rereading
from app.models.queries.attachments import any_files
from app.models.queries.reader import Reader
from app.models.store import Store
from app.sync.agency import Acquainted, Agency, Attentive, Filed, Files, Interruptible
from app.sync.audit import Audit
from app.sync.blobs import FileExchange
from app.sync.exchange import PAGE, Exchange, check_recent
from app.sync.first_reading import read_first
from app.sync.hall.carry import hand_in, renew_pass
from app.sync.membership import renew_token
from app.sync.preview import Preview, look_ahead
from app.sync.report import Progress, ProgressListener, Report, Stage
from app.sync.wire import MAX_CHANGES, SyncRequest, WaitReply, WaitRequest

MAX_ROUNDS = 100_000


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
        with self._store.exchanging:
            return self._sync(listener, cancelled)

    def _sync(self, listener: ProgressListener, cancelled: Callable[[], bool]) -> Report:
        run = Exchange(self._store, self._page, self._batch)
        rereading.rewind(self._store, VERSION)
        run.begin()
        run.compares = run.takes_echoes = True
        audit = Audit(run, self._agency, auditing.is_due(self._store))
        listener(Progress(Stage.CONNECT, 0, run.waiting, 0))
        try:
            hand_in(self._store, self._agency, lambda: self._recognise(run))
            self._read_first(run, listener, cancelled)
            while run.report.rounds < MAX_ROUNDS:
                if cancelled():
                    run.report.cancelled = True
                    break
                if not self._round(run, audit, listener):
                    run.complete = True
                    break
            indexing.complete(self._store, cancelled=cancelled)
        finally:
            run.close()
        if run.complete:
            renew_token(self._store, self._agency)
            renew_pass(self._store, self._agency)
            if run.report.confirmed:
                letters.forget_entrusted(self._store)
            self._exchange_files(run.report, listener, cancelled)
        listener(Progress(Stage.DONE, run.sent, run.waiting, run.received))
        return run.report

    def _exchange_files(self, report: Report, listener: ProgressListener, cancelled: Callable[[], bool]) -> None:
        """Attachments' bytes, where agency and profile have a place for them; an edit calls back to the records."""
        blobs, agency = self._store.blobs, self._agency
        if blobs is None or not any_files(Reader(self._store.engine)) or not isinstance(agency, Files):
            return
        newest = outbox.newest(self._store)
        exchange = FileExchange(self._store, blobs, agency)
        report.files = exchange.run(listener, cancelled, lambda: outbox.newest(self._store) != newest)

    def look_ahead(self) -> Preview:
        """What the next exchange would bring; nothing is taken.

        Raises:
            AgencyUnreachable, AgencyRefused, AgencyGarbled: nobody can say.
        """
        return look_ahead(self._store, self._agency)

    def abort(self) -> None:
        """Breaks off a request under way, from any thread; the exchange ends with AgencyUnreachable."""
        if isinstance(self._agency, Interruptible):
            self._agency.abort()

    def another(self) -> Engine:
        """An engine for the same profile over a line of its own, if the agency can be reached more than once."""
        return Engine(self._store, self._agency.another()) if isinstance(self._agency, Attentive) else self

    def wait(self, seconds: int) -> WaitReply | None:
        """Asks the agency to say when there is something new; None if it cannot be asked that.

        Raises:
            AgencyUnreachable, AgencyRefused, AgencyGarbled: nothing is known then.
        """
        if not isinstance(self._agency, Attentive):
            return None
        standing = outbox.standing(self._store)
        asked = WaitRequest(epoch=standing.membership.epoch, cursors=standing.cursors, seconds=seconds)
        return self._agency.wait(asked)

    def has(self, told: WaitReply) -> bool:
        """Whether a sync has brought meanwhile all that the agency spoke of."""
        cursors = outbox.standing(self._store).cursors
        return not told.renewed and all(cursors.get(scope, 0) >= seq for scope, seq in told.news.items())

    def _read_first(self, run: Exchange, listener: ProgressListener, cancelled: Callable[[], bool]) -> None:
        """What was never read comes in files, as far as the agency has them; the rest comes in pages."""
        if not isinstance(self._agency, Filed):
            return

        def told(received: int, expected: int) -> None:
            listener(Progress(Stage.PULL, run.sent, run.waiting, received, expected))

        try:
            read_first(run, self._agency, lambda: self._recognise(run), told, cancelled)
        except TokenRevoked:
            run.check_agency(self._agency.about().agency)
            raise

    def _round(self, run: Exchange, audit: Audit, listener: ProgressListener) -> bool:
        """One request and what follows from its reply; whether another is needed."""
        asked = run.ask(audit.due)
        request = asked.request
        stage = Stage.PUSH if request.changes else Stage.PULL
        listener(Progress(stage, run.sent, run.waiting, run.received))
        if request.changes:
            self._recognise(run)
        try:
            reply = self._agency.sync(request)
        except (RequestTooLarge, AgencyUnreachable) as error:
            self._shrink(run, request, error)
            return True
        except ReplicaFork as fork:
            run.part_with(fork)
            return True
        except TokenRevoked:
            # Another agency does not know our token either, and its remedy is another one.
            run.check_agency(self._agency.about().agency)
            raise
        run.report.rounds += 1
        run.batch = min(self._batch, run.batch * 2)
        run.check_agency(reply.agency)
        if reply.reset:
            run.begin_epoch(reply)
            return True
        check_recent(request, reply)
        progressed = run.take_outcomes(reply) >= len(request.changes)
        run.after = asked.last if progressed else run.after
        taken = run.take_pages(reply)
        gaps = run.fill_gaps(reply)
        if not taken:
            return True
        if reply.more:
            if not reply.feed:
                raise AgencyGarbled(reason="no_progress")
            return True
        still_to_send = gaps or (bool(request.changes) and asked.waiting > len(request.changes) and progressed)
        listener(Progress(Stage.RECEIPT, run.sent, run.waiting, run.received))
        run.take_receipts(reply)
        return still_to_send or audit.examine(reply)

    def _recognise(self, run: Exchange) -> None:
        """Before the first word leaves: another agency may answer at this address by now.

        On a line on which ours has named itself and that is still open nobody else can, so asking again
        would only cost a round trip (ADR 0017).
        """
        if run.recognised:
            return
        if not (isinstance(self._agency, Acquainted) and run.known and self._agency.acquaintance() == run.known):
            run.check_agency(self._agency.about().agency)
        run.recognised = True

    def _shrink(self, run: Exchange, request: SyncRequest, error: Exception) -> None:
        """Halves the batch after a time-out or "too large"; gives up when it cannot get smaller."""
        size = len(request.changes)
        smaller = isinstance(error, RequestTooLarge) or getattr(error, "code", "") == "agency_timeout"
        if isinstance(error, RequestTooLarge) and not size:
            raise AgencyUnreachable(reason="413") from error  # a question alone is never too large: the way is broken
        if not smaller or size <= 1:
            raise error
        run.batch = max(1, size // 2)
