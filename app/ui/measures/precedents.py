""" "Gibt es das schon?" below the title while it is being typed: what others have under nearly the same name."""

from __future__ import annotations

import re

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain import catalogue as c
from app.domain.folding import fold
from app.models.queries.precedents import Suggested, suggest
from app.models.queries.reader import Reader
from app.ui import theme
from app.ui.beside import Beside
from app.ui.measures import words
from app.ui.measures.places import Places
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import IconButton, LinkButton
from app.ui.widgets.forms import GUTTER
from app.ui.widgets.notices import IconMark
from app.ui.widgets.words import Label

WAIT_MS = 250
"""So long nobody types before the question is asked."""
_LEAST_LETTERS = 4
_SHOWN = 3


class Precedents(Themed, QWidget):
    """Up to three measures with the reason for each; hidden while there are none. `opened` carries a measure."""

    opened = Signal(str)

    def __init__(self, reader: Reader, places: Places) -> None:
        super().__init__()
        base.identify(self, "measure_precedents", self.tr("Gibt es das schon?"))
        self._reader, self._places = reader, places
        self._silent = silent_words(places)
        self._own, self._typed, self._dismissed = "", "", False
        self.found: tuple[Suggested, ...] = ()
        self._later = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._later.timeout.connect(self._ask)
        self._beside = Beside(self)
        self._beside.answered.connect(self._on_answer)
        column = QVBoxLayout(self)
        column.setContentsMargins(GUTTER, 8, GUTTER - 6, 8)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(IconMark("lightbulb", "muted", 16))
        head.addWidget(Label(self.tr("Gibt es das schon?"), "small", theme.STRONG))
        head.addStretch(1)
        close = IconButton("x", name="precedents_close", accessible=self.tr("Vorschläge ausblenden"), side=24)
        close.clicked.connect(self._on_close)
        head.addWidget(close)
        column.addLayout(head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        column.addLayout(self._rows)
        self.hide()

    def begin(self, measure: str) -> None:
        """Another measure is shown: nothing is suggested until its title is typed."""
        self._own, self._typed, self._dismissed = measure, "", False
        self._later.stop()
        self._show(())

    def title_typed(self, title: str) -> None:
        """The title has changed under the person's hands."""
        self._typed = title
        if not self._dismissed:
            self._later.start()

    def finish(self) -> None:
        """Wait for what is being looked up, so that the profile can be closed."""
        self._later.stop()
        self._beside.finish()

    def _ask(self) -> None:
        typed, own, reader, silent = self._typed, self._own, self._reader, self._silent
        if sum(letter.isalpha() for letter in typed) < _LEAST_LETTERS:
            self._show(())
            return

        def given_up() -> bool:
            return self._typed != typed

        self._beside.ask(lambda: (own, tuple(suggest(reader, typed, silent, own, _SHOWN, given_up))))

    def _on_answer(self, told: tuple[str, tuple[Suggested, ...]]) -> None:
        own, found = told
        if own == self._own and not self._dismissed:
            self._show(found)

    def _show(self, found: tuple[Suggested, ...]) -> None:
        if found == self.found:
            return
        self.found = found
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for one in found:
            self._rows.addWidget(self._row(one))
        self.setVisible(bool(found))

    def _row(self, one: Suggested) -> QWidget:
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(24, 0, 0, 0)
        column.setSpacing(0)
        where = " · ".join(
            part for part in (self._places.short(one.lead_ags), words.full(c.MeasureStatus, one.status)) if part
        )
        why = reason_words(one)
        link = LinkButton(one.title, name=f"precedent_{one.id}", accessible=f"{one.title}, {where}. {why}", small=False)
        link.setProperty("record", one.id)
        link.clicked.connect(self._on_link)
        link.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)  # a long title is cut, no wider form
        line = QHBoxLayout()
        line.addWidget(link)
        line.addStretch(1)
        column.addLayout(line)
        column.addWidget(Label(f"{where} · {why}", "small", role="muted", wrap=True))
        return row

    def _on_link(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.opened.emit(str(sender.property("record")))

    def _on_close(self) -> None:
        self._dismissed = True
        self._show(())


def reason_words(one: Suggested) -> str:
    """Why a measure is shown: "weil im Titel „Mitfahrbänke“ steht"."""
    parts = []
    for where, in_title in (("im Titel", True), ("im Text", False)):
        found = list(dict.fromkeys(reason.found for reason in one.reasons if reason.in_title is in_title))
        if found:
            parts.append(f"{where} {', '.join(f'„{word}“' for word in found[:3])}")
    return f"weil {' und '.join(parts)} steht"


def silent_words(places: Places) -> frozenset[str]:
    """Words of the municipalities' names: they say where, not what."""
    return frozenset(
        fold(word) for place in places.region for word in re.findall(r"[^\W\d_]+", place.name) if len(word) > 2
    )
