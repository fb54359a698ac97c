"""Katalog: the words of the programme's lists. They are renamed, retired and replaced, and never vanish while used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from app.domain.catalogue import TermList
from app.errors import MasswerkError
from app.models.queries import terms
from app.models.queries.terms import Entry
from app.services import terms as deeds
from app.services.workspace import Workspace
from app.ui import labels, theme
from app.ui.agency.term_card import TermCard
from app.ui.widgets.buttons import Button
from app.ui.widgets.cells import Cell
from app.ui.widgets.chip_row import ChipRow
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.list_rows import Index, ListRows
from app.ui.widgets.lists import ListView, RowKind
from app.ui.widgets.surfaces import Splitter
from app.ui.widgets.words import Ground, Label, Rule

_LISTS = (TermList.TAG, TermList.VISION, TermList.LOCAL_FIELD)


class TermsModel(ListRows[Entry]):
    """Every word of a list, in the catalogue or only in use."""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words and marks of a row."""
        entry = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.word
            case Cell.DETAIL:
                return uses(entry)
            case Cell.META:
                return standing(entry)
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return ". ".join(part for part in (entry.word, standing(entry), uses(entry)) if part)
        return None


def uses(entry: Entry) -> str:
    """Where a word stands, and its former names still do."""
    told = [f"in {labels.count(entry.uses, 'Maßnahme', 'Maßnahmen')}" if entry.uses else "noch nirgends"]
    told += [f"„{word}“ noch in {amount}" for word, amount in entry.late if word != entry.word]
    return " · ".join(told)


def standing(entry: Entry) -> str:
    """What about a word is not as usual."""
    if entry.term is None:
        return "nicht im Katalog"
    if entry.now != entry.word:
        return f"jetzt „{entry.now}“"
    return "wird nicht mehr angeboten" if not entry.offered else ""


class CatalogueTab(Ground):
    """`told` carries a sentence, `refused` an error."""

    told = Signal(str)
    refused = Signal(object)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__("background")
        self._workspace, self._list = workspace, TermList.TAG
        self.model = TermsModel(self)
        self.list = ListView(RowKind.TWO, name="terms", accessible=self.tr("Begriffe"), edge=24)
        self.list.setModel(self.model)
        self.card = TermCard()
        self.line = LineEdit(
            name="term_new", accessible=self.tr("Neuer Begriff"), placeholder=self.tr("Neuer Begriff …")
        )
        self.adds = Button(self.tr("Aufnehmen"), name="term_add", icon="plus")
        self.chip_row = ChipRow({one: labels.label(one) for one in _LISTS}, self._list, "terms")
        self._build()
        self.chip_row.chosen.connect(self.choose)
        self.list.selectionModel().currentChanged.connect(self._on_row)
        self.line.returnPressed.connect(self._on_add)
        self.adds.clicked.connect(self._on_add)
        self.card.done.connect(self._on_card)

    def _build(self) -> None:
        column = self.column()
        column.addWidget(self.chip_row)
        said = self.tr("Kein Begriff verschwindet, solange ihn jemand benutzt: Er wird nur nicht mehr angeboten.")
        note = Label(said, "small", role="muted", wrap=True)
        note.setContentsMargins(24, 0, 24, 8)
        column.addWidget(note)
        column.addWidget(Rule())
        left = Ground("surface")
        add = QHBoxLayout()
        add.setContentsMargins(24, 12, 24, 12)
        add.setSpacing(8)
        add.addWidget(self.line, 1)
        add.addWidget(self.adds)
        inner = left.column()
        inner.addLayout(add)
        inner.addWidget(Rule())
        inner.addWidget(self.list, 1)
        split = Splitter(name="terms_split")
        split.addWidget(left)
        split.addWidget(self.card)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([theme.px(460), theme.px(700)])
        left.setMinimumWidth(300)
        self.card.setMinimumWidth(320)
        column.addWidget(split, 1)

    def ask(self) -> None:
        """Read the lists anew."""
        for one, chip in self.chip_row.chips.items():
            chip.set_count(len(terms.entries(self._workspace.reader, one)))
        self._refresh(self.card.entry.word if self.card.entry is not None else "")

    def renew(self) -> None:
        """Something was changed here or elsewhere; a name that is being written stays."""
        if not self.card.is_writing():
            self.ask()

    def choose(self, of: TermList) -> None:
        """Show another list."""
        self._list = of
        self.chip_row.set_on(of)
        self.card.show_entry(None, [])
        self._refresh("")

    def _refresh(self, word: str) -> None:
        rows = terms.entries(self._workspace.reader, self._list)
        self.model.show_rows(rows)
        at = next((at for at, entry in enumerate(rows) if entry.word == word), 0 if rows else -1)
        if at >= 0:
            self.list.setCurrentIndex(self.model.index(at, 0))
        self._show(at)

    def _on_row(self, index: QModelIndex) -> None:
        self._show(index.row())

    def _show(self, row: int) -> None:
        rows = self.model.rows
        entry = rows[row] if 0 <= row < len(rows) else None
        others = [
            r.term for r in rows if r.term is not None and r.offered and entry is not None and r.word != entry.word
        ]
        self.card.show_entry(entry, others)

    def _on_add(self) -> None:
        word = self.line.text().strip()
        self._do(lambda: deeds.add(self._workspace.store, self._list, word), self.tr("Aufgenommen: {0}"), word)
        if self.model.rows and any(entry.word == word for entry in self.model.rows):
            self.line.set_words("")

    def _on_card(self, deed: str, given: str) -> None:
        entry, store = self.card.entry, self._workspace.store
        if entry is None:
            return
        if deed == "write":
            self._write(given)
        elif entry.term is None:
            self._do(lambda: deeds.add(store, self._list, entry.word), self.tr("Aufgenommen: {0}"), entry.word)
        elif deed == "rename":
            term = entry.term.id
            self._do(lambda: deeds.rename(store, term, given), self.tr("Umbenannt: {0}"), given.strip())
        elif deed == "retire":
            term, retired = entry.term.id, not entry.term.retired
            sentence = self.tr("Wird nicht mehr angeboten: {0}") if retired else self.tr("Wird wieder angeboten: {0}")
            self._do(lambda: deeds.retire(store, term, retired=retired), sentence, entry.word)
        elif deed == "replace":
            term = entry.term.id
            sentence = self.tr("Ersetzt: {0}") if given else self.tr("Nicht mehr ersetzt: {0}")
            self._do(lambda: deeds.replace(store, term, given), sentence, entry.word)

    def _write(self, word: str) -> None:
        try:
            amount = deeds.write_in_force(self._workspace.store, self._list, word)
        except MasswerkError as error:
            self.refused.emit(error)
            return
        self.ask()
        told = labels.count(amount, "Maßnahme", "Maßnahmen")
        self.told.emit(self.tr("„{0}“ in {1} ersetzt").format(word, told))

    def _do(self, deed: Callable[[], object], sentence: str, word: str) -> None:
        try:
            deed()
        except MasswerkError as error:
            self.refused.emit(error)
            return
        self.ask()
        self._refresh(word)
        self.told.emit(sentence.format(word))
