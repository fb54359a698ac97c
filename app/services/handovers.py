"""Words that the agency has sent back: seen, and put away."""

from __future__ import annotations

from app.domain.ids import EntityId
from app.models import handovers
from app.models.store import Store


def put_away(store: Store, root: EntityId) -> int:
    """What came back of one record leaves the screen and stays in the log; how many changes that were.

    What is no longer this device's to see leaves it with them.
    """
    return handovers.put_away(store, root)
