"""What others read of a workshop, before it is shared with them: its contents, and what stays here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.fields import KINDS
from app.models.queries.records import Record
from app.services.publishing import WorkshopPreview
from app.ui import labels, theme
from app.ui.widgets.facts import facts_grid
from app.ui.widgets.surfaces import ScrollPane
from app.ui.widgets.words import Label, Rule

_MOST = 40
"""So many of a kind are told one by one."""


class SharedView(QWidget):
    """Everything in one column that scrolls; below it what stays."""

    def __init__(self, preview: WorkshopPreview, place: Callable[[str], str]) -> None:
        super().__init__()
        self._place = place
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        pane = ScrollPane(name="shared_contents", accessible=self.tr("Das lesen andere"), ground="surface")
        pane.body.addLayout(facts_grid(self._facts(preview)))
        pane.body.addStretch(1)
        column.addWidget(pane, 1)
        column.addWidget(Rule())
        column.addWidget(Label(self.tr("Das bleibt bei Ihnen"), "small", theme.STRONG, role="muted"))
        told = ", ".join(labels.part_field_label(kind, field) for kind, field in preview.withheld)
        self.withheld = Label(told or self.tr("Nichts Internes ist ausgefüllt."), wrap=True)
        column.addWidget(self.withheld)

    def _facts(self, preview: WorkshopPreview) -> Iterator[tuple[str, str]]:
        for shown in preview.fields:
            value = labels.value_text(shown.kind, shown.field, shown.value, self._place)
            yield labels.field_label(shown.kind, shown.field), value
        if preview.minutes:
            yield labels.kind_label("minutes"), preview.minutes
        for kind, parts in preview.parts:
            words = [_words(part) for part in parts[:_MOST]]
            if len(parts) > _MOST:
                words.append(self.tr("… und {0} weitere").format(labels.number(len(parts) - _MOST)))
            head = labels.kind_label(kind, len(parts))
            yield (head if len(parts) == 1 else f"{labels.number(len(parts))} {head}"), "\n".join(words)


def _words(part: Record) -> str:
    """A part by its title; a count of people by the group."""
    if part.kind == "group_count":
        group = labels.value_text(part.kind, "stakeholder_group", part.get("stakeholder_group"))
        return f"{group}: {part.get('count')}"
    title = KINDS[part.kind].title
    return " ".join(part.text(title).split()) if title else labels.kind_label(part.kind)
