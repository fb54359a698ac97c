"""Which ways out a question offers, and what each of them would write. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.change import SlotValue, Value
from app.domain.fields import KINDS, LINE, Field, Slot, Type
from app.models.queries.versions import Fassung, Question
from app.ui.sync import words
from app.ui.sync.compare import joined

BOTH, ANEW, GONE, BACK = "both", "anew", "gone", "back"


@dataclass(frozen=True, slots=True)
class Option:
    """One button. `key` is "keep:N", `BOTH`, `ANEW`, `GONE` or `BACK`."""

    key: str
    words: str


def ordered(question: Question) -> list[Fassung]:
    """Mine first; then the others by the time they claim. Deletions stay before the edit."""
    if not question.slot_name:
        return list(question.versions)
    return sorted(question.versions, key=lambda f: (not f.writer.mine, f.at, f.dot))


def slot_of(question: Question) -> Slot:
    """The slot the question is about; not for deletions."""
    return KINDS[question.kind].slot_by_id[question.slot]


def parts_of(slot: Slot, value: SlotValue) -> tuple[Value, ...]:
    """The values of a slot's fields in their order."""
    if slot.is_group:
        return value if isinstance(value, tuple) else (None,) * len(slot.fields)
    return (value,)  # type: ignore[return-value]


def offered(question: Question) -> list[Option]:
    """The buttons of a question in their order."""
    if not question.slot_name:
        return [Option(GONE, "Gelöscht lassen"), Option(BACK, "Wiederherstellen")]
    versions = ordered(question)
    found = [Option(f"keep:{i}", words.keep_words(f, versions)) for i, f in enumerate(versions)]
    if both_of(question) is not None:
        found.append(Option(BOTH, "Beide behalten" if len(versions) == 2 else "Alle behalten"))
    if all(can_be_typed(field) for field in slot_of(question).fields):
        found.append(Option(ANEW, "Neu formulieren"))
    return found


def can_be_typed(field: Field) -> bool:
    """Whether a person can write such a value anew here; references, orders and clocks are set elsewhere."""
    return field.type not in (Type.REF, Type.ORDER, Type.HASH, Type.INSTANT, Type.LOCAL_TIME)


def both_of(question: Question) -> SlotValue | None:
    """All versions in one value, where that says something: running texts one after the other."""
    slot = slot_of(question)
    versions = [parts_of(slot, f.value) for f in ordered(question)]
    together: list[Value] = []
    for i, field in enumerate(slot.fields):
        values = [parts[i] for parts in versions]
        if len(set(values)) == 1:
            together.append(values[0])
            continue
        texts = [v for v in values if isinstance(v, str) and v.strip()]
        if not _is_running_text(field) or len(texts) < 2:
            return None
        told = joined(texts)
        if len(told) > field.limit:
            return None
        together.append(told)
    return tuple(together) if slot.is_group else together[0]


def _is_running_text(field: Field) -> bool:
    return field.type is Type.TEXT and field.values is None and field.limit > LINE


def same(slot: Slot, one: SlotValue, other: SlotValue) -> bool:
    """Whether two values of a slot say the same; a stored list and a tuple do."""
    return parts_of(slot, one) == parts_of(slot, other)


def distinct(slot: Slot, versions: Sequence[Fassung]) -> list[Fassung]:
    """Versions that say something different, newest first; each value once, by who said it first."""
    found: list[Fassung] = []
    for fassung in versions:
        known = next((n for n, f in enumerate(found) if same(slot, f.value, fassung.value)), None)
        if known is None:
            found.append(fassung)
        else:
            found[known] = fassung
    return found
