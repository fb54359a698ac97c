"""Giving papers out as files."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from app.errors import StoreError


def save_file(target: Path, content: bytes) -> None:
    """Writes a paper where a person wants it: whole or not at all; what was there before stays until then.

    Raises:
        StoreError: "save_failed", the place cannot be written.
    """
    try:
        number, beside = tempfile.mkstemp(prefix=".masswerk-", dir=target.parent)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(content)
            Path(beside).chmod(0o644)
            Path(beside).replace(target)
        except OSError:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoreError("save_failed", path=target.name) from error
