"""Makes the editor of a field from its entry in the registry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypedDict

from app.domain import catalogue as c
from app.domain.fields import KINDS, LINE, Field, Merge, Type
from app.domain.money import format_money
from app.domain.partial_date import PartialDate
from app.domain.person_fields import PERSON_FIELDS
from app.domain.reading import ParseError
from app.domain.values import format_percent, parse_money, parse_partial_date, parse_percent
from app.ui import labels
from app.ui.measures import names, sentences, words
from app.ui.measures.cells import show_date
from app.ui.measures.editors import (
    AreaEditor,
    BundleEditor,
    ChoiceEditor,
    Editor,
    LineEditor,
    LongText,
    ParsedEditor,
    SetEditor,
    TagEditor,
    TypedLine,
)
from app.ui.measures.places import Places
from app.ui.measures.steckbrief import PARAGRAPHS
from app.ui.widgets.choices import Choice, ChoiceBox, SetBox
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.persons import PersonEdit
from app.ui.widgets.tags import TagEdit

NONE = "Keine Angabe"
_PLACEHOLDERS = {
    Type.PARTIAL_DATE: "z. B. Q3/2026",
    Type.CENTS: "Betrag",
}


class Called(TypedDict):
    """How an editor is known: to tests, and to the screen reader."""

    name: str
    accessible: str


@dataclass(frozen=True, slots=True)
class Makings:
    """What editors need to know beyond the registry."""

    places: Places
    tags: Callable[[str], list[str]]
    today: Callable[[], date] = sentences.today
    persons: Callable[[], Sequence[str]] = tuple


def make(kind: str, name: str, makings: Makings) -> Editor:
    """The editor of a field; object name `KIND_FIELD`, accessible name the German name of the field."""
    told = KINDS[kind].by_name[name]
    called: Called = {"name": f"{kind}_{name}", "accessible": names.spoken(kind, name)}
    if told.merge is Merge.SET:
        return _set(told, called, makings)
    if told.type is Type.TEXT:
        return _text(kind, told, called, makings)
    if told.type is Type.ENUM:
        assert told.values is not None
        return _choice(words.choices(told.values, NONE), called)
    if told.type is Type.AGS:
        return _choice(makings.places.choices(), called)
    if told.type is Type.BOOL:
        return _choice([Choice(None, NONE), Choice(True, "Ja"), Choice(False, "Nein")], called)
    if name.startswith("dna_"):
        return _choice([Choice(None, NONE), *(Choice(n, w) for n, w in enumerate(words.DNA_SCALE))], called)
    if name in ("likelihood", "impact"):
        return _choice([Choice(None, NONE), *(Choice(n, w) for n, w in words.RISK_SCALE.items())], called)
    return _parsed(told, called, makings)


def _text(kind: str, told: Field, called: Called, makings: Makings) -> Editor:
    if told.name == "bundle_code":
        return BundleEditor(ChoiceBox(placeholder=NONE, **called))
    if told.limit > LINE or told.name in PARAGRAPHS:
        return AreaEditor(LongText(told.limit, placeholder="Noch leer", most=18, **called))
    if (kind, told.name) in PERSON_FIELDS:
        return LineEditor(PersonEdit(makings.persons, placeholder="Noch leer", **called))
    suggestions = partial(makings.tags, told.name) if told.name == "local_field" else None
    return LineEditor(LineEdit(placeholder="Noch leer", **called), suggestions)


def _choice(choices: list[Choice], called: Called) -> Editor:
    return ChoiceEditor(ChoiceBox(placeholder=NONE, **called), choices)


def _set(told: Field, called: Called, makings: Makings) -> Editor:
    if told.values is not None:
        return SetEditor(SetBox(words.choices(told.values), placeholder=NONE, **called))
    if told.name == "sdgs":
        return SetEditor(SetBox(words.sdg_choices(), placeholder=NONE, **called))
    if told.type is Type.AGS:
        return SetEditor(SetBox(makings.places.choices(), placeholder="Niemand sonst", **called))
    return TagEditor(TagEdit(placeholder="Hinzufügen …", suggestions=partial(makings.tags, told.name), **called))


def _parsed(told: Field, called: Called, makings: Makings) -> Editor:
    read, show, right = _meaning(told, makings)
    example = _PLACEHOLDERS.get(told.type, "Noch leer")
    line = TypedLine(read, show, placeholder=example, right=right, explain=_explain(told), **called)
    return ParsedEditor(line)


def _meaning(told: Field, makings: Makings) -> tuple[Callable[[str], Any], Callable[[Any], str], bool]:
    if told.type is Type.PARTIAL_DATE:
        return lambda typed: read_date(typed, makings.today()), show_date, False
    if told.type is Type.CENTS:
        return lambda typed: _taken(parse_money(typed)), format_money, True
    if told.type is Type.FLOAT:
        return _number, lambda value: f"{value:.10g}".replace(".", ","), True
    if told.name.endswith("_percent"):
        return lambda typed: _taken(parse_percent(typed)), format_percent, True
    return lambda typed: _whole(typed, told), str, True


def _explain(told: Field) -> Callable[[Any], str] | None:
    if told.type is not Type.PARTIAL_DATE:
        return None

    def meant(encoded: str) -> str:
        read = PartialDate.decode(encoded)
        return f"{read} · bis {read.latest():%d.%m.%Y}" if read.earliest() != read.latest() else str(read)

    return meant


def _taken(read: Any) -> Any:
    if isinstance(read, ParseError):
        raise ValueError(sentences.unreadable(read))
    return read


def read_date(typed: str, today: date) -> str | None:
    """A date as people type it, encoded; ValueError with a sentence where it is not understood."""
    read = _taken(parse_partial_date(typed, today))
    return None if read is None else str(read.encode())


def _number(typed: str) -> float:
    bare = typed.replace(" ", "").replace("\u202f", "")
    if "," in bare:
        bare = bare.replace(".", "").replace(",", ".")
    try:
        return float(bare)
    except ValueError:
        raise ValueError("Nicht als Zahl verstanden; möglich ist 12,5.") from None


def _whole(typed: str, told: Field) -> int:
    bare = typed.replace(".", "").replace(" ", "")
    if not bare.isdigit() or len(bare) > 12:
        raise ValueError("Nicht als ganze Zahl verstanden.")
    if not told.low <= int(bare) <= told.limit:
        raise ValueError(f"Möglich sind {told.low} bis {told.limit}.")
    return int(bare)


def worded(kind: str, name: str, value: Any, places: Places) -> str:
    """A value as a person reads it, for the history and for remarks; "leer" for none."""
    if value is None or value in ("", ()):
        return words.full(c.TrafficLight, "grey") if name == "traffic_light" else "leer"
    if name.startswith("dna_") and isinstance(value, int) and value < len(words.DNA_SCALE):
        return words.DNA_SCALE[value]
    return labels.value_text(kind, name, value, places.name)
