"""The Mitschrift: agenda and head counts, stations with the entry line, the running minutes."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.capture import Captured, read_lines, write_line
from app.domain.partial_date import PartialDate
from app.domain.reading import ParseError
from app.errors import MasswerkError
from app.models.queries.sessions import CardLine
from app.services.sessions import Seen
from app.ui import labels, theme
from app.ui.widgets.surfaces import ScrollPane, Splitter
from app.ui.widgets.words import Ground, Rule
from app.ui.workshops import moments
from app.ui.workshops.agenda import AgendaPane
from app.ui.workshops.board import Board
from app.ui.workshops.entry import EntryPane
from app.ui.workshops.minutes_pane import MinutesPane
from app.ui.workshops.present import PresentPane
from app.ui.workshops.session import Session

_LEFT, _RIGHT = 248, 400
_LEGEND_FROM = 420


class NotesView(Splitter):
    """One workshop while people talk. The entry line has the focus unless the person takes it elsewhere."""

    told = Signal(str, object)
    """A sentence, and the parts whose deletion it can take back."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(name="notes_panes", parent=parent)
        self._session = session
        self._changing: tuple[CardLine, Seen | None] | None = None
        self._aside = ""
        """A new card that was begun before another one was opened for changing."""
        self.agenda = AgendaPane(session, self)
        self.present = PresentPane(session, self)
        self.board = Board(session, self)
        self.entry = EntryPane(self)
        self.minutes = MinutesPane(session, self)
        self._build()
        self._connect()
        self._show_understood()
        self._show_rights()

    def _build(self) -> None:
        self._side = ScrollPane(name="evening", accessible=self.tr("Tagesordnung und Anwesende"), ground="background")
        self._side.body.setContentsMargins(12, 16, 12, 8)
        self._side.body.addWidget(self.agenda)
        self._rule = Rule()
        self._side.body.addSpacing(8)
        self._side.body.addWidget(self._rule)
        self._side.body.addSpacing(12)
        self._side.body.addWidget(self.present)
        self._side.body.addStretch(1)
        middle = Ground("background")
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.board, 1)
        column.addWidget(self.entry)
        for pane in (self._side, middle, self.minutes):
            self.addWidget(pane)
        self.setStretchFactor(1, 1)
        self.restyle()

    def restyle(self) -> None:
        """Side panes grow with the text, but leave the middle its room."""
        self._side.setMinimumWidth(min(theme.px(224), 300))
        self.minutes.setMinimumWidth(min(theme.px(280), 380))
        super().restyle()

    def _connect(self) -> None:
        line = self.entry.line
        line.textChanged.connect(self._on_typed)
        line.entered.connect(self._on_entered)
        line.listed.connect(self._on_listed)
        line.stepped.connect(self.board.step)
        line.recalled.connect(self._on_recalled)
        line.dropped_edit.connect(self._on_escape)
        line.cards_wanted.connect(self.board.enter)
        self.board.entry_wanted.connect(self.focus_entry)
        self.board.edit_wanted.connect(self._on_edit_wanted)
        self.board.deleted.connect(self._on_deleted)
        self.minutes.entry_wanted.connect(self.focus_entry)
        self.agenda.acted.connect(self.focus_entry)
        for pane in (self.board, self.agenda, self.present):
            pane.failed.connect(self.entry.set_error)
        self._session.cards_changed.connect(self._on_cards)
        self._session.stations_changed.connect(self._show_understood)
        self._session.head_changed.connect(self._show_rights)
        for keys, slot in (
            ("Alt+K", self.focus_entry), ("Alt+P", self.focus_minutes), ("Alt+T", self.focus_agenda),
            ("Ctrl+S", self.flush),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    # -- focus -----------------------------------------------------------------------------------

    @Slot()
    def focus_entry(self) -> None:
        """Go on typing cards."""
        if self.entry.isVisible():
            self.entry.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_understood()

    @Slot()
    def focus_minutes(self) -> None:
        """Go on writing the minutes."""
        self.minutes.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def focus_agenda(self) -> None:
        """Go to the agenda."""
        first = self.agenda.findChild(QWidget, "agenda_1")
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Ready for typing at once; the panes get their widths of the mock."""
        super().showEvent(event)
        if not self.property("laid"):
            self.setProperty("laid", True)
            left, right = min(theme.px(_LEFT), 320), min(theme.px(_RIGHT), 440)
            if self.width() - left - right < theme.px(480):
                right = max(self.minutes.minimumWidth(), self.width() - left - theme.px(480))
            self.setSizes([left, self.width() - left - right - 2, right])
        QTimer.singleShot(0, self, self.focus_entry)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is low, cards are worth more than the legend of keys; F1 has it too."""
        super().resizeEvent(event)
        self.entry.legend.setVisible(self.height() >= theme.px(_LEGEND_FROM))

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing stays unsaved behind another page."""
        super().hideEvent(event)
        self.flush()

    @Slot()
    def flush(self) -> None:
        """Save what is being written."""
        self.minutes.flush()

    # -- the entry line --------------------------------------------------------------------------

    def _understood(self) -> Captured:
        words = self.entry.line.text()
        if self._changing is None:
            return self._session.understand(words)
        line = self._changing[0]
        return self._session.understand(words, line.kind if line.kind not in _MARKED else "idea")

    @Slot()
    def _on_typed(self) -> None:
        if self.entry.error():
            self.entry.set_error("")
        self._show_understood()

    @Slot()
    def _show_understood(self) -> None:
        self.entry.show_understood(self._understood(), self.board.station_title(), changing=self._changing is not None)

    @Slot(str)
    def _on_entered(self, words: str) -> None:
        """One line is one card: it is gone from the line only when it is on disk."""
        found = self._understood()
        if not found.text or not self._session.may_edit:
            return
        if self._changing is not None:
            line, seen = self._changing
            if self._tried(lambda: self._session.rewrite(line, found, seen)):
                self._changing = None
                self._go_on()
        elif self._tried(lambda: self._session.add([found], self.board.station())):
            self._go_on()
        self._show_understood()

    def _empty_line(self) -> None:
        """Unlike `clear`, without a way back: Ctrl+Z takes the card back, and the same card is not entered twice."""
        self.entry.line.setText("")

    def _go_on(self) -> None:
        """With the card that was begun before, if there is one."""
        begun, self._aside = self._aside, ""
        self.entry.line.setText(begun)

    def unsaved(self) -> bool:
        """Whether words stand in the line, or wait behind it, that are on no card yet."""
        return bool(self._aside.strip()) or self._differs()

    def _differs(self) -> bool:
        stored = write_line(captured_of(self._changing[0])) if self._changing is not None else ""
        return self.entry.line.text().strip() != stored.strip()

    def forget(self) -> None:
        """Give up what stands in the line."""
        self._changing, self._aside = None, ""
        self._empty_line()
        self._show_understood()

    @Slot(str)
    def _on_listed(self, text: str) -> None:
        """A pasted list is one step: one change, one undo."""
        found = read_lines(text, moments.today(), self._session.names)
        if not found or not self._session.may_edit:
            return
        if self._tried(lambda: self._session.add(found, self.board.station())):
            self._changing = None
            self._go_on()
            self.told.emit(labels.count(len(found), "Karte übernommen", "Karten übernommen"), None)
        self._show_understood()

    def _tried(self, act: object) -> bool:
        try:
            act()  # type: ignore[operator]
        except MasswerkError as error:
            self.entry.set_error(" ".join(labels.error_words(error)))
            return False
        self.entry.set_error("")
        return True

    @Slot()
    def _on_recalled(self) -> None:
        line = self._session.deck.last_mine()
        if line is not None:
            self._on_edit_wanted(line)

    @Slot(object)
    def _on_edit_wanted(self, line: object) -> None:
        assert isinstance(line, CardLine)
        if not self._session.may_edit:
            return
        if self._changing is not None and self._differs():
            self._on_entered(self.entry.line.text())  # leaving a card saves it, as leaving a field does
            if self.entry.error():
                return
        if self._changing is None:
            self._aside = self.entry.line.text()
        self._changing = (line, self._session.seen_of(line))
        self.entry.line.setText(write_line(captured_of(line)))
        self.focus_entry()

    @Slot()
    def _on_escape(self) -> None:
        if self._changing is not None:
            self._changing = None
            self._go_on()
        else:
            self.entry.line.clear()
        self.entry.set_error("")
        self._show_understood()

    @Slot(object)
    def _on_cards(self, columns: object) -> None:
        """A card that is being edited was deleted elsewhere: its words stay and become a new card."""
        if self._changing is not None and not self._session.deck.holds(self._changing[0].id):
            self._changing = None
            self._show_understood()

    @Slot(object)
    def _on_deleted(self, parts: object) -> None:
        self.told.emit(self.tr("Karte gelöscht."), parts)

    # -- rights ----------------------------------------------------------------------------------

    @Slot()
    def _show_rights(self) -> None:
        self.entry.setVisible(self._session.may_edit)
        self._rule.setVisible(bool(self._session.agenda))


_MARKED = frozenset({"question", "decision", "strength", "weakness", "task"})


def captured_of(line: CardLine) -> Captured:
    """A stored card as if it had just been typed."""
    due = None
    if line.due:
        try:
            due = PartialDate.decode(line.due)
        except ParseError:
            due = None
    return Captured(line.kind, line.text, line.tags, line.responsible or None, due)
