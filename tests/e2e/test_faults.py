"""Everything a network can do to an exchange: in the end both sides hold all of it, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import AgencyError, AgencyUnreachable
from app.server.config import ServeSettings
from app.ui import labels
from app.ui.wording import refusals
from tests.e2e.fault_proxy import NONE, Fault, proxy_to
from tests.e2e.fault_world import FAULTS, Place, World, build, patience, pending, settled
from tests.sync.certificates import self_signed

MANY = 600
"""Changes to be sent, about, in two requests and a bit; `benchmarks/faults.py` does it with 5,000."""
RARE = {"nothing", "cut in the request's head", "request never leaves", "reply never comes", "narrow line", "busy"}
"""Left to the benchmark: their like is here."""


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return build(tmp_path_factory.mktemp("faults"), MANY)


@pytest.fixture(scope="session")
def clean_bytes(world: World, tmp_path_factory: pytest.TempPathFactory) -> int:
    """What the push takes upwards when nothing happens to it."""
    with settled(world, tmp_path_factory.mktemp("clean")) as place:
        return place.push_clean()


@pytest.fixture
def place(world: World, tmp_path: Path) -> Iterator[Place]:
    with settled(world, tmp_path) as found:
        yield found


def told_well(errors: list[AgencyError]) -> None:
    """Each is a state that passes, told in a sentence and a remedy of its own."""
    for error in errors:
        sentence, remedy = labels.error_words(error)
        assert isinstance(error, AgencyUnreachable), f"{error.code}: nothing here is for a person to mend"
        assert sentence != refusals.UNKNOWN[0]
        assert sentence.endswith(".")
        assert remedy.endswith(".")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FAULTS if name not in RARE])
def test_a_push_of_many_changes_comes_to_rest_under(name: str, place: Place, clean_bytes: int) -> None:
    fault = FAULTS[name]
    with proxy_to(place.port, [NONE, fault, NONE, fault, fault]) as proxy:
        errors = place.until_quiet(place.sender, proxy, patience(fault))
        spent = proxy.bytes_up - proxy.met * proxy.largest_up
    assert proxy.met == 3
    told_well(errors)
    if fault.status == 429:
        assert {getattr(error, "retry_after", 0) for error in errors} == {1.0}
    place.agree()
    assert spent <= clean_bytes * 1.2, "a fault costs at most the batch it hits"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cut in the reply", "reset in the reply", "stale reply", "black hole after"])
def test_a_first_pull_of_many_records_comes_to_rest_under(name: str, place: Place) -> None:
    fault = FAULTS[name]
    place.push_clean()
    with proxy_to(place.port, [fault, NONE, fault]) as proxy:
        told_well(place.until_quiet(place.receiver, proxy, patience(fault)))
    place.agree()


@pytest.fixture
def secure(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """The agency behind a certificate that this computer trusts."""
    certificate, key = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with settled(world, tmp_path / "world", ServeSettings(port=0, certificate=certificate, key=key)) as found:
        yield found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("up", "down", "reset"),
    [(0, -1, False), (100, -1, True), (-1, 60, False), (-1, 900, True), (9_000, -1, False), (-1, 2_000, False)],
)
def test_a_cut_in_the_handshake_or_in_a_record_is_no_matter_of_trust(
    secure: Place, up: int, down: int, reset: bool
) -> None:
    with proxy_to(secure.port, [Fault(up=up, down=down, reset=reset)] * 2, raw=True) as proxy:
        errors = secure.until_quiet(secure.sender, proxy)
    assert {error.code for error in errors} == {"agency_unreachable"}
    assert not pending(secure.sender)
