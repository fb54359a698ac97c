"""Real boundaries on the map: loaded from a file, remembered, refused with a sentence, and put away again."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.region import Region
from app.services import boundaries
from app.services.workspace import Workspace
from app.ui.region.map_pane import MapPane
from app.ui.region.page import RegionPage
from app.ui.widgets.notices import Banner
from tests.ui.region.conftest import OLPE, SOEST
from tests.ui.typing import press


def geojson(folder: Path, *keys: str) -> Path:
    """Squares beside each other."""
    features = []
    for n, key in enumerate(keys):
        left = 8 + n / 10
        ring = [[left, 51.0], [left + 0.1, 51.0], [left + 0.1, 51.1], [left, 51.1], [left, 51.0]]
        features.append({"properties": {"ags": key}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    file = folder / "grenzen.geojson"
    file.write_text(json.dumps({"features": features, "attribution": "© Muster"}), encoding="utf-8")
    return file


def test_real_shapes_stand_in_for_tiles_and_are_found_again_at_the_next_start(
    page: RegionPage, workspace: Workspace, region: Region, tmp_path: Path
) -> None:
    hexagon = page.map.tiles[SOEST].geometry()
    page.map_pane.load_boundaries(geojson(tmp_path, SOEST, OLPE))
    soest, olpe = page.map.tiles[SOEST], page.map.tiles[OLPE]
    assert soest.geometry().height() > hexagon.height()
    assert olpe.x() >= soest.geometry().right() - 1, "east is right"
    assert soest.isVisible()
    assert page.map.tiles["05974052"].isHidden()
    assert page.map.grab().toImage().pixelColor(soest.geometry().center()).isValid()
    again = MapPane(workspace, region)
    assert again.shapes.text() == "Kacheln zeigen"
    again.deleteLater()
    press(page.map_pane.shapes, Qt.Key.Key_Space)
    assert page.map.tiles["05974052"].isVisible()
    assert page.map.tiles[SOEST].width() < page.map.tiles[SOEST].height() <= hexagon.height() + 4, "a hexagon again"
    assert boundaries.boundaries_in_use(workspace.store) is None


def test_a_file_without_the_region_changes_nothing_and_says_what_to_choose(
    qtbot: QtBot, page: RegionPage, tmp_path: Path
) -> None:
    def told() -> list[str]:
        return [one.accessibleName() for one in page.findChildren(Banner, "region_problem") if not one.isHidden()]

    page.map_pane.load_boundaries(geojson(tmp_path, "09162000"))
    qtbot.waitUntil(lambda: len(told()) == 1)
    assert told()[0].startswith("In „grenzen.geojson“ steht keine Kommune der Region.")
    page.map_pane.load_boundaries(tmp_path / "weg.geojson")
    qtbot.waitUntil(lambda: len(told()) == 1)
    assert "nicht da" in told()[0], "one sentence at a time"
    assert page.map.tiles["05974052"].isVisible()
    page.map_pane.load_boundaries(geojson(tmp_path, SOEST, OLPE))
    assert told() == [], "what is put right is not told any more"


def test_a_remembered_file_that_has_gone_leaves_tiles(workspace: Workspace, region: Region, tmp_path: Path) -> None:
    file = geojson(tmp_path, SOEST)
    boundaries.use_boundaries(workspace.store, file)
    file.unlink()
    pane = MapPane(workspace, region)
    assert pane.shapes.text() == "Grenzen laden …"
    pane.deleteLater()


def test_arrow_keys_never_lead_to_a_municipality_that_has_no_outline(page: RegionPage, tmp_path: Path) -> None:
    page.map.stand_on("05974052")
    page.map_pane.load_boundaries(geojson(tmp_path, SOEST, OLPE))
    page.map.setFocus(Qt.FocusReason.TabFocusReason)
    reached = {ags for ags, tile in page.map.tiles.items() if tile.hasFocus()}
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up) * 2:
        press(page.map, key)
        reached |= {ags for ags, tile in page.map.tiles.items() if tile.hasFocus()}
    assert reached <= {SOEST, OLPE}
    assert reached
