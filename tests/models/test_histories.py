"""Random histories of two desks and an agency: own words stay on screen, and in the end all agree."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import orjson
import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from app.config import Profile
from app.domain.change import Change
from app.domain.clock import covers
from app.domain.encoding import decode_change
from app.domain.ids import EntityId, derived_id, new_replica_id
from app.domain.merge import deletion_of
from app.models import epochs, rows
from app.models.engine import reading
from app.models.opening import open_store
from app.models.rows import open_slots
from app.models.soundness import examine
from app.models.store import Store
from app.models.tables import change, entity
from app.models.upon import Upon
from tests.models.desk import AGS, KEY, Clock, edit, found_by, live, questions, row_of, same, shown
from tests.models.tiny_agency import TinyAgency, exchange, pull, push

DESKS = st.integers(0, 1)
NAMES = st.sampled_from(["eins", "zwei"])
WORDS = st.sampled_from(["Rad", "Bus", "Bahn", "Fuß"])
TAGS = st.lists(WORDS, max_size=3, unique=True)
template_folder: list[Path] = []


@pytest.fixture(scope="module", autouse=True)
def _template(template: Path) -> None:
    template_folder[:] = [template]


def measure_id(name: str) -> EntityId:
    """Both desks may create "the same" measure while apart."""
    return derived_id("history", name)


class Histories(RuleBasedStateMachine):
    """Two people, three measures, an agency, and a network that loses replies and repeats itself."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.hidden: set[EntityId] = set()
        self.agency = TinyAgency(scopes={"all": lambda _: True, "some": lambda s: s.id not in self.hidden})
        self.desks: list[Store] = []
        for name in ("here", "there"):
            shutil.copytree(template_folder[0], self.place / name)
            store = open_store(Profile.at(self.place / name), KEY, self.clock)
            store.put_settings(replicas=orjson.dumps([new_replica_id()]).decode())
            self.desks.append(store)
        self.told: list[dict[tuple[EntityId, str], object]] = [{}, {}]

    @initialize(shared=st.booleans())
    def begin(self, shared: bool) -> None:
        """Mostly with something that both have: what is interesting happens to the same record."""
        if shared:
            self.create(0, "eins", "Rad")
            for desk in (0, 1):
                self.talk(desk)

    # -- what people do ----------------------------------------------------------------------------

    def _may(self, desk: int, measure: EntityId) -> bool:
        row = row_of(self.desks[desk], measure)
        return row is not None and not row.frozen

    @rule(desk=DESKS, name=NAMES, title=WORDS)
    def create(self, desk: int, name: str, title: str) -> None:
        made = measure_id(name)
        if row_of(self.desks[desk], made) is None:
            with self.desks[desk].change("measure.create") as draft:
                draft.create("measure", made, values={"title": title, "lead_ags": AGS})
            self.told[desk][(made, "title")] = title

    @rule(desk=DESKS, name=NAMES, field=st.sampled_from(["title", "goals", "status_reason"]), words=WORDS)
    def write(self, desk: int, name: str, field: str, words: str) -> None:
        if self._may(desk, measure_id(name)):
            edit(self.desks[desk], measure_id(name), **{field: words})
            self.told[desk][(measure_id(name), field)] = words

    @rule(name=NAMES, words=st.permutations(["Rad", "Bus", "Bahn"]))
    def disagree(self, name: str, words: list[str]) -> None:
        """Both write the same field and hear of each other afterwards."""
        for desk in (0, 1):
            self.write(desk, name, "title", words[desk])
        for desk in (0, 1, 0):
            self.talk(desk)

    @rule(desk=DESKS, name=NAMES, percent=st.integers(0, 3))
    def progress(self, desk: int, name: str, percent: int) -> None:
        if self._may(desk, measure_id(name)):
            edit(self.desks[desk], measure_id(name), progress_percent=percent)
            self.told[desk][(measure_id(name), "progress_percent")] = percent

    @rule(desk=DESKS, name=NAMES, tags=TAGS)
    def tag(self, desk: int, name: str, tags: list[str]) -> None:
        if self._may(desk, measure_id(name)):
            edit(self.desks[desk], measure_id(name), tags=tags)
            self.told[desk][(measure_id(name), "tags")] = sorted(tags)

    @rule(desk=DESKS, name=NAMES)
    def delete_or_bring_back(self, desk: int, name: str) -> None:
        made = measure_id(name)
        if self._may(desk, made):
            state = live(self.desks[desk], made)
            assert state is not None
            with self.desks[desk].change("measure.delete") as draft:
                (draft.keep if deletion_of(state).deleted else draft.delete)("measure", made)

    @rule(desk=DESKS, redo=st.booleans())
    def step_back_or_forth(self, desk: int, redo: bool) -> None:
        store = self.desks[desk]
        (store.redo if redo else store.undo)()
        self.told[desk].clear()

    # -- what the network does ---------------------------------------------------------------------

    @rule(desk=DESKS)
    def send_and_never_hear(self, desk: int) -> None:
        push(self.desks[desk], self.agency, 2)

    @rule(desk=DESKS, twice=st.booleans())
    def hear(self, desk: int, twice: bool) -> None:
        pull(self.desks[desk], self.agency, twice)
        self.told[desk].clear()

    @rule(desk=DESKS)
    def talk(self, desk: int) -> None:
        exchange(self.desks[desk], self.agency)
        self.told[desk].clear()

    @rule(name=NAMES)
    def move(self, name: str) -> None:
        self.hidden ^= {measure_id(name)}
        state = self.agency.records.get(("measure", measure_id(name)))
        if state is not None:
            self.agency.put(state)

    @precondition(lambda self: self.agency.epoch == "epoch-1" and len(self.agency.records) > 1)
    @rule(keep=st.integers(0, 2))
    def restore_the_agency(self, keep: int) -> None:
        """It comes back without what it has heard last of each replica, and everybody is told."""
        self.agency.epoch = "epoch-2"
        self.agency.accepted = {r: min(n, keep) for r, n in self.agency.accepted.items()}
        self.agency.receipts = [r for r in self.agency.receipts if r[2] <= keep]
        self.agency.records.clear()
        self.agency.feed.clear()
        for store in self.desks:
            for made in self._changes(store, everything=True):
                if made.n <= self.agency.accepted.get(made.replica, 0):
                    self.agency.merge_in(made)
        for store in self.desks:
            epochs.begin(store, self.agency.epoch, self.agency.accepted)
            epochs.end_healing(store)  # this agency has no digests to compare

    # -- what must hold ----------------------------------------------------------------------------

    @staticmethod
    def _changes(store: Store, everything: bool) -> list[Change]:
        with reading(store.engine) as connection:
            query = select(change.c.body).order_by(change.c.seq)
            if not everything:
                query = query.where(change.c.state != "confirmed")
            return [decode_change(orjson.loads(b)) for b in connection.execute(query).scalars()]

    @invariant()
    def own_words_are_on_screen(self) -> None:
        for store, told in zip(self.desks, self.told, strict=True):
            for (made, field), value in told.items():
                found = shown(store, made, field)
                if field == "tags":
                    found = orjson.loads(found) if found else []
                assert found == value, field

    @invariant()
    def live_is_base_and_own_changes(self) -> None:
        for store in self.desks:
            own = self._changes(store, everything=False)
            with reading(store.engine) as connection:
                ids = list(connection.execute(select(entity.c.id)).scalars())
                loaded = rows.load_many(connection, "measure", ids)
            asked = {(row.id, slot) for row, state in loaded.values() for slot in open_slots(state)}
            assert asked == set(questions(store))
            first_epoch = self.agency.epoch == "epoch-1"
            if first_epoch:
                assert {key[1] for c in own for key in c.entities} <= loaded.keys(), "own words are kept"
            for row, state in loaded.values():
                mine = [c for c in own if ("measure", row.id) in c.entities]
                assert all(covers(state.seen, c.dot) for c in mine)
                if row.base:
                    base = rows.decode_base("measure", row.base)
                    assert same(Upon(mine).fold(base), state)
                    theirs = [c.dot for c in mine if covers(base.seen, c.dot)]
                    assert all(covers(self.agency.accepted, dot) for dot in theirs) or not first_epoch

    def teardown(self) -> None:
        try:
            self.hidden.clear()
            for state in list(self.agency.records.values()):
                self.agency.put(state)
            for store in [*self.desks, *self.desks]:
                exchange(store, self.agency)
            self._all_agree()
        finally:
            for store in self.desks:
                store.close()
            shutil.rmtree(self.place)

    def _all_agree(self) -> None:
        for store in self.desks:
            with reading(store.engine) as connection:
                assert examine(connection).pending == 0
                assert set(connection.execute(select(entity.c.base)).scalars()) <= {None}
                here = set(connection.execute(select(entity.c.id)).scalars())
            assert here == {entity_id for _, entity_id in self.agency.records}
            for key, state in self.agency.records.items():
                assert same(live(store, key[1]), state)
                gone = deletion_of(state).deleted
                title = str(state.register(1).value or "").lower().replace("ß", "ss")
                assert not title or gone == (key[1] not in found_by(store, title))


WIDE = hypothesis_settings.default.max_examples > 1000 if hypothesis_settings.default else False
Histories.TestCase.settings = hypothesis_settings(max_examples=400 if WIDE else 40, stateful_step_count=30)
TestHistories = pytest.mark.slow(Histories.TestCase)
