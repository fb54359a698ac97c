"""What every piece is made of: colours by role, type, spacing, corners and icons, as pages of the gallery."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import icons, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.words import Ground, Label

_GROUNDS = ("background", "surface", "sunken")
_INKS = ("text", "muted", "accent", "ok", "warning", "danger", "info", "version")
_LINES = ("border", "control_border", "focus")
_ICONS = (
    *("sun", "list-bullets", "users-three", "hexagon", "arrows-clockwise", "broadcast", "gear-six", "plus", "x"),
    *("magnifying-glass", "funnel", "bookmark-simple", "rows", "columns", "chart-bar-horizontal", "calendar-blank"),
    *("arrow-left", "arrow-u-up-left", "arrow-u-up-right", "clock-counter-clockwise", "git-fork", "handshake"),
    *(
        "lightbulb",
        "question",
        "circle-wavy-check",
        "plus-circle",
        "minus-circle",
        "check-square",
        "paperclip",
        "trash",
    ),
)


class _Swatch(Themed, QWidget):
    """A ground with its name and, for an ink, a word in it with the contrast between the two."""

    def __init__(self, ground: str, ink: str = "", line: str = "") -> None:
        super().__init__()
        self._ground, self._ink, self._line = ground, ink, line

    def sizeHint(self) -> QSize:
        """Two lines of small type with room around them."""
        return QSize(theme.px(148), theme.grow(44, "small"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, and what is said in it."""
        painter = base.crisp(QPainter(self))
        ground = theme.color(self._ground)
        base.box(painter, self.rect(), theme.active().tokens["radius"]["control"], ground,
                 theme.color(self._line or "border"))  # fmt: skip
        other = self._ink or self._line
        ink = theme.color(self._ink) if self._ink else theme.ink_on(ground)
        area = QRectF(self.rect()).adjusted(10, 4, -10, -4)
        upper = QRectF(area.left(), area.top(), area.width(), area.height() / 2)
        base.text(painter, upper, other or self._ground, ink, "small", theme.STRONG)
        ratio = theme.contrast(theme.color(other), ground) if other else 0.0
        words = f"{ratio:.1f} : 1".replace(".", ",") if other else ground.name().upper()
        base.text(painter, upper.translated(0, area.height() / 2), words, ink, "small", tabular=True)


class _Square(Themed, QWidget):
    """A step of the spacing or a corner, in its true size."""

    def __init__(self, side: int, radius: float = 0) -> None:
        super().__init__()
        self._side, self._radius = side, radius

    def sizeHint(self) -> QSize:
        """As large as what it shows."""
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A filled box."""
        square = QRectF(0, (self.height() - self._side) / 2, self._side, self._side)
        base.box(base.crisp(QPainter(self)), square, self._radius, theme.color("accent"))


class _Drawn(Themed, QWidget):
    """An icon of the family in the size of buttons."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon

    def sizeHint(self) -> QSize:
        """20 px, growing with the text."""
        return QSize(theme.px(20), theme.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The outline, tinted."""
        painter = base.crisp(QPainter(self))
        icons.paint(painter, self._icon, self.rect(), theme.color("text"))


def _titled(column: QVBoxLayout, words: str) -> None:
    column.addSpacing(8)
    column.addWidget(Label(words, "small", theme.STRONG, "muted"))


def colours() -> QWidget:
    """Every role on the grounds it stands on, with the contrast computed."""
    page = Ground("background")
    column = page.column(24, 8)
    for title, swatches in (
        ("Gründe", [_Swatch(ground) for ground in (*_GROUNDS, "accent_soft")]),
        *((f"Schrift auf „{ground}“", [_Swatch(ground, ink) for ink in _INKS]) for ground in _GROUNDS),
        ("Schrift auf ihrem zarten Grund", [_Swatch(f"{ink}_soft", ink) for ink in _INKS[2:]]),
        ("Schrift auf Flächen", [_Swatch("accent", "accent_text")]),
        *((f"Ränder und Fokus auf „{g}“", [_Swatch(g, line=line) for line in _LINES]) for g in _GROUNDS[:2]),
    ):
        _titled(column, title)
        grid = QGridLayout()
        grid.setSpacing(8)
        for number, swatch in enumerate(swatches):
            grid.addWidget(swatch, number // 4, number % 4)
        grid.setColumnStretch(4, 1)
        column.addLayout(grid)
    column.addStretch(1)
    return page


def measures() -> QWidget:
    """Sizes of type, the steps of the spacing, corners, icons."""
    page = Ground("surface")
    column = page.column(24, 8)
    tokens = theme.active().tokens
    _titled(column, "Schrift: Inter")
    for size in theme.LINE:
        words = f"{size} · {tokens['type'].get(size, '')} px auf {theme.LINE[size]}"
        column.addWidget(Label(f"{words} · Südwestfalen 1.234,56 €", size, tabular=True))  # type: ignore[arg-type]
    for name, weight in (("normal", theme.REGULAR), ("mittel", theme.MEDIUM), ("kräftig", theme.STRONG)):
        column.addWidget(Label(f"{name} · {weight}", "body", weight))
    _titled(column, "Abstände")
    column.addLayout(_marked((_Square(step), f"{step}") for step in tokens["space"]))
    _titled(column, "Ecken")
    column.addLayout(_marked((_Square(32, radius), f"{name} · {radius}") for name, radius in tokens["radius"].items()))
    _titled(column, "Zeichen: Phosphor")
    grid = QGridLayout()
    grid.setSpacing(12)
    for number, icon in enumerate(_ICONS):
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(_Drawn(icon), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(Label(icon, "small", role="muted"), 1)
        grid.addLayout(row, number // 5, number % 5)
    column.addLayout(grid)
    column.addStretch(1)
    return page


def _marked(pairs: Iterable[tuple[QWidget, str]]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for square, words in pairs:
        row.addWidget(square, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(Label(words, "small", role="muted", tabular=True))
        row.addSpacing(8)
    row.addStretch(1)
    return row
