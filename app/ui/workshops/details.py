"""The head of a workshop: every field saves itself, stations and agenda are lists to be changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QTextEdit, QVBoxLayout, QWidget

from app.domain.fields import KINDS
from app.domain.values import PartialDate
from app.errors import MasswerkError
from app.models.queries.records import Record
from app.services import publishing, workshops
from app.services.sessions import Seen
from app.ui import labels, theme
from app.ui.attachments.box import AttachmentBox
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.choices import ChoiceBox
from app.ui.widgets.forms import FieldRow, Section
from app.ui.widgets.inputs import LineEdit, TextArea
from app.ui.widgets.popover import Popover
from app.ui.widgets.surfaces import ScrollPane
from app.ui.widgets.words import Ground, Label
from app.ui.workshops import detail_editors, moments
from app.ui.workshops.leaving import Unsaved
from app.ui.workshops.parts import PartsEditor
from app.ui.workshops.people import PeopleBox
from app.ui.workshops.session import Session
from app.ui.workshops.shared_view import SharedView

IDLE_MS = 800
_KIND = KINDS["workshop"]
_WIDTH = 600


@dataclass(slots=True)
class _Bound:
    """One editor and what the person saw when they began to change it."""

    row: FieldRow
    seen: Seen | None = None
    touched: bool = False


class Details(Ground):
    """All fields of one workshop in one column, and its deletion at the end."""

    delete_wanted = Signal()
    question_wanted = Signal()
    told = Signal(str, object)

    def __init__(self, session: Session, place: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__("background", parent)
        self._session, self._place = session, place
        self._bound: dict[str, _Bound] = {}
        self._editors: dict[str, QWidget] = {}
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self.flush)
        self._saved = Label(size="small", role="muted", tabular=True)
        self._stations = PartsEditor(session, "station", name="stations_editor")
        self._agenda = PartsEditor(session, "agenda_item", name="agenda_editor")
        self.files = AttachmentBox(session.workspace, "workshop")
        self.files.removed.connect(self._on_file_removed)
        self.people = PeopleBox(session)
        self._delete = Button(self.tr("Workshop löschen"), name="delete_workshop", kind="danger", icon="trash")
        self._delete.clicked.connect(self.delete_wanted)
        self._look = LinkButton(self.tr("Ansehen, was andere lesen"), name="shared_preview")
        self._look.clicked.connect(self._show_shared)
        self._make_editors()
        self._build()
        session.head_changed.connect(self._show)
        session.files_changed.connect(self.files.reload)
        shortcut = QShortcut(QKeySequence("Ctrl+S"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.flush)
        self._show()
        self.files.show_root(session.workshop, locked=not session.may_edit)

    # -- building --------------------------------------------------------------------------------

    def _make_editors(self) -> None:
        made = detail_editors.words_and_choices(self._session.workspace.reader)
        self._clocks, self._next = detail_editors.clocks(), detail_editors.next_date()
        for clock in (*self._clocks.values(), self._next):
            clock.committed.connect(self._on_clock)
            clock.edited.connect(self._on_clock_edited)
        for editor in made.values():
            editor.installEventFilter(self)
            if isinstance(editor, LineEdit):
                editor.textEdited.connect(self._on_edited)
            elif isinstance(editor, TextArea):
                editor.textChanged.connect(self._on_edited)
            else:
                editor.chosen.connect(self._on_chosen)
        self._editors.update(made)

    def _build(self) -> None:
        layout = self.column()
        pane = ScrollPane(name="details", accessible=self.tr("Angaben zum Workshop"), ground="background")
        self._pane = pane
        layout.addWidget(pane)
        self._form = QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 8, 0, 24)
        form.setSpacing(0)
        times = QWidget()
        row = QHBoxLayout(times)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for number, clock in enumerate(self._clocks.values()):
            row.addWidget(clock, 2 if number == 0 else 1, Qt.AlignmentFlag.AlignTop)
        self._editors["starts_at"] = times
        self._editors["next_on"] = self._next
        level = QWidget()
        below = QVBoxLayout(level)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(4)
        below.addWidget(self._editors["visibility"])
        below.addWidget(self._look, 0, Qt.AlignmentFlag.AlignLeft)
        for number, (title, names) in enumerate(self._sections()):
            section = Section(title, name=f"details_{number}", first=number == 0)
            for name in names:
                editor = level if name == "visibility" else self._editors[name]
                row_ = FieldRow(self._spoken(name), editor, name=f"row_{name}", history=False)
                row_.versions_clicked.connect(self.question_wanted)
                self._bound[name] = _Bound(row_)
                section.add(row_)
            form.addWidget(section)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 0)
        foot.addWidget(self._delete)
        foot.addStretch(1)
        form.addLayout(foot)
        self._add_columns(pane)
        self.restyle()

    def _add_columns(self, pane: ScrollPane) -> None:
        """Fields at the left, what the format brought at the right; below each other where it is narrow."""
        self._lists = QWidget()
        column = QVBoxLayout(self._lists)
        column.setContentsMargins(0, 8, 0, 24)
        column.setSpacing(0)
        for number, (title, editor) in enumerate(
            ((self.tr("Stationen"), self._stations), (self.tr("Tagesordnung"), self._agenda))
        ):
            section = Section(title, name=f"details_{editor.objectName()}", first=number == 0)
            section.add(editor, indent=True)
            column.addWidget(section)
            if number == 0:
                section.add_action(self._saved)
        section = Section(self.tr("Anhänge"), name="details_files")
        section.add(self.files)
        column.addWidget(section)
        self._names_section = Section(self.tr("Namen von Teilnehmenden"), name="details_people")
        self._names_section.add(self.people, indent=True)
        self.people.changed.connect(self._on_people)
        self._on_people(self.people.count())
        column.addWidget(self._names_section)
        column.addStretch(1)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setContentsMargins(8, 0, 8, 0)
        self._columns.setSpacing(16)
        corner = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        self._columns.addWidget(self._form, 0, corner)
        self._columns.addWidget(self._lists, 0, corner)
        self._columns.addStretch(1)
        pane.body.addLayout(self._columns)
        pane.body.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column or two."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wide = self.width() >= theme.px(_WIDTH) + theme.px(360) + 48
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
        width = min(theme.px(_WIDTH), self.width() - 32)
        self._form.setFixedWidth(width)
        self._lists.setFixedWidth(min(theme.px(440), self.width() - width - 48) if wide else width)

    def _spoken(self, name: str) -> str:
        """What a field is called here, where the short name says too little by itself."""
        own = {
            "starts_at": self.tr("Datum, Zeiten"), "mode": self.tr("Durchführung"),
            "host_org": self.tr("Einladung durch"), "minute_taker": self.tr("Protokoll durch"),
            "summary": self.tr("Kurzfassung"),
        }  # fmt: skip
        return own.get(name) or labels.short_field_label("workshop", name)

    def _sections(self) -> list[tuple[str, tuple[str, ...]]]:
        return [
            (self.tr("Kopf"), ("title", "starts_at", "place_text", "format", "mode")),
            (self.tr("Anlass und Personen"), ("purpose", "host_org", "moderation", "minute_taker")),
            (self.tr("Protokoll"), ("summary", "minutes_kind", "distribution", "next_on", "visibility")),
        ]

    def restyle(self) -> None:
        """Keep a comfortable line."""
        self._arrange()
        super().restyle()

    # -- showing ---------------------------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        """Show what is stored; a field that is being typed into keeps its words and tells who changed it."""
        head = self._session.head
        if head is None:
            return
        may = self._session.may_edit
        for name, bound in self._bound.items():
            if bound.touched:
                if self._differs(name, head):
                    bound.row.set_note(self.tr("geändert von {0}").format(head.changed_by or "?"), "info")
                continue
            self._fill(name, head)
            self._mark(bound.row, name, head)
        self._let(may)
        self.files.lock(not may)
        self._delete.setVisible(may)

    def _differs(self, name: str, head: Record) -> bool:
        slot = _KIND.slot_of[name].id
        seen = self._bound[name].seen or {}
        return head.seen.get(slot) != seen.get(slot)

    def _fill(self, name: str, head: Record) -> None:
        editor = self._editors[name]
        if isinstance(editor, LineEdit | TextArea):
            editor.blockSignals(True)
            editor.set_words(head.text(name))
            editor.blockSignals(False)
        elif isinstance(editor, ChoiceBox):
            editor.set_value(head.get(name))
        elif name == "starts_at":
            day, begin = moments.parts_of(head.text("starts_at"))
            _, end = moments.parts_of(head.text("ends_at"))
            for key, value in zip(detail_editors.CLOCKS, (day, begin, end), strict=True):
                if not self._clocks[key].has_error() and not self._clocks[key].line.dirty():
                    self._clocks[key].set_value(value or None)
        elif not self._next.has_error():
            stored = head.text("next_on")
            self._next.set_value(PartialDate.decode(stored) if stored else None)

    def _mark(self, row: FieldRow, name: str, head: Record) -> None:
        slot = _KIND.slot_of[name].name
        row.set_pending(self.tr("Noch nicht übertragen") if slot in head.pending_slots else "")
        row.set_versions(2 if slot in head.open_slots else 0)
        row.set_note(self._hint(name))

    def _hint(self, name: str) -> str:
        """What stands below a field while there is nothing to complain of: what sharing keeps back."""
        if name != "visibility" or not self._session.may_edit:
            return ""
        kept = ", ".join(labels.part_field_label(*one) for one in publishing.kept_of_workshop())
        return self.tr("Auch wenn andere mitlesen, bleibt bei Ihnen: {0}.").format(kept)

    @Slot()
    def _show_shared(self) -> None:
        """What others get of this workshop, as it is written now."""
        self.flush()
        found = publishing.preview_of_workshop(self._session.workspace.reader, self._session.workshop)
        if found is not None:
            title = self.tr("Das lesen andere")
            popover = Popover(self.window(), name="shared_card", accessible=title, title=title, padding=16)
            popover.set_body(SharedView(found, self._place))
            popover.open_at(self._look, "above", width=theme.px(420), height=theme.px(460))

    @Slot(str, str)
    def _on_file_removed(self, kind: str, attachment: str) -> None:
        self.told.emit(self.tr("Anhang entfernt."), [(kind, attachment)])

    @Slot(int)
    def _on_people(self, count: int) -> None:
        self._names_section.set_note(labels.number(count) if count else "")

    def _let(self, may: bool) -> None:
        for editor in self._editors.values():
            if isinstance(editor, LineEdit | QTextEdit):
                editor.setReadOnly(not may)
            elif isinstance(editor, ChoiceBox):
                editor.set_read_only(not may)
        for clock in (*self._clocks.values(), self._next):
            clock.set_read_only(not may)

    # -- saving ----------------------------------------------------------------------------------

    def _touch(self, name: str) -> None:
        bound = self._bound[name]
        if not bound.touched:
            head = self._session.head
            bound.touched, bound.seen = True, dict(head.seen) if head else None
        self._idle.start()

    @Slot()
    def _on_edited(self) -> None:
        sender = self.sender()
        if not self._is_clean(sender):
            self._touch(str(sender.property("field")))

    @staticmethod
    def _is_clean(editor: QObject) -> bool:
        return isinstance(editor, LineEdit | TextArea) and not editor.dirty()

    @Slot()
    def _on_clock_edited(self) -> None:
        name = "next_on" if self.sender() is self._next else "starts_at"
        bound = self._bound[name]
        if not bound.touched:
            head = self._session.head
            bound.touched, bound.seen = True, dict(head.seen) if head else None

    @Slot(object)
    def _on_clock(self, value: object) -> None:
        name = "next_on" if self.sender() is self._next else "starts_at"
        self._touch(name)
        self._save(name)

    @Slot(object)
    def _on_chosen(self, key: object) -> None:
        name = str(self.sender().property("field"))
        self._touch(name)
        self._save(name)

    @Slot()
    def flush(self) -> None:
        """Save every field that was changed."""
        self._idle.stop()
        for clock in (*self._clocks.values(), self._next):
            if clock.line.dirty() and not clock.line.hasFocus():
                clock.commit()
        for name, bound in self._bound.items():
            if bound.touched and name not in ("starts_at", "next_on"):
                self._save(name)

    def unsaved(self) -> list[Unsaved]:
        """What stands here and is not on disk, after everything was tried, also where the cursor is."""
        for name, fields in (("starts_at", tuple(self._clocks.values())), ("next_on", (self._next,))):
            understood = [field.commit() for field in fields]
            if all(understood) and self._bound[name].touched:
                self._save(name)
        self.flush()
        said = [self._spoken(name) for name, bound in self._bound.items() if bound.touched]
        remedy, add = self.tr("Der Grund steht beim Feld."), self.tr("Eingabe fügt den Namen hinzu.")
        return [
            *(Unsaved(name, remedy, "details") for name in (*said, *self._stations.unsaved(), *self._agenda.unsaved())),
            *(Unsaved(name, add, "details") for name in self.people.unsaved()),
        ]

    def reveal_unsaved(self) -> None:
        """Bring the first of them into sight."""
        for bound in [bound for bound in self._bound.values() if bound.touched][:1]:
            self._pane.reveal(bound.row)
            return
        typed = self.people.line if self.people.unsaved() else None
        line = self._stations.refused() or self._agenda.refused() or typed
        if line is not None:
            line.setFocus(Qt.FocusReason.OtherFocusReason)
            self._pane.reveal(line)

    def forget(self) -> None:
        """Show what is on disk instead."""
        self._idle.stop()
        for clock in (*self._clocks.values(), self._next):
            clock.set_value(clock.value())
        for bound in self._bound.values():
            bound.touched, bound.seen = False, None
        self._stations.forget()
        self._agenda.forget()
        self.people.forget()
        self._show()

    def _values(self, name: str) -> dict[str, object]:
        editor = self._editors[name]
        if isinstance(editor, LineEdit):
            return {name: editor.text().strip() or None}
        if isinstance(editor, TextArea):
            return {name: editor.words().strip() or None}
        if isinstance(editor, ChoiceBox):
            return {name: editor.value()}
        if name == "next_on":
            value = self._next.value()
            return {name: value.encode() if isinstance(value, PartialDate) else None}
        day, begin, end = (str(self._clocks[key].value() or "") for key in detail_editors.CLOCKS)
        return {
            "starts_at": moments.joined(day, begin),
            "ends_at": moments.joined(day, end) if end else None,
        }

    def _save(self, name: str) -> None:
        bound = self._bound[name]
        values = self._values(name)
        if (
            name == "starts_at"
            and values["starts_at"] is None
            and any(self._clocks[k].value() for k in ("begin", "end"))
        ):
            bound.row.set_note(self.tr("Zu einer Uhrzeit gehört ein Datum."), "danger")
            return
        seen, bound.touched, bound.seen = bound.seen, False, None
        try:
            workshops.edit(self._session.workspace.store, self._session.workshop, values, seen)
        except MasswerkError as error:
            bound.touched, bound.seen = True, seen
            bound.row.set_note(" ".join(labels.error_words(error)), "danger")
            return
        bound.row.set_note(self._hint(name))
        self._settle(name)
        self._saved.setText(labels.saved_at(moments.now()))

    def _settle(self, name: str) -> None:
        """What stands there is the saved value now; the cursor stays."""
        editor = self._editors[name]
        if isinstance(editor, LineEdit):
            editor.set_words(editor.text())
        elif isinstance(editor, TextArea):
            editor.set_words(editor.words())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leaving a field saves it."""
        if event.type() == QEvent.Type.FocusOut:
            name = str(watched.property("field") or "")
            bound = self._bound.get(name)
            if bound is not None and bound.touched and name not in ("starts_at", "next_on"):
                self._save(name)
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing stays unsaved behind another page."""
        super().hideEvent(event)
        self.flush()
