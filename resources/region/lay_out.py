"""Writes the places of the tile map into municipalities.csv: python -m resources.region.lay_out"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from app.domain.region import Region, parse_municipalities
from app.domain.tiles import Cell, Place, lay_tiles, plane

TABLE = Path(__file__).with_name("municipalities.csv")


def places_of(region: Region) -> tuple[dict[str, Place], dict[str, str]]:
    """Where the municipalities are, and the codes of their districts."""
    middle = sum(m.lat for m in region) / len(region)
    return {m.ags: plane(m.lat, m.lon, middle) for m in region}, {m.ags: m.district.code for m in region}


def laid_out(region: Region) -> dict[str, Cell]:
    """The cells of the map by key."""
    return lay_tiles(*places_of(region))


def rewritten(text: str) -> str:
    """The table with the cells that follow from its coordinates."""
    cells = laid_out(parse_municipalities(text))
    rows = list(csv.DictReader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        col, line = cells[row["ags"]]
        writer.writerow({**row, "col": col, "row": line})
    return out.getvalue()


if __name__ == "__main__":
    TABLE.write_text(rewritten(TABLE.read_text(encoding="utf-8")), encoding="utf-8")
