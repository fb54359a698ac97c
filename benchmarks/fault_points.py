"""Kills client and agency (SIGKILL) at every transaction that any function opens, before and after its commit.

    python benchmarks/fault_points.py [--occurrences 2]

One JSON object; exit code 1 if a promise of `tests/e2e/fault_proof.py` was broken.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import common
from tests.e2e.fault_points import Death
from tests.e2e.fault_proof import count, die, prove


def deaths(met: dict[str, dict[str, int]], occurrences: int) -> Iterator[Death]:
    """Of every place, before and after its commit; so many per place and moment, spread over all its commits."""
    commits: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for chapter, places in met.items():
        for place, many in places.items():
            commits[place] += [(chapter, n) for n in range(1, many + 1)]
    for place, found in sorted(commits.items()):
        for i in sorted({len(found) * i // occurrences for i in range(occurrences)}):
            chapter, n = found[i]
            yield Death(chapter, place, False, n)
            yield Death(chapter, place, True, n)


def main() -> int:
    """Reads the command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument(
        "--occurrences", type=int, default=1, help="deaths per place and moment, spread over its commits"
    )
    asked.add_argument("--json", action="store_true", help="accepted like everywhere: it always is JSON")
    chosen = asked.parse_args()
    began, broken, died = time.monotonic(), [], 0
    with common.folder() as folder:
        met = count(folder / "whole", folder / "stages")
        for death in deaths(met, chosen.occurrences):
            died += 1
            try:
                die(folder / "stages", folder / "life", death)
                prove(folder / "life")
            except Exception as error:  # noqa: BLE001 - whatever it is, it belongs into the result
                broken.append(f"{death}: {error!r}"[:300])
                print(broken[-1], file=sys.stderr, flush=True)
            shutil.rmtree(folder / "life", ignore_errors=True)
    places = len({place for chapter in met.values() for place in chapter})
    common.tell(places=places, deaths=died, broken=broken, seconds=time.monotonic() - began)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
