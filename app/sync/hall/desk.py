"""One end of the exchange in the hall, the same for hub and guest: what to tell the other, and taking what it tells."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.digest import MASK, digest_of
from app.domain.draft import Key
from app.domain.fields import KINDS
from app.domain.ids import EntityId
from app.domain.merge import EntityState
from app.domain.packing import columns, unpack
from app.errors import ContentError, HallRefused
from app.models import authors, hearing, letters, outbox
from app.models.store import Store
from app.sync.hall.files import HallFiles
from app.sync.hall.post import LETTER_EVERY, Post
from app.sync.hall.receipts import Receipts
from app.sync.hall.trust import Admission, Own
from app.sync.hall.wire import MAX_BYTES, MAX_ROWS
from app.sync.signed import Pass
from app.sync.wire import Author, Page

_ROW_BYTES = 400
"""About what a row takes; minutes more, hence few rows with them at once."""


@dataclass(slots=True)
class Other:
    """The device at the other end, and what is known of it.

    Attributes:
        same: digests of the workshop's records as they stand there, as far as is known.
        compared: whether that was ever told.
    """

    shown: Pass
    same: dict[EntityId, int] = field(default_factory=dict)
    compared: bool = False


class HallDesk:
    """One workshop of one profile, open to the hall. Thread-safe.

    Raises:
        HallRefused: from the constructor, codes "hall_no_pass", "hall_not_ours".
    """

    def __init__(
        self,
        store: Store,
        workshop: EntityId,
        on_news: Callable[[], None] = lambda: None,
        letter_every: float = LETTER_EVERY,
        knows: bool = True,
    ) -> None:
        """`on_news` is called, on whichever thread, when something of the workshop may have changed here.

        Args:
            knows: whether the workshop has to be here already.
        """
        self.store, self.workshop = store, workshop
        self.own = Own.of(store)
        self.admission = Admission(store, self.own, workshop)
        if knows:
            self.admission.check_own()
        self.post = Post(store, self.admission, letter_every)
        self.receipts = Receipts(store, self.own)
        self.files = HallFiles(store, workshop)
        self._on_news = on_news
        self._lock = threading.Lock()
        self._digests = hearing.digests(store, workshop)
        self._touched: set[EntityId] = set()
        self._told_authors: list[Author] = []
        self._stop = store.listen(self._on_keys)

    def close(self) -> None:
        """Listens no more."""
        self._stop()

    def _on_keys(self, keys: frozenset[Key]) -> None:
        with self._lock:
            self._touched |= {entity_id for _, entity_id in keys}
        self._on_news()

    # -- what is here ----------------------------------------------------------------------------

    def digests(self) -> dict[EntityId, int]:
        """Of all records of the workshop as they stand here now."""
        with self._lock:
            touched, self._touched = self._touched, set()
        if touched:
            found = hearing.digests(self.store, self.workshop, touched)
            with self._lock:
                for entity_id in touched:
                    self._digests.pop(entity_id, None)
                self._digests |= found
        with self._lock:
            return dict(self._digests)

    def total(self) -> list[int]:
        """[records, sum of their digests]: equal on both sides when there is nothing to tell."""
        found = self.digests()
        return [len(found), sum(found.values()) & MASK]

    # -- records ---------------------------------------------------------------------------------

    def compare(self, other: Other, theirs: Mapping[EntityId, int]) -> None:
        """The other has told all of its digests."""
        other.same, other.compared = dict(theirs), True

    def news(self, other: Other) -> tuple[list[Page], dict[EntityId, int], bool]:
        """Records that the other does not have as they are here; their digests; whether there are more.

        Once it is certain that they have arrived, the digests belong into `other.same`.
        """
        here = self.digests()
        differing = [i for i, digest in here.items() if other.same.get(i) != digest]
        differing.sort(key=lambda i: i != self.workshop)
        chosen = differing[:MAX_ROWS]
        pages: list[Page] = []
        sent: dict[EntityId, int] = {}
        size = 0
        for kind, rows in hearing.packed(self.store, self.workshop, chosen).items():
            page = Page(kind=kind, columns=columns(KINDS[kind]), rows=[])
            for row in rows:
                size += _ROW_BYTES + sum(len(text) for text in row[-1].get("t", {}).values())
                if size > MAX_BYTES and sent:
                    break
                page.rows.append(row)
                sent[row[0]] = here[row[0]]
            if page.rows:
                pages.append(page)
        return pages, sent, len(sent) < len(differing)

    def take(self, other: Other, pages: Sequence[Page]) -> frozenset[Key]:
        """Merges what the other has told; a row that cannot be read holds nothing up."""
        states: list[EntityState] = []
        for page in pages:
            kind = KINDS.get(page.kind)
            for row in page.rows[:MAX_ROWS] if kind is not None else ():
                try:
                    states.append(unpack(kind, page.columns, row))  # type: ignore[arg-type]
                except ContentError:
                    continue
        self._check_rights(states)
        for state in states:
            other.same[state.id] = digest_of(state)
        return hearing.take(self.store, self.workshop, states)

    def _check_rights(self, states: Sequence[EntityState]) -> None:
        """Nothing is taken of a workshop that this device may not edit; who has told of it is mistaken.

        Raises:
            HallRefused: code "hall_not_ours".
        """
        root = hearing.root_of(self.store, self.workshop)
        if root is None and states:
            root = next((s for s in states if s.id == self.workshop), None)
        if states and (root is None or not letters.own_grant(self.store).may_edit(root)):
            raise HallRefused("hall_not_ours")

    # -- people ----------------------------------------------------------------------------------

    def authors(self) -> list[Author]:
        """Who writes under which replica: this device, then those who were told here."""
        shown, replicas = self.own.shown, outbox.standing(self.store).replicas
        own = [Author(replica=r, person=shown.person, device=shown.name, ags=shown.ags) for r in replicas[-20:]]
        with self._lock:
            return [*own, *self._told_authors[-500:]]

    def learn(self, told: Sequence[Author]) -> None:
        """Names of replicas that the agency has not named yet; its own word is never overwritten."""
        own = set(outbox.standing(self.store).replicas)
        with self._lock:
            known = {a.replica for a in self._told_authors} | own
            fresh = [a for a in told if a.replica not in known]
            self._told_authors += fresh
        unknown = authors.unknown(self.store, [a.replica for a in fresh])
        rows = [(a.replica, a.person[:200], a.device[:200], a.ags[:8]) for a in fresh if a.replica in unknown]
        authors.learn_authors(self.store, rows)
