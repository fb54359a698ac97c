"""The screen Maßnahmen: quick views, filters, the table and beside it the Steckbrief."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.ids import EntityId
from app.domain.region import Region
from app.models.queries import roots
from app.models.queries.listing import Listed
from app.models.queries.lists import Grouping, MeasureFilter
from app.models.queries.merged import merged_into
from app.models.queries.saved_views import SavedView
from app.services.workspace import Workspace
from app.ui import labels
from app.ui.bus import Bus
from app.ui.measures import views
from app.ui.measures.board import Board
from app.ui.measures.bulk_bar import BulkBar
from app.ui.measures.cell_edit import CellEdit
from app.ui.measures.cells import COLUMNS, Cells
from app.ui.measures.deeds import MeasureDeeds
from app.ui.measures.filter_bar import FilterBar
from app.ui.measures.model import MeasureModel
from app.ui.measures.pane import DetailPane
from app.ui.measures.places import Places
from app.ui.measures.saved import SavedViews
from app.ui.measures.split import PaneSplitter
from app.ui.measures.stage import Stage
from app.ui.measures.table import MeasureTable
from app.ui.measures.telling import Teller
from app.ui.measures.timeline.timeline import Timeline
from app.ui.measures.view_counts import ViewCounts
from app.ui.reading import Readings
from app.ui.seen import Keys, WhenSeen
from app.ui.widgets.buttons import Button
from app.ui.widgets.segments import Segment, SegmentedControl
from app.ui.widgets.surfaces import PageHead
from app.ui.widgets.tabs import TabBar
from app.ui.widgets.words import Ground, Rule

_COUNT_MS = 250


class MeasuresPage(Ground):
    """All measures of this profile.

    `record_requested` asks for a record of another room, `versions_requested` for a question in the Abgleich
    (kind, id, slot), `undo_requested` for the last step back, `record_shown` tells which measure is open.
    """

    record_requested = Signal(str, str)
    versions_requested = Signal(str, str, str)
    sync_requested = Signal()
    undo_requested = Signal()
    record_shown = Signal(str)

    def __init__(self, workspace: Workspace, bus: Bus, region: Region, parent: QWidget | None = None) -> None:
        super().__init__("background", parent)
        self.setObjectName("measures_page")
        places = Places(region)
        self._workspace, self._places = workspace, places
        self._own = roots.myself(workspace.reader).ags
        self._view, self._text = "all", ""
        self._tab, self._before = "all", None  # type: tuple[str, SavedView | None]
        self._sorting: views.Sorting = (("title", False),)
        self._grouping: Grouping | None = None
        self._moved: frozenset[EntityId] = frozenset()
        self._readings = Readings(workspace.reader, "measures", self)
        self.model = MeasureModel(self._readings, Cells(places), self)
        self.model.keep_in_sight(self._kept)
        self.split = PaneSplitter(self)
        self.stage = Stage(self.split.left)
        self.table = MeasureTable(self.model, self.stage)
        self.deeds = MeasureDeeds(workspace, self.model.lines_of, self)
        self.board = Board(self._readings, Cells(places), self.stage)
        self.timeline = Timeline(self._readings, Cells(places), self.stage)
        self._surfaces: dict[str, MeasureTable | Board | Timeline] = {
            "table": self.table, "board": self.board, "timeline": self.timeline,
        }  # fmt: skip
        self.stage.hold(self._surfaces)
        self.modes = SegmentedControl(
            (
                Segment("table", self.tr("Tabelle"), "rows"),
                Segment("board", self.tr("Tafel"), "columns"),
                Segment("timeline", self.tr("Zeitplan"), "chart-bar-horizontal"),
            ),
            name="measure_modes", accessible=self.tr("Darstellung"),
        )  # fmt: skip
        self.tabs = TabBar(name="measure_views", accessible=self.tr("Ansichten"))
        for view in views.quick_views(self._own):
            self.tabs.add(view.key, view.title)
        self.saved = SavedViews(workspace, self.tabs, self._shown)
        self.counts = ViewCounts(workspace.reader, self.tabs, self.saved.views, places, self._own)
        self.filters = FilterBar(places, lambda: self.counts.facets)
        self.bulk = BulkBar()
        self.pane = DetailPane(workspace, places, self.split)
        self.cell = CellEdit(self.table, workspace, self.pane.makings, self)
        self.head = PageHead(self.tr("Maßnahmen"))
        self._new = Button(self.tr("Neue Maßnahme"), name="new_measure", kind="primary", icon="plus")
        self.teller = Teller(self, self.undo_requested.emit)
        self._then: list[Callable[[], object]] = []
        self._later = QTimer(self, singleShot=True, interval=_COUNT_MS)
        self._build()
        self._connect(bus)
        self.filters.show_grouping(None)
        self.show_view("all")

    # Layout

    def _build(self) -> None:
        self._new.setToolTip(self.tr("Neue Maßnahme (N in der Tabelle, überall Strg+N)"))
        self.head.add_action(self.modes)
        self.head.add_action(self._new)
        column = self.split.left.column()
        column.addWidget(self.head)
        tabs = QHBoxLayout()
        tabs.setContentsMargins(24, 0, 24, 0)
        tabs.addWidget(self.tabs, 1)
        tabs.addWidget(self.saved)
        column.addLayout(tabs)
        column.addWidget(Rule())
        column.addWidget(self.filters)
        self.filters.add_tool(self.timeline.tools)
        self.timeline.tools.hide()
        self.teller.place.setContentsMargins(24, 0, 24, 0)
        column.addLayout(self.teller.place)
        column.addWidget(self.bulk)
        self.bulk.hide()
        column.addWidget(Rule())
        column.addWidget(self.stage, 1)
        self.split.hold(self.pane)
        self.column().addWidget(self.split)

    def _connect(self, bus: Bus) -> None:
        WhenSeen(bus, self, self._on_applied)
        self._later.timeout.connect(self._catch_up)
        self._new.clicked.connect(self.new_measure)
        self.stage.first_asked.connect(self.new_measure)
        self.stage.clear_asked.connect(self.filters.clear)
        self.tabs.currentChanged.connect(self._on_tab)
        self.modes.chosen.connect(self.show_mode)
        self.board.moved.connect(self._on_moved)
        self.deeds.told.connect(self.teller.tell)
        self.deeds.refused.connect(self.teller.complain)
        self.board.chosen.connect(self._on_card)
        self.board.entered.connect(self.enter)
        self.timeline.chosen.connect(self._on_chosen)
        self.timeline.entered.connect(self.enter)
        self.timeline.view.clicked.connect(self._on_bar_clicked)
        for rows in (self.table, self.timeline.view):
            rows.new_asked.connect(self.new_measure)
            rows.delete_asked.connect(self.delete_selected)
        self.saved.told.connect(self.teller.tell_with)
        self.filters.changed.connect(lambda: self._query())
        self.filters.sort_chosen.connect(self._on_sort)
        self.filters.group_chosen.connect(self.group_by)
        self.filters.fold_asked.connect(self._on_fold_asked)
        self.table.sort_asked.connect(self._on_sort)
        self.table.chosen.connect(self._on_chosen)
        self.table.clicked.connect(self._on_clicked)
        self.table.entered.connect(self.enter)
        self.table.edit_asked.connect(self.edit_cell)
        self.cell.told.connect(self.teller.tell)
        self.cell.refused.connect(self.teller.complain)
        self.bulk.serve(self.table, self.deeds)
        self.bulk.delete_asked.connect(self.delete_selected)
        self.pane.closed.connect(self._on_pane_closed)
        self.pane.enlarged.connect(self.split.set_large)
        self.pane.delete_asked.connect(self._on_pane_delete)
        self.pane.duplicate_asked.connect(self.duplicate)
        self.pane.versions_asked.connect(self.versions_requested)
        self.pane.record_asked.connect(self._on_record_asked)
        self.pane.sync_asked.connect(self.sync_requested)
        self.pane.told.connect(self.teller.tell)
        new = QShortcut(QKeySequence("Ctrl+N"), self)
        new.setContext(Qt.ShortcutContext.WindowShortcut)
        new.activated.connect(self.new_measure)

    # What the table shows

    def show_view(self, key: str) -> None:
        """Another quick view; the chips stay in force."""
        self._tab = self._view = key
        self.tabs.choose(key)
        self._query()
        self.counts.count()

    def _on_tab(self) -> None:
        """Into a saved view, or out of it: then filters, order and form are again what they were before."""
        key, before = self.tabs.key(), self._before
        if key == self._tab:
            return
        saved = self.saved.current()
        if saved is None:
            if before is not None:
                self._before = None
                self._show_saved(before)
            self.show_view(key)
            return
        if before is None:
            self._before = self._shown()
        self._tab = key
        self._show_saved(saved)
        self.counts.count()

    def _shown(self) -> SavedView:
        """What is shown now, as a view without a name."""
        chips = tuple((chip.key, tuple(sorted(chip.values))) for chip in self.filters.chips())
        grouping, mode = self._grouping or "", self.modes.value()
        return SavedView("", "", self._view, chips, self._sorting, grouping, mode)

    def _show_saved(self, saved: SavedView) -> None:
        known = views.understood(saved, self._own)
        self._view, self._sorting = known.base, known.sorting
        self.filters.show_chips(known.chips)
        self.set_grouping(known.grouping)
        self.show_mode(saved.mode if saved.mode in self._surfaces else "table")

    def show_mode(self, mode: str) -> None:
        """The same measures in another form: "table", "board" or "timeline"."""
        self.modes.set_value(mode)
        self.bulk.setVisible(False)
        self.timeline.tools.setVisible(mode == "timeline")
        self.filters.group.setVisible(mode != "board")
        self._query(self._surface.focus_here)

    @property
    def _surface(self) -> MeasureTable | Board | Timeline:
        return self._surfaces[self.modes.value()]

    def show_stale(self) -> None:
        """The own measures nobody has touched for long, as Heute counts them."""
        self.filters.clear()
        self._text = ""
        self.show_view("stale")
        if self._own:
            self.filters.set_chip(views.Chip("ags", frozenset({self._own})))

    def show_municipality(self, ags: str) -> None:
        """The measures of one municipality, whatever was filtered before."""
        self.filters.clear()
        self._text = ""
        self.show_view("all")
        if ags:
            self.filters.set_chip(views.Chip("ags", frozenset({ags})))

    def search(self, words: str) -> None:
        """The words of the top bar filter here too."""
        if words.strip() != self._text:
            self._text = words.strip()
            self._query()

    def wanted(self) -> MeasureFilter:
        """The filter in force."""
        return views.filter_of(self._view, self.filters.chips(), self._text, self._own, self._places)

    def _query(self, *then: Callable[[], object]) -> None:
        """Ask for what the filters say; `then` it is shown."""
        self._then += then
        self._surface.show_all(self.wanted(), self._sorting, self._on_listed)
        self.filters.show_sorting(self._sorting)

    def _ask_again(self, touched: frozenset[EntityId], *then: Callable[[], object]) -> None:
        """Some measures changed: ask where they stand now."""
        self._then += then
        self._surface.refresh(touched, self._on_refreshed)

    @property
    def is_asking(self) -> bool:
        """Whether what is shown is about to change."""
        return self._readings.is_asking("list")

    def _on_listed(self, listed: Listed) -> None:
        self._on_refreshed(listed)
        if self.split.is_open():
            self._surface.show_record(self.pane.measure)

    def _on_refreshed(self, listed: Listed) -> None:
        shown = sum(len(ids) for ids in listed.groups.values())
        self.head.set_note(self.tr("{0} von {1}").format(labels.number(shown), labels.number(listed.total)))
        self._show_emptiness(shown, listed.total)
        self.counts.keep_up()
        then, self._then = self._then, []
        for act in then:
            act()

    def group_by(self, by: Grouping | None) -> None:
        """Put the rows of table and time line under headings, or under none."""
        self.set_grouping(by)
        self._query()

    def set_grouping(self, by: Grouping | None) -> None:
        """Like `group_by`, for the next question to the database."""
        self._grouping = by
        self.filters.show_grouping(by)
        for rows in (self.table, self.timeline.view):
            rows.group_by(by)

    def _on_fold_asked(self, on: bool) -> None:
        (self.timeline.view if self._surface is self.timeline else self.table).fold_all(on)

    def _on_sort(self, section: int, more: bool = False) -> None:
        order = COLUMNS[section].order
        if order is not None:
            self._sorting = views.sorted_by(self._sorting, order, more=more)
            self._query()

    def _kept(self) -> frozenset[EntityId]:
        """What is shown beside or edited stays in the table though its status may no longer fit the filter."""
        return frozenset({self.pane.kept() if self.split.is_open() else "", self.cell.kept()} - {""})

    def _show_emptiness(self, shown: int, total: int) -> None:
        if shown:
            self.stage.show_surface(self.modes.value())
            return
        chips = bool(self.filters.chips())
        self.stage.show_nothing(self._view, filtered=chips or bool(self._text), clearable=chips, total=total)

    # What was stored

    def _on_applied(self, keys: Keys) -> None:
        touched = roots.roots_of(self._workspace.reader, keys, "measure")
        if not touched:
            return
        self.model.refresh(touched)
        self.cell.reload(touched)
        if self.pane.measure in touched:
            self.pane.reload()
        self._moved |= touched
        self._later.start()

    def _catch_up(self) -> None:
        touched, self._moved = self._moved, frozenset()
        self._ask_again(touched)
        self.counts.count()

    # The pane

    def show_record(self, measure: EntityId) -> bool:
        """Open a measure, or what it has gone into, wherever it stands; False if it is not on this device."""
        measure = merged_into(self._workspace.reader, measure)
        if not self.pane.show_measure(measure):
            return False
        self.split.set_open(True)
        self._surface.show_record(measure)
        self.record_shown.emit(measure)
        return True

    def _on_chosen(self, measure: str) -> None:
        if self.split.is_open() and measure != self.pane.measure:
            self.pane.show_measure(measure)
            self.record_shown.emit(measure)

    def _on_card(self, measure: str) -> None:
        if not self.split.is_open():
            self.show_record(measure)
        else:
            self._on_chosen(measure)

    def _on_clicked(self, index: QModelIndex) -> None:
        alone = len(self.table.selectionModel().selectedRows()) == 1
        if alone and not self.split.is_open() and not self.model.is_head(index.row()):
            self.show_record(self.model.id_at(index.row()))

    def _on_bar_clicked(self, index: QModelIndex) -> None:
        if not self.split.is_open() and not self.timeline.model.is_head(index.row()):
            self.show_record(self.timeline.model.id_at(index.row()))

    def enter(self, measure: EntityId) -> None:
        """Open a measure and go into its form."""
        if measure != self.pane.measure or not self.split.is_open():
            self.show_record(measure)
        self.pane.form.title.area.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_pane_closed(self) -> None:
        measure = self.pane.measure
        self.split.set_open(False)
        if not self._surface.show_record(measure, focus=True):
            self._surface.focus_here()

    def _on_record_asked(self, kind: str, record: str) -> None:
        if kind == "measure":
            self.show_record(record)
        else:
            self.record_requested.emit(kind, record)

    def finish(self) -> None:
        """Wait for what is being looked up, so that the profile can be closed."""
        self._readings.close()
        self.counts.finish()
        self.pane.form.precedents.finish()

    def save(self) -> bool:
        """Save what is being typed, for closing and for leaving the room."""
        cell = self.cell.commit()
        return self.pane.form.save() and cell

    # What one does here

    def new_measure(self) -> None:
        """A new measure with a title to be overwritten at once; it stands in the table from now on."""
        self.pane.form.save()
        self._begin(self.deeds.create(self._own))

    def duplicate(self, measure: EntityId) -> None:
        """A copy of a measure, its title to be overwritten at once."""
        self.pane.form.save()
        self._begin(self.deeds.duplicate(measure))

    def _begin(self, made: EntityId) -> None:
        if made:
            self.show_record(made)  # from here on it is kept in sight, whatever the filter
            self._ask_again(frozenset({made}), partial(self._surface.show_record, made))
            if self.pane.measure == made:  # else words that cannot be saved hold the form
                self.pane.form.focus_title()

    def _on_moved(self, measure: str, status: str, reason: str) -> None:
        self.pane.form.save()
        if self.deeds.set_status(measure, status, reason):
            self._ask_again(frozenset({measure}), partial(self.board.show_record, measure, focus=True))

    def edit_cell(self, measure: EntityId, column: str) -> None:
        """Write in a cell of the table; what stands unsaved in the pane is saved before."""
        self.pane.form.save()
        self.cell.begin(measure, column)

    def delete_selected(self) -> None:
        """Ask, then delete the selected measures."""
        rows = self.timeline.view if self._surface is self.timeline else self.table
        self._ask_delete(rows.selected_ids())

    def _on_pane_delete(self, measure: str) -> None:
        self._ask_delete([measure])

    def _ask_delete(self, ids: list[EntityId]) -> None:
        if self._view != "gone" and ids:
            self.deeds.ask_delete(self.window(), ids, self._delete)

    def _delete(self, ids: list[EntityId]) -> None:
        self.pane.form.save()
        if self.deeds.delete(ids):
            if self.pane.measure in ids:
                self.split.set_open(False)
            self._ask_again(frozenset(ids), self._surface.focus_here)
