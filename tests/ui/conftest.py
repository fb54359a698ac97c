"""The desk of the window tests: our own look, light, at 100 %."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from app.ui import reading, theme


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The window waits for its answers however slow the machine; tests that want it impatient say so."""
    monkeypatch.setattr(reading, "PATIENCE_S", 30.0)


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[theme.Theme]:
    """Dress the application once; every test starts light and at 100 %."""
    active = theme.active()
    if not qapp.property("dressed"):
        theme.install(qapp, "light")
        qapp.setProperty("dressed", True)
    active.choose("light", 100)
    yield active
    # What the test has closed goes now: to dress a window in the usual look again would take a quarter second.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    active.choose("light", 100)
