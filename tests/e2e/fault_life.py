"""One life of a client and its agency in one process, from founding to rescue; it may end at any transaction."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path

from app.config import Profile
from app.domain.catalogue import Role
from app.models import backup, epochs, incoming, journal, rereading
from app.models.opening import create_profile
from app.models.outbox import standing
from app.models.queries.identity import identity
from app.models.queries.reader import Reader
from app.models.rescue import open_or_rescue, rescue
from app.models.store import Store, wall_clock_ms
from app.server.config import Operation
from app.server.database import Database
from app.server.service import AgencyService
from app.services import history, measures, workshops
from app.sync.engine import Engine
from app.sync.membership import join
from tests.e2e.fault_points import Death

KEY = bytes(range(32))
TOWN = "05970004"


def live(folder: Path, death: Death) -> Counter[str]:
    """The whole story; returns the commits by place if it comes to its end. Acknowledged edits go into `told`."""
    met = death.watch()
    service = AgencyService.found(Database(Operation(data=folder / "agency").database_url), "Testagentur")
    service.invite(Role.AGENCY, "", ())
    profile = Profile.at(folder / "sender")
    told = os.open(folder / "told", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    store = open_or_rescue(profile, KEY)
    try:
        _work(store, told)
        exchange(store, service)
        backup.back_up(profile, KEY, wall_clock_ms())
        _work(store, told)
        exchange(store, service)
        service.new_epoch()
        _work(store, told)
        exchange(store, service)
        _rare(store)
        exchange(store, service)
    finally:
        store.close()
    rescue(profile, KEY, wall_clock_ms())
    backup.restore(profile, backup.backups(profile)[0].path, KEY, wall_clock_ms())
    other = create_profile(Profile.at(folder / "other"), KEY, "Neu", "Laptop", TOWN)
    join(other, service.as_device(""), "http://localhost", service.invite(Role.COORDINATOR, TOWN, ()))
    other.close()
    service.extend(1, ())
    service.revoke(99)
    service.database.close()
    return met


def exchange(store: Store, service: AgencyService) -> None:
    """One exchange without a network between."""
    Engine(store, service.as_device(standing(store).membership.token)).sync()


def _work(store: Store, told: int) -> None:
    """Edits of several sorts; each is told as soon as its call has returned."""
    measure = measures.create(store, {"title": "Radweg", "lead_ags": TOWN})
    _tell(store, told)
    for number in range(3):
        measures.edit(store, measure, {"goals": f"Ziel {number}", "tags": (f"Schlagwort {number}",)})
        _tell(store, told)
    workshop = workshops.create(store, {"title": "Bürgerdialog", "ags": TOWN})
    _tell(store, told)
    workshops.add_card(store, workshop, workshops.Card("idea", "Rufbus"))
    _tell(store, told)
    history.undo(store)
    _tell(store, told)
    store.put_settings(window="ein Wert")


def _tell(store: Store, told: int) -> None:
    now = identity(Reader(store.engine))
    os.write(told, f"{now.replica} {now.n}\n".encode())


def _rare(store: Store) -> None:
    """What otherwise takes a damaged reply, a refused change, or an agency with a gap."""
    now = identity(Reader(store.engine))
    incoming.quarantine(store, [(now.replica, now.n, "not_allowed")])
    epochs.send_released(store, [(now.replica, now.n)])
    epochs.send_again(store, now.replica, now.n - 1)
    rereading.remember(store, [("agency", 1)])
    journal.note(store, "device.new_identity", {})
    journal.note_records(store, "record.changed", [], {})


def raise_world(folder: Path) -> None:
    """A sender who has joined, and somebody else whose records wait for him at the agency."""
    (folder / "agency").mkdir(parents=True)
    service = AgencyService.found(Database(Operation(data=folder / "agency").database_url), "Testagentur")
    for name in ("sender", "second"):
        store = create_profile(Profile.at(folder / name), KEY, name, "Laptop", TOWN)
        join(store, service.as_device(""), "http://localhost", service.invite(Role.COORDINATOR, TOWN, ()))
        if name == "second":
            for number in range(70):
                measures.create(store, {"title": f"Von anderen {number}", "lead_ags": TOWN})
            exchange(store, service)
        store.close()
    service.database.close()


def main() -> int:
    """`python -m tests.e2e.fault_life FOLDER POINT before|after OCCURRENCE`; prints the commits by place."""
    folder, point, moment, occurrence = sys.argv[1:]
    print(json.dumps(live(Path(folder), Death(point, moment == "after", int(occurrence)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
