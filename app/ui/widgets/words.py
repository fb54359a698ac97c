"""Words on the screen: labels by role, labels that elide, key caps, counts, initials, lines."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.theme import Size, Themed
from app.ui.widgets import base

Tone = Literal["neutral", "accent", "version", "info", "warning", "danger", "ok", "muted"]


class Label(Themed, QLabel):
    """Text in one size, weight and role; wraps where asked, on the line height of its size."""

    def __init__(
        self,
        words: str = "",
        size: Size = "body",
        weight: int = theme.REGULAR,
        role: str = "text",
        *,
        wrap: bool = False,
        tabular: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, parent)
        self._size: Size = size
        self._weight, self._role, self._tabular = weight, role, tabular
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self.restyle()

    def set_role(self, role: str) -> None:
        """Take another colour role."""
        self._role = role
        self.restyle()

    def restyle(self) -> None:
        """Take font and colour from the theme."""
        self.setFont(theme.font(self._size, self._weight, tabular=self._tabular))
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, theme.color(self._role))
        self.setPalette(palette)
        self.updateGeometry()

    def _paragraph(self, width: float) -> base.Paragraph:
        font = theme.font(self._size, self._weight, tabular=self._tabular)
        return base.Paragraph(self.text(), font, width, theme.line(self._size))

    def heightForWidth(self, width: int) -> int:
        """The lines the text needs at this width."""
        if not self.wordWrap():
            return super().heightForWidth(width)
        margins = self.contentsMargins()
        return self._paragraph(width - margins.left() - margins.right()).height + margins.top() + margins.bottom()

    def minimumSizeHint(self) -> QSize:
        """A wrapping label may be narrow; a single line is never cut."""
        if self.wordWrap():
            longest = max((base.text_width(word, self._size, self._weight) for word in self.text().split()), default=0)
            return QSize(min(longest, theme.px(160)), theme.line(self._size))
        hint = super().minimumSizeHint()
        return QSize(hint.width(), max(hint.height(), theme.line(self._size)))

    def sizeHint(self) -> QSize:
        """The text on the line height of its size; a paragraph asks for a comfortable line."""
        if self.wordWrap():
            natural = base.text_width(self.text(), self._size, self._weight, tabular=self._tabular) + 1
            width = min(natural, theme.px(420))
            return QSize(width, self.heightForWidth(width))
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), theme.line(self._size)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint paragraphs on our own line height; Qt has only the font's."""
        if not self.wordWrap():
            super().paintEvent(event)
            return
        painter = base.crisp(QPainter(self))
        area = self.contentsRect()
        paragraph = self._paragraph(area.width())
        top = area.top()
        if self.alignment() & Qt.AlignmentFlag.AlignVCenter and area.height() > paragraph.height:
            top += (area.height() - paragraph.height) // 2
        painter.setPen(theme.color(self._role))
        paragraph.paint(painter, area.left(), top, self.alignment())


class ElidedLabel(Themed, QWidget):
    """One line that ends in an ellipsis where it does not fit; the tooltip and the reader get it whole."""

    def __init__(
        self,
        words: str = "",
        size: Size = "body",
        weight: int = theme.REGULAR,
        role: str = "text",
        *,
        tabular: bool = False,
        right: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words, self._weight, self._role = words, weight, role
        self._size: Size = size
        self._tabular, self._right = tabular, right
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(words)

    def text(self) -> str:
        """The whole text."""
        return self._words

    def setText(self, words: str) -> None:
        """Show another text."""
        self._words = words
        self.setAccessibleName(words)
        self._mark_cut()
        self.restyle()

    def set_role(self, role: str) -> None:
        """Take another colour role."""
        self._role = role
        self.update()

    def is_elided(self) -> bool:
        """Whether the text is cut at the present width."""
        return self._natural_width() > self.width()

    def _natural_width(self) -> int:
        return base.text_width(self._words, self._size, self._weight, tabular=self._tabular)

    def _mark_cut(self) -> None:
        self.setToolTip(self._words if self.is_elided() else "")

    def resizeEvent(self, event: object) -> None:
        """Offer the tooltip exactly while the text is cut."""
        self._mark_cut()

    def sizeHint(self) -> QSize:
        """The whole text in one line."""
        return QSize(self._natural_width(), theme.line(self._size))

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters and the ellipsis."""
        return QSize(min(theme.px(48), self._natural_width()), theme.line(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, cut at the right."""
        painter = base.crisp(QPainter(self))
        base.text(
            painter,
            self.rect(),
            self._words,
            theme.color(self._role),
            self._size,
            self._weight,
            right=self._right,
            tabular=self._tabular,
        )


class KeyCap(Themed, QWidget):
    """A key as it is printed on the keyboard, such as "Strg+K"."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(keys)

    def sizeHint(self) -> QSize:
        """The text with 6 px on either side, at least as wide as high."""
        height = theme.grow(20, "small")
        return QSize(max(height, base.text_width(self._keys, "small", theme.MEDIUM) + 12), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cap."""
        painter = base.crisp(QPainter(self))
        base.box(painter, self.rect(), 4, theme.color("surface"), theme.color("border+control_border:30"))
        base.text(painter, self.rect(), self._keys, theme.color("muted"), "small", theme.MEDIUM, center=True)


class CountBadge(Themed, QWidget):
    """A number in a pill; hidden at zero. `version` is violet and means open questions, nothing else."""

    def __init__(self, count: int = 0, tone: Tone = "neutral", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._tone = count, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_count(count, tone)

    def set_count(self, count: int, tone: Tone | None = None) -> None:
        """Show another number, perhaps in another tone."""
        self._count, self._tone = count, tone or self._tone
        self.setVisible(count > 0)
        self.setAccessibleName(str(count))
        self.restyle()

    def count(self) -> int:
        """The number shown."""
        return self._count

    @staticmethod
    def words_for(count: int) -> str:
        """The number as it fits: more than 999 are "999+"."""
        return str(count) if count < 1000 else "999+"

    def sizeHint(self) -> QSize:
        """The number with 6 px on either side."""
        height = theme.grow(16, "small")
        words = self.words_for(self._count)
        return QSize(max(height + 2, base.text_width(words, "small", theme.STRONG) + 12), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pill."""
        paint_badge(base.crisp(QPainter(self)), QRectF(self.rect()), self._count, self._tone)


def paint_badge(painter: QPainter, rect: QRectF, count: int, tone: Tone = "neutral") -> None:
    """Paint a count into a pill, also for those who paint several pieces at once."""
    fill = theme.color("muted" if tone in ("neutral", "muted") else tone)
    base.box(painter, rect, rect.height() / 2, fill)
    words = CountBadge.words_for(count)
    base.text(painter, rect, words, theme.color("accent_text"), "small", theme.STRONG, center=True)


class Avatar(Themed, QWidget):
    """A person's initials in a circle; the tone tells two persons apart and carries no other meaning."""

    def __init__(self, person: str, tone: Tone = "accent", side: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._person, self._tone, self._side = person, tone, side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_person(person)

    def set_person(self, person: str) -> None:
        """Show another person."""
        self._person = person
        self.setAccessibleName(person)
        self.setToolTip(person)
        self.update()

    @property
    def initials(self) -> str:
        """Those of the person shown."""
        return self.initials_of(self._person)

    @staticmethod
    def initials_of(person: str) -> str:
        """First letters of the first and the last word: "Katrin Brandt" is KB."""
        words = [word for word in person.replace("-", " ").split() if word[:1].isalpha()]
        return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()

    def sizeHint(self) -> QSize:
        """The circle, grown with the text."""
        return QSize(theme.px(self._side), theme.px(self._side))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint circle and letters."""
        painter = base.crisp(QPainter(self))
        tone = self._tone if self._tone not in ("neutral", "muted") else None
        rect = QRectF(self.rect())
        base.box(painter, rect, rect.width() / 2, theme.color(f"{tone}_soft" if tone else "fill"))
        ink = theme.color(tone or "muted")
        base.text(painter, rect, self.initials, ink, "small", theme.STRONG, center=True)


class Rule(Themed, QWidget):
    """A 1-px line in `border` between areas."""

    def __init__(self, *, vertical: bool = False, role: str = "border", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        QPainter(self).fillRect(self.rect(), theme.color(self._role))


class Ground(Themed, QWidget):
    """An area on one of the three grounds: `background`, `surface` or `sunken`."""

    def __init__(self, role: str = "background", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role

    def column(self, margin: int = 0, gap: int = 0) -> QVBoxLayout:
        """Lay the children out as a column."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(gap)
        return layout

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the ground."""
        QPainter(self).fillRect(self.rect(), theme.color(self._role))
