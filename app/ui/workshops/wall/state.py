"""What hangs on the wall now, which round is on, and every deed of the room on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.ids import EntityId
from app.domain.money import format_money
from app.domain.ranking import places_of, ranks
from app.errors import MasswerkError
from app.models.queries import promotions, syncing, walls
from app.models.queries.sessions import CardLine
from app.models.queries.walls import Round
from app.services import promotions as promoting
from app.services import walls as acting
from app.services import workshops
from app.ui import labels
from app.ui.bus import Bus
from app.ui.workshops import moments
from app.ui.workshops.session import Session
from app.ui.workshops.wall.ballot import Ballot
from app.ui.workshops.wall.layout import LOOSE, PARKED, Content

_LONGEST_TITLE = 120
_BUDGET_STEPS = 20


class WallState(QObject):
    """One workshop's wall. Deeds return whether they were done; `failed` tells why not."""

    changed = Signal()
    """Cards or headings are others, or elsewhere."""
    given = Signal()
    """Points, money or the round changed."""
    became = Signal()
    """Measures that came out of cards may be others."""
    failed = Signal(str)

    def __init__(self, session: Session, bus: Bus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._store, self._reader = session.workspace.store, session.workspace.reader
        self._chosen: EntityId = ""
        self._contents: list[Content] | None = None
        self._given: dict[EntityId, int] | None = None
        self._ranks: dict[EntityId, int] = {}
        self.ballot = Ballot(self)
        self._ballot_round: EntityId = ""
        self._apart = walls.kept_apart(self._reader, session.workshop)
        self.wall = walls.wall(self._reader, session.workshop)
        self._fit_ballot()
        self._outcomes: list[promotions.Outcome] | None = None
        bus.applied.connect(self._on_applied)
        session.cards_changed.connect(self._on_cards)
        session.stations_changed.connect(self._on_cards)
        session.counts_changed.connect(self.given)
        session.head_changed.connect(self.given)
        self.ballot.changed.connect(self.given)

    # -- what there is ---------------------------------------------------------------------------

    @property
    def may_edit(self) -> bool:
        """Whether this role may change the workshop."""
        return self.session.may_edit

    def contents(self) -> list[Content]:
        """The panels from first to last; without cards the two that are no clusters are left out."""
        if self._contents is None:
            self._contents = self._sorted_in()
        return self._contents

    def _sorted_in(self) -> list[Content]:
        titles = {cluster.id: cluster.title for cluster in self.wall.clusters}
        found: dict[str, list[CardLine]] = {key: [] for key in titles}
        loose: list[CardLine] = []
        parked: list[CardLine] = []
        cards = [line for line in self.session.deck.lines() if line.record == "contribution"]
        for line in sorted(cards, key=lambda card: (card.sort or "~", card.noted_at, card.id)):
            place = parked if line.parked else found.get(line.cluster or "", loose)
            place.append(line)
        made = [Content(key, titles[key] or self.tr("Ohne Titel"), cards) for key, cards in found.items()]
        for key, title, cards in (
            (LOOSE, self.tr("Noch nicht zugeordnet") if titles else self.tr("Alle Karten"), loose),
            (PARKED, self.tr("Themenspeicher"), parked),
        ):
            if cards:
                made.append(Content(key, title, cards))
        return made

    def content(self, key: str) -> Content | None:
        """One panel."""
        return next((content for content in self.contents() if content.key == key), None)

    def card(self, card: EntityId) -> CardLine | None:
        """One card."""
        return self.session.deck.find(card)

    @property
    def round(self) -> Round | None:
        """The round that is shown: the chosen one, else the last that runs, else the last."""
        rounds = self.wall.rounds
        chosen = next((one for one in rounds if one.id == self._chosen), None)
        running = [one for one in rounds if not one.closed_at]
        return chosen or (running or list(rounds) or [None])[-1]  # type: ignore[list-item]

    @property
    def is_open(self) -> bool:
        """Whether points can be given now."""
        return self.round is not None and not self.round.closed_at and self.may_edit

    @property
    def in_money(self) -> bool:
        """Whether the round gives money instead of points."""
        return self.round is not None and self.round.method == "budget"

    @property
    def by_rank(self) -> bool:
        """Whether the room orders cards, and points follow from the places on ballots."""
        return self.round is not None and self.round.method == "ranking"

    def _amounts(self) -> dict[EntityId, int]:
        """What each living card got in the round shown."""
        if self._given is None:
            shown = self.round
            given = self.wall.cents if self.in_money else self.wall.points
            holds = self.session.deck.holds
            self._given = {card: n for (vote, card), n in given.items() if shown and vote == shown.id and holds(card)}
            self._ranks = ranks(self._given)
        return self._given

    def points(self, card: EntityId) -> int:
        """Points of a card in the round shown; cents in a budget vote."""
        return self._amounts().get(card, 0)

    def rank(self, card: EntityId) -> int:
        """Rank of a card in the round shown, 1 for the most points; 0 if it got none."""
        self._amounts()
        return self._ranks.get(card, 0)

    def sum_of(self, cards: Sequence[CardLine]) -> int:
        """Points of several cards together."""
        amounts = self._amounts()
        return sum(amounts.get(card.id, 0) for card in cards) if amounts else 0

    def total(self) -> int:
        """What was given in this round."""
        return sum(self._amounts().values())

    def budget(self) -> int:
        """What there is to give, 0 if nobody knows: heads times points, or the money."""
        shown = self.round
        if shown is None:
            return 0
        if self.in_money:
            return shown.budget_cents
        return shown.points_per_person * sum(self.session.counts.values())

    def words(self, amount: int) -> str:
        """ "9 Punkte" or "4.000,00 €"."""
        return format_money(amount) if self.in_money else labels.count(amount, "Punkt", "Punkte")

    def ranking(self, most: int) -> list[CardLine]:
        """The cards with points, those with the most first."""
        cards = [card for card in map(self.card, self._amounts()) if card is not None]
        return sorted(cards, key=lambda card: (-self.points(card.id), card.sort, card.id))[:most]

    # -- what comes in ---------------------------------------------------------------------------

    @Slot(object)
    def _on_applied(self, keys: object) -> None:
        assert isinstance(keys, frozenset)
        kinds = {kind for kind, _ in keys}
        if kinds & {"cluster", "vote_round", "vote_result"}:
            before, self.wall = self.wall, walls.wall(self._reader, self.session.workshop)
            self._given = None
            self._fit_ballot()
            if before.clusters != self.wall.clusters:
                self._on_cards()
            if before != self.wall:
                self.given.emit()
        if "measure" in kinds or "contribution" in kinds:
            self._outcomes = None
            self.became.emit()

    @property
    def outcomes(self) -> list[promotions.Outcome]:
        """What became of the cards; read when somebody asks and something may have changed since."""
        if self._outcomes is None:
            self._outcomes = promotions.outcomes(self._reader, self.session.workshop)
        return self._outcomes

    @Slot()
    def _on_cards(self) -> None:
        self._contents = self._given = None
        self._fit_ballot()
        self.changed.emit()

    # -- deeds -----------------------------------------------------------------------------------

    def attempt(self, act: Callable[[], object]) -> bool:
        """Does it, or tells why not."""
        try:
            act()
        except MasswerkError as error:
            self.failed.emit(" ".join(labels.error_words(error)))
            return False
        return True

    def _last_sort(self) -> str:
        return max((cluster.sort for cluster in self.wall.clusters), default="")

    def put(self, cards: Sequence[EntityId], key: str) -> bool:
        """Cards into a panel."""
        if not cards or not self.may_edit:
            return False
        if key == PARKED:
            return self.attempt(lambda: acting.park_cards(self._store, cards))
        return self.attempt(lambda: acting.move_cards(self._store, cards, None if key == LOOSE else key))

    def create_cluster(self, title: str, cards: Sequence[EntityId] = ()) -> EntityId:
        """A cluster behind the others; "" if it was refused."""
        made: list[EntityId] = []
        workshop = self.session.workshop
        self.attempt(lambda: made.append(acting.create_cluster(self._store, workshop, title, cards, self._last_sort())))
        return made[0] if made else ""

    def lay_together(self, cards: Sequence[EntityId]) -> EntityId:
        """Cards under one heading: the one of them that is there, else a new one after the first card's words."""
        lines = [line for line in map(self.card, cards) if line is not None]
        known = {cluster.id for cluster in self.wall.clusters}
        under = {line.cluster if line.cluster in known and not line.parked else None for line in lines}
        there = [cluster for cluster in under if cluster is not None]
        if len(there) == 1 and None in under:
            self.put([line.id for line in lines], there[0])
            return there[0]
        first = max(lines, key=lambda line: (self.points(line.id), -lines.index(line)))
        return self.create_cluster(title_of(first.text), [line.id for line in lines])

    def rename_cluster(self, key: EntityId, title: str) -> bool:
        """Another heading."""
        return self.attempt(lambda: acting.rename_cluster(self._store, key, title))

    def shift_cluster(self, key: EntityId, by: int) -> bool:
        """One place forward or back among the clusters."""
        order = [cluster for cluster in self.wall.clusters if cluster.id != key]
        at = next((n for n, cluster in enumerate(self.wall.clusters) if cluster.id == key), -1)
        to = at + by
        if at < 0 or not 0 <= to <= len(order):
            return False
        low = order[to - 1].sort if to else ""
        high = order[to].sort if to < len(order) else ""
        return self.attempt(lambda: acting.place_cluster(self._store, key, low, high))

    def merge_clusters(self, into: EntityId, other: EntityId) -> bool:
        """All cards of one under the heading of the other."""
        content = self.content(other)
        cards = [card.id for card in content.cards] if content else []
        return self.attempt(lambda: acting.merge_clusters(self._store, into, [other], cards))

    def dissolve_cluster(self, key: EntityId) -> bool:
        """Takes the heading away; the cards stay."""
        content = self.content(key)
        cards = [card.id for card in content.cards] if content else []
        return self.attempt(lambda: acting.dissolve_cluster(self._store, key, cards))

    def keep_apart(self, one: EntityId, other: EntityId) -> bool:
        """Notes that two cards do not belong together."""
        done = self.attempt(lambda: acting.keep_apart(self._store, self.session.workshop, one, other))
        self._apart = walls.kept_apart(self._reader, self.session.workshop)
        return done

    def suggest_again(self, one: EntityId, other: EntityId) -> bool:
        """Takes back that two cards are kept apart."""
        done = self.attempt(lambda: acting.suggest_again(self._store, self.session.workshop, one, other))
        self._apart = walls.kept_apart(self._reader, self.session.workshop)
        return done

    def is_settled(self, one: CardLine, other: CardLine) -> bool:
        """Whether nothing is said about two cards: they hang together already, or somebody wants them apart."""
        together = one.cluster is not None and one.cluster == other.cluster and one.parked == other.parked
        return together or (min(one.id, other.id), max(one.id, other.id)) in self._apart

    # -- rounds ----------------------------------------------------------------------------------

    def choose_round(self, vote_round: EntityId) -> None:
        """Show another round."""
        self._chosen, self._given = vote_round, None
        self._fit_ballot()
        self.given.emit()

    def create_round(self, values: dict[str, object]) -> bool:
        """A new round, which is shown at once."""
        self._chosen, self._given = "", None
        return self.attempt(lambda: acting.create_round(self._store, self.session.workshop, values))

    def set_open(self, on: bool) -> bool:
        """Closes the round shown, or lets it go on."""
        shown = self.round
        if shown is None:
            return False
        act = acting.reopen_round if on else acting.close_round
        return self.attempt(lambda: act(self._store, shown.id))

    def vote(self, card: EntityId, delta: int) -> bool:
        """One step up or down: a dot, or a twentieth of the budget; never more than there is to give.

        Two laptops may give the last one both; the sum then says how many are too many.
        """
        shown, held = self.round, self.points(card)
        if shown is None or not self.is_open or (delta < 0 and not held and not self.by_rank):
            return False
        workshop = self.session.workshop
        if self.by_rank:
            return self._mark(card, delta)
        if not self.in_money:
            if delta > 0 and self.budget() and self.total() + delta > self.budget():
                self.failed.emit(self.tr("Alle Punkte sind vergeben. Nehmen Sie zuerst anderswo einen weg."))
                return False
            return self.attempt(lambda: workshops.vote(self._store, workshop, shown.id, card, delta))
        step = max(100, shown.budget_cents // _BUDGET_STEPS)
        free = self.budget() - self.total() if self.budget() else step
        cents = max(0, held + (min(step, free) if delta > 0 else -step))
        if cents == held:
            self.failed.emit(self.tr("Das Budget ist verteilt. Nehmen Sie zuerst anderswo etwas weg."))
            return False
        return self.attempt(lambda: acting.spend(self._store, workshop, shown.id, card, cents))

    # -- ballots ---------------------------------------------------------------------------------

    def _fit_ballot(self) -> None:
        """The ballot belongs to one running ranking, and names only cards that are there."""
        shown = self.round if self.by_rank and self.is_open else None
        if (shown.id if shown else "") != self._ballot_round:
            self._ballot_round = shown.id if shown else ""
            self.ballot.clear()
        self.ballot.places = places_of(shown.points_per_person) if shown else 0
        for card in [card for card in self.ballot.cards if not self.session.deck.holds(card)]:
            self.ballot.take_off(card)

    def _mark(self, card: EntityId, delta: int) -> bool:
        """Up: on the ballot, or one place further up. Down: off it."""
        if delta < 0:
            self.ballot.take_off(card)
            return True
        if not self.ballot.raise_(card):
            self.failed.emit(
                self.tr("Der Stimmzettel ist voll. Geben Sie ihn ab, oder nehmen Sie zuerst eine Karte herunter.")
            )
            return False
        return True

    def hand_in(self) -> bool:
        """Gives the points of the ballot and takes an empty one; never more ballots than there are people."""
        shown, points = self.round, self.ballot.points()
        if shown is None or not points or not self.is_open or not self.by_rank:
            return False
        if self.budget() and self.total() + sum(points.values()) > self.budget():
            self.failed.emit(
                self.tr("So viele Personen sind nicht eingetragen. Tragen Sie zuerst weitere Teilnehmende ein.")
            )
            return False
        done = self.attempt(lambda: acting.hand_in(self._store, self.session.workshop, shown.id, points))
        if done:
            self.ballot.clear()
        return done

    # -- measures --------------------------------------------------------------------------------

    def source(self) -> str:
        """What a measure says about where it came from."""
        head = self.session.head
        if head is None:
            return ""
        day = moments.show_day(head.text("starts_at")[:10])
        return ", ".join(part for part in (head.text("title")[:200], day) if part)

    def promote(self, cards: Sequence[EntityId], title: str) -> EntityId:
        """A new measure out of cards; "" if it was refused."""
        lines = [line for line in map(self.card, cards) if line is not None]
        head = self.session.head
        ags = head.text("ags") if head else ""
        ags = ags or syncing.standing(self._reader).person.ags
        said = "\n".join(f"„{line.text.strip()}“" for line in lines)
        values = {"title": title, "lead_ags": ags, "status": "idea", "initial_situation": said}
        made: list[EntityId] = []
        self.attempt(
            lambda: made.append(
                promoting.create_measure(self._store, self.session.workshop, list(cards), values, self.source())
            )
        )
        return made[0] if made else ""

    def link(self, cards: Sequence[EntityId], measure: EntityId) -> bool:
        """Cards to a measure that is there."""
        return self.attempt(
            lambda: promoting.add_to_measure(self._store, self.session.workshop, cards, measure, self.source())
        )

    def unlink(self, cards: Sequence[EntityId], measure: EntityId) -> bool:
        """Takes the link between cards and a measure away."""
        held = [line.id for line in map(self.card, cards) if line is not None and measure in line.measures]
        return self.attempt(lambda: promoting.remove_from_measure(self._store, held, measure))


def title_of(text: str) -> str:
    """The first sentence of a card as a heading, without what is between the words."""
    first = " ".join(text.split())
    for end in (". ", "! ", "? ", "; "):
        first = first.partition(end)[0]
    first = first.rstrip(" .;,")
    if len(first) <= _LONGEST_TITLE:
        return first or text.strip()[:_LONGEST_TITLE]
    return first[:_LONGEST_TITLE].rsplit(" ", 1)[0] + " …"
