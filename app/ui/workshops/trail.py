"""Undo for one writer among several: own edits are taken back, others' words stay.

Every edit is remembered in the coordinates of the text right after it. When somebody else's edit comes
in, it is carried down through the remembered ones, and each is adjusted on the way. Lengths are UTF-16
units, as Qt counts. Pure; it knows no document.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

_MOST = 2000


@dataclass(frozen=True, slots=True)
class Edit:
    """At `position`, `removed` went and `added` units came; `added` may lie in pieces around others' words.

    Attributes:
        pieces: (position, length) of what of the added text is still there, in rising order.
        chained: it is one step with the edit before it.
    """

    position: int
    removed: str
    pieces: tuple[tuple[int, int], ...]
    chained: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One replacement to be played: at `position`, `length` units go and `text` comes."""

    position: int
    length: int
    text: str


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) + sum(1 for c in text if ord(c) > 0xFFFF)


class Trail:
    """The own edits that can be taken back, and those taken back that can be done again."""

    def __init__(self) -> None:
        self._done: list[Edit] = []
        self._undone: list[Edit] = []
        self._open = False
        self._target: list[Edit] = []
        self._first = True

    def can_undo(self) -> bool:
        """Whether there is an own edit to take back."""
        return bool(self._done)

    def can_redo(self) -> bool:
        """Whether something taken back can be done again."""
        return bool(self._undone)

    def close(self) -> None:
        """The next edit is a step of its own."""
        self._open = False

    def wrote(self, position: int, removed: str, added: str) -> None:
        """An own edit. Letters typed one after the other become one step, word by word."""
        self._undone.clear()
        if self._grow(position, removed, added):
            return
        self._done.append(Edit(position, removed, ((position, units(added)),) if added else ()))
        del self._done[:-_MOST]
        self._open = not removed and len(added) <= 2 and not added.isspace()

    def _grow(self, position: int, removed: str, added: str) -> bool:
        if not self._open or removed or not self._done or len(added) > 2 or added == "\n":
            return False
        last = self._done[-1]
        if last.removed or len(last.pieces) != 1:
            return False
        start, length = last.pieces[0]
        if start + length != position:
            return False
        self._done[-1] = Edit(last.position, "", ((start, length + units(added)),))
        self._open = not added.isspace()
        return True

    def came(self, position: int, deleted: int, inserted: int) -> None:
        """Somebody else's edit, in the text as it is now."""
        self._open = False
        for stack in (self._done, self._undone):
            if deleted:
                _deleted(stack, len(stack), position, deleted)
            if inserted:
                _inserted(stack, position, inserted)

    def undo(self) -> list[Step]:
        """The replacements, in playing order, that take the last own edit back."""
        return self._turn(self._done, self._undone)

    def redo(self) -> list[Step]:
        """The replacements that do it again."""
        return self._turn(self._undone, self._done)

    def _turn(self, source: list[Edit], target: list[Edit]) -> list[Step]:
        """Takes the last step off one stack; `turned` then tells the other what playing it did."""
        self._open = False
        self._target, self._first = target, True
        steps: list[Step] = []
        while True:
            edit = source.pop()
            steps += _steps_of(edit)
            if not edit.chained or not source:
                return steps

    def turned(self, position: int, removed: str, added: str) -> None:
        """What playing one replacement of `undo` or `redo` really did, for the way back."""
        pieces = ((position, units(added)),) if added else ()
        self._target.append(Edit(position, removed, pieces, chained=not self._first))
        self._first = False


def _steps_of(edit: Edit) -> list[Step]:
    steps = [Step(start, length, "") for start, length in reversed(edit.pieces) if length]
    if edit.removed:
        steps.append(Step(edit.position, 0, edit.removed))
    return _joined(steps)


def _joined(steps: list[Step]) -> list[Step]:
    """A deletion and an insertion at one place are one replacement."""
    if len(steps) == 2 and not steps[0].text and steps[1].position == steps[0].position:
        return [Step(steps[0].position, steps[0].length, steps[1].text)]
    return steps


# Somebody else's edit is carried through all remembered ones, the newest first: each sees it as if it had
# come right after itself, and hands it down as it would have been in the text before.


def _inserted(stack: list[Edit], position: int, length: int) -> None:
    for at in range(len(stack) - 1, -1, -1):
        edit = stack[at]
        moved = edit.position + length if edit.position > position else edit.position
        pieces: list[tuple[int, int]] = []
        for start, count in edit.pieces:
            if start >= position:
                pieces.append((start + length, count))
            elif start + count <= position:
                pieces.append((start, count))
            else:  # in the middle of own words: they lie around it from now on
                pieces += [(start, position - start), (position + length, start + count - position)]
        stack[at] = replace(edit, position=moved, pieces=tuple(pieces))
        position = _origin(edit, position)


def _deleted(stack: list[Edit], top: int, position: int, length: int) -> None:
    for at in range(top - 1, -1, -1):
        edit, end = stack[at], position + length
        pieces: list[tuple[int, int]] = []
        own = 0
        for start, count in edit.pieces:
            cut = max(0, min(start + count, end) - max(start, position))
            own += cut
            if count > cut:
                pieces.append((_without(start, position, end), count - cut))
        stack[at] = replace(edit, position=_without(edit.position, position, end), pieces=tuple(pieces))
        low = max(0, min(end, edit.position) - position)
        high = length - low - own
        behind = _origin(edit, max(position, edit.position))
        if low and high:
            # What this edit had removed lay between the two and was not touched.
            _deleted(stack, at, behind, high)
        position, length = (position, low) if low else (behind, high)
        if not length:
            return


def _without(place: int, start: int, end: int) -> int:
    """Where a place is once a span is gone."""
    return place - max(0, min(place, end) - start) if place > start else place


def _origin(edit: Edit, place: int) -> int:
    """Where a place in the text after an edit lay before it; what the edit itself added was not there."""
    if place < edit.position:
        return place
    own = sum(max(0, min(start + length, place) - start) for start, length in edit.pieces)
    return place - own + units(edit.removed)
