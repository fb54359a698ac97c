"""A document as one HTML file: nothing is loaded from elsewhere, it prints well, and it is read aloud well."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from app.reports.document import Block, Document, Facts, Heading, Items, Paragraph, Table

_STYLE = """\
:root { color-scheme: light dark; --ink: #16201c; --muted: #55605b; --line: #d5d9d7; --paper: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebe8; --muted: #a3ada8; --line: #38403c; --paper: #141917; } }
body { margin: 0; background: var(--paper); color: var(--ink);
       font: 1rem/1.5 Inter, system-ui, "Segoe UI", sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; overflow-wrap: break-word; hyphens: auto; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.25rem 0 .5rem; padding-top: .75rem;
     border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
h4 { font-size: .9rem; color: var(--muted); margin: 1rem 0 .25rem; }
p { margin: 0 0 .75rem; white-space: pre-line; }
p.kind, .quiet, small { color: var(--muted); }
small { font-size: .85rem; }
p.kind { margin: .35rem 0 1.5rem; }
ul, ol { margin: 0 0 .75rem; padding-left: 1.5rem; }
li { margin: .2rem 0; }
dl { display: grid; grid-template-columns: minmax(8rem, auto) 1fr; gap: .25rem 1.25rem; margin: 0; }
dt { color: var(--muted); }
dd { margin: 0; white-space: pre-line; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; font-variant-numeric: tabular-nums; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
th { font-size: .85rem; color: var(--muted); }
.figure { text-align: right; white-space: nowrap; }
.words { overflow-wrap: anywhere; }
@media print { main { max-width: none; padding: 0; } h2, h3, h4 { break-after: avoid; }
               tr, li { break-inside: avoid; } }
"""


def write_html(document: Document) -> bytes:
    """The file, in UTF-8."""
    under = " · ".join(part for part in (document.kind, document.standing) if part)
    body = "\n".join(line for block in document.blocks for line in _block(block))
    return (
        '<!DOCTYPE html>\n<html lang="de">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(document.title)} – {_text(document.kind)}</title>\n<style>\n{_STYLE}</style>\n</head>\n"
        f'<body>\n<main>\n<h1>{_text(document.title)}</h1>\n<p class="kind">{_text(under)}</p>\n'
        f"{body}\n</main>\n</body>\n</html>\n"
    ).encode()


def _text(words: str) -> str:
    """Escaped; what HTML has no place for becomes a mark that something was there."""
    return escape("".join(c if c in "\n\t" or (c >= " " and not "\x7f" <= c <= "\x9f") else "\ufffd" for c in words))


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"<h{level + 1}>{_text(text)}</h{level + 1}>"
        case Paragraph(text, quiet):
            yield f"{'<p class=quiet>' if quiet else '<p>'}{_text(text)}</p>"
        case Items(items, numbered):
            tag = "ol" if numbered else "ul"
            yield f"<{tag}>"
            for item in items:
                note = f" <small>{_text(item.note)}</small>" if item.note else ""
                yield f"<li>{_text(item.text)}{note}</li>"
            yield f"</{tag}>"
        case Facts(pairs):
            yield "<dl>"
            for name, value in pairs:
                yield f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>"
            yield "</dl>"
        case Table():
            yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    yield f"<table>\n<caption>{_text(table.about)}</caption>"
    heads = (f'<th scope="col"{_column(table, at)}>{_text(words)}</th>' for at, words in enumerate(table.head))
    yield f"<thead><tr>{''.join(heads)}</tr></thead>\n<tbody>"
    for row in table.rows:
        cells = (f"<td{_column(table, at)}>{_text(words)}</td>" for at, words in enumerate(row))
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody>\n</table>"


def _column(table: Table, column: int) -> str:
    """A column of figures stands at the right; in one that shares the width a word too long for it is broken."""
    if column in table.figures:
        return ' class="figure"'
    return ' class="words"' if table.shares[column] else ""
