"""Measures that are one, or have been found to be two."""

from __future__ import annotations

from app.domain.duplicates import pair_digest
from app.domain.ids import EntityId
from app.errors import NotAllowed, NotFound
from app.models.queries import records
from app.models.queries.reader import Reader
from app.models.queries.records import Record
from app.models.store import Store


def keep_apart(store: Store, one: EntityId, other: EntityId) -> None:
    """Says that two measures are two: nobody is asked about them again. One step of undo.

    It is noted on those of them that may be changed here.

    Raises:
        NotFound: one of them is not here.
        NotAllowed: neither may be changed here.
    """
    both = [_living(store, one), _living(store, other)]
    own = [record for record in both if record.may_edit]
    if not own:
        raise NotAllowed("edit", kind="measure", id=one)
    digest = pair_digest(one, other)
    with store.change("measure.keep_apart") as draft:
        for record in own:
            draft.set("measure", record.id, {"distinct_from": {*record.elements("distinct_from"), digest}})


def _living(store: Store, measure: EntityId) -> Record:
    found = records.get_record(Reader(store.engine), "measure", measure)
    if found is None or found.gone:
        raise NotFound(kind="measure", id=measure)
    return found
