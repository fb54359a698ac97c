"""Asks what the next exchange would bring, and takes nothing of it: no row, no cursor, no receipt."""

from __future__ import annotations

from dataclasses import dataclass

from app.config import VERSION
from app.domain.clock import flatten
from app.domain.fields import SCHEMA_VERSION
from app.errors import AgencyGarbled, WrongAgency
from app.models import outbox
from app.models.foresight import Foreseen, Manner, foresee
from app.models.incoming import Step
from app.models.store import Store
from app.sync.agency import Agency
from app.sync.exchange import PAGE, check_recent
from app.sync.translate import translate
from app.sync.wire import SyncRequest

__all__ = ["Foreseen", "Manner", "Preview", "look_ahead"]

MOST_PAGES = 3
"""A device that was away for months is told about the first few thousand records; nobody reads more of them."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come.

    Attributes:
        more: there is more than was looked at.
        renewed: the agency was restored meanwhile: everything would be compared first.
    """

    coming: tuple[Foreseen, ...] = ()
    more: bool = False
    renewed: bool = False


def look_ahead(store: Store, agency: Agency, page: int = PAGE) -> Preview:
    """What the next exchange would fetch, compared with what is here; `page` records are asked for at once.

    Raises:
        AgencyUnreachable, AgencyRefused, AgencyGarbled: nobody can say then.
    """
    standing = outbox.standing(store)
    cursors, steps, more = dict(standing.cursors), list[Step](), True
    for _ in range(MOST_PAGES):
        request = SyncRequest(
            app_version=VERSION,
            epoch=standing.membership.epoch,
            replicas=list(standing.replicas),
            cursors=cursors,
            receipted=flatten(standing.receipted),
            limit=page,
            schema_version=SCHEMA_VERSION,
        )
        reply = agency.sync(request)
        if reply.agency != standing.membership.agency:
            raise WrongAgency(expected=standing.membership.agency, found=reply.agency)
        if reply.reset:
            return Preview(renewed=True)
        check_recent(request, reply)
        steps += translate(reply).steps
        cursors |= {scope: seq for scope, seq in reply.cursors.items() if scope in reply.grant.scopes}
        more = reply.more
        if not more:
            break
        if not reply.feed:
            raise AgencyGarbled(reason="no_progress")
    return Preview(tuple(foresee(store, steps)), more)
