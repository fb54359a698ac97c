"""How one agency is run: where its data lies, where it listens, and what it refuses to do unprotected."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

DATABASE_VARIABLE = "MASSWERK_AGENCY_DATABASE"
DATA_VARIABLE = "MASSWERK_AGENCY_DATA"
_SQLITE_FILE = "agency.db"


class Limits(BaseModel):
    """What one device or one request may ask for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    body_bytes: Annotated[int, Field(ge=1024)] = 8_000_000
    """Largest body as it travels; unpacked it may have `wire.MAX_BODY`."""
    requests_per_minute: Annotated[int, Field(ge=1)] = 6000
    burst: Annotated[int, Field(ge=1)] = 600
    """So many requests of one device at once; a first sync of a large region is a few dozen."""
    enrolments_per_minute: Annotated[int, Field(ge=1)] = 30
    """From one address: codes are short, so guessing must be slow."""

    body_seconds: Annotated[float, Field(gt=0)] = 300
    """For a whole body; eight megabytes over a village's uplink take two minutes."""
    header_seconds: Annotated[float, Field(gt=0)] = 10
    """From the first byte of a connection or request to the end of its headers."""
    at_once: Annotated[int, Field(ge=1)] = 200
    """Requests one process works on at once; more are asked to come back instead of queueing up."""
    connections: Annotated[int, Field(ge=1)] = 4000
    """Open connections of one process, those who wait included."""
    waits: Annotated[int, Field(ge=1)] = 2000
    """So many devices may wait for news at once in one process; each is an open connection and little more."""

    def shared_by(self, workers: int) -> Limits:
        """One worker's part, so that all together never let more through than one alone would."""
        return self.model_copy(
            update={
                name: max(1, getattr(self, name) // workers)
                for name in ("requests_per_minute", "burst", "enrolments_per_minute")
            }
        )


class ServeSettings(BaseModel):
    """Where the agency listens.

    Attributes:
        plain_http: allow plain HTTP on an address others can reach, because something in front
            of it speaks TLS.
        workers: processes that answer; more than one pays from two cores on.
        metrics: whether `/metrics` answers this computer; a proxy in front must not pass it on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8440
    certificate: Path | None = None
    key: Path | None = None
    plain_http: bool = False
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    metrics: bool = False
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _refuse_unprotected(self) -> ServeSettings:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("Zertifikat und Schlüssel gehören zusammen: --cert und --key.")
        if self.certificate is None and not self.plain_http and not is_loopback(self.host):
            raise ValueError(
                f"{self.host} ist von anderen Rechnern erreichbar, aber ohne TLS: --cert und --key angeben,"
                " oder --plain-http, wenn ein vorgeschalteter Webserver verschlüsselt."
            )
        return self


def is_loopback(host: str) -> bool:
    """Whether only this computer reaches the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def database_url(data: Path | None, environ: Mapping[str, str] | None = None) -> str:
    """The database: named in the environment (it may hold a password), else a file in the data folder."""
    env = os.environ if environ is None else environ
    named = env.get(DATABASE_VARIABLE, "").strip()
    if named:
        return named
    return f"sqlite:///{data_folder(data, env) / _SQLITE_FILE}"


def data_folder(data: Path | None, environ: Mapping[str, str] | None = None) -> Path:
    """The agency's folder: as given, else from the environment, else beside where it is started."""
    env = os.environ if environ is None else environ
    return (data or Path(env.get(DATA_VARIABLE, "").strip() or "agentur")).expanduser().absolute()
