"""The frame of the window as pictures: `python -m app.ui.gallery --out DIR`."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.main_window import MainWindow
from app.ui.shell.status_line import Network, StatusLine, StatusView
from app.ui.widgets.gallery import Page, main
from app.ui.widgets.sample_records import table
from app.ui.widgets.words import Ground


def frame() -> QWidget:
    """The whole window with rooms, badges and an honest status line."""
    window = MainWindow()
    for key, title, icon in (
        ("today", "Heute", "sun"),
        ("measures", "Maßnahmen", "list-bullets"),
        ("workshops", "Workshops", "users-three"),
        ("region", "Region", "hexagon"),
        ("reports", "Berichte", "chart-bar"),
        ("sync", "Abgleich", "arrows-clockwise"),
    ):
        window.add_page(key, title, icon, table() if key == "measures" else Ground())
    window.add_page("control", "Leitstand", "broadcast", Ground(), apart=True)
    window.add_page("settings", "Einstellungen", "gear-six", Ground(), bottom=True)
    window.set_badge("sync", 2, "version", "offene Fragen")
    window.set_person("Katrin Brandt", "Nachrodt-Wiblingwerde")
    window.set_undo("Ampel geändert")
    window.set_status(StatusView(True, "", 12, "heute 14:32", "4711", 2, Network.OFFLINE))
    window.show_page("measures")
    return window


def states() -> QWidget:
    """The status line in every state."""
    page = Ground("background")
    column = page.column(0, 8)
    for view in (
        StatusView(True, "", 12, "heute 14:32", "4711", 2, Network.OFFLINE),
        StatusView(True, "", 0, "heute 15:10", "4712", 1, Network.ONLINE, "der Südwestfalen Agentur"),
        StatusView(False, "", 1, "gestern 16:02", "4712", 0, Network.SYNCING, progress="7 von 11 quittiert"),
        StatusView(True, "", 1204, "", "", 0, Network.PAUSED),
        StatusView(True, "Der Speicher ist voll", 3, "12.03., 09:14", "4699", 0, Network.REFUSED),
        StatusView(True, network=Network.ALONE),
    ):
        line = StatusLine()
        line.set_view(view)
        column.addWidget(line)
    column.addStretch(1)
    return page


PAGES: dict[str, Page] = {
    "frame": (frame, 1440, 900),
    "low": (frame, 1366, 768),
    "states": (states, 1280, 260),
}

if __name__ == "__main__":
    raise SystemExit(main(PAGES, grow=False))
