"""The way to every screen, as a person would go it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QAbstractButton

from app.models.queries import lists
from app.ui.desktop import Desktop


def _measure(desktop: Desktop) -> None:
    desktop.show_record("measure", lists.measure_ids(desktop.workspace.reader, lists.MeasureFilter())[0])


def _workshop(view: str) -> Callable[[Desktop], None]:
    def go(desktop: Desktop) -> None:
        desktop.show_record("workshop", lists.workshop_lines(desktop.workspace.reader)[0].id)
        assert desktop.workshops.view is not None
        desktop.workshops.view.show_view(view)

    return go


def _calendar(desktop: Desktop) -> None:
    desktop.window.show_page("workshops")
    desktop.workshops.show_month()


def _room(key: str) -> Callable[[Desktop], None]:
    return lambda desktop: desktop.window.show_page(key)


def _mode(key: str) -> Callable[[Desktop], None]:
    def go(desktop: Desktop) -> None:
        desktop.window.show_page("measures")
        button = desktop.measures.findChild(QAbstractButton, f"measure_modes_{key}")
        assert button is not None
        button.click()

    return go


def _sync(tab: str) -> Callable[[Desktop], None]:
    def go(desktop: Desktop) -> None:
        desktop.window.show_page("sync")
        {"versions": desktop.exchange.show_versions, "log": desktop.exchange.show_log}[tab]()

    return go


SCREENS: dict[str, Callable[[Desktop], None]] = {
    "Heute": _room("today"),
    "Maßnahmen": _room("measures"),
    "Tafel": _mode("board"),
    "Zeitplan": _mode("timeline"),
    "Steckbrief": _measure,
    "Workshops": _room("workshops"),
    "Kalender": _calendar,
    "Mitschrift": _workshop("notes"),
    "Wand": _workshop("wall"),
    "Papier": _workshop("paper"),
    "Angaben": _workshop("details"),
    "Region": _room("region"),
    "Abgleich": _room("sync"),
    "Zwei Fassungen": _sync("versions"),
    "Protokoll": _sync("log"),
    "Einstellungen": _room("settings"),
}
