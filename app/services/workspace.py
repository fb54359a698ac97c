"""One opened profile as the screens hold it: the store for the services, the reader for the queries."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.queries.reader import Reader
from app.models.store import Store


@dataclass(frozen=True, slots=True)
class Workspace:
    """Store and reader of one profile. Screens hand the store to services and never use it themselves."""

    store: Store
    reader: Reader

    @classmethod
    def of(cls, store: Store) -> Workspace:
        return cls(store, Reader(store.engine))
