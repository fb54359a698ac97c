"""One workshop being worked on: what its panes read and do, and who is told when something comes in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.capture import TASK, Captured, read_line
from app.domain.ids import EntityId
from app.models.queries import records, sessions
from app.models.queries.records import Record
from app.models.queries.sessions import CardLine
from app.services import sessions as acting
from app.services import workshops
from app.services.workspace import Workspace
from app.ui.bus import Bus
from app.ui.workshops import moments
from app.ui.workshops.deck import Column, Deck

_MANY = 400
"""From so many cards at once on, reading all of them anew is quicker."""

Part = tuple[str, EntityId]


class Session(QObject):
    """Holds one workshop in memory and keeps it current. Panes connect to what they show."""

    head_changed = Signal()
    stations_changed = Signal()
    agenda_changed = Signal()
    counts_changed = Signal()
    cards_changed = Signal(object)
    """A set of columns whose cards changed."""
    minutes_changed = Signal()
    files_changed = Signal()
    saved = Signal()
    """Own cards are on disk; `saved_ids` and `saved_at` tell which and when."""
    vanished = Signal()
    """The workshop was deleted, here or elsewhere."""

    def __init__(self, workspace: Workspace, bus: Bus, workshop: EntityId, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.workshop = workshop
        self.deck = Deck()
        self.head: Record | None = None
        self.stations: list[Record] = []
        self.agenda: list[Record] = []
        self.counts: dict[str, int] = {}
        self.names: list[str] = []
        self.saved_ids: list[EntityId] = []
        self.saved_at: datetime | None = None
        self._sort = ""
        self._read_all()
        bus.applied.connect(self._on_applied)

    # -- reading ---------------------------------------------------------------------------------

    def _read_all(self) -> None:
        self._read_head()
        self._read_stations()
        self._read_agenda()
        self._read_counts()
        self._read_cards()
        self.names = sessions.task_persons(self.workspace.reader)

    def _read_head(self) -> None:
        self.head = records.get_record(self.workspace.reader, "workshop", self.workshop)

    def _read_stations(self) -> None:
        self.stations = records.children(self.workspace.reader, self.workshop, "station")

    def _read_agenda(self) -> None:
        self.agenda = records.children(self.workspace.reader, self.workshop, "agenda_item")

    def _read_counts(self) -> None:
        found = records.children(self.workspace.reader, self.workshop, "group_count")
        self.counts = {r.text("stakeholder_group"): int(str(r.get("count") or 0)) for r in found}

    def _read_cards(self) -> None:
        lines = sessions.card_lines(self.workspace.reader, self.workshop)
        self.deck.load(lines, [s.id for s in self.stations])

    @property
    def may_edit(self) -> bool:
        """Whether this role may change the workshop."""
        return self.head is not None and self.head.may_edit and not self.head.gone

    @property
    def columns(self) -> list[tuple[Column, str]]:
        """The columns with their titles; cards without a station get one of their own."""
        found: list[tuple[Column, str]] = [(s.id, s.text("title")) for s in self.stations]
        if not found:
            return [(None, self.tr("Karten"))]
        if self.deck.has_strays():
            found.append((None, self.tr("Ohne Station")))
        return found

    @property
    def running(self) -> list[Record]:
        """Agenda items whose clock runs; two laptops may have started two."""
        return [r for r in self.agenda if r.text("started_at") and not r.text("ended_at")]

    # -- what comes in ---------------------------------------------------------------------------

    @Slot(object)
    def _on_applied(self, keys: object) -> None:
        assert isinstance(keys, frozenset)
        kinds = {kind for kind, _ in keys}
        if ("workshop", self.workshop) in keys:
            self._on_head()
        if "station" in kinds and self._concerns(keys, "station", self.stations):
            self._on_stations()
        if "agenda_item" in kinds and self._concerns(keys, "agenda_item", self.agenda):
            self._read_agenda()
            self.agenda_changed.emit()
        if "group_count" in kinds:
            self._read_counts()
            self.counts_changed.emit()
        cards = [entity for kind, entity in keys if kind in ("contribution", "task")]
        if cards:
            self._on_cards(cards)
        if "attachment" in kinds:
            self.files_changed.emit()
        if ("minutes", workshops.minutes_id(self.workshop)) in keys:
            self.minutes_changed.emit()

    def _concerns(self, keys: frozenset[Part], kind: str, held: Sequence[Record]) -> bool:
        """Whether these records are ours: known ones, or new ones with our root."""
        touched = {entity for k, entity in keys if k == kind}
        if touched & {r.id for r in held}:
            return True
        found = (records.get_record(self.workspace.reader, kind, entity) for entity in touched)
        return any(r is not None and r.root_id == self.workshop for r in found)

    def _on_head(self) -> None:
        self._read_head()
        if self.head is None or self.head.gone:
            self.vanished.emit()
        else:
            self.head_changed.emit()

    def _on_stations(self) -> None:
        self._read_stations()
        self._read_cards()
        self.stations_changed.emit()

    def _on_cards(self, ids: list[EntityId]) -> None:
        if len(ids) > _MANY:
            self._read_cards()
            self.cards_changed.emit({column for column, _ in self.columns})
            return
        strays = self.deck.has_strays()
        lines = sessions.card_lines(self.workspace.reader, self.workshop, ids)
        touched = self.deck.apply(ids, lines)
        self.names = sorted({*self.names, *(line.responsible for line in lines if line.responsible)})
        if self.deck.has_strays() != strays and self.stations:
            self.stations_changed.emit()
        elif touched:
            self.cards_changed.emit(touched)

    # -- what the person does --------------------------------------------------------------------

    def understand(self, line: str, plain: str = "idea") -> Captured:
        """What a typed line means today."""
        return read_line(line, moments.today(), self.names, plain)

    def add(self, found: Sequence[Captured], station: Column) -> None:
        """Saves lines as cards; when this returns they are on disk.

        Raises:
            MasswerkError: nothing was saved.
        """
        cards = [self._card(captured, station) for captured in found]
        self._sort = max(self._sort, self.deck.last_sort())
        made = workshops.add_cards(self.workspace.store, self.workshop, cards, self._sort)
        self._note_saved([entity for _, entity in made])

    def _card(self, captured: Captured, station: Column) -> workshops.Card:
        running = self.running
        return workshops.Card(
            kind=captured.kind,
            text=captured.text,
            station=station,
            agenda_item=running[-1].id if running else None,
            tags=captured.tags,
            responsible=captured.responsible,
            due=captured.due.encode() if captured.due else None,
        )

    def _note_saved(self, ids: list[EntityId]) -> None:
        self.saved_ids, self.saved_at = ids, moments.now()
        self.saved.emit()

    def rewrite(self, line: CardLine, captured: Captured, seen: acting.Seen | None) -> None:
        """Saves other words for a card.

        Raises:
            MasswerkError: nothing was saved.
        """
        card = workshops.Card(
            kind=captured.kind,
            text=captured.text,
            station=line.station,
            agenda_item=line.agenda_item,
            tags=captured.tags,
            responsible=captured.responsible,
            due=captured.due.encode() if captured.due else None,
        )
        part = (line.record, line.id)
        sort = self.deck.last_sort()
        _, entity = acting.rewrite_card(self.workspace.store, self.workshop, part, card, seen, sort)
        self._note_saved([entity])

    def change_kind(self, line: CardLine, kind: str) -> None:
        """Makes another kind of card of it; a task and a card become each other."""
        if line.record == "contribution" and kind != TASK:
            acting.set_kind(self.workspace.store, [line.id], kind)
            return
        self.rewrite(line, Captured(kind, line.text, line.tags if kind != TASK else ()), None)

    def move(self, line: CardLine, station: Column) -> None:
        """Puts a card under another station."""
        acting.move_cards(self.workspace.store, [(line.record, line.id)], station)

    def delete(self, parts: Sequence[Part]) -> None:
        """Deletes cards; `bring_back` with the same parts takes it back."""
        acting.delete_parts(self.workspace.store, parts)

    def bring_back(self, parts: Sequence[Part]) -> None:
        """Takes back a deletion."""
        acting.bring_back(self.workspace.store, parts)

    def seen_of(self, line: CardLine) -> acting.Seen | None:
        """What the person sees of a card now, to hand back when its new words are saved."""
        found = records.get_record(self.workspace.reader, line.record, line.id)
        return found.seen if found else None

    def start(self, item: EntityId) -> None:
        """Starts an agenda item and stops the one that runs."""
        acting.start_item(self.workspace.store, item, [r.id for r in self.running])

    def stop(self) -> None:
        """Stops what runs."""
        if self.running:
            acting.stop_items(self.workspace.store, [r.id for r in self.running])

    def count_heads(self, group: str, count: int) -> None:
        """How many of a group are here."""
        workshops.set_head_count(self.workspace.store, self.workshop, group, count)
