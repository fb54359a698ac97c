"""How one agency is run: where its data lies, where it listens, and what it refuses to do unprotected."""

from __future__ import annotations

import ipaddress
import os
import stat
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.domain.files import MOST_BYTES
from app.sync.wire import PIECE_BYTES

PREFIX = "MASSWERK_AGENCY_"
DATABASE_VARIABLE = PREFIX + "DATABASE"
_ENCRYPTED = ("require", "verify-ca", "verify-full")
_SQLITE_FILE = "agency.db"
_FILES = "files"


class Limits(BaseModel):
    """What one device or one request may ask for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    body_bytes: Annotated[int, Field(ge=1024)] = 8_000_000
    """Largest body as it travels; unpacked it may have `wire.MAX_BODY`."""
    requests_per_minute: Annotated[int, Field(ge=1)] = 6000
    burst: Annotated[int, Field(ge=1)] = 600
    """So many requests of one device at once; a first sync of a large region is a few dozen."""
    piece_bytes: Annotated[int, Field(ge=1024)] = PIECE_BYTES
    """Largest piece of a file in one request; it is held in memory."""
    piece_seconds: Annotated[float, Field(gt=0)] = 120.0
    """So long one piece may take; what came until then is kept."""
    blob_bytes: Annotated[int, Field(ge=1024)] = MOST_BYTES
    blob_quota_bytes: Annotated[int, Field(ge=1024)] = 20 * 1024**3
    """So much one device may have sent, in all."""
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


class SignIn(BaseModel):
    """The provider (OpenID Connect) with whose accounts the agency's staff may come in.

    Attributes:
        issuer: as the provider names itself, to the letter.
        client: what the provider calls Maßwerk.
        secret_file: only for providers that ask for one; it stays here, no desk ever has it.
        claim, value: what the provider says of the agency's staff and of nobody else.
        person_claim: what it says of a person's name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str
    client: Annotated[str, Field(min_length=1)]
    claim: Annotated[str, Field(min_length=1)]
    value: Annotated[str, Field(min_length=1)]
    secret_file: Path | None = None
    scope: str = "openid profile"
    person_claim: str = "name"

    @model_validator(mode="after")
    def _refuse_unsafe(self) -> SignIn:
        parts = urlsplit(self.issuer)
        host = parts.hostname or ""
        if not host or parts.query or parts.fragment or parts.username is not None:
            raise ValueError("signin.issuer ist keine Adresse: https://… ohne Zusätze, so wie der Anbieter sie nennt.")
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
            raise ValueError("signin.issuer muss mit https:// beginnen: Sonst kann sich jeder als Anbieter ausgeben.")
        if "openid" not in self.scope.split():
            raise ValueError("signin.scope muss „openid“ enthalten.")
        file = self.secret_file
        if file is not None and os.name != "nt" and file.exists() and file.stat().st_mode & stat.S_IROTH:
            raise ValueError(f"Das Geheimnis {file} darf jeder auf diesem Rechner lesen: chmod 640.")
        return self

    def secret(self) -> str:
        """The client's secret; "" for a provider that needs none."""
        return self.secret_file.read_text(encoding="utf-8").strip() if self.secret_file else ""


class ServeSettings(BaseModel):
    """Where the agency listens.

    Attributes:
        plain_http: allow plain HTTP on an address others can reach, because something in front
            of it speaks TLS.
        workers: processes that answer; more than one pays from two cores on.
        metrics: whether `/metrics` answers this computer; a proxy in front must not pass it on.
        log: how the log is written, for people or as one JSON object per line.
        signin: with which accounts the agency's staff may come in; without, by invitation alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8440
    certificate: Path | None = None
    key: Path | None = None
    plain_http: bool = False
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    metrics: bool = False
    log: Literal["text", "json"] = "text"
    limits: Limits = Limits()
    signin: SignIn | None = None

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


class Operation(ServeSettings):
    """Everything that is set for one agency.

    Attributes:
        data: the agency's folder.
        database: where the database is, if not in that folder; it may hold a password.
    """

    data: Path = Path("agentur")
    database: str = ""

    @classmethod
    def names(cls) -> list[str]:
        """Every setting as it is written, those of a table as "limits.burst"."""
        tables: dict[str, type[BaseModel]] = {"limits": Limits, "signin": SignIn}
        plain = [name for name in cls.model_fields if name not in tables]
        return [*plain, *(f"{table}.{name}" for table, model in tables.items() for name in model.model_fields)]

    @model_validator(mode="after")
    def _refuse_exposed(self) -> Operation:
        if self.database:
            _check_url(self.database)
        if self.key is not None and os.name != "nt" and self.key.exists() and self.key.stat().st_mode & stat.S_IROTH:
            raise ValueError(f"Den Schlüssel {self.key} darf jeder auf diesem Rechner lesen: chmod 640.")
        return self

    @property
    def folder(self) -> Path:
        """The agency's folder, in full."""
        return self.data.expanduser().absolute()

    @property
    def database_url(self) -> str:
        """The database as SQLAlchemy names it."""
        return self.database or f"sqlite:///{self.folder / _SQLITE_FILE}"


def _check_url(told: str) -> None:
    """Refuses what we cannot speak to, and a password or records in clear on somebody's network."""
    try:
        url = make_url(told)
    except ArgumentError as error:
        raise ValueError("Die Adresse der Datenbank ist keine: postgresql://… oder sqlite:///….") from error
    backend = url.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise ValueError(f"{backend} kennt die Agentur nicht: postgresql://… oder sqlite:///….")
    host = url.host or str(url.query.get("host", ""))
    is_near = not host or host.startswith("/") or is_loopback(host)
    if backend == "postgresql" and not is_near and url.query.get("sslmode") not in _ENCRYPTED:
        raise ValueError(
            f"Zur Datenbank auf {host} geht es unverschlüsselt über das Netz: ?sslmode=verify-full anhängen"
            " (oder require, wenn es kein prüfbares Zertifikat gibt)."
        )


def files_folder(database: URL, data: Path = Path("agentur")) -> Path:
    """Where attachments lie: beside an SQLite database, else in the agency's folder."""
    if database.get_backend_name() == "sqlite" and database.database:
        return Path(database.database).absolute().parent / _FILES
    return data.expanduser().absolute() / _FILES
