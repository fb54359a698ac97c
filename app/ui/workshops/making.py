"""A new workshop: title, day, time, place, format; the format brings stations and agenda."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.catalogue import WorkshopFormat
from app.errors import FieldError, MasswerkError
from app.models.queries import syncing
from app.services import workshops
from app.services.workspace import Workspace
from app.ui import labels, theme
from app.ui.widgets.buttons import Button
from app.ui.widgets.choices import Choice, ChoiceBox
from app.ui.widgets.forms import FieldRow
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.parsed import DateEdit, ParsedEdit
from app.ui.widgets.surfaces import PageHead, ScrollPane
from app.ui.widgets.words import Ground, Label
from app.ui.workshops import moments
from app.ui.workshops.leaving import Unsaved
from app.ui.workshops.templates import template_of

_WIDTH = 560


class NewWorkshop(Ground):
    """A form that saves at once; what was typed stays until it is saved or given up."""

    made = Signal(str)
    given_up = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("background", parent)
        self._workspace = workspace
        self.title = LineEdit(
            name="new_title", accessible=self.tr("Titel"), placeholder=self.tr("Bürgerdialog Mobilität")
        )
        self.day = DateEdit(
            moments.read_day, moments.show_day, name="new_day", accessible=self.tr("Datum"),
            placeholder="26.11.2026", explain=lambda day: moments.weekday(day) if day else "",
        )  # fmt: skip
        self.begin = ParsedEdit(
            moments.read_time, str, name="new_begin", accessible=self.tr("Beginn"), placeholder="19:00"
        )
        self.end = ParsedEdit(moments.read_time, str, name="new_end", accessible=self.tr("Ende"), placeholder="21:00")
        self.place = LineEdit(name="new_place", accessible=self.tr("Ort"), placeholder=self.tr("Schützenhalle"))
        choices = [Choice(f.value, labels.label(f)) for f in WorkshopFormat]
        self.format = ChoiceBox(choices, name="new_format", accessible=self.tr("Format"))
        self.format.set_value(WorkshopFormat.WORKSHOP.value)
        self._brings = Label(size="small", role="muted", wrap=True)
        self._error = Label(size="small", role="danger", wrap=True)
        self._error.hide()
        self._rows: dict[str, FieldRow] = {}
        self._build()
        self.format.chosen.connect(self._show_template)
        self._show_template()

    def _build(self) -> None:
        layout = self.column()
        layout.addWidget(PageHead(self.tr("Neuer Workshop"), self.tr("Alles lässt sich später ändern.")))
        pane = ScrollPane(name="new_pane", accessible=self.tr("Neuer Workshop"), ground="background")
        layout.addWidget(pane, 1)
        self._form = QWidget()
        self._below: list[QHBoxLayout] = []
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 20, 0, 24)
        form.setSpacing(8)
        times = QWidget()
        row = QHBoxLayout(times)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.begin, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(self.tr("bis"), "small", role="muted"), 0)
        row.addWidget(self.end, 1, Qt.AlignmentFlag.AlignTop)
        for name, words, editor in (
            ("title", self.tr("Titel"), self.title), ("starts_at", self.tr("Datum"), self.day),
            ("ends_at", self.tr("Beginn, Ende"), times), ("place_text", self.tr("Ort"), self.place),
            ("format", self.tr("Format"), self.format),
        ):  # fmt: skip
            self._rows[name] = FieldRow(words, editor, name=f"new_row_{name}", history=False)
            form.addWidget(self._rows[name])
        form.addLayout(self._indented(self._brings))
        form.addLayout(self._indented(self._error))
        form.addSpacing(8)
        form.addLayout(self._buttons())
        holder = QHBoxLayout()
        holder.setContentsMargins(8, 0, 8, 0)
        holder.addWidget(self._form)
        holder.addStretch(1)
        pane.body.addLayout(holder)
        pane.body.addStretch(1)
        self.restyle()

    def _indented(self, widget: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        self._below.append(row)
        row.addWidget(widget)
        return row

    def _buttons(self) -> QHBoxLayout:
        save = Button(self.tr("Anlegen"), name="new_save", kind="primary", hint="Ctrl+S")
        leave = Button(self.tr("Abbrechen"), name="new_leave", hint="Esc")
        save.clicked.connect(self.save)
        leave.clicked.connect(self.given_up)
        row = QHBoxLayout()
        self._below.append(row)
        row.setSpacing(8)
        row.addWidget(save)
        row.addWidget(leave)
        row.addStretch(1)
        return row

    def restyle(self) -> None:
        """Keep a comfortable line; what stands below the fields stands below their editors."""
        self._form.setFixedWidth(min(theme.px(_WIDTH), 1000))
        for row in self._below:
            row.setContentsMargins(theme.px(96) + 16, 0, 16, 0)
        super().restyle()

    @Slot()
    def _show_template(self) -> None:
        template = template_of(str(self.format.value() or ""))
        agenda = " · ".join(f"{title} ({minutes}\u00a0Min)" for title, minutes in template.agenda)
        words = self.tr("Stationen: {0}").format(" · ".join(template.stations))
        if agenda:
            words += "\n" + self.tr("Tagesordnung: {0}").format(agenda)
        if template.questions:
            words += "\n" + self.tr("Leitfragen: {0}").format(" ".join(template.questions))
        self._brings.setText(words)

    def begin_new(self, day: str = "") -> None:
        """Put the cursor where it starts; what was typed before is still there."""
        if day:
            self.day.set_value(day)
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def save(self) -> None:
        """Save and open; mistakes stand beside their fields and nothing typed is lost."""
        for row in self._rows.values():
            row.set_note("")
        self._error.hide()
        if not all([self.day.commit(), self.begin.commit(), self.end.commit()]):
            return
        if not self.day.value() and (self.begin.value() or self.end.value()):
            self._rows["starts_at"].set_note(self.tr("Zu einer Uhrzeit gehört ein Datum."), "danger")
            return
        template = template_of(str(self.format.value() or ""))
        try:
            workshop = workshops.create(self._workspace.store, self._values(), template.stations, template.agenda)
        except FieldError as error:
            self._rows.get(error.field, self._rows["title"]).set_note(" ".join(labels.error_words(error)), "danger")
            return
        except MasswerkError as error:
            self._error.setText(" ".join(labels.error_words(error)))
            self._error.show()
            return
        self.clear()
        self.made.emit(workshop)

    def _values(self) -> dict[str, object]:
        day, begin, end = self.day.value() or "", self.begin.value() or "", self.end.value() or ""
        return {
            "title": self.title.text().strip(),
            "format": self.format.value(),
            "starts_at": moments.joined(day, begin),
            "ends_at": moments.joined(day, end) if end else None,
            "place_text": self.place.text().strip() or None,
            "purpose": template_of(str(self.format.value() or "")).purpose() or None,
            "ags": syncing.standing(self._workspace.reader).person.ags or None,
        }

    def unsaved(self) -> list[Unsaved]:
        """The workshop that was begun here; a day alone may have come from the calendar."""
        lines = (self.title, self.place, self.begin.line, self.end.line)
        if not any(line.text().strip() for line in lines):
            return []
        return [Unsaved(self.tr("der neue Workshop"), self.tr("„Anlegen“ sichert ihn."), "new")]

    def clear(self) -> None:
        """An empty form for the next one."""
        self.title.set_words("")
        self.place.set_words("")
        for editor in (self.day, self.begin, self.end):
            editor.set_value(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+S and Return save, Esc gives up."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or (control and event.key() == Qt.Key.Key_S):
            self.save()
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)
