"""Boundaries out of files as people have them: what fits is drawn, what does not is passed over or refused whole."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.domain.boundaries import BoundariesFault, parse_boundaries

SQUARE = [[[8.0, 51.0], [8.1, 51.0], [8.1, 51.1], [8.0, 51.1], [8.0, 51.0]]]
KEYS = frozenset({"05974040", "05966024"})


def collection(*features: dict[str, Any], **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})


def feature(key: object, name: str = "AGS", kind: str = "Polygon", coordinates: object = SQUARE) -> dict[str, Any]:
    return {"properties": {name: key}, "geometry": {"type": kind, "coordinates": coordinates}}


@pytest.mark.parametrize("key", ["05974040", "5974040", 5974040, "059740000040"])
def test_keys_are_understood_as_offices_write_them(key: object) -> None:
    assert set(parse_boundaries(collection(feature(key)), KEYS).shapes) == {"05974040"}


def test_islands_and_holes_come_along_and_other_towns_do_not() -> None:
    several = feature("05966024", "ags", "MultiPolygon", [SQUARE, [[[9.0, 51.0], [9.1, 51.0], [9.1, 51.2]]]])
    found = parse_boundaries(collection(several, feature("09162000")), KEYS)
    assert {ags: len(rings) for ags, rings in found.shapes.items()} == {"05966024": 2}


def test_whose_shapes_they_are_is_told() -> None:
    assert (
        parse_boundaries(collection(feature("05974040"), attribution=" © BKG \n 2019"), KEYS).attribution
        == "© BKG 2019"
    )
    assert parse_boundaries(collection(feature("05974040")), KEYS).attribution == ""


def test_points_that_no_screen_shows_are_left_out() -> None:
    ring = [[8 + n / 100_000, 51 + n % 2 / 1_000_000] for n in range(10_000)]
    (shape,) = parse_boundaries(collection(feature("05974040", coordinates=[ring])), KEYS).shapes["05974040"]
    assert 100 < len(shape) < 2_000


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "json"),
        ("[1, 2]", "json"),
        ("{}", "json"),
        ("[" * 100_000, "json"),
        (collection(), "shapes"),
        (collection(feature("09162000")), "shapes"),
        (collection({"properties": None, "geometry": None}, {"geometry": 3}), "shapes"),
        (collection(feature("05974040", coordinates=[[["x", 1], [8.0], None, [1e999, 2], [400, 51]]])), "shapes"),
        (
            collection(feature("05974040", coordinates=[[[450000.5, 5700000], [450100, 5700000], [450100, 5700100]]])),
            "degrees",
        ),
        (collection(feature("05974040", kind="Point", coordinates=[8, 51])), "shapes"),
    ],
)
def test_what_is_no_map_of_the_region_is_refused(text: str, why: str) -> None:
    with pytest.raises(BoundariesFault) as caught:
        parse_boundaries(text, KEYS)
    assert str(caught.value) == why
