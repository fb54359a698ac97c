"""Zu entscheiden: what was handed over, and questions that their authors have left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QObject, Qt

from app.domain.change import Change, Create
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
    """Handovers by device and record, the oldest first; a part that only they know goes with its record."""
    changes = {(line.replica, line.n): change for line in handovers if (change := _read(line)) is not None}
    roots: dict[str, tuple[str, str]] = {}
    for op in (op for change in changes.values() for op in change.ops):
        if isinstance(op, Create) and op.id != op.root_id:
            roots[op.id] = (op.root_kind, op.root_id)
    groups: dict[tuple[int, tuple[str, str], str], list[HandoverLine]] = {}
    for line in handovers:
        read = changes.get((line.replica, line.n))
        known = [roots[op.id] for op in (read.ops if read is not None else ()) if op.id in roots]
        root = known[0] if known else (line.root_kind, line.root_id)
        groups.setdefault((line.device, root, line.reason), []).append(line)
    titles = lists.titles(reader, [root for _, root, _ in groups if root[1]])
    found = [
        _handover(group, root, [changes[at] for one in group if (at := (one.replica, one.n)) in changes], titles)
        for (_, root, _), group in groups.items()
    ]
    return sorted(found, key=lambda item: item.since)


def _read(line: HandoverLine) -> Change | None:
    """None: it can only be sent back."""
    try:
        return decode_change(line.change)
    except (ContentError, FieldError):
        return None


def asked(reader: Reader) -> list[Item]:
    """Open questions, the oldest first."""
    return [_question(question) for question in versions.questions(reader, limit=MOST)]


def _handover(group: list[HandoverLine], root: tuple[str, str], changes: list[Change], titles: dict[str, str]) -> Item:
    title = titles.get(root[1]) or _named(changes) or labels.kind_label(root[0] or "measure")
    since = min(datetime.fromisoformat(line.received_at) for line in group)
    return Item(title, since, *root, tuple(group), tuple(changes))


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
