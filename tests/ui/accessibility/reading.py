"""What the accessibility tree says of a window, and what Tab is to reach in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.ui.widgets.reading_order import group_of

_MOST_ROWS = 30


@dataclass(frozen=True)
class Node:
    """What the accessibility tree says of one piece."""

    role: str
    name: str
    kind: str
    focusable: bool
    checkable: bool
    checked: bool


def tree(root: QWidget) -> list[Node]:
    """All that is not invisible, top down."""

    def walk(node: QAccessibleInterface | None) -> Iterator[Node]:
        if node is None or not node.isValid() or node.state().invisible:
            return
        state = node.state()
        yield Node(
            node.role().name,
            node.text(QAccessible.Text.Name),
            type(node.object()).__name__,
            bool(state.focusable),
            bool(state.checkable),
            bool(state.checked),
        )
        rows = _MOST_ROWS if node.role().name in ("Table", "List", "Tree") else node.childCount()
        for number in range(min(rows, node.childCount())):
            yield from walk(node.child(number))

    return list(walk(QAccessible.queryAccessibleInterface(root)))


def missing_words(nodes: list[Node]) -> list[Node]:
    return [node for node in nodes if node.focusable and not node.name.strip()]


def expected_stops(window: QWidget) -> set[str]:
    """Whatever takes the focus by Tab, but of several buttons of which one is on those that are off."""
    found = set()
    for one in window.findChildren(QWidget):
        takes = one.focusPolicy() & Qt.FocusPolicy.TabFocus
        off = isinstance(one, QAbstractButton) and one.isCheckable() and not one.isChecked() and is_exclusive(one)
        if takes and one.isVisible() and one.isEnabled() and not off:
            found.add(one.objectName())
    return found


def is_exclusive(button: QAbstractButton) -> bool:
    group = group_of(button)
    return button.autoExclusive() if group is None else group.exclusive()
