"""Who works on this device and for which municipality, corrected before anything has been written."""

from __future__ import annotations

from app.models.store import Store


def introduce(store: Store, person: str, device: str, ags: str) -> None:
    """Takes the answers anew while a profile that has just been made is still asked about.

    Args:
        ags: of the municipality, "" for none.
    """
    store.put_settings(person=person, device=device, ags=ags)
