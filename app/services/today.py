"""What a person does on the first page: tick off a task, say that the news has been seen."""

from __future__ import annotations

from app.domain.catalogue import TaskStatus
from app.domain.ids import EntityId
from app.models.arrivals import LOOKED_AT, LOOKED_UPTO
from app.models.store import Store


def finish_task(store: Store, task: EntityId) -> None:
    """Marks a task as done; one change, one step of undo.

    Raises:
        NotAllowed: it hangs below a record that this device may not change.
    """
    with store.change("task.finish") as draft:
        draft.set("task", task, {"status": TaskStatus.DONE.value})


def look(store: Store, upto: int) -> None:
    """The person has seen what others changed, up to this arrival (`News.upto`); kept on this device alone."""
    store.put_settings(**{LOOKED_AT: store.clock(), LOOKED_UPTO: upto})
