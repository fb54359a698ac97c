"""How far the minutes of a workshop are: from the draft to what everybody can rely on."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.catalogue import MinutesState
from app.domain.fields import RELEASED_MINUTES
from app.domain.ids import EntityId, new_id
from app.errors import TooLarge
from app.models.store import Store


def set_state(store: Store, workshop: EntityId, state: MinutesState) -> None:
    """Gives the minutes out for agreement, or takes them back for more work; releases stay as they are."""
    with store.change("minutes.state") as draft:
        draft.set("workshop", workshop, {"minutes_state": state.value})


def release(store: Store, workshop: EntityId, number: int, content: str) -> EntityId:
    """Keeps the minutes as they read now, for ever; what is changed later waits for the next release.

    Args:
        number: which release this is, from 1.
        content: the paper, encoded (`app.reports.document`).

    Raises:
        TooLarge: longer than one record may hold; nothing was written.
    """
    limit = RELEASED_MINUTES.by_name["content"].limit
    if len(content) > limit:
        raise TooLarge("released_minutes", "content", len(content), limit)
    at = datetime.fromtimestamp(store.clock() / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with store.change("minutes.release", origin=workshop) as draft:
        made = draft.create(
            "released_minutes",
            new_id(),
            ("workshop", workshop),
            {"number": number, "content": content, "released_at": at},
        )
        draft.set("workshop", workshop, {"minutes_state": MinutesState.RELEASED.value})
        return made
