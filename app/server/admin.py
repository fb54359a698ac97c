"""The operator's command `masswerk-agency`: found, serve, invite, sign off, back up."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from app.domain.catalogue import Role
from app.errors import MasswerkError, NotAllowed
from app.server import log, office, sources, upkeep
from app.server.config import Operation, files_folder
from app.server.courier import answer_file, answer_path
from app.server.database import Database
from app.server.service import AgencyService
from app.server.signin import provider_of
from app.server.snapshots import FOLDER

SENTENCES = {
    "newer_schema": "Diese Datenbank stammt von einem neueren Maßwerk. Bitte das Programm aktualisieren.",
    "ags": "Für Koordinierende gehört die Gemeinde dazu: --ags mit acht Ziffern.",
    "workshop": "Das ist keine Workshop-Kennung: 36 Zeichen in der Form einer UUID.",
    "account": "Mit einem Konto kam dieses Gerät nicht, oder alle seines Kontos sind schon abgemeldet.",
    "device": "Dieses Gerät gibt es nicht; „masswerk-agency devices“ zeigt alle.",
    "not_founded": "Hier ist noch keine Agentur; „masswerk-agency init --name …“ richtet sie ein.",
    "older_tables": (
        "Diese Datenbank ist noch auf dem Stand eines früheren Maßwerk, das vielleicht gerade antwortet."
        " Bitte erst sichern, den Dienst anhalten und mit der neuen Fassung starten."
    ),
    "backup_exists": "Die Datei gibt es schon; bitte einen anderen Namen wählen.",
    "backup_postgres": "PostgreSQL sichert man mit seinem eigenen Werkzeug: pg_dump -Fc -d {database} -f DATEI",
    "restore_postgres": "Erst pg_restore -d {database} DATEI, dann „masswerk-agency epoch new“.",
    "restore_over": "Hier ist schon eine Agentur; bitte ihren Ordner erst beiseitelegen.",
    "no_backup": "Das ist keine unversehrte Sicherung einer Agentur.",
    "flawed": "{count} Stellen passen nicht zusammen. Bitte sichern und die letzte gute Sicherung bereithalten.",
    "file_exists": "Die Datei gibt es schon; bitte einen anderen Namen wählen.",
    "config_unreadable": "{file} ist nicht als TOML zu lesen: {told}",
    "config_exposed": "{file} nennt die Datenbank und ist für alle lesbar: chmod 640.",
    "setting": "Die Einstellung „{name}“ gibt es nicht, oder ihr Wert passt nicht.",
    "sentence": "{told}",
    "unreadable": "Diese Änderung ist nicht lesbar und bleibt in Quarantäne.",
    "no_reason": "Wer etwas zurückgibt, sagt warum: --reason „…“.",
    "no_quarantine": "Diese Änderung liegt nicht in Quarantäne.",
    "file_missing": "Diese Datei ist nicht da oder nicht lesbar.",
    "token_revoked": "Das Gerät der Kurierdatei ist abgemeldet; nichts davon wurde übernommen.",  # nosec B105: a word
    "replica_fork": "Eine Kopie dieses Profils ist anderswo am Werk; nichts davon wurde übernommen.",
    "courier_foreign": "Das ist keine Kurierdatei.",
    "courier_newer": "Diese Kurierdatei stammt von einem neueren Maßwerk. Bitte das Programm aktualisieren.",
    "courier_direction": "Das ist eine Antwort der Agentur; die liest das Gerät ein, für das sie ist.",
    "courier_too_large": "Diese Datei ist größer, als eine Kurierdatei sein darf; sie wurde nicht geöffnet.",
    "courier_damaged": "Die Kurierdatei ist beschädigt oder unvollständig; nichts davon wurde übernommen.",
    "courier_content": "Der Inhalt der Kurierdatei passt nicht zu dieser Fassung; das Gerät schreibt bitte eine neue.",
    "courier_other_agency": "Diese Kurierdatei ist für eine andere Agentur; hier kann sie niemand lesen.",
    "courier_stranger": "Diese Kurierdatei kommt von einem Gerät, das hier nicht angemeldet ist.",
    "courier_exists": "Die Antwort gibt es schon; Kurierdateien werden nie überschrieben. Bitte anderen Namen wählen.",
    "courier_not_written": "Die Antwort konnte nicht geschrieben werden; bitte Ordner und Rechte prüfen.",
    "courier_disk_full": "Für die Antwort ist kein Platz; bitte Platz schaffen und die Datei noch einmal lesen.",
}


_WHILE_IT_STANDS_STILL = frozenset({"serve", "epoch"})
"""Commands that bring the tables up to date. All others may come while an earlier version still answers from them."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one operator command; 0 if it was done."""
    arguments = parser().parse_args(argv)
    usual = os.umask(0o077)  # backups, exports and the database itself are for this account alone
    try:
        arguments.settings = sources.operation(_said(arguments), arguments.config)
        log.begin(logging.INFO if arguments.verbose else logging.WARNING, arguments.settings.log)
        run: Callable[[argparse.Namespace], None] = arguments.run
        with ExitStack() as arguments.until_done:
            run(arguments)
    except MasswerkError as error:
        print(SENTENCES.get(error.code, "Das ging nicht: {error}").format(error=error, **error.params), file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Das ging nicht: {error.strerror} ({error.filename or arguments.command})", file=sys.stderr)
        return 1
    finally:
        os.umask(usual)
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line: its commands, and the settings it may name."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, help="Ordner der Agentur (sonst ./agentur)")
    common.add_argument("--config", type=Path, metavar="DATEI", help="Einstellungen (TOML)")
    common.add_argument("--verbose", action="store_true", help="Protokoll mit Schlüsseln und Anzahlen")
    parser = argparse.ArgumentParser(prog="masswerk-agency", description="Die Agentur betreiben.")
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, run: Callable[[argparse.Namespace], None], told: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, parents=[common], help=told, description=told)
        command.set_defaults(run=run)
        return command

    init = add("init", _init, "Neue Agentur einrichten")
    init.add_argument("--name", required=True, help="wie sie den Geräten heißt")
    _add_serve(add("serve", _serve, "Anfragen beantworten, bis SIGTERM kommt"))
    invite = add("invite", _invite, "Ein Gerät einladen: gibt einen Code aus, der einmal gilt")
    invite.add_argument("--role", type=Role, choices=list(Role), required=True)
    invite.add_argument("--ags", default="", help="Gemeindeschlüssel, acht Ziffern")
    invite.add_argument("--workshop", action="append", default=[], metavar="ID")
    invite.add_argument("--days", type=float, default=14, help="wie lange der Code gilt")
    invite.add_argument("--label", default="", help="Wort am Anfang des Codes, etwa der Ort")
    invite.add_argument("--replaces", type=int, metavar="GERÄT", help="Gerät, dessen Nachfolge es antritt")
    add("devices", _devices, "Geräte zeigen")
    revoke = add("revoke", _revoke, "Gerät abmelden")
    revoke.add_argument("device", type=int)
    revoke.add_argument("--account", action="store_true", help="und alle anderen, die mit demselben Konto kamen")
    grant = add("grant", _grant, "Einem Gerät weitere Workshops geben")
    grant.add_argument("device", type=int)
    grant.add_argument("--workshop", action="append", required=True, metavar="ID")
    add("backup", _backup, "Datenbank im laufenden Betrieb sichern").add_argument("file", type=Path)
    add("restore", _restore, "Sicherung in einen leeren Ordner zurückspielen").add_argument("file", type=Path)
    add("verify", _verify, "Prüfen, ob alles zusammenpasst")
    add("export", _export, "Alle Einträge als JSON-Zeilen schreiben").add_argument("file", type=Path)
    epoch = add("epoch", _epoch, "Nach einem Rückspielen: alle Geräte senden nach, was fehlt")
    epoch.add_argument("what", choices=["new"])
    courier = add("courier", _courier, "Eine Kurierdatei lesen und die Antwort dazu schreiben")
    courier.add_argument("file", type=Path)
    courier.add_argument("--out", type=Path, help="Datei oder Ordner für die Antwort; sonst neben die Kurierdatei")
    files = add("files", _files, "Dateien von Anhängen entfernen, auf die sich kein Eintrag mehr bezieht")
    files.add_argument("what", choices=["collect"])
    files.add_argument("--days", type=float, default=90, help="erst, wenn sie so lange niemand mehr brauchte")
    aside = add("quarantine", _quarantine, "Nicht übernommene Änderungen zeigen, freigeben oder zurückgeben")
    aside.add_argument("what", choices=["list", "release", "return"])
    aside.add_argument("change", nargs="?", default="", metavar="REPLIK:NR")
    aside.add_argument("--reason", default="", help="warum sie zurückgeht; liest, wer sie geschrieben hat")
    return parser


def _add_serve(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", help="sonst 127.0.0.1")
    command.add_argument("--port", type=int, help="sonst 8440; 0: irgendein freier")
    command.add_argument("--port-file", type=Path, help="hierhin die Nummer des Ports schreiben")
    command.add_argument("--cert", dest="certificate", type=Path, help="Zertifikat (PEM)")
    command.add_argument("--key", type=Path, help="Schlüssel dazu (PEM)")
    command.add_argument("--plain-http", action="store_true", default=None, help="ein Webserver davor verschlüsselt")
    command.add_argument("--workers", type=int, help="so viele Prozesse antworten (ab zwei Kernen)")
    command.add_argument("--metrics", action="store_true", default=None, help="/metrics für diesen Rechner")
    command.add_argument("--log", choices=["text", "json"], help="Protokoll für Menschen oder je Zeile ein JSON-Objekt")


def _said(arguments: argparse.Namespace) -> dict[str, object]:
    """The settings among the arguments."""
    return {name: getattr(arguments, name) for name in Operation.names() if hasattr(arguments, name)}


def _settings(arguments: argparse.Namespace) -> Operation:
    found: Operation = arguments.settings
    return found


def _database(arguments: argparse.Namespace) -> Database:
    """The database, closed when the command is done."""
    database = Database(_settings(arguments).database_url)
    arguments.until_done.callback(database.close)
    return database


def _founded(arguments: argparse.Namespace) -> Database:
    database = _database(arguments)
    if not database.is_there or not database.has_tables():
        raise NotAllowed(arguments.command, "not_founded")
    return database


def _open(arguments: argparse.Namespace) -> AgencyService:
    database = _founded(arguments)
    if arguments.command in _WHILE_IT_STANDS_STILL:
        database.upgrade()
    elif database.is_older():
        raise NotAllowed(arguments.command, "older_tables")
    folder = _settings(arguments).folder
    service = AgencyService(
        database,
        snapshots=folder / FOLDER,
        files=files_folder(database.url, folder),
        provider=provider_of(_settings(arguments)),
    )
    if not service.is_founded:
        raise NotAllowed(arguments.command, "not_founded")
    return service


def _init(arguments: argparse.Namespace) -> None:
    settings, database = _settings(arguments), _database(arguments)
    if database.is_sqlite and not settings.database:
        settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    about = AgencyService.found(database, arguments.name).about()
    print(f"Agentur „{about.name}“ ist eingerichtet (Kennung {about.agency}).")


def _serve(arguments: argparse.Namespace) -> None:
    from app.server.serving import serve  # the web server; every other verb starts without it

    service = _open(arguments)
    name = service.about().name
    serve(
        service,
        _settings(arguments),
        arguments.port_file,
        lambda address: print(f"Agentur „{name}“ antwortet unter {address}", flush=True),
    )


def _invite(arguments: argparse.Namespace) -> None:
    service = _open(arguments)
    asked = arguments
    print(service.invite(asked.role, asked.ags, asked.workshop, asked.days, asked.label, asked.replaces))


def _devices(arguments: argparse.Namespace) -> None:
    for line in office.devices(_open(arguments)):
        print(line)


def _revoke(arguments: argparse.Namespace) -> None:
    if arguments.account:
        closed = office.close_account(_open(arguments), arguments.device)
        print(f"Abgemeldet: {', '.join(map(str, closed))}; ihre nächste Anfrage wird abgelehnt.")
        return
    if not _open(arguments).revoke(arguments.device):
        raise NotAllowed("revoke", "device")
    print("Abgemeldet; die nächste Anfrage dieses Geräts wird abgelehnt.")


def _grant(arguments: argparse.Namespace) -> None:
    _open(arguments).extend(arguments.device, arguments.workshop)
    print("Erledigt; beim nächsten Abgleich ist es dort zu sehen.")


def _backup(arguments: argparse.Namespace) -> None:
    print(f"Gesichert: {office.backup(_founded(arguments), arguments.file)} Bytes.")


def _restore(arguments: argparse.Namespace) -> None:
    settings = _settings(arguments)
    epoch = upkeep.restore(settings, arguments.file)
    print(f"Zurückgespielt; neue Epoche {epoch}: alle Geräte senden nach, was hier fehlt.")


def _verify(arguments: argparse.Namespace) -> None:
    found = upkeep.verify(_open(arguments).database)
    print(f"{found.records} Einträge, {found.changes} Änderungen, {found.steps} Schritte in {found.scopes} Sichten.")
    for flaw in found.flaws:
        print(flaw)
    if found.flaws:
        raise NotAllowed("verify", "flawed", count=len(found.flaws))
    print("Alles passt zusammen.")


def _export(arguments: argparse.Namespace) -> None:
    print(f"{upkeep.export(_open(arguments).database, arguments.file)} Einträge geschrieben.")


def _epoch(arguments: argparse.Namespace) -> None:
    print(f"Neue Epoche {_open(arguments).new_epoch()}; alle Geräte senden nach, was hier fehlt.")


def _courier(arguments: argparse.Namespace) -> None:
    answer = answer_path(arguments.file, arguments.out)
    told = answer_file(_open(arguments), arguments.file, answer)
    print(
        f"Gerät {told.device}: {told.taken} Änderungen übernommen, {told.known} waren schon da,"
        f" {told.aside} in Quarantäne. Antwort: {answer.name} ({told.size} Bytes)."
    )
    for replica, n in told.missing:
        print(f"Von Replik {replica} fehlt alles ab Nummer {n}; das Gerät schickt es mit der nächsten Kurierdatei.")
    if told.more:
        print("Nicht alles Neue hatte Platz; die nächste Kurierdatei dieses Geräts holt den Rest.")


def _files(arguments: argparse.Namespace) -> None:
    freed = _open(arguments).blobs.collect(arguments.days)
    print(f"{freed.files} Dateien und {freed.parts} angefangene entfernt, {freed.bytes} Bytes frei.")


def _quarantine(arguments: argparse.Namespace) -> None:
    service = _open(arguments)
    if arguments.what == "release":
        office.release(service, arguments.change)
        print("Freigegeben und übernommen.")
        return
    if arguments.what == "return":
        office.decide(service, arguments.change, "returned", arguments.reason)
        print("Zurückgegeben; beim nächsten Abgleich erfährt es, wer sie geschrieben hat.")
        return
    for line in office.quarantined(service):
        print(line)
