"""German words about two measures that may be one."""

from __future__ import annotations

from app.domain.duplicates import Twins
from app.models.queries.duplicates import Suspects
from app.ui.measures.places import Places

_VERY = 0.75
_MOST = 4


def where(pair: Suspects, places: Places) -> str:
    """Whose they are: "Olpe" or "Olpe · Soest"."""
    both = dict.fromkeys(places.short(side.ags) for side in (pair.first, pair.second))
    return " · ".join(both)


def strength(why: Twins) -> str:
    """How alike, in words: a figure would claim more than it knows."""
    return "sehr ähnlich" if why.score >= _VERY or why.same_code else "ähnlich"


def reason(why: Twins) -> str:
    """Why they are suspected, as half a sentence that goes on after a comma."""
    told = []
    if why.same_code:
        told.append("beide haben dieselbe Kennung")
    if why.same_address:
        told.append("beide nennen dieselbe Adresse")
    for before, in_title in (("im Titel: ", True), ("im Text: ", False)):
        met = list(dict.fromkeys(_meeting(r.typed, r.found) for r in why.reasons if r.in_title is in_title))
        if met:
            more = f" und {len(met) - _MOST} weitere" if len(met) > _MOST else ""
            told.append(before + ", ".join(met[:_MOST]) + more)
    if why.named:
        told.append("eine Kommune ist an beiden beteiligt")
    return "; ".join(told)


def _meeting(one: str, other: str) -> str:
    return f"„{one}“" if one.lower() == other.lower() else f"„{one}“ und „{other}“"
