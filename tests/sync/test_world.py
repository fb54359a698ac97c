"""Three people, one agency, everything that may go wrong on the way: random evenings that must end well."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from app.domain.access import scopes_of
from app.domain.change import Change, Write
from app.domain.clock import Dot
from app.domain.encoding import decode_change
from app.domain.fields import KINDS
from app.domain.merge import EntityState
from app.errors import AgencyUnreachable, NotAllowed
from app.models import settings as facts
from app.models.engine import reading
from app.models.tables import change, entity
from app.server.database import Database
from app.server.service import AgencyService
from app.services import measures
from app.sync.wire import SyncReply, SyncRequest
from tests.sync.devices import ARNSBERG, BERLEBURG, Device, joined

PLACES = (BERLEBURG, BERLEBURG, ARNSBERG)
TITLE, DESCRIPTION = KINDS["measure"].slot_of["title"].id, KINDS["measure"].slot_of["description"].id
WHO, WHICH, WORD = (
    st.integers(0, 2),
    st.integers(0, 30),
    st.sampled_from(("Radweg", "Straße", "Zug 🚲", "Bad")),
)


def _lose(_: SyncRequest, reply: SyncReply) -> SyncReply:
    raise AgencyUnreachable(reason="lost")


class Evening(RuleBasedStateMachine):
    """Rules are what people and networks do; `knew` is the ledger of what each author had seen."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="masswerk-evening-"))
        self.service = AgencyService.found(Database(f"sqlite:///{self.folder}/agency.db"), "Testagentur")
        self.people = [joined(self.service, self.folder, f"P{i}", ags) for i, ags in enumerate(PLACES)]
        self.ledger: dict[Dot, tuple[Change, frozenset[Dot]]] = {}
        self.expected: dict[tuple[int, str], object] = {}

    def teardown(self) -> None:
        try:
            self._end_well()
        finally:
            for person in self.people:
                person.store.close()
            self.service.database.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    # -- what people do --------------------------------------------------------------------------

    @rule(who=WHO, word=WORD, shared=st.booleans())
    def create(self, who: int, word: str, shared: bool) -> None:
        values: dict[str, object] = {"title": word, "lead_ags": PLACES[who]}
        if shared:
            values["visibility"] = "consortium"
        made = measures.create(self.people[who].store, values)
        self.expected[who, made] = word
        self._note(who)

    @rule(who=WHO, which=WHICH, word=WORD, field=st.sampled_from(("title", "description")))
    def edit(self, who: int, which: int, word: str, field: str) -> None:
        self._do(
            who,
            which,
            lambda store, m: measures.edit(store, m, {field: word}),
            word if field == "title" else None,
        )

    @rule(who=WHO, which=WHICH, tags=st.sets(st.sampled_from(("bus", "rad", "bahn"))))
    def tag(self, who: int, which: int, tags: set[str]) -> None:
        self._do(who, which, lambda store, m: measures.edit(store, m, {"tags": tags}))

    @rule(who=WHO, which=WHICH, word=WORD)
    def add_milestone(self, who: int, which: int, word: str) -> None:
        self._do(who, which, lambda store, m: measures.add_part(store, m, "milestone", {"title": word}))

    @rule(who=WHO, which=WHICH, ags=st.sampled_from((BERLEBURG, ARNSBERG)))
    def move(self, who: int, which: int, ags: str) -> None:
        self._do(who, which, lambda store, m: measures.edit(store, m, {"lead_ags": ags}))

    @rule(who=WHO, which=WHICH)
    def delete(self, who: int, which: int) -> None:
        self._do(who, which, lambda store, m: measures.delete(store, m))

    @rule(who=WHO)
    def undo(self, who: int) -> None:
        try:
            self.people[who].store.undo()
        except NotAllowed:
            return
        self._forget_expectations(who)
        self._note(who)

    # -- what networks do ------------------------------------------------------------------------

    @rule(who=WHO, how=st.sampled_from(("well", "well", "well", "lost", "twice", "away")))
    def sync(self, who: int, how: str) -> None:
        person = self.people[who]
        person.between.after = _lose if how == "lost" else lambda _, reply: reply
        person.between.twice = how == "twice"
        if how == "away":
            return
        try:
            person.sync()
        except AgencyUnreachable:
            assert how == "lost"
        else:
            self._forget_expectations(who)
        finally:
            person.calm()

    # -- what must hold --------------------------------------------------------------------------

    @invariant()
    def everybody_reads_what_they_wrote(self) -> None:
        for (who, made), word in self.expected.items():
            assert self.people[who].title(made) == word

    def _do(self, who: int, which: int, deed: object, title: object = None) -> None:
        person = self.people[who]
        with reading(person.store.engine) as connection:
            ids = list(
                connection.execute(
                    select(entity.c.id).where(entity.c.kind == "measure").order_by(entity.c.id)
                ).scalars()
            )
        if not ids:
            return
        chosen = ids[which % len(ids)]
        try:
            deed(person.store, chosen)  # type: ignore[operator]
        except NotAllowed:
            return
        if title is not None:
            self.expected[who, chosen] = title
        self._note(who)

    def _forget_expectations(self, who: int) -> None:
        """After news, another's word may rightly stand there."""
        self.expected = {key: word for key, word in self.expected.items() if key[0] != who}

    def _note(self, who: int) -> None:
        """The ledger: every new change and what its author had seen of the record before."""
        person = self.people[who]
        with reading(person.store.engine) as connection:
            bodies = list(connection.execute(select(change.c.body).order_by(change.c.seq.desc()).limit(1)).scalars())
        for body in bodies:
            made = decode_change(orjson.loads(body))
            if made.dot in self.ledger:
                continue
            heard = {d for d in self.ledger if self._has_seen(person, made, d)}
            self.ledger[made.dot] = (made, frozenset(heard))

    def _has_seen(self, person: Device, made: Change, dot: Dot) -> bool:
        keys = {op.id for op in made.ops} & {op.id for op in self.ledger[dot][0].ops}
        states = person.states()
        return any(s.seen.get(dot.replica, 0) >= dot.n for (_, i), s in states.items() if i in keys)

    def _end_well(self) -> None:
        for _ in range(3):
            for person in self.people:
                person.calm()
                self._exchange(person)
        for person in self.people:
            waiting = [s for s in person.change_states() if s == "pending"]
            assert not waiting, "something still waits after quiet"
            self._check_reach(person)
        self._check_equal()

    def _exchange(self, person: Device) -> None:
        person.sync()

    def _check_reach(self, person: Device) -> None:
        with reading(person.store.engine) as connection:
            granted = facts.grant(connection).scopes
            frozen = set(connection.execute(select(entity.c.id).where(entity.c.frozen == 1)).scalars())
        states = person.states()
        for (_, entity_id), state in states.items():
            root = states.get((state.root_kind, state.root_id))
            if entity_id in frozen:
                assert "quarantined" in person.change_states(), "kept although nothing waits"
            else:
                assert root is not None
                assert scopes_of(root) & granted, "a record outside the grant is on the device"

    def _check_equal(self) -> None:
        known: dict[tuple[str, str], EntityState] = {}
        for person in self.people:
            if "quarantined" in person.change_states():
                continue  # waiting words are seen by their author only
            for key, state in person.states().items():
                internal = known.setdefault(key, state)
                assert internal.seen == state.seen, "somebody has heard less"
                for slot in (TITLE, DESCRIPTION):
                    assert internal.register(slot) == state.register(slot), "people see different words"
                assert internal.sets == state.sets
            for (kind, entity_id), state in person.states().items():
                if kind == "measure":
                    self._check_siblings(entity_id, state)

    def _check_siblings(self, entity_id: str, state: EntityState) -> None:
        """The standing versions are exactly the writes that no later author had seen."""
        for slot in (TITLE, DESCRIPTION):
            writes = {
                dot: knew
                for dot, (made, knew) in self.ledger.items()
                if state.seen.get(dot.replica, 0) >= dot.n
                and any(isinstance(op, Write) and op.id == entity_id and op.slot == slot for op in made.ops)
            }
            overwritten = {d for dot in writes for d in self._past(dot) if d in writes}
            assert set(state.register(slot).versions) == writes.keys() - overwritten, "siblings are not exact"

    def _past(self, dot: Dot) -> set[Dot]:
        found: set[Dot] = set()
        stack = [dot]
        while stack:
            for d in self.ledger[stack.pop()][1]:
                if d not in found:
                    found.add(d)
                    stack.append(d)
        return found


EXAMPLES = int(os.environ.get("MASSWERK_EVENINGS", "12"))
TestEvening = Evening.TestCase
TestEvening.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=int(os.environ.get("MASSWERK_EVENING_STEPS", "25")),
    deadline=None,
    derandomize="MASSWERK_EVENINGS" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
pytestmark = pytest.mark.filterwarnings("error")
