"""`masswerk --demo`: the lively region in a window, or, where there is no display, the story."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from app.demo.agency import DemoAgency
from app.demo.client import Client
from app.demo.region import load
from app.demo.stage import enter, fill_agency
from app.demo.story import play
from app.resources import path
from app.services import measures
from app.sync.line import Line


def run(story: bool, two: bool, out: Path | None) -> int:
    """Exit code 0 if every promise that was played was kept."""
    if story or not has_display():
        if not story:
            print("· Kein Bildschirm: die Vorführung spielt die Geschichte vom Tag ohne Netz.", flush=True)
        return 0 if play(out, camera_for(out) if out is not None else None) else 1
    folder = Path(tempfile.mkdtemp(prefix="masswerk-demo-"))
    try:
        return _show(folder, two)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def has_display() -> bool:
    """Whether a window could be seen by somebody."""
    if os.environ.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal")):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _show(folder: Path, two: bool) -> int:
    from app.ui.demo import show

    agency = DemoAgency(folder / "agency")
    clients: list[Client] = []
    try:
        agency.start()
        print(f"· Die Agentur läuft als eigener Prozess: {agency.url}", flush=True)
        region = load(path("demo"))
        count = fill_agency(folder, agency, region)
        people = region.people
        cast = [people.katrin, people.martin, people.office] if two else [people.katrin, people.office]
        clients = [enter(folder, agency, person) for person in cast]
        print(
            f"· {count} Datensätze liegen bei der Agentur; {people.katrin.name} arbeitet in Bad Berleburg.", flush=True
        )
        _show_arrival(agency, clients[0], people.different_fields)
        return show(
            [(c.workspace, c.profile, Line(c.store).engine) for c in clients[:-1]],
            (clients[-1].workspace, Line(clients[-1].store).engine),
            agency,
        )
    finally:
        for client in clients:
            client.close()
        agency.kill()


def _show_arrival(agency: DemoAgency, client: Client, measure: str) -> None:
    """An edit made without a network arrives, with a receipt."""
    agency.stop()
    measures.edit(client.store, measure, {"goals": "Ohne Netz geschrieben, im Dorfgemeinschaftshaus."})
    print("· Ohne Netz: eine Änderung ist gespeichert und wartet.", flush=True)
    agency.start()
    report = client.sync()
    print(f"· Mit Netz: {report.confirmed} Änderung ist bei der Agentur, Quittung {max(report.receipts)}.", flush=True)


def camera_for(out: Path) -> Callable[[str, Client, str], None]:
    """Takes pictures of the real windows into `out`."""
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.ui.pictures import Camera

    camera = Camera(out)

    def shoot(name: str, client: Client, screen: str) -> None:
        camera.shoot(name, client.workspace, client.profile, screen)

    return shoot
