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


@contextmanager
def fresh_database(durable: bool = False) -> Iterator[str]:
    """The URL of an empty database, dropped afterwards."""
    server = _server_url(durable)
    name = f"masswerk_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    try:
        base, question, rest = server.partition("?")
        yield f"{base.rpartition('/')[0]}/{name}{question}{rest}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
