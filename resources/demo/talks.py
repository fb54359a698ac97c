"""Turns the written workshops into records: agenda, stations, cards, votes, tasks, decisions, minutes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from resources.demo.blocks import Block, Record, blocks, cells, order, record
from resources.demo.written import decision

FILES = ("workshops_bad_berleburg.txt", "workshops_arnsberg_olpe_soest.txt", "workshops_region.txt")
KIND_OF = {
    "+": "strength",
    "-": "weakness",
    "?": "question",
    "!": "decision",
    "~": "hint",
    ">": "need",
    "=": "result",
    '"': "quote",
    "&": "criticism",
}
PLAIN = (
    "title",
    "format",
    "mode",
    "starts_at",
    "ends_at",
    "place_text",
    "ags",
    "purpose",
    "host_org",
    "moderation",
    "minute_taker",
    "minutes_kind",
    "minutes_state",
    "distribution",
    "summary",
    "next_on",
    "visibility",
)
BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class Talk:
    """One workshop while it is read."""

    block: Block
    head: Record = field(default_factory=dict)
    made: list[Record] = field(default_factory=list)
    stations: dict[str, str] = field(default_factory=dict)
    rounds: dict[str, tuple[str, str]] = field(default_factory=dict)
    cards: list[tuple[str, str]] = field(default_factory=list)
    minutes: list[str] = field(default_factory=list)
    ideas: set[str] = field(default_factory=set)

    @property
    def ref(self) -> str:
        return self.block.ref

    def add(self, kind: str, key: str, values: Record) -> str:
        """One record below the workshop; returns its reference."""
        ref = f"{self.ref}/{key}"
        self.made.append(record(kind, ref, values, self.ref))
        return ref

    def instant(self, clock: str) -> str:
        """A local time of the workshop's day as an instant."""
        day = str(self.head["starts_at"])[:10]
        local = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BERLIN)
        return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def measure(self, name: str) -> str:
        """A full reference stays; an idea means the measure that this municipality made of it."""
        if name.startswith("m-"):
            return name
        self.ideas.add(name)
        return f"m-{self.head['ags'][3:]}-{name}"


def _read_lines(talk: Talk) -> list[tuple[str, str]]:
    """Splits the block into head lines (returned), cards under their station, and minutes."""
    head: list[tuple[str, str]] = []
    station: str | None = None
    in_minutes = False
    for line in talk.block.lines:
        if line.startswith("## minutes"):
            in_minutes = True
        elif in_minutes:
            talk.minutes.append(line)
        elif line.startswith("=="):
            station = line[2:].strip()
            if station:
                position = len(talk.stations)
                talk.stations[station] = talk.add(
                    "station", f"station-{position}", {"title": station, "sort": order(position)}
                )
        elif station is not None:
            if line.strip():
                talk.cards.append((station, line))
        else:
            key, _, value = line.partition(":")
            head.append((key.strip(), value.strip()))
    return head


def _agenda(talk: Talk, lines: list[str]) -> None:
    for position, text in enumerate(lines):
        planned, title, speaker, result, clock = cells(text, 5)
        times = [f"{talk.head['starts_at'][:10]}T{t}Z" for t in clock.split()] + ["", ""]
        values = {"title": title, "minutes_planned": int(planned), "speaker": speaker, "result": result}
        values |= {"sort": order(position), "started_at": times[0], "ended_at": times[1]}
        talk.add("agenda_item", f"top-{position + 1}", values)


def _counts(talk: Talk, text: str) -> None:
    for part in text.split(";"):
        group, number = part.split()
        talk.add("group_count", f"count-{group}", {"stakeholder_group": group, "count": int(number)})


def _round(talk: Talk, text: str) -> None:
    key, title, method, points, budget, closed = cells(text, 6)
    values = {
        "title": title,
        "method": method,
        "points_per_person": int(points) if points else None,
        "budget_total_cents": int(budget) if budget else None,
        "closed_at": talk.instant(talk.head["ends_at"][11:] + ":00") if closed == "closed" else None,
    }
    talk.rounds[key] = (talk.add("vote_round", f"round-{key}", values), method)


def _task(talk: Talk, position: int, text: str) -> None:
    responsible, title, due, status, station, clock = cells(text, 6)
    values: Record = {"title": title, "responsible": responsible, "due": due, "status": status}
    values |= {"station_id": talk.stations.get(station)}
    if clock:
        values |= {"noted_at": f"{talk.head['starts_at'][:10]}T{clock}Z"}
    talk.add("task", f"task-{position}", values)


def _options(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in text.split():
        key, _, value = word.partition("=")
        found[key] = value
    return found


def _votes(talk: Talk, card: str, options: dict[str, str]) -> None:
    for key in ("v", "w"):
        if key not in options:
            continue
        round_ref, method = talk.rounds[key]
        number = int(options[key])
        amount = {"amount_cents": number * 100} if method == "budget" else {"points": number}
        name = f"result-{key}-{card.rpartition('/')[2]}"
        talk.add("vote_result", name, {"round_id": round_ref, "target_id": card} | amount)


def _cards(talk: Talk, clusters: dict[str, str]) -> None:
    rng = Random(talk.ref)
    start = datetime.fromisoformat(talk.head["starts_at"]) + timedelta(minutes=18)
    for position, (station, line) in enumerate(talk.cards):
        text, _, tail = line.partition("|")
        options = _options(tail)
        start += timedelta(seconds=rng.randint(40, 170))
        sign = KIND_OF.get(text[0])
        clock = f"{options['t']}:{rng.randint(2, 57):02}" if "t" in options else start.strftime("%H:%M:%S")
        measures = [talk.measure(options["m"])] if "m" in options else []
        values: Record = {
            "kind": sign or "idea",
            "text": (text[1:] if sign else text).strip(),
            "station_id": talk.stations.get(station),
            "stakeholder_group": options.get("g"),
            "cluster_id": clusters.get(options.get("c", "")),
            "parked": True if "p" in options else None,
            "sort": order(position),
            "measure_ids": measures,
            "noted_at": talk.instant(clock),
        }
        card = talk.add("contribution", options.get("k", f"card-{position:02}"), values)
        _votes(talk, card, options)


def _workshop(block: Block) -> Talk:
    talk = Talk(block)
    lines = _read_lines(talk)
    single = dict(lines)
    talk.head = {name: single[name] for name in PLAIN if name in single}
    talk.head |= {name: float(single[name]) for name in ("lat", "lon") if name in single}
    measures = [m.strip() for m in single.get("measures", "").split(";") if m.strip()]
    _agenda(talk, [v for k, v in lines if k == "agenda"])
    _counts(talk, single["count"])
    clusters = {}
    for position, text in enumerate(v for k, v in lines if k == "cluster"):
        key, title, colour = cells(text, 3)
        values = {"title": title, "colour": colour, "sort": order(position)}
        clusters[key] = talk.add("cluster", f"cluster-{key}", values)
    for text in (v for k, v in lines if k == "round"):
        _round(talk, text)
    _cards(talk, clusters)
    for position, text in enumerate(v for k, v in lines if k == "task"):
        _task(talk, position, text)
    for position, text in enumerate(v for k, v in lines if k == "decision"):
        talk.add("decision", f"decision-{position}", decision(text, []))
    linked = {m for r in talk.made if r["kind"] == "contribution" for m in r["values"].get("measure_ids", [])}
    talk.head["measure_ids"] = sorted(linked | set(measures))
    if talk.minutes:
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(talk.minutes).strip())
        talk.add("minutes", "minutes", {"text": text})
    return talk


def workshops() -> tuple[list[Record], dict[tuple[str, str], str]]:
    """Every workshop with its children, and the (AGS, idea) pairs that became measures, with the day."""
    made: list[Record] = []
    wanted: dict[tuple[str, str], str] = {}
    for file in FILES:
        for block in blocks(file):
            talk = _workshop(block)
            for idea in talk.ideas:
                pair = (talk.head["ags"], idea)
                wanted[pair] = min(wanted.get(pair, "9999"), talk.head["starts_at"][:10])
            made += [record("workshop", talk.ref, talk.head), *talk.made]
    return made, wanted
