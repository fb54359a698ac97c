"""The frame of the window as pictures: `python -m app.ui.gallery --out DIR`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain.clock import Dot
from app.models.queries.versions import Fassung, Writer
from app.ui.demo import shipped_region
from app.ui.main_window import MainWindow
from app.ui.measures.history import History, open_history
from app.ui.measures.places import Places
from app.ui.shell.status_line import Network, StatusLine, StatusView
from app.ui.widgets.buttons import Button
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


def history() -> QWidget:
    """Every version of a field: waiting, receipted, from a file, from another town."""
    page = Ground("background")
    column = page.column(24, 12)
    anchor = Button("Verlauf", name="history_anchor", icon="clock-counter-clockwise")
    column.addWidget(anchor, 0, Qt.AlignmentFlag.AlignLeft)
    column.addStretch(1)
    now = datetime(2026, 11, 26, 15, tzinfo=UTC).astimezone()
    told = [
        Fassung(
            Dot(1, number), (value, ""), int((now - timedelta(days=5 * number)).timestamp() * 1000), writer,
            None if number == 0 else 40 - number, number == 0, number < 2, number == 0, origin,
        )
        for number, (value, writer, origin) in enumerate(
            (
                ("yellow", Writer("Katrin Brandt", "Laptop Rathaus 2", "05970004", True), ""),
                ("green", Writer("Wilhelmine von Schönburg-Waldenburg", "PC 114", "05962044", False), ""),
                ("red", Writer("Katrin Brandt", "Laptop Rathaus 2", "05970004", True), "file:Massnahmen.csv:17"),
                (None, Writer("", "", "", False), ""),
            )
        )
    ]  # fmt: skip
    body = History("measure", "traffic_light", told, Places(shipped_region()), now, locked=False)
    page.after_show = lambda: open_history(anchor, "measure", "traffic_light", body)  # type: ignore[attr-defined]
    return page


PAGES: dict[str, Page] = {
    "frame": Page("Fenster", frame, 1440, 900, 1),
    "low": Page("Kleines Fenster", frame, 1366, 768, 1),
    "states": Page("Statuszeile", states, 1280, 260, 1),
    "history": Page("Verlauf", history, 460, 520),
}

if __name__ == "__main__":
    raise SystemExit(main(PAGES))
