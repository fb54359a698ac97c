"""Kills client and agency (SIGKILL) at every transaction that any function opens, before and after its commit.

    python benchmarks/fault_points.py [--occurrences 2]

One JSON object; exit code 1 if a promise of `tests/e2e/fault_proof.py` was broken.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import common
from tests.e2e.fault_life import raise_world
from tests.e2e.fault_points import Death
from tests.e2e.fault_proof import count, die, prove


def main() -> int:
    """Reads the command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument(
        "--occurrences", type=int, default=1, help="deaths per place and moment, spread over its commits"
    )
    asked.add_argument("--json", action="store_true", help="accepted like everywhere: it always is JSON")
    chosen = asked.parse_args()
    began, broken, deaths = time.monotonic(), [], 0
    with common.folder() as folder:
        world = folder / "world"
        raise_world(world)
        met = count(world, folder / "whole")
        for point in sorted(met):
            spread = {1 + met[point] * i // chosen.occurrences for i in range(chosen.occurrences)}
            for death in [Death(point, after, n) for n in sorted(spread) for after in (False, True)]:
                deaths += 1
                try:
                    die(world, folder / "life", death)
                    prove(folder / "life")
                except Exception as error:  # noqa: BLE001 - whatever it is, it belongs into the result
                    broken.append(f"{death}: {error!r}"[:300])
                    print(broken[-1], file=sys.stderr, flush=True)
                shutil.rmtree(folder / "life", ignore_errors=True)
    common.tell(places=len(met), deaths=deaths, broken=broken, seconds=time.monotonic() - began)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
