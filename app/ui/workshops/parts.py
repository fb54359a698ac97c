"""Stations and agenda as short lists: rename, add, remove, move; every step is saved at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.order import after
from app.errors import MasswerkError
from app.models.queries.persons import known_persons
from app.models.queries.records import Record
from app.services import sessions as acting
from app.services import workshops
from app.ui import labels, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import IconButton, LinkButton
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.persons import PersonEdit
from app.ui.widgets.words import Label
from app.ui.workshops.session import Session

_MINUTES = re.compile(r"(\d{1,4})\s*(?:min(?:uten?|\.)?)?", re.IGNORECASE)


_SAID = {
    "title": ("", "title"),
    "minutes_planned": ("Minuten", "minutes"),
    "speaker": ("Vortrag", "speaker"),
    "result": ("Ergebnis", "result"),
}
"""How a line is called behind the name of its row, and in the name of its widget."""


class _Row(Themed, QWidget):
    """One station or agenda item: its title, and of an item how long, who speaks and what came of it.

    A line whose words were refused keeps them, marked, until they are put right.
    """

    changed = Signal(object)
    unclear = Signal(str)
    moved = Signal(int)
    removed = Signal()

    def __init__(self, kind: str, number: int, record: Record, known: Callable[[], Sequence[str]]) -> None:
        super().__init__()
        self.record = record
        self._kind = kind
        self.title = LineEdit(record.text("title"), name=f"{kind}_title", accessible=kind)
        self.title.setCursorPosition(0)  # long words are read from their beginning
        self.title.committed.connect(self._on_title)
        self._lines = {"title": self.title}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        layout = QHBoxLayout()
        layout.setSpacing(4)
        column.addLayout(layout)
        layout.addWidget(self.title, 1)
        self.minutes: LineEdit | None = None
        if kind == "agenda_item":
            told = record.text("minutes_planned")
            self.minutes = LineEdit(told, name=f"{kind}_minutes", accessible=kind, right=True, tabular=True)
            self.minutes.committed.connect(self._on_minutes)
            self._lines["minutes_planned"] = self.minutes
            layout.addWidget(self.minutes)
            layout.addWidget(Label("Min", "small", role="muted"))
            column.addLayout(self._below(record, known))
            column.setContentsMargins(0, 0, 0, 6)
        layout.addSpacing(4)
        self.buttons = [
            IconButton("arrow-up", name=f"{kind}_up", accessible=kind),
            IconButton("arrow-down", name=f"{kind}_down", accessible=kind),
            IconButton("trash", name=f"{kind}_remove", accessible=kind),
        ]
        self.call(number)
        for button, slot in zip(self.buttons, (self._on_up, self._on_down, self._on_removed), strict=True):
            button.clicked.connect(slot)
            layout.addWidget(button)
        self.restyle()

    def _below(self, record: Record, known: Callable[[], Sequence[str]]) -> QHBoxLayout:
        """Who speaks, and what came of it: both stand in the minutes."""
        below = QHBoxLayout()
        below.setSpacing(4)
        speaker = PersonEdit(known, name="agenda_item_speaker", accessible="–", placeholder=self.tr("Vortrag"))
        result = LineEdit(name="agenda_item_result", accessible="–", placeholder=self.tr("Ergebnis"))
        for name, line, share in (("speaker", speaker, 2), ("result", result, 3)):
            line.set_words(record.text(name))
            line.setCursorPosition(0)
            line.committed.connect(partial(self._on_words, name))
            self._lines[name] = line
            below.addWidget(line, share)
        return below

    def call(self, number: int) -> None:
        """Name the row and what is in it by its place, counted from 1."""
        word, name = labels.kind_label(self._kind), f"{self._kind}_{number}"
        self.place = f"{word} {number}"
        for field, line in self._lines.items():
            said, key = _SAID[field]
            base.identify(line, f"{name}_{key}", f"{self.place}, {said}" if said else self.place)
        deeds = (("up", "nach oben"), ("down", "nach unten"), ("remove", "löschen"))
        for button, (key, does) in zip(self.buttons, deeds, strict=True):
            button.setObjectName(f"{name}_{key}")
            button.set_meaning(f"{self.place} {does}")

    def lines(self) -> list[LineEdit]:
        """What can be typed into."""
        return list(self._lines.values())

    def refuse(self, sentence: str) -> None:
        """Mark the lines that are not as they are stored; an empty sentence takes all marks away."""
        for name, line in self._lines.items():
            line.set_error(sentence if line.text().strip() != self.record.text(name) else "")

    def show_stored(self) -> None:
        """What is stored, in the lines nobody is changing and nothing was refused of."""
        for name, line in self._lines.items():
            if not line.dirty() and not line.error():
                line.set_words(self.record.text(name))

    def forget(self) -> None:
        """What is stored, whatever stands there."""
        for name, line in self._lines.items():
            line.set_error("")
            line.set_words(self.record.text(name))

    def restyle(self) -> None:
        """Room for three figures."""
        if self.minutes is not None:
            self.minutes.setFixedWidth(theme.px(56))
        super().restyle()

    def _on_title(self, words: str) -> None:
        self.changed.emit({"title": words.strip()})

    def _on_words(self, name: str, words: str) -> None:
        self.changed.emit({name: words.strip() or None})

    def _on_minutes(self, words: str) -> None:
        found = _MINUTES.fullmatch(words.strip())
        if found is None and words.strip():
            self.unclear.emit(self.tr("„{0}“ ist keine Zahl von Minuten, z. B. 15.").format(words.strip()))
            return
        self.changed.emit({"minutes_planned": int(found[1]) if found else None})

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
            row.show_stored()
            for line in row.lines():
                line.setReadOnly(not may)
            for button, on in zip(row.buttons, (number > 0, number < len(records) - 1, True), strict=True):
                button.setEnabled(on)
                button.setVisible(may)
        self._add.setVisible(may)

    def _fill(self, records: list[Record]) -> None:
        """Rows that stay keep their words and the cursor, wherever they stand now."""
        before = {row.record.id: row for row in self._rows}
        self._rows = []
        for number, record in enumerate(records, 1):
            row = before.pop(record.id, None) or self._made(number, record)
            row.call(number)
            if self._list.indexOf(row) != number - 1:
                self._list.insertWidget(number - 1, row)
            self._rows.append(row)
        for row in before.values():
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()

    def _made(self, number: int, record: Record) -> _Row:
        row = _Row(self._kind, number, record, partial(known_persons, self._session.workspace.reader))
        row.changed.connect(self._on_changed)
        row.unclear.connect(self._on_unclear)
        row.moved.connect(self._on_moved)
        row.removed.connect(self._on_removed)
        return row

    def unsaved(self) -> list[str]:
        """The rows with words that are not on disk, after it was tried."""
        for row in self._rows:
            for line in row.lines():
                line.leave()
        return [row.place for row in self._rows if any(line.error() for line in row.lines())]

    def refused(self) -> LineEdit | None:
        """The first line whose words were refused."""
        return next((line for row in self._rows for line in row.lines() if line.error()), None)

    def forget(self) -> None:
        """Show what is on disk instead."""
        self._error.hide()
        for row in self._rows:
            row.forget()

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
        store, record = self._session.workspace.store, row.record
        act = partial(workshops.edit_part, store, self._kind, record.id, values, record.seen)
        row.refuse("" if self._tried(act) else self._error.text())

    @Slot(str)
    def _on_unclear(self, sentence: str) -> None:
        self._row().refuse(sentence)
        self._error.setText(sentence)
        self._error.show()

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
