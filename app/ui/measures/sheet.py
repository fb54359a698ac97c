"""A record under edit: rows of fields, what was typed and not yet saved, what came in meanwhile.

One `Sheet` for the measure, one for every part that is open. It saves 800 ms after the last key, when a
field is left and at Ctrl+S, always with what the person saw when the typing began: what came in since then
stays beside it as a second version instead of being overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.domain.clock import VersionVector
from app.domain.fields import KINDS, Merge
from app.domain.ids import EntityId
from app.errors import FieldError, MasswerkError, TooLarge
from app.models.queries import records, versions
from app.models.queries.records import Record
from app.services import measures
from app.services.workspace import Workspace
from app.ui.measures import names, sentences
from app.ui.measures.cell_card import CellCard
from app.ui.measures.editors import Editor
from app.ui.measures.making import Makings, worded
from app.ui.measures.title import TitleLine
from app.ui.widgets.forms import FieldLine

IDLE_MS = 800
WAITS = "Noch nicht übertragen"


@dataclass(slots=True)
class Bound:
    """A field with its editor; `shown` is the saved value the editor started from."""

    name: str
    editor: Editor
    row: FieldLine | TitleLine | CellCard
    shown: Any = None
    fault: str = ""
    note: tuple[str, str] = ("", "muted")


class Sheet(QObject):
    """Binds rows to one record.

    `saved` carries the time; `refused` an error that belongs to no field; `answered` comes after every save
    and every reload with the record; `history_asked` and `versions_asked` carry field name and anchor.
    Without `saves_by_itself` it saves only when it is told to.
    """

    saved = Signal(str)
    refused = Signal(object)
    answered = Signal(object)
    history_asked = Signal(str, QWidget)
    versions_asked = Signal(str)

    def __init__(
        self,
        workspace: Workspace,
        kind: str,
        makings: Makings,
        parent: QObject | None = None,
        *,
        saves_by_itself: bool = True,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._kind, self._makings = workspace, kind, makings
        self.bound: dict[str, Bound] = {}
        self.record: Record | None = None
        self._since: dict[int, VersionVector] = {}
        self._locked, self._saving, self._saves_by_itself = True, False, saves_by_itself
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(self.save)

    # Rows

    def bind(self, name: str, editor: Editor, row: FieldLine | TitleLine | CellCard) -> Bound:
        """Take a row into the sheet; it shows the present record at once."""
        one = Bound(name, editor, row)
        self.bound[name] = one
        editor.setObjectName(f"editor_{name}")
        editor.edited.connect(self._on_edited)
        editor.left.connect(self._on_left)
        editor.overfull.connect(self._on_overfull)
        row.history_clicked.connect(self._on_history)
        row.versions_clicked.connect(self._on_versions)
        if self.record is not None:
            self._put(one, self.record)
        return one

    def _named(self, sender: QObject | None) -> Bound:
        return next(b for b in self.bound.values() if sender in (b.editor, b.row))

    def _on_history(self) -> None:
        one = self._named(self.sender())
        self.history_asked.emit(one.name, one.row)

    def _on_versions(self) -> None:
        self.versions_asked.emit(KINDS[self._kind].slot_of[self._named(self.sender()).name].name)

    # The record

    def show(self, record: Record, *, locked: bool) -> None:
        """Another record, or the same one from the beginning. What was being typed must be saved before."""
        self._idle.stop()
        self.record, self._locked = record, locked
        self._since.clear()
        for one in self.bound.values():
            self._put(one, record)
        self.answered.emit(record)

    def lock(self, on: bool) -> None:
        """Let nobody write, or let write again; what stands in the fields stays."""
        self._locked = on
        for one in self.bound.values():
            one.editor.lock(on)

    def is_locked(self) -> bool:
        """Whether nobody may write."""
        return self._locked

    def _put(self, one: Bound, record: Record) -> None:
        one.shown, one.fault = record.get(one.name), ""
        one.editor.show(one.shown)
        one.editor.lock(self._locked)
        one.editor.mark("")
        self._note(one, "")
        self._tell_state(one, record)

    def _note(self, one: Bound, words: str, role: str = "muted") -> None:
        """A sentence under the row; two fields that share a row do not overwrite each other's."""
        one.note = (words, role)
        told = [b.note for b in self.bound.values() if b.row is one.row and b.note[0]]
        one.row.set_note(" ".join(words for words, _ in told), told[-1][1] if told else "muted")

    def _tell_state(self, one: Bound, record: Record) -> None:
        slot = KINDS[self._kind].slot_of[one.name].name
        one.row.set_pending(WAITS if slot in record.pending_slots else "")
        one.row.set_versions(2 if slot in record.open_slots else 1)

    def reload(self) -> None:
        """Something about the record changed: show it, but never over what the person is typing."""
        if self.record is None or self._saving:
            return
        fresh = records.get_record(self._workspace.reader, self._kind, self.record.id)
        if fresh is None:
            return
        before, self.record = self.record, fresh
        for one in self.bound.values():
            self._renew(one, before, fresh)
            self._tell_state(one, fresh)
        self.answered.emit(fresh)

    def _renew(self, one: Bound, before: Record, fresh: Record) -> None:
        value = fresh.get(one.name)
        if value == one.shown:
            return
        slot = KINDS[self._kind].slot_of[one.name]
        if self._is_dirty(one):
            if _alike(self._typed(one), value):
                one.shown = value
                self._note(one, "")
            elif before.get(one.name) != value:
                self._note(one, self._changed_by(one.name, value), "info")
        elif one.editor.is_busy() and slot.name in fresh.open_slots:
            return  # the person's own version stays in sight until the field is left
        else:
            one.shown = value
            one.editor.show(value)
            self._note(one, "")

    def _changed_by(self, name: str, value: Any) -> str:
        told = versions.history(self._workspace.reader, self._kind, self._entity(), name)
        other = next((f for f in told if not f.writer.mine), None)
        who = other.writer.person if other and other.writer.person else "einem anderen Gerät"
        words = worded(self._kind, name, value, self._makings.places)
        return f"Inzwischen geändert von {who}: „{words[:80]}“. Ihr Text bleibt; beide Fassungen werden behalten."

    def _entity(self) -> EntityId:
        assert self.record is not None
        return self.record.id

    # Typing

    @staticmethod
    def _typed(one: Bound) -> Any:
        try:
            return one.editor.value()
        except ValueError:
            return _GARBLED

    def _is_dirty(self, one: Bound) -> bool:
        return not _alike(self._typed(one), one.shown)

    def is_dirty(self) -> bool:
        """Whether something stands in a field that is not on disk."""
        return any(self._is_dirty(one) for one in self.bound.values())

    def unsaved(self) -> list[Bound]:
        """The fields whose words could not be saved, being not understood or not allowed."""
        return [] if self._locked else [one for one in self.bound.values() if self._is_dirty(one)]

    def spoken(self, one: Bound) -> str:
        """The German name of a field."""
        return names.spoken(self._kind, one.name)

    def forget(self) -> None:
        """Show what is on disk instead of what could not be saved."""
        if self.record is not None:
            self.show(self.record, locked=self._locked)

    def _on_edited(self) -> None:
        if self.record is None or self._locked:
            return
        one = self._named(self.sender())
        slot = KINDS[self._kind].slot_of[one.name].id
        self._since.setdefault(slot, dict(self.record.seen.get(slot, {})))
        if one.fault or one.note[1] == "danger":
            one.fault = ""
            one.editor.mark("")
            self._note(one, "")
        self._wait()

    def _wait(self) -> None:
        if self._saves_by_itself:
            self._idle.start()

    def _on_overfull(self, size: int) -> None:
        one = self._named(self.sender())
        error = TooLarge(self._kind, one.name, size, KINDS[self._kind].by_name[one.name].limit)
        self._note(one, f"{sentences.refusal(error)} Eingefügt wurde nichts.", "danger")

    def _on_left(self) -> None:
        one = self._named(self.sender())
        if self._locked or not self._saves_by_itself:
            return
        typed = self._typed(one)
        if typed is _GARBLED:
            self._idle.start()
        elif self._is_dirty(one):
            self.save()
        if typed is not _GARBLED and not one.fault:
            one.editor.settle()

    def save(self) -> bool:
        """Save everything that is understood; False if something could not be saved."""
        self._idle.stop()
        if self.record is None or self._locked:
            return True
        values = self._dirty_values()
        clean = self._write(values) if values else True
        if values:
            self.reload()
        return clean and not any(one.fault for one in self.bound.values())

    def _dirty_values(self) -> dict[str, Any]:
        assert self.record is not None
        values: dict[str, Any] = {}
        for one in self.bound.values():
            if self._is_dirty(one) and not one.fault and (typed := self._typed(one)) is not _GARBLED:
                values[one.name] = self._merged(one, typed)
        if "start" in values or "end" in values:
            for name in ("start", "end"):
                values.setdefault(name, self.record.get(name))
        return values

    def _merged(self, one: Bound, typed: Any) -> Any:
        """For a set: what the person added and took away, done to what the set holds by now."""
        if KINDS[self._kind].by_name[one.name].merge is not Merge.SET:
            return typed
        assert self.record is not None
        was, now = frozenset(one.shown or ()), frozenset(self.record.elements(one.name))
        return (now - (was - typed)) | (typed - was)

    def _write(self, values: dict[str, Any]) -> bool:
        """One bad field never holds up the rest: it is marked and the others are saved."""
        while values:
            try:
                self._call(values)
            except FieldError as error:
                self._fault(error, values)
                continue
            except MasswerkError as error:
                self.refused.emit(error)
                return False
            for name, value in values.items():
                if name in self.bound:
                    self._settle(self.bound[name], value)
            self.saved.emit(sentences.clock())
            return True
        return False

    def _call(self, values: Mapping[str, Any]) -> None:
        assert self.record is not None
        self._saving = True
        try:
            if self._kind == "measure":
                measures.edit(self._workspace.store, self.record.id, values, self._since)
            else:
                measures.edit_part(self._workspace.store, self._kind, self.record.id, values, self._since)
        finally:
            self._saving = False

    def _fault(self, error: FieldError, values: dict[str, Any]) -> None:
        slot = KINDS[self._kind].slot_of[error.field]
        for field in slot.fields:
            values.pop(field.name, None)
        one = self.bound.get(error.field)
        if one is not None:
            one.fault = sentences.refusal(error)
            one.editor.mark(one.fault)
            self._note(one, one.fault, "danger")

    def _settle(self, one: Bound, value: Any) -> None:
        slot = KINDS[self._kind].slot_of[one.name].id
        self._since.pop(slot, None)
        merge = KINDS[self._kind].by_name[one.name].merge
        one.shown = tuple(sorted(value)) if merge is Merge.SET else value
        self._note(one, "")

    def point_at(self, name: str, sentence: str) -> None:
        """A remark under a field, such as that a reason is missing; "" takes back only a remark."""
        one = self.bound.get(name)
        if one is not None and (sentence or one.note[1] == "warning") and one.note[1] not in ("danger", "info"):
            self._note(one, sentence, "warning" if sentence else "muted")


class _Garbled:
    """What stands in a field that is not understood: equal to nothing."""


_GARBLED = _Garbled()


def _alike(one: Any, other: Any) -> bool:
    """Whether two values mean the same: no text is nothing, a set has no order, 0 is not nothing."""
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset | tuple):
        return frozenset(value) or None
    return None if value == "" else value
