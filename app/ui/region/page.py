"""The screen Region: the map, the table beside it, the measures of a place, Abgucken."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.region import Region
from app.errors import MasswerkError
from app.models.queries import lineage, roots, syncing
from app.models.queries import region as queries
from app.models.queries.lineage import Improved
from app.models.queries.region import RegionFacts, RegionFilter, SharedLine
from app.services import adoptions
from app.services.workspace import Workspace
from app.ui import labels, theme
from app.ui.beside import Beside
from app.ui.bus import Bus
from app.ui.measures import sentences
from app.ui.measures.places import Places
from app.ui.region import words
from app.ui.region.card import MeasureCard, at_words
from app.ui.region.compare import MOST, Comparison
from app.ui.region.filters import RegionFilters
from app.ui.region.map_pane import MapPane
from app.ui.region.places_table import PlacesModel, PlacesTable
from app.ui.region.shared_list import SharedList, SharedModel
from app.ui.region.tile_map import TileView
from app.ui.region.values import BY_KEY, VALUES, Scale
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.notices import Banner, EmptyState, Toast
from app.ui.widgets.segments import Segment, SegmentedControl
from app.ui.widgets.surfaces import PageHead, Splitter
from app.ui.widgets.words import ElidedLabel, Ground, Rule

_REFRESH_MS = 120
_TOAST_ABOVE = 40
_MAP_NEEDS = 940
"""Below this width (at 100 %) map and table take turns: the map comes first."""


class RegionPage(Ground):
    """All municipalities. It reads again when something was stored and when it is shown, beside the window.

    `record_requested` asks for a measure in its room, `undo_requested` for the last step back.
    """

    record_requested = Signal(str, str)
    undo_requested = Signal()
    improvement_requested = Signal()
    """Of the measure just asked for, the part that tells what its original says anew."""

    KEYS = (
        ("Left", "Auf der Karte zur nächsten Kommune"),
        ("Space", "Kommune in den Vergleich nehmen"),
        ("Return", "Zu den Maßnahmen der Kommune"),
        ("Esc", "Zurück zur Liste, dann zur ganzen Region"),
    )
    """For the overview of keys; the room itself listens to them."""

    def __init__(self, workspace: Workspace, bus: Bus, region: Region, parent: QWidget | None = None) -> None:
        super().__init__("background", parent)
        self.setObjectName("region_page")
        self._workspace, self._region = workspace, region
        self._places = Places(region)
        self._own = roots.myself(workspace.reader).ags
        self._keys = [m.ags for m in region]
        self._picked: list[str] = []
        self._listed_of: list[str] = []
        """Whose measures the list shows, or showed last."""
        self._facts = RegionFacts({}, 0, 0)
        self._is_stale = self._wants_facts = True
        self._improved: tuple[Improved, ...] = ()
        self._wanted_measure = ""
        self._beside = Beside(self)
        self._later = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self.head = PageHead(self.tr("Region"))
        self.filters = RegionFilters()
        self.map_pane = MapPane(workspace, region)
        self.map = self.map_pane.map
        self.places = PlacesModel(region)
        self.table = PlacesTable(self.places)
        self.shared = SharedModel(self._places)
        self.list = SharedList(self.shared)
        self.card = MeasureCard(self._places, self._own)
        self.comparison = Comparison(self._places)
        self._build()
        self._connect(bus)

    # Layout

    def _build(self) -> None:
        self.mode = SegmentedControl(
            [
                Segment("both", self.tr("Karte und Tabelle")),
                Segment("map", self.tr("Karte")),
                Segment("table", self.tr("Tabelle")),
            ],
            name="region_mode",
            accessible=self.tr("Ansicht"),
        )
        self.head.add_action(self.mode)
        whole = self.column()
        whole.addWidget(self.head)
        whole.addWidget(self.filters)
        self._problem = QVBoxLayout()
        self._problem.setContentsMargins(24, 0, 24, 8)
        self.better = Banner("info", self.tr("Neues"), name="region_better", remedy=self.tr("Ansehen"))
        self.better.hide()
        self.better.remedied.connect(self._on_better)
        self._problem.addWidget(self.better)
        whole.addLayout(self._problem)
        whole.addWidget(Rule())
        self.split = Splitter(name="region_split")
        self.split.addWidget(self.map_pane)
        self._facts_pane = self._table_side()
        self.split.addWidget(self._facts_pane)
        self.split.setStretchFactor(0, 10)
        self.split.setStretchFactor(1, 10)
        whole.addWidget(self.split, 1)

    def _table_side(self) -> Splitter:
        right = Splitter(name="region_right", vertical=True)
        right.addWidget(self.table)
        below = Ground("surface")
        column = below.column()
        column.addWidget(Rule())
        listing = Ground("surface")
        inner = listing.column()
        head = QHBoxLayout()
        head.setContentsMargins(24, 10, 16, 6)
        self._listed = ElidedLabel("", "small", theme.STRONG)
        self._everywhere = LinkButton(self.tr("Ganze Region"), name="region_everywhere")
        head.addWidget(self._listed, 1)
        head.addWidget(self._everywhere)
        inner.addLayout(head)
        self._empty = EmptyState(
            "hexagon",
            self.tr("Hier ist noch nichts veröffentlicht."),
            name="region_nothing",
            detail=self.tr("Sobald eine Kommune etwas teilt und dieses Gerät abgleicht, steht es hier."),
        )
        self._unmatched = EmptyState(
            "funnel",
            self.tr("Keine Maßnahme passt zu diesen Filtern."),
            name="region_empty",
            detail=self.tr("Die Filter gelten für Karte, Tabelle und Liste."),
            button=self.tr("Filter aufheben"),
            primary=False,
        )
        self._rows = QStackedWidget()
        for shown in (self.list, self._empty, self._unmatched):
            self._rows.addWidget(shown)
        inner.addWidget(self._rows, 1)
        self._below = QStackedWidget()
        for widget in (listing, self.card, self.comparison):
            self._below.addWidget(widget)
        column.addWidget(self._below, 1)
        right.addWidget(below)
        right.setStretchFactor(0, 4)
        right.setStretchFactor(1, 6)
        return right

    def _connect(self, bus: Bus) -> None:
        bus.applied.connect(self._on_stored)
        bus.status_changed.connect(self._on_stored)
        self._later.timeout.connect(self.reload)
        self._beside.answered.connect(self._on_read)
        self.mode.chosen.connect(self._on_mode)
        self.filters.value_chosen.connect(self._show_values)
        self.filters.changed.connect(self.reload)
        self.map.chosen.connect(self.choose)
        self.map_pane.refused.connect(self._complain)
        self.map_pane.accepted.connect(self._forget_problem)
        self.map.entered.connect(self._on_entered)
        self.table.picked.connect(self._on_rows)
        self.table.entered.connect(self._on_entered)
        self.list.entered.connect(self.show_measure)
        self._everywhere.clicked.connect(self._on_everywhere)
        self._unmatched.started.connect(self.filters.clear)
        self.card.back_asked.connect(self._on_back)
        self.card.stepped.connect(self._on_stepped)
        self.card.adopt_asked.connect(self.adopt)
        self.card.follow_asked.connect(self._on_follow)
        self.card.open_asked.connect(self._on_open)
        self.comparison.cleared.connect(self._on_everywhere)
        self.comparison.entered.connect(self._on_entered)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where both do not fit, the table stands alone unless the map is asked for."""
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        """Another text size needs other room."""
        super().restyle()
        self._fit()

    def _fit(self) -> None:
        mode, narrow = self.mode.value(), self.width() < theme.px(_MAP_NEEDS)
        self.map_pane.setVisible(mode != "table")
        self._facts_pane.setVisible(mode == "table" or (mode == "both" and not narrow))

    def _on_mode(self, mode: str) -> None:
        self._fit()

    # Reading

    def showEvent(self, event: QShowEvent) -> None:
        """Read again what may have changed while another room was open."""
        super().showEvent(event)
        if self._is_stale:
            self.reload()

    def _on_stored(self) -> None:
        self._is_stale = True
        if self.isVisible() and not self._later.isActive():  # a long exchange stores all the time
            self._later.start()

    def reload(self) -> None:
        """Read the region anew, beside the window."""
        self._is_stale, self._wants_facts = False, True
        self._read()

    def _read(self) -> None:
        """The list, and the numbers too where they may be others; choosing a place changes none of them."""
        reader, keys, wanted, whole = self._workspace.reader, self._keys, self.filters.wanted(), self._wants_facts
        place = replace(wanted, ags=frozenset(self._picked if len(self._picked) == 1 else ()))
        self._beside.ask(
            lambda: (
                tuple(queries.shared_measures(reader, place)),
                (queries.region_facts(reader, keys, wanted), tuple(lineage.improved(reader))) if whole else None,
            )
        )

    def _on_read(self, told: tuple[tuple[SharedLine, ...], tuple[RegionFacts, tuple[Improved, ...]] | None]) -> None:
        lines, whole = told
        if whole is not None:
            self._wants_facts = False
            self._facts, improved = whole
            self._show_improved(improved)
            standing, grant = syncing.standing(self._workspace.reader), roots.my_grant(self._workspace.reader)
            self.head.set_note(words.head_note(len(self._keys), self._facts, grant, standing, sentences.now()))
            self.places.show_facts(self._facts.places)
            self.table.select(self._picked)
            self._show_values()
        self.shared.show_lines(lines)
        if self._listed_of != self._picked:
            self._listed_of = list(self._picked)
            self.list.scrollToTop()
        self._show_lines()

    def _show_improved(self, improved: tuple[Improved, ...]) -> None:
        """Where an original says something new there is one line that leads to the answers."""
        self._improved = improved
        self.better.setVisible(bool(improved))
        if not improved:
            return
        first, rest = improved[0], len(improved) - 1
        said = self.tr("{0} sagt Neues zu „{1}“").format(self._places.short(first.ags), first.title)
        more = labels.count(rest, "weiteren Maßnahme", "weiteren Maßnahmen")
        self.better.set_sentence(
            self.tr("{0} und zu {1}").format(said, more) if rest else said,
            self.tr("Feld für Feld übernehmen oder die eigene Fassung behalten; nichts ändert sich von selbst."),
        )

    def _on_better(self) -> None:
        if self._improved:
            self.record_requested.emit("measure", self._improved[0].measure)
            self.improvement_requested.emit()

    def wait(self) -> None:
        """Show what is being read before anything else happens, as for a picture."""
        self._beside.wait()
        QCoreApplication.sendPostedEvents(self._beside)

    def finish(self) -> None:
        """Wait for what is being read, so that the profile can be closed."""
        self._beside.finish()

    def _show_values(self) -> None:
        value = BY_KEY[str(self.filters.value.value() or VALUES[0].key)]
        if not self._facts.places:
            return
        numbers = {ags: value.of(facts) for ags, facts in self._facts.places.items()}
        scale = Scale.over(numbers.values())
        self.map.show_views(
            {
                m.ags: TileView(
                    labels.number(numbers[m.ags]),
                    scale.shade(numbers[m.ags]),
                    words.tile_sentence(m, value, self._facts.places[m.ags]),
                )
                for m in self._region
            }
        )
        self.map_pane.legend.show_scale(value.title, scale)

    def _show_lines(self) -> None:
        lines = self.shared.lines
        places, one = self._facts.places, self._picked[0] if len(self._picked) == 1 else ""
        total = places[one].shared if one in places else self._facts.total
        amount = words.listed_amount(len(lines), total)
        where = self._places.name(self._picked[0]) if len(self._picked) == 1 else self.tr("der ganzen Region")
        self._listed.setText(self.tr("{0} aus {1}").format(amount, where))
        self._everywhere.setVisible(bool(self._picked))
        empty = self._empty if self.filters.wanted() == RegionFilter() else self._unmatched
        self._rows.setCurrentWidget(self.list if lines else empty)
        self._show_below()

    def _show_below(self) -> None:
        """The comparison, the measure looked at, or the list."""
        if len(self._picked) > 1 and self._facts.places:
            self.comparison.show_places([self._facts.places[ags] for ags in self._picked])
            self._below.setCurrentWidget(self.comparison)
            return
        row = self.shared.row_of(self._wanted_measure) if self._wanted_measure else -1
        if row < 0:
            self._wanted_measure = ""
            self._below.setCurrentIndex(0)
            return
        line = self.shared.lines[row]
        found = lineage.lineage_of(self._workspace.reader, line.id)
        self.card.show_measure(line, at_words(row, len(self.shared.lines)), found.adopters)
        self._below.setCurrentWidget(self.card)

    # Choosing

    def choose(self, ags: str, more: bool = False) -> None:
        """Look at one municipality, or take it into the comparison and out of it again."""
        if not more:
            picked = [ags]
        elif ags in self._picked:
            picked = [one for one in self._picked if one != ags]
        else:
            picked = [*self._picked, ags]
        self._pick(picked)

    def _pick(self, picked: list[str]) -> None:
        if len(picked) > MOST:
            self._tell(self.tr("Zum Vergleich passen höchstens vier Kommunen."), undo=False)
            picked = picked[-MOST:]
        self._picked, self._wanted_measure = picked, ""
        self.map.select(picked)
        self.table.select(picked)
        self._show_below()
        self._read()

    def _on_rows(self, picked: list[str]) -> None:
        self._pick(picked)

    def _on_entered(self, ags: str) -> None:
        self._pick([ags])
        if self._facts_pane.isHidden():
            self.mode.set_value("table")
            self._fit()
        self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_everywhere(self) -> None:
        self._pick([])

    def show_measure(self, measure: str) -> None:
        """Look at one of the listed measures."""
        self._wanted_measure = measure
        self.list.select(measure)
        self._show_below()
        if self._below.currentWidget() is self.card:
            self.card.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_back(self) -> None:
        self._wanted_measure = ""
        self._show_below()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_stepped(self, by: int) -> None:
        row = self.shared.row_of(self._wanted_measure) + by
        if 0 <= row < len(self.shared.lines):
            self._wanted_measure = self.shared.lines[row].id
            self.list.select(self._wanted_measure)
            self._show_below()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leads one step back."""
        if event.key() == Qt.Key.Key_Escape and (self._wanted_measure or self._picked):
            self._on_back() if self._wanted_measure else self._on_everywhere()
            return
        super().keyPressEvent(event)

    # Deeds

    def adopt(self, measure: str, ags: str) -> None:
        """Take a measure over and go on with it in its form."""
        try:
            made = adoptions.adopt(self._workspace.store, measure, ags)
        except MasswerkError as error:
            self._complain(error)
            return
        self.record_requested.emit("measure", made)
        self._tell(self.tr("Abgeguckt: jetzt eine eigene Maßnahme, mit Herkunft"))

    def _on_follow(self, measure: str, on: bool) -> None:
        deed = adoptions.follow if on else adoptions.unfollow
        try:
            deed(self._workspace.store, measure)
        except MasswerkError as error:
            self._complain(error)
            return
        self.reload()

    def _on_open(self, measure: str) -> None:
        self.record_requested.emit("measure", measure)

    def _tell(self, sentence: str, undo: bool = True) -> None:
        for old in self.window().findChildren(Toast):
            old.close_now()
        toast = Toast(self.window(), sentence, name="toast", undo=self.tr("Rückgängig") if undo else "")
        toast.undone.connect(self.undo_requested)
        foot = self.card.foot.height() if self.card.foot.isVisible() else 0  # the buttons there stay free
        toast.show_above(_TOAST_ABOVE + foot)

    def _forget_problem(self) -> None:
        for old in self.findChildren(Banner, "region_problem"):
            old.hide()
            old.deleteLater()

    def _complain(self, error: MasswerkError) -> None:
        self._forget_problem()
        problem = " ".join(labels.error_words(error))
        self._problem.addWidget(Banner("danger", problem, name="region_problem", dismissible=True))
