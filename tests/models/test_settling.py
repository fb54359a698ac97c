"""What is written beside a record: the typed row, the index, the questions, the history."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from sqlalchemy import event, select

from app.domain.fields import DELETION_SLOT, KINDS, Merge, Type
from app.domain.ids import new_id
from app.models.engine import reading
from app.models.store import Store
from app.models.tables import kind_tables, metadata, participant, question, superseded
from tests.architecture.source import APP, imports, python_files, tree
from tests.models.desk import AGS, edit, found_by, live, make_measure, questions, row_of, shown
from tests.models.tiny_agency import TinyAgency, exchange

Desks = Callable[[str], Store]
TITLE = KINDS["measure"].slot_of["title"].id
SAMPLES: dict[Type, object] = {
    Type.TEXT: "Ort", Type.FLOAT: 51.5, Type.BOOL: True, Type.CENTS: 12_345,
    Type.PARTIAL_DATE: "2025-Q3", Type.INSTANT: "2025-03-12T10:00:00Z", Type.LOCAL_TIME: "2025-03-12T10:00",
    Type.AGS: AGS, Type.ORDER: "a", Type.HASH: "0" * 64,
}  # fmt: skip


def disagree(desks: Desks) -> tuple[Store, Store, TinyAgency, str]:
    """Two desks that wrote the same title differently and have both heard of it."""
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    made = make_measure(here)
    exchange(here, agency)
    exchange(there, agency)
    edit(here, made, title="Hier")
    edit(there, made, title="Dort")
    exchange(here, agency)
    exchange(there, agency)
    exchange(here, agency)
    return here, there, agency, made


def test_two_versions_ask_a_question_and_an_answer_closes_it_everywhere(desks: Desks) -> None:
    here, there, agency, made = disagree(desks)
    assert questions(here) == questions(there) == [(made, TITLE)]
    edit(here, made, title="Gemeinsam")
    assert questions(here) == []
    exchange(here, agency)
    exchange(there, agency)
    assert questions(there) == []
    assert shown(there, made, "title") == "Gemeinsam"


def test_equal_words_of_two_people_ask_nothing(desks: Desks) -> None:
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    made = make_measure(here)
    exchange(here, agency)
    exchange(there, agency)
    edit(here, made, title="Gleich")
    edit(there, made, title="Gleich")
    exchange(here, agency)
    exchange(there, agency)
    exchange(here, agency)
    assert questions(here) == questions(there) == []


def test_both_desks_show_the_same_version_for_now(desks: Desks) -> None:
    here, there, _, made = disagree(desks)
    assert shown(here, made, "title") == shown(there, made, "title") == "Dort"


def test_a_deletion_of_what_somebody_edits_asks(desks: Desks) -> None:
    here, there, agency = desks("here"), desks("there"), TinyAgency()
    made = make_measure(here)
    exchange(here, agency)
    exchange(there, agency)
    with here.change("measure.delete") as draft:
        draft.delete("measure", made)
    assert row_of(here, made).gone == 1
    edit(there, made, goals="Weiter")
    exchange(here, agency)
    exchange(there, agency)
    exchange(here, agency)
    for desk in (here, there):
        assert questions(desk) == [(made, DELETION_SLOT)]
        assert row_of(desk, made).gone == 0
    with reading(here.engine) as connection:
        assert connection.execute(select(question.c.root_id)).scalar() == made


def test_every_version_that_was_overwritten_is_kept(desks: Desks) -> None:
    here, there, agency, made = disagree(desks)
    edit(here, made, title="Gemeinsam")
    edit(here, made, title="Endgültig")
    exchange(here, agency)
    exchange(there, agency)
    kept = {}
    for desk in (here, there):
        with reading(desk.engine) as connection:
            found = connection.execute(select(superseded).where(superseded.c.slot == TITLE))
            kept[desk] = {orjson.loads(f.value) for f in found}
    assert kept[here] == {"Radweg", "Hier", "Dort", "Gemeinsam"}
    assert kept[there] >= {"Radweg", "Hier", "Dort"}, "and never saw what stood between two exchanges"


def test_search_finds_new_words_and_no_longer_old_ones(store: Store) -> None:
    made = make_measure(store, "Möhneseebahn", goals="Straßenbeleuchtung erneuern")
    for words in ("mohneseebahn", "strassenbeleuchtung", "strass*"):
        assert found_by(store, words) == [made], words
    edit(store, made, title="Lippebahn")
    assert found_by(store, "mohneseebahn") == []
    assert found_by(store, "lippebahn") == [made]
    with store.change("measure.delete") as draft:
        draft.delete("measure", made)
    assert found_by(store, "lippebahn") == []
    edit(store, made, goals="Im Papierkorb geändert")
    assert found_by(store, "papierkorb") == [made], "an edit brings a deleted record back"
    store.undo()
    store.undo()
    assert found_by(store, "lippebahn") == [made]


@pytest.mark.parametrize("name", KINDS)
def test_every_field_of_every_kind_comes_back_from_its_column(store: Store, name: str) -> None:
    kind = KINDS[name]
    values: dict[str, object] = {}
    for f in kind.fields:
        if f.merge is Merge.TEXT:
            continue
        if f.type is Type.REF:
            value: object = new_id()
        elif f.type is Type.ENUM:
            assert f.values is not None
            value = next(iter(f.values)).value
        else:
            value = max(2, f.low) if f.type is Type.INT else SAMPLES[f.type]
        values[f.name] = [value] if f.merge is Merge.SET else value
    for owner in ("lead_ags", "ags"):
        if owner in values:
            values[owner] = AGS
    made, root = new_id(), make_measure(store)
    with store.change("all") as draft:
        draft.create(name, made, None if kind.is_root else ("measure", root), values)
    state = live(store, made, name)
    assert state is not None
    for field, value in values.items():
        slot = kind.slot_of[field]
        column = shown(store, made, field, name)
        if slot.merge is Merge.SET:
            assert (orjson.loads(column), state.set(slot.id).value) == (value, tuple(value))  # type: ignore[arg-type]
        elif slot.merge is Merge.COUNTER:
            assert (column, state.counters[slot.id].value) == (value, value)
        else:
            told = state.register(slot.id).value
            told = told[[f.name for f in slot.fields].index(field)] if isinstance(told, tuple) else told
            assert (column, told) == (value, value)


def test_typed_tables_agree_with_the_registry() -> None:
    assert set(kind_tables) == set(KINDS)
    for name, kind in KINDS.items():
        columns = set(kind_tables[name].c.keys())
        assert columns - {f.name for f in kind.fields} == {"row", "root_id", "gone", "changed_at", "sort_key"}
        assert {f.name for f in kind.fields} <= columns


def test_participants_have_no_way_out() -> None:
    """Not in the registry, hence never in a change; and nothing that talks to the agency names them."""
    assert participant.name not in KINDS
    assert participant.name in metadata.tables
    words = {"participant", "participants"}
    for file in [*python_files("app/sync"), APP / "models" / "outbox.py", APP / "models" / "incoming.py"]:
        assert not [name for name in imports(file) if words & set(name.split("."))], file
        assert not words & _names(file), file


def _names(file: Path) -> set[str]:
    import ast

    nodes = list(ast.walk(tree(file)))
    named = {n.id for n in nodes if isinstance(n, ast.Name)} | {n.attr for n in nodes if isinstance(n, ast.Attribute)}
    imported = {alias.name for n in nodes if isinstance(n, ast.ImportFrom) for alias in n.names}
    said = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return named | imported | said


def test_what_the_agency_dealt_with_is_looked_for_among_what_waits_not_in_all_that_was_ever_done(desks: Desks) -> None:
    here, agency = desks("here"), TinyAgency()
    asked: list[tuple[str, object]] = []

    def note(conn: object, cursor: object, statement: str, parameters: object, *more: object) -> None:
        if statement.startswith("SELECT change.seq, change.replica, change.n "):
            asked.append((statement, parameters))

    make_measure(here)
    event.listen(here.engine, "before_cursor_execute", note)
    exchange(here, agency)
    event.remove(here.engine, "before_cursor_execute", note)
    (statement, parameters), *_ = asked
    with reading(here.engine) as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()  # type: ignore[arg-type]
    steps = [str(row[3]) for row in plan]
    assert steps[0] == "SEARCH change USING INDEX ix_change_state (state=? AND seq<?)"
    assert "COVERING INDEX" in steps[-1]
