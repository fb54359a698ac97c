"""One shared measure: what it is about, what goes along when it is taken over and what stays, three ways on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain import catalogue as c
from app.models.queries.lineage import Adopter
from app.models.queries.region import SharedLine
from app.ui import labels, theme
from app.ui.measures import words as shapes
from app.ui.measures.places import Places
from app.ui.region import words
from app.ui.widgets.buttons import Button, IconButton, LinkButton
from app.ui.widgets.chips import Chip
from app.ui.widgets.choices import ChoiceBox
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.notices import IconMark
from app.ui.widgets.surfaces import ScrollPane
from app.ui.widgets.words import ElidedLabel, Ground, Label, Rule


class MeasureCard(Ground):
    """`adopt_asked` carries the measure and for whom; `stepped` -1 or 1 goes to the next in the list."""

    adopt_asked = Signal(str, str)
    follow_asked = Signal(str, bool)
    open_asked = Signal(str)
    back_asked = Signal()
    stepped = Signal(int)

    def __init__(self, places: Places, own: str) -> None:
        super().__init__("surface")
        self.setObjectName("region_card")
        self._places, self._own = places, own
        self.line: SharedLine | None = None
        column = self.column()
        column.addWidget(self._head())
        self._pane = ScrollPane(name="region_card_scroll", accessible=self.tr("Maßnahme"), ground="surface")
        self._body = QWidget()
        self._pane.body.addWidget(self._body)
        self._pane.body.addStretch(1)
        column.addWidget(self._pane, 1)
        column.addWidget(Rule())
        column.addWidget(self._foot())

    def _head(self) -> QWidget:
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(24, 8, 16, 4)
        line.setSpacing(8)
        self.back = LinkButton(self.tr("Zur Liste"), name="region_back")
        self.back.clicked.connect(self.back_asked)
        self._over = ElidedLabel("", "small", role="muted")
        self._at = Label("", "small", role="muted")
        line.addWidget(self.back)
        line.addWidget(self._over, 1)
        line.addWidget(self._at)
        for name, icon, words_, by in (
            ("region_previous", "caret-up", self.tr("Vorige Maßnahme"), -1),
            ("region_next", "caret-down", self.tr("Nächste Maßnahme"), 1),
        ):
            button = IconButton(icon, name=name, accessible=words_)
            button.setProperty("by", by)
            button.clicked.connect(self._on_step)
            line.addWidget(button)
        return head

    def _foot(self) -> QWidget:
        foot = self.foot = Ground("surface")
        line = QHBoxLayout(foot)
        line.setContentsMargins(24, 12, 24, 12)
        line.setSpacing(8)
        self.adopt = Button(self.tr("Abgucken"), name="region_adopt", kind="primary", icon="copy")
        self.adopt.setToolTip(self.tr("Als eigene Maßnahme übernehmen, mit Herkunft"))
        self.adopt.clicked.connect(self._on_adopt)
        self.for_whom = ChoiceBox(
            self._places.choices(),
            name="region_adopt_for",
            accessible=self.tr("Für welche Kommune"),
            placeholder=self.tr("Für welche Kommune?"),
        )
        self.for_whom.setVisible(not self._own)
        self.for_whom.chosen.connect(self._on_for_whom)
        self.open = Button(self.tr("Steckbrief öffnen"), name="region_open")
        self.open.clicked.connect(self._on_open)
        self.follow = Button(self.tr("Folgen"), name="region_follow", kind="tertiary", icon="bell")
        self.follow.clicked.connect(self._on_follow)
        for widget in (self.for_whom, self.adopt, self.open, self.follow):
            line.addWidget(widget)
        line.addStretch(1)
        return foot

    def show_measure(self, line: SharedLine, at: str, adopters: tuple[Adopter, ...]) -> None:
        """Show a measure; `at` says where in the list it stands."""
        self.line = line
        self._over.setText(" · ".join(one for one in (self._places.short(line.lead_ags), line.code) if one))
        self._at.setText(at)
        mine = bool(self._own) and self._own in (line.lead_ags, *line.participating)
        self.adopt.setVisible(not mine)
        self.for_whom.setVisible(not mine and not self._own)
        self.adopt.setEnabled(bool(self._own or self.for_whom.value()))
        self.follow.setText(self.tr("Nicht mehr folgen") if line.followed else self.tr("Folgen"))
        self.follow.setAccessibleName(self.follow.text())
        self.follow.updateGeometry()
        by = sorted({self._places.short(one.ags) for one in adopters})
        self._fill(line, mine, self.tr("Abgeguckt von {0}").format(words.listed(by)) if by else "")

    def _fill(self, line: SharedLine, mine: bool, taken: str) -> None:
        self._body.hide()
        self._pane.body.removeWidget(self._body)
        self._body.deleteLater()
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(24, 4, 24, 12)
        column.setSpacing(10)
        column.addWidget(Label(line.title, "title", theme.STRONG, wrap=True))
        chips = QWidget()
        flow = FlowLayout(chips, gap=8)
        for chip in self._chips(line):
            flow.addWidget(chip)
        column.addWidget(chips)
        told = line.short_description or self.tr("Ohne Kurzbeschreibung.")
        column.addWidget(Label(told, role="text" if line.short_description else "muted", wrap=True))
        if taken:
            column.addWidget(Label(taken, "small", role="muted", wrap=True))
        if mine:
            column.addWidget(Label(self.tr("Ihre Kommune ist beteiligt."), "small", role="muted"))
        else:
            column.addLayout(self._what_goes(line))
        self._pane.body.insertWidget(0, self._body)
        self._pane.verticalScrollBar().setValue(0)

    def _chips(self, line: SharedLine) -> list[Chip]:
        found = []
        if line.status:
            word = shapes.full(c.MeasureStatus, line.status)
            found.append(Chip(word, "status", glyph=shapes.glyph(c.MeasureStatus, line.status)))
        if line.traffic_light != "grey":
            word = shapes.full(c.TrafficLight, line.traffic_light)
            found.append(Chip(word, "status", glyph=shapes.glyph(c.TrafficLight, line.traffic_light)))
        found += [Chip(shapes.short(c.FieldOfAction, one), "outline") for one in line.fields_of_action]
        for values, code in ((c.Maturity, line.maturity), (c.Transferability, line.transferability)):
            if code and code != "not_assessed":
                found.append(Chip(shapes.full(values, code), "outline"))
        return found

    def _what_goes(self, line: SharedLine) -> QHBoxLayout:
        sides = QHBoxLayout()
        sides.setSpacing(16)
        stays = self.tr("Bleibt in {0}").format(self._places.short(line.lead_ags))
        for title, icon, rows, role in (
            (self.tr("Wird übernommen"), "check", words.GOES_ALONG, "text"),
            (stays, "minus", words.STAYS, "muted"),
        ):
            side = QVBoxLayout()
            side.setSpacing(4)
            side.addWidget(ElidedLabel(title, "small", theme.STRONG, role=role))
            for row in rows:
                one = QHBoxLayout()
                one.setSpacing(8)
                one.addWidget(
                    IconMark(icon, "muted" if role == "muted" else "accent", 14), 0, Qt.AlignmentFlag.AlignTop
                )
                one.addWidget(Label(row, "small", role=role, wrap=True), 1)
                side.addLayout(one)
            side.addStretch(1)
            sides.addLayout(side, 1)
        return sides

    def _on_step(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.stepped.emit(int(sender.property("by")))

    def _on_for_whom(self, ags: object) -> None:
        self.adopt.setEnabled(bool(ags))

    def _on_adopt(self) -> None:
        if self.line is not None:
            self.adopt_asked.emit(self.line.id, self._own or str(self.for_whom.value() or ""))

    def _on_open(self) -> None:
        if self.line is not None:
            self.open_asked.emit(self.line.id)

    def _on_follow(self) -> None:
        if self.line is not None:
            self.follow_asked.emit(self.line.id, not self.line.followed)


def at_words(row: int, total: int) -> str:
    """ "3 von 14"."""
    return f"{labels.number(row + 1)} von {labels.number(total)}"
