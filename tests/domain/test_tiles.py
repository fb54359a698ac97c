"""The tile map: nobody overlaps, neighbours stay neighbours, districts stay whole, and it is always the same map."""

from __future__ import annotations

import random

import pytest

from app import resources
from app.domain.region import Region, parse_municipalities
from app.domain.tiles import around, figures, lay_tiles, middle_of, neighbours
from resources.region.lay_out import TABLE, laid_out, places_of, rewritten


@pytest.fixture(scope="module")
def region() -> Region:
    return parse_municipalities(resources.path("region", "municipalities.csv").read_text("utf-8"))


def test_the_shipped_map_is_what_the_coordinates_lead_to(region: Region) -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert rewritten(text) == text
    assert laid_out(region) == {m.ags: (m.col, m.row) for m in region}


def test_nobody_overlaps_neighbours_are_kept_and_every_district_is_in_one_piece(region: Region) -> None:
    laid = {m.ags: (m.col, m.row) for m in region}
    assert len(set(laid.values())) == 59
    found = figures(laid, *places_of(region))
    assert found.pieces == len(region.districts)
    assert found.kept / found.pairs > 0.85
    assert found.mean < 0.5
    assert found.largest < 1.5


def test_the_order_of_the_places_makes_no_difference() -> None:
    dice = random.Random(5)
    places = {f"p{n}": (dice.random() * 4, dice.random() * 3) for n in range(20)}
    groups = {key: "north" if y < 1.5 else "south" for key, (_, y) in places.items()}
    laid = lay_tiles(places, groups)
    mixed = list(places)
    dice.shuffle(mixed)
    assert lay_tiles({key: places[key] for key in mixed}, groups) == laid
    assert len(set(laid.values())) == 20
    assert min(col for col, _ in laid.values()) == 0


def test_of_a_grid_of_hexagons_most_neighbours_stay() -> None:
    cells = {f"{col}-{row}": (col, row) for col in range(4) for row in range(4)}
    laid = lay_tiles({key: middle_of(cell) for key, cell in cells.items()}, dict.fromkeys(cells, "one"))
    pairs = neighbours({key: middle_of(cell) for key, cell in cells.items()})
    assert sum(laid[b] in around(laid[a]) for a, b in pairs) > 0.8 * len(pairs)


def test_no_place_and_one_place_are_maps_too() -> None:
    assert lay_tiles({}, {}) == {}
    assert lay_tiles({"a": (3.0, 7.0)}, {"a": "x"}) in ({"a": (0, 0)}, {"a": (0, 1)})


def test_touching_is_mutual() -> None:
    for cell in ((0, 0), (3, 1), (2, 2)):
        assert len(set(around(cell))) == 6
        assert all(cell in around(near) for near in around(cell))
