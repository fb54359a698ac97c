"""Pictures of every screen with the demo region, light and dark, for the README and for review."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from app.config import Profile
from app.demo.agency import DemoAgency
from app.demo.client import Client
from app.demo.launch import has_display
from app.demo.stage import Cast, raise_region
from app.domain.partial_date import PartialDate
from app.models.queries import roots
from app.services import measures, today, workshops

SCREENS = (
    *("today", "measures", "board", "timeline", "measure", "earlier", "workshops", "workshop"),
    *("workshop-calendar", "workshop-wall", "workshop-paper", "workshop-details"),
    *("region", "region-measure", "region-compare", "lineage", "sync", "versions", "settings"),
)
SIZES = ((1440, 900), (1366, 768), (1920, 1080))


def run(out: Path) -> int:
    """Raises the region, makes a small mess of open questions and pending changes, takes the pictures."""
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = Path(tempfile.mkdtemp(prefix="masswerk-shots-"))
    agency = DemoAgency(folder / "agency")
    cast: Cast | None = None
    try:
        agency.start()
        cast = raise_region(folder, agency)
        _fill_the_day(cast)
        _disagree(cast)
        agency.stop()
        _shoot(out, cast.katrin)
        _shoot_empty(out, folder)
    finally:
        if cast is not None:
            cast.close()
        agency.kill()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _fill_the_day(cast: Cast) -> None:
    """Tasks that are due around today, a workshop this week, and what a colleague has changed since."""
    katrin, martin = cast.katrin, cast.martin
    day, own = datetime.now().astimezone().date(), roots.myself(katrin.workspace.reader).ags
    for title, root, days in (
        ("Verwendungsnachweis Phase A: Belege zusammenstellen", cast.different_fields, -3),
        ("Angebote für Mitfahrbank einholen", cast.same_field, 0),
        ("Vorlage für Haupt- und Finanzausschuss abstimmen", cast.same_field, 0),
        ("Statusabfrage Breitband an die Stadtwerke senden", cast.different_fields, 4),
    ):
        due = PartialDate.of_day(day + timedelta(days=days)).encode()
        measures.add_part(katrin.store, root, "task", {"title": title, "due": due, "responsible": "Katrin Brandt"})
    for title, place, days, groups in (
        ("Bürgerdialog Mobilität", "Dorfhalle Weidenhausen", 2, {"citizens": 34, "politics": 6}),
        ("Stationen Ortsmitte", "Schützenhaus Aue", 9, {"citizens": 25}),
    ):
        start = f"{(day + timedelta(days=days)).isoformat()}T19:00"
        values = {"title": title, "format": "citizen_dialogue", "starts_at": start, "ends_at": f"{start[:11]}20:45"}
        made = workshops.create(katrin.store, values | {"place_text": place, "ags": own}, ["Halle"])
        for group, count in groups.items():
            workshops.set_head_count(katrin.store, made, group, count)
    for client in (katrin, martin, katrin):
        client.sync()
    today.look(katrin.store, 0)
    measures.edit(martin.store, cast.same_field, {"total_cost_cents": 9_150_000})
    measures.edit(martin.store, cast.different_fields, {"maturity": "mvp", "responsible_unit": "Bauamt, N. Dickel"})
    light = {"traffic_light": "yellow", "traffic_light_reason": "Die Lieferung der Sensoren verzögert sich."}
    measures.edit(martin.store, cast.same_field, light)
    measures.add_part(martin.store, cast.same_field, "milestone", {"title": "Vergabe", "due": "2027-Q1"})
    for client in (martin, katrin):
        client.sync()


def _disagree(cast: Cast) -> None:
    """Two versions, a deletion of something edited, and a few changes that wait."""
    katrin, martin = cast.katrin, cast.martin
    measures.edit(katrin.store, cast.same_field, {"status": "paused", "status_reason": "Förderbescheid steht aus."})
    measures.edit(martin.store, cast.same_field, {"status": "in_progress", "status_reason": "Bescheid liegt vor."})
    measures.delete(katrin.store, cast.deleted_here)
    measures.edit(martin.store, cast.deleted_here, {"goals": "Treffpunkt für die Nachbarschaft."})
    for client in (martin, katrin, martin):
        client.sync()
    measures.edit(
        katrin.store,
        cast.different_fields,
        {"traffic_light": "yellow", "traffic_light_reason": "Lieferung verzögert sich."},
    )
    measures.edit(katrin.store, cast.different_fields, {"start": "2026-Q3", "end": "2027"})


def _shoot_empty(out: Path, folder: Path) -> None:
    """The first page of a person who has just begun."""
    client = Client.create(Profile.at(folder / "empty"), "Katrin Brandt", "Rathaus-Laptop 2", "05970004")
    try:
        from app.ui.pictures import Camera

        Camera(out).shoot("today-leer", client.workspace, client.profile, "today")
    finally:
        client.close()


def _shoot(out: Path, client: Client) -> None:
    from app.ui.pictures import Camera

    for width, height in SIZES:
        camera = Camera(out, (width, height))
        for screen in SCREENS:
            for dark in (False, True):
                name = f"{screen}-{width}x{height}{'-dunkel' if dark else ''}"
                camera.shoot(name, client.workspace, client.profile, screen, dark)
    camera = Camera(out)
    for screen in SCREENS:
        camera.shoot(f"{screen}-200-prozent", client.workspace, client.profile, screen, text_size=200)
