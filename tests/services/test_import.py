"""A list of measures as a spreadsheet writes it: preview, one undoable change per record, faults by place."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.region import Region
from app.errors import ImportLineError, UnreadableFile
from app.models.queries import lists, records, syncing
from app.models.queries.lists import MeasureFilter
from app.models.settings import encode_grant
from app.models.store import Store
from app.services import history, measures
from app.services.exchange.measure_import import Preview, preview, take_over
from app.services.workspace import Workspace
from tests.services.conftest import BERLEBURG

LIST = Path(__file__).parents[1] / "fixtures" / "massnahmen.csv"
TITLES = ["Radweg an der Eder", "Gemeinsame Sensoren", "Bürgerhaus öffnen", "Nur in Olpe", "Letzte Zeile"]


def titles(workspace: Workspace) -> list[str]:
    ids = lists.measure_ids(workspace.reader, MeasureFilter())
    return sorted(line.title for line in lists.measure_lines(workspace.reader, ids).values())


def places(faults: tuple[ImportLineError, ...]) -> list[tuple[int, int, str]]:
    return [(f.line, f.column, f.code) for f in faults]


def change_number(workspace: Workspace) -> int:
    return syncing.standing(workspace.reader).pending


def plan_of(found: Preview, title: str) -> dict[str, object]:
    return next(p.values for p in found.plans if p.title == title)


def test_the_preview_says_what_would_happen_and_writes_nothing(workspace: Workspace, region: Region) -> None:
    found = preview(workspace, region, LIST)
    assert [(p.what, p.line, p.title) for p in found.plans] == [
        ("new", 2, TITLES[0]),
        ("new", 3, TITLES[1]),
        ("new", 4, TITLES[2]),
        ("new", 11, TITLES[3]),
        ("new", 12, TITLES[4]),
    ]
    assert titles(workspace) == []
    assert change_number(workspace) == 0


def test_cells_are_read_as_they_are_written_in_german_towns(workspace: Workspace, region: Region) -> None:
    found = preview(workspace, region, LIST)
    path = plan_of(found, TITLES[0])
    assert (path["start"], path["end"], path["total_cost_cents"]) == ("2026-Q3", "2027", 11_800_000)
    assert path["short_description"] == 'Lückenschluss; beschildert und "beleuchtet", auch im Winter.'
    assert (path["status"], path["tags"]) == ("approved", ("Rad", "Alltag"))
    sensors = plan_of(found, TITLES[1])
    assert sensors["lead_ags"] == "05958004"
    assert sensors["participating_ags"] == (BERLEBURG, "05966024")
    house = plan_of(found, TITLES[2])
    assert (house["start"], house["end"], house["total_cost_cents"]) == ("2026-H1", "2027-03-12", 125_000)
    assert house["short_description"] == "Zwei Zeilen\nin einer Zelle."


def test_a_line_that_cannot_be_understood_is_named_by_line_and_column(workspace: Workspace, region: Region) -> None:
    found = preview(workspace, region, LIST)
    assert places(found.faults) == [
        (6, 12, "parse.money_not_understood"),
        (7, 11, "end_before_start"),
        (8, 7, "word_unknown"),
        (9, 2, "blank"),
        (10, 17, "cell_count"),
    ]
    assert [f.params["value"] for f in found.faults[:3]] == ["etwa viel", "2026", "Weltraum"]
    done = take_over(workspace, found)
    assert (done.new, done.changed, done.faults) == (5, 0, ())
    assert titles(workspace) == sorted(TITLES)


def test_every_record_is_one_change_and_one_step_back(store: Store, workspace: Workspace, region: Region) -> None:
    take_over(workspace, preview(workspace, region, LIST))
    assert change_number(workspace) == 5
    for left in range(4, -1, -1):
        assert history.next_undo(store) == "measure.import"
        history.undo(store)
        assert len(titles(workspace)) == left
    assert history.next_undo(store) is None


def test_the_same_file_again_changes_nothing(workspace: Workspace, region: Region) -> None:
    take_over(workspace, preview(workspace, region, LIST))
    again = preview(workspace, region, LIST)
    assert {p.what for p in again.plans} == {"same"}
    before = change_number(workspace)
    assert take_over(workspace, again).changed == 0
    assert change_number(workspace) == before


def test_only_what_differs_is_written_and_nothing_that_somebody_added_is_taken_away(
    store: Store, workspace: Workspace, region: Region
) -> None:
    take_over(workspace, preview(workspace, region, LIST))
    (measure,) = (hit.id for hit in lists.search(workspace.reader, "Lückenschluss"))
    measures.edit(store, measure, {"tags": ("Rad", "Schulweg"), "goals": "Sicher zur Schule", "end": "2028"})
    again = preview(workspace, region, LIST)
    (plan,) = (p for p in again.plans if p.what == "change")
    assert set(plan.fields) == {"tags", "end"}
    take_over(workspace, again)
    record = records.get_record(workspace.reader, "measure", measure)
    assert record is not None
    assert record.elements("tags") == ("Alltag", "Rad", "Schulweg")
    assert (record.get("end"), record.get("goals")) == ("2027", "Sicher zur Schule")


def test_a_coordinator_who_has_joined_takes_only_what_concerns_the_own_town(
    store: Store, workspace: Workspace, region: Region
) -> None:
    store.put_settings(agency="a", agency_url="http://127.0.0.1", grant=encode_grant("coordinator", BERLEBURG, []))
    found = preview(workspace, region, LIST)
    assert [p.title for p in found.plans if p.what == "foreign"] == [TITLES[3]]
    assert take_over(workspace, found).new == 4
    assert TITLES[3] not in titles(workspace)


def test_windows_letters_and_commas_are_read_too(workspace: Workspace, region: Region, tmp_path: Path) -> None:
    whole = preview(workspace, region, LIST)
    old = tmp_path / "alt.csv"
    old.write_bytes(LIST.read_text(encoding="utf-8-sig").encode("cp1252"))
    assert [p.values for p in preview(workspace, region, old).plans] == [p.values for p in whole.plans]
    plain = tmp_path / "komma.csv"
    plain.write_text('Titel,AGS\n"Brücke, neu",05970004\n', encoding="utf-8")
    assert [p.title for p in preview(workspace, region, plain).plans] == ["Brücke, neu"]


def test_the_same_measure_twice_in_one_file_is_taken_once(workspace: Workspace, region: Region, tmp_path: Path) -> None:
    twice = tmp_path / "doppelt.csv"
    twice.write_text("Titel;AGS\nBrücke;05970004\nBrücke;05970004\n", encoding="utf-8")
    found = preview(workspace, region, twice)
    assert [p.line for p in found.plans] == [2]
    assert places(found.faults) == [(3, 1, "line_double")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"PK\x03\x04\x00\x00", "file_not_text"),
        (b"Nr;Kosten\n1;2\n", "no_title_column"),
        (None, "file_missing"),
    ],
)
def test_a_file_that_is_no_list_is_refused_as_a_whole(
    workspace: Workspace, region: Region, tmp_path: Path, content: bytes | None, code: str
) -> None:
    file = tmp_path / "liste.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UnreadableFile) as refused:
        preview(workspace, region, file)
    assert refused.value.code == code


def test_a_cell_of_ten_megabytes_is_a_fault_of_its_line_only(
    workspace: Workspace, region: Region, tmp_path: Path
) -> None:
    file = tmp_path / "gross.csv"
    file.write_text(f"Titel;AGS\n{'x' * 10_000_000};05970004\nBrücke;05970004\n", encoding="utf-8")
    found = preview(workspace, region, file)
    done = take_over(workspace, found)
    assert titles(workspace) == ["Brücke"]
    assert [f.line for f in (*found.faults, *done.faults)] == [2]


def test_dependencies_without_a_known_code_are_kept_as_words(workspace: Workspace, region: Region) -> None:
    found = preview(workspace, region, LIST)
    assert plan_of(found, TITLES[1])["internal_note"] == "Abhängigkeiten: baut auf A01"
    assert next(p.hints for p in found.plans if p.title == TITLES[1]) == ("Abhängigkeiten",)
