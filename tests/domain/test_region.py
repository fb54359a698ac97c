"""The 59 municipalities: the shipped table, and the many ways people write a name."""

from __future__ import annotations

import time
from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import resources
from app.domain.access import CONSORTIUM_AGS
from app.domain.bundles import BUNDLES
from app.domain.catalogue import MunicipalityRole
from app.domain.reading import ParseError, ParseFault
from app.domain.region import Municipality, Region, parse_municipalities

TABLE = resources.path("region", "municipalities.csv").read_text(encoding="utf-8")
REGION = parse_municipalities(TABLE)


def found(text: str) -> str | ParseFault | None:
    one = REGION.find(text)
    return one.fault if isinstance(one, ParseError) else one.name if one else None


def test_there_are_59_in_five_districts() -> None:
    assert len(REGION) == 59
    assert {d.name: len(REGION.of_district(d.code)) for d in REGION.districts} == {
        "Hochsauerlandkreis": 12,
        "Kreis Olpe": 7,
        "Kreis Siegen-Wittgenstein": 11,
        "Kreis Soest": 14,
        "Märkischer Kreis": 15,
    }
    assert sum(m.is_town for m in REGION) == 40


def test_the_roles_are_sets() -> None:
    assert {m.ags for m in REGION.pioneers} == CONSORTIUM_AGS
    assert len({m.district for m in REGION.pioneers}) == 5
    assert sum(MunicipalityRole.JOINING in m.roles for m in REGION) == 14
    iserlohn = REGION.get("05962024")
    assert iserlohn is not None
    assert iserlohn.roles == {MunicipalityRole.JOINING, MunicipalityRole.MODEL_PROJECT}
    assert all(m.roles for m in REGION)


def test_the_letters_of_the_bundles_are_the_pioneers() -> None:
    assert {m.letter: m.short_name for m in REGION if m.letter} == {
        "A": "Arnsberg",
        "B": "Bad Berleburg",
        "M": "Menden",
        "O": "Olpe",
        "S": "Soest",
    }
    assert {letter for bundle in BUNDLES.values() for letter in bundle.letters} == set("ABMOS")


def test_keys_are_text_with_their_zero_and_belong_to_their_district() -> None:
    assert all(len(m.ags) == 8 and m.ags.startswith(m.district.code) and m.ags[0] == "0" for m in REGION)


def test_every_municipality_lies_in_the_region_and_near_its_tile() -> None:
    """Tiles are about 11 km apart; a tile far from its place would be a slip in the table."""
    assert all(50.6 < m.lat < 51.8 and 7.3 < m.lon < 9.0 for m in REGION)
    places = {m.ags: (m.lon * 111.3 * cos(radians(51.2)), -m.lat * 111.3) for m in REGION}
    tiles = {m.ags: (m.col + 0.5 * (m.row % 2), m.row * 0.866) for m in REGION}
    assert len(set(tiles.values())) == 59
    neighbours = [(a, b) for a in tiles for b in tiles if a < b and hypot(*_apart(tiles, a, b)) < 1.1]
    assert len(neighbours) > 100
    assert max(hypot(*_apart(places, a, b)) for a, b in neighbours) < 45


def _apart(where: dict[str, tuple[float, float]], a: str, b: str) -> tuple[float, float]:
    return where[a][0] - where[b][0], where[a][1] - where[b][1]


def test_they_stand_in_the_order_of_the_dictionary() -> None:
    names = [m.short_name for m in REGION]
    assert names[:3] == ["Altena", "Anröchte", "Arnsberg"]
    assert names.index("Möhnesee") == names.index("Meschede") + 1
    assert names[-1] == "Winterberg"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Menden", "Menden (Sauerland)"),
        ("Menden (Sauerland)", "Menden (Sauerland)"),
        ("Menden (Sauerl.)", "Menden (Sauerland)"),
        ("menden i. Sauerland", "Menden (Sauerland)"),
        ("Menden/Sauerland", "Menden (Sauerland)"),
        ("Eslohe", "Eslohe (Sauerland)"),
        ("Sundern (Sauerland)", "Sundern (Sauerland)"),
        ("Wickede/Ruhr", "Wickede (Ruhr)"),
        ("Neunkirchen (Siegerland)", "Neunkirchen"),
        ("Olpe", "Olpe"),
        ("Stadt Olpe", "Olpe"),
        ("Kreisstadt Olpe", "Olpe"),
        ("Soest", "Soest"),
        ("Hansestadt Attendorn", "Attendorn"),
        ("Gemeinde Wenden", "Wenden"),
        ("Moehnesee", "Möhnesee"),
        ("LÜDENSCHEID", "Lüdenscheid"),
        ("Bad-Berleburg", "Bad Berleburg"),
        ("Nachrodt–Wiblingwerde", "Nachrodt-Wiblingwerde"),
        ("5958004", "Arnsberg"),
        ("05958004", "Arnsberg"),
        ("k. A.", None),
        ("", None),
        ("Kreis Olpe", ParseFault.MUNICIPALITY_UNKNOWN),
        ("Kreis Soest", ParseFault.MUNICIPALITY_UNKNOWN),
        ("Menden (Hessen)", ParseFault.MUNICIPALITY_UNKNOWN),
        ("Köln", ParseFault.MUNICIPALITY_UNKNOWN),
        ("05315000", ParseFault.AGS_UNKNOWN),
        ("0595800", ParseFault.AGS_UNKNOWN),
        ("🙂", ParseFault.MUNICIPALITY_UNKNOWN),
    ],
)
def test_a_municipality_is_found_by_what_people_write(typed: str, meant: str | ParseFault | None) -> None:
    assert found(typed) == meant


@pytest.mark.parametrize("municipality", list(REGION), ids=lambda m: m.ags)
def test_each_is_found_by_its_own_names_and_key(municipality: Municipality) -> None:
    for text in (municipality.name, municipality.short_name, municipality.ags, municipality.ags[1:]):
        assert REGION.find(text) is municipality


def test_several_in_one_cell_are_taken_apart_each_once() -> None:
    cell = "Arnsberg, Bad Berleburg; Menden (Sauerland) / Köln\nIserlohn und Hemer, 05958004"
    several = REGION.find_all(cell)
    assert [m.short_name for m in several if isinstance(m, Municipality)] == [
        "Arnsberg",
        "Bad Berleburg",
        "Menden",
        "Iserlohn",
        "Hemer",
    ]
    [error] = [e for e in several if isinstance(e, ParseError)]
    assert error.position == cell.index("Köln")
    assert REGION.find_all(" ") == []
    assert [m for m in REGION.find_all("Menden/Sauerland") if isinstance(m, Municipality)] == [
        REGION.by_ags["05962040"]
    ]


def test_all_of_them_fit_into_one_cell() -> None:
    assert len(REGION.find_all(", ".join(m.name for m in REGION))) == 59
    assert len(REGION.find_all(";".join(m.ags for m in REGION))) == 59


def test_a_place_outside_is_shown_by_its_key() -> None:
    assert REGION.name("05315000") == REGION.short_name("05315000") == "05315000"
    assert REGION.short_name("05962040") == "Menden"


@given(st.text() | st.lists(st.sampled_from(["Menden", "(", ")", "/", " i. ", ",", "0", "Stadt "])).map("".join))
def test_nothing_typed_makes_a_search_fail(text: str) -> None:
    REGION.find(text)
    REGION.find_all(text)


@pytest.mark.parametrize("piece", [",", "Menden, ", "(", "0"])
def test_ten_megabytes_are_answered_at_once(piece: str) -> None:
    started = time.process_time()
    REGION.find_all(piece * (10_000_000 // len(piece)))
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ("05958004,Arnsberg,Stadt", 2),
        ("5958004,Arnsberg,Stadt,HSK,51.3,8.0,pioneer,A,4,5", 2),
        ("05958004,Arnsberg,Dorf,HSK,51.3,8.0,pioneer,A,4,5", 2),
        ("05958004,Arnsberg,Stadt,HSK,51.3,8.0,king,A,4,5", 2),
        ("05958004,Arnsberg,Stadt,HSK,51.3,8.0,pioneer,A,4,5\n" * 2, 3),
    ],
)
def test_a_damaged_table_names_its_line(wrong: str, line: int) -> None:
    header = TABLE.partition("\n")[0]
    with pytest.raises(ParseError) as caught:
        parse_municipalities(f"{header}\n{wrong}\n")
    assert (caught.value.fault, caught.value.position) == (ParseFault.REGION_TABLE, line)


def test_an_empty_region_knows_nobody() -> None:
    assert isinstance(Region().find("Olpe"), ParseError)
    assert list(Region()) == []
