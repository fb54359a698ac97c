"""Doppel: pairs of measures that may be one, the likeliest first, and one of them in full beside the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtWidgets import QStackedWidget

from app.errors import MasswerkError
from app.models.queries.duplicates import Proposal, Side, Suspects, suspects
from app.services import merging
from app.services.workspace import Workspace
from app.ui import theme
from app.ui.agency import twins_words as words
from app.ui.agency.twins_card import TwinsCard
from app.ui.beside import Beside, Breath
from app.ui.measures.places import Places
from app.ui.measures.precedents import silent_words
from app.ui.widgets.cells import Cell
from app.ui.widgets.chip_row import ChipRow
from app.ui.widgets.list_rows import Index, ListRows
from app.ui.widgets.lists import ListView, RowKind
from app.ui.widgets.notices import EmptyState
from app.ui.widgets.surfaces import Splitter
from app.ui.widgets.words import Ground, Label, Rule


class Shown(Enum):
    """Which pairs: one chip each."""

    ALL = "all"
    WITHIN = "within"
    ACROSS = "across"
    PROPOSED = "proposed"


class TwinsModel(ListRows[Suspects]):
    """One row per pair under the chosen chip."""

    def __init__(self, places: Places, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places = places

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words and marks of a row."""
        pair = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return pair.first.title
            case Cell.OVERLINE:
                return words.where(pair, self._places)
            case Cell.DETAIL:
                return self.tr("und {0}").format(pair.second.title)
            case Cell.META:
                return words.ANSWERS[pair.proposal.answer] if pair.proposal else words.strength(pair.why)
            case Cell.ICON:
                return "git-merge" if pair.proposal else "intersect"
            case Cell.TONE:
                return "info"
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                told = f"{pair.first.title} und {pair.second.title}. {words.where(pair, self._places)}"
                if pair.proposal:
                    return f"{told}. {words.answered(pair, self._places)}"
                return f"{told}. {words.strength(pair.why)}, {words.reason(pair.why)}"
        return None


class TwinsTab(Ground):
    """Asks when it is shown. `counted` tells how many pairs there are, `told` a sentence, `open_asked` a record."""

    counted = Signal(int)
    told = Signal(str)
    refused = Signal(object)
    open_asked = Signal(str, str)

    def __init__(self, workspace: Workspace, places: Places) -> None:
        super().__init__("background")
        self._workspace = workspace
        self._silent = silent_words(places)
        self._found: Sequence[Suspects] | None = None
        self._shown = Shown.ALL
        self._asked = 0
        self._is_comparing = self._compares_again = False
        self.model = TwinsModel(places, self)
        self.list = ListView(RowKind.INBOX, name="twins", accessible=self.tr("Mögliche Doppel"), edge=24)
        self.list.setModel(self.model)
        self.card = TwinsCard(places)
        self._beside = Beside(self)
        self._beside.answered.connect(self._on_found)
        told = {
            Shown.ALL: self.tr("Alle"),
            Shown.WITHIN: self.tr("In einer Kommune"),
            Shown.ACROSS: self.tr("Über Kommunen hinweg"),
            Shown.PROPOSED: self.tr("Vorgeschlagen"),
        }
        self.chip_row = ChipRow(told, self._shown, "twins")
        self._build()
        self.chip_row.chosen.connect(self.choose)
        self.list.selectionModel().currentChanged.connect(self._on_row)
        self.list.opened.connect(self._on_opened)
        self.card.open_asked.connect(self._on_open)
        self.card.apart_asked.connect(self.keep_apart)
        self.card.merge_asked.connect(self.merge)
        self.card.withdraw_asked.connect(self.withdraw)

    def _build(self) -> None:
        column = self.column()
        column.addWidget(self.chip_row)
        said = self.tr("Verglichen wird auf diesem Gerät: Titel, Kurztext, Schlagworte und Kennung.")
        note = Label(said, "small", role="muted", wrap=True)
        note.setContentsMargins(24, 0, 24, 8)
        column.addWidget(note)
        column.addWidget(Rule())
        self._calm = EmptyState("check-circle", self.tr("Es gibt keine möglichen Doppel."), name="twins_empty")
        self._busy = EmptyState("hourglass", self.tr("Die Maßnahmen werden verglichen."), name="twins_busy")
        self._stack = QStackedWidget()
        split = Splitter(name="twins_split")
        split.addWidget(self.list)
        split.addWidget(self.card)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([theme.px(460), theme.px(700)])
        self.list.setMinimumWidth(280)
        self.card.setMinimumWidth(320)
        for page in (split, self._calm, self._busy):
            self._stack.addWidget(page)
        self._split = split
        self._stack.setCurrentWidget(self._busy)
        column.addWidget(self._stack, 1)

    # What is shown

    def ask(self) -> None:
        """Compare all measures anew, beside the window."""
        reader, silent = self._workspace.reader, self._silent
        self._asked += 1
        self._is_comparing, self._compares_again = True, False
        number = self._asked
        breath = Breath()

        def given_up() -> bool:
            breath.take()
            return number != self._asked

        self._beside.ask(lambda: suspects(reader, silent, given_up))

    def renew(self) -> None:
        """Measures changed, here or elsewhere: compare anew, but a comparison under way comes to its end."""
        if self._is_comparing:
            self._compares_again = True
        else:
            self.ask()

    def finish(self) -> None:
        """Nothing is read any more; the profile is about to be closed, and does not wait for a whole region."""
        self._asked += 1
        self._beside.finish()

    def choose(self, shown: Shown) -> None:
        """Show the pairs of a chip."""
        self._shown = shown
        self.chip_row.set_on(shown)
        self._refresh()

    def _on_found(self, found: list[Suspects]) -> None:
        self._found, self._is_comparing = found, False
        self._refresh()
        if self._compares_again:
            self.ask()

    def _refresh(self) -> None:
        found = self._found or ()
        for shown, chip in self.chip_row.chips.items():
            chip.set_count(sum(_belongs(pair, shown) for pair in found))
        rows = [pair for pair in found if _belongs(pair, self._shown)]
        row = self.list.currentIndex().row()
        chosen = self.card.pair
        self.model.show_rows(rows)
        self._stack.setCurrentWidget(self._split if rows else self._calm)
        same = next((at for at, pair in enumerate(rows) if chosen is not None and _same(pair, chosen)), -1)
        at = same if same >= 0 else min(max(row, 0), len(rows) - 1)
        if at >= 0:
            self.list.setCurrentIndex(self.model.index(at, 0))
        self.card.show_pair(rows[at] if at >= 0 else None)
        self.counted.emit(sum(pair.proposal is None for pair in found))

    def _on_row(self, index: QModelIndex) -> None:
        row = index.row()
        self.card.show_pair(self.model.rows[row] if 0 <= row < len(self.model.rows) else None)

    def _on_opened(self, index: QModelIndex) -> None:
        self._on_open(self.model.rows[index.row()].first.id)

    def _on_open(self, measure: str) -> None:
        self.open_asked.emit("measure", measure)

    # What is done

    def keep_apart(self, pair: Suspects) -> None:
        """They are two; nobody is asked again."""
        sentence = self.tr("„{0}“ und „{1}“ bleiben zwei Maßnahmen.").format(pair.first.title, pair.second.title)
        self._do(pair, lambda store: merging.keep_apart(store, pair.first.id, pair.second.id), sentence)

    def merge(self, stays: Side, goes: Side) -> None:
        """They are one: at once within a town; two towns are asked first."""
        pair = self.card.pair
        if pair is None:
            return
        if pair.is_within:
            sentence = self.tr("„{0}“ ist in „{1}“ aufgegangen.").format(goes.title, stays.title)
            self._do(pair, lambda store: merging.merge(store, stays.id, goes.id), sentence)
        else:
            sentence = self.tr("Beiden Kommunen vorgeschlagen: „{0}“ geht in „{1}“ auf.").format(
                goes.title, stays.title
            )
            asked = replace(pair, proposal=Proposal(stays.id))
            self._do(pair, lambda store: merging.propose(store, stays.id, goes.id), sentence, asked)

    def withdraw(self, pair: Suspects) -> None:
        """Neither town is asked any more; whether they are one may be asked again."""
        sentence = self.tr("Vorschlag zurückgenommen; beide bleiben, wie sie sind.")
        self._do(pair, lambda store: merging.withdraw(store, pair.first.id, pair.second.id), sentence)
        self.ask()

    def _do(self, pair: Suspects, deed: Callable[[Any], None], sentence: str, instead: Suspects | None = None) -> None:
        """Does it; the pair leaves the list, or stands there as another one `instead`."""
        try:
            deed(self._workspace.store)
        except MasswerkError as error:
            self.refused.emit(error)
            return
        left = [one for one in self._found or () if not _same(one, pair)]
        self._found = [*left, instead] if instead is not None else left
        self._refresh()
        self.told.emit(sentence)


def _belongs(pair: Suspects, shown: Shown) -> bool:
    """Under "Alle" stands what nobody has decided or proposed yet."""
    if pair.proposal is not None:
        return shown is Shown.PROPOSED
    return shown is Shown.ALL or (shown is not Shown.PROPOSED and pair.is_within == (shown is Shown.WITHIN))


def _same(one: Suspects, other: Suspects) -> bool:
    return (one.first.id, one.second.id) == (other.first.id, other.second.id)
