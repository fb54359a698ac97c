"""Which workshops, of whichever town, a device helps to lead: a list with ticks, and one deed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.catalogue import Role
from app.models.queries.lists import WorkshopLine
from app.sync.office_wire import DeviceLine, LeadRequest
from app.ui.widgets.buttons import Button
from app.ui.widgets.checklist import CheckList
from app.ui.widgets.choice import Choice
from app.ui.widgets.words import Label

LEADERS = (Role.COORDINATOR.value, Role.FACILITATOR.value, Role.CONSORTIUM.value)
"""Roles that can be given a workshop; the agency leads all, readers none."""


class LeadForm(QWidget):
    """`asked` carries what is to be said to the agency, perhaps nothing."""

    asked = Signal(object)

    def __init__(self, device: DeviceLine, lines: Sequence[WorkshopLine], place: Callable[[str], str]) -> None:
        super().__init__()
        self._device = device
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        told = self.tr("{0} leitet die angehakten Workshops anderer Kommunen mit und sieht sonst nichts von dort.")
        column.addWidget(Label(told.format(device.person), role="muted", wrap=True))
        choices = [
            Choice(line.id, f"{line.title}, {place(line.ags)}" if line.ags else line.title)
            for line in lines
            if line.ags != device.ags or line.id in device.workshops
        ]
        self._known = frozenset(choice.key for choice in choices)
        self.list = CheckList(choices, device.workshops, name="lead_list", accessible=self.tr("Workshops"))
        self.save = Button(self.tr("Übernehmen"), name="lead_save", kind="primary")
        self.save.clicked.connect(self._submit)
        if choices:
            column.addWidget(self.list)
            column.addWidget(self.save)
        else:
            self.list.hide()
            column.addWidget(Label(self.tr("Andere Kommunen haben noch keine Workshops."), wrap=True))

    def fit(self, width: int) -> None:
        """As high as it has to be at this width, before anything is placed by it."""
        layout = self.layout()
        if layout is not None:
            self.setFixedSize(width, layout.totalHeightForWidth(width))

    def _submit(self) -> None:
        before, now = self._known.intersection(self._device.workshops), self.list.value()
        self.asked.emit(
            [
                LeadRequest(device=self._device.id, workshops=sorted(changed), leads=leads)
                for changed, leads in ((now - before, True), (before - now, False))
                if changed
            ]
        )
