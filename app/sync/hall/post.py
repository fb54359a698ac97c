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
from itertools import takewhile
from pathlib import Path

import orjson

from app.domain.clock import includes
from app.errors import AgencyGarbled, HallRefused, UnreadableFile
from app.models import letters, outbox
from app.models.letters import TAKEN, Letter
from app.models.store import Store
from app.sync.carry_wire import MAX_LETTER
from app.sync.courier.sealed import Direction, open_sealed
from app.sync.courier.write import SealedLetter, seal_letters
from app.sync.hall.carry import own_word, word_of
from app.sync.hall.trust import Admission, author_of
from app.sync.hall.wire import MAX_DEVICES, Said
from app.sync.signed import MAX_PARTS, Pass, Signed, Word

LETTER_EVERY = 10.0
"""Seconds between two own letters while somebody writes: each holds everything without a receipt."""
SHARE = 20
"""Making letters may take one part in so many of the time."""


@dataclass(frozen=True, slots=True)
class _Own:
    """The own letters as they were last sealed, and the last own change that they were sealed after.

    Attributes:
        under: agency's life and own identities at that time.
        covered: up to where each of the letters goes, by its SHA-256.
    """

    note: Signed
    word: Word
    letters: tuple[SealedLetter, ...]
    covered: dict[str, dict[int, int]]
    newest: int
    under: tuple[object, ...]


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
        self.most = MAX_LETTER
        """Bytes of one own letter; what does not fit goes into further ones."""
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
            standing = outbox.standing(self._store)
            under = (standing.membership.epoch, standing.replicas)
            full = self._still_good(under)
            made = (*full, *seal_letters(self._store, self.most, full[-1].last if full else 0))
            self._next = self._clock() + max(self._every, SHARE * (self._clock() - begun))
            # A single change may be too large: by courier file then, with all that follows.
            fit = list(takewhile(lambda one: len(one.sealed) <= self.most, made))[:MAX_PARTS]
            if not fit:
                return
            ends = _ends(made, vector)
            note = own_word(self._store, self._admission.own.secret, ends[len(fit) - 1], fit)
            covered = {one.sha: end for one, end in zip(fit, ends, strict=False)}
            self._own = _Own(note, Word.model_validate_json(note.told), tuple(fit), covered, newest, under)

    def _still_good(self, under: tuple[object, ...]) -> tuple[SealedLetter, ...]:
        """The full ones of several own letters: what came since stands in the last, and they need not travel again."""
        own = self._own
        if own is None or own.under != under or len(own.letters) < 2:
            return ()
        full = own.letters[:-1]
        waiting = outbox.count_waiting(self._store) - outbox.count_waiting(self._store, full[-1].last)
        return full if waiting == sum(one.changes for one in full) else ()

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
                found[kept.author.device] = word_of(kept.note).sha
        return found

    def note_keeper(self, keeper: Pass, has: Mapping[str, str]) -> None:
        """Another device tells which letters lie there; if it has the own one, people are told so."""
        own = self._own
        if own is None or has.get(self._me) != own.word.sha or self._entrusted.get(keeper.signing) == own.word.sha:
            return
        letters.entrust(self._store, author_of(keeper), own.word.covers, own.covered)
        self._entrusted[keeper.signing] = own.word.sha

    def wanted(self, has: Mapping[str, str]) -> list[str]:
        """Devices whose letters lie there, and are newer than what lies here."""
        kept = {each.author.device: each for each in letters.letters(self._store)}
        found = []
        for device, sha in has.items():
            _, _, note = self._notes.get(device, (None, None, None))
            if device == self._me or note is None or note.sha != sha:
                continue
            if not note.parts and note.size > MAX_LETTER:
                continue
            held = kept.get(device)
            if held is None or not held.note or not includes(_covers(held.note), note.covers):
                found.append(device)
        return found

    def letter(self, device: str) -> bytes:
        """The sealed letter of a device, b"" if it does not lie here."""
        own = self._own
        if device == self._me:
            return own.letters[0].sealed if own and len(own.letters) == 1 else b""
        return letters.body(self._store, device)

    def parts(self, device: str) -> list[str]:
        """Of several letters of a device their names in order, [] where one holds everything."""
        if device == self._me:
            return list(self._own.word.parts) if self._own else []
        _, _, note = self._notes.get(device, (None, None, None))
        if note is None:
            held = next((each for each in letters.letters(self._store) if each.author.device == device), None)
            note = word_of(held.note) if held and held.note else None
        return list(note.parts) if note else []

    def missing(self, device: str) -> list[str]:
        """Which of several letters of a device do not lie here; if all do, they count as come."""
        here = letters.parts_here(self._store, device)
        missing = [sha for sha in self.parts(device) if sha not in here]
        if not missing:
            self._complete(device)
        return missing

    def part(self, device: str, sha: str) -> bytes:
        """One of several letters of a device, b"" if it does not lie here."""
        if device == self._me:
            found = (one.sealed for one in (self._own.letters if self._own else ()) if one.sha == sha)
            return next(found, b"")
        return letters.part(self._store, device, sha)

    def has_part(self, device: str, sha: str) -> bool:
        """The same without reading it; where it was the last that lacked, all count as come."""
        is_here = sha in letters.parts_here(self._store, device)
        if is_here:
            self.missing(device)
        return is_here

    def take_part(self, device: str, sha: str, told: str) -> bool:
        """Keeps one of several letters (base64) of which the author has spoken; on the disk when this returns True."""
        _, _, note = self._notes.get(device, (None, None, None))
        if note is None or sha not in note.parts or (sealed := _sealed(told, sha)) is None:
            return False
        if not self._is_letter(sealed, bytes.fromhex(device)):
            return False
        letters.keep_part(self._store, device, sha, sealed)
        self.missing(device)
        return True

    def _complete(self, device: str) -> None:
        said, shown, note = self._notes.get(device, (None, None, None))
        if said is not None and shown is not None and note is not None and said.note is not None and note.parts:
            told = (_bytes(said.passport), _bytes(said.note))
            letters.keep_letter(self._store, author_of(shown), *told, b"", note.changes, note.parts)

    def take(self, device: str, told: str) -> bool:
        """Keeps a letter (base64) whose author has spoken of it; on the disk when this returns True."""
        said, shown, note = self._notes.get(device, (None, None, None))
        if said is None or shown is None or note is None or said.note is None:
            return False
        sealed = _sealed(told, note.sha)
        if sealed is None or not self._is_letter(sealed, bytes.fromhex(device)):
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


def _covers(kept: bytes) -> dict[int, int]:
    return word_of(kept).covers


def _sealed(told: str, sha: str) -> bytes | None:
    """The bytes (base64) if they are those that were meant."""
    try:
        sealed = base64.b64decode(told, validate=True)
    except (ValueError, binascii.Error):
        return None
    return sealed if hashlib.sha256(sealed).hexdigest() == sha else None


def _ends(made: Sequence[SealedLetter], vector: Mapping[int, int]) -> list[dict[int, int]]:
    """Up to where each letter goes with those before it: all that was made, but for what stands in later ones."""
    ends: list[dict[int, int]] = []
    end = dict(vector)
    for one in reversed(made):
        ends.append({replica: n for replica, n in end.items() if n > 0})
        for replica, n in one.first.items():
            end[replica] = min(end.get(replica, 0), n - 1)
    return ends[::-1]
