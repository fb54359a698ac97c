"""Writing into the minutes as the pane does when somebody pauses, without a window."""

from __future__ import annotations

from app.domain.fields import MINUTES
from app.domain.ids import EntityId, text_peer
from app.domain.text import TextDoc
from app.models.outbox import standing
from app.models.queries import records
from app.services import workshops
from app.services.workspace import Workspace

_TEXT = MINUTES.slot_of["text"].id


def dictate(workspace: Workspace, workshop: EntityId, words: str) -> None:
    """Adds words at the end."""
    entity = workshops.minutes_id(workshop)
    state = records.text_state(workspace.reader, "minutes", entity, "text")
    text = TextDoc(state, text_peer(standing(workspace.store).replicas[-1], entity, _TEXT, 0))
    text.insert(text.length, words)
    update = text.take_update()
    assert update is not None
    workshops.write_minutes(workspace.store, workshop, update)
