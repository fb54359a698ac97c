"""One typed line of the Mitschrift -> a card: what kind, whose task, until when, which tags.

A mark at the beginning says the kind: ``?`` open question, ``!`` decision, ``+`` strength, ``-``
weakness, ``@`` task of a person. ``#tag`` may stand anywhere. Nothing typed gets lost: every word ends
up in the text, as a tag, as the person or as the date, and ``write_line`` gives a line back that
reads as the same card.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.catalogue import ContributionKind
from app.domain.partial_date import PartialDate
from app.domain.values import split_due

TASK = "task"
PLAIN = ContributionKind.IDEA.value

MARKS = {
    "?": ContributionKind.QUESTION.value,
    "!": ContributionKind.DECISION.value,
    "+": ContributionKind.STRENGTH.value,
    "-": ContributionKind.WEAKNESS.value,
    "@": TASK,
}
_MARK_OF = {kind: mark for mark, kind in MARKS.items()}
_DASHES = "–—−‐"
"""What keyboards and word processors make of a minus."""

_TAG = re.compile(r"(?<!\S)#([^\W\d_](?:[\w-]*\w)?)(?=[\s,;.:!?)]|$)")
_DATE_WORDS = 4
"""A date has so many words at most: "Ende der Woche", "15. Januar 2027"."""
_UNCLEAR = re.compile(r"(?:^|[\s,;(])bis(?:\s|$)|[\s,;(]$", re.IGNORECASE)
"""What would not be read as the same words once the deadline stands behind them."""
_BULLET = re.compile(r"(?:[-–—•*·▪‣◦o]|\d{1,3}[.)])\s+")
_NAME = re.compile(
    r"""(?:"(?P<quoted>[^"]+)"
        |(?P<plain>(?:(?:Frau|Herrn?|Fr\.|Hr\.|Dr\.|Prof\.|[^\W\d_]\.)\s*)*[^\s,:;"]+(?:,[^\s,:;"]+)*)
        )[,:;]?(?=\s|$)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Captured:
    """A line understood.

    Attributes:
        kind: a `ContributionKind` code, or "task".
        text: what stands on the card; empty while only a mark was typed.
        marked: whether the line itself said the kind.
    """

    kind: str = PLAIN
    text: str = ""
    tags: tuple[str, ...] = ()
    responsible: str | None = None
    due: PartialDate | None = None
    marked: bool = False

    @property
    def is_task(self) -> bool:
        return self.kind == TASK


def read_line(line: str, today: date, names: Sequence[str] = (), plain: str = PLAIN) -> Captured:
    """Understand one line; whatever is typed, there is an answer.

    Args:
        names: persons already known; a task may name one of them with a space in it.
        plain: the kind of a line without a mark.
    """
    rest = " ".join(line.split())
    mark = _mark(rest)
    if not mark:
        text, tags = _take_tags(rest.removeprefix("\\") if _escaped(rest) else rest)
        return Captured(plain, text, tags)
    if mark == "@":
        return _read_task(rest[1:], today, names)
    text, tags = _take_tags(rest[1:].lstrip())
    return Captured(MARKS[mark], text, tags, marked=True)


def read_lines(text: str, today: date, names: Sequence[str] = ()) -> list[Captured]:
    """A pasted list -> cards. Where every line has a bullet, the bullets are no marks."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    bullets = len(lines) > 1 and all(_BULLET.match(line) for line in lines)
    if bullets:
        lines = [_BULLET.sub("", line, count=1) for line in lines]
    return [found for line in lines if (found := read_line(line, today, names)).text]


def write_line(card: Captured) -> str:
    """The line that reads as this card, for editing it where it was typed."""
    if card.is_task:
        who = _quote(card.responsible) if card.responsible else ""
        until = f" bis {card.due}" if card.due else ""
        return f"@{who} {card.text}{until}"
    words = _put_tags(card.text, card.tags)
    mark = _MARK_OF.get(card.kind, "")
    if mark:
        return f"{mark} {words}"
    return f"\\{words}" if _mark(words) or _escaped(words) else words


def _mark(line: str) -> str:
    """The mark a line begins with; "-5 Grad", "+49 …" and "->" begin with none."""
    first = "-" if line[:1] and line[0] in _DASHES else line[:1]
    if first not in MARKS:
        return ""
    following = line[1:2]
    if first in "+-" and (following.isdigit() or following in (">", "/") or following == first):
        return ""
    return first


def _escaped(line: str) -> bool:
    """A backslash before a mark (or before a backslash) makes it an ordinary character."""
    return line[:1] == "\\" and (bool(_mark(line[1:])) or _escaped(line[1:]))


def _read_task(rest: str, today: date, names: Sequence[str]) -> Captured:
    # "@Born Angebote" names a person; "@ Angebote" with a space does not.
    who, what = (None, rest.lstrip()) if rest[:1] == " " else _take_person(rest, names)
    words, due = split_due(what, today)
    if due is None:
        words, due = _take_deadline(what, today)
    if not words.strip():
        words = what
    return Captured(TASK, words.strip(), (), who, due, marked=True)


def _take_deadline(what: str, today: date) -> tuple[str, PartialDate | None]:
    """A deadline said before the task: "bis Freitag Angebote einholen"; of several readings the longest date."""
    words = what.split()
    if not words or words[0].lower() != "bis":
        return what, None
    for count in range(min(_DATE_WORDS, len(words) - 2), 0, -1):
        before, due = split_due(" ".join(words[: count + 1]).rstrip(":,;"), today)
        rest = " ".join(words[count + 1 :])
        if due is not None and not before and not _UNCLEAR.search(rest):
            return rest, due
    return what, None


def _take_person(rest: str, names: Sequence[str]) -> tuple[str | None, str]:
    for name in sorted(names, key=len, reverse=True):
        end = len(name)
        if name and rest[:end].casefold() == name.casefold() and not rest[end : end + 1].isalnum():
            return name, rest[end:].lstrip(",:; ")
    found = _NAME.match(rest)
    if found is None:
        return None, rest
    who = " ".join((found["quoted"] or found["plain"].replace("_", " ")).split())
    return who or None, rest[found.end() :].strip()


def _quote(name: str) -> str:
    found = _NAME.fullmatch(name)
    if found is not None and found["plain"] is not None and "_" not in name and name[-1:] not in ",:;":
        return name
    return '"' + name.replace('"', "'") + '"'


def _take_tags(line: str) -> tuple[str, tuple[str, ...]]:
    """Tags at either end leave the text; in the middle of a sentence the word stays."""
    tags = _unlike(found[1] for found in _TAG.finditer(line))
    if not tags:
        return line, ()
    words = line
    while (found := _TAG.match(words)) is not None:
        words = words[found.end() :].lstrip(" ,;")
    while (last := _last_tag(words)) is not None:
        words = words[: last.start()].rstrip(" ,;")
    words = _TAG.sub(r"\1", words).strip(" ,;")
    if not words:
        return " ".join(found[1] for found in _TAG.finditer(line)), tags
    return words, tags


def _last_tag(words: str) -> re.Match[str] | None:
    last = max(_TAG.finditer(words), key=re.Match.start, default=None)
    return last if last is not None and last.end() == len(words) else None


def _unlike(tags: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for tag in tags:
        kept.setdefault(tag.casefold(), tag)
    return tuple(kept.values())


def _put_tags(text: str, tags: Sequence[str]) -> str:
    """Every tag behind the text, in one run."""
    return " ".join([text, *(f"#{tag}" for tag in tags)]).strip()
