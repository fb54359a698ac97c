"""The table of measures: columns that give way to one another, sorting by headers, keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.models.queries.lists import MeasureFilter
from app.ui import theme
from app.ui.measures.cells import COLUMNS
from app.ui.measures.measure_rows import MeasureRows
from app.ui.measures.model import MeasureModel
from app.ui.measures.surface import Shown, nothing
from app.ui.measures.views import Sorting
from app.ui.widgets.cells import Column


def layout(room: int) -> dict[int, int]:
    """Widths of the columns that are shown in `room` pixels.

    Columns give way by their rank until the rest has its least width. What is left over goes to the columns
    that would still be cut, then to the title.
    """
    shown = list(range(len(COLUMNS)))
    least = {i: theme.px(column.least) for i, column in enumerate(COLUMNS)}
    for i in sorted(shown, key=lambda i: COLUMNS[i].rank, reverse=True):
        if sum(least[j] for j in shown) <= room or COLUMNS[i].rank == 0:
            break
        shown.remove(i)
    widths = {i: least[i] for i in shown}
    left = room - sum(widths.values())
    for i in (j for j in shown if j != 0):
        more = max(0, min(left, theme.px(COLUMNS[i].ideal) - widths[i], left // 2))
        widths[i] += more
        left -= more
    widths[0] = max(theme.px(120), widths[0] + left)
    return widths


class MeasureTable(MeasureRows):
    """The columns of measures, sorted by their headers; several rows can be selected and changed together."""

    sort_asked = Signal(int, bool)
    selection_grew = Signal(int)

    def __init__(self, model: MeasureModel, parent: QWidget | None = None) -> None:
        columns = [Column(c.look, c.least, least=c.least, dots=c.dots) for c in COLUMNS]
        super().__init__(
            model, columns, name="measures_table", accessible=self.tr("Maßnahmen"), multi=True, parent=parent
        )
        header = self.horizontalHeader()
        header.setSortIndicatorShown(True)
        header.sectionClicked.connect(self._on_section)
        self.selectionModel().selectionChanged.connect(self._on_selection)

    def show_all(self, wanted: MeasureFilter, sorting: Sorting, then: Shown = nothing) -> None:
        """Another filter or order."""
        super().show_all(wanted, sorting, then)
        self.show_sorting()

    # Columns

    def _spread(self) -> None:
        header = self.horizontalHeader()
        if header.count() != len(COLUMNS):
            return
        widths = layout(self.viewport().width())
        for i in range(header.count()):
            header.setSectionHidden(i, i not in widths)
        for i, width in widths.items():
            header.resizeSection(i, width)
        self.fetch()

    def show_sorting(self) -> None:
        """Put the caret on the header of the first sorted column."""
        name, down = self.measures.sorting[0]
        section = next(i for i, column in enumerate(COLUMNS) if column.order == name)
        order = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(section, order)
        self.horizontalHeader().viewport().update()

    def _on_section(self, section: int) -> None:
        if COLUMNS[section].order is not None:
            shift = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
            self.sort_asked.emit(section, bool(shift))
        else:
            self.show_sorting()

    def _on_selection(self) -> None:
        self.selection_grew.emit(len(self.selectionModel().selectedRows()))
