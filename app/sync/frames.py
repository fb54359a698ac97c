"""The file of a first reading: frames one after the other, each readable by itself, chained by their hashes.

A frame is four bytes of length, the chain's hash, and JSON in zstd. The hash covers everything up to and
including the frame, so that a reading that goes on at any frame still proves the whole file, whose name is
the last hash. A frame holds one of: rows of one kind with their feed numbers, records that left the scope,
or who writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import zstandard

from app.errors import AgencyGarbled
from app.sync.wire import MAX_BODY, decode_bytes

CHAIN = 32
"""Bytes of a chain's hash."""
BEGIN = bytes(CHAIN)
"""The chain before the first frame."""
HEAD = 4 + CHAIN
_MOST = MAX_BODY
"""Bytes a packed frame may have."""
_LEVEL = 3


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame's content, and where the file goes on behind it."""

    content: dict[str, Any]
    offset: int
    chain: bytes


def pack_frame(content: dict[str, Any], chain: bytes) -> tuple[bytes, bytes]:
    """(bytes of the next frame, chain behind it). Rows may be `orjson.Fragment`s."""
    body = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(orjson.dumps(content))
    chain = hashlib.sha256(chain + body).digest()
    return len(body).to_bytes(4, "little") + chain + body, chain


def read_frames(parts: Iterable[bytes], offset: int, chain: bytes) -> Iterator[Frame]:
    """The frames of a file read from `offset` on, where the chain stands at `chain`.

    Raises:
        AgencyGarbled: it is no such file, was changed on its way, or ends within a frame.
    """
    held = bytearray()
    for part in parts:
        held += part
        while (frame := _next(held, offset, chain)) is not None:
            del held[: frame.offset - offset]
            offset, chain = frame.offset, frame.chain
            yield frame
    if held:
        raise AgencyGarbled(reason="cut", at="snapshot")


def _next(held: bytearray, offset: int, chain: bytes) -> Frame | None:
    if len(held) < HEAD:
        return None
    size = int.from_bytes(held[:4], "little")
    if size > _MOST:
        raise AgencyGarbled("too_much", limit=_MOST)
    if len(held) < HEAD + size:
        return None
    body = bytes(held[HEAD : HEAD + size])
    expected = hashlib.sha256(chain + body).digest()
    if held[4:HEAD] != expected:
        raise AgencyGarbled(reason="hash", at="snapshot")
    try:
        content = orjson.loads(decode_bytes(body, "zstd"))
    except orjson.JSONDecodeError as error:
        raise AgencyGarbled(reason="json", at="snapshot") from error
    if not isinstance(content, dict):
        raise AgencyGarbled(reason="shape", at="snapshot")
    return Frame(content, offset + HEAD + size, expected)
