"""True history, kept outside the system: what was said, by whom, and what its author knew, in plain sets.

Nothing here reads a version vector of the product. What a record has to look like to somebody follows from
the set of changes that have reached them, and from who knew what when speaking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.change import Add, Change, Count, Create, Delete, Keep, Op, Remove, TextEdit, Write
from app.domain.clock import Dot
from app.domain.fields import DELETION_SLOT, KINDS, internal_slots
from app.domain.merge import EntityState, deletion_of
from app.domain.packing import pack
from tests.simulation.registry import NEWEST, SINCE

Dots = frozenset[Dot]
NOTHING: Dots = frozenset()


class Violation(AssertionError):
    """A promise was broken."""


@dataclass(frozen=True, slots=True)
class View:
    """The changes of one record that have reached somebody.

    Attributes:
        inner: those whose internal fields have, too.
        old: those that were read by a program that knew the fields of registry `known` only.
    """

    dots: Dots = NOTHING
    inner: Dots = NOTHING
    old: Dots = NOTHING
    known: int = NEWEST

    def of(self, kind: str, slot: int) -> Dots:
        """Those whose words in this slot have reached them."""
        read = self.inner if slot in internal_slots(kind) else self.dots
        return read - self.old if self.old and SINCE.get((kind, slot), 0) > self.known else read

    def without(self, dots: Dots) -> View:
        """All but these."""
        return replace(self, dots=self.dots - dots, inner=self.inner - dots) if dots else self

    def renamed(self, names: Mapping[Dot, Dot]) -> View:
        """The same changes under the names that they have by now."""
        if not names.keys() & self.dots:
            return self
        dots, inner, old = (frozenset(names.get(d, d) for d in some) for some in (self.dots, self.inner, self.old))
        return View(dots, inner, old, self.known)


@dataclass(slots=True)
class Said:
    """One change, and per record and slot what its author had before their eyes."""

    change: Change
    knew: Mapping[str, View]
    looked: Mapping[tuple[str, int], Dots] = field(default_factory=dict)
    token: str = ""

    def basis(self, op: Op, slot: int) -> Dots:
        """The changes that the author of this operation knew of this slot."""
        if (op.id, slot) in self.looked:
            return self.looked[op.id, slot]
        return self.knew[op.id].of(op.kind, slot)


@dataclass(slots=True)
class Ledger:
    """Every change ever made, by its name."""

    said: dict[Dot, Said] = field(default_factory=dict)
    touching: dict[str, list[Dot]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    twinned: set[Dot] = field(default_factory=set)
    """Changes that were unsent when their profile was copied."""
    totals: dict[tuple[int, str, int], tuple[int, int]] = field(default_factory=dict)

    def note(self, said: Said) -> None:
        """Writes down a change that is on its author's disk.

        Raises:
            Violation: the same name was given to another change.
        """
        change = said.change
        if change.dot in self.said:
            if self.said[change.dot].change == change:
                return
            raise Violation(f"{name(change.dot)} names two changes")
        self.said[change.dot] = said
        for kind, entity in change.entities:
            self.touching.setdefault(entity, []).append(change.dot)
            self.kinds[entity] = kind

    def rename(self, change: Change, before: Dot, names: Mapping[Dot, Dot]) -> None:
        """A change that nobody else has heard is issued anew; what its author knew of others so named, too."""
        said = self.said[before]
        # Two copies of a profile have it unsent, and one is taken for the other: better twice than not at all.
        token, said.token = "" if before in self.twinned else said.token, ""
        self.note(Said(change, said.knew, said.looked, token))
        self.respell([change.dot], names)

    def respell(self, dots: Iterable[Dot], names: Mapping[Dot, Dot]) -> None:
        """What these speak of is called otherwise by now."""
        for said in (self.said[dot] for dot in dots):
            said.knew = {entity: view.renamed(names) for entity, view in said.knew.items()}
            said.looked = {at: frozenset(names.get(d, d) for d in seen) for at, seen in said.looked.items()}

    # -- what a record has to look like ------------------------------------------------------------

    def check(self, state: EntityState, view: View, where: str) -> None:
        """Holds a record's state against the truth for somebody whom these changes have reached.

        Raises:
            Violation: naming the field, and what is missing or too much.
        """
        truth = _Truth(self, state.kind, state.id, view)
        place = f"{where}: {state.kind} {state.id[-6:]}"
        self._check_seen(state, view, place)
        _same(truth.exists(), state.exists, f"{place}: existence")
        for slot in sorted(truth.register_slots() | state.registers.keys()):
            _same_versions(truth.standing(slot), state, slot, place)
        for slot in sorted(truth.slots(Add) | truth.slots(Remove) | state.sets.keys()):
            _same(truth.elements(slot), set(state.set(slot).elements), f"{place}: set {slot}")
        for slot in sorted(truth.slots(Count) | state.counters.keys()):
            value = state.counters[slot].value if slot in state.counters else 0
            _same(truth.count(slot), value, f"{place}: counter {slot}")
        for slot in sorted(truth.slots(TextEdit)):
            self._check_text(truth, state, slot, place)
        _same(truth.deletion(), _told(state), f"{place}: deletion")

    def _check_seen(self, state: EntityState, view: View, place: str) -> None:
        vector: dict[int, int] = {}
        for dot in view.dots:
            vector[dot.replica] = max(dot.n, vector.get(dot.replica, 0))
        if vector != dict(state.seen):
            raise Violation(f"{place}: knows {_vector(state.seen)}, has heard {_vector(vector)}")

    def _check_text(self, truth: _Truth, state: EntityState, slot: int, place: str) -> None:
        text = state.texts[slot].text if slot in state.texts else ""
        visible = truth.readable(slot)
        for dot in self.touching.get(state.id, ()):
            token = self.said[dot].token
            if token and text.count(token) != int(dot in visible):
                raise Violation(f"{place}: {text.count(token)} times {token} of {name(dot)} in the text")


class _Truth:
    """One record as it has to be, from the ledger alone."""

    def __init__(self, ledger: Ledger, kind: str, entity: str, view: View) -> None:
        self.ledger, self.kind, self.entity, self.view = ledger, kind, entity, view
        self.ops: list[tuple[Dot, Said, Op]] = [
            (dot, ledger.said[dot], op)
            for dot in sorted(view.dots)
            for op in ledger.said[dot].change.ops
            if op.id == entity and (not hasattr(op, "slot") or dot in view.of(kind, op.slot))
        ]

    def slots(self, sort: type[Op]) -> set[int]:
        return {op.slot for _, _, op in self.ops if isinstance(op, sort)}  # type: ignore[union-attr]

    def register_slots(self) -> set[int]:
        return self.slots(Write) | {DELETION_SLOT for _, _, op in self.ops if isinstance(op, Delete | Keep)}

    def exists(self) -> bool:
        return any(isinstance(op, Create) for _, _, op in self.ops)

    def standing(self, slot: int) -> dict[Dot, object]:
        """The maximal writes: those that no other author had before their eyes."""
        writes: dict[Dot, tuple[object, Dots]] = {}
        for dot, said, op in self.ops:
            if slot == DELETION_SLOT and isinstance(op, Delete | Keep):
                writes[dot] = (isinstance(op, Delete), said.basis(op, slot))
            elif isinstance(op, Write) and op.slot == slot:
                writes[dot] = (op.value, said.basis(op, slot))
        covered = {d for dot, (_, knew) in writes.items() for d in knew if d != dot}
        return {dot: value for dot, (value, _) in writes.items() if dot not in covered}

    def elements(self, slot: int) -> set[str]:
        """Add wins: an addition goes only by a removal whose author knew it."""
        added = {(dot, e) for dot, _, op in self.ops if isinstance(op, Add) and op.slot == slot for e in op.elements}
        for dot, said, op in self.ops:
            if isinstance(op, Remove) and op.slot == slot:
                knew = said.knew[op.id].of(self.kind, slot)
                added -= {(d, e) for d, e in added if e in op.dots and d in knew and d != dot}
        return {e for _, e in added}

    def count(self, slot: int) -> int:
        """Every replica's last word on its own total."""
        last: dict[int, Count] = {}
        for dot, _, op in self.ops:
            if isinstance(op, Count) and op.slot == slot:
                last[dot.replica] = op
        return sum(op.ups - op.downs for op in last.values())

    def readable(self, slot: int) -> set[Dot]:
        """Text that was typed into text which is there; what was typed behind something missing waits for it."""
        typed = {dot: said for dot, said, op in self.ops if isinstance(op, TextEdit) and op.slot == slot}
        before = {
            dot: {d for d in said.knew[self.entity].dots if self._typed_at(d, slot)} for dot, said in typed.items()
        }
        return {dot for dot in typed if before[dot] <= typed.keys()}

    def _typed_at(self, dot: Dot, slot: int) -> bool:
        ops = self.ledger.said[dot].change.ops
        return any(isinstance(op, TextEdit) and op.slot == slot and op.id == self.entity for op in ops)

    def deletion(self) -> tuple[bool, bool]:
        """(gone, edited meanwhile): gone only if somebody deleted it who knew everything there is."""
        standing = self.standing(DELETION_SLOT)
        deletions = [dot for dot, deletes in standing.items() if deletes]
        if not deletions:
            return False, False
        known = {d for dot in deletions for d in self.ledger.said[dot].knew[self.entity].dots} | set(deletions)
        gone = self.view.dots <= known and len(deletions) == len(standing)
        return gone, not gone


def _told(state: EntityState) -> tuple[bool, bool]:
    told = deletion_of(state)
    return told.deleted, told.edited_meanwhile


def _same_versions(truth: Mapping[Dot, object], state: EntityState, slot: int, place: str) -> None:
    versions = state.register(slot).versions
    where = f"{place}: {KINDS[state.kind].slot_by_id[slot].name if slot else 'deletion'}"
    missing, extra = truth.keys() - versions.keys(), versions.keys() - truth.keys()
    if missing:
        raise Violation(f"{where}: lost write {', '.join(map(name, sorted(missing)))}")
    if extra:
        raise Violation(f"{where}: false version {', '.join(map(name, sorted(extra)))}")
    for dot, value in truth.items():
        found = versions[dot].value
        if (found is not None if slot == DELETION_SLOT else found) != value:
            raise Violation(f"{where}: {name(dot)} says {found!r} instead of {value!r}")


def _same(truth: object, found: object, what: str) -> None:
    if truth != found:
        raise Violation(f"{what}: {found!r} instead of {truth!r}")


def name(dot: tuple[int, int]) -> str:
    """A change's name as it is printed: the last digits of its replica, and its number."""
    return f"{dot[0] % 10_000}:{dot[1]}"


def _vector(vector: Mapping[int, int]) -> str:
    return "{" + ", ".join(name((r, n)) for r, n in sorted(vector.items())) + "}"


def fingerprint(states: Iterable[EntityState]) -> list[Any]:
    """States as they would travel, in order of their ids."""
    return [pack(state) for state in sorted(states, key=lambda s: s.id)]


def touched_by(said: Mapping[Dot, Said], dots: Set[Dot]) -> set[str]:
    """Records that these changes touched."""
    return {op.id for dot in dots for op in said[dot].change.ops}
