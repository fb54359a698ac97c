"""The sealed file: encrypted for one reader, signed as a whole, whole or not there, never written twice.

Layout: a head of 106 bytes (magic, version, direction, the writer's signing key, the reader's sealing
key, a fresh key for this file), chunks of at most 64 KiB under ChaCha20-Poly1305 with counting nonces
and a mark on the last, and an Ed25519 signature over all of it. A reader checks the signature over the
whole file before it decrypts a byte, so that whoever holds no known key never reaches a parser. There
are no names or paths inside: frames follow each other, and that is all.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import DiskFull, UnreadableFile
from app.sync.courier_keys import KEY_BYTES, PublicKeys, Secret

MAGIC = b"MWKURIER"
VERSION = 1
CHUNK = 64 * 1024
MAX_FILE = 512 * 1024 * 1024
"""Larger files are refused by their size alone."""
MAX_FRAME = 40 * 1024 * 1024
"""A frame is one message; unpacked it may have `wire.MAX_BODY`."""

_HEAD = len(MAGIC) + 2 + 3 * KEY_BYTES
_TAG = 16
_SIGNATURE = 64
_CONTEXT = b"masswerk courier file 1"
_LENGTH = 4
_READ = 1024 * 1024


class Direction(IntEnum):
    """Which way a file goes; part of what is signed, so that none can be turned round."""

    TO_AGENCY = 1
    TO_DEVICE = 2


def write_sealed(path: Path, direction: Direction, writer: Secret, reader: PublicKeys, frames: Iterable[bytes]) -> int:
    """Writes a new file; its size in bytes. Until it is whole and on the disk it has another name.

    Raises:
        UnreadableFile: code "courier_exists"; nothing that was there is ever replaced. Code
            "courier_not_written": the folder is missing, may not be written, or went away.
        DiskFull: nothing is left of it.
    """
    if path.exists():
        raise UnreadableFile(path.name, "courier_exists")
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with contextlib.closing(_create(unfinished)) as file:
            seal(file, direction, writer, reader, frames)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        _name(unfinished, path)
    except OSError as error:
        raise _untold(error, path) from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return size


def _untold(error: OSError, path: Path) -> DiskFull | UnreadableFile:
    if isinstance(error, FileExistsError):
        return UnreadableFile(path.name, "courier_exists")
    full = error.errno in (28, 122) or getattr(error, "winerror", None) in (39, 112)  # ENOSPC, EDQUOT
    return DiskFull("courier_disk_full", path=path.name) if full else UnreadableFile(path.name, "courier_not_written")


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600), "wb")


def _name(unfinished: Path, path: Path) -> None:
    """Gives the finished file its name; a second name never replaces, and sticks that know none get a rename."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        raise
    except OSError:
        if path.exists():
            raise FileExistsError(path.name) from None
        unfinished.rename(path)
    if os.name != "nt":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def seal(file: BinaryIO, direction: Direction, writer: Secret, reader: PublicKeys, frames: Iterable[bytes]) -> None:
    """Writes what a sealed file is made of, wherever it shall lie."""
    fresh = X25519PrivateKey.generate()
    head = (
        MAGIC
        + bytes((VERSION, direction))
        + writer.public.signing
        + reader.sealing
        + fresh.public_key().public_bytes_raw()
    )
    cipher = ChaCha20Poly1305(_file_key(fresh, reader.sealing, head))
    digest = hashlib.sha512(head)
    file.write(head)
    held, number = bytearray(), 0
    for frame in frames:
        held += len(frame).to_bytes(_LENGTH, "big") + frame
        while len(held) > CHUNK:  # the last chunk is never empty unless the file is
            sealed = cipher.encrypt(_nonce(number, last=False), bytes(held[:CHUNK]), None)
            del held[:CHUNK]
            number += 1
            digest.update(sealed)
            file.write(sealed)
    sealed = cipher.encrypt(_nonce(number, last=True), bytes(held), None)
    digest.update(sealed)
    file.write(sealed)
    file.write(writer.signing.sign(_CONTEXT + digest.digest()))


def _file_key(own: X25519PrivateKey, other: bytes, head: bytes) -> bytes:
    """The key of one file; bound to its head, so that nobody can put another name to the content."""
    shared = own.exchange(X25519PublicKey.from_public_bytes(other))
    return HKDF(SHA256(), 32, hashlib.sha256(head).digest(), _CONTEXT).derive(shared)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes((last,))


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file whose head was read; nothing in it is known to be true until `check` has passed."""

    path: Path
    size: int
    direction: Direction
    writer: bytes
    """The signing key it says it was written with."""
    reader: bytes
    """The sealing key it says it is for."""
    head: bytes

    def check(self) -> None:
        """Reads the whole file once and checks the signature.

        Raises:
            UnreadableFile: code "courier_damaged": cut, changed, or not written by whom it says.
        """
        digest = hashlib.sha512()
        with self._open() as file:
            left = self.size - _SIGNATURE
            while left:
                part = file.read(min(left, _READ))
                if not part:
                    raise self._damaged()
                digest.update(part)
                left -= len(part)
            signature = file.read(_SIGNATURE + 1)
        try:
            Ed25519PublicKey.from_public_bytes(self.writer).verify(signature, _CONTEXT + digest.digest())
        except (InvalidSignature, ValueError) as error:
            raise self._damaged() from error

    def frames(self, secret: Secret) -> Iterator[bytes]:
        """The frames in order, one in memory at a time; ends only after the mark of the last chunk.

        Raises:
            UnreadableFile: code "courier_damaged".
        """
        held = bytearray()
        for chunk in self._chunks(secret):
            held += chunk
            while len(held) >= _LENGTH:
                length = int.from_bytes(held[:_LENGTH], "big")
                if length > MAX_FRAME:
                    raise self._damaged()
                if len(held) < _LENGTH + length:
                    break
                yield bytes(held[_LENGTH : _LENGTH + length])
                del held[: _LENGTH + length]
        if held:
            raise self._damaged()

    def _chunks(self, secret: Secret) -> Iterator[bytes]:
        try:
            cipher = ChaCha20Poly1305(_file_key(secret.sealing, self.head[-KEY_BYTES:], self.head))
        except ValueError as error:  # a key of low order
            raise self._damaged() from error
        left, number = self.size - _HEAD - _SIGNATURE, 0
        with self._open() as file:
            if file.read(_HEAD) != self.head:
                raise self._damaged()
            while left:
                sealed = file.read(min(left, CHUNK + _TAG))
                left -= len(sealed)
                try:
                    yield cipher.decrypt(_nonce(number, last=not left), sealed, None)
                except (InvalidTag, ValueError) as error:
                    raise self._damaged() from error
                number += 1

    @contextlib.contextmanager
    def _open(self) -> Iterator[BinaryIO]:
        try:
            with self.path.open("rb") as file:
                yield file
        except OSError as error:
            raise UnreadableFile(self.path.name, "file_missing") from error

    def _damaged(self) -> UnreadableFile:
        return UnreadableFile(self.path.name, "courier_damaged")


def open_sealed(path: Path, direction: Direction) -> SealedFile:
    """Reads the head of a file and refuses what cannot be one by size, magic, version or direction.

    Raises:
        UnreadableFile: code "file_missing", "courier_foreign", "courier_newer", "courier_direction",
            "courier_too_large" or "courier_damaged".
    """
    try:
        if not path.is_file():
            raise UnreadableFile(path.name, "file_missing")
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise UnreadableFile(path.name, "file_missing") from error
    if not head.startswith(MAGIC):
        raise UnreadableFile(path.name, "courier_foreign")
    if size > MAX_FILE:
        raise UnreadableFile(path.name, "courier_too_large", size=size, limit=MAX_FILE)
    if size < _HEAD + _TAG + _SIGNATURE:
        raise UnreadableFile(path.name, "courier_damaged")
    version, way = head[len(MAGIC)], head[len(MAGIC) + 1]
    if version > VERSION:
        raise UnreadableFile(path.name, "courier_newer", found=version, known=VERSION)
    if way not in tuple(Direction) or version < VERSION:
        raise UnreadableFile(path.name, "courier_damaged")
    if way != direction:
        raise UnreadableFile(path.name, "courier_direction")
    keys = [head[at : at + KEY_BYTES] for at in range(len(MAGIC) + 2, _HEAD, KEY_BYTES)]
    return SealedFile(path, size, direction, keys[0], keys[1], head)
