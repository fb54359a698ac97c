"""One exchange with the agency as two halves: what is asked, and what a reply does here; no transport."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.config import VERSION
from app.domain.clock import flatten, unflatten
from app.domain.fields import SCHEMA_VERSION
from app.errors import AgencyGarbled, ReplicaFork, WrongAgency
from app.models import confirming, courier, epochs, handovers, incoming, journal, outbox, reissue, rereading
from app.models.arrivals import Arrived
from app.models.authors import learn_authors
from app.models.echoes import Unlike
from app.models.store import Store
from app.sync.courier_keys import Secret
from app.sync.report import Report
from app.sync.translate import translate
from app.sync.wire import MAX_CHANGES, Author, SyncReply, SyncRequest, place

MAX_BYTES = 1_000_000
MAX_FORKS = 5
"""So often a new identity may begin within one exchange."""
PAGE = 1000
"""Rows asked for at once; the store takes them fifty at a time."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, the log number of the last change in it, and how many waited when it was made."""

    request: SyncRequest
    last: int
    waiting: int


@dataclass(slots=True)
class Exchange:
    """What is remembered between requests, and what it takes to make one and to take a reply.

    The engine speaks it over the network, request by request; a courier file carries all requests at
    once and all replies back.
    """

    store: Store
    page: int = PAGE
    batch: int = MAX_CHANGES
    report: Report = field(default_factory=Report)
    arrived: Arrived = field(default_factory=Arrived)
    after: int = 0
    waiting: int = 0
    sent: int = 0
    complete: bool = False
    before: outbox.Standing | None = None
    """How things stood when it began."""
    known: str = ""
    """The agency this profile belongs to, by its id."""
    recognised: bool = False
    """Whether who answers has said that it is the known one."""
    dealt: dict[int, int] = field(default_factory=dict)
    """How far each own replica's changes have got an outcome: only those may be let go."""
    questions: int = 0
    renewed: bool = False
    """Whether own changes were issued anew and wait under other names."""
    told_at: str = ""
    """When the agency gave the last reply, by its own clock."""
    healing: epochs.Healing = epochs.Healing.NONE
    """Whether a restored agency has not been compared with yet (`models.epochs`)."""
    takes_echoes: bool = False
    """Whether the agency may answer with digests; only who can ask once more may say so."""
    compares: bool = False
    """Whether it will be: then own changes wait for that. A courier file carries them all the same."""

    @property
    def waits(self) -> bool:
        """Whether own changes wait for a comparison."""
        return self.healing is epochs.Healing.WAITS

    @property
    def received(self) -> int:
        """Records taken so far."""
        return len(self.arrived.keys) + self.arrived.counted

    def begin(self) -> None:
        """Looks at how things stand before."""
        self.waiting = outbox.count_waiting(self.store)
        self.questions = journal.open_questions(self.store)
        self.before = outbox.standing(self.store)
        self.healing = self.before.healing

    def ask(self, audit: bool = False) -> Asked:
        """The next request: what waits, how far was read, what may be proved; with `audit`, all digests."""
        standing = outbox.standing(self.store)
        self.known = standing.membership.agency
        batch = outbox.next_batch(self.store, 0 if self.waits and self.compares else self.batch, MAX_BYTES, self.after)
        epochs.note_sent(self.store, {c[0]: c[1] for c in batch.changes})
        again = {c[0] for c in batch.changes if c[1] <= standing.earlier.get(c[0], 0)}
        request = SyncRequest(
            app_version=VERSION,
            epoch=standing.membership.epoch,
            replicas=list(standing.replicas),
            changes=list(batch.changes),
            cursors=standing.cursors,
            receipted=flatten(standing.receipted),
            texts=outbox.text_versions(self.store) if standing.cursors and not self.report.rounds else {},
            limit=self.page,
            courier=self._keys(standing),
            schema_version=SCHEMA_VERSION,
            earlier=flatten({r: standing.earlier[r] for r in again}),
            audit=audit or standing.unverified,
            echoes=self.takes_echoes and bool(batch.changes),
            waiting=batch.waiting,
            client_time=datetime.fromtimestamp(self.store.clock() / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        return Asked(request, batch.last, batch.waiting)

    def check_agency(self, found: str) -> None:
        """Raises WrongAgency if the profile belongs to another agency than the one that speaks."""
        self.known = self.known or outbox.standing(self.store).membership.agency
        if self.known and found != self.known:
            raise WrongAgency(expected=self.known, found=found)

    def begin_epoch(self, reply: SyncReply) -> None:
        """The agency was restored: what it lacks waits anew."""
        accepted = _vector(reply.accepted)
        self.report.resent += epochs.begin(self.store, reply.epoch, accepted)
        self.healing = epochs.Healing.WAITS
        self.after = 0
        self.waiting = outbox.count_waiting(self.store)
        journal.note(self.store, "agency.restored", {"again": self.report.resent})

    def take_outcomes(self, reply: SyncReply) -> int:
        """Marks what was refused; how many changes were dealt with.

        Where a copy of this profile turns out to be at work elsewhere, a new identity begins, before
        anything the copy has written is taken in.
        """
        refused = [(o.replica, o.n, o.reason) for o in reply.outcomes if o.outcome == "quarantined"]
        if refused:
            keys = confirming.quarantine(self.store, refused)
            self.report.quarantined += len(refused)
            journal.note_records(self.store, "change.quarantined", keys, {"reason": refused[0][2]})
        dealt = [o for o in reply.outcomes if o.outcome in ("applied", "known", "quarantined")]
        self.sent += len(dealt)
        for outcome in dealt:
            self.dealt[outcome.replica] = max(outcome.n, self.dealt.get(outcome.replica, 0))
        for outcome in reply.outcomes:
            if outcome.outcome == "fork":
                self.renew(outcome.replica, outcome.n - 1)
                break  # the agency looked at nothing after it
        else:
            self._notice_twin(reply)
        return len(dealt)

    def _notice_twin(self, reply: SyncReply) -> None:
        accepted = _vector(reply.accepted)
        replica = reissue.outrun(self.store, accepted)
        if replica is not None:
            self.renew(replica, max(self.dealt.get(replica, 0), reissue.last_settled(self.store, replica)))

    def part_with(self, fork: ReplicaFork) -> None:
        """A replica of this profile belongs to another device at the agency: it is given up.

        Raises:
            ReplicaFork: the replica is none of ours, or this happens again and again.
        """
        replica = int(fork.replica) if fork.replica.isdigit() else 0
        if not reissue.is_own(self.store, replica):
            raise fork
        reissue.keep_known(self.store, replica)
        self.renew(replica, reissue.last_settled(self.store, replica))

    def renew(self, replica: int, after: int) -> None:
        """Goes on under a new identity; own changes of `replica` beyond `after` are issued anew."""
        if len(self.report.forked) >= MAX_FORKS:
            raise ReplicaFork(str(replica), after + 1)
        renewed = reissue.renew(self.store, replica, after)
        self.report.forked.append(replica)
        self.after, self.renewed = 0, renewed.changes > 0
        journal.note(self.store, "device.new_identity", {"again": renewed.changes})

    def fill_gaps(self, reply: SyncReply) -> bool:
        """Makes ready what the agency lacks although we thought it had it; whether there is something.

        What it has released from quarantine is told of once more, too: its outcome then settles it here.
        """
        handovers.take_verdicts(self.store, [(d.replica, d.n, d.verdict, d.note) for d in reply.decided])
        handovers.note_waiting(self.store, reply.handovers)
        again = epochs.send_released(self.store, list(zip(*[iter(reply.released)] * 2, strict=False)))
        for outcome in reply.outcomes:
            if outcome.outcome == "expected" and outcome.n:
                again += epochs.send_again(self.store, outcome.replica, outcome.n - 1)
        self.report.resent += again
        again += self.renewed
        self.renewed = False
        if again:
            self.after = 0
        return again > 0

    def take_pages(self, reply: SyncReply) -> bool:
        """Who writes, what this device may do, rows with their cursors.

        False if an echo was none of what is here: then the rows have to be asked for, from where the
        cursors stand now, and nothing that this reply proves may be believed before.
        """
        self.told_at = reply.server_time
        if reply.courier:
            courier.pin(self.store, reply.courier, reply.epoch)
        self.learn_authors(reply.authors)
        grant = reply.grant
        self.arrived.gone |= incoming.take_grant(self.store, grant.role, grant.ags, grant.workshops, grant.scopes)
        found = translate(reply)
        self.report.garbled += [key for key in found.garbled if key not in self.report.garbled]
        rereading.remember(self.store, ((e.scope, e.seq) for e in found.unread))
        try:
            incoming.take_steps(self.store, found.steps, self.arrived, reply.epoch)
        except Unlike:
            self.takes_echoes = False
            return False
        cursors = {s: n for s, n in reply.cursors.items() if s in grant.scopes}
        incoming.move_cursors(self.store, cursors, reply.epoch)
        return True

    def learn_authors(self, authors: Sequence[Author]) -> None:
        """Who writes under which replica."""
        learn_authors(self.store, [(a.replica, a.person, a.device, a.ags) for a in authors])

    def end_healing(self, *, compared: bool) -> bool:
        """Everything was read, and the agency compared with if it can be; whether own changes waited for that."""
        left, waited = epochs.Healing.NONE if compared else epochs.Healing.UNCOMPARED, self.waits
        if self.healing in (epochs.Healing.NONE, left):
            return False
        epochs.end_healing(self.store, left)
        self.healing = left
        return waited and outbox.next_batch(self.store, 1, 1).waiting > 0

    def take_receipts(self, reply: SyncReply) -> None:
        """Lets go of what the agency's word covers; only after every row of the same snapshot was taken."""
        receipts = [(r.no, r.replica, r.n, r.at) for r in reply.receipts]
        # A reply lost earlier may have told of changes that wait: none counts before its outcome is known.
        accepted = {r: min(n, self.dealt.get(r, 0)) for r, n in _vector(reply.accepted).items()}
        confirmed = confirming.confirm(self.store, accepted, receipts)
        self.report.confirmed += confirmed.changes
        self.report.receipts += [no for no in confirmed.receipts if no not in self.report.receipts]
        journal.note_sent(self.store, confirmed.keys, confirmed.receipts)

    def close(self) -> None:
        """Counts, and tells the kept log."""
        report, arrived = self.report, self.arrived
        report.new = len(arrived.new) + arrived.counted
        report.changed, report.gone = len(arrived.changed), len(arrived.gone)
        report.questions = max(0, journal.open_questions(self.store) - self.questions)
        journal.note_received(self.store, arrived)
        if self.complete:
            received = report.new + report.changed
            journal.note_done(self.store, report.confirmed, received, report.receipts, self.told_at)

    def _keys(self, standing: outbox.Standing) -> str:
        """Our public keys, until this incarnation of the agency has said that it knows them."""
        if standing.courier.epoch == standing.membership.epoch:
            return ""
        return Secret(courier.secret(self.store, Secret.make().raw)).public.told()


def check_recent(request: SyncRequest, reply: SyncReply) -> None:
    """Refuses an answer to an earlier question, as a proxy may repeat one: it would take back what was read since,
    or pass over what is to be read again.

    Raises:
        AgencyGarbled: the reply begins elsewhere than the request, or ends before it.
    """
    if reply.since and reply.since != place(request.cursors):
        raise AgencyGarbled(reason="stale")
    if any(n < request.cursors.get(scope, 0) for scope, n in reply.cursors.items()):
        raise AgencyGarbled(reason="stale")


def _vector(flat: Sequence[int]) -> dict[int, int]:
    try:
        return unflatten(flat)
    except ValueError as error:
        raise AgencyGarbled(reason="shape", at="accepted") from error
