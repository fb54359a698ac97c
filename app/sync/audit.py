"""Comparing with the agency after a complete pull, and mending where both differ (docs/adr/0008).

Sums of digests per scope are compared; where they differ the range of ids is split until single records
are left. Those are read again and merged. What this device still knows beyond that, it offers to the
agency as a heal; what the agency does not show it any more, leaves. Nothing is ever taken over unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.domain.access import SHARED
from app.domain.digest import digest_of
from app.domain.draft import Key
from app.domain.fields import KINDS
from app.domain.ids import EntityId
from app.domain.merge import EntityState
from app.domain.packing import PackedRow, columns
from app.errors import AgencyGarbled
from app.models import auditing, epochs, journal, rereading
from app.sync.agency import Agency
from app.sync.audit_wire import (
    MAX_ASKED,
    MAX_RANGES,
    DigestRequest,
    HealRequest,
    Part,
    RecordsRequest,
)
from app.sync.exchange import Exchange
from app.sync.translate import translate
from app.sync.wire import Page, SyncReply

TRIES = 3
"""So often one exchange mends and compares again; what differs then is told, and tried again tomorrow."""
MAX_REQUESTS = 20_000
MAX_HEAL_BYTES = 1_000_000


class _Stale(Exception):
    """The epoch or the grant has changed meanwhile: the next exchange begins anew."""


@dataclass(slots=True)
class Audit:
    """The comparisons of one exchange."""

    run: Exchange
    agency: Agency
    due: bool = False
    """Whether digests are to be computed anew before they are compared: daily, and after a crash."""
    tries: int = 0
    found: set[EntityId] = field(default_factory=set)

    def examine(self, reply: SyncReply) -> bool:
        """Compares after a complete pull, and mends; whether another exchange of requests is needed."""
        wrong = self._differing(reply)
        if self.due or wrong:
            self.due = False
            auditing.recount(self.run.store)
            wrong = self._differing(reply)
        if wrong and self.tries < TRIES:
            self.tries += 1
            try:
                for scope in wrong:
                    self._mend(scope, reply.epoch)
            except _Stale:
                pass
            return True
        if wrong:
            # Tried in vain: told, and left alone until something moves or the day is over.
            self.run.report.differing += wrong
            auditing.verify(self.run.store, {scope: reply.cursors.get(scope, 0) for scope in wrong})
        self._tell()
        return self.run.end_healing(compared=bool(reply.digests))

    def _differing(self, reply: SyncReply) -> list[str]:
        """Scopes whose sums are not the agency's; those that are count as verified.

        One's own come before those that many share: only they show internal fields, and what has left them must be
        known as having left before another shows how little is to be kept of it.
        """
        known, unread = auditing.sums(self.run.store), rereading.unread(self.run.store)
        equal: dict[str, int] = {}
        wrong: list[str] = []
        for scope, (records, digest) in reply.digests.items():
            ours = known.get(scope)
            if ours is None or scope in unread or ours.seq != reply.cursors.get(scope):
                continue
            if (ours.records, ours.digest) == (records, digest):
                equal[scope] = ours.seq
            else:
                wrong.append(scope)
        auditing.verify(self.run.store, equal)
        return sorted(wrong, key=lambda scope: (scope in SHARED, scope))

    def _tell(self) -> None:
        report, store = self.run.report, self.run.store
        if self.found:
            report.differed = len(self.found)
            journal.note(store, "records.differed", {"count": report.differed})
        for code, count in (
            ("agency.healed", report.healed),
            ("agency.kept_aside", report.aside),
            ("records.swept", report.swept),
        ):
            if count:
                journal.note(store, code, {"count": count})

    # -- finding ---------------------------------------------------------------------------------

    def _mend(self, scope: str, epoch: str) -> None:
        ids = self._find(scope, epoch)
        self.found |= set(ids)
        for start in range(0, len(ids), MAX_ASKED):
            self._mend_records(scope, epoch, ids[start : start + MAX_ASKED])

    def _find(self, scope: str, epoch: str) -> list[EntityId]:
        """Ids of the records that differ."""
        held = auditing.held(self.run.store, scope)
        ranges: list[list[str]] = [["", ""]]
        found: set[EntityId] = set()
        for _ in range(MAX_REQUESTS):
            if not ranges:
                return sorted(found)
            asked, ranges = ranges[:MAX_RANGES], ranges[MAX_RANGES:]
            reply = self.agency.digest(DigestRequest(epoch=epoch, scope=scope, ranges=asked))
            if reply.stale:
                raise _Stale
            if len(reply.parts) != len(asked):
                raise AgencyGarbled(reason="shape", at="parts")
            for (low, high), part in zip(asked, reply.parts, strict=True):
                if part.ends:
                    ranges += _narrowed(held, low, high, part)
                else:
                    theirs = dict(zip(part.ids, part.digests, strict=True))
                    ours = held.within(low, high)
                    found |= {i for i in theirs.keys() | ours.keys() if theirs.get(i) != ours.get(i)}
        raise AgencyGarbled(reason="no_progress")

    # -- mending ---------------------------------------------------------------------------------

    def _mend_records(self, scope: str, epoch: str, ids: Sequence[EntityId]) -> None:
        shown, absent = self._read(scope, epoch, ids)
        offered = self._knowing_more(shown) + absent
        if not offered:
            return
        refused = self._heal(scope, epoch, offered)
        shown, absent = self._read(scope, epoch, offered)
        self.run.report.swept += auditing.sweep(self.run.store, scope, absent, self.run.arrived)
        more = set(self._knowing_more(shown)) & refused
        if more:
            yielding = [state for state in shown if state.id in more]
            self.run.arrived.changed |= auditing.yield_to(self.run.store, yielding)

    def _read(self, scope: str, epoch: str, ids: Sequence[EntityId]) -> tuple[list[EntityState], list[EntityId]]:
        """Reads records again and merges them here: (as the agency shows them, those it does not show)."""
        reply = self.agency.records(RecordsRequest(epoch=epoch, scope=scope, ids=list(ids)))
        if reply.stale:
            raise _Stale
        self.run.learn_authors(reply.authors)
        read = translate(reply)
        auditing.take_again(self.run.store, read.steps, self.run.arrived)
        told = {entry.id for entry in reply.feed}
        states = [state for step in read.steps if (state := step.shown) is not None]
        return states, [i for i in ids if i not in told]

    def _knowing_more(self, shown: Sequence[EntityState]) -> list[EntityId]:
        """Those of the records of which more is known here than the agency shows."""
        kept = auditing.digests(self.run.store, [state.id for state in shown])
        return [state.id for state in shown if kept.get(state.id) != digest_of(state)]

    def _heal(self, scope: str, epoch: str, ids: Sequence[EntityId]) -> set[EntityId]:
        """Offers what is known of these records; which of them the agency did not take."""
        former = epochs.former(self.run.store)
        refused: set[EntityId] = set()
        for pages in _pages(auditing.agency_rows(self.run.store, ids)):
            reply = self.agency.heal(HealRequest(epoch=epoch, former=former, scope=scope, pages=pages))
            if reply.stale:
                raise _Stale
            self.run.report.healed += sum(o.outcome == "merged" for o in reply.outcomes)
            refused |= {o.id for o in reply.outcomes if o.outcome == "kept"}
        self.run.report.aside += len(refused)
        return refused


def _narrowed(held: auditing.Held, low: str, high: str, part: Part) -> list[list[str]]:
    """Those parts of a range in which both ends differ."""
    found = []
    start = low
    for end, count, digest in zip(part.ends, part.counts, part.digests, strict=True):
        if held.count(start, end) != (count, digest):
            found.append([start, end])
        start = end
    if start != high:
        raise AgencyGarbled(reason="shape", at="ends")
    return found


def _pages(rows: dict[Key, PackedRow]) -> Iterator[list[Page]]:
    """Rows as pages by kind, in portions that one request carries; roots come first."""
    pages: dict[str, list[PackedRow]] = {}
    size = 0
    for (kind, _), row in rows.items():
        pages.setdefault(kind, []).append(row)
        size += len(str(row))
        if size > MAX_HEAL_BYTES:
            yield _told(pages)
            pages, size = {}, 0
    if pages:
        yield _told(pages)


def _told(pages: dict[str, list[PackedRow]]) -> list[Page]:
    return [Page(kind=kind, columns=columns(KINDS[kind]), rows=rows) for kind, rows in pages.items()]
