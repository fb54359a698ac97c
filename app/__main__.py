"""What the program was asked to do; everything else is in `bootstrap`."""

from __future__ import annotations

import argparse
import runpy
import sys
from collections.abc import Sequence


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(prog="masswerk", description="Maßnahmen und Workshops, offline zuerst.")
    p.add_argument("--profile", metavar="ORDNER", help="Profilordner; sonst der übliche dieses Kontos")
    p.add_argument("--passphrase-file", metavar="DATEI", help="Datei mit dem Kennsatz, wo kein Schlüsselbund ist")
    p.add_argument("--demo", action="store_true", help="eine lebendige Region mit eigener Agentur öffnen")
    p.add_argument("--two", action="store_true", help="mit --demo: zwei Personen, zwei Fenster")
    p.add_argument("--story", action="store_true", help="mit --demo: den Tag ohne Netz vorspielen, ohne Bildschirm")
    p.add_argument("--out", metavar="ORDNER", help="mit --story oder --shots: Bilder der Fenster hierhin schreiben")
    p.add_argument(
        "--shots",
        metavar="ORDNER",
        nargs="?",
        const="",
        help="Bilder aller Ansichten schreiben (auch mit --out ORDNER)",
    )
    p.add_argument("--gallery", action="store_true", help="jedes Teil der Oberfläche in jedem Zustand zeigen")
    p.add_argument("--self-check", action="store_true", help="sich selbst prüfen und mit 0 enden, wenn alles geht")
    p.add_argument("--version", action="store_true", help="Fassung nennen")
    verbs = p.add_subparsers(dest="verb", metavar="")
    sync = verbs.add_parser("sync", help="ohne Fenster mit der Agentur abgleichen")
    status = verbs.add_parser("status", help="sagen, was wartet, was quittiert ist und was offen ist")
    load = verbs.add_parser("import", help="Maßnahmen aus einer CSV-Datei übernehmen")
    load.add_argument("file", metavar="DATEI")
    load.add_argument("--preview", action="store_true", help="nur zeigen, was geschähe")
    join = verbs.add_parser("join", help="mit einem Einladungscode einer Agentur beitreten")
    join.add_argument("url", metavar="ADRESSE")
    join.add_argument("code", metavar="CODE")
    new = verbs.add_parser("new", help="ein Profil anlegen")
    new.add_argument("--person", required=True)
    new.add_argument("--device", required=True)
    new.add_argument("--ags", required=True, help="Gemeindeschlüssel, z. B. 05970004")
    courier = verbs.add_parser("courier", help="ohne Netz: eine Kurierdatei schreiben oder die Antwort einlesen")
    courier.add_argument("way", choices=["write", "read"], help="schreiben (Ordner oder Datei) oder einlesen (Datei)")
    courier.add_argument("file", metavar="ORDNER|DATEI")
    back_up = verbs.add_parser("backup", help="das Profil jetzt sichern")
    restore = verbs.add_parser("restore", help="Sicherungen nennen, proben oder einspielen")
    restore.add_argument("file", metavar="SICHERUNG", nargs="?", default="")
    restore.add_argument("--preview", action="store_true", help="nur proben und sagen, was darin steht")
    for verb in (back_up, restore, sync, status, load, join, new, courier):
        verb.add_argument("--profile", metavar="ORDNER", default=argparse.SUPPRESS)
        verb.add_argument("--passphrase-file", metavar="DATEI", default=argparse.SUPPRESS)
    return p


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["agency"]:
        # The frozen program is its own server executable; the server stays a process of its own.
        sys.argv = ["masswerk-agency", *words[1:]]
        runpy.run_module("app.server", run_name="__main__")
        return 0
    asked = parser().parse_args(words)
    if asked.self_check:
        from app.self_check import run

        return run()
    from app import bootstrap

    return bootstrap.run(asked)


if __name__ == "__main__":
    sys.exit(main())
