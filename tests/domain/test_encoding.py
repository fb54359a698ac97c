"""Changes as lists: there and back, and nothing that does not fit gets in."""

from __future__ import annotations

import base64
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.change import Change, Create, Delete, Keep, Write, fingerprint, slot_id
from app.domain.clock import MAX_HLC, MAX_N
from app.domain.encoding import (
    MAX_ELEMENTS,
    check_value,
    decode_change,
    decode_head,
    decode_value,
    encode_change,
)
from app.domain.fields import DELETION_SLOT, KINDS, Field, Kind, Merge, Slot, Type
from app.domain.fits import fits
from app.errors import FieldError, GarbledChange, TooLarge
from tests.domain.strategies import changes, garbage, scalars, spoiled
from tests.domain.worlds import OTHER, RECORD, palette, value_of

MEASURE = KINDS["measure"]
encoded = changes().map(encode_change)


def raw(*ops: Any, **more: Any) -> list[Any]:
    """An encoded change around these operations."""
    told = {"replica": 5, "n": 1, "hlc": 7, "action": "measure.edit", "origin": "", "schema": 1} | more
    return [*told.values(), list(ops)]


@given(changes())
def test_a_change_comes_back_as_it_was_sent(change: Change) -> None:
    sent = orjson.dumps(encode_change(change))
    back = decode_change(orjson.loads(sent))
    assert back == change
    assert orjson.dumps(encode_change(back)) == sent
    assert decode_head(orjson.loads(sent)) == change.dot
    assert fingerprint(sent) == fingerprint(orjson.dumps(encode_change(back)))


REGISTERS = [(k, s) for k in KINDS.values() for s in k.slots if s.merge is Merge.REGISTER]


@given(st.sampled_from(REGISTERS), st.integers(0, 9))
def test_every_register_of_every_kind_comes_back_with_its_values(where: tuple[Kind, Slot], pick: int) -> None:
    kind, slot = where
    write = Write(kind.name, RECORD, slot.id, value_of(slot, pick), {3: 4})
    change = Change(5, 2**53 - 1, MAX_HLC - 1, "x", (write,))
    assert decode_change(orjson.loads(orjson.dumps(encode_change(change)))) == change


@pytest.mark.parametrize(
    "op",
    [
        ["c", "task", RECORD, "workshop", OTHER],
        ["w", "task", RECORD, 1, "Straße 🚲", [1, 2, 3, 4]],
        ["w", "task", RECORD, 1, None, []],
        ["w", "measure", RECORD, 28, ["Hagen", 51.5, None], []],
        ["d", "task", RECORD, [1, 2, 3, 4], []],
        ["k", "task", RECORD, [1, 2]],
        ["+", "measure", RECORD, 20, ["b", "a"]],
        ["-", "measure", RECORD, 20, {"a": [1, 2, 3, 4], "b": [1, 2]}],
        ["n", "vote_result", RECORD, 3, 5, 0],
        ["t", "minutes", RECORD, 1, "YWI="],
    ],
)
def test_every_operation_has_one_spelling(op: list[Any]) -> None:
    change = decode_change(raw(op, origin="file:x.csv:3"))
    assert encode_change(change) == raw(op, origin="file:x.csv:3")
    assert change == decode_change(orjson.loads(orjson.dumps(encode_change(change))))


@given(garbage)
def test_garbage_is_refused(thing: Any) -> None:
    for whole in (thing, raw(thing), raw(["w", "measure", RECORD, thing, thing, thing])):
        with pytest.raises(GarbledChange):
            decode_change(whole)
    try:
        decode_head(thing)
    except GarbledChange:
        pass
    else:
        assert thing[0] > 0


@given(spoiled(encoded))
def test_a_change_with_one_spoiled_spot_is_refused_or_still_says_exactly_what_it_says(whole: Any) -> None:
    try:
        change = decode_change(whole)
    except GarbledChange:
        return
    assert encode_change(change) == whole
    assert orjson.dumps(encode_change(change))


@given(st.sampled_from("cwdk+-nt"), st.sampled_from(list(KINDS)), st.lists(garbage | st.just(1), max_size=4))
def test_garbage_operations_are_refused(code: str, kind: str, rest: list[Any]) -> None:
    whole = raw([code, kind, RECORD, *rest])
    try:
        change = decode_change(whole)
    except GarbledChange:
        return
    assert encode_change(change) == whole


REFUSED: dict[str, list[Any]] = {
    "no operations": raw(),
    "operations that are no list": [*raw()[:-1], {"0": ["k", "measure", RECORD, []]}],
    "an operation that is a word": raw("kmeasure"),
    "an unknown kind": raw(["k", "participant", RECORD, []]),
    "a kind that is a list": raw(["k", ["measure"], RECORD, []]),
    "an id in capitals": raw(["k", "measure", RECORD.upper(), []]),
    "an id in braces": raw(["k", "measure", "{" + RECORD[:-2] + "}", []]),
    "an unknown operation": raw(["x", "measure", RECORD, 1, "a", []]),
    "one thing too many": raw(["k", "measure", RECORD, [], 1]),
    "an unknown slot": raw(["w", "measure", RECORD, 999, "a", []]),
    "the deletion as a slot": raw(["w", "measure", RECORD, 0, None, []]),
    "the second field of a group as a slot": raw(["w", "measure", RECORD, 29, 51.0, []]),
    "a slot that is true": raw(["w", "measure", RECORD, True, "a", []]),
    "half a group": raw(["w", "measure", RECORD, 28, ["Hagen", 51.0], []]),
    "a group as a word": raw(["w", "measure", RECORD, 28, "abc", []]),
    "a group as a mapping": raw(["w", "measure", RECORD, 38, {"green": 1, "because": 2}, []]),
    "a list in a plain field": raw(["w", "measure", RECORD, 1, ["a"], []]),
    "a context out of order": raw(["w", "measure", RECORD, 1, "a", [2, 1, 1, 1]]),
    "a replica twice in a context": raw(["w", "measure", RECORD, 1, "a", [1, 1, 1, 2]]),
    "a context of nothing": raw(["w", "measure", RECORD, 1, "a", {}]),
    "adding to a plain field": raw(["+", "measure", RECORD, 1, ["a"]]),
    "adding nothing": raw(["+", "measure", RECORD, 20, []]),
    "adding a word's letters": raw(["+", "measure", RECORD, 20, "abc"]),
    "adding a mapping": raw(["+", "measure", RECORD, 20, {"a": 1}]),
    "adding none": raw(["+", "measure", RECORD, 20, [None]]),
    "adding an unknown code": raw(["+", "measure", RECORD, 16, ["nonsense"]]),
    "adding too much": raw(["+", "measure", RECORD, 20, [str(i) for i in range(MAX_ELEMENTS + 1)]]),
    "removing without additions named": raw(["-", "measure", RECORD, 20, ["a"]]),
    "removing half a dot": raw(["-", "measure", RECORD, 20, {"a": [1]}]),
    "removing a dot twice": raw(["-", "measure", RECORD, 20, {"a": [1, 1, 1, 1]}]),
    "removing half a character": raw(["-", "measure", RECORD, 20, {"\ud800": [1, 1]}]),
    "counting downwards below nothing": raw(["n", "vote_result", RECORD, 3, 1, -1]),
    "counting beyond all measure": raw(["n", "vote_result", RECORD, 3, 2**40, 0]),
    "counting in halves": raw(["n", "vote_result", RECORD, 3, 0.5, 0]),
    "a text that is no base64": raw(["t", "minutes", RECORD, 1, "%%%%"]),
    "a text with a half-used last letter": raw(["t", "minutes", RECORD, 1, "YWI9"[:2] + "Z="]),
    "a text with umlauts": raw(["t", "minutes", RECORD, 1, "ä" * 4]),
    "a text of numbers": raw(["t", "minutes", RECORD, 1, 5]),
    "an empty text update": raw(["t", "minutes", RECORD, 1, ""]),
    "a root below another root": raw(["c", "measure", RECORD, "workshop", OTHER]),
    "a child that is its own root": raw(["c", "task", RECORD, "workshop", RECORD]),
    "a child below a child": raw(["c", "task", RECORD, "station", OTHER]),
    "a root without an id": raw(["c", "task", RECORD, "workshop", ""]),
    "one slot written twice": raw(["w", "measure", RECORD, 1, "a", []], ["w", "measure", RECORD, 1, "b", []]),
    "deleted and kept at once": raw(["d", "measure", RECORD, [], []], ["k", "measure", RECORD, []]),
    "a clock beyond all time": raw(["k", "measure", RECORD, []], hlc=MAX_HLC),
    "a clock before all time": raw(["k", "measure", RECORD, []], hlc=-1),
    "a schema of nothing": raw(["k", "measure", RECORD, []], schema=0),
    "a schema beyond all numbers": raw(["k", "measure", RECORD, []], schema=10**30),
    "an action with half a character": raw(["k", "measure", RECORD, []], action="\ud800"),
    "an action too long": raw(["k", "measure", RECORD, []], action="a" * 61),
    "an origin with a nul": raw(["k", "measure", RECORD, []], origin="a\x00"),
    "no replica": raw(["k", "measure", RECORD, []], replica=0),
    "a replica too big": raw(["k", "measure", RECORD, []], replica=2**63),
    "a number too big": raw(["k", "measure", RECORD, []], n=MAX_N),
    "a number that is true": raw(["k", "measure", RECORD, []], n=True),
}


@pytest.mark.parametrize("whole", REFUSED.values(), ids=REFUSED.keys())
def test_refused(whole: list[Any]) -> None:
    with pytest.raises(GarbledChange):
        decode_change(whole)


def test_a_removal_and_an_addition_of_the_same_set_fit_in_one_change() -> None:
    whole = raw(["+", "measure", RECORD, 20, ["a"]], ["-", "measure", RECORD, 20, {"b": [1, 1, 2, 5]}])
    assert encode_change(decode_change(whole)) == whole


def test_codes_this_version_does_not_know_can_still_be_taken_out() -> None:
    whole = raw(["-", "measure", RECORD, 16, {"retired_guideline": [1, 1]}])
    assert encode_change(decode_change(whole)) == whole


def test_what_is_wrong_is_named_with_kind_and_slot() -> None:
    with pytest.raises(GarbledChange) as caught:
        decode_change(raw(["+", "measure", RECORD, 16, ["nonsense"]]))
    assert caught.value.params == {"reason": "code", "kind": "measure", "slot": "charter_guidelines"}
    with pytest.raises(GarbledChange) as caught:
        decode_change(raw(["w", "measure", RECORD, 1, 5, []]))
    assert caught.value.params == {"reason": "type", "kind": "measure", "slot": "title"}


def test_the_deletion_has_no_value_of_a_field() -> None:
    with pytest.raises(GarbledChange):
        decode_value(MEASURE, Slot(DELETION_SLOT, "deleted", Merge.REGISTER, ()), None)


def test_operations_name_the_slot_they_write() -> None:
    assert slot_id(Create("measure", RECORD, "measure", RECORD)) is None
    assert slot_id(Delete("measure", RECORD, {})) == slot_id(Keep("measure", RECORD)) == DELETION_SLOT
    change = decode_change(raw(["w", "measure", RECORD, 1, "a", []], ["w", "measure", RECORD, 2, "b", []]))
    assert change.entities == (("measure", RECORD),)
    assert slot_id(change.ops[1]) == 2


# -- values ------------------------------------------------------------------------------------------

ALL_FIELDS = [(k, f) for k in KINDS.values() for f in k.fields]


@given(st.sampled_from(ALL_FIELDS), st.integers(0, 9))
def test_valid_values_fit(where: tuple[Kind, Field], pick: int) -> None:
    kind, field = where
    value = palette(field)[pick % len(palette(field))]
    check_value(kind, field, value)
    assert fits(field)(value)


@given(st.sampled_from(ALL_FIELDS), scalars)
def test_a_value_is_refused_by_name_or_can_be_stored_everywhere(where: tuple[Kind, Field], value: Any) -> None:
    kind, field = where
    if fits(field)(value) or (value is None and field.merge is not Merge.SET):
        check_value(kind, field, value)
        assert orjson.loads(orjson.dumps(value)) == value
        assert not isinstance(value, int) or abs(value) < 2**63
    else:
        with pytest.raises(FieldError) as caught:
            check_value(kind, field, value)
        assert (caught.value.kind, caught.value.field) == (kind.name, field.name)
        assert caught.value.code in ("type", "range", "code", "format", "too_large")


BAD_VALUES: list[tuple[Type, Any, str]] = [
    (Type.TEXT, "a" * 501, "too_large"),
    (Type.TEXT, "a\x00", "format"),
    (Type.TEXT, "\ud83d", "format"),
    (Type.TEXT, b"a", "type"),
    (Type.INT, 501, "range"),
    (Type.INT, -1, "range"),
    (Type.INT, 1.0, "range"),
    (Type.INT, True, "type"),
    (Type.INT, "1", "type"),
    (Type.CENTS, 10**400, "range"),
    (Type.FLOAT, 10**400, "range"),
    (Type.FLOAT, float("nan"), "range"),
    (Type.FLOAT, float("inf"), "range"),
    (Type.FLOAT, False, "type"),
    (Type.BOOL, 1, "type"),
    (Type.AGS, "0595800٤", "format"),
    (Type.AGS, "05958004\n", "format"),
    (Type.AGS, "15958004", "format"),
    (Type.REF, "x", "format"),
    (Type.REF, 5, "type"),
    (Type.PARTIAL_DATE, "24", "format"),
    (Type.ORDER, "", "format"),
    (Type.HASH, "AB" * 32, "format"),
    (Type.HASH, "ab" * 31, "format"),
    (Type.INSTANT, "2024-03-12T08:00:00", "format"),
    (Type.INSTANT, "2024-02-30T08:00:00Z", "format"),
    (Type.INSTANT, "0000-01-01T08:00:00Z", "format"),
    (Type.LOCAL_TIME, "2024-13-12T08:00", "format"),
    (Type.LOCAL_TIME, "2024-03-12T24:01", "format"),
]


@pytest.mark.parametrize(("type_", "value", "code"), BAD_VALUES)
def test_a_value_that_does_not_fit_is_named(type_: Type, value: Any, code: str) -> None:
    with pytest.raises(FieldError) as caught:
        check_value(MEASURE, Field(1, "f", type_), value)
    assert caught.value.code == code
    assert isinstance(caught.value, TooLarge) == (code == "too_large")


def test_none_fits_every_field_but_no_set() -> None:
    check_value(MEASURE, MEASURE.by_name["title"], None)
    with pytest.raises(FieldError):
        check_value(MEASURE, MEASURE.by_name["tags"], None)


def test_bytes_have_one_spelling() -> None:
    update = base64.b64encode(b"ab").decode()
    assert update == "YWI="
    assert encode_change(decode_change(raw(["t", "minutes", RECORD, 1, update])))[-1][0][-1] == update
    for other in ("YWJ=", "YWI", " YWI=", "YWI=\n"):
        with pytest.raises(GarbledChange):
            decode_change(raw(["t", "minutes", RECORD, 1, other]))
