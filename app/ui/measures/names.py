"""What the lists of parts are called inside the form, and the two names of a field."""

from __future__ import annotations

from app.ui import labels

PARTS = {
    "milestone": ("Meilenstein", "Meilensteine"),
    "cost_item": ("Kostenposten", "Kosten"),
    "funding_item": ("Finanzierungsposten", "Finanzierung"),
    "indicator": ("Indikator", "Indikatoren"),
    "indicator_value": ("Messwert", "Messwerte"),
    "risk": ("Risiko", "Risiken"),
    "decision": ("Beschluss", "Beschlüsse"),
    "task": ("Aufgabe", "Aufgaben"),
    "attachment": ("Anhang", "Anhänge"),
}


def label(kind: str, field: str) -> str:
    """The short name that stands before the editor."""
    return labels.short_field_label(kind, field)


def spoken(kind: str, field: str) -> str:
    """The name by which a field is known away from its place in the form."""
    return labels.field_label(kind, field)
