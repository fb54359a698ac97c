"""The time line with its scroll bar and its legend; the tools for zooming stand beside the filters."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QSizePolicy, QWidget

from app.domain.catalogue import MilestoneStatus
from app.domain.ids import EntityId
from app.models.queries.lists import MeasureFilter
from app.ui import theme
from app.ui.measures.cells import Cells
from app.ui.measures.surface import Shown, nothing
from app.ui.measures.timeline.bars import Bar
from app.ui.measures.timeline.model import PERIOD, TimelineModel
from app.ui.measures.timeline.painting import paint_link, paint_mark, paint_span
from app.ui.measures.timeline.scale import Zoom
from app.ui.measures.timeline.view import TimelineView
from app.ui.measures.views import Sorting
from app.ui.reading import Readings
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Button
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.segments import Segment, SegmentedControl
from app.ui.widgets.words import Ground, Rule

_ZOOMS = {Zoom.MONTH: "Monat", Zoom.QUARTER: "Quartal", Zoom.YEAR: "Jahr"}


class _Sample(Themed, QWidget):
    """One entry of the legend: the shape and its word."""

    def __init__(self, key: str, words: str) -> None:
        super().__init__()
        self._key, self._words = key, words
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Shape and word."""
        return QSize(theme.px(24) + 8 + base.text_width(self._words, "small"), theme.grow(24, "small"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint them."""
        painter = base.crisp(QPainter(self))
        width, height = theme.px(24), theme.px(12)
        box = QRectF(0, round((self.height() - height) / 2), width, height)
        bar = Bar((0, 1), (0, 1), False, False, self._key == "past", (), ())
        if self._key in ("past", "ahead", "vague"):
            vague = [box] if self._key == "vague" else []
            paint_span(painter, box, bar, vague, box.right(), raised=False)
        elif self._key in ("reached", "open", "late"):
            status = MilestoneStatus.REACHED if self._key == "reached" else MilestoneStatus.OPEN
            paint_mark(painter, box.center(), status, late=self._key == "late", quiet=False)
        else:
            paint_link(painter, box.topLeft(), box.center() + (box.topRight() - box.topLeft()) / 2, chosen=False)
        area = QRectF(width + 8, 0, self.width() - width - 8, self.height())
        base.text(painter, area, self._words, theme.color("muted"), "small")


class Timeline(Ground):
    """A surface like table and board. `tools` is for whoever lays out the screen."""

    chosen = Signal(str)
    entered = Signal(str)

    def __init__(self, readings: Readings, cells: Cells, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        base.identify(self, "timeline", self.tr("Zeitplan"))
        self.model = TimelineModel(readings, cells, self)
        self.view = TimelineView(self.model)
        self.bar = QScrollBar(Qt.Orientation.Horizontal)
        base.identify(self.bar, "timeline_scroll", self.tr("Zeitraum"))
        self.bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.zooms = SegmentedControl(
            [Segment(zoom.value, words) for zoom, words in _ZOOMS.items()],
            name="timeline_zoom", accessible=self.tr("Maßstab"),
        )  # fmt: skip
        self.zooms.set_value(self.view.scale.zoom.value)
        self.today = Button(self.tr("Heute"), name="timeline_today", accessible=self.tr("Zu heute"))
        self._build()
        self.view.moved.connect(self._on_moved)
        self.view.zoomed.connect(self.zooms.set_value)
        self.view.chosen.connect(self.chosen)
        self.view.entered.connect(self.entered)
        self.bar.valueChanged.connect(self.view.move_to)
        self.zooms.chosen.connect(self._on_zoom)
        self.today.clicked.connect(self.view.show_today)

    def _build(self) -> None:
        self.tools = QWidget()
        tools = QHBoxLayout(self.tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(8)
        tools.addWidget(self.zooms)
        tools.addWidget(self.today)
        self._under = QHBoxLayout()
        self._under.addWidget(self.bar)
        legend = QWidget()
        flow = FlowLayout(legend, gap=16)
        for key, words in (
            ("past", self.tr("bis heute")), ("ahead", self.tr("vorgesehen")), ("vague", self.tr("Zeitpunkt ungenau")),
            ("reached", self.tr("Meilenstein erreicht")), ("open", self.tr("Meilenstein offen")),
            ("late", self.tr("überfällig")), ("link", self.tr("setzt voraus, baut darauf auf")),
        ):  # fmt: skip
            flow.addWidget(_Sample(key, words))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        legend.setSizePolicy(policy)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 8, 24, 8)
        foot.addWidget(legend)
        column = self.column()
        column.addWidget(self.view, 1)
        column.addLayout(self._under)
        column.addWidget(Rule())
        column.addLayout(foot)

    # The surface

    def show_all(self, wanted: MeasureFilter, sorting: Sorting, then: Shown = nothing) -> None:
        """Another filter or order."""
        self.view.show_all(wanted, sorting, then)

    def refresh(self, touched: frozenset[EntityId], then: Shown = nothing) -> None:
        """Some measures changed."""
        self.view.refresh(touched, then)

    def show_record(self, measure: EntityId, *, focus: bool = False) -> bool:
        """Make a measure the current one and bring it into sight; False if it is not shown here."""
        return self.view.show_record(measure, focus=focus)

    def focus_here(self) -> None:
        """Take the keyboard, on the first row if none is current."""
        if self.view.current_row() < 0 and self.model.rowCount():
            self.view.select_row(0)
        self.view.focus_here()

    # Time

    def _on_zoom(self, zoom: str) -> None:
        self.view.set_zoom(Zoom(zoom))

    def _on_moved(self) -> None:
        view, room = self.view, self.view.room()
        self._under.setContentsMargins(view.columnViewportPosition(PERIOD), 0, 0, 0)
        self.bar.blockSignals(True)
        self.bar.setRange(0, max(0, view.scale.length - room))
        self.bar.setPageStep(room)
        self.bar.setSingleStep(view.scale.step())
        self.bar.setValue(round(view.scale.offset))
        self.bar.blockSignals(False)
