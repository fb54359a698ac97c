"""Lists of parts inside the form: add, open, edit and delete in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.rules import REQUIRED
from app.errors import MasswerkError
from app.models.queries import records
from app.models.queries.records import Record
from app.services import measures
from app.services.workspace import Workspace
from app.ui.measures import names, sentences
from app.ui.measures.making import Makings
from app.ui.measures.part_head import PartHead
from app.ui.measures.rows import field_row
from app.ui.measures.sheet import Sheet
from app.ui.measures.steckbrief import PART_ROWS
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import IconButton, LinkButton
from app.ui.widgets.forms import GUTTER
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.words import ElidedLabel, Label


class PartLine(Themed, QWidget):
    """One part: its line and, once opened, its fields."""

    history_asked = Signal(str, str, str, QWidget)
    versions_asked = Signal(str, str, str)
    refused = Signal(object)
    saved = Signal(str)
    delete_asked = Signal(str, str)

    def __init__(self, workspace: Workspace, record: Record, makings: Makings, *, locked: bool) -> None:
        super().__init__()
        self._workspace, self._makings, self._locked = workspace, makings, locked
        self.record = record
        self.sheet: Sheet | None = None
        self.inner: PartList | None = None
        self.head = PartHead(f"{record.kind}_{record.id}", names.PARTS[record.kind][0])
        self.head.clicked.connect(self._on_pressed)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        line = QHBoxLayout()
        line.setContentsMargins(GUTTER - 4, 0, GUTTER, 0)
        line.addWidget(self.head)
        self._column.addLayout(line)
        self._body: QWidget | None = None
        self.head.show_part(record, False)

    def is_open(self) -> bool:
        """Whether the fields are shown."""
        return self._body is not None and not self._body.isHidden()

    def set_open(self, on: bool) -> None:
        """Show or hide the fields."""
        if on and self._body is None:
            self._make()
        if self._body is not None:
            if not on and self.sheet is not None:
                self.sheet.save()
            self._body.setVisible(on)
        self.head.show_part(self.record, on)

    def _on_pressed(self) -> None:
        self.set_open(not self.is_open())

    def _make(self) -> None:
        kind = self.record.kind
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(4)
        self.sheet = Sheet(self._workspace, kind, self._makings, self)
        for name in PART_ROWS[kind]:
            column.addWidget(field_row(self.sheet, kind, name, self._makings))
        self.sheet.history_asked.connect(self._on_history)
        self.sheet.versions_asked.connect(self._on_versions)
        self.sheet.refused.connect(self.refused)
        self.sheet.saved.connect(self.saved)
        self.sheet.show(self.record, locked=self._locked)
        if kind == "indicator":
            self.inner = PartList(self._workspace, "indicator_value", self._makings, belongs_to=self.record.id)
            self.inner.forward(self)
            column.addWidget(self.inner)
            self.inner.show_root(self.record.root_id, locked=self._locked)
        delete = LinkButton(self.tr("{0} löschen").format(names.PARTS[kind][0]), name=f"{kind}_{self.record.id}_delete")
        delete.setVisible(not self._locked)
        delete.clicked.connect(self._on_delete)
        line = QHBoxLayout()
        line.setContentsMargins(GUTTER, 4, GUTTER, 0)
        line.addStretch(1)
        line.addWidget(delete)
        column.addLayout(line)
        self._column.addWidget(self._body)

    def _on_history(self, name: str, anchor: QWidget) -> None:
        self.history_asked.emit(self.record.kind, self.record.id, name, anchor)

    def _on_versions(self, slot: str) -> None:
        self.versions_asked.emit(self.record.kind, self.record.id, slot)

    def _on_delete(self) -> None:
        self.delete_asked.emit(self.record.kind, self.record.id)

    def renew(self, record: Record) -> None:
        """The part changed."""
        self.record = record
        self.head.show_part(record, self.is_open())
        if self.sheet is not None:
            self.sheet.reload()
        if self.inner is not None:
            self.inner.reload()

    def save(self) -> bool:
        """Save what is being typed."""
        mine = self.sheet.save() if self.sheet is not None else True
        return (self.inner.save() if self.inner is not None else True) and mine

    def lock(self, on: bool) -> None:
        """Only to be read, or to be written again."""
        self._locked = on
        if self.sheet is not None:
            self.sheet.lock(on)
        if self.inner is not None:
            self.inner.lock(on)

    def focus_first(self) -> None:
        """Go to the field to fill next: the first one that is still empty."""
        if self.sheet is None:
            return
        bound = list(self.sheet.bound.values())
        first = next((one for one in bound if one.shown is None), bound[0])
        first.editor.focus.setFocus(Qt.FocusReason.OtherFocusReason)


class PartList(Themed, QWidget):
    """All parts of one kind below a measure (or the values of one indicator)."""

    history_asked = Signal(str, str, str, QWidget)
    versions_asked = Signal(str, str, str)
    refused = Signal(object)
    saved = Signal(str)
    removed = Signal(str)
    counted = Signal()

    def __init__(self, workspace: Workspace, kind: str, makings: Makings, *, belongs_to: str = "") -> None:
        super().__init__()
        self._workspace, self.kind, self._makings, self._belongs_to = workspace, kind, makings, belongs_to
        base.identify(self, f"parts_{kind}", names.PARTS[kind][1])
        self._root, self._locked = "", True
        self.parts: list[Record] = []
        self.rows: dict[str, PartLine] = {}
        one, many = names.PARTS[kind]
        self._count = ElidedLabel("", "small", role="muted", tabular=True)
        self._plus = IconButton("plus", name=f"add_{kind}", accessible=self.tr("{0} hinzufügen").format(one), side=24)
        self._plus.clicked.connect(self.start)
        required = REQUIRED.get(kind)
        self._line: LineEdit | None = None
        if required:
            accessible = self.tr("Neu: {0}").format(names.label(kind, required[0]))
            self._line = LineEdit(
                name=f"new_{kind}",
                accessible=accessible,
                placeholder=self.tr("{0}, dann Eingabe").format(accessible),
            )
            self._line.returnPressed.connect(self._on_entered)
            self._line.hide()
        self._build(many)

    def _build(self, title: str) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 0)
        self._column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(GUTTER, 0, GUTTER, 0)
        head.setSpacing(8)
        head.addWidget(Label(title, "small", role="muted"))
        head.addWidget(self._count, 1)
        head.addWidget(self._plus)
        self._column.addLayout(head)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._column.addLayout(self._list)
        if self._line is not None:
            line = QHBoxLayout()
            line.setContentsMargins(GUTTER, 4, GUTTER, 0)
            line.addWidget(self._line)
            self._column.addLayout(line)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def forward(self, to: PartLine) -> None:
        """Pass on what a nested list asks for."""
        self.history_asked.connect(to.history_asked)
        self.versions_asked.connect(to.versions_asked)
        self.refused.connect(to.refused)
        self.saved.connect(to.saved)

    # What is shown

    def show_root(self, root: str, *, locked: bool) -> None:
        """The parts of another measure."""
        self._root = root
        for row in self.rows.values():
            row.hide()
            row.deleteLater()
        self.rows.clear()
        self.lock(locked)
        self._hide_line()
        self.reload()

    def reload(self) -> None:
        """Read the parts again; rows that are still there keep what is being typed."""
        found = records.children(self._workspace.reader, self._root, self.kind) if self._root else []
        if self._belongs_to:
            found = [r for r in found if r.values.get("indicator_id") == self._belongs_to]
        self.parts = sorted(found, key=_order)
        there = {r.id for r in self.parts}
        for gone in [i for i in self.rows if i not in there]:
            row = self.rows.pop(gone)
            row.hide()
            row.deleteLater()
        for place, record in enumerate(self.parts):
            if record.id not in self.rows:
                self.rows[record.id] = self._row(record)
                self._list.insertWidget(place, self.rows[record.id])
            else:
                self.rows[record.id].renew(record)
        self._count.setText(str(len(self.parts)) if self.parts else self.tr("keine"))
        self.counted.emit()

    def _row(self, record: Record) -> PartLine:
        row = PartLine(self._workspace, record, self._makings, locked=self._locked)
        row.history_asked.connect(self.history_asked)
        row.versions_asked.connect(self.versions_asked)
        row.refused.connect(self.refused)
        row.saved.connect(self.saved)
        row.delete_asked.connect(self._on_delete)
        return row

    def lock(self, on: bool) -> None:
        """Only to be read, or to be written again."""
        self._locked = on
        self._plus.setVisible(not on)
        for row in self.rows.values():
            row.lock(on)

    def sheets(self) -> list[Sheet]:
        """The forms of the parts that have been opened, and of what hangs below them."""
        below = [sheet for row in self.rows.values() if row.inner is not None for sheet in row.inner.sheets()]
        return [row.sheet for row in self.rows.values() if row.sheet is not None] + below

    def save(self) -> bool:
        """Save what is being typed in any part."""
        done = [row.save() for row in self.rows.values()]  # every row, also after one that failed
        return all(done)

    # Adding and deleting

    def start(self) -> None:
        """Begin a new part: ask for its title, or make it at once where it needs none."""
        if self._line is None:
            self._add({})
            return
        self._line.show()
        self._line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hide_line(self) -> None:
        if self._line is not None:
            self._line.set_words("")
            self._line.set_error("")
            self._line.hide()

    def _on_entered(self) -> None:
        assert self._line is not None
        typed = self._line.text().strip()
        if typed:
            self._add({REQUIRED[self.kind][0]: typed})

    def _add(self, values: dict[str, Any]) -> None:
        values |= _BEGINNINGS.get(self.kind, dict)()
        if self._belongs_to:
            values["indicator_id"] = self._belongs_to
        try:
            made = measures.add_part(self._workspace.store, self._root, self.kind, values)
        except MasswerkError as error:
            if self._line is not None:
                self._line.set_error(sentences.refusal(error))
            self.refused.emit(error)
            return
        self._hide_line()
        self.reload()
        row = self.rows[made]
        row.set_open(True)
        row.focus_first()
        self.saved.emit(sentences.clock())

    def _on_delete(self, kind: str, part: str) -> None:
        try:
            measures.delete_part(self._workspace.store, kind, part)
        except MasswerkError as error:
            self.refused.emit(error)
            return
        self.reload()
        self._plus.setFocus(Qt.FocusReason.OtherFocusReason)
        self.removed.emit(kind)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc gives up a new part before it is made."""
        if event.key() == Qt.Key.Key_Escape and self._line is not None and self._line.isVisible():
            self._hide_line()
            self._plus.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().keyPressEvent(event)


def _order(record: Record) -> tuple[str, str]:
    first = {"milestone": "due", "cost_item": "year", "funding_item": "year", "task": "due"}.get(record.kind)
    first = {"indicator_value": "measured_on", "decision": "decided_on"}.get(record.kind, first)
    return (str(record.values.get(first) or "~") if first else "", record.id)


def _this_year() -> dict[str, Any]:
    return {"year": sentences.today().year, "currency": "EUR"}


_BEGINNINGS: dict[str, Callable[[], dict[str, Any]]] = {
    "cost_item": _this_year,
    "funding_item": _this_year,
    "milestone": lambda: {"status": "open"},
    "task": lambda: {"status": "open"},
}
