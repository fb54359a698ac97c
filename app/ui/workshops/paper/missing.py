"""What minutes still lack before others are asked about them: hints, never a bar. No Qt here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.models.queries.evenings import Evening
from app.ui import labels


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing, and the view ("notes", "details") in which it is put right."""

    words: str
    view: str


def gaps(evening: Evening) -> list[Gap]:
    """What is missing, the most telling first."""
    head = evening.head
    found = [Gap(f"{name} fehlt", "details") for field, name in _FIELDS if not head.text(field)]
    if not evening.counts:
        found.append(Gap("Teilnehmende nicht gezählt", "notes"))
    tasks = [card for card in evening.cards if card.kind == "task"]
    found += _counted(sum(not task.responsible for task in tasks), lambda n: f"{n} ohne Verantwortliche")
    found += _counted(sum(not task.due for task in tasks), lambda n: f"{n} ohne Frist")
    return found


_FIELDS = (
    ("starts_at", "Termin"),
    ("place_text", "Ort"),
    ("moderation", "Moderation"),
    ("minute_taker", "Wer das Protokoll führt"),
    ("summary", "Kurzfassung"),
)


def _counted(count: int, told: Callable[[str], str]) -> list[Gap]:
    return [Gap(told(labels.count(count, "Aufgabe", "Aufgaben")), "notes")] if count else []
