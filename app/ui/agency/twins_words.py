"""German words about two measures that may be one."""

from __future__ import annotations

from app.domain.duplicates import Twins
from app.models.queries.duplicates import Answer, Side, Suspects
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


ANSWERS = {
    Answer.OPEN: "wartet auf beide",
    Answer.AGREED: "eine hat zugestimmt",
    Answer.DECLINED: "abgelehnt",
}


def answered(pair: Suspects, places: Places) -> str:
    """How a proposal stands, as a sentence."""
    assert pair.proposal is not None
    stays, goes = sides(pair)
    here, there = places.short(stays.ags), places.short(goes.ags)
    match pair.proposal.answer:
        case Answer.AGREED:
            return f"{here} hat zugestimmt; jetzt ist {there} an der Reihe."
        case Answer.DECLINED:
            return "Eine der beiden hat abgelehnt; die andere wird gefragt, bis Sie den Vorschlag zurücknehmen."
    return f"Zuerst stimmt {here} zu, dann lässt {there} die eigene Maßnahme aufgehen."


def sides(pair: Suspects) -> tuple[Side, Side]:
    """The one that is to stay and the one that is to go."""
    assert pair.proposal is not None
    both = (pair.first, pair.second)
    return both if pair.proposal.stays == pair.first.id else (pair.second, pair.first)


def _meeting(one: str, other: str) -> str:
    return f"„{one}“" if one.lower() == other.lower() else f"„{one}“ und „{other}“"
