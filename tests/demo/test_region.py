"""The shipped demo region fits the registry and the programme's rules, and there is as much as promised."""

from __future__ import annotations

import re
import shutil
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.demo.region import DemoRegion, Record, id_of, load
from app.domain.access import CONSORTIUM_AGS
from app.domain.bundles import BUNDLES
from app.domain.catalogue import DependencyKind, MeasureStatus
from app.domain.encoding import check_value
from app.domain.fields import KINDS, Type
from app.domain.ids import derived_id
from app.domain.partial_date import PartialDate
from app.errors import GarbledChange, UnreadableFile
from app.services.workshops import minutes_id
from resources.demo import build, material

FOLDER = Path(build.__file__).parent


@pytest.fixture(scope="module")
def region() -> DemoRegion:
    return load(FOLDER)


@pytest.fixture(scope="module")
def places() -> set[str]:
    return {place.ags for place in material.places()}


def _of(region: DemoRegion, kind: str) -> list[Record]:
    return [record for record in region.records if record.kind == kind]


def _set(record: Record, name: str) -> tuple[Any, ...]:
    value = record.values.get(name, ())
    assert isinstance(value, tuple)
    return value


def _each(region: DemoRegion) -> list[tuple[Record, str, Any]]:
    """Every single value; sets element by element."""
    found: list[tuple[Record, str, Any]] = []
    for record in region.records:
        for name, value in record.values.items():
            found += [(record, name, one) for one in (value if isinstance(value, tuple) else (value,))]
    return found


def test_every_value_fits_the_registry(region: DemoRegion) -> None:
    for record, name, value in _each(region):
        kind = KINDS[record.kind]
        check_value(kind, kind.by_name[name], value)


def test_roots_come_before_their_children(region: DemoRegion) -> None:
    seen: set[str] = set()
    for record in region.records:
        assert record.id not in seen
        seen.add(record.id)
        assert record.root_id in seen, record.ref
        assert KINDS[record.kind].is_root == record.is_root
        assert KINDS[record.root_kind].is_root


def test_references_lead_to_a_record_of_the_right_kind(region: DemoRegion) -> None:
    kinds = {record.id: record.kind for record in region.records}
    roots = {record.id: record.root_id for record in region.records}
    wanted = {
        "measure_ids": {"measure"}, "contribution_ids": {"contribution"}, "station_id": {"station"},
        "cluster_id": {"cluster"}, "round_id": {"vote_round"}, "indicator_id": {"indicator"},
        "target_id": {"contribution"}, "agenda_item_id": {"agenda_item"}, "contribution_id": {"contribution"},
    }  # fmt: skip
    for record, name, value in _each(region):
        if KINDS[record.kind].by_name[name].type is Type.REF:
            assert kinds[value] in wanted[name], record.ref
            assert not name.endswith("_id") or roots[value] == record.root_id, record.ref


def test_municipalities_exist_and_all_59_lead_something(region: DemoRegion, places: set[str]) -> None:
    assert len(places) == 59
    for record, name, value in _each(region):
        if KINDS[record.kind].by_name[name].type is Type.AGS:
            assert value in places, record.ref
    assert {m.values["lead_ags"] for m in _of(region, "measure")} == places
    for measure in _of(region, "measure"):
        assert measure.values["lead_ags"] not in _set(measure, "participating_ags")


def test_titles_are_distinct_and_short_enough(region: DemoRegion) -> None:
    for kind in ("measure", "workshop"):
        titles = [str(record.values["title"]) for record in _of(region, kind)]
        assert max(map(len, titles)) <= 200
        assert not [title for title, count in Counter(titles).items() if count > 1]
    assert any("Nachrodt-Wiblingwerde" in str(m.values["title"]) for m in _of(region, "measure"))


def test_dates_are_readable_and_no_end_is_before_its_start(region: DemoRegion) -> None:
    for record, name, value in _each(region):
        if KINDS[record.kind].by_name[name].type is Type.PARTIAL_DATE:
            assert PartialDate.decode(value).encode() == value
    for measure in _of(region, "measure"):
        start, end = measure.values.get("start"), measure.values.get("end")
        if start and end:
            assert PartialDate.decode(str(end)).latest() >= PartialDate.decode(str(start)).earliest(), measure.ref
    for workshop in _of(region, "workshop"):
        assert str(workshop.values["ends_at"]) > str(workshop.values["starts_at"])


def test_towns_took_ideas_from_others_that_are_shared_with_them(region: DemoRegion, places: set[str]) -> None:
    measures = {record.id: record for record in _of(region, "measure")}
    assert len(region.adoptions) >= 6
    for adoption in region.adoptions:
        original = measures[adoption.original]
        assert adoption.lead_ags in places - {original.values["lead_ags"]}
        assert original.values["visibility"] in ("school", "public"), original.ref
        assert adoption.own["title"] != original.values["title"]
    assert any(adoption.later and adoption.lead_ags == "05970004" for adoption in region.adoptions)


def test_whoever_deviates_says_why(region: DemoRegion) -> None:
    for measure in _of(region, "measure"):
        if measure.values.get("traffic_light") in ("yellow", "red"):
            assert measure.values.get("traffic_light_reason"), measure.ref
        if measure.values.get("status") in ("paused", "rejected"):
            assert measure.values.get("status_reason"), measure.ref


def test_money_adds_up(region: DemoRegion) -> None:
    planned: dict[str, int] = defaultdict(int)
    eligible: dict[str, int] = defaultdict(int)
    funded: dict[str, int] = defaultdict(int)
    for item in _of(region, "cost_item"):
        planned[item.root_id] += int(str(item.values["planned_cents"]))
        eligible[item.root_id] += int(str(item.values["planned_cents"])) if item.values.get("eligible") else 0
    for item in _of(region, "funding_item"):
        funded[item.root_id] += int(str(item.values["amount_cents"]))
        if item.values["source"] == "kfw_436":
            assert item.values["rate_percent"] in (65, 90)
    totals = {m.id: m.values.get("total_cost_cents") for m in _of(region, "measure")}
    assert {root: total for root, total in planned.items() if total != totals[root]} == {}
    assert [root for root, total in funded.items() if total > eligible[root]] == []


def test_dependencies_name_a_bundle_or_a_measure(region: DemoRegion) -> None:
    measures = {measure.id for measure in _of(region, "measure")}
    for record, name, value in _each(region):
        if name == "dependencies":
            how, _, target = value.partition(":")
            assert how in DependencyKind._value2member_map_
            assert target in BUNDLES or target in measures, record.ref


def test_there_is_as_much_as_promised(region: DemoRegion) -> None:
    measures = _of(region, "measure")
    assert 240 <= len(measures) <= 280
    assert len(material.ideas()) >= 60
    assert len([m for m in measures if m.values.get("sources")]) == 30
    assert {m.values["status"] for m in measures} == set(MeasureStatus)
    documented = {r.root_id for r in region.records if r.root_kind == "measure" and not r.is_root}
    assert len(documented) >= len(measures) / 3
    used = {name for record in region.records for name in [record.kind]}
    # Attachments have bytes, which are not in a list of records; people release minutes, and name terms.
    assert used | {"attachment", "released_minutes", "term"} == set(KINDS)


def test_every_workshop_is_alive(region: DemoRegion) -> None:
    workshops = _of(region, "workshop")
    assert len(workshops) == 15
    assert sum(w.values["ags"] == "05970004" for w in workshops) >= 3
    assert len({w.values["format"] for w in workshops}) >= 10
    for workshop in workshops:
        count = Counter(record.kind for record in region.of_root(workshop.id))
        assert 15 <= count["contribution"] <= 60, workshop.ref
        assert count["agenda_item"] >= 3, workshop.ref
        assert count["station"] >= 2, workshop.ref
        assert count["group_count"] >= 3, workshop.ref
        assert count["task"] >= 1, workshop.ref
        assert count["minutes"] == 1, workshop.ref
    assert any(w.values["minutes_state"] == "released" for w in workshops)


def test_cards_and_measures_name_each_other(region: DemoRegion) -> None:
    forth = {(c.id, m) for c in _of(region, "contribution") for m in _set(c, "measure_ids")}
    back = {(c, m.id) for m in _of(region, "measure") for c in _set(m, "contribution_ids")}
    assert forth == back
    assert len(forth) >= 30


def test_the_cast_may_play_the_story(region: DemoRegion) -> None:
    people = region.people
    assert (people.katrin.name, people.katrin.device) == ("Katrin Brandt", "Laptop Rathaus 2")
    assert (people.martin.name, people.office.device) == ("Martin Hoffmann", "Agentur Olpe")
    assert people.frauke.workshops == (people.workshop,)
    both = {people.katrin.ags, people.martin.ags}
    assert both <= CONSORTIUM_AGS
    by_id = {record.id: record for record in region.records}
    for measure in (by_id[i] for i in people.shared_measures):
        assert both <= {measure.values["lead_ags"], *_set(measure, "participating_ags")}, measure.ref
        assert measure.values["visibility"] != "municipality"
    assert {people.different_fields, people.same_field, people.deleted_here} <= set(people.shared_measures)


def test_what_exists_once_per_workshop_has_the_id_that_services_give_it(region: DemoRegion) -> None:
    workshop = region.people.workshop
    found = {record.id: record for record in region.of_root(workshop)}
    assert found[minutes_id(workshop)].kind == "minutes"
    assert found[derived_id("group_count", workshop, "citizens")].values["count"] == 21


def test_every_record_was_touched_before_the_day_of_the_story(region: DemoRegion) -> None:
    day = datetime(2026, 11, 22, tzinfo=UTC).timestamp() * 1000
    touched = {record.root_id: record.touched_ms for record in region.records if record.is_root}
    assert all(record.touched_ms == touched[record.root_id] for record in region.records)
    assert max(touched.values()) < day
    assert len(set(touched.values())) == len(touched)


def test_texts_are_clean(region: DemoRegion) -> None:
    for record, name, value in _each(region):
        if isinstance(value, str):
            assert "konflikt" not in value.lower(), record.ref
            assert not re.search(r"[{}]|TODO|XXX|Lorem|None|  +(?!\S)", value), f"{record.ref} {name}: {value}"
            assert value == value.strip(), f"{record.ref} {name}"


def test_ids_are_the_same_on_every_device(region: DemoRegion) -> None:
    assert region.records[0].id == id_of("m-M01")
    assert load(FOLDER) == region


def test_the_result_is_what_the_sources_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "HERE", tmp_path)
    build.main()
    for name in ("measures.jsonl", "workshops.jsonl"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), "run: python -m resources.demo.build"


def test_it_stays_small() -> None:
    assert sum(f.stat().st_size for f in FOLDER.rglob("*") if f.is_file() and f.suffix != ".pyc") < 2_500_000


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"status": "in_operation"', '"status": "somewhere"', "code"),
        ('"title": ', '"titel": ', "field"),
        ('"kind": "measure"', '"kind": "action"', "root"),
        ('"root": "m-M01"', '"root": "m-M99"', "root"),
        ('"contribution_ids": ["', '"contribution_ids": ["nowhere/', "reference"),
    ],
)
def test_a_record_that_does_not_fit_is_named(tmp_path: Path, old: str, new: str, reason: str) -> None:
    for name in ("measures.jsonl", "workshops.jsonl", "people.json"):
        shutil.copy(FOLDER / name, tmp_path)
    file = tmp_path / "measures.jsonl"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(GarbledChange) as caught:
        load(tmp_path)
    assert caught.value.params["reason"] == reason


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        load(tmp_path)
