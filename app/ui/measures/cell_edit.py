"""Editing in place: a card over one cell of the table, saved as one change, left as it was by Esc.

Not Qt's own cell editors: those are overwritten by `dataChanged` while somebody types, and are gone when the rows
are listed anew, a row leaves the filter or a column gives way. The card belongs to a record and a field, not to an
index; it is put back over its cell whenever the table has moved, and stays where it was if there is no cell any more.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.domain.ids import EntityId
from app.domain.rules import LIGHT_NEEDS_REASON, NEEDS_REASON
from app.models.queries import records
from app.models.queries.records import Record
from app.services.workspace import Workspace
from app.ui import theme
from app.ui.measures import names
from app.ui.measures.cell_card import PAD, CellCard
from app.ui.measures.cells import COLUMNS
from app.ui.measures.editors import ChoiceEditor, Editor, SetEditor
from app.ui.measures.locked import AWAY, why_locked
from app.ui.measures.making import Makings, make, worded
from app.ui.measures.merging import gone_into
from app.ui.measures.sheet import Sheet
from app.ui.measures.table import MeasureTable
from app.ui.widgets import base
from app.ui.widgets.inputs import LineEdit, TextArea
from app.ui.widgets.popover import Popover

_REASON_WIDTH = 340
_AROUND, _WIDEST = 40, 720
"""What stands around the words of a title, and how wide its card becomes for them."""

_REASON_DUE = "Bitte kurz begründen."


@dataclass(frozen=True, slots=True)
class Writing:
    """What is written in a column: its fields, its reason, and the width at 100 % that its words need."""

    fields: tuple[str, ...]
    width: int
    reason: str = ""
    due: frozenset[str] = frozenset()


WRITINGS = {
    "title": Writing(("title",), 360),
    "lead": Writing(("lead_ags",), 220),
    "field": Writing(("fields_of_action",), 240),
    "status": Writing(("status",), 200, "status_reason", frozenset(NEEDS_REASON)),
    "light": Writing(("traffic_light",), 200, "traffic_light_reason", frozenset(LIGHT_NEEDS_REASON)),
    "period": Writing(("start", "end"), 300),
    "cost": Writing(("total_cost_cents",), 160),
}
"""By the key of the column; a column that is not here writes itself."""


class CellEdit(QObject):
    """At most one cell of the table under edit.

    `told` carries a sentence and whether there is a way back, `refused` an error that belongs to no field.
    """

    told = Signal(str, bool)
    refused = Signal(object)

    def __init__(self, table: MeasureTable, workspace: Workspace, makings: Makings, parent: QObject) -> None:
        super().__init__(parent)
        self._table, self._workspace, self._makings = table, workspace, makings
        self._column, self._title, self._written = "", "", ""
        self._is_away = False
        self.card: CellCard | None = None
        self._sheet: Sheet | None = None
        self._editors: tuple[Editor, ...] = ()
        self._again = QTimer(self, singleShot=True, interval=0)
        self._again.timeout.connect(self._place)
        model = table.measures
        for moved in (model.modelReset, model.layoutChanged, model.rowsInserted, model.rowsRemoved, table.laid_out):
            moved.connect(self._again.start)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus)

    # Beginning

    def kept(self) -> EntityId:
        """The record that stays in the list for now: under edit, or just edited and still the current row; "" none."""
        here = self._sheet is not None or self._table.current_id() == self._written
        return self._written if here and not self._is_away else ""

    def is_open(self) -> bool:
        """Whether a cell is being edited."""
        return self._sheet is not None

    def begin(self, measure: EntityId, column: str) -> bool:
        """Edit a cell; False where it may not be edited (then it is told why) or another one cannot be left."""
        if not self.commit():
            self._focus()
            return False
        writing = WRITINGS.get(column)
        record = records.get_record(self._workspace.reader, "measure", measure)
        if record is None:
            return False
        if writing is None:
            self.told.emit(self.tr("„{0}“ schreibt sich von selbst.").format(_heading(column)), False)
            return False
        locked = why_locked(record, gone_into(self._workspace.reader, record)[1], self._makings.places)
        if locked:
            self.told.emit(locked, False)
            return False
        self._open(record, column, writing)
        return True

    def _open(self, record: Record, column: str, writing: Writing) -> None:
        self._column, self._title, self._written = column, record.text("title"), record.id
        self._is_away = False
        self._editors = tuple(make("measure", name, self._makings) for name in writing.fields)
        reason = make("measure", writing.reason, self._makings) if writing.reason else None
        words = self.tr("{0} von „{1}“").format(_heading(column), self._title)
        self.card = CellCard(self._table.viewport(), "measure_cell", words, self._editors, reason)
        self._sheet = Sheet(self._workspace, "measure", self._makings, self, saves_by_itself=False)
        self._sheet.refused.connect(self.refused)
        for name, editor in zip(writing.fields, self._editors, strict=True):
            self._sheet.bind(name, editor, self.card)
        if reason is not None:
            self._sheet.bind(writing.reason, reason, self.card)
        self._sheet.show(record, locked=False)
        if reason is not None and isinstance(reason.widget, LineEdit | TextArea):
            reason.widget.setPlaceholderText(self.tr("Grund in einem Satz"))
        for editor in self._stops(hidden=True):
            editor.focus.setAccessibleDescription(words)
            editor.focus.installEventFilter(self)
            editor.edited.connect(self._again.start)  # a hint may have come or gone
            if isinstance(editor, ChoiceEditor):
                editor.left.connect(self._on_chosen)
        self.card.grown.connect(self._again.start)
        if column == "cost" and record.get("total_cost_cents") is None:
            self.card.set_note(self.tr("Gesamtsumme; ohne sie zählen die einzelnen Kosten."))
        self._place()
        self.card.show()
        self.card.raise_()
        self._focus()
        self._unfold()

    def _focus(self) -> None:
        if self._editors:
            editor = self._editors[0].focus
            editor.setFocus(Qt.FocusReason.OtherFocusReason)
            if isinstance(editor, QLineEdit):
                editor.end(False)
                editor.home(True)  # all of it, seen from its beginning
            elif hasattr(editor, "selectAll"):
                editor.selectAll()

    def _unfold(self) -> None:
        """A list of choices is open at once: one key less."""
        widget = self._editors[0].widget
        if isinstance(self._editors[0], ChoiceEditor):
            widget.showPopup()  # type: ignore[attr-defined]  # a ChoiceBox
        elif isinstance(self._editors[0], SetEditor):
            widget.open()  # type: ignore[attr-defined]  # a SetBox

    def _stops(self, *, hidden: bool = False) -> list[Editor]:
        """The editors in the order of Tab."""
        assert self.card is not None
        reason = self.card.reason
        with_reason = reason is not None and (hidden or self.card.is_asking_reason())
        return [*self._editors, *([reason] if reason is not None and with_reason else [])]

    # Place

    def _place(self) -> None:
        """Over its cell, as far as the table has room; where there is no such cell any more, where it was."""
        if self.card is None:
            return
        room = self._table.viewport().rect()
        cell = self._table.cell_rect(self._written, self._column)
        least = theme.px(_REASON_WIDTH if self.card.is_asking_reason() else WRITINGS[self._column].width)
        if self._column == COLUMNS[0].key:  # a long title is seen whole where there is room
            whole = base.text_width(self._title) + theme.px(_AROUND)
            least = max(least, min(whole, theme.px(_WIDEST)))
        if cell is None:
            cell = QRect(self.card.pos() + QPoint(0, PAD), self.card.size())
        first = self._column == COLUMNS[0].key
        left = cell.left() + (self._table.edge - 8 - PAD if first else -PAD)
        width = min(max(cell.width() - (left - cell.left()) + PAD, least), room.width() - 8)
        height = self.card.height_for(width)
        top = cell.top() + (self._table.row_height() - theme.grow(32)) // 2 - PAD
        beside = 4 if first else max(4, min(self._table.frozen_width() + 1, room.width() - width - 4))
        left = max(beside, min(left, room.width() - width - 4))
        if 0 <= cell.top() <= room.height():  # what lies out of sight is scrolled away; in sight it is whole
            top = max(0, min(top, room.height() - height))
        self.card.setGeometry(left, top, width, height)

    # Ending

    def commit(self) -> bool:
        """Save what was changed and close; False, with the reason beside the field, if it cannot be saved yet."""
        if self._sheet is None or self.card is None:
            return True
        if not self._sheet.is_dirty():
            self._close()
            return True
        if self._is_shut() or not self._is_understood() or not self._has_reason():
            return False
        told = self._told()
        if not self._sheet.save():
            return False
        self._close()
        self.told.emit(told, True)
        return True

    def _is_shut(self) -> bool:
        """Whether the measure may no longer be changed here, which is told; a deleted one can still be kept."""
        record = self._sheet.record if self._sheet is not None else None
        if self.card is None or record is None:
            return False
        if self._is_away:
            locked = AWAY
        elif record.gone and record.may_edit:
            return False
        else:
            locked = why_locked(record, gone_into(self._workspace.reader, record)[1], self._makings.places)
        if locked:
            rest = self.tr("Ihr Text steht noch hier und kann kopiert werden; Esc schließt.")
            self.card.set_note(f"{locked} {rest}", "info")
        return bool(locked)

    def _is_understood(self) -> bool:
        assert self.card is not None
        for editor in self._editors:
            try:
                editor.value()
            except ValueError as mistake:
                self.card.set_note(editor.complain(str(mistake)), "danger")
                return False
        return True

    def _has_reason(self) -> bool:
        """Where the value needs a reason it is asked for in place, as on the board."""
        assert self.card is not None
        writing = WRITINGS[self._column]
        if self.card.reason is None or self._editors[0].value() not in writing.due or self.card.reason.value():
            return True
        self.card.set_note(_REASON_DUE, "warning")
        self.card.ask_reason()
        return False

    def _told(self) -> str:
        writing = WRITINGS[self._column]
        if len(writing.fields) > 1 or self._column == "title":
            return self.tr("{0} geändert").format(_heading(self._column))
        name = writing.fields[0]
        words = worded("measure", name, self._editors[0].value() or None, self._makings.places)
        return f"{names.spoken('measure', name)}: {words if len(words) <= 60 else words[:59] + '…'}"

    def cancel(self) -> None:
        """Leave the value as it was."""
        self._close()
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self) -> None:
        card, sheet = self.card, self._sheet
        self.card, self._sheet, self._editors = None, None, ()
        if card is not None and sheet is not None:
            inside = card.isAncestorOf(QApplication.focusWidget() or card)
            card.hide()
            card.deleteLater()
            sheet.deleteLater()
            if inside:
                self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    # What comes in meanwhile

    def reload(self, touched: frozenset[EntityId]) -> None:
        """Something was stored: what is being typed stays, and is told what has become of its record."""
        if self._written not in touched:
            return
        self._is_away = records.get_record(self._workspace.reader, "measure", self._written) is None
        if self._sheet is None or self.card is None:
            return
        self._sheet.reload()
        record = self._sheet.record
        if not self._is_shut() and record is not None and record.gone:
            self.card.set_note(
                self.tr("Inzwischen gelöscht. Speichern Sie, wird gefragt, ob die Maßnahme bleiben soll."), "info"
            )

    # Keys and focus

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Return saves, Esc leaves it as it was, Tab saves and goes on to the next cell."""
        if self.card is None or event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        keys = Qt.Key
        if event.key() == keys.Key_Escape:
            self.cancel()
            return True
        if event.key() in (keys.Key_Return, keys.Key_Enter):
            self.commit()
            return True
        if event.key() in (keys.Key_Tab, keys.Key_Backtab):
            self._go(watched, 1 if event.key() == keys.Key_Tab else -1)
            return True
        return False

    def _go(self, inside: QObject, step: int) -> None:
        stops = self._stops()
        at = next((n for n, editor in enumerate(stops) if editor.focus is inside), 0) + step
        if 0 <= at < len(stops):
            stops[at].focus.setFocus(Qt.FocusReason.TabFocusReason)
            return
        measure, column = self._written, self._column
        if not self.commit():
            return
        following = self._table.column_beside(column, step, frozenset(WRITINGS))
        if following:
            self._table.go_to(measure, following)
            self.begin(measure, following)

    def _on_chosen(self) -> None:
        """A choice is made: that is all there was to do, unless it needs a reason."""
        if self.card is not None and self._sheet is not None and self._has_reason():
            self.commit()

    def _on_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        """Leaving saves; a list that belongs to the card is no leaving, and closing it ends the edit."""
        if self.card is None or new is None or new.window() is not self.card.window():
            return
        if self.card.isAncestorOf(new):
            came_back = old is not None and not self.card.isAncestorOf(old) and old is not self._table
            if came_back and isinstance(self._editors[0], SetEditor) and self._sheet is not None:
                QTimer.singleShot(0, self, self.commit)
            return
        floating = _popover_around(new)
        anchor = floating.anchor() if floating is not None else None
        if anchor is None or not self.card.isAncestorOf(anchor):
            self.commit()


def _popover_around(widget: QWidget) -> Popover | None:
    here: QWidget | None = widget
    while here is not None and not isinstance(here, Popover):
        here = here.parentWidget()
    return here


def _heading(column: str) -> str:
    return next(one.title for one in COLUMNS if one.key == column)
