"""Bündel: the sixteen Maßnahmenbündel with their Bausteine, and what the agency calls them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain import catalogue as c
from app.domain.money import format_money
from app.errors import MasswerkError
from app.models.queries import terms
from app.models.queries.terms import Baustein, BundleFigures
from app.services import terms as deeds
from app.services.workspace import Workspace
from app.ui import labels, theme
from app.ui.measures import words as shapes
from app.ui.measures.places import Places
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.cells import Cell
from app.ui.widgets.inputs import LineEdit, TextArea
from app.ui.widgets.list_rows import Index, ListRows
from app.ui.widgets.lists import ListView, RowKind
from app.ui.widgets.surfaces import ScrollPane, Splitter
from app.ui.widgets.words import ElidedLabel, Ground, Label, Rule

UNNAMED = "Noch ohne Titel"


class BundlesModel(ListRows[BundleFigures]):
    """All sixteen in their order; `begun` are the codes of those with words that are not taken over yet."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.begun: frozenset[str] = frozenset()

    def show_begun(self, codes: Iterable[str]) -> None:
        """Mark other bundles as begun."""
        self.begun = frozenset(codes)
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))

    def show_rows(self, rows: list[BundleFigures]) -> None:
        """Show these; the row one stands on stays where only its words changed."""
        if [row.code for row in rows] != [row.code for row in self.rows]:
            super().show_rows(rows)
        elif rows != self.rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, 0))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words and marks of a row."""
        bundle = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{bundle.code} {bundle.title or UNNAMED}"
            case Cell.DETAIL:
                return _told(bundle)
            case Cell.META if bundle.code in self.begun:
                return self.tr("noch nicht übernommen")
            case Cell.META:
                return self.tr("Leitprojekt") if bundle.is_lead_project else ""
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                meta = self.data(index, Cell.META)
                return f"{bundle.code} {bundle.title or UNNAMED}. {_told(bundle)}" + (f". {meta}" if meta else "")
        return None


def _told(bundle: BundleFigures) -> str:
    if not bundle.measures:
        return "noch kein Baustein"
    told = [
        f"{labels.count(bundle.measures, 'Baustein', 'Bausteine')} in "
        f"{labels.count(bundle.towns, 'Kommune', 'Kommunen')}"
    ]
    if bundle.running:
        told.append(f"{bundle.running} in Umsetzung")
    if bundle.done:
        told.append(f"{bundle.done} fertig")
    return " · ".join(told)


class BundlesTab(Ground):
    """`open_asked` carries a measure, `told` a sentence, `refused` an error."""

    open_asked = Signal(str, str)
    told = Signal(str)
    refused = Signal(object)

    def __init__(self, workspace: Workspace, places: Places) -> None:
        super().__init__("background")
        self._workspace, self._places = workspace, places
        self.model = BundlesModel(self)
        self.list = ListView(RowKind.TWO, name="bundles", accessible=self.tr("Maßnahmenbündel"), edge=24)
        self.list.setModel(self.model)
        self.pane = ScrollPane(name="bundle_pane", accessible=self.tr("Ausgewähltes Bündel"))
        self.pane.body.setContentsMargins(24, 20, 24, 20)
        self._content = QVBoxLayout()
        self.pane.body.addLayout(self._content)
        self.pane.body.addStretch(1)
        self._holder: QWidget | None = None
        # Where the two fields rest while another bundle is put together: without a parent they would be windows.
        self._aside = QWidget(self)
        self._aside.hide()
        self.title = LineEdit(name="bundle_title", accessible=self.tr("Titel des Bündels"))
        self.note = TextArea(name="bundle_note", accessible=self.tr("Beschreibung des Bündels"), lines=2)
        self._put_aside()
        self._shown = ""
        self._begun: dict[str, tuple[str, str]] = {}
        """Title and description that somebody has written and not taken over yet, by code."""
        split = Splitter(name="bundles_split")
        split.addWidget(self.list)
        split.addWidget(self.pane)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([theme.px(460), theme.px(700)])
        self.list.setMinimumWidth(280)
        self.pane.setMinimumWidth(320)
        self.column().addWidget(split)
        self.list.selectionModel().currentChanged.connect(self._on_row)

    def _put_aside(self) -> None:
        for own in (self.title, self.note):
            own.setParent(self._aside)

    def ask(self) -> None:
        """Read all sixteen anew."""
        self.model.show_rows(terms.bundles(self._workspace.reader))
        if not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(0, 0))
        elif not self._is_begun():
            self._show(self.model.rows[self.list.currentIndex().row()])

    def _on_row(self, index: QModelIndex) -> None:
        if index.isValid():
            self._show(self.model.rows[index.row()])

    def _is_begun(self) -> bool:
        return self.title.dirty() or self.note.dirty()

    def _keep_begun(self) -> None:
        """Whoever looks at another bundle finds the words again."""
        if self._shown and self._is_begun():
            self._begun[self._shown] = (self.title.text(), self.note.words())
        else:
            self._begun.pop(self._shown, None)
        self.model.show_begun(self._begun)

    def _show(self, bundle: BundleFigures) -> None:
        self._keep_begun()
        self._shown = bundle.code
        self._put_aside()
        if self._holder is not None:
            self._content.removeWidget(self._holder)
            self._holder.hide()
            self._holder.deleteLater()
        self._holder = QWidget()
        column = QVBoxLayout(self._holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Label(f"{bundle.code} {bundle.title or UNNAMED}", "title", theme.STRONG, wrap=True))
        column.addLayout(self._facts(bundle))
        column.addWidget(Rule())
        self.title.set_words(bundle.title)
        self.note.set_words(bundle.note)
        if bundle.code in self._begun:
            title, note = self._begun[bundle.code]
            self.title.setText(title)
            self.note.setPlainText(note)
        for told, editor in ((self.tr("Titel"), self.title), (self.tr("Beschreibung"), self.note)):
            pair = QVBoxLayout()
            pair.setSpacing(4)
            label = Label(told, "small", role="muted")
            label.setBuddy(editor)
            pair.addWidget(label)
            pair.addWidget(editor)
            column.addLayout(pair)
        save = Button(self.tr("Für alle übernehmen"), name="bundle_save", icon="check")
        save.clicked.connect(self._on_save)
        column.addWidget(save, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(Rule())
        column.addWidget(Label(self.tr("Bausteine"), weight=theme.STRONG))
        found = terms.bausteine(self._workspace.reader, bundle.code)
        for one in found:
            column.addWidget(self._line(one))
        if not found:
            column.addWidget(Label(self.tr("Noch keine Maßnahme nennt dieses Bündel."), "small", role="muted"))
        self._content.addWidget(self._holder)
        self.title.show()
        self.note.show()

    def _facts(self, bundle: BundleFigures) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        published = format_money(bundle.published_cents) if bundle.published_cents is not None else ""
        rows = (
            (self.tr("Stand"), _told(bundle)),
            (self.tr("Kosten"), format_money(bundle.cost_cents) if bundle.cost_cents is not None else labels.NONE),
            (self.tr("Veröffentlicht"), published),
            (self.tr("Baut auf"), ", ".join(bundle.builds_on)),
        )
        for row, (name, told) in enumerate(one for one in rows if one[1]):
            label = ElidedLabel(name, "small", role="muted")
            label.setFixedWidth(theme.px(96))
            grid.addWidget(label, row, 0)
            grid.addWidget(Label(told, "small", wrap=True), row, 1)
        return grid

    def _line(self, one: Baustein) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        link = LinkButton(one.title, name=f"baustein_{one.id}", small=False)
        link.clicked.connect(lambda: self.open_asked.emit("measure", one.id))
        column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        status = shapes.full(c.MeasureStatus, one.status)
        told = " · ".join(part for part in (self._places.short(one.ags), one.code, status) if part)
        column.addWidget(Label(told, "small", role="muted"))
        return holder

    def _on_save(self) -> None:
        try:
            deeds.name_bundle(self._workspace.store, self._shown, self.title.text(), self.note.words())
        except MasswerkError as error:
            self.refused.emit(error)
            return
        self.title.set_words(self.title.text())
        self.note.set_words(self.note.words())
        self.ask()
        self.told.emit(self.tr("{0} heißt jetzt überall „{1}“.").format(self._shown, self.title.text().strip()))
