"""The pane beside the minutes: how far they are, giving them out, what they still lack."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui import labels
from app.ui.widgets.buttons import Button, ButtonKind, LinkButton
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.notices import IconMark
from app.ui.widgets.surfaces import ScrollPane
from app.ui.widgets.words import Label, Rule
from app.ui.workshops.paper.missing import Gap, gaps
from app.ui.workshops.paper.standing import Papers, Standing
from app.ui.workshops.paper.state import PaperState
from app.ui.workshops.side_section import Section


class GiveOut(Section):
    """The minutes as a file: one button for each form."""

    wanted = Signal(str)
    """An ending: "pdf", "odt", "html"."""

    def __init__(self) -> None:
        super().__init__("Weitergeben", "paper_give_out")
        buttons = QWidget()
        row = FlowLayout(buttons)
        for ending, words, kind, hint in _FORMS:
            button = Button(words, name=f"give_{ending}", kind=kind, hint=hint, accessible=f"{words} sichern")
            button.setProperty("ending", ending)
            button.clicked.connect(self._on_clicked)
            row.addWidget(button)
        said = self.tr("Namen von Teilnehmenden stehen nicht darin, nur Zahlen je Gruppe.")
        self.fill([buttons, Label(said, "small", role="muted", wrap=True)])

    @Slot()
    def take_focus(self) -> None:
        """The keyboard to the first form."""
        first = self.findChild(Button)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_clicked(self) -> None:
        self.wanted.emit(str(self.sender().property("ending")))


_FORMS: tuple[tuple[str, str, ButtonKind, str | None], ...] = (
    ("pdf", "PDF", "primary", "Ctrl+P"),
    ("odt", "ODT", "secondary", None),
    ("html", "HTML", "secondary", None),
)


class Missing(Section):
    """What is missing, each with the way to where it is put right."""

    view_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__("Noch offen", "paper_missing")

    def show_gaps(self, found: list[Gap]) -> None:
        """Show these."""
        self.note.setText(labels.number(len(found)) if found else "")
        self.fill([self._row(number, gap) for number, gap in enumerate(found)] or [self._nothing()])

    def _row(self, number: int, gap: Gap) -> QWidget:
        link = LinkButton(gap.words, name=f"gap_{number}", small=False)
        link.setProperty("view", gap.view)
        link.clicked.connect(self._on_clicked)
        return link

    def _nothing(self) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(IconMark("check", "ok", 16))
        line.addWidget(Label(self.tr("Alles da."), role="muted"), 1)
        row.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        return row

    @Slot()
    def _on_clicked(self) -> None:
        self.view_wanted.emit(str(self.sender().property("view")))


class PaperSide(ScrollPane):
    """The sections below each other."""

    def __init__(self, state: PaperState) -> None:
        super().__init__(name="paper_side", accessible="Zum Protokoll")
        self._state = state
        self.standing = Standing(state)
        self.give_out = GiveOut()
        self.papers = Papers()
        self.missing = Missing()
        for number, section in enumerate((self.standing, self.give_out, self.papers, self.missing)):
            if number:
                self.body.addWidget(Rule())
            self.body.addWidget(section)
        self.body.addStretch(1)
        self.papers.chosen.connect(state.choose)
        self.standing.done.connect(self.give_out.take_focus)
        state.changed.connect(self._show)

    @Slot()
    def _show(self) -> None:
        minutes = self._state.minutes
        if minutes is None:
            return
        self.standing.show_minutes(minutes)
        self.give_out.setEnabled(minutes.document is not None)
        self.papers.show_minutes(minutes)
        self.missing.show_gaps(gaps(minutes.evening))
