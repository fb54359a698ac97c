"""How the program looked when it was used last."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from app.ui.theme import Scheme

SCHEME_KEY, SIZE_KEY = "look/scheme", "look/text_size"


def restore_look(settings: QSettings) -> tuple[str, int]:
    """Scheme and text size as chosen last; the system's and 100 % where nothing sensible is kept."""
    scheme = str(settings.value(SCHEME_KEY, "system"))
    size = str(settings.value(SIZE_KEY, 100))
    return (
        scheme if scheme in set(Scheme) else "system",
        max(100, min(200, int(size))) if size.isdigit() else 100,
    )
