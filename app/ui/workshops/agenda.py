"""The agenda of the evening with a running clock: what is on, how long it lasts, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.ids import EntityId
from app.errors import MasswerkError
from app.models.queries.records import Record
from app.ui import icons, labels, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Button, Pressable
from app.ui.widgets.surfaces import ProgressDial
from app.ui.widgets.words import ElidedLabel, Label
from app.ui.workshops import moments
from app.ui.workshops.session import Session

_TICK_MS = 1000


@dataclass(frozen=True, slots=True)
class Clock:
    """How an agenda item stands: planned and spent seconds."""

    planned: int
    spent: int
    state: str
    """"waiting", "running" or "done"."""

    @classmethod
    def of(cls, item: Record, now: datetime) -> Clock:
        """The clock of an item; one that another laptop started in our future has run for nothing yet."""
        planned = int(str(item.get("minutes_planned") or 0)) * 60
        begin = moments.read_instant(item.text("started_at"))
        end = moments.read_instant(item.text("ended_at"))
        if begin is None:
            return cls(planned, 0, "waiting")
        spent = int(((end or now) - begin).total_seconds())
        return cls(planned, max(0, spent), "done" if end else "running")

    @property
    def minutes(self) -> int:
        """Whole minutes spent."""
        return self.spent // 60

    @property
    def left(self) -> int:
        """Seconds that remain; negative once the time is over."""
        return self.planned - self.spent

    @property
    def share(self) -> float:
        """How much of the plan is spent."""
        return self.spent / self.planned if self.planned else 0.0


class AgendaRow(Pressable):
    """One item: number or tick, title, minutes. Pressing it starts its clock."""

    ring_radius = 6

    def __init__(self, number: int, item: Record, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(item.text("title"), f"agenda_{number}", item.text("title"), parent)
        self.item, self._number, self._clock = item.id, number, clock
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_clock(clock)

    def show_clock(self, clock: Clock) -> None:
        """Show how far it is."""
        self._clock = clock
        state = {
            "done": self.tr("erledigt"),
            "running": self.tr("läuft"),
            "waiting": self.tr("noch nicht begonnen"),
        }
        self.setAccessibleDescription(f"TOP {self._number}, {state[clock.state]}, {self._minutes()} Min")
        self.setToolTip(self.tr("{0}: Uhr starten").format(self.text()) if clock.state != "running" else self.text())
        self.update()

    def _minutes(self) -> str:
        planned = self._clock.planned // 60
        if self._clock.state == "waiting":
            return str(planned) if planned else "–"
        return self.tr("{0} von {1}").format(self._clock.minutes, planned) if planned else str(self._clock.minutes)

    def sizeHint(self) -> QSize:
        """32 px high."""
        return QSize(theme.px(120), theme.grow(32))

    def minimumSizeHint(self) -> QSize:
        """May be narrow."""
        return QSize(theme.px(80), theme.grow(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, mark, title and minutes."""
        painter = base.crisp(QPainter(self))
        running, done = self._clock.state == "running", self._clock.state == "done"
        if running:
            base.box(painter, self.rect(), 6, theme.color("accent_soft"))
        elif self.underMouse() and self.isEnabled():
            base.box(painter, self.rect(), 6, theme.color(self.wash("background")))
        ink = theme.color("accent" if running else "muted")
        rect = QRectF(self.rect()).adjusted(12, 0, -12, 0)
        mark, side = QRectF(rect.left(), 0, theme.px(12), self.height()), theme.px(14)
        if done:
            icons.paint(painter, "check", base.middle(mark, side, mark.left() - 1), ink)
        else:
            weight = theme.STRONG if running else theme.REGULAR
            base.text(painter, mark, str(self._number), ink, "body", weight, tabular=True)
        used = base.text(painter, rect, self._minutes(), ink, "small", right=True, tabular=True)
        area = rect.adjusted(theme.px(12) + 12, 0, -used - 8, 0)
        weight = theme.STRONG if running else theme.REGULAR
        base.text(painter, area, self.text(), theme.color("muted" if done else "text"), "body", weight)


class _NextButton(Button):
    def say(self, words: str, icon: str) -> None:
        if (words, icon) != (self.text(), self._icon):
            self._icon = icon
            self.setText(words)
            self.setAccessibleName(words)
            self.updateGeometry()


class AgendaPane(Themed, QWidget):
    """Dial of what is on, the button for what comes next, and all items."""

    failed = Signal(str)
    acted = Signal()
    """A clock was started or stopped: the person wants to go on typing."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: list[AgendaRow] = []
        self._dial = ProgressDial(accessible=self.tr("Uhr des laufenden Punktes"))
        self._over = Label(size="small", weight=theme.STRONG, role="accent")
        self._title = Label(weight=theme.STRONG, wrap=True)
        self._left = Label(size="small", role="muted", tabular=True, wrap=True)
        self._next = _NextButton(self.tr("Uhr starten"), name="agenda_next", icon="play")
        self._next.clicked.connect(self._on_next)
        self._heading = QWidget()
        self._list = QVBoxLayout()
        self._times = ElidedLabel("", "small", role="muted", tabular=True, right=True)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._build()
        session.agenda_changed.connect(self._rebuild)
        session.head_changed.connect(self._show_times)
        self._rebuild()

    def _build(self) -> None:
        self._dial_row = QWidget()
        row = self._dial_layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._dial_row)
        row.setContentsMargins(12, 0, 12, 8)
        row.setSpacing(16)
        row.addWidget(self._dial, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch(1)
        for label in (self._over, self._title, self._left):
            words.addWidget(label)
        words.addStretch(1)
        row.addLayout(words, 1)
        head = QHBoxLayout(self._heading)
        head.setContentsMargins(12, 12, 12, 6)
        head.addWidget(Label(self.tr("Tagesordnung"), "small", theme.STRONG, "muted"))
        head.addWidget(self._times, 1)
        self._list.setSpacing(0)
        button = QHBoxLayout()
        button.setContentsMargins(12, 10, 12, 4)
        button.addWidget(self._next)
        button.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._dial_row)
        layout.addWidget(self._heading)
        layout.addLayout(self._list)
        layout.addLayout(button)

    # -- showing ---------------------------------------------------------------------------------

    @Slot()
    def _rebuild(self) -> None:
        items = self._session.agenda
        if [r.item for r in self._rows] != [i.id for i in items] or any(
            r.text() != i.text("title") for r, i in zip(self._rows, items, strict=False)
        ):
            self._fill(items)
        self.setVisible(bool(items))
        self._show_times()
        self._tick()

    def _fill(self, items: list[Record]) -> None:
        for row in self._rows:
            self._list.removeWidget(row)
            row.deleteLater()
        now = moments.now()
        self._rows = [AgendaRow(n, item, Clock.of(item, now)) for n, item in enumerate(items, 1)]
        for row in self._rows:
            row.clicked.connect(self._on_row)
            row.setEnabled(self._session.may_edit)
            self._list.addWidget(row)

    @Slot()
    def _show_times(self) -> None:
        head = self._session.head
        clocks = [moments.parts_of(head.text(n))[1] for n in ("starts_at", "ends_at")] if head else []
        self._times.setText("–".join(c for c in clocks if c))

    @Slot()
    def _tick(self) -> None:
        """Show the clocks as they stand now; nothing is stored by ticking."""
        now = moments.now()
        for row, item in zip(self._rows, self._session.agenda, strict=False):
            row.show_clock(Clock.of(item, now))
        running = self._session.running
        self._dial_row.setVisible(bool(running))
        if running:
            number = next(n for n, i in enumerate(self._session.agenda, 1) if i.id == running[-1].id)
            self._show_running(number, running[-1], Clock.of(running[-1], now))
        self._name_next()
        active = bool(running) and self.isVisible()
        if active != self._timer.isActive():
            self._timer.start() if active else self._timer.stop()

    def _show_running(self, number: int, item: Record, clock: Clock) -> None:
        planned = clock.planned // 60
        words = self.tr("von {0} Min").format(planned) if planned else "Min"
        self._dial.set_progress(clock.share, str(clock.minutes), words, over=clock.left < 0 and bool(planned))
        self._over.setText(f"TOP {number}")
        self._title.setText(item.text("title"))
        if not planned:
            self._left.setText("")
        elif clock.left >= 0:
            self._left.setText(self.tr("noch {0} Min").format(-(-clock.left // 60)))
        else:
            self._left.setText(self.tr("{0} Min darüber").format(-clock.left // 60))
        self._turn()
        self._left.set_role("warning" if clock.left < 0 and planned else "muted")

    def _following(self) -> EntityId:
        """The item after the one that runs, or the first that has not begun."""
        agenda = self._session.agenda
        running = {r.id for r in self._session.running}
        at = max((n for n, item in enumerate(agenda) if item.id in running), default=-1)
        later = [item for item in agenda[at + 1 :] if not item.text("started_at")]
        return later[0].id if later else ""

    def _name_next(self) -> None:
        following = self._following()
        begun = any(item.text("started_at") for item in self._session.agenda)
        if following:
            words, icon = (self.tr("Nächster Punkt"), "skip-forward") if begun else (self.tr("Uhr starten"), "play")
        else:
            words, icon = self.tr("Tagesordnung beenden"), "stop"
        self._next.say(words, icon)
        self._next.setVisible(self._session.may_edit and bool(following or self._session.running))

    # -- acting ----------------------------------------------------------------------------------

    @Slot()
    def _on_next(self) -> None:
        following = self._following()
        self._try(following)

    @Slot()
    def _on_row(self) -> None:
        sender = self.sender()
        assert isinstance(sender, AgendaRow)
        if sender.item not in {r.id for r in self._session.running}:
            self._try(sender.item)
        else:
            self.acted.emit()

    def _try(self, item: EntityId) -> None:
        try:
            if item:
                self._session.start(item)
            else:
                self._session.stop()
        except MasswerkError as error:
            self.failed.emit(" ".join(labels.error_words(error)))
        self.acted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow pane the words stand below the dial."""
        super().resizeEvent(event)
        self._turn()

    def restyle(self) -> None:
        """The dial grows with the text."""
        super().restyle()
        self._turn()

    def _turn(self) -> None:
        words = max(label.minimumSizeHint().width() for label in (self._over, self._title, self._left))
        least = self._dial.sizeHint().width() + self._dial_layout.spacing() + words + 24
        directions, narrow = QBoxLayout.Direction, self.width() < theme.px(208)
        self._times.setVisible(not narrow)
        self._dial_layout.setDirection(
            directions.TopToBottom if narrow or self.width() < least else directions.LeftToRight
        )

    def minimumSizeHint(self) -> QSize:
        """As narrow as the dial; the words move below it."""
        return QSize(theme.px(104) + 24, super().minimumSizeHint().height())

    def showEvent(self, event: QShowEvent) -> None:
        """The clock ticks only where it is seen."""
        super().showEvent(event)
        self._tick()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: stop ticking."""
        super().hideEvent(event)
        self._timer.stop()
