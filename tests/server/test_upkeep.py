"""Looking after a database: verified, restored with a new epoch, written out; and damage is named, not missed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.catalogue import Role
from app.server.admin import main
from app.server.config import DATABASE_VARIABLE, Operation
from app.server.database import Database
from app.server.service import AgencyService
from app.server.upkeep import verify
from tests.server.laptop import ARNSBERG, BERLEBURG, Laptop, add, enrolled, write
from tests.server.postgres import fresh_database

Run = Callable[..., tuple[int, str]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def service(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AgencyService]:
    """An agency with something of everything in it; the command line finds it, too."""
    if request.param == "postgres":
        with fresh_database() as url:
            monkeypatch.setenv(DATABASE_VARIABLE, url)
            yield from _filled(Database(url))
        return
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
    folder = tmp_path / "agentur"
    folder.mkdir()
    monkeypatch.setenv("MASSWERK_AGENCY_DATA", str(folder))
    yield from _filled(Database(f"sqlite:///{folder}/agency.db"))


def _filled(database: Database) -> Iterator[AgencyService]:
    service = AgencyService.found(database, "Testagentur")
    people = [enrolled(service, service.as_device(""), Role.COORDINATOR, ags) for ags in (BERLEBURG, ARNSBERG)]
    jana, tom = (Laptop(service.as_device(token), replica) for token, replica in people)
    change, made = jana.measure(BERLEBURG, "Radweg", "public")
    workshop, held = jana.workshop(BERLEBURG)
    card, _ = jana.card(held)
    jana.push(change, workshop, card, jana.change(add("measure", made, "tags", "Rad", "Weg")))
    jana.push(jana.change(write("measure", made, "visibility", "consortium", jana.records[made])))
    tom.push(tom.measure(ARNSBERG)[0])
    yield service
    service.database.close()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*argv: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(argv)
        told = capsys.readouterr()
        return code, told.out + told.err

    return command


def test_a_sound_agency_is_found_to_be_so(service: AgencyService, run: Run) -> None:
    found = verify(service.database)
    assert found.flaws == []
    assert (found.records, found.changes) == (4, 6)
    code, told = run("verify")
    assert code == 0
    assert "4 Einträge, 6 Änderungen" in told


@pytest.mark.parametrize(
    ("damage", "names"),
    [
        ("UPDATE replica SET max_n = max_n + 1", "Replik"),
        ("DELETE FROM change_log WHERE n = 1", "Replik"),
        ("UPDATE scope_counter SET seq = 1", "Sicht"),
        ("UPDATE feed SET held = 0", "Eintrag"),
        ("UPDATE entity SET packed = CAST('[1,2]' AS {blob}) WHERE kind = 'contribution'", "nicht lesbar"),
    ],
)
def test_what_does_not_fit_together_is_named_by_key(service: AgencyService, run: Run, damage: str, names: str) -> None:
    with service.database.write() as connection:
        connection.exec_driver_sql(damage.format(blob="BLOB" if service.database.is_sqlite else "BYTEA"))
    code, told = run("verify")
    assert code == 1
    assert names in told
    assert "Radweg" not in told
    assert "passen nicht zusammen" in told


def test_all_records_can_be_written_out(service: AgencyService, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "alles.jsonl"
    assert run("export", str(out)) == (0, "4 Einträge geschrieben.\n")
    records = {line["kind"]: line for line in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    assert records.keys() == {"measure", "workshop", "contribution"}
    assert records["contribution"]["fields"]["text"] == "Mehr Bänke"
    assert records["contribution"]["root"] == records["workshop"]["id"]
    told = out.read_text(encoding="utf-8")
    assert '"Rad"' in told
    code, again = run("export", str(out))
    assert (code, out.read_text(encoding="utf-8")) == (1, told)
    assert "gibt es schon" in again


def test_a_backup_goes_back_with_a_new_epoch_or_postgres_is_told_how(
    service: AgencyService, run: Run, tmp_path: Path
) -> None:
    backup, place = tmp_path / "sicherung.db", tmp_path / "neu"
    code, told = run("backup", str(backup))
    if not service.database.is_sqlite:
        assert code == 1
        assert "pg_dump" in told
        assert "pg_restore" in run("restore", str(backup))[1]
        return
    assert code == 0
    assert "beiseite" in run("restore", str(backup))[1]
    old = service.about().epoch
    assert run("restore", str(backup), "--data", str(place))[0] == 0
    again = AgencyService(Database(Operation(data=place).database_url))
    assert again.about().epoch != old
    assert verify(again.database).flaws == []
    again.database.close()
    assert sorted(file.name for file in place.iterdir()) == ["agency.db"]


@pytest.mark.parametrize("service", ["sqlite"], indirect=True)
@pytest.mark.parametrize("spoil", ["cut", "flip", "other", "missing"])
def test_a_damaged_backup_is_refused_and_nothing_is_left_lying_about(
    service: AgencyService, run: Run, tmp_path: Path, spoil: str
) -> None:
    backup, place = tmp_path / "sicherung.db", tmp_path / "neu"
    assert run("backup", str(backup))[0] == 0
    whole = backup.read_bytes()
    at = whole.index(b"Mehr B")
    spoiled = {"cut": whole[: len(whole) // 2], "flip": whole[: at - 40] + b"\xff" * 60 + whole[at + 20 :]}
    if spoil == "missing":
        backup.unlink()
    else:
        backup.write_bytes(spoiled.get(spoil, b"Das ist keine Datenbank." * 100))
    code, told = run("restore", str(backup), "--data", str(place))
    assert code == 1
    assert "unversehrt" in told
    assert not place.exists() or not list(place.iterdir())
