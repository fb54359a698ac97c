"""Naming what a list shows, so that it is one press away: on this device alone, hence no change and no undo."""

from __future__ import annotations

from app.models.queries.reader import Reader
from app.models.queries.saved_views import SETTING, SavedView, encode, saved_views
from app.models.store import Store


def keep_view(store: Store, view: SavedView, place: int | None = None) -> None:
    """Adds a view, or puts it in the place of the one with its key; `place` counts from 0 for a new one."""
    views = list(saved_views(Reader(store.engine)))
    known = next((at for at, one in enumerate(views) if one.key == view.key), None)
    if known is not None:
        views[known] = view
    else:
        views.insert(len(views) if place is None else place, view)
    store.put_settings(**{SETTING: encode(views)})


def delete_view(store: Store, key: str) -> None:
    """Forgets a view; the measures it showed are untouched."""
    views = [view for view in saved_views(Reader(store.engine)) if view.key != key]
    store.put_settings(**{SETTING: encode(views)})
