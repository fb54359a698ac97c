"""What lies in a courier file: a cover, then ordinary requests one way and ordinary replies the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from app.errors import AgencyGarbled, UnreadableFile
from app.sync.courier.sealed import SealedFile
from app.sync.courier_keys import Secret
from app.sync.signed import MAX_WORDS, Signed
from app.sync.wire import ENCODING, Scope, Whole, decode_body, decode_bytes, encode_body, encode_bytes

MAX_MESSAGES = 5_000
MAX_PLAIN = 4 * 1024**3
"""Bytes of all messages of one file together after decompression; each alone may have `wire.MAX_BODY`."""
_PLAIN, _PACKED = b"\0", b"\1"

FileId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
_M = TypeVar("_M", bound=BaseModel)
_C = TypeVar("_C", bound=BaseModel)


class LetterCover(BaseModel):
    """On top of a device's file: its name, and how many changes follow, in one request or more.

    Attributes:
        words: what devices met in a hall have signed, how far they had come (`Word`): the changes that follow may have
            been written upon those, and nobody else may bring them before.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    file: FileId
    changes: Whole
    words: Annotated[list[Signed], Field(max_length=MAX_WORDS)] = []


class AnswerCover(BaseModel):
    """On top of the agency's answer.

    Attributes:
        file: which file this answers.
        epoch: the agency's incarnation when it answered; `asked_epoch` is the one the file named.
        since: how far the device had read when it wrote the file: where the pages begin.
        counters: how far the device's feeds had come when the agency answered.
        at: when that was, by the agency's clock.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    file: FileId
    agency: str
    epoch: str
    asked_epoch: str
    since: dict[Scope, Whole]
    counters: dict[Scope, Whole]
    at: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]


def pack(message: BaseModel) -> bytes:
    """A message as a frame."""
    return _framed(*encode_body(message))


def pack_bytes(plain: bytes) -> bytes:
    """A frame of JSON that is ready already."""
    return _framed(*encode_bytes(plain))


def _framed(body: bytes, encoding: str) -> bytes:
    return (_PACKED if encoding else _PLAIN) + body


def read_messages(file: SealedFile, secret: Secret, cover: type[_C], message: type[_M]) -> tuple[_C, Iterator[_M]]:
    """The cover, and the messages as they are asked for. The file's signature must have been checked.

    Raises:
        UnreadableFile: code "courier_content", also while iterating: signed by whom it says, but not of
            this protocol, or more than one file may hold.
    """
    frames = file.frames(secret)
    room = MAX_PLAIN

    def parsed(frame: bytes, model: type[_M] | type[_C]) -> _M | _C:
        nonlocal room
        try:
            plain = decode_bytes(frame[1:], ENCODING if frame[:1] == _PACKED else "")
            room -= len(plain)
            if room < 0:
                raise AgencyGarbled("too_much", limit=MAX_PLAIN)
            return decode_body(model, plain)
        except AgencyGarbled as error:
            raise UnreadableFile(file.path.name, "courier_content", reason=error.code) from error

    def rest() -> Iterator[_M]:
        for count, frame in enumerate(frames):
            if count == MAX_MESSAGES:
                raise UnreadableFile(file.path.name, "courier_content", reason="count")
            found = parsed(frame, message)
            assert isinstance(found, message)
            yield found

    first = next(frames, None)
    if first is None:
        raise UnreadableFile(file.path.name, "courier_content", reason="empty")
    top = parsed(first, cover)
    assert isinstance(top, cover)
    return top, rest()
