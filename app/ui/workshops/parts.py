"""Stations and agenda as short lists: rename, add, remove, move; every step is saved at once."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.order import after
from app.errors import MasswerkError
from app.models.queries.records import Record
from app.services import sessions as acting
from app.services import workshops
from app.ui import labels, theme
from app.ui.theme import Themed
from app.ui.widgets.buttons import IconButton, LinkButton
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.words import Label
from app.ui.workshops.session import Session


class _Row(Themed, QWidget):
    """One station or agenda item."""

    changed = Signal(object)
    moved = Signal(int)
    removed = Signal()

    def __init__(self, kind: str, number: int, record: Record, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.record = record
        word, name = labels.kind_label(kind), f"{kind}_{number}"
        self.title = LineEdit(record.text("title"), name=f"{name}_title", accessible=f"{word} {number}")
        self.title.setCursorPosition(0)  # long words are read from their beginning
        self.title.committed.connect(self._on_title)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.title, 1)
        self.minutes: LineEdit | None = None
        if kind == "agenda_item":
            told = record.text("minutes_planned")
            self.minutes = LineEdit(
                told, name=f"{name}_minutes", accessible=f"{word} {number}, Minuten", right=True, tabular=True
            )
            self.minutes.committed.connect(self._on_minutes)
            layout.addWidget(self.minutes)
            layout.addWidget(Label("Min", "small", role="muted"))
        layout.addSpacing(4)
        self.buttons = [
            IconButton("arrow-up", name=f"{name}_up", accessible=f"{word} {number} nach oben"),
            IconButton("arrow-down", name=f"{name}_down", accessible=f"{word} {number} nach unten"),
            IconButton("trash", name=f"{name}_remove", accessible=f"{word} {number} löschen"),
        ]
        for button, slot in zip(self.buttons, (self._on_up, self._on_down, self._on_removed), strict=True):
            button.clicked.connect(slot)
            layout.addWidget(button)
        self.restyle()

    def restyle(self) -> None:
        """Room for three figures."""
        if self.minutes is not None:
            self.minutes.setFixedWidth(theme.px(56))
        super().restyle()

    def _on_title(self, words: str) -> None:
        self.changed.emit({"title": words.strip()})

    def _on_minutes(self, words: str) -> None:
        bare = words.strip().removesuffix("Min").strip()
        self.changed.emit({"minutes_planned": int(bare) if bare.isdigit() else None})

    def _on_up(self) -> None:
        self.moved.emit(-1)

    def _on_down(self) -> None:
        self.moved.emit(1)

    def _on_removed(self) -> None:
        self.removed.emit()


class PartsEditor(Themed, QWidget):
    """All stations, or all agenda items, of a workshop."""

    def __init__(self, session: Session, kind: str, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._session, self._kind = session, kind
        self._rows: list[_Row] = []
        self._error = Label(size="small", role="danger", wrap=True)
        self._error.hide()
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        new = self.tr("Station hinzufügen") if kind == "station" else self.tr("Punkt hinzufügen")
        self._add = LinkButton(new, name=f"{name}_add", small=False)
        self._add.clicked.connect(self._on_add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._list)
        layout.addWidget(self._error)
        layout.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        signal = session.stations_changed if kind == "station" else session.agenda_changed
        signal.connect(self._show)
        session.head_changed.connect(self._show)
        self._show()

    def _records(self) -> list[Record]:
        return self._session.stations if self._kind == "station" else self._session.agenda

    @Slot()
    def _show(self) -> None:
        records = self._records()
        if [row.record.id for row in self._rows] != [r.id for r in records]:
            self._fill(records)
        may = self._session.may_edit
        for number, (row, record) in enumerate(zip(self._rows, records, strict=True)):
            row.record = record
            if not row.title.dirty():
                row.title.set_words(record.text("title"))
            row.title.setReadOnly(not may)
            if row.minutes is not None:
                if not row.minutes.dirty():
                    row.minutes.set_words(record.text("minutes_planned"))
                row.minutes.setReadOnly(not may)
            for button, on in zip(row.buttons, (number > 0, number < len(records) - 1, True), strict=True):
                button.setEnabled(on)
                button.setVisible(may)
        self._add.setVisible(may)

    def _fill(self, records: list[Record]) -> None:
        for row in self._rows:
            self._list.removeWidget(row)
            row.deleteLater()
        self._rows = []
        for number, record in enumerate(records, 1):
            row = _Row(self._kind, number, record)
            row.changed.connect(self._on_changed)
            row.moved.connect(self._on_moved)
            row.removed.connect(self._on_removed)
            self._rows.append(row)
            self._list.addWidget(row)

    def _row(self) -> _Row:
        sender = self.sender()
        assert isinstance(sender, _Row)
        return sender

    def _tried(self, act: object) -> bool:
        try:
            act()  # type: ignore[operator]
        except MasswerkError as error:
            self._error.setText(" ".join(labels.error_words(error)))
            self._error.show()
            return False
        self._error.hide()
        return True

    @Slot(object)
    def _on_changed(self, values: object) -> None:
        assert isinstance(values, dict)
        row = self._row()
        store = self._session.workspace.store
        self._tried(lambda: workshops.edit_part(store, self._kind, row.record.id, values, row.record.seen))

    @Slot(int)
    def _on_moved(self, by: int) -> None:
        row, records = self._row(), self._records()
        at = next(n for n, r in enumerate(records) if r.id == row.record.id)
        others = [r.text("sort") for r in records if r.id != row.record.id]
        to = max(0, min(len(others), at + by))
        low = others[to - 1] if to else ""
        high = others[to] if to < len(others) else ""
        if low and high and low >= high:
            high = ""
        part = (self._kind, row.record.id)
        self._tried(lambda: acting.place_part(self._session.workspace.store, part, low, high))

    @Slot()
    def _on_removed(self) -> None:
        part = (self._kind, self._row().record.id)
        self._tried(lambda: self._session.delete([part]))

    @Slot()
    def _on_add(self) -> None:
        word = self.tr("Neue Station") if self._kind == "station" else self.tr("Neuer Punkt")
        records = self._records()
        values: dict[str, object] = {
            "title": word,
            "sort": after(records[-1].text("sort") if records else ""),
        }
        if self._kind == "agenda_item":
            values["minutes_planned"] = 15
        store, workshop = self._session.workspace.store, self._session.workshop
        if self._tried(lambda: workshops.add_part(store, workshop, self._kind, values)) and self._rows:
            self._rows[-1].title.setFocus(Qt.FocusReason.OtherFocusReason)
            self._rows[-1].title.selectAll()
