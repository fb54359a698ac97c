"""The order in which Tab goes: as one reads, by layout, not by the order in which widgets were made."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QLayout, QWidget

_NO_MEMBER = -1
"""What a QButtonGroup answers for a button that is not in it."""


def reading_order(root: QWidget) -> list[QWidget]:
    """Everything below a widget that takes the focus by Tab now, in the order of its layouts.

    What stands in no layout comes behind what does, from top to bottom and left to right: parts of a splitter, the
    inside of a scroll area, cards that float.
    """
    return [widget for widget in _below(root) if _is_stop(widget)]


def next_stop(root: QWidget, inside: QWidget | None, *, forward: bool) -> QWidget | None:
    """Where Tab leads from a widget, once around; None where nothing takes the focus."""
    stops = reading_order(root)
    if not stops:
        return None
    # What has the focus without being a stop (a list in a popover, a viewport) stands for what it lies in.
    here = inside
    while here is not None and here not in stops:
        here = here.parentWidget()
    if here is None:
        return stops[0 if forward else -1]
    return stops[(stops.index(here) + (1 if forward else -1)) % len(stops)]


def follow_tab(window: QWidget, *, forward: bool) -> bool:
    """Give the focus to where Tab leads in this window; whether there is anything that takes it.

    What was made first stands first in Qt's own order, wherever it is shown.
    """
    stop = next_stop(window, window.focusWidget(), forward=forward)
    if stop is None:
        return False
    reasons = Qt.FocusReason
    stop.setFocus(reasons.TabFocusReason if forward else reasons.BacktabFocusReason)
    return True


def _is_stop(widget: QWidget) -> bool:
    policy = widget.focusPolicy()
    if not widget.isEnabled() or policy == Qt.FocusPolicy.NoFocus:
        return False  # what hands the focus on to another takes none itself
    beside = _exclusive(widget)
    if any(one.isChecked() for one in beside):
        # Of several of which one is on, Tab reaches that one; the arrow keys lead to the others.
        return any(one is widget and one.isChecked() for one in beside)
    return bool(policy & Qt.FocusPolicy.TabFocus)


def _exclusive(widget: QWidget) -> list[QAbstractButton]:
    """The buttons of which only one can be on, this one among them; empty for anything else."""
    if not isinstance(widget, QAbstractButton) or not widget.isCheckable():
        return []
    group = group_of(widget)
    if group is not None:
        return list(group.buttons()) if group.exclusive() else []
    parent = widget.parentWidget()
    if not widget.autoExclusive() or parent is None:
        return []
    near = [one for one in parent.children() if isinstance(one, QAbstractButton)]
    return [one for one in near if one.isCheckable() and one.autoExclusive() and group_of(one) is None]


def group_of(button: QAbstractButton) -> QButtonGroup | None:
    """The group of a button, if it has one: a child of something the button lies in."""
    around = button.parentWidget()
    while around is not None:
        near = around.findChildren(QButtonGroup, options=Qt.FindChildOption.FindDirectChildrenOnly)
        for group in near:
            if group.id(button) != _NO_MEMBER:
                return group
        around = around.parentWidget()
    return None


def _below(widget: QWidget) -> Iterator[QWidget]:
    for child in _children(widget):
        yield child
        yield from _below(child)


def _children(widget: QWidget) -> list[QWidget]:
    """The visible children, those in the layout first."""
    layout = widget.layout()
    placed = [child for child in _in_layout(layout) if not child.isHidden()] if layout is not None else []
    known = set(placed)
    rest = [
        child
        for child in widget.children()
        if isinstance(child, QWidget) and not child.isHidden() and not child.isWindow() and child not in known
    ]
    return placed + sorted(rest, key=lambda child: (child.y(), child.x()))


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    numbers = range(layout.count())
    if isinstance(layout, QGridLayout):
        numbers = sorted(numbers, key=lambda number: layout.getItemPosition(number)[:2])  # type: ignore[assignment,index]
    for number in numbers:
        item = layout.itemAt(number)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _in_layout(inner)
