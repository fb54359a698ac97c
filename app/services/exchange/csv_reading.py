"""A CSV file as spreadsheets write it: BOM or not, UTF-8 or CP1252, semicolon, comma or tab."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.errors import ImportLineError, UnreadableFile

LARGEST = 50 * 1024 * 1024
"""Bytes; a list of measures is never larger."""
_DELIMITERS = ";\t,"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, stripped, and its column, counted from 1."""

    text: str
    column: int


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the file: the physical line it begins on (from 1) and its cells by header."""

    number: int
    cells: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole file: headers in order, readable lines, and lines that could not be read."""

    headers: tuple[str, ...]
    lines: tuple[Line, ...]
    faults: tuple[ImportLineError, ...]


def read_sheet(file: Path) -> Sheet:
    """Reads a file with a header line.

    Raises:
        UnreadableFile: code "file_missing", "file_too_large", "file_empty" or "file_not_text".
    """
    try:
        if file.stat().st_size > LARGEST:
            raise UnreadableFile(file.name, "file_too_large", limit=LARGEST)
        content = file.read_bytes()
    except OSError as error:
        raise UnreadableFile(file.name, "file_missing") from error
    return parse_sheet(_decode(content, file.name), file.name)


def _decode(content: bytes, name: str) -> str:
    if b"\x00" in content:
        raise UnreadableFile(name, "file_not_text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def parse_sheet(text: str, name: str) -> Sheet:
    """The same from text already decoded."""
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    headers: tuple[str, ...] = ()
    lines: list[Line] = []
    faults: list[ImportLineError] = []
    for number, cells in _records(text, delimiter, faults):
        if not any(c.strip() for c in cells):
            continue
        if not headers:
            headers = tuple(c.strip() for c in cells)
            continue
        if len(cells) != len(headers):
            column = min(len(cells), len(headers)) + 1
            faults.append(ImportLineError(number, column, "cell_count", found=len(cells), expected=len(headers)))
            continue
        named = zip(headers, cells, strict=True)
        lines.append(Line(number, {h: Cell(c.strip(), i) for i, (h, c) in enumerate(named, 1)}))
    if not headers:
        raise UnreadableFile(name, "file_empty")
    return Sheet(headers, tuple(lines), tuple(faults))


def _records(text: str, delimiter: str, faults: list[ImportLineError]) -> Iterator[tuple[int, list[str]]]:
    """(line number the record begins on, cells); a record that csv refuses is a fault, not the end."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            faults.append(ImportLineError(begins, 1, "line_garbled"))
            begins = reader.line_num + 1
            continue
        yield begins, cells
        begins = reader.line_num + 1
