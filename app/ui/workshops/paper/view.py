"""The minutes of one workshop: the paper as it will print, and beside it what can be done with it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from app.errors import MasswerkError
from app.reports.document import Document
from app.reports.html import write_html
from app.reports.odt import write_odt
from app.services import papers
from app.ui import labels, theme
from app.ui.beside import Beside
from app.ui.bus import Bus
from app.ui.widgets.notices import Banner
from app.ui.widgets.surfaces import Splitter
from app.ui.widgets.words import Ground
from app.ui.wording import papers as words
from app.ui.workshops.paper.pages import PagesView
from app.ui.workshops.paper.side import PaperSide
from app.ui.workshops.paper.state import PaperState
from app.ui.workshops.session import Session

_SIDE = 340
KEYS = (("Ctrl+P", "Protokoll als PDF"),)
"""For the overview of keys."""


class PaperView(Splitter):
    """Pages at the left, side pane at the right; `before` saves what is being typed elsewhere."""

    told = Signal(str, object)
    view_wanted = Signal(str)

    def __init__(self, session: Session, bus: Bus, before: Callable[[], bool], parent: QWidget | None = None) -> None:
        super().__init__(name="paper_panes", parent=parent)
        self._before = before
        self._folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.state = PaperState(session, bus, self)
        self.pages = PagesView()
        self.side = PaperSide(self.state)
        self._writing = Beside(self)
        self._target = Path()
        self._asked = ""
        self._banner = Banner("danger", "–", name="paper_refused", dismissible=True)
        self._banner.hide()
        self._build()
        self.state.changed.connect(self._show)
        self.state.failed.connect(self._on_refused)
        self.state.told.connect(self._on_told)
        self.pages.resized.connect(self._on_resized)
        self.side.give_out.wanted.connect(self.ask_where)
        self.side.missing.view_wanted.connect(self.view_wanted)
        self._writing.answered.connect(self._on_written)
        keys = QShortcut(QKeySequence("Ctrl+P"), self)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(functools.partial(self.ask_where, "pdf"))

    def _build(self) -> None:
        left = Ground("sunken")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._banner)
        column.addWidget(self.pages, 1)
        self.addWidget(left)
        self.addWidget(self.side)
        self.setStretchFactor(0, 1)

    # -- showing ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """The pane gets its width; what is being typed elsewhere belongs into the minutes too."""
        super().showEvent(event)
        if not self.property("laid"):
            self.setProperty("laid", True)
            side = min(theme.px(_SIDE), int(self.width() * 0.34))
            self.setSizes([self.width() - side, side])
        self._before()
        self.state.watch(True, self.pages.ask())

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is set for nobody."""
        super().hideEvent(event)
        self.state.watch(False)

    @Slot()
    def _on_resized(self) -> None:
        if self.isVisible():
            self.state.watch(True, self.pages.ask())

    @Slot()
    def _show(self) -> None:
        self.pages.show_pages(self.state.pages, self.state.pieces, self.state.places)
        asked, self._asked = self._asked, ""
        if asked:
            self.ask_where(asked)
        if self.state.minutes is not None and self.state.minutes.document is None:
            self._banner.set_sentence(words.UNREADABLE, self.tr("Bitte aktualisieren Sie dieses Maßwerk."))
            self._banner.show()

    @Slot(str)
    def _on_told(self, sentence: str) -> None:
        self._banner.hide()
        self.told.emit(sentence, None)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        self._banner.set_sentence(sentence)
        self._banner.show()

    def focus_pages(self) -> None:
        """Stand on the paper."""
        self.pages.setFocus(Qt.FocusReason.OtherFocusReason)

    def wait(self) -> None:
        """Until the pages that were asked for are there, for who takes a picture of them."""
        self.state.wait()

    def flush(self) -> None:
        """Nothing reads from the profile any more; a file being written is written."""
        self.state.finish()
        self._writing.finish()

    # -- giving out ------------------------------------------------------------------------------

    @Slot(str)
    def ask_where(self, ending: str) -> None:
        """Ask for a place for the file; its name is proposed."""
        document = self._document()
        if document is None:
            # Pressed before the first pages are there: the question comes with them.
            self._asked = ending if self.state.minutes is None else ""
            return
        name = file_name(document, ending)
        dialog = QFileDialog(self.window(), self.tr("Protokoll sichern"), self._folder)
        dialog.setObjectName("save_paper")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending)
        dialog.selectFile(name)
        dialog.fileSelected.connect(functools.partial(self._on_place, ending))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_place(self, ending: str, path: str) -> None:
        self.give_out(ending, Path(path))

    def give_out(self, ending: str, target: Path) -> None:
        """Write the minutes as they are shown."""
        document = self._document()
        if document is None:
            return
        self._folder, self._target = str(target.parent), target
        forms = {"pdf": self.state.press.write_pdf, "odt": write_odt, "html": write_html}

        def work() -> MasswerkError | None:
            try:
                papers.save_file(target, forms[ending](document))
            except MasswerkError as error:
                return error
            return None

        self._writing.ask(work)

    def _document(self) -> Document | None:
        return self.state.minutes.document if self.state.minutes is not None else None

    @Slot(object)
    def _on_written(self, error: object) -> None:
        if isinstance(error, MasswerkError):
            self._banner.set_sentence(*labels.error_words(error))
            self._banner.show()
            return
        self._banner.hide()
        self.told.emit(self.tr("Gesichert: {0}").format(self._target.name), None)


def file_name(document: Document, ending: str) -> str:
    """ "2026-11-19 Bürgerdialog Mobilität, Ergebnisprotokoll.pdf", in signs every file system takes."""
    words = f"{document.day} {document.title}, {document.kind}"
    plain = re.sub(r'[<>:"/\\|?*\x00-\x1f]+', " ", words)
    return f"{' '.join(plain.split())[:120].strip(' .,')}.{ending}"
