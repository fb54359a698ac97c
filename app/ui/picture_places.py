"""The way to every screen that a picture is taken of, as a person would go it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.domain.catalogue import MeasureStatus
from app.models.queries import lineage, lists, versions
from app.services.workspace import Workspace
from app.ui.desktop import Desktop
from app.ui.measures.sheet import Bound
from app.ui.shell.shortcuts import ShortcutOverview
from app.ui.sync_worker import SyncState
from app.ui.widgets.buttons import Pressable
from app.ui.widgets.choices import ChoiceBox
from app.ui.widgets.tabs import TabBar

Way = Callable[[Desktop, Workspace], QWidget | None]
"""Goes there; returns the window to be seen where it is another than the main one."""

_PATIENCE_MS = 20_000
NEIGHBOURS = ("05974040", "05958004", "05966024")
"""Three municipalities of three districts that share much in the demo region."""


def go(desktop: Desktop, workspace: Workspace, screen: str) -> QWidget:
    """Leads to a screen by its key: one of `PLACES`, else a room; returns the window that shows it."""
    way = PLACES.get(screen)
    if way is None:
        desktop.window.show_page(screen)
        return desktop.window
    return way(desktop, workspace) or desktop.window


def press(desktop: Desktop, name: str) -> None:
    """Press a button of the window by its object name, if it can be seen."""
    for button in desktop.window.findChildren(Pressable, name):
        if button.isVisible() and button.isEnabled():
            button.click()
            return


def _type(line: QLineEdit, words: str) -> None:
    """Key by key, as a person types; the cursor stays in the line."""
    line.setFocus(Qt.FocusReason.TabFocusReason)
    line.selectAll()
    for letter in words:
        QApplication.sendEvent(line, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))


def _open_measure(desktop: Desktop, workspace: Workspace) -> None:
    """One with an open question, else the first of the list."""
    asked = [q.root_id for q in versions.questions(workspace.reader) if q.root_kind == "measure"]
    found = asked or lists.measure_ids(workspace.reader, lists.MeasureFilter(), limit=1)
    if found:
        desktop.show_record("measure", found[0])
    else:
        desktop.window.show_page("measures")


def _bound(desktop: Desktop, field: str) -> Bound | None:
    desktop.measures.pane.form.go_to(field)
    QApplication.processEvents()  # the form goes there once it is laid out
    return desktop.measures.pane.form.sheet.bound.get(field)


def _wrong_amount(desktop: Desktop, workspace: Workspace) -> None:
    """What cannot be understood stays in its field, with a sentence below it."""
    _open_measure(desktop, workspace)
    bound = _bound(desktop, "total_cost_cents")
    if bound is not None and isinstance(bound.editor.focus, QLineEdit):
        _type(bound.editor.focus, "ungefähr viel")
        desktop.window.rail.focus_current()


def _history(desktop: Desktop, workspace: Workspace) -> None:
    _open_measure(desktop, workspace)
    bound = _bound(desktop, "status")
    record = desktop.measures.pane.form.sheet.record
    if bound is not None and record is not None:
        desktop.measures.pane.show_history("measure", record.id, "status", bound.row)


def _earlier(desktop: Desktop, workspace: Workspace) -> None:
    newest = lists.measure_ids(workspace.reader, lists.MeasureFilter(), (("changed", True),), limit=1)
    if newest:
        desktop.show_record("measure", newest[0])
        desktop.measures.pane.show_earlier()


def _lineage(desktop: Desktop, workspace: Workspace) -> None:
    """A measure whose original says something new, or the room without one."""
    found = lineage.improved(workspace.reader)
    if not found:
        desktop.window.show_page("measures")
        return
    desktop.show_record("measure", found[0].measure)
    desktop.measures.pane.set_large(True)
    desktop.measures.pane.form.go_to("adopted_from")


def _mode(mode: str) -> Way:
    def way(desktop: Desktop, _: Workspace) -> None:
        """The list without a sheet beside it."""
        desktop.window.show_page("measures")
        press(desktop, "measure_close")
        desktop.measures.show_mode(mode)

    return way


def _cell(desktop: Desktop, workspace: Workspace) -> None:
    """A status is set in the table, and asks for its reason there."""
    _mode("table")(desktop, workspace)
    page = desktop.measures
    page.show_view("mine" if page.tabs.has("mine") else "all")
    QApplication.processEvents()
    for measure in lists.measure_ids(workspace.reader, page.wanted(), (("title", False),), limit=20):
        page.table.go_to(measure, "status")
        page.edit_cell(measure, "status")
        if page.cell.card is not None:
            box = page.cell.card.findChild(ChoiceBox)
            assert box is not None
            box.hidePopup()
            box.set_value(MeasureStatus.PAUSED.value)
            box.chosen.emit(MeasureStatus.PAUSED.value)
            return


def _workshop(view: str) -> Way:
    """The busiest one in one of its views."""

    def way(desktop: Desktop, workspace: Workspace) -> None:
        lines = lists.workshop_lines(workspace.reader)
        busiest = max(lines, key=lambda line: (line.pending, line.cards), default=None)
        if busiest is None:
            desktop.window.show_page("workshops")
            return
        desktop.show_record("workshop", busiest.id)
        shown = desktop.workshops.view
        if shown is not None:
            shown.show_view(view)
            if view == "paper":
                shown.paper.wait()

    return way


def _hall(desktop: Desktop, workspace: Workspace) -> QWidget | None:
    """What the room sees on the second screen."""
    _workshop("wall")(desktop, workspace)
    shown = desktop.workshops.view
    if shown is None:
        return None
    shown.wall.project()
    return shown.wall.projection


def _listing(view: str) -> Way:
    def way(desktop: Desktop, _: Workspace) -> None:
        desktop.window.show_page("workshops")
        desktop.workshops.show_list()
        desktop.workshops.listing.show_view(view)

    return way


def _region(*places: str, opened: bool = False) -> Way:
    """The whole region, one municipality or several side by side; `opened` shows the first measure it shares."""

    def way(desktop: Desktop, _: Workspace) -> None:
        page = desktop.region
        desktop.window.show_page("region")
        page.wait()
        for number, place in enumerate(places):
            page.choose(place, more=number > 0)
        page.wait()
        if opened and page.shared.lines:
            page.show_measure(max(page.shared.lines, key=lambda line: (line.adopters, line.title)).id)

    return way


def _region_without_its_file(desktop: Desktop, _: Workspace) -> None:
    """Boundaries are to be loaded from a file that has gone."""
    desktop.window.show_page("region")
    desktop.region.wait()
    desktop.region.map_pane.load_boundaries(desktop.folder / "Gemeindegrenzen.geojson")


def _precedents(desktop: Desktop, workspace: Workspace) -> None:
    """A title that is being typed meets what is there already; the new measure stays."""
    first = lists.measure_ids(workspace.reader, lists.MeasureFilter(), limit=1)
    words = "".join(line.title for line in lists.measure_lines(workspace.reader, first).values())
    desktop.window.show_page("measures")
    desktop.measures.new_measure()
    title = desktop.measures.pane.form.title.area
    title.selectAll()
    for letter in words:
        QApplication.sendEvent(title, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))
    patience = QDeadlineTimer(_PATIENCE_MS)
    while words and not desktop.measures.pane.form.precedents.found and not patience.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)


def _exchange(tab: str) -> Way:
    def way(desktop: Desktop, _: Workspace) -> None:
        desktop.window.show_page("sync")
        {"overview": desktop.exchange.show_overview, "versions": desktop.exchange.show_versions}.get(
            tab, desktop.exchange.show_log
        )()

    return way


def _unreached(desktop: Desktop, workspace: Workspace) -> None:
    """Somebody presses for an exchange, and nobody answers."""
    _exchange("overview")(desktop, workspace)
    desktop.sync.start()
    press(desktop, "sync_now")
    patience = QDeadlineTimer(_PATIENCE_MS)
    while desktop.sync.state is not SyncState.OFFLINE and not patience.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
    desktop.exchange.refresh()


def _desk_of_the_agency(tab: str) -> Way:
    def way(desktop: Desktop, _: Workspace) -> None:
        if desktop.agency is None:
            return
        desktop.window.show_page("agency")
        tabs = desktop.agency.findChild(TabBar, "agency_tabs")
        if tabs is not None:
            tabs.choose(tab)
        busy, patience = desktop.agency.findChild(QWidget, "twins_busy"), QDeadlineTimer(_PATIENCE_MS)
        while busy is not None and busy.isVisible() and not patience.hasExpired():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)

    return way


def _searched(words: str) -> Way:
    def way(desktop: Desktop, _: Workspace) -> None:
        desktop.window.show_page("today")
        desktop.window.focus_search()
        _type(desktop.window.top_bar.search, words)

    return way


def _commands(desktop: Desktop, _: Workspace) -> None:
    desktop.window.show_page("measures")
    desktop.window.show_commands()


def _keys(desktop: Desktop, _: Workspace) -> QWidget | None:
    desktop.window.show_page("today")
    desktop.window.show_shortcuts()
    return desktop.window.findChild(ShortcutOverview)


PLACES: Mapping[str, Way] = {
    "measures": _mode("table"),
    "board": _mode("board"),
    "timeline": _mode("timeline"),
    "measure": _open_measure,
    "measure-cell": _cell,
    "measure-error": _wrong_amount,
    "history": _history,
    "earlier": _earlier,
    "lineage": _lineage,
    "precedents": _precedents,
    "workshops": _listing("list"),
    "workshop-calendar": _listing("month"),
    "workshop": _workshop("notes"),
    "workshop-wall": _workshop("wall"),
    "workshop-hall": _hall,
    "workshop-paper": _workshop("paper"),
    "workshop-details": _workshop("details"),
    "region": _region(),
    "region-measure": _region(NEIGHBOURS[0], opened=True),
    "region-error": _region_without_its_file,
    "region-compare": _region(*NEIGHBOURS),
    "sync": _exchange("overview"),
    "sync-error": _unreached,
    "versions": _exchange("versions"),
    "log": _exchange("log"),
    "agency": _desk_of_the_agency("places"),
    "agency-twins": _desk_of_the_agency("twins"),
    "agency-devices": _desk_of_the_agency("devices"),
    "search": _searched("bus"),
    "search-nothing": _searched("Donaudampfschiff"),
    "commands": _commands,
    "keys": _keys,
}
