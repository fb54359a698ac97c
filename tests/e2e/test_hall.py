"""Laptops as processes, and an agency that is down: a hall, a power cut, the way home of one, then of the other."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.config import Profile
from app.demo.client import Client
from app.domain.catalogue import Role
from app.domain.ids import EntityId
from app.models.opening import create_profile
from app.services import workshops
from tests.children import children
from tests.e2e.conftest import ARNSBERG, BERLEBURG, Place
from tests.e2e.hall_laptop import live

KEY = bytes(range(32))


class Far:
    """A laptop in a process of its own."""

    def __init__(self, folder: Path, workshop: EntityId) -> None:
        context = children()
        self._pipe, theirs = context.Pipe()
        self.process = context.Process(target=live, args=(folder, KEY, workshop, theirs), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, name: str, *given: object) -> Any:
        pipe: Connection = self._pipe
        pipe.send((name, *given))
        assert pipe.poll(60), name
        answer = pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        self._pipe.send(None)
        self.process.join(20)
        self._pipe.close()

    def cut(self) -> None:
        """The power fails."""
        self.process.kill()
        self.process.join(20)
        self._pipe.close()


def begin(place: Place) -> tuple[Path, Path, EntityId]:
    """Anna's workshop, which Olaf of another town leads with her; both have been at the agency before."""
    folders = []
    workshop = ""
    for name, ags in (("Anna", BERLEBURG), ("Olaf", ARNSBERG)):
        profile = Profile.at(place.people / name)
        client = Client(profile, create_profile(profile, KEY, name, f"Laptop {name}", ags), name)
        led = (workshop,) if workshop else ()
        client.join(place.process.url, place.invite(Role.COORDINATOR, ags, led))
        if not workshop:
            workshop = workshops.create(client.store, {"title": "Zukunft Mobilität", "ags": ags}, ["Bus"])
        client.sync()
        client.close()
        folders.append(profile.folder)
    return folders[0], folders[1], workshop


def test_an_evening_without_a_network_and_the_way_home_of_both(own_place: Place) -> None:
    at_anna, at_olaf, workshop = begin(own_place)
    own_place.process.stop()
    anna, olaf = Far(at_anna, workshop), Far(at_olaf, workshop)
    olaf.ask("join", *anna.ask("open"))
    anna.ask("write", "Bürgerbus")
    olaf.ask("write", "Radweg")
    anna.ask("dictate", "Anna eröffnet. ")
    olaf.ask("await_card", "Bürgerbus")
    olaf.ask("dictate", "Olaf dankt. ")
    anna.ask("await_card", "Radweg")
    anna.ask("await_keeper", 2)

    photo = olaf.ask("attach", 1_000_000)
    anna.ask("await_photo", photo, False)
    anna.cut()
    olaf.ask("write", "Im Dunkeln notiert")
    anna = Far(at_anna, workshop)
    assert anna.ask("seen")[0] == ["Bürgerbus", "Radweg"]
    olaf.ask("leave")
    olaf.ask("join", *anna.ask("open"))
    anna.ask("await_card", "Im Dunkeln notiert")
    olaf.ask("await_keeper", 4)
    anna.ask("await_photo", photo, True)
    for laptop in (olaf, anna):
        laptop.ask("leave")
    cards = ["Bürgerbus", "Im Dunkeln notiert", "Radweg"]
    assert anna.ask("seen") == olaf.ask("seen")
    assert anna.ask("seen")[0] == cards
    assert sorted(anna.ask("seen")[1].split(". ")) == ["", "Anna eröffnet", "Olaf dankt"]
    assert [laptop.ask("pending") for laptop in (anna, olaf)] == [2, 4], "nothing of it is at the agency"

    own_place.process.start()
    assert olaf.ask("sync") == (4, 0)
    assert olaf.ask("letters") == [("Anna", "taken")]
    late = own_place.person("Berta")
    found = [s for s in late.all_states() if s.kind == "contribution"]
    assert len(found) == 3, "everything of both is there once, from one laptop"
    assert anna.ask("pending") == 2, "what Olaf has brought is no receipt of Anna's"
    olaf.ask("join", *anna.ask("open"))
    anna.ask("await_arrived", 2)
    for laptop in (olaf, anna):
        laptop.ask("leave")
    assert anna.ask("sync") == (2, 0)
    assert [laptop.ask("photos_waiting") for laptop in (anna, olaf)] == [0, 0]
    assert [laptop.ask("questions") for laptop in (anna, olaf)] == [0, 0]
    assert anna.ask("seen") == olaf.ask("seen")
    for laptop in (anna, olaf):
        laptop.close()
