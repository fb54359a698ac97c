"""How far the minutes are, the next step, and the releases there are."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QWidget

from app.domain.catalogue import MinutesState
from app.models.queries.releases import Release
from app.ui import icons, labels, theme
from app.ui.widgets import base
from app.ui.widgets.buttons import Button, Pressable
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.glyphs import Glyph, GlyphMark
from app.ui.widgets.words import Label
from app.ui.wording import papers as words
from app.ui.workshops import moments
from app.ui.workshops.paper.state import LETTER, WORKING, Minutes, PaperState
from app.ui.workshops.side_section import Section

GLYPHS = {
    MinutesState.DRAFT.value: Glyph.RING_EMPTY,
    MinutesState.IN_COORDINATION.value: Glyph.RING_HALF,
    MinutesState.RELEASED.value: Glyph.RING_CHECKED,
}


class Standing(Section):
    """The state in words and the steps from here; what was released is never touched by them."""

    done = Signal()
    """The step that had the keyboard was the last one."""

    def __init__(self, state: PaperState) -> None:
        super().__init__("Stand", "paper_standing")
        self._state = state
        self._shown: tuple[object, ...] = ()
        self._steps = {
            "coordinate": Button(self.tr("Zur Abstimmung geben"), name="minutes_coordinate"),
            "release": Button(self.tr("Freigeben"), name="minutes_release", icon="circle-wavy-check"),
            "next": Button(self.tr("Neuen Entwurf beginnen"), name="minutes_next"),
            "back": Button(self.tr("Zurück zum Entwurf"), name="minutes_back", kind="tertiary"),
        }
        self._steps["coordinate"].clicked.connect(self._on_coordinate)
        self._steps["release"].clicked.connect(self._on_release)
        self._steps["next"].clicked.connect(self._on_back)
        self._steps["back"].clicked.connect(self._on_back)
        self._buttons = QWidget()
        row = FlowLayout(self._buttons)
        for step in self._steps.values():
            row.addWidget(step)

    def show_minutes(self, minutes: Minutes) -> None:
        """Show state and steps."""
        shown = (minutes.state, minutes.moved_on, minutes.releases, minutes.elsewhere, self._state.may_edit)
        if shown == self._shown:
            return
        self._shown = shown
        wanted = self._wanted(minutes) if self._state.may_edit else ()
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self._buttons.isAncestorOf(focused)
        for name, step in self._steps.items():
            step.setVisible(name in wanted)
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        word = labels.label_of(MinutesState, minutes.state)
        line.addWidget(GlyphMark(GLYPHS.get(minutes.state, Glyph.RING_DOTTED), word))
        line.addWidget(Label(word, weight=theme.MEDIUM), 1)
        head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        rows: list[QWidget] = [head, Label(_explained(minutes), "small", role="muted", wrap=True)]
        self.fill([*rows, self._buttons] if wanted else rows, kept=self._buttons)
        if had_focus and wanted:  # the next step follows where the last one was pressed
            self._steps[wanted[0]].setFocus(Qt.FocusReason.OtherFocusReason)
        elif had_focus:
            self.done.emit()

    @staticmethod
    def _wanted(minutes: Minutes) -> tuple[str, ...]:
        if minutes.state == MinutesState.RELEASED.value:
            return ("next",) if minutes.moved_on or not minutes.releases else ()
        if minutes.state == MinutesState.IN_COORDINATION.value:
            return ("release", "back")
        return ("coordinate", "release")

    @Slot()
    def _on_coordinate(self) -> None:
        self._state.set_state(MinutesState.IN_COORDINATION)

    @Slot()
    def _on_release(self) -> None:
        self._state.release()

    @Slot()
    def _on_back(self) -> None:
        self._state.set_state(MinutesState.DRAFT)


def _explained(minutes: Minutes) -> str:
    if minutes.state == MinutesState.RELEASED.value:
        if minutes.elsewhere and not minutes.releases:
            return words.NAMELESS
        return words.MOVED_ON if minutes.moved_on else words.KEPT
    if minutes.state == MinutesState.IN_COORDINATION.value:
        return words.IN_COORDINATION
    return words.NEXT_DRAFT if minutes.releases else words.DRAFT


class Papers(Section):
    """What there is to look at: what is being worked on, every release, and the letter to those who came."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("Papiere", "paper_papers")
        self.body.setSpacing(0)
        self._shown: tuple[object, ...] = ()

    def show_minutes(self, minutes: Minutes) -> None:
        """Show the list."""
        shown = (minutes.releases, minutes.shown)
        if shown == self._shown:
            return
        self._shown = shown
        rows: list[QWidget] = [self._row(WORKING, words.WORKING, "", minutes.shown == WORKING)]
        for one in minutes.releases:
            title = words.RELEASE.format(one.number)
            rows.append(self._row(one.id, title, _when_and_who(one), minutes.shown == one.id))
        rows.append(self._row(LETTER, words.OUTCOMES, words.LETTER, minutes.shown == LETTER))
        focused = QApplication.focusWidget()
        name = focused.objectName() if focused is not None and self.isAncestorOf(focused) else ""
        self.fill(rows)
        for row in rows:
            if name and row.objectName() == name:
                row.setFocus(Qt.FocusReason.OtherFocusReason)

    def _row(self, key: str, title: str, note: str, on: bool) -> QWidget:
        row = _Row(title, note, key, on)
        row.clicked.connect(self._on_row)
        return row

    @Slot()
    def _on_row(self) -> None:
        self.chosen.emit(str(self.sender().property("release")))


def _when_and_who(release: Release) -> str:
    at = moments.read_instant(release.released_at)
    told = labels.when_exactly(at, moments.now()) if at else ""
    return ", ".join(part for part in (told, release.person) if part)


class _Row(Pressable):
    """One paper to look at; the one that is shown has a tick."""

    def __init__(self, title: str, note: str, key: str, on: bool) -> None:
        said = f"{title}, {note}" if note else title
        super().__init__(title, f"release_{key}", said, None)
        self._note, self._on = note, on
        self.setProperty("release", key)
        self.setAccessibleDescription(self.tr("wird gezeigt") if on else "")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Title, and when and who below it."""
        height = theme.line() + (theme.line("small") if self._note else 0) + 12
        return QSize(theme.px(200), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, title, note and tick."""
        painter = base.crisp(QPainter(self))
        if self._on or self.underMouse():
            base.box(painter, self.rect(), 6, theme.color("accent_soft" if self._on else "fill"))
        side, left = theme.px(16), 8.0
        if self._on:
            icons.paint(painter, "check", base.middle(self.rect(), side, left), theme.color("accent"))
        text = QRectF(left + side + 8, 6, self.width() - left - side - 16, theme.line())
        base.text(painter, text, self.text(), theme.color("text"), "body", theme.MEDIUM)
        if self._note:
            below = QRectF(text.left(), text.bottom(), text.width(), theme.line("small"))
            base.text(painter, below, self._note, theme.color("muted"), "small", tabular=True)
