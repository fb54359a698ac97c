"""Commands in the search line: ">" or Ctrl+Shift+P lists what can be done here, and Return does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QCoreApplication, QObject, QSettings
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QWidget

from app.ui.shell.commands import Command, Recent, ordered
from app.ui.shell.search_hits import Hit, SearchHits
from app.ui.widgets import base
from app.ui.widgets.search import SearchField

SIGN = ">"
_RECENT = 5
_BUTTON = "button/"

Offer = Callable[[], Iterable[Command]]
"""Tells what can be done now; asked anew whenever the list is shown."""


class Palette(QObject):
    """Lists commands below the search line while what stands in it begins with the sign."""

    def __init__(self, line: SearchField, hits: SearchHits, settings: QSettings | None) -> None:
        super().__init__(line)
        self._line, self._hits = line, hits
        self._offers: list[Offer] = []
        self.recent = Recent(settings)

    def offer(self, offer: Offer) -> None:
        """Commands that are listed from now on; those offered first stand first."""
        self._offers.append(offer)

    def commands(self) -> list[Command]:
        """All there are now, each title of an area once: a button may do what a named command with a key does."""
        found: dict[tuple[str, str], Command] = {}
        for offer in self._offers:
            for command in offer():
                known = found.get((command.area, command.title))
                if known is None or known.key.startswith(_BUTTON):
                    found[command.area, command.title] = command
        return list(found.values())

    @staticmethod
    def is_meant(words: str) -> bool:
        """Whether what stands in the line asks for commands."""
        return words.lstrip().startswith(SIGN)

    def show(self) -> None:
        """Answer what stands in the line."""
        words = self._line.text().lstrip().removeprefix(SIGN).strip()
        hits = self._found(words) if words else self._everything()
        nothing = QCoreApplication.translate("Palette", "Kein Befehl zu „{0}“.").format(words)
        self._hits.show_hits(hits, self._line, nothing)

    def _found(self, words: str) -> list[Hit]:
        best = ordered(words, self.commands(), self.recent.keys)
        return [_hit(command, " · ".join(_noted(command.area, command.keys))) for command in best]

    def _everything(self) -> list[Hit]:
        possible = [command for command in self.commands() if command.is_possible()]
        by_key = {command.key: command for command in possible}
        used = [by_key[key] for key in self.recent.keys if key in by_key][:_RECENT]
        heading = QCoreApplication.translate("Palette", "Zuletzt benutzt")
        shown = [_hit(command, base.key_text(command.keys), heading) for command in used]
        areas = dict.fromkeys(command.area for command in possible)
        for area in areas:
            shown += [_hit(c, base.key_text(c.keys), area) for c in possible if c.area == area and c not in used]
        return shown

    def run(self, command: Command) -> None:
        """Do it, and remember that it was used."""
        self.recent.note(command.key)
        command.run()


def _hit(command: Command, note: str, group: str = "") -> Hit:
    return Hit(command, command.title, note=note, icon=command.icon or "caret-right", group=group)


def _noted(area: str, keys: str) -> list[str]:
    return [part for part in (area, base.key_text(keys)) if part]


def buttons_of(page: QWidget, area: str) -> list[Command]:
    """What can be pressed on a page, as commands: nothing there needs the mouse, or many steps of Tab."""
    found = []
    for button in page.findChildren(QAbstractButton):
        name = button.accessibleName() or button.text()
        if not name or not button.objectName() or not button.isVisibleTo(page) or not button.isEnabled():
            continue
        if _is_in_a_list(button, page):
            continue
        found.append(Command(f"{_BUTTON}{button.objectName()}", name, area, button.click, icon="hand-pointing"))
    return found


def _is_in_a_list(button: QWidget, page: QWidget) -> bool:
    """Rows of a list have their own keys, and there may be thousands of them."""
    above = button.parentWidget()
    while above is not None and above is not page:
        if isinstance(above, QAbstractItemView):
            return True
        above = above.parentWidget()
    return False
