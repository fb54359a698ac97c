"""Kill test: a client that edits and syncs without pause is killed (SIGKILL) at random moments.

    python benchmarks/kill.py --times 200 [--seed 1]

A real encrypted profile on disk, a real agency process over HTTP. The client reports an edit only after the
service call returned. Every tenth time the agency is killed too. In the end every reported edit must be in
the client's log and at the agency, the records must say what the edits said, the file must be whole, and a
second client must hold the same. One JSON object; exit code 1 if a promise was broken.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
import threading
import time
from collections import Counter
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.config import Profile
from app.demo.agency import DemoAgency
from app.demo.client import Client
from app.errors import AgencyUnreachable
from app.models.opening import create_profile, open_store
from app.models.soundness import examine, looking_into
from app.services import measures, workshops
from benchmarks import _kill_child, _kill_proof, common

KEY = bytes(range(32))
AGS = "05970004"
LONGEST_S = 0.8
"""A life ends at the latest this long after it began to work."""
START_TIMEOUT_S = 60.0


class Trial:
    """The victim, its agency, a second client beside it, and what the victim has reported."""

    def __init__(self, folder: Path, agency: DemoAgency, seed: int) -> None:
        self.profile = Profile.at(folder / "victim")
        self.agency = agency
        self.dice = random.Random(seed)
        self.reported: list[_kill_child.Deed] = []
        self.moments: Counter[str] = Counter()
        self.server_kills = 0
        self.reopen_ms: list[float] = []
        self.targets = self._raise_profile()
        self.second = common.joined(folder, agency, "Zweite", "coordinator", AGS)
        os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1])
        self._processes: ForkServerContext = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(["benchmarks._kill_child"])

    def _raise_profile(self) -> _kill_child.Targets:
        store = create_profile(self.profile, KEY, "Katrin Brandt", "Laptop", AGS)
        victim = Client(self.profile, store, "Katrin Brandt")
        victim.join(self.agency.url, self.agency.invite("coordinator", AGS))
        made = [
            measures.create(store, {"title": f"Maßnahme {i}", "lead_ags": AGS, "status": "planned"}) for i in range(4)
        ]
        workshop = workshops.create(store, {"title": "Bürgerdialog", "ags": AGS})
        vote = workshops.add_part(store, workshop, "vote_round", {"title": "Punkte"})
        _, card = workshops.add_card(store, workshop, workshops.Card("idea", "Rufbus"))
        victim.sync()
        victim.close()
        return _kill_child.Targets(tuple(made), workshop, vote, card)

    def life(self, number: int) -> None:
        """One start of the client, its work, and its end."""
        mine, its = self._processes.Pipe(duplex=False)
        seed = self.dice.randrange(2**31)
        child = self._processes.Process(
            target=_kill_child.live, args=(self.profile.folder, KEY, self.targets, number, seed, its)
        )
        began = time.monotonic()
        child.start()
        its.close()
        watch = _Watch(mine)
        # Now and then it does not even get to open its profile.
        if self.dice.random() > 0.08:
            watch.wait_for("open", START_TIMEOUT_S)
            self.reopen_ms.append((time.monotonic() - began) * 1000)
        self._wait_for_a_bad_moment(watch)
        with_server = number % 10 == 0
        if with_server and self.dice.random() < 0.5:
            self.agency.kill()
        assert child.pid is not None
        child.kill()
        child.join()
        watch.thread.join()
        mine.close()
        if child.exitcode != -9:
            raise SystemExit(f"the client ended by itself: {child.exitcode}")
        if with_server:
            self.agency.kill()
            self.server_kills += 1
            self.agency.start()
        self.reported += watch.deeds
        self.moments[watch.moment] += 1

    def _wait_for_a_bad_moment(self, watch: _Watch) -> None:
        """Anywhere, or shortly after a sync began, or shortly after an edit began."""
        chosen = self.dice.random()
        if chosen < 0.35:
            watch.wait_for("sync", 2.0)
            time.sleep(self.dice.random() * 0.05)
        elif chosen < 0.55:
            time.sleep(self.dice.random() * LONGEST_S / 2)
            watch.wait_for("edit", 2.0)
            time.sleep(self.dice.random() * 0.01)
        else:
            time.sleep(self.dice.random() * LONGEST_S)

    def beside(self, number: int) -> None:
        """Meanwhile the second client works on the same records, so that there is something to fetch."""
        target = self.targets.measures[number % len(self.targets.measures)]
        measures.edit(self.second.store, target, {"place_text": f"Ort {number}"})
        asked = workshops.Card("question", f"Frage {number}")
        workshops.add_card(self.second.store, self.targets.workshop, asked)
        try:
            self.second.sync()
        except AgencyUnreachable:
            return


class _Watch:
    """Reads what the client reports until its end of the pipe is gone."""

    def __init__(self, pipe: Connection) -> None:
        self.deeds: list[_kill_child.Deed] = []
        self._pipe = pipe
        self._heard_of: Counter[str] = Counter()
        self._busy: set[str] = set()
        self._heard = threading.Condition()
        self.thread = threading.Thread(target=self._read, name="watch", daemon=True)
        self.thread.start()

    @property
    def moment(self) -> str:
        """What the client was doing when it ended, as far as it said."""
        return "+".join(sorted(self._busy)) or ("between" if self._heard_of else "start")

    def wait_for(self, word: str, seconds: float) -> None:
        """Until the next such word; "open" comes once and counts also if it has come."""
        with self._heard:
            before = 0 if word == "open" else self._heard_of[word]
            self._heard.wait_for(lambda: self._heard_of[word] > before, seconds)

    def _read(self) -> None:
        while True:
            try:
                told = self._pipe.recv()
            except (EOFError, OSError):
                return
            with self._heard:
                if isinstance(told, _kill_child.Deed):
                    self.deeds.append(told)
                    self._busy.discard("edit")
                    continue
                self._heard_of[told] += 1
                if told == "synced":
                    self._busy.discard("sync")
                elif told in ("sync", "edit"):
                    self._busy.add(told)
                self._heard.notify_all()


def check_file(profile: Profile) -> list[str]:
    """SQLite's check, SQLCipher's check of every page, and every record read."""
    broken = []
    with looking_into(profile.database, KEY) as connection:
        pages = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        sealed = connection.exec_driver_sql("PRAGMA cipher_integrity_check").scalars().all()
        examine(connection)
    if pages != ["ok"]:
        broken.append(f"integrity_check: {pages[:3]}")
    if sealed:
        broken.append(f"cipher_integrity_check: {sealed[:3]}")
    return broken


def run(times: int, seed: int) -> int:
    """The lives and the proof; 0 if every promise was kept."""
    began = time.monotonic()
    with common.folder() as folder, common.agency(folder) as agency:
        trial = Trial(folder, agency, seed)
        broken: list[str] = []
        for number in range(1, times + 1):
            if number % 3 == 0:
                trial.beside(number)
            trial.life(number)
            if number % 25 == 0:
                broken += check_file(trial.profile)
                print(f"{number} kills, {len(trial.reported)} edits reported", file=sys.stderr, flush=True)
        figures, found = _prove(trial, folder)
        broken += found
        trial.second.close()
        common.tell(
            kills=times,
            server_kills=trial.server_kills,
            seed=seed,
            moments=dict(trial.moments),
            edits=dict(Counter(deed.what for deed in trial.reported)),
            reported=len(trial.reported),
            reopen_p50_ms=common.percentile(trial.reopen_ms, 0.5),
            reopen_max_ms=max(trial.reopen_ms),
            **figures,
            broken=broken[:20],
            seconds=time.monotonic() - began,
        )
    return 1 if broken else 0


def _prove(trial: Trial, folder: Path) -> tuple[dict[str, object], list[str]]:
    """Opens the profile a last time, syncs until quiet and looks at everything."""
    victim = Client(trial.profile, open_store(trial.profile, KEY), "Katrin Brandt")
    try:
        rounds = _quiet(victim, trial.second)
        broken = [] if rounds else ["the exchange does not come to rest"]
        figures, found = _kill_proof.prove(
            victim, trial.second, trial.targets, trial.reported, folder / "agency" / "agency.db"
        )
    finally:
        victim.close()
    return {"syncs_until_quiet": rounds, **figures}, [*broken, *found, *check_file(trial.profile)]


def _quiet(victim: Client, second: Client) -> int:
    """Number of exchanges until both have nothing to send and nothing to fetch; 0 if that never comes."""
    for count in range(1, 11):
        reports = [client.sync() for client in (victim, second, victim)]
        if not any(r.confirmed or r.new or r.changed for r in reports):
            return count
    return 0


def main() -> int:
    """Reads the command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1)
    chosen = asked.parse_args()
    return run(chosen.times, chosen.seed)


if __name__ == "__main__":
    sys.exit(main())
