"""One handover in full: who wrote what, why it was kept aside, and the ways out."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.region import Region
from app.sync.office_wire import DecideRequest, Verdict
from app.ui import labels, theme
from app.ui.sync import deeds
from app.ui.sync.inbox import Item
from app.ui.sync.parts import Writer
from app.ui.widgets.buttons import Button
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.inputs import TextArea
from app.ui.widgets.notices import EmptyState
from app.ui.widgets.surfaces import ScrollPane
from app.ui.widgets.words import Label, Rule

_MOST = 40
"""Fields told one by one."""


class HandoverCard(ScrollPane):
    """Shows an item and asks for what is to become of it.

    `decided` carries the requests and the sentence to be told, `open_asked` a record, `question_asked` the
    record of a question.
    """

    decided = Signal(object, str)
    open_asked = Signal(str, str)
    question_asked = Signal(str, str)

    def __init__(self, region: Region, none_chosen: str = "") -> None:
        super().__init__(name="handover", accessible="Ausgewählte Übergabe", ground="surface")
        self._region = region
        self._none_chosen = none_chosen or self.tr("Wählen Sie oben etwas aus, das entschieden werden soll.")
        self.item: Item | None = None
        self.body.setContentsMargins(20, 16, 20, 16)
        self._content = QVBoxLayout()
        self._content.setSpacing(12)
        self.body.addLayout(self._content)
        self.body.addStretch(1)
        self.accept = Button(self.tr("Übernehmen"), name="handover_accept", icon="check")
        self.open = Button(self.tr("Eintrag öffnen"), name="handover_open")
        self.changed = Button(self.tr("Anders gefasst"), name="handover_changed", icon="pencil-simple")
        self.back = Button(self.tr("Zurückgeben"), name="handover_return", icon="arrow-u-up-left")
        self.note = TextArea(
            name="handover_note", accessible=self.tr("Begründung"), lines=2,
            placeholder=self.tr("Ein Satz an die Absenderin oder den Absender"),
        )  # fmt: skip
        self._problem = Label("", "small", role="danger", wrap=True)
        self._holder: QWidget | None = None
        # Where these rest while the card shows something else: without a parent they would be windows of their own.
        self._aside = QWidget(self)
        self._aside.hide()
        self._put_aside()
        self.accept.clicked.connect(lambda: self._decide("accepted", self.tr("Übernommen: {0}")))
        self.changed.clicked.connect(lambda: self._decide("changed", self.tr("Abgeschlossen: {0}")))
        self.back.clicked.connect(lambda: self._decide("returned", self.tr("Zurückgegeben: {0}")))
        self.open.clicked.connect(self._on_open)

    def show_item(self, item: Item | None, now: datetime) -> None:
        """Show another item, or that none is chosen; what was typed for this very one stays."""
        if item is not None and self.item is not None and item.lines == self.item.lines and item.lines:
            self.item = item
            return
        self.item = item
        self.note.set_words("")
        self._say("")
        self._put_aside()
        if self._holder is not None:
            self._content.removeWidget(self._holder)
            self._holder.hide()
            self._holder.deleteLater()
        self._holder = QWidget()
        column = QVBoxLayout(self._holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        if item is None:
            column.addWidget(self._empty())
        elif item.question is not None:
            self._fill_question(column, item)
        else:
            self._fill_handover(column, item, now)
        self._content.addWidget(self._holder)

    def _put_aside(self) -> None:
        for own in (self.accept, self.open, self.changed, self.back, self.note, self._problem):
            own.setParent(self._aside)

    def _empty(self) -> QWidget:
        return EmptyState("check-circle", self._none_chosen, name="handover_none")

    def _fill_question(self, column: QVBoxLayout, item: Item) -> None:
        column.addWidget(Label(item.title, weight=theme.STRONG, wrap=True))
        told = self.tr(
            "Diese Frage liegt bei denen, die beide Fassungen geschrieben haben; auch Sie dürfen entscheiden."
        )
        column.addWidget(Label(told, "small", role="muted", wrap=True))
        see = Button(self.tr("Beide Fassungen ansehen"), name="handover_question", icon="git-fork")
        see.clicked.connect(lambda: self.question_asked.emit(item.root_kind, item.root_id))
        column.addLayout(_row(see))

    def _fill_handover(self, column: QVBoxLayout, item: Item, now: datetime) -> None:
        line = item.lines[0]
        place = self._region.name(line.ags) if line.ags else ""
        column.addWidget(Label(item.title, weight=theme.STRONG, wrap=True))
        column.addWidget(Writer(line.person, line.person, deeds.ago(item.since, now), place, "info"))
        why = self.tr("Von dort aus darf dieser Eintrag nicht (mehr) geändert werden.")
        if line.reason != "not_allowed":
            why = labels.reason_text(line.reason)
        column.addWidget(Label(why, "small", role="muted", wrap=True))
        column.addWidget(Rule())
        column.addLayout(self._deeds(item))
        column.addWidget(Rule())
        column.addWidget(self.note)
        column.addWidget(self._problem)
        readable = len(item.changes) == len(item.lines)
        self.accept.setEnabled(readable)
        self.accept.show()
        self.note.show()
        buttons = [self.accept, self.changed, self.back] if readable else [self.back]
        column.addLayout(_row(*buttons, self.open))
        for button in buttons:
            button.show()
        self.open.setVisible(bool(item.root_id))
        hint = self.tr("„Anders gefasst“: Sie haben den Eintrag selbst geändert; hier bleibt dann nichts offen.")
        column.addWidget(Label(hint, "small", role="muted", wrap=True))

    def _deeds(self, item: Item) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        told = [deed for change in item.changes for deed in deeds.deeds(change, self._region.short_name)]
        for row, (field, value) in enumerate(told[:_MOST]):
            grid.addWidget(Label(field, "small", role="muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Label(value or labels.NONE, wrap=True), row, 1)
        rest = len(told) - _MOST
        if rest > 0:
            grid.addWidget(Label(self.tr("und {0} weitere Felder").format(rest), "small", role="muted"), _MOST, 1)
        if not told:
            grid.addWidget(Label(self.tr("Der Inhalt ist nicht lesbar."), role="muted"), 0, 0)
        return grid

    def _decide(self, verdict: Verdict, sentence: str) -> None:
        item, note = self.item, self.note.words().strip()
        if item is None:
            return
        if verdict == "returned" and not note:
            self._say(self.tr("Bitte schreiben Sie einen Grund dazu."))
            self.note.setFocus()
            return
        self._say("")
        asked = [DecideRequest(replica=line.replica, n=line.n, verdict=verdict, note=note) for line in item.lines]
        self.decided.emit(asked, sentence.format(item.title))

    def _say(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def _on_open(self) -> None:
        if self.item is not None:
            self.open_asked.emit(self.item.root_kind, self.item.root_id)


def _row(*buttons: Button) -> FlowLayout:
    """Beside each other, or below where there is little room."""
    row = FlowLayout()
    for button in buttons:
        row.addWidget(button)
    return row
