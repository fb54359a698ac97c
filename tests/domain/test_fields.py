"""The field registry: what once had a number keeps it for ever.

`fields.golden.json` is the protocol. Adding a field adds a line; changing or removing one breaks every
device that has not been updated, and every file written so far: that is a new protocol with an ADR.
To add lines: `python -m tests.domain.test_fields`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.fields import DELETION_SLOT, KINDS, SCHEMA_VERSION, Field, Kind, Merge, Type
from app.domain.fits import fits
from tests.domain.worlds import palette

GOLDEN = Path(__file__).with_name("fields.golden.json")
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())


def registry() -> dict[str, list[dict[str, Any]]]:
    return {k.name: [line(f) for f in k.fields] for k in KINDS.values()}


def line(f: Field) -> dict[str, Any]:
    told: dict[str, Any] = {"id": f.id, "field": f.name, "type": f.type.value, "merge": f.merge.value}
    told |= {"group": f.group, "since": f.since}
    return told | ({"codes": sorted(str(v.value) for v in f.values)} if f.values else {})


def as_text() -> str:
    kinds = []
    for name, lines in registry().items():
        told = ",\n".join(f"  {json.dumps(each, ensure_ascii=False)}" for each in lines)
        kinds.append(f"{json.dumps(name)}: [\n{told}\n]")
    return "{\n" + ",\n".join(kinds) + "\n}\n"


def test_the_registry_is_the_protocol_that_devices_out_there_speak() -> None:
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == registry()


@every_kind
def test_numbers_and_names_are_unique_and_positive(kind: Kind) -> None:
    ids, names = [f.id for f in kind.fields], [f.name for f in kind.fields]
    assert len(set(ids)) == len(ids) == len(set(names))
    assert all(i > DELETION_SLOT for i in ids)
    groups = {f.group for f in kind.fields if f.group}
    assert not groups & {f.name for f in kind.fields if f.group not in (f.name, None) or f.group is None}


@every_kind
def test_only_registers_form_groups_and_a_group_came_into_the_world_whole(kind: Kind) -> None:
    for slot in kind.slots:
        if slot.is_group:
            assert slot.merge is Merge.REGISTER
            assert len({f.since for f in slot.fields}) == 1
        assert slot.id == slot.fields[0].id
        assert all(f.merge is slot.merge for f in slot.fields)
        assert kind.slot_by_id[slot.id] is kind.slot_of[slot.name] is kind.slot_of[slot.fields[-1].name]


@every_kind
def test_every_field_can_hold_something_and_codes_fit_their_columns(kind: Kind) -> None:
    for f in kind.fields:
        assert palette(f)
        assert all(fits(f)(v) for v in palette(f))
        assert (f.type is Type.ENUM) == (f.values is not None)
        assert 1 <= f.since <= SCHEMA_VERSION


@every_kind
def test_a_kind_is_shown_by_a_field_it_has(kind: Kind) -> None:
    assert kind.title is None or kind.title in kind.by_name
    assert kind.name in repr(kind)


def test_people_cannot_be_synchronised() -> None:
    assert not {"participant", "person", "contact"} & KINDS.keys()
    assert [k.name for k in KINDS.values() if k.is_root] == ["measure", "workshop", "term"]


def test_a_kind_with_a_number_given_twice_is_refused() -> None:
    for fields in ((Field(1, "a"), Field(1, "b")), (Field(1, "a"), Field(2, "a"))):
        with pytest.raises(ValueError, match="unique"):
            Kind("k", None, *fields)


if __name__ == "__main__":
    GOLDEN.write_text(as_text(), encoding="utf-8")
