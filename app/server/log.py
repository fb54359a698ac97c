"""The agency's own log: keys and counts, never what somebody wrote."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

import orjson

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_FIGURES = ("route", "status", "ms")
"""What a record may carry beside its sentence."""


class _JsonLines(logging.Formatter):
    """One JSON object per line. Of an error only its kind: a traceback may hold what somebody wrote."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "pid": record.process,
            "told": record.getMessage(),
        }
        told |= {name: getattr(record, name) for name in _FIGURES if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            told["error"] = record.exc_info[0].__name__
        return orjson.dumps(told).decode()


def begin(level: int, kind: str = "text") -> None:
    """Writes to standard error from `level` on, as "text" or "json"; for the beginning of a process."""
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(_JsonLines() if kind == "json" else logging.Formatter(_FORMAT))
    logging.basicConfig(level=level, handlers=[stream])
