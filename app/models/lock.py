"""One process per profile: a lock of the operating system, which dies with whoever holds it."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from app.errors import ProfileInUse
from app.models.engine import translate

_PID_LENGTH = 20
_FAR = 2**30
"""Windows locks bytes against reading too: lock one far behind the process id."""


class ProfileLock:
    """Held from construction until `release`, or until the process ends in whatever way."""

    def __init__(self, path: Path) -> None:
        """Takes the lock.

        Raises:
            ProfileInUse: another Maßwerk (or this one already) has the profile open (`pid`, 0 if unknown).
            ReadOnlyProfile: the folder may not be written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise translate(error, path) from error
        try:
            _lock(self._descriptor)
        except OSError as error:
            pid = _pid_in(self._descriptor)
            os.close(self._descriptor)
            raise ProfileInUse(pid=pid) from error
        # Who holds it is only told; a full disk must not keep anybody from reading.
        with contextlib.suppress(OSError):
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, str(os.getpid()).encode())

    def release(self) -> None:
        """Lets others in; a second call does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _pid_in(descriptor: int) -> int:
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        return int(os.read(descriptor, _PID_LENGTH) or b"0")
    except (OSError, ValueError):
        return 0


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        # flock, not lockf: a POSIX lock is lost as soon as anybody in the process closes the file.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
