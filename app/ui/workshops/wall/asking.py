"""The small forms of the wall, each a popover: a new round, a heading, a measure out of cards."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.catalogue import MeasureStatus, VoteMethod
from app.domain.ids import EntityId
from app.domain.money import parse_money
from app.domain.ranking import MOST_PLACES, ballot_points
from app.domain.reading import ParseError
from app.models.queries.lists import MeasureLine
from app.ui import labels, theme
from app.ui.theme import Themed
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.choices import Choice, ChoiceBox
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.popover import Popover
from app.ui.widgets.words import ElidedLabel, Label, Rule
from app.ui.workshops.wall.state import WallState

_PADDING = 16
_ROWS = 3
_METHODS = (VoteMethod.DOTS, VoteMethod.BUDGET, VoteMethod.RANKING, VoteMethod.SHOW_OF_HANDS)
_FIRST_AMOUNTS = {VoteMethod.BUDGET.value: "10.000", VoteMethod.SHOW_OF_HANDS.value: "1"}


class _Form(Themed, QWidget):
    """A column of fields with one sentence for what is wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(6)
        self.error = Label("", "small", role="danger", wrap=True)
        self.error.hide()

    def refuse(self, field: LineEdit, sentence: str) -> None:
        """Mark a field and say what is wrong."""
        field.set_error(sentence)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.error.setText(sentence)
        self.error.show()


class RoundForm(_Form):
    """Title, method and what there is to give; `done` when the round is there."""

    done = Signal()

    def __init__(self, state: WallState) -> None:
        super().__init__()
        self._state = state
        self.title = LineEdit(name="round_title", accessible=self.tr("Frage der Abstimmung"),
                              placeholder=self.tr("zum Beispiel: Was zuerst?"))  # fmt: skip
        self.method = ChoiceBox(
            [Choice(method.value, labels.label(method)) for method in _METHODS],
            name="round_method",
            accessible=self.tr("Art der Abstimmung"),
        )
        self.method.set_value(VoteMethod.DOTS.value)
        self.method.chosen.connect(self._on_method)
        self._each = Label(self.tr("Punkte je Person"), "small", role="muted")
        self.amount = LineEdit("3", name="round_amount", accessible=self.tr("Punkte je Person"), tabular=True)
        start = Button(self.tr("Beginnen"), name="round_start", kind="primary")
        start.clicked.connect(self._on_start)
        self.title.returnPressed.connect(self._on_start)
        self.amount.returnPressed.connect(self._on_start)
        for widget in (
            Label(self.tr("Frage"), "small", role="muted"), self.title,
            Label(self.tr("Art"), "small", role="muted"), self.method, self._each, self.amount, self.error,
        ):  # fmt: skip
            self.column.addWidget(widget)
        self.column.addSpacing(6)
        self.column.addWidget(start, 0, Qt.AlignmentFlag.AlignRight)

    @Slot()
    def _on_method(self) -> None:
        method = self.method.value()
        words = self.tr("Punkte je Person")
        if method == VoteMethod.BUDGET.value:
            words = self.tr("Budget in Euro")
        elif method == VoteMethod.RANKING.value:
            words = self.tr("Plätze je Stimmzettel")
        self._each.setText(words)
        self.amount.setAccessibleName(words)
        self.amount.set_words(_FIRST_AMOUNTS.get(method, "3"))

    @Slot()
    def _on_start(self) -> None:
        title, typed = self.title.text().strip(), self.amount.text().strip()
        if not title:
            self.refuse(self.title, self.tr("Welche Frage stellen Sie der Runde?"))
            return
        values: dict[str, object] = {"title": title, "method": self.method.value()}
        if self.method.value() == VoteMethod.BUDGET.value:
            cents = parse_money(typed)
            if isinstance(cents, ParseError) or not cents:
                self.refuse(self.amount, self.tr("Bitte einen Betrag, zum Beispiel 10.000."))
                return
            values["budget_total_cents"] = int(cents)
        elif self.method.value() == VoteMethod.RANKING.value:
            if not typed.isdecimal() or not 0 < int(typed) <= MOST_PLACES:
                self.refuse(self.amount, self.tr("Bitte eine Zahl von 1 bis {0}.").format(MOST_PLACES))
                return
            values["points_per_person"] = ballot_points(int(typed))
        elif typed:
            if not typed.isdecimal() or not 0 < int(typed) <= 100:
                self.refuse(self.amount, self.tr("Bitte eine Zahl von 1 bis 100, oder nichts."))
                return
            values["points_per_person"] = int(typed)
        if self._state.create_round(values):
            self.done.emit()


class TitleForm(_Form):
    """One heading; `named` carries it."""

    named = Signal(str)

    def __init__(self, title: str, button: str) -> None:
        super().__init__()
        self.title = LineEdit(title, name="cluster_title", accessible=self.tr("Überschrift des Clusters"))
        self.title.selectAll()
        self.title.returnPressed.connect(self._on_done)
        save = Button(button, name="cluster_save", kind="primary")
        save.clicked.connect(self._on_done)
        self.column.addWidget(self.title)
        self.column.addWidget(self.error)
        self.column.addWidget(save, 0, Qt.AlignmentFlag.AlignRight)

    @Slot()
    def _on_done(self) -> None:
        title = self.title.text().strip()
        if not title:
            self.refuse(self.title, self.tr("Ein Cluster braucht eine Überschrift."))
            return
        self.named.emit(title)


class PromoteForm(_Form):
    """A new measure under a title, or a link to one that is there.

    `wanted` carries the title of a new measure, `linked` the id of one that is there.
    """

    wanted = Signal(str)
    linked = Signal(str)
    typed = Signal(str)

    def __init__(self, title: str, note: str, may_create: bool) -> None:
        super().__init__()
        self.column.addWidget(Label(note, "small", role="muted", wrap=True))
        self.title = LineEdit(title, name="promote_title", accessible=self.tr("Titel der Maßnahme"))
        self.title.selectAll()
        self.title.textEdited.connect(self.typed)
        self.create_ = Button(self.tr("Neue Maßnahme anlegen"), name="promote_create", kind="primary")
        self.column.addWidget(self.title)
        self.column.addWidget(self.error)
        if may_create:
            self.title.returnPressed.connect(self._on_create)
            self.create_.clicked.connect(self._on_create)
            self.column.addWidget(self.create_, 0, Qt.AlignmentFlag.AlignRight)
        else:
            self.column.addWidget(
                Label(
                    self.tr("Neue Maßnahmen legt die Koordination der Kommune an. Die Karten bleiben dafür bereit."),
                    "small", role="muted", wrap=True,
                )
            )  # fmt: skip
        self.column.addSpacing(4)
        self.column.addWidget(Rule())
        self.column.addSpacing(2)
        self._head = Label(self.tr("Gibt es das schon?"), "small", theme.STRONG)
        self.column.addWidget(self._head)
        self._rows: list[QWidget] = []
        self._none = Label(self.tr("Keine ähnliche Maßnahme gefunden."), "small", role="muted")
        # Room for what is still being looked for: the form does not grow under the hand.
        self._found = QWidget()
        self._found.setFixedHeight(_ROWS * (theme.line() + theme.line("small") + 10))
        self._list = QVBoxLayout(self._found)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(6)
        self._list.addWidget(self._none)
        self._list.addStretch(1)
        self.column.addWidget(self._found)

    @Slot()
    def _on_create(self) -> None:
        title = self.title.text().strip()
        if not title:
            self.refuse(self.title, self.tr("Eine Maßnahme braucht einen Titel."))
            return
        self.wanted.emit(title)

    def show_found(self, found: Sequence[MeasureLine], place: Callable[[str], str]) -> None:
        """Measures that share words with the title, each with the way to link it."""
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [self._row(line, place) for line in found[:_ROWS]]
        for at, row in enumerate(self._rows):
            self._list.insertWidget(at, row)
        self._none.setVisible(not self._rows)

    def _row(self, line: MeasureLine, place: Callable[[str], str]) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(line.title, weight=theme.MEDIUM))
        words.addWidget(ElidedLabel(measure_note(line, place), "small", role="muted"))
        layout.addLayout(words, 1)
        link = LinkButton(self.tr("Verknüpfen"), name=f"promote_link_{line.id}",
                          accessible=self.tr("Mit „{0}“ verknüpfen").format(line.title), small=False)  # fmt: skip
        link.setProperty("record", line.id)
        link.clicked.connect(self._on_link)
        layout.addWidget(link)
        return row

    @Slot()
    def _on_link(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.linked.emit(str(sender.property("record")))


def measure_note(line: MeasureLine, place: Callable[[str], str]) -> str:
    """ "Schmallenberg  ·  In Umsetzung"."""
    status = labels.label_of(MeasureStatus, line.status) if line.status else ""
    return "  ·  ".join(part for part in (place(line.lead_ags) if line.lead_ags else "", status) if part)


def open_form(anchor: QWidget, form: QWidget, *, name: str, title: str, width: int = 360) -> Popover:
    """Show a form beside a widget, the keyboard on its first line; closing it gives the focus back."""
    popover = Popover(anchor.window(), name=name, accessible=title, title=title, padding=_PADDING)
    wide = min(theme.px(width), anchor.window().width() - 48)
    inner = wide - 2 * _PADDING
    form.setFixedWidth(inner)
    layout = form.layout()
    if layout is not None:
        # Wrapped words have their height only for a width; a popover asks before it has one.
        form.setMinimumHeight(layout.totalHeightForWidth(inner) if layout.hasHeightForWidth() else 0)
    popover.set_body(form)
    popover.open_at(anchor, width=wide)
    first = form.findChild(LineEdit)
    if first is not None:
        first.setFocus(Qt.FocusReason.PopupFocusReason)
        first.selectAll()
    return popover


def first_cards(ids: Sequence[EntityId], state: WallState) -> str:
    """ "2 Karten, 15 Punkte; ihre Wortlaute bleiben verknüpft."."""
    lines = [line for line in map(state.card, ids) if line is not None]
    told = labels.count(len(lines), "Karte", "Karten")
    if state.round is not None:
        told += f", {state.words(state.sum_of(lines))}"
    told += ". Wortlaut und Punkte bleiben von beiden Seiten lesbar."
    became = {measure for line in lines for measure in line.measures}
    there = (one.title for one in state.outcomes if one.measure in became and one.title and not one.gone)
    known = [f"„{title}“" for title in dict.fromkeys(there)]
    return f"{told} Daraus wurde schon {' und '.join(known)}." if known else told
