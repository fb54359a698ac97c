"""Forms: sections with a heading, rows of label and editor and what a row has to tell."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.inputs import LineEdit, TextArea
from app.ui.widgets.tags import TagEdit
from app.ui.widgets.words import ElidedLabel, Label, Rule

#: Sections and rows bring this padding at both sides themselves, so that the dot can stand left of the label.
GUTTER = 16
LABEL_WIDTH = 96


class Section(Themed, QWidget):
    """A heading in 600, a muted note at the right, rows below; a line above it unless it is the first."""

    def __init__(
        self, title: str, note: str = "", *, name: str, first: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        base.identify(self, name, title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        if not first:
            line = QHBoxLayout()
            line.setContentsMargins(GUTTER, 0, GUTTER, 0)
            line.addWidget(Rule())
            outer.addLayout(line)
        head = QHBoxLayout()
        head.setContentsMargins(GUTTER, 12, GUTTER, 8)
        head.setSpacing(8)
        head.addWidget(Label(title, "small", theme.STRONG))
        self._note = ElidedLabel(note, "small", role="muted", right=True, tabular=True)
        head.addWidget(self._note, 1)
        self._head = head
        outer.addLayout(head)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 16)
        self._rows.setSpacing(4)
        outer.addLayout(self._rows)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def set_note(self, note: str) -> None:
        """Show another note at the right of the heading."""
        self._note.setText(note)

    def add_action(self, widget: QWidget) -> None:
        """Put a link or icon button at the right end of the heading."""
        self._head.addWidget(widget)

    def add(self, row: QWidget, *, indent: bool = False) -> QWidget:
        """Add a row; `indent` gives a widget without own padding the padding of the section."""
        if indent:
            holder = QHBoxLayout()
            holder.setContentsMargins(GUTTER, 0, GUTTER, 0)
            holder.addWidget(row)
            self._rows.addLayout(holder)
        else:
            self._rows.addWidget(row)
        return row


class FieldLine(Themed, QWidget):
    """A label, its editor, and what is to be told about the field.

    At the left of the label a blue dot for "not yet transferred"; right of it a violet fork while there are
    two versions and, with the mouse or the focus in the row, a clock that opens the history.
    """

    history_clicked = Signal()
    versions_clicked = Signal()

    def __init__(
        self,
        label: str,
        editor: QWidget,
        *,
        name: str,
        history: bool = True,
        stacked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.editor = editor
        self._pending, self._refusal, self._with_history = "", "", history
        self._label = ElidedLabel(label, "small", role="muted")
        # A label is no help for the screen reader: the editor has its own accessible name.
        self._history = _RowButton(
            "clock-counter-clockwise",
            name=f"{name}_history",
            accessible=self.tr("Verlauf von {0}").format(label),
            role="muted",
        )
        self._versions = _RowButton(
            "git-fork",
            name=f"{name}_versions",
            accessible=self.tr("Zwei Fassungen von {0}").format(label),
            role="version",
        )
        self._note = Label(size="small", role="muted", wrap=True)
        self._note.hide()
        self._versions.hide()
        self._history.hide()
        self._history.clicked.connect(self.history_clicked)
        self._versions.clicked.connect(self.versions_clicked)
        self._build(stacked)
        self._watch(editor)
        self._history.installEventFilter(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def _build(self, stacked: bool) -> None:
        self._lead = QWidget()
        lead = QHBoxLayout(self._lead)
        lead.setSpacing(2)
        lead.addWidget(self._label, 1)
        lead.addWidget(self._versions)
        self._history.setParent(self._lead)
        self._history.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(GUTTER, 0, GUTTER, 0)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(2)
        self._stacked = stacked
        if stacked:
            grid.addWidget(self._lead, 0, 0)
            grid.addWidget(self.editor, 1, 0)
            grid.addWidget(self._note, 2, 0)
        else:
            grid.addWidget(self._lead, 0, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self.editor, 0, 1)
            grid.addWidget(self._note, 1, 1)
            grid.setColumnStretch(1, 1)
        self.restyle()

    def restyle(self) -> None:
        """Keep the label column and the height of a control."""
        if not self._stacked:
            self._lead.setFixedWidth(theme.px(LABEL_WIDTH))
            self._lead.setFixedHeight(theme.grow(32))
        super().restyle()

    def _watch(self, widget: QWidget) -> None:
        for piece in (widget, *widget.findChildren(QWidget)):
            piece.installEventFilter(self)
            if isinstance(piece, LineEdit | TextArea):
                piece.refused.connect(self._on_refused)
                piece.textChanged.connect(self._on_text_changed)
            elif isinstance(piece, TagEdit):
                piece.refused.connect(self._on_refused)
                piece.line.textChanged.connect(self._on_text_changed)

    def _on_refused(self, sentence: str) -> None:
        self.set_note(sentence, "danger")
        self._refusal = sentence

    def _on_text_changed(self) -> None:
        if self._refusal and self._note.text() == self._refusal:
            self.set_note("")
        self._refusal = ""

    def set_pending(self, sentence: str) -> None:
        """Show the dot with its meaning as tooltip; the empty string takes it away."""
        self._pending = sentence
        self._label.setToolTip(sentence)
        self.setAccessibleDescription(sentence)
        self.update()

    def pending(self) -> bool:
        """Whether the dot is shown."""
        return bool(self._pending)

    def set_versions(self, count: int) -> None:
        """Show the fork while there are two or more versions of this field."""
        self._versions.setVisible(count > 1)
        self._make_room()

    def set_note(self, words: str, role: str = "muted") -> None:
        """Show a sentence under the editor; the role `danger` marks a mistake."""
        self._note.setText(words)
        self._note.set_role(role)
        self._note.setVisible(bool(words))

    def set_label(self, words: str) -> None:
        """Show another label."""
        self._label.setText(words)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the clock."""
        self._reveal(True)

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the clock unless the focus is in the row."""
        self._reveal(self._has_focus())

    def _reveal(self, on: bool) -> None:
        self._history.setVisible(self._with_history and (on or self._history.hasFocus()))
        self._make_room()

    def _make_room(self) -> None:
        """The clock lies over the end of the label column; a label that would reach below it is shortened."""
        clock = self._history.sizeHint()
        line = self._label.sizeHint().height() if self._stacked else theme.grow(32)
        shown = not self._history.isHidden()
        free = self._lead.width() - clock.width() - self._label.sizeHint().width()
        needed = shown and (free < -2 or not self._versions.isHidden())
        layout = self._lead.layout()
        assert layout is not None
        layout.setContentsMargins(0, 0, clock.width() + 2 if needed else 2, 0)
        top = max(0, (line - clock.height()) // 2)
        self._history.setGeometry(self._lead.width() - clock.width(), top, clock.width(), clock.height())

    def resizeEvent(self, event: object) -> None:
        """Keep the clock at the end of the label column."""
        self._make_room()

    def _has_focus(self) -> bool:
        return base.holds_focus(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the clock while the editor has the focus."""
        if event.type() == QEvent.Type.FocusIn:
            self._reveal(True)
        elif event.type() == QEvent.Type.FocusOut:
            # The focus may have gone to the clock itself: look once it has arrived.
            QTimer.singleShot(0, self, self._on_focus_left)
        return False

    def _on_focus_left(self) -> None:
        self._reveal(self._has_focus() or self.underMouse())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dot left of the label."""
        if not self._pending:
            return
        painter = base.crisp(QPainter(self))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("info"))
        middle = self._lead.y() + self._lead.height() / 2
        radius = min(4.0, theme.px(6) / 2)
        painter.drawEllipse(QPointF(GUTTER / 2, middle), radius, radius)


class _RowButton(IconButton):
    """A small icon at the end of the label column."""

    ring_radius = 3

    def __init__(self, icon: str, *, name: str, accessible: str, role: str) -> None:
        super().__init__(icon, name=name, accessible=accessible, side=14, role=role)
        self.icon_side = 14

    def sizeHint(self) -> QSize:
        return QSize(theme.px(14), theme.px(14))


FieldRow = FieldLine
"""The former name; "Row" is kept for rows of a database."""
