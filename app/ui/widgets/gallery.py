"""Every piece as pictures: `python -m app.ui.widgets.gallery --out DIR`; for looking, not for tests."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.ui import theme
from app.ui.widgets.sample_records import form, lists, table
from app.ui.widgets.samples import controls, notices, popups

Page = tuple[Callable[[], QWidget], int, int]
"""What makes the page, and its size at 100 %."""

PAGES: dict[str, Page] = {
    "controls": (controls, 1000, 640),
    "form": (form, 340, 760),
    "table": (table, 1180, 420),
    "lists": (lists, 1280, 420),
    "notices": (notices, 640, 560),
    "popups": (popups, 360, 420),
}


def render(pages: Mapping[str, Page], out: Path, only: str = "", *, grow: bool = True) -> list[Path]:
    """Write every page in both modes at 100 and 200 %; returns the files."""
    files: list[Path] = []
    for name, page in pages.items():
        if only and name != only:
            continue
        for scheme in ("light", "dark"):
            for size in (100, 200):
                theme.active().choose(scheme, size)
                file = out / f"{name}-{scheme}-{size}.png"
                _shoot(page, file, 1.75 if grow and size == 200 else 1.0)
                files.append(file)
    return files


def _shoot(page: Page, file: Path, factor: float) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    build, width, height = page
    widget = build()
    widget.resize(round(width * factor), round(height * factor))
    widget.show()
    widget.activateWindow()
    app.processEvents()
    after = getattr(widget, "after_show", None)
    if after is not None:
        after()
        app.processEvents()
    widget.grab().save(str(file))
    widget.close()
    widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def main(pages: Mapping[str, Page] = PAGES, *, grow: bool = True) -> int:
    """Render a gallery from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="")
    choice = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv[:1])
    theme.install(app, "light")
    choice.out.mkdir(parents=True, exist_ok=True)
    render(pages, choice.out, choice.only, grow=grow)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
