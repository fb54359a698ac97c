"""A document becomes the same bytes everywhere, and what people typed can neither break nor bend it."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from app import resources
from app.reports.document import (
    Block,
    Document,
    Facts,
    Heading,
    Item,
    Items,
    Paragraph,
    Table,
    beginning,
    decode,
    encode,
    pieces,
    read_prose,
)
from app.reports.html import write_html
from app.reports.odt import MIME, write_odt
from app.reports.pdf import Press
from app.ui import theme
from tests.reports.tags import Tags

HOSTILE = "<b>*fett*</b> & #show \\ $x$ ]] „Zitat“ \x07\x00\ufffe  zwei  Leerzeichen\tTab\nZeile مرحبا 🚌"
TABLE = Table("Aufgaben", ("Was", "Wer", "Stück"), (("Bank", "A. Born", "3"), (HOSTILE, "", "")), (3, 1, 0), (2,))


def document(words: str = "Bürgerbus", day: str = "2026-11-26") -> Document:
    blocks: tuple[Block, ...] = (
        Facts((("Ort", "Schützenhaus"), ("Anlass", words))),
        Heading(1, "Beschlüsse"),
        Items((Item(words, "Bus"), Item("Zweitens")), numbered=True),
        Heading(2, "Aufgaben"),
        TABLE if words == HOSTILE else Table("Aufgaben", ("Was", "Wer"), (("Bank", "A. Born"),), (3, 1)),
        Heading(3, "Ideen"),
        Items((Item(words),)),
        Paragraph(words),
        Paragraph("Nur am Rande", quiet=True),
    )
    return Document("Bürgerdialog Mobilität", "Ergebnisprotokoll", "Entwurf", day, blocks)


@pytest.fixture(scope="module")
def press() -> Press:
    font = theme.inter_file()
    assert font is not None
    return Press(resources.path("reports", "paper.typ"), (font.parent,))


text = st.text(max_size=40)
blocks = st.one_of(
    st.builds(Heading, st.integers(1, 3), text),
    st.builds(Paragraph, text, st.booleans()),
    st.builds(Items, st.lists(st.builds(Item, text, text), max_size=4).map(tuple), st.booleans()),
    st.builds(Facts, st.lists(st.tuples(text, text), max_size=4).map(tuple)),
    st.just(TABLE),
)


@settings(max_examples=40)
@given(st.builds(Document, text, text, text, st.just(""), st.lists(blocks, max_size=6).map(tuple)))
def test_what_is_kept_for_ever_is_read_back_as_it_was(any_document: Document) -> None:
    assert decode(encode(any_document)) == any_document


@pytest.mark.parametrize("broken", ["", "[]", '{"format":2}', '{"format":1,"title":"x","blocks":[{"is":"film"}]}'])
def test_a_paper_of_a_later_version_is_refused_and_never_shown_in_part(broken: str) -> None:
    with pytest.raises(ValueError):
        decode(broken)


def test_running_text_becomes_paragraphs_items_and_small_headings() -> None:
    told = "Erste Zeile\nzweite Zeile\n\n- eins\n- zwei\n  geht weiter\n• drei\n# Rad\r\nDanach\n-kein Punkt\n\n\n"
    assert read_prose(told) == (
        Paragraph("Erste Zeile\nzweite Zeile"),
        Items((Item("eins"), Item("zwei geht weiter"), Item("drei"))),
        Heading(2, "Rad"),
        Paragraph("Danach\n-kein Punkt"),
    )
    assert read_prose(" \n ") == ()
    long = "TOP 3 " + "wird " * 40
    assert read_prose(f"TOP 2  Wege im Dorf\nEs fehlt ein Gehweg.\n{long}") == (
        Heading(2, "TOP 2 Wege im Dorf"), Paragraph(f"Es fehlt ein Gehweg.\n{long.strip()}"),
    )  # fmt: skip


def test_the_same_document_gives_the_same_bytes_in_another_process(press: Press) -> None:
    here = [hashlib.sha256(b).hexdigest() for b in _files(press, document())]
    code = (
        "import hashlib; from tests.reports import test_papers as t; from app.reports.pdf import Press\n"
        f"from pathlib import Path; press = Press(Path({str(press.template)!r}), (Path({str(press.fonts[0])!r}),))\n"
        "print(*(hashlib.sha256(b).hexdigest() for b in t._files(press, t.document())))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == here
    assert len(set(here)) == 3


def _files(press: Press, shown: Document) -> list[bytes]:
    return [press.write_pdf(shown), write_odt(shown), write_html(shown)]


def test_a_pdf_is_tagged_and_says_which_standards_it_keeps(press: Press) -> None:
    made = press.write_pdf(document())
    assert made.startswith(b"%PDF")
    assert b"/StructTreeRoot" in made
    assert b"pdfuaid:part" in made
    assert b"pdfaid:part" in made
    without_day = press.write_pdf(document(day=""))
    assert b"pdfuaid:part" in without_day
    assert b"pdfaid:part" not in without_day


@pytest.mark.parametrize("words", ["Bürgerbus", HOSTILE, "Bürgerbus " * 300])
def test_another_program_finds_every_word_of_a_pdf_in_its_structure_tree(press: Press, words: str) -> None:
    tags = Tags(press.write_pdf(document(words)))
    assert tags.marked
    assert (tags.language, tags.title) == ("de-DE", "Bürgerdialog Mobilität")
    assert tags.shows_title == (words != HOSTILE), "part of the claim, which a sign without a glyph costs"
    assert tags.kinds("Title", "H1", "H2", "H3", "L", "Table") == ["Title", "H1", "L", "H2", "Table", "H3", "L"]
    assert [around[-1] for kind, around in tags.elements if kind == "LBody"] == ["LI"] * 3
    rows, columns = (2, 3) if words == HOSTILE else (1, 2)
    assert tags.kinds("TH", "TD") == ["TH"] * columns + ["TD"] * columns * rows
    assert {around[-3:] for kind, around in tags.elements if kind == "TH"} == {("Table", "THead", "TR")}
    shown, loose = tags.painted()
    assert loose == 0, "words or lines that a screen reader does not find, and that are no decoration"
    assert shown == tags.claimed() & shown
    assert len(shown) > 15


@pytest.mark.parametrize("words", ["Bürgerbus", HOSTILE, "Bürgerbus " * 300])
def test_where_each_piece_begins_is_known_and_asking_changes_no_page(press: Press, words: str) -> None:
    asked = document(words)
    places = press.find_places(asked)
    assert len(places) == len(pieces(asked))
    order = [(place.page, place.down) for place in places]
    assert order == sorted(order)
    assert all(0 < place.down < 1 for place in places)
    pages = press.draw_pages(asked, 30)
    assert {place.page for place in places} <= set(range(len(pages)))
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(press.fonts[0])])
    told = {"document": encode(asked), "places": "yes"}
    marked: Any = typst.compile(press.template.read_bytes(), font_paths=fonts, format="png", sys_inputs=told, ppi=30)
    assert (marked if isinstance(marked, list) else [marked]) == pages


def test_signs_without_a_glyph_cost_the_claim_and_not_the_minutes(press: Press) -> None:
    made = press.write_pdf(document(HOSTILE))
    assert b"/StructTreeRoot" in made
    assert b"pdfuaid:part" not in made
    assert len(press.draw_pages(document(HOSTILE), 30)) == 1


def test_what_people_typed_is_never_markup(press: Press) -> None:
    class Tags(HTMLParser):
        found: list[str]

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.found.append(tag)

    parser = Tags()
    parser.found = []
    page = write_html(document(HOSTILE)).decode()
    parser.feed(page)
    assert "b" not in parser.found
    assert parser.found.count("th") == 3
    assert "\x07" not in page
    assert "&lt;b&gt;*fett*&lt;/b&gt;" in page


def test_an_odt_holds_headings_lists_and_header_rows_as_such() -> None:
    with zipfile.ZipFile(io.BytesIO(write_odt(document(HOSTILE)))) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert archive.read("mimetype").decode() == MIME
        parts = {name: ET.fromstring(archive.read(name)) for name in archive.namelist() if name != "mimetype"}
    content = parts["content.xml"]
    names = {
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    }
    headings = [h.get(f"{{{names['text']}}}outline-level") for h in content.iterfind(".//text:h", names)]
    assert headings == ["1", "2", "3"]
    assert len(content.findall(".//table:table-header-rows/table:table-row", names)) == 1
    assert len(content.findall(".//text:list-item", names)) == 3
    used = {e.get(f"{{{names['text']}}}style-name") for e in content.iter() if e.tag.endswith("}p")}
    styled = {
        e.get("{urn:oasis:names:tc:opendocument:xmlns:style:1.0}name")
        for e in parts["styles.xml"].iter()
        if e.tag.endswith("}style")
    }
    assert used <= styled


def test_the_beginning_of_a_long_paper_holds_as_many_lines_as_asked_for() -> None:
    lines = Items(tuple(Item(str(n)) for n in range(100)))
    long = Document("T", "K", blocks=(Heading(1, "H"), lines, TABLE, lines))
    assert beginning(long, 300) is long
    part = beginning(long, 51)
    assert part.blocks == (Heading(1, "H"), Items(lines.items[:50]))
    assert beginning(long, 102).blocks == (Heading(1, "H"), lines, Table(**_with_rows(1)))


def _with_rows(count: int) -> dict[str, Any]:
    return {name: getattr(TABLE, name) for name in ("about", "head", "shares", "figures")} | {
        "rows": TABLE.rows[:count]
    }


def test_the_reader_hears_everything_that_is_printed() -> None:
    told = "\n".join(piece.text for piece in pieces(document("Rufbus")))
    for words in ("Bürgerdialog Mobilität", "Ort: Schützenhaus", "Rufbus (Bus)", "Was: Bank; Wer: A. Born", "Ideen"):
        assert words in told
