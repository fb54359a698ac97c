"""The room of the workshops: the list, a new one, and one workshop with Mitschrift and head."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.ids import EntityId
from app.errors import MasswerkError
from app.models.queries import records
from app.services import sessions as acting
from app.services import workshops
from app.services.workspace import Workspace
from app.ui import labels
from app.ui.bus import Bus
from app.ui.widgets.notices import Banner, Toast
from app.ui.widgets.words import Ground
from app.ui.workshops.hall.link import HallLink
from app.ui.workshops.hall.sheet import open_card
from app.ui.workshops.leaving import UnsavedBanner
from app.ui.workshops.listing import Listing
from app.ui.workshops.making import NewWorkshop
from app.ui.workshops.paper.view import KEYS as PAPER_KEYS
from app.ui.workshops.people import Erasing
from app.ui.workshops.wall.view import KEYS as WALL_KEYS
from app.ui.workshops.workshop import WorkshopView

_PARTS = (
    "station", "agenda_item", "group_count", "contribution", "cluster", "vote_round", "vote_result", "task",
    "minutes", "decision", "attachment", "released_minutes",
)  # fmt: skip

KEYS = (
    ("Ctrl+N", "Neuer Workshop"),
    ("Return", "Karte speichern"),
    ("?", "Offene Frage"),
    ("!", "Beschluss"),
    ("+", "Stärke"),
    ("-", "Schwäche"),
    ("@", "Aufgabe, mit Person und Datum"),
    ("#", "Stichwort"),
    ("Tab", "Nächste Station"),
    ("Up", "Letzte Karte ändern"),
    ("Ctrl+Up", "In die Karten"),
    ("Alt+K", "Zur Kartenzeile"),
    ("Alt+P", "Zum Protokoll"),
    ("Alt+T", "Zur Tagesordnung"),
    *WALL_KEYS,
    *PAPER_KEYS,
)
"""For the overview of keys: `MainWindow.register_keys("Workshops", KEYS)`."""


class WorkshopsPage(Ground):
    """`record_shown` tells the frame where one is; `show_record` is how the frame leads here."""

    record_shown = Signal(str)
    """The id of the workshop that is shown, "" for the list."""
    question_wanted = Signal(str)
    """The person wants to decide two versions of this workshop."""
    record_requested = Signal(str, str)
    """Another record is to be shown: kind and id."""

    def __init__(
        self, workspace: Workspace, bus: Bus, place: Callable[[str], str] = str, parent: QWidget | None = None
    ) -> None:
        """`place` names a municipality by its AGS."""
        super().__init__("background", parent)
        self.setObjectName("workshops_page")
        self._workspace, self._bus, self._place = workspace, bus, place
        self._view: WorkshopView | None = None
        self._erasing = Erasing(workspace, self)
        self.hall = HallLink(workspace, self)
        self.listing = Listing(workspace, bus, self)
        self.making = NewWorkshop(workspace, self)
        self._banner = Banner("danger", "–", name="workshops_refused", dismissible=True)
        self._banner.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.listing)
        self._stack.addWidget(self.making)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._unsaved = UnsavedBanner(self)
        layout.addWidget(self._banner)
        layout.addWidget(self._unsaved)
        layout.addWidget(self._stack, 1)
        self.listing.opened.connect(self.show_record)
        self.listing.new_wanted.connect(self.begin_new)
        self.listing.hall_wanted.connect(self._open_hall)
        self.hall.joined.connect(self.show_record)
        self.making.made.connect(self.show_record)
        self.making.given_up.connect(self.show_list)
        shortcut = QShortcut(QKeySequence("Ctrl+N"), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(self.begin_new)

    # -- where one is ----------------------------------------------------------------------------

    @property
    def view(self) -> WorkshopView | None:
        """The workshop that is shown."""
        return self._view

    @Slot(str)
    def show_record(self, workshop: str) -> None:
        """Show a workshop, "" the list; an unknown one leads to the list."""
        if not workshop:
            self.show_list()
            return
        if self._view is None or self._view.workshop != workshop:
            found = records.get_record(self._workspace.reader, "workshop", workshop)
            if found is None or found.gone:
                self.show_list()
                return
            if self._is_held(partial(self.show_record, workshop)):
                return
            self._leave()
            self._view = WorkshopView(self._workspace, self._bus, workshop, self._place, self.hall, self)
            self._view.back_wanted.connect(self.show_list)
            self._view.vanished.connect(self._on_vanished)
            self._view.told.connect(self._on_told)
            self._view.delete_wanted.connect(self.delete_shown)
            self._view.question_wanted.connect(self._on_question)
            self._view.record_wanted.connect(self.record_requested)
            self._stack.addWidget(self._view)
        self._stack.setCurrentWidget(self._view)
        self.record_shown.emit(workshop)

    @Slot()
    def show_list(self) -> None:
        """Show the list; a workshop with words that are on no disk stays, and says so."""
        if not self._is_held(self.show_list):
            self._show_list()

    def _show_list(self) -> None:
        self._stack.setCurrentWidget(self.listing)
        self._leave()
        self.listing.refresh()
        self.listing.focus_list()
        self.record_shown.emit("")

    def show_month(self) -> None:
        """Show the calendar."""
        self.show_list()
        self.listing.show_view("month")

    @Slot()
    @Slot(str)
    def begin_new(self, day: str = "") -> None:
        """Show the form of a new workshop, on this day ("2026-11-26") if there is one."""
        self._stack.setCurrentWidget(self.making)
        self.making.begin_new(day)

    def _is_held(self, then: Callable[[], object]) -> bool:
        view = self._view
        left = view.unsaved() if view is not None else []
        if view is None or not left:
            return False

        def let_go() -> None:
            view.forget()
            then()

        self._unsaved.hold(left, let_go)
        self._stack.setCurrentWidget(view)
        view.reveal_unsaved(left[0].view)
        self.record_shown.emit(view.workshop)
        return True

    def holds(self, then: Callable[[], object]) -> bool:
        """Whether words stand here that are on no disk; it says so, and goes on with `then` once they are given up."""
        if self._is_held(then):
            return True
        left = self.making.unsaved()
        self._unsaved.hide()
        if left:

            def let_go() -> None:
                self.making.clear()
                then()

            self._unsaved.hold(left, let_go)
            self._stack.setCurrentWidget(self.making)
        return bool(left)

    def _leave(self) -> None:
        """Let go of the workshop shown; what was being written is saved first."""
        self._unsaved.hide()
        if self._view is not None:
            self._view.flush()
            self._view.leave()
            self._stack.removeWidget(self._view)
            self._view.deleteLater()
            self._view = None

    @Slot(str)
    def search(self, words: str) -> None:
        """The top bar's words narrow the list, which comes to the front for it."""
        if words.strip() and self._view is not None:
            self.show_list()
        self.listing.search(words)

    def flush(self) -> bool:
        """Save what is being written, e.g. before the window closes; whether everything is on disk."""
        return self._view is None or self._view.flush()

    def leave(self) -> None:
        """The window closes: nothing of the workshop shown stays on another screen, and nobody is connected."""
        if self._view is not None:
            self._view.leave()
        self.hall.close()

    @Slot(object)
    def _open_hall(self, anchor: object) -> None:
        assert isinstance(anchor, QWidget)
        open_card(self._workspace, self.hall, "", anchor)

    # -- deleting --------------------------------------------------------------------------------

    @Slot()
    def delete_shown(self) -> None:
        """Deletes the workshop shown, with a way back."""
        if self._view is None:
            return
        workshop, title = self._view.workshop, self._view.title()
        parts = self._parts_of(workshop)
        self._view.flush()
        try:
            workshops.delete(self._workspace.store, workshop, parts)
        except MasswerkError as error:
            self._refuse(error)
            return
        self._show_list()
        self._on_told(self.tr("„{0}“ gelöscht.").format(title), [*parts, ("workshop", workshop)])

    def _parts_of(self, workshop: EntityId) -> list[acting.Part]:
        reader = self._workspace.reader
        return [(kind, r.id) for kind in _PARTS for r in records.children(reader, workshop, kind)]

    def _refuse(self, error: MasswerkError) -> None:
        said, todo = labels.error_words(error)
        self._banner.set_sentence(said, todo)
        self._banner.show()

    @Slot(str, object)
    def _on_told(self, sentence: str, parts: object) -> None:
        """Tell what happened; with parts there is a way back that touches exactly them."""
        for old in self.window().findChildren(Toast, "workshops_toast"):
            old.close_now()
        toast = Toast(self.window(), sentence, name="workshops_toast", undo=self.tr("Rückgängig") if parts else "")
        toast.setProperty("parts", parts)
        toast.undone.connect(self._on_undone)
        toast.show_above(32)

    @Slot()
    def _on_undone(self) -> None:
        parts = [tuple(part) for part in self.sender().property("parts")]
        # The root first: its parts belong to something again.
        parts.sort(key=lambda part: part[0] != "workshop")
        try:
            acting.bring_back(self._workspace.store, parts)
        except MasswerkError as error:
            self._refuse(error)

    @Slot()
    def _on_vanished(self) -> None:
        self._show_list()

    @Slot()
    def _on_question(self) -> None:
        if self._view is not None:
            self.question_wanted.emit(self._view.workshop)
