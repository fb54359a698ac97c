"""What the cards bring into the minutes: decisions and tasks of the evening, below the text."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.models.queries.sessions import CardLine
from app.ui import icons, labels, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.surfaces import ScrollPane
from app.ui.widgets.words import Label
from app.ui.workshops import marks
from app.ui.workshops.session import Session

_MOST = 200
_GAP = 6


class _Rows(Themed, QWidget):
    """The lines, wrapped; painted by ourselves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[CardLine] = []
        self._laid: list[base.Paragraph] = []
        self._width = 0
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_lines(self, lines: list[CardLine]) -> None:
        self._lines, self._width = lines, 0
        self.setAccessibleName("; ".join(f"{labels.card_label(line.kind)}: {sentence(line)}" for line in lines))
        self.updateGeometry()
        self.update()

    def restyle(self) -> None:
        self._width = 0
        super().restyle()

    def _lay_out(self, width: int) -> None:
        if width == self._width:
            return
        self._width = width
        room = width - theme.px(16) - 8
        font, pitch = theme.font("body"), theme.line()
        self._laid = [base.Paragraph(sentence(line), font, room, pitch) for line in self._lines]

    def heightForWidth(self, width: int) -> int:
        """All lines."""
        self._lay_out(width)
        return int(sum(p.height + _GAP for p in self._laid))

    def sizeHint(self) -> QSize:
        """As high as its lines at the present width."""
        width = self.width() or theme.px(300)
        return QSize(width, self.heightForWidth(width))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint icon and words of each line in sight."""
        painter = base.crisp(QPainter(self))
        self._lay_out(self.width())
        side, top = theme.px(16), 0
        for line, paragraph in zip(self._lines, self._laid, strict=True):
            if event.rect().top() - paragraph.height <= top <= event.rect().bottom():
                first = self.rect()
                first.setTop(top)
                first.setHeight(theme.line())
                tone = theme.color(marks.tone_of(line.kind))
                icons.paint(painter, marks.icon_of(line.kind), base.middle(first, side, 0), tone)
                painter.setPen(theme.color("text"))
                paragraph.paint(painter, side + 8, top, Qt.AlignmentFlag.AlignLeft)
            top += int(paragraph.height) + _GAP


def sentence(line: CardLine) -> str:
    """As the minutes put it: "Zählung Ederbrücke: A. Born, bis 15.01.2027"."""
    due = f"bis\u00a0{labels.date_text(line.due)}" if line.due else ""
    rest = ", ".join(part for part in (line.responsible, due) if part)
    return f"{line.text}: {rest}" if rest else line.text


class OutcomePane(Themed, QWidget):
    """A heading and the lines; hidden while there are none."""

    grown = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: list[CardLine] | None = None
        self._head = Label(self.tr("Aus Karten übernommen"), "small", theme.STRONG, "muted", parent=self)
        self._rows = _Rows()
        self._pane = ScrollPane(name="outcome", accessible=self.tr("Beschlüsse und Aufgaben aus Karten"))
        self._pane.setParent(self)
        self._pane.body.addWidget(self._rows)
        self._pane.body.addStretch(1)
        session.cards_changed.connect(self._show)
        session.stations_changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        lines = self._session.deck.outcome()
        if lines == self._shown:
            return
        self._shown = lines
        words = self.tr("Aus Karten übernommen")
        if len(lines) > _MOST:
            words = self.tr("Aus Karten übernommen, die letzten {0} von {1}").format(_MOST, len(lines))
        self._head.setText(words)
        self._rows.set_lines(lines[-_MOST:])
        self.setVisible(bool(lines))
        self.grown.emit()

    def wanted(self) -> int:
        """The height that shows everything."""
        if self.isHidden():
            return 0
        return self._top() + self._rows.heightForWidth(max(1, self.width() - 20)) + 8

    def _top(self) -> int:
        return theme.line("small") + 10

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Heading above, lines below; they end where the text above ends."""
        super().resizeEvent(event)
        self._head.setGeometry(0, 0, self.width(), theme.line("small"))
        self._pane.setGeometry(0, self._top(), self.width() - 4, max(0, self.height() - self._top()))
        self._rows.setFixedWidth(max(1, self.width() - 20))

    def restyle(self) -> None:
        """Ask for another height."""
        super().restyle()
        self.grown.emit()
