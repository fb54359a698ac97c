"""One person's computer: the real store on its disk, and what the oracle knows about what has reached it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Set
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from app.config import VERSION
from app.domain.access import SHARED
from app.domain.catalogue import Role
from app.domain.change import Change
from app.domain.clock import Dot
from app.domain.encoding import decode_change
from app.domain.merge import EntityState
from app.models import incarnation, rows, settings
from app.models.engine import reading, writing
from app.models.incarnation import Witness
from app.models.store import Store
from tests.simulation.in_hall import InHall
from tests.simulation.ledger import NOTHING, Dots, Ledger, Said, View, Violation, name
from tests.simulation.memory import Desk, Disk
from tests.simulation.registry import NEWEST


@dataclass(frozen=True, slots=True)
class Entry:
    """One step of a feed on its way to a laptop, with what the agency told of the record at that moment.

    Of a record that left the scope: with what it knew of it.
    """

    scope: str
    seq: int
    id: str
    held: bool
    view: View


SHARED_ONLY = frozenset({"|consortium|", "|region|", "|consortium|region|"})
Filed = list[tuple[int, list[Entry]]]
"""A file for first readings: of each frame where it begins, and its steps."""


@dataclass(slots=True)
class Hearing:
    """What has reached a laptop, as its disk proves: a step counts when its scope's cursor has passed it.

    Attributes:
        heard: per record the changes that came from the agency.
        own: per record the changes made here (or on the laptop this was copied from).
        holds: per record the scopes that show it.
        coming: steps of the reply being taken in.
        again: records read again by id, about to be taken in; `last` are those of the last time.
        kept: records that the agency would not take back from here the last time.
        told: of records that left, what the agency knew when it said so.
        said: everything in this profile's log, whatever has become of its records; `names` are its places there.
        waiting: own changes that the agency has not taken.
        schema: the registry of fields that the program here knows.
        narrow: records that only scopes which many share show here: nothing internal may be kept of them but
            own words that wait. Per record, own changes whose internal words went with that are `erased`.
    """

    heard: dict[str, View] = field(default_factory=dict)
    own: dict[str, Dots] = field(default_factory=dict)
    holds: dict[str, set[str]] = field(default_factory=dict)
    cursors: dict[str, int] = field(default_factory=dict)
    coming: list[Entry] = field(default_factory=list)
    again: list[Entry] = field(default_factory=list)
    last: list[Entry] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    looks: dict[tuple[str, str], tuple[dict[int, dict[int, int]], View]] = field(default_factory=dict)
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    log: int = 0
    names: dict[int, Dot] = field(default_factory=dict)
    told: dict[str, Dots] = field(default_factory=dict)
    said: set[Dot] = field(default_factory=set)
    waiting: Dots = NOTHING
    narrow: frozenset[str] = frozenset()
    erased: dict[str, Dots] = field(default_factory=dict)
    schema: int = NEWEST
    hall: InHall = field(default_factory=InHall)

    def view(self, entity: str) -> View:
        """What of a record has reached this profile."""
        heard, own = self.heard.get(entity, View()), self.own.get(entity, NOTHING)
        kept, hall = own - self.erased.get(entity, NOTHING), self.hall.heard.get(entity, NOTHING)
        return View(heard.dots | own | hall, heard.inner | kept | hall, heard.old - own - hall, heard.known)

    def see_less(self, narrow: frozenset[str]) -> None:
        """The disk now says that these records are shown by shared scopes only."""
        self.narrow = narrow
        for entity in narrow & self.heard.keys():
            self.heard[entity] = replace(self.heard[entity], inner=NOTHING)
        for entity in narrow & self.own.keys():
            self.erased[entity] = self.own[entity] - self.waiting

    def expect(self, entries: Iterable[Entry]) -> None:
        """A reply has arrived and is about to be taken in; what an old copy repeats has been read before."""
        self.coming = [e for e in entries if e.seq > self.cursors.get(e.scope, 0)]

    def moved(self, cursors: dict[str, int]) -> None:
        """The disk now says that it has read so far."""
        for scope in self.cursors.keys() - cursors.keys():
            for entity in list(self.holds):
                self._release(entity, scope)
        changed = {s for s, n in cursors.items() if self.cursors.get(s) != n}
        self._take(lambda e: e.scope in changed and e.seq <= cursors[e.scope])
        self.cursors = cursors

    def settle(self) -> None:
        """The reply has been dealt with: what lies behind the cursors has been read."""
        self._take(lambda e: e.seq <= self.cursors.get(e.scope, 0))
        self.coming, self.again = [], []

    def reread(self) -> None:
        """The disk now has what was read again by id."""
        coming, self.coming = self.coming, self.again
        self.last, self.again = self.again, []
        self._take(lambda _: True)
        self.coming = coming

    def filed(self, scope: str, mark: str, files: Mapping[str, Filed]) -> None:
        """The disk now says how far the file of a first reading has been taken; no mark: to its end."""
        file, done = self.places.pop(scope, ("", 0))
        told: dict[str, Any] = orjson.loads(mark) if mark else {"file": file, "offset": sys.maxsize, "taken": 0}
        if not told["file"]:
            return
        here: list[Entry] = []
        for offset, steps in files[f"{scope} {told['file']}"]:
            here += steps if offset < told["offset"] else steps[: told["taken"]] if offset == told["offset"] else []
        # Of what an own scope shows, the file of a shared one says no more than that it is in there.
        read = [replace(e, view=View()) if self._is_own(e) else e for e in here[done if told["file"] == file else 0 :]]
        coming, self.coming = self.coming, read
        self._take(lambda _: True)
        self.coming = coming
        if mark:
            self.places[scope] = told["file"], len(here)

    def _is_own(self, entry: Entry) -> bool:
        shared = entry.scope in SHARED
        return shared and entry.held and not SHARED.issuperset(self.holds.get(entry.id, SHARED))

    def give_way(self, unsettled: Dots) -> None:
        """What the agency would not take back is known here no longer."""
        for entry in self.last:
            if entry.id in self.kept:
                self.heard[entry.id] = self._read(View(), entry.view)
                self.own[entry.id] = self.own.get(entry.id, NOTHING) & (entry.view.dots | unsettled)

    def _take(self, passed: Callable[[Entry], bool]) -> None:
        left: list[Entry] = []
        for entry in self.coming:
            if not passed(entry):
                left.append(entry)
            elif entry.held:
                self.heard[entry.id] = self._read(self.heard.get(entry.id, View()), entry.view)
                self.holds.setdefault(entry.id, set()).add(entry.scope)
            else:
                self.told[entry.id] = entry.view.dots
                self._release(entry.id, entry.scope)
        self.coming = left

    def _read(self, before: View, told: View) -> View:
        """What was read again by a newer program is known with all its fields."""
        dots, inner = before.dots | told.dots, before.inner | told.inner
        if self.schema < NEWEST:
            return View(dots, inner, before.old | told.dots, self.schema)
        return View(dots, inner, before.old - told.dots, before.known)

    def _release(self, entity: str, scope: str) -> None:
        held = self.holds.get(entity, set())
        held.discard(scope)
        if not held:
            self.holds.pop(entity, None)

    def forget(self, entity: str) -> None:
        self.heard.pop(entity, None)
        self.own.pop(entity, None)
        self.erased.pop(entity, None)
        self.holds.pop(entity, None)
        for key in [k for k in self.looks if k[1] == entity]:
            del self.looks[key]


_READING = "SELECT name, value FROM setting WHERE name LIKE 'reading:%' ORDER BY name"


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of a profile, and what the oracle knew of it."""

    disk: Disk
    hearing: Hearing


class Laptop:
    """A computer with a profile. `saying` is set by a deed that passes on what the person had looked at."""

    def __init__(
        self, number: int, desk: Desk, disk: Disk, clock: Callable[[], int], ledger: Ledger, role: Role, ags: str
    ) -> None:
        self.number, self.desk, self.disk, self.ledger = number, desk, disk, ledger
        self.role, self.ags = role, ags
        self.name = "ABCDEFGHIJ"[number]
        self.code = ""
        self.skew = 0
        self.busy = False
        self.gone = False
        self.signed_off = False
        self.schema = NEWEST
        """The registry of fields that the program on this computer knows."""
        self.updated = False
        self.meets = False
        """Whether this world has a hall without a network."""
        self.hearing = Hearing()
        self.looked: dict[tuple[str, int], Dots] = {}
        self.tokens: list[str] = []
        self.backup: Backup | None = None
        self.files: Mapping[str, Filed] = {}
        self.known: Callable[[str], Dots] = lambda _: NOTHING
        """Changes of a record that the agency has merged or keeps aside."""
        self.log: Callable[[str], None] = lambda _: None
        self._clock = clock
        self._checked: dict[str, tuple[bytes, View]] = {}
        self.start()

    def now(self) -> int:
        """What this computer's clock shows."""
        return self._clock() + self.skew

    @property
    def token(self) -> str:
        """What this profile proves itself with, as it stands on the disk."""
        found = self.disk.look("SELECT value FROM setting WHERE name = 'token'")
        return str(found[0][0]) if found else ""

    def grow_old(self, schema: int) -> None:
        """The program here is an earlier one, as if it had been from the beginning."""
        self.schema = self.hearing.schema = schema
        with writing(self.store.engine) as connection:
            settings.put(connection, read_by=f"{schema}/{VERSION}")

    # -- on, off, out of a backup ------------------------------------------------------------------

    def start(self) -> None:
        """Opens the database as after a power cut: what was not committed is not there."""
        self.disk.power.restore()
        self.disk = self.disk.after_power_cut()
        self.disk.watch = self._committed
        self.desk.insert(self.disk)
        self.store = Store(self.desk.engine, self.now)
        self.busy = False
        self.hearing.schema = self.schema
        self.hearing.settle()
        self.hearing.again = []
        self._checked.clear()

    def save(self) -> Backup:
        return Backup(self.disk.copy(), deepcopy(self.hearing))

    def load(self, backup: Backup, machine: str, witness: Witness | None) -> None:
        """Puts a saved profile on this computer; `witness` is what lies beside it."""
        power = self.disk.power
        self.disk = backup.disk.copy()
        self.disk.power = power
        self.hearing = deepcopy(backup.hearing)
        self.start()
        moved = None if witness is None else Witness(witness.replica, witness.n, machine)
        with writing(self.store.engine) as connection:
            told = settings.identity(connection)
            if moved is not None and (
                incarnation.is_new(connection, Witness(moved.replica, moved.n, "")) or moved.machine != "here"
            ):
                incarnation.begin(connection)
                self.log(f"{self.name} begins anew after {name((told.replica, told.n))}")

    @property
    def witness(self) -> Witness:
        """What this computer would leave beside its database now."""
        with reading(self.store.engine) as connection:
            told = settings.identity(connection)
        return Witness(told.replica, told.n, "here")

    # -- what the oracle sees ----------------------------------------------------------------------

    def _committed(self, point: str) -> None:
        """After every commit: what was said, and what has been read."""
        beside: Dots = NOTHING
        for seq, body in self.disk.look("SELECT seq, body FROM change WHERE seq > ? ORDER BY seq", self.hearing.log):
            change = decode_change(orjson.loads(body))
            knew = {e: self.hearing.view(e).without(beside) for _, e in change.entities}
            self.ledger.note(Said(change, knew, dict(self.looked), self.tokens[-1] if self.tokens else ""))
            for _, entity in change.entities:
                self.hearing.own[entity] = self.hearing.own.get(entity, NOTHING) | {change.dot}
            if point.endswith("Store._reverse"):  # a question asked again: its versions stand beside one another
                beside |= {change.dot}
            self.hearing.log = seq
            self.hearing.names[seq] = change.dot
            self.hearing.said.add(change.dot)
            self.log(f"{self.name} says {name(change.dot)} {change.action} on {len(change.entities)}")
        if point.endswith("reissue.renew"):
            self._rename()
        if "take_batch" in point and self.hearing.again:
            self.hearing.reread()
        for setting, mark in self.disk.look(_READING) if self.files else ():
            self.hearing.filed(setting.removeprefix("reading:"), mark, self.files)
        unsettled = frozenset(self.unsettled())
        if point.endswith("yield_to"):
            self.hearing.give_way(unsettled)
        self.hearing.waiting = unsettled
        self.hearing.moved(dict(self.disk.look("SELECT scope, seq FROM cursor")))
        if self.meets:
            self.hearing.hall.committed(self, point)
        present = dict(self.disk.look("SELECT id, held FROM entity"))
        self.hearing.see_less(frozenset(entity for entity, held in present.items() if held in SHARED_ONLY))
        self._part_with(self.hearing.heard.keys() - present.keys(), point)
        self.log(f"{self.name} . {point.removeprefix('app.')}")
        if self.updated and point.endswith("take_batch"):
            self.check()  # at once: an audit would mend what was passed over, and send it round once more

    def _rename(self) -> None:
        """Own changes that waited have been issued anew: they stand at their places in the log under other names."""
        hearing, names, made = self.hearing, dict[Dot, Dot](), list[tuple[Change, Dot]]()
        for seq, body in self.disk.look("SELECT seq, body FROM change WHERE seq <= ? ORDER BY seq", hearing.log):
            change, before = decode_change(orjson.loads(body)), hearing.names[seq]
            if change.dot != before:
                names[before] = hearing.names[seq] = change.dot
                made.append((change, before))
        moved = {change.dot for change, _ in made}
        self.ledger.respell([dot for dot in hearing.names.values() if dot not in moved], names)
        for change, before in made:
            self.ledger.rename(change, before, names)
            hearing.said = hearing.said - {before} | {change.dot}
            self.log(f"{self.name} says {name(before)} as {name(change.dot)}")
        for entity, own in hearing.own.items():
            hearing.own[entity] = frozenset(names.get(dot, dot) for dot in own)

    def _part_with(self, gone: Set[str], point: str) -> None:
        """Nothing leaves that the agency has not got, or keeps aside; only with a right to read it is not asked.

        Raises:
            Violation
        """
        for entity in gone:
            left = self.hearing.heard.pop(entity).dots - self.hearing.told.get(entity, NOTHING) - self.known(entity)
            if left and not point.endswith("take_grant"):
                raise Violation(f"{self.name}: {entity[-6:]} left with {', '.join(map(name, sorted(left)))}")

    def states(self) -> dict[str, EntityState]:
        """Every record here, by id."""
        found: dict[str, EntityState] = {}
        with reading(self.store.engine) as connection:
            kinds: dict[str, list[str]] = {}
            for kind, entity in self.disk.look("SELECT kind, id FROM entity ORDER BY kind, id"):
                kinds.setdefault(kind, []).append(entity)
            for kind, entities in kinds.items():
                found |= {e: state for e, (_, state) in rows.load_many(connection, kind, entities).items()}
        return found

    def state(self, kind: str, entity: str) -> EntityState | None:
        with reading(self.store.engine) as connection:
            found = rows.load(connection, kind, entity)
        return None if found is None else found[1]

    def check(self) -> None:
        """Everything here is exactly what has reached this computer, and what was said here is there.

        Raises:
            Violation
        """
        here: dict[str, tuple[str, bytes]] = {
            e: (kind, clocks) for e, kind, clocks in self.disk.look("SELECT id, kind, clocks FROM entity")
        }
        unsettled = self.unsettled()
        for entity in sorted((self.hearing.heard.keys() | self.hearing.own.keys()) - here.keys()):
            said = self.hearing.own.get(entity, NOTHING)
            if said & unsettled.keys():
                raise Violation(f"{self.name}: {entity[-6:]} is gone with {', '.join(map(name, sorted(said)))}")
            self.hearing.forget(entity)
        differing: dict[str, list[str]] = {}
        for entity, (kind, clocks) in here.items():
            if self._checked.get(entity) != (clocks, self.hearing.view(entity)):
                differing.setdefault(kind, []).append(entity)
        with reading(self.store.engine) as connection:
            for kind in sorted(differing):
                loaded = rows.load_many(connection, kind, differing[kind])
                for entity in sorted(differing[kind]):
                    self.ledger.check(loaded[entity][1], self.hearing.view(entity), self.name)
                    self._checked[entity] = (here[entity][1], self.hearing.view(entity))

    def unsettled(self) -> dict[Dot, str]:
        """Own changes that the agency has not taken: name -> pending or quarantined."""
        rows_ = self.disk.look("SELECT replica, n, state FROM change WHERE state != 'confirmed' ORDER BY seq")
        return {Dot(r, n): state for r, n, state in rows_}

    def pick(self, sql: str, dice: Any, *values: Any) -> Any:
        """One of the rows that a query finds, or None; the query orders them."""
        found = self.disk.look(sql, *values)
        return dice.choice(found) if found else None
