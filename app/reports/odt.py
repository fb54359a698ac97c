"""A document as OpenDocument text: headings, lists and tables that a word processor knows as such.

Written by hand because the same document has to give the same bytes: no dates of today, no random names, and
nothing compressed, since two versions of a compressor may differ.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape  # nosec B406: writes XML, reads none

from app.reports.document import Block, Document, Facts, Heading, Item, Items, Paragraph, Table

MIME = "application/vnd.oasis.opendocument.text"
_NAMES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in (
        ("office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
        ("style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"),
        ("text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
        ("table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"),
        ("fo", "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"),
        ("meta", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
    )
)
_INK, _MUTED, _LINE = "#16201c", "#55605b", "#d5d9d7"
_BODY_CM = 16.3
"""Width between the margins of the page below."""
_NARROW_CM = 2.2
"""A column that takes what it needs: a date, a figure."""


def write_odt(document: Document) -> bytes:
    """The file."""
    parts = (
        ("mimetype", MIME),
        ("content.xml", _content(document)),
        ("styles.xml", _styles(document)),
        ("meta.xml", _meta(document)),
        ("META-INF/manifest.xml", _MANIFEST),
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text.encode())
    return file.getvalue()


# -- content -------------------------------------------------------------------------------------


def _content(document: Document) -> str:
    body = [_paragraph("Title", document.title)]
    under = "  ·  ".join(part for part in (document.kind, document.standing) if part)
    body.append(_paragraph("Subtitle", under))
    styles: list[str] = []
    for number, block in enumerate(document.blocks):
        if isinstance(block, Table):
            styles += _widths(block, number)
        body += _block(block, number)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_NAMES} office:version="1.3">'
        f"<office:automatic-styles>{''.join(styles)}</office:automatic-styles>"
        f"<office:body><office:text>{''.join(body)}</office:text></office:body></office:document-content>"
    )


def _block(block: Block, number: int) -> Iterator[str]:
    match block:
        case Heading(level, text):
            style = f"Heading_20_{level}"
            yield f'<text:h text:style-name="{style}" text:outline-level="{level}">{_words(text)}</text:h>'
        case Paragraph(text, quiet):
            yield _paragraph("Quiet" if quiet else "Text_20_body", text)
        case Items(items, numbered):
            yield f'<text:list text:style-name="{"Numbers" if numbered else "Bullets"}">'
            yield from map(_item, items)
            yield "</text:list>"
        case Facts(pairs):
            for name, value in pairs:
                yield f'<text:p text:style-name="Fact">{_span("Muted", name)}<text:tab/>{_words(value)}</text:p>'
        case Table():
            yield from _table(block, number)


def _item(item: Item) -> str:
    note = f" {_span('Note', item.note)}" if item.note else ""
    return f'<text:list-item><text:p text:style-name="Item">{_words(item.text)}{note}</text:p></text:list-item>'


def _table(table: Table, number: int) -> Iterator[str]:
    yield f'<table:table table:name="{number}" table:style-name="T{number}">'
    yield f"<table:title>{_words(table.about)}</table:title>"
    yield from (f'<table:table-column table:style-name="T{number}.{at}"/>' for at in range(len(table.head)))
    yield "<table:table-header-rows>"
    yield _row(table, table.head, "Table_20_Heading")
    yield "</table:table-header-rows>"
    yield from (_row(table, row, "Table_20_Contents") for row in table.rows)
    yield "</table:table>"


def _row(table: Table, cells: Iterable[str], style: str) -> str:
    told = "".join(
        '<table:table-cell table:style-name="Cell" office:value-type="string">'
        f"{_paragraph(f'{style}_20_Figure' if at in table.figures else style, words)}</table:table-cell>"
        for at, words in enumerate(cells)
    )
    return f"<table:table-row>{told}</table:table-row>"


def _widths(table: Table, number: int) -> Iterator[str]:
    shared = _BODY_CM - _NARROW_CM * table.shares.count(0)
    unit = shared / max(1, sum(table.shares))
    yield (
        f'<style:style style:name="T{number}" style:family="table"><style:table-properties '
        f'style:width="{_BODY_CM}cm" table:align="left" fo:margin-bottom="0.4cm"/></style:style>'
    )
    for at, share in enumerate(table.shares):
        width = share * unit if share else _NARROW_CM
        yield (
            f'<style:style style:name="T{number}.{at}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width:.2f}cm"/></style:style>'
        )


def _paragraph(style: str, text: str) -> str:
    return f'<text:p text:style-name="{style}">{_words(text)}</text:p>'


def _span(style: str, text: str) -> str:
    return f'<text:span text:style-name="{style}">{_words(text)}</text:span>'


def _words(text: str) -> str:
    """Escaped, with line ends, tabs and runs of spaces as OpenDocument writes them."""
    sound = "".join(c if c in "\n\t" or (c >= " " and c not in "\ufffe\uffff") else "\ufffd" for c in text)
    spaced = re.sub("  +", lambda run: f' <text:s text:c="{len(run[0]) - 1}"/>', escape(sound))
    return spaced.replace("\n", "<text:line-break/>").replace("\t", "<text:tab/>")


# -- look ----------------------------------------------------------------------------------------


def _style(name: str, parent: str, paragraph: str, text: str, *, level: int = 0) -> str:
    outline = f' style:default-outline-level="{level}"' if level else ""
    shown = name.replace("_20_", " ")
    above = f' style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name}" style:display-name="{shown}" style:family="paragraph"{above}{outline}>'
        f"<style:paragraph-properties {paragraph}/><style:text-properties {text}/></style:style>"
    )


_KEEP = 'fo:keep-with-next="always"'
_RULE = f'fo:border-top="0.5pt solid {_LINE}" fo:padding-top="0.15cm"'
_PARAGRAPHS = "".join(
    (
        _style("Standard", "", 'fo:orphans="2" fo:widows="2"', f'fo:color="{_INK}"'),
        _style("Text_20_body", "Standard", 'fo:margin-bottom="0.25cm"', 'fo:font-size="10pt"'),
        _style("Quiet", "Text_20_body", 'fo:margin-bottom="0.25cm"', f'fo:color="{_MUTED}"'),
        _style("Item", "Text_20_body", 'fo:margin-bottom="0.1cm"', 'fo:font-size="10pt"'),
        _style("Title", "Standard", f'fo:margin-bottom="0.1cm" {_KEEP}', 'fo:font-size="20pt" fo:font-weight="bold"'),
        _style("Subtitle", "Standard", 'fo:margin-bottom="0.5cm"', f'fo:font-size="10pt" fo:color="{_MUTED}"'),
        _style("Heading_20_1", "Standard", f'fo:margin-top="0.7cm" fo:margin-bottom="0.25cm" {_KEEP} {_RULE}',
               'fo:font-size="13pt" fo:font-weight="bold"', level=1),
        _style("Heading_20_2", "Standard", f'fo:margin-top="0.5cm" fo:margin-bottom="0.15cm" {_KEEP}',
               'fo:font-size="10.5pt" fo:font-weight="bold"', level=2),
        _style("Heading_20_3", "Standard", f'fo:margin-top="0.3cm" fo:margin-bottom="0.1cm" {_KEEP}',
               f'fo:font-size="9pt" fo:font-weight="bold" fo:color="{_MUTED}"', level=3),
        _style("Table_20_Contents", "Standard", 'fo:margin-top="0.05cm"', 'fo:font-size="9.5pt"'),
        _style("Table_20_Contents_20_Figure", "Table_20_Contents", 'fo:text-align="end"', 'fo:font-size="9.5pt"'),
        _style("Table_20_Heading", "Table_20_Contents", _KEEP, f'fo:font-size="8pt" fo:color="{_MUTED}"'),
        _style("Table_20_Heading_20_Figure", "Table_20_Heading", f'fo:text-align="end" {_KEEP}', 'fo:font-size="8pt"'),
        _style("Footer", "Standard", f'fo:border-top="0.5pt solid {_LINE}" fo:padding-top="0.1cm"',
               f'fo:font-size="8pt" fo:color="{_MUTED}"'),
    )
)  # fmt: skip
_FACT = (
    '<style:style style:name="Fact" style:family="paragraph" style:parent-style-name="Standard">'
    '<style:paragraph-properties fo:margin-left="3.6cm" fo:text-indent="-3.6cm" fo:margin-bottom="0.1cm">'
    '<style:tab-stops><style:tab-stop style:position="0cm"/></style:tab-stops></style:paragraph-properties>'
    '<style:text-properties fo:font-size="10pt"/></style:style>'
)
_SPANS = (
    f'<style:style style:name="Muted" style:family="text"><style:text-properties fo:color="{_MUTED}"/></style:style>'
    f'<style:style style:name="Note" style:family="text">'
    f'<style:text-properties fo:font-size="8.5pt" fo:color="{_MUTED}"/></style:style>'
    '<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties '
    f'fo:padding="0.08cm" fo:border-bottom="0.5pt solid {_LINE}"/></style:style>'
)
_LEVEL = (
    '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
    '<style:list-level-label-alignment text:label-followed-by="listtab" fo:margin-left="0.6cm" '
    'fo:text-indent="-0.6cm"/></style:list-level-properties>'
)
_LISTS = (
    '<text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1" text:bullet-char="•">'
    f"{_LEVEL}</text:list-level-style-bullet></text:list-style>"
    '<text:list-style style:name="Numbers"><text:list-level-style-number text:level="1" style:num-format="1" '
    f'style:num-suffix=".">{_LEVEL}</text:list-level-style-number></text:list-style>'
)
_DEFAULTS = (
    '<style:default-style style:family="paragraph"><style:text-properties fo:font-family="Inter, Arial, sans-serif" '
    'fo:font-size="10pt" fo:language="de" fo:country="DE" fo:hyphenate="true" fo:hyphenation-remain-char-count="3" '
    'fo:hyphenation-push-char-count="3"/></style:default-style>'
)
_PAGE = (
    '<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" '
    'fo:margin-top="2.4cm" fo:margin-bottom="1.6cm" fo:margin-left="2.5cm" fo:margin-right="2.2cm"/>'
    '<style:footer-style><style:header-footer-properties fo:margin-top="0.5cm" fo:min-height="0.6cm"/>'
    "</style:footer-style></style:page-layout>"
)


def _styles(document: Document) -> str:
    foot = "  ·  ".join(part for part in (document.title, document.kind, document.standing) if part)
    page = 'Seite <text:page-number text:select-page="current"/> von <text:page-count/>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-styles {_NAMES} office:version="1.3">'
        f"<office:styles>{_DEFAULTS}{_PARAGRAPHS}{_FACT}{_SPANS}{_LISTS}</office:styles>"
        f"<office:automatic-styles>{_PAGE}</office:automatic-styles>"
        '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4">'
        f'<style:footer><text:p text:style-name="Footer">{_words(foot)}  ·  {page}</text:p></style:footer>'
        "</style:master-page></office:master-styles></office:document-styles>"
    )


def _meta(document: Document) -> str:
    day = f"<dc:date>{document.day}T00:00:00</dc:date>" if document.day else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta {_NAMES} office:version="1.3"><office:meta>'
        f"<dc:title>{_words(document.title)}</dc:title><dc:subject>{_words(document.kind)}</dc:subject>"
        f"<dc:language>de-DE</dc:language>{day}</office:meta></office:document-meta>"
    )


_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIME}"/>'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in ("content.xml", "styles.xml", "meta.xml")
    )
    + "</manifest:manifest>"
)
