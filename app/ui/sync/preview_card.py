"""The card "Was würde übertragen?": what the next exchange would send and fetch, by record, without doing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from app.models.queries.syncing import Waiting
from app.sync.preview import Foreseen, Manner, Preview
from app.ui import labels, theme
from app.ui.sync import words
from app.ui.sync.stand import plain
from app.ui.sync_worker import Failure
from app.ui.widgets.buttons import Button
from app.ui.widgets.cells import Cell
from app.ui.widgets.lists import ListView, RowKind
from app.ui.widgets.surfaces import Card
from app.ui.widgets.words import Label

_MOST_ROWS = 8
_MANNERS = {
    Manner.NEW: ("neu", "neue"),
    Manner.CHANGED: ("geändert", "geänderte"),
    Manner.GONE: ("fällt weg", "wegfallende"),
}
_ICONS = {"measure": "list-bullets", "workshop": "users-three"}


@dataclass(frozen=True, slots=True)
class Line:
    """One root and what would come of it and its parts."""

    kind: str
    id: str
    title: str
    told: str


def lines_of(coming: Sequence[Foreseen]) -> list[Line]:
    """By root, in the order they would come: "neu, 3 Einträge geändert"."""
    roots: dict[tuple[str, str], list[Foreseen]] = {}
    for one in coming:
        roots.setdefault((one.root_kind, one.root_id), []).append(one)
    found = []
    for (kind, root), parts in roots.items():
        own = next((part for part in parts if part.id == root), None)
        told = [_MANNERS[own.manner][0]] if own is not None else []
        counts = Counter(part.manner for part in parts if part.id != root)
        told += [_counted(counts[manner], manner) for manner in Manner if counts[manner]]
        title = next((part.root_title for part in parts if part.root_title), "")
        found.append(Line(kind, root, words.titled(kind, title), ", ".join(told)))
    return found


def _counted(amount: int, manner: Manner) -> str:
    entries = labels.count(amount, "Teil", "Teile")
    return f"{entries} {'fallen weg' if manner is Manner.GONE and amount != 1 else _MANNERS[manner][0]}"


def sent_words(waiting: Sequence[Waiting]) -> str:
    """What would be sent; what waits at the agency already would not."""
    rows = [row for row in waiting if row.state == "pending"]
    if not rows:
        return "Von hier würde nichts gesendet."
    changes = labels.count(sum(row.changes for row in rows), "Änderung", "Änderungen")
    records = labels.count(len({row.root_id for row in rows}), "Eintrag", "Einträgen")
    return f"Von hier: {changes} an {records}, wie unter „Was wartet“."


def fetched_words(preview: Preview) -> str:
    """What would be fetched, in one sentence."""
    if preview.renewed:
        return "Die Agentur wurde wiederhergestellt: Zuerst würde alles verglichen. Verloren geht dabei nichts."
    if not preview.coming:
        return "Von der Agentur gibt es nichts Neues."
    counts = Counter(one.manner for one in preview.coming)
    told = [f"{labels.number(counts[m])} {_MANNERS[m][1]}" for m in Manner if counts[m]]
    entries = "Eintrag" if len(preview.coming) == 1 else "Einträge"
    said = f"Von der Agentur: {' und '.join(told) if len(told) < 3 else ', '.join(told)} {entries}"
    return f"{said}, und noch mehr." if preview.more else f"{said}."


class _Lines(QAbstractListModel):
    def __init__(self, lines: Sequence[Line], parent: QObject) -> None:
        super().__init__(parent)
        self.lines = list(lines)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        line = self.lines[index.row()]
        answers = {
            int(Qt.ItemDataRole.DisplayRole): line.title,
            int(Cell.META): line.told,
            int(Cell.ICON): _ICONS.get(line.kind, "file-text"),
            int(Qt.ItemDataRole.AccessibleTextRole): f"{line.title}: {line.told}",
            int(Qt.ItemDataRole.ToolTipRole): line.title,
        }
        return answers.get(role)


class PreviewCard(Card):
    """`asked` wants an answer by `show_preview` or `complain`; `record_requested` leads to a record that is here."""

    asked = Signal()
    record_requested = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(padding=0)
        self.body.setContentsMargins(20, 12, 20, 12)
        self.body.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(Label(self.tr("Vorschau"), weight=theme.STRONG))
        head.addStretch(1)
        self.ask = Button(self.tr("Was würde übertragen?"), name="preview_ask", icon="eye")
        head.addWidget(self.ask)
        self.body.addLayout(head)
        self._sent, self._fetched = Label("", "small", wrap=True), Label("", "small", wrap=True)
        self.list = ListView(RowKind.ONE, name="preview_list", accessible=self.tr("Was geholt würde"), edge=0)
        self._note = Label(
            self.tr("Fragt die Agentur, was der nächste Abgleich brächte, ohne etwas davon zu tun."),
            "small", role="muted", wrap=True,
        )  # fmt: skip
        for piece in (self._sent, self._fetched, self.list, self._note):
            self.body.addWidget(piece)
        for piece in (self._sent, self._fetched, self.list):
            piece.hide()
        self._model = _Lines((), self)
        self.ask.clicked.connect(self._on_ask)
        self.list.opened.connect(self._on_opened)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def _on_ask(self) -> None:
        self.ask.setEnabled(False)
        self._note.setText(self.tr("Die Agentur wird gefragt …"))
        self.asked.emit()

    def show_preview(self, preview: Preview, waiting: Sequence[Waiting]) -> None:
        """Show the answer."""
        self._show(sent_words(waiting), fetched_words(preview), lines_of(preview.coming))
        self._note.setText(self.tr("Nichts davon ist geschehen; gefragt um {0}.").format(words.now().strftime("%H:%M")))

    def complain(self, failure: Failure, waiting: Sequence[Waiting]) -> None:
        """Nobody can say what would come; what would be sent is known all the same."""
        sentence, remedy = labels.error_text(failure.code, plain(failure))
        self._show(sent_words(waiting), sentence, [])
        self._note.setText(remedy)

    def _show(self, sent: str, fetched: str, lines: list[Line]) -> None:
        self.ask.setEnabled(True)
        for label, told in ((self._sent, sent), (self._fetched, fetched)):
            label.setText(told)
            label.show()
        self._model = _Lines(lines, self)
        self.list.setModel(self._model)
        self.list.setVisible(bool(lines))
        self.restyle()

    def restyle(self) -> None:
        """The list is as high as its rows, up to some; then it scrolls."""
        super().restyle()
        if hasattr(self, "_model"):
            self.list.setFixedHeight(min(_MOST_ROWS, max(1, self._model.rowCount())) * theme.grow(36))

    def lines(self) -> list[Line]:
        """What is shown."""
        return self._model.lines

    def _on_opened(self, index: QModelIndex) -> None:
        line = self._model.lines[index.row()]
        self.record_requested.emit(line.kind, line.id)
