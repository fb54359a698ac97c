"""What a paper says, before anybody knows how it will look: title, and blocks from top to bottom.

A document has an encoded form, which is what a release keeps for ever: it must be read by every later
version. New kinds of blocks may be added, those that are there never change their meaning.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (a section) to 3."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running words; a `quiet` one is an aside, such as what a section leaves out."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list, and in smaller type what else there is to say about it."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `numbered` ones can be referred to."""

    items: tuple[Item, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values, one below the other."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one row of headings.

    Attributes:
        about: what it shows, for those who do not see it.
        shares: how the columns share the width; 0 takes as much as its longest word needs.
        figures: columns that hold figures and stand at the right.
    """

    about: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]
    figures: tuple[int, ...] = ()


Block = Heading | Paragraph | Items | Facts | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A paper.

    Attributes:
        kind: what sort of paper: "Ergebnisprotokoll".
        standing: how far it is, such as "Entwurf"; at the foot of every page.
        day: the day it speaks of, "2026-11-26", "" if unknown; also the date in the file itself, because the
            day on which it is written would make every copy another file.
    """

    title: str
    kind: str
    standing: str = ""
    day: str = ""
    blocks: tuple[Block, ...] = ()


# -- encoded form --------------------------------------------------------------------------------


def encode(document: Document) -> str:
    """The document as JSON, the same text for the same document everywhere."""
    told = {
        "format": FORMAT,
        "title": document.title,
        "kind": document.kind,
        "standing": document.standing,
        "day": document.day,
        "blocks": [_encoded(block) for block in document.blocks],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _encoded(block: Block) -> dict[str, Any]:
    match block:
        case Heading(level, text):
            return {"is": "heading", "level": level, "text": text}
        case Paragraph(text, quiet):
            return {"is": "paragraph", "text": text, "quiet": quiet}
        case Items(items, numbered):
            return {"is": "items", "items": [[item.text, item.note] for item in items], "numbered": numbered}
        case Facts(pairs):
            return {"is": "facts", "pairs": [list(pair) for pair in pairs]}
        case Table():
            return {
                "is": "table", "about": block.about, "head": list(block.head),
                "rows": [list(row) for row in block.rows],
                "shares": list(block.shares), "figures": list(block.figures),
            }  # fmt: skip


def decode(text: str) -> Document:
    """A document out of its encoded form.

    Raises:
        ValueError: it is none, or of a later format; a part of it is not shown as if it were the whole.
    """
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise ValueError("a document of another format")
        blocks = tuple(_DECODE[block["is"]](block) for block in told["blocks"])
        title, kind, standing, day = (str(told[name]) for name in ("title", "kind", "standing", "day"))
        return Document(title, kind, standing, day, blocks)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a document") from error


def _table(told: Mapping[str, Any]) -> Table:
    return Table(
        told["about"], tuple(told["head"]), tuple(map(tuple, told["rows"])), tuple(told["shares"]),
        tuple(told["figures"]),
    )  # fmt: skip


_DECODE: dict[str, Callable[[Mapping[str, Any]], Block]] = {
    "heading": lambda told: Heading(told["level"], told["text"]),
    "paragraph": lambda told: Paragraph(told["text"], told["quiet"]),
    "items": lambda told: Items(tuple(Item(*item) for item in told["items"]), told["numbered"]),
    "facts": lambda told: Facts(tuple((name, value) for name, value in told["pairs"])),
    "table": _table,
}


# -- a part of it --------------------------------------------------------------------------------


def beginning(document: Document, lines: int) -> Document:
    """The document up to about so many lines of lists, tables and texts; itself if it is not longer."""
    kept: list[Block] = []
    room = lines
    for block in document.blocks:
        if room <= 0:
            return replace(document, blocks=tuple(kept))
        match block:
            case Items(items, numbered):
                kept.append(Items(items[:room], numbered))
                room -= len(items)
            case Table():
                kept.append(replace(block, rows=block.rows[:room]))
                room -= len(block.rows)
            case _:
                kept.append(block)
                room -= 1
    return document if room >= 0 else replace(document, blocks=tuple(kept))


# -- running text --------------------------------------------------------------------------------


_POINT = re.compile(r"TOP\s+\d+\b")
_LONGEST_POINT = 160
"""A line longer than that is a paragraph that happens to begin like a heading."""


def is_point(line: str) -> bool:
    """Whether a line of running minutes is a heading such as "TOP 2  Wege im Dorf"."""
    return len(line) <= _LONGEST_POINT and _POINT.match(line) is not None


def read_prose(text: str) -> tuple[Block, ...]:
    """A plain text as blocks of a section: an empty line parts paragraphs, "- " or "• " begins an item, and a line
    that begins with "# ", or is short and begins with "TOP 3", is a heading below that of the section.
    """
    found: list[Block] = []
    words: list[str] = []
    items: list[Item] = []

    def close() -> None:
        if words:
            found.append(Paragraph("\n".join(words)))
        if items:
            found.append(Items(tuple(items)))
        words.clear()
        items.clear()

    for line in map(str.rstrip, text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        mark, rest = line.lstrip()[:2], line.lstrip()[2:].strip()
        if mark in ("- ", "• ", "* ") and rest:
            if words:
                close()
            items.append(Item(rest))
        elif (mark == "# " and rest) or is_point(line):
            close()
            found.append(Heading(2, rest if mark == "# " else " ".join(line.split())))
        elif not line.strip():
            close()
        elif items and line.startswith("  "):
            items[-1] = Item(f"{items[-1].text} {line.strip()}")
        else:
            if items:
                close()
            words.append(line.strip())
    close()
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Piece:
    """What is heard in one go: a heading of level 1 to 3, or a paragraph, item, fact or row of a table (0)."""

    text: str
    level: int = 0


def pieces(document: Document) -> list[Piece]:
    """The whole document from top to bottom; the template marks the same places (`Press.find_places`)."""
    head = [Piece(document.title, 1), Piece(", ".join(part for part in (document.kind, document.standing) if part))]
    return head + [piece for block in document.blocks for piece in _pieces(block)]


def _pieces(block: Block) -> Sequence[Piece]:
    match block:
        case Heading(level, text):
            return [Piece(text, level)]
        case Paragraph(text, _):
            return [Piece(text)]
        case Items(items, numbered):
            told = [f"{item.text} ({item.note})" if item.note else item.text for item in items]
            return [Piece(f"{at}. {text}" if numbered else text) for at, text in enumerate(told, 1)]
        case Facts(pairs):
            return [Piece(f"{name}: {value}") for name, value in pairs]
        case Table():
            rows = (zip(block.head, row, strict=True) for row in block.rows)
            return [Piece("; ".join(f"{head}: {cell}" for head, cell in row if cell)) for row in rows]
