"""Towards the agency: keeping one's pass fresh, and handing in others' letters before own changes leave."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import orjson
from pydantic import ValidationError

from app.domain.clock import VersionVector, flatten
from app.errors import AgencyGarbled, AgencyRefused
from app.models import journal, letters, outbox
from app.models.letters import HELD, REFUSED, TAKEN, Letter
from app.models.store import Store
from app.sync.agency import Agency, Carrying
from app.sync.carry_wire import CarryReply, CarryRequest
from app.sync.courier.write import SealedLetter, own_keys
from app.sync.courier_keys import PublicKeys, Secret
from app.sync.membership import NO_SUCH_ROUTE
from app.sync.signed import MAX_WORDS, Pass, Signed, Word, read_signed, sign

_REPLICAS = 200
"""So many of a profile's identities are spoken of, the latest."""


def own_pass(store: Store) -> tuple[Signed, Pass] | None:
    """This device's pass; None without one that fits its keys."""
    told = letters.passport(store)
    standing = outbox.standing(store)
    if not (told and standing.courier.agency and standing.courier.secret):
        return None
    try:
        signed = Signed.model_validate_json(told)
        shown = read_signed(signed, PublicKeys.of(standing.courier.agency).signing, Pass)
    except (AgencyGarbled, ValidationError):
        return None
    secret = Secret(bytes.fromhex(standing.courier.secret))
    return (signed, shown) if shown.signing == secret.public.signing.hex() else None


def renew_pass(store: Store, agency: Agency) -> bool:
    """Asks for a pass if there is none, if it says otherwise than the grant, or if it is a day old; whether it came."""
    if not isinstance(agency, Carrying) or not letters.needs_passport(store):
        return False
    try:
        signed = agency.passport()
        read_signed(signed, PublicKeys.of(outbox.standing(store).courier.agency).signing, Pass)
    except (AgencyRefused, AgencyGarbled) as refused:
        if refused.code in ("courier_no_keys", "agency_garbled") or refused.params.get("status") in NO_SUCH_ROUTE:
            return False
        raise
    letters.keep_passport(store, signed.model_dump_json())
    return True


def own_word(
    store: Store, secret: Secret, vector: VersionVector | None = None, sealed: Sequence[SealedLetter] = ()
) -> Signed:
    """This device's word how far its changes have come; with `sealed`, that these letters hold those up to `vector`."""
    names = [one.sha for one in sealed]
    sha = hashlib.sha256("".join(names).encode()).hexdigest() if len(names) > 1 else "".join(names)
    covered = letters.own_vector(store) if vector is None else vector
    return sign(
        secret,
        Word(
            signing=secret.public.signing.hex(),
            vector=flatten(dict(sorted(covered.items())[-_REPLICAS:])),
            sha=sha,
            size=sum(len(one.sealed) for one in sealed),
            changes=sum(one.changes for one in sealed),
            parts=names if len(names) > 1 else [],
            at=instant_of(store.clock()),
        ),
    )


def instant_of(ms: int) -> str:
    """Milliseconds as statements tell them."""
    at = datetime.fromtimestamp(ms / 1000, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def hand_in(store: Store, agency: Agency, recognise: Callable[[], None]) -> int:
    """Brings the agency what lies here of others; how many letters it took.

    First all words, this device's own among them: then every letter, and every own change afterwards, is
    believed to have seen what it has heard in the hall.

    Raises:
        AgencyUnreachable, AgencyRefused: the carrier itself is not let in; the letters stay.
    """
    if not isinstance(agency, Carrying) or not letters.any_held(store):
        return 0
    held = [each for each in letters.letters(store) if each.state == HELD]
    secret, _ = own_keys(outbox.standing(store))
    words = [own_word(store, secret), *(Signed.model_validate(orjson.loads(each.announced)) for each in held)]
    recognise()
    try:
        for start in range(0, len(words), MAX_WORDS):
            agency.carry(CarryRequest(words=words[start : start + MAX_WORDS]))
        return sum(_deliver(store, agency, each) for each in held)
    except (AgencyRefused, AgencyGarbled) as refused:
        if refused.params.get("status") in NO_SUCH_ROUTE:
            return 0  # an older agency: the letters wait, their authors send for themselves
        raise


def _deliver(store: Store, agency: Carrying, held: Letter) -> bool:
    device, sealed, reply = held.author.device, False, CarryReply()
    parts = word_of(held.note).parts if held.note and held.has_body else []
    for letter in (letters.part(store, device, sha) for sha in parts) if parts else (letters.body(store, device),):
        if not letter:
            break
        before, sealed = reply.receipt, True
        reply = agency.carry(CarryRequest(letter=base64.b64encode(letter).decode()))
        if reply.receipt is None:
            reply = reply.model_copy(update={"receipt": before})
        if reply.outcome in ("refused", "reset"):
            break
    state = REFUSED if reply.outcome in ("refused", "reset") else TAKEN
    reason = reply.reason or ("reset" if state == REFUSED else "")
    letters.tell(store, held, state, reason)
    if reply.receipt is not None:
        letters.keep_receipt(store, device, orjson.dumps(reply.receipt.model_dump()))
    if sealed:
        params: dict[str, str | int] = {"person": held.author.person, "device": held.author.name}
        journal.note(store, f"letter.{state}", {**params, "changes": held.changes, "reason": reason})
    return sealed and state == TAKEN


def word_of(kept: bytes) -> Word:
    """A device's word as it is kept; its signature was checked when it came."""
    return Word.model_validate_json(str(orjson.loads(kept)["told"]))
