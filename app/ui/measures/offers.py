"""What another measure says and nobody here has looked at: a card for a field or a part, with two answers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from app.domain.lineage import Offer, PartOffer, Values
from app.ui import theme
from app.ui.measures import names
from app.ui.measures.making import worded
from app.ui.measures.places import Places
from app.ui.widgets.buttons import Button
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.surfaces import Card
from app.ui.widgets.words import ElidedLabel, Label

_LONGEST = 420
_SILENT = frozenset({"sha256", "preview_sha256", "preview_size", "size", "mime", "sort"})
"""Fields of a part that say nothing to a reader."""


class _Question(Card):
    """A heading, what stands on each side, and two answers."""

    taken = Signal()
    kept = Signal()

    def __init__(self, key: str, title: str, note: str, sides: list[tuple[str, str]], take: str, keep: str) -> None:
        super().__init__()
        self.setObjectName(f"offer_{key}")
        column = self.body
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(title, "small", theme.STRONG, wrap=True), 1)
        if note:
            head.addWidget(Label(note, "small", role="muted"), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        for before, told in sides:
            column.addLayout(_side(before, told))
        answers = FlowLayout()
        yes = Button(take, name=f"take_{key}", accessible=self.tr("{0}: {1}").format(title, take))
        no = Button(keep, name=f"keep_{key}", kind="tertiary", accessible=self.tr("{0}: {1}").format(title, keep))
        yes.clicked.connect(self.taken)
        no.clicked.connect(self.kept)
        answers.addWidget(yes)
        answers.addWidget(no)
        column.addLayout(answers)


class OfferCard(_Question):
    """One field; `there` is what the other side is called."""

    def __init__(self, offer: Offer, places: Places, there: str) -> None:
        self.field = offer.field
        sides = [("Hier", offer.own), (there, offer.theirs)]
        if offer.taken is not None:
            sides.insert(0, ("Anfangs", offer.taken))
        told = [(before, worded("measure", offer.field, value, places)) for before, value in sides]
        note = "hier angepasst" if offer.adapted and there == ORIGINAL else ""
        title = names.spoken("measure", offer.field)
        super().__init__(offer.field, title, note, told, "Übernehmen", "Eigene behalten")


ORIGINAL, DUPLICATE = "Original", "Doppel"


class PartCard(_Question):
    """One part, new here or said otherwise there."""

    def __init__(self, offer: PartOffer, places: Places, there: str) -> None:
        what = names.PARTS[offer.kind][0]
        if offer.own is None:
            title, note, keep = what, "hier noch nicht", "Ohne diesen Teil"
            sides = [(there, _told(offer.kind, offer.theirs, places))]
        else:
            title, keep = what, "Eigenen behalten"
            note = "hier angepasst" if offer.adapted and there == ORIGINAL else ""
            sides = [
                ("Hier", _told(offer.kind, offer.own, places)),
                (there, _told(offer.kind, offer.theirs, places)),
            ]
        super().__init__(offer.copy, title, note, sides, "Übernehmen", keep)


def _told(kind: str, values: Values, places: Places) -> str:
    """All that a part says, the title first, each other field with its name."""
    told = []
    for at, (name, value) in enumerate((n, v) for n, v in values.items() if n not in _SILENT):
        words = worded(kind, name, value, places)
        told.append(words if at == 0 else f"{names.label(kind, name)}: {words}")
    return " · ".join(told)


def _side(before: str, words: str) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    name = ElidedLabel(before, "small", role="muted")
    name.setFixedWidth(theme.px(56))
    line.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
    cut = words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()} …"
    line.addWidget(Label(cut, "small", wrap=True), 1)
    return line
