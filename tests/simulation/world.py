"""The world: who is in it, what happens next, and what must hold after every step and in the end."""

from __future__ import annotations

import random
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from unittest.mock import patch

from app.domain.catalogue import Role
from app.errors import AgencyError, AgencyGarbled, AgencyUnreachable, InvitationInvalid, RequestTooLarge, UserError
from app.models import incoming, indexing, settings
from app.models.engine import reading, writing
from app.server import snapshots
from app.sync.engine import Engine
from app.sync.membership import join
from tests.simulation import ending, hall, weather
from tests.simulation.chance import NOON, Chance, drawn_from, instant, weighted
from tests.simulation.deeds import DEEDS, LATER_DEEDS, Deed, name_of, open_region
from tests.simulation.deeds import run as do
from tests.simulation.faults import Crash, Power, client_points
from tests.simulation.genesis import CASTS, Cast, genesis
from tests.simulation.laptop import Laptop
from tests.simulation.ledger import Ledger, Violation
from tests.simulation.line import ROUGH, WELL, Line
from tests.simulation.memory import Ahead, Disk, desk, new_disk
from tests.simulation.office import Office
from tests.simulation.post import Post
from tests.simulation.registry import OLDER, speaking

QUIET_ROUNDS = 12
Mutation = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens; everything random in it follows from its own dice, so that others may be dropped.

    Attributes:
        verb: "deed", "sync", or one of `weather.WEATHER`.
        inner: what others do while this one's messages travel.
    """

    verb: str
    who: int
    dice: int
    deed: Deed | None = None
    inner: tuple[Step, ...] = ()

    def __str__(self) -> str:
        told = name_of(self.deed) if self.deed else self.verb
        inner = f" (meanwhile: {'; '.join(map(str, self.inner))})" if self.inner else ""
        return f"{'ABCDEFGHIJ'[self.who]} {told}{inner}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that will happen in the world of one seed."""

    seed: int
    cast: Cast
    known: bool
    steps: tuple[Step, ...]
    older: tuple[tuple[int, int], ...] = ()
    """Who has an earlier program, and the registry of fields that it knows."""
    meets: bool = False
    """Whether people meet in halls without a network."""


def plan(seed: int, edition: int = 2) -> Plan:
    """The story of a seed.

    Args:
        edition: 1 is without the weather of `weather.LATER`, as the worlds were in which most failures and
            mistakes were found first. 3 is with meetings in halls (`hall.gathered`).
    """
    dice = random.Random(seed)
    cast = weighted(dice, CASTS)
    length = dice.choice((12, 18, 24, 30))
    steps = [_step(dice, len(cast), 0) for _ in range(length)]
    older: list[tuple[int, int]] = []
    if edition > 1:
        later = random.Random(f"{seed} later")
        if later.randrange(4) == 0:
            older = [(who, later.choice(OLDER)) for who in range(len(cast)) if later.randrange(2)]
        for verb, seldom in weather.LATER:
            for _ in range(later.randrange(seldom) == 0):
                place, who, own = later.randrange(len(steps)), later.randrange(len(cast)), later.randrange(2**31)
                steps.insert(place, Step(verb, who, own))
        for who, _ in older:
            for deed in later.sample(LATER_DEEDS, 3):
                other, own = later.randrange(len(cast)), later.randrange(2**31)
                steps.insert(later.randrange(len(steps)), Step("deed", other, own, deed))
            steps.insert(later.randrange(len(steps)), Step("update", who, later.randrange(2**31)))
    story = Plan(seed, cast, seed % 5 > 0, tuple(steps), tuple(older))
    return replace(story, steps=hall.gathered(seed, story.steps), meets=True) if edition > 2 else story


def _step(dice: random.Random, many: int, depth: int) -> Step:
    who, own = dice.randrange(many), dice.randrange(2**31)
    point = dice.random()
    if point < 0.66 or depth == 2:
        return Step("deed", who, own, weighted(dice, DEEDS))
    if point < 0.90:
        inner = range(dice.choice((0, 0, 1, 2))) if not depth else range(0)
        return Step("sync", who, own, inner=tuple(_step(dice, many, depth + 1) for _ in inner))
    return Step(weighted(dice, weather.CHANCES), who, own)


class World:
    """Plays one plan. Single-threaded: whoever acts "meanwhile" acts inside somebody's message."""

    def __init__(self, plan: Plan, mutation: Mutation = nullcontext, fate: str = "") -> None:
        """`fate`: the fault point at which whoever comes there first goes down."""
        self.plan = plan
        self.fate: list[str] = []
        self._fated = [fate] if fate else []
        self._mutation = mutation
        self.workshops: list[str] = []
        self.time = NOON
        self.chance = Chance(plan.seed, lambda: self.time)
        self.story: list[str] = []
        self.counters: Counter[str] = Counter()
        self.ledger = Ledger()
        self.office = Office(self.ledger, lambda: instant(self.time), self.note)
        self.post = Post(self)
        self.laptops: list[Laptop] = []
        self.lines: list[Line] = []

    def play(self) -> World:
        """Everything that happens, then quiet, then the reckoning.

        Raises:
            Violation: a promise was broken.
        """
        genesis(self.plan.cast, self.plan.known, _begin).put(self)
        for who, schema in self.plan.older:
            self.laptops[who].grow_old(schema)
        self.office.frame.power = Power(fate=self.fate)
        self.fate += self._fated
        with closing(self.post), drawn_from(self.chance), _small_batches(), self._mutation():
            for step in self.plan.steps:
                self.step(step)
            self.quiet()
            if weather.look_through(self):
                self.quiet()
            ending.check(self)
            if weather.update_all(self):
                self.quiet()
                ending.check(self)
        self.count("agency crash", self.office.crashes)
        return self

    def note(self, line: str) -> None:
        self.story.append(line)

    def count(self, what: str, many: int = 1) -> None:
        self.counters[what] += many

    @property
    def digest(self) -> int:
        """One number for everything that has happened."""
        return zlib.crc32("\n".join(self.story).encode())

    # -- people ------------------------------------------------------------------------------------

    def arrive(self, role: Role, ags: str, dice: random.Random | None = None) -> Laptop:
        """A new laptop with an empty profile that joins by invitation."""
        laptop = self.place(role, ags, new_disk())
        facts: dict[str, str | int] = {
            "replicas": f"[{self.chance.replica()}]", "n": 0, "hlc": 0,
            "person": laptop.name, "device": "Laptop", "ags": ags,
        }  # fmt: skip
        with writing(laptop.store.engine) as connection:
            settings.put(connection, **facts)
        try:
            self.join(laptop, dice=dice)
        except Crash:
            laptop.start()
            self.join(laptop)
        return laptop

    def place(self, role: Role, ags: str, disk: Disk) -> Laptop:
        """A computer with this disk."""
        number = len(self.laptops)
        laptop = Laptop(number, desk(number), disk, lambda: self.time, self.ledger, role, ags)
        laptop.log = self.note
        disk.power.fate = self.fate
        laptop.files = self.office.files
        laptop.known = self.office.known
        laptop.meets = self.plan.meets
        self.laptops.append(laptop)
        self.lines.append((hall.CarryingLine if self.plan.meets else Line)(self, self.office, laptop))
        return laptop

    def join(self, laptop: Laptop, replaces: int | None = None, dice: random.Random | None = None) -> None:
        """By invitation; should either go down at it, the same code is tried again.

        Who has come back from a backup since is somebody else to the agency, and needs another code.
        """
        led = self.workshops if laptop.role is Role.FACILITATOR else ()
        if not laptop.code:
            laptop.code = self._invited(laptop, led, replaces)
        if dice is not None and dice.random() < 0.3:
            self.office.frame.power.arm(dice.choice((1, 2)))
        try:
            join(laptop.store, self.lines[laptop.number], "http://127.0.0.1:1", laptop.code)
        except AgencyUnreachable:
            join(laptop.store, self.lines[laptop.number], "http://127.0.0.1:1", laptop.code)
        except InvitationInvalid:
            laptop.code = self._invited(laptop, led, replaces)
            join(laptop.store, self.lines[laptop.number], "http://127.0.0.1:1", laptop.code)
        laptop.code, laptop.signed_off = "", False

    def _invited(self, laptop: Laptop, led: Sequence[str], replaces: int | None) -> str:
        """An invitation's code; an operator who has not got to see it makes another."""
        codes: list[str] = []
        while not self.office.survive(
            lambda service: codes.append(service.invite(laptop.role, laptop.ags, led, replaces=replaces))
        ):
            codes.clear()
        return codes[0]

    # -- steps -------------------------------------------------------------------------------------

    def step(self, step: Step, inside: Laptop | None = None) -> None:
        """One thing happens to one person, who then looks whether everything is still there."""
        who = [laptop for laptop in self.laptops if not laptop.gone]
        if not who:
            return
        laptop = who[step.who % len(who)]
        dice = random.Random(step.dice)
        self.time += dice.choice((0, 1, 1000, 60_000, 3_600_000))
        if laptop.busy and step.verb != "deed":
            return
        self.note(f"- {laptop.name} {name_of(step.deed) if step.deed else step.verb}")
        with speaking(laptop.schema):
            try:
                self._happen(laptop, step, dice)
            except Crash:
                self.count("crash")
                self.note(f"{laptop.name} goes down")
                if laptop is inside:
                    raise
                laptop.start()
        if not laptop.gone:
            with speaking(laptop.schema):
                laptop.check()

    def _happen(self, laptop: Laptop, step: Step, dice: random.Random) -> None:
        if step.deed is not None:
            if dice.random() < 0.03 and not laptop.busy:
                laptop.disk.power.arm(dice.choice((1, 2)))
            self.deed(laptop, step.deed, dice)
            if not laptop.busy:
                laptop.disk.power.disarm()
        elif step.verb == "sync":
            self._maybe_crash(laptop, dice)
            self.sync(laptop, dice, step.inner)
            laptop.disk.power.disarm()
        else:
            self.count(step.verb)
            weather.WEATHER[step.verb](self, laptop, dice)

    def _maybe_crash(self, laptop: Laptop, dice: random.Random) -> None:
        """One exchange in four goes down: after some commits, or at a point chosen by its name."""
        point = dice.random()
        if point < 0.12:
            laptop.disk.power.arm(dice.randint(1, 16))
        elif point < 0.24:
            laptop.disk.power.arm_at(f"{dice.choice(sorted(client_points()))} {dice.choice(('before', 'after'))}")

    def deed(self, laptop: Laptop, deed: Deed, dice: random.Random) -> None:
        with speaking(laptop.schema):
            try:
                do(laptop, deed, dice)
                self.count(f"deed {name_of(deed)}")
            except UserError as error:
                self.count(f"refused {error.code}")

    def sync(self, laptop: Laptop, dice: random.Random, inner: tuple[Step, ...] = ()) -> None:
        """One exchange over a rough line."""
        line = self.lines[laptop.number]
        left = list(inner)

        def meanwhile() -> None:
            if left and dice.random() < 0.6:
                self.step(left.pop(0), laptop)

        line.fates, line.dice, line.meanwhile = ROUGH, dice, meanwhile
        try:
            self._exchange(laptop, line, page=dice.choice((1, 2, 5, 50)), batch=dice.choice((1, 3, 50)))
        finally:
            line.fates, line.meanwhile = WELL, lambda: None

    def _exchange(self, laptop: Laptop, line: Line, page: int, batch: int) -> None:
        laptop.busy = True
        try:
            Engine(laptop.store, line, page, batch).sync()
            self.count("exchange")
        except (AgencyUnreachable, AgencyGarbled, RequestTooLarge) as error:
            self.count("exchange failed")
            self.note(f"{laptop.name} ! {error.code}")
        except AgencyError as error:
            self.note(f"{laptop.name} ! {error.code}")
            weather.refused(self, laptop, error)
        finally:
            laptop.busy = False
            if not laptop.disk.power.gone:
                laptop.hearing.settle()

    # -- quiet -------------------------------------------------------------------------------------

    def quiet(self) -> None:
        """The line is good and nobody types: everybody syncs until nothing moves any more.

        Who has something to say begins, so that nobody reads twice for it.
        """
        here = [laptop for laptop in self.laptops if not laptop.gone]
        silent = {laptop.number for laptop in here}
        behind = [laptop for laptop in here if "pending" in laptop.unsettled().values()]
        for _ in range(QUIET_ROUNDS):
            cut = [laptop for laptop in behind if not self.quietly(laptop)]
            silent -= {laptop.number for laptop in behind}
            behind = [laptop for laptop in here if laptop in cut or laptop.number in silent or self._is_behind(laptop)]
            if not behind:
                return
        raise Violation(f"no rest after {QUIET_ROUNDS} rounds")

    def _is_behind(self, laptop: Laptop) -> bool:
        """Whether something waits here, or at the agency for this one."""
        if "pending" in laptop.unsettled().values():
            return True
        at = dict(self.office.frame.look("SELECT scope, seq FROM scope_counter"))
        read = dict(laptop.disk.look("SELECT scope, seq FROM cursor"))
        with reading(laptop.store.engine) as connection:
            scopes = settings.grant(connection).scopes
        return any(at.get(scope, 0) != read.get(scope, 0) for scope in scopes)

    def quietly(self, laptop: Laptop) -> bool:
        """One exchange over a good line, and whether it came to an end; only what was fated still goes down."""
        with speaking(laptop.schema):
            return self._quietly(laptop)

    def _quietly(self, laptop: Laptop) -> bool:
        self.time += 1000
        self.note(f"- {laptop.name} quiet sync")
        laptop.busy = True
        batch = (1, 3, 500)[self.plan.seed % 3]
        ended = False
        try:
            ended = self._patiently(laptop, Engine(laptop.store, self.lines[laptop.number], batch=batch))
        except Crash:
            self.note(f"{laptop.name} goes down")
            laptop.start()
        finally:
            laptop.busy = False
        laptop.hearing.settle()
        laptop.check()
        return ended

    def _patiently(self, laptop: Laptop, engine: Engine) -> bool:
        try:
            engine.sync()
        except AgencyUnreachable:
            if not self._fated:
                raise
            return False
        except AgencyError as error:
            weather.refused(self, laptop, error)
        return True


@contextmanager
def _small_batches() -> Iterator[None]:
    """Few records already make several transactions."""
    with (
        patch.object(incoming, "BATCH", 3),
        patch.object(snapshots, "_ROWS", 2),
        patch.object(indexing, "ThreadPoolExecutor", Ahead),
    ):
        yield


def _begin(cast: Cast, known: bool) -> World:
    """A world in which everybody has arrived."""
    world = World(Plan(-1, cast, known, ()))
    with drawn_from(world.chance):
        for role, ags in cast:
            if role is Role.FACILITATOR and known and not world.workshops:
                _open(world)  # whom the agency invites to lead it comes when it is there
            world.arrive(role, ags)
        if known and not world.workshops:
            _open(world)
        for laptop in world.laptops:
            world.quietly(laptop)
    return world


def _open(world: World) -> None:
    world.workshops.append(open_region(world.laptops[0]))
    world.quietly(world.laptops[0])


def play(seed: int) -> World:
    """The whole story of a seed."""
    return World(plan(seed)).play()
