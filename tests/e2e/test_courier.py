"""A stick between the two real commands: `masswerk courier` on the laptop, `masswerk-agency courier` in the office."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.__main__ import main as masswerk
from app.config import Profile
from app.domain.catalogue import Role
from app.models.keys import create_key
from app.models.opening import create_profile
from app.server.admin import main as agency
from app.server.config import Operation
from app.server.database import Database
from app.server.service import AgencyService
from app.services import measures
from app.sync.membership import join

AGS, PASSPHRASE = "05970004", "Sieben auf einen Streich"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("MASSWERK_AGENCY_DATABASE", raising=False)
    monkeypatch.setenv("MASSWERK_PASSPHRASE", PASSPHRASE)
    assert agency(["init", "--data", str(tmp_path / "agentur"), "--name", "Südwestfalen"]) == 0
    return tmp_path / "agentur"


@pytest.fixture
def laptop(office: Path, tmp_path: Path) -> Path:
    """A profile that has joined, with one measure of its own."""
    profile = Profile.at(tmp_path / "profil").ensure()
    store = create_profile(profile, create_key(profile, PASSPHRASE), "Katrin Brandt", "Laptop", AGS)
    service = AgencyService(Database(Operation(data=office).database_url))
    join(store, service.as_device(""), "https://agentur.example", service.invite(Role.COORDINATOR, AGS))
    service.database.close()
    measures.create(store, {"title": "Radweg", "lead_ags": AGS})
    store.close()
    return profile.folder


@pytest.mark.slow
def test_a_stick_goes_to_the_agency_and_back(
    office: Path, laptop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    assert masswerk(["courier", "write", str(stick), "--profile", str(laptop)]) == 0
    assert "noch nicht übertragen" in capsys.readouterr().out
    (letter,) = stick.iterdir()
    # The office loses its disk before it reads the stick: the backup has its courier keys.
    assert agency(["backup", "--data", str(office), str(tmp_path / "sicherung.db")]) == 0
    moved = tmp_path / "neu"
    assert agency(["restore", "--data", str(moved), str(tmp_path / "sicherung.db")]) == 0
    assert agency(["courier", "--data", str(moved), str(letter), "--out", str(stick)]) == 0
    answer = stick / f"{letter.stem}-Antwort{letter.suffix}"
    capsys.readouterr()
    assert masswerk(["courier", "read", str(answer), "--profile", str(laptop)]) == 0
    assert "Bitte schreiben Sie eine neue Kurierdatei" in capsys.readouterr().out, "another epoch has begun"
    second, back = stick / "zweite.mwkurier", stick / "zurück.mwkurier"
    assert masswerk(["courier", "write", str(second), "--profile", str(laptop)]) == 0
    assert agency(["courier", "--data", str(moved), str(second), "--out", str(back)]) == 0
    assert "1 Änderungen übernommen" in capsys.readouterr().out
    assert masswerk(["courier", "read", str(back), "--profile", str(laptop)]) == 0
    told = capsys.readouterr().out
    assert "1 Änderung quittiert" in told
    assert "0 Änderungen noch nicht übertragen · Quittung 1" in told


def test_what_is_no_courier_file_is_told_in_a_sentence_on_both_sides(
    office: Path, laptop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "Haushalt.ods"
    other.write_text("kein Kurier")
    assert masswerk(["courier", "read", str(other), "--profile", str(laptop)]) == 1
    assert "„Haushalt.ods“ ist keine Kurierdatei." in capsys.readouterr().err
    assert agency(["courier", "--data", str(office), str(other)]) == 1
    assert capsys.readouterr().err.strip() == "Das ist keine Kurierdatei."
    assert sorted(p.name for p in tmp_path.iterdir()) == ["Haushalt.ods", "agentur", "profil"]
