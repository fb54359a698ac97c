"""What a person can do, by name: commands with their keys, found by German words, the last used first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSettings

from app.domain.compounds import parts_of
from app.domain.folding import fold

_KEPT = 12
_RECENT_KEY = "commands/recent"


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do.

    Attributes:
        key: its name in the list of the last used; the same from one start to the next.
        title: in words, as a button would say it.
        area: where it belongs ("Überall", "Maßnahmen"), the heading in the list.
        keys: its shortcut ("Ctrl+N"), "" for none.
        also: other words a person may look for it by.
        is_possible: whether it can be done now; the list leaves the others out.
    """

    key: str
    title: str
    area: str
    run: Callable[[], object]
    keys: str = ""
    also: str = ""
    icon: str = ""
    is_possible: Callable[[], bool] = _always


def fit(words: str, command: Command) -> int | None:
    """How well a command fits what was typed, less is better; None if it does not.

    Every word has to be found: as the beginning of a word (0) or of a part of one (1), inside one (2), or by its
    letters in order in the title (4). Umlauts and case do not matter.
    """
    wanted = fold(words).split()
    title, also = fold(command.title), fold(f"{command.area} {command.also}")
    cost = 0
    for word in wanted:
        found = _cost(word, title)
        beside = _cost(word, also, loosely=False)
        best = min((c for c in (found, None if beside is None else beside + 3) if c is not None), default=None)
        if best is None:
            return None
        cost += best
    return cost


def _cost(word: str, text: str, *, loosely: bool = True) -> int | None:
    there = text.replace("-", " ").split()
    if any(one.startswith(word) for one in there):
        return 0
    if any(part.startswith(word) for one in there for part in parts_of(one)):
        return 1
    if word in text:
        return 2
    return 4 if loosely and len(word) > 1 and _in_order(word, text) else None


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


def ordered(words: str, commands: Iterable[Command], recent: Sequence[str]) -> list[Command]:
    """Those that fit and are possible: the best first, among equals the last used first."""
    place = {key: number for number, key in enumerate(recent)}
    found = [
        (cost, place.get(command.key, len(recent)), number, command)
        for number, command in enumerate(commands)
        if (cost := fit(words, command)) is not None and command.is_possible()
    ]
    return [command for *_, command in sorted(found, key=lambda one: one[:3])]


class Recent:
    """The keys of the commands used last, latest first; kept with the layout of the window."""

    def __init__(self, settings: QSettings | None) -> None:
        self._settings = settings
        told = settings.value(_RECENT_KEY) if settings else None
        self.keys: list[str] = [str(key) for key in told] if isinstance(told, list) else [str(told)] if told else []

    def note(self, key: str) -> None:
        """A command was used."""
        self.keys = [key, *(one for one in self.keys if one != key)][:_KEPT]
        if self._settings is not None:
            self._settings.setValue(_RECENT_KEY, self.keys)
