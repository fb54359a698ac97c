"""The course of one invented measure in the programme's last year: status, reasons, dates, maturity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from app.domain.partial_date import PartialDate
from resources.demo.blocks import Record, blocks

STATUS_WEIGHTS = {
    "idea": 12,
    "in_review": 10,
    "planned": 14,
    "funding_review": 5,
    "rework_required": 5,
    "approved": 14,
    "procurement": 16,
    "in_progress": 64,
    "paused": 13,
    "completed": 26,
    "in_operation": 56,
    "rejected": 9,
}
LIGHTS = {
    "in_progress": (52, 30, 9, 9),
    "procurement": (55, 27, 12, 6),
    "approved": (70, 15, 3, 12),
    "in_operation": (80, 12, 3, 5),
    "completed": (88, 4, 0, 8),
    "paused": (0, 45, 35, 20),
    "rework_required": (0, 80, 15, 5),
    "funding_review": (60, 20, 0, 20),
}
MATURITY = {
    "idea": ("proof_of_value",),
    "in_review": ("proof_of_value",),
    "planned": ("proof_of_value", "proof_of_concept"),
    "funding_review": ("proof_of_concept",),
    "rework_required": ("proof_of_concept",),
    "approved": ("proof_of_concept", "prototype"),
    "procurement": ("proof_of_concept", "prototype"),
    "in_progress": ("prototype", "mvp", "mvp", "vertical_scaling"),
    "paused": ("proof_of_concept", "prototype", "mvp"),
    "completed": ("consolidation", "mvp"),
    "in_operation": ("vertical_scaling", "consolidation", "horizontal_scaling"),
    "rejected": ("proof_of_value",),
}
SPANS = {
    "planned": ((2027, 2027), (1, 2)),
    "funding_review": ((2027, 2027), (1, 2)),
    "rework_required": ((2026, 2027), (1, 2)),
    "approved": ((2026, 2027), (1, 1)),
    "procurement": ((2026, 2026), (1, 1)),
    "in_progress": ((2022, 2025), (0, 0)),
    "paused": ((2022, 2025), (0, 0)),
    "completed": ((2020, 2023), (1, 2)),
    "in_operation": ((2020, 2024), (1, 2)),
}


@cache
def reasons() -> dict[str, list[tuple[str, str]]]:
    """Situation -> (nature, sentence)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for block in blocks("reasons.txt"):
        found[block.ref] = [(nature, text) for nature, text in block.pairs()]
    return found


def reason(situation: str, nature: str, rng: Random) -> str:
    """A sentence that fits the situation and what the measure is."""
    fitting = [text for n, text in reasons()[situation] if n in (nature, "*")]
    return rng.choice(fitting)


@dataclass(frozen=True)
class Life:
    """How a measure stands today."""

    status: str
    status_reason: str
    light: str
    light_reason: str
    start: str
    end: str

    @property
    def first_year(self) -> int:
        return int(self.start[:4]) if self.start else 2027

    @property
    def is_done(self) -> bool:
        return self.status in ("completed", "in_operation")

    def values(self, level: int, rng: Random) -> Record:
        """The fields; poorly documented measures lack some."""
        late = self.status in ("completed", "in_operation")
        values: Record = {
            "status": self.status,
            "status_reason": self.status_reason,
            "traffic_light": self.light,
            "traffic_light_reason": self.light_reason,
            "start": self.start,
            "end": self.end if level >= 1 else "",
            "maturity": rng.choice(MATURITY[self.status]) if level >= 1 else None,
            "priority": rng.choices(("high", "medium", "low"), (30, 48, 22))[0] if level >= 1 else None,
            "phase": "consolidation"
            if late
            else "strategy"
            if self.status in ("idea", "in_review")
            else "implementation",
            "status_on": f"2026-{rng.randint(1, 10):02}-{rng.randint(1, 28):02}" if level >= 2 else "",
        }
        if level >= 2 and self.status in ("in_progress", "paused"):
            values["progress_percent"] = rng.randrange(15, 95, 5)
        if self.status == "completed":
            values["progress_percent"] = 100
        return values


def _date(year: int, rng: Random, late: bool) -> str:
    """A date as exact as people know it; `late` puts it into the second half of the year."""
    month = rng.randint(7, 12) if late else rng.randint(1, 6)
    shape = rng.choices(("day", "month", "quarter", "half", "year", "qualified"), (14, 26, 24, 10, 18, 8))[0]
    return {
        "day": f"{year}-{month:02}-{rng.randint(1, 28):02}",
        "month": f"{year}-{month:02}",
        "quarter": f"{year}-Q{(month + 2) // 3}",
        "half": f"{year}-H{2 if late else 1}",
        "year": f"{year}",
        "qualified": f"{year}~{3 if late else 1}",
    }[shape]


def _span(status: str, rng: Random) -> tuple[str, str]:
    if status not in SPANS:
        return ("", "")
    (low, high), (short, long) = SPANS[status]
    first = rng.randint(low, high)
    start = _date(first, rng, late=status == "procurement" or first == 2026 or rng.random() < 0.3)
    last = rng.choice((2026, 2026, 2027)) if status in ("in_progress", "paused") else first + rng.randint(short, long)
    end = _date(last, rng, late=True)
    if status == "in_operation" and rng.random() < 0.45:
        end = ""
    if end and PartialDate.decode(end).latest() <= PartialDate.decode(start).latest():
        end = f"{last + 1}-Q1"
    return start, end


def _statuses(born: str) -> dict[str, int]:
    """What a measure can be by now, if it came out of a workshop on that day."""
    if not born:
        return STATUS_WEIGHTS
    if born >= "2026-11":
        return {"idea": 1}
    if born >= "2026":
        return {"in_review": 2, "idea": 1, "planned": 3, "approved": 2}
    if born >= "2025":
        return {"planned": 1, "approved": 2, "procurement": 3, "in_progress": 5, "paused": 1}
    return {"procurement": 1, "in_progress": 3, "in_operation": 2}


def life(nature: str, born: str, rng: Random) -> Life:
    """Draws one course; `born` is the day of the workshop that it came out of, if any."""
    choices = _statuses(born)
    status = rng.choices(list(choices), list(choices.values()))[0]
    why = ""
    if status in ("paused", "rejected", "rework_required"):
        why = reason(status, nature, rng)
    light = rng.choices(("green", "yellow", "red", "grey"), LIGHTS.get(status, (10, 0, 0, 90)))[0]
    light_why = reason(light, nature, rng) if light in ("yellow", "red") else ""
    if status in ("in_progress", "in_operation") and light == "green" and rng.random() < 0.3:
        why = reason("green", nature, rng)
    start, end = _span(status, rng)
    if born and start and start <= born:
        start = f"{int(born[:4]) + 1}-Q1"
        end = f"{max(2026, int(start[:4]))}-Q4" if end else ""
    return Life(status, why, light, light_why, start, end)
