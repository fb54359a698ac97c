"""Money and proof of one invented measure: cost items, funding, milestones, indicators, risks, decisions."""

from __future__ import annotations

from random import Random

from resources.demo.blocks import Record, cells, record
from resources.demo.lives import Life
from resources.demo.material import Idea, Place

TYPES = {
    "hw": ("investment", "external_services", "operation"),
    "sw": ("external_services", "personnel", "operation"),
    "ev": ("personnel", "public_relations", "material"),
}
NOTES = {
    "investment": "Beschaffung und Einbau",
    "external_services": "Planung und Einrichtung",
    "operation": "Betrieb und Wartung",
    "personnel": "Begleitung, halbe Stelle",
    "public_relations": "Bekanntmachung und Schulung",
    "material": "Material und Ausstattung",
}
HIGH_RATE = ("05962004", "05970020", "05974036", "05962060")
"""Municipalities that this demo region treats as being in budget distress: 90 instead of 65 per cent."""
METHODS = ("Zählung durch den Fachdienst", "Auswertung der Plattform", "Strichliste vor Ort", "Jahresbericht")
BODIES = (
    "Haupt- und Finanzausschuss",
    "Rat der Stadt",
    "Ausschuss für Digitales",
    "Bau- und Umweltausschuss",
)


def _costs(ref: str, idea: Idea, told: Life, total: int, rng: Random) -> tuple[int, list[Record]]:
    """(eligible planned cents, items); planned amounts sum up to the total."""
    year = max(2020, min(told.first_year, 2027))
    share = (0.6, 0.28, 0.12)
    eligible = 0
    made = []
    left = total
    for index, kind in enumerate(TYPES[idea.nature]):
        planned = left if index == 2 else round(total * share[index] / 10_000) * 10_000
        left -= planned
        counts = kind != "operation"
        eligible += planned if counts else 0
        spent: int | None = None
        if told.is_done or (told.status in ("in_progress", "paused") and index == 0):
            spent = round(planned * rng.uniform(0.82, 1.09))
        values = {
            "year": year + index,
            "cost_type": kind,
            "planned_cents": planned,
            "currency": "EUR",
            "actual_cents": spent,
            "eligible": counts,
            "note": NOTES[kind],
        }
        made.append(record("cost_item", f"{ref}/cost-{index}", values, ref))
    return eligible, made


def _funding(ref: str, place: Place, told: Life, eligible: int, rng: Random) -> list[Record]:
    """One grant and the own share; together the eligible cost."""
    source = rng.choices(("kfw_436", "state_nrw", "eu"), (74, 16, 10))[0]
    rate = (90 if place.ags in HIGH_RATE else 65) if source == "kfw_436" else rng.choice((50, 60, 70, 80))
    open_status = {"planned": "planned", "funding_review": "applied", "rework_required": "applied"}
    status = open_status.get(told.status, "approved")
    if told.is_done:
        status = rng.choice(("called", "proven"))
    elif told.status == "rejected":
        status = "rejected"
    year = max(2020, min(told.first_year, 2027))
    number = rng.randint(100, 999)
    file_ref = {
        "kfw_436": f"436-2020-0{number}",
        "state_nrw": f"34.02.03-{number}",
        "eu": f"LEADER-{number}-SWF",
    }[source]
    known = status not in ("planned", "applied")
    grant = eligible * rate // 100
    first = {
        "source": source,
        "year": year,
        "amount_cents": grant,
        "currency": "EUR",
        "rate_percent": rate,
        "status": status,
        "file_ref": file_ref if known else "",
        "approved_on": f"{year - 1}-{rng.randint(6, 12):02}" if known and status != "rejected" else "",
    }
    own = {
        "source": "own_share",
        "year": year,
        "amount_cents": eligible - grant,
        "currency": "EUR",
        "rate_percent": 100 - rate,
        "status": "planned" if not known else "approved",
    }
    return [
        record("funding_item", f"{ref}/funding-0", first, ref),
        record("funding_item", f"{ref}/funding-1", own, ref),
    ]


def _milestones(ref: str, idea: Idea, told: Life, rng: Random) -> list[Record]:
    titles = [t.strip() for t in idea.said["M"][0].split(";")]
    reached = len(titles) if told.is_done else rng.randint(max(1, len(titles) // 2), len(titles) - 1)
    if told.status == "in_progress" and told.end.startswith("2026"):
        reached = len(titles) - 1
    if told.status not in ("in_progress", "paused", "completed", "in_operation", "procurement"):
        reached = 0
    made = []
    for index, title in enumerate(titles):
        done = index < reached
        quarter = min(told.first_year, 2027) * 4 + rng.randint(0, 1) + index * rng.randint(1, 3)
        last = 2026 * 4 + 2
        quarter = min(quarter, last) if done else max(quarter, last + 1 + index)
        due = f"{quarter // 4}-Q{quarter % 4 + 1}"
        month = quarter % 4 * 3 + rng.randint(1, 3)
        status = "reached" if done else "open"
        if not done and told.status == "paused" and index == reached:
            due, status = "2026-Q2", "missed"
        if told.status == "rejected":
            status = "dropped"
        values = {
            "title": title[0].upper() + title[1:],
            "due": due,
            "status": status,
            "done_on": f"{quarter // 4}-{month:02}" if done else "",
        }
        made.append(record("milestone", f"{ref}/milestone-{index}", values, ref))
    return made


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _indicators(ref: str, idea: Idea, told: Life, rng: Random) -> list[Record]:
    made = []
    for index, text in enumerate(idea.said["I"]):
        name, unit, low, high = cells(text, 4)
        start, goal = float(low), float(high)
        goal = round(start + (goal - start) * rng.uniform(0.75, 1.2), 1 if abs(goal - start) < 5 else None)
        own = f"{ref}/indicator-{index}"
        level = (
            "output"
            if unit in ("Stück", "Anzahl", "Pegel", "Boxen", "Datensätze")
            else rng.choice(("outcome", "output"))
        )
        values = {
            "name": name,
            "level": level,
            "unit": unit,
            "baseline": _number(start),
            "target": _number(goal),
            "target_on": rng.choice(("2026", "2027", "2027-H1", "2026-12")),
            "method": rng.choice(METHODS),
        }
        made.append(record("indicator", own, values, ref))
        if not (told.is_done or told.status == "in_progress"):
            continue
        for step in range(rng.randint(1, 3)):
            portion = (0.25, 0.55, 0.85)[step] * rng.uniform(0.85, 1.1)
            reading = {
                "indicator_id": own,
                "measured_on": ("2025-06", "2025-12", "2026-06")[step],
                "number": float(round(start + (goal - start) * portion, 1 if abs(goal - start) < 5 else None)),
                "text": "Gerät zeitweise ausgefallen, Wert geschätzt" if rng.random() < 0.06 else "",
            }
            made.append(record("indicator_value", f"{own}/value-{step}", reading, ref))
    return made


def _risks(ref: str, idea: Idea, rng: Random) -> list[Record]:
    title, mitigation = cells(idea.said["R"][0], 2)
    values = {
        "title": title,
        "likelihood": rng.randint(1, 3),
        "impact": rng.randint(1, 3),
        "mitigation": mitigation,
        "owner": idea.said["U"][0],
    }
    return [record("risk", f"{ref}/risk-0", values, ref)]


def _decisions(ref: str, place: Place, told: Life, title: str, rng: Random) -> list[Record]:
    if told.status in ("idea", "in_review", "planned") or rng.random() < 0.35:
        return []
    body = rng.choice(BODIES).replace("Stadt", "Stadt" if place.type == "Stadt" else "Gemeinde")
    year = min(told.first_year, 2026)
    refused = told.status == "rejected"
    values = {
        "subject": f"Projektbeschluss {title}",
        "body": body,
        "decided_on": f"{year}-{rng.randint(2, 10):02}-{rng.randint(1, 28):02}",
        "paper_no": f"VL-{rng.randint(11, 289)}/{year}",
        "result": "rejected" if refused else rng.choices(("approved", "approved_amended"), (80, 20))[0],
        "votes_yes": rng.randint(4, 9) if refused else rng.randint(11, 32),
        "votes_no": 12 if refused else rng.randint(0, 4),
        "votes_abstain": rng.randint(0, 3),
        "measure_ids": [ref],
    }
    return [record("decision", f"{ref}/decision-0", values, ref)]


def worth(
    ref: str, title: str, idea: Idea, place: Place, told: Life, level: int, rng: Random
) -> tuple[int | None, list[Record]]:
    """(total cost in cents or None, child records); only well documented measures have children."""
    total: int | None = rng.randrange(idea.low * 2, idea.high * 2 + 1) * 50_000
    if level == 0 or (level < 3 and rng.random() < 0.28) or told.status == "idea":
        total = None
    if level < 3:
        return total, []
    made = _milestones(ref, idea, told, rng)
    if total is not None:
        eligible, costs = _costs(ref, idea, told, total, rng)
        made += [*costs, *_funding(ref, place, told, eligible, rng)]
    made += _indicators(ref, idea, told, rng) + _risks(ref, idea, rng)
    return total, made + _decisions(ref, place, told, title, rng)
