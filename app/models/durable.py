"""Files that are there completely or not at all, also after a power cut."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps next to a database while it is open, or after a crash."""


def flush(path: Path) -> None:
    """Waits until a file's bytes, or a folder's entries, are on the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open folders; NTFS keeps a journal of its names
    flags = os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, content: bytes) -> None:
    """Writes a small file, for this account only: afterwards it is the old one or the new one."""
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    flush(path.parent)


def keep(path: Path, copy: Path) -> None:
    """Gives a file a second name, or copies it where the file system knows no second names."""
    copy.unlink(missing_ok=True)
    try:
        os.link(path, copy)
    except OSError:
        shutil.copyfile(path, copy)
        flush(copy)
    flush(copy.parent)


def put_in_place(fresh: Path, path: Path) -> None:
    """Lets `fresh`, a closed database, take the place of `path`, whose own side files must be gone."""
    flush(fresh)
    for ending in BESIDE:
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + ending).unlink()
    flush(path.parent)
    fresh.replace(path)
    flush(path.parent)


def log_of(path: Path) -> Path:
    """The write-ahead log beside a database."""
    return path.with_name(path.name + BESIDE[0])


def has_log(path: Path) -> bool:
    """Whether a part of the database is still in its log: it is open, or was not closed in peace."""
    log = log_of(path)
    return log.exists() and log.stat().st_size > 0


def copy_database(path: Path, copy: Path) -> None:
    """A byte for byte copy, on the disk, of a database that nobody writes to, with its log."""
    remove_database(copy)
    for source, target in ((path, copy), (log_of(path), log_of(copy))):
        if source is path or has_log(path):
            shutil.copyfile(source, target)
            flush(target)


def remove_database(path: Path) -> None:
    """Removes an unfinished database with its side files."""
    for ending in ("", *BESIDE):
        path.with_name(path.name + ending).unlink(missing_ok=True)
