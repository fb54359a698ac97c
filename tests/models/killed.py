"""A program that edits until it is killed, for tests in processes of their own."""

from __future__ import annotations

from pathlib import Path

from app.config import Profile
from app.models.opening import open_store
from tests.models.desk import KEY, make_measure


def write_for_ever(profile: Profile, pipe: Path) -> None:
    """Creates one measure after the other; each is told as soon as its call has returned."""
    store = open_store(profile, KEY)
    with pipe.open("w", encoding="utf-8") as told:
        while True:
            print(make_measure(store), file=told, flush=True)
