"""What the agency's own desk sets for itself."""

from __future__ import annotations

from app.models.queries.oversight import alert_setting
from app.models.store import Store


def set_alert_days(store: Store, days: int) -> None:
    """After how many days without contact a municipality is told of on this desk."""
    store.put_settings(**alert_setting(days))
