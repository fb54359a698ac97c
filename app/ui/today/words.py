"""German sentences of Heute: deadlines, the day, what others did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from app.domain.catalogue import TrafficLight
from app.domain.fields import KINDS
from app.models.queries.news import NewsLine
from app.models.queries.today import Meeting, TaskLine
from app.models.queries.versions import Fassung, Question
from app.ui import labels
from app.ui.measures import words as shapes
from app.ui.sync import words as sync_words
from app.ui.widgets.glyphs import Glyph

Place = Callable[[str], str]

DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
SHORT_DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip
SHORT_MONTHS = ("Jan", "Feb", "März", "Apr", "Mai", "Juni", "Juli", "Aug", "Sept", "Okt", "Nov", "Dez")
_SOON = 14
_DEEDS = {"new": "Neu", "gone": "Gelöscht", "back": "Wieder da"}


def day_title(day: date) -> str:
    """ "Montag, 23. November"."""
    return f"{DAYS[day.weekday()]}, {day.day}. {MONTHS[day.month - 1]}"


def day_note(day: date, due: int, meeting: Meeting | None) -> str:
    """The week, what is due, and the workshop of this week: all a person needs before the first coffee."""
    told = [f"KW {day.isocalendar().week}"]
    told.append(f"{labels.count(due, 'Aufgabe', 'Aufgaben')} fällig" if due else "keine Aufgabe fällig")
    starts = _day_of(meeting.starts_at) if meeting is not None else None
    if meeting is not None and starts is not None and (starts - day).days < 7:
        told.append(f"{near_day(starts, day)} {meeting.title}")
    return " · ".join(told)


def near_day(day: date, today: date) -> str:
    """ "heute", "morgen", "Donnerstag"; for days within a week."""
    return {0: "heute", 1: "morgen"}.get((day - today).days, DAYS[day.weekday()])


def _day_of(stored: str) -> date | None:
    try:
        return datetime.fromisoformat(stored).date()
    except ValueError:
        return None


# Tasks ----------------------------------------------------------------------------------------


def deadline(task: TaskLine, today: date) -> tuple[str, Glyph | None, str]:
    """(words, shape, colour role) of a deadline: overdue, today, later, none."""
    if task.deadline is None:
        return ("ohne Termin" if not task.due else labels.date_text(task.due), None, "muted")
    exact = len(task.due) == len("2026-11-23")
    if task.deadline < today:
        when = _short(task.deadline, today) if exact else labels.date_text(task.due)
        return f"überfällig seit {when}", Glyph.DIAMOND, "danger"
    if task.deadline == today:
        return "heute", Glyph.LIGHT_WARNING, "warning"
    if exact and task.deadline - today < timedelta(days=_SOON):
        return _short(task.deadline, today), None, "muted"
    return labels.date_text(task.due), None, "muted"


def _short(day: date, today: date) -> str:
    if abs((day - today).days) > _SOON * 2:
        return f"{day:%d.%m.%Y}"
    return f"{SHORT_DAYS[day.weekday()]} {day:%d.%m.}"


def task_sentence(task: TaskLine, today: date) -> str:
    """A task as the screen reader says it."""
    root = f"{labels.kind_label(task.root_kind)} {task.root_title}" if task.root_title else ""
    who = f"verantwortlich {task.responsible}" if task.responsible else ""
    return ", ".join(one for one in (task.title, root, who, deadline(task, today)[0]) if one)


# Workshops ------------------------------------------------------------------------------------


def meeting_day(meeting: Meeting) -> tuple[str, str]:
    """("26", "Nov") for the leaf of the calendar; dashes for a date nobody can read."""
    day = _day_of(meeting.starts_at)
    return (f"{day.day:02}", SHORT_MONTHS[day.month - 1]) if day is not None else ("–", "")


def meeting_detail(meeting: Meeting) -> str:
    """ "Schützenhaus Aue, 18:30–20:45"."""
    return ", ".join(one for one in (meeting_place(meeting), meeting_times(meeting)) if one)


def meeting_place(meeting: Meeting) -> str:
    """Where it is; says so where neither place nor time is known."""
    return meeting.place or ("" if meeting_times(meeting) else "Ort noch offen")


def meeting_times(meeting: Meeting) -> str:
    """ "18:30–20:45", "" for none."""
    return "–".join(t for t in (_time(meeting.starts_at), _time(meeting.ends_at)) if t)


def _time(stored: str) -> str:
    return stored[11:16] if len(stored) >= 16 else ""


def meeting_sentence(meeting: Meeting) -> str:
    """A workshop as the screen reader says it."""
    day = _day_of(meeting.starts_at)
    when = day_title(day) if day is not None else ""
    heads = expected(meeting)
    return ", ".join(one for one in (meeting.title, when, meeting_detail(meeting), heads) if one)


def expected(meeting: Meeting) -> str:
    """How many people come, "" while nobody has entered it."""
    return f"{labels.number(meeting.expected)} erwartet" if meeting.expected else ""


# What others did ------------------------------------------------------------------------------


def news_title(line: NewsLine) -> str:
    """The record it is about, by the name of its root."""
    return line.root_title or line.title or labels.kind_label(line.root_kind)


def news_who(line: NewsLine, place: Place) -> str:
    """ "Jonas Sauer, Soest", for what one follows with these words behind it."""
    who = line.person or "Jemand anders"
    told = f"{who}, {place(line.ags)}" if line.ags else who
    return f"{told} · Sie folgen" if line.followed else told


def news_field(line: NewsLine) -> str:
    """ "Status", "Meilenstein „Vergabe“: Fällig"; how many more of its group changed with it."""
    about = labels.short_field_label(line.kind, line.field) if line.field else ""
    about += " u. a." if line.more else ""
    if line.id == line.root_id:
        return about
    part = labels.kind_label(line.kind)
    part = f"{part} „{line.title}“" if line.title else part
    return f"{part}: {about}" if about else part


def news_values(line: NewsLine, place: Place) -> tuple[str, str]:
    """(what stood here, what stands now); the first is "" for what is new, gone or back."""
    if line.deed != "changed":
        return "", _DEEDS[line.deed]
    before = labels.value_text(line.kind, line.field, line.before, place)
    after = labels.value_text(line.kind, line.field, line.after, place)
    before, after = " ".join(before.split()), " ".join(after.split())
    return _from_difference(before, after)


def _from_difference(before: str, after: str) -> tuple[str, str]:
    """Long texts begin alike: both are told from a little before the word that differs."""
    alike = next(
        (n for n, (b, a) in enumerate(zip(before, after, strict=False)) if b != a), min(len(before), len(after))
    )
    start = before.rfind(" ", 0, max(0, alike - 12)) + 1
    if alike < 40 or start <= 0:
        return before, after
    return f"… {before[start:]}", f"… {after[start:]}"


def news_glyph(line: NewsLine) -> Glyph | None:
    """The shape of a new Ampel; other values say enough by their word."""
    return shapes.glyph(TrafficLight, line.after) if line.field == "traffic_light" else None


def news_sentence(line: NewsLine, place: Place, now: datetime) -> str:
    """A change as the screen reader says it."""
    before, after = news_values(line, place)
    told = f"{news_field(line)}: vorher {before}, jetzt {after}" if before else f"{news_field(line)} {after}".strip()
    return f"{news_title(line)}, {told}, von {news_who(line, place)}, {when(line.at, now)}"


def when(at_ms: int, now: datetime) -> str:
    """ "heute 08:12", "Sa 21.11.", "12.02.2025"."""
    told = labels.local_time(at_ms, now)
    days = (now.date() - told.date()).days
    return f"{SHORT_DAYS[told.weekday()]} {told:%d.%m.}" if 1 < days <= _SOON else labels.when(told, now)


def since(at_ms: int, now: datetime) -> str:
    """The heading: "Seit Freitag, 16:10 geändert"."""
    if not at_ms:
        return "Von anderen geändert"
    told = labels.local_time(at_ms, now)
    days = (now.date() - told.date()).days
    if days == 0:
        return f"Seit heute {told:%H:%M} geändert"
    if days == 1:
        return f"Seit gestern {told:%H:%M} geändert"
    if 1 < days < 7:
        return f"Seit {DAYS[told.weekday()]}, {told:%H:%M} geändert"
    return f"Seit dem {told:%d.%m.%Y} geändert"


# Questions ------------------------------------------------------------------------------------


def version_head(fassung: Fassung, question: Question) -> str:
    """ "Meine Fassung, 12.11.", "Martin Hoffmann, 16.11."; of a deletion who did what."""
    if not question.slot_name:
        head = sync_words.deed_heading(fassung)
    else:
        head = "Meine Fassung" if fassung.writer.mine else fassung.writer.person or "Anderes Gerät"
    return f"{head}, {sync_words.when_short(fassung.at)}" if fassung.at else head


def versions_told(question: Question, place: Place) -> tuple[str, list[str]]:
    """(what it is about, each version in short): of a group the first field in which they differ."""
    if not question.slot_name:
        return "Gelöscht, aber bearbeitet", ["gelöscht" if f.value else "bearbeitet" for f in question.versions]
    slot = KINDS[question.kind].slot_by_id[question.slot]
    none = (None,) * len(slot.fields)
    values = [f.value for f in question.versions]
    rows = [v if isinstance(v, tuple) else none if slot.is_group else (v,) for v in values]
    differing = [i for i in range(len(slot.fields)) if len({row[i] for row in rows}) > 1]
    at = differing[0] if differing else 0
    name = slot.fields[at].name
    about = labels.short_field_label(question.kind, name)
    if question.id != question.root_id:
        about = f"{sync_words.part_words(question)}: {about}"
    return about, [labels.value_text(question.kind, name, row[at], place) for row in rows]
