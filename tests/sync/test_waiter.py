"""The second line: it speaks once, hangs up at once, and leaves an agency in peace that does not want it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

import pytest

from app.errors import AgencyBusy, AgencyUnreachable, TokenRevoked
from app.sync.audit_wire import DigestReply, DigestRequest, HealReply, HealRequest, RecordsReply, RecordsRequest
from app.sync.engine import Engine
from app.sync.waiter import Waiter
from app.sync.wire import About, EnrolReply, EnrolRequest, HistoryReply, SyncReply, SyncRequest, WaitReply, WaitRequest
from tests.sync.devices import BERLEBURG, open_device

NEWS = WaitReply(news={"region": 3})


@dataclass
class Line:
    """An agency of which only the waiting is asked; `says` holds what it will answer, else it is silent."""

    says: Queue[WaitReply | Exception | None] = field(default_factory=Queue)
    asked: list[WaitRequest] = field(default_factory=list)
    cut: threading.Event = field(default_factory=threading.Event)

    def about(self) -> About:
        raise AssertionError("not asked here")

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        raise AssertionError("not asked here")

    def sync(self, request: SyncRequest) -> SyncReply:
        raise AssertionError("not asked here")

    def history(self, kind: str, entity: str) -> HistoryReply:
        raise AssertionError("not asked here")

    def digest(self, request: DigestRequest) -> DigestReply:
        raise AssertionError("not asked here")

    def records(self, request: RecordsRequest) -> RecordsReply:
        raise AssertionError("not asked here")

    def heal(self, request: HealRequest) -> HealReply:
        raise AssertionError("not asked here")

    def another(self) -> Line:
        return self

    def wait(self, request: WaitRequest) -> WaitReply | None:
        self.asked.append(request)
        while self.says.empty():
            if self.cut.wait(0.005):
                raise AgencyUnreachable(reason="cut")
        said = self.says.get()
        if isinstance(said, Exception):
            raise said
        return said

    def abort(self) -> None:
        self.cut.set()


class Fork(Line):
    """Where the lines come from: each call makes one more."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Queue[Line] = Queue()

    def another(self) -> Line:
        made = Line()
        self.lines.put(made)
        return made


@dataclass
class Watched:
    """A waiter, the engine it may wait beside, the first line it has opened, and what it said."""

    waiter: Waiter
    engine: Engine
    line: Line
    said: Queue[WaitReply | None]

    def allow(self) -> None:
        self.waiter.allow(self.engine)

    def hear(self, seconds: float = 10.0) -> WaitReply | None:
        return self.said.get(timeout=seconds)

    def is_silent(self) -> bool:
        try:
            self.said.get(timeout=0.3)
        except Empty:
            return True
        return False


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    store = open_device(tmp_path, "Anna", BERLEBURG)
    said: Queue[WaitReply | None] = Queue()
    fork = Fork()
    waiter, engine = Waiter(said.put), Engine(store, fork)
    waiter.allow(engine)
    yield Watched(waiter, engine, fork.lines.get(timeout=10.0), said)
    waiter.close()
    store.close()


def test_it_speaks_once_and_then_only_when_allowed_again(watched: Watched) -> None:
    line = watched.line
    line.says.put(NEWS)
    assert watched.hear() == NEWS
    line.says.put(WaitReply(news={"region": 4}))
    assert watched.is_silent()
    watched.allow()
    assert watched.hear() == WaitReply(news={"region": 4})
    assert len(line.asked) == 2


def test_news_that_a_sync_does_not_bring_are_not_asked_for_without_pause(watched: Watched) -> None:
    for _ in range(2):
        watched.line.says.put(NEWS)
        watched.allow()
        assert watched.hear() == NEWS
    watched.line.says.put(NEWS)
    watched.allow()
    assert watched.is_silent()


@pytest.mark.parametrize("said", [None, AgencyBusy(60), AgencyUnreachable(), WaitReply()], ids=repr)
def test_an_agency_that_cannot_or_does_not_want_to_is_left_in_peace(
    watched: Watched, said: WaitReply | Exception | None
) -> None:
    line = watched.line
    line.says.put(said)
    line.says.put(NEWS)
    watched.allow()
    assert watched.is_silent()
    assert len(line.asked) == 1


def test_a_refusal_asks_for_a_sync_which_will_tell_why(watched: Watched) -> None:
    watched.line.says.put(TokenRevoked())
    assert watched.hear() is None


def test_it_hangs_up_at_once_and_begins_anew_when_allowed(watched: Watched) -> None:
    began = time.monotonic()
    watched.waiter.forbid()
    assert watched.line.cut.is_set()
    watched.waiter.close()
    assert time.monotonic() - began < 1.0
    watched.allow()
    assert watched.is_silent()
