"""Colours, type and sizes by role: the one place that knows what the program looks like.

Widgets ask for a role ("accent", "muted") and a size ("small", "body"), never for a colour or a pixel size.
Anything that keeps a font or a size of its own derives from `Themed`; `Theme.apply` renews all of them.
"""

from __future__ import annotations

import enum
import json
import logging
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication

from app import resources
from app.ui import package_files
from app.ui.stylesheet import stylesheet

log = logging.getLogger(__name__)

Size = Literal["small", "body", "title", "display", "projection"]

#: Line heights at 100 %; the mock sets 12 on 16, 14 on 20, 20 on 28 and 28 on 36.
LINE = {"small": 16, "body": 20, "title": 28, "display": 36, "projection": 44}
#: Roles mixed from the tokens, for light and dark: the soft ground of chips; the edge of what floats, which
#: is told apart by its shadow in the light and by an outline in the dark.
DERIVED = {
    "fill": ("sunken+text:2", "surface+text:11"),
    "outline": ("border", "control_border"),
    "handle": ("background+control_border:55", "background+control_border:55"),
}
REGULAR, MEDIUM, STRONG = 400, 500, 600
TEXT_SIZE_MIN, TEXT_SIZE_MAX = 100, 200


class Scheme(enum.StrEnum):
    """What the person chose: follow the system, or always one of the two."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Themed:
    """Mixed into widgets that keep fonts or sizes of their own and must renew them after a switch."""

    def restyle(self) -> None:
        """Renew everything taken from the theme; the default measures and paints again."""
        self.updateGeometry()  # type: ignore[attr-defined]
        self.update()  # type: ignore[attr-defined]


class Theme(QObject):
    """The tokens of both modes, the mode in force and the text size; emits `changed` after every switch."""

    changed = Signal()

    def __init__(self, tokens: dict[str, Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tokens = tokens
        self._scheme = Scheme.SYSTEM
        self._text_size = TEXT_SIZE_MIN
        self._dark = False
        self._dressed = False
        self._family = ""
        self._fonts: dict[tuple[Any, ...], QFont] = {}
        self._metrics: dict[tuple[Any, ...], QFontMetricsF] = {}
        self._colors: dict[tuple[str, bool], QColor] = {}

    @property
    def dark(self) -> bool:
        """Whether the dark half of the tokens is in force."""
        return self._dark

    @property
    def scheme(self) -> Scheme:
        """What the person chose, as opposed to what is in force."""
        return self._scheme

    @property
    def text_size(self) -> int:
        """Text size in percent, 100 to 200."""
        return self._text_size

    def color(self, role: str) -> QColor:
        """The colour of a role in the mode in force; `a+b:30` mixes 30 % of b into a."""
        key = (role, self._dark)
        if key not in self._colors:
            self._colors[key] = self._resolve(role)
        return QColor(self._colors[key])

    def _resolve(self, role: str) -> QColor:
        if role in DERIVED:
            return self.color(DERIVED[role][self._dark])
        if "+" in role:
            base, _, rest = role.partition("+")
            over, _, share = rest.partition(":")
            return mix(self.color(base), self.color(over), int(share) / 100)
        return QColor(self.tokens["dark" if self._dark else "light"][role])

    def font(self, size: Size = "body", weight: int = REGULAR, *, tabular: bool = False) -> QFont:
        """Inter in one of the five sizes; `tabular` gives figures of equal width."""
        key = (size, weight, tabular, self._text_size)
        if key not in self._fonts:
            self._fonts[key] = self._make_font(size, weight, tabular)
        return QFont(self._fonts[key])

    def metrics(self, size: Size = "body", weight: int = REGULAR, *, tabular: bool = False) -> QFontMetricsF:
        """The measures of `font` with the same arguments, kept because tables ask a thousand times."""
        key = (size, weight, tabular, self._text_size)
        if key not in self._metrics:
            self._metrics[key] = QFontMetricsF(self.font(size, weight, tabular=tabular))
        return self._metrics[key]

    def _make_font(self, size: Size, weight: int, tabular: bool) -> QFont:
        font = QFont(self._family) if self._family else QFont()
        font.setPixelSize(self.px(int(self.tokens["type"][size])))
        font.setWeight(QFont.Weight(weight))
        # Qt takes the weight of a variable font from its axis; without this 500 and 600 look like 400.
        font.setVariableAxis(QFont.Tag("wght"), float(weight))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        if tabular:
            font.setFeature(QFont.Tag("tnum"), 1)
        if size in ("title", "display", "projection"):
            font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 98.5)
        return font

    def px(self, pixels: float) -> int:
        """A length that grows with the text in full: icons, text, widths that hold words."""
        return round(pixels * self._text_size / 100)

    def line(self, size: Size = "body") -> int:
        """The height of one line of text."""
        return self.px(LINE[size])

    def grow(self, pixels: int, size: Size = "body", lines: int = 1) -> int:
        """A height that holds `lines` of text: the text part grows with the text size, the padding stays."""
        return pixels + lines * (self.line(size) - LINE[size])

    def choose(self, scheme: Scheme | str | None = None, text_size: int | None = None) -> None:
        """Take the person's choice of mode and text size and redraw everything at once."""
        before = (self._scheme, self._text_size)
        if scheme is not None:
            self._scheme = Scheme(scheme)
        if text_size is not None:
            self._text_size = max(TEXT_SIZE_MIN, min(TEXT_SIZE_MAX, text_size))
        if not self._dressed or before != (self._scheme, self._text_size):
            self.apply()

    def apply(self) -> None:
        """Put palette, font and style sheet into force and renew every themed widget."""
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            return
        self._dark, self._dressed = self._wants_dark(app), True
        app.setFont(self.font())
        app.setPalette(self.palette())
        app.setStyleSheet(stylesheet(self._named_colors()))
        for widget in app.allWidgets():
            if isinstance(widget, Themed):
                widget.restyle()
        self.changed.emit()

    def _named_colors(self) -> dict[str, str]:
        roles = [*self.tokens["light"], *DERIVED]
        return {role: self.color(role).name() for role in roles}

    def _wants_dark(self, app: QApplication) -> bool:
        if self._scheme is Scheme.SYSTEM:
            return app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._scheme is Scheme.DARK

    def palette(self) -> QPalette:
        """The Qt palette of the mode in force, for everything that Fusion paints itself."""
        palette, roles = QPalette(), QPalette.ColorRole
        for role, name in (
            (roles.Window, "background"),
            (roles.WindowText, "text"),
            (roles.Base, "surface"),
            (roles.AlternateBase, "background"),
            (roles.Text, "text"),
            (roles.PlaceholderText, "muted"),
            (roles.Button, "surface"),
            (roles.ButtonText, "text"),
            (roles.Highlight, "accent_soft"),
            (roles.HighlightedText, "text"),
            (roles.Accent, "accent"),
            (roles.Link, "accent"),
            (roles.LinkVisited, "accent"),
            (roles.ToolTipBase, "surface"),
            (roles.ToolTipText, "text"),
            (roles.Mid, "border"),
            (roles.Dark, "control_border"),
            (roles.Light, "surface"),
            (roles.Midlight, "sunken"),
            (roles.Shadow, "control_border"),
        ):
            palette.setColor(role, self.color(name))
        for role in (roles.WindowText, roles.Text, roles.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("muted"))
        return palette

    def use_inter(self) -> None:
        """Register Inter from its package; the system's font stays in force where the package is missing."""
        file = inter_file()
        number = QFontDatabase.addApplicationFont(str(file)) if file else -1
        families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
        self._family = families[0] if families else ""
        self._fonts.clear()
        self._metrics.clear()
        self._dressed = False
        if not families:
            log.warning("Inter is not installed; the system's font is used")


def inter_file() -> Path | None:
    """The upright variable Inter of the package fontpkg-inter, found without importing the package."""
    folder = package_files.folder("fontpkg_inter")
    files = sorted(folder.rglob("Inter*.ttf")) if folder is not None else []
    return next((file for file in files if "Italic" not in file.name), None)


def mix(base: QColor, over: QColor, share: float) -> QColor:
    """`over` laid on `base` with an opacity of `share` (0 to 1), as an opaque colour."""
    parts = zip((base.red(), base.green(), base.blue()), (over.red(), over.green(), over.blue()), strict=True)
    return QColor(*(round(b + (o - b) * share) for b, o in parts))


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of WCAG 2.2 (1 to 21) between two opaque colours."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(color: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def ink_on(surface: QColor) -> QColor:
    """The text role, of `text` and `accent_text`, that is easier to read on this surface."""
    return max((color("text"), color("accent_text")), key=lambda candidate: contrast(candidate, surface))


_active: Theme | None = None


def active() -> Theme:
    """The theme in force; made on first use, so that a single widget can be shown in a test."""
    global _active
    if _active is None:
        _active = Theme(json.loads(resources.path("theme", "tokens.json").read_text("utf-8")))
    return _active


def install(app: QApplication, scheme: Scheme | str = Scheme.SYSTEM, text_size: int = 100) -> Theme:
    """Dress the application: Fusion, Inter, palette and style sheet; follow the system from now on."""
    theme = active()
    app.setStyle("Fusion")
    theme.use_inter()
    theme.choose(scheme, text_size)
    app.styleHints().colorSchemeChanged.connect(theme.apply)
    return theme


def color(role: str) -> QColor:
    """Short for `active().color(role)`."""
    return active().color(role)


def font(size: Size = "body", weight: int = REGULAR, *, tabular: bool = False) -> QFont:
    """Short for `active().font(...)`."""
    return active().font(size, weight, tabular=tabular)


def metrics(size: Size = "body", weight: int = REGULAR, *, tabular: bool = False) -> QFontMetricsF:
    """Short for `active().metrics(...)`."""
    return active().metrics(size, weight, tabular=tabular)


def px(pixels: float) -> int:
    """Short for `active().px(pixels)`."""
    return active().px(pixels)


def line(size: Size = "body") -> int:
    """Short for `active().line(size)`."""
    return active().line(size)


def grow(pixels: int, size: Size = "body", lines: int = 1) -> int:
    """Short for `active().grow(pixels, size, lines)`."""
    return active().grow(pixels, size, lines)
