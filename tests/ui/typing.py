"""A person at the desk: a window that is active, keys pressed one by one, umlauts and dashes included."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

_KEYS = {"\n": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, "\b": Qt.Key.Key_Backspace}


_kept: list[QWidget] = []


def shown(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    """The widgets in a window that is active, so that focus and shortcuts are real."""
    window = QWidget()
    _kept[:] = [window]  # qtbot holds only a weak reference
    layout = QVBoxLayout(window)
    layout.setContentsMargins(20, 20, 20, 20)
    for widget in widgets:
        layout.addWidget(widget)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def type_text(widget: QWidget, words: str) -> None:
    """Send one press and release per character.

    `qtbot.keyClicks` aborts the process at characters beyond ASCII: it looks for a key that makes them.
    """
    for character in words:
        key = _KEYS.get(character, Qt.Key(0))
        press(widget, key, "" if character in _KEYS and character != "\n" else character)


def press(
    widget: QWidget,
    key: Qt.Key,
    words: str = "",
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Press and release one key."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, int(key), modifiers, words))
