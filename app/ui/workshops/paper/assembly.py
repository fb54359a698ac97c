"""What the minutes of a workshop say: put together from everything it left behind, in one place. No Qt here.

Participants come as counts; the only names are those of people with a part in it (moderation, minutes, tasks).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from app.domain.catalogue import MinutesKind, StakeholderGroup, VoteMethod, WorkshopFormat, WorkshopMode
from app.domain.money import format_money
from app.domain.ranking import place_points, places_of, ranks
from app.models.queries.evenings import Evening
from app.models.queries.records import Record
from app.models.queries.sessions import CardLine
from app.models.queries.walls import Round
from app.reports.document import Block, Document, Facts, Heading, Item, Items, Paragraph, Table, read_prose
from app.ui import labels
from app.ui.wording import papers as words
from app.ui.workshops import marks, moments

Section = Callable[[Evening], Iterable[Block]]


def assemble(evening: Evening, standing: str = "") -> Document:
    """The minutes as a document.

    Args:
        standing: how far they are, in words.
    """
    head = evening.head
    code = head.text("minutes_kind")
    order = _FLOW if code == MinutesKind.VERBATIM_FLOW.value else _RESULTS
    blocks = [*_head(evening)]
    for section in order:
        blocks += section(evening)
    if len(blocks) == 1:
        blocks.append(Paragraph(words.NOTHING, quiet=True))
    kind = labels.label_of(MinutesKind, code) if code else words.MINUTES
    return Document(head.text("title"), kind, standing, head.text("starts_at")[:10], tuple(blocks))


def _head(evening: Evening) -> Iterator[Block]:
    head = evening.head
    begin, end = head.text("starts_at"), moments.parts_of(head.text("ends_at"))[1]
    when = moments.told(begin)
    if when and end and moments.parts_of(begin)[1]:
        when += f" bis {end}"
    form = [labels.label_of(WorkshopFormat, head.get("format"))] if head.get("format") else []
    form += [labels.label_of(WorkshopMode, head.get("mode"))] if head.get("mode") else []
    pairs = (
        ("Termin", f"{when} Uhr" if moments.parts_of(begin)[1] else when),
        ("Ort", head.text("place_text")),
        ("Format", ", ".join(form)),
        ("Eingeladen hat", head.text("host_org")),
        ("Moderation", head.text("moderation")),
        ("Protokoll", head.text("minute_taker")),
        ("Anlass und Ziel", head.text("purpose")),
        ("Verteiler", head.text("distribution")),
        ("Nächster Termin", labels.date_text(head.text("next_on")) if head.text("next_on") else ""),
    )
    yield Facts(tuple((name, value) for name, value in pairs if value))


def _summary(evening: Evening) -> Iterator[Block]:
    text = evening.head.text("summary")
    if text:
        yield Heading(1, words.SUMMARY)
        yield from read_prose(text)


def _present(evening: Evening) -> Iterator[Block]:
    if not evening.counts:
        return
    order = [group.value for group in (*marks.GROUPS, StakeholderGroup.UNKNOWN)]
    codes = sorted(evening.counts, key=lambda code: order.index(code) if code in order else len(order))
    pairs = [(labels.label_of(StakeholderGroup, code), labels.number(evening.counts[code])) for code in codes]
    pairs.append(("Zusammen", labels.number(sum(evening.counts.values()))))
    yield Heading(1, words.PRESENT)
    yield Facts(tuple(pairs))
    yield Paragraph(words.NO_NAMES, quiet=True)


def _decisions(evening: Evening) -> Iterator[Block]:
    yield from _listed(evening, "decision", words.DECISIONS, numbered=True)


def _questions(evening: Evening) -> Iterator[Block]:
    yield from _listed(evening, "question", words.QUESTIONS)


def _listed(evening: Evening, kind: str, title: str, *, numbered: bool = False) -> Iterator[Block]:
    """Cards of one kind from all stations, each with the station it was said at."""
    cards = [card for card in evening.cards if card.kind == kind and not card.parked]
    if cards:
        stations = _titles(evening.stations)
        yield Heading(1, title)
        yield Items(tuple(Item(card.text, stations.get(card.station or "", "")) for card in cards), numbered)


def _tasks(evening: Evening) -> Iterator[Block]:
    tasks = [card for card in evening.cards if card.kind == "task"]
    if not tasks:
        return
    tasks.sort(key=lambda task: (task.due or "~", task.noted_at, task.id))
    rows = tuple(
        (
            task.text,
            task.responsible or labels.NONE,
            labels.date_text(task.due),
            labels.value_text("task", "status", task.status),
        )
        for task in tasks
    )
    yield Heading(1, words.TASKS)
    yield Table(words.TASKS, ("Was", "Wer", "Bis wann", "Stand"), rows, (5, 2, 0, 0))


def _agenda(evening: Evening) -> Iterator[Block]:
    if not evening.agenda:
        return
    rows = tuple((str(no), _point(item), _time(item), item.text("result")) for no, item in enumerate(evening.agenda, 1))
    yield Heading(1, words.AGENDA)
    if any(row[3] for row in rows):
        yield Table(words.AGENDA, ("TOP", "Thema", "Zeit", "Ergebnis"), rows, (0, 3, 0, 4))
    else:
        yield Table(words.AGENDA, ("TOP", "Thema", "Zeit"), tuple(row[:3] for row in rows), (0, 1, 0))


def _point(item: Record) -> str:
    speaker = item.text("speaker")
    return f"{item.text('title')}\n{speaker}" if speaker else item.text("title")


def _time(item: Record) -> str:
    """When it was, on the clock of this desk; while nobody measured it, how long it was to take."""
    begin, end = (moments.local_clock(item.text(name)) for name in ("started_at", "ended_at"))
    if begin and end:
        return f"{begin}–{end}"
    return f"{item.text('minutes_planned')}\u00a0Min" if item.get("minutes_planned") else labels.NONE


def _course(evening: Evening) -> Iterator[Block]:
    blocks = read_prose(evening.text)
    if blocks:
        yield Heading(1, words.COURSE)
        yield from blocks


def _votes(evening: Evening) -> Iterator[Block]:
    cards = {card.id: card for card in evening.cards}
    told = [table for vote in evening.wall.rounds for table in _round(evening, vote, cards)]
    if told:
        yield Heading(1, words.VOTES)
        yield from told


def _round(evening: Evening, vote: Round, cards: dict[str, CardLine]) -> Iterator[Block]:
    money = vote.method == VoteMethod.BUDGET.value
    amounts = evening.wall.cents if money else evening.wall.points
    given = [(cards[card], n) for (one, card), n in amounts.items() if one == vote.id and card in cards]
    if not given:
        return
    given.sort(key=lambda pair: (-pair[1], pair[0].noted_at, pair[0].id))
    total = sum(n for _, n in given)
    spent = format_money(total) if money else labels.count(total, "Punkt", "Punkte")
    clusters = {cluster.id: cluster.title for cluster in evening.wall.clusters}
    rows, place = [], ranks({card.id: n for card, n in given})
    for card, n in given:
        figure = format_money(n) if money else labels.number(n)
        rows.append((str(place[card.id]), card.text, clusters.get(card.cluster or "", ""), figure))
    unit = "Betrag" if money else "Punkte"
    yield Heading(2, vote.title or labels.label_of(VoteMethod, vote.method))
    yield Paragraph(f"{_method(vote)}, {spent} vergeben.", quiet=True)
    if any(row[2] for row in rows):
        yield Table(vote.title, ("Rang", "Karte", "Cluster", unit), tuple(rows), (0, 5, 2, 0), (3,))
    else:
        yield Table(vote.title, ("Rang", "Karte", unit), tuple((a, b, d) for a, b, _, d in rows), (0, 1, 0), (2,))


def _method(vote: Round) -> str:
    """ "Punktabfrage"; of a ranking also what its places are worth."""
    said = labels.label_of(VoteMethod, vote.method)
    if vote.method != VoteMethod.RANKING.value:
        return said
    places = places_of(vote.points_per_person)
    worth = ", ".join(str(place_points(number, places)) for number in range(1, places + 1))
    unit = "Punkte" if places > 1 else "Punkt"
    return f"{said}, {labels.count(places, 'Platz', 'Plätze')} je Stimmzettel ({worth} {unit})"


def _cards(evening: Evening) -> Iterator[Block]:
    """Stations in their order, in each the kinds in theirs; what has a section of its own is not said twice."""
    left = [c for c in evening.cards if not c.parked and c.kind not in ("task", "decision", "question")]
    if not left:
        return
    yield Heading(1, words.CARDS)
    stations = _titles(evening.stations)
    for station, title in [*stations.items(), ("", words.NO_STATION)]:
        found = [card for card in left if (card.station if card.station in stations else "") == station]
        if not found:
            continue
        if stations:
            yield Heading(2, title)
        level = 3 if stations else 2
        for kind, heading in words.KINDS_OF_CARDS.items():
            yield from _of_kind([card for card in found if card.kind == kind], heading, level)
        others = [card for card in found if card.kind not in words.KINDS_OF_CARDS]
        yield from _of_kind(others, labels.kind_label("contribution", 2), level)


def _of_kind(cards: Sequence[CardLine], heading: str, level: int) -> Iterator[Block]:
    if cards:
        yield Heading(level, heading)
        yield Items(tuple(Item(card.text) for card in cards))


def _parked(evening: Evening) -> Iterator[Block]:
    cards = [card for card in evening.cards if card.parked]
    if cards:
        yield Heading(1, words.PARKED)
        yield Items(tuple(Item(card.text, labels.card_label(card.kind)) for card in cards))


def _outcomes(evening: Evening) -> Iterator[Block]:
    cards = {card.id: card.text for card in evening.cards}
    items = []
    for outcome in evening.outcomes:
        if outcome.here and not outcome.gone:
            said = "; ".join(f"„{cards[card]}“" for card in outcome.cards[:3] if card in cards)
            more = len(outcome.cards) - 3
            said += f" und {labels.count(more, 'weitere Karte', 'weitere Karten')}" if more > 0 else ""
            items.append(Item(outcome.title, f"aus {said}" if said else ""))
    if items:
        yield Heading(1, words.OUTCOMES)
        yield Items(tuple(items))


def _titles(stations: Iterable[Record]) -> dict[str, str]:
    return {station.id: station.text("title") for station in stations}


_RESULTS: tuple[Section, ...] = (
    _summary, _decisions, _tasks, _questions, _votes, _outcomes, _agenda, _course, _cards, _parked, _present,
)  # fmt: skip
"""What came out first, how it came about after it."""
_FLOW: tuple[Section, ...] = (
    _summary, _present, _agenda, _course, _cards, _votes, _decisions, _tasks, _questions, _parked, _outcomes,
)  # fmt: skip
"""In the order of the evening."""
