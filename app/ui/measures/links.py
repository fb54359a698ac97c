"""Links to other measures and to bundles: what a measure depends on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain import catalogue as c
from app.domain.bundles import BUNDLES
from app.domain.ids import EntityId
from app.models.queries import lists
from app.models.queries.reader import Reader
from app.ui.measures import words
from app.ui.measures.bundle_names import bundle_words
from app.ui.measures.editors import Editor
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import IconButton, LinkButton
from app.ui.widgets.choices import ChoiceBox
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.words import ElidedLabel, Label


class Dependencies(Themed, QWidget):
    """Lines such as "Baut auf auf · M01 Offene Regionale Datenplattform", and a line to add one."""

    changed = Signal()
    opened = Signal(str)

    def __init__(self, reader: Reader, *, name: str, accessible: str) -> None:
        super().__init__()
        base.identify(self, name, accessible)
        self._reader, self._elements, self._locked, self._own = reader, frozenset[str](), False, ""
        self._targets: dict[str, str] = {}
        self.kind = ChoiceBox(
            words.choices(c.DependencyKind), name=f"{name}_kind", accessible=self.tr("Art der Verknüpfung")
        )
        self.kind.set_value(c.DependencyKind.BUILDS_ON.value)
        self.line = LineEdit(
            name=f"{name}_target",
            accessible=self.tr("Andere Maßnahme oder Bündel"),
            placeholder=self.tr("Titel oder M01 …"),
        )
        self._model = QStringListModel(self)
        completer = QCompleter(self._model, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.activated.connect(self._on_picked)
        self.line.setCompleter(completer)
        self.line.textEdited.connect(self._on_typed)
        self.line.returnPressed.connect(self._on_return)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._rows: list[QWidget] = []
        self._adder = QWidget()
        add = QVBoxLayout(self._adder)
        add.setContentsMargins(0, 0, 0, 0)
        add.setSpacing(4)
        add.addWidget(self.kind)
        add.addWidget(self.line)
        self._column.addWidget(self._adder)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def set_own(self, measure: EntityId) -> None:
        """The measure itself, which is never offered."""
        self._own = measure

    def value(self) -> frozenset[str]:
        """Elements as stored: "kind:target"."""
        return self._elements

    def set_value(self, elements: Sequence[str]) -> None:
        """Show these links without telling anybody."""
        self._elements = frozenset(elements)
        for row in self._rows:
            row.hide()
            row.deleteLater()
        targets = [e.partition(":")[2] for e in elements]
        titles = lists.titles(self._reader, [("measure", t) for t in targets if t not in BUNDLES])
        self._rows = [self._row(e, titles) for e in sorted(elements)]
        for place, row in enumerate(self._rows):
            self._column.insertWidget(place, row)

    def _row(self, element: str, titles: dict[EntityId, str]) -> QWidget:
        kind, _, target = element.partition(":")
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        told = QVBoxLayout()
        told.setSpacing(0)
        told.addWidget(Label(words.full(c.DependencyKind, kind), "small", role="muted"))
        name = f"dependency_{target}"
        if target in BUNDLES:
            told.addWidget(ElidedLabel(bundle_words(target), "small"))
        elif target in titles:
            link = LinkButton(titles[target], name=name)
            link.setProperty("record", target)
            link.clicked.connect(self._on_link)
            told.addWidget(link)
        else:
            told.addWidget(ElidedLabel(self.tr("Nicht auf diesem Gerät"), "small", role="muted"))
        line.addLayout(told, 1)
        away = IconButton("x", name=f"{name}_remove", accessible=self.tr("Verknüpfung entfernen"), side=24)
        away.setProperty("element", element)
        away.setVisible(not self._locked)
        away.clicked.connect(self._on_removed)
        line.addWidget(away)
        return row

    def lock(self, on: bool) -> None:
        """Only to be read."""
        self._locked = on
        self._adder.setVisible(not on)
        for row in self._rows:
            for away in row.findChildren(IconButton):
                away.setVisible(not on)

    def _on_link(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.opened.emit(str(sender.property("record")))

    def _on_removed(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._elements -= {str(sender.property("element"))}
            self.set_value(tuple(self._elements))
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
            self.changed.emit()

    def _on_typed(self, typed: str) -> None:
        wanted = typed.casefold().strip()
        found = {bundle_words(code): code for code in BUNDLES if wanted and wanted in bundle_words(code).casefold()}
        for hit in lists.search(self._reader, typed, 8, frozenset({"measure"})):
            if hit.id != self._own:
                found.setdefault(hit.title, hit.id)
        self._targets = found
        self._model.setStringList(list(found)[:12])

    def _on_return(self) -> None:
        typed = self.line.text().strip()
        if typed in self._targets or len(self._targets) == 1:
            self._on_picked(typed if typed in self._targets else next(iter(self._targets)))
        elif typed:
            self.line.set_error(self.tr("Bitte einen Vorschlag aus der Liste wählen."))

    def _on_picked(self, told: str) -> None:
        target = self._targets.get(told)
        if target is None:
            return
        self._elements |= {f"{self.kind.value()}:{target}"}
        self.line.set_words("")
        self.line.set_error("")
        self.line.clear()
        self.set_value(tuple(self._elements))
        self.changed.emit()


class DependencyEditor(Editor):
    """Links to other measures as a set."""

    def __init__(self, links: Dependencies) -> None:
        super().__init__(links, links.line)
        self._links = links
        links.changed.connect(self._on_changed)

    def _on_changed(self) -> None:
        self.edited.emit()
        self.left.emit()

    def value(self) -> frozenset[str]:
        return self._links.value()

    def show(self, value: Any) -> None:
        self._links.set_value(tuple(value or ()))

    def mark(self, sentence: str) -> None:
        self._links.line.set_error(sentence)

    def lock(self, on: bool) -> None:
        self._links.lock(on)
