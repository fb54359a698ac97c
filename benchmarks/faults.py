"""Every fault of a network on a push and a first pull of thousands of changes: does it come to rest, at what price?

    python benchmarks/faults.py [--changes 5000] [--only NAME]

One JSON object: per fault exchanges, errors by code, bytes upwards against the run without faults, seconds.
Exit code 1 if something was lost, came twice, or did not come to rest.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import common
from tests.e2e.fault_proxy import NONE, proxy_to
from tests.e2e.fault_world import FAULTS, World, build, patience, settled


def trial(world: World, folder: Path, name: str, clean: int) -> dict[str, object]:
    """One fault at the third request of the push and at every second of the pull."""
    fault, began = FAULTS[name], time.monotonic()
    with settled(world, folder) as place:
        with proxy_to(place.port, [NONE, NONE, fault]) as proxy:
            pushed = place.until_quiet(place.sender, proxy, patience(fault))
            up = proxy.bytes_up
        with proxy_to(place.port, [NONE, fault, NONE, fault]) as proxy:
            pulled = place.until_quiet(place.receiver, proxy, patience(fault))
        broken = ""
        try:
            place.agree()
        except AssertionError as error:
            broken = str(error)[:200] or "not the same on both sides"
    return {
        "errors": dict(Counter(error.code for error in [*pushed, *pulled])),
        "bytes_up": up,
        "ratio": round(up / clean, 3) if clean else 1.0,
        "seconds": round(time.monotonic() - began, 2),
        "broken": broken,
    }


def main() -> int:
    """Reads the command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--changes", type=int, default=5_000)
    asked.add_argument("--only", default="")
    asked.add_argument("--json", action="store_true", help="accepted like everywhere: it always is JSON")
    chosen = asked.parse_args()
    found: dict[str, dict[str, object]] = {}
    with common.folder() as folder:
        world = build(folder / "world", chosen.changes)
        with settled(world, folder / "clean") as place:
            clean = place.push_clean()
        for name in FAULTS:
            if chosen.only in ("", name):
                found[name] = trial(world, folder / name.replace(" ", "-").replace("'", ""), name, clean)
                print(name, found[name], file=sys.stderr, flush=True)
    broken = [name for name, figures in found.items() if figures["broken"]]
    common.tell(changes=chosen.changes, clean_bytes_up=clean, faults=found, broken=broken)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
