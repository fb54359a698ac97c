"""How far the files of first readings have been taken: kept in the transaction that stores their rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import orjson
from sqlalchemy import Connection

from app.models import settings
from app.models.engine import reading, writing
from app.models.incoming import Arrived, Step, move_cursors_within, take_some
from app.models.store import Store


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file.

    Attributes:
        seq: the feed number the file stands for.
        offset: where the frame begins that is to be read next.
        chain: the file's hash up to there, hexadecimal.
        taken: steps of that frame that are here already.
    """

    file: str
    seq: int
    offset: int
    chain: str
    taken: int = 0


def mark_of(store: Store, scope: str) -> Mark | None:
    """Where reading this scope's file stopped, if it did."""
    with reading(store.engine) as connection:
        kept = settings.get(connection, _name(scope))
    return Mark(**orjson.loads(kept)) if kept else None


def begun_in(told: Mapping[str, str]) -> frozenset[str]:
    """Scopes whose file is being read, among settings read before."""
    return frozenset(name.removeprefix(_PREFIX) for name, mark in told.items() if mark and name.startswith(_PREFIX))


@dataclass(frozen=True, slots=True)
class Read:
    """What a frame says, and the places before and behind it."""

    steps: Sequence[Step]
    here: Mark
    behind: Mark

    @property
    def left(self) -> Sequence[Step]:
        """What of it is not here yet."""
        return self.steps[self.here.taken :]


def take_frames(store: Store, frames: Sequence[Read], arrived: Callable[[Arrived], bool]) -> bool:
    """Takes frames that follow one another, from where the first one's `here` stands; whether all of it.

    Args:
        arrived: is told what each transaction brought; False stops.
    """
    steps = [step for frame in frames for step in frame.left]
    taken = 0
    while taken < len(steps):

        def note(connection: Connection, more: int, before: int = taken) -> None:
            _put(connection, steps[0].scope, _place(frames, before + more))
            # Should the scope be taken away before its file is read, what came of it has to go.
            move_cursors_within(connection, {steps[0].scope: 0})

        part, more = take_some(store, steps[taken:], note)
        taken += more
        if not arrived(part):
            return False
    return True


def _place(frames: Sequence[Read], taken: int) -> Mark:
    """Where to go on after so many steps."""
    for frame in frames:
        if taken < len(frame.left):
            return replace(frame.here, taken=frame.here.taken + taken)
        taken -= len(frame.left)
    return frames[-1].behind


def finish(store: Store, scope: str, seq: int, epoch: str) -> None:
    """The whole file is here: from now on the feed is read from its number on."""
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        move_cursors_within(connection, {scope: seq})
        settings.put(connection, epoch=epoch)
        _put(connection, scope, None)


def _put(connection: Connection, scope: str, mark: Mark | None) -> None:
    settings.put(connection, **{_name(scope): orjson.dumps(asdict(mark)).decode() if mark else ""})


def _name(scope: str) -> str:
    return f"{_PREFIX}{scope}"


_PREFIX = "reading:"
