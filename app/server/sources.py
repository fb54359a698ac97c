"""Where an agency's settings come from: the command line, the environment, a file; the first that speaks counts.

The file is TOML with the names of `Operation`; in the environment they are written MASSWERK_AGENCY_PORT,
MASSWERK_AGENCY_LIMITS_BODY_BYTES and so on.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.errors import NotAllowed
from app.server.config import PREFIX, Operation

CONFIG_VARIABLE = PREFIX + "CONFIG"


def operation(
    given: Mapping[str, Any], file: Path | None = None, environ: Mapping[str, str] | None = None
) -> Operation:
    """All settings of one run.

    Args:
        given: what the command line says, by name; None says nothing.

    Raises:
        NotAllowed: codes "config_unreadable" (no TOML, or not there), "config_exposed" (a file with the
            database's password that everybody on this computer may read), "setting" with the name of what is wrong.
    """
    env = os.environ if environ is None else environ
    named = file or (Path(env[CONFIG_VARIABLE]) if env.get(CONFIG_VARIABLE, "").strip() else None)
    found = _read(named) if named else {}
    for name, value in _told(env):
        _put(found, name, value)
    for name, value in given.items():
        if value is not None:
            _put(found, name, value)
    try:
        return Operation.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "value_error":  # our own sentences
            raise NotAllowed("config", "sentence", told=first["msg"].removeprefix("Value error, ")) from error
        raise NotAllowed("config", "setting", name=".".join(map(str, first["loc"]))) from error


def _read(file: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
        mode = file.stat().st_mode
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NotAllowed("config", "config_unreadable", file=str(file), told=str(error)) from error
    if "database" in found and os.name != "nt" and mode & (stat.S_IROTH | stat.S_IWOTH):
        raise NotAllowed("config", "config_exposed", file=str(file))
    return found


def _told(env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(name, value) of everything the environment sets. A misspelt name is refused like one in the file."""
    names = {PREFIX + name.upper().replace(".", "_"): name for name in Operation.names()}
    for variable in sorted(env):
        if not variable.startswith(PREFIX) or variable == CONFIG_VARIABLE:
            continue
        if variable not in names:
            raise NotAllowed("config", "setting", name=variable)
        value = env[variable].strip()
        if value:
            yield names[variable], value


def _put(into: dict[str, Any], name: str, value: Any) -> None:
    """Sets "port" or "limits.burst"; a group that is no table is left for the validation to refuse."""
    group, _, inner = name.rpartition(".")
    if group:
        table = into.setdefault(group, {})
        if isinstance(table, dict):
            table[inner] = value
    else:
        into[name] = value
