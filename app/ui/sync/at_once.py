"""Deciding many questions at once: the same person's version in all of them. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.models.queries.versions import Question
from app.services.versions import Settled


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to decide several questions; `settled` says what each of them would be."""

    words: str
    settled: tuple[Settled, ...]


def offers(questions: Iterable[Question], may_decide: Callable[[Question], bool]) -> list[Offer]:
    """One's own version first, then each other person's, wherever they have exactly one in at least two questions.

    Deletions are left out: whether something stays is decided one by one.
    """
    found: dict[tuple[bool, str], list[Settled]] = {}
    for question in questions:
        if not question.slot_name or not may_decide(question):
            continue
        by_writer: dict[tuple[bool, str], list[object]] = {}
        for fassung in question.versions:
            by_writer.setdefault((not fassung.writer.mine, fassung.writer.person), []).append(fassung)
        for writer, own in by_writer.items():
            if len(own) != 1 or not writer[1]:
                continue
            value = next(f.value for f in question.versions if f is own[0])
            found.setdefault(writer, []).append(
                Settled(question.kind, question.id, question.slot, value, question.context)
            )
    return [
        Offer(_offer_words(other, person, len(settled)), tuple(settled))
        for (other, person), settled in sorted(found.items(), key=lambda one: one[0])
        if len(settled) > 1
    ]


def _offer_words(other: bool, person: str, amount: int) -> str:
    return f"In {amount} Fragen die Fassung von {person} übernehmen" if other else f"In {amount} Fragen meine behalten"
