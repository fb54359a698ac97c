"""Pictures of every screen with the demo region, light and dark, for the README and for review."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from app.demo.agency import DemoAgency
from app.demo.client import Client
from app.demo.launch import has_display
from app.demo.stage import Cast, raise_region
from app.services import measures

SCREENS = ("measures", "measure", "workshops", "workshop", "sync", "versions", "settings")
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
        _disagree(cast)
        agency.stop()
        _shoot(out, cast.katrin)
    finally:
        if cast is not None:
            cast.close()
        agency.kill()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


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
