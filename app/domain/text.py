"""Long text that several people write at once: the text CRDT behind an interface.

Positions are code points unless a name says utf16 (Qt counts UTF-16). loro is used nowhere else; it
raises bare `BaseException`, so every call that takes foreign bytes goes through `_guarded`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, TypeVar

import loro

from app.errors import GarbledText

_CONTAINER = "t"
_TARGET = loro.ContainerID.Root(_CONTAINER, loro.ContainerType.Text())
_T = TypeVar("_T")
REMEMBERED = 16
"""One exchange reads the same few texts from row, base and wire again and again; opening one takes milliseconds."""


def _guarded(call: Callable[[], _T]) -> _T:
    try:
        return call()
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise GarbledText(reason=type(error).__name__) from error


def _open(*blobs: bytes) -> Any:
    doc = loro.LoroDoc()  # type: ignore[no-untyped-call]
    for blob in blobs:
        if blob:
            _guarded(lambda blob=blob: doc.import_(blob))  # type: ignore[misc]
    return doc


def _check_sum(update: bytes) -> None:
    _guarded(lambda: loro.LoroDoc.decode_import_blob_meta(update, True))


@lru_cache(maxsize=REMEMBERED)
def check_update(update: bytes) -> None:
    """Raises GarbledText unless `update` carries an intact checksum and decodes."""
    _check_sum(update)
    _open(update)


def _waiting(doc: Any, updates: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Those updates that `doc` could not take in yet because something written before them is missing.

    A snapshot does not carry them, so whoever folds updates into one has to keep these beside it.
    """
    there = doc.oplog_vv
    ends = ((u, loro.LoroDoc.decode_import_blob_meta(u, False).partial_end_vv) for u in updates)
    return tuple(u for u, end in ends if not there.includes_vv(end))


def _canonical(vector: Any) -> bytes:
    """What `vector.encode()` gives, but with the peers in order; loro has them as they lie in its table."""
    ends = {peer: end for peer, (_, end) in vector.to_spans().inner().items()}
    numbers = [len(ends), *(x for peer in sorted(ends) for x in (peer, 2 * ends[peer]))]
    return b"".join(_leb128(number) for number in numbers)


def _leb128(number: int) -> bytes:
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*encoded, number))


@dataclass(frozen=True, slots=True)
class TextState:
    """A text at rest: one snapshot and updates not yet folded into it, or still waiting for earlier ones."""

    snapshot: bytes = b""
    updates: tuple[bytes, ...] = ()

    def with_update(self, update: bytes) -> TextState:
        """This text and one more update.

        Raises:
            GarbledText: the update is damaged.
        """
        if update in self.updates:
            return self
        check_update(update)
        return TextState(self.snapshot, (*self.updates, update))

    def merge(self, other: TextState) -> TextState:
        """Both texts together; compare results by `text` and `version`, not by bytes."""
        if self == other or not (other.snapshot or other.updates):
            return self
        if not (self.snapshot or self.updates):
            return other
        more = [b for b in (other.snapshot, *other.updates) if b and b not in self.updates]
        return TextState(self.snapshot, (*self.updates, *more)).compacted()

    def compacted(self) -> TextState:
        """The same text as one snapshot, and beside it only updates that came before their predecessors."""
        return _compacted(self) if self.updates else self

    @property
    def text(self) -> str:
        """What it says."""
        return _text_of(self)

    @property
    def version(self) -> bytes:
        """Encoded vector of all operations in it, for `since`; equal for equal operations."""
        return _version_of(self)

    def since(self, version: bytes) -> bytes:
        """One update with everything that whoever is at `version` lacks.

        Raises:
            GarbledText: `version` does not decode.
        """
        known = _guarded(lambda: loro.VersionVector.decode(version))
        return bytes(self._doc().export(loro.ExportMode.Updates(known)))

    def _doc(self) -> Any:
        return _open(self.snapshot, *self.updates)


@lru_cache(maxsize=REMEMBERED)
def _compacted(state: TextState) -> TextState:
    doc = state._doc()
    waiting = _waiting(doc, state.updates)
    if waiting == state.updates:
        return state
    return TextState(bytes(doc.export(loro.ExportMode.Snapshot())), waiting)


@lru_cache(maxsize=REMEMBERED)
def _text_of(state: TextState) -> str:
    return str(state._doc().get_text(_CONTAINER).to_string())


@lru_cache(maxsize=REMEMBERED)
def _version_of(state: TextState) -> bytes:
    return _canonical(state._doc().oplog_vv)


@dataclass(frozen=True, slots=True)
class Patch:
    """At code point `position`, `deleted` code points went and `inserted` came."""

    position: int
    deleted: int
    inserted: str


class TextDoc:
    """A text being written by one person while others' updates come in. Not thread-safe."""

    def __init__(self, state: TextState, peer: int) -> None:
        self._doc: Any = _open(state.snapshot, *state.updates)
        self._doc.peer_id = peer
        self._text: Any = self._doc.get_text(_CONTAINER)
        self._told = self._doc.oplog_vv
        self._waiting = _waiting(self._doc, state.updates)

    @property
    def text(self) -> str:
        return str(self._text.to_string())

    @property
    def length(self) -> int:
        """Length in code points."""
        return int(self._text.len_unicode)

    def insert(self, position: int, text: str) -> None:
        """Insert at a code point; raises IndexError beyond the end."""
        if not 0 <= position <= self.length:
            raise IndexError(position)
        self._text.insert(position, text)

    def delete(self, position: int, length: int) -> None:
        """Delete code points; raises IndexError beyond the end."""
        if position < 0 or length < 0 or position + length > self.length:
            raise IndexError(position + length)
        if length:
            self._text.delete(position, length)

    def splice_utf16(self, position: int, deleted: int, inserted: str) -> None:
        """What a Qt document reports: UTF-16 positions that never cut a character in half.

        Raises:
            IndexError: beyond the end, or inside a character; nothing was changed.
            UnicodeEncodeError: `inserted` holds half a character; nothing was changed.
        """
        if position < 0 or deleted < 0 or position + deleted > int(self._text.len_utf16):
            raise IndexError(position + deleted)
        inserted.encode()
        try:
            if deleted:
                _guarded(lambda: self._text.delete_utf16(position, deleted))
            if inserted:
                _guarded(lambda: self._text.insert_utf16(position, inserted))
        except GarbledText:
            raise IndexError(position) from None

    def replace_all(self, text: str) -> None:
        """Make the text read `text`, touching only what differs.

        Raises:
            UnicodeEncodeError: `text` holds half a character; nothing was changed.
        """
        text.encode()
        old = self.text
        for i1, i2, j1, j2 in reversed(_differences(old, text)):
            self.delete(i1, i2 - i1)
            self.insert(i1, text[j1:j2])

    def take_update(self) -> bytes | None:
        """Everything written here or received since the last call, or None if nothing was."""
        self._doc.commit()
        now = self._doc.oplog_vv
        if now == self._told:
            return None
        update = bytes(self._doc.export(loro.ExportMode.Updates(self._told)))
        self._told = now
        return update

    def receive(self, state: TextState) -> list[Patch]:
        """Take in what others wrote; returns the patches to play into an editor, in order.

        Raises:
            GarbledText: the foreign bytes are damaged; nothing of them was taken.
        """
        blobs = tuple(b for b in (state.snapshot, *state.updates) if b)
        for blob in blobs:
            _check_sum(blob)
        unsent = self.has_update()
        patches: list[Patch] = []
        subscription = self._doc.subscribe_root(lambda event: patches.extend(_patches(event)))
        try:
            for blob in blobs:
                _guarded(lambda blob=blob: self._doc.import_(blob))  # type: ignore[misc]
        finally:
            subscription.unsubscribe()
        self._waiting = _waiting(self._doc, tuple(dict.fromkeys((*self._waiting, *blobs))))
        if not unsent:
            self._told = self._doc.oplog_vv
        return patches

    def has_update(self) -> bool:
        """Whether something written here has not been taken by `take_update` yet."""
        self._doc.commit()
        return bool(self._doc.oplog_vv != self._told)

    def state(self) -> TextState:
        """The text at rest."""
        self._doc.commit()
        return TextState(bytes(self._doc.export(loro.ExportMode.Snapshot())), self._waiting)


def _patches(event: Any) -> list[Patch]:
    """Quill-style deltas of one event -> patches applicable one after the other.

    Foreign bytes may hold more containers than our text; what happens in those is nobody's business.
    """
    found: list[Patch] = []
    for container in event.events:
        if container.target != _TARGET:
            continue
        position = 0
        for delta in container.diff.diff:
            if type(delta).__name__.endswith("Retain"):
                position += delta.retain
            elif type(delta).__name__.endswith("Insert"):
                found.append(Patch(position, 0, delta.insert))
                position += len(delta.insert)
            else:
                found.append(Patch(position, delta.delete, ""))
    return found


_GRAINS = (re.compile(r"[^\n]*\n|[^\n]+"), re.compile(r"\s*\w+|\s*[^\w\s]|\s+"), re.compile(r"(?s)."))
"""Lines, words, characters."""
_TOO_MANY_ITEMS = 10_000
_TOO_MANY_PAIRS = 300_000

_Span = tuple[int, int, int, int]


def _differences(old: str, new: str) -> list[_Span]:
    """Spans of old and new that differ: changed lines by their words, those by their characters."""
    start = 0
    limit = min(len(old), len(new))
    while start < limit and old[start] == new[start]:
        start += 1
    end = 0
    while end < limit - start and old[len(old) - 1 - end] == new[len(new) - 1 - end]:
        end += 1
    return _refined(old[start : len(old) - end], new[start : len(new) - end], start, start, 0)


def _refined(old: str, new: str, i: int, j: int, grain: int) -> list[_Span]:
    """Spans that differ between two pieces that begin at `i` of the old and `j` of the new text."""
    if not old or not new or grain == len(_GRAINS):
        return [(i, i + len(old), j, j + len(new))] if old or new else []
    a, b = _GRAINS[grain].findall(old), _GRAINS[grain].findall(new)
    found: list[_Span] = []
    for tag, i1, i2, j1, j2 in _opcodes(a, b):
        was, now = "".join(a[i1:i2]), "".join(b[j1:j2])
        if tag != "equal":
            found += _refined(was, now, i, j, grain + 1)
        i, j = i + len(was), j + len(now)
    return found


def _opcodes(a: list[str], b: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Opcodes of difflib, or one replacement where it would take seconds."""
    in_b = Counter(b)
    pairs = sum(n * in_b[item] for item, n in Counter(a).items())
    if len(a) + len(b) > _TOO_MANY_ITEMS or pairs > _TOO_MANY_PAIRS:
        return [("replace", 0, len(a), 0, len(b))]
    return list(SequenceMatcher(None, a, b, autojunk=False).get_opcodes())


@dataclass(frozen=True, slots=True)
class Overlap:
    """One paragraph that two people changed without knowing of each other."""

    base: str
    mine: str
    theirs: str


def overlaps(mine: TextState, theirs: TextState) -> list[Overlap]:
    """Paragraphs edited on both sides since their last common version.

    The merged text keeps every character; a person should still read these paragraphs once.
    """
    both = _open(mine.snapshot, *mine.updates, theirs.snapshot, *theirs.updates)
    common = mine._doc().oplog_vv.intersection(theirs._doc().oplog_vv)
    fork = both.fork_at(both.vv_to_frontiers(common))
    base = str(fork.get_text(_CONTAINER).to_string()).split("\n")
    left, right = mine.text.split("\n"), theirs.text.split("\n")
    in_left, in_right = _replaced(base, left), _replaced(base, right)
    return [
        Overlap(base[i], in_left[i], in_right[i])
        for i in sorted(in_left.keys() & in_right.keys())
        if in_left[i] != in_right[i]
    ]


def _replaced(base: list[str], new: list[str]) -> dict[int, str]:
    """Index of each changed base paragraph -> the paragraphs that stand in its place."""
    changed: dict[int, str] = {}
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, base, new, autojunk=False).get_opcodes():
        if tag == "replace" and i2 - i1 == j2 - j1:
            changed.update(zip(range(i1, i2), new[j1:j2], strict=True))
        elif tag in ("replace", "delete"):
            changed.update((i, "\n".join(new[j1:j2])) for i in range(i1, i2))
    return changed
