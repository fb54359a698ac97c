"""The region: 59 municipalities in five districts, and how people write their names.

"Menden", "Menden (Sauerland)" and "Menden/Sauerl." are one town; "Olpe" and "Soest" are towns, while
"Kreis Olpe" is a district and no municipality. A key always goes before a name.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property

from app.domain.catalogue import MunicipalityRole
from app.domain.folding import fold
from app.domain.german import title_sort_key
from app.domain.reading import ParseError, ParseFault, Typed, open_typed
from app.domain.values import Ags, parse_ags


@dataclass(frozen=True, slots=True)
class District:
    """One of the five Kreise; ``code`` is the first five digits of its municipalities' keys."""

    code: str
    name: str

    @property
    def short_name(self) -> str:
        """ "Olpe" for "Kreis Olpe"; the others keep their names."""
        return self.name.removeprefix("Kreis ")


@dataclass(frozen=True, slots=True)
class Municipality:
    """A town or Gemeinde.

    Attributes:
        name: official, with its addition: "Menden (Sauerland)".
        is_town: Stadt, else Gemeinde.
        lat, lon: WGS 84 degrees of its centre.
        letter: A, B, M, O or S where the published bundles name it by a letter, else empty.
        col, row: place on the tile map; odd rows are shifted half a tile to the right.
    """

    ags: Ags
    name: str
    is_town: bool
    district: District
    lat: float
    lon: float
    roles: frozenset[MunicipalityRole]
    letter: str
    col: int
    row: int

    @property
    def short_name(self) -> str:
        """Without the addition, for tables and tiles: "Menden"."""
        return self.name.partition(" (")[0]

    @property
    def is_pioneer(self) -> bool:
        """One of the five of the consortium."""
        return MunicipalityRole.PIONEER in self.roles

    @property
    def sort_key(self) -> str:
        """DIN 5007-1."""
        return title_sort_key(self.name)


_ADDITIONS = ("sauerland", "siegerland", "wittgenstein", "westfalen", "ruhr", "nrw", "nordrheinwestfalen")
_FORM_OF_ADDRESS = re.compile(
    r"^(?:die |der )?(?:(?:hanse|universitats|kur|kreis|berg|wald)?stadt|gemeinde|kommune|stadtverwaltung"
    r"|gemeindeverwaltung|rathaus) "
)
_ADDITION = re.compile(r"^(?P<name>[^(/,]+?) *(?:\((?P<bracket>[^()]*)\)?|[/,] *(?P<tail>.+)|i[.n] *(?P<within>.+))$")
LONGEST_CELL = 5_000
"""All 59 names fit into one cell well below this many characters."""

_SEPARATOR = re.compile(r"[,;/\n\r|+&]| und ")


def _letters(text: str) -> str:
    return "".join(letter for letter in fold(text) if letter.isalnum())


@dataclass(frozen=True)
class Region:
    """All municipalities by key, in the order of their names."""

    by_ags: Mapping[Ags, Municipality] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Municipality]:
        return iter(self.by_ags.values())

    def __len__(self) -> int:
        return len(self.by_ags)

    @property
    def keys(self) -> Set[Ags]:
        """The keys of all, to check one against."""
        return self.by_ags.keys()

    def get(self, ags: Ags) -> Municipality | None:
        """The municipality with this key."""
        return self.by_ags.get(ags)

    def name(self, ags: Ags) -> str:
        """Its full name; the key itself where it is not of this region, so that nothing is hidden."""
        found = self.by_ags.get(ags)
        return found.name if found else ags

    def short_name(self, ags: Ags) -> str:
        """Its name in a table; the key itself where it is not of this region."""
        found = self.by_ags.get(ags)
        return found.short_name if found else ags

    @cached_property
    def districts(self) -> tuple[District, ...]:
        """The districts by name."""
        return tuple(sorted({m.district for m in self}, key=lambda d: title_sort_key(d.name)))

    def of_district(self, code: str) -> tuple[Municipality, ...]:
        """The municipalities of one district, by name."""
        return tuple(m for m in self if m.district.code == code)

    @cached_property
    def pioneers(self) -> tuple[Municipality, ...]:
        """The five of the consortium, by name."""
        return tuple(m for m in self if m.is_pioneer)

    @cached_property
    def _by_letters(self) -> Mapping[str, tuple[Municipality, ...]]:
        found: dict[str, tuple[Municipality, ...]] = {}
        for m in self:
            for spelling in {_letters(m.name), _letters(m.short_name)}:
                found[spelling] = (*found.get(spelling, ()), m)
        return found

    def find(self, text: str) -> Municipality | ParseError | None:
        """The municipality a person means by a key or a name; None for "k. A." and the like."""
        typed = open_typed(text)
        if typed is None or isinstance(typed, ParseError):
            return typed
        if typed.bare[0].isdigit():
            ags = parse_ags(text, self.by_ags)
            return self.by_ags[ags] if isinstance(ags, str) else ags
        return self._named(typed)

    def _named(self, typed: Typed) -> Municipality | ParseError:
        bare = _FORM_OF_ADDRESS.sub("", fold(typed.bare))
        found = self._by_letters.get(_letters(bare), ())
        addition = _ADDITION.match(bare)
        if not found and addition is not None:
            told = _letters(addition["bracket"] or addition["tail"] or addition["within"] or "")
            named = self._by_letters.get(_letters(addition["name"]), ())
            found = tuple(m for m in named if _may_be_added(m, told))
        if len(found) == 1:
            return found[0]
        fault = ParseFault.MUNICIPALITY_AMBIGUOUS if found else ParseFault.MUNICIPALITY_UNKNOWN
        return typed.fault(fault)

    def find_all(self, cell: str) -> list[Municipality | ParseError]:
        """Several in one cell, separated by comma, semicolon, slash, line break or "und"; each once.

        Errors carry their position in the whole cell.
        """
        whole = self.find(cell)
        if isinstance(whole, Municipality) or len(cell) > LONGEST_CELL:
            return [] if whole is None else [whole]
        found: dict[object, Municipality | ParseError] = {}
        start = 0
        for end in [*(s.span() for s in _SEPARATOR.finditer(cell)), (len(cell), len(cell))]:
            one = self.find(cell[start : end[0]])
            if isinstance(one, ParseError):
                found[start] = ParseError(one.fault, str(one.params["text"]), start + one.position)
            elif one is not None:
                found[one.ags] = one
            start = end[1]
        return list(found.values())


def _may_be_added(municipality: Municipality, told: str) -> bool:
    """Whether this may stand behind the name: its own addition, also cut short, or a landscape here."""
    own = _letters(municipality.name.partition(" (")[2])
    return bool(told) and (own.startswith(told) if own else any(a.startswith(told) for a in _ADDITIONS))


def parse_municipalities(text: str) -> Region:
    """Read the shipped table: comma-separated with a header line, roles separated by spaces.

    Raises:
        ParseError: a line is incomplete or wrong, or a key stands twice; ``position`` is the line.
    """
    found: dict[Ags, Municipality] = {}
    for line, row in enumerate(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))), 2):
        try:
            municipality = _municipality(row)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise ParseError(ParseFault.REGION_TABLE, str(error), line) from error
        if municipality.ags in found:
            raise ParseError(ParseFault.REGION_TABLE, municipality.ags, line)
        found[municipality.ags] = municipality
    ordered = sorted(found.values(), key=lambda m: m.sort_key)
    return Region({m.ags: m for m in ordered})


def _municipality(row: Mapping[str, str]) -> Municipality:
    ags = row["ags"]
    if not re.fullmatch(r"[0-9]{8}", ags) or not row["name"] or row["type"] not in ("Stadt", "Gemeinde"):
        raise ValueError(ags)
    return Municipality(
        ags=ags,
        name=row["name"],
        is_town=row["type"] == "Stadt",
        district=District(ags[:5], row["district"]),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        roles=frozenset(MunicipalityRole(role) for role in row["roles"].split()),
        letter=row["letter"],
        col=int(row["col"]),
        row=int(row["row"]),
    )
