"""SQLite's write-ahead log read from outside: whether commits lie behind a damaged place, and mending it.

SQLite ends the log at the first frame whose checksum is wrong, without a word: that is right after a
power cut, when nothing acknowledged can stand behind it, and wrong after a flipped bit. Format:
https://sqlite.org/fileformat2.html#the_write_ahead_log
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.models.durable import has_log, log_of

_HEAD, _FRAME_HEAD = 32, 24
_LITTLE, _BIG = 0x377F0682, 0x377F0683
_VERSION = 3_007_000
PAGE = 4096
"""SQLCipher's page size; all our databases have it."""
_STEP = _FRAME_HEAD + PAGE
_Sum = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Frame:
    """One page as it was written: where it begins, its salts, whether it ends a commit."""

    at: int
    salts: bytes
    ends_commit: bool


def hides_commits(database: Path) -> bool:
    """Whether commits of the database's log would be passed over because something before them is damaged."""
    if not has_log(database):
        return False
    log = log_of(database).read_bytes()
    sound = _sound_until(log)
    salts = _salts(log)
    behind = [f for f in _frames(log) if f.at >= sound and f.salts == salts and f.ends_commit]
    # A power cut leaves at most one commit without an acknowledgement, perhaps written out of order.
    return len(behind) > 1 or (bool(behind) and not sound)


def mend(database: Path) -> None:
    """Writes the log's head and checksums anew, so that every whole frame counts again.

    For a copy from which one wants to read what can be read: whether a page itself is what was written is
    still told by the seal that SQLCipher puts on each.
    """
    if not has_log(database):
        return
    log = bytearray(log_of(database).read_bytes())
    salts = _salts(log)
    if not any(frame.salts == salts for frame in _frames(log)):
        return
    little = True
    log[:24] = struct.pack(">4I", _LITTLE, _VERSION, PAGE, 0) + salts
    running = _sum(bytes(log[:24]), (0, 0), little)
    log[24:_HEAD] = struct.pack(">2I", *running)
    # What an earlier turn left stands behind; before the last frame of this turn everything belongs to it.
    end = max(frame.at for frame in _frames(log) if frame.salts == salts) + _STEP
    for at in range(_HEAD, end, _STEP):
        log[at + 8 : at + 16] = salts
        running = _sum(bytes(log[at : at + 8]), running, little)
        running = _sum(bytes(log[at + _FRAME_HEAD : at + _STEP]), running, little)
        log[at + 16 : at + _FRAME_HEAD] = struct.pack(">2I", *running)
    log_of(database).write_bytes(log[:end])


def _sound_until(log: bytes) -> int:
    """Where the frames end that SQLite would take; 0 if it does not even take the head."""
    if not _head_is_sound(log):
        return 0
    magic = int.from_bytes(log[:4], "big")
    running: _Sum = struct.unpack(">2I", log[24:_HEAD])
    end = _HEAD
    for frame in _frames(log):
        at = frame.at
        running = _sum(log[at : at + 8], running, magic == _LITTLE)
        running = _sum(log[at + _FRAME_HEAD : at + _STEP], running, magic == _LITTLE)
        if frame.salts != log[16:24] or struct.unpack(">2I", log[at + 16 : at + _FRAME_HEAD]) != running:
            break
        end = at + _STEP
    return end


def _head_is_sound(log: bytes | bytearray) -> bool:
    """Whether SQLite would take the log's head."""
    if len(log) < _HEAD:
        return False
    magic = int.from_bytes(log[:4], "big")
    told: _Sum = struct.unpack(">2I", log[24:_HEAD])
    return magic in (_LITTLE, _BIG) and told == _sum(bytes(log[:24]), (0, 0), magic == _LITTLE)


def _frames(log: bytes | bytearray) -> Iterator[_Frame]:
    for at in range(_HEAD, len(log) - _STEP + 1, _STEP):
        yield _Frame(at, bytes(log[at + 8 : at + 16]), any(log[at + 4 : at + 8]))


def _salts(log: bytes | bytearray) -> bytes:
    """The salts of the log's present turn: those of its sound head, or what the first frames agree on.

    A sound head stands alone when the program ended after it had begun a turn and before it had written the first
    frame: all that follows is of the turn before, and lies in the database already.
    """
    if _head_is_sound(log):
        return bytes(log[16:24])
    first = [frame.salts for frame, _ in zip(_frames(log), range(3), strict=False)]
    head = bytes(log[16:24])
    if head in first or not first:
        return head
    return max(first, key=first.count)


def _sum(piece: bytes, running: _Sum, little: bool) -> _Sum:
    """SQLite's checksum, carried on over words of four bytes."""
    a, b = running
    words = struct.unpack(f"{'<' if little else '>'}{len(piece) // 4}I", piece)
    for i in range(0, len(words), 2):
        a = (a + words[i] + b) & 0xFFFFFFFF
        b = (b + words[i + 1] + a) & 0xFFFFFFFF
    return a, b
