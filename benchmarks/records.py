"""Measures as towns write them, made up from words of real ones: what the benchmarks fill a store with."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import accumulate
from pathlib import Path

from app.domain import catalogue as c
from app.domain.change import Add, Change, Create, Op, Write
from app.domain.fields import KINDS, Merge
from app.domain.ids import EntityId, derived_id

_REGION = Path(__file__).resolve().parents[1] / "resources" / "demo"
_JOINTS = ("", "", "s", "en")
_VOCABULARY = 60_000
"""Words in all, most of them rare: about what a region's texts of this size hold."""
_MOMENT = 1_772_000_000_000


class Measures:
    """An endless row of made-up measures; the same seed gives the same ones."""

    def __init__(self, ags: str, seed: int = 1) -> None:
        self._ags = ags
        self._dice = random.Random(seed)
        self._words = _vocabulary(self._dice)
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self._words))))

    def changes(self, replica: int, count: int) -> Iterator[Change]:
        """One creation per measure, numbered from 1, as `services.measures.create` writes it."""
        kind = KINDS["measure"]
        for n in range(1, count + 1):
            made = derived_id("benchmark", str(replica), str(n))
            yield Change(replica, n, (_MOMENT + n) << 16, "measure.create", tuple(self._ops(made, kind.name)))

    def _ops(self, made: EntityId, kind_name: str) -> Iterator[Op]:
        kind = KINDS[kind_name]
        yield Create(kind.name, made, kind.name, made)
        values = self.values()
        for slot in kind.slots:
            given = [values.get(f.name) for f in slot.fields]
            if all(v is None for v in given):
                continue
            if slot.merge is Merge.SET:
                elements = given[0]
                assert isinstance(elements, tuple)
                yield Add(kind.name, made, slot.id, elements)
            else:
                yield Write(kind.name, made, slot.id, tuple(given) if slot.is_group else given[0], {})  # type: ignore[arg-type]

    def values(self) -> dict[str, object]:
        """One measure: 25 to 31 filled fields, about 1.7 KB as a packed row."""
        dice = self._dice
        year, month = dice.randrange(2019, 2027), dice.randrange(1, 13)
        values: dict[str, object] = {
            "title": self._text(3, 7).title(),
            "code": f"M-{dice.randrange(10**6):06}",
            "bundle_code": dice.choice("ABCDEF") + str(dice.randrange(1, 9)),
            "short_description": self._text(14, 26),
            "description": self._text(40, 75),
            "initial_situation": self._text(10, 30),
            "goals": self._text(12, 30),
            "target_groups": self._some(c.StakeholderGroup),
            "dna_digital": dice.randrange(4),
            "dna_sustainable": dice.randrange(4),
            "dna_authentic": dice.randrange(4),
            "charter_guidelines": self._some(c.CharterGuideline),
            "sdgs": tuple(sorted({str(dice.randrange(1, 18)) for _ in range(3)})),
            "fields_of_action": self._some(c.FieldOfAction),
            "tags": tuple(sorted({self._word() for _ in range(4)})),
            "lead_ags": self._ags,
            "carrier_org": self._text(2, 4),
            "responsible_unit": self._text(1, 3),
            "spatial_scope": dice.choice(list(c.SpatialScope)).value,
            "place_text": self._text(1, 2),
            "lat": round(50.7 + dice.random(), 5),
            "lon": round(7.6 + dice.random(), 5),
            "status": dice.choice(list(c.MeasureStatus)).value,
            "progress_percent": dice.randrange(101),
            "status_on": f"{year}-{month:02}",
            "priority": dice.choice(list(c.Priority)).value,
            "traffic_light": dice.choice(list(c.TrafficLight)).value,
            "start": f"{year}-{month:02}",
            "end": str(year + dice.randrange(1, 4)),
            "total_cost_cents": dice.randrange(10**4, 10**8) * 100,
            "visibility": c.Visibility.MUNICIPALITY.value,
        }
        for rare in ("bundle_code", "initial_situation", "place_text", "priority", "carrier_org", "tags"):
            if dice.random() < 0.3:
                del values[rare]
        return values

    def _some(self, codes: type[StrEnum]) -> tuple[str, ...]:
        return tuple(sorted({m.value for m in self._dice.sample(list(codes), self._dice.randrange(1, 4))}))

    def _word(self) -> str:
        return self._dice.choices(self._words, cum_weights=self._weights)[0]

    def _text(self, least: int, most: int) -> str:
        words = self._dice.choices(self._words, cum_weights=self._weights, k=self._dice.randrange(least, most + 1))
        return " ".join(words)


def _texts() -> Iterator[str]:
    """What people wrote in the demo region's records."""
    for name in ("measures.jsonl", "workshops.jsonl"):
        for line in (_REGION / name).read_text(encoding="utf-8").splitlines():
            yield from (v for v in json.loads(line)["values"].values() if isinstance(v, str) and v.count(" ") > 3)


def _vocabulary(dice: random.Random) -> list[str]:
    """The words of the demo region, most frequent first, and compounds made of them."""
    counts: dict[str, int] = {}
    for text in _texts():
        for word in re.findall(r"[^\W\d_]+[,.;:]?", text):
            counts[word] = counts.get(word, 0) + 1
    known = sorted(counts, key=lambda w: (-counts[w], w))
    nouns = sorted({w for w in known if w[0].isupper() and w.isalpha() and 4 <= len(w) <= 12})
    made: dict[str, None] = dict.fromkeys(known)
    while len(made) < _VOCABULARY:
        made[dice.choice(nouns) + dice.choice(_JOINTS) + dice.choice(nouns).lower()] = None
    return list(made)
