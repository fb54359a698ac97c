"""The agency's own staff comes in: whoever shows an account of their house gets a device of role agency."""

from __future__ import annotations

import logging

from sqlalchemy import select

from app.errors import AgencyGarbled, AgencyRefused, ReplicaFork
from app.server import auth, courier_keys, instant
from app.server.admission import check_protocol, patience
from app.server.database import Database
from app.server.signin import Provider
from app.server.tables import agency
from app.sync.sign_in_wire import SignInOffer, SignInRequest
from app.sync.wire import EnrolReply

_log = logging.getLogger(__name__)


class Staff:
    """Signing in at one agency; without a provider both methods refuse with "sign_in_unknown"."""

    def __init__(self, database: Database, clock: instant.Clock, provider: Provider | None) -> None:
        self._database, self._clock, self._provider = database, clock, provider

    def offer(self) -> SignInOffer:
        """Where the browser is to go; raises as `Provider`."""
        return self._known().offer()

    def sign_in(self, request: SignInRequest) -> EnrolReply:
        """A token for the device of whoever has signed in; raises as `Provider`.

        Raises:
            ReplicaFork: the replica belongs to another device; told before the code is spent where that can be seen.
        """
        check_protocol(request.protocol)
        provider = self._known()
        if not (request.person.isprintable() and request.device.isprintable() and request.replica > 0):
            raise AgencyGarbled(reason="shape", at="person, device, replica")
        with patience(), self._database.read() as connection:
            if auth.is_anothers(connection, request.replica):
                raise ReplicaFork(replica=str(request.replica), n=0)
        account = provider.account(request.code, request.verifier, request.redirect)
        with patience(), self._database.write() as connection:
            token, device = auth.admit(connection, self._clock(), request, account)
            courier = courier_keys.register(connection, device.id, request.courier)
            known = connection.execute(select(agency)).one()
        _log.info("device %d signed in as %s", device.id, device.grant.role.value)
        return EnrolReply(
            agency=known.id, name=known.name, epoch=known.epoch, token=token, grant=device.shape, courier=courier
        )

    def _known(self) -> Provider:
        if self._provider is None:
            raise AgencyRefused("sign_in_unknown")
        return self._provider
