"""What must hold after a death at any transaction: files whole, nothing acknowledged lost, numbers gapless, rest."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from sqlalchemy import func, select, text

from app.config import Profile
from app.models import handovers, indexing
from app.models.migrate import HEAD
from app.models.opening import open_store
from app.models.outbox import next_batch, standing
from app.models.queries.identity import all_states
from app.models.queries.reader import Reader
from app.models.rescue import open_or_rescue
from app.models.soundness import Contents, examine, looking_into
from app.models.store import Store
from app.server.config import Operation
from app.server.database import Database
from app.server.service import AgencyService
from app.server.tables import change_log
from app.services import attachments
from tests.children import children
from tests.e2e.fault_chapters import BACKUP, KEY, PHOTO, RETURNED, TWIN, exchange, restored, twin_of
from tests.e2e.fault_life import live, raise_world
from tests.e2e.fault_points import Death

MOST_EXCHANGES = 3


def die(stages: Path, folder: Path, death: Death) -> None:
    """Lives in a process of its own, on a copy of the world as it was before the chapter, until the death comes."""
    shutil.copytree(stages / death.chapter, folder)
    child = children().Process(target=live, args=(folder, death))
    child.start()
    child.join(120)
    assert child.exitcode == -signal.SIGKILL, f"{death} did not come: {child.exitcode}"


def count(folder: Path, stages: Path) -> dict[str, dict[str, int]]:
    """A new world and a life that comes to its end, in a process of its own, whose listeners end with it.

    Args:
        stages: gets the world before every chapter.

    Returns:
        Commits by chapter and place.
    """
    raise_world(folder)
    command = [sys.executable, "-m", "tests.e2e.fault_life", str(folder), str(stages)]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, int]] = json.loads(done.stdout)
    return found


def prove(folder: Path) -> None:
    """Opens every end again and looks at everything.

    Raises:
        AssertionError: a promise was broken.
    """
    told = {tuple(map(int, line.split())) for line in _lines(folder / "told")}
    with ExitStack() as opened:
        service = agency_of(folder)
        opened.callback(service.database.close)
        with service.database.read() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
        sender = opened.enter_context(closing(open_or_rescue(Profile.at(folder / "sender"), KEY)))
        ends = [sender, opened.enter_context(closing(open_store(Profile.at(folder / "second"), KEY)))]
        if (folder / TWIN).exists():
            ends.append(opened.enter_context(closing(twin_of(folder))))
        ends += [opened.enter_context(closing(other)) for other in _newcomer(folder)]
        for end in (*ends[::-1], *ends):
            _come_to_rest(end, service)
        for root in _lines(folder / RETURNED):
            handovers.put_away(sender, root)  # a profile out of a backup shows once more what came back
        expected = all_states(Reader(sender.engine))
        assert all(all_states(Reader(end.engine)) == expected for end in ends)
        assert not any(indexing.missing(end) for end in ends), "something cannot be searched for"
        assert set(_lines(folder / "records")) <= {state.id for state in expected}, "a record is gone"
        _prove_agency(service, told)
        _prove_files(folder, sender)
    with looking_into(folder / "sender" / "masswerk.db", KEY) as connection:
        examine(connection)
    open_store(Profile.at(folder / "old"), KEY).close()
    with looking_into(folder / "old" / "masswerk.db", KEY) as connection:
        assert examine(connection) == Contents(HEAD, 5, 6, 6)


def agency_of(folder: Path) -> AgencyService:
    """The agency; if it was being put back, the operator begins that again."""
    place = Operation(data=folder / "agency")
    if (folder / BACKUP).exists() and not (folder / "agency" / "agency.db").exists():
        return restored(folder)
    return AgencyService(Database(place.database_url))


def _newcomer(folder: Path) -> Iterator[Store]:
    """The new laptop, if it got as far as joining."""
    profile = Profile.at(folder / "other")
    if profile.database.exists():
        other = open_store(profile, KEY)
        if standing(other).membership.joined:
            yield other
        else:
            other.close()


def _prove_agency(service: AgencyService, told: set[tuple[int, ...]]) -> None:
    with service.database.read() as connection:
        known = {(r, n) for r, n in connection.execute(select(change_log.c.replica, change_log.c.n))}
        counted = select(func.count(), func.max(change_log.c.n)).group_by(change_log.c.replica)
        assert all(count == last for count, last in connection.execute(counted)), "a gap in the numbers"
    assert told <= known, f"acknowledged and gone: {sorted(told - known)[:5]}"


def _prove_files(folder: Path, store: Store) -> None:
    """Bytes of what is attached: here and at the agency."""
    assert store.blobs is not None
    for made in _lines(folder / "records"):
        for attached in attachments.standing(store, made):
            assert attached.is_sent
            assert store.blobs.read(attached.original.sha) == PHOTO


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
