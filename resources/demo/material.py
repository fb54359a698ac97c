"""What invented measures are made of: the 59 places with their villages, and the ideas."""

from __future__ import annotations

from dataclasses import dataclass, field

from resources.demo.blocks import SOURCE, blocks, cells


@dataclass(frozen=True)
class Place:
    """One municipality with the villages that measures lie in."""

    ags: str
    name: str
    short: str
    type: str
    lat: float
    lon: float
    villages: tuple[str, ...]


@dataclass
class Idea:
    """One idea with its variants."""

    key: str
    fields: list[str]
    scope: str
    low: int
    high: int
    groups: list[str]
    nature: str
    tags: list[str]
    said: dict[str, list[str]] = field(default_factory=dict)


def places() -> list[Place]:
    """The 59 municipalities."""
    found = []
    for line in (SOURCE / "places.txt").read_text(encoding="utf-8").splitlines()[1:]:
        ags, name, short, kind, lat, lon, villages = cells(line, 7)
        split = tuple(v.strip() for v in villages.split(","))
        found.append(Place(ags, name, short, kind, float(lat), float(lon), split))
    return found


def ideas() -> list[Idea]:
    """Every idea of `ideas.txt`."""
    found = []
    for block in blocks("ideas.txt"):
        fields, scope, cost, groups, nature, tags = (part.strip() for part in block.rest.split(";"))
        low, high = cost.split("-")
        idea = Idea(
            block.ref,
            fields.split(", "),
            scope,
            int(low),
            int(high),
            groups.split(", "),
            nature,
            tags.split(", "),
        )
        for line in block.lines:
            if line.strip():
                idea.said.setdefault(line[0], []).append(line[2:].strip())
        found.append(idea)
    return found
