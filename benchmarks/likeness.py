""" "Gibt es das schon?": how well titles in other words find the published measures, and how long it takes.

    python benchmarks/likeness.py --json [--measures EXPORT.csv] [--among 20000] [--curve]

Without `--measures` the published ones are taken as the demo region words them, which is harder: the titles in
`paraphrases.csv` were written beside the published wording, each with the measures that are meant, or none. They were
written before the rules were tuned; the rules were tuned on the odd lines ("tuned"), the even ones were kept ("kept").
Both have been looked at since; `paraphrases_later.csv` ("later") was written after the last change of the rules, and no
rule was changed for it. A pair is one typed title with one measure that is shown for it.

The figures that begin with "twins" are those of "Mögliche Doppel": every typed title is entered as a measure of its own
beside the published ones, all in one town; two of them are one if they mean the same published measure. That is harder
than what people do, who enter a second measure with a text of its own. "curve" gives them for each set and score from
which on a pair would be named, as precision and recall. The region's size is `--region`.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.bootstrap import the_region
from app.config import Profile
from app.demo.region import load
from app.domain.duplicates import ENOUGH_WITHIN, Described, find_twins
from app.domain.folding import fold
from app.domain.ids import new_id
from app.models.opening import create_profile
from app.models.queries.precedents import suggest
from app.models.queries.reader import Reader
from app.models.store import Store
from app.resources import path
from benchmarks import common
from benchmarks.records import Measures

KEY = bytes(range(32))
SHOWN = 5
CURVE = (0.3, 0.36, 0.42, 0.48, 0.54, 0.6, 0.7)
_LOOKED_AT = ("title", "short_description", "tags", "lead_ags")
_AT_ONCE = 250


Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Case:
    """A typed title and the titles of the measures that are meant."""

    typed: str
    meant: frozenset[str]


def cases(name: str = "paraphrases") -> list[Case]:
    """A labelled set in the order of its file."""
    with (Path(__file__).parent / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter=";")
        return [Case(r["getippt"], frozenset(t for t in (r["gemeint"] or "").split("|") if t)) for r in rows]


def published() -> list[dict[str, object]]:
    """The published measures in the words of the demo region, as far as a suggestion looks at them."""
    meant = frozenset(title for case in cases() for title in case.meant)
    told = (r.values for r in load(path("demo")).records if r.kind == "measure")
    return [{n: v[n] for n in _LOOKED_AT if n in v} for v in told if v["title"] in meant]


def exported(file: Path) -> list[dict[str, object]]:
    """The same out of a coordinator's export."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened, delimiter=";"))
    return [
        {
            "title": row["Titel"],
            "short_description": row["Kurzbeschreibung"] or None,
            "tags": {tag.strip() for tag in row["Schlagworte"].split(";") if tag.strip()},
            "lead_ags": row["AGS"][:8] or "05974040",
        }
        for row in rows
    ]


def fill(store: Store, measures: Sequence[dict[str, object]]) -> None:
    """Puts measures into a profile."""
    with store.change("import") as draft:
        for values in measures:
            draft.create("measure", new_id(), None, values)


def surround(store: Store, count: int) -> None:
    """Made-up measures beside them."""
    made = Measures("05958004")
    for start in range(0, count, _AT_ONCE):
        with store.change("import") as draft:
            for _ in range(min(_AT_ONCE, count - start)):
                draft.create("measure", new_id(), None, made.values())


def quality(store: Store, chosen: Sequence[Case], silent: frozenset[str], name: str) -> Figures:
    """Precision and recall over pairs, how often a meant one is shown at all, and wrong alarms."""
    reader = Reader(store.engine)
    right = shown = meant = reached = alarms = 0
    for case in chosen:
        titles = [one.title for one in suggest(reader, case.typed, silent, limit=SHOWN)]
        hits = [title for title in titles if title in case.meant]
        right, shown, meant = right + len(hits), shown + len(titles), meant + len(case.meant)
        reached += bool(hits)
        alarms += bool(titles) and not case.meant
    sought = sum(1 for case in chosen if case.meant)
    return {
        f"{name}_precision": right / shown if shown else 1.0,
        f"{name}_recall": right / meant,
        f"{name}_found": reached / sought,
        f"{name}_false_alarms": alarms / max(1, len(chosen) - sought),
    }


def described(values: dict[str, object], ags: str) -> Described:
    """A measure as it is compared with others."""
    tags = values.get("tags")
    told = sorted(map(str, tags)) if isinstance(tags, set | frozenset | list | tuple) else []
    return Described(str(values["title"]), " ".join([str(values.get("short_description") or ""), *told]), ags)


def twins(
    told: Sequence[dict[str, object]], chosen: Sequence[Case], silent: frozenset[str], enough: float = ENOUGH_WITHIN
) -> tuple[float, float]:
    """Precision and recall of pairs among the published measures and the typed titles of one town."""
    measures = {f"p{n:03}": described(values, "05970004") for n, values in enumerate(told)}
    meant = {f"p{n:03}": frozenset({str(values["title"])}) for n, values in enumerate(told)}
    for n, case in enumerate(chosen):
        measures[f"t{n:03}"] = Described(case.typed, "", "05970004")
        meant[f"t{n:03}"] = case.meant
    named = {(one.first, one.second) for one in find_twins(measures, silent, enough_within=enough)}
    true = {pair for pair in combinations(sorted(measures), 2) if meant[pair[0]] & meant[pair[1]]}
    right = len(named & true)
    return right / len(named), right / len(true)


def region_pace(count: int) -> Figures:
    """How long the agency's desk compares a region's measures, in seconds of processor time."""
    made = Measures("05958004")
    towns = [place.ags for place in the_region()]
    measures = {f"{n:06}": described(made.values(), towns[n % len(towns)]) for n in range(count)}
    began = time.process_time()
    find_twins(measures)
    return {"twins_region": count, "twins_region_cpu_s": time.process_time() - began}


def pace(store: Store, chosen: Sequence[Case], silent: frozenset[str]) -> Figures:
    """Milliseconds from a title, and from its beginnings while it is being typed, to the suggestion."""
    reader, times, busy = Reader(store.engine), [], []
    for case in chosen:
        for typed in (case.typed[: len(case.typed) // 2], case.typed):
            began, worked = time.perf_counter(), time.process_time()
            suggest(reader, typed, silent)
            busy.append((time.process_time() - worked) * 1000)
            times.append((time.perf_counter() - began) * 1000)
    return {
        "p50_ms": common.percentile(times, 0.5),
        "p95_ms": common.percentile(times, 0.95),
        "max_ms": max(times),
        "cpu_p50_ms": common.percentile(busy, 0.5),
        "cpu_p95_ms": common.percentile(busy, 0.95),
        "cpu_max_ms": max(busy),
    }


def main() -> int:
    """Reads the command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--json", action="store_true", help="one JSON object; there is no other form")
    asked.add_argument("--measures", type=Path, help="an export with Titel, Kurzbeschreibung, Schlagworte, AGS")
    asked.add_argument("--among", type=int, default=20_000)
    asked.add_argument("--region", type=int, default=9_000, help="measures among which pairs are looked for")
    asked.add_argument("--wrong", action="store_true", help="name what is shown wrongly, and what is not found")
    asked.add_argument("--curve", action="store_true", help="pairs by the score from which on they would be named")
    chosen = asked.parse_args()
    silent = frozenset(fold(m.short_name) for m in the_region())
    every = cases()
    sets = {"tuned": every[::2], "kept": every[1::2], "later": cases("paraphrases_later")}
    curve: dict[str, dict[str, list[float]]] = {}
    with common.folder() as folder:
        store = create_profile(Profile.at(folder / "profile"), KEY, "Katrin", "Laptop", "05970004")
        try:
            told = exported(chosen.measures) if chosen.measures else published()
            fill(store, told)
            figures = quality(store, every, silent, "all")
            for name, titles in sets.items():
                figures |= quality(store, titles, silent, name)
            if chosen.wrong:
                _tell_wrong(store, every, silent)
            for name, titles in sets.items():
                precision, recall = twins(told, titles, silent)
                figures |= {f"twins_{name}_precision": precision, f"twins_{name}_recall": recall}
                if chosen.curve:
                    curve[name] = {f"{at:.2f}": [round(x, 3) for x in twins(told, titles, silent, at)] for at in CURVE}
            surround(store, chosen.among)
            figures |= pace(store, every, silent)
        finally:
            store.close()
    figures |= region_pace(chosen.region)
    drawn = {"curve": curve} if curve else {}
    common.tell(titles=len(every), measures=chosen.among + 30, **figures, **drawn)
    return 0


def _tell_wrong(store: Store, every: Sequence[Case], silent: frozenset[str]) -> None:
    for number, case in enumerate(every):
        found = {one.title: one for one in suggest(Reader(store.engine), case.typed, silent, limit=SHOWN)}
        for title in sorted(found.keys() ^ case.meant):
            sign = "+" if title in found else "-"
            score = f" {found[title].score:.2f}" if title in found else ""
            print(f"{number} {sign}{score} {case.typed} → {title}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
