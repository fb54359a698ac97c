"""Joining an agency with an invitation code."""

from __future__ import annotations

from app.models import outbox
from app.models.settings import encode_grant
from app.models.store import Store
from app.sync.agency import Agency
from app.sync.courier_keys import Secret
from app.sync.wire import EnrolReply, EnrolRequest


def join(store: Store, agency: Agency, url: str, code: str) -> EnrolReply:
    """Trades the code for this device's token and keeps it in the encrypted database.

    Work done alone before stays and goes to the agency with the first exchange.

    Raises:
        InvitationInvalid, ReplicaFork, AgencyUnreachable, AgencyGarbled: nothing was changed here.
    """
    standing = outbox.standing(store)
    secret = Secret.make()
    reply = agency.enrol(
        EnrolRequest(
            code=code.strip().upper(),
            replica=standing.replicas[-1],
            person=standing.person.name,
            device=standing.person.device,
            courier=secret.public.told(),
        )
    )
    store.put_settings(
        agency_url=url,
        agency=reply.agency,
        agency_name=reply.name,
        epoch=reply.epoch,
        token=reply.token,
        courier_secret=secret.raw.hex(),
        courier_agency=reply.courier,
        courier_epoch=reply.epoch if reply.courier else "",
        grant=encode_grant(reply.grant.role, reply.grant.ags, reply.grant.workshops),
    )
    return reply
