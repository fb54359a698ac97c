"""The one notice after a damaged profile was restored by itself: from what, and what is missing."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from app.models.queries.rescued import Rescued
from app.ui.widgets.notices import Banner, Level
from app.ui.wording import rescue


def rescue_notice(told: Rescued, parent: QWidget | None = None) -> Banner:
    """A banner over every room until the person puts it away."""
    detail = " ".join(rescue.sentences(told, datetime.now().astimezone()))
    level: Level = "warning" if told.lost else "info"
    return Banner(level, rescue.TITLE, name="rescue_notice", detail=detail, dismissible=True, parent=parent)
