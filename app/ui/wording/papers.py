"""The words of papers: headings of the minutes, and of what stands below them."""

from __future__ import annotations

KINDS_OF_CARDS = {
    "idea": "Ideen",
    "need": "Bedarfe",
    "hint": "Hinweise",
    "strength": "Stärken",
    "weakness": "Schwächen",
    "criticism": "Kritik",
    "question": "Offene Fragen",
    "result": "Ergebnisse",
    "decision": "Beschlüsse und Empfehlungen",
    "quote": "Zitate",
}
"""Headings over cards of one kind, in the order of the paper."""

MINUTES = "Protokoll"
SUMMARY = "Zusammenfassung"
PRESENT = "Teilnehmende"
DECISIONS = "Beschlüsse und Empfehlungen"
TASKS = "Aufgaben"
QUESTIONS = "Offene Fragen"
AGENDA = "Tagesordnung"
COURSE = "Verlauf"
VOTES = "Abstimmungen"
CARDS = "Karten"
PARKED = "Themenspeicher"
OUTCOMES = "Was daraus wurde"
NO_STATION = "Ohne Station"
NO_NAMES = "Gezählt wurde je Gruppe; Namen werden nicht festgehalten."
NOTHING = "Noch gibt es nichts festzuhalten."
