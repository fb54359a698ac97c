"""The honest status line: what is saved, what waits, the last receipt, open questions, the network."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui import icons, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Pressable
from app.ui.widgets.words import Ground


class Network(enum.Enum):
    """How things stand with the agency."""

    OFFLINE = "offline"
    ONLINE = "online"
    SYNCING = "syncing"
    PAUSED = "paused"
    ALONE = "alone"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class StatusView:
    """Everything the status line shows; whoever makes it vouches for it."""

    saved: bool = True
    save_error: str = ""
    """One sentence why the last edit could not be stored; stands in danger until it could."""
    pending: int = 0
    last_sync_at_text: str = ""
    """ "heute 14:32"; empty: never."""
    receipt: str = ""
    questions: int = 0
    network: Network = Network.OFFLINE
    agency: str = ""
    """Whom one is connected with, in the dative: "der Südwestfalen Agentur"."""
    progress: str = ""
    """While syncing: "7 von 11 quittiert"."""
    files: int = 0
    """Attachments whose bytes wait to be sent."""


def _tr(words: str) -> str:
    return QCoreApplication.translate("StatusLine", words)


def pending_words(count: int, files: int = 0) -> str:
    """How many changes and attachments wait, in words."""
    told = []
    if count:
        one = count == 1
        told.append(_tr("1 Änderung") if one else _tr("{0} Änderungen").format(f"{count:,}".replace(",", ".")))
    if files:
        told.append(_tr("1 Anhang") if files == 1 else _tr("{0} Anhänge").format(files))
    return _tr("{0} noch nicht übertragen").format(", ".join(told)) if told else _tr("Alles übertragen")


def question_words(count: int) -> str:
    """How many questions are open, in words."""
    return _tr("1 offene Frage") if count == 1 else _tr("{0} offene Fragen").format(count)


def sync_words(view: StatusView) -> str:
    """When things were last transferred, with the receipt that proves it."""
    if not view.last_sync_at_text:
        return "" if view.network is Network.ALONE else _tr("noch nie abgeglichen")
    words = _tr("letzter Abgleich {0}").format(view.last_sync_at_text)
    return f"{words}, " + _tr("Quittung {0}").format(view.receipt) if view.receipt else words


def network_words(view: StatusView) -> tuple[str, str, str, str]:
    """Words, short words, icon and role of the network's state."""
    if view.network is Network.ONLINE:
        words = _tr("Verbunden mit {0}").format(view.agency) if view.agency else _tr("Verbunden")
        return words, _tr("Verbunden"), "wifi-high", "muted"
    if view.network is Network.SYNCING:
        words = _tr("Abgleich läuft")
        full = f"{words}: {view.progress}" if view.progress else words
        return full, words, "arrows-clockwise", "muted"
    if view.network is Network.PAUSED:
        return _tr("Abgleich pausiert"), _tr("Pausiert"), "pause-circle", "warning"
    if view.network is Network.ALONE:
        return _tr("Nur auf diesem Gerät"), _tr("Nur hier"), "laptop", "muted"
    if view.network is Network.REFUSED:
        return _tr("Abgleich braucht eine Entscheidung"), _tr("Abgleich hält"), "warning", "warning"
    return _tr("Kein Netz – alles geht weiter"), _tr("Kein Netz"), "wifi-slash", "muted"


class _Item(Pressable):
    """Icon and words of the status line; a button where pressing it leads somewhere."""

    ring_radius = 3
    ring_inside = True

    def __init__(self, name: str, accessible: str, *, leads: bool, parent: QWidget) -> None:
        super().__init__("", name, accessible, parent)
        self._full, self._short, self._icon, self._role, self._ink = "", "", "", "muted", "text"
        self._brief, self._weight = False, theme.REGULAR
        self._leads = leads
        if not leads:
            self.setFocusPolicy(self.focusPolicy().NoFocus)
            self.unsetCursor()
        self.setFlat(True)

    def say(self, full: str, short: str, icon: str, role: str = "muted", ink: str = "text", weight: int = 400) -> None:
        """Show words with an icon; hidden without words."""
        self._full, self._short, self._icon, self._role, self._ink = full, short, icon, role, ink
        self._weight = weight
        if full:
            self.setAccessibleName(full)
        self.setVisible(bool(full))
        self.restyle()

    def brief(self, on: bool) -> None:
        """Show the short words, with the whole in the tooltip."""
        self._brief = on
        self.setToolTip(self._full if on else "")
        self.restyle()

    def words(self) -> str:
        """What is shown."""
        return self._short if self._brief else self._full

    def width_of(self, brief: bool) -> int:
        """How wide the item is with either of its words."""
        words = self._short if brief else self._full
        icon = theme.px(14) + 7 if self._icon and words else 0
        return base.text_width(words, "small", self._weight, tabular=True) + icon

    def sizeHint(self) -> QSize:
        return QSize(self.width_of(self._brief), theme.grow(24, "small"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = base.crisp(QPainter(self))
        left, ink = 0.0, theme.color(self._ink)
        if self._icon and self.words():
            side = theme.px(14)
            icons.paint(painter, self._icon, base.middle(self.rect(), side, 0), theme.color(self._role))
            left = side + 7
        area = QRectF(left, 0, self.width() - left, self.height())
        width = base.text(painter, area, self.words(), ink, "small", self._weight, tabular=True)
        if self._leads and self.underMouse():
            painter.fillRect(QRectF(left, base.baseline(area, "small") + 2, width, 1), ink)


class _Point(Themed, QWidget):
    """The dot between two items."""

    def sizeHint(self) -> QSize:
        return QSize(25, theme.grow(24, "small"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = base.crisp(QPainter(self))
        base.text(painter, self.rect(), "·", theme.color("muted"), "small", theme.STRONG, center=True)


class StatusLine(Ground):
    """32 px at the lower end of the window; where room is short it says the same in fewer words."""

    questions_clicked = Signal()
    pending_clicked = Signal()
    network_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("background", parent)
        base.identify(self, "status_line", self.tr("Stand der Speicherung und des Abgleichs"))
        self._view = StatusView()
        self.saved = _Item("status_saved", self.tr("Gespeichert"), leads=False, parent=self)
        self.pending = _Item("status_pending", self.tr("Noch nicht übertragen"), leads=True, parent=self)
        self.synced = _Item("status_synced", self.tr("Letzter Abgleich"), leads=False, parent=self)
        self.questions = _Item("status_questions", self.tr("Offene Fragen"), leads=True, parent=self)
        self.network = _Item("status_network", self.tr("Netz"), leads=True, parent=self)
        self._points = [_Point(self) for _ in range(3)]
        self.pending.clicked.connect(self.pending_clicked)
        self.questions.clicked.connect(self.questions_clicked)
        self.network.clicked.connect(self.network_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 1, 24, 0)
        layout.setSpacing(0)
        left = (self.saved, self._points[0], self.pending, self._points[1], self.synced, self._points[2])
        for piece in (*left, self.questions):
            layout.addWidget(piece)
        layout.addStretch(1)
        layout.addSpacing(24)
        layout.addWidget(self.network)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.restyle()
        self.set_view(StatusView())

    def restyle(self) -> None:
        """Grow with the text."""
        self.setFixedHeight(theme.grow(32, "small"))
        super().restyle()
        if hasattr(self, "_points"):
            self._fit()

    def view(self) -> StatusView:
        """What is shown."""
        return self._view

    def set_view(self, view: StatusView) -> None:
        """Show the state of things."""
        self._view = view
        if view.save_error:
            self.saved.say(
                view.save_error, self.tr("Nicht gespeichert"), "warning-octagon-fill", "danger", "danger", 500
            )
        elif view.saved:
            self.saved.say(self.tr("Gespeichert"), self.tr("Gespeichert"), "check-circle-fill", "ok", "text", 500)
        else:
            words = self.tr("Wird gespeichert …")
            self.saved.say(words, words, "dots-three-circle", "muted", "muted")
        count = view.pending + view.files
        icon = "cloud-arrow-up" if count else "cloud-check"
        short = self.tr("{0} nicht übertragen").format(count) if count else self.tr("Übertragen")
        # Where there is nobody to send to, "everything is transferred" would be a strange thing to say.
        alone = view.network is Network.ALONE and not count
        weight = theme.MEDIUM if count else theme.REGULAR
        told = "" if alone else pending_words(view.pending, view.files)
        self.pending.say(told, short, icon, "info" if count else "muted", "text", weight)
        receipt = self.tr("Quittung {0}").format(view.receipt) if view.receipt else view.last_sync_at_text
        self.synced.say(sync_words(view), receipt, "receipt", "muted", "muted")
        open_ = question_words(view.questions) if view.questions else ""
        self.questions.say(open_, open_, "git-fork", "version", "version", theme.STRONG)
        words, brief, icon, role = network_words(view)
        self.network.say(words, brief, icon, role, "warning" if role == "warning" else "muted")
        for point, item in zip(self._points, (self.pending, self.synced, self.questions), strict=True):
            point.setVisible(item.isVisibleTo(self))
        self._fit()

    def _fit(self) -> None:
        """Shorten item after item, the least important first, until everything fits."""
        order = (self.synced, self.network, self.pending, self.saved)
        items = [
            i for i in (self.saved, self.pending, self.synced, self.questions, self.network) if i.isVisibleTo(self)
        ]
        points = 25 * sum(1 for point in self._points if point.isVisibleTo(self))
        room = self.width() - 72 - points
        short: set[_Item] = set()
        for item in order:
            if sum(i.width_of(i in short) for i in items) <= room:
                break
            short.add(item)
        for item in order:
            item.brief(item in short)

    def resizeEvent(self, event: object) -> None:
        """Choose the words that fit the new width."""
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line above."""
        super().paintEvent(event)
        QPainter(self).fillRect(0, 0, self.width(), 1, theme.color("border"))
