"""A change in the making: what a service says in field names becomes operations on states.

A draft reads states through `load`, applies every operation at once to its own copies, and at the end
is one `Change`. Nothing outside is touched until the store takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import cast

from app.domain.change import (
    Add,
    Change,
    Count,
    Create,
    Delete,
    Keep,
    Op,
    Remove,
    SlotValue,
    TextEdit,
    Value,
    Write,
    slot_id,
)
from app.domain.clock import Dot, VersionVector, covers, flatten, join, unflatten
from app.domain.encoding import check_value
from app.domain.fields import DELETION_SLOT, KINDS, Kind, Merge, Slot
from app.domain.ids import EntityId
from app.domain.merge import EntityState, Register, Version, apply, deletion_of
from app.domain.text import TextState
from app.errors import NotAllowed, NotFound

Key = tuple[str, EntityId]
Inverse = tuple[Op, object]
"""An operation and what undoing it needs: the value before, the elements touched, …"""


class Draft:
    """Collects the operations of one user action.

    Raises from any method:
        FieldError, TooLarge: a value does not fit its field; the draft is then to be dropped.
        NotFound: a record that does not exist here.
        NotAllowed: `guard` refused the record's root.
    """

    def __init__(
        self,
        dot: Dot,
        hlc: int,
        load: Callable[[str, EntityId], EntityState | None],
        guard: Callable[[EntityState], bool] = lambda _root: True,
    ) -> None:
        self.dot = dot
        self.hlc = hlc
        self._load = load
        self._guard = guard
        self.before: dict[Key, EntityState | None] = {}
        self.states: dict[Key, EntityState] = {}
        self.ops: list[Op] = []
        self.inverses: list[object] = []
        self._said: dict[tuple[str, EntityId, int | None], int] = {}

    # -- reading ---------------------------------------------------------------------------------

    def find(self, kind: str, entity: EntityId) -> EntityState | None:
        """The record as it stands in this draft, or None."""
        key = (kind, entity)
        if key in self.states:
            return self.states[key]
        state = self._load(kind, entity)
        self.before[key] = state
        if state is not None:
            self.states[key] = state
        return state

    def state(self, kind: str, entity: EntityId) -> EntityState:
        found = self.find(kind, entity)
        if found is None or not found.exists:
            raise NotFound(kind=kind, id=entity)
        return found

    # -- writing ---------------------------------------------------------------------------------

    def create(
        self, kind: str, entity: EntityId, root: Key | None = None, values: Mapping[str, object] | None = None
    ) -> EntityId:
        """Brings a record into being (a root, unless `root` is given) and sets its fields."""
        root_kind, root_id = root or (kind, entity)
        if root is not None:
            self._allow(self.state(*root), "create")
        found = self.find(kind, entity)
        if found is None or not found.exists:
            self._do(Create(kind, entity, root_kind, root_id), None)
        self.set(kind, entity, values or {}, fresh=root is None)
        return entity

    def set(
        self,
        kind_name: str,
        entity: EntityId,
        values: Mapping[str, object],
        seen: Mapping[int, VersionVector] | None = None,
        fresh: bool = False,
    ) -> None:
        """Sets fields by name; sets take an iterable of what they shall hold, counters a total.

        Args:
            seen: per slot id the vector of what the person saw while typing. What came in meanwhile
                is then not overwritten but stands beside it as a second version.
        """
        kind = KINDS[kind_name]
        state = self.state(kind_name, entity)
        if not fresh:
            self._allow(self._root_of(state), "edit")
        grouped: dict[int, dict[str, object]] = {}
        for name, value in values.items():
            grouped.setdefault(kind.slot_of[name].id, {})[name] = value
        for number, given in grouped.items():
            slot = kind.slot_by_id[number]
            match slot.merge:
                case Merge.REGISTER:
                    # A slot missing from `seen` was empty when the person looked: they saw nothing there.
                    self._write(kind, slot, entity, given, None if seen is None else seen.get(number, {}))
                case Merge.SET:
                    self._fill(kind, slot, entity, given[slot.name])
                case Merge.COUNTER:
                    current = self.states[(kind_name, entity)].counters.get(number)
                    wanted = given[slot.name]
                    assert isinstance(wanted, int)
                    self.count(kind_name, entity, slot.name, wanted - (current.value if current else 0))
                case Merge.TEXT:
                    raise TypeError("texts are edited by update_text")

    def write_slot(
        self, kind_name: str, entity: EntityId, slot_id: int, value: SlotValue, context: VersionVector | None = None
    ) -> None:
        """Sets a register or whole group to `value`, over everything known (or over `context`)."""
        kind = KINDS[kind_name]
        slot = kind.slot_by_id[slot_id]
        parts = value if isinstance(value, tuple) else (value,)
        for f, v in zip(slot.fields, parts, strict=True):
            check_value(kind, f, v)
        state = self.state(kind_name, entity)
        self._allow(self._root_of(state), "edit")
        register = state.register(slot_id)
        known = register.context if context is None else context
        self._do(Write(kind_name, entity, slot_id, value, dict(known)), _stood(register, known))

    def put_version(
        self, kind: str, entity: EntityId, slot: int, value: SlotValue, context: VersionVector | None = None
    ) -> None:
        """Sets a register as `write_slot` does, the deletion too: to the flat vector it had seen, or None (kept)."""
        if slot != DELETION_SLOT:
            self.write_slot(kind, entity, slot, value, context)
            return
        state = self.state(kind, entity)
        register = state.register(slot)
        known = dict(register.context if context is None else context)
        self._allow(self._root_of(state), "edit" if value is None else "delete")
        before = {STOOD: [v.value for _, v in _in_order(register)]}
        if value is None:
            self._do(Keep(kind, entity, known), before)
        else:
            assert isinstance(value, tuple)
            self._do(Delete(kind, entity, unflatten([int(n or 0) for n in value]), known), before)

    def count(self, kind: str, entity: EntityId, field: str, delta: int) -> None:
        """Counts up or down by `delta`."""
        if not delta:
            return
        state = self.state(kind, entity)
        self._allow(self._root_of(state), "edit")
        slot = KINDS[kind].slot_of[field]
        counter = state.counters.get(slot.id)
        ups, downs = counter.totals.get(self.dot.replica, (0, 0)) if counter else (0, 0)
        op = Count(kind, entity, slot.id, ups + max(delta, 0), downs + max(-delta, 0))
        self._do(op, delta)

    def update_text(self, kind: str, entity: EntityId, field: str, update: bytes) -> None:
        """Takes in an update of a long text, as `TextDoc.take_update` gives it."""
        state = self.state(kind, entity)
        self._allow(self._root_of(state), "edit")
        self._do(TextEdit(kind, entity, KINDS[kind].slot_of[field].id, update), None)

    def delete(self, kind: str, entity: EntityId) -> None:
        """Marks a record as deleted by somebody who saw it as it is now."""
        state = self.state(kind, entity)
        self._allow(self._root_of(state), "delete")
        asked = deletion_of(state).edited_meanwhile
        op = Delete(kind, entity, dict(state.seen), dict(state.register(DELETION_SLOT).context))
        self._do(op, _question(state) if asked else None)

    def keep(self, kind: str, entity: EntityId) -> None:
        """Takes back every deletion known of a record."""
        state = self.state(kind, entity)
        self._allow(self._root_of(state), "edit")
        found = deletion_of(state)
        op = Keep(kind, entity, dict(state.register(DELETION_SLOT).context))
        # What nobody had deleted is not deleted by taking this back: it may be somebody else's newest word.
        self._do(op, flatten(state.seen) if found.deleted else _question(state))

    def change(self, action: str, origin: str = "") -> Change | None:
        """The finished change; None when nothing really changed."""
        if not self.ops:
            return None
        return Change(self.dot.replica, self.dot.n, self.hlc, action, tuple(self.ops), origin)

    # -- inside ----------------------------------------------------------------------------------

    def _write(
        self, kind: Kind, slot: Slot, entity: EntityId, given: Mapping[str, object], seen: VersionVector | None
    ) -> None:
        register = self.states[(kind.name, entity)].register(slot.id)
        current = register.value
        for name, value in given.items():
            check_value(kind, kind.by_name[name], value)  # type: ignore[arg-type]
        wanted: SlotValue
        if slot.is_group:
            old: tuple[Value, ...] = current if isinstance(current, tuple) else (None,) * len(slot.fields)
            wanted = tuple(cast(Value, given.get(f.name, v)) for f, v in zip(slot.fields, old, strict=True))
            blank = all(v is None for v in wanted)
        else:
            wanted = given[slot.name]  # type: ignore[assignment]
            blank = wanted is None
        if (wanted == current and len(register.versions) == 1) or (blank and not register.versions):
            return
        context = dict(register.context if seen is None else seen)
        self._do(Write(kind.name, entity, slot.id, wanted, context), _stood(register, context))

    def _fill(self, kind: Kind, slot: Slot, entity: EntityId, wanted: object) -> None:
        assert isinstance(wanted, Iterable)
        goal = set(wanted)
        for e in goal:
            check_value(kind, slot.fields[0], e)
        self._retract(kind.name, entity, slot.id)
        held = self.states[(kind.name, entity)].set(slot.id)
        new = tuple(sorted(goal - held.elements.keys()))
        gone = {e: tuple(sorted(held.elements[e])) for e in sorted(held.elements.keys() - goal)}
        if new:
            self._do(Add(kind.name, entity, slot.id, new), list(new))
        if gone:
            self._do(Remove(kind.name, entity, slot.id, gone), sorted(gone))

    def _root_of(self, state: EntityState) -> EntityState:
        if state.root_id == state.id:
            return state
        return self.find(state.root_kind, state.root_id) or state

    def _allow(self, root: EntityState, action: str) -> None:
        if KINDS[root.kind].is_root and not self._guard(root):
            raise NotAllowed(action, kind=root.kind, id=root.id)

    def _do(self, op: Op, inverse: object) -> None:
        key = (op.kind, op.id)
        if key not in self.states:
            self.states[key] = EntityState(op.kind, op.id)
        target = _target(op)
        if isinstance(op, Write | Count) and target in self._said:
            self._redo(self._said[target], op)
            return
        self.states[key] = apply(self.states[key], op, self.dot, self.hlc)
        self._said.setdefault(target, len(self.ops))
        self.ops.append(op)
        self.inverses.append(inverse)

    def _redo(self, index: int, op: Write | Count) -> None:
        """Says one thing anew: a change writes each slot at most once, the last word counts."""
        if isinstance(op, Write):
            op = replace(op, context=cast(Write, self.ops[index]).context)
        elif isinstance(self.inverses[index], int):
            was = cast(Count, self.ops[index])
            self.inverses[index] += (op.ups - was.ups) - (op.downs - was.downs)  # type: ignore[operator]
        self.ops[index] = op
        self._replay((op.kind, op.id))

    def _retract(self, kind: str, entity: EntityId, slot: int) -> None:
        """Forgets what this draft did to a set, so that its last word is said against what was there before."""
        if (kind, entity, slot) not in self._said:
            return
        kept = [
            (op, inverse)
            for op, inverse in zip(self.ops, self.inverses, strict=True)
            if _target(op) != (kind, entity, slot)
        ]
        self.ops = [op for op, _ in kept]
        self.inverses = [inverse for _, inverse in kept]
        self._said = {_target(op): i for i, op in reversed(list(enumerate(self.ops)))}
        self._replay((kind, entity))

    def _replay(self, key: Key) -> None:
        state = self.before.get(key) or EntityState(*key)
        for each in self.ops:
            if (each.kind, each.id) == key:
                state = apply(state, each, self.dot, self.hlc)
        self.states[key] = state


STOOD = "stood"
"""Names, in what undo needs, all versions that stood before, the one that was shown last."""


def _in_order(register: Register) -> list[tuple[Dot, Version]]:
    return sorted(register.versions.items(), key=lambda item: (item[1].hlc, item[0]))


def _stood(register: Register, context: VersionVector) -> object:
    """The value before; where a word covers several versions it closes a question, and undo asks it again."""
    covered = [v.value for d, v in _in_order(register) if covers(context, d)]
    if any(value != covered[0] for value in covered):
        return {STOOD: covered}
    return register.value


def _question(state: EntityState) -> object:
    """ "Deleted, but edited" as two versions: what the deletions had seen, and that the record is kept."""
    gone = [v.value for _, v in _in_order(state.register(DELETION_SLOT)) if isinstance(v.value, tuple)]
    seen: VersionVector = {}
    for flat in gone:
        seen = join(seen, unflatten([int(n or 0) for n in flat]))
    return {STOOD: [flatten(seen), None] if gone else []}


def _target(op: Op) -> tuple[str, EntityId, int | None]:
    return op.kind, op.id, slot_id(op)


def text_of(state: EntityState, slot: int) -> TextState:
    """A long text of a record, empty if nothing was written."""
    return state.texts.get(slot, TextState())
