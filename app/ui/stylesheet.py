"""The short style sheet for the few stock Qt widgets that are not painted by ourselves."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

_SHEET = Template("""
QToolTip { background: $surface; color: $text; border: 1px solid $control_border; padding: 4px 8px; }
QMenu { background: $surface; color: $text; border: 1px solid $outline; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: $handle; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $control_border; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea { background: transparent; border: none; }
QLineEdit { background: transparent; border: none; }
QSplitter::handle { background: $border; }
QSplitter::handle:hover { background: $control_border; }
QHeaderView { background: $background; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QTabBar QToolButton { background: $background; border: none; }
QTableCornerButton::section { background: $background; border: none; }
""")


def stylesheet(roles: Mapping[str, str]) -> str:
    """The style sheet in the colours of these roles (name to "#rrggbb"), derived ones among them."""
    return _SHEET.substitute(roles)
