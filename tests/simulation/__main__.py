"""The command line: `python3 dev.py simulate --seeds N [--from S] [--mutant NAME] [--disk] [--replay]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.simulation.mutants import MUTANTS
from tests.simulation.runs import Tally, Verdict, play_all
from tests.simulation.shrink import shrink, told
from tests.simulation.world import plan

SHOWN = 20


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("simulate", description="Plays worlds from seeds; exit code 1 if a promise broke.")
    parser.add_argument("--seeds", type=int, default=300, help="how many (default 300)")
    parser.add_argument("--from", dest="first", type=int, default=0, metavar="SEED", help="the first one")
    parser.add_argument("--mutant", choices=sorted(MUTANTS), default="", help="with this mistake built in")
    parser.add_argument("--replay", action="store_true", help="tell the story of the first seed")
    parser.add_argument("--whole", action="store_true", help="do not shorten the story of a failure")
    parser.add_argument("--disk", action="store_true", help="databases as encrypted files, as in the nightly run")
    parser.add_argument("--hall", action="store_true", help="people also meet in halls without a network")
    parser.add_argument("--processes", type=int, default=0, help="default: one per core")
    return parser.parse_args(given)


def main(given: list[str]) -> int:
    """Plays, prints, and tells the first failure as a short story."""
    asked = _arguments(given)
    if asked.replay:
        lines = told(plan(asked.first, _edition(asked)), asked.mutant)
        print("\n".join(lines))
        return int(lines[-1] != "ends well")
    if asked.disk:
        with TemporaryDirectory(prefix="masswerk-worlds-") as folder:
            tally = _play(asked, Path(folder))
    else:
        tally = _play(asked, None)
    _report(tally)
    if tally.failed:
        _tell(tally.failed[0], asked)
    return int(bool(tally.failed))


def _play(asked: argparse.Namespace, folder: Path | None) -> Tally:
    tally = Tally()
    seeds = range(asked.first, asked.first + asked.seeds)
    for verdict in play_all(seeds, asked.mutant, asked.processes, folder=folder, edition=_edition(asked)):
        tally.add(verdict)
        if verdict.fault and len(tally.failed) <= SHOWN:
            print(f"seed {verdict.seed}: {verdict.fault}", flush=True)
    return tally


def _report(tally: Tally) -> None:
    print(f"{tally.seeds} seeds in {tally.seconds:.1f} s, {tally.seeds / tally.seconds:.1f} a second;", end=" ")
    print(f"{len(tally.failed)} failed")
    print(", ".join(f"{what} {many}" for what, many in sorted(tally.counters.items())))
    print(f"{sum(tally.points.values())} crashes at {len(tally.points)} fault points")


def _edition(asked: argparse.Namespace) -> int:
    return 3 if asked.hall else 2


def _tell(verdict: Verdict, asked: argparse.Namespace) -> None:
    story = plan(verdict.seed, _edition(asked))
    print(f"\nThe first failure{'' if asked.whole else ', shortened'}:")
    print("\n".join(told(story if asked.whole else shrink(story, verdict.fault, asked.mutant), asked.mutant)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
