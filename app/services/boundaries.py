"""Real boundaries instead of tiles, out of a file of the person's own; which one is kept on this device."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from app.domain.boundaries import LONGEST, Boundaries, BoundariesFault, parse_boundaries
from app.errors import UnreadableFile
from app.models.queries.preferences import BOUNDARIES, boundaries_file
from app.models.queries.reader import Reader
from app.models.store import Store

_CODES = {
    "json": "boundaries_unreadable",
    "shapes": "boundaries_elsewhere",
    "degrees": "boundaries_in_metres",
    "size": "file_too_large",
}


def read_boundaries(path: Path, keys: Set[str]) -> Boundaries:
    """The shapes of the region's municipalities in a GeoJSON file.

    Raises:
        UnreadableFile: it is not there, too large, no GeoJSON, in metres, or has none of these municipalities.
    """
    try:
        if path.stat().st_size > LONGEST:
            raise UnreadableFile(path.name, "file_too_large")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableFile(path.name, "file_missing") from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(path.name, "boundaries_unreadable") from error
    try:
        return parse_boundaries(text, keys)
    except BoundariesFault as fault:
        raise UnreadableFile(path.name, _CODES[str(fault)]) from fault


def use_boundaries(store: Store, path: Path | None) -> None:
    """Remembers on this device where the shapes are, or that tiles are wanted again; the file stays where it is."""
    store.put_settings(**{BOUNDARIES: str(path.resolve()) if path is not None else ""})


def boundaries_in_use(store: Store) -> Path | None:
    """The file chosen on this device."""
    told = boundaries_file(Reader(store.engine))
    return Path(told) if told else None
