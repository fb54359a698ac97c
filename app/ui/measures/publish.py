"""Showing a measure to others: what they will read, what stays here, and how far it goes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.catalogue import Visibility
from app.services.publishing import Preview
from app.ui import labels, theme
from app.ui.measures import names
from app.ui.measures.places import Places
from app.ui.widgets.buttons import Button
from app.ui.widgets.choice import Choice
from app.ui.widgets.choices import ChoiceBox
from app.ui.widgets.facts import facts_grid
from app.ui.widgets.notices import Banner
from app.ui.widgets.surfaces import ScrollPane
from app.ui.widgets.words import Label, Rule

LEVELS = (Visibility.CONSORTIUM, Visibility.SCHOOL, Visibility.PUBLIC)


class PublishCard(QWidget):
    """The preview with its one deed; `wanted` carries the level."""

    wanted = Signal(object)

    def __init__(self, preview: Preview, places: Places, level: Visibility) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        if preview.missing:
            told = ", ".join(names.spoken("measure", field) for field in preview.missing)
            column.addWidget(Banner("warning", self.tr("Es fehlt noch: {0}.").format(told), name="publish_missing"))
        column.addWidget(Label(self.tr("Das lesen andere"), "small", theme.STRONG, role="muted"))
        pane = ScrollPane(name="publish_shown", accessible=self.tr("Das lesen andere"), ground="surface")
        pane.body.addLayout(self._shown(preview, places))
        pane.body.addStretch(1)
        column.addWidget(pane, 1)
        column.addWidget(Rule())
        column.addWidget(Label(self.tr("Das bleibt bei Ihnen"), "small", theme.STRONG, role="muted"))
        self.withheld = Label(self._withheld(preview), wrap=True)
        column.addWidget(self.withheld)
        choices = [Choice(one, labels.label(one)) for one in LEVELS]
        self.level = ChoiceBox(choices, name="publish_level", accessible=self.tr("Sichtbarkeit"))
        self.level.set_value(level if level in LEVELS else Visibility.SCHOOL)
        column.addWidget(self.level)
        self.button = Button(self.tr("Veröffentlichen"), name="publish", kind="primary", icon="share-network")
        self.button.clicked.connect(lambda: self.wanted.emit(Visibility(self.level.value())))
        column.addWidget(self.button)

    def _shown(self, preview: Preview, places: Places) -> QGridLayout:
        return facts_grid(
            (
                labels.part_field_label(shown.kind, shown.field),
                labels.value_text(shown.kind, shown.field, shown.value, places.short),
            )
            for shown in preview.shown
        )

    def _withheld(self, preview: Preview) -> str:
        if not preview.withheld:
            return self.tr("Nichts Internes ist ausgefüllt.")
        told = [labels.part_field_label(kind, field) for kind, field in preview.withheld]
        return ", ".join(dict.fromkeys(told))
