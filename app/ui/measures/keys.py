"""The keys of the screen Maßnahmen, for the overview of keys; the widgets themselves listen to them."""

from __future__ import annotations

KEYS = (
    ("Ctrl+N", "Neue Maßnahme (in der Tabelle auch N)"),
    ("Return", "In den Steckbrief"),
    ("Alt+Shift+Right", "In der Tabelle: Spalte breiter (nach links: schmaler)"),
    ("F2", "In der Tabelle: Feld ändern (Tab führt zum nächsten, Esc lässt es, wie es war)"),
    ("Esc", "Zurück zur Tabelle"),
    ("Del", "Ausgewählte Maßnahmen löschen"),
    ("Ctrl+A", "Alle auswählen und gemeinsam ändern"),
    ("Ctrl+S", "Sofort speichern"),
    ("Alt+Right", "Auf der Tafel: Karte in die nächste Spalte"),
    ("+", "Im Zeitplan: näher heran (mit - weiter weg)"),
    ("H", "Im Zeitplan: zu heute"),
    ("Space", "Im Zeitplan: zum Balken der Zeile"),
)
