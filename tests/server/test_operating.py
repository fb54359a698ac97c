"""The operator's command, and what the agency refuses to do unprotected."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from app.domain.catalogue import Role
from app.domain.ids import new_id
from app.errors import NewerSchema, TokenRevoked
from app.server.admin import main
from app.server.config import Operation, ServeSettings
from app.server.database import Database
from app.server.rates import Rates
from app.server.service import AgencyService
from app.server.tables import metadata
from app.sync.wire import EnrolRequest
from tests.server.laptop import ARNSBERG, BERLEBURG, Laptop, enrolled, value, write
from tests.server.postgres import fresh_database


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """The folder of an agency that was just founded."""
    monkeypatch.delenv("MASSWERK_AGENCY_DATABASE", raising=False)
    folder = tmp_path / "agentur"
    assert main(["init", "--data", str(folder), "--name", "Südwestfalen"]) == 0
    assert "„Südwestfalen“" in capsys.readouterr().out
    return folder


def _open(folder: Path) -> AgencyService:
    return AgencyService(Database(Operation(data=folder).database_url))


def _run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main(argv)
    told = capsys.readouterr()
    return code, (told.out or told.err).strip()


def test_an_invitation_from_the_command_line_admits_a_device(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = (
        "invite",
        "--data",
        str(data),
        "--role",
        "coordinator",
        "--ags",
        BERLEBURG,
        "--label",
        "Berleburg",
    )
    code, invitation = _run(capsys, *asked)
    assert code == 0
    service = _open(data)
    request = EnrolRequest(code=invitation, replica=7, person="Jana", device="Laptop 3")
    token = service.as_device("").enrol(request).token
    _, listed = _run(capsys, "devices", "--data", str(data))
    assert listed.split("\t")[:4] == ["1", "coordinator", BERLEBURG, "Jana (Laptop 3)"]
    assert token not in listed
    assert _run(capsys, "grant", "1", "--workshop", new_id(), "--data", str(data))[0] == 0
    assert len(Laptop(service.as_device(token), 7).push().grant.workshops) == 1
    assert _run(capsys, "revoke", "1", "--data", str(data))[0] == 0
    with pytest.raises(TokenRevoked):
        Laptop(service.as_device(token), 7).push()
    service.database.close()


@pytest.mark.parametrize(
    "argv",
    [
        ("invite", "--role", "coordinator"),
        ("invite", "--role", "coordinator", "--ags", "12345"),
        ("invite", "--role", "facilitator", "--workshop", "heute"),
        ("revoke", "99"),
        ("grant", "99", "--workshop", "019a0000-0000-7000-8000-000000000000"),
        ("quarantine", "release", "1:1"),
        ("quarantine", "release", "x"),
        ("serve", "--host", "0.0.0.0"),
        ("serve", "--host", "agentur.example"),
        ("serve", "--cert", "nur.pem"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_said_in_one_line(
    data: Path, capsys: pytest.CaptureFixture[str], argv: tuple[str, ...]
) -> None:
    code, told = _run(capsys, *argv, "--data", str(data))
    assert code == 1
    assert told
    assert "\n" not in told
    assert "Traceback" not in told


def test_a_folder_without_an_agency_stays_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = _run(capsys, "devices", "--data", str(tmp_path))
    assert (code, list(tmp_path.iterdir())) == (1, [])
    assert "init" in told


def test_founding_twice_keeps_the_agency(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, first = _run(capsys, "init", "--data", str(data), "--name", "Andere")
    assert "„Südwestfalen“" in first


def test_a_backup_taken_while_in_use_is_a_whole_agency_and_a_new_epoch_makes_devices_send_again(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service = _open(data)
    token, replica = enrolled(service, service.as_device(""), Role.COORDINATOR, BERLEBURG)
    jana = Laptop(service.as_device(token), replica)
    first, second = jana.measure(BERLEBURG), jana.measure(BERLEBURG)
    jana.push(first[0])
    restored = tmp_path / "zurück"
    restored.mkdir()
    assert _run(capsys, "backup", str(restored / "agency.db"), "--data", str(data))[0] == 0
    assert _run(capsys, "backup", str(restored / "agency.db"), "--data", str(data))[0] == 1
    jana.push(second[0])
    service.database.close()
    assert _run(capsys, "epoch", "new", "--data", str(restored))[0] == 0
    again = _open(restored)
    jana.agency = again.as_device(token)
    assert jana.push().reset
    assert jana.accepted == {replica: 1}
    jana.cursors = {}
    jana.push(second[0])
    assert {first[1], second[1]} <= jana.records.keys()
    again.database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such modes")
def test_what_a_command_writes_is_for_the_operators_account_alone(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup, export, restored = tmp_path / "sicherung.db", tmp_path / "alles.jsonl", tmp_path / "zurück"
    restored.mkdir(mode=0o755)
    for argv in (["backup", str(backup), "--data", str(data)], ["export", str(export), "--data", str(data)]):
        assert _run(capsys, *argv)[0] == 0
    assert _run(capsys, "restore", str(backup), "--data", str(restored))[0] == 0
    for file in (backup, export, data / "agency.db", restored / "agency.db"):
        assert file.stat().st_mode & 0o077 == 0, file


def test_what_waits_in_quarantine_is_listed_without_content_and_can_be_released(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service = _open(data)
    jana, tom = (
        Laptop(service.as_device(token), replica)
        for token, replica in (
            enrolled(service, service.as_device(""), Role.COORDINATOR, ags) for ags in (BERLEBURG, ARNSBERG)
        )
    )
    change, made = jana.measure(BERLEBURG, visibility="public")
    jana.push(change)
    tom.pull()
    edit = tom.change(write("measure", made, "goals", "Vertraulich", tom.records[made]))
    assert tom.push(edit, ["x"]).outcomes[0].outcome == "quarantined"
    _, listed = _run(capsys, "quarantine", "list", "--data", str(data))
    name, reason, *_ = next(line for line in listed.splitlines() if "not_allowed" in line).split("\t")
    assert (name, reason) == (f"{tom.replica}:1", "not_allowed")
    assert "Vertraulich" not in listed
    unreadable = next(line for line in listed.splitlines() if "head" in line).split("\t")[0]
    assert _run(capsys, "quarantine", "release", unreadable, "--data", str(data))[0] == 1
    assert _run(capsys, "quarantine", "release", name, "--data", str(data))[0] == 0
    assert _run(capsys, "quarantine", "release", name, "--data", str(data))[0] == 1
    tom.pull()
    assert value(tom.records[made], "goals") == "Vertraulich"
    assert tom.push(edit).outcomes[0].outcome == "known"
    assert len(jana.agency.history("measure", made).entries) == 2
    service.database.close()


def test_only_this_computer_is_served_without_encryption() -> None:
    for host in ("127.0.0.1", "::1", "localhost"):
        assert ServeSettings(host=host).host == host
    for host in ("0.0.0.0", "::", "192.168.1.7", "agentur.example"):
        with pytest.raises(ValueError, match="TLS"):
            ServeSettings(host=host)
        assert ServeSettings(host=host, plain_http=True).plain_http


def test_a_bucket_empties_and_fills_again() -> None:
    rates = Rates(per_minute=60, burst=2)
    assert [rates.wait("a", 0.0) for _ in range(3)] == [0.0, 0.0, 1.0]
    assert rates.wait("b", 0.0) == 0.0
    assert rates.wait("a", 1.0) == 0.0
    assert rates.wait("a", 1.5) == 0.5


def _head_is_metadata(database: Database) -> None:
    database.upgrade()
    database.upgrade()
    with database.write() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_migrations_lead_to_the_tables_of_today(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/agency.db")
    _head_is_metadata(database)
    with database.read() as connection:
        made = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name != 'alembic_version'"
        ).all()
    assert {name for name, _ in made} == metadata.tables.keys()
    assert all("STRICT" in sql for _, sql in made)
    database.downgrade()
    with database.read() as connection:
        assert not connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name = 'entity'").all()
    database.close()


def test_a_new_agency_has_to_the_letter_the_tables_that_every_revision_made(tmp_path: Path) -> None:
    def tables(database: Database) -> set[tuple[str, str]]:
        with database.read() as connection:
            found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").all()
        return {(name, sql) for name, sql in found}

    database = Database(f"sqlite:///{tmp_path}/agency.db")
    database.upgrade()
    at_once = tables(database)
    database.downgrade()
    database.upgrade()
    assert tables(database) == at_once
    assert database.is_current()
    database.close()


@pytest.mark.postgres
def test_the_migrations_lead_to_the_same_tables_on_postgres() -> None:
    with fresh_database(empty=True) as url:
        database = Database(url)
        _head_is_metadata(database)
        database.close()


def test_a_newer_database_is_left_as_it_is(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = Database(Operation(data=data).database_url)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerSchema):
        database.upgrade()
    database.close()
    code, told = _run(capsys, "devices", "--data", str(data))
    assert code == 1
    assert "neueren" in told


def test_nothing_secret_rests_in_the_database(data: Path) -> None:
    service = _open(data)
    code = service.invite(Role.AGENCY)
    token, _ = enrolled(service, service.as_device(""), Role.AGENCY)
    service.database.close()
    content = b"".join(file.read_bytes() for file in data.iterdir())
    for secret in (token, code, code.replace("-", ""), json.dumps(token)):
        assert secret.encode() not in content
