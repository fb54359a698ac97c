"""The ballot beside the wall: its places from first to last, to be handed in or taken back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.ranking import place_points
from app.models.queries.sessions import CardLine
from app.ui import labels, theme
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.flow import FlowLayout
from app.ui.workshops.side_section import Section
from app.ui.workshops.wall.rank_row import RankRow
from app.ui.workshops.wall.state import WallState


class BallotPane(Section):
    """Shown while a ranking is on; every place is there from the beginning, so that nothing jumps."""

    card_wanted = Signal(str)

    def __init__(self, state: WallState) -> None:
        super().__init__("Stimmzettel", "wall_ballot")
        self._state = state
        self.body.setSpacing(0)
        self.hand_in = Button(self.tr("Abgeben"), name="ballot_hand_in", kind="primary", hint="Enter")
        self.hand_in.setAccessibleName(self.tr("Stimmzettel abgeben"))
        self.empty = Button(self.tr("Leeren"), name="ballot_clear", kind="tertiary")
        self.hand_in.clicked.connect(self._on_hand_in)
        self.empty.clicked.connect(self._on_empty)
        buttons = QWidget()
        row = FlowLayout(buttons)
        row.addWidget(self.hand_in)
        row.addWidget(self.empty)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.addWidget(buttons)
        self._shown: tuple[object, ...] | None = None

    @Slot()
    def refresh(self) -> None:
        """Show the ballot as it is now."""
        ballot = self._state.ballot
        self.setVisible(bool(ballot.places))
        lines = [self._state.card(card) for card in ballot.cards]
        shown = (ballot.places, *((line.id, line.text) for line in lines if line is not None))
        if shown == self._shown:
            return
        self._shown = shown
        had_focus = self.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        self.note.setText(self.tr("{0} von {1} Plätzen").format(len(lines), ballot.places))
        self.hand_in.setEnabled(bool(lines))
        self.empty.setEnabled(bool(lines))
        self.fill([self._row(n, lines[n - 1] if n <= len(lines) else None) for n in range(1, ballot.places + 1)])
        if had_focus and lines:
            self.hand_in.setFocus(Qt.FocusReason.OtherFocusReason)

    def _row(self, place: int, line: CardLine | None) -> QWidget:
        points = labels.number(place_points(place, self._state.ballot.places))
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        words = RankRow(place, line, points, name=f"ballot_{place}")
        words.clicked.connect(self._on_card)
        layout.addWidget(words, 1)
        if line is None:
            side = theme.grow(28, "small")
            row.setMinimumHeight(side)
            layout.setContentsMargins(0, 0, 2 * (side + layout.spacing()), 0)
            return row
        for icon, name, said in (
            ("arrow-up", "up", self.tr("Platz {0} nach oben").format(place)),
            ("x", "off", self.tr("Platz {0} vom Stimmzettel nehmen").format(place)),
        ):
            button = IconButton(icon, name=f"ballot_{place}_{name}", accessible=said)
            button.setProperty("card", line.id)
            button.setProperty("delta", 1 if name == "up" else -1)
            button.setEnabled(name == "off" or place > 1)
            button.clicked.connect(self._on_step)
            layout.addWidget(button)
        return row

    @Slot()
    def _on_card(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.card_wanted.emit(str(sender.property("card")))

    @Slot()
    def _on_step(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._state.vote(str(sender.property("card")), int(sender.property("delta")))

    @Slot()
    def _on_hand_in(self) -> None:
        self._state.hand_in()

    @Slot()
    def _on_empty(self) -> None:
        self._state.ballot.clear()
