"""What can be done with cards and with a cluster, as menus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.ids import EntityId
from app.ui import icons
from app.ui.workshops.wall.layout import LOOSE, PARKED
from app.ui.workshops.wall.state import WallState

Deed = Callable[[], object]


def _add(menu: QMenu, icon: str, words: str, deed: Deed, keys: str = "", *, on: bool = True) -> QAction:
    told = f"{words.replace('&', '&&')}\t{keys}" if keys else words.replace("&", "&&")
    action = QAction(icons.icon(icon), told, menu) if icon else QAction(told, menu)
    action.triggered.connect(lambda: deed())  # Qt would hand over whether it is checked
    action.setEnabled(on)
    menu.addAction(action)
    return action


def menu_of_cards(
    parent: QWidget,
    state: WallState,
    cards: Sequence[EntityId],
    *,
    promote: Deed,
    together: Deed,
    delete: Deed,
    new: Deed,
    open_measure: Callable[[EntityId], object],
) -> QMenu:
    """What can be done with marked cards, or with the one under the keyboard."""
    menu = QMenu(parent)
    may = state.may_edit and bool(cards)
    _add(menu, "arrow-right", "Zur Maßnahme machen", promote, "M", on=may)
    _add(menu, "git-merge", "Zusammenlegen", together, "Z", on=may and len(cards) > 1)
    targets = menu.addMenu(icons.icon("rows"), "In Cluster")
    lines = [line for line in map(state.card, cards) if line is not None]
    for cluster in state.wall.clusters:
        there = all(line.cluster == cluster.id and not line.parked for line in lines)
        _add(targets, "", cluster.title, partial(state.put, cards, cluster.id), on=not there)
    if state.wall.clusters:
        targets.addSeparator()
    _add(targets, "plus", "Neuer Cluster …", new, "N")
    targets.setEnabled(may)
    _add(menu, "", "Aus dem Cluster nehmen", partial(state.put, cards, LOOSE),
         on=may and any(line.cluster or line.parked for line in lines))  # fmt: skip
    _add(menu, "archive", "In den Themenspeicher", partial(state.put, cards, PARKED),
         on=may and not all(line.parked for line in lines))  # fmt: skip
    became = {measure for line in lines for measure in line.measures}
    here = [one for one in state.outcomes if one.measure in became and one.here and not one.gone]
    if here:
        menu.addSeparator()
        for one in here:
            _add(menu, "arrow-circle-right", f"Maßnahme „{one.title}“ ansehen",
                 partial(open_measure, one.measure))  # fmt: skip
            _add(menu, "", f"Von „{one.title}“ lösen", partial(state.unlink, cards, one.measure),
                 on=state.may_edit)  # fmt: skip
    menu.addSeparator()
    _add(menu, "trash", "Löschen", delete, "Entf", on=may)
    return menu


def menu_of_cluster(parent: QWidget, state: WallState, key: EntityId, rename: Deed) -> QMenu:
    """What can be done with a cluster."""
    menu = QMenu(parent)
    may = state.may_edit
    order = [cluster.id for cluster in state.wall.clusters]
    at = order.index(key) if key in order else 0
    _add(menu, "pencil-simple", "Umbenennen", rename, "F2", on=may)
    _add(menu, "arrow-left", "Nach vorn", partial(state.shift_cluster, key, -1), on=may and at > 0)
    _add(menu, "arrow-right", "Nach hinten", partial(state.shift_cluster, key, 1), on=may and at < len(order) - 1)
    into = menu.addMenu(icons.icon("git-merge"), "Mit Cluster zusammenlegen")
    for cluster in state.wall.clusters:
        if cluster.id != key:
            _add(into, "", cluster.title, partial(state.merge_clusters, cluster.id, key))
    into.setEnabled(may and len(order) > 1)
    menu.addSeparator()
    _add(menu, "x", "Auflösen, Karten behalten", partial(state.dissolve_cluster, key), on=may)
    return menu
