"""How soon words typed at one desk stand on the open screen of another, stage by stage.

    python3 dev.py bench live [--words 12] [--busy N]

Agency, writer and reader are processes of their own: real server, two whole windows offscreen, HTTP on 127.0.0.1.
Somebody types into a field and rests; nobody touches the other window. Stages in milliseconds, each from the one
before, as the middle and the longest; `cpu` is what the desk's own process worked meanwhile. `--busy N` lets N
processes that only count compete for the processor.

- `idle`: from the last key until the form has saved, `gathered`: until the exchange begins, `sent`: until it is
  through, `heard`: from the saving until the agency's word is at the other desk, `asks`: until that one's exchange
  begins, `stored`: until the words are on its disk, `shown`: until they stand in its form.
- `whole`: from saving to the other screen, `since_key`: from the last key.
- `exchanges`: how many the writer made per burst of typing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.config import Profile
from app.demo.agency import DemoAgency
from app.demo.client import Client
from app.domain.ids import EntityId
from app.models.opening import create_profile
from app.services import measures
from benchmarks._live_child import desk
from benchmarks.common import agency, folder, percentile, tell

TOWN = "05970004"
_PATIENCE_S = 60.0
KEY = bytes(range(32))
Instants = dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds and own CPU seconds of each stage, and how often the writer exchanged."""

    stages: dict[str, tuple[float, float]]
    exchanges: int


def main() -> None:
    """One line per stage, one for the whole."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--words", type=int, default=12)
    asked.add_argument("--busy", type=int, default=0)
    options = asked.parse_args()
    with folder() as where, agency(where) as made, _crowd(options.busy):
        rounds = list(_rounds(where, made, options.words))
    for stage in rounds[0].stages:
        took = [found.stages[stage] for found in rounds]
        walls, cpus = [1000 * wall for wall, _ in took], [1000 * cpu for _, cpu in took]
        tell(stage=stage, p50_ms=percentile(walls, 0.5), max_ms=max(walls), cpu_p50_ms=percentile(cpus, 0.5))
    tell(busy=options.busy, words=len(rounds), exchanges=sum(found.exchanges for found in rounds) / len(rounds))


@contextmanager
def _crowd(number: int) -> Iterator[None]:
    """So many processes that want the processor all the time."""
    context = multiprocessing.get_context("spawn")
    crowd = [context.Process(target=_count, daemon=True) for _ in range(number)]
    for process in crowd:
        process.start()
    try:
        yield
    finally:
        for process in crowd:
            process.kill()


def _count() -> None:
    while True:
        sum(range(100_000))


def _profile(where: Path, made: DemoAgency, name: str) -> Client:
    profile = Profile.at(where / name)
    client = Client(profile, create_profile(profile, KEY, name, "Laptop", TOWN), name)
    client.join(made.url, made.invite("coordinator", TOWN))
    return client


def _rounds(where: Path, made: DemoAgency, words: int) -> Iterator[Round]:
    """Once for each word typed."""
    clients = [_profile(where, made, name) for name in ("Katrin", "Jana")]
    measure = measures.create(clients[0].store, {"title": "Mitfahrbank", "lead_ags": TOWN})
    for client in clients:
        client.sync()
        client.close()
    with (
        _desk(clients[0].profile.folder, measure) as writer,
        _desk(clients[1].profile.folder, measure) as reader,
    ):
        for pipe in (writer, reader):
            assert pipe.recv() == "ready"
        for number in range(words):
            time.sleep(2.0 + number * 0.37 % 1)  # whoever reads waits again, and nobody hits the same beat
            reader.send(("look", f"Wort{number}."))
            writer.send(("type", f" Wort{number}."))
            assert reader.poll(_PATIENCE_S), "the words never came"
            reader.recv()
            time.sleep(1.0)  # a second exchange would be seen
            yield _told(writer, reader)
        for pipe in (writer, reader):
            pipe.send(("end", ""))


@contextmanager
def _desk(profile: Path, measure: EntityId) -> Iterator[Connection]:
    context = multiprocessing.get_context("spawn")
    mine, its = context.Pipe()
    process = context.Process(target=desk, args=(profile, KEY, measure, its), daemon=True)
    process.start()
    try:
        yield mine
        process.join(20)
    finally:
        process.kill()
        process.join()


def _told(writer: Connection, reader: Connection) -> Round:
    for pipe in (writer, reader):
        pipe.send(("tell", ""))
    (wrote, exchanges), (read, _) = writer.recv(), reader.recv()

    def between(desk_instants: Instants, first: str, then: str) -> tuple[float, float]:
        (began, worked), (ended, in_all) = desk_instants[first], desk_instants[then]
        return ended - began, in_all - worked

    saved, shown = wrote["stored"][0], read["shown"][0]
    return Round(
        {
            "idle": between(wrote, "typed", "stored"),
            "gathered": between(wrote, "stored", "syncing"),
            "sent": between(wrote, "syncing", "connected"),
            "heard": (read["woken"][0] - saved, 0.0),
            "asks": between(read, "woken", "syncing"),
            "stored": between(read, "syncing", "stored"),
            "shown": between(read, "stored", "shown"),
            "whole": (shown - saved, 0.0),
            "since_key": (shown - wrote["typed"][0], 0.0),
        },
        exchanges,
    )


if __name__ == "__main__":
    main()
