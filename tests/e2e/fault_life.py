"""One life of a client and its agency in one process, from founding to rescue; it may end at any transaction."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from app.config import Profile
from app.domain.catalogue import Role
from app.models import backup, epochs, indexing, journal, rereading
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


def live(folder: Path, death: Death, stages: Path | None = None) -> dict[str, Counter[str]]:
    """The story from the chapter of its death on; the commits by chapter and place if it comes to its end.

    Acknowledged edits are noted in `told`, records in `records`.

    Args:
        stages: gets a copy of the world before every chapter, by the chapter's name.
    """
    met = death.watch()
    names = list(STORY)
    counted = {}
    for name in names[names.index(death.chapter or names[0]) :]:
        if stages is not None:
            shutil.copytree(folder, stages / name)
        met.clear()
        STORY[name](folder)
        counted[name] = met.copy()
    return counted


def _found(folder: Path) -> None:
    service = AgencyService.found(Database(Operation(data=folder / "agency").database_url), "Testagentur")
    service.invite(Role.AGENCY, "", ())
    service.database.close()


def _begin(folder: Path, store: Store, service: AgencyService) -> None:
    _work(folder, store)
    exchange(store, service)
    backup.back_up(Profile.at(folder / "sender"), KEY, wall_clock_ms())


def _go_on(folder: Path, store: Store, service: AgencyService) -> None:
    _work(folder, store)
    exchange(store, service)
    service.new_epoch()
    _work(folder, store)
    exchange(store, service)


def _rescue(folder: Path) -> None:
    profile = Profile.at(folder / "sender")
    rescue(profile, KEY, wall_clock_ms())
    backup.restore(profile, backup.backups(profile)[0].path, KEY, wall_clock_ms())


def _begin_anew(folder: Path) -> None:
    """A new laptop, which reads all there is from a file; and what the operator does besides."""
    with ExitStack() as opened:
        service = AgencyService(Database(Operation(data=folder / "agency").database_url), snapshot_from=1)
        opened.callback(service.database.close)
        other = create_profile(Profile.at(folder / "other"), KEY, "Neu", "Laptop", TOWN)
        opened.callback(other.close)
        join(other, service.as_device(""), "http://localhost", service.invite(Role.COORDINATOR, TOWN, ()))
        indexing._PARTS = 1  # what otherwise takes an index of many thousand records: its parts are put together
        exchange(other, service)
        service.extend(1, ())
        service.revoke(99)


def _at_desk(chapter: Callable[[Path, Store, AgencyService], None]) -> Callable[[Path], None]:
    """A chapter with the sender's profile and the agency open."""

    def opened(folder: Path) -> None:
        with ExitStack() as open_now:
            service = AgencyService(Database(Operation(data=folder / "agency").database_url))
            open_now.callback(service.database.close)
            chapter(
                folder, open_now.enter_context(closing(open_or_rescue(Profile.at(folder / "sender"), KEY))), service
            )

    return opened


def _work(folder: Path, store: Store) -> None:
    """Edits of several sorts; each is told as soon as its call has returned."""
    measure = measures.create(store, {"title": "Radweg", "lead_ags": TOWN})
    _tell(folder, store)
    for number in range(3):
        measures.edit(store, measure, {"goals": f"Ziel {number}", "tags": (f"Schlagwort {number}",)})
        _tell(folder, store)
    workshop = workshops.create(store, {"title": "Bürgerdialog", "ags": TOWN})
    _tell(folder, store)
    workshops.add_card(store, workshop, workshops.Card("idea", "Rufbus"))
    _tell(folder, store)
    history.undo(store)
    _tell(folder, store)
    store.put_settings(window="ein Wert")


def _tell(folder: Path, store: Store) -> None:
    now = identity(Reader(store.engine))
    with (folder / "told").open("a") as told:
        told.write(f"{now.replica} {now.n}\n")


def _rare(folder: Path, store: Store, service: AgencyService) -> None:
    """What otherwise takes a damaged reply, or an agency with a gap."""
    now = identity(Reader(store.engine))
    epochs.send_again(store, now.replica, now.n - 1)
    rereading.remember(store, [("agency", 1)])
    journal.note(store, "device.new_identity", {})
    journal.note_records(store, "record.changed", [], {})
    exchange(store, service)


STORY: dict[str, Callable[[Path], None]] = {
    "upgrade": chapters.upgrade,
    "found": _found,
    "begin": _at_desk(_begin),
    "go on": _at_desk(_go_on),
    "attachment": _at_desk(chapters.attach),
    "stick": _at_desk(chapters.by_stick),
    "refused": _at_desk(chapters.be_refused),
    "handed over": _at_desk(chapters.hand_over),
    "account": _at_desk(chapters.sign_in),
    "own devices": _at_desk(chapters.sign_off),
    "hall": _at_desk(chapters.meet_in_a_hall),
    "names": _at_desk(chapters.keep_names),
    "rare": _at_desk(_rare),
    "twin": _at_desk(chapters.have_a_twin),
    "put back": _at_desk(chapters.put_back),
    "spoilt": _at_desk(chapters.be_spoilt),
    "rescue": _rescue,
    "begin anew": _begin_anew,
}
"""The chapters, in order; everything is closed between them."""


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
    """`python -m tests.e2e.fault_life FOLDER STAGES`; prints the commits by chapter and place."""
    print(json.dumps(live(Path(sys.argv[1]), Death(), Path(sys.argv[2]))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
