"""What a measure says above its form when it is, or is to be, one with another."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout

from app.models.queries import merged, records
from app.models.queries.reader import Reader
from app.models.queries.records import Record
from app.ui.measures.places import Places
from app.ui.widgets.buttons import Button
from app.ui.widgets.notices import Banner


class ProposalBanner(Banner):
    """The agency proposes that two measures are one: `remedied` agrees, `declined` does not, `opened` looks."""

    declined = Signal()
    opened = Signal(str)

    def __init__(self, reader: Reader, record: Record, places: Places) -> None:
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
                "Die andere Kommune hat zugestimmt. Ihre Angaben gehen mit, Ihr Verlauf bleibt."
                if may
                else "Zuerst stimmt die andere Kommune zu; bis dahin bleibt hier alles, wie es ist."
            )
        super().__init__(
            "info", sentence, name="banner_proposal", detail=detail, remedy=self.tr("Zustimmen") if may else ""
        )
        row = self.layout()
        assert isinstance(row, QBoxLayout)
        if here:
            look = Button(self.tr("Ansehen"), name="proposal_look")
            look.clicked.connect(lambda: self.opened.emit(self.other))
            row.addWidget(look, 0, Qt.AlignmentFlag.AlignVCenter)
        no = Button(self.tr("Ablehnen"), name="proposal_no", accessible=self.tr("Ablehnen: Es sind zwei Maßnahmen"))
        no.clicked.connect(self.declined)
        row.addWidget(no, 0, Qt.AlignmentFlag.AlignVCenter)


def gone_into(reader: Reader, record: Record) -> tuple[str, str]:
    """(id, title) of the measure this one has gone into, empty if it stands for itself."""
    survivor = merged.merged_into(reader, record.id)
    if survivor == record.id:
        return "", ""
    found = records.get_record(reader, "measure", survivor)
    return survivor, "" if found is None else found.text("title")
