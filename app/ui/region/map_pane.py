"""The map with its legend, and real boundaries instead of tiles for whoever has a file of them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QScrollArea, QVBoxLayout

from app.domain.region import Region
from app.errors import MasswerkError
from app.services import boundaries
from app.services.workspace import Workspace
from app.ui import labels
from app.ui.region.legend import Legend
from app.ui.region.tile_map import TileMap
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.words import Ground, Label


class MapPane(Ground):
    """`refused` carries why a file cannot be shown; what was shown before stays. `accepted`: another is shown."""

    refused = Signal(object)
    accepted = Signal()

    def __init__(self, workspace: Workspace, region: Region) -> None:
        super().__init__("background")
        self.setObjectName("region_map_pane")
        self._workspace, self._region = workspace, region
        self.map, self.legend = TileMap(region), Legend()
        self.shapes = LinkButton(self.tr("Grenzen laden …"), name="region_boundaries")
        self.shapes.clicked.connect(self._on_shapes)
        self._attribution = Label("", "small", role="muted", wrap=True)
        self._has_shapes = False
        self._build()
        self._use(boundaries.boundaries_in_use(workspace.store))

    def _build(self) -> None:
        column = self.column()
        pane = QScrollArea()
        pane.setObjectName("region_map_scroll")
        pane.setFrameShape(QScrollArea.Shape.NoFrame)
        pane.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        pane.setWidgetResizable(True)
        pane.setWidget(self.map)
        pane.viewport().setAutoFillBackground(False)
        self.map.setAutoFillBackground(False)
        column.addWidget(pane, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(24, 4, 24, 12)
        foot.setSpacing(6)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.legend, 1)
        line.addWidget(self.shapes, 0, Qt.AlignmentFlag.AlignTop)
        foot.addLayout(line)
        foot.addWidget(self._attribution)
        column.addLayout(foot)

    def _on_shapes(self) -> None:
        """Tiles again, or a file to choose."""
        if self._has_shapes:
            boundaries.use_boundaries(self._workspace.store, None)
            self._use(None)
            return
        kinds = self.tr("Gemeindegrenzen (*.geojson *.json)")
        file, _ = QFileDialog.getOpenFileName(self, self.tr("Gemeindegrenzen laden"), "", kinds)
        if file:
            self.load_boundaries(Path(file))

    def load_boundaries(self, file: Path) -> None:
        """Show the shapes of a file and remember it; one that cannot be used changes nothing."""
        try:
            boundaries.read_boundaries(file, self._region.keys)
        except MasswerkError as error:
            self.refused.emit(error)
            return
        boundaries.use_boundaries(self._workspace.store, file)
        self._use(file)
        self.accepted.emit()

    def _use(self, file: Path | None) -> None:
        """Shapes of a file; where it has gone meanwhile tiles, they need nothing."""
        told = None
        if file is not None:
            try:
                told = boundaries.read_boundaries(file, self._region.keys)
            except MasswerkError:
                told = None
        self._has_shapes = told is not None
        self.map.show_boundaries(told)
        self.shapes.setText(self.tr("Kacheln zeigen") if told else self.tr("Grenzen laden …"))
        self.shapes.setAccessibleName(self.shapes.text())
        self.shapes.updateGeometry()
        said = told.attribution if told else ""
        missing = len(self._region) - len(told.shapes) if told else 0
        if missing:
            amount = labels.count(missing, "Kommune fehlt", "Kommunen fehlen")
            said = self.tr("{0} in der Datei. {1}").format(amount, said).strip()
        self._attribution.setText(said)
        self._attribution.setVisible(bool(said))
