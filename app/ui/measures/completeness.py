"""How complete a Steckbrief is: a bar, and links to what is still missing or contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain import rules
from app.domain.rules import Finding
from app.models.queries.records import Record
from app.ui import labels, theme
from app.ui.measures import names
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.forms import GUTTER
from app.ui.widgets.glyphs import Glyph, GlyphMark
from app.ui.widgets.surfaces import ProgressBar
from app.ui.widgets.words import Label, Rule


def told(finding: Finding) -> str:
    """What is missing, by name."""
    if finding.field in names.PARTS:
        return f"Wirkung: ein {names.PARTS[finding.field][0]}"
    return names.spoken("measure", finding.field)


class Completeness(Themed, QWidget):
    """The end of the form. `asked` carries the field to go to, `counted` how many points of how many."""

    asked = Signal(str)
    counted = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        base.identify(self, "completeness", self.tr("Vollständigkeit"))
        column = QVBoxLayout(self)
        column.setContentsMargins(GUTTER, 0, GUTTER, 16)
        column.setSpacing(8)
        column.addWidget(Rule())
        head = QHBoxLayout()
        head.setContentsMargins(0, 4, 0, 0)
        head.addWidget(Label(self.tr("Vollständigkeit"), "small", theme.STRONG), 1)
        self._count = Label("", "small", role="muted", tabular=True)
        head.addWidget(self._count)
        column.addLayout(head)
        self._bar = ProgressBar(accessible=self.tr("Vollständigkeit"), total=rules.COMPLETE_TOTAL, height=4)
        column.addWidget(self._bar)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2)
        column.addLayout(self._lines)
        self._rows: list[QWidget] = []
        self._shown: list[Finding] | None = None

    def show_record(self, record: Record, parts: Mapping[str, int]) -> None:
        """Count again; the links are made anew only when they differ."""
        found = rules.completeness(record.values, parts)
        if found == self._shown:
            return
        self._shown = found
        missing = sum(1 for finding in found if finding.weight == "missing")
        done = rules.COMPLETE_TOTAL - missing
        self._count.setText(self.tr("{0} von {1}").format(done, rules.COMPLETE_TOTAL))
        self._bar.set_progress(done, rules.COMPLETE_TOTAL)
        self.counted.emit(done, rules.COMPLETE_TOTAL)
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = [self._row(finding) for finding in found]
        for row in self._rows:
            self._lines.addWidget(row)

    def _row(self, finding: Finding) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        warns = finding.weight == "warning"
        glyph = Glyph.LIGHT_WARNING if warns else Glyph.RING_DOTTED
        line.addWidget(GlyphMark(glyph, self.tr("Hinweis") if warns else self.tr("fehlt")))
        state = labels.finding_text(finding.code) if warns else self.tr("fehlt")
        link = LinkButton(told(finding), name=f"missing_{finding.field}", accessible=f"{told(finding)}: {state}")
        link.setProperty("field", finding.field)
        link.clicked.connect(self._on_link)
        line.addWidget(link, 1)
        line.addStretch(1)
        line.addWidget(Label(state, "small", role="muted"))
        return row

    def focus_first(self) -> None:
        """Go to the first link, if anything is missing."""
        for row in self._rows[:1]:
            link = row.findChild(LinkButton)
            if link is not None:
                link.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_link(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.asked.emit(str(sender.property("field")))
