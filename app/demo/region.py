"""Reads the shipped demo region and checks every record against the field registry."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.domain.encoding import check_value
from app.domain.fields import KINDS, Field, Kind, Merge, Type
from app.domain.ids import EntityId, derived_id
from app.errors import FieldError, GarbledChange, UnreadableFile

Single = str | int | float | bool
Given = Single | tuple[Single, ...]
"""A value as services take it; a set is a tuple without repetition."""

MEASURES = "measures.jsonl"
WORKSHOPS = "workshops.jsonl"
PEOPLE = "people.json"
ADOPTIONS = "adoptions.json"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """One record to create. Roots have themselves as root.

    Attributes:
        touched_ms: when the root was last worked on, milliseconds UTC; children have their root's.
        ref: its readable name in the files.
    """

    kind: str
    id: EntityId
    root_kind: str
    root_id: EntityId
    values: dict[str, Given]
    touched_ms: int
    ref: str

    @property
    def is_root(self) -> bool:
        return self.id == self.root_id


@dataclass(frozen=True, slots=True)
class Person:
    """One of the cast with the device they sit at; `workshops` are ids of those they lead."""

    key: str
    name: str
    role: str
    ags: str
    place: str
    device: str
    workshops: tuple[EntityId, ...]


@dataclass(frozen=True, slots=True)
class People:
    """The cast, and the ids of what their offline day is played with."""

    katrin: Person
    martin: Person
    frauke: Person
    office: Person
    different_fields: EntityId
    same_field: EntityId
    deleted_here: EntityId
    workshop: EntityId
    shared_measures: tuple[EntityId, ...]


@dataclass(frozen=True, slots=True)
class Adoption:
    """An idea that one town took from another.

    Attributes:
        own: what the taker then wrote in its own words; `later` what the original said anew afterwards.
    """

    original: EntityId
    lead_ags: str
    own: dict[str, Given]
    later: dict[str, Given]


@dataclass(frozen=True, slots=True)
class DemoRegion:
    """The whole region; every root stands before its children, every target of a reference is in it."""

    records: tuple[Record, ...]
    people: People
    adoptions: tuple[Adoption, ...] = ()

    def of_root(self, root_id: EntityId) -> tuple[Record, ...]:
        """A root with all that hangs below it."""
        return tuple(r for r in self.records if r.root_id == root_id)


def id_of(ref: str) -> EntityId:
    """The same id on every device for a readable reference of the demo region."""
    return derived_id("demo", ref)


def load(folder: Path) -> DemoRegion:
    """Reads and checks the region in `folder`.

    Raises:
        UnreadableFile: a file is missing or no JSON.
        GarbledChange: a record does not fit the field registry or refers to nothing.
    """
    index = _Index([row for name in (MEASURES, WORKSHOPS) for row in _lines(folder / name)])
    records = tuple(_record(row, index) for row in index.rows.values())
    told = _json(folder / PEOPLE, _text(folder / PEOPLE))
    return DemoRegion(
        records, _people(told, index), _adoptions(_json(folder / ADOPTIONS, _text(folder / ADOPTIONS)), index)
    )


class _Index:
    """All rows by reference, and their ids."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows: dict[str, Row] = {str(row["ref"]): row for row in rows}
        if len(self.rows) != len(rows):
            raise GarbledChange(reason="twice")
        self._ids = {ref: self._derive(ref, row) for ref, row in self.rows.items()}

    def id(self, ref: str, by: str) -> EntityId:
        """The id of a row that `by` refers to."""
        if ref not in self._ids:
            raise GarbledChange(ref=by, reason="reference", target=ref)
        return self._ids[ref]

    def root_of(self, ref: str) -> Row:
        """The row of the root; a root is its own."""
        return self.rows.get(str(self.rows[ref].get("root", ref)), {})

    @staticmethod
    def _derive(ref: str, row: Row) -> EntityId:
        """What exists once per workshop has the id that services derive for it: both mean one record."""
        root = id_of(str(row.get("root", ref)))
        values = row["values"]
        match row["kind"]:
            case "minutes":
                return derived_id("minutes", root)
            case "group_count":
                return derived_id("group_count", root, str(values["stakeholder_group"]))
            case "vote_result":
                return derived_id("vote_result", id_of(str(values["round_id"])), id_of(str(values["target_id"])))
        return id_of(ref)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(str(file)) from error


def _lines(file: Path) -> list[Row]:
    rows = [_json(file, line) for line in _text(file).splitlines() if line]
    if not all(isinstance(row, dict) and {"kind", "ref", "values"} <= row.keys() for row in rows):
        raise UnreadableFile(str(file))
    return rows


def _json(file: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UnreadableFile(str(file)) from error


def _record(row: Row, index: _Index) -> Record:
    ref = str(row["ref"])
    kind = KINDS.get(str(row["kind"]))
    root = index.root_of(ref)
    root_kind = KINDS.get(str(root.get("kind")))
    if kind is None or root_kind is None or not root_kind.is_root or kind.is_root != (root is row):
        raise GarbledChange(ref=ref, reason="root")
    values = {name: _value(ref, kind, name, value, index) for name, value in row["values"].items()}
    touched = round(datetime.fromisoformat(str(root["touched"])).timestamp() * 1000)
    root_id = index.id(str(root["ref"]), ref)
    return Record(kind.name, index.id(ref, ref), root_kind.name, root_id, values, touched, ref)


def _value(ref: str, kind: Kind, name: str, value: Any, index: _Index) -> Given:
    field = kind.by_name.get(name)
    if field is None or (field.merge is Merge.SET) != isinstance(value, list):
        raise GarbledChange(ref=ref, field=name, reason="field")
    given = [_mapped(ref, field, one, index) for one in (value if isinstance(value, list) else [value])]
    try:
        for one in given:
            check_value(kind, field, one)
    except FieldError as error:
        raise GarbledChange(ref=ref, field=name, reason=error.code) from error
    if isinstance(value, list):
        return tuple(dict.fromkeys(given))
    return given[0]


def _mapped(ref: str, field: Field, value: Any, index: _Index) -> Single:
    """References become ids; a dependency keeps its kind, and a bundle code stays as it is."""
    if field.type is Type.REF:
        return index.id(str(value), ref)
    if field.name == "dependencies":
        how, _, target = str(value).partition(":")
        return f"{how}:{index.id(target, ref)}" if target.startswith("m-") else str(value)
    if value is None or isinstance(value, list | dict):
        raise GarbledChange(ref=ref, field=field.name, reason="type")
    single: Single = value
    return single


def _adoptions(told: Any, index: _Index) -> tuple[Adoption, ...]:
    measure = KINDS["measure"]
    try:
        return tuple(
            Adoption(
                index.id(one["original"], ADOPTIONS),
                str(one["lead_ags"]),
                *(
                    {name: _value(ADOPTIONS, measure, name, value, index) for name, value in one[part].items()}
                    for part in ("own", "later")
                ),
            )
            for one in told
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise GarbledChange(reason="adoptions") from error


def _people(told: Any, index: _Index) -> People:
    try:
        cast = {str(p["key"]): _person(p, index) for p in told["people"]}
        story = told["story"]
        return People(
            katrin=cast["katrin"],
            martin=cast["martin"],
            frauke=cast["frauke"],
            office=cast["office"],
            different_fields=index.id(story["different_fields"], "story"),
            same_field=index.id(story["same_field"], "story"),
            deleted_here=index.id(story["deleted_here"], "story"),
            workshop=index.id(story["workshop"], "story"),
            shared_measures=tuple(index.id(ref, "story") for ref in story["shared_measures"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise GarbledChange(reason="people") from error


def _person(told: Row, index: _Index) -> Person:
    workshops = tuple(index.id(w, told["key"]) for w in told["workshops"])
    return Person(told["key"], told["name"], told["role"], told["ags"], told["place"], told["device"], workshops)
