"""The pane beside the wall: what belongs together, what there is already, the order, what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.catalogue import MeasureStatus
from app.models.queries.lists import MeasureLine
from app.models.queries.promotions import Outcome
from app.models.queries.sessions import CardLine
from app.ui import labels, theme
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.notices import IconMark
from app.ui.widgets.surfaces import Card, ScrollPane
from app.ui.widgets.words import ElidedLabel, Label, Rule
from app.ui.workshops.side_section import Section
from app.ui.workshops.wall.asking import measure_note
from app.ui.workshops.wall.ballot_pane import BallotPane
from app.ui.workshops.wall.rank_row import RankRow
from app.ui.workshops.wall.state import WallState
from app.ui.workshops.wall.suggesting import Suggestion

RANKS = 8
_OUTCOMES = 30


class Together(Section):
    """One suggestion at a time with its reason."""

    accepted = Signal()
    declined = Signal()
    taken_back = Signal()
    """The last two that were kept apart are to be suggested again."""

    def __init__(self, state: WallState) -> None:
        super().__init__("Passt zusammen?", "wall_suggestion")
        self._state = state
        self.join = Button(self.tr("Zusammenlegen"), name="suggestion_together", icon="git-merge")
        self.leave = Button(self.tr("Getrennt lassen"), name="suggestion_apart", kind="tertiary")
        self.join.clicked.connect(self.accepted)
        self.leave.clicked.connect(self.declined)
        self._buttons = QWidget()
        row = FlowLayout(self._buttons)
        row.addWidget(self.join)
        row.addWidget(self.leave)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.addWidget(self._buttons)
        said = self.tr("„Getrennt lassen“ zurücknehmen")
        self.again = LinkButton(self.tr("Zurücknehmen"), name="suggestion_again", accessible=said)
        self.again.clicked.connect(self.taken_back)
        self.again.hide()
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        self._said: tuple[object, ...] = ()
        self._buttons.hide()
        self.fill([Label(self.tr("Die Karten werden verglichen."), "small", role="muted", wrap=True)])

    def show_suggestion(self, shown: Suggestion | None, number: int, count: int) -> None:
        """Show two cards and why, or that there is nothing to suggest."""
        one = self._state.card(shown.first) if shown else None
        other = self._state.card(shown.second) if shown else None
        said = (number, count, one, other, *(self._state.points(line.id) for line in (one, other) if line))
        if said == self._said:
            return
        self._said = said
        self._buttons.setVisible(one is not None and other is not None and self._state.may_edit)
        if shown is None or one is None or other is None:
            self.note.setText("")
            self.fill([Label(self.tr("Gerade fallen keine ähnlichen Karten auf."), "small", role="muted", wrap=True)])
            return
        self.note.setText(self.tr("{0} von {1}").format(number, count))
        reason = QWidget()
        line = QHBoxLayout(reason)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(IconMark("info", "info", 16), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Label(self.reason(shown, one, other), "small", role="muted", wrap=True), 1)
        self.fill([self._quote(one), self._quote(other), reason])

    def _quote(self, line: CardLine) -> QWidget:
        card = Card(ground="background")
        card.body.setSpacing(2)
        card.body.addWidget(Label(line.text[:300], wrap=True))
        titles = {cluster.id: cluster.title for cluster in self._state.wall.clusters}
        points = self._state.words(self._state.points(line.id)) if self._state.round else ""
        where = titles.get(line.cluster or "", self.tr("Themenspeicher") if line.parked else "")
        note = "  ·  ".join(part for part in (points, where) if part)
        if note:
            card.body.addWidget(ElidedLabel(note, "small", role="muted", tabular=True))
        return card

    def reason(self, shown: Suggestion, one: CardLine, other: CardLine) -> str:
        """Why these two, and that nothing of them is lost."""
        if not shown.words:
            said = self.tr("Beide sagen dasselbe.")
        else:
            named = [f"„{a}“" if a.casefold() == b.casefold() else f"„{a}“/„{b}“" for a, b in shown.words[:3]]
            said = self.tr("Beide nennen {0}.").format(_listed(named))
        keeps = self.tr("Beide Wortlaute bleiben erhalten.")
        if self._state.round is not None and (total := self._state.sum_of([one, other])):
            together = self._state.words(total)
            return self.tr("{0} Zusammen {1}; beide Wortlaute bleiben erhalten.").format(said, together)
        return f"{said} {keeps}"


def _listed(words: Sequence[str]) -> str:
    return " und ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


class There(Section):
    """Measures that are there already."""

    record_wanted = Signal(str)

    def __init__(self, place: Callable[[str], str]) -> None:
        super().__init__("Gibt es das schon?", "wall_there")
        self._place = place
        self.show_found([], "")

    def show_found(self, found: Sequence[MeasureLine], words: str) -> None:
        """Show what was found for a card's words."""
        if found:
            self.fill([self._row(line) for line in found])
            return
        said = self.tr("Keine ähnliche Maßnahme.") if words else self.tr("Zu der Karte, auf der Sie stehen.")
        self.fill([Label(said, "small", role="muted", wrap=True)])

    def _row(self, line: MeasureLine) -> QWidget:
        card = Card()
        card.body.setSpacing(2)
        card.body.addWidget(Label(line.title, weight=theme.MEDIUM, wrap=True))
        foot = QHBoxLayout()
        foot.addWidget(ElidedLabel(measure_note(line, self._place), "small", role="muted"), 1)
        link = LinkButton(self.tr("Ansehen"), name=f"there_{line.id}",
                          accessible=self.tr("„{0}“ ansehen").format(line.title))  # fmt: skip
        link.setProperty("record", line.id)
        link.clicked.connect(self._on_link)
        foot.addWidget(link)
        card.body.addLayout(foot)
        return card

    @Slot()
    def _on_link(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.record_wanted.emit(str(sender.property("record")))


class Ranking(Section):
    """The cards with points, those with the most first."""

    card_wanted = Signal(str)

    def __init__(self, state: WallState) -> None:
        super().__init__("Rangfolge", "wall_ranking")
        self._state = state
        self.body.setSpacing(0)
        self._shown: list[tuple[str, str]] | None = None

    @Slot()
    def refresh(self) -> None:
        """Read the points anew."""
        state = self._state
        ranked = state.ranking(RANKS)
        amounts = [state.points(line.id) for line in ranked]
        words = [state.words(n) if state.in_money else str(n) for n in amounts]
        self.note.setText(self.tr("{0} vergeben").format(state.words(state.total())) if state.round else "")
        self.setVisible(state.round is not None)
        shown = [(line.id + line.text, told) for line, told in zip(ranked, words, strict=True)]
        if shown == self._shown:
            return
        self._shown = shown
        rows: list[QWidget] = []
        for line, told in zip(ranked, words, strict=True):
            rank = RankRow(state.rank(line.id), line, told, name=f"rank_{line.id}")
            rank.clicked.connect(self._on_rank)
            rows.append(rank)
        self.fill(rows or [Label(self.tr("Noch wurde nichts vergeben."), "small", role="muted")])

    @Slot()
    def _on_rank(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.card_wanted.emit(str(sender.property("card")))


class Became(Section):
    """ "Was daraus wurde": the measures that came out of this workshop."""

    record_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__("Was daraus wurde", "wall_became")

    def show_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        """Show the measures, each with the way to it."""
        self.note.setText(labels.count(len(outcomes), "Maßnahme", "Maßnahmen") if outcomes else "")
        rows = [self._row(one) for one in outcomes[:_OUTCOMES]]
        said = self.tr("Noch ist keine Karte zur Maßnahme geworden.")
        self.fill(rows or [Label(said, "small", role="muted", wrap=True)])

    def _row(self, one: Outcome) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(IconMark("arrow-circle-right", "accent" if one.here else "muted", 16), 0,
                       Qt.AlignmentFlag.AlignTop)  # fmt: skip
        words = QVBoxLayout()
        words.setSpacing(0)
        cards = labels.count(len(one.cards), self.tr("Karte"), self.tr("Karten"))
        if one.here and not one.gone:
            link = LinkButton(one.title, name=f"became_{one.measure}", small=False)
            link.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            link.setProperty("record", one.measure)
            link.clicked.connect(self._on_link)
            words.addWidget(link)
            status = labels.label_of(MeasureStatus, one.status) if one.status else ""
        else:
            title = one.title or self.tr("Maßnahme nicht auf diesem Gerät")
            words.addWidget(ElidedLabel(title, role="muted"))
            status = self.tr("gelöscht") if one.gone else ""
        note = "  ·  ".join(part for part in (status, self.tr("aus {0}").format(cards)) if part)
        words.addWidget(ElidedLabel(note, "small", role="muted"))
        line.addLayout(words, 1)
        return row

    @Slot()
    def _on_link(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.record_wanted.emit(str(sender.property("record")))


class SidePane(ScrollPane):
    """The sections below each other; the ballot only while there is one."""

    def __init__(self, state: WallState, place: Callable[[str], str]) -> None:
        super().__init__(name="wall_side", accessible="Zur Wand")
        self.ballot = BallotPane(state)
        self.together = Together(state)
        self.there = There(place)
        self.ranking = Ranking(state)
        self.became = Became()
        self._below = Rule()
        self.body.addWidget(self.ballot)
        self.body.addWidget(self._below)
        for section in (self.together, self.there, self.ranking, self.became):
            if section is not self.together:
                self.body.addWidget(Rule())
            self.body.addWidget(section)
        self.body.addStretch(1)
        self.refresh()  # only now: shown without a place it would be a window of its own

    def refresh(self) -> None:
        """Show what was given, and the ballot."""
        self.ballot.refresh()
        self._below.setVisible(not self.ballot.isHidden())
        self.ranking.refresh()
