"""Two program versions in one hall: both are told so, both write on, and nothing of the newer one is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from pydantic import BaseModel

from app.domain.fields import KINDS, SCHEMA_VERSION, Kind
from app.errors import HallRefused
from app.models import gaps, rereading, settings
from app.models.engine import writing
from app.models.queries import records
from app.services import workshops
from app.sync import exchange, preview
from app.sync.hall import guest as guest_of
from app.sync.hall import hub as hub_of
from app.sync.hall.guest import GuestLink, Wire
from app.sync.hall.wire import Enter, HallReply, HallRequest, Knock, LetterRequest, Person, Prove, Said
from app.ui.hall_words import program_words
from tests.sync.devices import BERLEBURG, Device
from tests.sync.hall.conftest import Hall
from tests.sync.hall.test_evening import agree

NEW: dict[str, object] = {"tags": {"Mobilität"}, "noted_at": "2026-11-24T19:00:00Z"}
"""Fields of cards that an earlier program does not know: the last ones, as fields are only ever added."""
_TODAY = KINDS["contribution"]


def _earlier() -> Kind:
    fields = [f for f in _TODAY.fields if f.name not in NEW]
    assert len(fields) < len(_TODAY.fields)
    return Kind(_TODAY.name, _TODAY.title, *fields, root=_TODAY.is_root, named_by=_TODAY.named_by)


EARLIER = _earlier()
_SPOKEN = (exchange, rereading, gaps, preview)


@contextmanager
def speaking(kind: Kind, version: int) -> Iterator[None]:
    before = KINDS["contribution"], exchange.__dict__["SCHEMA_VERSION"]
    _know(kind, version)
    try:
        yield
    finally:
        _know(*before)


def _know(kind: Kind, version: int) -> None:
    KINDS["contribution"] = kind
    for module in _SPOKEN:
        module.SCHEMA_VERSION = version  # type: ignore[attr-defined]


def earlier() -> AbstractContextManager[None]:
    """What runs meanwhile is the earlier program."""
    return speaking(EARLIER, SCHEMA_VERSION - 1)


def today() -> AbstractContextManager[None]:
    return speaking(_TODAY, SCHEMA_VERSION)


class UpToDate:
    """The agency, whose program is today's whoever calls."""

    def __init__(self, agency: object) -> None:
        self._agency = agency

    def __getattr__(self, name: str) -> Any:
        def called(*given: Any) -> Any:
            with today():
                return getattr(self._agency, name)(*given)

        return called


def meet(link: GuestLink, guest_is_earlier: bool) -> None:
    """Both exchange until nobody has anything to tell; while the hub answers, its own program runs."""
    asked = link._wire.ask

    def ask(*said: Any) -> Any:
        with today() if guest_is_earlier else earlier():
            return asked(*said)

    link._wire.ask = ask  # type: ignore[method-assign, assignment]
    with earlier() if guest_is_earlier else today():
        for _ in range(8):
            if not link.exchange():
                break
    link._wire.ask = asked  # type: ignore[method-assign]


def word(device: Device, card: str) -> list[object]:
    """What stands in the new fields."""
    found = records.get_record(device.workspace.reader, "contribution", card)
    return [] if found is None else [found.values.get(name) for name in NEW if found.values.get(name)]


@pytest.mark.parametrize("guest_is_earlier", [True, False])
def test_an_earlier_program_keeps_the_words_it_knows_and_takes_none_of_the_others_away(
    hall: Hall, guest_is_earlier: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    old, new = (olaf, anna) if guest_is_earlier else (anna, olaf)
    link = hall.join(olaf, hall.open(anna))
    card = hall.write(new, "Bürgerbus")
    workshops.edit_part(new.store, "contribution", card, NEW)
    before = word(new, card)
    assert len(before) == len(NEW)
    meet(link, guest_is_earlier)
    assert hall.cards(old) == ["Bürgerbus"]
    with earlier():
        workshops.edit_part(old.store, "contribution", card, {"text": "Bürgerbus sonntags"})
    meet(link, guest_is_earlier)
    assert hall.cards(new) == ["Bürgerbus sonntags"]
    assert word(new, card) == before, "what the earlier program has passed over is still there"
    # The earlier one goes home first, with the letter of the other, then both are up to date.
    monkeypatch.setattr(old.between, "agency", UpToDate(old.between.agency))
    with earlier():
        old.sync()
        assert hall.cards(old) == ["Bürgerbus sonntags"]
    new.sync()
    for device in (anna, olaf):
        with writing(device.store.engine) as connection:
            settings.put(connection, read_by=f"{SCHEMA_VERSION - 1}/0")  # the earlier one is updated: it reads again
        device.sync()
    assert word(new, card) == word(old, card) == before
    agree(hall, anna, olaf)


def test_words_that_an_earlier_hub_has_passed_over_come_when_two_newer_ones_meet(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    bert = hall.devices.get("Bert") or hall.arrive("Bert", BERLEBURG)
    bert.sync()
    server = hall.open(anna)
    author = hall.join(olaf, server)
    card = hall.write(olaf, "Bürgerbus")
    workshops.edit_part(olaf.store, "contribution", card, NEW)
    meet(author, guest_is_earlier=False)
    meet(hall.join(bert, server), guest_is_earlier=False)
    assert hall.cards(bert) == ["Bürgerbus"]
    assert not word(bert, card), "Anna's program did not know it"
    hall.meet(hall.join(olaf, hall.open(bert)))
    assert word(bert, card) == word(olaf, card)


def test_everybody_is_told_whose_program_is_an_earlier_or_a_later_one(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    server = hall.open(anna)
    link = hall.join(olaf, server)
    hall.meet(link)
    assert program_words([*link.present, *server.hub.present()]) == []
    link.leave()
    monkeypatch.setattr(guest_of, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    link = hall.join(olaf, server)
    hall.meet(link)
    (told,) = program_words(server.hub.present())
    assert told.startswith("Auf Laptop (Olaf) läuft eine neuere Fassung von Maßwerk.")
    link.leave()
    monkeypatch.setattr(guest_of, "SCHEMA_VERSION", SCHEMA_VERSION - 1)
    link = hall.join(olaf, server)
    hall.meet(link)
    (told,) = program_words(server.hub.present())
    assert told.startswith("Auf Laptop (Olaf) läuft eine ältere Fassung von Maßwerk.")


def test_the_first_version_is_recognised_on_either_side(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    monkeypatch.setattr(guest_of, "PROGRAM", "/hall/nothing")  # the guest never speaks of its program
    server = hall.open(anna)
    link = hall.join(olaf, server)
    hall.meet(link)
    assert [person.schema_version for person in server.hub.present()] == [0]
    link.leave()
    monkeypatch.undo()
    monkeypatch.setattr(hub_of, "ALSO", [])
    link = hall.join(olaf, hall.open(anna))
    hall.meet(link)
    (hub,) = (person for person in link.present if person.signing == link.hub.signing)
    assert hub.schema_version == 0
    assert len(program_words([hub])) == 1


def test_what_the_first_version_asks_and_reads_has_kept_its_shape() -> None:
    """A field more in a question and an earlier hub refuses it: what is new goes by routes that are told first."""
    shapes: dict[type[BaseModel], set[str]] = {
        Knock: {"hall", "nonce"},
        Prove: {"nonce", "proof"},
        Enter: {"nonce", "passport", "signature"},
        Said: {"passport", "word", "note"},
        HallRequest: {"taken", "digests", "total", "pages", "said", "has", "authors"},
        LetterRequest: {"device", "letter"},
    }
    assert {model: set(model.model_fields) for model in shapes} == shapes
    for model in (HallReply, Person):
        assert model.model_config["extra"] == "ignore"


def test_a_hub_that_speaks_another_protocol_says_so_and_everybody_works_on(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    server = hall.open(anna)
    asked = Wire.ask

    def later(self: Wire, path: str, message: Any, model: Any) -> Any:
        return asked(self, path, message.model_copy(update={"hall": "2"}) if path == "/hall/knock" else message, model)

    monkeypatch.setattr(Wire, "ask", later)
    with pytest.raises(HallRefused, match="hall_version"):
        hall.join(olaf, server)
    assert hall.write(olaf, "Für mich weiter")
