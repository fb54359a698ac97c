"""How far the files of first readings have been taken: kept in the transaction that stores their rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import orjson
from sqlalchemy import Connection

from app.models import settings
from app.models.arrivals import Arrived
from app.models.engine import reading, writing
from app.models.incoming import Step, move_cursors_within, take_some
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


def take_frames(
    store: Store, first: Read, following: Callable[[], Read | None], arrived: Callable[[Arrived], bool]
) -> bool:
    """Takes a frame from where its `here` stands, and those that may share its transactions; whether all of it.

    Args:
        following: gives the frame behind, or None if it has to wait for another transaction. It is asked while
            the store is being written to, so it must not wait long (`incoming.take_some`).
        arrived: is told what each transaction brought; False stops.
    """
    pile = _Pile(first, following)
    scope = first.steps[0].scope if first.steps else ""

    def note(connection: Connection) -> None:
        _put(connection, scope, pile.place)
        # Should the scope be taken away before its file is read, what came of it has to go.
        move_cursors_within(connection, {scope: 0})

    while pile.is_begun:
        if not arrived(take_some(store, pile.next, note)):
            return False
    return True


class _Pile:
    """Frames one behind the other, and how far they are taken."""

    def __init__(self, first: Read, following: Callable[[], Read | None]) -> None:
        self._frame, self._following = first, following

    @property
    def is_begun(self) -> bool:
        """Whether something is left of the frame that is being taken."""
        return bool(self._frame.left)

    @property
    def place(self) -> Mark:
        """Where to go on."""
        return self._frame.here if self.is_begun else self._frame.behind

    def next(self, most: int) -> Sequence[Step]:
        """So many of the next steps, all of one frame; none if no frame follows."""
        if not self.is_begun:
            behind = self._following()
            if behind is None:
                return ()
            self._frame = behind
        steps, here = self._frame.left[:most], self._frame.here
        self._frame = replace(self._frame, here=replace(here, taken=here.taken + len(steps)))
        return steps


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
