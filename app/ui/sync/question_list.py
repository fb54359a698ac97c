"""The list at the left of Zwei Fassungen: open questions, and below them what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from app.models.queries.versions import Decided, Question
from app.ui import icons, theme
from app.ui.sync import words
from app.ui.widgets import base
from app.ui.widgets.cells import Cell
from app.ui.widgets.lists import ListView, RowDelegate, RowKind

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a heading, a question or a decision."""

    title: str
    detail: str = ""
    third: str = ""
    meta: str = ""
    icon: str = ""
    tone: str = "muted"
    question: Question | None = None
    decided: Decided | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes it the same row after a refresh."""
        if self.question is not None:
            return ("open", self.question.kind, self.question.id, self.question.slot_name)
        if self.decided is not None:
            return ("decided", self.decided.kind, self.decided.id, self.decided.slot_name)
        return ("heading", self.title, "", "")


def entries(questions: Sequence[Question], decided: Sequence[tuple[Decided, str]]) -> list[Entry]:
    """All rows; `decided` comes with the words of what was decided."""
    rows = [Entry("Offen", meta="blockiert nichts, wartet hier")]
    for q in questions:
        gone = not q.slot_name
        when = words.when(max((f.at for f in q.versions if not f.writer.mine), default=q.since))
        rows.append(
            Entry(
                words.question_title(q), words.slot_words(q), f"{words.others_of(q)} · {when}",
                icon="trash" if gone else "git-fork", tone="danger" if gone else "version", question=q,
            )
        )  # fmt: skip
    if not questions:
        rows.append(Entry("Keine offenen Fragen", icon="check", tone="ok"))
    if decided:
        rows.append(Entry("Entschieden", meta="wieder aufnehmbar"))
    for d, how in decided:
        detail = f"{words.decided_words(d)}: {how}" if how else words.decided_words(d)
        rows.append(
            Entry(
                words.titled(d.root_kind, d.title),
                detail,
                meta=words.when_short(d.at),
                icon="check",
                tone="ok",
                decided=d,
            )
        )
    return rows


class QuestionModel(QAbstractListModel):
    """The rows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Entry] = []

    def show(self, rows: list[Entry]) -> None:
        """Take other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many rows."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        row = self.rows[index.row()]
        if row.question is None and row.decided is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a row by role."""
        row = self.rows[index.row()]
        heading = not row.icon
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(one for one in (row.title, row.detail, row.third, row.meta) if one)
            case Qt.ItemDataRole.ToolTipRole:
                return None if heading else "\n".join(one for one in (row.title, row.detail, row.third) if one)
            case Cell.DETAIL:
                return row.detail
            case Cell.OVERLINE:
                return row.third
            case Cell.META:
                return row.meta
            case Cell.ICON:
                return row.icon
            case Cell.TONE:
                return row.tone
            case Cell.GROUP:
                return heading
        return None

    def row_of(self, key: tuple[str, str, str, str]) -> int:
        """Where a row stands now, or -1."""
        return next((n for n, row in enumerate(self.rows) if row.key == key), -1)


class QuestionDelegate(RowDelegate):
    """Three lines for a question (72 px), two for a decision (52 px)."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """By what stands in it."""
        if index.data(Cell.GROUP):
            return super().sizeHint(option, index)
        return QSize(theme.px(120), self._lines(index) + 20)

    @staticmethod
    def _lines(index: Index) -> int:
        smalls = sum(bool(index.data(role)) for role in (Cell.DETAIL, Cell.OVERLINE))
        return theme.line() + smalls * theme.line("small")

    def _top(self, rect: QRectF, index: Index) -> int:
        return round(rect.top() + (rect.height() - self._lines(index)) / 2)

    def _paint_group(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        """The note behind a heading stands only where both fit."""
        area = rect.adjusted(self._view.edge, 0, -self._view.edge, 0)
        muted, note = theme.color("muted"), str(index.data(Cell.META) or "")
        used = base.text(painter, area, str(index.data()), muted, "small", theme.STRONG)
        if used + 16 + base.text_width(note, "small", tabular=True) <= area.width():
            base.text(painter, area, note, muted, "small", right=True, tabular=True)

    def _paint_mark(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        first = QRectF(rect.left(), self._top(rect, index), rect.width(), theme.line())
        square = base.middle(first, theme.px(16), rect.left() + self._view.edge)
        icons.paint(painter, str(index.data(Cell.ICON)), square, theme.color(str(index.data(Cell.TONE))))

    def _paint_lines(self, painter: QPainter, area: QRectF, index: Index) -> None:
        muted, text = theme.color("muted"), theme.color("text")
        y, body, small = self._top(area, index), theme.line(), theme.line("small")
        meta = str(index.data(Cell.META) or "")
        third = str(index.data(Cell.OVERLINE) or "")
        room = base.text_width(meta, "small", tabular=True) + 12 if meta else 0
        line = QRectF(area.left(), y, area.width(), body)
        base.text(painter, line, meta, muted, "small", right=True, tabular=True)
        weight = theme.MEDIUM if third else theme.REGULAR
        base.text(painter, line.adjusted(0, 0, -room, 0), str(index.data()), text, "body", weight)
        line = QRectF(area.left(), y + body, area.width(), small)
        base.text(painter, line, str(index.data(Cell.DETAIL) or ""), text if third else muted, "small")
        line = QRectF(area.left(), y + body + small, area.width(), small)
        base.text(painter, line, third, muted, "small", tabular=True)


class QuestionList(ListView):
    """Arrow keys walk, digits decide for the question that is chosen, Return goes into its card."""

    chosen = Signal(object)
    digit = Signal(int)

    def __init__(self) -> None:
        super().__init__(RowKind.TWO, name="questions", accessible="Fragen", edge=16)
        self.setAccessibleName(self.tr("Offene Fragen und Entscheidungen"))
        self.setItemDelegate(QuestionDelegate(self, RowKind.TWO))
        self.model_ = QuestionModel(self)
        self.setModel(self.model_)
        self.selectionModel().currentChanged.connect(self._on_current)

    def show_entries(self, rows: list[Entry]) -> None:
        """Take other rows; what was chosen stays chosen where it is still there."""
        if rows == self.model_.rows:
            return
        before = self.current()
        at = self.currentIndex().row()
        self.selectionModel().blockSignals(True)
        self.model_.show(rows)
        row = self.model_.row_of(before.key) if before is not None else -1
        if row < 0:
            row = self._nearest(at)
        if row >= 0:
            self.setCurrentIndex(self.model_.index(row, 0))
        self.selectionModel().blockSignals(False)
        self.viewport().update()

    def _nearest(self, at: int) -> int:
        """The question that has moved up to where the decided one stood, else the one before it, else any."""
        open_rows = [n for n, row in enumerate(self.model_.rows) if row.question is not None]
        after = [n for n in open_rows if n >= at]
        if after or open_rows:
            return after[0] if after else open_rows[-1]
        return -1

    def current(self) -> Entry | None:
        """The chosen row."""
        row = self.currentIndex().row()
        return self.model_.rows[row] if 0 <= row < len(self.model_.rows) else None

    def choose(self, key: tuple[str, str, str, str]) -> bool:
        """Choose a row by its key; whether there is one."""
        row = self.model_.row_of(key)
        if row >= 0:
            self.setCurrentIndex(self.model_.index(row, 0))
            self.scrollTo(self.currentIndex())
        return row >= 0

    def step(self, by: int) -> None:
        """Go to the next or the previous question or decision."""
        places = [n for n, row in enumerate(self.model_.rows) if row.question or row.decided]
        row = self.currentIndex().row()
        if not places:
            return
        at = places.index(row) + by if row in places else 0
        self.setCurrentIndex(self.model_.index(places[max(0, min(at, len(places) - 1))], 0))

    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        entry = self.current()
        if entry is not None:
            self.chosen.emit(entry)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits are for the card."""
        if event.text().isdigit() and event.text() != "0":
            self.digit.emit(int(event.text()))
            return
        super().keyPressEvent(event)
