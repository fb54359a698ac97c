"""Many worlds, over as many processes as there are cores, and what became of them."""

from __future__ import annotations

import gc
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.simulation.faults import Crash
from tests.simulation.genesis import genesis
from tests.simulation.memory import SHELF
from tests.simulation.mutants import mutation
from tests.simulation.world import Plan, World, plan

CHUNK = 10
"""Seeds a process takes at a time."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the world of one seed ended: `fault` is empty if every promise was kept."""

    seed: int
    fault: str
    digest: int
    counters: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)


def judge(story: Plan, mutant: str = "", fate: str = "") -> Verdict:
    """Plays a story; whatever goes wrong in it, also an exception of the product, is its fault.

    Args:
        fate: the fault point at which whoever comes there first goes down.
    """
    world = World(story, mutation(mutant) if mutant else nullcontext, fate)
    fault = ""
    try:
        world.play()
    except (Exception, Crash) as error:  # noqa: BLE001 - an unforeseen exception is a finding like any other
        fault = f"{type(error).__name__}: {error}"[:500]
    powers = [world.office.frame.power, *(laptop.disk.power for laptop in world.laptops)]
    crashed = sum((power.crashed for power in powers), Counter[str]())
    passed = sum((power.passed for power in powers), Counter[str]())
    return Verdict(story.seed, fault, world.digest, world.counters, crashed, passed)


def _several(task: tuple[list[tuple[int, str]], str, int]) -> list[Verdict]:
    worlds, mutant, edition = task
    verdicts = [judge(plan(seed, edition), mutant, fate) for seed, fate in worlds]
    gc.collect()
    return verdicts


@cache
def _rehearse() -> None:
    """Compile and build once what every world needs; processes that are forked bring it along.

    Whatever goes wrong here goes wrong in a world, too, and is told there: a pool whose processes cannot
    begin makes new ones for ever.
    """
    with suppress(Exception):
        judge(plan(1))


def _prepare(folder: Path | None) -> None:
    """A process of its own for worlds: the collector is left out of it."""
    if folder is not None:
        SHELF.on(folder)
        genesis.cache_clear()  # those in memory, if it was forked
    _rehearse()
    gc.collect()
    gc.freeze()
    gc.disable()


def play_all(
    seeds: Iterable[int],
    mutant: str = "",
    processes: int = 0,
    stop: Callable[[Verdict], bool] = lambda _: False,
    folder: Path | None = None,
    edition: int = 2,
) -> Iterator[Verdict]:
    """Plays these seeds on `processes` processes (0: one per core); verdicts in order of the seeds.

    Args:
        stop: ends everything after the first verdict for which it is true.
        folder: where databases lie as encrypted files; without one they live in memory.
        edition: as in `plan`.
    """
    yield from _play([(seed, "") for seed in seeds], mutant, processes, stop, folder, edition)


def play_fated(fates: Iterable[tuple[int, str]]) -> Iterator[Verdict]:
    """Plays seeds again, each with a crash at a fault point that it passes."""
    yield from _play(list(fates), "", 0, lambda _: False)


def _play(
    worlds: list[tuple[int, str]],
    mutant: str,
    processes: int,
    stop: Callable[[Verdict], bool],
    folder: Path | None = None,
    edition: int = 2,
) -> Iterator[Verdict]:
    tasks = [(worlds[i : i + CHUNK], mutant, edition) for i in range(0, len(worlds), CHUNK)]
    context = multiprocessing.get_context("fork" if os.name == "posix" else "spawn")
    _rehearse()
    with context.Pool(processes or os.cpu_count() or 1, initializer=_prepare, initargs=(folder,)) as pool:
        for verdicts in pool.imap(_several, tasks):
            for verdict in verdicts:
                yield verdict
                if stop(verdict):
                    return


@dataclass(slots=True)
class Tally:
    """Sums over many worlds."""

    begun: float = field(default_factory=time.monotonic)
    seeds: int = 0
    failed: list[Verdict] = field(default_factory=list)
    counters: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)
    digests: dict[int, int] = field(default_factory=dict)
    passing: dict[str, int] = field(default_factory=dict)
    """Of every fault point passed, the first seed in which it is."""

    def add(self, verdict: Verdict) -> None:
        self.seeds += 1
        self.digests[verdict.seed] = verdict.digest
        self.counters += verdict.counters
        self.points += verdict.points
        for point in verdict.passed:
            self.passing.setdefault(point, verdict.seed)
        if verdict.fault:
            self.failed.append(verdict)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun
