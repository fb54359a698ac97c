"""Undo for one writer among several: own words go, others' words stay, whatever happened in between."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.ui.workshops.trail import Trail

Act = tuple[str, int, int, int]
ACTS = st.lists(
    st.tuples(st.sampled_from(["own", "own", "own", "other", "undo", "redo"]), *[st.integers(0, 40)] * 3),
    max_size=30,
)


class Page:
    """A text of single characters, each of which knows who wrote it."""

    def __init__(self) -> None:
        self.text = "abcdefgh"
        self.trail = Trail()
        self._next = 0x4E00
        self.others = set(self.text)

    def fresh(self, count: int) -> str:
        made = "".join(chr(self._next + i) for i in range(count))
        self._next += count
        return made

    def own(self, place: int, removed: int, added: int) -> None:
        at = place % (len(self.text) + 1)
        gone, came = self.text[at : at + removed % 4], self.fresh(added % 4)
        if gone or came:
            self.text = self.text[:at] + came + self.text[at + len(gone) :]
            self.trail.wrote(at, gone, came)

    def other(self, place: int, removed: int, added: int) -> None:
        at = place % (len(self.text) + 1)
        gone, came = self.text[at : at + removed % 5], self.fresh(added % 4)
        self.text = self.text[:at] + came + self.text[at + len(gone) :]
        self.others = (self.others - set(gone)) | set(came)
        self.trail.came(at, len(gone), len(came))

    def turn(self, back: bool) -> None:
        for step in self.trail.undo() if back else self.trail.redo():
            assert 0 <= step.position <= step.position + step.length <= len(self.text)
            gone = self.text[step.position : step.position + step.length]
            self.text = self.text[: step.position] + step.text + self.text[step.position + step.length :]
            self.trail.turned(step.position, gone, step.text)

    def play(self, acts: list[Act]) -> None:
        for verb, a, b, c in acts:
            if verb == "own":
                self.own(a, b, c)
            elif verb == "other":
                self.other(a, b, c)
            elif verb == "undo" and self.trail.can_undo():
                self.turn(True)
            elif verb == "redo" and self.trail.can_redo():
                self.turn(False)


@given(ACTS)
def test_taking_everything_back_leaves_exactly_what_others_wrote(acts: list[Act]) -> None:
    page = Page()
    page.play(acts)
    while page.trail.can_undo():
        page.turn(True)
    assert sorted(page.text) == sorted(page.others)


@given(ACTS)
def test_alone_undo_and_redo_are_exact(acts: list[Act]) -> None:
    page = Page()
    page.play([act for act in acts if act[0] == "own"])
    end = page.text
    steps = 0
    while page.trail.can_undo():
        page.turn(True)
        steps += 1
    assert page.text == "abcdefgh"
    while page.trail.can_redo():
        page.turn(False)
    assert page.text == end


def test_typing_is_taken_back_word_by_word() -> None:
    trail, text = Trail(), ""
    for letter in "Der Bus":
        trail.wrote(len(text), "", letter)
        text += letter
    (step,) = trail.undo()
    assert (step.position, step.length) == (4, 3)
    (step,) = trail.undo()
    assert (step.position, step.length) == (0, 4)


def test_others_words_inside_own_words_stay() -> None:
    trail = Trail()
    trail.wrote(0, "", "Bürgerbus")
    trail.came(6, 0, 3)
    assert [(s.position, s.length, s.text) for s in trail.undo()] == [(9, 3, ""), (0, 6, "")]


def test_a_step_counts_in_utf16() -> None:
    trail = Trail()
    trail.wrote(0, "🚲", "🚌🚌")
    (step,) = trail.undo()
    assert (step.position, step.length, step.text) == (0, 4, "🚲")
