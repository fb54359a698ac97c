"""Who may see a record: wider or narrower, but never back to this device alone."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.access import visibility
from app.domain.catalogue import Visibility
from app.domain.draft import Draft
from app.domain.ids import EntityId
from app.errors import FieldError


def check_stays_shared(draft: Draft, kind: str, entity: EntityId, values: Mapping[str, object]) -> None:
    """Whether a record that others may see already would be withdrawn from everybody.

    It would leave every scope, and with them every desk, also that of whoever withdrew it.

    Raises:
        FieldError: code "shared".
    """
    if values.get("visibility") != Visibility.PRIVATE:
        return
    if visibility(draft.state(kind, entity)) is not Visibility.PRIVATE:
        raise FieldError(kind, "visibility", "shared")
