"""Ten thousand cards cost as much as ten: only what is in sight is measured."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.models.queries.sessions import CardLine
from app.ui.workshops.stack import Stack

ROOM, HEAD, GAP = 500.0, 28.0, 8


def line(number: int) -> CardLine:
    return CardLine(
        "contribution", f"{number}", "idea", "x" * (number % 7), None, None, "", (), "", "", "", "", "", True,
        False, False,
    )  # fmt: skip


def height(card: CardLine) -> int:
    return 64 + 20 * len(card.text)


def test_while_following_only_whole_cards_are_shown_and_few_are_measured() -> None:
    measured: list[str] = []

    def counted(card: CardLine) -> int:
        measured.append(card.id)
        return height(card)

    lines = [line(n) for n in range(10_000)]
    stack = Stack(counted, GAP)
    placed = stack.placed(lines, ROOM, HEAD)
    assert placed[0].line.id == "9999"
    assert placed[0].top + placed[0].height == ROOM
    assert placed[-1].top >= HEAD
    assert len(measured) <= len(placed) + 1
    lines.append(line(10_000))
    stack.take(lines, stack.lowest_line(lines))
    assert stack.placed(lines, ROOM, HEAD)[0].line.id == "10000"


def test_who_reads_further_up_stays_there_when_cards_arrive() -> None:
    lines = [line(n) for n in range(100)]
    stack = Stack(height, GAP)
    stack.placed(lines, ROOM, HEAD)
    stack.scroll(lines, 1500, ROOM)
    before = [(p.line.id, p.top) for p in stack.placed(lines, ROOM, HEAD)]
    held = stack.lowest_line(lines)
    lines += [line(n) for n in range(100, 130)]
    stack.take(lines, held)
    assert [(p.line.id, p.top) for p in stack.placed(lines, ROOM, HEAD)] == before
    assert not stack.follows(len(lines))


@given(st.integers(0, 60), st.lists(st.integers(-900, 900), max_size=20))
def test_scrolling_never_leaves_a_hole_or_gets_lost(count: int, pushes: list[int]) -> None:
    lines = [line(n) for n in range(count)]
    stack = Stack(height, GAP)
    for push in pushes:
        stack.placed(lines, ROOM, HEAD)
        stack.scroll(lines, push, ROOM)
        placed = stack.placed(lines, ROOM, HEAD)
        if not lines:
            assert placed == []
            continue
        assert placed
        total = sum(height(card) + GAP for card in lines) - GAP
        if total > ROOM and not stack.follows(count):
            assert placed[-1].top <= GAP
            assert placed[0].top + placed[0].height >= ROOM - GAP


@given(st.integers(1, 60), st.lists(st.integers(0, 59), max_size=15))
def test_walking_always_brings_the_card_into_sight(count: int, steps: list[int]) -> None:
    lines = [line(n) for n in range(count)]
    stack = Stack(height, GAP)
    for step in steps:
        at = step % count
        stack.reveal(lines, at, ROOM, HEAD)
        shown = {p.index: p for p in stack.placed(lines, ROOM, HEAD)}
        assert at in shown
        assert shown[at].top >= -0.5
        assert shown[at].top + shown[at].height <= ROOM + 0.5
