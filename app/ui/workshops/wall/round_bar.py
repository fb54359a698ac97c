"""The line above the wall: which round is on, what there is to give and what is left of it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from app.domain.catalogue import VoteMethod
from app.domain.money import format_money
from app.domain.ranking import places_of
from app.ui import icons, labels, theme
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.chips import Chip
from app.ui.widgets.surfaces import ProgressBar
from app.ui.widgets.words import ElidedLabel, Ground, Label
from app.ui.workshops.wall.state import WallState

_BAR_FROM, _NOTE_FROM, _CHIP_FROM = 760, 640, 520


class RoundBar(Ground):
    """Title, method, what each person has; at the right the bar and "noch 23 von 68 Punkten"."""

    new_wanted = Signal(object)
    """The widget beside which the form of a new round opens."""

    def __init__(self, state: WallState, parent: QWidget | None = None) -> None:
        super().__init__("background", parent)
        self.setObjectName("round_bar")
        self._state = state
        self._title = ElidedLabel("", weight=theme.STRONG)
        self._chip = Chip("", icon="dots-nine")
        self._chip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)  # the title gives way first
        self._note = Label("", "small", role="muted", tabular=True)
        self._bar = ProgressBar(accessible=self.tr("Vergebene Punkte"))
        self._bar.setFixedWidth(208)
        self._left = Label("", weight=theme.STRONG, tabular=True)
        self.begin = Button(self.tr("Abstimmung beginnen"), name="round_begin")
        self.begin.clicked.connect(self._on_begin)
        self.more = IconButton("dots-three", name="round_more", accessible=self.tr("Abstimmungen"))
        self.more.clicked.connect(self._on_more)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 0, 16, 1)
        layout.setSpacing(12)
        layout.addWidget(self._title)
        layout.addWidget(self._chip)
        layout.addWidget(self._note)
        layout.addStretch(1)
        layout.addWidget(self._bar)
        layout.addWidget(self._left)
        layout.addWidget(self.begin)
        layout.addWidget(self.more)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        state.given.connect(self.refresh)
        state.changed.connect(self.refresh)
        self.restyle()
        self.refresh()

    def restyle(self) -> None:
        """Grow with the text."""
        self.setFixedHeight(theme.grow(48))
        super().restyle()

    @Slot()
    def refresh(self) -> None:
        """Show the round as it is now."""
        state, shown = self._state, self._state.round
        rounds = state.wall.rounds
        for widget in (self._chip, self._note, self._bar, self._left):
            widget.setVisible(shown is not None)
        self.begin.setVisible(shown is None and state.may_edit)
        self.more.setVisible(bool(rounds))
        if shown is None:
            self._title.setText(self.tr("Noch keine Abstimmung"))
            self._title.set_role("muted")
            return
        self._title.set_role("text")
        number = next(n for n, one in enumerate(rounds, 1) if one.id == shown.id)
        self._title.setText(self.tr("Runde {0}: {1}").format(number, shown.title) if len(rounds) > 1 else shown.title)
        self._chip.set_words(labels.label_of(VoteMethod, shown.method))
        if shown.closed_at:
            self._note.setText(self.tr("geschlossen"))
        elif state.in_money:
            self._note.setText(self.tr("{0} zu verteilen").format(format_money(shown.budget_cents)))
        elif state.by_rank:
            places = labels.count(places_of(shown.points_per_person), self.tr("Platz"), self.tr("Plätze"))
            self._note.setText(self.tr("{0} je Stimmzettel").format(places))
        elif shown.points_per_person:
            each = labels.count(shown.points_per_person, self.tr("Punkt"), self.tr("Punkte"))
            self._note.setText(self.tr("{0} je Person").format(each))
        else:
            self._note.setText("")
        given, budget = state.total(), state.budget()
        self._bar.set_progress(min(given, budget), budget or 1)
        self._left.setText(self.left_words(given, budget))
        self._fold()

    def left_words(self, given: int, budget: int) -> str:
        """ "noch 23 von 68 Punkten"; without heads only what was given."""
        money = self._state.in_money
        if not budget:
            return self.tr("{0} vergeben").format(self._state.words(given))
        if given > budget:
            return self.tr("{0} zu viel").format(self._state.words(given - budget))
        if money:
            return self.tr("noch {0} von {1}").format(format_money(budget - given), format_money(budget))
        left, all_ = labels.number(budget - given), labels.count(budget, self.tr("Punkt"), self.tr("Punkten"))
        return self.tr("noch {0} von {1}").format(left, all_)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, the number matters more than bar, note and method."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        on = self._state.round is not None
        width = self.width() * 100 / theme.active().text_size
        self._bar.setVisible(on and width >= _BAR_FROM and bool(self._state.budget()))
        self._note.setVisible(on and width >= _NOTE_FROM)
        self._chip.setVisible(on and width >= _CHIP_FROM)

    @Slot()
    def _on_begin(self) -> None:
        self.new_wanted.emit(self.begin)

    @Slot()
    def _on_more(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def menu(self) -> QMenu:
        """Which round to show, to end it or to let it go on, to begin another."""
        menu = QMenu(self)
        state, shown = self._state, self._state.round
        for number, one in enumerate(state.wall.rounds, 1):
            action = self._action(menu, "", f"{number}. {one.title}".replace("&", "&&"), ("show", one.id))
            action.setCheckable(True)
            action.setChecked(shown is not None and one.id == shown.id)
        if state.may_edit and shown is not None:
            menu.addSeparator()
            if shown.closed_at:
                self._action(menu, "play", self.tr("Abstimmung fortsetzen"), ("open", ""))
            else:
                self._action(menu, "stop", self.tr("Abstimmung schließen"), ("close", ""))
            self._action(menu, "plus", self.tr("Neue Abstimmung"), ("new", ""))
        return menu

    def _action(self, menu: QMenu, icon: str, words: str, told: tuple[str, str]) -> QAction:
        action = QAction(icons.icon(icon), words, menu) if icon else QAction(words, menu)
        action.setData(told)
        action.triggered.connect(self._on_action)
        menu.addAction(action)
        return action

    @Slot()
    def _on_action(self) -> None:
        sender = self.sender()
        assert isinstance(sender, QAction)
        verb, value = sender.data()
        match verb:
            case "show":
                self._state.choose_round(value)
            case "new":
                self.new_wanted.emit(self.more)
            case _:
                self._state.set_open(verb == "open")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line below."""
        super().paintEvent(event)
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, theme.color("border"))
