"""Answering a courier file: the dialogue that the network would have carried, played through at once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, select

from app.errors import UnreadableFile
from app.server import auth, courier_keys, instant
from app.server.admission import patience
from app.server.announcing import hear
from app.server.answer import Answer
from app.server.database import Database
from app.server.tables import agency as agencies
from app.server.tables import courier_key, scope_counter
from app.sync.courier.letter import MAX_MESSAGES, AnswerCover, LetterCover, pack, pack_bytes, read_messages
from app.sync.courier.sealed import MAX_FILE, Direction, open_sealed, write_sealed
from app.sync.courier_keys import PublicKeys, Secret
from app.sync.wire import Outcome, SyncRequest

_log = logging.getLogger(__name__)
_ROOM = MAX_FILE * 3 // 4
"""Bytes of news in one answer; what does not fit comes with the next."""


class Answering(Protocol):
    """What of an agency is needed to play a dialogue through."""

    database: Database

    def now(self) -> datetime:
        """This moment, by the agency's clock."""
        ...

    def answer(self, token: auth.Credential, request: SyncRequest) -> Answer:
        """Push, then read outcomes, receipts and a page of news."""
        ...


@dataclass(slots=True)
class Answered:
    """What a courier file brought, and the answer to it.

    Attributes:
        taken, known, aside: changes merged now, merged before, kept in quarantine.
        missing: (replica, n) from which on changes are lacking here; the device sends them next time.
        more: whether news are left that did not fit into the answer.
        size: bytes of the answer.
        accepted: flat vector of how far the device's changes are dealt with now.
        reset: the agency has begun anew since the file was written; nothing was taken.
    """

    device: int
    file: str
    changes: int
    taken: int = 0
    known: int = 0
    aside: int = 0
    missing: list[tuple[int, int]] = field(default_factory=list)
    more: bool = False
    size: int = 0
    accepted: list[int] = field(default_factory=list)
    reset: bool = False

    def count(self, outcomes: list[Outcome]) -> None:
        """Adds what became of one request's changes."""
        for outcome in outcomes:
            self.taken += outcome.outcome == "applied"
            self.known += outcome.outcome == "known"
            self.aside += outcome.outcome == "quarantined"
            if outcome.outcome == "expected":
                self.missing.append((outcome.replica, outcome.n))


def answer_file(service: Answering, letter: Path, answer: Path) -> Answered:
    """Takes a device's courier file and writes the answer to it; the letter itself is only read.

    The same file twice gives an answer that says the same; what was pushed before is known then.

    Raises:
        UnreadableFile: the file is damaged, foreign, for another agency, of an unknown device, or the
            answer exists already or cannot be written.
        TokenRevoked: the device was signed off. Nothing of its file was looked at.
        ReplicaFork: a copy of the profile is at work elsewhere.
        DiskFull: no answer was written; what the file brought may have been taken, so read it again.
    """
    heard = _hear(service, letter)
    told = Answered(heard.device, heard.cover.file, heard.cover.changes)
    frames = _dialogue(service, heard, told, letter)
    told.size = write_sealed(answer, Direction.TO_DEVICE, heard.secret, heard.keys, frames)
    _log.info("device %d: courier file, %d taken, %d known, %d aside", told.device, told.taken, told.known, told.aside)
    return told


def take_file(service: Answering, letter: Path) -> Answered:
    """Takes a device's courier file that another has brought; its author hears of it at the next exchange.

    Raises:
        UnreadableFile, TokenRevoked, ReplicaFork: as `answer_file`.
    """
    heard = _hear(service, letter)
    told = Answered(heard.device, heard.cover.file, heard.cover.changes)
    for request in heard.requests:
        # Nobody reads this answer: one row of news is as good as a thousand.
        reply = service.answer(heard.who, request.model_copy(update={"limit": 1}))
        told.count(reply.head.outcomes)
        told.accepted, told.reset = reply.head.accepted, reply.head.reset
        if told.reset:
            break
    return told


@dataclass(frozen=True, slots=True)
class _Heard:
    """A letter whose signature was checked."""

    secret: Secret
    device: int
    keys: PublicKeys
    who: auth.SignedBy
    cover: LetterCover
    requests: Iterator[SyncRequest]


def _hear(service: Answering, letter: Path) -> _Heard:
    sealed = open_sealed(letter, Direction.TO_AGENCY)
    secret = _secret(service)
    if sealed.reader != secret.public.sealing:
        raise UnreadableFile(letter.name, "courier_other_agency")
    with service.database.read() as connection:
        device, keys = _signer(connection, sealed.writer, letter)
    sealed.check()
    cover, requests = read_messages(sealed, secret, LetterCover, SyncRequest)
    if cover.words:
        with patience(), service.database.write() as connection:
            hear(connection, cover.words)
    return _Heard(secret, device.id, keys, auth.SignedBy(sealed.writer), cover, requests)


def answer_path(letter: Path, out: Path | None) -> Path:
    """Where the answer goes: the file named, or a name after the letter's that is free in the folder."""
    if out is not None and not out.is_dir():
        return out
    folder = out or letter.parent
    names = (f"{letter.stem}-Antwort{number}{letter.suffix}" for number in ("", *(f"-{n}" for n in range(2, 1000))))
    return next((folder / name for name in names if not (folder / name).exists()), folder / letter.name)


def _secret(service: Answering) -> Secret:
    with service.database.read() as connection:
        found = courier_keys.find(connection)
    if found is not None:
        return found
    with service.database.write() as connection:
        return courier_keys.own(connection)


def _signer(connection: Connection, signing: bytes, letter: Path) -> tuple[auth.Device, PublicKeys]:
    row = connection.execute(select(courier_key).where(courier_key.c.signing == signing)).one_or_none()
    if row is None:
        raise UnreadableFile(letter.name, "courier_stranger")
    return auth.identify(connection, auth.SignedBy(signing)), PublicKeys(bytes(row.signing), bytes(row.sealing))


def _dialogue(service: Answering, heard: _Heard, told: Answered, letter: Path) -> Iterator[bytes]:
    """The answer's frames, each made when it is written; only the cover's facts are read beforehand."""
    who, requests = heard.who, heard.requests
    request = next(requests, None)
    if request is None:
        raise UnreadableFile(letter.name, "courier_content", reason="count")
    yield pack(_cover(service, who, heard.cover, request))
    cursors, done, size = dict(request.cursors), 0, 0
    while request is not None:
        request = request.model_copy(update={"cursors": cursors})
        reply = service.answer(who, request)
        frame = pack_bytes(reply.body())
        yield frame
        done, size = done + 1, size + len(frame)
        told.count(reply.head.outcomes)
        told.more = reply.head.more
        if reply.head.reset:
            return
        cursors = reply.head.cursors
        spoken, request = request, next(requests, None)
        if request is None and reply.head.more and size < _ROOM and done < MAX_MESSAGES:
            request = spoken.model_copy(update={"changes": []})


def _cover(service: Answering, who: auth.SignedBy, letter: LetterCover, request: SyncRequest) -> AnswerCover:
    with service.database.read() as connection:
        device = auth.identify(connection, who)
        agency = connection.execute(select(agencies)).one()
        counted = connection.execute(select(scope_counter).where(scope_counter.c.scope.in_(device.grant.scopes)))
        return AnswerCover(
            file=letter.file,
            agency=agency.id,
            epoch=agency.epoch,
            asked_epoch=request.epoch,
            since={s: request.cursors.get(s, 0) for s in sorted(device.grant.scopes)},
            counters=dict.fromkeys(sorted(device.grant.scopes), 0) | {row.scope: row.seq for row in counted},
            at=instant.told(service.now()),
        )
