"""Makes the QApplication: name, German, look. Nothing here knows a profile."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.ui import icons, theme
from app.ui.theme import Scheme

log = logging.getLogger(__name__)


def make_application(
    arguments: Sequence[str] = ("masswerk",), scheme: Scheme | str = Scheme.SYSTEM, text_size: int = 100
) -> QApplication:
    """The one QApplication of this process, dressed; an existing one is dressed again and returned."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        app = existing
    else:
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
        app = QApplication(list(arguments))
    app.setApplicationName("masswerk")
    app.setApplicationDisplayName("Maßwerk")
    app.setDesktopFileName("masswerk")
    speak_german(app)
    theme.install(app, scheme, text_size)
    app.setWindowIcon(icons.window_icon())
    return app


def speak_german(app: QApplication) -> None:
    """German numbers and dates, and Qt's own words (context menus of text fields) in German."""
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load("qtbase_de", folder):
        app.installTranslator(translator)
    else:
        log.warning("Qt's German words are missing")
