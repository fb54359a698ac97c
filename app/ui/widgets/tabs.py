"""Tabs as words with a count; an accent line marks the one that is on."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QTabBar, QToolButton, QWidget

from app.ui import icons, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.words import Tone

_GAP = 24


class TabBar(Themed, QTabBar):
    """Views of one screen; arrow keys walk, the chosen tab is told by `currentChanged` (index) as in Qt."""

    def __init__(self, *, name: str, accessible: str, height: int = 36, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        base.identify(self, name, accessible)
        self._height = height
        self._counts: dict[str, tuple[int | None, Tone]] = {}
        self._keyboard = False
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        for button, words in zip(
            self.findChildren(QToolButton), (self.tr("Weiter links"), self.tr("Weiter rechts")), strict=True
        ):
            button.setArrowType(Qt.ArrowType.NoArrow)
            button.setAutoRaise(True)
            button.setAccessibleName(words)
            button.setToolTip(words)
        self._draw_arrows()

    def _draw_arrows(self) -> None:
        for button, name in zip(self.findChildren(QToolButton), ("caret-left", "caret-right"), strict=True):
            button.setIcon(icons.icon(name))

    def add(self, key: str, words: str, count: int | None = None, tone: Tone = "muted") -> int:
        """Add a tab under a key; the count stands muted behind the words (`version` for open questions)."""
        index = self.addTab(words)
        self.setTabData(index, key)
        self.set_count(key, count, tone)
        return index

    def key(self) -> str:
        """The key of the tab that is on."""
        return str(self.tabData(self.currentIndex()))

    def has(self, key: str) -> bool:
        """Whether there is a tab of this key."""
        return any(self.tabData(i) == key for i in range(self.count()))

    def choose(self, key: str) -> None:
        """Switch to the tab of this key."""
        self.setCurrentIndex(self._index(key))

    def remove(self, key: str) -> None:
        """Take a tab away; if it was on, the first one is on then."""
        on = self.key() == key
        self._counts.pop(key, None)
        if on:
            self.setCurrentIndex(0)
        self.removeTab(self._index(key))

    def rename(self, key: str, words: str) -> None:
        """Other words on a tab."""
        self.setTabText(self._index(key), words)
        count, tone = self._counts.get(key, (None, "muted"))
        self.set_count(key, count, tone)

    def _index(self, key: str) -> int:
        return next(i for i in range(self.count()) if self.tabData(i) == key)

    def set_count(self, key: str, count: int | None, tone: Tone = "muted") -> None:
        """Show another count behind the words of a tab."""
        self._counts[key] = (count, tone)
        index = self._index(key)
        words = self.tabText(index)
        self.setAccessibleTabName(index, words if count is None else f"{words}, {count}")
        # QTabBar measures its tabs again only when one of their texts is set anew.
        self.setTabText(index, "")
        self.setTabText(index, words)

    def restyle(self) -> None:
        """Measure the tabs again in the new font."""
        self.setFont(theme.font("body"))
        self._draw_arrows()
        self.updateGeometry()
        self.update()

    def _count_of(self, index: int) -> tuple[int | None, Tone]:
        return self._counts.get(str(self.tabData(index)), (None, "muted"))

    def tabSizeHint(self, index: int) -> QSize:
        """Words, count and the gap to the next tab."""
        count, _ = self._count_of(index)
        width = base.text_width(self.tabText(index), "body", theme.STRONG)
        if count is not None:
            width += 8 + base.text_width(str(count), "small", tabular=True)
        return QSize(width + _GAP, theme.grow(self._height))

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Tabs are never cut; the bar scrolls instead."""
        return self.tabSizeHint(index)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring unless the mouse brought the focus."""
        super().focusInEvent(event)
        self._keyboard = event.reason() not in base.QUIET_REASONS
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint every tab: words, count, the line under the one that is on."""
        painter = base.crisp(QPainter(self))
        for index in range(self.count()):
            self._paint_tab(painter, index)

    def _paint_tab(self, painter: QPainter, index: int) -> None:
        rect = self.tabRect(index)
        on, hover = index == self.currentIndex(), rect.contains(self.mapFromGlobal(self.cursor().pos()))
        words = QRectF(rect.left(), rect.top(), rect.width() - _GAP, rect.height())
        ink = theme.color("text" if on or hover else "muted")
        weight = theme.STRONG if on else theme.REGULAR
        width = base.text(painter, words, self.tabText(index), ink, "body", weight)
        count, tone = self._count_of(index)
        if count is not None:
            left = words.left() + width + 8
            area = QRectF(left, words.top(), words.right() - left, words.height())
            violet = tone == "version"
            base.text(
                painter,
                area,
                str(count),
                theme.color(tone if violet else "muted"),
                "small",
                theme.STRONG if violet else theme.REGULAR,
                tabular=True,
            )
        if on:
            line = QRect(rect.left(), rect.bottom() - 1, rect.width() - _GAP, 2)
            painter.fillRect(line, theme.color("accent"))
        if on and self.hasFocus() and self._keyboard:
            ring = QRect(rect.left(), rect.top() + 3, rect.width() - _GAP + 6, rect.height() - 8)
            base.box(painter, ring.adjusted(-min(6, rect.left()), 0, 0, 0), 4, border=theme.color("focus"), width=2)
