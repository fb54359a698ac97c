"""One pair in full: both measures side by side, why they are suspected, and the ways out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain import catalogue as c
from app.models.queries.duplicates import Side, Suspects
from app.ui import labels, theme
from app.ui.agency import twins_words as words
from app.ui.measures import sentences
from app.ui.measures import words as shapes
from app.ui.measures.places import Places
from app.ui.sync.parts import TitleLink
from app.ui.widgets.buttons import Button
from app.ui.widgets.choice import Choice
from app.ui.widgets.choices import ChoiceBox
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.notices import IconMark
from app.ui.widgets.surfaces import ScrollPane
from app.ui.widgets.words import ElidedLabel, Label, Rule

_LONGEST = 480


class TwinsCard(ScrollPane):
    """`open_asked` carries a measure, `apart_asked` and `withdraw_asked` the pair, `merge_asked` the one that stays and
    the other."""

    open_asked = Signal(str)
    apart_asked = Signal(object)
    withdraw_asked = Signal(object)
    merge_asked = Signal(object, object)

    def __init__(self, places: Places) -> None:
        super().__init__(name="twins_card", accessible="Ausgewähltes Paar", ground="surface")
        self._places = places
        self.pair: Suspects | None = None
        self.body.setContentsMargins(24, 20, 24, 20)
        self._content = QVBoxLayout()
        self.body.addLayout(self._content)
        self.body.addStretch(1)
        self._holder: QWidget | None = None

    def show_pair(self, pair: Suspects | None) -> None:
        """Show another pair, or none."""
        if pair == self.pair and self._holder is not None:
            return
        self.pair = pair
        if self._holder is not None:
            self._content.removeWidget(self._holder)
            self._holder.hide()
            self._holder.deleteLater()
        self._holder = QWidget()
        column = QVBoxLayout(self._holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        if pair is not None:
            self._fill(column, pair)
        self._content.addWidget(self._holder)

    def _fill(self, column: QVBoxLayout, pair: Suspects) -> None:
        proposed = pair.proposal is not None
        head = self.tr("Ist das eine Maßnahme?") if pair.is_within else self.tr("Haben zwei Kommunen dasselbe erfasst?")
        head = self.tr("Zwei Kommunen sind gefragt") if proposed else head
        said = f"{words.strength(pair.why)}, {words.reason(pair.why)}."
        said = words.answered(pair, self._places) if proposed else f"{said[:1].upper()}{said[1:]}"
        column.addWidget(Label(head, "title", theme.STRONG, wrap=True))
        column.addLayout(self._why("git-merge" if proposed else "lightbulb", said))
        column.addWidget(Rule())
        column.addLayout(self._sides(pair))
        column.addWidget(Rule())
        column.addLayout(self._way_back(pair) if proposed else self._ways(pair))

    @staticmethod
    def _why(icon: str, said: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(IconMark(icon, "muted", 16), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Label(said, "small", wrap=True), 1)
        return line

    def _way_back(self, pair: Suspects) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(10)
        stays, goes = words.sides(pair)
        said = self.tr("Vorgeschlagen ist: „{0}“ geht in „{1}“ auf.").format(goes.title, stays.title)
        column.addWidget(Label(said, "small", role="muted", wrap=True))
        back = Button(self.tr("Vorschlag zurücknehmen"), name="twins_withdraw", icon="arrow-counter-clockwise")
        back.clicked.connect(lambda: self.withdraw_asked.emit(pair))
        row = FlowLayout()
        row.addWidget(back)
        column.addLayout(row)
        return column

    def _sides(self, pair: Suspects) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(8)
        both = (pair.first, pair.second)
        for column, side in ((1, pair.first), (2, pair.second)):
            link = TitleLink(side.title, name=f"twin_{side.id}")
            link.setProperty("record", side.id)
            link.clicked.connect(self._on_link)
            link.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            grid.addWidget(link, 0, column)
            grid.setColumnStretch(column, 1)
        rows = (
            (self.tr("Kommune"), [self._places.short(side.ags) for side in both]),
            (self.tr("Status"), [shapes.full(c.MeasureStatus, side.status) for side in both]),
            (self.tr("Kennung"), [side.code for side in both]),
            (self.tr("Felder"), [_fields(side) for side in both]),
            (self.tr("Kurztext"), [_cut(side.description) for side in both]),
            (self.tr("Geändert"), [_changed(side) for side in both]),
        )
        for row, (name, told) in enumerate((r for r in rows if any(r[1])), 1):
            label = ElidedLabel(name, "small", role="muted")
            label.setFixedWidth(theme.px(72))
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            for at, value in enumerate(told, 1):
                grid.addWidget(Label(value or labels.NONE, "small", wrap=True), row, at, Qt.AlignmentFlag.AlignTop)
        return grid

    def _ways(self, pair: Suspects) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(10)
        stays = QHBoxLayout()
        stays.setSpacing(8)
        label = Label(self.tr("Bestehen bleibt"), "small", role="muted")
        stays.addWidget(label)
        self.stays = ChoiceBox(
            [Choice(side.id, _called(side, self._places)) for side in (pair.first, pair.second)],
            name="twins_stays", accessible=self.tr("Welche Maßnahme bestehen bleibt"),
        )  # fmt: skip
        self.stays.set_value(pair.first.id)
        label.setBuddy(self.stays)
        stays.addWidget(self.stays, 1)
        column.addLayout(stays)
        said = (
            self.tr("Die andere geht darin auf: mit Teilen, Anhängen und eigenem Verlauf. Links führen dann dorthin.")
            if pair.is_within
            else self.tr("Beide Kommunen werden gefragt. Erst wenn beide zustimmen, werden sie eine.")
        )
        column.addWidget(Label(said, "small", role="muted", wrap=True))
        row = FlowLayout()
        column.addLayout(row)
        merge = Button(
            self.tr("Zusammenführen") if pair.is_within else self.tr("Beiden vorschlagen"),
            name="twins_merge", kind="primary", icon="git-merge",
        )  # fmt: skip
        merge.clicked.connect(self._on_merge)
        row.addWidget(merge)
        apart = Button(
            self.tr("Sind zwei Maßnahmen"), name="twins_apart",
            accessible=self.tr("Kein Doppel: beide bleiben, und es wird nicht mehr gefragt"),
        )  # fmt: skip
        apart.clicked.connect(lambda: self.apart_asked.emit(pair))
        row.addWidget(apart)
        return column

    def _on_merge(self) -> None:
        if self.pair is not None:
            both = (self.pair.first, self.pair.second)
            chosen = self.stays.value()
            self.merge_asked.emit(*(both if chosen == both[0].id else both[::-1]))

    def _on_link(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.open_asked.emit(str(sender.property("record")))


def _called(side: Side, places: Places) -> str:
    return f"{side.title} ({places.short(side.ags)})" if side.ags else side.title


def _fields(side: Side) -> str:
    return ", ".join(shapes.short(c.FieldOfAction, code) for code in side.fields)


def _cut(told: str) -> str:
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST].rstrip()} …"


def _changed(side: Side) -> str:
    return sentences.instant(side.changed_at, sentences.now()) if side.changed_at else ""
