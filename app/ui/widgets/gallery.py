"""Every piece as pictures: `python -m app.ui.widgets.gallery --out DIR`; for looking, not for tests."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtWidgets import QApplication, QWidget

from app.ui import theme
from app.ui.widgets.sample_records import form, lists, table
from app.ui.widgets.sample_tokens import colours, measures
from app.ui.widgets.samples import controls, notices, popups


@dataclass(frozen=True, slots=True)
class Page:
    """What makes a page, its title, its size at 100 % and how much larger it is at 200 %."""

    title: str
    make: Callable[[], QWidget]
    width: int
    height: int
    growth: float = 1.75

    def size(self, text_size: int) -> QSize:
        """The size of the page in px for a text size in percent."""
        factor = 1 + (self.growth - 1) * (text_size - 100) / 100
        return QSize(round(self.width * factor), round(self.height * factor))


PAGES: dict[str, Page] = {
    "colours": Page("Farben", colours, 680, 900),
    "measures": Page("Maße", measures, 1000, 680),
    "controls": Page("Bedienung", controls, 1000, 640),
    "form": Page("Formular", form, 340, 760),
    "table": Page("Tabelle", table, 1180, 420),
    "lists": Page("Listen", lists, 1280, 420),
    "notices": Page("Meldungen", notices, 640, 560),
    "popups": Page("Auswahl", popups, 360, 420),
}


def render(pages: Mapping[str, Page], out: Path, only: str = "") -> list[Path]:
    """Write every page in both modes at 100 and 200 %; returns the files."""
    files: list[Path] = []
    for name, page in pages.items():
        if only and name != only:
            continue
        for scheme in ("light", "dark"):
            for size in (100, 200):
                theme.active().choose(scheme, size)
                file = out / f"{name}-{scheme}-{size}.png"
                _shoot(page, file, page.size(size))
                files.append(file)
    return files


def _shoot(page: Page, file: Path, size: QSize) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    widget = page.make()
    widget.resize(size)
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


def main(pages: Mapping[str, Page] = PAGES) -> int:
    """Render a gallery from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="")
    choice = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv[:1])
    theme.install(app, "light")
    choice.out.mkdir(parents=True, exist_ok=True)
    render(pages, choice.out, choice.only)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
