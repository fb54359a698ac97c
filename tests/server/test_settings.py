"""Where an agency's settings come from, and which of them are refused because they would be unsafe."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from app.errors import NotAllowed
from app.server.admin import main
from app.server.config import Limits, Operation, SignIn
from app.server.sources import operation


def _file(folder: Path, text: str, mode: int = 0o640) -> Path:
    made = folder / "agentur.toml"
    made.write_text(text, encoding="utf-8")
    made.chmod(mode)
    return made


def test_the_command_line_goes_before_the_environment_and_both_before_the_file(tmp_path: Path) -> None:
    file = _file(tmp_path, 'port = 1\nhost = "::1"\nworkers = 3\n[limits]\nburst = 5\nwaits = 6\n')
    env = {"MASSWERK_AGENCY_PORT": "2", "MASSWERK_AGENCY_WORKERS": "4", "MASSWERK_AGENCY_LIMITS_BURST": "7"}
    found = operation({"port": 9, "host": None}, file, env)
    assert (found.port, found.host, found.workers, found.limits.burst, found.limits.waits) == (9, "::1", 4, 7, 6)
    assert operation({}, None, env | {"MASSWERK_AGENCY_CONFIG": str(file)}).limits.waits == 6
    assert operation({}, None, {}) == Operation()


def test_every_setting_can_be_made_in_the_environment() -> None:
    names = Operation.names()
    assert {"data", "database", "port", "log", "metrics", "limits.body_bytes"} <= set(names)
    assert len(names) == len(Operation.model_fields) - 2 + len(Limits.model_fields) + len(SignIn.model_fields)
    told = {"ISSUER": "https://login.example.org", "CLIENT": "m", "CLAIM": "groups", "VALUE": "staff"}
    found = operation({}, None, {f"MASSWERK_AGENCY_SIGNIN_{name}": value for name, value in told.items()})
    assert found.signin == SignIn(issuer="https://login.example.org", client="m", claim="groups", value="staff")


def test_the_database_is_a_file_in_the_folder_unless_named(tmp_path: Path) -> None:
    assert operation({"data": tmp_path}, None, {}).database_url == f"sqlite:///{tmp_path}/agency.db"
    named = operation({}, None, {"MASSWERK_AGENCY_DATABASE": "postgresql:///agentur"})
    assert named.database_url == "postgresql:///agentur"


@pytest.mark.parametrize(
    ("text", "code", "names"),
    [
        ("port = ", "config_unreadable", "agentur.toml"),
        ("prot = 8440", "setting", "prot"),
        ("port = 'abc'", "setting", "port"),
        ("limits = 3", "setting", "limits"),
        ("[limits]\nburst = 0", "setting", "limits.burst"),
        ("host = '0.0.0.0'", "sentence", "TLS"),
        ("database = 'mysql://x/y'", "sentence", "mysql"),
        ("database = 'unfug'", "sentence", "postgresql://"),
        ("database = 'postgresql://a:b@db.example/agentur'", "sentence", "sslmode"),
    ],
)
def test_what_cannot_be_or_is_unsafe_is_named(tmp_path: Path, text: str, code: str, names: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        operation({}, _file(tmp_path, text), {})
    assert refused.value.code == code
    assert names in str(refused.value.params)
    assert main(["devices", "--config", str(tmp_path / "agentur.toml")]) == 1


def test_a_misspelt_name_in_the_environment_is_refused_and_not_passed_over() -> None:
    with pytest.raises(NotAllowed) as refused:
        operation({}, None, {"MASSWERK_AGENCY_DATBASE": "postgresql:///agentur", "PATH": "/bin"})
    assert "DATBASE" in str(refused.value.params)


def test_a_database_elsewhere_is_spoken_to_in_private_and_one_here_as_it_is() -> None:
    for url in (
        "postgresql://a@db.example/agentur?sslmode=verify-full",
        "postgresql://a@127.0.0.1/agentur",
        "postgresql:///agentur?host=/run/postgresql",
        "sqlite:////srv/agentur/agency.db",
    ):
        assert operation({}, None, {"MASSWERK_AGENCY_DATABASE": url}).database == url


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such modes")
def test_secrets_that_everybody_may_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed) as refused:
        operation({}, _file(tmp_path, "database = 'postgresql:///agentur'", 0o644), {})
    assert refused.value.code == "config_exposed"
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    for made in (certificate, key):
        made.write_text("x")
        made.chmod(0o644)
    with pytest.raises(NotAllowed) as refused:
        operation({"certificate": certificate, "key": key}, None, {})
    assert "key.pem" in str(refused.value.params)


def test_the_log_in_json_has_one_object_per_line_and_of_an_error_only_its_kind() -> None:
    code = (
        "import logging; from app.server import log; log.begin(logging.INFO, 'json')\n"
        "logging.getLogger('app.x').info('%s: %d', '/v1/sync', 200, extra={'route': '/v1/sync', 'status': 200})\n"
        "try: int('Grundstück Müller')\n"
        "except ValueError: logging.getLogger('app.y').exception('mistake')\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr
    first, second = (json.loads(line) for line in told.splitlines())
    assert (first["told"], first["status"], first["level"]) == ("/v1/sync: 200", 200, "info")
    assert (second["told"], second["error"]) == ("mistake", "ValueError")
    assert "Müller" not in told
    assert logging.getLogger("app.x").name
