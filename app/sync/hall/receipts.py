"""The agency's receipts on their way back: from who brought a letter, through the hall, to its author (ADR 0036)."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from app.errors import AgencyGarbled
from app.models import journal, letters, outbox
from app.models.store import Store
from app.sync.hall.trust import Own
from app.sync.signed import Receipt, Signed, read_signed


class Receipts:
    """What one device has of them, for itself and for others."""

    def __init__(self, store: Store, own: Own) -> None:
        self._store, self._own = store, own
        self._taken = ""

    def carried(self) -> dict[str, Signed]:
        """Those that lie here for others: device -> the agency's word."""
        return {
            kept.author.device: Signed.model_validate(orjson.loads(kept.receipt))
            for kept in letters.letters(self._store)
            if kept.receipt
        }

    def take(self, told: Sequence[Signed]) -> None:
        """Believes what the agency has signed: an own one is shown, others' are kept for them.

        One that was not signed by our agency, or speaks of a letter that is none of ours, is left alone.
        """
        for signed in told:
            if signed.signature == self._taken:
                continue
            try:
                said = read_signed(signed, self._own.agency.signing, Receipt)
                covers = said.covers
            except (AgencyGarbled, ValueError):
                continue
            if said.agency != self._own.shown.agency:
                continue
            if said.signing == self._own.shown.signing:
                self._take_own(said, covers)
                self._taken = signed.signature
            elif self._is_newer(said):
                letters.keep_receipt(self._store, said.signing, orjson.dumps(signed.model_dump()))

    def _take_own(self, said: Receipt, covers: dict[int, int]) -> None:
        if said.epoch != outbox.standing(self._store).membership.epoch:
            return  # it speaks of a life of the agency that has ended, or of one not heard of here yet
        if letters.take_receipt(self._store, said.sha, said.epoch, covers, said.aside, said.at):
            journal.note(self._store, "letter.arrived", {})

    def _is_newer(self, said: Receipt) -> bool:
        known = self.carried().get(said.signing)
        return known is None or Receipt.model_validate_json(known.told).at < said.at
