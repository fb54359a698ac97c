"""The card Kurierdatei: the way to the agency without a network, and which files were written and answered."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.models.queries.courier import CourierFile
from app.ui import icons, labels, theme
from app.ui.sync import words
from app.ui.sync_worker import Failure
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Button
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.notices import Banner, Level
from app.ui.widgets.surfaces import Card
from app.ui.widgets.words import ElidedLabel, Label

MOST = 5


class CourierEntry(Themed, QWidget):
    """One file: its name, and below it when, how much, and whether the answer has come."""

    def __init__(self, file: CourierFile) -> None:
        super().__init__()
        self.file = file
        changes = labels.count(file.changes, "Änderung", "Änderungen")
        if file.answered_at:
            answer = self.tr("Antwort eingelesen {0}").format(words.when(file.answered_at))
        else:
            answer = self.tr("durch eine spätere erledigt") if file.settled else self.tr("Antwort steht aus")
        self.told = " · ".join((self.tr("geschrieben {0}").format(words.when(file.written_at)), changes, answer))
        self.setAccessibleName(f"{file.name}: {self.told}")
        self.setToolTip(f"{file.name}\n{self.told}")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Two lines and air."""
        return QSize(theme.px(240), theme.line() + theme.line("small") + 16)

    def minimumSizeHint(self) -> QSize:
        """May be narrow."""
        return QSize(theme.px(160), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint mark, name, facts and the line above."""
        painter = base.crisp(QPainter(self))
        painter.fillRect(QRectF(0, 0, self.width(), 1), theme.color("border"))
        side = theme.px(16)
        first = QRectF(0, 8, self.width(), theme.line())
        icon = "check-circle" if self.file.answered_at else "minus" if self.file.settled else "hourglass"
        role = "ok" if self.file.answered_at else "muted"
        icons.paint(painter, icon, base.middle(first, side, 0), theme.color(role))
        first.setLeft(side + 10)
        base.text(painter, first, self.file.name, theme.color("text"), "body", theme.MEDIUM)
        second = QRectF(side + 10, first.bottom(), self.width() - side - 10, theme.line("small"))
        base.text(painter, second, self.told, theme.color("muted"), "small", tabular=True)


class CourierCard(Card):
    """`write_asked` and `read_asked` want a place; what came of it is said here and stays until closed."""

    write_asked = Signal()
    read_asked = Signal()

    def __init__(self) -> None:
        super().__init__(padding=0)
        self.body.setContentsMargins(20, 12, 20, 12)
        self.body.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 4)
        head.setSpacing(10)
        head.addWidget(Label(self.tr("Kurierdatei"), weight=theme.STRONG))
        self._note = ElidedLabel("", "small", role="muted", tabular=True)
        head.addWidget(self._note, 1)
        self.body.addLayout(head)
        self._told = Label("", "small", role="muted", wrap=True)
        self.body.addWidget(self._told)
        self.write = Button(self.tr("Kurierdatei schreiben …"), name="courier_write", icon="file-arrow-up")
        self.read = Button(self.tr("Antwort einlesen …"), name="courier_read", icon="file-arrow-down")
        self.body.addWidget(self._buttons())
        self._place = QVBoxLayout()
        self.body.addLayout(self._place)
        self.banner: Banner | None = None
        self.rows: list[CourierEntry] = []
        self._can, self._busy = True, False
        self.write.clicked.connect(self.write_asked)
        self.read.clicked.connect(self.read_asked)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._show_way()

    def _buttons(self) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, gap=8)
        flow.setContentsMargins(0, 10, 0, 10)
        flow.addWidget(self.write)
        flow.addWidget(self.read)
        return holder

    def show_files(self, files: list[CourierFile], can_write: bool) -> None:
        """Show the latest files; `can_write` once device and agency know each other's keys."""
        self._can = can_write
        self._show_way()
        shown = files[:MOST]
        open_ones = sum(not file.settled for file in files)
        self._note.setText(labels.count(open_ones, "Antwort steht aus", "Antworten stehen aus") if open_ones else "")
        if [row.file for row in self.rows] == shown:
            return
        for row in self.rows:
            self.body.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [CourierEntry(file) for file in shown]
        for row in self.rows:
            self.body.addWidget(row)

    def begin(self, writes: bool) -> None:
        """A file is being written or read."""
        self._busy = True
        self.say(self.tr("Wird geschrieben …") if writes else self.tr("Wird eingelesen …"), level="info")
        self._show_way()

    def end(self, sentence: str, detail: str = "", *, level: Level = "ok") -> None:
        """It is done."""
        self._busy = False
        self.say(sentence, detail, level=level)
        self._show_way()

    def complain(self, failure: Failure) -> None:
        """It was not done, and why."""
        sentence, remedy = labels.error_text(failure.code, failure.params)  # type: ignore[arg-type]
        self.end(sentence, remedy, level="danger")

    def say(self, sentence: str, detail: str = "", *, level: Level) -> None:
        """One sentence in the card, instead of the one before."""
        if self.banner is not None:
            self._place.removeWidget(self.banner)
            self.banner.hide()
            self.banner.deleteLater()
        self.banner = Banner(level, sentence, name="courier_told", detail=detail, dismissible=not self._busy)
        self.banner.dismissed.connect(self._on_dismissed)
        self._place.setContentsMargins(0, 0, 0, 12)
        self._place.addWidget(self.banner)

    def offer_drop(self, on: bool) -> None:
        """While a file is held over the page."""
        self._told.set_role("text" if on else "muted")
        if on:
            self._told.setText(self.tr("Hier loslassen: Die Antwort wird eingelesen."))
        else:
            self._show_way()

    def _on_dismissed(self) -> None:
        self._place.setContentsMargins(0, 0, 0, 0)

    def _show_way(self) -> None:
        self._told.setText(
            self.tr(
                "Ohne Netz: auf einen Stick schreiben, zur Agentur bringen, die Antwort hier einlesen. "
                "Geschrieben heißt nicht übertragen; das bestätigt erst die Antwort."
            )
            if self._can
            else self.tr(
                "Für den Weg ohne Netz braucht es einen einzigen Abgleich mit Netz: "
                "Dabei tauschen Gerät und Agentur ihre Schlüssel."
            )
        )
        for button in (self.write, self.read):
            button.setEnabled(self._can and not self._busy)
