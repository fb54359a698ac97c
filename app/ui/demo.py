"""The demo's windows: one or two people, and what arrives at the agency."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from app.config import Profile
from app.domain.region import Region, parse_municipalities
from app.resources import path
from app.services.workspace import Workspace
from app.sync.engine import Engine
from app.ui.application import make_application
from app.ui.demo_window import AgencyWindow
from app.ui.desktop import Desktop

_FRAME = 40
"""What a window manager puts around a window, roughly."""

EngineFactory = Callable[[], Engine | None]


class AgencySwitch(Protocol):
    """The demo's agency as its switch sees it."""

    @property
    def running(self) -> bool: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


def shipped_region() -> Region:
    """The 59 municipalities."""
    return parse_municipalities(path("region", "municipalities.csv").read_text(encoding="utf-8"))


def show(
    people: Sequence[tuple[Workspace, Profile, EngineFactory]],
    office: tuple[Workspace, EngineFactory],
    agency: AgencySwitch,
) -> int:
    """Shows the windows until the last person's is closed; returns Qt's exit code."""
    app = make_application()
    region = shipped_region()
    desktops = [Desktop(workspace, region, profile, engine) for workspace, profile, engine in people]
    arrivals = AgencyWindow(*office, lambda: agency.running, agency.start, agency.stop)
    for desktop in desktops:
        desktop.sync.finished.connect(arrivals.on_exchanged)
        desktop.start()
    room = app.primaryScreen().availableGeometry()
    arrivals.move(room.right() - arrivals.width(), room.bottom() - arrivals.height() - _FRAME)
    arrivals.show()
    arrivals.sync.start()
    code = app.exec()
    for desktop in desktops:
        desktop.close()
    arrivals.sync.close()
    return code
