"""Who may come in: tokens per device, invitations for one, and what each may do.

Secrets are stored as SHA-256 only. Every request looks its device up anew, so that
a revocation holds at once.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from app.domain.access import Grant
from app.domain.catalogue import Role
from app.domain.ids import EntityId, is_id
from app.errors import InvitationInvalid, NotAllowed, ReplicaFork, TokenRevoked
from app.server.instant import told
from app.server.signin import Account
from app.server.tables import courier_key, device, invitation, replica
from app.sync.sign_in_wire import SignInRequest
from app.sync.wire import EnrolRequest, GrantShape, SyncRequest

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 O 1 I L: codes are read out on the telephone."""
_WORDS = {
    Role.COORDINATOR: "KOORD",
    Role.FACILITATOR: "MODER",
    Role.CONSORTIUM: "KONSO",
    Role.READER: "LESEN",
    Role.AGENCY: "AGENT",
}
_AGS = re.compile(r"0\d{7}\Z")


@dataclass(frozen=True, slots=True)
class Device:
    """An enrolled device as it stands at this moment."""

    id: int
    person: str
    name: str
    grant: Grant
    last_seen: str | None

    @property
    def shape(self) -> GrantShape:
        """The grant as it is told to the device."""
        return GrantShape(
            role=self.grant.role.value,
            ags=self.grant.ags,
            workshops=sorted(self.grant.workshops),
            scopes=sorted(self.grant.scopes),
        )


@dataclass(frozen=True, slots=True)
class SignedBy:
    """Proof by a courier file whose signature by this key (Ed25519) was checked."""

    signing: bytes


Credential = str | SignedBy
"""How a device shows who it is: its token, or its signature."""


def token_hash(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def code_hash(code: str) -> bytes:
    """What is stored of an invitation code, however it was typed."""
    return hashlib.sha256(re.sub(r"[\s\-–—_.]", "", code).upper().encode("utf-8", "surrogatepass")).digest()


def grant_of(role: str, ags: str, workshops: str) -> Grant:
    """The grant in a stored row; `workshops` is a JSON list."""
    return Grant(Role(role), ags, frozenset(orjson.loads(workshops)))


def identify(connection: Connection, credential: Credential) -> Device:
    """The device that carries this token, or signs with this key.

    Raises:
        TokenRevoked: nobody does, or it was signed off.
    """
    if isinstance(credential, SignedBy):
        signer = select(device).join(courier_key).where(courier_key.c.signing == credential.signing)
        row = connection.execute(signer).one_or_none()
        if row is None or row.revoked_at is not None:
            raise TokenRevoked()
        return _device(row)
    digest = token_hash(credential)
    row = connection.execute(_CARRYING, {"hash": digest}).one_or_none()
    if row is None or row.revoked_at is not None:
        raise TokenRevoked()
    return _device(row)


_CARRYING = select(device).where(
    or_(device.c.token_hash == bindparam("hash"), device.c.former_hash == bindparam("hash"))
)


def note_seen(connection: Connection, of: Device, request: SyncRequest, at: datetime) -> None:
    """When a device was here last, with which version of the program, and what it has still to send."""
    left = max(0, request.waiting - len(request.changes))
    said = {"device": of.id, "at": told(at), "version": request.app_version, "left": left}
    connection.execute(_SEEN, said)


_SEEN = (
    update(device)
    .where(device.c.id == bindparam("device"))
    .values(last_seen=bindparam("at"), app_version=bindparam("version"), waiting=bindparam("left"))
)


def _device(row: Row[tuple[object, ...]]) -> Device:
    return Device(row.id, row.person, row.name, grant_of(row.role, row.ags, row.workshops), row.last_seen)


def renew(connection: Connection, token: str) -> str:
    """A new token for the device that shows this one, which still counts until the next renewal.

    So a lost reply locks nobody out, nor does a profile put back from a backup; and a copy that somebody else
    renews ends the owner's token, which the owner notices.

    Raises:
        TokenRevoked: unknown or signed off.
    """
    known, made = identify(connection, token), secrets.token_urlsafe(32)
    this = update(device).where(device.c.id == known.id)
    connection.execute(this.values(token_hash=token_hash(made), former_hash=token_hash(token)))
    return made


def invite(
    connection: Connection,
    now: datetime,
    role: Role,
    ags: str = "",
    workshops: Sequence[EntityId] = (),
    days: float = 14,
    label: str = "",
    replaces: int | None = None,
) -> str:
    """A new invitation code, told only here.

    Raises:
        NotAllowed: a coordinator without a municipality, or a malformed key.
    """
    if (role is Role.COORDINATOR or ags) and not _AGS.match(ags):
        raise NotAllowed("invite", "ags", ags=ags[:20])
    if not all(is_id(w) for w in workshops):
        raise NotAllowed("invite", "workshop")
    word = re.sub(r"[^A-Z]", "", label.upper())[:5] or _WORDS[role]
    parts = ["".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(2)]
    code = "-".join([word, *parts])
    connection.execute(
        insert(invitation).values(
            code_hash=code_hash(code),
            role=role.value,
            ags=ags,
            workshops=orjson.dumps(sorted(set(workshops))).decode(),
            expires_at=told(now + timedelta(days=days)),
            replaces=replaces,
        )
    )
    return code


def redeem(connection: Connection, now: datetime, request: EnrolRequest) -> tuple[str, Device]:
    """Trade a code for a token: (token, device).

    The same code from the same installation again, before the device has spoken, means that the first
    reply was lost: the device then gets a new token, and the lost one is worth nothing.

    Raises:
        InvitationInvalid: unknown, expired, or used by somebody else.
        ReplicaFork: the replica belongs to another device: a copied profile must take a new identity first.
    """
    digest = code_hash(request.code)
    query = select(invitation).where(invitation.c.code_hash == digest).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise InvitationInvalid(reason="unknown")
    token = secrets.token_urlsafe(32)
    if row.used_by is not None:
        return token, _ask_again(connection, row.used_by, request, token)
    if row.expires_at <= told(now):
        raise InvitationInvalid(reason="expired")
    made = connection.execute(
        insert(device)
        .values(
            token_hash=token_hash(token),
            person=request.person,
            name=request.device,
            role=row.role,
            ags=row.ags,
            workshops=row.workshops,
            created_at=told(now),
            app_version="",
        )
        .returning(device.c.id)
    ).scalar_one()
    if row.replaces is not None:
        connection.execute(update(replica).where(replica.c.device_id == row.replaces).values(device_id=made))
    _bind(connection, request.replica, made)
    connection.execute(
        update(invitation).where(invitation.c.code_hash == digest).values(used_at=told(now), used_by=made)
    )
    grant = grant_of(row.role, row.ags, row.workshops)
    return token, Device(made, request.person, request.device, grant, None)


def is_anothers(connection: Connection, number: int) -> bool:
    """Whether a replica belongs to a device that no account can take over: an invited one, or one signed off."""
    row = _owner(connection, number)
    return row is not None and (row.subject is None or row.revoked_at is not None)


def admit(connection: Connection, now: datetime, request: SignInRequest, account: Account) -> tuple[str, Device]:
    """A device of the agency's own staff for whoever has shown this account: (token, device).

    The same account on the same installation is the same device; its former tokens are worth nothing then.

    Raises:
        ReplicaFork: the replica belongs to another device.
    """
    token, owner = secrets.token_urlsafe(32), _owner(connection, request.replica)
    shown = {"token_hash": token_hash(token), "person": account.person or request.person, "name": request.device}
    if owner is not None:
        if owner.subject != account.subject or owner.revoked_at is not None:
            raise ReplicaFork(replica=str(request.replica), n=0)
        this = update(device).where(device.c.id == owner.id)
        row = connection.execute(this.values(former_hash=None, **shown).returning(device)).one()
        return token, _device(row)
    row = connection.execute(
        insert(device)
        .values(
            **shown, role=Role.AGENCY.value, ags="", workshops="[]", created_at=told(now), app_version="",
            subject=account.subject,
        )
        .returning(device)
    ).one()  # fmt: skip
    _bind(connection, request.replica, row.id)
    return token, _device(row)


def _owner(connection: Connection, number: int) -> Row[Any] | None:
    query = select(device).join(replica, replica.c.device_id == device.c.id).where(replica.c.replica == number)
    return connection.execute(query).one_or_none()


def _ask_again(connection: Connection, used_by: int, request: EnrolRequest, token: str) -> Device:
    row = connection.execute(select(device).where(device.c.id == used_by)).one()
    owner = connection.execute(
        select(replica.c.device_id).where(replica.c.replica == request.replica)
    ).scalar_one_or_none()
    if owner != used_by or row.last_seen is not None or row.revoked_at is not None:
        raise InvitationInvalid(reason="used")
    connection.execute(update(device).where(device.c.id == used_by).values(token_hash=token_hash(token)))
    return _device(row)


def _bind(connection: Connection, number: int, device_id: int) -> None:
    owner = connection.execute(select(replica.c.device_id).where(replica.c.replica == number)).scalar_one_or_none()
    if owner is None:
        connection.execute(insert(replica).values(replica=number, device_id=device_id, max_n=0))
    elif owner != device_id:
        raise ReplicaFork(replica=str(number), n=0)


def revoke(connection: Connection, now: datetime, device_id: int) -> bool:
    """Sign a device off; whether there was one to sign off."""
    signed_off = connection.execute(
        update(device).where(device.c.id == device_id, device.c.revoked_at.is_(None)).values(revoked_at=told(now))
    )
    return signed_off.rowcount == 1


def close_account(connection: Connection, now: datetime, device_id: int) -> list[int]:
    """Sign off every device that came in with the account of this one; their numbers, none if it has no account."""
    account = select(device.c.subject).where(device.c.id == device_id).scalar_subquery()
    of_it = (device.c.subject == account, device.c.subject.is_not(None), device.c.revoked_at.is_(None))
    found = sorted(connection.execute(select(device.c.id).where(*of_it)).scalars())
    connection.execute(update(device).where(device.c.id.in_(found)).values(revoked_at=told(now)))
    return found


def extend(connection: Connection, device_id: int, workshops: Sequence[EntityId]) -> Grant:
    """Give a device further workshops to lead; the grant as it is then.

    Raises:
        NotAllowed: no such device, or a malformed workshop id.
    """
    return _lead(connection, device_id, workshops, set.union)


def withdraw(connection: Connection, device_id: int, workshops: Sequence[EntityId]) -> Grant:
    """Let a device lead these workshops no longer; the grant as it is then.

    Raises:
        NotAllowed: no such device, or a malformed workshop id.
    """
    return _lead(connection, device_id, workshops, set.difference)


def _lead(
    connection: Connection,
    device_id: int,
    workshops: Sequence[EntityId],
    put: Callable[[set[EntityId], set[EntityId]], set[EntityId]],
) -> Grant:
    row = connection.execute(select(device).where(device.c.id == device_id).with_for_update()).one_or_none()
    if row is None:
        raise NotAllowed("grant", "device", device=device_id)
    if not all(is_id(w) for w in workshops):
        raise NotAllowed("grant", "workshop")
    led = orjson.dumps(sorted(put(set(orjson.loads(row.workshops)), set(workshops)))).decode()
    connection.execute(update(device).where(device.c.id == device_id).values(workshops=led))
    return grant_of(row.role, row.ags, led)
