"""Makes the invented measures: ideas spread over the municipalities, each with its own dice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from random import Random
from typing import Any

from resources.demo.blocks import Record, record, words
from resources.demo.lives import Life, life
from resources.demo.material import Idea, Place, ideas, places
from resources.demo.worth import worth

PIONEERS = ("05958004", "05970004", "05962040", "05966024", "05974040")
JOINING = (
    "05958012", "05958048", "05962016", "05962024", "05962032", "05962052", "05962060", "05966004",
    "05966008", "05966028", "05970008", "05970040", "05974028", "05974052",
)  # fmt: skip
SMALL_COUNTS = (2, 3, 3, 4, 2, 3)


def _wanted_count(place: Place, position: int) -> int:
    if place.ags in PIONEERS:
        return 9
    return 5 if place.ags in JOINING else SMALL_COUNTS[position % len(SMALL_COUNTS)]


def spread(forced: Collection[tuple[str, str]]) -> list[tuple[Place, Idea]]:
    """Which municipality takes which idea: rarely used ideas first, what a workshop asked for always."""
    rng = Random("spread")
    known = ideas()
    used: Counter[str] = Counter(idea for _, idea in forced)
    chosen: list[tuple[Place, Idea]] = []
    for position, place in enumerate(places()):
        mine = {idea for ags, idea in forced if ags == place.ags}
        while len(mine) < _wanted_count(place, position):
            free = [idea for idea in known if idea.key not in mine]
            rarest = min(used[idea.key] for idea in free)
            pick = rng.choice([idea for idea in free if used[idea.key] == rarest])
            mine.add(pick.key)
            used[pick.key] += 1
        chosen += [(place, idea) for idea in known if idea.key in mine]
    return chosen


def _filled(text: str, place: Place, villages: list[str], rng: Random) -> str:
    text = text.replace("{ort}", place.short).replace("{dorf2}", villages[1]).replace("{dorf}", villages[0])
    return re.sub(r"\{n:(\d+)-(\d+)\}", lambda m: str(rng.randint(int(m[1]), int(m[2]))), text)


def _near(place: Place, everywhere: list[Place], rng: Random, count: int) -> list[str]:
    others = sorted(everywhere, key=lambda p: (p.lat - place.lat) ** 2 + (0.63 * (p.lon - place.lon)) ** 2)[1:6]
    return sorted(p.ags for p in rng.sample(others, count))


def _who(place: Place, idea: Idea, villages: list[str], everywhere: list[Place], rng: Random) -> Record:
    shared = idea.scope in ("intermunicipal", "district") or rng.random() < 0.12
    partners = [_filled(p.strip(), place, villages, rng) for text in idea.said.get("P", []) for p in text.split(",")]
    return {
        "lead_ags": place.ags,
        "participating_ags": _near(place, everywhere, rng, rng.randint(1, 3)) if shared else [],
        "spatial_scope": "intermunicipal" if shared and idea.scope != "district" else idea.scope,
        "responsible_unit": idea.said["U"][0],
        "partners": partners,
    }


def _why(idea: Idea, level: int, rng: Random, speech: dict[str, Any]) -> Record:
    main = idea.fields[0]
    values: Record = {"fields_of_action": idea.fields, "target_groups": idea.groups, "tags": idea.tags}
    if level < 2:
        return values
    visions = speech["vision_of"][main]
    values |= {
        "vision_primary": speech["visions"][visions[0]],
        "dna_digital": rng.randint(1, 3) if idea.nature == "sw" else rng.randint(0, 2),
        "dna_sustainable": rng.randint(1, 3), "dna_authentic": rng.randint(0, 3),
        "charter_guidelines": speech["charter_of"][main],
        "sdgs": rng.sample(speech["sdgs_of"][main], rng.randint(1, len(speech["sdgs_of"][main]))),
    }  # fmt: skip
    if level == 3:
        values["vision_secondary"] = speech["visions"][visions[1]]
    return values


def _texts(place: Place, idea: Idea, level: int, villages: list[str], rng: Random) -> Record:
    def said(letter: str) -> str:
        return _filled(rng.choice(idea.said[letter]), place, villages, rng)

    values: Record = {}
    if level >= 1:
        values["short_description"] = said("S")
    if level >= 2:
        values |= {"initial_situation": said("A"), "goals": said("Z")}
        parts = rng.sample(idea.said["B"], rng.randint(2, len(idea.said["B"])))
        values["description"] = "\n\n".join(_filled(part, place, villages, rng) for part in parts)
    return values


def _where(place: Place, idea: Idea, villages: list[str], rng: Random) -> Record:
    if idea.scope not in ("site", "quarter"):
        return {}
    return {
        "place_text": f"{place.short}, {villages[0]}",
        "lat": round(place.lat + rng.uniform(-0.025, 0.025), 5),
        "lon": round(place.lon + rng.uniform(-0.035, 0.035), 5),
    }


def _after(idea: Idea, told: Life, level: int, rng: Random, speech: dict[str, Any]) -> Record:
    """What others may take over, and what was checked."""
    values: Record = {}
    running = told.status in ("in_operation", "completed", "in_progress")
    if running and level >= 2:
        rating = rng.choices(("direct", "with_adaptation", "limited", "not_assessed"), (30, 45, 12, 13))[0]
        values["transferability"] = rating
        values["transfer_note"] = rng.choice(speech["transfer_notes"].get(rating, [""]))
        values["success_factors"] = rng.choice(speech["success"][idea.nature])
        values["knowledge_outputs"] = rng.sample(speech["outputs"], rng.randint(1, 2))
    if told.status in ("in_operation", "completed") and rng.random() < 0.6:
        values["continuation"] = rng.choice(speech["continuation"])
    if idea.nature == "sw" and level == 3:
        values |= {"licence": "EUPL-1.2", "accessibility_note": rng.choice(speech["access"])}
    if level == 3:
        values["data_protection_note"] = rng.choice(speech["protection"][idea.nature])
    return values


def _visibility(place: Place, level: int, told: Life, rng: Random) -> str:
    if told.status in ("idea", "in_review", "rejected"):
        return rng.choice(("municipality", "municipality", "school"))
    weights = (8, 22, 40, 30) if place.ags in PIONEERS else (12, 8, 50, 30)
    level_word = rng.choices(("municipality", "consortium", "school", "public"), weights)[0]
    return "school" if level == 0 and level_word == "public" else level_word


def _depends(idea: Idea, rng: Random) -> list[str]:
    return [d for d in idea.said.get("D", []) if rng.random() < 0.8]


def _title(idea: Idea, place: Place, villages: list[str], taken: set[str], rng: Random) -> str:
    for pattern in rng.sample(idea.said["T"], len(idea.said["T"])):
        title = _filled(pattern, place, villages, rng)
        if title not in taken:
            taken.add(title)
            return title
    raise ValueError(f"no free title for {idea.key} in {place.name}")


def invented_measures(forced: dict[tuple[str, str], str], taken: set[str]) -> list[Record]:
    """All invented measures with their children, roots first; `forced` carries workshop days."""
    speech = words()
    everywhere = places()
    made: list[Record] = []
    for position, (place, idea) in enumerate(spread(forced)):
        ref = f"m-{place.ags[3:]}-{idea.key}"
        rng = Random(ref)
        level = (3, 1, 2, 3, 2, 1, 3, 0, 2)[position % 9]
        villages = rng.sample(place.villages, 2)
        told = life(idea.nature, forced.get((place.ags, idea.key), ""), rng)
        values: Record = {"title": _title(idea, place, villages, taken, rng)}
        values |= _texts(place, idea, level, villages, rng) | _why(idea, level, rng, speech)
        if place.ags in speech["local_fields"]:
            values["local_field"] = speech["local_fields"][place.ags][idea.fields[0]]
        values |= _who(place, idea, villages, everywhere, rng) | _where(place, idea, villages, rng)
        values |= told.values(level, rng) | _after(idea, told, level, rng, speech)
        if values.get("status_on", "") < forced.get((place.ags, idea.key), ""):
            values.pop("status_on", None)
        values |= {"dependencies": _depends(idea, rng), "visibility": _visibility(place, level, told, rng)}
        if level == 0:
            for name in ("target_groups", "partners", "tags", "responsible_unit"):
                values.pop(name)
        total, children = worth(ref, values["title"], idea, place, told, level, rng)
        made += [record("measure", ref, values | {"total_cost_cents": total}), *children]
    return made
