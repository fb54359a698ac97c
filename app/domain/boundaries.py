"""Real boundaries out of a GeoJSON file that a person brings: one shape per municipality key.

Only what is needed to draw: rings in WGS 84 degrees, thinned out to what a screen can show. What else a file
says is passed over, except whose data it is: that must be told wherever the shapes are shown.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]
"""Longitude and latitude in degrees."""
Ring = tuple[Point, ...]

LONGEST = 60_000_000
"""Characters of a file that are read at most."""
_MOST_POINTS = 2_000_000
_FINENESS = 1500
"""Points nearer than this part of the region's width are left out: a screen has hardly more pixels."""
_KEYS = ("ags", "AGS", "ags_g", "AGS_G", "gemeindeschluessel", "ARS", "ars", "RS", "schluessel", "id")
_DIGITS = re.compile(r"[0-9]{8}(?:[0-9]{4})?\Z")


class BoundariesFault(ValueError):
    """Why a file is of no use: "json", "shapes" (no municipality of the region), "degrees" (in metres) or "size"."""


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Rings by municipality; outer and inner ones alike, the even-odd rule fills them.

    Attributes:
        attribution: whose data it is, "" if the file does not say.
    """

    shapes: Mapping[str, tuple[Ring, ...]]
    attribution: str


def parse_boundaries(text: str, keys: Set[str]) -> Boundaries:
    """The shapes of those municipalities of the region that the file has.

    Raises:
        BoundariesFault: no JSON, no shape of the region, none in degrees, or too much.
    """
    if len(text) > LONGEST:
        raise BoundariesFault("size")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise BoundariesFault("json") from None
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list):
        raise BoundariesFault("json")
    found: dict[str, tuple[Ring, ...]] = {}
    points = 0
    in_metres = False
    for feature in features:
        ags = _key_of(feature, keys)
        rings = tuple(_rings(feature.get("geometry"))) if ags else ()
        points += sum(map(len, rings))
        if points > _MOST_POINTS:
            raise BoundariesFault("size")
        in_metres = in_metres or bool(ags and not rings and _is_in_metres(feature.get("geometry")))
        if ags and rings:
            found[ags] = found.get(ags, ()) + rings
    if not found:
        raise BoundariesFault("degrees" if in_metres else "shapes")
    return Boundaries(_thinned(found), _attribution(told))


def _key_of(feature: Any, keys: Set[str]) -> str:
    """The key of a feature of the region: eight digits, or the twelve of the regional key; "" for others."""
    if not isinstance(feature, dict):
        return ""
    properties = feature.get("properties")
    told = [properties.get(name) for name in _KEYS] if isinstance(properties, dict) else []
    for value in (*told, feature.get("id")):
        digits = str(value).strip() if isinstance(value, str | int) else ""
        digits = digits.zfill(8) if len(digits) == 7 else digits
        if _DIGITS.match(digits):
            ags = digits if len(digits) == 8 else digits[:5] + digits[9:]
            if ags in keys:
                return ags
    return ""


def _rings(geometry: Any) -> Iterator[Ring]:
    """All rings of a polygon or of several; what is no ring of finite points is left out."""
    if not isinstance(geometry, dict):
        return
    coordinates = geometry.get("coordinates")
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(geometry.get("type")))
    for polygon in polygons if isinstance(polygons, list) else []:
        for ring in polygon if isinstance(polygon, list) else []:
            points = tuple(_points(ring))
            if len(points) >= 3:
                yield points


def _is_in_metres(geometry: Any) -> bool:
    """Whether the first point lies beyond all degrees, as offices export it in UTM."""
    first = geometry.get("coordinates") if isinstance(geometry, dict) else None
    while isinstance(first, list) and first and isinstance(first[0], list):
        first = first[0]
    if not isinstance(first, list) or len(first) < 2:
        return False
    if not all(isinstance(number, int | float) and math.isfinite(number) for number in first[:2]):
        return False
    return bool(abs(first[0]) > 180 or abs(first[1]) > 90)


def _points(ring: Any) -> Iterator[Point]:
    for point in ring if isinstance(ring, list) else []:
        if not isinstance(point, list) or len(point) < 2:
            continue
        lon, lat = point[0], point[1]
        if not isinstance(lon, int | float) or not isinstance(lat, int | float):
            continue
        if math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90:
            yield float(lon), float(lat)


def _thinned(shapes: Mapping[str, tuple[Ring, ...]]) -> dict[str, tuple[Ring, ...]]:
    every = [point[0] for rings in shapes.values() for ring in rings for point in ring]
    least = (max(every) - min(every)) / _FINENESS
    return {ags: tuple(_thin(ring, least) for ring in rings) for ags, rings in shapes.items()}


def _thin(ring: Ring, least: float) -> Ring:
    kept = [ring[0]]
    for point in ring[1:]:
        if abs(point[0] - kept[-1][0]) >= least or abs(point[1] - kept[-1][1]) >= least:
            kept.append(point)
    return tuple(kept) if len(kept) >= 3 else ring


def _attribution(told: Mapping[str, Any]) -> str:
    for name in ("attribution", "copyright", "source", "license"):
        value = told.get(name)
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())[:300]
    return ""
