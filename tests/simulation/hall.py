"""A hall without a network: two laptops exchange a workshop and letters, and one of them gets to the agency some day.

Hub, guest and everything they do are the real ones; between them lies a line in memory on which messages are
lost, come twice or lose their answer, and at either end the power may fail.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from unittest.mock import patch

from pydantic import BaseModel

from app.errors import AgencyGarbled, AgencyUnreachable, HallRefused, StoreError
from app.models import settings
from app.models.engine import reading
from app.models.queries.hall import receipts_back
from app.sync.carry_wire import CarryReply, CarryRequest
from app.sync.hall import guest as guest_of
from app.sync.hall import pairing
from app.sync.hall.carry import own_pass
from app.sync.hall.guest import GuestLink
from app.sync.hall.hub import Hub
from app.sync.hall.serving import answer
from app.sync.hall.trust import Own
from app.sync.hall.wire import HallReply, HallRequest
from app.sync.signed import Signed
from app.sync.wire import Page, decode_body, encode_body
from tests.simulation import deeds
from tests.simulation.chance import weighted
from tests.simulation.faults import Crash
from tests.simulation.laptop import Laptop
from tests.simulation.ledger import Dots, Violation, name
from tests.simulation.line import Line
from tests.simulation.registry import NEWEST, speaking

if TYPE_CHECKING:
    from tests.simulation.world import Step, World

_M = TypeVar("_M", bound=BaseModel)
FATES = (("well", 14), ("lost", 2), ("answer lost", 2), ("twice", 2))
"""What may become of one message in the hall, and how often."""
_TYPED = (deeds.add_cards, deeds.write_minutes, deeds.vote, deeds.rewrite_card, deeds.decide, deeds.undo)
_WORKSHOPS = "SELECT id FROM entity WHERE kind = 'workshop' AND gone = 0 AND frozen = 0 ORDER BY id"
_APART = ("copy", "sign off")
"""Not played with halls: copies of a profile there are known to nobody but the agency (docs/adr/0021), and the word
of a signed-off device, how far it has come, is not believed: whoever wrote upon what it said is asked once more."""


def gathered(seed: int, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The same story with a few meetings in it."""
    from tests.simulation.world import Step

    dice = random.Random(f"{seed} hall")
    found = [step for step in steps if step.verb not in _APART]
    for _ in range(dice.randint(2, 4)):
        found.insert(dice.randrange(len(found) + 1), Step("meet", dice.randrange(10), dice.randrange(2**31)))
    return tuple(found)


class CarryingLine(Line):
    """A line over which passes are given and letters handed in."""

    def passport(self) -> Signed:
        given: Signed = self._said("passport")
        return given

    def carry(self, request: CarryRequest) -> CarryReply:
        self.meanwhile()
        arrived = decode_body(CarryRequest, *encode_body(request))
        reply: CarryReply = self._said("carry", arrived)
        self.world.count(f"letter {reply.outcome or 'words'}")
        return reply

    def _said(self, what: str, *given: object) -> Any:
        replies: list[Any] = []
        token = self.laptop.token
        if not self.office.survive(lambda service: replies.append(getattr(service.as_device(token), what)(*given))):
            raise AgencyUnreachable(reason="reset")
        return replies[0]


class Across:
    """The guest's line to the hub, in memory. `down` once the hub's power has failed."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self.session = ""
        self.down = False

    def ask(self, path: str, message: BaseModel, model: type[_M]) -> _M:
        meeting = self.meeting
        fate = weighted(meeting.dice, FATES) if self.session else "well"
        if self.down or fate == "lost":
            raise OSError(fate)
        if fate != "well":
            meeting.world.count(f"hall {fate}")
        reply = self._delivered(path, message)
        if fate == "twice":
            reply = self._delivered(path, message)
        if fate == "answer lost":
            raise OSError(fate)
        if isinstance(reply, HallReply):
            meeting.guest.hearing.hall.expect(_told(meeting.hub, reply.pages))
        return decode_body(model, *encode_body(reply))

    def _delivered(self, path: str, message: BaseModel) -> BaseModel:
        meeting = self.meeting
        told = encode_body(message)

        def read(model: type[_M], limit: int) -> _M:
            return decode_body(model, *told)

        if isinstance(message, HallRequest):
            meeting.hub.hearing.hall.expect(_told(meeting.guest, message.pages))
        try:
            with speaking(meeting.hub.schema):
                reply = answer(meeting.opened, path, self.session, read)
        except Crash:
            self.down = True
            raise OSError("down") from None
        except HallRefused:
            raise
        except (AgencyGarbled, StoreError) as error:
            raise HallRefused("hall_refused") from error
        if isinstance(message, HallRequest):
            meeting.hub.hearing.hall.taken(meeting.hub)
        return reply

    def cut(self) -> None:
        """There is nobody on another thread."""

    def close(self) -> None:
        """The line stays."""


def _told(sender: Laptop, pages: list[Page]) -> Iterator[tuple[str, Dots]]:
    for page in pages:
        for row in page.rows:
            yield row[0], sender.hearing.view(row[0]).dots


class Meeting:
    """One evening of two laptops."""

    def __init__(self, world: World, hub: Laptop, guest: Laptop, workshop: str, dice: random.Random) -> None:
        self.world, self.hub, self.guest, self.dice = world, hub, guest, dice
        self.opened = Hub(hub.store, workshop, letter_every=0.0)
        self.wire = Across(self)
        try:
            own, fingerprint = Own.of(guest.store), self.opened._certificate.fingerprint
            entered = guest_of._let_in(guest.store, own, self.wire, fingerprint, self.opened.code)  # type: ignore[arg-type]
            self.link = GuestLink(guest.store, entered, letter_every=0.0)
        except BaseException:
            self.opened.close()
            raise
        for desk in (self.opened.desk, self.link.desk):
            desk.post._clock = lambda: 0.0

    def close(self) -> None:
        self.link.desk.close()
        self.opened.close()

    def go_on(self) -> None:
        """Both type and exchange for a while; the line breaks, and whoever goes down ends the evening."""
        for _ in range(self.dice.randint(3, 9)):
            if self.dice.random() < 0.5:
                who = self.dice.choice((self.hub, self.guest))
                self.world.deed(who, self.dice.choice(_TYPED), self.dice)
            self.exchange()
            if self.wire.down:
                raise Crash
        self.link.desk.post.prepare(now=True)
        self.exchange()

    def exchange(self) -> None:
        """Until nobody has anything to tell, or the line breaks."""
        for _ in range(12):
            try:
                more = self.link.exchange()
            except (OSError, AgencyGarbled):
                self.link._needs_compare = True
                return
            self.guest.hearing.hall.taken(self.guest)
            if not more:
                return


def meet(world: World, laptop: Laptop, dice: random.Random) -> None:
    """Somebody opens a workshop to somebody else; both have been at the agency before."""
    others = [o for o in world.laptops if o is not laptop and not (o.gone or o.busy or o.signed_off)]
    workshop = laptop.pick(_WORKSHOPS, dice)
    if not others or workshop is None or laptop.signed_off:
        return
    other = dice.choice(others)
    if min(laptop.schema, other.schema) < NEWEST:
        return
    for who in (laptop, other):
        if own_pass(who.store) is None:
            world.quietly(who)
    with _quickly():
        _meet(world, laptop, other, workshop[0], dice)
    for who in (laptop, other):
        _receipts_are_true(world, who)
    with speaking(other.schema):
        other.check()


def _meet(world: World, hub: Laptop, guest: Laptop, workshop: str, dice: random.Random) -> None:
    try:
        meeting = Meeting(world, hub, guest, workshop, dice)
    except (HallRefused, OSError) as refused:
        world.count(f"hall refused {getattr(refused, 'code', 'line')}")
        return
    world.count("met in a hall")
    hub.busy = guest.busy = True
    if dice.random() < 0.3:
        dice.choice((hub, guest)).disk.power.arm(dice.randint(1, 12))
    try:
        meeting.go_on()
    except HallRefused as refused:
        world.count(f"hall ended {refused.code}")
    except Crash:
        world.count("crash in a hall")
    finally:
        meeting.close()
        for who in (hub, guest):
            who.busy = False
            if who.disk.power.gone:
                world.note(f"{who.name} goes down in the hall")
                who.start()
            who.disk.power.disarm()
            who.hearing.hall.coming = {}


def _receipts_are_true(world: World, laptop: Laptop) -> None:
    """Of whatever is told as being at the agency, the agency has it; unless it has forgotten it since, unheard here.

    Raises:
        Violation
    """
    with reading(laptop.store.engine) as connection:
        told, known = receipts_back(connection), settings.membership(connection).epoch
    ((epoch,),) = world.office.frame.look("SELECT epoch FROM agency")
    if not told or known != epoch:
        return
    taken = world.office.accepted()
    for dot in laptop.unsettled():
        if any(one.covers(dot.replica, dot.n) for one in told):
            world.count("receipt came back")
            if dot not in taken:
                raise Violation(f"{laptop.name}: {name(dot)} is told as being at the agency and is not")


@contextmanager
def _quickly() -> Iterator[None]:
    """One certificate for all evenings, and a code that is not stretched: neither is what is played here."""
    with patch.object(pairing, "_STRETCH", 16), patch.object(pairing.Certificate, "make", _certificate):
        yield


_make = pairing.Certificate.make


@cache
def _certificate() -> pairing.Certificate:
    return _make()
