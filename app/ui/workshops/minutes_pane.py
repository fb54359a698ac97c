"""The right pane of the Mitschrift: running text, what cards decided, and honestly whether it is saved."""

from __future__ import annotations

import logging

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.fields import KINDS
from app.domain.ids import text_peer
from app.domain.text import TextDoc
from app.errors import MasswerkError
from app.models.queries import records, sessions
from app.models.queries.identity import replica
from app.services import workshops
from app.ui import labels, theme
from app.ui.widgets.chips import Chip
from app.ui.widgets.notices import IconMark
from app.ui.widgets.words import Avatar, ElidedLabel, Ground, Label, Rule
from app.ui.workshops import moments
from app.ui.workshops.minutes_edit import LINE, MinutesEdit
from app.ui.workshops.outcome import OutcomePane
from app.ui.workshops.session import Session

log = logging.getLogger(__name__)

IDLE_MS = 800
_FIELD = KINDS["minutes"].by_name["text"].id


class MinutesPane(Ground):
    """Loads the text; saves it 800 ms after the last key, on leaving and on Ctrl+S; hears others' words."""

    entry_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._session = session
        self._unsaved: list[bytes] = []
        self._writing = False
        self.edit = MinutesEdit(self)
        self._chip = Chip("", icon="pencil-simple")
        self._saved_mark = IconMark("check", "muted", 14)
        self._saved = ElidedLabel("", "small", role="muted", tabular=True)
        self._writer = ElidedLabel("", "small", role="muted", tabular=True, right=True)
        self._avatar = Avatar("", "info", 24)
        self.outcome = OutcomePane(session, self)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self.flush)
        self._build()
        self._middle.installEventFilter(self)
        self.edit.edited.connect(self._on_edited)
        self.edit.left.connect(self.flush)
        self.edit.save_wanted.connect(self.flush)
        self.edit.entry_wanted.connect(self.entry_wanted)
        self.edit.document().documentLayout().documentSizeChanged.connect(self._share_room)
        self.outcome.grown.connect(self._share_room)
        session.minutes_changed.connect(self._on_changed)
        session.head_changed.connect(self._show_state)
        self._open()
        self._show_state()

    def _build(self) -> None:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(24, 12, 24, 11)
        row.addWidget(Label(self.tr("Protokoll"), weight=theme.STRONG), 1)
        row.addWidget(self._chip)
        foot = QWidget()
        line = QHBoxLayout(foot)
        line.setContentsMargins(24, 8, 24, 8)
        line.setSpacing(6)
        line.addWidget(self._saved_mark)
        line.addWidget(self._saved, 1)
        line.addWidget(self._avatar)
        line.addWidget(self._writer, 1)
        layout = self.column()
        layout.addWidget(head)
        layout.addWidget(Rule())
        self._middle = QWidget()
        middle = QVBoxLayout(self._middle)
        middle.setContentsMargins(24, 12, 0, 0)
        middle.setSpacing(12)
        middle.addWidget(self.edit)
        middle.addWidget(self.outcome)
        middle.addStretch(1)
        layout.addWidget(self._middle, 1)
        layout.addWidget(Rule())
        layout.addWidget(foot)
        self.edit.setViewportMargins(0, 0, 16, 0)
        self._avatar.hide()
        self._writer.hide()
        self._say_saved("check", self.tr("gespeichert"))

    # -- loading and saving ----------------------------------------------------------------------

    def _open(self) -> None:
        reader = self._session.workspace.reader
        entity = workshops.minutes_id(self._session.workshop)
        state = records.text_state(reader, "minutes", entity, "text")
        self.edit.open(TextDoc(state, text_peer(replica(reader), entity, _FIELD, 0)))

    @Slot()
    def _on_edited(self) -> None:
        self._idle.start()
        self._say_saved("pencil-simple", self.tr("wird geschrieben …"))

    @Slot()
    def flush(self) -> bool:
        """Save what was written since the last time; returns whether everything is on disk."""
        self._idle.stop()
        update = self.edit.text.take_update()
        if update is not None:
            self._unsaved.append(update)
        if not self._unsaved:
            return True
        self._writing = True
        try:
            while self._unsaved:
                workshops.write_minutes(self._session.workspace.store, self._session.workshop, self._unsaved[0])
                del self._unsaved[0]
        except MasswerkError as error:
            # The words stay here and in the text; the next key, Ctrl+S or leaving tries again.
            said, todo = labels.error_words(error)
            self._say_saved("warning", f"{said} {todo}", "danger")
            return False
        finally:
            self._writing = False
        self._say_saved("check", labels.saved_at(moments.now()))
        return True

    def has_unsaved(self) -> bool:
        """Whether words are only in memory."""
        return bool(self._unsaved) or self.edit.text.has_update()

    def forget(self) -> None:
        """Show what is on disk instead of words that could not be saved."""
        if self.has_unsaved():
            self._unsaved.clear()
            self._open()
            self._say_saved("", "")

    def _say_saved(self, icon: str, words: str, role: str = "muted") -> None:
        self._saved_mark.setVisible(bool(icon))
        if icon:
            self._saved_mark.set_icon(icon, "accent" if icon == "check" else role)
        self._saved.set_role(role)
        self._saved.setText(words)

    def saved_words(self) -> str:
        """What the foot says about saving."""
        return self._saved.text()

    # -- others ----------------------------------------------------------------------------------

    @Slot()
    def _on_changed(self) -> None:
        if self._writing:
            return
        reader = self._session.workspace.reader
        entity = workshops.minutes_id(self._session.workshop)
        state = records.text_state(reader, "minutes", entity, "text")
        before = self.edit.text.state().version
        writers = sessions.text_writers(reader, entity, _FIELD, before, state)
        # Own words first: what comes in must not end up in an update of ours.
        if not self.flush():
            log.warning("own words are not on disk yet; others' words are shown all the same")
        self.edit.receive(state, writers[0] if len(writers) == 1 else ", ".join(writers))
        if writers:
            self._show_writer(", ".join(writers))

    def _show_writer(self, person: str) -> None:
        self._avatar.set_person(person)
        self._avatar.show()
        self._writer.show()
        at = f"{moments.now():%H:%M}"
        self._writer.setText(self.tr("{0}, {1}").format(person, at))
        self._writer.setToolTip(self.tr("{0} hat zuletzt um {1} mitgeschrieben").format(person, at))

    # -- showing ---------------------------------------------------------------------------------

    @Slot()
    def _show_state(self) -> None:
        head = self._session.head
        state = (head.text("minutes_state") if head else "") or "draft"
        self._chip.set_words(labels.value_text("workshop", "minutes_state", state))
        writable = self._session.may_edit and state != "released"
        if self.edit.isReadOnly() == writable:
            self.edit.setReadOnly(not writable)
        words = self.tr("Hier läuft der Text mit.")
        self.edit.setPlaceholderText(words if writable else self.tr("Noch kein Text."))

    @Slot()
    def _share_room(self) -> None:
        """The text is as high as its words; from half of the pane on, text and list scroll for themselves."""
        room = self._middle.height() - 24
        if room <= 0:
            return
        wanted = int(self.edit.document().size().height()) + theme.px(LINE) * 2
        listed = self.outcome.wanted()
        most = max(room // 2, room - listed)
        # Whole lines only: half a line at the edge looks like a mistake.
        pitch = theme.px(LINE)
        self.edit.setFixedHeight(max(4, min(wanted, most) // pitch) * pitch)
        self.outcome.setFixedHeight(min(listed, max(0, room - self.edit.height())))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Share the new height once the layout has given it."""
        if event.type() == QEvent.Type.Resize:
            self._share_room()
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing stays unsaved behind another page."""
        super().hideEvent(event)
        self.flush()
