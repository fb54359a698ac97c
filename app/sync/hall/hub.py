"""The hub: one laptop of the hall to which the others connect; it answers, and never asks.

Here is who is let in and what they are told: one workshop, to devices that have shown their pass and know
the code. `serving` puts it on the network.
"""

from __future__ import annotations

import base64
import logging
import secrets
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from app.domain.fields import SCHEMA_VERSION
from app.domain.ids import EntityId
from app.errors import HallRefused
from app.models.store import Store
from app.sync.hall.desk import HallDesk, Other
from app.sync.hall.pairing import GUEST, HUB, TRIES, Certificate, Line, new_code
from app.sync.hall.post import LETTER_EVERY
from app.sync.hall.wire import (
    ALSO,
    HALL,
    MAX_DEVICES,
    Enter,
    EnterReply,
    HallReply,
    HallRequest,
    Heard,
    Knock,
    KnockReply,
    LetterReply,
    LetterRequest,
    PartRequest,
    Person,
    Program,
    ProgramReply,
    Prove,
    ProveReply,
    ReceiptsRequest,
)
from app.sync.signed import Pass
from app.sync.wire import Page

_log = logging.getLogger(__name__)
SILENT_SECONDS = 20.0
"""After so long without a word a guest counts as away."""
MAX_KNOCKS = 32
_COMPARE_SECONDS = 10.0


@dataclass(slots=True)
class _Knock:
    """A try to come in: one nonce of both sides, and whether the code was proven."""

    line: Line
    at: float
    proven: bool = False


@dataclass(slots=True)
class Guest:
    """A device that was let in.

    Attributes:
        seen: when it spoke last, on the monotonic clock.
        schema_version: as in `Person`.
        sent: records told with reply `number`, until a request says that they were taken.
    """

    other: Other
    seen: float
    sent: dict[EntityId, int] = field(default_factory=dict)
    number: int = 0
    compared_at: float = 0.0
    schema_version: int | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Hub:
    """One workshop, open to the hall until `close`. Thread-safe.

    Raises:
        HallRefused: from the constructor: this device may not, or has no pass.
    """

    def __init__(
        self,
        store: Store,
        workshop: EntityId,
        on_change: Callable[[], None] = lambda: None,
        letter_every: float = LETTER_EVERY,
        silent: float = SILENT_SECONDS,
    ) -> None:
        """`on_change` is called, on whichever thread, when somebody comes or goes or the code changes."""
        self.desk = HallDesk(store, workshop, letter_every=letter_every)
        self.workshop = workshop
        self.code = new_code()
        self._on_change, self._silent = on_change, silent
        self._certificate = Certificate.make()
        self._lock = threading.Lock()
        self._knocks: dict[str, _Knock] = {}
        self._guests: dict[str, Guest] = {}
        self._wrong = 0

    def close(self) -> None:
        """Listens to the own store no more."""
        self.desk.close()

    @property
    def context(self) -> ssl.SSLContext:
        """By which every line is secured."""
        return self._certificate.context

    def present(self) -> list[Person]:
        """Guests that have spoken lately."""
        with self._lock:
            alive = [g for g in self._guests.values() if time.monotonic() - g.seen < self._silent]
        return [_person(g.other.shown, g.schema_version) for g in alive]

    # -- coming in -------------------------------------------------------------------------------

    def knock(self, asked: Knock) -> KnockReply:
        """Somebody is at the door."""
        if asked.hall != HALL:
            raise HallRefused("hall_version")
        nonce = secrets.token_bytes(32)
        with self._lock:
            while len(self._knocks) >= MAX_KNOCKS:
                self._knocks.pop(next(iter(self._knocks)))
            line = Line(self._certificate.fingerprint, bytes.fromhex(asked.nonce), nonce)
            self._knocks[nonce.hex()] = _Knock(line, time.monotonic())
        return KnockReply(nonce=nonce.hex())

    def prove(self, asked: Prove) -> ProveReply:
        """Somebody says that they know the code; each nonce is good for one try.

        Raises:
            HallRefused: codes "hall_code", "hall_code_renewed".
        """
        with self._lock:
            knock = self._knocks.get(asked.nonce)
            code = self.code
            if knock is None or knock.proven:
                raise HallRefused("hall_again")
            del self._knocks[asked.nonce]
        proofs = knock.line.keyed(code)
        if not proofs.holds(GUEST, asked.proof):
            self._count_wrong(code)
        with self._lock:
            self._knocks[asked.nonce] = _Knock(knock.line, knock.at, proven=True)
        own = self.desk.own
        signature = knock.line.sign(own.secret, HUB)
        return ProveReply(proof=proofs.of(HUB), passport=own.signed, signature=signature)

    def _count_wrong(self, code: str) -> None:
        with self._lock:
            self._wrong += 1
            renewed = self._wrong >= TRIES
            if renewed and self.code == code:
                self.code, self._wrong = new_code(), 0
        if renewed:
            self._on_change()
        raise HallRefused("hall_code_renewed" if renewed else "hall_code")

    def enter(self, asked: Enter) -> EnterReply:
        """Somebody who knows the code shows who they are.

        Raises:
            HallRefused: what `Admission.check` says, or "hall_stranger": the pass is not theirs, or somebody
                stands in between.
        """
        with self._lock:
            knock = self._knocks.pop(asked.nonce, None)
        if knock is None or not knock.proven:
            raise HallRefused("hall_again")
        shown = self.desk.admission.check(asked.passport)
        if not knock.line.is_signed(asked.signature, bytes.fromhex(shown.signing), GUEST):
            raise HallRefused("hall_stranger")
        session = secrets.token_hex(32)
        with self._lock:
            others = {s: g for s, g in self._guests.items() if g.other.shown.signing != shown.signing}
            if len(others) >= MAX_DEVICES - 1:
                raise HallRefused("hall_full")
            self._guests = {**others, session: Guest(Other(shown), time.monotonic())}
            self._wrong = 0
        _log.info("hall: device %d came in", shown.device)
        self._on_change()
        return EnterReply(session=session, workshop=self.workshop, also=ALSO)

    def leave(self, session: str) -> None:
        """A guest goes."""
        with self._lock:
            gone = self._guests.pop(session, None)
        if gone is not None:
            self._on_change()

    # -- exchanging ------------------------------------------------------------------------------

    def guest(self, session: str) -> Guest:
        """Raises HallRefused, code "hall_again": nobody was let in with that."""
        with self._lock:
            found = self._guests.get(session)
        if found is None:
            raise HallRefused("hall_again")
        was_away = time.monotonic() - found.seen >= self._silent
        found.seen = time.monotonic()
        if was_away:
            self._on_change()
        return found

    def exchange(self, guest: Guest, asked: HallRequest) -> HallReply:
        """Takes what a guest tells, and tells what it lacks."""
        with guest.lock:
            return self._exchange(guest, asked)

    def _exchange(self, guest: Guest, asked: HallRequest) -> HallReply:
        desk, other = self.desk, guest.other
        desk.admission.check_own()
        if guest.schema_version is None:
            guest.schema_version = 0  # whoever could have said it has done so before
        if asked.taken == guest.number:
            other.same |= guest.sent
        guest.sent, guest.number = {}, guest.number + 1
        desk.post.hear(asked.said)
        desk.learn(asked.authors)
        if asked.digests is not None:
            desk.compare(other, asked.digests)
        desk.take(other, asked.pages)
        desk.post.note_keeper(other.shown, asked.has)
        desk.post.prepare()
        compare = not other.compared
        pages: list[Page] = []
        more = False
        if other.compared:
            pages, guest.sent, more = desk.news(other)
            compare = not pages and asked.total is not None and self._differs(guest, asked.total)
        return HallReply(
            digests=desk.digests() if asked.digests is not None else None,
            pages=pages,
            more=more,
            compare=compare,
            said=desk.post.statements(),
            has=desk.post.has(),
            authors=desk.authors(),
            present=[self._me, *self.present()],
            wanted=desk.post.wanted(asked.has),
            number=guest.number,
            receipt=desk.receipts.carried().get(other.shown.signing),
        )

    def _differs(self, guest: Guest, total: list[int]) -> bool:
        """Whether both have nothing to tell and yet are not equal; looked at now and then, not in a circle."""
        now = time.monotonic()
        if total == self.desk.total() or now - guest.compared_at < _COMPARE_SECONDS:
            return False
        guest.compared_at = now
        return True

    @property
    def _me(self) -> Person:
        return _person(self.desk.own.shown, SCHEMA_VERSION)

    def program(self, guest: Guest, asked: Program) -> ProgramReply:
        """Both say which fields they know; whoever knows fewer takes part all the same."""
        guest.schema_version = asked.schema_version
        return ProgramReply(schema_version=SCHEMA_VERSION)

    def part(self, asked: PartRequest) -> LetterReply:
        """Gives one of several letters, keeps one, or says whether it is here."""
        post = self.desk.post
        if asked.letter:
            kept = post.take_part(asked.device, asked.sha, asked.letter)
            self._on_change()
            return LetterReply(kept=kept)
        if asked.give:
            return LetterReply(letter=base64.b64encode(post.part(asked.device, asked.sha)).decode())
        return LetterReply(kept=post.has_part(asked.device, asked.sha))

    def receipts(self, asked: ReceiptsRequest) -> Heard:
        """A guest has been at the agency."""
        self.desk.receipts.take(asked.receipts)
        self._on_change()
        return Heard()

    def letter(self, asked: LetterRequest) -> LetterReply:
        """Gives a letter, or keeps one."""
        post = self.desk.post
        if asked.letter:
            kept = post.take(asked.device, asked.letter)
            self._on_change()
            return LetterReply(kept=kept)
        return LetterReply(letter=base64.b64encode(post.letter(asked.device)).decode())


def _person(shown: Pass, schema_version: int | None) -> Person:
    return Person(signing=shown.signing, person=shown.person, device=shown.name, schema_version=schema_version)
