"""Why two measures do not become one, and what to do."""

from __future__ import annotations

REFUSALS = {
    "merge_unseen": (
        "Eine der beiden Kommunen sieht die Maßnahme der anderen nicht.",
        "Bitten Sie beide, ihre Maßnahme für alle 59 freizugeben; dann können Sie es vorschlagen.",
    ),
    "merge_asked": (
        "Eine der beiden ist schon mit einer anderen vorgeschlagen.",
        "Bitte nehmen Sie diesen Vorschlag zuerst zurück, unter „Vorgeschlagen“.",
    ),
    "merge_waits": (
        "Die andere Kommune hat noch nicht zugestimmt.",
        "Ihre Maßnahme bleibt, wie sie ist. Bitte stimmen Sie zu, sobald Sie die andere bearbeiten dürfen.",
    ),
    "merge_towns": (
        "Die Maßnahmen gehören zwei Kommunen.",
        "Bitte schlagen Sie es beiden vor; sie entscheiden selbst.",
    ),
    "merge_same": ("Diese beiden sind schon eine Maßnahme.", "Bitte aktualisieren Sie die Ansicht."),
}
