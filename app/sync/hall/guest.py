"""The guest: a laptop that has connected to the hub of its hall, and keeps exchanging until it leaves.

Nothing is believed before the hub has signed the fingerprint of the very certificate under which this
line runs, with the key in a pass of the same agency. Every later connection is pinned to it.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import secrets
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from pydantic import BaseModel

from app.domain.fields import SCHEMA_VERSION
from app.domain.ids import EntityId, is_id
from app.errors import AgencyGarbled, HallRefused, MasswerkError
from app.models import hearing
from app.models.store import Store
from app.sync.hall.desk import HallDesk, Other
from app.sync.hall.files import FileTurns, Left
from app.sync.hall.pairing import GUEST, HUB, Line, pinned, typed_code
from app.sync.hall.post import LETTER_EVERY
from app.sync.hall.trust import Admission, Own
from app.sync.hall.wire import (
    FILES,
    MAX_DEVICES,
    PARTS,
    PROGRAM,
    RECEIPTS,
    Enter,
    EnterReply,
    HallReply,
    HallRequest,
    Heard,
    Knock,
    KnockReply,
    LetterReply,
    LetterRequest,
    PartRequest,
    Person,
    Program,
    ProgramReply,
    Prove,
    ProveReply,
    ReceiptsRequest,
    Refusal,
)
from app.sync.signed import Pass
from app.sync.wire import ENCODING, MEDIA_TYPE, decode_body, encode_body

EVERY_SECONDS = 0.7
"""So often a guest asks while nothing is typed here; what is typed here goes at once."""
PAUSE_SECONDS = 0.15
"""At least so long between two requests, so that fast typing goes together."""
CONNECT_SECONDS = 4.0
ANSWER_SECONDS = 20.0
LAST_ROUNDS = 20
RETRY_SECONDS = (1.0, 2.0, 4.0, 5.0)
MAX_REPLY = 16 * 1024 * 1024
_M = TypeVar("_M", bound=BaseModel)


class Linked(StrEnum):
    """How a guest stands: at work, trying to get back, or at an end."""

    JOINED = "joined"
    AWAY = "away"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a hub listens."""

    host: str
    port: int

    @classmethod
    def of(cls, text: str, port: int) -> Address:
        """What somebody typed, "192.168.1.7" or "192.168.1.7:8475".

        Raises:
            HallRefused: code "hall_address".
        """
        host, _, told = text.strip().rpartition(":") if text.count(":") == 1 else (text.strip().strip("[]"), "", "")
        if not host or any(c.isspace() or c in "/@" for c in host) or (told and not told.isdigit()):
            raise HallRefused("hall_address")
        number = int(told) if told else port
        if not 0 < number < 65_536:
            raise HallRefused("hall_address")
        return cls(host, number)


class Wire:
    """Requests to one hub over TLS pinned to one certificate; a broken connection is made anew with the next."""

    def __init__(self, address: Address, certificate: bytes) -> None:
        self._address, self._context = address, pinned(certificate)
        self.session = ""
        self._connection: http.client.HTTPSConnection | None = None

    def ask(self, path: str, message: BaseModel, model: type[_M]) -> _M:
        """One request and its reply.

        Raises:
            HallRefused: what the hub says.
            OSError: nobody answers, or somebody else.
            AgencyGarbled: the reply is none of ours.
        """
        body, encoding = encode_body(message)
        headers = {"Content-Type": MEDIA_TYPE, "Authorization": f"Bearer {self.session}"}
        if encoding:
            headers["Content-Encoding"] = ENCODING
        connection = self._connection or self._connected()
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            content = response.read(MAX_REPLY + 1)
            ends = response.will_close
            if response.length:  # asked for so many bytes at most, http.client takes a torn answer for a short one
                raise http.client.IncompleteRead(content, response.length)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise OSError(type(error).__name__) from error
        if ends:
            self.close()
        told = response.headers.get("Content-Encoding", "")
        if response.status != 200 or len(content) > MAX_REPLY:
            raise HallRefused(decode_body(Refusal, content, told).code)
        return decode_body(model, content, told)

    def _connected(self) -> http.client.HTTPSConnection:
        connection = http.client.HTTPSConnection(
            self._address.host, self._address.port, timeout=ANSWER_SECONDS, context=self._context
        )
        connection.timeout = CONNECT_SECONDS
        connection.connect()
        assert connection.sock is not None
        connection.sock.settimeout(ANSWER_SECONDS)
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection = connection
        return connection

    def cut(self) -> None:
        """Breaks off a request under way, from any thread."""
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)  # past TLS, whose farewell would wait

    def close(self) -> None:
        """Hangs up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def certificate_at(address: Address) -> bytes:
    """The certificate shown there, in DER: believed in nothing until its owner has signed for it.

    Raises:
        OSError: nobody answers there, or not in TLS.
    """
    pem = ssl.get_server_certificate((address.host, address.port), timeout=CONNECT_SECONDS)
    return ssl.PEM_cert_to_DER_cert(pem)


@dataclass(frozen=True, slots=True)
class Entered:
    """The hub has let us in; `also` are routes that it answers beyond those of the first version."""

    wire: Wire
    hub: Pass
    workshop: EntityId
    also: frozenset[str] = frozenset()


def enter(store: Store, address: Address, code: str) -> Entered:
    """Knocks, proves the code, checks who answers, and shows who we are.

    Raises:
        HallRefused: codes "hall_away" (nobody answers), "hall_stranger" (somebody in between, or of another
            agency), and what the hub says.
    """
    own = Own.of(store)
    try:
        der = certificate_at(address)
        wire = Wire(address, der)
        try:
            return _let_in(store, own, wire, hashlib.sha256(der).digest(), code)
        except BaseException:
            wire.close()
            raise
    except OSError as error:
        raise HallRefused("hall_away") from error
    except AgencyGarbled as error:
        raise HallRefused("hall_stranger") from error


def _let_in(store: Store, own: Own, wire: Wire, fingerprint: bytes, code: str) -> Entered:
    mine = secrets.token_bytes(32)
    theirs = wire.ask("/hall/knock", Knock(nonce=mine.hex()), KnockReply).nonce
    line = Line(fingerprint, mine, bytes.fromhex(theirs))
    proofs = line.keyed(typed_code(code))
    reply = wire.ask("/hall/prove", Prove(nonce=theirs, proof=proofs.of(GUEST)), ProveReply)
    hub = _checked(store, own, line, reply)
    if not proofs.holds(HUB, reply.proof):
        raise HallRefused("hall_code")
    signature = line.sign(own.secret, GUEST)
    entered = wire.ask("/hall/enter", Enter(nonce=theirs, passport=own.signed, signature=signature), EnterReply)
    if not is_id(entered.workshop):
        raise HallRefused("hall_stranger")
    Admission(store, own, entered.workshop).check(reply.passport)
    wire.session = entered.session
    also = frozenset(entered.also)
    if PROGRAM in also:
        wire.ask(PROGRAM, Program(schema_version=SCHEMA_VERSION), ProgramReply)
    return Entered(wire, hub, entered.workshop, also)


def _checked(store: Store, own: Own, line: Line, reply: ProveReply) -> Pass:
    """Who the hub is, once it is certain that this line ends there."""
    shown = Admission(store, own, "").check(reply.passport)
    if not line.is_signed(reply.signature, bytes.fromhex(shown.signing), HUB):
        raise HallRefused("hall_stranger")
    return shown


class GuestLink:
    """Exchanges with one hub until `leave`, on a thread of its own."""

    def __init__(
        self,
        store: Store,
        entered: Entered,
        on_change: Callable[[], None] = lambda: None,
        letter_every: float = LETTER_EVERY,
        every: float = EVERY_SECONDS,
    ) -> None:
        self._wake = threading.Event()
        self._over = threading.Event()
        self.workshop, self.hub = entered.workshop, entered.hub
        is_here = hearing.root_of(store, entered.workshop) is not None
        self.desk = HallDesk(store, entered.workshop, self._wake.set, letter_every, knows=is_here)
        self._wire, self._on_change, self._every = entered.wire, on_change, every
        self._other = Other(entered.hub)
        self._also, self._told_receipts = entered.also, frozenset[str]()
        self._files = FileTurns(self.desk.files)
        self._taken = 0
        self._needs_compare = True
        self.state = Linked.JOINED
        self.reason = ""
        self.present: list[Person] = []
        self._thread = threading.Thread(target=self._run, name="hall-guest", daemon=True)

    @property
    def sending(self) -> Left:
        """Files that the hub still gets from here."""
        return self._files.sending

    def start(self) -> None:
        """Begins to exchange."""
        self._thread.start()

    def leave(self, seconds: float = 5.0) -> None:
        """Hands over a last letter, says goodbye and ends; waits at most so long."""
        self._over.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(seconds)
        if self._thread.is_alive():  # the hub has fallen silent in the middle of an answer
            self._wire.cut()
            self._thread.join(CONNECT_SECONDS)
        self._wire.close()
        self.desk.close()

    def _run(self) -> None:
        tries = 0
        while not self._over.is_set():
            try:
                more = self.exchange()
                tries = 0
                self._say(Linked.JOINED)
            except HallRefused as refused:
                self._say(Linked.ENDED, refused.code)
                return
            except (OSError, AgencyGarbled):
                self._say(Linked.AWAY)
                self._needs_compare = True
                self._over.wait(RETRY_SECONDS[min(tries, len(RETRY_SECONDS) - 1)])
                tries += 1
                continue
            except MasswerkError as failed:  # the own disk is full, or worse: told, and nothing taken
                self._say(Linked.ENDED, failed.code)
                return
            if not more:
                self._over.wait(PAUSE_SECONDS)
                self._wake.wait(self._every)
        if self.state is Linked.JOINED:
            with contextlib.suppress(OSError, MasswerkError):
                self._goodbye()
        self._say(Linked.ENDED)

    def _say(self, state: Linked, reason: str = "") -> None:
        if (state, reason) != (self.state, self.reason):
            self.state, self.reason = state, reason
            self._on_change()

    def _goodbye(self) -> None:
        self.desk.post.prepare(now=True)
        for _ in range(LAST_ROUNDS):
            if not self.exchange():
                break
        self._wire.ask("/hall/leave", Knock(nonce="0" * 64), LetterReply)

    def exchange(self) -> bool:
        """One request and what follows from its reply; whether there is more at once."""
        self._wake.clear()
        desk, other = self.desk, self._other
        desk.post.prepare()
        digests = desk.digests() if self._needs_compare else None
        pages, sent, more = ([], {}, False) if self._needs_compare else desk.news(other)
        reply = self._wire.ask(
            "/hall/exchange",
            HallRequest(
                taken=self._taken,
                digests=digests,
                total=None if pages else desk.total(),
                pages=pages,
                said=desk.post.statements(),
                has=desk.post.has(),
                authors=desk.authors(),
            ),
            HallReply,
        )
        other.same |= sent
        compared = self._needs_compare
        letters = self._take(reply)
        if letters or more or reply.more or self._needs_compare or compared:
            return True
        return FILES in self._also and self._files.step(self._wire.ask)

    def _take(self, reply: HallReply) -> bool:
        """What the hub has told; whether further letters are under way."""
        desk, other = self.desk, self._other
        desk.post.hear(reply.said)
        desk.learn(reply.authors)
        if reply.digests is not None:
            desk.compare(other, reply.digests)
        desk.take(other, reply.pages)
        self._taken = reply.number
        self._needs_compare = reply.compare
        desk.post.note_keeper(self.hub, reply.has)
        if reply.receipt is not None:
            desk.receipts.take([reply.receipt])
        self._tell_receipts()
        under_way = [self._bring(device) for device in reply.wanted]
        under_way += [self._fetch(device) for device in desk.post.wanted(reply.has)]
        present = [self._known(person) for person in reply.present]
        if present != self.present:
            self.present = present
            self._on_change()
        return any(under_way)

    def _known(self, person: Person) -> Person:
        """An early hub does not say which fields it knows: too few to be asked."""
        early = person.signing == self.hub.signing and PROGRAM not in self._also
        return person.model_copy(update={"schema_version": 0}) if early else person

    def _tell_receipts(self) -> None:
        """What the agency has given us for others: the hub is one of them, or meets them."""
        if RECEIPTS not in self._also:
            return
        carried = list(self.desk.receipts.carried().values())[:MAX_DEVICES]
        if fresh := [told for told in carried if told.signature not in self._told_receipts]:
            self._wire.ask(RECEIPTS, ReceiptsRequest(receipts=fresh), Heard)
            self._told_receipts |= {told.signature for told in fresh}

    def _bring(self, device: str) -> bool:
        """Hands over a letter, or the next of several; whether one more is left."""
        post = self.desk.post
        if parts := post.parts(device):
            return PARTS in self._also and self._bring_part(device, parts)
        sealed = post.letter(device)
        if sealed:
            told = base64.b64encode(sealed).decode()
            reply = self._wire.ask("/hall/letter", LetterRequest(device=device, letter=told), LetterReply)
            if reply.kept:
                post.note_keeper(self.hub, {device: hashlib.sha256(sealed).hexdigest()})
        return False

    def _bring_part(self, device: str, parts: Sequence[str]) -> bool:
        for sha in parts:
            if not self._wire.ask(PARTS, PartRequest(device=device, sha=sha), LetterReply).kept:
                told = base64.b64encode(self.desk.post.part(device, sha)).decode()
                asked = PartRequest(device=device, sha=sha, letter=told)
                return bool(told) and self._wire.ask(PARTS, asked, LetterReply).kept and sha != parts[-1]
        return False

    def _fetch(self, device: str) -> bool:
        """Asks for a letter, or for the next of several; whether one more is left."""
        post = self.desk.post
        if not post.parts(device):
            told = self._wire.ask("/hall/letter", LetterRequest(device=device), LetterReply)
            post.take(device, told.letter)
            return False
        missing = post.missing(device)
        if PARTS not in self._also or not missing:
            return False
        asked = PartRequest(device=device, sha=missing[0], give=True)
        told = self._wire.ask(PARTS, asked, LetterReply)
        return post.take_part(device, missing[0], told.letter) and len(missing) > 1
