"""What a measure says above its form when it is, or is to be, one with another."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from app.models.queries import merged, records
from app.models.queries.reader import Reader
from app.models.queries.records import Record
from app.ui import theme
from app.ui.measures.places import Places
from app.ui.widgets import base
from app.ui.widgets.buttons import Button
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.notices import IconMark
from app.ui.widgets.surfaces import Card
from app.ui.widgets.words import Label


class ProposalCard(Card):
    """The agency proposes that two measures are one: `accepted` or `declined`; `opened` looks at the other one."""

    accepted = Signal()
    declined = Signal()
    opened = Signal(str)

    def __init__(self, reader: Reader, record: Record, places: Places) -> None:
        super().__init__(ground="info_soft")
        self.other = record.text("merge_with")
        found = records.get_record(reader, "measure", self.other)
        here = found is not None and not found.gone
        title = f"„{found.text('title')}“" if found is not None and here else "einer Maßnahme, die Sie nicht sehen"
        town = places.short(found.text("lead_ags")) if found is not None and here else ""
        whose = f"{title} ({town})" if town else title
        if record.values.get("merge_stays"):
            sentence = f"Die Agentur schlägt vor: In dieser Maßnahme geht {whose} auf."
            detail = "Stimmen Sie zu, kann die andere Kommune hier mitarbeiten und ihre Maßnahme hier aufgehen lassen."
            may = here
        else:
            sentence = f"Die Agentur schlägt vor: Diese Maßnahme geht in {whose} auf."
            may = found is not None and here and found.may_edit
            detail = (
                "Die andere Kommune hat zugestimmt. Ihre Angaben gehen mit, Ihr Verlauf bleibt; beide lesen beides."
                if may
                else "Zuerst stimmt die andere Kommune zu; bis dahin bleibt hier alles, wie es ist."
            )
        base.identify(self, "banner_proposal", sentence)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconMark("git-merge", "info"), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(Label(sentence, weight=theme.MEDIUM, wrap=True), 1)
        self.body.addLayout(head)
        self.body.addWidget(Label(detail, "small", role="muted", wrap=True))
        row = FlowLayout()
        self.body.addLayout(row)
        yes = Button(self.tr("Zustimmen"), name="proposal_yes", icon="check")
        look = Button(self.tr("Ansehen"), name="proposal_look", accessible=self.tr("Die andere Maßnahme ansehen"))
        no = Button(self.tr("Ablehnen"), name="proposal_no", accessible=self.tr("Ablehnen: Es sind zwei Maßnahmen"))
        yes.clicked.connect(self.accepted)
        look.clicked.connect(lambda: self.opened.emit(self.other))
        no.clicked.connect(self.declined)
        for button, shown in ((yes, may), (look, here), (no, True)):
            if shown:
                row.addWidget(button)


def gone_into(reader: Reader, record: Record) -> tuple[str, str]:
    """(id, title) of the measure this one has gone into, empty if it stands for itself."""
    survivor = merged.merged_into(reader, record.id)
    if survivor == record.id:
        return "", ""
    found = records.get_record(reader, "measure", survivor)
    return survivor, "" if found is None else found.text("title")
