"""One line of a list of measures -> the values of a measure, or the cell that cannot be understood."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from app.domain.partial_date import PartialDate
from app.domain.region import Region
from app.domain.rules import check_save
from app.domain.values import ParseError, parse_ags, parse_money, parse_partial_date
from app.errors import FieldError, ImportLineError, UnreadableFile
from app.services.exchange.csv_reading import Cell, Line, Sheet
from app.services.exchange.words import (
    FIELDS_OF_ACTION,
    HEADERS,
    SPATIAL_SCOPES,
    TARGET_GROUPS,
    TRAFFIC_LIGHTS,
    dependencies_of,
    fold,
    status_of,
)

_BUNDLE_CODE = re.compile(r"(M\d{2})(-.*)?\Z")


@dataclass(frozen=True, slots=True)
class Understood:
    """A line that makes a measure; `hints` name cells kept as text because no code fits them."""

    line: int
    values: dict[str, object]
    hints: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    region: Region
    own_ags: str
    line: Line
    values: dict[str, object] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)
    header: str = ""
    cell: Cell = field(default_factory=lambda: Cell("", 1))

    def fault(self, code: str, cell: Cell | None = None, **params: str) -> ImportLineError:
        at = cell or self.cell
        return ImportLineError(self.line.number, at.column, code, header=self.header, value=at.text, **params)


def meanings(sheet: Sheet, name: str) -> dict[str, str]:
    """Header of the file -> what it means; unknown headers are left out.

    Raises:
        UnreadableFile: code "no_title_column".
    """
    found = {h: HEADERS[fold(h)] for h in sheet.headers if fold(h) in HEADERS}
    if "title" not in found.values():
        raise UnreadableFile(name, "no_title_column")
    return found


def understand(line: Line, headers: dict[str, str], region: Region, own_ags: str) -> Understood:
    """The measure of a line.

    Raises:
        ImportLineError: the first cell that cannot be understood; nothing of the line is taken.
    """
    reading = _Reading(region, own_ags, line)
    for header, meaning in headers.items():
        reading.header, reading.cell = header, line.cells[header]
        if reading.cell.text:
            _READERS[meaning](reading)
    _place(reading, headers)
    _loose_words(reading)
    try:
        check_save("measure", reading.values)
    except FieldError as error:
        by_meaning = {m: h for h, m in headers.items()}
        reading.header = by_meaning.get(error.field, "")
        cell = line.cells.get(reading.header, Cell("", 1))
        raise reading.fault(error.code, cell, kind="measure", field=error.field) from error
    return Understood(line.number, reading.values, tuple(reading.hints))


def _text(name: str) -> Callable[[_Reading], None]:
    def read(r: _Reading) -> None:
        r.values[name] = r.cell.text

    return read


def _codes(name: str, words: dict[str, object], single: bool = False) -> Callable[[_Reading], None]:
    def read(r: _Reading) -> None:
        found = []
        for part in re.split(r"[|;\n]", r.cell.text):
            code = words.get(fold(part))
            if code is None and part.strip():
                raise r.fault("word_unknown", Cell(part.strip(), r.cell.column))
            if code is not None:
                found.append(str(code))
        if found:
            r.values[name] = found[0] if single else tuple(dict.fromkeys(found))

    return read


def _list(name: str) -> Callable[[_Reading], None]:
    def read(r: _Reading) -> None:
        parts = (p.strip() for p in re.split(r"[;|\n]", r.cell.text))
        r.values[name] = tuple(dict.fromkeys(p for p in parts if p))

    return read


def _date(name: str) -> Callable[[_Reading], None]:
    def read(r: _Reading) -> None:
        found = parse_partial_date(r.cell.text)
        if isinstance(found, ParseError):
            raise r.fault(found.code)
        if isinstance(found, PartialDate):
            r.values[name] = found.encode()

    return read


def _cost(r: _Reading) -> None:
    found = parse_money(r.cell.text)
    if isinstance(found, ParseError):
        raise r.fault(found.code)
    if found is not None:
        r.values["total_cost_cents"] = found


def _code(r: _Reading) -> None:
    r.values["code"] = r.cell.text
    bundle = _BUNDLE_CODE.match(r.cell.text)
    if bundle:
        r.values["bundle_code"] = bundle.group(1)


def _status(r: _Reading) -> None:
    """The source's own words stay as the reason; the code is what they amount to."""
    status = status_of(r.cell.text)
    r.values["status_reason"] = r.cell.text
    if status is None:
        r.hints.append(r.header)
    else:
        r.values["status"] = str(status)


def _dependencies(r: _Reading) -> None:
    found = dependencies_of(r.cell.text)
    if found:
        r.values["dependencies"] = found
    else:
        r.values["_words"] = f"{r.header}: {r.cell.text}"
        r.hints.append(r.header)


def _keys(r: _Reading) -> None:
    found = []
    for part in re.split(r"[,;/|\n]", r.cell.text):
        if not part.strip():
            continue
        ags = parse_ags(part, r.region.keys)
        if isinstance(ags, ParseError):
            raise r.fault(ags.code, Cell(part.strip(), r.cell.column))
        if ags is not None:
            found.append(ags)
    r.values["_ags"] = tuple(dict.fromkeys(found))


def _names(r: _Reading) -> None:
    """Municipalities by name; used only where the line has no keys."""
    r.values["_names"] = r.cell.text


def _loose_words(r: _Reading) -> None:
    """What no field can say stays readable in the internal note."""
    words = r.values.pop("_words", "")
    if words:
        note = r.values.get("internal_note")
        r.values["internal_note"] = f"{note}\n{words}" if note else words


def _place(r: _Reading, headers: dict[str, str]) -> None:
    """The first municipality leads, the others take part; without any it is one's own."""
    ags = r.values.pop("_ags", ())
    names = r.values.pop("_names", "")
    if not ags and isinstance(names, str) and names:
        found = []
        for part in re.split(r"[,;/|\n]", names):
            known = r.region.find(part)
            if isinstance(known, ParseError):
                r.header = next(h for h, m in headers.items() if m == "municipalities")
                raise r.fault(known.code, Cell(part.strip(), r.line.cells[r.header].column))
            if known is not None:
                found.append(known.ags)
        ags = tuple(dict.fromkeys(found))
    assert isinstance(ags, tuple)
    r.values["lead_ags"] = ags[0] if ags else r.own_ags
    if len(ags) > 1:
        r.values["participating_ags"] = ags[1:]


_READERS: dict[str, Callable[[_Reading], None]] = {
    "code": _code,
    "title": _text("title"),
    "short_description": _text("short_description"),
    "description": _text("description"),
    "responsible_unit": _text("responsible_unit"),
    "goals": _text("goals"),
    "internal_note": _text("internal_note"),
    "spatial_scope": _codes("spatial_scope", dict(SPATIAL_SCOPES), single=True),
    "traffic_light": _codes("traffic_light", dict(TRAFFIC_LIGHTS), single=True),
    "fields_of_action": _codes("fields_of_action", dict(FIELDS_OF_ACTION)),
    "target_groups": _codes("target_groups", dict(TARGET_GROUPS)),
    "municipalities": _names,
    "ags": _keys,
    "status": _status,
    "start": _date("start"),
    "end": _date("end"),
    "cost": _cost,
    "dependencies": _dependencies,
    "tags": _list("tags"),
    "sources": _list("sources"),
}
