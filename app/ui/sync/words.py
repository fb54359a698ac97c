"""German sentences of the Abgleich that need more than one code to be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from app.models.queries.syncing import Touched, Waiting
from app.models.queries.versions import Decided, Fassung, Question
from app.ui import labels

Place = Callable[[str], str]
Titles = Callable[[str], str]

UNKNOWN_PERSON = "einem anderen Gerät"
_SHOWN = 3


def now() -> datetime:
    """This desk's clock with its zone."""
    return datetime.now().astimezone()


def when(at_ms: int) -> str:
    """An instant with its time of day; a dash for an unknown one."""
    if not at_ms:
        return labels.NONE
    here = now()
    return labels.when_exactly(labels.local_time(at_ms, here), here)


def when_short(at_ms: int) -> str:
    """For a narrow column."""
    here = now()
    return labels.when_short(labels.local_time(at_ms, here), here) if at_ms else labels.NONE


def when_told(stored: str) -> str:
    """An instant as the agency wrote it: "heute 15:17"."""
    try:
        return labels.when_exactly(datetime.fromisoformat(stored), now())
    except ValueError:
        return stored or labels.NONE


def titled(kind: str, title: str) -> str:
    """A record by its name, or by its kind where it has none."""
    return title or labels.kind_label(kind)


# Waiting --------------------------------------------------------------------------------------


def touched_text(waiting: Waiting, gone: Callable[[str, str], bool]) -> tuple[str, str]:
    """What changed in a record: short for the cell, whole for the tooltip."""
    own = [t for t in waiting.touched if t.id == waiting.root_id]
    told: list[str] = []
    slots = [labels.slot_label(t.kind, t.slot) for t in own if t.slot]
    whole = [t for t in own if not t.slot]
    if whole and slots:
        told.append("neu angelegt")
        slots = []
    elif whole:
        told.append("gelöscht" if gone(whole[0].kind, whole[0].id) else "wiederhergestellt")
    told += slots
    told += _parts(waiting.touched, waiting.root_id)
    rest = len(told) - _SHOWN
    short = ", ".join(told[:_SHOWN]) + (f" +{rest}" if rest > 0 else "")
    return short or labels.count(waiting.changes, "Änderung", "Änderungen"), ", ".join(told)


def _parts(touched: Sequence[Touched], root_id: str) -> list[str]:
    by_kind: dict[str, set[str]] = {}
    for t in touched:
        if t.id != root_id:
            by_kind.setdefault(t.kind, set()).add(t.id)
    return [f"{labels.number(len(ids))} {labels.kind_label(kind, len(ids))}" for kind, ids in by_kind.items()]


# Versions -------------------------------------------------------------------------------------


def person_of(fassung: Fassung) -> str:
    """Who wrote it, for the initials and the heading."""
    return fassung.writer.person or "Unbekannt"


def _twins(fassung: Fassung, among: Sequence[Fassung]) -> bool:
    return sum((f.writer.mine, f.writer.person) == (fassung.writer.mine, fassung.writer.person) for f in among) > 1


def heading(fassung: Fassung, among: Sequence[Fassung]) -> str:
    """ "Meine Fassung" or "Fassung von Martin Hoffmann"; with the device where one person has several."""
    told = "Meine Fassung" if fassung.writer.mine else f"Fassung von {fassung.writer.person or UNKNOWN_PERSON}"
    if _twins(fassung, among):
        return f"{told}, {fassung.writer.device or when(fassung.at)}"
    return told


def keep_words(fassung: Fassung, among: Sequence[Fassung]) -> str:
    """The button that takes this version."""
    if fassung.writer.mine and not _twins(fassung, among):
        return "Meine behalten"
    return f"{heading(fassung, among)} übernehmen"


def deed_heading(fassung: Fassung) -> str:
    """For a deletion: "Von mir gelöscht", "Von Lena Wolf bearbeitet"."""
    who = "mir" if fassung.writer.mine else fassung.writer.person or UNKNOWN_PERSON
    return f"Von {who} {'gelöscht' if fassung.value else 'bearbeitet'}"


def where_of(fassung: Fassung, place: Place, title: Titles) -> str:
    """Device, municipality and what it was written in: "Tablet Raumland · Workshop „Dorfgespräch“"."""
    told = [fassung.writer.device, place(fassung.writer.ags) if fassung.writer.ags else ""]
    if fassung.origin.startswith("file:"):
        name, _, line = fassung.origin.removeprefix("file:").rpartition(":")
        told.append(f"Datei {name}, Zeile {line}" if name else f"Datei {line}")
    elif fassung.origin:
        found = title(fassung.origin)
        told.append(f"Workshop „{found}“" if found else "Workshop")
    return " · ".join(one for one in told if one) or "Gerät unbekannt"


def slot_words(question: Question) -> str:
    """What the question is about: "Status, Begründung, Datum", "Gelöscht, aber bearbeitet"."""
    about = (
        "Gelöscht, aber bearbeitet" if not question.slot_name else labels.slot_label(question.kind, question.slot_name)
    )
    return about if question.id == question.root_id else f"{part_words(question)}: {about}"


def part_words(question: Question) -> str:
    """A part by kind and name: "Meilenstein „Vergabe“"."""
    kind = labels.kind_label(question.kind)
    title = " ".join(question.title.split())
    title = title if len(title) <= 40 else f"{title[:39].rstrip()}…"
    return f"{kind} „{title}“" if title else kind


def question_title(question: Question) -> str:
    """The record the question belongs to."""
    return titled(question.root_kind, question.root_title or question.title)


def others_of(question: Question) -> str:
    """Who else wrote: "Martin Hoffmann", "Martin Hoffmann und 2 weitere"."""
    others = list(dict.fromkeys(person_of(f) for f in question.versions if not f.writer.mine))
    if not others:
        return "Ihre Geräte"
    return others[0] if len(others) == 1 else f"{others[0]} und {len(others) - 1} weitere"


def decided_words(decided: Decided) -> str:
    """What was decided about."""
    if not decided.slot_name:
        return "Gelöscht, aber bearbeitet"
    about = labels.slot_label(decided.kind, decided.slot_name)
    return about if decided.id == decided.root_id else f"{labels.kind_label(decided.kind)}: {about}"


def fold_words(numbers: Sequence[int], versions: int) -> str:
    """ "Absätze 1 und 4 sind in beiden gleich"."""
    where = "in beiden" if versions == 2 else f"in allen {versions}"
    if len(numbers) == 1:
        return f"Absatz {numbers[0]} ist {where} gleich"
    if len(numbers) > 6:
        return f"{len(numbers)} Absätze sind {where} gleich"
    listed = ", ".join(str(n) for n in numbers[:-1])
    return f"Absätze {listed} und {numbers[-1]} sind {where} gleich"
