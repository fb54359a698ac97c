"""Files of attachments on the agency's disk: parts that grow, and whole ones that are what their name says.

A whole file is named by its SHA-256 and never changes. Every device writes a part of its own, so that two
that send the same file at once, or one that sends something else, never spoil each other's. What the file
system says is the truth: a server that is killed finds every part as far as it was written.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

_BLOCK = 1024 * 1024
_PARTS = "parts"
_SHA = re.compile(r"[0-9a-f]{64}\Z")


def is_sha(name: str) -> bool:
    """Whether this can be the name of a file at all; only such names ever become a path."""
    return _SHA.match(name) is not None


class BlobFiles:
    """The folder of files; made at the first write, for this account only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def whole(self, sha: str) -> Path:
        """Where a whole file lies, if it is here."""
        return self.folder / sha[:2] / sha

    def size(self, sha: str) -> int | None:
        """Bytes of a whole file, None if it is not here."""
        try:
            return self.whole(sha).stat().st_size
        except FileNotFoundError:
            return None

    def offset(self, sha: str, device: int) -> int:
        """How much of it this device has sent."""
        try:
            return self._part(sha, device).stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, sha: str, device: int, at: int, piece: bytes) -> None:
        """Write a piece where it belongs and wait until it is on the disk; the same piece twice is once."""
        part = self._part(sha, device)
        part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.seek(at)
            file.write(piece)
            file.flush()
            os.fsync(file.fileno())

    def finish(self, sha: str, device: int) -> bool:
        """Whether what the device sent is what the name says; then it is here as a whole, else it is gone."""
        part, whole = self._part(sha, device), self.whole(sha)
        digest = hashlib.sha256()
        try:
            with part.open("rb") as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
        except FileNotFoundError:
            return whole.exists()  # the same request twice: the other one has finished it
        if digest.hexdigest() != sha:
            part.unlink(missing_ok=True)
            return False
        whole.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            part.replace(whole)
        _flush_folder(whole.parent)
        return True

    def drop_part(self, sha: str, device: int) -> None:
        """Forget what a device has begun to send."""
        self._part(sha, device).unlink(missing_ok=True)

    def remove(self, sha: str) -> int:
        """Remove a whole file; how many bytes that freed."""
        freed = self.size(sha) or 0
        self.whole(sha).unlink(missing_ok=True)
        return freed

    def read(self, sha: str, start: int, count: int) -> Iterator[bytes]:
        """Bytes of a whole file."""
        with self.whole(sha).open("rb") as file:
            file.seek(start)
            while count > 0 and (block := file.read(min(_BLOCK, count))):
                yield block
                count -= len(block)

    def begun_by(self, device: int) -> int:
        """Bytes in the parts of one device."""
        return sum(file.stat().st_size for file in self._parts() if file.name.endswith(f".{device}"))

    def stale_parts(self, before: float) -> list[Path]:
        """Parts nobody has written to since that moment (seconds since 1970)."""
        return [file for file in self._parts() if file.stat().st_mtime < before]

    def all_whole(self) -> Iterator[str]:
        """The name of every whole file."""
        if self.folder.exists():
            yield from (file.name for file in sorted(self.folder.glob("[0-9a-f][0-9a-f]/*")) if is_sha(file.name))

    def _parts(self) -> list[Path]:
        folder = self.folder / _PARTS
        return list(folder.iterdir()) if folder.exists() else []

    def _part(self, sha: str, device: int) -> Path:
        return self.folder / _PARTS / f"{sha}.{device}"


def _flush_folder(folder: Path) -> None:
    """Waits until a folder's entries are on the disk; Windows cannot, its file system keeps a journal of them."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
