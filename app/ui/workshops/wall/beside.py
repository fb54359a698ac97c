"""What takes long is worked out beside the window: which cards are alike, which measures there are already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from app.domain.ids import EntityId
from app.domain.likeness import Alike, search_alike
from app.errors import MasswerkError

_MOST_CARDS = 3000
"""The newest so many are compared; beyond that a suggestion comes too late to be one."""
_MOST_WORDS = 40


class Beside(QObject):
    """Runs one kind of question at a time; only the answer to the last one asked is told."""

    answered = Signal(object)
    _back = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._number = 0
        self._back.connect(self._on_back)

    def ask(self, work: Callable[[], Any]) -> None:
        """Work something out; what is waiting and not begun is given up."""
        self._number += 1
        self._pool.clear()
        self._pool.start(_Run(self._number, work, self._back.emit))

    def finish(self) -> None:
        """Wait for what runs, so that nothing reads from a profile that is being closed."""
        self._number += 1
        self._pool.clear()
        self._pool.waitForDone()

    @Slot(int, object)
    def _on_back(self, number: int, answer: object) -> None:
        if number == self._number:
            self.answered.emit(answer)


class _Run(QRunnable):
    def __init__(self, number: int, work: Callable[[], Any], tell: Callable[[int, object], None]) -> None:
        super().__init__()
        self._number, self._work, self._tell = number, work, tell

    def run(self) -> None:
        try:
            answer = self._work()
        except MasswerkError:
            return  # a suggestion that cannot be read is none
        self._tell(self._number, answer)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two cards that may belong together; `words` both of them say, none where the wording is the same."""

    first: EntityId
    second: EntityId
    words: tuple[tuple[str, str], ...]


def suggest(texts: Mapping[EntityId, str]) -> list[Suggestion]:
    """Pairs of cards, those with the same wording first, then the most alike."""
    groups: dict[str, list[EntityId]] = {}
    for card in list(texts)[-_MOST_CARDS:]:
        words = texts[card].split()[:_MOST_WORDS]
        groups.setdefault(" ".join(words).casefold(), []).append(card)
    same = [Suggestion(cards[0], other, ()) for cards in groups.values() for other in cards[1:]]
    alike = search_alike({cards[0]: text for text, cards in groups.items()})
    return same + [_suggestion(pair, texts) for pair in alike]


def _suggestion(pair: Alike, texts: Mapping[EntityId, str]) -> Suggestion:
    words = tuple((_as_written(a, texts[pair.first]), _as_written(b, texts[pair.second])) for a, b in pair.words)
    return Suggestion(pair.first, pair.second, words)


def _as_written(word: str, text: str) -> str:
    """The word in the letters of the card: they were folded together to be compared."""
    at = text.casefold().find(word)
    return text[at : at + len(word)] if at >= 0 else word
