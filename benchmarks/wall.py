"""The wall with many cards: how long from a hand's movement until the picture follows?

    python benchmarks/wall.py [--cards 2000] [--json]

The whole real window offscreen with the encrypted profile on disk; cards in twelve clusters and a round that is on.
Every figure runs from the event at the window until everything it changed is painted: `drag` a movement of the mouse
with a card hanging at it (the edges scroll), `drop` letting it go in another cluster (stored and laid out anew),
`wheel` a notch, `walk` an arrow key, `vote` a point, `zoom` another text size, `open` the way from the Mitschrift,
`rest` the cards out of sight, if somebody asks for them right after it instead of leaving them to idle moments.
All times in milliseconds; `…_cpu_ms` is the processor's time of the process, which other programs do not change.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import pauses
from app.models.queries import sessions
from app.services import walls
from app.services.workspace import Workspace
from app.ui import theme
from app.ui.application import make_application
from app.ui.demo import shipped_region
from app.ui.desktop import Desktop
from app.ui.workshops.wall.canvas import WallCanvas
from benchmarks.common import folder, percentile, spread, tell
from benchmarks.desk import filled, with_cards

CLUSTERS = 12
_RECORDS = 200
_LEFT = Qt.MouseButton.LeftButton


class Frames:
    """Times acts until the wall is painted."""

    def __init__(self, app: QApplication, desktop: Desktop) -> None:
        self._app, self._desktop = app, desktop
        self.took: dict[str, list[float]] = {}
        self.cpu: dict[str, list[float]] = {}

    def take(self, name: str, act: Callable[[], object]) -> None:
        """One act, and everything that is to be painted after it."""
        began, spent = time.perf_counter(), time.process_time()
        act()
        self._app.sendPostedEvents()
        self._app.sendPostedEvents(None, QEvent.Type.UpdateRequest)
        self.took.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        self.cpu.setdefault(name, []).append((time.process_time() - spent) * 1000)
        self._app.processEvents()


def mouse(canvas: WallCanvas, kind: QEvent.Type, at: QPoint) -> None:
    """The left button at a place of the wall's viewport."""
    port, where = canvas.viewport(), QPointF(at)
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else _LEFT
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else _LEFT
    event = QMouseEvent(kind, where, QPointF(port.mapToGlobal(at)), button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(port, event)


def drag_cards(frames: Frames, canvas: WallCanvas, times: int) -> None:
    """A card from the first cluster across the wall into another, with thirty movements on the way."""
    for number in range(times):
        canvas.verticalScrollBar().setValue(0)
        QApplication.processEvents()
        card = canvas.layout_.panels[0].order[number].card.id
        start = canvas.rect_of(card).topLeft().toPoint() + QPoint(20, 12)
        port = canvas.viewport()
        mouse(canvas, QEvent.Type.MouseButtonPress, start)
        for step in range(1, 31):
            x = start.x() + (port.width() - 80 - start.x()) * step // 30
            y = start.y() + (port.height() - 90 - start.y()) * step // 30
            frames.take("drag", partial(mouse, canvas, QEvent.Type.MouseMove, QPoint(x, y)))
        for _ in range(20):  # at the lower edge the wall goes on by itself
            frames.take("drag", partial(mouse, canvas, QEvent.Type.MouseMove, QPoint(port.width() // 2, 8)))
        target = canvas.layout_.panels[1].rect.center().x()
        end = QPoint(int(target), port.height() // 3)
        frames.take("drag", partial(mouse, canvas, QEvent.Type.MouseMove, end))
        frames.take("drop", partial(mouse, canvas, QEvent.Type.MouseButtonRelease, end))


def wheel(canvas: WallCanvas) -> None:
    """One notch down."""
    port = canvas.viewport()
    middle = QPointF(port.rect().center())
    none = Qt.MouseButton.NoButton
    event = QWheelEvent(
        middle, QPointF(port.mapToGlobal(middle.toPoint())), QPoint(), QPoint(0, -120), none,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(port, event)


def at_the_wall(where: Path, cards: int) -> dict[str, float]:
    """Everything a hand does there."""
    profile, store = filled(where / "desk", _RECORDS)
    workshop = with_cards(store, cards)
    lines = sessions.card_lines(Workspace.of(store).reader, workshop)
    share = len(lines) // (CLUSTERS + 1)
    for number in range(CLUSTERS):
        own = [line.id for line in lines[number * share : (number + 1) * share]]
        walls.create_cluster(store, workshop, f"Thema {number + 1}", own, "ABCDEFGHIJKL"[number - 1] if number else "")
    walls.create_round(store, workshop, {"title": "Was zuerst?", "method": "dots", "points_per_person": 3})
    app = make_application()
    theme.active().choose(scheme="light")
    desktop = Desktop(Workspace.of(store), shipped_region(), profile, lambda: None)
    desktop.window.resize(1440, 900)
    desktop.window.show()
    desktop.show_record("workshop", workshop)
    app.processEvents()
    view = desktop.workshops.view
    assert view is not None
    frames = Frames(app, desktop)
    frames.take("open", lambda: view.show_view("wall"))
    canvas = view.wall.canvas
    frames.take("rest", lambda: canvas.layout_)
    drag_cards(frames, canvas, 4)
    for _ in range(60):
        frames.take("wheel", partial(wheel, canvas))
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up) * 10:
        frames.take("walk", partial(QTest.keyClick, canvas, key))
    for _ in range(20):
        frames.take("vote", partial(QTest.keyClick, canvas, Qt.Key.Key_Plus))
    for size in (125, 150, 125, 100):
        frames.take("zoom", partial(theme.active().choose, "light", size))
    desktop.close()
    store.close()
    told: dict[str, float] = {}
    for name, took in frames.took.items():
        told |= spread(name, took)
        told[f"{name}_cpu_ms"] = percentile(frames.cpu[name], 0.5)
    return told


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads the command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cards", type=int, default=2_000)
    asked.add_argument("--json", action="store_true", help="one JSON object on one line (the only form there is)")
    chosen = asked.parse_args(arguments)
    pauses.calm()  # as the program does at its start
    with folder() as where:
        tell(cards=chosen.cards, **at_the_wall(where, chosen.cards))
    return 0


if __name__ == "__main__":
    sys.exit(main())
