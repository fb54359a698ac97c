"""One entry of a list to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.ui.widgets.glyphs import Glyph


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry: its key, the word on the screen, perhaps a shape before it and a long form behind it."""

    key: Any
    words: str
    glyph: Glyph | None = None
    detail: str = ""
