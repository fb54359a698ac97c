"""What a workshop tells the people who came: what became of their words. It names nobody. No Qt here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.domain.ids import EntityId
from app.models.queries.evenings import Evening
from app.models.queries.promotions import Outcome
from app.models.queries.records import Record
from app.reports.document import Block, Document, Facts, Heading, Item, Items, Paragraph, read_prose
from app.ui import labels
from app.ui.wording import papers as words
from app.ui.workshops import moments

_MOST_QUOTES = 8


def write_letter(evening: Evening, measures: Mapping[EntityId, Record]) -> Document:
    """The letter.

    Args:
        measures: the measures of `evening.outcomes` that are on this device.
    """
    head = evening.head
    blocks = [
        *_opening(evening), *_measures(evening, measures), *_decided(evening), *_open(evening), *_closing(evening),
    ]  # fmt: skip
    title = words.LETTER_TITLE.format(head.text("title"))
    return Document(title, words.LETTER, "", head.text("starts_at")[:10], tuple(blocks))


def _opening(evening: Evening) -> Iterator[Block]:
    head = evening.head
    cards = sum(card.kind != "task" for card in evening.cards)
    points = sum(evening.wall.points.values())
    day = moments.parts_of(head.text("starts_at"))[0]
    where = f" ({head.text('place_text')})" if head.text("place_text") else ""
    told = [labels.count(sum(evening.counts.values()), "Person", "Personen")] if evening.counts else []
    told += [labels.count(cards, "Karte", "Karten")] if cards else []
    told += [labels.count(points, "Punkt", "Punkte")] if points else []
    when = f"am {moments.weekday(day)}" if day else "vor einiger Zeit"
    yield Paragraph(words.GREETING)
    sums = f" Dabei kamen {_joined(told)} zusammen." if told else ""
    yield Paragraph(f"„{head.text('title')}“ fand {when}{where} statt.{sums} {words.THANKS}")


def _joined(parts: list[str]) -> str:
    """ "55 Personen, 15 Karten und 54 Punkte"."""
    return " und ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def _measures(evening: Evening, measures: Mapping[EntityId, Record]) -> Iterator[Block]:
    shown = [one for one in evening.outcomes if one.measure in measures and not measures[one.measure].gone]
    yield Heading(1, words.BECAME)
    if not shown:
        yield Paragraph(words.NOTHING_YET, quiet=True)
    for outcome in shown:
        measure = measures[outcome.measure]
        yield Heading(2, measure.text("title"))
        yield from read_prose(measure.text("short_description"))
        yield Facts(tuple(_facts(measure)))
        quotes = tuple(_quotes(evening, outcome))
        if quotes:
            yield Heading(3, words.YOUR_WORDS)
            yield Items(quotes)


def _facts(measure: Record) -> Iterator[tuple[str, str]]:
    status = measure.get("status")
    yield "Stand", labels.value_text("measure", "status", status) if status else words.UNKNOWN
    begin, end = measure.text("start"), measure.text("end")
    if begin or end:
        yield "Zeitraum", " bis ".join(labels.date_text(each) for each in (begin, end) if each)


def _quotes(evening: Evening, outcome: Outcome) -> Iterator[Item]:
    cards = {card.id: card for card in evening.cards}
    points: dict[EntityId, int] = {}
    for (_, target), n in evening.wall.points.items():
        points[target] = points.get(target, 0) + n
    own = sorted((cards[c] for c in outcome.cards if c in cards), key=lambda card: (-points.get(card.id, 0), card.id))
    for card in own[:_MOST_QUOTES]:
        given = points.get(card.id, 0)
        yield Item(f"„{card.text}“", labels.count(given, "Punkt", "Punkte") if given else "")
    if len(own) > _MOST_QUOTES:
        yield Item(f"und {labels.count(len(own) - _MOST_QUOTES, 'weitere Karte', 'weitere Karten')}")


def _decided(evening: Evening) -> Iterator[Block]:
    cards = [card for card in evening.cards if card.kind == "decision" and not card.parked]
    if cards:
        yield Heading(1, words.DECISIONS)
        yield Items(tuple(Item(card.text) for card in cards), numbered=True)


def _open(evening: Evening) -> Iterator[Block]:
    tasks = [card for card in evening.cards if card.kind == "task"]
    done = sum(task.status == "done" for task in tasks)
    questions = [card for card in evening.cards if card.kind == "question" and not card.parked]
    if tasks:
        yield Heading(1, words.TASKS)
        agreed = labels.count(len(tasks), "Aufgabe wurde", "Aufgaben wurden")
        yield Paragraph(f"{agreed} verteilt; erledigt: {done} von {len(tasks)}.")
    if questions:
        yield Heading(1, words.QUESTIONS)
        yield Items(tuple(Item(card.text) for card in questions))


def _closing(evening: Evening) -> Iterator[Block]:
    head = evening.head
    pairs = (
        ("Nächster Termin", labels.date_text(head.text("next_on")) if head.text("next_on") else ""),
        ("Eingeladen hatte", head.text("host_org")),
    )
    told = tuple((name, value) for name, value in pairs if value)
    if told:
        yield Heading(1, words.GOES_ON)
        yield Facts(told)
