"""A PostgreSQL of the suite's own: started once, a fresh database for every test that asks."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest

from app.server.database import Database

_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "listen_addresses": ""}
_START_S = "30"


def _binaries() -> Path | None:
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    beside = shutil.which("initdb")
    found += [Path(beside).parent] if beside else []
    return max(found, key=lambda folder: folder.parent.name, default=None)


@cache
def _server_url(durable: bool = False) -> str:
    """Where PostgreSQL answers: TEST_PG_URL, or a cluster of our own until the tests end.

    Args:
        durable: a commit is on disk when it returns, as in real use; tests do without.
    """
    given = os.environ.get("TEST_PG_URL", "").strip()
    if given:
        return given
    binaries = _binaries()
    if binaries is None:
        told = "PostgreSQL is missing: install its server package or set TEST_PG_URL."
        if os.environ.get("MASSWERK_REQUIRE_POSTGRES") == "1":
            pytest.fail(told, pytrace=False)
        pytest.skip(told)
    folder = Path(tempfile.mkdtemp(prefix="masswerk-pg-"))
    # PostgreSQL refuses to run as root.
    account = "postgres" if hasattr(os, "geteuid") and os.geteuid() == 0 else None
    if account:
        shutil.chown(folder, account)

    def run(*command: str) -> None:
        done = subprocess.run(command, user=account, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    cluster, control = str(folder / "cluster"), str(binaries / "pg_ctl")
    run(
        str(binaries / "initdb"),
        "-D",
        cluster,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-N",
        "-E",
        "UTF8",
        "--locale=C",
    )
    chosen = _SETTINGS if not durable else {"listen_addresses": ""}
    settings = [f"-c {name}='{value}'" for name, value in chosen.items()]
    options = " ".join([*settings, f"-c unix_socket_directories='{folder}'"])
    run(control, "-D", cluster, "-w", "-t", _START_S, "-l", str(folder / "log"), "-o", options, "start")

    def stop() -> None:
        run(control, "-D", cluster, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return f"postgresql://postgres@/postgres?host={folder}"


@cache
def _prepared(durable: bool) -> str:
    """The name of a database with the tables of an agency, for others to be copied from."""
    name = f"masswerk_{secrets.token_hex(6)}"
    _tell(durable, f'CREATE DATABASE "{name}"')
    database = Database(_url(durable, name))
    database.upgrade()
    database.close()
    if os.environ.get("TEST_PG_URL", "").strip():
        atexit.register(_tell, durable, f'DROP DATABASE "{name}" WITH (FORCE)')
    return name


def _tell(durable: bool, statement: str) -> None:
    with psycopg.connect(_server_url(durable), autocommit=True) as connection:
        connection.execute(statement.encode())


def _url(durable: bool, name: str) -> str:
    base, question, rest = _server_url(durable).partition("?")
    return f"{base.rpartition('/')[0]}/{name}{question}{rest}"


@contextmanager
def fresh_database(durable: bool = False, empty: bool = False) -> Iterator[str]:
    """The URL of a database of nobody yet, dropped afterwards: with an agency's tables, or quite `empty`."""
    name = f"masswerk_{secrets.token_hex(6)}"
    template = "" if empty else f' TEMPLATE "{_prepared(durable)}"'
    _tell(durable, f'CREATE DATABASE "{name}"{template}')
    try:
        yield _url(durable, name)
    finally:
        _tell(durable, f'DROP DATABASE "{name}" WITH (FORCE)')
