"""The pane at the right: whose measure it is, what is special about it, its form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QWidget

from app.domain.catalogue import Visibility
from app.domain.change import SlotValue
from app.domain.fields import KINDS
from app.domain.ids import EntityId
from app.errors import FieldError, MasswerkError, StoreError
from app.models.queries import records, roots, terms, versions
from app.models.queries.earlier import Difference
from app.models.queries.persons import known_persons
from app.models.queries.records import Record
from app.models.queries.versions import Fassung
from app.services import adoptions, measures, merging, publishing
from app.services.workspace import Workspace
from app.ui import labels, theme
from app.ui.measures import bundle_names, locked, sentences
from app.ui.measures.banners import Banners
from app.ui.measures.earlier import EarlierView
from app.ui.measures.foot import PaneFoot
from app.ui.measures.form import MeasureForm
from app.ui.measures.history import History, open_history
from app.ui.measures.making import Makings
from app.ui.measures.merging import ProposalCard, gone_into
from app.ui.measures.places import Places
from app.ui.measures.publish import PublishCard
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.popover import Popover
from app.ui.widgets.words import ElidedLabel, Ground


class DetailPane(Ground):
    """Shows one measure. `closed`, `enlarged` and `delete_asked` are for the page to act on."""

    closed = Signal()
    enlarged = Signal(bool)
    delete_asked = Signal(str)
    duplicate_asked = Signal(str)
    versions_asked = Signal(str, str, str)
    record_asked = Signal(str, str)
    sync_asked = Signal()
    told = Signal(str, bool)

    def __init__(self, workspace: Workspace, places: Places, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self.setObjectName("measure_pane")
        self._workspace, self._places = workspace, places
        self._own_ags = roots.myself(workspace.reader).ags
        self._large, self._own_deletion, self._no_room = False, False, False
        self._gone_into = ("", "")
        reader = workspace.reader
        bundle_names.learn(reader)
        self.makings = Makings(
            places, lambda name: terms.suggestions(reader, name), persons=partial(known_persons, reader)
        )
        self._stack = QStackedWidget(self)
        self.form = MeasureForm(workspace, self.makings, self._stack)
        self.earlier = EarlierView(workspace.reader, places, self._stack)
        self._over = ElidedLabel("", "small", role="muted")
        self.foot = PaneFoot()
        self._more = IconButton("dots-three", name="measure_more", accessible=self.tr("Mehr"))
        self._grow = IconButton("arrows-out-simple", name="measure_enlarge", accessible=self.tr("Vergrößern"))
        self._close = IconButton("x", name="measure_close", accessible=self.tr("Steckbrief schließen"))
        self._banners = Banners()
        self._build()
        self._connect()
        self.setFocusProxy(self.form.title.area)

    def _build(self) -> None:
        column = self.column()
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 10, 2)
        head.setSpacing(0)
        head.addWidget(self._over, 1)
        head.addSpacing(4)
        for button in (self._grow, self._more, self._close):
            head.addWidget(button)
        column.addLayout(head)
        column.addLayout(self._banners)
        self._stack.addWidget(self.form)
        self._stack.addWidget(self.earlier)
        column.addWidget(self._stack, 1)
        column.addWidget(self.foot)

    def _connect(self) -> None:
        self._more.clicked.connect(self._open_menu)
        self._grow.clicked.connect(self._on_grow)
        self._close.clicked.connect(self.close_pane)
        form = self.form
        form.history_asked.connect(self.show_history)
        form.versions_asked.connect(self.versions_asked)
        form.record_asked.connect(self.record_asked)
        form.merged_asked.connect(self.show_measure)
        form.refused.connect(self._on_refused)
        form.saved.connect(self._on_saved)
        form.part_removed.connect(self._on_part_removed)
        form.answered.connect(self._on_answered)
        form.complete.counted.connect(self.foot.show_completeness)
        self.foot.completeness_asked.connect(self._on_completeness)
        for fields in ("status", "traffic_light"):
            form.sheet.bound[fields].editor.left.connect(self._on_chosen)
        self.earlier.left.connect(self.leave_earlier)
        self.earlier.taken.connect(self._on_taken_back)
        save = QShortcut(QKeySequence("Ctrl+S"), self)
        save.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        save.activated.connect(self.form.save)

    # The record

    @property
    def measure(self) -> EntityId:
        """The record shown, "" for none."""
        return self.form.record.id if self.form.record is not None else ""

    def show_measure(self, measure: EntityId) -> bool:
        """Show a measure from the top; what was typed before is saved first. False if it is not here.

        Where it cannot be saved, the one with the unsaved words stays and says so.
        """
        self._no_room = False
        if not self.form.save() and self._no_room:
            return True
        if unsaved := self.form.unsaved():
            self._hold(unsaved, lambda: self.record_asked.emit("measure", measure))
            return True
        for card in self.window().findChildren(Popover, "history"):
            card.close_now()
        self._banners.clear()
        record = records.get_record(self._workspace.reader, "measure", measure)
        if record is None:
            return False
        self.foot.tell("")
        bundle_names.learn(self._workspace.reader)
        self._stack.setCurrentWidget(self.form)
        self.form.show_record(record, locked=not record.may_edit or record.gone)
        return True

    def reload(self) -> None:
        """Something about the measure or its parts changed, or it has left this device."""
        if not self.kept():
            self._banners.clear()
            detail = self.tr("Ihr Text steht noch in den Feldern und kann kopiert werden.")
            self._banners.add("info", locked.AWAY, "away", detail if self.form.is_dirty() else "")
            self.form.lock(True)
            return
        self.form.reload()
        self.earlier.reload()

    def kept(self) -> EntityId:
        """The measure that is shown; "" if it is no longer on this device."""
        here = records.get_record(self._workspace.reader, "measure", self.measure) is not None
        return self.measure if here else ""

    def _on_answered(self, record: Record) -> None:
        bundle = record.text("bundle_code") or record.text("code")
        lead = self.tr("Federführung {0}").format(self._places.short(record.text("lead_ags")))
        self._over.setText(" · ".join(one for one in (bundle, lead) if one))
        self._gone_into = gone_into(self._workspace.reader, record)
        self._more.setVisible(record.may_edit and not record.gone and not self._gone_into[0])
        # Deleted or merged elsewhere while somebody types: the words stay and are saved; deleting never beats editing.
        locked = ((record.gone or bool(self._gone_into[0])) and not self.form.is_dirty()) or not record.may_edit
        if locked != self.form.sheet.is_locked():
            self.form.lock(locked)
        self._tell(record)

    def _tell(self, record: Record) -> None:
        """The banners that are due, each with its one remedy; that something is not saved stays until it is."""
        self._banners.clear(keep="failed")
        if record.gone:
            dirty = self.form.is_dirty()
            detail = self.tr("Ihr Text bleibt in den Feldern und geht nicht verloren.") if dirty else ""
            remedy = self.tr("Wiederherstellen") if record.may_edit else ""
            self._banners.add("warning", locked.DELETED, "gone", detail, remedy).remedied.connect(self.restore)
        elif record.frozen:
            self._banners.add("info", locked.FROZEN, "frozen")
        elif not record.may_edit:
            banner = self._banners.add(
                "info",
                locked.led_by(record, self._places),
                "readonly",
                self.tr("Ändern können die federführende und die beteiligten Kommunen, abgucken alle."),
                self.tr("Abgucken") if self._own_ags else "",
            )
            banner.remedied.connect(self.adopt)
        survivor, title = self._gone_into
        if survivor:
            banner = self._banners.add(
                "info",
                locked.gone_into_words(title),
                "merged",
                self.tr("Hier steht, was sie gesagt hat, mit ihrem Verlauf. Weiter geht es dort."),
                self.tr("Dorthin"),
            )
            banner.remedied.connect(lambda: self.record_asked.emit("measure", survivor))
        elif record.text("merge_with") and record.may_edit and not record.gone and self._is_own(record):
            self._propose(record)
        if "" in record.open_slots:
            banner = self._banners.add(
                "version",
                self.tr("Gelöscht, aber bearbeitet: Soll die Maßnahme bleiben?"),
                "deletion",
                remedy=self.tr("Entscheiden"),
            )
            banner.remedied.connect(self._on_deletion_question)
        if record.refused:
            banner = self._banners.add(
                "danger",
                self.tr("Nicht übernommen, liegt bei der Agentur."),
                "refused",
                self.tr("Ihre Änderung ist sicher aufgehoben; der Grund steht im Abgleich."),
                self.tr("Ansehen"),
            )
            banner.remedied.connect(self.sync_asked)

    def _is_own(self, record: Record) -> bool:
        return self._own_ags in (record.text("lead_ags"), *record.elements("participating_ags"))

    def _propose(self, record: Record) -> None:
        banner = ProposalCard(self._workspace.reader, record, self._places)
        self._banners.addWidget(banner)
        store, measure = self._workspace.store, record.id
        banner.accepted.connect(lambda: self._settle(lambda: merging.accept(store, measure), self.tr("Zugestimmt")))
        banner.declined.connect(
            lambda: self._settle(lambda: merging.decline(store, measure), self.tr("Abgelehnt: Es sind zwei"))
        )
        banner.opened.connect(lambda other: self.record_asked.emit("measure", other))
        banner.show()

    def _settle(self, deed: Callable[[], None], sentence: str) -> None:
        try:
            deed()
        except MasswerkError as error:
            self._on_refused(error)
            return
        self.reload()
        self.told.emit(sentence, True)

    def holds(self, then: Callable[[], object]) -> bool:
        """Whether words that cannot be saved stand here; it says so, and goes on with `then` once they are given up."""
        self._no_room = False
        self.form.save()
        unsaved = self.form.unsaved()
        if unsaved:
            self._hold(unsaved, then)
        return bool(unsaved)

    def _hold(self, unsaved: list[str], then: Callable[[], object]) -> None:
        """Words that are not understood or not allowed are not lost by looking at something else."""
        self._banners.clear("unsaved")
        said = self.tr("Nicht gespeichert: {0}.").format(", ".join(unsaved))
        if not self._no_room:  # else the banner beside it has the reason, and nothing here is wrong
            said += " " + self.tr("Bitte zuerst berichtigen.")
        banner = self._banners.add("danger", said, "unsaved", remedy=self.tr("Verwerfen"))

        def let_go() -> None:
            self.form.forget()
            then()

        banner.remedied.connect(let_go)
        self.form.reveal_unsaved()

    def _on_deletion_question(self) -> None:
        self.versions_asked.emit("measure", self.measure, "")

    # What happened

    def _on_saved(self, at: str) -> None:
        self._banners.clear("failed")
        self.foot.tell(self.tr("gespeichert {0}").format(at))

    def _on_refused(self, error: MasswerkError) -> None:
        if isinstance(error, FieldError):
            return  # stands beside its field
        self._no_room = isinstance(error, StoreError)
        self._banners.clear("failed")
        self.foot.tell(self.tr("nicht gespeichert"), "danger")
        banner = self._banners.add("danger", sentences.refusal(error), "failed", remedy=self.tr("Erneut speichern"))
        banner.remedied.connect(self.form.save)

    def _on_part_removed(self, kind: str) -> None:
        from app.ui.measures.names import PARTS

        self.told.emit(self.tr("{0} gelöscht").format(PARTS[kind][0]), True)

    def _on_chosen(self) -> None:
        sender = self.sender()
        for field in ("status", "traffic_light"):
            if sender is self.form.sheet.bound[field].editor:
                self.form.focus_reason(field)

    def adopt(self) -> None:
        """Begin an own measure with the ideas of this one, and go on there."""
        try:
            made = adoptions.adopt(self._workspace.store, self.measure, self._own_ags)
        except MasswerkError as error:
            self._on_refused(error)
            return
        self.record_asked.emit("measure", made)
        self.told.emit(self.tr("Abgeguckt: jetzt eine eigene Maßnahme, mit Herkunft"), True)

    def restore(self) -> None:
        """Bring the measure back with the parts that went with it, then save what was typed meanwhile."""
        measure = self.measure
        try:
            parts = roots.gone_with(self._workspace.reader, "measure", measure)
            measures.restore(self._workspace.store, measure, parts)
        except MasswerkError as error:
            self._on_refused(error)
            return
        self.reload()
        self.form.save()
        self.told.emit(self.tr("Maßnahme wiederhergestellt"), True)

    # History

    def show_history(self, kind: str, entity: EntityId, field: str, anchor: QWidget) -> None:
        """Open the history of a field beside its row."""
        self.form.save()
        told = versions.history(self._workspace.reader, kind, entity, field)
        locked = self.form.sheet.is_locked()
        body = History(kind, field, told, self._places, sentences.now(), locked=locked)
        card = open_history(anchor, kind, field, body)

        def write_again(fassung: Fassung) -> None:
            card.close_now()
            self._restore_value(kind, entity, KINDS[kind].slot_of[field].id, fassung.value)

        body.restored.connect(write_again)

    def show_earlier(self) -> None:
        """Compare with an earlier day, in the place of the form."""
        self.form.save()
        self._stack.setCurrentWidget(self.earlier)
        title = self.form.record.text("title") if self.form.record is not None else ""
        self.earlier.show_measure(self.measure, title, locked=self.form.sheet.is_locked())

    def leave_earlier(self) -> None:
        """Back to the form."""
        self._stack.setCurrentWidget(self.form)
        self._more.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_taken_back(self, told: Difference) -> None:
        self._restore_value(told.kind, told.id, told.slot, told.then)

    def _restore_value(self, kind: str, entity: EntityId, slot: int, value: SlotValue) -> None:
        if value is None and KINDS[kind].slot_by_id[slot].is_group:
            value = (None,) * len(KINDS[kind].slot_by_id[slot].fields)
        try:
            measures.restore_value(self._workspace.store, kind, entity, slot, value)
        except MasswerkError as error:
            self._on_refused(error)
            return
        self.reload()
        self.told.emit(self.tr("Frühere Fassung wiederhergestellt"), True)

    # The pane itself

    def _on_completeness(self) -> None:
        self.form.reveal(self.form.complete)
        self.form.complete.focus_first()

    def menu(self) -> QMenu:
        """What else can be done with the measure."""
        menu = QMenu(self)
        menu.setObjectName("measure_menu")
        for words, act in (
            (self.tr("Veröffentlichen …"), self.ask_publish),
            (self.tr("Mit früherem Tag vergleichen …"), self.show_earlier),
            (self.tr("Doppeln"), self._on_duplicate),
            (self.tr("Maßnahme löschen …"), self._on_delete),
        ):
            action = QAction(words, menu)
            action.triggered.connect(act)
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _open_menu(self) -> None:
        self.menu().popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def ask_publish(self) -> None:
        """What others would read, and the one button that shows it to them."""
        self.form.save()
        found, record = publishing.preview(self._workspace.reader, self.measure), self.form.record
        if found is None or record is None:
            return
        level = record.text("visibility")
        card = PublishCard(found, self._places, Visibility(level) if level else Visibility.MUNICIPALITY)
        title = self.tr("Veröffentlichen")
        popover = Popover(self.window(), name="publish_card", accessible=title, title=title, padding=16)
        popover.set_body(card)
        card.wanted.connect(self._on_publish)
        card.wanted.connect(popover.close_now)
        popover.open_at(self._more, "left", width=theme.px(420), height=theme.px(520))

    def _on_publish(self, level: Visibility) -> None:
        try:
            publishing.publish(self._workspace.store, self.measure, level)
        except MasswerkError as error:
            self._on_refused(error)
            return
        self.reload()
        self.told.emit(self.tr("Veröffentlicht: {0}").format(labels.label(level)), True)

    def _on_delete(self) -> None:
        self.delete_asked.emit(self.measure)

    def _on_duplicate(self) -> None:
        self.duplicate_asked.emit(self.measure)

    def _on_grow(self) -> None:
        self.set_large(not self._large)

    def set_large(self, on: bool) -> None:
        """Take the whole room, or give the table its place back."""
        self._large = on
        words = self.tr("Verkleinern") if on else self.tr("Vergrößern")
        self._grow.set_meaning(words, "arrows-in-simple" if on else "arrows-out-simple")
        self.enlarged.emit(on)

    def is_large(self) -> bool:
        """Whether the pane has the whole room."""
        return self._large

    def close_pane(self) -> None:
        """Save and go."""
        self.form.save()
        if self._large:
            self.set_large(False)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leads back to the table."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_pane()
            return
        super().keyPressEvent(event)
