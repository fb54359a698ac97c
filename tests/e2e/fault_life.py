"""One life of a client and its agency in one process, from founding to rescue; it may end at any transaction."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

from app.config import Profile
from app.domain.catalogue import Role
from app.models import backup, epochs, journal, rereading
from app.models.opening import create_profile
from app.models.queries.identity import identity
from app.models.queries.reader import Reader
from app.models.rescue import open_or_rescue, rescue
from app.models.store import Store, wall_clock_ms
from app.server.config import Operation
from app.server.database import Database
from app.server.service import AgencyService
from app.services import history, measures, workshops
from app.sync.membership import join
from tests.e2e import fault_chapters as chapters
from tests.e2e.fault_chapters import KEY, NEIGHBOUR_TOWN, TOWN, exchange
from tests.e2e.fault_points import Death

OLD = Path(__file__).parents[1] / "fixtures" / "profile-0001" / "masswerk.db"
PEOPLE = {"sender": TOWN, "second": TOWN, "colleague": TOWN, "neighbour": NEIGHBOUR_TOWN}


def live(folder: Path, death: Death) -> Counter[str]:
    """The whole story; returns the commits by place if it comes to its end. Acknowledged edits go into `told`."""
    met = death.watch()
    chapters.upgrade(folder)
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
        chapters.attach(folder, store, service)
        chapters.by_stick(folder, store, service)
        chapters.be_refused(folder, store, service)
        _rare(store)
        exchange(store, service)
        chapters.have_a_twin(folder, store, service)
        service = chapters.put_back(folder, store, service)
        chapters.be_spoilt(folder, store, service)
    finally:
        store.close()
    rescue(profile, KEY, wall_clock_ms())
    backup.restore(profile, backup.backups(profile)[0].path, KEY, wall_clock_ms())
    _begin_anew(folder, service)
    service.extend(1, ())
    service.revoke(99)
    service.database.close()
    return met


def _begin_anew(folder: Path, service: AgencyService) -> None:
    """A new laptop, which reads all there is from a file."""
    filed = AgencyService(service.database, snapshot_from=1)
    with closing(create_profile(Profile.at(folder / "other"), KEY, "Neu", "Laptop", TOWN)) as other:
        join(other, service.as_device(""), "http://localhost", service.invite(Role.COORDINATOR, TOWN, ()))
        exchange(other, filed)


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
    """What otherwise takes a damaged reply, or an agency with a gap."""
    now = identity(Reader(store.engine))
    epochs.send_again(store, now.replica, now.n - 1)
    rereading.remember(store, [("agency", 1)])
    journal.note(store, "device.new_identity", {})
    journal.note_records(store, "record.changed", [], {})


def raise_world(folder: Path) -> None:
    """People who have joined, in two towns, and an old profile; records wait for the sender at the agency."""
    (folder / "agency").mkdir(parents=True)
    shutil.copyfile(OLD, Profile.at(folder / "old").ensure().database)
    service = AgencyService.found(Database(Operation(data=folder / "agency").database_url), "Testagentur")
    for name, town in PEOPLE.items():
        with closing(create_profile(Profile.at(folder / name), KEY, name, "Laptop", town)) as store:
            join(store, service.as_device(""), "http://localhost", service.invite(Role.COORDINATOR, town, ()))
            if name == "second":
                for number in range(70):
                    measures.create(store, {"title": f"Von anderen {number}", "lead_ags": TOWN})
                exchange(store, service)
    service.database.close()


def main() -> int:
    """`python -m tests.e2e.fault_life FOLDER POINT before|after OCCURRENCE`; prints the commits by place."""
    folder, point, moment, occurrence = sys.argv[1:]
    print(json.dumps(live(Path(folder), Death(point, moment == "after", int(occurrence)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
