"""What one does with measures as a whole, from whatever form they are shown in: each is one step with a way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.catalogue import MeasureStatus
from app.domain.ids import EntityId
from app.errors import MasswerkError
from app.models.queries import roots
from app.models.queries.lists import MeasureLine
from app.services import measures
from app.services.workspace import Workspace
from app.ui import labels
from app.ui.measures import names
from app.ui.measures.confirm import ask_delete

NEW_TITLE = "Neue Maßnahme"


class MeasureDeeds(QObject):
    """Creates, edits and deletes. `told` carries a sentence and whether there is a way back, `refused` the error."""

    told = Signal(str, bool)
    refused = Signal(object)

    def __init__(
        self, workspace: Workspace, lines: Callable[[Sequence[EntityId]], list[MeasureLine]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace, self._lines = workspace, lines

    def _done(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except MasswerkError as error:
            self.refused.emit(error)
            return False
        return True

    def create(self, lead_ags: str) -> EntityId:
        """A new measure with a title to be overwritten at once; "" if it was refused."""
        made: list[EntityId] = []
        values = {"title": self.tr(NEW_TITLE), "lead_ags": lead_ags or None}
        self._done(lambda: made.append(measures.create(self._workspace.store, values)))
        return made[0] if made else ""

    def duplicate(self, measure: EntityId) -> EntityId:
        """A copy without a history; "" if it was refused."""
        made: list[EntityId] = []
        if self._done(lambda: made.append(measures.duplicate(self._workspace.store, measure))):
            self.told.emit(self.tr("Maßnahme gedoppelt: Felder und Planung, ohne Verlauf"), True)
        return made[0] if made else ""

    def set_status(self, measure: EntityId, status: str, reason: str) -> bool:
        """Another status for one measure, with its reason where it needs one: one change."""
        if not self.changeable([measure]):
            self.told.emit(self.tr("Nur zum Lesen: Diese Maßnahme dürfen Sie nicht ändern."), False)
            return False
        values = {"status": status, **({"status_reason": reason} if reason else {})}
        if not self._done(lambda: measures.edit(self._workspace.store, measure, values)):
            return False
        self.told.emit(self.tr("Status: {0}").format(labels.label_of(MeasureStatus, status)), True)
        return True

    def edit_many(self, ids: Sequence[EntityId], values: Mapping[str, str]) -> None:
        """The same values for all of these that may be changed here, as one step; the first one is told."""
        chosen = self.changeable(ids)
        if not chosen:
            self.told.emit(self.tr("Keine der ausgewählten Maßnahmen dürfen Sie ändern."), False)
            return
        if not self._done(lambda: measures.edit_many(self._workspace.store, chosen, values)):
            return
        field = next(iter(values))
        said = labels.value_text("measure", field, values[field])
        sentence = self.tr("{0} „{1}“ für {2} gesetzt").format(
            names.spoken("measure", field), said, _count(len(chosen))
        )
        locked = len(ids) - len(chosen)
        left_out = self.tr("; {0} nur zum Lesen").format(_count(locked)) if locked else ""
        self.told.emit(sentence + left_out, True)

    def changeable(self, ids: Sequence[EntityId]) -> list[EntityId]:
        """Those that this device may change."""
        grant = roots.my_grant(self._workspace.reader)
        return [
            line.id for line in self._lines(ids) if not line.frozen and grant.owns((line.lead_ags, *line.participating))
        ]

    def ask_delete(self, window: QWidget, ids: Sequence[EntityId], agreed: Callable[[list[EntityId]], None]) -> None:
        """Ask whether these may go; `agreed` is called with those that may be deleted here."""
        chosen = self.changeable(ids)
        if not chosen:
            self.told.emit(self.tr("Diese Maßnahmen dürfen Sie nicht löschen."), False)
            return
        titles = [line.title for line in self._lines(chosen)]
        users = roots.users_of(self._workspace.reader, chosen)
        ask_delete(window, titles, lambda: agreed(chosen), users)

    def delete(self, ids: Sequence[EntityId]) -> bool:
        """Delete measures with their parts."""
        living = roots.living_parts(self._workspace.reader, ids)
        if not self._done(lambda: measures.delete_many(self._workspace.store, living)):
            return False
        many = self.tr("{0} gelöscht").format(_count(len(ids)))
        self.told.emit(self.tr("Maßnahme gelöscht") if len(ids) == 1 else many, True)
        return True


def _count(number: int) -> str:
    return labels.count(number, "Maßnahme", "Maßnahmen")
