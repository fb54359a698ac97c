"""How far the files of first readings have been taken: kept in the transaction that stores their rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import orjson
from sqlalchemy import Connection

from app.models import settings
from app.models.engine import reading, writing
from app.models.incoming import Arrived, Step, batch_size, move_cursors_within, take_batch
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


def take_frame(
    store: Store, steps: Sequence[Step], here: Mark, behind: Mark, arrived: Callable[[Arrived], bool]
) -> bool:
    """Takes a frame's steps from where `here` stands; whether all of it.

    Args:
        behind: the place behind the frame.
        arrived: is told what each transaction brought; False stops.
    """
    if not steps:
        return True
    scope = steps[0].scope
    taken = here.taken
    while taken < len(steps):
        batch = steps[taken : taken + batch_size(store)]
        taken += len(batch)
        mark = replace(here, taken=taken) if taken < len(steps) else behind

        def note(connection: Connection, _: Sequence[Step], mark: Mark = mark) -> None:
            _put(connection, scope, mark)
            # Should the scope be taken away before its file is read, what came of it has to go.
            move_cursors_within(connection, {scope: 0})

        if not arrived(take_batch(store, batch, note, indexed=False)):
            return False
    return True


def finish(store: Store, scope: str, seq: int, epoch: str) -> None:
    """The whole file is here: from now on the feed is read from its number on."""
    with store.gate.batch(), writing(store.engine, durable=False) as connection:
        move_cursors_within(connection, {scope: seq})
        settings.put(connection, epoch=epoch)
        _put(connection, scope, None)


def _put(connection: Connection, scope: str, mark: Mark | None) -> None:
    settings.put(connection, **{_name(scope): orjson.dumps(asdict(mark)).decode() if mark else ""})


def _name(scope: str) -> str:
    return f"reading:{scope}"
