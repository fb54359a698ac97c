"""The update that betrieb.md describes: a short stop under writers, older tables, and all go on by themselves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.domain.ids import EntityId
from app.errors import AgencyUnreachable
from app.server.admin import main
from app.server.config import DATABASE_VARIABLE
from app.server.database import Database
from app.server.service import AgencyService
from app.server.upkeep import verify
from app.sync.http_agency import HttpAgency
from tests.server.laptop import BERLEBURG, Laptop, enrolled
from tests.server.postgres import fresh_database

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends signals to processes")
PATIENCE_S = 60
WRITERS, BEFORE, AFTER = 3, 8, 3
OLDER = "0010"
"""The tables of an earlier program; what is written here has a place in them, so going back loses nothing."""


class _Writer:
    """A device that sends one change after the other, and the same again for as long as nobody has confirmed it."""

    def __init__(self, address: str, token: str, replica: int) -> None:
        self.agency = HttpAgency(address, token)
        self.laptop = Laptop(self.agency, replica)
        self.made: list[EntityId] = []
        self.refused = 0

    def write(self) -> None:
        change, made = self.laptop.measure(BERLEBURG)
        deadline, pause = time.monotonic() + PATIENCE_S, threading.Event()
        while True:
            assert time.monotonic() < deadline, "the agency did not come back"
            try:
                reply = self.laptop.push(change, limit=1)
            except AgencyUnreachable:
                self.refused += 1
                pause.wait(0.02)
                continue
            assert {each.outcome for each in reply.outcomes} <= {"applied", "known"}
            self.made.append(made)
            return


@contextmanager
def _serving(url: str, port_file: Path, port: int) -> Iterator[int]:
    """The real process; it ends by the signal that the service unit sends, with nothing left half done."""
    command = [sys.executable, "-m", "app.server", "serve", "--port", str(port), "--port-file", str(port_file)]
    process = subprocess.Popen(command, env=os.environ | {DATABASE_VARIABLE: url}, stdout=subprocess.DEVNULL)
    try:
        deadline, pause = time.monotonic() + PATIENCE_S, threading.Event()
        while not port_file.exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            pause.wait(0.02)
        yield int(port_file.read_text())
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path.as_posix()}/agency.db"
        return
    with fresh_database() as made:
        yield made


def test_commands_of_a_newer_program_leave_tables_alone_that_an_earlier_one_may_be_answering_from(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, url)
    database, copy = Database(url), tmp_path / "vorher.db"
    AgencyService.found(database, "Testagentur")
    database.downgrade(OLDER)
    for argv in (["devices"], ["verify"], ["invite", "--role", "reader"], ["export", str(tmp_path / "alles.jsonl")]):
        assert main(argv) == 1
        assert "früheren" in capsys.readouterr().err
        assert database.is_older()
    assert main(["backup", str(copy)]) == (0 if database.is_sqlite else 1)
    assert database.is_older()
    if database.is_sqlite:
        kept = Database(f"sqlite:///{copy.as_posix()}")
        assert kept.is_older(), "the earlier program can go back to it"
        kept.close()
    assert main(["epoch", "new"]) == 0, "after a restore, while the service stands still"
    assert database.is_current()
    database.close()


@pytest.mark.slow
def test_an_update_with_a_short_stop_under_writers_loses_nothing_and_everybody_goes_on(
    url: str, tmp_path: Path
) -> None:
    database = Database(url)
    service = AgencyService.found(database, "Testagentur")
    known = [enrolled(service, service.as_device(""), ags=BERLEBURG) for _ in range(WRITERS + 1)]
    database.close()
    stopped = threading.Event()

    def work(writer: _Writer) -> None:
        for _ in range(BEFORE):
            writer.write()
        while not stopped.is_set() or not writer.refused:
            writer.write()
        for _ in range(AFTER):
            writer.write()

    with ThreadPoolExecutor(WRITERS) as pool:
        with _serving(url, tmp_path / "port", 0) as port:
            address = f"http://127.0.0.1:{port}"
            writers = [_Writer(address, *each) for each in known[:WRITERS]]
            working = [pool.submit(work, writer) for writer in writers]
            while any(
                len(writer.made) < BEFORE and not each.done() for writer, each in zip(writers, working, strict=True)
            ):
                stopped.wait(0.01)
        confirmed = [made for writer in writers for made in list(writer.made)]
        older = Database(url)
        older.downgrade(OLDER)
        assert not older.is_current()
        older.close()
        stopped.set()
        with _serving(url, tmp_path / "port", port):
            for each in working:
                each.result(PATIENCE_S)
            reader = Laptop(HttpAgency(address, known[-1][0]), known[-1][1])
            reader.pull()
            reader.agency.close()  # type: ignore[attr-defined]
    for writer in writers:
        writer.agency.close()
    written = [made for writer in writers for made in writer.made]
    assert set(confirmed) < set(written) == set(reader.records)
    assert all(writer.refused for writer in writers)
    updated = Database(url)
    assert updated.is_current()
    assert not verify(updated).flaws
    updated.close()
