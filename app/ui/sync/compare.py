"""What differs between versions of a text: words within a paragraph, paragraphs within a text. No Qt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

_WORD = re.compile(r"\S+")
_MOST_WORDS = 4_000
"""Beyond this many words a paragraph is marked as a whole: comparing takes the square of it."""
_ALIKE = 0.3
"""Share of common words from which two paragraphs count as two versions of one."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph as it stands in every version, None where it is missing; `numbers` count from 1."""

    parts: tuple[str | None, ...]
    numbers: tuple[int, ...]

    @property
    def is_equal(self) -> bool:
        """Whether all versions say the same."""
        return len(set(self.parts)) == 1


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text; empty lines only separate."""
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n") if part.strip()]


def changed_words(one: str, other: str) -> tuple[list[Span], list[Span]]:
    """Where the words of two texts differ, in either of them; neighbouring words are one span."""
    if one == other:
        return [], []
    mine, theirs = list(_WORD.finditer(one)), list(_WORD.finditer(other))
    if max(len(mine), len(theirs)) > _MOST_WORDS:
        return _whole(one), _whole(other)
    matcher = SequenceMatcher(None, [w.group() for w in mine], [w.group() for w in theirs], autojunk=False)
    left: list[Span] = []
    right: list[Span] = []
    for code, a1, a2, b1, b2 in matcher.get_opcodes():
        if code == "equal":
            continue
        if a2 > a1:
            left.append(Span(mine[a1].start(), mine[a2 - 1].end()))
        if b2 > b1:
            right.append(Span(theirs[b1].start(), theirs[b2 - 1].end()))
    if not left and not right:  # only the spaces differ
        return _whole(one), _whole(other)
    return left, right


def changes_among(texts: Sequence[str | None]) -> list[list[Span]]:
    """What differs in each of several versions: the first from all others, they from the first."""
    first, *others = texts
    spans: list[list[Span]] = [[]]
    for other in others:
        if first is None or other is None:
            spans.append(_whole(other or ""))
            continue
        left, right = changed_words(first, other)
        spans[0] = _union([*spans[0], *left])
        spans.append(right)
    if first is not None and any(other is None for other in others):
        spans[0] = _whole(first)
    return spans


def _whole(text: str) -> list[Span]:
    return [Span(0, len(text))] if text else []


def _union(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def align(texts: Sequence[str]) -> list[Line]:
    """The paragraphs of all versions side by side, in an order that is right for each of them."""
    first, *others = [paragraphs(text) for text in texts]
    rows: list[list[str | None]] = [[part] for part in first]
    for number, parts in enumerate(others, 1):
        rows = _woven(rows, parts, number)
    counts = [0] * len(texts)
    lines = []
    for row in rows:
        for i, part in enumerate(row):
            counts[i] += part is not None
        told = tuple(counts[i] if part is not None else 0 for i, part in enumerate(row))
        lines.append(Line(tuple(row), told))
    return lines


def _woven(rows: list[list[str | None]], parts: list[str], width: int) -> list[list[str | None]]:
    """Rows of `width` versions with one more version put beside them."""
    known = [next(part for part in row if part is not None) for row in rows]
    blank: list[str | None] = [None] * width
    found: list[list[str | None]] = []
    for code, a1, a2, b1, b2 in SequenceMatcher(None, known, parts, autojunk=False).get_opcodes():
        if code == "equal":
            found += [[*row, part] for row, part in zip(rows[a1:a2], parts[b1:b2], strict=True)]
            continue
        pairs = [(-1, -1), *_pairs(known[a1:a2], parts[b1:b2]), (a2 - a1, b2 - b1)]
        for (i0, j0), (i1, j1) in pairwise(pairs):
            found += [[*row, None] for row in rows[a1 + i0 + 1 : a1 + i1]]
            found += [[*blank, part] for part in parts[b1 + j0 + 1 : b1 + j1]]
            if i1 < a2 - a1 and j1 < b2 - b1:
                found.append([*rows[a1 + i1], parts[b1 + j1]])
    return found


def _pairs(left: list[str], right: list[str]) -> list[tuple[int, int]]:
    """Which paragraphs are two versions of one: the most alike, without crossing (longest weighted path)."""
    if len(left) * len(right) > 2_500:
        return [(i, i) for i in range(min(len(left), len(right)))]
    words = [[set(_WORD.findall(part)) for part in side] for side in (left, right)]
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    likeness = [[_likeness(a, b) for b in words[1]] for a in words[0]]
    for i in reversed(range(len(left))):
        for j in reversed(range(len(right))):
            paired = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] >= _ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(left) and j < len(right):
        if likeness[i][j] >= _ALIKE and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    if not found and len(left) == len(right) == 1:
        return [(0, 0)]
    return found


def _likeness(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


def joined(texts: Sequence[str]) -> str:
    """All versions one after the other; a paragraph that several share stands once."""
    return "\n\n".join(part for line in align(texts) for part in dict.fromkeys(p for p in line.parts if p is not None))
