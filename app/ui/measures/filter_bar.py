"""The filters in force as chips, "+ Filter" with counts, and by what the table is sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from app.models.queries.lists import Grouping
from app.models.queries.tallies import Facets
from app.ui import theme
from app.ui.measures.cells import COLUMNS
from app.ui.measures.groups import GROUPINGS
from app.ui.measures.places import Places
from app.ui.measures.views import CHIPS, Chip, Sorting, choices_of, told
from app.ui.theme import Themed
from app.ui.widgets.checklist import CheckList
from app.ui.widgets.chips import ChipButton, FilterChip
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.popover import Popover


class FilterBar(Themed, QWidget):
    """`changed` carries all chips in force; `sort_chosen` the column to sort by and whether beside those in force,
    `group_chosen` by what to group.

    `fold_asked` tells to fold all groups, or to unfold them.
    """

    changed = Signal(object)
    sort_chosen = Signal(int, bool)
    group_chosen = Signal(object)
    fold_asked = Signal(bool)

    def __init__(self, places: Places, facets: Callable[[], Facets]) -> None:
        super().__init__()
        self.setObjectName("filter_bar")
        self._places, self._facets = places, facets
        self._chips: dict[str, Chip] = {}
        self._buttons: dict[str, FilterChip] = {}
        self._card: Popover | None = None
        self.add = ChipButton(
            self.tr("Filter"), name="add_filter", icon="plus", accessible=self.tr("Filter hinzufügen")
        )
        self.add.clicked.connect(self.open_menu)
        self.sort = ChipButton("", name="sort_by", icon="arrows-down-up", accessible=self.tr("Sortieren"))
        self.sort.clicked.connect(self._open_sort_menu)
        self.group = ChipButton("", name="group_by", icon="rows", accessible=self.tr("Gruppieren"))
        self.group.clicked.connect(self._open_group_menu)
        self._grouping: Grouping | None = None
        self._sorting: Sorting = (("title", False),)
        holder = QWidget()
        self._flow = FlowLayout(holder, gap=8)
        self._flow.addWidget(self.add)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        line = QHBoxLayout(self)
        line.setContentsMargins(24, 8, 24, 8)
        line.setSpacing(8)
        line.addWidget(holder, 1, Qt.AlignmentFlag.AlignVCenter)
        for button in (self.group, self.sort):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._line = line

    def add_tool(self, widget: QWidget) -> None:
        """Something at the right that belongs to the form in which the measures are shown."""
        self._line.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def chips(self) -> tuple[Chip, ...]:
        """The filters in force."""
        return tuple(self._chips.values())

    def set_chip(self, chip: Chip) -> None:
        """Put a filter into force, or take it away where it names nothing."""
        if chip.values:
            self._chips[chip.key] = chip
            self._show(chip)
        else:
            self._drop(chip.key)
        self.changed.emit(self.chips())

    def show_chips(self, chips: Iterable[Chip]) -> None:
        """These filters and no others, without telling anybody."""
        for key in list(self._chips):
            self._drop(key)
        for chip in chips:
            self._chips[chip.key] = chip
            self._show(chip)

    def clear(self) -> None:
        """No filter."""
        for key in list(self._chips):
            self._drop(key)
        self.changed.emit(())

    def _drop(self, key: str) -> None:
        self._chips.pop(key, None)
        button = self._buttons.pop(key, None)
        if button is not None:
            if self._card is not None and self._card.anchor() is button:
                self._card.stand_by(self.add)  # the last tick is gone: the list stays open and leads back there
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()

    def _show(self, chip: Chip) -> None:
        words = told(chip, self._places)
        button = self._buttons.get(chip.key)
        if button is not None:
            button.set_value(words)
            return
        button = FilterChip(CHIPS[chip.key], words, name=f"filter_{chip.key}")
        button.setProperty("key", chip.key)
        button.clicked.connect(self._on_chip)
        button.removed.connect(self._on_removed)
        self._buttons[chip.key] = button
        self._flow.insert(self._flow.count() - 1, button)
        button.show()

    def _key(self, sender: QObject | None) -> str:
        return str(sender.property("key")) if sender is not None else ""

    def _on_chip(self) -> None:
        key = self._key(self.sender())
        self._choose(key, self._buttons[key])

    def _on_removed(self) -> None:
        key = self._key(self.sender())
        self._drop(key)
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit(self.chips())

    # Menus

    def menu(self) -> QMenu:
        """What can be filtered by."""
        menu = QMenu(self)
        menu.setObjectName("filter_menu")
        for key, title in CHIPS.items():
            action = QAction(title, menu)
            action.setData(key)
            action.triggered.connect(self._on_menu)
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def open_menu(self) -> None:
        """Show the menu below the button."""
        self.menu().popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))

    def _on_menu(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.begin(str(action.data()))

    def begin(self, key: str) -> None:
        """Start a filter: a plain one at once, the others with their list."""
        if key in ("questions", "pending"):
            self.set_chip(Chip(key, frozenset({"yes"})))
        else:
            self._choose(key, self._buttons.get(key, self.add))

    def _choose(self, key: str, anchor: QWidget) -> None:
        choices = choices_of(key, self._places, self._facets())
        if not choices:
            return
        now = self._chips[key].values if key in self._chips else frozenset[str]()
        ticks = CheckList(choices, now, name=f"filter_{key}_list", accessible=CHIPS[key])
        ticks.setProperty("key", key)
        ticks.changed.connect(self._on_ticks)
        card = self._card = Popover(self.window(), name=f"filter_{key}_popover", accessible=CHIPS[key])
        card.closed.connect(self._on_card_closed)
        card.set_body(ticks)
        card.open_at(anchor, width=theme.px(320))

    def _on_card_closed(self) -> None:
        if self.sender() is self._card:
            self._card = None

    def _on_ticks(self, keys: object) -> None:
        assert isinstance(keys, frozenset)
        self.set_chip(Chip(self._key(self.sender()), keys))

    # Grouping

    def show_grouping(self, by: Grouping | None) -> None:
        """Name what the rows are grouped by."""
        self._grouping = by
        self.group.setText(self.tr("Nach {0}").format(GROUPINGS[by]) if by is not None else self.tr("Gruppieren"))
        told = self.tr("Gruppiert nach {0}").format(GROUPINGS[by]) if by is not None else self.tr("Gruppieren")
        self.group.setAccessibleName(told)
        self.group.updateGeometry()

    def group_menu(self) -> QMenu:
        """By what the rows can be grouped, and folding all of the groups."""
        menu = QMenu(self)
        menu.setObjectName("group_menu")
        for key, title in (("", self.tr("Ohne Gruppen")), *GROUPINGS.items()):
            action = QAction(title, menu)
            action.setData(key)
            action.setCheckable(True)
            action.setChecked(key == (self._grouping or ""))
            action.triggered.connect(self._on_group)
            menu.addAction(action)
        if self._grouping is not None:
            menu.addSeparator()
            for words, on in ((self.tr("Alle zuklappen"), True), (self.tr("Alle aufklappen"), False)):
                action = QAction(words, menu)
                action.setData(on)
                action.triggered.connect(self._on_fold)
                menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _open_group_menu(self) -> None:
        self.group_menu().popup(self.group.mapToGlobal(self.group.rect().bottomLeft()))

    def _on_group(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.group_chosen.emit(next((by for by in GROUPINGS if by == action.data()), None))

    def _on_fold(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.fold_asked.emit(bool(action.data()))

    # Sorting

    def show_sorting(self, sorting: Sorting) -> None:
        """Name the columns sorted by."""
        self._sorting = sorting
        titles = {column.order: column.title for column in COLUMNS}
        words = ", ".join(f"{titles[name]} {'↓' if down else '↑'}" for name, down in sorting[:2])
        more = f" +{len(sorting) - 2}" if len(sorting) > 2 else ""
        self.sort.setText(words + more)
        spoken = ", ".join(
            f"{titles[name]} {self.tr('absteigend') if down else self.tr('aufsteigend')}" for name, down in sorting
        )
        self.sort.setAccessibleName(self.tr("Sortiert nach {0}").format(spoken))
        self.sort.updateGeometry()

    def sort_menu(self) -> QMenu:
        """By what the rows can be sorted alone, and beside what is in force, as Shift and a press on a header do."""
        menu = QMenu(self)
        menu.setObjectName("sort_menu")
        self._add_orders(menu, self._sorting[:1], more=False)
        menu.addSeparator()
        self._add_orders(menu.addMenu(self.tr("Außerdem nach")), self._sorting[1:], more=True)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _add_orders(self, menu: QMenu, in_force: Sorting, *, more: bool) -> None:
        """The columns, those of `in_force` ticked with their direction; choosing one of them turns it round."""
        for section, column in enumerate(COLUMNS):
            if column.order is None or (more and column.order == self._sorting[0][0]):
                continue
            down = dict(in_force).get(column.order)
            action = QAction(column.title if down is None else f"{column.title} {'↓' if down else '↑'}", menu)
            action.setData((section, more))
            action.setCheckable(True)
            action.setChecked(down is not None)
            action.triggered.connect(self._on_sort)
            menu.addAction(action)

    def _open_sort_menu(self) -> None:
        self.sort_menu().popup(self.sort.mapToGlobal(self.sort.rect().bottomLeft()))

    def _on_sort(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            section, more = action.data()
            self.sort_chosen.emit(int(section), bool(more))
