"""Every action of the rooms by name, for the list of commands; what can only be done elsewhere leads there first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.ui.measures import views
from app.ui.rooms import Desk
from app.ui.shell.commands import Command
from app.ui.sync_worker import SyncState

_SCHEMES = (("light", "Helle Darstellung", "sun"), ("dark", "Dunkle Darstellung", "moon"))
_WORKSHOP_VIEWS = (
    ("notes", "Mitschrift zeigen", "note-pencil"),
    ("wall", "Wand zeigen", "squares-four"),
    ("paper", "Protokoll zeigen", "file-text"),
    ("details", "Angaben des Workshops zeigen", "info"),
)


def commands_of(desk: Desk) -> list[Command]:
    """All named actions of this desktop, by room."""
    return [*_measures(desk), *_workshops(desk), *_sync(desk), *_settings(desk)]


def _there(desk: Desk, room: str, act: Callable[[], object]) -> Callable[[], None]:
    """The action, in its room."""

    def go() -> None:
        desk.window.show_page(room)
        act()

    return go


def _measures(desk: Desk) -> list[Command]:
    page, area = desk.measures, "Maßnahmen"
    found = [
        Command(
            "measures/new", "Neue Maßnahme", area, _there(desk, "measures", page.new_measure), "Ctrl+N",
            "anlegen erstellen hinzufügen", "plus",
        ),
        Command(
            "measures/delete", "Ausgewählte Maßnahmen löschen", area, page.delete_selected, "Del", "entfernen", "trash",
            lambda: desk.window.current_key() == "measures" and page.table.selectionModel().hasSelection(),
        ),
        Command("measures/save", "Sofort speichern", area, page.save, "Ctrl+S", icon="floppy-disk"),
    ]  # fmt: skip
    for view in views.quick_views(desk.own_ags):
        show = _there(desk, "measures", partial(page.show_view, view.key))
        found.append(Command(f"measures/{view.key}", f"Maßnahmen: {view.title}", area, show, icon="list-bullets"))
    return found


def _workshops(desk: Desk) -> list[Command]:
    page, area = desk.workshops, "Workshops"
    found = [
        Command(
            "workshops/new", "Neuer Workshop", area, _there(desk, "workshops", page.begin_new),
            also="anlegen erstellen Veranstaltung", icon="plus",
        ),
        Command("workshops/list", "Alle Workshops", area, _there(desk, "workshops", page.show_list), icon="list"),
        Command(
            "workshops/month", "Workshops im Kalender", area, _there(desk, "workshops", page.show_month),
            also="Monat Termine", icon="calendar-blank",
        ),
    ]  # fmt: skip
    view = page.view
    if view is not None and desk.window.current_key() == "workshops":
        for key, title, icon in _WORKSHOP_VIEWS:
            found.append(Command(f"workshops/{key}", title, area, partial(view.show_view, key), icon=icon))
        found.append(Command("workshops/delete", "Diesen Workshop löschen", area, page.delete_shown, icon="trash"))
    return found


def _sync(desk: Desk) -> list[Command]:
    page, sync, area = desk.exchange, desk.sync, "Abgleich"

    def joined() -> bool:
        return sync.state is not SyncState.ALONE

    return [
        Command(
            "sync/now", "Jetzt abgleichen", area, sync.ask, "", "synchronisieren übertragen senden holen",
            "arrows-clockwise", joined,
        ),
        Command(
            "sync/pause", "Abgleich anhalten", area, sync.pause, also="stoppen pausieren", icon="pause",
            is_possible=lambda: joined() and sync.state is not SyncState.PAUSED,
        ),
        Command(
            "sync/resume", "Abgleich fortsetzen", area, sync.resume, icon="play",
            is_possible=lambda: sync.state is SyncState.PAUSED,
        ),
        Command(
            "sync/waiting", "Was ist noch nicht übertragen?", area, _there(desk, "sync", page.show_overview),
            also="wartet Übersicht Quittungen", icon="clock",
        ),
        Command(
            "sync/versions", "Zwei Fassungen entscheiden", area, _there(desk, "sync", page.show_versions),
            also="offene Fragen", icon="git-fork",
        ),
        Command(
            "sync/log", "Protokoll des Abgleichs", area, _there(desk, "sync", page.show_log), icon="clipboard-text"
        ),
        Command(
            "sync/devices", "Meine Geräte", area, _there(desk, "sync", page.show_devices),
            also="abmelden verloren gestohlen Laptop Tablet", icon="laptop",
        ),
    ]  # fmt: skip


def _settings(desk: Desk) -> list[Command]:
    page, area = desk.settings, "Einstellungen"
    found = [
        Command(f"look/{key}", title, area, partial(page.choose_scheme, key), also="Design Modus Helligkeit", icon=icon)
        for key, title, icon in _SCHEMES
    ]
    found += [
        Command("look/larger", "Text größer", area, partial(page.step_size, 1), also="Schrift Zoom", icon="text-aa"),
        Command("look/smaller", "Text kleiner", area, partial(page.step_size, -1), also="Schrift Zoom", icon="text-aa"),
        Command("profile/folder", "Profilordner öffnen", area, page.open_folder, also="Dateien", icon="folder-open"),
    ]
    if desk.backups is not None:
        found.append(
            Command("profile/backup", "Jetzt sichern", area, page.back_up, also="Sicherung Backup", icon="archive")
        )
    return found
