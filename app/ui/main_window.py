"""The one window: rail, top bar, the room that is shown, status line; keys that work everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QGridLayout, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.ui import icons
from app.ui.shell.commands import Command
from app.ui.shell.finding import Finding
from app.ui.shell.palette import SIGN, buttons_of
from app.ui.shell.rail import Rail
from app.ui.shell.search_hits import Hit
from app.ui.shell.shortcuts import Keys, ShortcutOverview
from app.ui.shell.status_line import StatusLine, StatusView
from app.ui.shell.top_bar import TopBar
from app.ui.widgets.frozen import FrozenTable
from app.ui.widgets.notices import Toast
from app.ui.widgets.popover import Popover
from app.ui.widgets.reading_order import follow_tab
from app.ui.widgets.words import Tone

_HISTORY_MOST = 100


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is: a room and, if the room says so, a record in it."""

    key: str
    record: str = ""


class MainWindow(QMainWindow):
    """The frame around the rooms. It knows no domain: rooms are added as widgets, search is only told on."""

    page_changed = Signal(str)
    place_requested = Signal(str, str)
    """Back or forward leads to this room and this record; the room shows it."""
    search_changed = Signal(str)
    search_submitted = Signal(str)
    hit_chosen = Signal(object)
    """The `target` of the find that the person opened."""
    undo_requested = Signal()
    redo_requested = Signal()
    closing_asked = Signal(object)
    """The `QCloseEvent`; whoever ignores it keeps the window."""
    closing = Signal()

    def __init__(self, settings_file: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("main_window")
        self.setWindowTitle("Maßwerk")
        self.setWindowIcon(icons.window_icon())
        self._settings = QSettings(str(settings_file), QSettings.Format.IniFormat) if settings_file else None
        self._pages: dict[str, QWidget] = {}
        self._makers: dict[str, Callable[[QWidget], QWidget]] = {}
        self._titles: dict[str, str] = {}
        self._remembered: list[QSplitter | FrozenTable] = []
        self._back: list[Place] = []
        self._forward: list[Place] = []
        self._here: Place | None = None
        self._areas: dict[str, Keys] = {}
        self.rail, self.top_bar, self.status_line = Rail(), TopBar(), StatusLine()
        self._stack = QStackedWidget()
        self._notices = QVBoxLayout()
        self.finding = Finding(self, self.top_bar.search, self._settings)
        self._own_commands: list[Command] = []
        self._steps: dict[str, str | None] = {}
        self._build()
        self._connect()
        self._restore()

    def _build(self) -> None:
        frame = QWidget()
        grid = QGridLayout(frame)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.rail, 0, 0, 4, 1)
        grid.addWidget(self.top_bar, 0, 1)
        grid.addLayout(self._notices, 1, 1)
        grid.addWidget(self._stack, 2, 1)
        grid.addWidget(self.status_line, 3, 1)
        grid.setRowStretch(2, 1)
        grid.setColumnStretch(1, 1)
        self.setCentralWidget(frame)
        self.setMinimumSize(QSize(880, 560))

    def _connect(self) -> None:
        self.rail.chosen.connect(self._on_rail_chosen)
        self.finding.asked.connect(self.search_changed)
        self.finding.submitted.connect(self.search_submitted)
        self.finding.chosen.connect(self.hit_chosen)
        self.finding.left.connect(self._on_search_left)
        self.top_bar.undo_clicked.connect(self.undo_requested)
        self.top_bar.redo_clicked.connect(self.redo_requested)
        general = self.tr("Überall")
        self._add_key("Ctrl+K", self.focus_search, self.tr("Suchen"), general, "magnifying-glass")
        self._add_key("Ctrl+Shift+P", self.show_commands, self.tr("Befehle (in der Suche mit „>“)"), general)
        self._add_key("Ctrl+Z", self.undo_requested.emit, self.tr("Letzten Schritt rückgängig machen"), general)
        self._add_key("Ctrl+Shift+Z", self.redo_requested.emit, self.tr("Schritt wiederholen"), general)
        self._add_key("Alt+Left", self.go_back, self.tr("Zurück"), general, "arrow-left")
        self._add_key("Alt+Right", self.go_forward, self.tr("Vorwärts"), general, "arrow-right")
        self._add_key("F6", self.focus_next_area, self.tr("Nächster Teil des Fensters"), general)
        self._add_key("F1", self.show_shortcuts, self.tr("Tastenkürzel"), general, "keyboard")
        self.finding.palette.offer(self._step_commands)
        self.finding.palette.offer(self._page_commands)
        self.finding.palette.offer(lambda: self._own_commands)

    def _add_key(self, keys: str, slot: Callable[[], object], words: str, area: str, icon: str = "") -> None:
        """A key of the window, in the overview and, with an icon, among the commands."""
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(slot)
        self._areas[area] = (*self._areas.get(area, ()), (keys, words))
        if icon:
            self._own_commands.append(Command(f"key/{keys}", words, area, slot, keys, icon=icon))

    def add_command(self, keys: str, slot: Callable[[], object], words: str, icon: str) -> None:
        """A key that works everywhere, with its place in the overview and among the commands."""
        self._add_key(keys, slot, words, self.tr("Überall"), icon)

    def add_notice(self, notice: QWidget) -> None:
        """Something the person has to know whatever room is open; it takes itself away."""
        self._notices.addWidget(notice)

    # Rooms

    def add_page(
        self,
        key: str,
        title: str,
        icon: str,
        room: QWidget | Callable[[QWidget], QWidget],
        badge: int | None = None,
        *,
        bottom: bool = False,
        apart: bool = False,
    ) -> None:
        """Register a room, or what makes it, inside the widget given, when it is first wanted; the first one is shown.

        Ctrl+1 to Ctrl+9 reach the rooms in their order.
        """
        self._titles[key] = title
        if isinstance(room, QWidget):
            self._take_in(key, room)
        else:
            self._makers[key] = room
        self.rail.add(key, title, icon, bottom=bottom, apart=apart)
        if badge is not None:
            self.set_badge(key, badge)
        number = len(self._titles)
        if bottom:
            self._add_page_key("Ctrl+,", key, icon)
        elif number <= 9:
            self._add_page_key(f"Ctrl+{number}", key, icon)
        if self._here is None:
            self.show_page(key)

    def _take_in(self, key: str, widget: QWidget) -> None:
        self._pages[key] = widget
        self._stack.addWidget(widget)
        for splitter in widget.findChildren(QSplitter):
            self.remember(splitter)
        for table in widget.findChildren(FrozenTable):
            self.remember(table)

    def _add_page_key(self, keys: str, key: str, icon: str) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setProperty("page", key)
        shortcut.activated.connect(self._on_page_key)
        area = self.tr("Bereiche")
        self._areas[area] = (*self._areas.get(area, ()), (keys, self._titles[key]))
        go = partial(self.show_page, key)
        self._own_commands.append(Command(f"room/{key}", self._titles[key], area, go, keys, icon=icon))

    def _on_page_key(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.show_page(str(sender.property("page")))
            if not self._stack.isAncestorOf(self.focusWidget()):
                self._focus_into(self._stack)

    def _on_rail_chosen(self, key: str) -> None:
        self.show_page(key)

    def page(self, key: str) -> QWidget:
        """The widget of a room, made now if nobody has wanted it yet."""
        make = self._makers.pop(key, None)
        if make is not None:
            self._take_in(key, make(self._stack))
        return self._pages[key]

    def has(self, key: str) -> bool:
        """Whether there is such a room."""
        return key in self._titles

    def is_made(self, key: str) -> bool:
        """Whether anybody has wanted a room yet."""
        return key in self._pages

    def keys(self) -> tuple[str, ...]:
        """The keys of the rooms in their order."""
        return tuple(self._titles)

    def current_key(self) -> str:
        """The key of the room that is shown; empty before the first one."""
        return self._here.key if self._here else ""

    def show_page(self, key: str, record: str = "") -> None:
        """Show a room; with a record it is one step of the way back."""
        place = Place(key, record)
        if place == self._here:
            return
        if self._here is not None:
            self._back = [*self._back, self._here][-_HISTORY_MOST:]
            self._forward = []
        self._go(place)

    def note_record(self, record: str) -> None:
        """The room shows another record now: remember it as a step of the way back."""
        if self._here is not None and record != self._here.record:
            if self._here.record:
                self._back = [*self._back, self._here][-_HISTORY_MOST:]
                self._forward = []
            self._here = Place(self._here.key, record)

    def _go(self, place: Place) -> None:
        changed = self._here is None or self._here.key != place.key
        if changed:  # what floats belongs to the room it was opened in
            for card in self.findChildren(Popover):
                card.close_now()
        self._here = place
        self._stack.setCurrentWidget(self.page(place.key))
        self.rail.set_current(place.key)
        self.setWindowTitle(f"{self._titles[place.key]} – Maßwerk")
        if changed:
            self.page_changed.emit(place.key)

    def go_back(self) -> None:
        """Go where one was before."""
        if self._back and self._here is not None:
            self._forward.append(self._here)
            self._visit(self._back.pop())

    def go_forward(self) -> None:
        """Undo one step back."""
        if self._forward and self._here is not None:
            self._back.append(self._here)
            self._visit(self._forward.pop())

    def _visit(self, place: Place) -> None:
        self._go(place)
        self.place_requested.emit(place.key, place.record)

    def set_badge(self, key: str, count: int, tone: Tone = "neutral", words: str = "") -> None:
        """Show a count at a room; `version` is violet and means open questions."""
        self.rail.set_badge(key, count, tone, words)

    # What the frame shows

    def set_status(self, view: StatusView) -> None:
        """Show the state of storage and sync."""
        self.status_line.set_view(view)

    def set_person(self, person: str, place: str) -> None:
        """Show who works here, and for whom."""
        self.top_bar.set_person(person, place)

    def set_undo(self, what: str | None) -> None:
        """Name the step that Ctrl+Z would undo; None: there is none."""
        self._steps["undo"] = what
        self.top_bar.set_undo(what)

    def set_redo(self, what: str | None) -> None:
        """Name the step that Ctrl+Shift+Z would do again; None: there is none."""
        self._steps["redo"] = what
        self.top_bar.set_redo(what)

    def toast(self, sentence: str, undo: str = "") -> Toast:
        """Tell what has just happened; connect the toast's `undone` where there is a way back."""
        for old in self.findChildren(Toast):
            old.close_now()
        toast = Toast(self, sentence, name="toast", undo=undo)
        toast.show_above(self.status_line.height())
        return toast

    # Search

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Answer `search_changed` with what was found; an empty line hides the list."""
        self.finding.show_hits(hits)

    def focus_search(self) -> None:
        """Put the cursor into the search line and select what is in it."""
        self.finding.begin(self.focusWidget())

    def show_commands(self) -> None:
        """List what can be done here, in the search line."""
        self.finding.begin(self.focusWidget(), SIGN)

    def _on_search_left(self) -> None:
        self._focus_into(self._stack, Qt.FocusReason.OtherFocusReason)

    def _step_commands(self) -> list[Command]:
        """Undo and redo, named by what they would take back."""
        told = (
            ("undo", self.tr("Rückgängig: {0}"), self.undo_requested.emit, "Ctrl+Z", "arrow-u-up-left"),
            ("redo", self.tr("Wiederholen: {0}"), self.redo_requested.emit, "Ctrl+Shift+Z", "arrow-u-up-right"),
        )
        general = self.tr("Überall")
        return [
            Command(f"step/{key}", words.format(self._steps[key]), general, run, keys, icon=icon)
            for key, words, run, keys, icon in told
            if self._steps.get(key)
        ]

    def _page_commands(self) -> list[Command]:
        if self._here is None:
            return []
        return buttons_of(self._pages[self._here.key], self._titles[self._here.key])

    # Keys

    def focus_next_area(self) -> None:
        """Go round: rail, top bar, room, status line."""
        inside = self.focusWidget()
        areas = [self.rail, self.top_bar, self._stack, self.status_line]
        at = next((n for n, area in enumerate(areas) if area.isAncestorOf(inside)), -1)
        for step in range(1, len(areas) + 1):
            if self._focus_into(areas[(at + step) % len(areas)]):
                return

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the room, not in the search line."""
        super().showEvent(event)
        if self.focusWidget() in (None, self.top_bar.search) and not event.spontaneous():
            self._focus_into(self._stack, Qt.FocusReason.ActiveWindowFocusReason)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes as one reads."""
        return follow_tab(self, forward=forward)

    def _focus_into(self, area: QWidget, reason: Qt.FocusReason = Qt.FocusReason.TabFocusReason) -> bool:
        if area is self.rail:
            self.rail.focus_current()
            return True
        for widget in area.findChildren(QWidget):
            tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            if tab and widget.isVisible() and widget.isEnabled():
                widget.setFocus(reason)
                return True
        return False

    def register_keys(self, area: str, keys: Keys) -> None:
        """Add the keys of a room to the overview; the room itself listens to them."""
        self._areas[area] = tuple(keys)

    def show_shortcuts(self) -> None:
        """Open the overview of keys, of the rooms too that nobody has been in yet."""
        for key in self.keys():
            self.page(key)
        ShortcutOverview(self._areas, self).show()

    # Geometry

    def remember(self, part: QSplitter | FrozenTable) -> None:
        """Keep where a splitter stands, or how wide columns are, from one start to the next, by its object name."""
        if part in self._remembered or not part.objectName():
            return
        self._remembered.append(part)
        state = self._settings.value(_key(part)) if self._settings else None
        if isinstance(state, QByteArray):
            part.restoreState(state)

    def _restore(self) -> None:
        geometry = self._settings.value("window/geometry") if self._settings else None
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            self.resize(1440, 900)

    def save_layout(self) -> None:
        """Keep size, place, splitters and widths of columns for the next start."""
        if self._settings is None:
            return
        self._settings.setValue("window/geometry", self.saveGeometry())
        for part in self._remembered:
            self._settings.setValue(_key(part), part.saveState())
        self._settings.sync()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the rooms save what is being typed, then keep the layout; what cannot be saved keeps the window."""
        self.closing_asked.emit(event)
        if not event.isAccepted():
            return
        self.closing.emit()
        self.save_layout()
        super().closeEvent(event)


def _key(part: QSplitter | FrozenTable) -> str:
    return f"{'splitters' if isinstance(part, QSplitter) else 'columns'}/{part.objectName()}"
