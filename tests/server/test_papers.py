"""What is handed to operators is true: the files of docs/agency say what this program understands."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from app.server.admin import parser
from app.server.config import PREFIX, Limits, Operation
from app.server.sources import operation
from app.sync.wire import MAX_WAIT

PAPERS = Path(__file__).parents[2] / "docs" / "agency"


def _read(name: str) -> str:
    return (PAPERS / name).read_text(encoding="utf-8")


def test_the_example_of_settings_names_every_setting_with_its_default_and_no_other(tmp_path: Path) -> None:
    text = _read("agentur.toml")
    named = set(re.findall(r"^#? ?([\w.]+) = ", text, re.MULTILINE))
    assert named == {name.removeprefix("limits.") for name in Operation.names()}
    assert operation({}, PAPERS / "agentur.toml", {}).limits == Limits()
    everything = tmp_path / "alles.toml"
    everything.write_text(re.sub(r"^# ([\w.]+ = )", r"\1", text, flags=re.MULTILINE), encoding="utf-8")
    everything.chmod(0o640)
    assert operation({}, everything, {}).database.startswith("postgresql://")


def test_the_service_and_the_container_start_what_exists() -> None:
    started = re.search(r"^ExecStart=(.*)$", _read("masswerk-agency.service"), re.MULTILINE)
    assert started
    command, *arguments = shlex.split(started[1])
    assert command.endswith("/masswerk-agency")
    assert parser().parse_args(arguments).command == "serve"
    container = _read("Containerfile")
    default = re.search(r"^CMD (\[.*\])$", container, re.MULTILINE)
    assert default
    asked = parser().parse_args(json.loads(default[1]))
    assert operation({"host": asked.host, "plain_http": asked.plain_http}, None, {}).host == "0.0.0.0"
    for name in re.findall(PREFIX + r"(\w+)=", container):
        assert name.lower() in Operation.names()
    # The file names every package there is; with extras left to find by itself, pip refuses the hashes.
    assert "--no-deps --only-binary :all: --require-hashes -r requirements.txt" in container
    assert re.search(r"^USER (?!root)", container, re.MULTILINE)
    assert re.search(r"^User=(?!root)", _read("masswerk-agency.service"), re.MULTILINE)


_LOADED = """
import importlib, pkgutil, sys, app.server
for module in pkgutil.iter_modules(app.server.__path__, "app.server."):
    importlib.import_module(module.name)
print(*{name.partition(".")[0] for name in sys.modules})
"""


def test_the_image_carries_all_that_a_process_of_the_agency_loads_and_no_window() -> None:
    pinned = {name.lower().replace("_", "-") for name in re.findall(r"^([\w.-]+)==", _read("requirements.txt"), re.M)}
    of = packages_distributions()
    result = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True)
    loaded = {d.lower().replace("_", "-") for name in result.stdout.split() for d in of.get(name, ())}
    assert {"fastapi", "sqlalchemy"} < loaded
    optional = {"masswerk", "setuptools", "pygments"}  # used where they happen to be, missed by nobody
    assert loaded - pinned <= optional
    assert not {name for name in pinned if re.match(r"pyside|shiboken|qta|pytest|typst", name)}


def test_every_command_of_the_guide_exists() -> None:
    known = set(re.findall(r"[a-z]+", str(parser().format_usage()).partition("{")[2]))
    told = re.findall(r"masswerk-agency ([a-z]+)", _read("betrieb.md"))
    assert {"init", "invite", "revoke", "devices", "backup", "restore", "verify", "export", "epoch"} <= set(told)
    assert set(told) <= known


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_the_proxy_waits_longer_than_a_device_and_hides_what_is_for_operators(name: str) -> None:
    text = _read(name)
    waits = re.search(r"read_timeout (\d+)s", text)
    assert waits
    assert int(waits[1]) > MAX_WAIT
    size = re.search(r"(?:client_max_body_size|max_size) (\d+)M", text, re.IGNORECASE)
    assert size
    assert int(size[1]) * 1_000_000 > Limits().body_bytes
    assert "/metrics" in text
    assert "/readyz" in text
