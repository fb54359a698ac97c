"""How this device reaches the agency, as a person sets it."""

from __future__ import annotations

from app.models.store import Store
from app.models.way import Exit, Way, keep_way

__all__ = ["Exit", "Way", "choose_way"]


def choose_way(store: Store, chosen: Way) -> None:
    """Keeps the proxy that the next exchange goes through; without an own one nothing of an own one is kept."""
    keep_way(store, chosen if chosen.exit is Exit.OWN else Way(chosen.exit))
