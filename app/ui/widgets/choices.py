"""Fields to choose from: one of a list with glyphs, several of a list with ticks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui import icons, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.checklist import CheckList
from app.ui.widgets.choice import Choice
from app.ui.widgets.glyphs import Glyph, paint_glyph
from app.ui.widgets.inputs import paint_field
from app.ui.widgets.popover import Popover

__all__ = ["Choice", "ChoiceBox", "ChoiceDelegate", "SetBox"]

KEY_ROLE = Qt.ItemDataRole.UserRole
GLYPH_ROLE = Qt.ItemDataRole.UserRole + 1


class ChoiceDelegate(QStyledItemDelegate):
    """Rows of a drop-down: glyph, word, and a soft ground under the current one."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """32 px high."""
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        return QSize(base.text_width(words) + theme.px(12) + 44, theme.grow(32))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        base.crisp(painter)
        rect = QRectF(option.rect)
        state = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            base.box(painter, rect.adjusted(4, 1, -4, -1), 4, theme.color("accent_soft"))
        left = rect.left() + 12
        glyph = index.data(GLYPH_ROLE)
        if glyph is not None:
            paint_glyph(painter, Glyph(glyph), base.middle(rect, theme.px(12), left))
            left += theme.px(12) + 8
        area = QRectF(left, rect.top(), rect.right() - left - 8, rect.height())
        muted = index.data(KEY_ROLE) is None
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        base.text(painter, area, words, theme.color("muted" if muted else "text"))


class ChoiceBox(Themed, QComboBox):
    """One of a list. `chosen` carries the key when the person picks; the key None means "no choice"."""

    chosen = Signal(object)

    def __init__(
        self,
        choices: Sequence[Choice] = (),
        *,
        name: str,
        accessible: str,
        placeholder: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        base.identify(self, name, accessible)
        self._placeholder, self._error, self._read_only = placeholder, "", False
        self._delegate = ChoiceDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setMaxVisibleItems(14)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.set_choices(choices)
        self.activated.connect(self._on_activated)
        self.restyle()

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer another list; the value stays if its key is in it."""
        value = self.value()
        model = QStandardItemModel(self)
        for choice in choices:
            item = QStandardItem(choice.words)
            item.setData(choice.key, KEY_ROLE)
            item.setData(choice.glyph, GLYPH_ROLE)
            item.setToolTip(choice.detail)
            if choice.detail:
                item.setData(choice.detail, Qt.ItemDataRole.AccessibleTextRole)
            model.appendRow(item)
        self.setModel(model)
        self.set_value(value)

    def value(self) -> Any:
        """The key of the choice, or None."""
        return self.currentData(KEY_ROLE) if self.currentIndex() >= 0 else None

    def set_value(self, key: Any) -> None:
        """Show the choice of this key without telling anybody; an unknown key shows the placeholder."""
        index = next((i for i in range(self.count()) if self.itemData(i, KEY_ROLE) == key), -1)
        self.setCurrentIndex(index)
        self.setAccessibleDescription(self.currentText() or self._placeholder)

    def set_error(self, sentence: str) -> None:
        """Mark the field with a sentence for the screen reader; the empty string clears it."""
        self._error = sentence
        self.setAccessibleDescription(sentence or self.currentText())
        self.update()

    def set_read_only(self, on: bool) -> None:
        """Show the value without offering a choice."""
        self._read_only = on
        self.setEnabled(not on)

    def restyle(self) -> None:
        """Take font and height from the theme."""
        self.setFont(theme.font("body"))
        self.setFixedHeight(theme.grow(32))
        self.update()

    def _on_activated(self, index: int) -> None:
        self.setAccessibleDescription(self.currentText())
        self.chosen.emit(self.itemData(index, KEY_ROLE))

    def showPopup(self) -> None:
        """Open the list as wide as its longest word."""
        self.view().setMinimumWidth(max(self.width(), self.sizeHint().width() + 12))
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Never change by the wheel: the page scrolls under the mouse and a value would slip."""
        event.ignore()

    def minimumSizeHint(self) -> QSize:
        """May be narrow."""
        return QSize(theme.px(72), theme.grow(32))

    def sizeHint(self) -> QSize:
        """As wide as its longest word."""
        longest = max((base.text_width(self.itemText(i)) for i in range(self.count())), default=0)
        return QSize(longest + theme.px(12) + theme.px(12) + 40, theme.grow(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, the glyph, the word and the caret."""
        painter = base.crisp(QPainter(self))
        paint_field(painter, self, focused=self.hasFocus(), error=bool(self._error), read_only=self._read_only)
        caret = base.middle(self.rect(), theme.px(12), self.width() - theme.px(12) - 10)
        left = 10.0
        glyph = self.itemData(self.currentIndex(), GLYPH_ROLE) if self.currentIndex() >= 0 else None
        if glyph is not None:
            paint_glyph(painter, Glyph(glyph), base.middle(self.rect(), theme.px(12), left))
            left += theme.px(12) + 8
        area = QRectF(left, 0, caret.left() - 6 - left, self.height())
        quiet = self.value() is None or not self.isEnabled()
        words = self.currentText() or self._placeholder
        base.text(painter, area, words, theme.color("muted" if quiet else "text"))
        if self.isEnabled():
            icons.paint(painter, "caret-down", caret, theme.color("muted"))


_BESIDE_WORDS, _WIDEST_LIST = 96, 420
"""What a list of ticks needs beside its words (the tick, margins, scroll bar), and how wide it becomes at most."""


class SetBox(base.Ringed, QPushButton):
    """Several of a list, shown as words; opens a list with ticks and a search line.

    `changed` carries the frozenset of keys each time a tick changes.
    """

    changed = Signal(object)

    def __init__(
        self,
        choices: Sequence[Choice] = (),
        *,
        name: str,
        accessible: str,
        placeholder: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        base.identify(self, name, accessible)
        self._choices, self._keys = tuple(choices), frozenset[Any]()
        self._placeholder, self._error = placeholder, ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open)
        self.set_value(frozenset())

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer another list."""
        self._choices = tuple(choices)
        self.set_value(self._keys)

    def value(self) -> frozenset[Any]:
        """The keys that are ticked."""
        return self._keys

    def set_value(self, keys: Iterable[Any]) -> None:
        """Tick these keys without telling anybody."""
        self._keys = frozenset(keys)
        self.setAccessibleDescription(", ".join(self._names()) or self._placeholder)
        self.setToolTip(", ".join(self._names()))
        self.update()

    def set_error(self, sentence: str) -> None:
        """Mark the field with a sentence for the screen reader; the empty string clears it."""
        self._error = sentence
        self.update()

    def _names(self) -> list[str]:
        return [choice.words for choice in self._choices if choice.key in self._keys]

    def open(self) -> None:
        """Open the list of ticks below the field."""
        ticks = CheckList(self._choices, self._keys, name=f"{self.objectName()}_list", accessible=self.accessibleName())
        ticks.changed.connect(self._on_ticks)
        popover = Popover(self.window(), name=f"{self.objectName()}_popover", accessible=self.accessibleName())
        popover.set_body(ticks)
        longest = max((base.text_width(choice.words) for choice in self._choices), default=0)
        wanted = min(int(longest) + theme.px(_BESIDE_WORDS), theme.px(_WIDEST_LIST))
        popover.open_at(self, width=max(self.width(), theme.px(240), wanted))

    def _on_ticks(self, keys: object) -> None:
        assert isinstance(keys, frozenset)
        self.set_value(keys)
        self.changed.emit(self._keys)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return, Space and arrow down open the list."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.open()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """A field's height."""
        return QSize(theme.px(200), theme.grow(32))

    def minimumSizeHint(self) -> QSize:
        """May be narrow."""
        return QSize(theme.px(72), theme.grow(32))

    def _summary(self, room: float) -> str:
        """As many names as fit, then how many more: "Arnsberg, Olpe +2"."""
        names = self._names()
        for shown in range(len(names), 0, -1):
            rest = len(names) - shown
            words = ", ".join(names[:shown]) + (f" +{rest}" if rest else "")
            if shown == 1 or base.text_width(words) <= room:
                return words
        return self._placeholder

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, the names and the caret."""
        painter = base.crisp(QPainter(self))
        paint_field(painter, self, focused=self.hasFocus(), error=bool(self._error), read_only=not self.isEnabled())
        caret = base.middle(self.rect(), theme.px(12), self.width() - theme.px(12) - 10)
        area = QRectF(10, 0, caret.left() - 16, self.height())
        ink = theme.color("text" if self._names() else "muted")
        base.text(painter, area, self._summary(area.width()), ink)
        if self.isEnabled():
            icons.paint(painter, "caret-down", caret, theme.color("muted"))
