"""Joining an agency with an invitation code, or however else it lets a device in."""

from __future__ import annotations

from collections.abc import Callable

from app.errors import AgencyGarbled, AgencyRefused, ReplicaFork
from app.models import journal, outbox, reissue
from app.models.settings import encode_grant
from app.models.store import Store
from app.sync.agency import Agency, Renewing
from app.sync.courier_keys import Secret
from app.sync.wire import EnrolReply, EnrolRequest

TOKEN_MS = 30 * 86_400_000
"""How old a token grows before it is traded for a new one."""
NO_SUCH_ROUTE = (404, 405, 501)
"""Statuses of an agency that does not know the question."""


def join(store: Store, agency: Agency, url: str, code: str) -> EnrolReply:
    """Trades the code for this device's token and keeps it in the encrypted database.

    Work done alone before stays and goes to the agency with the first exchange.

    Raises:
        InvitationInvalid, AgencyUnreachable, AgencyGarbled: nothing was changed here but perhaps the identity.
    """
    return enter(store, url, lambda secret: agency.enrol(_asking(store, code, secret)))


def enter(store: Store, url: str, ask: Callable[[Secret], EnrolReply]) -> EnrolReply:
    """Keeps what an agency gives to a device that comes in, however it is asked; asks twice for a copied profile."""
    secret = Secret.make()
    try:
        reply = ask(secret)
    except ReplicaFork:
        # The original of this copied profile is here already: the copy gets an identity of its own.
        replica = outbox.standing(store).replicas[-1]
        renewed = reissue.renew(store, replica, reissue.last_settled(store, replica))
        journal.note(store, "device.new_identity", {"again": renewed.changes})
        reply = ask(secret)
    known = outbox.standing(store).membership
    # Who comes back to an agency restored meanwhile has to notice that: the exchange does, by the old epoch.
    epoch = known.epoch if known.agency == reply.agency and known.epoch else reply.epoch
    # Whom one works for says the invitation: who has changed towns would else go on making the old one's measures.
    town = {"ags": reply.grant.ags} if reply.grant.ags else {}
    store.put_settings(
        **town,
        agency_url=url,
        agency=reply.agency,
        agency_name=reply.name,
        epoch=epoch,
        token=reply.token,
        token_at=str(store.clock()),
        passport="",
        courier_secret=secret.raw.hex(),
        courier_agency=reply.courier,
        courier_epoch=reply.epoch if reply.courier else "",
        grant=encode_grant(reply.grant.role, reply.grant.ags, reply.grant.workshops),
    )
    return reply


def renew_token(store: Store, agency: Agency) -> bool:
    """Trades the token for a new one once it is old, so that a stolen copy is soon worth nothing; whether it did.

    The old one counts until the next time: a lost reply or a profile put back from a backup locks nobody out.
    """
    standing, now = outbox.standing(store), store.clock()
    if not isinstance(agency, Renewing) or 0 <= now - standing.token_at < TOKEN_MS:
        return False
    try:
        token = agency.renew()
    except (AgencyRefused, AgencyGarbled) as refused:
        if refused.params.get("status") not in NO_SUCH_ROUTE:
            raise
        return False
    store.put_settings(token=token, token_at=str(now))
    return True


def _asking(store: Store, code: str, secret: Secret) -> EnrolRequest:
    standing = outbox.standing(store)
    return EnrolRequest(
        code=code.strip().upper(),
        replica=standing.replicas[-1],
        person=standing.person.name,
        device=standing.person.device,
        courier=secret.public.told(),
    )
