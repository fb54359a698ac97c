"""What does not fit into one letter goes in several: all of it arrives, whatever breaks off in between."""

from __future__ import annotations

import base64
import secrets

import pytest
from sqlalchemy import select

from app.models import letters
from app.models.engine import reading
from app.models.queries.hall import hall_standing
from app.models.tables import letter_part
from app.sync.carry_wire import MAX_LETTER, CarryRequest
from app.sync.courier.write import seal_letters
from app.sync.hall import hub as hub_of
from app.sync.hall.guest import GuestLink
from app.sync.hall.trust import Own
from app.sync.hall.wire import PARTS
from tests.models.desk import count
from tests.sync.devices import Device
from tests.sync.hall.conftest import Hall
from tests.sync.hall.test_evening import everything, logged

MOST = 40_000


def narrow(*links: GuestLink) -> None:
    """Letters of these laptops hold little, so that a few cards need several."""
    for link in links:
        link.desk.post.most = MOST


def fill(hall: Hall, device: Device, cards: int) -> None:
    """Words that do not get shorter by packing."""
    for _ in range(cards):
        hall.write(device, secrets.token_hex(4_000))


def shas(device: Device) -> set[str]:
    with reading(device.store.engine) as connection:
        return set(connection.execute(select(letter_part.c.sha)).scalars())


def pending(device: Device) -> int:
    return hall_standing(device.workspace.reader).pending


def test_a_letter_is_as_large_as_an_agency_takes(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    link = hall.join(olaf, hall.open(anna))
    assert (link.desk.post.most, hall.servers[-1].hub.desk.post.most) == (MAX_LETTER, MAX_LETTER)


def test_several_letters_of_one_laptop_all_come_to_the_agency_and_their_receipt_comes_back(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    link = hall.join(olaf, hall.open(anna))
    narrow(link)
    fill(hall, olaf, 12)
    hall.meet(link)
    first = shas(anna)
    assert len(first) > 2
    (keeper,) = hall_standing(olaf.workspace.reader).keepers
    assert keeper.changes == 12
    fill(hall, olaf, 1)
    hall.meet(link)
    assert len(shas(anna) & first) >= len(first) - 1, "the full ones have not travelled again"
    anna.sync()
    assert logged(hall, olaf) == everything(olaf)
    assert count(anna.store, letter_part) == 0
    hall.meet(link)
    standing = hall_standing(olaf.workspace.reader)
    assert (standing.pending, standing.arrived) == (13, 13)
    assert olaf.sync().confirmed == 13


def test_the_hubs_several_letters_go_home_with_a_guest_after_a_line_that_broke_between_them(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    server = hall.open(anna)
    server.hub.desk.post.most = MOST
    link = hall.join(olaf, server)
    fill(hall, anna, 12)
    asked, given = link._wire.ask, 0

    def breaking(path, message, model):  # type: ignore[no-untyped-def]
        nonlocal given
        given += path == PARTS
        if path == PARTS and given in (2, 4):
            asked(path, message, model)
            raise OSError("cut")
        return asked(path, message, model)

    link._wire.ask = breaking  # type: ignore[method-assign]
    key = Own.of(anna.store).shown.signing
    cuts = 0
    for _ in range(60):
        try:
            if not link.exchange():
                break
        except OSError:
            cuts += 1
            held = {each.author.device: each for each in letters.letters(olaf.store)}[key]
            assert not held.has_body, "only all of them together count"
            assert shas(olaf)
    assert cuts == 2
    assert given == len(shas(olaf)) + 2, "what had come was not asked for again"
    olaf.sync()
    assert logged(hall, anna) == everything(anna)
    assert anna.sync().confirmed == 12


def test_an_earlier_program_passes_several_letters_by_and_nothing_is_told_as_carried(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    monkeypatch.setattr(hub_of, "ALSO", [])
    link = hall.join(olaf, hall.open(anna))
    narrow(link)
    fill(hall, olaf, 8)
    hall.meet(link)
    assert hall_standing(olaf.workspace.reader).keepers == ()
    assert hall.cards(anna) == hall.cards(olaf)
    assert olaf.sync().confirmed == 8


def test_a_change_too_large_for_any_letter_waits_with_what_follows_and_what_came_before_goes(hall: Hall) -> None:
    olaf = hall.devices["Olaf"]
    link = hall.join(olaf, hall.open(hall.devices["Anna"]))
    narrow(link)
    fill(hall, olaf, 3)
    hall.write(olaf, secrets.token_hex(45_000))
    fill(hall, olaf, 2)
    hall.meet(link)
    (keeper,) = hall_standing(olaf.workspace.reader).keepers
    assert (keeper.changes, pending(olaf)) == (3, 6)
    made = seal_letters(olaf.store, MOST)
    assert [len(one.sealed) <= MOST for one in made] == [True, False, True]
    assert sum(one.changes for one in made) == 6


def test_a_letter_whose_forerunner_is_missing_is_not_told_as_taken_and_comes_again(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    fill(hall, olaf, 8)
    first, second = seal_letters(olaf.store, MOST)[:2]
    asked = [CarryRequest(letter=base64.b64encode(one.sealed).decode()) for one in (second, first, second)]
    before = logged(hall, olaf)
    replies = [anna.between.carry(asked[0])]
    assert logged(hall, olaf) == before
    replies += [anna.between.carry(one) for one in asked[1:]]
    assert [reply.outcome for reply in replies] == ["reset", "taken", "taken"]
    assert olaf.sync().confirmed == 8
    assert logged(hall, olaf) == everything(olaf)
