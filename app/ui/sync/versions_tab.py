"""Zwei Fassungen: the inbox of questions, their cards, and the decisions that can be taken up again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QWidget

from app.domain.change import SlotValue
from app.domain.fields import KINDS
from app.errors import MasswerkError
from app.models.queries import deletions, lists, records, roots
from app.models.queries import versions as asked
from app.models.queries.versions import Decided, Fassung, Question
from app.services import versions
from app.services.workspace import Workspace
from app.ui import labels, theme
from app.ui.measures.places import Places
from app.ui.sync import options, words
from app.ui.sync.at_once import Offer, offers
from app.ui.sync.card import Context, Key, QuestionCard, key_of
from app.ui.sync.decided_card import DecidedCard
from app.ui.sync.question_list import Entry, QuestionList, entries
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.notices import EmptyState
from app.ui.widgets.surfaces import ScrollPane, Splitter
from app.ui.widgets.words import Ground, Label

_CARDS = 12
"""So many cards are built at once, around the active one; a person reads one after the other."""
_DECISIONS = 20


class VersionsTab(Ground):
    """`decided` tells in words what was stored, `failed` why it was not; both for a toast."""

    decided = Signal(str)
    failed = Signal(str)
    record_requested = Signal(str, str)

    def __init__(self, workspace: Workspace, places: Places) -> None:
        super().__init__("background")
        self._workspace, self._places = workspace, places
        self._questions: list[Question] = []
        self._cards: dict[Key, QuestionCard] = {}
        self._single: QWidget | None = None
        self._context = Context(places, self._title, self._unseen, self._may_decide)
        self.list = QuestionList()
        self._place_words = Label("", "small", role="muted", tabular=True)
        self._head = Label(self.tr("Offene Fragen"), "title", theme.STRONG)
        self._up = IconButton("caret-up", name="question_up", accessible=self.tr("Vorige Frage"), side=32, boxed=True)
        self._down = IconButton(
            "caret-down", name="question_down", accessible=self.tr("Nächste Frage"), side=32, boxed=True
        )
        self.many = Button(self.tr("Mehrere entscheiden …"), name="decide_many", icon="stack")
        self.pane = ScrollPane(
            name="question_cards",
            accessible=self.tr("Karten der Fragen"),
            ground="background",
            margin=24,
            gap=16,
        )
        self._build()
        self.list.chosen.connect(self._on_entry)
        self.list.digit.connect(self.press)
        self.list.opened.connect(self._on_list_opened)
        self._up.clicked.connect(self._on_up)
        self._down.clicked.connect(self._on_down)
        self.many.clicked.connect(self._on_many)

    def _build(self) -> None:
        left = Ground("surface")
        column = left.column()
        column.addSpacing(8)
        column.addWidget(self.list, 1)
        left.setMinimumWidth(240)
        right = Ground("background")
        body = right.column()
        head = QHBoxLayout()
        head.setContentsMargins(24, 12, 24, 0)
        head.setSpacing(8)
        head.addWidget(self._head)
        head.addStretch(1)
        for piece in (self.many, self._place_words, self._up, self._down):
            head.addWidget(piece)
        body.addLayout(head)
        self.pane.body.setContentsMargins(24, 12, 24, 24)
        self.pane.body.addStretch(1)
        body.addWidget(self.pane, 1)
        split = Splitter(name="versions_split")
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([312, 1000])
        self.column().addWidget(split)

    # What the cards ask

    def _title(self, record: str) -> str:
        for kind in ("workshop", *KINDS):
            found = lists.titles(self._workspace.reader, [(kind, record)])
            if record in found:
                return found[record]
        return ""

    def _unseen(self, kind: str, record: str) -> list[tuple[str, SlotValue]]:
        return deletions.edits_unseen(self._workspace.reader, kind, record)

    def _may_decide(self, question: Question) -> bool:
        found = records.get_record(self._workspace.reader, question.kind, question.id)
        return found is not None and found.may_edit

    # What is shown

    def refresh(self) -> None:
        """Read the questions and decisions anew; a card that is being worked on stays as it is."""
        reader = self._workspace.reader
        self._questions = asked.questions(reader)
        self.list.show_entries(entries(self._questions, self._decisions()))
        entry = self.list.current()
        if entry is None and self._questions:
            self.list.step(0)
            entry = self.list.current()
        self._show(entry)

    def _decisions(self) -> list[tuple[Decided, str]]:
        open_ = {(q.kind, q.id, q.slot_name) for q in self._questions}
        found: dict[tuple[str, str, str], Decided] = {}
        for decided in asked.decided(self._workspace.reader):
            key = (decided.kind, decided.id, decided.slot_name)
            if key not in open_ and len(found) < _DECISIONS:
                found.setdefault(key, decided)
        return [(decided, self._how(decided)) for decided in found.values()]

    def _how(self, decided: Decided) -> str:
        """Whose version holds: "meine Fassung", "Fassung von Martin Hoffmann", "neue Fassung"."""
        if not decided.slot_name:
            gone = deletions.gone_of(self._workspace.reader, [decided.id])
            return self.tr("gelöscht") if gone else self.tr("wiederhergestellt")
        told = self._history(decided)
        now = next((f for f in told if f.shown), None)
        if now is None:
            return ""
        slot = KINDS[decided.kind].slot_of[decided.slot_name]
        earlier = [f for f in told if f is not now and options.same(slot, f.value, now.value)]
        if not earlier:
            return self.tr("neue Fassung")
        source = earlier[0]
        return self.tr("meine Fassung") if source.writer.mine else words.heading(source, [source])

    def _history(self, decided: Decided) -> list[Fassung]:
        return asked.history(self._workspace.reader, decided.kind, decided.id, decided.slot_name)

    def _show(self, entry: Entry | None) -> None:
        if entry is not None and entry.decided is not None:
            self._show_decided(entry.decided)
        elif self._questions:
            self._show_questions(entry.question if entry is not None else None)
        else:
            self._show_nothing()

    def _clear_single(self) -> None:
        if self._single is not None:
            self._single.hide()
            self._single.deleteLater()
            self._single = None

    def _drop_cards(self, keep: set[Key]) -> None:
        for key in [k for k in self._cards if k not in keep]:
            card = self._cards.pop(key)
            card.hide()
            card.deleteLater()

    def _show_nothing(self) -> None:
        self._drop_cards(set())
        self._clear_single()
        self._set_head(self.tr("Offene Fragen"), "")
        self._single = EmptyState(
            "git-fork", self.tr("Keine offenen Fragen."), name="questions_empty",
            detail=self.tr("Ändern zwei Personen dasselbe, warten hier beide Fassungen auf Sie."),
        )  # fmt: skip
        self.pane.body.insertWidget(0, self._single, 1)

    def _show_decided(self, decided: Decided) -> None:
        self._drop_cards({k for k, c in self._cards.items() if c.rewrite is not None})
        for card in self._cards.values():
            card.hide()
        self._clear_single()
        self._set_head(self.tr("Entschieden"), "")
        told = self._history(decided) if decided.slot_name else []
        gone = bool(deletions.gone_of(self._workspace.reader, [decided.id]))
        shown = DecidedCard(decided, told, self._places, gone=gone)
        shown.reopened.connect(self._on_reopened)
        shown.opened.connect(self.record_requested)
        self._single = shown
        self.pane.body.insertWidget(0, shown)
        shown.show()

    def _show_questions(self, active: Question | None) -> None:
        self._clear_single()
        keys = [key_of(q) for q in self._questions]
        at = keys.index(key_of(active)) if active is not None and key_of(active) in keys else 0
        page = at - at % _CARDS
        window = self._questions[page : page + _CARDS]
        self._drop_cards({key_of(q) for q in window})
        for place, question in enumerate(window):
            card = self._card(question)
            if self.pane.body.indexOf(card) != place:
                self.pane.body.insertWidget(place, card)
            card.show()
            card.set_active(key_of(question) == keys[at])
        place_words = self.tr("Frage {0} von {1}").format(at + 1, len(keys))
        self._set_head(self.tr("Offene Fragen"), place_words)
        self._up.setEnabled(at > 0)
        self._down.setEnabled(at < len(keys) - 1)

    def _set_head(self, title: str, place: str) -> None:
        self._head.setText(title)
        self._place_words.setText(place)
        self.many.setVisible(bool(place) and bool(self.offers()))
        for piece in (self._place_words, self._up, self._down):
            piece.setVisible(bool(place))

    def _card(self, question: Question) -> QuestionCard:
        """The card of a question; a new one where its versions changed, unless somebody writes in it."""
        known = self._cards.get(key_of(question))
        if known is not None and (known.rewrite is not None or known.question == question):
            return known
        self._drop_cards(set(self._cards) - {key_of(question)})  # an older card of the same question
        card = QuestionCard(question, self._context)
        card.chosen.connect(self._on_chosen)
        card.written.connect(self._on_written)
        card.activated.connect(self._on_activated)
        card.walked.connect(self._on_walked)
        card.opened.connect(self.record_requested)
        self._cards[key_of(question)] = card
        return card

    # Walking

    def active_card(self) -> QuestionCard | None:
        """The card the keys belong to."""
        return next((c for c in self._cards.values() if c.is_active() and not c.isHidden()), None)

    def show_question(self, kind: str, record: str) -> bool:
        """Choose the question of a record, or of one of its parts; whether there is one."""
        for q in self._questions:
            if (q.kind, q.id) == (kind, record) or (q.root_kind, q.root_id) == (kind, record):
                return self.list.choose(("open", q.kind, q.id, q.slot_name))
        return False

    def press(self, number: int) -> None:
        """Take a way out of the active question by its number."""
        card = self.active_card()
        if card is not None:
            card.press(number)

    def _on_entry(self, entry: object) -> None:
        assert isinstance(entry, Entry)
        self._show(entry)
        card = self.active_card()
        if card is not None:
            self.pane.reveal(card)

    def _on_activated(self, card: object) -> None:
        assert isinstance(card, QuestionCard)
        q = card.question
        self.list.choose(("open", q.kind, q.id, q.slot_name))

    def _on_list_opened(self) -> None:
        card = self.active_card()
        if card is not None:
            card.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_up(self) -> None:
        self.list.step(-1)

    def _on_down(self) -> None:
        self.list.step(1)

    def _on_walked(self, step: int) -> None:
        self.list.step(step)
        card = self.active_card()
        if card is not None:
            card.setFocus(Qt.FocusReason.TabFocusReason)

    def _is_inside(self) -> bool:
        """Whether the focus is in one of the cards."""
        focused = QApplication.focusWidget()
        return focused is not None and self.pane.isAncestorOf(focused)

    # Deciding

    def _on_chosen(self, card: object, key: str) -> None:
        assert isinstance(card, QuestionCard)
        question = card.question
        told = next(option.words for option in card.options if option.key == key)
        if key in (options.GONE, options.BACK):
            self._store(card, lambda: self._settle_deletion(question, key), told)
            return
        value = options.both_of(question)
        if key.startswith("keep:"):
            value = options.ordered(question)[int(key.removeprefix("keep:"))].value
        self._decide(card, value, told)

    # Many at once

    def offers(self) -> list[Offer]:
        """The ways to decide several questions in one step."""
        return offers(self._questions, self._may_decide)

    def menu(self) -> QMenu:
        """Each of them, to choose from."""
        menu = QMenu(self)
        menu.setObjectName("decide_many_menu")
        for offer in self.offers():
            action = QAction(offer.words, menu)
            action.triggered.connect(partial(self.decide_at_once, offer))
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _on_many(self) -> None:
        self.menu().popup(self.many.mapToGlobal(self.many.rect().bottomLeft()))

    def decide_at_once(self, offer: Offer) -> None:
        """One change, one step back; somebody who writes in a card goes on with it."""
        try:
            versions.decide_many(self._workspace.store, offer.settled)
        except MasswerkError as error:
            self.failed.emit(" ".join(labels.error_words(error)))
            return
        self.refresh()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.decided.emit(self.tr("Entschieden: {0}").format(offer.words))

    def _on_written(self, card: object, value: object) -> None:
        assert isinstance(card, QuestionCard)
        self._decide(card, value, self.tr("Neue Fassung gespeichert"))  # type: ignore[arg-type]

    def _decide(self, card: QuestionCard, value: SlotValue, told: str) -> None:
        q, store = card.question, self._workspace.store
        self._store(card, lambda: versions.decide(store, q.kind, q.id, q.slot, value, q.context), told)

    def _settle_deletion(self, question: Question, key: str) -> None:
        store, reader = self._workspace.store, self._workspace.reader
        if key == options.GONE:
            versions.delete_after_all(store, question.kind, question.id)
            return
        if question.id == question.root_id:
            along = roots.gone_with(reader, question.kind, question.id)
        else:
            gone = deletions.gone_of(reader, [question.root_id])
            along = [(question.root_kind, question.root_id)] if gone else []
        versions.keep_after_all(store, question.kind, question.id, along)

    def _store(self, card: QuestionCard, act: Callable[[], None], told: str) -> None:
        inside = self._is_inside()
        try:
            act()
        except MasswerkError as error:
            sentence, remedy = labels.error_words(error)
            card.say(f"{sentence} {remedy}")
            return
        card.end_rewrite()
        self.refresh()
        after = self.active_card()
        if inside and after is not None:
            after.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.decided.emit(f"{words.question_title(card.question)}: {told}")

    def _on_reopened(self, chosen: object) -> None:
        assert isinstance(self._single, DecidedCard)
        decided = self._single.decided
        title = words.titled(decided.root_kind, decided.title)
        try:
            self._write_again(decided, chosen)
        except MasswerkError as error:
            self.failed.emit(" ".join(labels.error_words(error)))
            return
        self.refresh()
        self.decided.emit(self.tr("{0}: Entscheidung wieder aufgenommen").format(title))

    def _write_again(self, decided: Decided, chosen: object) -> None:
        store = self._workspace.store
        if isinstance(chosen, Fassung):
            slot = KINDS[decided.kind].slot_of[decided.slot_name]
            versions.reopen(store, decided.kind, decided.id, slot.id, chosen.value)
        elif chosen:
            versions.delete_after_all(store, decided.kind, decided.id)
        else:
            versions.keep_after_all(store, decided.kind, decided.id)
