"""Letters in the hall: one's own, made from time to time, and those of others that lie here."""

from __future__ import annotations

import base64
import binascii
import hashlib
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from app.domain.clock import includes
from app.errors import AgencyGarbled, HallRefused, UnreadableFile
from app.models import letters, outbox
from app.models.letters import TAKEN, Letter
from app.models.store import Store
from app.sync.carry_wire import MAX_LETTER
from app.sync.courier.sealed import Direction, open_sealed
from app.sync.courier.write import seal_letter
from app.sync.hall.carry import own_word
from app.sync.hall.trust import Admission, author_of
from app.sync.hall.wire import MAX_DEVICES, Said
from app.sync.signed import Pass, Signed, Word

LETTER_EVERY = 10.0
"""Seconds between two own letters while somebody writes: each holds everything without a receipt."""
SHARE = 20
"""Making letters may take one part in so many of the time."""


@dataclass(frozen=True, slots=True)
class _Own:
    """The own letter as it was last sealed, and the last own change that it was sealed after."""

    note: Signed
    word: Word
    sealed: bytes
    newest: int


class Post:
    """What one device says, keeps and gives on of letters. Thread-safe."""

    def __init__(
        self,
        store: Store,
        admission: Admission,
        every: float = LETTER_EVERY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._admission, self._clock = store, admission, clock
        self._every = every
        self._lock = threading.Lock()
        self._word: tuple[int, Signed] | None = None
        self._own: _Own | None = None
        self._next = 0.0
        self._notes: dict[str, tuple[Said, Pass, Word]] = {}
        self._entrusted: dict[str, str] = {}

    @property
    def _me(self) -> str:
        return self._admission.own.shown.signing

    def prepare(self, now: bool = False) -> None:
        """Seals a new own letter if there is something that the last one does not hold, and time for it.

        Args:
            now: do not wait, as before leaving.
        """
        with self._lock:
            newest = outbox.newest(self._store)
            if self._own is not None and self._own.newest == newest:
                return
            begun = self._clock()
            if (not now and begun < self._next) or not outbox.count_waiting(self._store):
                return
            # Looked at first: whatever is written meanwhile may be in the letter, too, but is not promised.
            vector = letters.own_vector(self._store)
            sealed, changes = seal_letter(self._store)
            self._next = self._clock() + max(self._every, SHARE * (self._clock() - begun))
            if len(sealed) > MAX_LETTER:
                return  # by courier file then; the words are in the others' records meanwhile
            note = own_word(self._store, self._admission.own.secret, vector, sealed, changes)
            self._own = _Own(note, Word.model_validate_json(note.told), sealed, newest)

    def statements(self) -> list[Said]:
        """What this device says of itself, then what others have said whose letters or words lie here."""
        newest = outbox.newest(self._store)
        if self._word is None or self._word[0] != newest:
            self._word = (newest, own_word(self._store, self._admission.own.secret))
        own = self._own
        said = [Said(passport=self._admission.own.signed, word=self._word[1], note=own.note if own else None)]
        for kept in letters.letters(self._store):
            if len(said) < MAX_DEVICES and kept.author.device != self._me:
                said.append(_said_of(kept))
        return said

    def hear(self, told: Sequence[Said]) -> None:
        """Keeps what devices say of themselves; what does not count here is left out."""
        known = {kept.author.device: kept for kept in letters.letters(self._store)}
        for said in told:
            try:
                shown, word, note = self._admission.read(said)
            except (HallRefused, AgencyGarbled):
                continue  # of another town, or no longer to be believed: none of ours to carry
            before = known.get(shown.signing)
            passport, announced = _bytes(said.passport), _bytes(said.word)
            if before is None or not includes(_covers(before.announced), word.covers):
                letters.keep_word(self._store, author_of(shown), passport, announced)
            former = self._notes.get(shown.signing)
            if note is not None and (former is None or includes(note.covers, former[2].covers)):
                self._notes[shown.signing] = (said, shown, note)

    def has(self) -> dict[str, str]:
        """The letters that lie here, the own one among them: device -> SHA-256."""
        own = self._own
        found = {self._me: own.word.sha} if own else {}
        for kept in letters.letters(self._store):
            if kept.has_body and kept.note and len(found) < MAX_DEVICES:
                found[kept.author.device] = _word(kept.note).sha
        return found

    def note_keeper(self, keeper: Pass, has: Mapping[str, str]) -> None:
        """Another device tells which letters lie there; if it has the own one, people are told so."""
        own = self._own
        if own is None or has.get(self._me) != own.word.sha or self._entrusted.get(keeper.signing) == own.word.sha:
            return
        letters.entrust(self._store, author_of(keeper), own.word.sha, own.word.covers)
        self._entrusted[keeper.signing] = own.word.sha

    def wanted(self, has: Mapping[str, str]) -> list[str]:
        """Devices whose letters lie there, and are newer than what lies here."""
        kept = {each.author.device: each for each in letters.letters(self._store)}
        found = []
        for device, sha in has.items():
            _, _, note = self._notes.get(device, (None, None, None))
            if device == self._me or note is None or note.sha != sha or note.size > MAX_LETTER:
                continue
            held = kept.get(device)
            if held is None or not held.note or not includes(_covers(held.note), note.covers):
                found.append(device)
        return found

    def letter(self, device: str) -> bytes:
        """The sealed letter of a device, b"" if it does not lie here."""
        own = self._own
        if device == self._me:
            return own.sealed if own else b""
        return letters.body(self._store, device)

    def take(self, device: str, told: str) -> bool:
        """Keeps a letter (base64) whose author has spoken of it; on the disk when this returns True."""
        said, shown, note = self._notes.get(device, (None, None, None))
        if said is None or shown is None or note is None or said.note is None:
            return False
        try:
            sealed = base64.b64decode(told, validate=True)
        except (ValueError, binascii.Error):
            return False
        if hashlib.sha256(sealed).hexdigest() != note.sha or not self._is_letter(sealed, bytes.fromhex(device)):
            return False
        author = author_of(shown)
        letters.keep_letter(self._store, author, _bytes(said.passport), _bytes(said.note), sealed, note.changes)
        return True

    def _is_letter(self, sealed: bytes, writer: bytes) -> bool:
        """Whether it is a courier file of this writer to our agency, whole."""
        with tempfile.TemporaryDirectory(prefix="masswerk-") as folder:
            path = Path(folder) / "letter"
            path.write_bytes(sealed)
            try:
                found = open_sealed(path, Direction.TO_AGENCY)
                found.check()
            except UnreadableFile:
                return False
        return found.writer == writer and found.reader == self._admission.own.agency.sealing


def _said_of(kept: Letter) -> Said:
    note = Signed.model_validate(orjson.loads(kept.note)) if kept.note and kept.state != TAKEN else None
    return Said(
        passport=Signed.model_validate(orjson.loads(kept.passport)),
        word=Signed.model_validate(orjson.loads(kept.announced)),
        note=note,
    )


def _bytes(signed: Signed) -> bytes:
    return orjson.dumps(signed.model_dump())


def _word(kept: bytes) -> Word:
    return Word.model_validate_json(str(orjson.loads(kept)["told"]))


def _covers(kept: bytes) -> dict[int, int]:
    return _word(kept).covers
