"""The gallery as a window: every piece in every state, in the mode and text size one chooses (`--gallery`)."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui import gallery, theme
from app.ui.application import make_application
from app.ui.theme import Scheme
from app.ui.widgets import gallery as pieces
from app.ui.widgets.gallery import Page
from app.ui.widgets.notices import Toast
from app.ui.widgets.popover import Popover
from app.ui.widgets.segments import Segment, SegmentedControl
from app.ui.widgets.surfaces import PageHead, ScrollPane
from app.ui.widgets.tabs import TabBar
from app.ui.widgets.words import Ground

PAGES: Mapping[str, Page] = pieces.PAGES | gallery.PAGES
SIZES = (100, 150, 200)


class GalleryWindow(Ground):
    """A tab for every page; the page is made anew after every switch, as it would be at a start."""

    def __init__(self) -> None:
        super().__init__("background")
        self.setObjectName("gallery_window")
        self.setWindowTitle(self.tr("Maßwerk – Galerie"))
        active = theme.active()
        self.schemes = SegmentedControl(
            [Segment(Scheme.LIGHT, self.tr("Hell")), Segment(Scheme.DARK, self.tr("Dunkel"))],
            name="gallery_scheme",
            accessible=self.tr("Hell oder dunkel"),
        )
        self.schemes.set_value(Scheme.DARK if active.dark else Scheme.LIGHT)
        self.sizes = SegmentedControl(
            [Segment(str(size), f"{size} %") for size in SIZES],
            name="gallery_size",
            accessible=self.tr("Textgröße"),
        )
        self.sizes.set_value(str(min(SIZES, key=lambda size: abs(size - active.text_size))))
        self.tabs = TabBar(name="gallery_pages", accessible=self.tr("Seiten der Galerie"))
        for name, page in PAGES.items():
            self.tabs.add(name, page.title)
        self.page: QWidget | None = None
        self._pane = ScrollPane(name="gallery_pane", accessible=self.tr("Seite der Galerie"), ground="background")
        self._pane.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._build()
        self.schemes.chosen.connect(self.renew)
        self.sizes.chosen.connect(self.renew)
        self.tabs.currentChanged.connect(self.renew)
        self.resize(1440, 900)
        self.renew()

    def _build(self) -> None:
        head = PageHead(self.tr("Galerie"), self.tr("Jedes Teil in jedem Zustand"))
        head.add_action(self.schemes)
        head.add_action(self.sizes)
        column = self.column()
        column.addWidget(head)
        row = QHBoxLayout()
        row.setContentsMargins(24, 0, 24, 0)
        row.addWidget(self.tabs)
        column.addLayout(row)
        column.addWidget(self._pane, 1)

    @Slot()
    def renew(self) -> None:
        """Show the chosen page as it looks in the chosen mode and size."""
        theme.active().choose(self.schemes.value(), int(self.sizes.value()))
        if self.page is not None:
            self._pane.body.removeWidget(self.page)
            self.page.hide()
            self.page.deleteLater()
            for floating in (*self.findChildren(Popover), *self.findChildren(Toast)):
                floating.hide()
                floating.deleteLater()
        page = PAGES[self.tabs.key()]
        self.page = made = page.make()
        made.setFixedSize(page.size(theme.active().text_size))
        self._pane.body.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        made.show()
        after = getattr(made, "after_show", None)
        if after is not None:
            # Another page may have been chosen before this one was painted.
            QTimer.singleShot(0, made, lambda: after() if self.page is made else None)


def run() -> int:
    """Show the gallery until it is closed; returns the exit code."""
    app = make_application()
    window = GalleryWindow()
    window.show()
    return app.exec()
