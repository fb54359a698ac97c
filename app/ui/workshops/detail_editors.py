"""The editors for the fields of a workshop, empty: which kind each field has, and how dates and times are read."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication

from app.domain.catalogue import MinutesKind, Visibility, WorkshopFormat, WorkshopMode
from app.domain.person_fields import PERSON_FIELDS
from app.domain.reading import ParseError
from app.domain.values import PartialDate, parse_partial_date
from app.models.queries.persons import known_persons
from app.models.queries.reader import Reader
from app.ui import labels
from app.ui.widgets.choices import Choice, ChoiceBox
from app.ui.widgets.inputs import LineEdit, TextArea
from app.ui.widgets.parsed import DateEdit, ParsedEdit
from app.ui.widgets.persons import PersonEdit
from app.ui.workshops import moments

CLOCKS = ("day", "begin", "end")
_TEXTS = ("title", "place_text", "host_org", "moderation", "minute_taker")
_AREAS = ("purpose", "summary", "distribution")
_CHOICES = {
    "format": WorkshopFormat,
    "mode": WorkshopMode,
    "minutes_kind": MinutesKind,
    "visibility": Visibility,
}


def read_date(typed: str) -> PartialDate:
    """A typed date with its precision.

    Raises:
        ValueError: a German sentence.
    """
    found = parse_partial_date(typed, moments.today())
    if isinstance(found, ParseError):
        raise ValueError(" ".join(labels.error_words(found)))
    if found is None:
        raise ValueError("Kein Datum; zum Leeren bitte alles löschen.")
    return found


def words_and_choices(reader: Reader) -> dict[str, LineEdit | TextArea | ChoiceBox]:
    """By field: a line, an area or a box; lines of persons know who was named before."""
    made: dict[str, LineEdit | TextArea | ChoiceBox] = {}
    known = partial(known_persons, reader)
    for name in _TEXTS:
        make = partial(PersonEdit, known) if ("workshop", name) in PERSON_FIELDS else LineEdit
        made[name] = make(name=f"detail_{name}", accessible=_label(name))
    for name in _AREAS:
        made[name] = TextArea(name=f"detail_{name}", accessible=_label(name), lines=2)
    for name, values in _CHOICES.items():
        choices = [Choice(v.value, labels.label(v)) for v in values if v is not Visibility.PRIVATE]
        if name != "visibility":
            choices.insert(0, Choice(None, "–"))
        made[name] = ChoiceBox(choices, name=f"detail_{name}", accessible=_label(name))
    for name, editor in made.items():
        editor.setProperty("field", name)
    return made


def clocks() -> dict[str, ParsedEdit]:
    """The day, when it begins and when it ends: one field on screen, two in the record."""
    day = DateEdit(moments.read_day, moments.show_day, name="detail_day", accessible=_said("Datum"),
                   explain=lambda told: moments.weekday(told) if told else "")  # fmt: skip
    begin = ParsedEdit(moments.read_time, str, name="detail_begin", accessible=_said("Beginn"))
    end = ParsedEdit(moments.read_time, str, name="detail_end", accessible=_said("Ende"))
    return dict(zip(CLOCKS, (day, begin, end), strict=True))


def next_date() -> DateEdit:
    """When one meets again, as exactly as it is known."""
    return DateEdit(read_date, str, name="detail_next_on", accessible=_label("next_on"))


def _label(name: str) -> str:
    return labels.field_label("workshop", name)


def _said(words: str) -> str:
    return QCoreApplication.translate("Details", words)
