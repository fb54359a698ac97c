"""The tile map: one equal hexagon per place, near where it really is, beside its real neighbours, none overlapping.

Places are first assigned to cells of a hexagonal grid so that the squares of all displacements are least
(Hungarian method), then moved and swapped one by one as long as that loses fewer neighbours, keeps groups in one
piece or brings places nearer. Everything is decided by numbers and, among equals, by order: the same places give
the same map.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Place = tuple[float, float]
"""East and south of a point, in any unit."""
Cell = tuple[int, int]
"""Column and row; odd rows are shifted half a tile to the right."""
Pair = tuple[str, str]

_ROW = math.sqrt(3) / 2
"""Height of a row while a tile is one wide."""
_FILLED = 0.64
"""Share of the box around all places that tiles shall fill; tried from 0.54 to 0.75: here most neighbours stay."""
_SPARE = 2
"""Empty cells around the outermost places."""
_LOST_PAIR, _TORN_GROUP = 1.5, 6.0
"""What a lost pair of neighbours and a further piece of a group cost, in squares of a tile's width."""
_MOST_ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Figures:
    """How good a map is: displacements in tiles, pairs of neighbours kept, pieces the groups are in."""

    mean: float
    largest: float
    kept: int
    pairs: int
    pieces: int


def plane(lat: float, lon: float, middle_lat: float) -> Place:
    """Degrees as a point of a plane around a middle latitude; the unit is a degree of latitude."""
    return lon * math.cos(math.radians(middle_lat)), -lat


def neighbours(places: Mapping[str, Place]) -> tuple[Pair, ...]:
    """Pairs with nobody between them: no third place lies in the circle over their connection (Gabriel graph)."""
    keys = sorted(places)
    found = []
    for i, a in enumerate(keys):
        for b in keys[i + 1 :]:
            middle = ((places[a][0] + places[b][0]) / 2, (places[a][1] + places[b][1]) / 2)
            radius = _square(places[a], middle)
            if not any(_square(places[c], middle) < radius for c in keys if c not in (a, b)):
                found.append((a, b))
    return tuple(found)


def around(cell: Cell) -> tuple[Cell, ...]:
    """The six cells that touch one, clockwise from the right."""
    col, row = cell
    shift = row % 2
    return (
        (col + 1, row),
        (col + shift, row + 1),
        (col - 1 + shift, row + 1),
        (col - 1, row),
        (col - 1 + shift, row - 1),
        (col + shift, row - 1),
    )


def middle_of(cell: Cell) -> Place:
    """The centre of a cell while a tile is one wide."""
    col, row = cell
    return col + (0.5 if row % 2 else 0.0), row * _ROW


def lay_tiles(places: Mapping[str, Place], groups: Mapping[str, str]) -> dict[str, Cell]:
    """A cell for every place, from column 0 and row 0 or 1 on.

    Args:
        groups: what each place belongs to; a group stays in one piece where that is possible.
    """
    if not places:
        return {}
    keys = sorted(places)
    spots = _scaled([places[key] for key in keys])
    cells = _grid(spots)
    first = _assigned([[_square(spot, middle_of(cell)) for cell in cells] for spot in spots])
    search = _Search(dict(zip(keys, spots, strict=True)), groups, neighbours(places))
    laid = search.improved({key: cells[at] for key, at in zip(keys, first, strict=True)}, frozenset(cells))
    left, top = min(c for c, _ in laid.values()), min(r for _, r in laid.values())
    top -= top % 2  # by an even number of rows, so that the shifted ones stay shifted
    return {key: (col - left, row - top) for key, (col, row) in laid.items()}


def figures(laid: Mapping[str, Cell], places: Mapping[str, Place], groups: Mapping[str, str]) -> Figures:
    """How good a map is, whoever made it; both maps are laid over each other by their middles."""
    keys = sorted(laid)
    spots = _centred(_scaled([places[key] for key in keys]))
    middles = _centred([middle_of(laid[key]) for key in keys])
    away = [math.sqrt(_square(a, b)) for a, b in zip(spots, middles, strict=True)]
    pairs = neighbours(places)
    kept = sum(1 for a, b in pairs if laid[b] in around(laid[a]))
    return Figures(sum(away) / len(away), max(away), kept, len(pairs), _pieces(laid, groups))


def _square(a: Place, b: Place) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _centred(points: Sequence[Place]) -> list[Place]:
    x = math.fsum(p[0] for p in points) / len(points)
    y = math.fsum(p[1] for p in points) / len(points)
    return [(p[0] - x, p[1] - y) for p in points]


def _scaled(points: Sequence[Place]) -> list[Place]:
    """Points in tiles: a place takes as much room as it does in their box, which the tiles fill in part."""
    width = max(p[0] for p in points) - min(p[0] for p in points)
    height = max(p[1] for p in points) - min(p[1] for p in points)
    room = (width * height * _FILLED) / len(points) or 1.0
    unit = math.sqrt(room / _ROW)
    return [(p[0] / unit, p[1] / unit) for p in points]


def _grid(spots: Sequence[Place]) -> list[Cell]:
    """Cells over all spots and some room around them, row by row."""
    cols = range(math.floor(min(s[0] for s in spots)) - _SPARE, math.ceil(max(s[0] for s in spots)) + _SPARE + 1)
    top, bottom = min(s[1] for s in spots) / _ROW, max(s[1] for s in spots) / _ROW
    rows = range(math.floor(top) - _SPARE, math.ceil(bottom) + _SPARE + 1)
    return [(col, row) for row in rows for col in cols]


def _assigned(costs: Sequence[Sequence[float]]) -> list[int]:
    """For every row another column, so that the sum is least (Hungarian method with potentials)."""
    many = len(costs[0])
    of_rows, of_cols = [0.0] * (len(costs) + 1), [0.0] * (many + 1)
    taken, way = [0] * (many + 1), [0] * (many + 1)
    for row in range(1, len(costs) + 1):
        taken[0], at = row, 0
        least, used = [math.inf] * (many + 1), [False] * (many + 1)
        while taken[at]:
            used[at] = True
            of, step, after = taken[at], math.inf, 0
            for col in range(1, many + 1):
                if used[col]:
                    continue
                rest = costs[of - 1][col - 1] - of_rows[of] - of_cols[col]
                if rest < least[col]:
                    least[col], way[col] = rest, at
                if least[col] < step:
                    step, after = least[col], col
            for col in range(many + 1):
                if used[col]:
                    of_rows[taken[col]] += step
                    of_cols[col] -= step
                else:
                    least[col] -= step
            at = after
        while at:
            taken[at], at = taken[way[at]], way[at]
    found = [0] * len(costs)
    for col in range(1, many + 1):
        if taken[col]:
            found[taken[col] - 1] = col - 1
    return found


def _pieces(laid: Mapping[str, Cell], groups: Mapping[str, str]) -> int:
    """In how many pieces all groups are together."""
    cells = {cell: groups[key] for key, cell in laid.items()}
    seen: set[Cell] = set()
    pieces = 0
    for start in sorted(cells):
        if start in seen:
            continue
        pieces += 1
        waiting = [start]
        seen.add(start)
        while waiting:
            cell = waiting.pop()
            fresh = [c for c in around(cell) if c not in seen and cells.get(c) == cells[start]]
            seen.update(fresh)
            waiting.extend(fresh)
    return pieces


class _Search:
    """Moves and swaps that make a map better, the first that helps at every place."""

    def __init__(self, spots: Mapping[str, Place], groups: Mapping[str, str], pairs: Iterable[Pair]) -> None:
        self._spots, self._groups, self._pairs = spots, groups, tuple(pairs)

    def improved(self, laid: dict[str, Cell], cells: frozenset[Cell]) -> dict[str, Cell]:
        best = self._cost(laid)
        for _ in range(_MOST_ROUNDS):
            before = best
            for key in sorted(laid):
                for cell in self._near(laid[key], cells):
                    moved = self._moved(laid, key, cell)
                    cost = self._cost(moved)
                    if cost < best - 1e-9:
                        laid, best = moved, cost
            if best == before:
                break
        return laid

    @staticmethod
    def _near(cell: Cell, cells: frozenset[Cell]) -> list[Cell]:
        one = around(cell)
        two = dict.fromkeys(further for near in one for further in around(near))
        return [c for c in dict.fromkeys((*one, *two)) if c in cells and c != cell]

    @staticmethod
    def _moved(laid: Mapping[str, Cell], key: str, cell: Cell) -> dict[str, Cell]:
        other = next((k for k, c in laid.items() if c == cell), None)
        moved = {**laid, key: cell}
        if other is not None:
            moved[other] = laid[key]
        return moved

    def _cost(self, laid: Mapping[str, Cell]) -> float:
        away = sum(_square(self._spots[key], middle_of(cell)) for key, cell in laid.items())
        lost = sum(1 for a, b in self._pairs if laid[b] not in around(laid[a]))
        return away + _LOST_PAIR * lost + _TORN_GROUP * _pieces(laid, self._groups)
