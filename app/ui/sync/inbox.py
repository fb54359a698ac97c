"""Zu entscheiden: what was handed over, and questions that their authors have left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QObject, Qt

from app.domain.change import Change
from app.domain.encoding import decode_change
from app.domain.region import Region
from app.errors import ContentError, FieldError
from app.models.queries import lists, versions
from app.models.queries.reader import Reader
from app.models.queries.versions import Question
from app.sync.office_wire import HandoverLine
from app.ui import labels
from app.ui.sync import deeds
from app.ui.widgets.cells import Cell
from app.ui.widgets.list_rows import Index, ListRows

MOST = 60


@dataclass(frozen=True, slots=True)
class Item:
    """One row: either what one device has handed over about one record, or a question.

    Attributes:
        changes: of a handover, those that can be read; `lines` are all of them.
    """

    title: str
    since: datetime
    root_kind: str
    root_id: str
    lines: tuple[HandoverLine, ...] = ()
    changes: tuple[Change, ...] = ()
    question: Question | None = None


def handed(reader: Reader, handovers: Sequence[HandoverLine]) -> list[Item]:
    """Handovers by device and record, the oldest first."""
    groups: dict[tuple[int, str, str], list[HandoverLine]] = {}
    for line in handovers:
        groups.setdefault((line.device, line.root_id, line.reason), []).append(line)
    titles = lists.titles(reader, [(h.root_kind, h.root_id) for h in handovers if h.root_id])
    found = [_handover(group, titles) for group in groups.values()]
    return sorted(found, key=lambda item: item.since)


def asked(reader: Reader) -> list[Item]:
    """Open questions, the oldest first."""
    return [_question(question) for question in versions.questions(reader, limit=MOST)]


def _handover(group: list[HandoverLine], titles: dict[str, str]) -> Item:
    first = group[0]
    changes: list[Change] = []
    for line in group:
        try:
            changes.append(decode_change(line.change))
        except (ContentError, FieldError):
            continue  # it can only be sent back
    title = titles.get(first.root_id) or _named(changes) or labels.kind_label(first.root_kind or "measure")
    since = min(datetime.fromisoformat(line.received_at) for line in group)
    return Item(title, since, first.root_kind, first.root_id, tuple(group), tuple(changes))


def _named(changes: list[Change]) -> str:
    """The name that a change itself gives to a record nobody here knows."""
    for change in changes:
        for field, value in deeds.deeds(change, str):
            if field == labels.field_label("measure", "title"):
                return value
    return ""


def _question(question: Question) -> Item:
    title = question.root_title or question.title or labels.kind_label(question.root_kind)
    since = datetime.fromtimestamp(question.since / 1000, UTC)
    return Item(title, since, question.root_kind, question.root_id, question=question)


def is_same(one: Item, other: Item) -> bool:
    """Whether both rows are about the same, however much of it there is by now."""
    return (one.root_id, _key(one)) == (other.root_id, _key(other))


def _key(item: Item) -> object:
    if item.question is not None:
        return (item.question.id, item.question.slot)
    return item.lines[0].device if item.lines else None


class InboxModel(ListRows[Item]):
    """The rows of the list."""

    def __init__(self, region: Region, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._region = region
        self._now = datetime.now().astimezone()

    def show_items(self, rows: list[Item], now: datetime) -> None:
        """Show these; nothing moves where nothing changed."""
        self._now = now
        self.show_rows(rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words and marks of a row."""
        item = self.rows[index.row()]
        handed = item.question is None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return item.title
            case Cell.OVERLINE:
                return self.tr("Übergabe") if handed else self.tr("Zwei Fassungen")
            case Cell.DETAIL:
                return self.detail(item)
            case Cell.META:
                return deeds.age(item.since, self._now)
            case Cell.ICON:
                return "handshake" if handed else "git-fork"
            case Cell.TONE:
                return "info" if handed else "version"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.data(index, Cell.OVERLINE)}: {item.title}. {self.detail(item)}"
        return None

    def detail(self, item: Item) -> str:
        """Who, and what about."""
        if item.question is not None:
            question = item.question
            slot = labels.slot_label(question.kind, question.slot_name) if question.slot_name else self.tr("gelöscht")
            people = dict.fromkeys(v.writer.person for v in question.versions if v.writer.person)
            return " · ".join([slot, *list(people)[:2]])
        line = item.lines[0]
        place = self._region.short_name(line.ags) if line.ags else ""
        told = labels.count(len(item.lines), "Änderung", "Änderungen")
        return " · ".join(part for part in (told, line.person, place) if part)
