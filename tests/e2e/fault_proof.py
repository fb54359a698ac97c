"""What must hold after a death at any transaction: files whole, nothing acknowledged lost, numbers gapless, rest."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select, text

from app.config import Profile
from app.models.opening import open_store
from app.models.outbox import next_batch
from app.models.queries.identity import all_states
from app.models.queries.reader import Reader
from app.models.rescue import open_or_rescue
from app.models.soundness import examine, looking_into
from app.models.store import Store
from app.server.config import Operation
from app.server.database import Database
from app.server.service import AgencyService
from app.server.tables import change_log
from tests.e2e.fault_life import KEY, exchange, live
from tests.e2e.fault_points import Death

MOST_EXCHANGES = 3


def die(world: Path, folder: Path, death: Death) -> None:
    """Lives in a process of its own on a copy of the world until the death comes."""
    shutil.copytree(world, folder)
    os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.e2e.fault_life"])
    child = processes.Process(target=live, args=(folder, death))
    child.start()
    child.join(120)
    assert child.exitcode == -signal.SIGKILL, f"{death} did not come: {child.exitcode}"


def count(world: Path, folder: Path) -> dict[str, int]:
    """Commits by place in a life that comes to its end; in a process of its own, whose listeners end with it."""
    shutil.copytree(world, folder)
    command = [sys.executable, "-m", "tests.e2e.fault_life", str(folder), "", "before", "1"]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300, check=True)
    found: dict[str, int] = json.loads(done.stdout)
    return found


def prove(folder: Path) -> None:
    """Opens both ends again and looks at everything.

    Raises:
        AssertionError: a promise was broken.
    """
    told = {tuple(map(int, line.split())) for line in _lines(folder / "told")}
    service = AgencyService(Database(Operation(data=folder / "agency").database_url))
    store = open_or_rescue(Profile.at(folder / "sender"), KEY)
    second = open_store(Profile.at(folder / "second"), KEY)
    try:
        with service.database.read() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
        _come_to_rest(store, service)
        exchange(second, service)
        assert all_states(Reader(store.engine)) == all_states(Reader(second.engine))
        with service.database.read() as connection:
            known = {(r, n) for r, n in connection.execute(select(change_log.c.replica, change_log.c.n))}
            counted = select(func.count(), func.max(change_log.c.n)).group_by(change_log.c.replica)
            assert all(count == last for count, last in connection.execute(counted)), "a gap in the numbers"
        assert told <= known, f"acknowledged and gone: {sorted(told - known)[:5]}"
    finally:
        store.close()
        second.close()
        service.database.close()
    with looking_into(folder / "sender" / "masswerk.db", KEY) as connection:
        examine(connection)


def _lines(file: Path) -> list[str]:
    """Without the last one if the death came while it was written."""
    content = file.read_text() if file.exists() else ""
    return content[: content.rfind("\n") + 1].splitlines()


def _come_to_rest(store: Store, service: AgencyService) -> None:
    for _ in range(MOST_EXCHANGES):
        exchange(store, service)
        if not next_batch(store, 1, 1).waiting:
            return
    raise AssertionError("changes wait for ever")
