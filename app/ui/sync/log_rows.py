"""Receipts and the kept log, line by line; a line that names a record leads to it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.models.queries.syncing import LogLine, ReceiptLine
from app.ui import icons, labels, theme
from app.ui.sync import words
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Pressable
from app.ui.widgets.words import Label

_MARKS = {
    "record.sent": ("check", "ok"),
    "records.sent": ("check", "ok"),
    "sync.done": ("check", "ok"),
    "record.changed": ("arrow-down", "muted"),
    "record.new": ("plus", "muted"),
    "records.received": ("arrow-down", "muted"),
    "records.gone": ("lock-simple", "muted"),
    "change.quarantined": ("warning", "warning"),
    "agency.restored": ("clock-counter-clockwise", "warning"),
    "agency.healed": ("check", "muted"),
    "agency.kept_aside": ("warning", "warning"),
    "records.differed": ("magnifying-glass", "muted"),
    "records.swept": ("lock-simple", "muted"),
    "version.opened": ("git-fork", "version"),
    "courier.written": ("file-arrow-up", "muted"),
    "courier.taken": ("check", "ok"),
    "courier.gap": ("warning", "warning"),
    "courier.restored": ("clock-counter-clockwise", "warning"),
    "device.new_identity": ("fingerprint", "muted"),
}


def mark_of(line: LogLine) -> tuple[str, str]:
    """Icon and role; a tick stands only where a receipt is stored."""
    icon, role = _MARKS.get(line.code, ("minus", "muted"))
    if icon == "check" and not line.params.get("receipt"):
        return "minus", "muted"
    return icon, role


class ReceiptEntry(Themed, QWidget):
    """Number, what it covers, when."""

    def __init__(self, line: ReceiptLine) -> None:
        super().__init__()
        self.line = line
        covers = labels.count(line.changes, "Änderung", "Änderungen")
        self._words = covers if line.changes else "ohne eigene Änderungen"
        self._when = words.when_told(line.at)
        self.setAccessibleName(f"Quittung {line.no}: {self._words}, {self._when}")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(theme.px(240), theme.grow(36))

    def minimumSizeHint(self) -> QSize:
        """May be narrow."""
        return QSize(theme.px(160), theme.grow(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint mark, number, words, time and the line below."""
        painter = base.crisp(QPainter(self))
        area = QRectF(self.rect())
        side = theme.px(16)
        icons.paint(painter, "check-circle", base.middle(area, side, 0), theme.color("ok"))
        room = base.text_width(self._when, "small", tabular=True)
        base.text(painter, area, self._when, theme.color("muted"), "small", right=True, tabular=True)
        area.setLeft(side + 10)
        number = base.text(painter, area, str(self.line.no), theme.color("text"), "body", theme.MEDIUM, tabular=True)
        area.setLeft(area.left() + max(number, theme.px(36)) + 12)
        area.setRight(self.width() - room - 12)
        base.text(painter, area, self._words, theme.color("text"), "small", tabular=True)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.color("border"))


class LogEntry(Pressable):
    """Time, mark, sentence; wraps instead of being cut."""

    ring_radius = 4

    def __init__(self, number: int, line: LogLine, *, long_times: bool) -> None:
        self.line = line
        self.sentence = labels.log_text(line.code, line.params)
        self._when = words.when(line.at) if long_times else words.when_short(line.at)
        super().__init__("", f"log_{number}", f"{words.when(line.at)}: {self.sentence}", None)
        self._long = long_times
        leads = bool(line.root_kind and line.root_id)
        if leads:
            self.setToolTip(self.tr("Eintrag öffnen"))
        else:
            self.unsetCursor()
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._leads = leads
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _left(self) -> int:
        stamp = "28.02.2025, 15:17" if self._long else "gestern"
        return base.text_width(stamp, "small", tabular=True) + 12 + theme.px(16) + 10

    def _paragraph(self, width: int) -> base.Paragraph:
        return base.Paragraph(self.sentence, theme.font("small"), width - self._left(), theme.line("small"))

    def heightForWidth(self, width: int) -> int:
        """The lines of the sentence, and air."""
        return self._paragraph(width).height + 12

    def sizeHint(self) -> QSize:
        """A comfortable width."""
        return QSize(theme.px(280), self.heightForWidth(theme.px(280)))

    def minimumSizeHint(self) -> QSize:
        """One line."""
        return QSize(theme.px(160), theme.line("small") + 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the three pieces; the whole line answers to the mouse where it leads somewhere."""
        painter = base.crisp(QPainter(self))
        if self._leads and self.underMouse():
            base.box(painter, self.rect(), 4, theme.color("surface+text:4"))
        line = theme.line("small")
        first = QRectF(0, 6, self.width(), line)
        base.text(painter, first, self._when, theme.color("muted"), "small", tabular=True)
        icon, role = mark_of(self.line)
        side = theme.px(14)
        icons.paint(painter, icon, base.middle(first, side, self._left() - 10 - side), theme.color(role))
        painter.setPen(theme.color("text"))
        self._paragraph(self.width()).paint(painter, self._left(), 6, Qt.AlignmentFlag.AlignLeft)


class LogEntries(QWidget):
    """A column of lines; built anew only when there are other lines."""

    record_requested = Signal(str, str)

    def __init__(self, *, long_times: bool) -> None:
        super().__init__()
        self._long = long_times
        self._shown: list[LogLine] | None = None
        self._pieces: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._empty: QLabel = Label(
            self.tr("Noch nichts übertragen und nichts geholt."), "small", role="muted", wrap=True
        )
        self._column.addWidget(self._empty)

    def rows(self) -> list[LogEntry]:
        """The lines shown."""
        return [piece for piece in self._pieces if isinstance(piece, LogEntry)]

    def show_lines(self, lines: Sequence[LogLine]) -> None:
        """Show these lines, newest first."""
        if list(lines) == self._shown:
            return
        self._shown = list(lines)
        for piece in self._pieces:
            self._column.removeWidget(piece)
            piece.hide()
            piece.deleteLater()
        self._pieces = []
        self._empty.setVisible(not lines)
        for number, line in enumerate(lines):
            row = LogEntry(number, line, long_times=self._long)
            row.clicked.connect(self._on_clicked)
            self._pieces.append(row)
            self._column.addWidget(row)

    def _on_clicked(self) -> None:
        row = self.sender()
        if isinstance(row, LogEntry) and row.line.root_kind and row.line.root_id:
            self.record_requested.emit(row.line.root_kind, row.line.root_id)
