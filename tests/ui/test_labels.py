"""Every code has its German words, the words keep the tone of the house, and the glossary tells the truth."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from functools import cache
from typing import Any

import pytest

from app import errors
from app.domain import catalogue, reading, rules
from app.domain.catalogue import FieldOfAction, MeasureStatus, Sdg
from app.domain.fields import KINDS
from app.domain.german import title_sort_key
from app.domain.reading import ParseError, ParseFault
from app.server import admin
from app.ui import labels
from app.ui.wording import events, lists, names, refusals
from tests.architecture.source import APP, ROOT, python_files, tree

LISTS = [
    found
    for found in vars(catalogue).values()
    if isinstance(found, type) and issubclass(found, Enum) and found.__module__ == catalogue.__name__
]
ERROR_CLASSES = {
    name: found
    for module in (errors, reading)
    for name, found in vars(module).items()
    if isinstance(found, type) and issubclass(found, errors.MasswerkError)
}
NOW = datetime(2026, 11, 26, 15, 4, tzinfo=timezone(timedelta(hours=1)))


@cache
def calls() -> list[tuple[str, str, ast.Call]]:
    """Every call in the program: file, last part of the name, the call."""
    return [
        (str(file.relative_to(ROOT)), ast.unparse(node.func).rpartition(".")[2], node)
        for file in python_files("app")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call)
    ]


def literals(call: ast.Call) -> Iterator[str]:
    """Texts among the arguments, also the two of a choice."""
    for argument in [*call.args, *(k.value for k in call.keywords if k.arg == "code")]:
        for node in [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def all_words() -> Iterator[str]:
    yield from lists.FULL.values()
    yield from lists.SHORT.values()
    for kind in KINDS:
        yield from names.KINDS[kind]
    for fields in names.FIELDS.values():
        for name in fields.values():
            yield from [name] if isinstance(name, str) else name
    for slots in names.SLOTS.values():
        yield from slots.values()
    for table in (events.ACTIONS, events.VERBS, events.LOG, events.REASONS, events.FINDINGS):
        yield from table.values()
    for said in refusals.SAID.values():
        yield from said


# Nothing is without words ---------------------------------------------------------------------


@pytest.mark.parametrize("values", LISTS, ids=lambda v: v.__name__)
def test_every_code_of_a_closed_list_has_a_word_and_no_word_lost_its_code(values: type[Enum]) -> None:
    assert [m.name for m in values if not {(values, m.value)} <= lists.FULL.keys() & lists.SHORT.keys()] == []
    assert lists.TABLE_CODES[values] == {str(m.value) for m in values}
    full = [labels.label(m) for m in values]
    assert len(set(full)) == len(full)


def test_every_field_of_every_kind_has_a_name_and_no_name_lost_its_field() -> None:
    fields = {(kind.name, field.name) for kind in KINDS.values() for field in kind.fields}
    named = {(kind, field) for kind, found in names.FIELDS.items() for field in found}
    assert sorted(fields - named) == [], "give these a name in app/ui/wording/names.py"
    assert sorted(named - fields) == []
    assert set(names.KINDS) == set(KINDS)


def test_every_merge_group_has_a_name() -> None:
    groups = {(kind.name, slot.name) for kind in KINDS.values() for slot in kind.slots if slot.is_group}
    assert groups == {(kind, slot) for kind, found in names.SLOTS.items() for slot in found}


def test_every_error_code_has_a_sentence_and_a_remedy() -> None:
    codes = {found.code for found in ERROR_CLASSES.values()} | {fault.value for fault in ParseFault}
    for file, name, call in calls():
        if name not in ERROR_CLASSES or file.startswith("app/errors"):
            continue
        first = {
            "FieldError": 2,
            "TooLarge": 4,
            "ImportLineError": 2,
            "UnreadableFile": 1,
            "QuotaExceeded": 2,
            "NotAllowed": 1,
        }
        if issubclass(ERROR_CLASSES[name], errors.WrongAgency | errors.ProtocolTooOld | errors.ReplicaFork):
            continue
        said = set(literals(ast.Call(call.func, call.args[first.get(name, 0) :], call.keywords)))
        # What only the operator's command can meet is told by that command.
        codes |= said - admin.SENTENCES.keys() if file.startswith("app/server/") else said
    missing = sorted(code for code in codes if code and code not in refusals.SAID)
    assert missing == [], "give these a sentence and a remedy in app/ui/wording/refusals.py"


def test_every_reason_of_its_own_belongs_to_an_error() -> None:
    codes = {found.code for found in ERROR_CLASSES.values()}
    assert {key.partition("/")[0] for key in refusals.SAID if "/" in key} <= codes


def test_every_action_has_words() -> None:
    spoken = {
        action
        for file, name, call in calls()
        if name == "change" and file.startswith(("app/services", "app/demo"))
        for action in literals(call)
        if "." in action
    }
    verbs = {
        part.value.removeprefix(".")
        for file, name, call in calls()
        if name == "change" and file.startswith("app/services")
        for argument in call.args
        if isinstance(argument, ast.JoinedStr)
        for part in argument.values
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }
    assert {"measure.create", "version.decide"} <= spoken
    spoken |= {f"{kind}.{verb}" for kind in KINDS for verb in verbs}
    assert sorted(action for action in spoken if labels.action_text(action) == action) == []


def test_every_line_of_the_log_has_words() -> None:
    spoken = {
        node.value
        for _, name, call in calls()
        if name in ("note", "note_records", "_write", "_name")
        for node in ast.walk(call)  # several lines at once are named in a list
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.fullmatch(r"[a-z]+\.[a-z_]+", node.value)
    }
    spoken |= {
        node.value
        for node in ast.walk(tree(APP / "models" / "journal.py"))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z]+\.[a-z_]+", node.value)
    }
    assert {"record.sent", "sync.done"} <= spoken
    assert sorted(spoken - set(events.LOG)) == []


def test_every_finding_has_words() -> None:
    spoken = {
        code.value
        for file, name, call in calls()
        if name == "Finding" and file == "app/domain/rules.py"
        for code in call.args[1:2]
        if isinstance(code, ast.Constant)
    }
    assert spoken
    assert spoken <= set(events.FINDINGS)
    assert labels.finding_text(rules.completeness({}, {})[0].code) == "fehlt"


# The tone of the house ------------------------------------------------------------------------


def test_no_word_on_the_screen_speaks_of_conflict_or_says_du() -> None:
    wrong = re.compile(r"konflikt|\b(du|dein|deine|dir|dich)\b|\bUser\b|Fehlercode|ungültig", re.IGNORECASE)
    assert [words for words in all_words() if wrong.search(words)] == []


def test_words_are_tidy() -> None:
    assert [words for words in all_words() if words != words.strip() or "  " in words or not words] == []
    assert [words for said in refusals.SAID.values() for words in said if not words.endswith((".", ":"))] == []


def test_short_words_are_not_longer_than_the_full_ones_and_fit_a_chip() -> None:
    assert [m for m in lists.FULL if len(lists.SHORT[m]) > len(lists.FULL[m])] == []
    table = [m for values in (MeasureStatus, FieldOfAction) for m in values]
    assert [labels.short_label(m) for m in table if len(labels.short_label(m)) > 16] == []


def test_the_words_of_the_pictures_are_the_words_of_the_program() -> None:
    short = labels.short_label
    assert short(FieldOfAction.ADMINISTRATION_PARTICIPATION) == "Verwaltung"
    assert short(FieldOfAction.EDUCATION_CULTURE_TOURISM) == "Bildung & Kultur"
    assert short(MeasureStatus.IN_OPERATION) == "Im Betrieb"
    assert labels.label(MeasureStatus.IN_OPERATION) == "Im Betrieb/Verstetigt"
    assert labels.slot_label("measure", "state") == "Status, Begründung, Datum"


def test_labels_need_no_qt() -> None:
    code = "import sys, app.ui.labels; sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


# What is said ---------------------------------------------------------------------------------


def test_history_lines_name_what_was_done() -> None:
    say = labels.action_text
    assert say("measure.create") == "Maßnahme angelegt"
    assert say("measure.edit", [("measure", "maturity")]) == "Reifegrad geändert"
    assert say("measure.edit", [("measure", "light"), ("measure", "tags")]) == (
        "Ampel, Begründung, Schlagworte geändert"
    )
    assert say("measure.edit", [("measure", f) for f in ("title", "tags", "goals", "licence")]) == (
        "Titel, Schlagworte und 2 weitere Felder geändert"
    )
    assert say("measure.delete_many") == "Mehrere Maßnahmen gelöscht"
    assert say("contribution.promote") == "Karte zu Maßnahme gemacht"
    assert say("milestone.delete") == "Meilenstein gelöscht"
    assert say("from.a_newer_version") == "from.a_newer_version"


def test_log_lines_name_the_record_and_count_in_german() -> None:
    assert labels.log_text("record.sent", {"title": "LoRaWAN", "receipt": 4713}) == (
        "„LoRaWAN“ übertragen, Quittung 4713."
    )
    assert labels.log_text("sync.done", {"sent": 1, "received": 0, "receipt": 4}) == (
        "Abgleich beendet: 1 Änderung quittiert, keine Einträge geholt."
    )
    assert labels.log_text("records.gone", {"count": 1}) == ("1 Eintrag ist für dieses Gerät nicht mehr freigegeben.")
    told = labels.log_text("change.quarantined", {"title": "Olpe App", "reason": "not_allowed"})
    assert told.endswith("Diese Maßnahme darf von hier aus nicht geändert werden.")
    assert labels.log_text("some.thing", {}) == "some.thing"


def test_errors_say_what_happened_and_what_to_do() -> None:
    assert labels.error_words(errors.FieldError("measure", "lead_ags", "blank"))[0] == "„Federführung“ ist leer."
    assert (
        "2\u00a0000\u00a0001 Zeichen"
        in labels.error_words(errors.TooLarge("measure", "goals", 2_000_001, 2_000_000))[0]
    )
    assert labels.error_words(errors.ImportLineError(1204, 3))[0] == ("Zeile 1204, Spalte 3 kann nicht gelesen werden.")
    assert "30 Sekunden" in labels.error_words(errors.AgencyBusy(30.0))[1]
    assert labels.error_words(errors.KeyUnavailable(reason="locked"))[0].startswith("Der Schlüsselbund")
    assert labels.error_words(ParseError(ParseFault.MONEY_AMBIGUOUS, "1,234"))[0].startswith("Dieser Betrag")


def test_codes_of_a_newer_version_fall_back_and_never_fail() -> None:
    assert labels.error_words(errors.AgencyRefused("brand_new")) == labels.error_text("agency_refused")
    assert "brand_new" in labels.error_text("brand_new")[0]
    assert labels.label_of(MeasureStatus, "brand_new") == "brand_new"
    assert labels.field_label("measure", "brand_new") == "brand_new"
    assert labels.kind_label("brand_new") == "brand_new"
    assert labels.date_text("kaputt") == "kaputt"


@pytest.mark.parametrize("name", sorted(ERROR_CLASSES))
def test_no_text_is_left_with_a_hole(name: str) -> None:
    given: dict[str, tuple[Any, ...]] = {
        "FieldError": ("measure", "title"),
        "TooLarge": ("measure", "title", 300, 200),
        "ImportLineError": (3, 4),
        "UnreadableFile": ("liste.csv",),
        "QuotaExceeded": (2, 1),
        "NotAllowed": ("edit",),
        "NewerSchema": ("2", "1"),
        "AgencyBusy": (5.0,),
        "WrongAgency": ("a", "b"),
        "ProtocolTooOld": ("1", "2"),
        "ReplicaFork": ("7", 1),
        "ParseError": (ParseFault.AGS_UNKNOWN, "1"),
    }
    said = labels.error_words(ERROR_CLASSES[name](*given.get(name, ())))
    assert not [words for words in said if "?" in words or "{" in words]


def test_stored_values_are_shown_as_people_read_them() -> None:
    show = labels.value_text
    assert show("measure", "status", "in_operation") == "Im Betrieb/Verstetigt"
    assert show("measure", "start", "2024-Q3") == "Q3/2024"
    assert show("measure", "total_cost_cents", 34_000_000) == "340.000 €"
    assert show("measure", "progress_percent", 65) == "65 %"
    assert show("measure", "fields_of_action", {"mobility", "energy"}) == "Energie, Mobilität"
    assert show("measure", "sdgs", ["13", "4"]) == "Hochwertige Bildung, Maßnahmen zum Klimaschutz"
    assert show("measure", "lead_ags", "05966024", {"05966024": "Olpe"}.__getitem__) == "Olpe"
    assert show("measure", "lat", 51.25) == "51,25"
    assert show("cost_item", "eligible", False) == "nein"
    assert show("workshop", "starts_at", "2026-11-26T19:00") == "26.11.2026, 19:00"
    assert [show("measure", "title", none) for none in (None, "")] == ["–", "–"]
    assert show("measure", "tags", ()) == "–"
    assert labels.label_of(Sdg, "99") == "99"


def test_times_are_told_from_where_the_reader_stands() -> None:
    at = NOW.replace(hour=14, minute=51).astimezone(UTC)
    assert labels.when(at, NOW) == "heute 14:51"
    assert labels.when_short(at, NOW) == "14:51"
    assert labels.when(at - timedelta(days=1), NOW) == "gestern 14:51"
    assert labels.when_short(at - timedelta(days=1), NOW) == "gestern"
    long_ago = datetime(2025, 2, 12, 9, 41, tzinfo=UTC)
    assert labels.when(long_ago, NOW) == "12.02.2025"
    assert labels.when_exactly(long_ago, NOW) == "12.02.2025, 10:41"
    assert labels.when_short(long_ago, NOW) == "12.02.25"
    assert labels.when_short(datetime(2026, 2, 28, 9, tzinfo=UTC), NOW) == "28.02."
    assert labels.when(at + timedelta(days=700), NOW) == "26.10.2028"
    assert labels.local_time(int(at.timestamp() * 1000), NOW) == at
    assert labels.saved_at(datetime(2026, 11, 26, 19, 32, 8, tzinfo=UTC)) == "gespeichert 19:32:08"


def test_the_status_line_counts_in_german() -> None:
    assert labels.pending_text(0) == "Alles übertragen"
    assert labels.pending_text(1) == "1 Änderung noch nicht übertragen"
    assert labels.pending_text(12) == "12 Änderungen noch nicht übertragen"
    assert (labels.questions_text(0), labels.questions_text(1)) == ("", "1 offene Frage")
    at = NOW.replace(hour=14, minute=32)
    assert labels.receipt_text(at, NOW, 4711) == "letzter Abgleich heute 14:32, Quittung\u00a04711"
    assert labels.receipt_text(None, NOW) == "noch nie abgeglichen"
    assert labels.count(0, "Karte", "Karten") == "keine Karten"
    assert labels.number(1_234_567) == "1\u00a0234\u00a0567"


# The glossary ---------------------------------------------------------------------------------

GLOSSARY = ROOT / "docs" / "glossary.md"


def glossary() -> list[tuple[str, str, list[str]]]:
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    return [(german, english, re.findall(r"`([^`]+)`", code)) for german, english, code in rows[2:]]


@cache
def identifiers() -> frozenset[str]:
    """Every name in the program, and every short text constant (kinds, fields, codes)."""
    found: set[str] = set()
    for file in python_files("app"):
        found.add(file.stem)
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.ClassDef | ast.FunctionDef):
                found.add(node.name)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 40:
                found.add(node.value)
    return frozenset(found)


def test_every_name_of_the_glossary_is_a_name_of_the_program() -> None:
    names_told = [code for _, _, codes in glossary() for code in codes]
    assert len(names_told) > 40
    assert [code for code in names_told if code not in identifiers()] == []


def test_every_kind_and_every_closed_list_is_in_the_glossary() -> None:
    told = {code for _, _, codes in glossary() for code in codes}
    assert sorted({*KINDS} - told) == []
    assert sorted({values.__name__ for values in LISTS} - told) == []


def test_the_glossary_says_kinds_as_the_screen_says_them() -> None:
    german = {code: words for words, _, codes in glossary() for code in codes}
    assert {kind: german[kind] for kind in KINDS if labels.kind_label(kind) not in german[kind]} == {}


def test_the_glossary_is_in_the_order_of_the_dictionary() -> None:
    german = [words for words, _, _ in glossary()]
    assert german == sorted(german, key=title_sort_key)


def test_the_program_is_where_the_tests_think_it_is() -> None:
    assert APP.name == "app"
    assert len(calls()) > 1000


def test_the_same_code_in_two_lists_keeps_its_own_word() -> None:
    told = [labels.label(MeasureStatus.IN_PROGRESS), labels.label(catalogue.TaskStatus.IN_PROGRESS)]
    assert told == ["In Umsetzung", "In Arbeit"]
