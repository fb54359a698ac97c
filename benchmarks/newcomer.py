"""What somebody who has never seen Maßwerk has to press, from the first start to the first decision.

    python benchmarks/newcomer.py [--pictures DIR]

Every press is a real event on a real window: the mouse goes to the middle of a button through the window system's
own way in, so whatever lies above it would be pressed instead; keys go to whatever has the keyboard. Only what is
written on the screen is used, no shortcut that one would have to know. Six ways, one after the other on one
device with a real agency beside it:

- `first_start`: name, municipality, alone or with an agency, until the window can be used,
- `first_measure`, `first_card`, `card_to_measure`, `minutes_pdf`: from Heute, in one go,
- `question`: a colleague has changed the same field; from the moment the question is there until it is decided.

`…_presses` are clicks and keys other than text; `…_typed` the characters of names and titles; `…_wait_ms` is what the
program let the person wait, all answers together. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QWidget

from app import pauses
from app.config import Profile
from app.demo.client import Client
from app.models import keys
from app.models.opening import create_profile
from app.models.queries import lists, sessions, syncing, versions
from app.models.queries.reader import Reader
from app.services import measures
from app.ui import theme
from app.ui.application import make_application
from app.ui.demo import shipped_region
from app.ui.desktop import Desktop
from app.ui.settings.first_start import FirstAnswers, FirstStart
from benchmarks.common import agency, folder, joined, tell
from benchmarks.start import PASSPHRASE

_PATIENCE_S = 30.0
_KEYS = {Qt.Key.Key_Return: "\r"}


class Newcomer:
    """A person at the screen; counts what they press and what they wait for."""

    def __init__(self, app: QApplication, pictures: Path | None) -> None:
        self._app, self._pictures = app, pictures
        self._presses, self._typed, self._waited = 0, 0, 0.0
        self.told: dict[str, float] = {}

    def until(self, seen: Callable[[], object], what: str) -> None:
        """Wait for what the screen is to show."""
        began = time.perf_counter()
        while not seen():
            if time.perf_counter() - began > _PATIENCE_S:
                focused = self._app.focusWidget()
                raise SystemExit(f"never seen: {what}; the keyboard is on {focused.objectName() if focused else None}")
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 10)
        self._app.processEvents()
        self._waited += time.perf_counter() - began

    def click(self, name: str) -> None:
        """Press a button that is in sight, wherever it is."""
        self.until(lambda: self._button(name), name)
        button = self._button(name)
        assert button is not None
        self.click_at(button, button.rect().center())

    def click_at(self, widget: QWidget, point: QPoint) -> None:
        """Press a place: the window system decides who gets it."""
        window = widget.window()
        handle = window.windowHandle()
        assert handle is not None
        place = widget.mapTo(window, point)
        under = window.childAt(place)
        if under is not None and under is not widget and not widget.isAncestorOf(under):
            raise SystemExit(f"{under.objectName() or type(under).__name__} lies over {widget.objectName()}")
        QTest.mouseClick(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        self._presses += 1
        self._app.processEvents()

    def _button(self, name: str) -> QAbstractButton | None:
        found = [one for top in self._app.topLevelWidgets() for one in top.findChildren(QAbstractButton, name)]
        return next((one for one in found if one.isVisible() and one.isEnabled()), None)

    def type(self, words: str) -> None:
        """Write where the keyboard stands."""
        focused = self._app.focusWidget()
        if focused is None or not focused.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
            raise SystemExit(f"no field to write into, but {focused}")
        for character in words:
            self._send(Qt.Key(0), character)
        self._typed += len(words)

    def key(self, key: Qt.Key) -> None:
        """Press one key."""
        self._send(key, _KEYS.get(key, ""))
        self._presses += 1

    def _send(self, key: Qt.Key, words: str) -> None:
        focused = self._app.focusWidget()
        assert focused is not None, "nobody has the keyboard"
        handle = focused.window().windowHandle()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.postEvent(handle, QKeyEvent(kind, int(key), Qt.KeyboardModifier.NoModifier, words))
        self._app.processEvents()

    def stands_on(self, name: str) -> None:
        """The program has put the keyboard where the person goes on."""
        self.until(lambda: _is_named(self._app.focusWidget(), name), f"keyboard on {name}")

    def begin(self) -> None:
        """What was before does not count."""
        self._presses = self._typed = 0
        self._waited = 0.0

    def arrived(self, way: str) -> None:
        """One way is through: what it took."""
        self.told |= {
            f"{way}_presses": self._presses,
            f"{way}_typed": self._typed,
            f"{way}_wait_ms": self._waited * 1000,
        }
        self.begin()
        shown = self._app.activeWindow()
        if self._pictures is not None and shown is not None:
            shown.grab().save(str(self._pictures / f"newcomer-{way}.png"))


def _is_named(widget: QWidget | None, name: str) -> bool:
    return widget is not None and widget.objectName() == name


def first_start(person: Newcomer) -> FirstAnswers:
    """Three questions, begun alone; the agency comes by invitation later."""
    first = FirstStart(shipped_region())
    answers: list[FirstAnswers] = []
    first.finished.connect(answers.append)
    first.show()
    first.activateWindow()
    person.stands_on("first_person")
    person.type("Katrin Brandt")
    person.key(Qt.Key.Key_Return)
    person.until(lambda: first.step() == 1, "second question")
    person.type("berleb")
    person.key(Qt.Key.Key_Return)
    person.until(lambda: first.step() == 2, "third question")
    person.click("first_alone")
    person.click("first_next")
    person.until(lambda: answers, "the end of the questions")
    person.arrived("first_start")
    first.close()
    first.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return answers[0]


def first_evening(person: Newcomer, desktop: Desktop, where: Path) -> None:
    """From Heute to a measure, a card, a measure made of the card, and the minutes on disk."""
    reader = desktop.workspace.reader
    person.click("today_new")
    person.stands_on("measure_title")
    person.type("Bürgerbus auch am Abend")
    person.key(Qt.Key.Key_Return)
    person.until(lambda: _titles(reader) == ["Bürgerbus auch am Abend"], "the measure")
    person.arrived("first_measure")

    person.click("rail_workshops")
    person.click("workshops_empty_start")
    person.stands_on("new_title")
    person.type("Bürgerdialog Mobilität")
    person.key(Qt.Key.Key_Return)
    person.stands_on("entry")
    person.type("Rufbus ab Bahnhof")
    person.key(Qt.Key.Key_Return)
    (workshop,) = lists.workshop_lines(reader)
    person.until(lambda: sessions.card_lines(reader, workshop.id), "the card")
    person.arrived("first_card")

    person.click("workshop_views_wall")
    person.stands_on("wall")
    view = desktop.workshops.view
    assert view is not None
    canvas = view.wall.canvas
    (card,) = sessions.card_lines(reader, workshop.id)
    spot = canvas.layout_.spot(card.id)
    assert spot is not None
    person.click_at(canvas.viewport(), spot.rect.center().toPoint())
    person.click("wall_promote")
    person.stands_on("promote_title")
    person.key(Qt.Key.Key_Return)
    person.until(lambda: "Rufbus ab Bahnhof" in _titles(reader), "the measure of the card")
    person.arrived("card_to_measure")

    person.click("workshop_views_paper")
    person.click("give_pdf")
    person.until(lambda: desktop.window.findChild(QFileDialog, "save_paper"), "where to save")
    dialog = desktop.window.findChild(QFileDialog, "save_paper")
    assert dialog is not None
    # Where the person keeps such files; the name is the one proposed.
    name = Path(dialog.selectedFiles()[0]).name
    dialog.setDirectory(str(where))
    dialog.selectFile(name)
    person.stands_on("fileNameEdit")
    person.key(Qt.Key.Key_Return)
    person.until(lambda: (where / name).exists(), "the minutes on disk")
    if not (where / name).read_bytes().startswith(b"%PDF"):
        raise SystemExit("no PDF")
    person.arrived("minutes_pdf")


def first_question(person: Newcomer, desktop: Desktop, own: Client, other: Client) -> None:
    """A colleague says otherwise about the status; the question is answered from Heute."""
    reader = own.workspace.reader
    measure = lists.measure_ids(reader, lists.MeasureFilter())[0]
    measures.edit(own.store, measure, {"status": "planned"})
    desktop.sync.ask()
    measures.edit(other.store, measure, {"status": "paused"})
    other.sync()
    desktop.sync.ask()
    person.click("rail_today")
    person.until(lambda: syncing.standing(reader).questions == 1, "the question")
    person.begin()
    (question,) = versions.questions(reader)
    person.click(f"question_{question.id}_{question.slot}")
    person.click("way_keep_0")
    person.until(lambda: not syncing.standing(reader).questions, "the decision")
    person.arrived("question")


def _titles(reader: Reader) -> list[str]:
    ids = lists.measure_ids(reader, lists.MeasureFilter())
    return sorted(line.title for line in lists.measure_lines(reader, list(ids)).values())


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads the command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pictures", type=Path, help="a folder for a picture of the end of each way")
    asked.add_argument("--json", action="store_true", help="one JSON object on one line (the only form there is)")
    chosen = asked.parse_args(arguments)
    if chosen.pictures is not None:
        chosen.pictures.mkdir(parents=True, exist_ok=True)
    app = make_application()
    theme.active().choose(scheme="light")
    pauses.calm()  # as the program does at its start
    with folder() as where, agency(where) as made:
        person = Newcomer(app, chosen.pictures)
        answers = first_start(person)
        profile = Profile.at(where / "profile").ensure()
        key = keys.create_key(profile, PASSPHRASE)
        store = create_profile(profile, key, answers.person, answers.device, answers.ags)
        own = Client(profile, store, answers.person)
        desktop = Desktop(own.workspace, shipped_region(), profile, own.line.engine)
        desktop.window.resize(1366, 768)
        desktop.start()
        desktop.window.activateWindow()
        person.until(desktop.window.isActiveWindow, "the window")
        person.begin()
        try:
            first_evening(person, desktop, where)
            own.join(made.url, made.invite("coordinator", answers.ags))
            own.sync()
            other = joined(where, made, "Martin", "coordinator", answers.ags)
            first_question(person, desktop, own, other)
            other.close()
        finally:
            desktop.close()
            own.close()
    tell(**person.told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
