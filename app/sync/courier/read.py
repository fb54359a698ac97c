"""Reading the agency's answer: each reply goes through the same code as one that came over the network.

Time passes between a file and its answer, and answers come twice, late or not at all. Two rules keep
that harmless. An answer older than what this device has already heard changes nothing: whatever it says
was said since, or is said again. And rows are taken only where the device has read up to where they
begin, so that no cursor ever jumps over a gap; without all rows, no receipt counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.errors import UnreadableFile
from app.models import courier, journal, outbox
from app.models.store import Store
from app.sync.courier.letter import AnswerCover, read_messages
from app.sync.courier.sealed import Direction, open_sealed
from app.sync.courier.write import own_keys
from app.sync.exchange import Exchange
from app.sync.report import Report
from app.sync.wire import SyncReply


class Verdict(StrEnum):
    """What became of an answer.

    taken: all of it. repeated: an answer to this file was read before, nothing was new. overtaken: this
    device has heard newer from the agency, nothing was taken. gap: this device has lost its place (a
    restored profile), rows and receipts wait for the next file. restored: the agency was restored;
    everything it lacks waits anew.
    """

    TAKEN = "taken"
    REPEATED = "repeated"
    OVERTAKEN = "overtaken"
    GAP = "gap"
    RESTORED = "restored"


@dataclass(slots=True)
class ReadAnswer:
    """What reading one answer did.

    Attributes:
        file: the courier file it answers.
        more: the agency has further news that did not fit; the next file brings them.
    """

    file: str
    verdict: Verdict = Verdict.TAKEN
    report: Report = field(default_factory=Report)
    more: bool = False


def read_answer(store: Store, path: Path) -> ReadAnswer:
    """Takes an answer; the file itself is only read.

    Raises:
        NotAllowed: code "courier_alone" or "courier_no_keys".
        UnreadableFile: damaged, foreign, for another device, from another agency (codes "courier_…");
            nothing was changed. "courier_old_epoch": it answers to a state of the agency that is gone.
        ReplicaFork: new identities beside a copy of this profile did not end the matter.
    """
    secret, agency = own_keys(outbox.standing(store))
    sealed = open_sealed(path, Direction.TO_DEVICE)
    if sealed.writer != agency.signing:
        raise UnreadableFile(path.name, "courier_other_agency")
    if sealed.reader != secret.public.sealing:
        raise UnreadableFile(path.name, "courier_other_device")
    sealed.check()
    with store.exchanging:
        cover, replies = read_messages(sealed, secret, AnswerCover, SyncReply)
        repeated = courier.is_answered(store, cover.file)
        if _is_overtaken(store, cover, path):
            courier.keep_answered(store, cover.file, cover.at)
            return ReadAnswer(cover.file, Verdict.REPEATED if repeated else Verdict.OVERTAKEN)
        read = _take(store, cover, replies, path)
        complete = read.verdict is Verdict.TAKEN and not read.more
        courier.keep_answered(store, cover.file, cover.at, complete)
        if repeated and read.verdict is Verdict.TAKEN and not _did_something(read.report):
            read.verdict = Verdict.REPEATED
        _note(store, read)
        return read


def _is_overtaken(store: Store, cover: AnswerCover, path: Path) -> bool:
    """Whether this device has heard newer from the agency than this answer knows.

    The feeds' numbers decide, not clocks; the agency's clock only where the numbers are equal.
    """
    standing = outbox.standing(store)
    epoch = standing.membership.epoch
    if cover.agency != standing.membership.agency:
        raise UnreadableFile(path.name, "courier_other_agency")
    if cover.asked_epoch not in ("", cover.epoch) and epoch == cover.epoch:
        return True
    if epoch != (cover.asked_epoch or cover.epoch):
        raise UnreadableFile(path.name, "courier_old_epoch")
    if epoch != cover.epoch:
        return False
    shared = standing.cursors.keys() & cover.counters.keys()
    if any(cover.counters[s] < standing.cursors[s] for s in shared):
        return True
    if any(cover.counters[s] > standing.cursors[s] for s in shared):
        return False
    return cover.at < courier.told_at(store)


def _take(store: Store, cover: AnswerCover, replies: Iterator[SyncReply], path: Path) -> ReadAnswer:
    run = Exchange(store)
    read = ReadAnswer(cover.file, report=run.report)
    begins = dict(cover.since)
    run.begin()
    try:
        for reply in replies:
            run.check_agency(reply.agency)
            if reply.epoch != cover.epoch:
                raise UnreadableFile(path.name, "courier_content", reason="epoch")
            if reply.reset:
                run.begin_epoch(reply)
                read.verdict = Verdict.RESTORED
                break
            run.report.rounds += 1
            run.take_outcomes(reply)
            run.take_pages(_fitting(store, reply, begins))
            run.fill_gaps(reply)
            begins = dict(reply.cursors)
            read.more = reply.more
            if reply.more:
                continue
            if _has_read(store, reply):
                run.take_receipts(reply)
            else:
                read.verdict = Verdict.GAP
    finally:
        run.close()
    return read


def _fitting(store: Store, reply: SyncReply, begins: dict[str, int]) -> SyncReply:
    """The reply without what lies behind this device's cursors, and without scopes where a piece is missing."""
    held = outbox.standing(store).cursors
    fits = {s for s in reply.cursors if held.get(s, 0) >= begins.get(s, 0)}
    return reply.model_copy(
        update={
            "feed": [e for e in reply.feed if e.scope in fits and e.seq > held.get(e.scope, 0)],
            "cursors": {s: n for s, n in reply.cursors.items() if s in fits and n > held.get(s, -1)},
        }
    )


def _has_read(store: Store, reply: SyncReply) -> bool:
    """Whether all rows of the reply's snapshot are here: only then does its word on our changes count."""
    held = outbox.standing(store).cursors
    return all(held.get(s, 0) >= n for s, n in reply.cursors.items())


def _did_something(report: Report) -> bool:
    return bool(report.confirmed or report.quarantined or report.new or report.changed or report.gone or report.resent)


def _note(store: Store, read: ReadAnswer) -> None:
    report = read.report
    params: dict[str, str | int] = {
        "sent": report.confirmed,
        "received": report.new + report.changed,
        "receipt": max(report.receipts, default=0),
    }
    if read.verdict is not Verdict.REPEATED:
        journal.note(store, f"courier.{read.verdict.value}", params)
