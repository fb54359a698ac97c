"""Puts fields into rows: label, editor and, for two fields that belong together, a dash between them."""

from __future__ import annotations

from app.domain.fields import KINDS, Merge
from app.ui.measures import names
from app.ui.measures.editors import Pair
from app.ui.measures.making import Makings, make
from app.ui.measures.sheet import Sheet
from app.ui.measures.steckbrief import WIDE
from app.ui.widgets.forms import FieldLine
from app.ui.widgets.words import Label

PAIRS = {
    "start": "Beginn – Ende",
    "lat": "Breite, Länge",
    "votes_yes": "Ja, Nein",
    "votes_abstain": "Enth., Bef.",
}


def field_row(sheet: Sheet, kind: str, name: str | tuple[str, str], makings: Makings) -> FieldLine:
    """A row with one field or two, bound to the sheet."""
    if isinstance(name, tuple):
        return _pair_row(sheet, kind, name, makings)
    editor = make(kind, name, makings)
    kept = KINDS[kind].by_name[name].merge is Merge.REGISTER
    row = FieldLine(
        names.label(kind, name),
        editor.widget,
        name=f"{kind}_{name}_row",
        history=kept,
        stacked=name in WIDE,
    )
    sheet.bind(name, editor, row)
    return row


def _pair_row(sheet: Sheet, kind: str, pair: tuple[str, str], makings: Makings) -> FieldLine:
    first, second = (make(kind, name, makings) for name in pair)
    dash = Label("–", "small", role="muted")
    # "2. Halbjahr 2026" needs more than half of what is left beside a label.
    row = FieldLine(
        PAIRS[pair[0]],
        Pair(first.widget, dash, second.widget),
        name=f"{kind}_{pair[0]}_row",
        stacked=pair[0] == "start",
    )
    sheet.bind(pair[0], first, row)
    sheet.bind(pair[1], second, row)
    return row
