"""A damaged profile at a real agency: what was confirmed comes back, what waited is sent, what is lost is counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.config import Profile
from app.demo.client import Client
from app.models import backup, gaps
from app.models.engine import connect, reading
from app.models.opening import create_profile
from app.models.queries import records
from app.models.queries.rescued import Rescued, rescued
from app.models.rescue import open_or_rescue, rescue
from app.models.store import wall_clock_ms
from app.models.tables import change
from app.services import measures
from app.ui.wording import rescue as words
from tests.e2e.conftest import BERLEBURG, Place

KEY = bytes(range(32))


@pytest.fixture
def victim(place: Place, tmp_path: Path) -> Iterator[Client]:
    """Joined, with a backup; then three records sent and three that wait."""
    profile = Profile.at(tmp_path / "victim")
    client = Client(profile, create_profile(profile, KEY, "Katrin Brandt", "Laptop", BERLEBURG), "Katrin Brandt")
    client.join(place.process.url, place.invite())
    make(client, "Vorher")
    client.sync()
    backup.back_up(profile, KEY, wall_clock_ms())
    for number in range(3):
        make(client, f"Gesendet {number}")
    client.sync()
    for number in range(3):
        make(client, f"Wartet {number}")
    client.close()
    yield client
    client.close()


def make(client: Client, title: str) -> str:
    return measures.create(client.store, {"title": f"{title} / {client.profile.folder}", "lead_ags": BERLEBURG})


def again(damaged: Client) -> Client:
    return Client(damaged.profile, open_or_rescue(damaged.profile, KEY), damaged.name)


def titles(client: Client) -> set[str]:
    """Of what this client itself has made: others of its town work at the same agency."""
    found = set()
    for state in client.all_states():
        record = records.get_record(client.workspace.reader, "measure", state.id)
        if record is not None:
            title, _, folder = record.text("title").partition(" / ")
            found |= {title} if folder == str(client.profile.folder) else set()
    return found


def told(client: Client) -> Rescued:
    found = rescued(client.workspace.reader)
    assert found is not None
    return found


def test_the_tail_comes_back_from_the_agency(victim: Client) -> None:
    victim.profile.database.write_bytes(victim.profile.database.read_bytes()[: 7 * 4096])
    (victim.profile.folder / "masswerk.suspect").touch()
    client = again(victim)
    before = told(client)
    assert not before.is_settled
    assert titles(client) == {"Vorher"}
    make(client, "Neu")
    client.sync()
    assert titles(client) == {"Vorher", "Neu", *(f"Gesendet {n}" for n in range(3))}
    after = told(client)
    assert (after.missing, after.returned, after.lost, after.is_settled) == (
        before.missing,
        3,
        before.missing - 3,
        True,
    )
    assert client.sync().confirmed == 0
    client.close()


def test_what_waited_goes_out_under_its_old_numbers_and_nothing_twice(victim: Client) -> None:
    rescue(victim.profile, KEY, wall_clock_ms())
    client = again(victim)
    assert (told(client).again, told(client).missing) == (6, 0)
    report = client.sync()
    assert report.confirmed == 6
    assert not report.quarantined
    assert titles(client) == {"Vorher", *(f"{word} {n}" for n in range(3) for word in ("Gesendet", "Wartet"))}
    assert told(client).lost == 0
    client.close()


@pytest.mark.parametrize(("lost", "at_agency"), [("Gesendet 1", True), ("Wartet 1", False), ("Wartet 2", False)])
def test_a_number_lost_in_the_middle_holds_up_nothing_behind_it(victim: Client, lost: str, at_agency: bool) -> None:
    connection = connect(victim.profile.database, KEY)
    connection.execute("DELETE FROM change WHERE instr(body, ?)", (lost.encode(),))
    assert connection.execute("SELECT changes()").fetchone() == (1,)
    connection.close()
    rescue(victim.profile, KEY, wall_clock_ms())
    client = again(victim)
    assert (told(client).again, told(client).missing) == (5, 1)
    make(client, "Neu")
    for _ in range(2):
        client.sync()
    everything = {"Vorher", "Neu", *(f"{word} {n}" for n in range(3) for word in ("Gesendet", "Wartet"))}
    assert titles(client) == (everything if at_agency else everything - {lost})
    assert told(client).lost == int(not at_agency)
    with reading(client.store.engine) as connected:
        states = set(connected.execute(select(change.c.state).where(change.c.action != gaps.LOST)).scalars())
    assert states == {"confirmed"}
    client.close()


def test_the_person_is_told_in_words_what_came_back_and_what_did_not(victim: Client) -> None:
    victim.profile.database.write_bytes(b"")
    client = again(victim)
    now = datetime.now(UTC)
    said = " ".join(words.sentences(told(client), now))
    assert "Grundlage ist die Sicherung von heute" in said
    assert "kommt mit dem nächsten Abgleich zurück" in said
    assert f"damaged/{told(client).file}" in said
    client.sync()
    said = " ".join(words.sentences(told(client), now))
    assert "3 Änderungen kamen von der Agentur zurück." in said
    assert "3 Änderungen sind verloren." in said
    client.close()
