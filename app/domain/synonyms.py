"""Words of town work that mean nearly the same, so that an idea is found under another name.

Small on purpose: what a word shares with another by its letters finds itself (`domain.likeness`, `domain.compounds`).
Written by hand in the folded spelling of `domain.folding`; a line is one meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.domain.likeness import stem_of

_MEANINGS = """
    wlan wifi hotspot internet
    laterne lampe leuchte beleuchtung licht
    zebrastreifen fussgangeruberweg fussganger querung
    ehrenamt verein freiwillige engagement
    beteiligung mitmachen mitreden mitbestimmung
    mangelmelder schadensmelder mangel schaden
    sensor sensorik messung messen messnetz messstation
    lorawan iot funknetz sensornetz
    klima wetter temperatur
    pegel hochwasser starkregen bachpegel
    garten gartnern beet
    stadtfuhrung stadtrundgang rundgang fuhrung tour
    ar augmented virtuell vr
    terminal automat abholstation kiosk
    ausweis pass personalausweis reisepass dokument
    rad fahrrad radverkehr
    daten open data datenkatalog
    zwilling twin abbild stadtmodell 3d
    zahlung zahlstelle dauerzahlstelle zahlen
    reparatur reparieren werkstatt
    gebraucht upcycling recycling kreislauf secondhand
    lieferung logistik zustellung
    schule gymnasium klassenraum unterricht
    raumklima luft co2 luftqualitat
    dashboard bildschirm display anzeige stele
    ubersetzung ubersetzer mehrsprachig
    spielplatz spiel bewegung sport
    stadtlabor labor makerspace experimentieren
    campus lernort lernhaus
    portal plattform
    dorf ortschaft ortsmitte ortsteil
    parken parkplatz stellplatz
    baum stadtbaum
    bus burgerbus rufbus bedarfsverkehr
    mitfahrbank mitfahren fahrgemeinschaft
    lastenrad leihrad radverleih
    laden ladepunkt ladesaule
    solar photovoltaik sonnenstrom
    warme nahwarme fernwarme
    leerstand leerstandskataster ladenlokal
    bibliothek bucherei
    pflege pflegelotse
    jugend jugendliche
    senioren altere
    buro coworking arbeitsplatz
    akte e-akte papierlos
"""


def _read(lines: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in lines:
        stems = frozenset(stem_of(word) for word in line.split())
        for stem in stems:
            found[stem] = (found.get(stem, frozenset()) | stems) - {stem}
    return found


SYNONYMS: Mapping[str, frozenset[str]] = _read(line for line in _MEANINGS.splitlines() if line.strip())
"""Stem -> stems of the other words of its meanings."""
