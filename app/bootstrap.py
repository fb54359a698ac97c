"""The one file that knows everybody: joins profile, store, engine, services and window."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from app import pauses
from app.config import VERSION, Profile
from app.domain.region import Region, parse_municipalities
from app.errors import AgencyError, ImportLineError, KeyUnavailable, MasswerkError, StoreError, WrongKey
from app.models import backup, keys
from app.models.opening import create_profile
from app.models.queries import syncing
from app.models.queries.reader import Reader
from app.models.queries.rescued import rescued
from app.models.rescue import open_or_rescue
from app.models.store import Store, wall_clock_ms
from app.resources import path
from app.services.safekeeping import Safekeeping
from app.services.workspace import Workspace
from app.ui import labels
from app.ui.wording import rescue as rescue_words

if TYPE_CHECKING:
    from app.sync.engine import Engine
    from app.sync.line import Line
    from app.ui import start

PASSPHRASE_VARIABLE = "MASSWERK_PASSPHRASE"  # nosec B105: a name, no secret

LOG_BYTES = 2_000_000
"""Then a new file begins; three older ones are kept."""

EXIT_OK, EXIT_TROUBLE, EXIT_UNREACHABLE = 0, 1, 3


def run(asked: argparse.Namespace) -> int:
    """Does what the command line asked; tells errors in one sentence and one remedy."""
    if asked.version:
        print(f"Maßwerk {VERSION}")
        return EXIT_OK
    try:
        return _run(asked)
    except AgencyError as error:
        return _tell(error, EXIT_UNREACHABLE)
    except MasswerkError as error:
        return _tell(error, EXIT_TROUBLE)


def _run(asked: argparse.Namespace) -> int:
    if asked.demo or asked.story or asked.two:
        return _demo(asked)
    if asked.shots is not None:
        from app.demo import shots

        return shots.run(Path(asked.shots or asked.out or "shots"))
    if asked.gallery:
        from app.ui import gallery_window

        return gallery_window.run()
    profile = Profile.at(asked.profile)
    commands: dict[str, Callable[[Profile, argparse.Namespace], int]] = {
        "sync": _sync,
        "status": _status,
        "import": _import,
        "join": _join,
        "new": _new,
        "backup": _backup,
        "restore": _restore,
        "courier": _courier,
    }
    if asked.verb:
        return commands[asked.verb](profile, asked)
    start_log(profile)
    from app.ui import start

    pauses.calm()
    return start.run(_door(profile, _passphrase(asked)), the_region())


def _tell(error: MasswerkError, code: int) -> int:
    sentence, remedy = labels.error_words(error)
    print(f"✗ {sentence}\n  {remedy}", file=sys.stderr, flush=True)
    return code


def _passphrase(asked: argparse.Namespace) -> str | None:
    """From the file named, else from the environment, else none."""
    if asked.passphrase_file:
        try:
            return Path(asked.passphrase_file).read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise KeyUnavailable(reason="passphrase", file=Path(asked.passphrase_file).name) from error
    return os.environ.get(PASSPHRASE_VARIABLE) or None


def start_log(profile: Profile) -> None:
    """Keys and counts into the profile's log, never text or names."""
    profile.ensure()
    target = RotatingFileHandler(
        profile.logs / "masswerk.log", maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8", delay=True
    )
    target.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(target)
    root.setLevel(logging.INFO)


def the_region() -> Region:
    """The 59 municipalities as shipped."""
    return parse_municipalities(path("region", "municipalities.csv").read_text(encoding="utf-8"))


def _open(profile: Profile, asked: argparse.Namespace) -> Store:
    if not profile.database.exists():
        raise StoreError("no_profile", folder=str(profile.folder))
    store = open_or_rescue(profile, keys.load_key(profile, _passphrase(asked)))
    _tell_rescue(store)
    return store


def _tell_rescue(store: Store) -> None:
    """A profile that has just come back from damage says so once, whoever opens it."""
    told = rescued(Reader(store.engine))
    if told is None or told.is_seen:
        return
    print(
        "\n  ".join([f"! {rescue_words.TITLE}", *rescue_words.sentences(told, datetime.now().astimezone())]),
        file=sys.stderr,
    )
    if told.is_settled:
        store.put_settings(rescue_seen=1)


def _door(profile: Profile, told: str | None) -> start.Door:
    """Opening and making this profile, for the window; `told` is a passphrase from the command line."""
    from app.ui import start
    from app.ui.idle_lock import Proof
    from app.ui.settings.first_start import FirstAnswers

    held: list[bytes] = []

    def open_it(passphrase: str | None) -> Workspace:
        held[:] = [keys.load_key(profile, passphrase or told)]
        return Workspace.of(open_or_rescue(profile, held[0]))

    def create_it(answers: FirstAnswers) -> Workspace:
        profile.ensure()
        key = keys.create_key(profile, answers.passphrase or told)
        held[:] = [key]
        return Workspace.of(create_profile(profile, key, answers.person, answers.device, answers.ags))

    def check(passphrase: str | None) -> None:
        if keys.load_key(profile, passphrase) != held[0]:
            raise WrongKey(path=profile.key_file.name)

    return start.Door(
        profile=profile,
        exists=profile.database.exists(),
        needs_passphrase=not told and keys.needs_passphrase(profile),
        open=open_it,
        create=create_it,
        engine=_engines,
        close=lambda workspace: workspace.store.close(),
        keep=lambda workspace: Safekeeping(profile, workspace.store, held[0]),
        proof=lambda: Proof(profile.key_file.exists(), check),
    )


def _engines(workspace: Workspace) -> Callable[[], Engine | None]:
    """Makes the engine of each exchange; what talks over the network is read by the thread that talks."""
    lines: list[Line] = []

    def engine() -> Engine | None:
        if not lines:
            from app.sync.line import Line

            lines.append(Line(workspace.store))
        return lines[0].engine()

    return engine


def _new(profile: Profile, asked: argparse.Namespace) -> int:
    profile.ensure()
    key = keys.create_key(profile, _passphrase(asked))
    create_profile(profile, key, asked.person, asked.device, asked.ags).close()
    print(f"Profil angelegt: {profile.folder}")
    return EXIT_OK


def _join(profile: Profile, asked: argparse.Namespace) -> int:
    from app.sync.http_agency import HttpAgency
    from app.sync.membership import join

    store = _open(profile, asked)
    try:
        agency = HttpAgency(asked.url)
        try:
            reply = join(store, agency, asked.url, asked.code)
        finally:
            agency.close()
    finally:
        store.close()
    print(f"Beigetreten: {reply.name}")
    return EXIT_OK


def _sync(profile: Profile, asked: argparse.Namespace) -> int:
    from app.sync.line import Line

    store = _open(profile, asked)
    try:
        line = Line(store)
        engine = line.engine()
        if engine is None:
            print("Dieses Profil gehört zu keiner Agentur; nichts abzugleichen.")
            return EXIT_OK
        try:
            report = rest = engine.sync()
            while rest.files.more:  # files give the records their turn in between; here all of it is wanted
                rest = engine.sync()
        finally:
            line.close()
        print(
            f"{report.confirmed} Änderungen quittiert, {report.new} neue und {report.changed} geänderte Einträge, "
            f"{report.questions} neue Fragen, {report.quarantined} liegen bei der Agentur."
        )
        return EXIT_OK
    finally:
        _print_status(Reader(store.engine))
        store.close()


def _courier(profile: Profile, asked: argparse.Namespace) -> int:
    from app.sync.courier.read import read_answer
    from app.sync.courier.write import write_file

    store = _open(profile, asked)
    try:
        if asked.way == "write":
            written = write_file(store, Path(asked.file))
            print(f"Geschrieben, noch nicht übertragen: {written.path} ({written.changes} Änderungen)")
            return EXIT_OK
        read = read_answer(store, Path(asked.file))
        report = read.report
        received = report.new + report.changed
        print(labels.answer_text(read.verdict.value, report.confirmed, received, report.resent, read.more))
        _print_status(Reader(store.engine))
        return EXIT_OK
    finally:
        store.close()


def _backup(profile: Profile, asked: argparse.Namespace) -> int:
    store = _open(profile, asked)
    try:
        made = Safekeeping(profile, store, keys.load_key(profile, _passphrase(asked))).back_up()
    finally:
        store.close()
    print(f"Gesichert: {made.path}")
    return EXIT_OK


def _restore(profile: Profile, asked: argparse.Namespace) -> int:
    """Without a file it tells which backups there are; with `--preview` what one of them holds."""
    now = datetime.now().astimezone()
    if not asked.file:
        for each in backup.backups(profile):
            print(f"{labels.when_exactly(each.at, now)}  {each.path.name}")
        return EXIT_OK
    named = Path(asked.file)
    chosen = named if named.exists() else profile.backups / named
    key = keys.load_key(profile, _passphrase(asked))
    found = backup.verify(chosen, key) if asked.preview else backup.restore(profile, chosen, key, wall_clock_ms())
    done = "Probe" if asked.preview else "Eingespielt"
    print(f"{done}: {found.records} Einträge, {found.changes} Änderungen, davon {found.pending} noch nicht übertragen.")
    return EXIT_OK


def _status(profile: Profile, asked: argparse.Namespace) -> int:
    store = _open(profile, asked)
    try:
        _print_status(Reader(store.engine))
        for entry in syncing.waiting(Reader(store.engine), limit=20):
            print(f"  {entry.title or entry.root_id}: {entry.changes}")
    finally:
        store.close()
    return EXIT_OK


def _print_status(reader: Reader) -> None:
    now = syncing.standing(reader)
    told = f"Quittung {now.receipt}" if now.receipt is not None else "noch keine Quittung"
    print(
        f"{now.pending} Änderungen noch nicht übertragen · {told} · "
        f"{now.questions} offene Fragen · {now.refused} liegen bei der Agentur"
    )


def _import(profile: Profile, asked: argparse.Namespace) -> int:
    from app.services.exchange.command import import_measures

    store = _open(profile, asked)
    try:
        return import_measures(
            Workspace.of(store),
            the_region(),
            Path(asked.file),
            preview_only=asked.preview,
            say=print,
            words=_line_words,
            field_words=lambda name: labels.field_label("measure", name),
        )
    finally:
        store.close()


def _line_words(fault: ImportLineError) -> str:
    """Where in the file, what stands there, what is wrong and what to do."""
    sentence, remedy = labels.error_words(fault)
    header, value = fault.params.get("header"), fault.params.get("value")
    said = f" ({header}: „{value}“)" if header and value else f" ({header})" if header else ""
    return f"Zeile {fault.line}, Spalte {fault.column}{said}: {sentence} {remedy}"


def _demo(asked: argparse.Namespace) -> int:
    from app.demo import launch

    out = Path(asked.out) if asked.out else None
    return launch.run(story=asked.story, two=asked.two, out=out)
