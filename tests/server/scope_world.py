"""A region full of marked words, and a ledger of who may read which of them, kept apart from the agency's own code.

Every text, name and file holds a mark that occurs nowhere else. Whatever an agency says to a device is searched
for marks: one that the ledger does not grant this device is a leak.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.domain.catalogue import Role
from app.domain.change import Add, Change, Create, Op, Remove, Write
from app.domain.clock import Dot
from app.domain.fields import KINDS
from app.domain.ids import EntityId, derived_id, new_id
from app.domain.packing import unpack
from app.server import auth
from app.server.service import AgencyService
from app.sync.courier_keys import Secret
from app.sync.wire import Page
from tests.server.laptop import ARNSBERG, BERLEBURG, OLPE, SIEGEN, Laptop, add, enrolled, outcomes, typed, write

BRILON = "05958012"
PLACES = (BERLEBURG, ARNSBERG, SIEGEN, OLPE, BRILON)
CONSORTIUM_PLACES = {BERLEBURG, ARNSBERG, OLPE}
LEVELS = ("private", "municipality", "consortium", "school", "public")
CHILDREN = {
    "measure": (("risk", "title"), ("risk", "owner"), ("funding_item", "file_ref"), ("task", "responsible")),
    "workshop": (
        ("contribution", "text"),
        ("task", "note"),
        ("task", "responsible"),
        ("agenda_item", "speaker"),
        ("released_minutes", "content"),
    ),
}
WORDS = {
    "measure": ("title", "goals", "internal_note", "responsible_contact"),
    "workshop": ("title", "summary", "moderation", "distribution"),
}
INTERNAL = {
    "internal_note", "responsible_contact", "file_ref", "owner", "responsible", "moderation", "distribution", "speaker",
    "content",
}  # fmt: skip
_MARK = re.compile(rb"mk[0-9]{6}z[0-9a-f]{12}q")
_PACKED = re.compile(rb"[A-Za-z0-9+/]{24,}={0,2}")


@dataclass
class Ledger:
    """One root as the test knows it: versions nobody has seen past, by the dot of the change that wrote them."""

    kind: str
    fields: dict[str, dict[Dot, str]] = field(default_factory=lambda: {"owner": {}, "visibility": {}})
    sharing: dict[str, set[Dot]] = field(default_factory=dict)

    @property
    def level(self) -> str:
        told = self.fields["visibility"].values()
        return min(told, key=LEVELS.index, default="municipality")

    @property
    def owners(self) -> set[str]:
        return {*self.fields["owner"].values(), *(ags for ags, dots in self.sharing.items() if dots)}

    def scopes(self, root: EntityId) -> set[str]:
        """Where its words may be read."""
        if self.level == "private":
            return set()
        found = {"agency", *(f"municipality:{ags}" for ags in self.owners)}
        if self.kind == "workshop":
            found.add(f"workshop:{root}")
        return found | {"consortium": {"consortium"}, "municipality": set()}.get(self.level, {"consortium", "region"})


@dataclass
class Told:
    """One mark: what it is part of, and in which feeds it was to be seen while it stood there."""

    roots: set[EntityId] = field(default_factory=set)
    internal: bool = False
    shown: set[str] = field(default_factory=set)
    standing: bool = True
    persons: set[int] = field(default_factory=set)
    """Devices whose own name it is; then it follows what they wrote."""
    claims: list[tuple[int, EntityId]] = field(default_factory=list)
    """Of a file's mark: (device, root) of every reference; one counts once its author has the file."""


@dataclass
class Holder:
    """One device of the world: its grant as the test has given it, and its credentials."""

    laptop: Laptop
    token: str
    number: int
    role: Role
    ags: str
    workshops: set[EntityId]
    key: bytes
    wrote: set[EntityId] = field(default_factory=set)
    offered: set[EntityId] = field(default_factory=set)
    """Roots of which it has handed over words: their owners read who that was."""

    @property
    def scopes(self) -> set[str]:
        if self.role is Role.AGENCY:
            return {"agency"}
        found = {"region", *(f"workshop:{w}" for w in self.workshops)}
        if self.ags:
            found.add(f"municipality:{self.ags}")
        if self.role is Role.CONSORTIUM or (self.role is Role.COORDINATOR and self.ags in CONSORTIUM_PLACES):
            found.add("consortium")
        return found


class World:
    """An agency, people with every kind of grant, and what they write and ask."""

    def __init__(self, service: AgencyService, dice: random.Random) -> None:
        self.service, self.dice = service, dice
        self.marks: dict[bytes, Told] = {}
        self.roots: dict[EntityId, Ledger] = {}
        self.children: dict[EntityId, tuple[str, str, EntityId]] = {}
        self.words: dict[tuple[EntityId, str], dict[Dot, bytes]] = {}
        self.files: dict[str, bytes] = {}
        self.has: set[tuple[str, int]] = set()
        """(file, device): who has sent a file or was given it."""
        self.holders: list[Holder] = []
        for role in Role:
            for _ in range(3 if role is Role.COORDINATOR else 1):
                self.hire(role)
        self.writer = next(h for h in self.holders if h.role is Role.AGENCY)

    # Marks and the ledger

    def mark(self, *roots: EntityId, internal: bool = False) -> str:
        """A new mark below these roots."""
        word = f"mk{len(self.marks):06d}z{self.dice.getrandbits(48):012x}q"
        self.marks[word.encode()] = Told(set(roots), internal)
        return word

    def scopes_of(self, root: EntityId) -> set[str]:
        return self.roots[root].scopes(root) if root in self.roots else set()

    def note_time(self) -> None:
        """Remembers of every standing mark where it can be read at this moment."""
        for told in self.marks.values():
            if told.standing:
                for root in told.roots:
                    told.shown |= self.scopes_of(root)

    def may_read(self, holder: Holder, mark: bytes) -> bool:
        """Whether this device may be told the mark now.

        What was overwritten is history: owners read all of it, others what stood there while they could read it.
        """
        told = self.marks[mark]
        if told.persons:
            writers = [h for h in self.holders if h.number in told.persons]
            owned = holder.scopes - {"consortium", "region"}
            return (
                holder in writers
                or any(self.scopes_of(r) & holder.scopes for h in writers for r in h.wrote)
                or any(self.scopes_of(r) & owned for h in writers for r in h.offered)
            )
        for root in told.roots | {r for n, r in told.claims if (self._file_of(mark), n) in self.has}:
            own = self.scopes_of(root) & (holder.scopes - {"consortium", "region"})
            shared = self.scopes_of(root) & holder.scopes
            if own or (shared and not told.internal and (told.standing or told.shown & holder.scopes)):
                return True
        return False

    def _file_of(self, mark: bytes) -> str:
        return hashlib.sha256(mark * 3).hexdigest()

    def given(self, holder: Holder, sha: str) -> None:
        """A device that may read a file was told that all of it is there: from now on it may pass it on."""
        if sha in self.files and not self.leaks(holder, self.files[sha]):
            self.has.add((sha, holder.number))

    def leaks(self, holder: Holder, said: bytes) -> list[str]:
        """Marks in an answer that this device may not read."""
        found = {m for part in _layers(said) for m in _MARK.findall(part)}
        return [f"{m.decode()} of {self.marks[m]}" for m in sorted(found) if not self.may_read(holder, m)]

    # What happens

    def hire(self, role: Role) -> Holder:
        """One more device of this role; its person's name is a mark."""
        places = {Role.AGENCY: ("",), Role.FACILITATOR: ("",), Role.COORDINATOR: PLACES}.get(role, ("", *PLACES))
        ags = self.dice.choice(places)
        known = [r for r, ledger in self.roots.items() if ledger.kind == "workshop"]
        led = {self.dice.choice([*known, new_id()])} if role is Role.FACILITATOR else set()
        person = self.mark()
        self.marks[person.encode()].persons = {len(self.holders) + 1}
        token, replica = enrolled(self.service, self.service.as_device(""), role, ags, led, person)
        laptop = Laptop(self.service.as_device(token), replica)
        secret = Secret.make()
        laptop.push(courier=secret.public.told())
        self.holders.append(Holder(laptop, token, len(self.holders) + 1, role, ags, led, secret.public.signing))
        return self.holders[-1]

    def happen(self) -> None:
        """One random thing that somebody does, entered into the ledger if the agency took it."""
        dice = self.dice
        makes = not self.roots or dice.random() < 0.2
        todo = self.make if makes else dice.choice(
            (self.word, self.word, self.move, self.move, self.share, self.show, self.show, self.below, self.below,
             self.attach, self.attach, self.claim, self.lead, self.type)
        )  # fmt: skip
        todo()
        self.note_time()

    def _who(self) -> Holder:
        others = [h for h in self.holders if h.role is not Role.READER]
        return self.writer if self.dice.random() < 0.7 else self.dice.choice(others)

    def _push(self, holder: Holder, change: Change, *roots: EntityId) -> bool:
        """Whether the agency merged it; the author's name then belongs to what it touched."""
        reply = holder.laptop.push(change)
        taken = outcomes(reply) == [(change.n, "applied")]
        (holder.wrote if taken else holder.offered).update(roots)
        return taken

    def _context(self, holder: Holder, root: EntityId, kind: str, name: str) -> dict[int, int]:
        state = holder.laptop.records.get(root)
        if state is None or self.dice.random() < 0.3:
            return {}
        return dict(state.register(KINDS[kind].slot_of[name].id).context)

    def _put(self, entity: EntityId, name: str, change: Change, context: dict[int, int], value: str) -> None:
        """A mark now stands in a field; those its author had seen do so no longer."""
        standing = self.words.setdefault((entity, name), {})
        for dot in [d for d in standing if d.n <= context.get(d.replica, 0)]:
            self.marks[standing.pop(dot)].standing = False
        standing[change.dot] = value.encode()

    def make(self) -> None:
        holder, kind = self._who(), self.dice.choice(("measure", "workshop"))
        root, place, level = new_id(), holder.ags or self.dice.choice(PLACES), self.dice.choice(LEVELS)
        lead = "lead_ags" if kind == "measure" else "ags"
        values = {name: self.mark(root, internal=name in INTERNAL) for name in WORDS[kind]}
        ops: list[Op] = [Create(kind, root, kind, root), write(kind, root, lead, place)]
        ops += [write(kind, root, "visibility", level), *(write(kind, root, n, v) for n, v in values.items())]
        change = holder.laptop.change(*ops)
        if self._push(holder, change, root):
            self.roots[root] = Ledger(kind)
            self.roots[root].fields = {"owner": {change.dot: place}, "visibility": {change.dot: level}}
            for name, value in values.items():
                self._put(root, name, change, {}, value)

    def word(self) -> None:
        holder, root = self._who(), self.dice.choice(list(self.roots))
        kind = self.roots[root].kind
        name = self.dice.choice(WORDS[kind])
        context, value = self._context(holder, root, kind, name), self.mark(root, internal=name in INTERNAL)
        change = holder.laptop.change(Write(kind, root, KINDS[kind].slot_of[name].id, value, context))
        if self._push(holder, change, root):
            self._put(root, name, change, context, value)

    def _decide(self, name: str, column: str, value: str) -> None:
        holder, root = self._who(), self.dice.choice(list(self.roots))
        kind = self.roots[root].kind
        column = "ags" if column == "lead_ags" and kind == "workshop" else column
        context = self._context(holder, root, kind, column)
        change = holder.laptop.change(Write(kind, root, KINDS[kind].slot_of[column].id, value, context))
        if self._push(holder, change, root):
            versions = self.roots[root].fields[name]
            for dot in [d for d in versions if d.n <= context.get(d.replica, 0)]:
                del versions[dot]
            versions[change.dot] = value

    def move(self) -> None:
        self._decide("owner", "lead_ags", self.dice.choice(PLACES))

    def show(self) -> None:
        self._decide("visibility", "visibility", self.dice.choice(LEVELS))

    def share(self) -> None:
        measures = [r for r, ledger in self.roots.items() if ledger.kind == "measure"]
        if not measures:
            return
        holder, root, place = self._who(), self.dice.choice(measures), self.dice.choice(PLACES)
        sharing = self.roots[root].sharing
        known = sharing.get(place, set())
        op: Add | Remove = add("measure", root, "participating_ags", place)
        if known and self.dice.random() < 0.6:
            op = Remove("measure", root, op.slot, {place: tuple(known)})
        change = holder.laptop.change(op)
        if self._push(holder, change, root):
            sharing[place] = {*known, change.dot} if isinstance(op, Add) else set()

    def below(self) -> None:
        """A new record below one root, or one change that touches records of two roots."""
        holder = self._who()
        ops: list[Op] = []
        made: list[tuple[EntityId, str, str]] = []
        roots = self.dice.sample(list(self.roots), min(len(self.roots), self.dice.choice((1, 1, 2))))
        for root in roots:
            kind, name = self.dice.choice(CHILDREN[self.roots[root].kind])
            child, value = new_id(), self.mark(root, internal=name in INTERNAL)
            ops += [Create(kind, child, self.roots[root].kind, root), write(kind, child, name, value)]
            made.append((child, name, value))
            self.children[child] = (kind, name, root)
        change = holder.laptop.change(*ops)
        if self._push(holder, change, *roots):
            for child, name, value in made:
                self._put(child, name, change, {}, value)

    def type(self) -> None:
        """Words at the beginning of a workshop's minutes."""
        workshops = [r for r, ledger in self.roots.items() if ledger.kind == "workshop"]
        if not workshops:
            return
        holder, root = self._who(), self.dice.choice(workshops)
        minutes = derived_id("minutes", root)
        self.children[minutes] = ("minutes", "text", root)
        edit = typed(minutes, self.mark(root), self.dice.getrandbits(48) | 1)
        change = holder.laptop.change(Create("minutes", minutes, "workshop", root), edit)
        self._push(holder, change, root)

    def attach(self) -> None:
        """A file whose bytes are a mark, below a root."""
        mark = self.mark()
        data = mark.encode() * 3
        sha = hashlib.sha256(data).hexdigest()
        self.files[sha] = data
        holder, root = self._refer(sha)
        if root and self.scopes_of(root) & holder.scopes:
            self.service.blobs.append(holder.token, sha, 0, len(data), data)
            self.has.add((sha, holder.number))

    def claim(self) -> None:
        """Somebody refers to a file by its name: that opens nothing to whoever does not have it."""
        if self.files:
            self._refer(self.dice.choice(list(self.files)))

    def _refer(self, sha: str) -> tuple[Holder, EntityId]:
        """Who has referred to the file, and below which root; "" if they may not."""
        holder, root, entity = self._who(), self.dice.choice(list(self.roots)), new_id()
        content = (sha, len(self.files[sha]), "text/plain")
        created = Create("attachment", entity, self.roots[root].kind, root)
        self.children[entity] = ("attachment", "name", root)
        change = holder.laptop.change(created, write("attachment", entity, "content", content))
        if not self._push(holder, change, root):
            return holder, ""
        self.marks[self.files[sha][: len(self.files[sha]) // 3]].claims.append((holder.number, root))
        return holder, root

    def lead(self) -> None:
        """A device is given another workshop, or somebody new comes in."""
        workshops = [r for r, ledger in self.roots.items() if ledger.kind == "workshop"]
        if self.dice.random() < 0.3 or not workshops:
            self.hire(self.dice.choice(list(Role)))
            return
        holder, workshop = self.dice.choice(self.holders), self.dice.choice(workshops)
        self.service.extend(holder.number, [workshop])
        holder.workshops.add(workshop)

    def credential(self, holder: Holder) -> auth.Credential:
        """Its token, or its signature under a courier file."""
        return auth.SignedBy(holder.key) if self.dice.random() < 0.2 else holder.token


def _layers(said: bytes) -> Iterator[bytes]:
    """The answer, and whatever is packed in it."""
    yield said
    for packed in _PACKED.findall(said):
        try:
            yield base64.b64decode(packed, validate=True)
        except binascii.Error:
            continue


def texts_of(pages: list[Page]) -> bytes:
    """The long texts in pages, written out: in a row they are packed."""
    states = [unpack(KINDS[p.kind], p.columns, row) for p in pages for row in p.rows]
    return "\n".join(text.text for state in states for text in state.texts.values()).encode()
