"""The Steckbrief as a form: title, folding sections with fields and parts, completeness."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.domain import rules
from app.domain.catalogue import Visibility
from app.domain.ids import EntityId
from app.models.queries import records
from app.models.queries.records import Record
from app.services.workspace import Workspace
from app.ui import labels, theme
from app.ui.attachments.box import AttachmentBox
from app.ui.measures import names, sentences
from app.ui.measures.completeness import Completeness
from app.ui.measures.fold import Fold
from app.ui.measures.lineage import LineageBox, LineageEditor, news_note
from app.ui.measures.links import Dependencies, DependencyEditor
from app.ui.measures.making import Makings
from app.ui.measures.money import MoneySums
from app.ui.measures.origin import Origin, OriginEditor
from app.ui.measures.parts import PartList
from app.ui.measures.precedents import Precedents
from app.ui.measures.rows import field_row
from app.ui.measures.sheet import Sheet
from app.ui.measures.steckbrief import PLANS, TITLE, Part, Plan, section_of
from app.ui.measures.title import TitleLine
from app.ui.widgets.forms import FieldLine
from app.ui.widgets.surfaces import ScrollPane

_TWO_COLUMNS = 760
_REASONS = {"status": "status_reason", "traffic_light": "traffic_light_reason"}


class MeasureForm(ScrollPane):
    """One measure under edit. Sections make their rows when they are opened first.

    `history_asked` carries kind, id, field and anchor; `versions_asked` kind, id and slot; `record_asked`
    kind and id of another record.
    """

    history_asked = Signal(str, str, str, QWidget)
    versions_asked = Signal(str, str, str)
    record_asked = Signal(str, str)
    merged_asked = Signal(str)
    refused = Signal(object)
    saved = Signal(str)
    part_removed = Signal(str)
    answered = Signal(object)

    def __init__(self, workspace: Workspace, makings: Makings, parent: QWidget | None = None) -> None:
        super().__init__(name="measure_form", accessible=self.tr("Steckbrief"), parent=parent)
        self._workspace, self._makings = workspace, makings
        self.sheet = Sheet(workspace, "measure", makings, self)
        self.folds: dict[str, Fold] = {}
        self.parts: dict[str, PartList] = {}
        self.files: AttachmentBox | None = None
        self._sums: MoneySums | None = None
        self._links: Dependencies | None = None
        self.lineage: LineageBox | None = None
        self._locked = True
        self.title = TitleLine("measure_title", names.spoken("measure", "title"), self.tr("Titel der Maßnahme"))
        self.complete = Completeness()
        self.precedents = Precedents(workspace.reader, makings.places)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.body.addWidget(self.title)
        self.body.addWidget(self.precedents)
        self.body.addSpacing(8)
        self._columns = sides = (QVBoxLayout(), QVBoxLayout())
        self._sides = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._sides.setSpacing(0)
        for side in sides:
            side.setSpacing(0)
            self._sides.addLayout(side, 1)
        for plan in PLANS:
            fold = Fold(plan.key, plan.title)
            fold.first_opened.connect(self._fill)
            self.folds[plan.key] = fold
            sides[0 if plan.opened else 1].addWidget(fold)
        sides[1].addWidget(self.complete)
        self.body.addLayout(self._sides)
        self.body.addStretch(1)
        self.sheet.bind(TITLE, self.title.binding, self.title)
        for plan in PLANS:
            if plan.opened:
                self.folds[plan.key].set_open(True)

    def _connect(self) -> None:
        self.sheet.history_asked.connect(self._on_history)
        self.sheet.versions_asked.connect(self._on_versions)
        self.sheet.refused.connect(self.refused)
        self.sheet.saved.connect(self.saved)
        self.sheet.answered.connect(self._on_answered)
        self.complete.asked.connect(self.go_to)
        self.title.binding.edited.connect(self._on_title_typed)
        self.precedents.opened.connect(self._on_measure)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """With room for two, the sections stand in two columns: lines stay short enough to read."""
        directions = QBoxLayout.Direction
        wide = event.size().width() >= theme.px(_TWO_COLUMNS)
        self._sides.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
        for side in self._columns:
            self._sides.setAlignment(side, Qt.AlignmentFlag.AlignTop if wide else Qt.AlignmentFlag(0))
        super().resizeEvent(event)

    # Sections

    def _fill(self, key: str) -> None:
        plan = next(plan for plan in PLANS if plan.key == key)
        for row in plan.rows:
            self.folds[key].add(self._piece(plan, row))
        if key == "money":
            self._sums = MoneySums()
            self.folds[key].rows.insertWidget(1, self._sums)
            self._add_up()
        if key in ("state", "money") and self.sheet.record is not None:
            self._on_answered(self.sheet.record)

    def _piece(self, plan: Plan, row: str | tuple[str, str] | Part) -> QWidget:
        if isinstance(row, Part):
            return self._files() if row.kind == "attachment" else self._list(row.kind)
        if row == "dependencies":
            return self._link_row()
        if row == "contribution_ids":
            return self._origin_row()
        if row == "adopted_from":
            return self._lineage_row()
        return field_row(self.sheet, "measure", row, self._makings)

    def _list(self, kind: str) -> PartList:
        made = PartList(self._workspace, kind, self._makings)
        made.history_asked.connect(self.history_asked)
        made.versions_asked.connect(self.versions_asked)
        made.refused.connect(self.refused)
        made.saved.connect(self.saved)
        made.removed.connect(self.part_removed)
        made.counted.connect(self._on_parts)
        self.parts[kind] = made
        if self.sheet.record is not None:
            made.show_root(self.sheet.record.id, locked=self._locked)
        return made

    def _files(self) -> AttachmentBox:
        made = AttachmentBox(self._workspace, "measure")
        made.saved.connect(self._on_saved_file)
        made.removed.connect(self.part_removed)
        made.counted.connect(self._on_parts)
        self.files = made
        if self.sheet.record is not None:
            made.show_root(self.sheet.record.id, locked=self._locked)
        return made

    def _on_decided(self) -> None:
        self.saved.emit(sentences.clock())
        if self.sheet.record is not None:
            self._tell_lineage(self.sheet.record)

    def _on_saved_file(self) -> None:
        self.saved.emit(sentences.clock())

    def _link_row(self) -> FieldLine:
        spoken = names.spoken("measure", "dependencies")
        self._links = Dependencies(self._workspace.reader, name="measure_dependencies", accessible=spoken)
        self._links.opened.connect(self._on_measure)
        row = FieldLine(
            names.label("measure", "dependencies"),
            self._links,
            name="measure_dependencies_row",
            history=False,
        )
        self.sheet.bind("dependencies", DependencyEditor(self._links), row)
        if self.sheet.record is not None:
            self._links.set_own(self.sheet.record.id)
        return row

    def _origin_row(self) -> FieldLine:
        spoken = names.spoken("measure", "contribution_ids")
        origin = Origin(self._workspace.reader, name="measure_contribution_ids", accessible=spoken)
        origin.opened.connect(self._on_workshop)
        row = FieldLine(names.label("measure", "contribution_ids"), origin, name="measure_origin_row", history=False)
        self.sheet.bind("contribution_ids", OriginEditor(origin), row)
        return row

    def _lineage_row(self) -> FieldLine:
        spoken = names.spoken("measure", "adopted_from")
        box = LineageBox(self._workspace, self._makings.places, name="measure_adopted_from", accessible=spoken)
        box.opened.connect(self._on_measure)
        box.looked_at.connect(self.merged_asked)
        box.refused.connect(self.refused)
        box.decided.connect(self._on_decided)
        self.lineage = box
        if self.sheet.record is not None:
            box.set_own(self.sheet.record.id)
        row = FieldLine(names.label("measure", "adopted_from"), box, name="measure_lineage_row", history=False)
        self.sheet.bind("adopted_from", LineageEditor(box), row)
        return row

    def _on_measure(self, measure: str) -> None:
        self.record_asked.emit("measure", measure)
        shown = self.sheet.record
        if shown is not None and shown.id == measure and self.isVisible():
            self.title.area.setFocus(Qt.FocusReason.TabFocusReason)  # the link had it, and is gone

    def _on_workshop(self, workshop: str) -> None:
        self.record_asked.emit("workshop", workshop)

    # The record

    @property
    def record(self) -> Record | None:
        """What is shown."""
        return self.sheet.record

    def show_record(self, record: Record, *, locked: bool) -> None:
        """Another measure, from the top."""
        self._locked = locked
        if self.sheet.record is None or self.sheet.record.id != record.id:
            self.precedents.begin(record.id)
        if self._links is not None:
            self._links.set_own(record.id)
        if self.lineage is not None:
            self.lineage.set_own(record.id)
        self.sheet.show(record, locked=locked)
        for parts in self._lists:
            parts.show_root(record.id, locked=locked)
        self.verticalScrollBar().setValue(0)

    @property
    def _lists(self) -> list[PartList | AttachmentBox]:
        return [*self.parts.values(), *((self.files,) if self.files is not None else ())]

    def lock(self, on: bool) -> None:
        """Nobody writes, or everybody who may writes again; what stands in the fields stays."""
        self._locked = on
        self.sheet.lock(on)
        for parts in self._lists:
            parts.lock(on)

    def reload(self) -> None:
        """The measure or one of its parts changed."""
        self.sheet.reload()
        if self.lineage is not None:
            self.lineage.reload()
        for parts in self._lists:
            parts.reload()

    def save(self) -> bool:
        """Save what is being typed anywhere in the form; False if something could not be saved."""
        mine = self.sheet.save()
        done = [parts.save() for parts in self._lists]  # every list, also after one that failed
        return all(done) and mine

    def _sheets(self) -> list[Sheet]:
        return [self.sheet, *(sheet for parts in self.parts.values() for sheet in parts.sheets())]

    def unsaved(self) -> list[str]:
        """The names of the fields, here and in the parts, with words that could not be saved."""
        return [sheet.spoken(one) for sheet in self._sheets() for one in sheet.unsaved()]

    def reveal_unsaved(self) -> None:
        """Bring the first of them into sight."""
        for one in [one for sheet in self._sheets() for one in sheet.unsaved()][:1]:
            if self.sheet.bound.get(one.name) is one and one.name != TITLE:
                self.folds[section_of(one.name)].set_open(True)
            self.reveal(one.row)

    def forget(self) -> None:
        """Show what is on disk instead of what could not be saved."""
        for sheet in self._sheets():
            if sheet.unsaved():
                sheet.forget()

    def is_dirty(self) -> bool:
        """Whether something stands in a field of the measure that is not on disk."""
        return self.sheet.is_dirty()

    # What follows from the record

    def _on_answered(self, record: Record) -> None:
        for field, remark in self._remarks(record).items():
            self.sheet.point_at(field, remark)
        note = self.tr("{0} geändert").format(sentences.instant(record.changed_at, sentences.now()))
        self.folds["state"].head.set_note(note if record.changed_at else "")
        self._on_parts()
        self._tell_lineage(record)
        self.answered.emit(record)

    def _tell_lineage(self, record: Record) -> None:
        """What another measure says anew stands at the section, also while that is folded."""
        self.folds["origin"].head.set_note(news_note(self._workspace.reader, record))

    def _remarks(self, record: Record) -> dict[str, str]:
        """What to say under the fields that ask for something; "" where all is well."""
        found = dict.fromkeys((*_REASONS.values(), "visibility"), "")
        for finding in rules.warnings(record.values):
            if finding.code == "reason_needed":
                found[finding.field] = self.tr("Bitte kurz begründen.")
        if record.text("visibility") in (Visibility.SCHOOL, Visibility.PUBLIC):
            missing = [names.spoken("measure", f.field) for f in rules.check_publish(record.values)]
            if missing:
                found["visibility"] = self.tr("Zum Veröffentlichen fehlt: {0}.").format(", ".join(missing))
        return found

    def _on_parts(self) -> None:
        if self.sheet.record is None:
            return
        self._add_up()
        counts = self._counts(self.sheet.record.id)
        hanging = counts.get("attachment", 0)
        self.folds["files"].head.set_note(labels.count(hanging, "Datei", "Dateien") if hanging else "")
        self.complete.show_record(self.sheet.record, counts)

    def _counts(self, measure: EntityId) -> dict[str, int]:
        return records.child_counts(self._workspace.reader, measure)

    def _add_up(self) -> None:
        if self._sums is not None and self.sheet.record is not None:
            total = self.sheet.record.values.get("total_cost_cents")
            costs = [r.values for r in self.parts["cost_item"].parts]
            funding = [r.values for r in self.parts["funding_item"].parts]
            self._sums.show_sums(total if isinstance(total, int) else None, costs, funding)

    def _on_title_typed(self) -> None:
        self.precedents.title_typed(self.title.area.toPlainText())

    # Going somewhere

    def go_to(self, field: str) -> None:
        """Open the section of a field or a list of parts and put the focus there."""
        if field == TITLE:
            self.focus_title()
            return
        fold = self.folds[section_of(field)]
        fold.set_open(True)
        listed = self.files if field == "attachment" else self.parts.get(field)
        if listed is not None:
            listed.start()
            self.reveal(listed)
            return
        one = self.sheet.bound[field]
        one.editor.focus.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.reveal(one.row)

    def focus_title(self) -> None:
        """Put the cursor into the title, all of it selected."""
        self.title.area.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.title.area.selectAll()

    def focus_reason(self, field: str) -> None:
        """After a choice that needs a reason: ask for it in place."""
        reason = _REASONS.get(field)
        if reason is not None and self.sheet.record is not None:
            wanted = {f.field for f in rules.warnings(self.sheet.record.values) if f.code == "reason_needed"}
            if reason in wanted:
                self.go_to(reason)

    def _on_history(self, field: str, anchor: QWidget) -> None:
        if self.sheet.record is not None:
            self.history_asked.emit("measure", self.sheet.record.id, field, anchor)

    def _on_versions(self, slot: str) -> None:
        if self.sheet.record is not None:
            self.versions_asked.emit("measure", self.sheet.record.id, slot)
