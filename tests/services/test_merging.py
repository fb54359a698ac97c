"""Two measures that may be one: found, found to be two, made one, and made two again."""

from __future__ import annotations

from app.models.queries.duplicates import suspects
from app.models.queries.records import get_record
from app.models.store import Store
from app.services import measures, merging
from app.services.workspace import Workspace

OLPE = "05966024"


def _measure(store: Store, title: str, **more: object) -> str:
    return measures.create(store, {"title": title, "lead_ags": OLPE, **more})


def test_who_has_said_that_they_are_two_is_not_asked_again_and_can_take_it_back(workspace: Workspace) -> None:
    one, other = _measure(workspace.store, "Mitfahrbänke"), _measure(workspace.store, "Mitfahrbank am Markt")
    (pair,) = suspects(workspace.reader)
    assert (pair.first.id, pair.second.id) == (one, other)
    assert pair.is_within
    merging.keep_apart(workspace.store, one, other)
    assert suspects(workspace.reader) == []
    told = get_record(workspace.reader, "measure", one)
    assert told is not None
    assert other not in "".join(told.elements("distinct_from")), "whoever reads the one need not know of the other"
    workspace.store.undo()
    assert len(suspects(workspace.reader)) == 1
