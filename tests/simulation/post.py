"""The post of a world: courier files on a stick, read out of order, twice, by the wrong hands or in part."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.errors import NotAllowed, ReplicaFork, TokenRevoked, UnreadableFile
from app.server.answer import Answer
from app.server.auth import Credential
from app.server.courier import answer_file
from app.server.service import AgencyService
from app.sync.courier.read import read_answer
from app.sync.courier.write import write_file
from app.sync.wire import SyncReply, SyncRequest, decode_body
from tests.simulation.laptop import Entry, Laptop
from tests.simulation.ledger import Violation

if TYPE_CHECKING:
    from tests.simulation.world import World


@dataclass(frozen=True, slots=True)
class Letter:
    """A file that somebody wrote, or the answer to one with what the agency told in it."""

    path: Path
    writer: Laptop
    told: tuple[Entry, ...] = ()


class Post:
    """A stick that everything stays on, so that each file can be read again."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.letters: list[Letter] = []
        self.answers: list[Letter] = []
        self._folder: TemporaryDirectory[str] | None = None
        self._count = 0

    def close(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def folder(self) -> Path:
        """A place for the files of this world, gone with it."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="stick-")
        return Path(self._folder.name)

    def _new(self) -> Path:
        self._count += 1
        return self.folder / f"{self._count}.mwkurier"

    # -- three hands -------------------------------------------------------------------------------

    def write(self, laptop: Laptop) -> None:
        """Everything without a receipt goes into a file."""
        path = self._new()
        if self._tried("written", lambda: write_file(laptop.store, path)):
            self.letters.append(Letter(path, laptop))

    def answer(self, dice: random.Random) -> None:
        """The agency reads any file on the stick, also one that it has read, also one that was cut off."""
        if not self.letters:
            return
        letter = dice.choice(self.letters[-4:])
        path, told = self._new(), list[Entry]()
        source = self._part(letter.path, dice) if dice.random() < 0.1 else letter.path
        if dice.random() < 0.2:
            self.world.office.frame.power.arm(dice.choice((1, 2, 3)))

        def answered(service: AgencyService) -> None:
            answer_file(_Told(service, lambda reply, scopes: told.extend(self._entries(reply, scopes))), source, path)

        if self._tried("answered", lambda: self._came_through(answered), partly=source is not letter.path):
            self.answers.append(Letter(path, letter.writer, tuple(told)))

    def _came_through(self, command: Callable[[AgencyService], None]) -> None:
        if not self.world.office.survive(command):
            raise NotAllowed("courier", "agency_down")

    def _entries(self, reply: SyncReply, scopes: set[str]) -> list[Entry]:
        return self.world.office.entries(reply, scopes)

    def read(self, laptop: Laptop, dice: random.Random) -> None:
        """A laptop reads any answer on the stick: to an old file, a second time, somebody else's, half of one."""
        if not self.answers:
            return
        own = [answer for answer in self.answers if answer.writer is laptop]
        answer = dice.choice(own[-4:] if own and dice.random() < 0.85 else self.answers)
        partly = dice.random() < 0.1
        source = self._part(answer.path, dice) if partly else answer.path
        if dice.random() < 0.2:
            laptop.disk.power.arm(dice.randint(1, 10))
        laptop.hearing.settle()
        laptop.hearing.expect(answer.told if answer.writer is laptop and not partly else ())
        again = dice.random() < 0.25
        try:
            if self._tried("read", lambda: self._verdict(laptop, source), partly) and again:
                self._tried("read", lambda: self._verdict(laptop, source))
        finally:
            if not laptop.disk.power.gone:
                laptop.disk.power.disarm()
                laptop.hearing.settle()

    def _verdict(self, laptop: Laptop, source: Path) -> None:
        read = read_answer(laptop.store, source)
        self.world.count(f"courier {read.verdict.value}")
        self.world.note(f"{laptop.name} reads an answer: {read.verdict.value}")

    def _part(self, whole: Path, dice: random.Random) -> Path:
        content = whole.read_bytes()
        part = self._new()
        part.write_bytes(content[: int(len(content) * dice.random())])
        return part

    def _tried(self, what: str, act: Callable[[], object], partly: bool = False) -> bool:
        """Whether it went well; half a file never does."""
        try:
            act()
        except (UnreadableFile, NotAllowed, TokenRevoked, ReplicaFork) as error:
            self.world.count("courier in part" if partly else f"courier not {what}: {error.code}")
            self.world.note(f"! {error.code}")
            return False
        if partly:
            raise Violation(f"half a file was {what}")
        self.world.count(f"courier {what}")
        return True


class _Told(AgencyService):
    """The agency, overheard: what it says into a file is known at the moment of its saying."""

    def __init__(self, service: AgencyService, heard: Callable[[SyncReply, set[str]], None]) -> None:
        super().__init__(service.database, service.now)
        self._heard = heard

    def answer(self, token: Credential, request: SyncRequest) -> Answer:
        answer = super().answer(token, request)
        self._heard(decode_body(SyncReply, answer.body()), set(answer.head.grant.scopes))
        return answer
