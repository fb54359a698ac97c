"""The screen Heute: the first thing a person sees, with the way to each thing it tells."""

from __future__ import annotations

import logging
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.region import Region
from app.errors import MasswerkError
from app.models.queries import merged, news, roots, syncing, today, versions
from app.models.queries.news import News
from app.models.queries.today import Tasks
from app.services import today as deeds
from app.services.workspace import Workspace
from app.ui import labels, theme
from app.ui.bus import Bus
from app.ui.measures import sentences
from app.ui.measures.views import STALE_DAYS
from app.ui.today import words
from app.ui.today.rows import Entry, MeetingRow, NewsRow, ProposalRow, StaleRow, TaskRow
from app.ui.today.sections import Note, QuestionCard, Section
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.notices import Banner, Toast
from app.ui.widgets.surfaces import PageHead, ScrollPane
from app.ui.widgets.words import Ground, Rule

log = logging.getLogger(__name__)

_TASKS, _NEWS, _STALE, _QUESTIONS, _MEETINGS = 6, 6, 4, 3, 4
_ALL = 200
_SIDE = 440
_WIDE = 1000
"""From this width (at 100 %) the two columns stand side by side."""
_REFRESH_MS, _MINUTE_MS = 200, 60_000
_DAY_MS = 86_400_000
_R = TypeVar("_R", bound=Entry)


class TodayPage(Ground):
    """What is due and what is new. It reads again when something was stored, at midnight, and when it is shown.

    `record_requested` asks for a measure or a workshop, `question_requested` for a question (kind, id) in the
    Abgleich; the other signals lead to whole rooms.
    """

    record_requested = Signal(str, str)
    question_requested = Signal(str, str)
    questions_requested = Signal()
    log_requested = Signal()
    workshops_requested = Signal()
    stale_requested = Signal()
    new_requested = Signal()
    undo_requested = Signal()

    KEYS = (
        ("Down", "Zur nächsten Zeile"),
        ("Return", "Öffnen"),
        ("Space", "Aufgabe als erledigt abhaken"),
        ("Ctrl+N", "Neue Maßnahme"),
    )
    """For the overview of keys; the room itself listens to them."""

    def __init__(self, workspace: Workspace, bus: Bus, region: Region) -> None:
        super().__init__("background")
        self.setObjectName("today_page")
        self._workspace, self._region = workspace, region
        self._own = roots.myself(workspace.reader).ags
        self._day = sentences.today()
        self._shown_tasks, self._shown_news = _TASKS, _NEWS
        self._is_stale, self._went = True, False
        self.news: News = News((), 0, 0, 0)
        self._later = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._midnight = QTimer(self, interval=_MINUTE_MS)
        self.head = PageHead(words.day_title(self._day))
        self._build()
        self._connect(bus)

    # Layout

    def _build(self) -> None:
        self._new = Button(self.tr("Neue Maßnahme"), name="today_new", kind="primary", icon="plus", hint="Ctrl+N")
        self._new.clicked.connect(self.new_requested)
        self.head.add_action(self._new)
        self._make_sections()
        self._problem = QVBoxLayout()
        self._problem.setContentsMargins(24, 0, 24, 0)
        self._side, self._main = Ground("surface"), Ground("background")
        main = self._main.column(24, 32)
        for section in (self.tasks, self.changes, self.stale):
            main.addWidget(section)
        main.addStretch(1)
        side = self._side.column(24, 32)
        self._calm = Note(self.tr("Sie können weiterarbeiten. Die Fragen warten, bis Sie entscheiden."))
        for part in (self.meetings, self.proposals, self.questions, self._calm):
            side.addWidget(part)
        side.addStretch(1)
        self._pane = ScrollPane(name="today_scroll", accessible=self.tr("Heute"), ground="background")
        holder = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, holder)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(0)
        self._columns.addWidget(self._main, 1)
        self._line = Rule(vertical=True)
        self._columns.addWidget(self._line)
        self._columns.addWidget(self._side)
        self._pane.body.addWidget(holder, 1)
        whole = self.column()
        whole.addWidget(self.head)
        whole.addLayout(self._problem)
        whole.addWidget(self._pane, 1)

    def _make_sections(self) -> None:
        self.tasks = Section(
            self.tr("Meine Aufgaben") if self._own else self.tr("Aufgaben"),
            self.tr("Hier stehen offene Aufgaben aus den Maßnahmen und Workshops Ihrer Kommune, die nächste zuerst."),
            name="today_tasks",
        )
        self._all_tasks = self.tasks.add_link(LinkButton(self.tr("Alle Aufgaben"), name="today_all_tasks"))
        self.changes = Section(words.since(0, sentences.now()), "", name="today_changes")
        self._all_news = self.changes.add_link(LinkButton(self.tr("Alle zeigen"), name="today_all_news"))
        self._seen = self.changes.add_link(LinkButton(self.tr("Als gesehen merken"), name="today_seen"))
        log = self.changes.add_link(LinkButton(self.tr("Verlauf ansehen"), name="today_log"))
        log.clicked.connect(self._on_log)
        self.stale = Section(
            self.tr("Seit über {0} Tagen nicht angefasst").format(STALE_DAYS),
            self.tr("Keine: An jeder laufenden Maßnahme hat in dieser Zeit jemand gearbeitet."),
            name="today_stale",
        )
        self._all_stale = self.stale.add_link(LinkButton(self.tr("Alle zeigen"), name="today_all_stale"))
        self.meetings = Section(
            self.tr("Nächste Workshops"),
            self.tr("Hier stehen die Workshops, die Ihre Kommune vor sich hat."),
            name="today_meetings", boxed=False,
        )  # fmt: skip
        self._calendar = self.meetings.add_link(LinkButton(self.tr("Alle Workshops"), name="today_workshops"))
        self.proposals = Section(self.tr("Die Agentur fragt"), "", name="today_proposals")
        self.questions = Section(
            self.tr("Offene Fragen"),
            self.tr("Keine. Wenn zwei Menschen dasselbe Feld ändern, stehen hier beide Fassungen."),
            name="today_questions", boxed=False,
        )  # fmt: skip
        self.questions.set_spacing(12)
        self._inbox = self.questions.add_link(LinkButton(self.tr("Im Abgleich"), name="today_inbox"))

    def _connect(self, bus: Bus) -> None:
        bus.applied.connect(self._on_stored)
        bus.status_changed.connect(self._on_stored)
        self._later.timeout.connect(self.reload)
        self._midnight.timeout.connect(self._on_minute)
        self._all_tasks.clicked.connect(self._on_all_tasks)
        self._all_news.clicked.connect(self._on_all_news)
        self._seen.clicked.connect(self._on_seen)
        self._all_stale.clicked.connect(self._on_all_stale)
        self._calendar.clicked.connect(self.workshops_requested)
        self._inbox.clicked.connect(self.questions_requested)
        new = QShortcut(QKeySequence("Ctrl+N"), self)
        new.setContext(Qt.ShortcutContext.WindowShortcut)
        new.activated.connect(self.new_requested)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where there is room, else one below the other."""
        super().resizeEvent(event)
        self.restyle()

    def restyle(self) -> None:
        """Another width or text size may hold another number of columns."""
        wide = self.width() >= theme.px(_WIDE)
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(direction)
        vertical = QSizePolicy.Policy.Preferred if wide else QSizePolicy.Policy.Minimum
        self._main.setSizePolicy(QSizePolicy.Policy.Expanding, vertical)
        self._side.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)
        self._side.setMinimumWidth(theme.px(_SIDE - 100) if wide else 0)
        self._side.setMaximumWidth(theme.px(_SIDE) if wide else 16_777_215)
        self._line.setVisible(wide)
        super().restyle()

    # What is shown

    def showEvent(self, event: QShowEvent) -> None:
        """Read again what may have changed while another room was open."""
        super().showEvent(event)
        self._went = False
        self._midnight.start()
        if self._is_stale or self._day != sentences.today():
            self.reload()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing to read while nobody looks."""
        super().hideEvent(event)
        self._midnight.stop()

    def _on_stored(self) -> None:
        self._is_stale = True
        if self.isVisible():
            self._later.start()

    def _on_minute(self) -> None:
        if self._day != sentences.today():
            self.reload()

    def reload(self) -> None:
        """Read everything anew; a row that had the focus has it again."""
        reader, now = self._workspace.reader, sentences.now()
        self._is_stale, self._day = False, now.date()
        focused = QApplication.focusWidget()
        held = focused.objectName() if focused is not None and self.isAncestorOf(focused) else ""
        tasks = today.own_tasks(reader, self._day, self._shown_tasks)
        meetings = today.next_workshops(reader, self._day, _MEETINGS)
        self.head.set_title(words.day_title(self._day))
        self.head.set_note(words.day_note(self._day, tasks.due, meetings[0] if meetings else None))
        self._show_tasks(tasks)
        self.news = news.news(reader, self._shown_news)
        self._show_news()
        self._show_stale(int(now.timestamp() * 1000))
        self.meetings.show_rows([self._leading(MeetingRow(one)) for one in meetings], 0)
        self._show_proposals()
        self._show_questions()
        self._focus_again(held)

    def _show_tasks(self, tasks: Tasks) -> None:
        rows: list[TaskRow] = []
        for line in tasks.lines:
            row = TaskRow(line, self._day)
            self._leading(row.button)
            row.finished.connect(self.finish_task)
            rows.append(row)
        if rows:
            rows[-1].button.is_last = True
        self.tasks.show_rows(rows, tasks.total)
        self._all_tasks.setVisible(tasks.total > len(rows))

    def _show_news(self) -> None:
        told, now = self.news, sentences.now()
        rows = [self._leading(NewsRow(line, self._region.short_name, now)) for line in told.lines]
        if rows:
            rows[-1].is_last = True
        nothing = self.tr("Was andere ändern, steht hier nach dem nächsten Abgleich: wer, was es war und was es ist.")
        self.changes.set_title(words.since(told.looked_at, now), nothing)
        self.changes.show_rows(rows, told.total if rows else 0)
        self._all_news.setVisible(told.total > len(rows) and self._shown_news < _ALL)
        self._seen.setVisible(bool(rows))

    def _show_stale(self, now_ms: int) -> None:
        before = now_ms - STALE_DAYS * _DAY_MS
        found, total = today.stale_measures(self._workspace.reader, self._own, before, _STALE)
        rows = [self._leading(StaleRow(one, (now_ms - one.changed_at) // _DAY_MS)) for one in found]
        if rows:
            rows[-1].is_last = True
        self.stale.show_rows(rows, total)
        self._all_stale.setVisible(total > 0)

    def _show_proposals(self) -> None:
        """Only while there are some: most towns are hardly ever asked."""
        found = merged.proposed(self._workspace.reader)
        rows = [self._leading(ProposalRow(one, self._region.short_name)) for one in found[:_QUESTIONS]]
        if rows:
            rows[-1].is_last = True
        self.proposals.show_rows(rows, len(found))
        self.proposals.setVisible(bool(rows))

    def _show_questions(self) -> None:
        total = syncing.standing(self._workspace.reader).questions
        found = versions.questions(self._workspace.reader, limit=_QUESTIONS) if total else []
        cards = []
        for question in found:
            card = QuestionCard(question, self._region.short_name)
            card.clicked.connect(self._on_question)
            cards.append(card)
        self.questions.show_rows(cards, total)
        self._inbox.setVisible(total > 0)
        self._calm.setVisible(total > 0)

    def _leading(self, row: _R) -> _R:
        row.clicked.connect(self._on_row)
        row.stepped.connect(self._on_stepped)
        return row

    # The keyboard

    def rows(self) -> list[Entry]:
        """All rows that lead somewhere, from top to bottom."""
        sections = (self.tasks, self.changes, self.stale, self.meetings, self.proposals)
        told = [row.button if isinstance(row, TaskRow) else row for section in sections for row in section.rows]
        return [row for row in told if isinstance(row, Entry)]

    def _on_stepped(self, by: int) -> None:
        rows, sender = self.rows(), self.sender()
        at = next((n for n, row in enumerate(rows) if row is sender), -1)
        if at >= 0 and 0 <= at + by < len(rows):
            rows[at + by].setFocus(Qt.FocusReason.TabFocusReason)
            self._pane.reveal(rows[at + by])

    def _focus_again(self, name: str) -> None:
        if not name or not self.isVisible():
            return
        again = self.findChildren(QWidget, name)
        alive = [widget for widget in again if widget.isVisible()]
        if alive:
            alive[-1].setFocus(Qt.FocusReason.OtherFocusReason)
        else:  # what had it has gone: the keyboard stays in this room
            rows: list[QWidget] = [*self.rows(), self._new]
            rows[0].setFocus(Qt.FocusReason.OtherFocusReason)

    # What one does here

    def _on_row(self) -> None:
        sender = self.sender()
        if isinstance(sender, Entry):
            self._went = True
            self.record_requested.emit(sender.kind, sender.record)

    def _on_question(self) -> None:
        sender = self.sender()
        if isinstance(sender, QuestionCard):
            self._went = True
            self.question_requested.emit(sender.question.root_kind, sender.question.root_id)

    def _on_log(self) -> None:
        self._went = True
        self.log_requested.emit()

    def _on_all_stale(self) -> None:
        self._went = True
        self.stale_requested.emit()

    def _on_all_tasks(self) -> None:
        self._shown_tasks = _ALL
        self._show_more(self.tasks)

    def _on_all_news(self) -> None:
        self._shown_news = _ALL
        self._show_more(self.changes)

    def _show_more(self, section: Section) -> None:
        """The link that was pressed goes: on with the first row that was not there before."""
        before = len(section.rows)
        self.reload()
        for row in section.rows[before : before + 1]:
            first = row.button if isinstance(row, TaskRow) else row
            first.setFocus(Qt.FocusReason.TabFocusReason)
            self._pane.reveal(first)

    def finish_task(self, task: str) -> None:
        """Tick a task off, and offer the way back."""
        self._forget_problem()
        try:
            deeds.finish_task(self._workspace.store, task)
        except MasswerkError as error:
            self._complain(error)
        else:
            self._tell(self.tr("Aufgabe erledigt"))
        self.reload()

    def _on_seen(self) -> None:
        self.look()
        self.reload()

    def leave(self) -> None:
        """The room is left: what it showed counts as seen, unless one of its own rows led away."""
        if not self._went:
            self.look()
        self._shown_tasks, self._shown_news = _TASKS, _NEWS

    def look(self) -> None:
        """What is shown here has been seen; what arrived meanwhile has not."""
        self._is_stale = True
        try:
            deeds.look(self._workspace.store, self.news.upto)
        except MasswerkError as error:  # it is told again next time; nothing of it is lost
            log.info("not kept as seen: %s", error)

    # Saying

    def _tell(self, sentence: str) -> None:
        for old in self.window().findChildren(Toast):
            old.close_now()
        toast = Toast(self.window(), sentence, name="toast", undo=self.tr("Rückgängig"))
        toast.undone.connect(self.undo_requested)
        toast.show_above(40)

    def _complain(self, error: MasswerkError) -> None:
        problem = " ".join(labels.error_words(error))
        self._problem.addWidget(Banner("danger", problem, name="today_problem", dismissible=True))

    def _forget_problem(self) -> None:
        for old in self.findChildren(Banner, "today_problem"):
            old.hide()
            old.deleteLater()
