"""The card at the top of the Abgleich: the state in words, how far, and the one thing to do."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui import icons, theme
from app.ui.sync.join_form import JoinForm
from app.ui.sync.stand import Stand, Way
from app.ui.sync_worker import Failure
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Button
from app.ui.widgets.notices import IconMark
from app.ui.widgets.surfaces import Card, ProgressBar
from app.ui.widgets.words import ElidedLabel, Label


class Stages(Themed, QWidget):
    """The four steps of an exchange: done, at work, to come; shape and weight tell, not colour alone."""

    def __init__(self) -> None:
        super().__init__()
        self._words = (
            self.tr("Verbinden"), self.tr("Übertragen"), self.tr("Holen"), self.tr("Quittung sichern"),
        )  # fmt: skip
        self._at = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_stage(0)

    def set_stage(self, at: int) -> None:
        """The step at work; those before it are done."""
        self._at = at
        told = self.tr("Schritt {0} von {1}: {2}").format(at + 1, len(self._words), self._words[at])
        self.setAccessibleName(told)
        self.update()

    def _columns(self) -> int:
        widest = max(base.text_width(words, "small", theme.STRONG) for words in self._words)
        fits = self.width() // (widest + theme.px(16) + 24)
        return 4 if fits >= 4 else 2 if fits >= 2 else 1

    def resizeEvent(self, event: object) -> None:
        """The number of rows depends on the width."""
        self.setFixedHeight(-(-4 // self._columns()) * theme.grow(24, "small"))

    def restyle(self) -> None:
        """As after a resize."""
        super().restyle()
        self.setFixedHeight(-(-4 // self._columns()) * theme.grow(24, "small"))

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(theme.px(480), theme.grow(24, "small"))

    def minimumSizeHint(self) -> QSize:
        """May be narrow."""
        return QSize(theme.px(120), theme.grow(24, "small"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint marks and words."""
        painter = base.crisp(QPainter(self))
        columns = self._columns()
        height, width = theme.grow(24, "small"), self.width() / columns
        for number, words in enumerate(self._words):
            row, column = divmod(number, columns)
            area = QRectF(column * width, row * height, width, height)
            done, now = number < self._at, number == self._at
            icon = "check-circle" if done else "circle-half" if now else "circle"
            side = theme.px(16)
            ink = theme.color("accent" if done or now else "muted")
            icons.paint(painter, icon, base.middle(area, side, area.left()), ink)
            area.setLeft(area.left() + side + 8)
            weight = theme.STRONG if now else theme.REGULAR
            base.text(painter, area, words, theme.color("text" if done or now else "muted"), "small", weight)


class StateCard(Card):
    """`stop_asked`, `resume_asked`, `join_asked(address, code)`, `account_asked(address)`, `gave_up`."""

    stop_asked = Signal()
    resume_asked = Signal()
    join_asked = Signal(str, str)
    account_asked = Signal(str)
    gave_up = Signal()

    def __init__(self) -> None:
        super().__init__(padding=0)
        self.body.setContentsMargins(20, 14, 20, 16)
        self.body.setSpacing(8)
        self.stand: Stand | None = None
        self.form: JoinForm | None = None
        self._icon = IconMark("cloud-check")
        self._title = ElidedLabel("", weight=theme.STRONG)
        self._note = ElidedLabel("", "small", role="muted", tabular=True)
        self._stop = Button(self.tr("Anhalten"), name="sync_stop", icon="pause")
        self._resume = Button(self.tr("Fortsetzen"), name="sync_resume", icon="play")
        self._rejoin = Button(self.tr("Neu anmelden"), name="sync_rejoin", icon="handshake")
        self._bar = ProgressBar(accessible=self.tr("Fortschritt des Abgleichs"))
        self._detail = Label("", "small", wrap=True, tabular=True)
        self._stages = Stages()
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self._title)
        head.addWidget(self._note, 1)
        for button in (self._stop, self._resume, self._rejoin):
            head.addWidget(button)
        self.body.addLayout(head)
        for piece in (self._bar, self._detail, self._stages):
            self.body.addWidget(piece)
        self._stop.clicked.connect(self.stop_asked)
        self._resume.clicked.connect(self.resume_asked)
        self._rejoin.clicked.connect(self._open_form)

    def show_stand(self, stand: Stand, address: str = "") -> None:
        """Show the state; a form somebody fills in stays."""
        self._address = address
        if stand == self.stand:
            return
        self.stand = stand
        self._icon.set_icon(stand.icon, stand.role)
        self._title.setText(stand.title)
        self._note.setText(stand.note)
        self._detail.setText(stand.detail)
        self._detail.setVisible(bool(stand.detail))
        self._detail.set_role("text" if stand.running else "muted")
        self._bar.setVisible(stand.running)
        self._bar.set_progress(stand.done, stand.total)
        self._stages.setVisible(stand.running)
        self._stages.set_stage(stand.stage)
        self._stop.setVisible(stand.way is Way.STOP)
        self._resume.setVisible(stand.way is Way.RESUME)
        self._rejoin.setVisible(stand.way is Way.REJOIN and self.form is None)
        self.setAccessibleName(". ".join(one for one in (stand.title, stand.note, stand.detail) if one))
        if stand.way is Way.JOIN:
            self._open_form()
        elif stand.way is not Way.REJOIN:
            self._close_form()

    def _open_form(self) -> None:
        if self.form is not None:
            return
        self.form = JoinForm(self._address)
        self.form.asked.connect(self.join_asked)
        self.form.account_asked.connect(self.account_asked)
        self.form.gave_up.connect(self.gave_up)
        self.body.addWidget(self.form)
        self._rejoin.hide()
        if self.stand is not None and self.stand.way is Way.REJOIN:
            self.form.fields.code.setFocus()

    def _close_form(self) -> None:
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    def complain(self, failure: Failure) -> None:
        """The agency was not joined."""
        if self.form is not None:
            self.form.complain(failure)

    def joined(self) -> None:
        """The form has done its work."""
        self._close_form()
