"""Who may take part in the hall: passes that the agency has signed, held against the one workshop."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.ids import EntityId
from app.errors import AgencyGarbled, HallRefused
from app.models import courier, hearing, letters, outbox
from app.models.letters import Author
from app.models.store import Store
from app.sync.courier_keys import PublicKeys, Secret
from app.sync.hall.carry import own_pass
from app.sync.hall.wire import Said
from app.sync.signed import Pass, Signed, Word, read_signed, read_word


@dataclass(frozen=True, slots=True)
class Own:
    """This device: its secret, its pass as signed and as read, and the agency's keys as pinned at enrolment."""

    secret: Secret
    signed: Signed
    shown: Pass
    agency: PublicKeys

    @classmethod
    def of(cls, store: Store) -> Own:
        """Raises HallRefused, code "hall_no_pass": the agency has not said yet who this is."""
        told = own_pass(store)
        if told is None:
            raise HallRefused("hall_no_pass")
        keys = outbox.standing(store).courier
        return cls(Secret(bytes.fromhex(keys.secret)), *told, PublicKeys.of(keys.agency))


@dataclass(frozen=True, slots=True)
class Admission:
    """By what this device decides who may take part in one workshop."""

    store: Store
    own: Own
    workshop: EntityId

    def check_own(self) -> None:
        """Raises HallRefused, code "hall_not_ours": this device itself may not edit the workshop."""
        root = hearing.root_of(self.store, self.workshop)
        if root is None or not letters.own_grant(self.store).may_edit(root):
            raise HallRefused("hall_not_ours")

    def check(self, signed: Signed) -> Pass:
        """Who shows this pass.

        Raises:
            HallRefused: codes "hall_stranger" (not signed by our agency), "hall_old_pass", "hall_signed_off" (the
                agency has said so since), "hall_not_theirs" (it may not edit the workshop, as far as the agency has
                told this device), "hall_same_device".
        """
        try:
            shown = read_signed(signed, self.own.agency.signing, Pass)
            grant = shown.grant
        except (AgencyGarbled, ValueError) as error:
            raise HallRefused("hall_stranger") from error
        if shown.agency != self.own.shown.agency:
            raise HallRefused("hall_stranger")
        if shown.signing == self.own.shown.signing:
            raise HallRefused("hall_same_device")
        # No clock of a laptop decides: only what the agency itself has said since.
        if shown.until < max(self.own.shown.issued_at, courier.told_at(self.store)):
            raise HallRefused("hall_old_pass", person=shown.person)
        latest = own_pass(self.store)
        heard = self.own.shown if latest is None else latest[1]
        if shown.signing in heard.signed_off and shown.issued_at <= heard.issued_at:
            raise HallRefused("hall_signed_off", person=shown.person)
        root = hearing.root_of(self.store, self.workshop)
        if root is not None and not grant.may_edit(root):
            raise HallRefused("hall_not_theirs", person=shown.person)
        return shown

    def read(self, said: Said) -> tuple[Pass, Word, Word | None]:
        """A device's statements, all of them its own.

        Raises:
            HallRefused: the pass does not count here.
            AgencyGarbled: a word is not signed by who shows the pass.
        """
        shown = self.check(said.passport)
        word = read_word(said.word)
        note = read_word(said.note) if said.note is not None else None
        if {word.signing, note.signing if note else word.signing} != {shown.signing}:
            raise AgencyGarbled(reason="signature")
        return shown, word, note


def author_of(shown: Pass) -> Author:
    """Whose letters these are."""
    return Author(shown.signing, shown.person, shown.name)
