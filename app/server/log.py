"""The agency's own log: keys and counts, never what somebody wrote."""

from __future__ import annotations

import logging
import sys

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def begin(level: int) -> None:
    """Writes to standard error from `level` on; for the beginning of a process."""
    logging.basicConfig(stream=sys.stderr, level=level, format=_FORMAT)
