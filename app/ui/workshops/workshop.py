"""One workshop: its head line, and below it the Mitschrift, the wall, the minutes or all its fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.domain.ids import EntityId
from app.services.workspace import Workspace
from app.ui import labels, theme
from app.ui.bus import Bus
from app.ui.widgets.buttons import Button, IconButton, fit_buttons
from app.ui.widgets.chips import Chip
from app.ui.widgets.segments import Segment, SegmentedControl
from app.ui.widgets.words import ElidedLabel, Ground
from app.ui.workshops import moments
from app.ui.workshops.details import Details
from app.ui.workshops.hall.link import HallLink
from app.ui.workshops.hall.sheet import open_card
from app.ui.workshops.leaving import Unsaved
from app.ui.workshops.notes import NotesView
from app.ui.workshops.paper.view import PaperView
from app.ui.workshops.session import Session
from app.ui.workshops.wall.view import WallView

_TITLE = 240
"""So much of the title is to be read before the buttons say their words."""


class _Head(Ground):
    """Way back, title over one muted line, the views at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("background", parent)
        self.back = IconButton("arrow-left", name="back_to_list", accessible=self.tr("Alle Workshops"))
        self.title = ElidedLabel("", "title", theme.STRONG)
        self.note = ElidedLabel("", "small", role="muted", tabular=True)
        self.read_only = Chip(self.tr("Nur lesen"), icon="eye")
        self.views = SegmentedControl(
            [
                Segment("notes", self.tr("Mitschrift")),
                Segment("wall", self.tr("Wand")),
                Segment("paper", self.tr("Protokoll")),
                Segment("details", self.tr("Angaben")),
            ],
            name="workshop_views",
            accessible=self.tr("Ansicht"),
        )
        self.hall = Button(self.tr("Im Saal"), name="hall", icon="broadcast")
        self.project = Button(self.tr("Projektion"), name="project", icon="projector-screen")
        self.project.hide()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.title)
        words.addWidget(self.note)
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 24, 1)
        layout.setSpacing(8)
        layout.addWidget(self.back)
        layout.addLayout(words, 1)
        layout.addSpacing(8)
        layout.addWidget(self.read_only)
        layout.addWidget(self.hall)
        layout.addWidget(self.views)
        layout.addWidget(self.project)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.restyle()

    def restyle(self) -> None:
        """Grow with title and line."""
        self.setFixedHeight(64 + theme.line("title") - 28 + theme.line("small") - 16)
        self.fit()
        super().restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The title comes before the words of the buttons."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Leave the title its room; to be called when a button comes, goes or says something else."""
        fixed = (self.back, self.read_only, self.views)
        taken = sum(one.sizeHint().width() + 8 for one in fixed if not one.isHidden())
        fit_buttons((self.hall, self.project), self.width() - taken - theme.px(_TITLE) - 48)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line below."""
        super().paintEvent(event)
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, theme.color("border"))


class WorkshopView(Ground):
    """Holds the session of one workshop and shows it in four ways."""

    back_wanted = Signal()
    vanished = Signal()
    delete_wanted = Signal()
    question_wanted = Signal()
    told = Signal(str, object)
    record_wanted = Signal(str, str)
    """Another record is to be shown: kind and id."""

    def __init__(
        self,
        workspace: Workspace,
        bus: Bus,
        workshop: EntityId,
        place: Callable[[str], str],
        hall: HallLink,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("background", parent)
        self.workshop = workshop
        self._workspace, self._hall = workspace, hall
        self.session = Session(workspace, bus, workshop, self)
        self._head = _Head()
        self.notes = NotesView(self.session, self)
        self._makers: dict[str, Callable[[], QWidget]] = {
            "wall": lambda: self._joined_wall(WallView(self.session, bus, place, self)),
            "paper": lambda: self._joined_paper(PaperView(self.session, bus, self._save_typed, self)),
            "details": lambda: self._joined_details(Details(self.session, place, self)),
        }
        self._made: dict[str, QWidget] = {"notes": self.notes}
        self._stack = QStackedWidget()
        self._stack.addWidget(self.notes)
        layout = self.column()
        layout.addWidget(self._head)
        layout.addWidget(self._stack, 1)
        self._head.back.clicked.connect(self.back_wanted)
        self._head.views.chosen.connect(self.show_view)
        self._head.project.clicked.connect(self._on_project)
        self._head.hall.clicked.connect(self.open_hall)
        hall.changed.connect(self._show_hall)
        self.notes.told.connect(self.told)
        self.session.vanished.connect(self.vanished)
        self.session.head_changed.connect(self._show_head)
        self._show_head()
        self._show_hall()

    # -- the other views, each made when somebody first looks at it: ten thousand cards are not laid out for nobody

    def _view(self, key: str) -> QWidget:
        if key not in self._made:
            self._made[key] = self._makers[key]()
            self._stack.addWidget(self._made[key])
        return self._made[key]

    @property
    def wall(self) -> WallView:
        """The wall."""
        return cast(WallView, self._view("wall"))

    @property
    def paper(self) -> PaperView:
        """The minutes as they will be printed."""
        return cast(PaperView, self._view("paper"))

    @property
    def details(self) -> Details:
        """All fields."""
        return cast(Details, self._view("details"))

    def _joined_wall(self, wall: WallView) -> WallView:
        wall.told.connect(self.told)
        wall.record_wanted.connect(self.record_wanted)
        wall.notes_wanted.connect(self._on_notes_wanted)
        return wall

    def _joined_paper(self, paper: PaperView) -> PaperView:
        paper.told.connect(self.told)
        paper.view_wanted.connect(self.show_view)
        return paper

    def _joined_details(self, details: Details) -> Details:
        details.told.connect(self.told)
        details.delete_wanted.connect(self.delete_wanted)
        details.question_wanted.connect(self.question_wanted)
        return details

    @Slot()
    def _on_project(self) -> None:
        self.wall.project()

    @Slot()
    def open_hall(self) -> None:
        """The card for connecting laptops in the hall."""
        open_card(self._workspace, self._hall, self.workshop if self.session.may_edit else "", self._head.hall)

    @Slot()
    def _show_hall(self) -> None:
        """The button tells how many laptops are connected."""
        is_here = self._hall.workshop == self.workshop
        words = self.tr("Im Saal")
        if is_here:
            words = (
                self.tr("Im Saal: getrennt")
                if self._hall.is_away
                else self.tr("Im Saal: {0}").format(labels.count(len(self._hall.present) + 1, "Laptop", "Laptops"))
            )
        self._head.hall.setText(words)
        self._head.hall.setAccessibleName(words)
        self._head.hall.updateGeometry()
        self._head.fit()

    @Slot(str)
    def show_view(self, key: str) -> None:
        """Show the Mitschrift ("notes"), the wall ("wall"), the minutes ("paper") or the fields ("details")."""
        self._head.views.set_value(key)
        self._head.project.setVisible(key == "wall")
        self._head.fit()
        self._turn_to(self._view(key), self.window().focusWidget())
        if key == "wall":
            self.wall.focus_wall()
        elif key == "paper":
            self.paper.focus_pages()
        elif key == "details":
            first = self.details.findChild(QWidget, "detail_title")
            if first is not None:
                first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _turn_to(self, wanted: QWidget, inside: QWidget | None) -> None:
        if inside is not None and wanted is not self._stack.currentWidget() and self._stack.isAncestorOf(inside):
            # Else Qt looks through the whole window for who is next, and that one has the keyboard for a moment.
            self._stack.setFocus(Qt.FocusReason.OtherFocusReason)
        self._stack.setCurrentWidget(wanted)

    @Slot()
    def _on_notes_wanted(self) -> None:
        self.show_view("notes")

    def leave(self) -> None:
        """Another record is shown, or the window closes: nothing of this one stays on a screen."""
        if "wall" in self._made:
            self.wall.close_projection()

    def title(self) -> str:
        """What the workshop is called."""
        return self.session.head.text("title") if self.session.head else ""

    @Slot()
    def _show_head(self) -> None:
        head = self.session.head
        if head is None:
            return
        self._head.title.setText(head.text("title"))
        moderation = head.text("moderation")
        parts = (
            head.text("place_text"),
            moments.told(head.text("starts_at")),
            self.tr("Moderation {0}").format(moderation) if moderation else "",
        )
        fallback = labels.value_text("workshop", "format", head.get("format"))
        self._head.note.setText("  ·  ".join(part for part in parts if part) or fallback)
        self._head.read_only.setVisible(not self.session.may_edit)

    def flush(self) -> bool:
        """Save what is being written; whether everything is on disk."""
        if "wall" in self._made:
            self.wall.flush()
        if "paper" in self._made:
            self.paper.flush()
        return self._save_typed()

    def unsaved(self) -> list[Unsaved]:
        """What would be lost if this workshop were left now, after everything that can be saved was."""
        found = []
        if self.notes.unsaved():
            found.append(Unsaved(self.tr("die begonnene Karte"), self.tr("Eingabe speichert die Karte."), "notes"))
        if not self.notes.minutes.flush():
            found.append(Unsaved(self.tr("Protokoll"), self.notes.minutes.saved_words(), "notes"))
        if "wall" in self._made and self.wall.state.ballot.cards:
            said = self.tr("Geben Sie den Stimmzettel ab, oder leeren Sie ihn.")
            found.append(Unsaved(self.tr("ein Stimmzettel, der nicht abgegeben ist"), said, "wall"))
        if "details" in self._made:
            found.extend(self.details.unsaved())
        return found

    def reveal_unsaved(self, view: str) -> None:
        """Show where the first of it stands."""
        self.show_view(view)
        if view == "details":
            self.details.reveal_unsaved()

    def forget(self) -> None:
        """Give up everything that is not on disk and can be given up."""
        self.notes.forget()
        self.notes.minutes.forget()
        if "wall" in self._made:
            self.wall.state.ballot.clear()
        if "details" in self._made:
            self.details.forget()

    def _save_typed(self) -> bool:
        if "details" in self._made:
            self.details.flush()
        return self.notes.minutes.flush()
