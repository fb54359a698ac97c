"""What machines, thieves and operators do: one entry per event in WEATHER, each with how often it happens."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.domain.catalogue import Role
from app.errors import AgencyError, NotAllowed, ReplicaFork, TokenRevoked
from app.models import settings
from app.models.engine import reading
from app.server import office as counter
from app.server.auth import token_hash
from app.server.service import AgencyService
from tests.simulation import hall
from tests.simulation.chance import YEAR_MS
from tests.simulation.deeds import edit_measure, edit_of
from tests.simulation.faults import Crash
from tests.simulation.laptop import Laptop
from tests.simulation.ledger import Violation, name
from tests.simulation.registry import NEWEST, speaking

if TYPE_CHECKING:
    from tests.simulation.world import World

Event = Callable[["World", Laptop, random.Random], None]
MOST_LAPTOPS = 9


def restart(world: World, laptop: Laptop, dice: random.Random) -> None:
    """The program is closed and opened."""
    laptop.start()


def clock_jump(world: World, laptop: Laptop, dice: random.Random) -> None:
    """The clock is set: by hours, or to another year."""
    laptop.skew = dice.choice((0, 1, -1)) * dice.choice((3_600_000, 24 * 3_600_000, 2 * YEAR_MS, 9 * YEAR_MS))


def back_up(world: World, laptop: Laptop, dice: random.Random) -> None:
    """A copy of the profile is kept."""
    laptop.backup = laptop.save()


def restore(world: World, laptop: Laptop, dice: random.Random) -> None:
    """The profile is put back as it was; what nobody else has heard of since then is lost."""
    if laptop.backup is None:
        return
    witness = laptop.witness
    laptop.load(laptop.backup, "here", witness)
    world.lines[laptop.number].forget()
    world.count("profile restored")


def move_in(world: World, laptop: Laptop, dice: random.Random) -> None:
    """The profile goes to a new computer in the middle of work, with what the old identity has not sent yet."""
    world.deed(laptop, edit_measure, dice)
    laptop.load(laptop.save(), "elsewhere", laptop.witness)
    world.lines[laptop.number].forget()
    world.deed(laptop, edit_measure, dice)


def copy(world: World, laptop: Laptop, dice: random.Random) -> None:
    """The profile is copied to a second laptop, and both go on."""
    if len(world.laptops) >= MOST_LAPTOPS or laptop.signed_off:
        return
    twin = world.place(laptop.role, laptop.ags, laptop.disk.copy())
    twin.schema = laptop.schema
    world.ledger.twinned |= laptop.unsettled().keys()
    twin.load(laptop.save(), "elsewhere", laptop.witness)
    world.count("profile copied")


def lose(world: World, laptop: Laptop, dice: random.Random) -> None:
    """A laptop is stolen, with everything that was only there."""
    others = [other for other in world.laptops if not other.gone and other is not laptop]
    if others:
        laptop.gone = True
        laptop.backup = None
        world.count("laptop lost")


def agency_back_up(world: World, laptop: Laptop, dice: random.Random) -> None:
    world.office.save()


def agency_restore(world: World, laptop: Laptop, dice: random.Random) -> None:
    """The agency's database is put back as it was, and a new epoch begins; often a laptop went down with it.

    Then what was written there is known only to those who had read it.
    """
    if world.office.archive is None:
        return
    world.office.restore()
    world.count("agency restored")
    if dice.random() < 0.5:
        lose(world, laptop, dice)


def release(world: World, laptop: Laptop, dice: random.Random) -> None:
    """The agency takes a change out of quarantine."""
    waiting = world.office.frame.look(_WAITING)
    if waiting:
        replica, n = dice.choice(waiting)
        try:
            _operate(world, dice, lambda service: counter.release(service, f"{replica}:{n}"))
            world.count("released")
        except NotAllowed:
            world.count("not released")


def look_through(world: World) -> bool:
    """In every other world the agency takes everything out of quarantine that has got there; whether it did."""
    waiting = world.office.frame.look(_WAITING) if world.plan.seed % 2 else []
    for replica, n in waiting:
        world.note(f"- agency releases {name((replica, n))}")
        while not world.office.survive(lambda service, dot=f"{replica}:{n}": counter.release(service, dot)):  # type: ignore[misc]
            if (replica, n) not in world.office.frame.look(_WAITING):
                break
        world.count("released")
    return bool(waiting)


_WAITING = "SELECT replica, n FROM quarantine WHERE released_at IS NULL ORDER BY received_at, replica, n"


def sign_off(world: World, laptop: Laptop, dice: random.Random) -> None:
    """A device is signed off; its owner comes back with a new invitation when told so.

    Not one whose profile was copied: of two that come back, one inherits the numbers of both, and what
    the other has not sent yet under them is taken for a fork (a known gap, docs/adr/0010).
    """
    number = _device(world, laptop)
    shared = sum(other.token == laptop.token for other in world.laptops) > 1
    if number is not None and not shared:
        _operate(world, dice, lambda service: service.revoke(number))
        laptop.signed_off = True


def grant(world: World, laptop: Laptop, dice: random.Random) -> None:
    """A facilitator may lead one more workshop from now on."""
    leaders = [other for other in world.laptops if other.role is Role.FACILITATOR and not other.gone]
    held = world.office.frame.look("SELECT id FROM entity WHERE kind = 'workshop' ORDER BY id")
    if leaders and held:
        leader, (workshop,) = dice.choice(leaders), dice.choice(held)
        number = _device(world, leader)
        if number is not None:
            _operate(world, dice, lambda service: service.extend(number, [workshop]))
            world.count("granted")


def arrive(world: World, laptop: Laptop, dice: random.Random) -> None:
    """A new colleague joins with an empty profile, and reads what there is from the agency's files."""
    role, ags = dice.choice(world.plan.cast)
    if len(world.laptops) >= min(MOST_LAPTOPS, len(world.plan.cast) + 2):
        return
    if world.office.folder is None:
        world.office.folder = world.post.folder / "snapshots"
        world.office.start()
    with speaking():  # a new computer gets today's program
        newcomer = world.arrive(role, ags, dice)
        world.count("arrived")
        try:
            world.sync(newcomer, dice)
        except Crash:
            newcomer.start()


def courier(world: World, laptop: Laptop, dice: random.Random) -> None:
    """One of the three ways of a stick; files pile up on it, and any may be the next."""
    match dice.choice(("write", "answer", "read", "round", "round")):
        case "write":
            world.post.write(laptop)
        case "answer":
            world.post.answer(dice)
        case "read":
            world.post.read(laptop, dice)
        case "round":
            world.post.write(laptop)
            world.post.answer(dice)
            world.post.read(laptop, dice)


_LED = "SELECT entity.id FROM entity JOIN measure USING (row) WHERE lead_ags = ? AND entity.gone = 0 ORDER BY 1"


def lend(world: World, laptop: Laptop, dice: random.Random) -> None:
    """Another town is taken into a measure, writes along, is left out of it, and taken in again.

    Often the agency comes back from a backup that was made in between, and who had taken it in is gone.
    """
    others = [o for o in world.laptops if o.ags not in ("", laptop.ags) and not (o.gone or o.busy or o.signed_off)]
    measure = laptop.pick(_LED, dice, laptop.ags)
    if not others or measure is None or laptop.signed_off:
        return
    other, level = dice.choice(others), dice.choice(("municipality", "consortium"))

    def write(who: Laptop, **values: object) -> None:
        world.deed(who, edit_of(measure[0], values), dice)
        world.quietly(who)

    write(laptop, participating_ags={other.ags}, visibility=level, internal_note=f"Nur hier {dice.randrange(1000)}")
    world.quietly(other)
    write(other, internal_note=f"Auch wir {dice.randrange(1000)}")
    world.quietly(laptop)
    write(laptop, participating_ags=set())
    world.quietly(other)
    world.office.save()
    write(laptop, participating_ags={other.ags}, title=f"Wieder dabei {dice.randrange(1000)}")
    world.quietly(other)
    world.count("lent")
    if dice.random() < 0.6:
        agency_restore(world, laptop, dice)
        laptop.gone = laptop.gone or (not other.gone and dice.random() < 0.5)


def update(world: World, laptop: Laptop, dice: random.Random) -> None:
    """An earlier program gives way to today's."""
    _update(world, [laptop] if laptop.schema < NEWEST else [])


def update_all(world: World) -> bool:
    """In the end everybody has today's program; whether somebody had not."""
    return _update(world, [laptop for laptop in world.laptops if laptop.schema < NEWEST and not laptop.gone])


def _update(world: World, behind: list[Laptop]) -> bool:
    for laptop in behind:
        laptop.schema, laptop.updated = NEWEST, True
        world.note(f"- {laptop.name} is updated")
        world.count("updated")
        with speaking():
            laptop.start()
    return bool(behind)


def _operate(world: World, dice: random.Random, command: Callable[[AgencyService], object]) -> None:
    """A command of the operator; now and then the agency goes down at it, and the operator sees no answer."""
    if dice.random() < 0.3:
        world.office.frame.power.arm(dice.choice((1, 2)))
    world.office.survive(command)


def _device(world: World, laptop: Laptop) -> int | None:
    found = world.office.frame.look("SELECT id FROM device WHERE token_hash = ?", token_hash(laptop.token))
    return int(found[0][0]) if found else None


def _latest_device(world: World, laptop: Laptop) -> int | None:
    """The entry in the operator's list that this profile last spoke as; a restored one may have forgotten it."""
    with reading(laptop.store.engine) as connection:
        own = settings.identity(connection).replicas
    owners = dict(world.office.frame.look("SELECT replica, device_id FROM replica"))
    return max((owners[r] for r in own if r in owners), default=None)


def refused(world: World, laptop: Laptop, error: AgencyError) -> None:
    """What a person does after the agency has said no: the one remedy there is."""
    if isinstance(error, TokenRevoked):
        world.count("invited again")
        world.join(laptop, _latest_device(world, laptop), random.Random(world.time))
    elif isinstance(error, ReplicaFork):
        raise Violation(f"{laptop.name} is taken for a copy: {error}")
    else:
        raise error


WEATHER: dict[str, Event] = {
    event.__name__.replace("_", " "): event
    for event in (
        *(restart, clock_jump, back_up, restore, move_in, copy, lose),
        *(agency_back_up, agency_restore, release, sign_off, grant, arrive, courier, lend, update, hall.meet),
    )
}  # fmt: skip
CHANCES = (
    ("restart", 2),
    ("clock jump", 2),
    ("back up", 4),
    ("restore", 5),
    ("move in", 4),
    ("copy", 1),
    ("lose", 1),
    ("release", 3),
    ("sign off", 2),
    ("agency back up", 2),
    ("agency restore", 3),
    ("grant", 1),
    ("arrive", 3),
    ("courier", 9),
)
LATER = (("lend", 5),)
"""What befalls a world besides, each in one of so many."""
