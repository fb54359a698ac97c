"""Rows: there and back for every reachable state, and no row that contradicts itself gets in."""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.clock import Dot
from app.domain.fields import DELETION_SLOT, KINDS, Kind, Merge
from app.domain.merge import AddWinsSet, EntityState, Register, Version, apply_change, merge
from app.domain.packing import HEAD, PackedRow, check_row, columns, pack, unpack
from app.domain.text import TextDoc, TextState
from app.errors import ContentError, GarbledChange, GarbledText
from tests.domain.strategies import garbage, kinds, spoiled, states, worlds
from tests.domain.worlds import EVERYTHING, OTHER, RECORD, World, same, value_of

MEASURE, TASK = KINDS["measure"], KINDS["task"]


@pytest.fixture(autouse=True, scope="module")
def _everything_is_a_kind() -> Iterator[None]:
    """One more kind while these tests run: one slot of each sort."""
    KINDS[EVERYTHING.name] = EVERYTHING
    yield
    del KINDS[EVERYTHING.name]


any_state = states(st.just(EVERYTHING)) | states(kinds)


def sent(state: EntityState) -> PackedRow:
    """The row after a journey over the wire."""
    row: PackedRow = orjson.loads(orjson.dumps(pack(state)))
    return row


def read(row: PackedRow, kind: Kind | None = None) -> EntityState:
    kind = kind or MEASURE
    return unpack(kind, columns(kind), row)


def cells_of(row: PackedRow, kind: Kind) -> list[Any]:
    """The values of a row, the empty set as nothing; the cell of a text says nothing."""
    cells = zip(kind.fields, row[HEAD:-1], strict=True)
    return [None if v == [] or f.merge is Merge.TEXT else v for f, v in cells]


@given(any_state)
def test_a_state_comes_back_as_it_was(state: EntityState) -> None:
    kind = KINDS[state.kind]
    row = sent(state)
    back = unpack(kind, columns(kind), row)
    assert same(back, state)
    check_row(kind, columns(kind), row)
    assert len(row) == HEAD + len(kind.fields) + 1
    if not state.texts:
        assert back == state
        assert sent(back) == row


@given(worlds(st.just(EVERYTHING) | kinds), st.integers(0, 2), st.integers(0, 2))
def test_equal_states_make_equal_rows_however_they_were_reached(world: World, who: int, whom: int) -> None:
    a, b = world.replicas[who].state, world.replicas[whom].state
    reread = unpack(world.kind, columns(world.kind), pack(a))
    rows = [sent(s) for s in (merge(a, b), merge(b, a), merge(reread, b))]
    for row in rows:
        row[-1].pop("t", None)  # snapshots of the same text may differ in their bytes
    assert rows[0] == rows[1] == rows[2]


@given(worlds(kinds))
def test_the_order_of_writing_down_does_not_matter_to_what_comes_after(world: World) -> None:
    state = world.replicas[0].state
    back = unpack(world.kind, columns(world.kind), sent(state))
    for said in world.ledger.values():
        assert same(apply_change(back, said.change), apply_change(state, said.change))
    assert same(merge(back, state), state)


@given(any_state)
def test_a_row_shows_the_values_everybody_sees(state: EntityState) -> None:
    kind = KINDS[state.kind]
    shown = dict(zip(columns(kind), pack(state)[HEAD:-1], strict=True))
    for slot in kind.slots:
        if slot.id in state.registers:
            value = state.register(slot.id).value
            assert tuple(shown[f.id] for f in slot.fields) == (value if slot.is_group else (value,))
        if slot.id in state.sets:
            assert shown[slot.id] == list(state.set(slot.id).value)
        if slot.id in state.counters:
            assert shown[slot.id] == state.counters[slot.id].value


@given(any_state)
def test_fields_this_version_does_not_know_are_passed_over(state: EntityState) -> None:
    kind = KINDS[state.kind]
    row = sent(state)
    clocks = copy.deepcopy(row[-1])
    for part in ("f", "s", "e", "n", "t"):
        clocks.setdefault(part, {})["900"] = ["anything", {"at": "all"}]
    clocks["z"] = "a part of the future"
    wider = [*row[:HEAD], "new", *row[HEAD:-1], ["new"], clocks]
    ids = [900, *columns(kind), 901]
    assert same(unpack(kind, ids, wider), state)
    check_row(kind, ids, wider)


@given(any_state, st.integers(0, 10**6))
def test_columns_may_come_in_any_order_and_empty_ones_not_at_all(state: EntityState, seed: int) -> None:
    kind = KINDS[state.kind]
    row = sent(state)
    pairs = [(i, v) for i, v in zip(columns(kind), row[HEAD:-1], strict=True) if v not in (None, [])]
    pairs.sort(key=lambda pair: (pair[0] * (seed + 1)) % 61)
    thinner = [*row[:HEAD], *(v for _, v in pairs), row[-1]]
    assert same(unpack(kind, [i for i, _ in pairs], thinner), state)


@given(garbage, st.sampled_from(list(KINDS.values())))
def test_garbage_is_refused(thing: Any, kind: Kind) -> None:
    rows = [
        thing,
        [thing] * (HEAD + len(kind.fields) + 1),
        [RECORD, "measure", OTHER, *([None] * len(kind.fields)), thing],
        [RECORD, thing, thing, *([thing] * len(kind.fields)), {}],
    ]
    for row in rows:
        for attempt in (unpack, check_row):
            try:
                attempt(kind, columns(kind), row)
            except ContentError:
                pass
            else:
                assert row is rows[2]
                assert isinstance(thing, dict)


@given(spoiled(any_state.map(sent)), st.data())
def test_a_row_with_one_spoiled_spot_is_refused_or_tells_one_story(row: Any, data: st.DataObject) -> None:
    for kind in (EVERYTHING, *KINDS.values()):
        if len(row) == HEAD + len(kind.fields) + 1:
            tells_one_story(kind, row)


def tells_one_story(kind: Kind, row: PackedRow) -> None:
    """Either both readers refuse, or what is read says what the row shows."""
    try:
        state = unpack(kind, columns(kind), row)
    except ContentError:
        with pytest.raises(ContentError):
            check_row(kind, columns(kind), row)
        return
    check_row(kind, columns(kind), row)
    again = sent(state)
    assert same(read(again, kind), state)
    assert cells_of(again, kind) == cells_of(row, kind)
    for slot, register in state.registers.items():
        assert all(register.context.get(d.replica, 0) >= d.n for d in register.versions), slot
        assert all(state.seen.get(d.replica, 0) >= d.n for d in register.versions), slot
    assert orjson.dumps(again)


BIRTH: dict[str, Any] = {"b": [1, 1, 5]}
_NOTHING = [None] * len(MEASURE.fields)


def row_of(clocks: Any, root: tuple[str, str] = ("measure", RECORD), **cells: Any) -> PackedRow:
    values = [cells.get(f.name) for f in MEASURE.fields]
    return [RECORD, *root, *values, clocks]


REFUSED: dict[str, PackedRow] = {
    "no clocks": row_of(None),
    "clocks as a list": row_of([]),
    "one cell too few": row_of(BIRTH)[1:],
    "a value without a birth": row_of({}, title="a"),
    "a set without a birth": row_of({}, tags=["a"]),
    "an id that is none": ["x", *row_of(BIRTH)[1:]],
    "a root that is no root": row_of(BIRTH, root=("task", OTHER)),
    "a root that has another root": row_of(BIRTH, root=("workshop", OTHER)),
    "a root of an unknown kind": row_of(BIRTH, root=("participant", RECORD)),
    "a root without a kind": row_of(BIRTH, root=("", RECORD)),
    "a root kind without a root": row_of(BIRTH, root=("measure", "")),
    "a birth too short": row_of({"b": [1, 1]}),
    "a birth too long": row_of({"b": [1, 1, 5, 5]}),
    "a birth of truth": row_of({"b": [1, True, 5]}),
    "a birth of the nobody": row_of({"b": [0, 1, 5]}),
    "a birth beyond all numbers": row_of({"b": [1, 2**53, 5]}),
    "a birth nobody saw": row_of({**BIRTH, "v": [2, 1]}),
    "a value of the wrong type": row_of(BIRTH, title=5),
    "a value too long": row_of(BIRTH, title="a" * 201),
    "half a character": row_of(BIRTH, title="\ud800"),
    "an unknown code": row_of(BIRTH, phase="nonsense"),
    "half a group of the wrong type": row_of(BIRTH, lat="51"),
    "elements as a word": row_of(BIRTH, tags="abc"),
    "elements as a mapping": row_of(BIRTH, tags={"a": 1}),
    "elements out of order": row_of(BIRTH, tags=["b", "a"]),
    "an element twice": row_of(BIRTH, tags=["a", "a"]),
    "an element of the wrong type": row_of(BIRTH, tags=[5]),
    "an unknown code as element": row_of(BIRTH, charter_guidelines=["nonsense"]),
    "too many elements": row_of(BIRTH, tags=[f"{i:06}" for i in range(10_001)]),
    "parts that are lists": row_of({**BIRTH, "f": []}),
    "a later version nobody saw": row_of({**BIRTH, "f": {"1": [2, 1, 5]}}, title="a"),
    "a later version its own context does not cover": row_of(
        {**BIRTH, "f": {"1": [2, 1, 5, [1, 1]]}, "v": [1, 1, 2, 1]}, title="a"
    ),
    "no versions at all": row_of({**BIRTH, "s": {"1": [[], [1, 1]]}}),
    "a version twice": row_of({**BIRTH, "s": {"1": [[[1, 1, 5, "a"], [1, 1, 5, "a"]], [1, 1]]}}, title="a"),
    "versions that contradict the cell": row_of({**BIRTH, "s": {"1": [[[1, 1, 5, "a"]], [1, 1]]}}, title="b"),
    "versions of the wrong type": row_of({**BIRTH, "s": {"1": [[[1, 1, 5, 7]], [1, 1]]}}, title=7),
    "a deletion of a word": row_of({**BIRTH, "s": {"0": [[[1, 1, 5, "a"]], [1, 1]]}}),
    "elements that contradict the cell": row_of({**BIRTH, "e": {"20": [{"a": [1, 1]}, [1, 1]]}}, tags=["b"]),
    "an element nobody added": row_of({**BIRTH, "e": {"20": [{"a": []}, [1, 1]]}}, tags=["a"]),
    "an addition nobody saw": row_of({**BIRTH, "e": {"20": [{"a": [2, 1]}, [2, 1]]}}, tags=["a"]),
    "an early removal that is not early": row_of({**BIRTH, "e": {"20": [{}, [1, 1], {"a": [1, 1]}]}}),
    "an early removal of nothing": row_of({**BIRTH, "e": {"20": [{}, [1, 1], {"a": []}]}}),
    "a set of four parts": row_of({**BIRTH, "e": {"20": [{}, [1, 1], {}, {}]}}),
}


@pytest.mark.parametrize("row", REFUSED.values(), ids=REFUSED.keys())
def test_refused(row: PackedRow) -> None:
    for attempt in (unpack, check_row):
        with pytest.raises(GarbledChange):
            attempt(MEASURE, columns(MEASURE), row)


COUNTS: dict[str, tuple[Any, Any]] = {
    "a total that contradicts the cell": (5, {"3": [1, 4, 0]}),
    "a total without a cell": (None, {"3": [1, 4, 0]}),
    "a cell without a total": (4, {}),
    "a total too short": (4, {"3": [1, 4]}),
    "totals as a word": (4, {"3": "abc"}),
    "a replica twice": (4, {"3": [1, 4, 0, 1, 4, 0]}),
    "replicas out of order": (8, {"3": [2, 4, 0, 1, 4, 0]}),
    "a total beyond all measure": (2**40, {"3": [1, 2**40, 0]}),
    "a replica nobody saw": (4, {"3": [3, 4, 0]}),
    "a total below nothing": (-4, {"3": [1, -4, 0]}),
}


@pytest.mark.parametrize(("cell", "told"), COUNTS.values(), ids=COUNTS.keys())
def test_refused_counts(cell: Any, told: Any) -> None:
    kind = KINDS["vote_result"]
    row = [RECORD, "workshop", OTHER, None, None, cell, None, {"b": [1, 1, 5], "n": told}]
    for attempt in (unpack, check_row):
        with pytest.raises(GarbledChange):
            attempt(kind, columns(kind), row)
    good = [RECORD, "workshop", OTHER, None, None, 4, None, {"b": [1, 1, 5], "n": {"3": [1, 4, 0]}}]
    assert read(good, kind).counters[3].value == 4


@pytest.mark.parametrize("blob", ["", "%%", 5, [], [""], ["", ""], base64.b64encode(b"Unsinn").decode()])
def test_refused_texts(blob: Any) -> None:
    kind = KINDS["minutes"]
    row = [RECORD, "workshop", OTHER, None, {"b": [1, 1, 5], "t": {"1": blob}}]
    for attempt in (unpack, check_row):
        with pytest.raises((GarbledChange, GarbledText)):
            attempt(kind, columns(kind), row)


def test_a_text_update_that_waits_for_an_earlier_one_travels_with_the_row() -> None:
    doc = TextDoc(TextState(), peer=1)
    doc.insert(0, "eins ")
    first = doc.take_update()
    doc.insert(5, "zwei")
    second = doc.take_update()
    assert first
    assert second
    for before in (TextState(), doc_of("drei")):
        texts = {1: before.with_update(second)}
        state = EntityState("minutes", RECORD, "workshop", OTHER, texts=texts, seen={1: 2})
        back = read(sent(state), KINDS["minutes"])
        assert back.texts[1].text == before.text
        assert "eins zwei" in back.texts[1].with_update(first).text


def doc_of(text: str) -> TextState:
    doc = TextDoc(TextState(), peer=77)
    doc.insert(0, text)
    return doc.state()


def test_a_fresh_record_carries_one_dot_for_all_its_fields() -> None:
    registers = {
        s.id: Register({Dot(1, 1): Version(value_of(s, 1), 5)}, {1: 1})
        for s in MEASURE.slots
        if s.merge is Merge.REGISTER
    }
    sets = {20: AddWinsSet().add(Dot(1, 1), ("a", "b"))}
    state = EntityState("measure", RECORD, "measure", RECORD, registers, sets, seen={1: 1})
    assert pack(state)[-1] == {"b": [1, 1, 5]}
    assert read(sent(state)) == state


def test_a_later_edit_adds_one_clock_of_its_own() -> None:
    world = World(MEASURE, replicas=2).play([("write", 0, 0, 0, 1), ("pull", 1, 0, 0, 0)])
    before = pack(world.replicas[1].state)
    after = pack(world.play([("write", 1, 0, 1, 2)]).replicas[1].state)
    assert "f" not in before[-1]
    assert after[-1]["f"] == {"2": [2, 1, 1003 + 9]}


def test_a_record_that_only_its_deletion_touched_comes_back() -> None:
    world = World(TASK).play([("delete", 0, 0, 0, 0)])
    state = world.replicas[0].state
    assert DELETION_SLOT in state.registers
    assert read(sent(state), TASK) == state


@pytest.mark.parametrize("root", [("task", OTHER), ("station", OTHER), ("measure", RECORD), ("measure", "x")])
def test_a_child_hangs_below_a_root_that_is_one(root: tuple[str, str]) -> None:
    row = [RECORD, *root, *([None] * len(TASK.fields)), {"b": [1, 1, 5]}]
    for attempt in (unpack, check_row):
        with pytest.raises(GarbledChange):
            attempt(TASK, columns(TASK), row)
    assert read([RECORD, "measure", OTHER, *row[3:]], TASK).root_id == OTHER


def test_one_change_with_two_clocks_comes_back_with_both() -> None:
    """A receiver may have clamped the clock of one field and never have heard of the other."""
    registers = {i: Register({Dot(1, 1): Version("a", hlc)}, {1: 1}) for i, hlc in ((1, 5), (2, 5), (3, 4))}
    state = EntityState("measure", RECORD, "measure", RECORD, registers, seen={1: 1})
    assert read(sent(state)) == state


def test_a_removal_that_came_early_travels_with_a_set_untouched_otherwise() -> None:
    tags = AddWinsSet().add(Dot(1, 1), ("a",)).remove({"b": (Dot(2, 1),)})
    titles = {1: Register({Dot(1, 1): Version("a", 5)}, {1: 1})}
    state = EntityState("measure", RECORD, "measure", RECORD, titles, {20: tags}, seen={1: 1, 3: 1})
    back = read(sent(state))
    assert back == state
    assert back.set(20).add(Dot(2, 1), ("b",)).value == ("a",)


def test_an_unknown_record_is_an_empty_row() -> None:
    state = EntityState("task", RECORD)
    assert pack(state)[-1] == {"v": []}
    assert read(sent(state), TASK) == state


def test_a_row_stored_by_a_database_with_nothing_for_an_empty_set_is_the_same_row() -> None:
    world = World(MEASURE).play([("add", 0, 0, 0, 0), ("remove", 0, 0, 0, 0)])
    row = sent(world.replicas[0].state)
    assert [] in row
    assert read([None if v == [] else v for v in row]) == world.replicas[0].state
