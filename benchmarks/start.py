"""From the start of the process to the painted window with the table of the whole demo region in it.

    python benchmarks/start.py [--frozen dist/masswerk/masswerk] [--times 5]

Offscreen, with the key under a passphrase (no keyring here); what unwrapping the key costs is told apart.
"Cold" means that the operating system has let go of the program's files before the start.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.config import Profile
from app.demo.agency import DemoAgency
from app.demo.client import Client
from app.demo.region import load
from app.demo.stage import fill_agency
from app.models import keys
from app.models.opening import create_profile
from app.models.queries import syncing
from app.resources import path
from benchmarks import common

PASSPHRASE = "Sieben Brücken über die Eder"
PATIENCE_S = 120.0
SIGN = "window painted"


def raise_profile(folder: Path, agency: DemoAgency) -> tuple[Profile, int]:
    """A closed profile that holds the demo region; number of its measures."""
    region = load(path("demo"))
    fill_agency(folder, agency, region)
    person = region.people.katrin
    profile = Profile.at(folder / "profile").ensure()
    key = keys.create_key(profile, PASSPHRASE)
    store = create_profile(profile, key, person.name, person.device, person.ags)
    client = Client(profile, store, person.name)
    client.join(agency.url, agency.invite(person.role, person.ags, tuple(person.workshops)))
    client.sync()
    count = syncing.counts(client.workspace.reader)["measure"]
    client.close()
    return profile, count


def start_once(command: list[str], profile: Profile, secret: Path) -> float:
    """Seconds from the start of the process to the painted window."""
    log = profile.logs / "masswerk.log"
    log.unlink(missing_ok=True)
    env = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
    }
    began = time.perf_counter()
    words = [*command, "--profile", str(profile.folder), "--passphrase-file", str(secret)]
    program = subprocess.Popen(words, env=env)
    try:
        while time.perf_counter() - began < PATIENCE_S and program.poll() is None:
            if log.exists() and SIGN in log.read_text(encoding="utf-8"):
                return time.perf_counter() - began
            time.sleep(0.005)
    finally:
        program.terminate()
        program.wait(timeout=30)
    raise SystemExit(f"no window: {command[0]} ended with {program.returncode}")


def let_go(folders: Iterable[Path]) -> None:
    """Asks the operating system to forget what it has read of these folders; only Linux can."""
    if not hasattr(os, "posix_fadvise"):
        return
    for folder in folders:
        for file in folder.rglob("*"):
            if file.is_file() and not file.is_symlink():
                with file.open("rb") as opened:
                    os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def unwrap_seconds(profile: Profile) -> float:
    """What the passphrase costs of every start."""
    began = time.perf_counter()
    keys.load_key(profile, PASSPHRASE)
    return time.perf_counter() - began


def measure(command: list[str], profile: Profile, secret: Path, program: list[Path], times: int) -> dict[str, float]:
    """One cold start and the median and longest of several warm ones, in seconds."""
    start_once(command, profile, secret)
    let_go([*program, profile.folder])
    cold = start_once(command, profile, secret)
    warm = [start_once(command, profile, secret) for _ in range(times)]
    return {"cold_s": cold, "warm_p50_s": common.percentile(warm, 0.5), "warm_max_s": max(warm)}


def main() -> int:
    """Reads the command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--frozen", type=Path, help="the built program, to be measured beside the source")
    asked.add_argument("--times", type=int, default=5)
    chosen = asked.parse_args()
    with common.folder() as folder:
        with common.agency(folder) as agency:
            profile, count = raise_profile(folder, agency)
        secret = folder / "passphrase"
        secret.write_text(PASSPHRASE, encoding="utf-8")
        figures = {"measures": count, "unwrap_s": round(unwrap_seconds(profile), 3)}
        source = [Path(sysconfig.get_path("purelib")), Path(__file__).resolve().parents[1] / "app"]
        common.tell(
            program="source", **figures,
            **measure([sys.executable, "-m", "app"], profile, secret, source, chosen.times),
        )  # fmt: skip
        if chosen.frozen is not None:
            bundle = chosen.frozen.resolve()
            common.tell(
                program="frozen", **figures,
                **measure([str(bundle)], profile, secret, [bundle.parent], chosen.times),
            )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
