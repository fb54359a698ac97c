"""The rooms: who imports whom, which third party lives where, and that the picture in the docs is true."""

from __future__ import annotations

import ast
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source import APP, ROOT, imports, is_within, module_name, python_files

# Third party -> the rooms that may import it. What is not listed has no home yet: decide, then write it here.
HOMES: dict[str, tuple[str, ...]] = {
    "PySide6": ("app.ui",),
    "shiboken6": ("app.ui",),
    "qtawesome": ("app.ui",),
    "fontpkg_inter": ("app.ui",),
    "fontpkg": ("app.ui",),
    "sqlalchemy": ("app.models", "app.server"),
    "alembic": ("app.models", "app.server"),
    "sqlcipher3": ("app.models", "app.server"),
    "keyring": ("app.models",),
    "cryptography": ("app.models", "app.sync.courier", "app.sync.courier_keys", "app.sync.signed", "app.sync.hall"),
    "loro": ("app.domain.text",),
    "uuid_utils": ("app.domain.ids",),
    "requests": ("app.sync.http_agency", "app.sync.adapter"),
    "urllib3": ("app.sync.http_agency", "app.sync.adapter"),
    "truststore": ("app.sync.adapter",),
    "typst": ("app.reports.pdf",),
    "pydantic": (
        "app.sync.wire",
        "app.sync.audit_wire",
        "app.sync.office_wire",
        "app.sync.own_devices_wire",
        "app.sync.sign_in_wire",
        "app.sync.courier.letter",
        "app.sync.signed",
        "app.sync.carry_wire",
        "app.sync.hall",
        "app.config",
        "app.server",
    ),
    "orjson": ("app.sync", "app.models", "app.server", "app.services.exchange"),
    "zstandard": ("app.sync", "app.models", "app.server"),
    "fastapi": ("app.server",),
    "fastapi_offline": ("app.server",),
    "starlette": ("app.server",),
    "uvicorn": ("app.server", "app.self_check"),
    "psycopg": ("app.server",),
    "prometheus_client": ("app.server.metrics",),
    "joserfc": ("app.server.signin",),
}


def _contracts() -> dict[str, Any]:
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]
    return settings


def _exists(module: str) -> bool:
    place = ROOT.joinpath(*module.split("."))
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


def test_imports_keep_every_contract() -> None:
    """Reads `[tool.importlinter]`; what it prints names the chain that is not allowed.

    In a Python of its own: import-linter sets up logging for itself and switches off everybody else's.
    """
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_contracts_cover_what_the_house_promises() -> None:
    contracts = {contract["id"]: contract for contract in _contracts()["contracts"]}
    assert contracts["layers"]["exhaustive"] is True
    assert {
        "layers",
        "pure-core",
        "qt-stays-in-ui",
        "sql-and-http-below",
        "ui-never-writes",
        "generic-widgets",
    } <= set(contracts)
    assert {"server-shares-the-contract", "no-server-in-the-client", "no-cycles"} <= set(contracts)


def test_every_third_party_has_a_home() -> None:
    own = {"app", "tests"} | set(sys.stdlib_module_names)
    strays = []
    for file in python_files("app"):
        for name in imports(file):
            package = name.partition(".")[0]
            if package in own:
                continue
            homes = HOMES.get(package, ())
            if not any(is_within(module_name(file), room) for room in homes):
                strays.append(f"{file.relative_to(ROOT)} imports {name}")
    assert not strays


def test_every_room_is_in_the_picture_and_every_room_in_the_picture_exists() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    picture = text.partition("```text")[2].partition("```")[0]
    drawn = set(re.findall(r"\bapp(?:\.\w+)+", picture))
    top = {module_name(f) for f in APP.glob("*.py")} - {"app"} | {module_name(f) for f in APP.glob("*/__init__.py")}
    inner = {module_name(f) for f in (APP / "ui").glob("*/__init__.py")}
    assert top | inner <= drawn, "rooms that the picture in docs/architecture.md does not show"
    assert not {room for room in drawn if not _exists(room)}, "rooms that only the picture knows"


def test_the_client_never_loads_the_server() -> None:
    """In a Python of its own: all of the client is imported, then nothing of the server may be there."""
    client = [
        module.name
        for module in pkgutil.walk_packages([str(APP)], "app.")
        if not is_within(module.name, "app.server")
        and module.name not in ("app.self_check", "app.__main__")
        and ".migrations" not in module.name
    ]
    code = (
        "import importlib, sys\n"
        f"for name in {client!r}: importlib.import_module(name)\n"
        "server = {'fastapi', 'starlette', 'uvicorn', 'psycopg'}\n"
        "print(sorted({m.partition('.')[0] for m in sys.modules} & server),\n"
        "      sorted(m for m in sys.modules if m.startswith('app.server')))"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert told.stdout.strip().splitlines()[-1] == "[] []"


def _mentions(annotation: ast.expr) -> set[str]:
    return {
        node.id if isinstance(node, ast.Name) else node.attr
        for node in ast.walk(annotation)
        if isinstance(node, ast.Name | ast.Attribute)
    }


@pytest.mark.parametrize("room", ["app/ui", "app/services", "app/domain", "app/sync"])
def test_no_row_of_a_table_is_annotated_outside_the_databases(room: str) -> None:
    """A widget may be a row on screen; a row of SQLAlchemy, or of our own tables, may not leave its database."""
    of_databases = {"Row", "RowMapping"} | {
        node.name
        for file in python_files("app/models", "app/server")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and node.name.endswith("Row")
    }
    strays = []
    for file in python_files(room):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            annotation = getattr(node, "annotation", None) or getattr(node, "returns", None)
            if isinstance(annotation, ast.expr):
                rows = _mentions(annotation) & of_databases
                strays += [f"{Path(file).relative_to(ROOT)}:{annotation.lineno} {name}" for name in rows]
    assert not strays
