"""The wall of one workshop: round, cards, floating bar, side pane, and the window in the hall."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.domain.catalogue import Role
from app.domain.ids import EntityId
from app.models.queries import membership, walls
from app.models.queries.lists import MeasureLine
from app.ui import labels, theme
from app.ui.beside import Beside
from app.ui.bus import Bus
from app.ui.widgets.notices import Banner, EmptyState
from app.ui.widgets.popover import Popover
from app.ui.widgets.surfaces import Splitter
from app.ui.widgets.words import Ground
from app.ui.workshops.session import Session
from app.ui.workshops.wall import asking, menus
from app.ui.workshops.wall.bar import SelectionBar
from app.ui.workshops.wall.canvas import WallCanvas
from app.ui.workshops.wall.projection import Projection
from app.ui.workshops.wall.round_bar import RoundBar
from app.ui.workshops.wall.side import SidePane
from app.ui.workshops.wall.state import WallState, title_of
from app.ui.workshops.wall.suggesting import Suggestion, suggest

_SIDE = 340
_LATER_MS = 350
_OUTCOMES_MS = 60
"""An exchange brings measures in many small steps: what became of the cards is read once for several of them."""

KEYS = (
    ("Space", "Karte auswählen"),
    ("Ctrl+Left", "In den vorigen Cluster"),
    ("Ctrl+Right", "In den nächsten Cluster"),
    ("+", "Ein Punkt mehr"),
    ("-", "Ein Punkt weniger"),
    ("1 … 9", "Platz auf dem Stimmzettel"),
    ("Return", "Stimmzettel abgeben"),
    ("M", "Zur Maßnahme machen"),
    ("Z", "Zusammenlegen"),
    ("N", "Neuer Cluster"),
    ("F2", "Cluster umbenennen"),
)
"""For the overview of keys."""


class WallView(Splitter):
    """Joins the pieces; everything that changes something goes through the `WallState`."""

    told = Signal(str, object)
    record_wanted = Signal(str, str)
    notes_wanted = Signal()

    def __init__(self, session: Session, bus: Bus, place: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(name="wall_panes", parent=parent)
        self._session, self._place = session, place
        self.state = WallState(session, bus, self)
        self.round_bar = RoundBar(self.state)
        self.canvas = WallCanvas(self.state)
        self.side = SidePane(self.state, place)
        self.bar = SelectionBar(self.canvas)
        self.projection: Projection | None = None
        self._banner = Banner("danger", "–", name="wall_refused", dismissible=True)
        self._banner.hide()
        self._alike, self._there, self._promotable = Beside(self), Beside(self), Beside(self)
        self._pairs: list[Suggestion] = []
        self._declined: list[tuple[EntityId, EntityId]] = []
        self._form: asking.PromoteForm | None = None
        self._later = QTimer(self, singleShot=True, interval=_LATER_MS)
        self._outcomes = QTimer(self, singleShot=True, interval=_OUTCOMES_MS)
        self._is_stale = True
        self._build()
        self._connect()

    def _build(self) -> None:
        left = Ground("sunken")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._empty = EmptyState(
            "squares-four",
            self.tr("Hier hängen die Karten der Mitschrift."),
            name="wall_empty",
            detail=self.tr("Jede Zeile der Mitschrift ist eine Karte; hier wird geordnet, gewichtet und beschlossen."),
            button=self.tr("Zur Mitschrift"),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self._empty)
        column.addWidget(self.round_bar)
        column.addWidget(self._banner)
        column.addWidget(self._stack, 1)
        self.addWidget(left)
        self.addWidget(self.side)
        self.setStretchFactor(0, 1)
        self.canvas.installEventFilter(self)

    def _connect(self) -> None:
        canvas, state = self.canvas, self.state
        state.changed.connect(self._on_changed)
        state.given.connect(self._on_given)
        state.became.connect(self._on_became)
        self._outcomes.timeout.connect(self._show_outcomes)
        state.failed.connect(self._refuse)
        canvas.selected.connect(self._show_selection)
        canvas.moved.connect(self._on_moved)
        canvas.promote_wanted.connect(self.ask_promote)
        canvas.together_wanted.connect(self.lay_together)
        canvas.delete_wanted.connect(self._delete)
        canvas.rename_wanted.connect(self._ask_title)
        canvas.menu_wanted.connect(self._open_menu)
        canvas.new_cluster_wanted.connect(self._ask_new)
        self.bar.together.connect(self.lay_together)
        self.bar.promote.connect(self.ask_promote)
        self.bar.cleared.connect(self._clear)
        self.round_bar.new_wanted.connect(self._ask_round)
        self.side.together.accepted.connect(self._accept)
        self.side.together.declined.connect(self._decline)
        self.side.together.taken_back.connect(self._take_back)
        self.side.there.record_wanted.connect(self._open_measure)
        self.side.became.record_wanted.connect(self._open_measure)
        self.side.ranking.card_wanted.connect(self._go_to)
        self.side.ballot.card_wanted.connect(self._go_to)
        self._alike.answered.connect(self._on_alike)
        self._there.answered.connect(self._on_there)
        self._promotable.answered.connect(self._on_promotable)
        self._later.timeout.connect(self._think)
        self._empty.started.connect(self._on_empty)

    @Slot()
    def _on_empty(self) -> None:
        self.notes_wanted.emit()

    # -- showing ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """The pane gets its width; what is alike is worked out now that somebody looks."""
        super().showEvent(event)
        if not self.property("laid"):
            self.setProperty("laid", True)
            side = min(theme.px(_SIDE), int(self.width() * 0.34))
            self.setSizes([self.width() - side, side])
        if self._is_stale:
            self._is_stale = False
            self._on_changed()
            self._show_outcomes()
        self._later.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is worked out for nobody."""
        super().hideEvent(event)
        self._later.stop()
        self._outcomes.stop()
        self._is_stale = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the bar in its place."""
        super().resizeEvent(event)
        self.bar.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The bar floats over the wall and moves with its size."""
        if event.type() == QEvent.Type.Resize:
            self.bar.place()
        return False

    def focus_wall(self) -> None:
        """Stand on the wall."""
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Nothing reads from the profile any more."""
        for beside in (self._alike, self._there, self._promotable):
            beside.finish()

    def close_projection(self) -> None:
        """Takes the window in the hall away."""
        if self.projection is not None and isValid(self.projection):
            self.projection.close()

    @Slot()
    def _on_changed(self) -> None:
        if not self.isVisible():
            return
        self._show_empty()
        self._show_selection()
        self.side.refresh()
        self._show_pair()
        self._later.start()

    @Slot()
    def _on_given(self) -> None:
        if not self.isVisible():
            return
        self._show_selection()
        self.side.refresh()
        self._show_pair()

    def _show_empty(self) -> None:
        nothing = not self.state.contents()
        self._stack.setCurrentWidget(self._empty if nothing else self.canvas)

    @Slot()
    def _on_became(self) -> None:
        if self.isVisible() and not self._outcomes.isActive():
            self._outcomes.start()

    @Slot()
    def _show_outcomes(self) -> None:
        self.side.became.show_outcomes(self.state.outcomes)

    @Slot()
    def _show_selection(self) -> None:
        cards = self.canvas.selection.cards
        lines = [line for line in map(self.state.card, cards) if line is not None]
        points = self.state.words(self.state.sum_of(lines)) if self.state.round is not None else ""
        self.bar.show_selection(len(lines) if self.state.may_edit else 0, points)

    @Slot()
    def _on_moved(self) -> None:
        if self.projection is not None:
            self.projection.follow(self.canvas.selection.current)
        self._later.start()

    @Slot(str)
    def _refuse(self, sentence: str) -> None:
        self._banner.set_sentence(sentence)
        self._banner.show()

    # -- what is worked out beside ---------------------------------------------------------------

    @Slot()
    def _think(self) -> None:
        texts = {card.id: card.text for content in self.state.contents() for card in content.cards}
        self._alike.ask(lambda: suggest(texts))
        line = self.state.card(self.canvas.selection.current)
        words, reader = line.text[:400] if line else "", self._session.workspace.reader
        without = frozenset(line.measures) if line else frozenset[str]()
        self._there.ask(lambda: (words, walls.measures_like(reader, words, 2, without)))

    @Slot(object)
    def _on_there(self, answer: object) -> None:
        assert isinstance(answer, tuple)
        self.side.there.show_found(answer[1], answer[0])

    @Slot(object)
    def _on_alike(self, pairs: object) -> None:
        assert isinstance(pairs, list)
        self._pairs = pairs
        self._show_pair()

    def _open_pairs(self) -> list[Suggestion]:
        """Suggestions that are still one: both cards here, not under one heading, not kept apart."""
        found = []
        for pair in self._pairs:
            one, other = self.state.card(pair.first), self.state.card(pair.second)
            if one is not None and other is not None and not self.state.is_settled(one, other):
                found.append(pair)
        return found

    def _show_pair(self) -> None:
        pairs = self._open_pairs()
        self.side.together.again.setVisible(bool(self._declined) and self.state.may_edit)
        self.side.together.show_suggestion(pairs[0] if pairs else None, 1, len(pairs))

    @Slot()
    def _accept(self) -> None:
        pairs = self._open_pairs()
        if pairs:
            self.state.lay_together([pairs[0].first, pairs[0].second])
            self._show_pair()

    @Slot()
    def _decline(self) -> None:
        pairs = self._open_pairs()
        if pairs and self.state.keep_apart(pairs[0].first, pairs[0].second):
            self._declined.append((pairs[0].first, pairs[0].second))
            self._show_pair()

    @Slot()
    def _take_back(self) -> None:
        if self._declined and self.state.suggest_again(*self._declined[-1]):
            self._declined.pop()
            self._show_pair()
            self.side.together.leave.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- deeds -----------------------------------------------------------------------------------

    @Slot()
    def lay_together(self) -> None:
        """The marked cards under one heading."""
        cards = self.canvas.selection.cards
        if len(cards) > 1 and self.state.lay_together(cards):
            self.canvas.selection.clear()
            self.canvas.go_to(cards[0])

    @Slot()
    def _clear(self) -> None:
        self.canvas.selection.clear()
        self.focus_wall()

    @Slot()
    def _delete(self) -> None:
        cards = self.canvas.selection.meant()
        parts = [("contribution", card) for card in cards]
        if parts and self.state.may_edit and self.state.attempt(lambda: self._session.delete(parts)):
            said = self.tr("Karte gelöscht.") if len(parts) == 1 else self.tr("{0} Karten gelöscht.").format(len(parts))
            self.told.emit(said, parts)

    @Slot(str)
    def _go_to(self, card: str) -> None:
        self.focus_wall()
        self.canvas.go_to(card)

    @Slot(str)
    def _open_measure(self, measure: str) -> None:
        self.record_wanted.emit("measure", measure)

    @Slot(str, object)
    def _open_menu(self, key: str, point: object) -> None:
        assert isinstance(point, QPoint)
        content = self.state.content(key) if key else None
        if key and (content is None or not content.is_cluster):
            return
        if key:
            menu = menus.menu_of_cluster(self, self.state, key, lambda: self._ask_title(key))
        else:
            menu = menus.menu_of_cards(
                self, self.state, self.canvas.selection.meant(), promote=self.ask_promote,
                together=self.lay_together, delete=self._delete, open_measure=self._open_measure,
                new=lambda: self._ask_new(self.canvas.selection.meant()),
            )  # fmt: skip
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(point)

    # -- forms -----------------------------------------------------------------------------------

    @Slot(object)
    def _ask_round(self, anchor: object) -> None:
        assert isinstance(anchor, QWidget)
        form = asking.RoundForm(self.state)
        popover = asking.open_form(anchor, form, name="new_round", title=self.tr("Neue Abstimmung"), width=320)
        form.done.connect(popover.close_now)

    def _open_form(self, anchor: QWidget, form: QWidget, name: str, title: str, width: int = 360) -> Popover:
        """Whoever asked by a key of the wall stands on the wall again when the form closes."""
        by_key = self.canvas.hasFocus()
        popover = asking.open_form(anchor, form, name=name, title=title, width=width)
        if by_key:
            popover.closed.connect(lambda: self.focus_wall() if anchor.hasFocus() else None)
        return popover

    @Slot(str)
    def _ask_title(self, key: str) -> None:
        content = self.state.content(key)
        if content is None or not content.is_cluster or not self.state.may_edit:
            return
        form = asking.TitleForm(content.title, self.tr("Umbenennen"))
        popover = self._open_form(self.round_bar, form, "rename_cluster", self.tr("Cluster umbenennen"))
        form.named.connect(popover.close_now)
        form.named.connect(lambda title: self.state.rename_cluster(key, title))

    @Slot(object)
    def _ask_new(self, cards: object) -> None:
        assert isinstance(cards, list)
        line = self.state.card(cards[0]) if cards and self.state.may_edit else None
        if line is None:
            return
        form = asking.TitleForm(title_of(line.text), self.tr("Anlegen"))
        popover = self._open_form(self.round_bar, form, "new_cluster", self.tr("Neuer Cluster"))
        form.named.connect(popover.close_now)
        form.named.connect(lambda title: self.state.create_cluster(title, cards))

    @Slot()
    def ask_promote(self) -> None:
        """Make a measure of the marked cards, or of the one under the keyboard."""
        cards = self.canvas.selection.meant()
        lines = [line for line in map(self.state.card, cards) if line is not None]
        if not lines or not self.state.may_edit:
            return
        best = max(lines, key=lambda line: self.state.points(line.id))
        may_create = membership.role(self._session.workspace.reader) != Role.FACILITATOR.value
        form = asking.PromoteForm(title_of(best.text), asking.first_cards(cards, self.state), may_create)
        anchor = self.bar.measure if not self.bar.isHidden() else self.round_bar
        popover = self._open_form(anchor, form, "promote", self.tr("Zur Maßnahme machen"), 400)
        self._form = form
        form.wanted.connect(lambda title: self._promote(popover, cards, title))
        form.linked.connect(lambda measure: self._link(popover, cards, measure))
        form.typed.connect(self._search_there)
        self._search_there(title_of(best.text))

    @Slot(str)
    def _search_there(self, words: str) -> None:
        reader = self._session.workspace.reader
        self._promotable.ask(lambda: walls.measures_like(reader, words, 3))

    @Slot(object)
    def _on_promotable(self, found: object) -> None:
        assert isinstance(found, list)
        if self._form is not None and isValid(self._form) and self._form.isVisible():
            lines: list[MeasureLine] = found
            self._form.show_found(lines, self._place)

    def _promote(self, popover: Popover, cards: list[EntityId], title: str) -> None:
        popover.close_now()
        if self.state.promote(cards, title):
            self._promoted(cards, self.tr("Maßnahme „{0}“ angelegt.").format(title))

    def _link(self, popover: Popover, cards: list[EntityId], measure: EntityId) -> None:
        popover.close_now()
        if self.state.link(cards, measure):
            count = labels.count(len(cards), self.tr("Karte verknüpft"), self.tr("Karten verknüpft"))
            self._promoted(cards, f"{count}.")

    def _promoted(self, cards: list[EntityId], said: str) -> None:
        self.canvas.selection.clear()
        self._go_to(cards[0])
        self._show_outcomes()
        self.told.emit(said, None)

    # -- the hall --------------------------------------------------------------------------------

    @Slot()
    def project(self) -> None:
        """Open the window for the hall, or bring it to the front."""
        if self.projection is None:
            self.projection = Projection(self.state)
            self.projection.closed.connect(self._on_projection_closed)
            if self.canvas.selection.current:
                self.projection.follow(self.canvas.selection.current)
        self.projection.open_on(self.window().screen())

    @Slot()
    def _on_projection_closed(self) -> None:
        if self.projection is not None:
            self.projection.deleteLater()
            self.projection = None
