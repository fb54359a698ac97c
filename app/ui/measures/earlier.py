"""A measure as it was on an earlier day beside what it says now; any field can be taken back from there."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.change import SlotValue
from app.domain.fields import DELETION_SLOT, KINDS
from app.domain.ids import EntityId
from app.domain.partial_date import PartialDate
from app.models.queries.earlier import Difference, Earlier, Turn, earlier
from app.models.queries.reader import Reader
from app.ui import labels, theme
from app.ui.measures import names, sentences
from app.ui.measures.cells import show_date
from app.ui.measures.editors import TypedLine
from app.ui.measures.making import read_date, worded
from app.ui.measures.places import Places
from app.ui.widgets import base
from app.ui.widgets.buttons import IconButton, LinkButton
from app.ui.widgets.chips import ChipButton
from app.ui.widgets.surfaces import Card, ScrollPane
from app.ui.widgets.words import ElidedLabel, Ground, Label

_BACK = {"month": ("vor 1 Monat", 30), "half": ("vor 6 Monaten", 182), "year": ("vor 1 Jahr", 365)}
_FIRST = "month"
_LONGEST = 420


def end_of(day: date) -> int:
    """The last millisecond of a day here, in UTC."""
    return int((datetime(day.year, day.month, day.day).astimezone() + timedelta(days=1)).timestamp() * 1000) - 1


def parts_of(kind: str, slot: int, value: SlotValue) -> dict[str, SlotValue]:
    """The fields of a slot with their values; nothing stood there: all None."""
    fields = KINDS[kind].slot_by_id[slot].fields
    if len(fields) == 1:
        return {fields[0].name: value}
    values = value if isinstance(value, tuple) else (None,) * len(fields)
    return {field.name: said for field, said in zip(fields, values, strict=True)}


class DifferenceCard(Card):
    """One field or group: what it said, what it says, who changed it when, and the way back."""

    taken = Signal(object)

    def __init__(self, told: Difference, places: Places, now: datetime, *, locked: bool) -> None:
        super().__init__()
        self.setObjectName(f"earlier_{told.kind}_{told.slot}")
        self._told = told
        self.body.setSpacing(6)
        head = f"{names.PARTS[told.kind][0]} „{told.title}“" if told.title else ""
        if told.slot == DELETION_SLOT:
            went = self.tr("gelöscht") if told.turn is Turn.WENT else self.tr("neu")
            self.body.addWidget(Label(f"{head or names.PARTS[told.kind][0]}: {went}", "small", theme.STRONG, wrap=True))
        else:
            self._add_fields(head, places)
        told_by = f"{told.writer.person or self.tr('Unbekannt')} · {sentences.instant(told.at, now)}"
        self.body.addWidget(Label(told_by, "small", role="muted", wrap=True))
        if told.slot != DELETION_SLOT and not locked:
            self.body.addWidget(self._way_back(), 0, Qt.AlignmentFlag.AlignLeft)

    def _add_fields(self, head: str, places: Places) -> None:
        told = self._told
        then, now = parts_of(told.kind, told.slot, told.then), parts_of(told.kind, told.slot, told.now)
        if head:
            self.body.addWidget(Label(head, "small", role="muted", wrap=True))
        for field in then:
            if (then[field] or None) != (now[field] or None) or len(then) == 1:
                self.body.addWidget(Label(names.spoken(told.kind, field), "small", theme.STRONG))
                for before, value in ((self.tr("Damals"), then[field]), (self.tr("Jetzt"), now[field])):
                    self.body.addLayout(self._side(before, worded(told.kind, field, value, places)))

    @staticmethod
    def _side(before: str, words: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        name = ElidedLabel(before, "small", role="muted")
        name.setFixedWidth(theme.px(56))
        line.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        cut = words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()} …"
        line.addWidget(Label(cut, "small", wrap=True), 1)
        return line

    def _way_back(self) -> LinkButton:
        fields = [
            names.spoken(self._told.kind, f.name) for f in KINDS[self._told.kind].slot_by_id[self._told.slot].fields
        ]
        link = LinkButton(
            self.tr("Damaliges zurückholen"),
            name=f"take_back_{self._told.kind}_{self._told.slot}",
            accessible=self.tr("{0}: damalige Fassung zurückholen").format(", ".join(fields)),
        )
        link.clicked.connect(self._on_take)
        return link

    def _on_take(self) -> None:
        self.taken.emit(self._told)


class EarlierView(Ground):
    """The comparison in the place of the form. `taken` carries what is to be written again, `left` leads back."""

    taken = Signal(object)
    left = Signal()

    def __init__(self, reader: Reader, places: Places, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self.setObjectName("earlier")
        self._reader, self._places = reader, places
        self._measure, self._locked = "", True
        self.told: Earlier | None = None
        self.day = TypedLine(
            lambda typed: read_date(typed, sentences.today()), show_date,
            name="earlier_day", accessible=self.tr("Stand vom"), placeholder=self.tr("z. B. 03.12.2025, Ende 2025"),
        )  # fmt: skip
        self.pane = ScrollPane(name="earlier_list", accessible=self.tr("Unterschiede"), margin=16, gap=8)
        self._back = {
            key: ChipButton(words, name=f"earlier_{key}", checkable=True) for key, (words, _) in _BACK.items()
        }
        self._rows: list[QWidget] = []
        self._title = ElidedLabel("", "small", role="muted")
        self._build()
        self.day.committed.connect(self._on_day)
        for button in self._back.values():
            button.clicked.connect(self._on_back)

    def _build(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(16, 4, 16, 12)
        head.setSpacing(8)
        title = QHBoxLayout()
        title.addWidget(Label(self.tr("Vergleich mit einem früheren Tag"), weight=theme.STRONG, wrap=True), 1)
        away = IconButton("x", name="earlier_close", accessible=self.tr("Zurück zum Steckbrief"))
        away.clicked.connect(self.left)
        title.addWidget(away, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(title)
        head.addWidget(self._title)
        chips = QHBoxLayout()
        chips.setSpacing(8)
        for button in self._back.values():
            chips.addWidget(button)
        chips.addStretch(1)
        head.addLayout(chips)
        head.addWidget(self.day)
        column = self.column()
        column.addLayout(head)
        column.addWidget(self.pane, 1)
        self.pane.body.addStretch(1)

    def show_measure(self, measure: EntityId, title: str, *, locked: bool) -> None:
        """Begin with what the measure said a month ago."""
        self._measure, self._locked = measure, locked
        self._title.setText(title)
        self._go_back(_FIRST)
        self._back[_FIRST].setFocus(Qt.FocusReason.OtherFocusReason)

    def reload(self) -> None:
        """Something about the measure changed."""
        if self._measure and self.isVisible():
            self._compare()

    def _on_back(self) -> None:
        sender = self.sender()
        self._go_back(next(key for key, button in self._back.items() if button is sender))

    def _go_back(self, key: str) -> None:
        for other, button in self._back.items():
            button.setChecked(other == key)
        day = sentences.today() - timedelta(days=_BACK[key][1])
        self.day.set_value(PartialDate.of_day(day).encode())
        self._compare()

    def _on_day(self, value: object) -> None:
        for button in self._back.values():
            button.setChecked(False)
        self._compare()

    def _compare(self) -> None:
        held = base.holds_focus(self.pane)
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = []
        encoded = self.day.value()
        if encoded:
            self._compare_with(PartialDate.decode(encoded))
        else:
            self._say(self.tr("Bitte einen Tag nennen."))
        if held:  # the way back that was pressed is gone: on with the next one
            ways = [link for row in self._rows for link in row.findChildren(LinkButton)]
            stop: QWidget = ways[0] if ways else self.day
            stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def _compare_with(self, wanted: PartialDate) -> None:
        if wanted.earliest() > sentences.today():
            self._say(self.tr("Dieser Tag liegt in der Zukunft. Bitte einen früheren nennen."))
            return
        day = min(wanted.latest(), sentences.today())
        told = self.told = earlier(self._reader, self._measure, end_of(day))
        if not told.existed:
            self._say(self.tr("Am {0:%d.%m.%Y} gab es diese Maßnahme hier noch nicht.").format(day))
            return
        if not told.differences:
            self._say(self.tr("Seit dem {0:%d.%m.%Y} hat sich nichts geändert.").format(day))
        else:
            many = labels.count(len(told.differences), "Unterschied", "Unterschiede")
            self._say(self.tr("{0} zum Stand vom {1:%d.%m.%Y}").format(many, day))
        for one in told.differences:
            card = DifferenceCard(one, self._places, sentences.now(), locked=self._locked)
            card.taken.connect(self.taken)
            self._add(card)
        self._say(
            self.tr(
                "Verglichen wird, was dieses Gerät mitgelesen hat. Schlagworte, Handlungsfelder und anderes, "
                "wovon mehrere stehen können, führen keinen Verlauf und fehlen hier."
            )
        )

    def _say(self, words: str) -> None:
        self._add(Label(words, "small", role="muted", wrap=True))

    def _add(self, row: QWidget) -> None:
        self._rows.append(row)
        self.pane.body.insertWidget(self.pane.body.count() - 1, row)
        row.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leads back to the form."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)
